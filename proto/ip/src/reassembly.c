/* SPDX-License-Identifier: ISC */
/* reassembly.c: fragments are copied to their place at once. The runs of a packet say which bytes are
 * there: in order, and with a byte missing between any two. */
#include <holm/reassembly.h>

void holm_reassembly_init(struct holm_reassembly *reassembly, struct holm_span storage)
{
    size_t each = storage.len / HOLM_REASSEMBLY_MAX;

    *reassembly = (struct holm_reassembly){ 0 };
    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++)
        holm_assert(holm_span_part(storage, i * each, each, &HOLM_AT(reassembly->all, i).storage));
}

/* belongs: of IPv6 each fragment may say another protocol, and the first one's counts (RFC 8200 section
 * 4.5). */
static bool belongs(const struct holm_reassembly_packet *packet,
                    const struct holm_ip_header *header)
{
    return packet->used && packet->id == header->id &&
           (packet->protocol == header->protocol || packet->source.family == HOLM_IP_V6) &&
           holm_ip_equal(&packet->source, &header->source) &&
           holm_ip_equal(&packet->destination, &header->destination);
}

static void release(struct holm_reassembly_packet *packet)
{
    *packet = (struct holm_reassembly_packet){ .storage = packet->storage };
}

/* place_of is a place for a packet of that source: that of its oldest, if it has its part; else a free
 * one, else the oldest's. */
static struct holm_reassembly_packet *place_of(struct holm_reassembly *reassembly,
                                               const struct holm_ip_address *source)
{
    struct holm_reassembly_packet *place = &reassembly->all[0], *own = NULL;
    size_t own_count = 0;

    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++) {
        struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, i);
        if (place->used && (!packet->used || packet->due_ns < place->due_ns))
            place = packet;
        if (!packet->used || !holm_ip_equal(&packet->source, source))
            continue;
        own_count += 1;
        if (own == NULL || packet->due_ns < own->due_ns)
            own = packet;
    }
    return own_count < HOLM_REASSEMBLY_SOURCE_MAX ? place : own;
}

/* packet_of finds the packet of a fragment, or a place for it. */
static struct holm_reassembly_packet *
packet_of(struct holm_reassembly *reassembly, const struct holm_ip_header *header, uint64_t now_ns)
{
    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++)
        if (belongs(&HOLM_AT(reassembly->all, i), header))
            return &HOLM_AT(reassembly->all, i);
    struct holm_reassembly_packet *place = place_of(reassembly, &header->source);
    reassembly->late += place->used ? 1U : 0U;
    release(place);
    place->used = true;
    place->source = header->source;
    place->destination = header->destination;
    place->id = header->id;
    place->protocol = header->protocol;
    place->due_ns = now_ns + HOLM_REASSEMBLY_NS;
    return place;
}

static void runs_close(struct holm_reassembly_packet *packet, uint8_t index)
{
    packet->runs_count -= 1;
    for (uint8_t i = index; i < packet->runs_count; i++)
        HOLM_AT(packet->runs, i) = HOLM_AT(packet->runs, i + 1);
}

static void runs_open(struct holm_reassembly_packet *packet, uint8_t index,
                      struct holm_reassembly_run run)
{
    for (uint8_t i = packet->runs_count; i > index; i--)
        HOLM_AT(packet->runs, i) = HOLM_AT(packet->runs, i - 1);
    HOLM_AT(packet->runs, index) = run;
    packet->runs_count += 1;
}

/* runs_add notes what came.
 *
 * Errors:  HOLM_ERR_MALFORMED  a byte of it is there; HOLM_ERR_LIMIT  too many runs apart */
static enum holm_result runs_add(struct holm_reassembly_packet *packet,
                                 struct holm_reassembly_run run)
{
    uint8_t index = 0;

    while (index < packet->runs_count && HOLM_AT(packet->runs, index).end <= run.start)
        index += 1;
    bool next = index < packet->runs_count;
    if (next && HOLM_AT(packet->runs, index).start < run.end)
        return HOLM_ERR_MALFORMED;
    bool behind = index > 0 && HOLM_AT(packet->runs, index - 1U).end == run.start;
    bool ahead = next && HOLM_AT(packet->runs, index).start == run.end;
    if (behind) {
        HOLM_AT(packet->runs, index - 1U).end = run.end;
        if (ahead) {
            HOLM_AT(packet->runs, index - 1U).end = HOLM_AT(packet->runs, index).end;
            runs_close(packet, index);
        }
        return HOLM_OK;
    }
    if (ahead) {
        HOLM_AT(packet->runs, index).start = run.start;
        return HOLM_OK;
    }
    if (packet->runs_count == HOLM_REASSEMBLY_RUNS_MAX)
        return HOLM_ERR_LIMIT;
    runs_open(packet, index, run);
    return HOLM_OK;
}

/* repeats answers whether the fragment is there already, the same bytes: networks double packets, and
 * RFC 8200 section 4.5 lets that pass. */
static bool repeats(const struct holm_reassembly_packet *packet, struct holm_reassembly_run run,
                    struct holm_bytes in)
{
    struct holm_span there = { 0 };

