/* SPDX-License-Identifier: ISC */
/* unix_pcap.c: a capture in a file as a network device: what it holds is received, as fast as the
 * user takes it; what is sent goes nowhere.
 *
 * 1. A block is read again only when all its frames were taken and given back. Two blocks: one is
 *    read while frames of the other are in hand. The first bytes of a block are a record's. */
#include "unix_net_impl.h"

#include <holm/log.h>
#include <holm/pcap.h>

#define BLOCK_BYTES ((size_t)131072)
#define MTU 1500
_Static_assert(BLOCK_BYTES >= HOLM_PCAP_RECORD_BYTES + HOLM_PCAP_FRAME_MAX, "a record fits");

struct block {
    struct holm_span memory;
    struct holm_span rest; /* not yet taken */
    uint32_t lent;         /* frames */
};

struct pcap {
    struct holm_net net;
    struct holm_pump pump;
    struct holm_image *image;
    struct holm_bytes name;
    struct holm_pcap format;
    struct holm_operation read, shut;
    holm_port port;
    struct block blocks[2];
    uint32_t block;   /* whose frames are next */
    uint64_t offset;  /* of the next block, in the file */
    uint64_t skipped; /* frames that were cut off, too long, or our own */
    bool reading;
    bool blocked; /* the block to read next is in the user's hands */
    bool ended, closed;
};

static struct pcap *self_of(struct holm_net *net)
{
    void *self = net; /* its first member */

    return self;
}

static void submit(struct pcap *self, struct holm_operation *operation)
{
    operation->pump = &self->pump;
    holm_operation_submit(&self->image->run->operations, operation);
}

/* read_next reads the block after the present one, keeps (1). */
static void read_next(struct pcap *self, struct block *block)
{
    self->read.kind = HOLM_OPERATION_FILE_READ;
    self->read.port = self->port;
    self->read.offset = self->offset;
    self->read.span = block->memory;
    self->reading = true;
    submit(self, &self->read);
}

/* end_in says how the capture to receive has ended. */
static void end_in(struct pcap *self, enum holm_result result)
{
    self->ended = true;
    if (result == HOLM_OK)
        HOLM_LOG_INFO("net", "all frames of the capture were received",
                      HOLM_FIELD_TEXT("file", self->name),
                      HOLM_FIELD_U64("skipped", self->skipped));
    else
        HOLM_LOG_ERROR("net", "the capture can not be read on", HOLM_FIELD_TEXT("file", self->name),
                       HOLM_FIELD_U64("offset", self->offset), HOLM_FIELD_RESULT("result", result));
}

/* turn_over goes on to the other block when this one has no whole record left, or waits for it. */
static void turn_over(struct pcap *self)
{
    struct block *other = &HOLM_AT(self->blocks, 1 - self->block);

    self->blocked = other->lent > 0;
    if (self->ended || self->blocked)
        return;
    self->block = 1 - self->block;
    read_next(self, other);
}

/* settle_in takes what was read; answers whether something new is there. */
static bool settle_in(struct pcap *self)
{
    struct block *block = &HOLM_AT(self->blocks, self->block);

    if (!self->reading || self->read.submitted)
        return false;
    self->reading = false;
    if (self->read.result != HOLM_OK || self->read.size == 0) {
        end_in(self, self->read.result);
        return true;
    }
    holm_assert(holm_span_part(block->memory, 0, self->read.size, &block->rest));
    return true;
}

/* ours answers whether a frame came from this device, when it was captured. */
static bool ours(const struct pcap *self, struct holm_bytes frame)
{
    struct holm_bytes source = { 0 };

    return holm_bytes_part(frame, 6, 6, &source) &&
           holm_bytes_equal(source, HOLM_BLOB(self->net.facts.mac.bytes));
}

/* take_record takes the next record that can be received; false if none is there now. */
static bool take_record(struct pcap *self, struct block *block, struct holm_pcap_record *record)
{
    for (;;) {
        size_t left = block->rest.len;
        enum holm_result result = holm_pcap_next(&self->format, record, &block->rest);
        self->offset += left - block->rest.len;
        if (result == HOLM_AGAIN && left > 0 && left == self->read.size)
            result = HOLM_ERR_TRUNCATED; /* a whole block would hold a whole record */
        if (result != HOLM_OK && result != HOLM_AGAIN)
            end_in(self, result);
        if (result != HOLM_OK)
            return false;
        size_t len = record->frame.len;
        if (len == record->original_len && len >= HOLM_NET_ETHERNET_BYTES &&
            len <= MTU + HOLM_NET_ETHERNET_BYTES && !ours(self, holm_span_bytes(record->frame)))
            return true;
        self->skipped++;
    }
}

static size_t receive(struct holm_net *net, struct holm_net_received *frames, size_t max)
{
    struct pcap *self = self_of(net);
    struct block *block = &HOLM_AT(self->blocks, self->block);
    struct holm_pcap_record record = { 0 };
    size_t count = 0;

    if (self->reading || self->ended || self->closed)
        return 0;
    while (count < max) {
        if (!take_record(self, block, &record)) {
            turn_over(self);
            break;
        }
        HOLM_NTH(frames, max, count) = (struct holm_net_received){ .pieces = { record.frame },
                                                                   .pieces_count = 1,
                                                                   .token = self->block };
        block->lent++;
        count++;
    }
    return count;
}

