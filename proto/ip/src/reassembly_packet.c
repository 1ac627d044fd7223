/* SPDX-License-Identifier: ISC */
/* reassembly_packet.c: one packet in the making. Fragments are copied to their place at once. */
#include "reassembly_impl.h"

/* What the first fragment has at least. */
enum { FIRST_BYTES_MIN = 16 };

/*@ requires \valid(to) && \valid_read(from) && \separated(to, from);
    assigns *to;
    ensures holm_ip_same(to, from); */
static void address_set(struct holm_ip_address *to, const struct holm_ip_address *from)
{
    const struct holm_ip_address copy = *from;

    /*@ assert \forall integer k; 0 <= k < 16 ==> copy.bytes[k] == from->bytes[k]; */
    *to = copy;
    /*@ assert \forall integer k; 0 <= k < 16 ==> to->bytes[k] == copy.bytes[k]; */
    /*@ assert \forall integer k; 0 <= k < 16 ==> from->bytes[k] == copy.bytes[k]; */
}

/*@ requires \valid(to) && \valid_read(from) && \separated(to, from);
    assigns *to;
    ensures holm_reassembly_header_same(to, from); */
static void header_set(struct holm_ip_header *to, const struct holm_ip_header *from)
{
    address_set(&to->source, &from->source);
    address_set(&to->destination, &from->destination);
    to->payload_len = from->payload_len;
    to->id = from->id;
    to->offset = from->offset;
    to->header_len = from->header_len;
    to->protocol_at = from->protocol_at;
    to->protocol = from->protocol;
    to->hops = from->hops;
    to->traffic_class = from->traffic_class;
    to->dont_fragment = from->dont_fragment;
    to->more_fragments = from->more_fragments;
    to->has_options = from->has_options;
}

void holm_reassembly__release(struct holm_reassembly_packet *packet)
{
    packet->used = false;
    packet->ends = false;
    packet->has_first = false;
    packet->congested = false;
    packet->not_capable = false;
    packet->runs_count = 0;
}

void holm_reassembly__begin(struct holm_reassembly_packet *packet,
                            const struct holm_ip_header *header, uint64_t now_ns)
{
    holm_reassembly__release(packet);
    packet->used = true;
    address_set(&packet->source, &header->source);
    address_set(&packet->destination, &header->destination);
    packet->id = header->id;
    packet->protocol = header->protocol;
    packet->due_ns = now_ns + HOLM_REASSEMBLY_NS;
}

/* repeats answers whether the fragment is there already, the same bytes: networks double packets, and
 * RFC 8200 section 4.5 lets that pass. */
/*@ requires \valid_read(packet) && holm_runs_ok(packet) && holm_readable(in);
    requires \valid(packet->storage.ptr + (0 .. packet->storage.len - 1));
    requires run.start + in.len == run.end;
    assigns \nothing;
    ensures \result ==> \forall integer b; run.start <= b < run.end ==> holm_runs_have(packet, b);
    ensures \result ==> run.end <= holm_runs_end(packet);
    ensures \result ==> \forall integer k; 0 <= k < in.len ==>
              packet->storage.ptr[run.start + k] == in.ptr[k]; */
static bool repeats(const struct holm_reassembly_packet *packet, struct holm_reassembly_run run,
                    struct holm_bytes in)
{
    size_t index = holm_reassembly__run_find(packet, run.start);
    struct holm_bytes there = { 0 };

    if (index == packet->runs_count || HOLM_AT(packet->runs, index).start > run.start ||
        HOLM_AT(packet->runs, index).end < run.end)
        return false;
    holm_assert(holm_bytes_part(holm_span_bytes(packet->storage), run.start, in.len, &there));
    return holm_bytes_equal(there, in);
}

/* lengths_agree notes where the packet ends; false if fragments contradict each other. */
/*@ requires \valid(packet) && \valid_read(header) && \separated(packet, header);
    requires packet->runs_count <= HOLM_REASSEMBLY_RUNS_MAX;
    assigns packet->ends, packet->len;
    ensures \result && !header->more_fragments ==> packet->ends && packet->len == end &&
              (\old(packet->ends) ? \old(packet->len) == end : holm_runs_end(packet) <= end);
    ensures \result && header->more_fragments ==> packet->ends == \old(packet->ends) &&
              packet->len == \old(packet->len) && (packet->ends ==> end < packet->len); */
