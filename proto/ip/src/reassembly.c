/* SPDX-License-Identifier: ISC */
/* reassembly.c: the packets in the making, each in its place, and which place a new one gets. */
#include "reassembly_impl.h"

#include <holm/wrap.h>

void holm_reassembly_init(struct holm_reassembly *reassembly, struct holm_span storage)
{
    const size_t each = storage.len / HOLM_REASSEMBLY_MAX;

    *reassembly = (struct holm_reassembly){ 0 };
    reassembly->late = 0;
    reassembly->broken = 0;
    /*@ loop invariant i <= HOLM_REASSEMBLY_MAX;
        loop invariant \forall integer k; 0 <= k < i ==>
          reassembly->all[k].storage.len == each &&
          reassembly->all[k].storage.ptr == storage.ptr + k * each;
        loop invariant \forall integer k; 0 <= k < i ==>
          \separated(reassembly, reassembly->all[k].storage.ptr + (0 .. each - 1));
        loop invariant \forall integer k; 0 <= k < i ==>
          \valid(reassembly->all[k].storage.ptr + (0 .. each - 1));
        loop invariant \forall integer k; 0 <= k < i ==> holm_reassembly_free(&reassembly->all[k]);
        loop assigns i, reassembly->all[0 .. HOLM_REASSEMBLY_MAX - 1];
        loop variant HOLM_REASSEMBLY_MAX - i; */
    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++) {
        struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, i);
        holm_reassembly__release(packet);
        /*@ assert 0 <= i * each && i * each + each <= HOLM_REASSEMBLY_MAX * each <= storage.len; */
        /*@ assert \separated(reassembly, storage.ptr + (i * each .. i * each + each - 1)); */
        /*@ assert \valid(storage.ptr + (i * each .. i * each + each - 1)); */
        holm_assert(holm_span_part(storage, i * each, each, &packet->storage));
    }
    /*@ assert reassembly->all[0].storage.ptr == storage.ptr; */
    /*@ assert reassembly->all[0].storage.len == each; */
    /*@ assert holm_reassembly_parts(reassembly); */
    /*@ assert holm_reassembly_there(reassembly); */
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX ==>
          holm_reassembly_packet_ok(&reassembly->all[k]); */
}

/* belongs: of IPv6 each fragment may say another protocol, and the first one's counts (RFC 8200 section
 * 4.5). */
/*@ requires \valid_read(packet) && \valid_read(header);
    assigns \nothing;
    ensures \result <==> holm_reassembly_belongs(packet, header); */
static bool belongs(const struct holm_reassembly_packet *packet,
                    const struct holm_ip_header *header)
{
    return packet->used && packet->id == header->id &&
           (packet->protocol == header->protocol || packet->source.family == HOLM_IP_V6) &&
           holm_ip_equal(&packet->source, &header->source) &&
           holm_ip_equal(&packet->destination, &header->destination);
}

/* place_of is which place a packet of that source gets: that of its oldest, if it has its part; else a
 * free one, else the oldest's. */
/*@ requires \valid_read(reassembly) && \valid_read(source);
    assigns \nothing;
    ensures \result < HOLM_REASSEMBLY_MAX;
    ensures !reassembly->all[\result].used ||
            holm_ip_same(&reassembly->all[\result].source, source) ||
            \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX ==> reassembly->all[k].used; */
static size_t place_of(const struct holm_reassembly *reassembly,
                       const struct holm_ip_address *source)
{
    size_t place = 0, own = 0, own_count = 0;

    /*@ loop invariant i <= HOLM_REASSEMBLY_MAX && own_count <= i;
        loop invariant place < HOLM_REASSEMBLY_MAX && own < HOLM_REASSEMBLY_MAX;
        loop invariant reassembly->all[place].used ==>
          \forall integer k; 0 <= k < i ==> reassembly->all[k].used;
        loop invariant own_count > 0 ==> holm_ip_same(&reassembly->all[own].source, source);
        loop assigns i, place, own, own_count;
        loop variant HOLM_REASSEMBLY_MAX - i; */
    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++) {
        const struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, i);
        const struct holm_reassembly_packet *best = &HOLM_AT(reassembly->all, place);
        if (best->used && (!packet->used || packet->due_ns < best->due_ns))
            place = i;
        if (!packet->used || !holm_ip_equal(&packet->source, source))
            continue;
        if (own_count == 0 || packet->due_ns < HOLM_AT(reassembly->all, own).due_ns)
            own = i;
        own_count += 1;
    }
    return own_count < HOLM_REASSEMBLY_SOURCE_MAX ? place : own;
}