    for (uint8_t i = 0; i < packet->runs_count; i++)
        if (run.start >= HOLM_AT(packet->runs, i).start && run.end <= HOLM_AT(packet->runs, i).end)
            return holm_span_part(packet->storage, run.start, in.len, &there) &&
                   holm_bytes_equal(holm_span_bytes(there), in);
    return false;
}

/* lengths_agree notes where the packet ends; false if fragments contradict each other. */
static bool lengths_agree(struct holm_reassembly_packet *packet,
                          const struct holm_ip_header *header, struct holm_reassembly_run run)
{
    uint16_t known =
        packet->runs_count == 0 ? 0 : HOLM_AT(packet->runs, packet->runs_count - 1U).end;

    if (!header->more_fragments) {
        if (packet->ends ? packet->len != run.end : known > run.end)
            return false;
        packet->ends = true;
        packet->len = run.end;
        return true;
    }
    return !packet->ends || run.end < packet->len;
}

/* marks_agree notes the fragment's mark: that of congestion must not be lost, nor be set where another
 * fragment says that its sender does not know it (RFC 3168 section 5.3). */
static bool marks_agree(struct holm_reassembly_packet *packet, const struct holm_ip_header *header)
{
    packet->ecn |= (uint8_t)(1U << header->traffic_class % 4);
    return (packet->ecn & (1U << HOLM_IP_NOT_ECT | 1U << HOLM_IP_CE)) !=
           (1U << HOLM_IP_NOT_ECT | 1U << HOLM_IP_CE);
}

/* place copies the fragment to where it belongs. */
static enum holm_result place(struct holm_reassembly_packet *packet,
                              const struct holm_ip_header *header, struct holm_bytes in)
{
    struct holm_reassembly_run run = { header->offset, (uint16_t)(header->offset + in.len) };
    struct holm_span part = { 0 };

    if (in.len > UINT16_MAX - (size_t)header->offset ||
        !holm_span_part(packet->storage, header->offset, in.len, &part))
        return HOLM_ERR_LIMIT;
    /* RFC 1858, RFC 3128: a first fragment has the ports and flags that filters look at. */
    if (in.len == 0 || (header->offset == 0 && in.len < 16) || header->offset == 8 ||
        !lengths_agree(packet, header, run) || !marks_agree(packet, header))
        return HOLM_ERR_MALFORMED;
    if (repeats(packet, run, in))
        return HOLM_OK;
    enum holm_result result = runs_add(packet, run);
    if (result != HOLM_OK)
        return result;
    struct holm_buffer copy = holm_span_buffer(part);
    holm_assert(holm_buffer_bytes(&copy, in));
    if (header->offset == 0) {
        packet->first = *header;
        packet->has_first = true;
    }
    return HOLM_OK;
}

enum holm_result holm_reassembly_feed(struct holm_reassembly *reassembly,
                                      const struct holm_ip_header *header, struct holm_bytes in,
                                      uint64_t now_ns, struct holm_ip_header *whole,
                                      struct holm_span *payload)
{
    struct holm_reassembly_packet *packet = packet_of(reassembly, header, now_ns);
    enum holm_result result = place(packet, header, in);

    if (result != HOLM_OK) { /* RFC 5722 section 4: all of it is thrown away */
        reassembly->broken += 1;
        release(packet);
        return result;
    }
    if (!packet->ends || packet->runs_count != 1 || packet->runs[0].start != 0)
        return HOLM_AGAIN;
    holm_assert(holm_span_part(packet->storage, 0, packet->len, payload));
    *whole = packet->first;
    if (packet->ecn & 1U << HOLM_IP_CE)
        whole->traffic_class |= HOLM_IP_CE;
    whole->payload_len = packet->len;
    whole->more_fragments = false;
    release(packet);
    return HOLM_OK;
}

/* front_of is what is there of the fragment at offset 0. */
static struct holm_bytes front_of(const struct holm_reassembly_packet *packet)
{
    uint16_t there = packet->runs[0].end;
    uint16_t len = packet->first.payload_len;
    struct holm_bytes front = { 0 };

    holm_assert(
        holm_bytes_part(holm_span_bytes(packet->storage), 0, len < there ? len : there, &front));
    return front;
}

enum holm_result holm_reassembly_tick(struct holm_reassembly *reassembly, uint64_t now_ns,
                                      struct holm_ip_header *late, struct holm_bytes *front)
{
    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++) {
        struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, i);
        if (!packet->used || packet->due_ns > now_ns)
            continue;
        bool tells = packet->has_first;
        if (tells) {
            *late = packet->first;
            *front = front_of(packet);
        }
        reassembly->late += 1;
        release(packet);
        if (tells)
            return HOLM_OK;
    }
    return HOLM_END;
}

uint64_t holm_reassembly_deadline(const struct holm_reassembly *reassembly)
{
    uint64_t due_ns = UINT64_MAX;

    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++) {
        const struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, i);
        if (packet->used && packet->due_ns < due_ns)
            due_ns = packet->due_ns;
    }
    return due_ns;
}
