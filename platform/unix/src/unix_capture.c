/* SPDX-License-Identifier: ISC */
/* unix_capture.c: writes down in a file what is received and sent over a network device.
 *
 * 1. Two buffers: one is filled while the other is with the platform. What is in them when a turn
 *    ends leaves then. Who finds both full waits: what passes is written down, whole.
 * 2. Nothing is overwritten: the file is new, or empty.
 * 3. Once the file has its size, or the host takes no more, all passes as if nobody watched. */
#include "unix_net_impl.h"

#include <holm/log.h>
#include <holm/pcap.h>

#define BUFFER_BYTES ((size_t)131072)
#define BURST 16 /* records that a buffer holds at least */

struct capture {
    struct holm_net_watch watch;
    struct holm_net *net;
    struct holm_pump pump;
    struct holm_image *image;
    struct holm_stopper stopper; /* a stop waits until all is written */
    struct holm_bytes name;
    struct holm_operation write, shut;
    holm_port port;
    struct holm_buffer buffers[2];
    size_t record_max;  /* bytes, with its header */
    uint32_t buffer;    /* which is filled */
    uint64_t offset;    /* in the file, of the next write */
    uint64_t left;      /* bytes that the file may still take */
    bool writing, over; /* keeps (3) */
    bool closed;
};

static struct capture *self_of(struct holm_net_watch *watch)
{
    void *self = watch; /* its first member */

    return self;
}

/* write_now gives what is filled to the platform, keeps (1). */
static void write_now(struct capture *self)
{
    struct holm_buffer *filled = &HOLM_AT(self->buffers, self->buffer);

    if (self->writing || filled->len == 0)
        return;
    self->write = (struct holm_operation){ .kind = HOLM_OPERATION_FILE_WRITE,
                                           .port = self->port,
                                           .offset = self->offset,
                                           .pieces = { holm_buffer_filled(filled) },
                                           .pieces_count = 1,
                                           .pump = &self->pump };
    self->writing = true;
    self->buffer = 1 - self->buffer;
    holm_operation_submit(&self->image->run->operations, &self->write);
}

/* settle sees what was written; answers whether there is room again. */
static bool settle(struct capture *self)
{
    struct holm_buffer *written = &HOLM_AT(self->buffers, 1 - self->buffer);

    if (!self->writing || self->write.submitted)
        return false;
    self->writing = false;
    if (self->write.result != HOLM_OK || self->write.size != written->len) {
        self->over = true;
        HOLM_AT(self->buffers, self->buffer).len = 0;
        HOLM_LOG_ERROR("net", "the capture can not be written", HOLM_FIELD_TEXT("file", self->name),
                       HOLM_FIELD_RESULT("result", self->write.result));
    }
    self->offset += written->len;
    written->len = 0;
    return true;
}

static size_t room(struct holm_net_watch *watch, size_t most)
{
    struct capture *self = self_of(watch);
    const struct holm_buffer *out = &HOLM_AT(self->buffers, self->buffer);
    size_t fits;

    if (self->over)
        return most;
    if (out->size - out->len < self->record_max) {
        write_now(self);
        out = &HOLM_AT(self->buffers, self->buffer);
    }
    fits = (out->size - out->len) / self->record_max;
    return fits < most ? fits : most;
}

static uint64_t time_ns(const struct capture *self)
{
    const struct holm_turn *turn = &self->image->run->turn;

    return turn->utc_uncertainty_ns == HOLM_UTC_UNKNOWN_NS ? turn->now_ns : (uint64_t)turn->utc_ns;
}

static void note(struct holm_net_watch *watch, const struct holm_bytes *pieces, size_t count)
{
    struct capture *self = self_of(watch);
    struct holm_buffer *out = &HOLM_AT(self->buffers, self->buffer);
    size_t len = 0;

    for (size_t i = 0; i < count; i++)
        len += HOLM_NTH(pieces, count, i).len;
    if (self->over || self->closed)
        return;
    if (self->left < HOLM_PCAP_RECORD_BYTES + len) {
        self->over = true; /* keeps (3) */
        HOLM_LOG_WARNING("net", "the capture has its size: nothing more is written",
                         HOLM_FIELD_TEXT("file", self->name));
        return;
    }
    self->left -= HOLM_PCAP_RECORD_BYTES + len;
    holm_assert(holm_pcap_record_emit(out, time_ns(self), (uint32_t)len));
    for (size_t i = 0; i < count; i++)
        holm_assert(holm_buffer_bytes(out, HOLM_NTH(pieces, count, i)));
    self->stopper.busy = true;
    holm_pump_ready(&self->pump);
}