/* find is which packet a fragment belongs to; HOLM_REASSEMBLY_MAX: none. */
/*@ requires \valid_read(reassembly) && \valid_read(header);
    assigns \nothing;
    ensures \result <= HOLM_REASSEMBLY_MAX;
    ensures \result < HOLM_REASSEMBLY_MAX ==>
              holm_reassembly_belongs(&reassembly->all[\result], header);
    ensures \forall integer k; 0 <= k < \result ==>
              !holm_reassembly_belongs(&reassembly->all[k], header); */
static size_t find(const struct holm_reassembly *reassembly, const struct holm_ip_header *header)
{
    size_t index = 0;

    /*@ loop invariant index <= HOLM_REASSEMBLY_MAX;
        loop invariant \forall integer k; 0 <= k < index ==>
          !holm_reassembly_belongs(&reassembly->all[k], header);
        loop assigns index;
        loop variant HOLM_REASSEMBLY_MAX - index; */
    while (index < HOLM_REASSEMBLY_MAX && !belongs(&HOLM_AT(reassembly->all, index), header))
        index += 1;
    return index;
}

/* give_up makes the place of an index free. */
/*@ requires \valid(reassembly) && index < HOLM_REASSEMBLY_MAX;
    requires holm_reassembly_parts(reassembly) && holm_reassembly_there(reassembly);
    requires \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX && i != index ==>
              holm_reassembly_packet_ok(&reassembly->all[i]);
    assigns reassembly->all[index].used, reassembly->all[index].ends,
            reassembly->all[index].has_first, reassembly->all[index].congested,
            reassembly->all[index].not_capable, reassembly->all[index].runs_count;
    ensures holm_reassembly_ok(reassembly);
    ensures !reassembly->all[index].used; */
static void give_up(struct holm_reassembly *reassembly, size_t index)
{
    holm_reassembly__release(&HOLM_AT(reassembly->all, index));
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          holm_reassembly_packet_same{Pre,Here}(&reassembly->all[k]); */
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          holm_reassembly_packet_ok(&reassembly->all[k]); */
    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    /*@ assert holm_reassembly_parts(reassembly); */
    /*@ assert holm_reassembly_there(reassembly); */
    /*@ assert holm_reassembly_packet_ok(&reassembly->all[index]); */
}

/* occupy gives a place to the packet of a fragment; who had it is late. */
/*@ requires holm_reassembly_ok(reassembly) && index < HOLM_REASSEMBLY_MAX;
    requires \valid_read(header) && \separated(reassembly, header);
    requires now_ns <= UINT64_MAX - HOLM_REASSEMBLY_NS;
    assigns reassembly->late, reassembly->all[index];
    ensures holm_reassembly_ok(reassembly);
    ensures holm_reassembly_kept{Old,Here}(reassembly);
    ensures holm_reassembly_belongs(&reassembly->all[index], header);
    ensures reassembly->all[index].runs_count == 0; */
static void occupy(struct holm_reassembly *reassembly, size_t index,
                   const struct holm_ip_header *header, uint64_t now_ns)
{
    struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, index);

    reassembly->late = holm_u64_wrap_add(reassembly->late, packet->used ? 1U : 0U);
    holm_reassembly__begin(packet, header, now_ns);
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          holm_reassembly_packet_same{Pre,Here}(&reassembly->all[k]); */
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          holm_reassembly_packet_ok(&reassembly->all[k]); */
    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    /*@ assert holm_reassembly_parts(reassembly); */
}

/* packet_of finds the packet of a fragment, or a place for it. */
/*@ requires holm_reassembly_ok(reassembly) && \valid_read(header);
    requires \separated(reassembly, header) && now_ns <= UINT64_MAX - HOLM_REASSEMBLY_NS;
    assigns *reassembly;
    ensures holm_reassembly_ok(reassembly);
    ensures holm_reassembly_kept{Old,Here}(reassembly);
    ensures \result < HOLM_REASSEMBLY_MAX;
    ensures holm_reassembly_belongs(&reassembly->all[\result], header);
    ensures \forall integer b; holm_runs_have(&reassembly->all[\result], b) <==>
              holm_reassembly_came{Old}(&reassembly->all[\result], header, b); */
