/* SPDX-License-Identifier: ISC */
/* holm_port.c: the devices that the monitor gave, as ports; a port's number is the device's place.
 *
 * 1. An operation that is not complete stands in the row of its port and direction, in the order in
 *    which it was submitted, and is handed over in each turn until it is done.
 * 2. The requests of a turn are the first ones of the rows; asked[i] is that of request i. */
#include "holm_impl.h"

#include <holm/net.h>

/* Sends come first, so that an answer leaves before the next question is read, but leave room. */
#define SENDS_MAX (HOLM_ABI_REQUESTS_MAX / 2)
/* Before them those of block devices, whose answers may have been there for long. */
#define DISKS_MAX (HOLM_ABI_REQUESTS_MAX / 4)

struct row {
    struct holm_operation *first, *last;
};

struct port {
    struct row in, out;
    bool open;
};

static struct port ports[HOLM_ABI_DEVICES_MAX];
static struct holm_abi_request requests[HOLM_ABI_REQUESTS_MAX];
static struct holm_abi_bytes pieces[HOLM_ABI_REQUESTS_MAX][HOLM_ABI_PIECES_MAX];
static struct holm_operation *asked[HOLM_ABI_REQUESTS_MAX];
static size_t disks_count; /* of the requests of a turn, which come first */
const struct holm_target__disks *holm_target__disks;
_Static_assert(HOLM_OPERATION_PIECES_MAX == HOLM_ABI_PIECES_MAX, "a send fits");

static bool finish(struct holm_operation *operation, enum holm_result result)
{
    holm_operation_complete(operation, result);
    return true;
}

static void row_add(struct row *row, struct holm_operation *operation)
{
    operation->next = NULL;
    if (row->last == NULL)
        row->first = operation;
    else
        row->last->next = operation;
    row->last = operation;
}

/* row_drop takes the first one off. */
static void row_drop(struct row *row)
{
    row->first = row->first->next;
    if (row->first == NULL)
        row->last = NULL;
}

static const struct holm_abi_device *device_at(uint32_t index)
{
    return &HOLM_NTH(holm_arch_calls->devices, holm_arch_calls->devices_count, index);
}

const struct holm_abi_device *holm_target__device(enum holm_abi_device_kind kind,
                                                  struct holm_bytes name, uint32_t *index)
{
    struct holm_bytes its_name = { 0 };

    for (uint32_t i = 0; i < holm_arch_calls->devices_count && i < HOLM_COUNT(ports); i++) {
        const struct holm_abi_device *device = device_at(i);
        if (device->kind != (uint32_t)kind ||
            !holm_bytes_part(HOLM_BLOB(device->name), 0, device->name_len, &its_name) ||
            !holm_bytes_equal(its_name, name))
            continue;
        *index = i;
        return device;
    }
    return NULL;
}

/* net_open finds the device of a name, and says what it is. */
static bool net_open(struct holm_operation *operation)
{
    struct holm_buffer out = holm_span_buffer(operation->span);
    uint32_t index = 0;
    const struct holm_abi_device *device =
        holm_target__device(HOLM_ABI_NET, operation->pieces[0], &index);

    if (device == NULL)
        return finish(operation, HOLM_ERR_NOT_FOUND);
    if (HOLM_AT(ports, index).open)
        return finish(operation, HOLM_ERR_IN_USE);
    uint32_t has = device->features;
    struct holm_net_facts facts = {
        .mtu = device->mtu,
        .sends_checksums = (has & HOLM_ABI_NET_SENDS_CHECKSUMS) != 0,
        .checks_checksums = (has & HOLM_ABI_NET_CHECKS_CHECKSUMS) != 0,
        .sends_segments = (has & HOLM_ABI_NET_SENDS_SEGMENTS) != 0,
        .joins_segments = (has & HOLM_ABI_NET_JOINS_SEGMENTS) != 0,
        .segments_udp = (has & HOLM_ABI_NET_SEGMENTS_UDP) != 0,
    };
    struct holm_buffer mac = HOLM_BUFFER(facts.mac.bytes);
    if (!holm_buffer_bytes(&mac, HOLM_BLOB(device->mac)) || !holm_net_facts_emit(&out, &facts))
        return finish(operation, HOLM_ERR_INVALID);
    HOLM_AT(ports, index) = (struct port){ .open = true };
    operation->port = index;
    operation->size = out.len;
    return finish(operation, HOLM_OK);
}

static void row_cancel(struct row *row)
{
    while (row->first != NULL) {
        struct holm_operation *operation = row->first;
        row_drop(row);
        (void)finish(operation, HOLM_ERR_CANCELLED);
    }
}

static struct port *port_of(const struct holm_operation *operation)
{
    if (operation->port >= HOLM_COUNT(ports) || !HOLM_AT(ports, operation->port).open)
        return NULL;
    return &HOLM_AT(ports, operation->port);
}