static void give_back(struct holm_net *net, uint32_t token)
{
    struct pcap *self = self_of(net);
    struct block *block = &HOLM_AT(self->blocks, token);

    holm_assert(block->lent > 0);
    block->lent--;
    if (block->lent == 0)
        holm_pump_ready(&self->pump);
}

static enum holm_result send(struct holm_net *net, const struct holm_net_sent *frames, size_t count,
                             size_t *taken)
{
    struct pcap *self = self_of(net);

    *taken = 0;
    for (size_t i = 0; i < count; i++) {
        if (self->closed)
            return HOLM_ERR_IO;
        if (holm_net_send_check(&net->facts, &HOLM_NTH(frames, count, i)) != HOLM_OK)
            return HOLM_ERR_LIMIT;
        *taken += 1;
    }
    return HOLM_OK;
}

/* finish_closing closes the capture when nothing is read from it any more. */
static void finish_closing(struct pcap *self)
{
    if (self->reading || self->shut.submitted)
        return;
    if (self->port == HOLM_PORT_NONE) {
        holm_pump_stop(&self->pump);
        return;
    }
    self->shut = (struct holm_operation){ .kind = HOLM_OPERATION_CLOSE, .port = self->port };
    self->port = HOLM_PORT_NONE;
    submit(self, &self->shut);
}

static void pump(struct holm_pump *called, void *context)
{
    struct pcap *self = context;
    bool more = settle_in(self);

    (void)called;
    if (self->closed)
        finish_closing(self);
    else if (more || self->blocked)
        holm_wake_ring(&self->net.in);
}

static void close(struct holm_net *net)
{
    struct pcap *self = self_of(net);

    self->closed = true;
    net->in.pump = NULL;
    net->out.pump = NULL;
    holm_pump_ready(&self->pump);
}

static const struct holm_net_ops ops = { send, receive, give_back, close };

/* file_open opens the capture to receive and reads its first block. */
static enum holm_result file_open(struct pcap *self)
{
    struct block *block = &self->blocks[0];

    self->read = (struct holm_operation){ .kind = HOLM_OPERATION_FILE_OPEN,
                                          .port = HOLM_PORT_NONE,
                                          .pieces = { self->name },
                                          .pieces_count = 1 };
    enum holm_result result = holm_operation_await(&self->read);
    if (result == HOLM_OK && self->read.is_folder)
        result = HOLM_ERR_INVALID;
    if (result != HOLM_OK)
        return result;
    self->port = self->read.port;
    self->read = (struct holm_operation){ .kind = HOLM_OPERATION_FILE_READ,
                                          .port = self->port,
                                          .span = block->memory };
    result = holm_operation_await(&self->read);
    if (result != HOLM_OK)
        return result;
    holm_assert(holm_span_part(block->memory, 0, self->read.size, &block->rest));
    self->offset = HOLM_PCAP_HEADER_BYTES;
    return holm_pcap_begin(&self->format, &block->rest);
}

void holm_unix__pcap_complain(struct holm_bytes name, enum holm_result result)
{
    struct holm_bytes why = HOLM_TEXT("no capture of Ethernet frames in the classic pcap format");

    if (result == HOLM_ERR_UNSUPPORTED)
        why = HOLM_TEXT("pcapng, or no Ethernet; tshark -F pcap -r FILE -w NEW makes a pcap");
    if (result == HOLM_ERR_NOT_FOUND)
        why = HOLM_TEXT("there is no such file");
    if (result == HOLM_ERR_PERMISSION)
        why = HOLM_TEXT("not allowed");
    if (result == HOLM_ERR_IN_USE)
        why = HOLM_TEXT("a file to write must be new or empty");
    if (result == HOLM_ERR_IO)
        why = HOLM_TEXT("the host failed");
    HOLM_LOG_ERROR("net", "cannot use the capture", HOLM_FIELD_TEXT("file", name),
                   HOLM_FIELD_TEXT("because", why));
}

enum holm_result holm_unix__pcap_open(struct holm_net **net, struct holm_image *image,
                                      struct holm_bytes name, const struct holm_mac_address *mac)
{
    struct pcap *self = HOLM_ARENA_NEW(image->arena, struct pcap);

    if (self == NULL)
        return HOLM_ERR_NO_MEMORY;
    *self = (struct pcap){ .net = { .ops = &ops, .facts = { .mac = *mac, .mtu = MTU } },
                           .image = image,
                           .name = name,
                           .port = HOLM_PORT_NONE,
                           .ended = name.len == 0 };
    for (size_t i = 0; i < HOLM_COUNT(self->blocks); i++)
        if (holm_arena_span(image->arena, BLOCK_BYTES, &HOLM_AT(self->blocks, i).memory) != HOLM_OK)
            return HOLM_ERR_NO_MEMORY;
    enum holm_result result = name.len > 0 ? file_open(self) : HOLM_OK;
    if (result != HOLM_OK) {
        holm_unix__pcap_complain(name, result);
        return result;
    }
    holm_pump_init(&self->pump, &image->run->ready, pump, self);
    *net = &self->net;
    return HOLM_OK;
}
