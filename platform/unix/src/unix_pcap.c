/* SPDX-License-Identifier: ISC */
/* unix_pcap.c: captures in files as a network device: what one holds is received, as fast as the
 * user takes it, and what is received and sent is written into another.
 *
 * 1. A block is read again only when all its frames were taken and given back. Two blocks: one is
 *    read while frames of the other are in hand. The first bytes of a block are a record's.
 * 2. Two buffers to write: one is filled while the other is with the platform. What is in them when
 *    a turn ends leaves then; who finds them full waits.
 * 3. Nothing is overwritten: a file to write is new, or empty. */
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
    struct holm_stopper stopper; /* a stop waits until all is written */
    struct holm_bytes in_name, out_name;
    struct holm_pcap format;
    struct holm_operation read, write;
    struct holm_operation read_close, write_close;
    holm_port in, out;
    struct block blocks[2];
    struct holm_buffer buffers[2];
    uint32_t block;       /* whose frames are next */
    uint32_t buffer;      /* which is filled */
    uint64_t read_offset; /* of the next block, in the file */
    uint64_t write_offset;
    uint64_t skipped; /* frames that were cut off, too long, or our own */
    bool reading, writing;
    bool blocked; /* the block to read next is in the user's hands */
    bool full;    /* a frame found no room in the buffers */
    bool ended, failed, closed;
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
    self->read.port = self->in;
    self->read.offset = self->read_offset;
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
                      HOLM_FIELD_TEXT("file", self->in_name),
                      HOLM_FIELD_U64("skipped", self->skipped));
    else
        HOLM_LOG_ERROR(
            "net", "the capture can not be read on", HOLM_FIELD_TEXT("file", self->in_name),
            HOLM_FIELD_U64("offset", self->read_offset), HOLM_FIELD_RESULT("result", result));
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

/* write_now gives what is filled to the platform, keeps (2). */
static void write_now(struct pcap *self)
{
    struct holm_buffer *filled = &HOLM_AT(self->buffers, self->buffer);

    if (self->writing || filled->len == 0 || self->failed)
        return;
    self->write.kind = HOLM_OPERATION_FILE_WRITE;
    self->write.port = self->out;
    self->write.offset = self->write_offset;
    self->write.pieces[0] = holm_buffer_filled(filled);
    self->write.pieces_count = 1;
    self->writing = true;
    self->buffer = 1 - self->buffer;
    submit(self, &self->write);
}

/* settle_out sees what was written; answers whether there is room that somebody waits for. */
static bool settle_out(struct pcap *self)
{
    struct holm_buffer *written = &HOLM_AT(self->buffers, 1 - self->buffer);
    bool room = self->full;

    if (!self->writing || self->write.submitted)
        return false;
    self->writing = false;
    if (self->write.result != HOLM_OK || self->write.size != written->len) {
        self->failed = true;
        HOLM_LOG_ERROR("net", "the capture can not be written",
                       HOLM_FIELD_TEXT("file", self->out_name),
                       HOLM_FIELD_RESULT("result", self->write.result));
        return true;
    }
    self->write_offset += written->len;
    written->len = 0;
    self->full = false;
    return room;
}

static uint64_t time_ns(const struct pcap *self)
{
    const struct holm_turn *turn = &self->image->run->turn;

    return turn->utc_uncertainty_ns == HOLM_UTC_UNKNOWN_NS ? turn->now_ns : (uint64_t)turn->utc_ns;
}

/* room_for begins a record; NULL if it has to wait. */
static struct holm_buffer *room_for(struct pcap *self, size_t len)
{
    struct holm_buffer *out = &HOLM_AT(self->buffers, self->buffer);

    if (out->size - out->len < HOLM_PCAP_RECORD_BYTES + len) {
        write_now(self);
        out = &HOLM_AT(self->buffers, self->buffer);
    }
    if (out->size - out->len < HOLM_PCAP_RECORD_BYTES + len) {
        self->full = true;
        return NULL;
    }
    holm_assert(holm_pcap_record_emit(out, time_ns(self), (uint32_t)len));
    self->stopper.busy = true;
    holm_pump_ready(&self->pump);
    return out;
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
        self->read_offset += left - block->rest.len;
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

    if (self->reading || self->ended || self->failed || self->closed)
        return 0;
    while (count < max) {
        struct holm_span before = block->rest;
        uint64_t offset = self->read_offset;
        if (!take_record(self, block, &record)) {
            turn_over(self);
            break;
        }
        struct holm_buffer *copy =
            self->out == HOLM_PORT_NONE ? NULL : room_for(self, record.frame.len);
        if (self->out != HOLM_PORT_NONE && copy == NULL) {
            block->rest = before;
            self->read_offset = offset;
            break;
        }
        if (copy != NULL)
            holm_assert(holm_buffer_bytes(copy, holm_span_bytes(record.frame)));
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
        const struct holm_net_sent *frame = &HOLM_NTH(frames, count, i);
        if (self->failed || self->closed)
            return HOLM_ERR_IO;
        if (holm_net_send_check(&net->facts, frame) != HOLM_OK)
            return HOLM_ERR_LIMIT;
        *taken += 1;
        if (self->out == HOLM_PORT_NONE)
            continue;
        struct holm_buffer *copy = room_for(self, holm_net_sent_len(frame));
        if (copy == NULL) {
            *taken -= 1;
            return HOLM_AGAIN;
        }
        holm_assert(holm_buffer_bytes(copy, frame->head));
        for (size_t k = 0; k < frame->fragments_count; k++)
            holm_assert(holm_buffer_bytes(copy, HOLM_AT(frame->fragments, k)));
    }
    return HOLM_OK;
}