static bool lengths_agree(struct holm_reassembly_packet *packet,
                          const struct holm_ip_header *header, uint16_t end)
{
    uint16_t known =
        packet->runs_count == 0 ? 0 : HOLM_AT(packet->runs, packet->runs_count - 1U).end;

    if (!header->more_fragments) {
        if (packet->ends ? packet->len != end : known > end)
            return false;
        packet->ends = true;
        packet->len = end;
        return true;
    }
    return !packet->ends || end < packet->len;
}

/* marks_agree notes the fragment's mark: that of congestion must not be lost, nor be set where another
 * fragment says that its sender does not know it (RFC 3168 section 5.3). */
/*@ requires \valid(packet) && \valid_read(header) && \separated(packet, header);
    assigns packet->congested, packet->not_capable;
    ensures packet->congested <==>
              \old(packet->congested) || header->traffic_class % 4 == HOLM_IP_CE;
    ensures packet->not_capable <==>
              \old(packet->not_capable) || header->traffic_class % 4 == HOLM_IP_NOT_ECT;
    ensures \result <==> !(packet->congested && packet->not_capable); */
static bool marks_agree(struct holm_reassembly_packet *packet, const struct holm_ip_header *header)
{
    if (header->traffic_class % 4 == HOLM_IP_CE)
        packet->congested = true;
    if (header->traffic_class % 4 == HOLM_IP_NOT_ECT)
        packet->not_capable = true;
    return !packet->congested || !packet->not_capable;
}

/* fits answers whether len bytes may be those of a fragment: a first one has the ports and flags that
 * filters look at (RFC 1858, RFC 3128). */
/*@ assigns \nothing;
    ensures \result <==> len > 0 && offset != 8 && (offset == 0 ==> len >= 16); */
static bool fits(uint16_t offset, size_t len)
{
    return len > 0 && offset != 8 && (offset > 0 || len >= FIRST_BYTES_MIN);
}

/* agrees notes what a fragment says of its packet; false if it may not be, or contradicts others. */
/*@ requires \valid(packet) && holm_reassembly_packet_ok(packet);
    requires \valid_read(header) && \separated(packet, header) && run.start <= run.end;
    assigns packet->ends, packet->len, packet->congested, packet->not_capable;
    ensures \result ==> run.start < run.end;
    ensures \result && !header->more_fragments ==> packet->ends && packet->len == run.end;
    ensures \result && packet->ends ==>
              \max(holm_runs_end(packet), run.end) == packet->len;
    ensures holm_runs_same{Old,Here}(packet);
    ensures holm_runs_ok(packet) && holm_runs_first(packet);
    ensures holm_runs_end(packet) == \old(holm_runs_end(packet)); */
static bool agrees(struct holm_reassembly_packet *packet, const struct holm_ip_header *header,
                   struct holm_reassembly_run run)
{
    return fits(run.start, (size_t)run.end - run.start) && lengths_agree(packet, header, run.end) &&
           marks_agree(packet, header);
}

/* bytes_put copies bytes to where they belong. */
/*@ requires \valid(all.ptr + (0 .. all.len - 1)) && holm_readable(in) && at + in.len <= all.len;
    requires \separated(in.ptr + (0 .. in.len - 1), all.ptr + (0 .. all.len - 1));
    assigns all.ptr[at .. at + in.len - 1];
    ensures \forall integer k; 0 <= k < in.len ==> all.ptr[at + k] == in.ptr[k]; */
static void bytes_put(struct holm_span all, uint16_t at, struct holm_bytes in)
{
    struct holm_span part = { 0 };

    holm_assert(holm_span_part(all, at, in.len, &part));
    struct holm_buffer copy = holm_span_buffer(part);
    holm_assert(holm_buffer_bytes(&copy, in));
    /*@ assert \forall integer k; 0 <= k < in.len ==> part.ptr[k] == in.ptr[k]; */
    /*@ assert \forall integer k; all.ptr + (at + k) == part.ptr + k; */
}