static size_t packet_of(struct holm_reassembly *reassembly, const struct holm_ip_header *header,
                        uint64_t now_ns)
{
    size_t index = find(reassembly, header);

    if (index < HOLM_REASSEMBLY_MAX)
        return index;
    index = place_of(reassembly, &header->source);
    occupy(reassembly, index, header, now_ns);
    return index;
}

/* is_whole answers whether all bytes of a packet have come. */
/*@ requires \valid_read(packet) && holm_reassembly_packet_ok(packet);
    assigns \nothing;
    ensures \result ==> packet->has_first && packet->ends && 0 < packet->len;
    ensures \result <==> packet->ends && packet->runs_count == 1 && packet->runs[0].start == 0; */
static bool is_whole(const struct holm_reassembly_packet *packet)
{
    return packet->ends && packet->runs_count == 1 && packet->runs[0].start == 0;
}

/* hand_over gives a packet that is whole, and makes its place free. */
/*@ requires holm_reassembly_ok(reassembly) && index < HOLM_REASSEMBLY_MAX;
    requires reassembly->all[index].ends && reassembly->all[index].runs_count == 1 &&
             reassembly->all[index].runs[0].start == 0;
    requires \valid(whole) && \valid(payload) && \separated(reassembly, whole, payload);
    requires \separated(whole, payload, reassembly->all[index].storage.ptr +
                                          (0 .. reassembly->all[index].storage.len - 1));
    assigns *whole, *payload;
    assigns reassembly->all[index].used, reassembly->all[index].ends,
            reassembly->all[index].has_first, reassembly->all[index].congested,
            reassembly->all[index].not_capable, reassembly->all[index].runs_count;
    ensures holm_reassembly_ok(reassembly);
    ensures holm_reassembly_intact{Old,Here}(&reassembly->all[index]);
    ensures payload->ptr == reassembly->all[index].storage.ptr;
    ensures payload->len == \old(reassembly->all[index].len);
    ensures 0 < payload->len <= reassembly->all[index].storage.len;
    ensures \forall integer b; 0 <= b < payload->len ==>
              holm_runs_have{Old}(&reassembly->all[index], b);
    ensures whole->payload_len == payload->len && !whole->more_fragments; */
static void hand_over(struct holm_reassembly *reassembly, size_t index,
                      struct holm_ip_header *whole, struct holm_span *payload)
{
    const struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, index);

    /*@ assert 0 < packet->len == holm_runs_end(packet) <= packet->storage.len; */
    holm_reassembly__header(whole, packet);
    holm_assert(holm_span_part(packet->storage, 0, packet->len, payload));
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX ==>
          holm_reassembly_packet_same{Pre,Here}(&reassembly->all[k]); */
    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    /*@ assert holm_reassembly_parts(reassembly); */
    /*@ assert holm_reassembly_there(reassembly); */
    give_up(reassembly, index);
}

/* take gives a fragment to the packet of an index; a packet that it contradicts is thrown away as a
 * whole (RFC 5722 section 4). */
/*@ requires holm_reassembly_ok(reassembly) && index < HOLM_REASSEMBLY_MAX;
    requires \valid_read(header) && holm_readable(in);
    requires holm_reassembly_belongs(&reassembly->all[index], header);
    requires \separated(reassembly, header, in.ptr + (0 .. in.len - 1));
    requires \separated(reassembly->all[index].storage.ptr +
                          (0 .. reassembly->all[index].storage.len - 1),
                        header, in.ptr + (0 .. in.len - 1));
    assigns reassembly->broken, reassembly->all[index].used, reassembly->all[index].ends,
            reassembly->all[index].len, reassembly->all[index].congested,
            reassembly->all[index].not_capable, reassembly->all[index].first,
            reassembly->all[index].has_first, reassembly->all[index].runs_count,
            reassembly->all[index].runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    assigns reassembly->all[index].storage.ptr[0 .. reassembly->all[index].storage.len - 1];
    ensures holm_reassembly_ok(reassembly);
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK && !\old(header->more_fragments) ==>
              reassembly->all[index].ends &&
              reassembly->all[index].len == \old(header->offset) + in.len;
    ensures \result == HOLM_OK ==>
              \old(header->offset) + in.len <= reassembly->all[index].storage.len;
    ensures \result == HOLM_OK ==> holm_reassembly_belongs(&reassembly->all[index], header);
    ensures \result == HOLM_OK ==> \forall integer k; 0 <= k < in.len ==>
              reassembly->all[index].storage.ptr[\old(header->offset) + k] == in.ptr[k];
    ensures \result == HOLM_OK ==> holm_runs_added{Old,Here}(
              &reassembly->all[index], \old(header->offset), \old(header->offset) + in.len);
    ensures \result == HOLM_OK ==> \forall integer b;
              holm_runs_have{Old}(&reassembly->all[index], b) ==>
              reassembly->all[index].storage.ptr[b] ==
                \old(reassembly->all[index].storage.ptr[b]); */