static void close_port(struct pcap *self, holm_port *port, struct holm_operation *operation)
{
    if (*port == HOLM_PORT_NONE)
        return;
    operation->kind = HOLM_OPERATION_CLOSE;
    operation->port = *port;
    *port = HOLM_PORT_NONE;
    submit(self, operation);
}

/* finish_closing closes what is not needed any more: the capture to write when all is written. */
static void finish_closing(struct pcap *self)
{
    if (!self->reading)
        close_port(self, &self->in, &self->read_close);
    if (!self->stopper.busy)
        close_port(self, &self->out, &self->write_close);
    if (!self->reading && !self->stopper.busy && !self->read_close.submitted &&
        !self->write_close.submitted)
        holm_pump_stop(&self->pump);
}

static void pump(struct holm_pump *called, void *context)
{
    struct pcap *self = context;
    bool more = settle_in(self);
    bool room = settle_out(self);

    (void)called;
    write_now(self);
    bool busy = self->writing && !self->failed;
    if (self->stopper.busy && !busy)
        holm_wake_ring(&self->image->stop);
    self->stopper.busy = busy;
    if (self->closed) {
        finish_closing(self);
        return;
    }
    if (more || room || self->blocked)
        holm_wake_ring(&self->net.in);
    if (room)
        holm_wake_ring(&self->net.out);
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

static enum holm_result memory(struct pcap *self)
{
    for (size_t i = 0; i < HOLM_COUNT(self->blocks); i++) {
        struct holm_span span = { 0 };
        if (holm_arena_span(self->image->arena, BLOCK_BYTES, &HOLM_AT(self->blocks, i).memory) !=
                HOLM_OK ||
            holm_arena_span(self->image->arena, BLOCK_BYTES, &span) != HOLM_OK)
            return HOLM_ERR_NO_MEMORY;
        HOLM_AT(self->buffers, i) = holm_span_buffer(span);
    }
    return HOLM_OK;
}

static enum holm_result open_file(struct holm_operation *operation, struct holm_bytes path,
                                  bool writable)
{
    *operation = (struct holm_operation){ .kind = HOLM_OPERATION_FILE_OPEN,
                                          .port = HOLM_PORT_NONE,
                                          .pieces = { path },
                                          .pieces_count = 1,
                                          .writable = writable };
    enum holm_result result = holm_operation_await(operation);
    if (result == HOLM_OK && operation->is_folder)
        return HOLM_ERR_INVALID;
    return result;
}

/* open_in opens the capture to receive and reads its first block. */
static enum holm_result open_in(struct pcap *self)
{
    struct block *block = &self->blocks[0];
    enum holm_result result = open_file(&self->read, self->in_name, false);

    if (result != HOLM_OK)
        return result;
    self->in = self->read.port;
    self->read = (struct holm_operation){ .kind = HOLM_OPERATION_FILE_READ,
                                          .port = self->in,
                                          .span = block->memory };
    result = holm_operation_await(&self->read);
    if (result != HOLM_OK)
        return result;
    holm_assert(holm_span_part(block->memory, 0, self->read.size, &block->rest));
    self->read_offset = HOLM_PCAP_HEADER_BYTES;
    return holm_pcap_begin(&self->format, &block->rest);
}

static enum holm_result open_out(struct pcap *self)
{
    enum holm_result result = open_file(&self->write, self->out_name, true);

    if (result != HOLM_OK)
        return result;
    if (self->write.size_total > 0) /* keeps (3) */
        return HOLM_ERR_IN_USE;
    self->out = self->write.port;
    self->stopper.busy = true;
    holm_assert(holm_pcap_begin_emit(&self->buffers[0]));
    return HOLM_OK;
}

/* complain says in one line why a capture is not to be had. */
static void complain(struct holm_bytes name, enum holm_result result)
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
                                      struct holm_bytes in, struct holm_bytes out,
                                      const struct holm_mac_address *mac)
{
    struct pcap *self = HOLM_ARENA_NEW(image->arena, struct pcap);

    if (self == NULL)
        return HOLM_ERR_NO_MEMORY;
    *self = (struct pcap){ .net = { .ops = &ops, .facts = { .mac = *mac, .mtu = MTU } },
                           .image = image,
                           .in_name = in,
                           .out_name = out,
                           .in = HOLM_PORT_NONE,
                           .out = HOLM_PORT_NONE,
                           .ended = in.len == 0 };
    enum holm_result result = memory(self);
    if (result == HOLM_OK && in.len > 0 && (result = open_in(self)) != HOLM_OK)
        complain(in, result);
    else if (result == HOLM_OK && out.len > 0 && (result = open_out(self)) != HOLM_OK)
        complain(out, result);
    if (result != HOLM_OK)
        return result;
    holm_pump_init(&self->pump, &image->run->ready, pump, self);
    holm_image_on_stop(image, &self->stopper);
    holm_pump_ready(&self->pump);
    *net = &self->net;
    return HOLM_OK;
}