/* begin answers whether the operation is complete. */
static bool begin(struct holm_operation *operation)
{
    struct port *port = port_of(operation);

    switch (operation->kind) {
    case HOLM_OPERATION_NET_OPEN:
        return net_open(operation);
    case HOLM_OPERATION_DATAGRAM_RECEIVE:
        if (port == NULL)
            return finish(operation, HOLM_ERR_STALE);
        row_add(&port->in, operation);
        return false;
    case HOLM_OPERATION_DATAGRAM_SEND:
        if (port == NULL)
            return finish(operation, HOLM_ERR_STALE);
        row_add(&port->out, operation);
        return false;
    case HOLM_OPERATION_CLOSE:
        if (port == NULL)
            return finish(operation, HOLM_ERR_STALE);
        row_cancel(&port->in);
        row_cancel(&port->out);
        port->open = false;
        return finish(operation, HOLM_OK);
    case HOLM_OPERATION_LISTEN:
    case HOLM_OPERATION_ACCEPT:
    case HOLM_OPERATION_CONNECT:
    case HOLM_OPERATION_RECEIVE:
    case HOLM_OPERATION_SEND:
    case HOLM_OPERATION_FINISH:
    case HOLM_OPERATION_DATAGRAM_OPEN:
    case HOLM_OPERATION_DATAGRAM_JOIN:
    case HOLM_OPERATION_DATAGRAM_LEAVE:
    case HOLM_OPERATION_FILE_READ:
    case HOLM_OPERATION_FILE_WRITE:
    case HOLM_OPERATION_FILE_FLUSH:
        if (holm_target__disks != NULL)
            return holm_target__disks->start(operation);
        return finish(operation, HOLM_ERR_UNSUPPORTED);
    case HOLM_OPERATION_FILE_OPEN:
    case HOLM_OPERATION_FILE_STATUS:
    case HOLM_OPERATION_FILE_SEND:
    case HOLM_OPERATION_RESOLVE:
    case HOLM_OPERATION_TRANSPORT:
    case HOLM_OPERATION_TUNE:
        return finish(operation, HOLM_ERR_UNSUPPORTED); /* the host's sockets, files and names */
    }
    return finish(operation, HOLM_ERR_INVALID);
}

/* request_fill lays an operation out as request number index. */
static void request_fill(size_t index, uint32_t device, struct holm_operation *operation)
{
    struct holm_abi_request *request = &HOLM_AT(requests, index);
    struct holm_abi_bytes *first = &HOLM_AT(HOLM_AT(pieces, index), 0);
    bool receives = operation->kind == HOLM_OPERATION_DATAGRAM_RECEIVE;

    HOLM_AT(asked, index) = operation;
    *request = (struct holm_abi_request){ .kind = receives ? HOLM_ABI_RECEIVE : HOLM_ABI_SEND,
                                          .device = device,
                                          .pieces = first,
                                          .pieces_count = receives ? 1 : operation->pieces_count };
    if (receives) {
        *first = (struct holm_abi_bytes){ operation->span.ptr, operation->span.len };
        return;
    }
    for (size_t i = 0; i < operation->pieces_count; i++) {
        /* what is sent is only read */
        union {
            const uint8_t *from;
            void *at;
        } piece = { .from = HOLM_AT(operation->pieces, i).ptr };
        HOLM_AT(HOLM_AT(pieces, index), i) =
            (struct holm_abi_bytes){ piece.at, HOLM_AT(operation->pieces, i).len };
    }
}

static size_t row_ask(size_t count, size_t most, uint32_t device, const struct row *row)
{
    for (struct holm_operation *operation = row->first; operation != NULL && count < most;
         operation = operation->next) {
        request_fill(count, device, operation);
        count++;
    }
    return count;
}

static void ask(struct holm_abi_turn *turn)
{
    size_t count =
        holm_target__disks == NULL ? 0 : holm_target__disks->ask(&requests[0], DISKS_MAX);

    disks_count = count;
    for (uint32_t i = 0; i < holm_arch_calls->devices_count && i < HOLM_COUNT(ports); i++)
        count = row_ask(count, SENDS_MAX, i, &HOLM_AT(ports, i).out);
    for (uint32_t i = 0; i < holm_arch_calls->devices_count && i < HOLM_COUNT(ports); i++)
        count = row_ask(count, HOLM_COUNT(requests), i, &HOLM_AT(ports, i).in);
    turn->requests = &requests[0];
    turn->requests_count = count;
}

static enum holm_result result_of(int64_t answer)
{
    if (answer >= 0)
        return HOLM_OK;
    return answer == HOLM_ABI_LOST ? HOLM_ERR_UNREACHABLE : HOLM_ERR_IO;
}

static void done(const struct holm_abi_turn *turn)
{
    if (disks_count > 0)
        holm_target__disks->answer(&requests[0], disks_count);
    for (size_t i = disks_count; i < turn->requests_count; i++) {
        const struct holm_abi_request *request = &HOLM_AT(requests, i);
        struct holm_operation *operation = HOLM_AT(asked, i);
        struct port *port = &HOLM_AT(ports, request->device);
        struct row *row = request->kind == HOLM_ABI_RECEIVE ? &port->in : &port->out;
        if (request->answer == HOLM_ABI_AGAIN)
            continue;
        holm_assert(row->first == operation); /* what stands behind one that waits, waits */
        row_drop(row);
        operation->size = request->answer < 0 ? 0 : (size_t)request->answer;
        (void)finish(operation, result_of(request->answer));
    }
}

static enum holm_result start(struct holm_operation *operation)
{
    return begin(operation) ? HOLM_OK : HOLM_AGAIN;
}

void holm_target__ports_use(void)
{
    static const struct holm_target__ports of_devices = { start, ask, done };

    holm_target__ports = &of_devices;
}