static enum holm_result take(struct holm_reassembly *reassembly, size_t index,
                             const struct holm_ip_header *header, struct holm_bytes in)
{
    enum holm_result result = holm_reassembly__place(&HOLM_AT(reassembly->all, index), header, in);

    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          holm_runs_same{Pre,Here}(&reassembly->all[k]); */
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          reassembly->all[k].ends == \at(reassembly->all[k].ends,Pre) &&
          reassembly->all[k].has_first == \at(reassembly->all[k].has_first,Pre); */
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          holm_reassembly_packet_same{Pre,Here}(&reassembly->all[k]); */
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          holm_reassembly_packet_ok(&reassembly->all[k]); */
    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    /*@ assert holm_reassembly_parts(reassembly); */
    /*@ assert holm_reassembly_there(reassembly); */
    if (result == HOLM_OK) {
        /*@ assert holm_reassembly_known{Pre,Here}(&reassembly->all[index]); */
        /*@ assert holm_reassembly_address_same{Pre,Here}(&header->source); */
        /*@ assert holm_reassembly_address_same{Pre,Here}(&header->destination); */
        /*@ assert header->id == \at(header->id,Pre) && header->protocol == \at(header->protocol,Pre); */
        /*@ assert holm_reassembly_belongs(&reassembly->all[index], header); */
        return HOLM_OK;
    }
    reassembly->broken = holm_u64_wrap_add(reassembly->broken, 1);
    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX && k != index ==>
          holm_reassembly_packet_same{Pre,Here}(&reassembly->all[k]); */
    give_up(reassembly, index);
    return result;
}

/* collect gives a fragment to the packet of an index, and hands that over if it is whole. */
/*@ requires holm_reassembly_ok(reassembly) && index < HOLM_REASSEMBLY_MAX;
    requires \valid_read(header) && holm_readable(in) && \valid(whole) && \valid(payload);
    requires holm_reassembly_belongs(&reassembly->all[index], header);
    requires \separated(reassembly, header, whole, payload, in.ptr + (0 .. in.len - 1));
    requires \separated(reassembly->all[index].storage.ptr +
                          (0 .. reassembly->all[index].storage.len - 1),
                        header, whole, payload, in.ptr + (0 .. in.len - 1));
    assigns *whole, *payload, reassembly->broken, reassembly->all[index].used,
            reassembly->all[index].ends, reassembly->all[index].len,
            reassembly->all[index].congested, reassembly->all[index].not_capable,
            reassembly->all[index].first, reassembly->all[index].has_first,
            reassembly->all[index].runs_count,
            reassembly->all[index].runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    assigns reassembly->all[index].storage.ptr[0 .. reassembly->all[index].storage.len - 1];
    ensures holm_reassembly_ok(reassembly);
    ensures holm_reassembly_kept{Old,Here}(reassembly);
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_AGAIN ==> holm_reassembly_belongs(&reassembly->all[index], header);
    ensures \result == HOLM_AGAIN ==> holm_runs_added{Old,Here}(
              &reassembly->all[index], \old(header->offset), \old(header->offset) + in.len);
    ensures \result \in { HOLM_OK, HOLM_AGAIN } ==>
              holm_reassembly_copied{Old,Here}(&reassembly->all[index], header, in);
    ensures \result \in { HOLM_OK, HOLM_AGAIN } ==> \forall integer b;
              holm_runs_have{Old}(&reassembly->all[index], b) ==>
              reassembly->all[index].storage.ptr[b] ==
                \old(reassembly->all[index].storage.ptr[b]);
    ensures \result == HOLM_OK ==> payload->ptr == reassembly->all[index].storage.ptr;
    ensures \result == HOLM_OK ==> 0 < payload->len <= reassembly->all[index].storage.len;
    ensures \result == HOLM_OK ==> \forall integer b; 0 <= b < payload->len ==>
              holm_runs_have{Old}(&reassembly->all[index], b) ||
              \old(header->offset) <= b < \old(header->offset) + in.len;
    ensures \result == HOLM_OK && !\old(header->more_fragments) ==>
              payload->len == \old(header->offset) + in.len;
    ensures \result == HOLM_OK ==> whole->payload_len == payload->len && !whole->more_fragments;
    ensures \result != HOLM_OK ==> *payload == \old(*payload); */