/* copy copies a fragment to where it belongs; of the first one the header too. */
/*@ requires \valid(packet) && holm_runs_ok(packet);
    requires \valid(packet->storage.ptr + (0 .. packet->storage.len - 1));
    requires \valid_read(header) && holm_readable(in);
    requires at + in.len <= packet->storage.len;
    requires \separated(packet, header, in.ptr + (0 .. in.len - 1),
                        packet->storage.ptr + (0 .. packet->storage.len - 1));
    assigns packet->first, packet->has_first;
    assigns packet->storage.ptr[at .. at + in.len - 1];
    ensures holm_runs_same{Old,Here}(packet) && packet->ends == \old(packet->ends);
    ensures packet->has_first <==> \old(packet->has_first) || at == 0;
    ensures \forall integer k; 0 <= k < in.len ==> packet->storage.ptr[at + k] == in.ptr[k]; */
static void copy(struct holm_reassembly_packet *packet, const struct holm_ip_header *header,
                 uint16_t at, struct holm_bytes in)
{
    bytes_put(packet->storage, at, in);
    /*@ assert \forall integer k; 0 <= k < in.len ==> packet->storage.ptr[at + k] == in.ptr[k]; */
    if (at > 0)
        return;
    header_set(&packet->first, header);
    packet->has_first = true;
}

/* insert adds a fragment of which nothing may be there.
 *
 * Errors:  HOLM_ERR_MALFORMED  a byte of it is there; HOLM_ERR_LIMIT  too many runs apart */
/*@ requires \valid(packet) && holm_runs_ok(packet) && holm_runs_first(packet);
    requires \valid(packet->storage.ptr + (0 .. packet->storage.len - 1));
    requires \valid_read(header) && holm_readable(in);
    requires \separated(packet, header, in.ptr + (0 .. in.len - 1),
                        packet->storage.ptr + (0 .. packet->storage.len - 1));
    requires run.start < run.start + in.len == run.end <= packet->storage.len;
    assigns packet->runs_count, packet->runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1],
            packet->first, packet->has_first;
    assigns packet->storage.ptr[0 .. packet->storage.len - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures packet->ends == \old(packet->ends);
    ensures \result == HOLM_OK ==> holm_runs_ok(packet) && packet->runs_count > 0;
    ensures \result == HOLM_OK ==> holm_runs_first(packet);
    ensures \result == HOLM_OK ==>
              holm_runs_end(packet) == \max(\old(holm_runs_end(packet)), run.end);
    ensures \result == HOLM_OK ==> holm_runs_added{Old,Here}(packet, run.start, run.end);
    ensures \result == HOLM_OK ==> \forall integer k; 0 <= k < in.len ==>
              packet->storage.ptr[run.start + k] == in.ptr[k];
    ensures \result == HOLM_OK ==> \forall integer b; holm_runs_have{Old}(packet, b) ==>
              packet->storage.ptr[b] == \old(packet->storage.ptr[b]); */
static enum holm_result insert(struct holm_reassembly_packet *packet,
                               const struct holm_ip_header *header, struct holm_reassembly_run run,
                               struct holm_bytes in)
{
    enum holm_result result = holm_reassembly__run_add(packet, run);

    if (result != HOLM_OK)
        return result;
    /*@ assert \forall integer b; holm_runs_have{Pre}(packet, b) ==>
          0 <= b < packet->storage.len && !(run.start <= b < run.end); */
    copy(packet, header, run.start, in);
    /*@ assert \forall integer b; 0 <= b < packet->storage.len && !(run.start <= b < run.end) ==>
          packet->storage.ptr[b] == \at(packet->storage.ptr[b],Pre); */
    return HOLM_OK;
}