/* finish_closing closes the file once all is written. */
static void finish_closing(struct capture *self)
{
    if (self->stopper.busy || self->shut.submitted)
        return;
    if (self->port == HOLM_PORT_NONE) {
        holm_pump_stop(&self->pump);
        return;
    }
    self->shut = (struct holm_operation){ .kind = HOLM_OPERATION_CLOSE,
                                          .port = self->port,
                                          .pump = &self->pump };
    self->port = HOLM_PORT_NONE;
    holm_operation_submit(&self->image->run->operations, &self->shut);
}

static void pump(struct holm_pump *called, void *context)
{
    struct capture *self = context;

    (void)called;
    bool waited = settle(self);
    write_now(self);
    if (self->stopper.busy && !self->writing)
        holm_wake_ring(&self->image->stop);
    self->stopper.busy = self->writing;
    if (self->closed) {
        finish_closing(self);
        return;
    }
    if (!waited)
        return;
    holm_wake_ring(&self->net->in);
    holm_wake_ring(&self->net->out);
}

static void over(struct holm_net_watch *watch)
{
    struct capture *self = self_of(watch);

    self->closed = true;
    holm_pump_ready(&self->pump);
}

static const struct holm_net_watch_ops ops = { room, note, over };

static enum holm_result file_open(struct capture *self)
{
    self->write = (struct holm_operation){ .kind = HOLM_OPERATION_FILE_OPEN,
                                           .port = HOLM_PORT_NONE,
                                           .pieces = { self->name },
                                           .pieces_count = 1,
                                           .writable = true,
                                           .is_private = true };
    enum holm_result result = holm_operation_await(&self->write);
    if (result != HOLM_OK)
        return result;
    if (self->write.is_folder)
        return HOLM_ERR_INVALID;
    if (self->write.size_total > 0) /* keeps (2) */
        return HOLM_ERR_IN_USE;
    self->port = self->write.port;
    return HOLM_OK;
}

enum holm_result holm_unix__capture_open(struct holm_net *net, struct holm_image *image,
                                         struct holm_bytes name, uint64_t size_max)
{
    const struct holm_net_facts *facts = &net->facts;
    size_t record_max =
        HOLM_PCAP_RECORD_BYTES + (facts->joins_segments || facts->sends_segments
                                      ? (size_t)HOLM_PCAP_FRAME_MAX
                                      : facts->mtu + (size_t)HOLM_NET_ETHERNET_BYTES);
    size_t size = BURST * record_max > BUFFER_BYTES ? BURST * record_max : BUFFER_BYTES;
    struct capture *self = HOLM_ARENA_NEW(image->arena, struct capture);
    struct holm_span memory[2] = { 0 };

    if (self == NULL || holm_arena_span(image->arena, size, &memory[0]) != HOLM_OK ||
        holm_arena_span(image->arena, size, &memory[1]) != HOLM_OK)
        return HOLM_ERR_NO_MEMORY;
    *self =
        (struct capture){ .watch = { &ops },
                          .net = net,
                          .image = image,
                          .name = name,
                          .buffers = { holm_span_buffer(memory[0]), holm_span_buffer(memory[1]) },
                          .record_max = record_max,
                          .left = size_max };
    enum holm_result result = net->watch != NULL ? HOLM_ERR_IN_USE : file_open(self);
    if (result != HOLM_OK) {
        holm_unix__pcap_complain(name, result);
        return result;
    }
    holm_assert(holm_pcap_begin_emit(&self->buffers[0]));
    self->stopper.busy = true;
    holm_pump_init(&self->pump, &image->run->ready, pump, self);
    holm_image_on_stop(image, &self->stopper);
    holm_pump_ready(&self->pump);
    net->watch = &self->watch;
    return HOLM_OK;
}