static enum holm_result collect(struct holm_reassembly *reassembly, size_t index,
                                const struct holm_ip_header *header, struct holm_bytes in,
                                struct holm_ip_header *whole, struct holm_span *payload)
{
    enum holm_result result = take(reassembly, index, header, in);

    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    if (result != HOLM_OK)
        return result;
    /*@ assert \forall integer k; 0 <= k < in.len ==> in.ptr[k] == \at(in.ptr[k],Pre); */
    /*@ assert \forall integer k; 0 <= k < in.len ==>
          reassembly->all[index].storage.ptr[\at(header->offset,Pre) + k] == \at(in.ptr[k],Pre); */
    /*@ assert holm_reassembly_copied{Pre,Here}(&reassembly->all[index], header, in); */
    /*@ assert \at(header->offset,Pre) + in.len <= reassembly->all[index].storage.len; */
    if (!is_whole(&HOLM_AT(reassembly->all, index)))
        return HOLM_AGAIN;
    hand_over(reassembly, index, whole, payload);
    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    /*@ assert holm_reassembly_copied{Pre,Here}(&reassembly->all[index], header, in); */
    return HOLM_OK;
}

enum holm_result holm_reassembly_feed(struct holm_reassembly *reassembly,
                                      const struct holm_ip_header *header, struct holm_bytes in,
                                      uint64_t now_ns, struct holm_ip_header *whole,
                                      struct holm_span *payload)
{
    size_t index = packet_of(reassembly, header, now_ns);
    /*@ assert holm_reassembly_within(index, \at(reassembly->all[0].storage.len,Pre)); */
    /*@ assert reassembly->all[index].storage.len == \at(reassembly->all[0].storage.len,Pre); */
    /*@ assert reassembly->all[index].storage.ptr == \at(reassembly->all[0].storage.ptr,Pre) +
                 index * \at(reassembly->all[0].storage.len,Pre); */
    /*@ assert header->offset == \at(header->offset,Pre) &&
               header->more_fragments == \at(header->more_fragments,Pre); */
    /*@ assert \forall integer k; 0 <= k < in.len ==> in.ptr[k] == \at(in.ptr[k],Pre); */
    /*@ assert holm_reassembly_in_same{Pre,Here}(header, in); */
    /*@ assert \forall integer b; holm_runs_have(&reassembly->all[index], b) ==>
          0 <= b < reassembly->all[index].storage.len; */
    /*@ assert holm_reassembly_intact{Pre,Here}(&reassembly->all[index]); */
    enum holm_result result = collect(reassembly, index, header, in, whole, payload);

    /*@ assert result == HOLM_AGAIN ==>
          holm_reassembly_noted{Pre,Here}(&reassembly->all[index], header, in); */
    /*@ assert result \in { HOLM_OK, HOLM_AGAIN } ==>
          holm_reassembly_copied{Pre,Here}(&reassembly->all[index], header, in); */
    /*@ assert result \in { HOLM_OK, HOLM_AGAIN } ==>
          holm_reassembly_held{Pre,Here}(&reassembly->all[index], header); */
    /*@ assert result == HOLM_AGAIN ==>
          holm_reassembly_more{Pre,Here}(&reassembly->all[index], header, in); */
    /*@ assert result == HOLM_OK ==>
          holm_reassembly_full{Pre,Here}(&reassembly->all[index], header, in, payload); */
    /*@ assert result == HOLM_OK ==>
          holm_reassembly_given{Pre,Here}(&reassembly->all[index], header, in, payload); */
    return result;
}