/* add adds a fragment, if the same bytes are not there already. */
/*@ requires \valid(packet) && holm_runs_ok(packet) && holm_runs_first(packet);
    requires \valid(packet->storage.ptr + (0 .. packet->storage.len - 1));
    requires \valid_read(header) && holm_readable(in);
    requires \separated(packet, header, in.ptr + (0 .. in.len - 1),
                        packet->storage.ptr + (0 .. packet->storage.len - 1));
    requires run.start < run.start + in.len == run.end <= packet->storage.len;
    assigns packet->runs_count, packet->runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1],
            packet->first, packet->has_first;
    assigns packet->storage.ptr[0 .. packet->storage.len - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures packet->ends == \old(packet->ends);
    ensures \result == HOLM_OK ==> holm_runs_ok(packet) && packet->runs_count > 0;
    ensures \result == HOLM_OK ==> holm_runs_first(packet);
    ensures \result == HOLM_OK ==>
              holm_runs_end(packet) == \max(\old(holm_runs_end(packet)), run.end);
    ensures \result == HOLM_OK ==> holm_runs_added{Old,Here}(packet, run.start, run.end);
    ensures \result == HOLM_OK ==> \forall integer k; 0 <= k < in.len ==>
              packet->storage.ptr[run.start + k] == in.ptr[k];
    ensures \result == HOLM_OK ==> \forall integer b; holm_runs_have{Old}(packet, b) ==>
              packet->storage.ptr[b] == \old(packet->storage.ptr[b]); */
static enum holm_result add(struct holm_reassembly_packet *packet,
                            const struct holm_ip_header *header, struct holm_reassembly_run run,
                            struct holm_bytes in)
{
    return repeats(packet, run, in) ? HOLM_OK : insert(packet, header, run, in);
}

enum holm_result holm_reassembly__place(struct holm_reassembly_packet *packet,
                                        const struct holm_ip_header *header, struct holm_bytes in)
{
    if (in.len > UINT16_MAX - (size_t)header->offset ||
        in.len + header->offset > packet->storage.len)
        return HOLM_ERR_LIMIT;
    struct holm_reassembly_run run = { header->offset, (uint16_t)(header->offset + in.len) };
    if (!agrees(packet, header, run))
        return HOLM_ERR_MALFORMED;
    /*@ assert \forall integer b; holm_runs_have(packet, b) <==> holm_runs_have{Pre}(packet, b); */
    /*@ assert \forall integer b; 0 <= b < packet->storage.len ==>
          packet->storage.ptr[b] == \at(packet->storage.ptr[b],Pre); */
    /*@ assert \forall integer b; holm_runs_have(packet, b) ==> 0 <= b < packet->storage.len; */
    return add(packet, header, run, in);
}

void holm_reassembly__header(struct holm_ip_header *whole,
                             const struct holm_reassembly_packet *packet)
{
    uint8_t traffic_class = packet->first.traffic_class;

    if (packet->congested)
        traffic_class = (uint8_t)(traffic_class / 4 * 4 + HOLM_IP_CE);
    header_set(whole, &packet->first);
    whole->traffic_class = traffic_class;
    whole->payload_len = packet->len;
    whole->more_fragments = false;
}

/* front_of is what is there of the fragment at offset 0. */
/*@ requires \valid_read(packet) && holm_reassembly_packet_ok(packet) && packet->has_first;
    requires \valid(packet->storage.ptr + (0 .. packet->storage.len - 1));
    assigns \nothing;
    ensures \result.ptr == packet->storage.ptr && \result.len <= packet->runs[0].end;
    ensures \result.len <= packet->first.payload_len; */
static struct holm_bytes front_of(const struct holm_reassembly_packet *packet)
{
    uint16_t there = packet->runs[0].end;
    uint16_t len = packet->first.payload_len;
    struct holm_bytes front = { 0 };

    holm_assert(
        holm_bytes_part(holm_span_bytes(packet->storage), 0, len < there ? len : there, &front));
    return front;
}

void holm_reassembly__tell(const struct holm_reassembly_packet *packet, struct holm_ip_header *late,
                           struct holm_bytes *front)
{
    *front = front_of(packet);
    header_set(late, &packet->first);
}