/* expire gives up a packet whose time is over. */
/*@ requires holm_reassembly_ok(reassembly) && index < HOLM_REASSEMBLY_MAX;
    assigns reassembly->late, reassembly->all[index].used, reassembly->all[index].ends,
            reassembly->all[index].has_first, reassembly->all[index].congested,
            reassembly->all[index].not_capable, reassembly->all[index].runs_count;
    ensures holm_reassembly_ok(reassembly);
    ensures holm_reassembly_kept{Old,Here}(reassembly);
    ensures !reassembly->all[index].used; */
static void expire(struct holm_reassembly *reassembly, size_t index)
{
    reassembly->late = holm_u64_wrap_add(reassembly->late, 1);
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX ==>
          holm_reassembly_packet_same{Pre,Here}(&reassembly->all[k]); */
    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    /*@ assert holm_reassembly_parts(reassembly); */
    /*@ assert holm_reassembly_there(reassembly); */
    give_up(reassembly, index);
}

/* tell_last tells of a packet whose time is over, and gives it up. */
/*@ requires holm_reassembly_ok(reassembly) && index < HOLM_REASSEMBLY_MAX;
    requires reassembly->all[index].has_first;
    requires \valid(late) && \valid(front) && \separated(reassembly, late, front);
    assigns *late, *front;
    assigns reassembly->late, reassembly->all[index].used, reassembly->all[index].ends,
            reassembly->all[index].has_first, reassembly->all[index].congested,
            reassembly->all[index].not_capable, reassembly->all[index].runs_count;
    ensures holm_reassembly_ok(reassembly);
    ensures holm_reassembly_kept{Old,Here}(reassembly);
    ensures front->ptr == reassembly->all[index].storage.ptr &&
            front->len <= reassembly->all[index].storage.len; */
static void tell_last(struct holm_reassembly *reassembly, size_t index, struct holm_ip_header *late,
                      struct holm_bytes *front)
{
    holm_reassembly__tell(&HOLM_AT(reassembly->all, index), late, front);
    /*@ assert \forall integer k; 0 <= k < HOLM_REASSEMBLY_MAX ==>
          holm_reassembly_packet_same{Pre,Here}(&reassembly->all[k]); */
    /*@ assert holm_reassembly_kept{Pre,Here}(reassembly); */
    /*@ assert holm_reassembly_parts(reassembly); */
    /*@ assert holm_reassembly_there(reassembly); */
    expire(reassembly, index);
}

enum holm_result holm_reassembly_tick(struct holm_reassembly *reassembly, uint64_t now_ns,
                                      struct holm_ip_header *late, struct holm_bytes *front)
{
    /*@ loop invariant i <= HOLM_REASSEMBLY_MAX && holm_reassembly_ok(reassembly);
        loop invariant holm_reassembly_kept{Pre,Here}(reassembly);
        loop invariant \forall integer k; 0 <= k < i ==>
          !reassembly->all[k].used || reassembly->all[k].due_ns > now_ns;
        loop assigns i, *reassembly;
        loop variant HOLM_REASSEMBLY_MAX - i; */
    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++) {
        const struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, i);
        if (!packet->used || packet->due_ns > now_ns)
            continue;
        if (packet->has_first) {
            tell_last(reassembly, i, late, front);
            return HOLM_OK;
        }
        expire(reassembly, i);
    }
    return HOLM_END;
}

uint64_t holm_reassembly_deadline(const struct holm_reassembly *reassembly)
{
    uint64_t due_ns = UINT64_MAX;

    /*@ loop invariant i <= HOLM_REASSEMBLY_MAX;
        loop invariant \forall integer k; 0 <= k < i ==> reassembly->all[k].used ==>
          due_ns <= reassembly->all[k].due_ns;
        loop invariant due_ns == UINT64_MAX || \exists integer k; 0 <= k < i &&
          reassembly->all[k].used && due_ns == reassembly->all[k].due_ns;
        loop assigns i, due_ns;
        loop variant HOLM_REASSEMBLY_MAX - i; */
    for (size_t i = 0; i < HOLM_REASSEMBLY_MAX; i++) {
        const struct holm_reassembly_packet *packet = &HOLM_AT(reassembly->all, i);
        if (packet->used && packet->due_ns < due_ns)
            due_ns = packet->due_ns;
    }
    return due_ns;
}
