/* SPDX-License-Identifier: ISC */
/* reassembly.acsl.h: what is promised of packets in the making, for Frama-C. */
#pragma once

#include "core/proof/address.acsl.h"
#include "core/proof/wrap.acsl.h"
#include "proto/ip/src/reassembly_impl.h"

/*@ // Runs are in order, none is empty, a byte is missing between any two, and all lie in the storage.
    predicate holm_runs_ok{L}(struct holm_reassembly_packet *p) =
      p->runs_count <= HOLM_REASSEMBLY_RUNS_MAX &&
      (\forall integer i; 0 <= i < p->runs_count ==>
        p->runs[i].start < p->runs[i].end <= p->storage.len) &&
      (\forall integer i, j; 0 <= i < j < p->runs_count ==> p->runs[i].end < p->runs[j].start);
    // Byte b of the packet has come.
    predicate holm_runs_have{L}(struct holm_reassembly_packet *p, integer b) =
      \exists integer i; 0 <= i < p->runs_count && p->runs[i].start <= b < p->runs[i].end;
    // The runs from first to last have moved by so many places.
    predicate holm_runs_moved{L1,L2}(struct holm_reassembly_packet *p, integer first,
                                     integer last, integer by) =
      \forall integer k; first <= k < last ==>
        \at(p->runs[k + by].start,L2) == \at(p->runs[k].start,L1) &&
        \at(p->runs[k + by].end,L2) == \at(p->runs[k].end,L1);
    // At L2 the bytes from start to end have come as well, and no others.
    predicate holm_runs_added{L1,L2}(struct holm_reassembly_packet *p, integer start,
                                     integer end) =
      \forall integer b;
        holm_runs_have{L2}(p, b) <==> holm_runs_have{L1}(p, b) || start <= b < end;
    // Where its last run ends.
    logic integer holm_runs_end{L}(struct holm_reassembly_packet *p) =
      p->runs_count == 0 ? 0 : p->runs[p->runs_count - 1].end;
    // The header of the first fragment is there if the first byte is.
    predicate holm_runs_first{L}(struct holm_reassembly_packet *p) =
      p->has_first <==> p->runs_count > 0 && p->runs[0].start == 0;
    // The runs are as they were.
    predicate holm_runs_same{L1,L2}(struct holm_reassembly_packet *p) =
      \at(p->runs_count,L2) == \at(p->runs_count,L1) &&
      holm_runs_moved{L1,L2}(p, 0, HOLM_REASSEMBLY_RUNS_MAX, 0);
    // Bytes from start to end have their place before that run, and overlap none.
    predicate holm_runs_gap{L}(struct holm_reassembly_packet *p, integer index, integer start,
                               integer end) =
      0 <= index <= p->runs_count &&
      (\forall integer k; 0 <= k < index ==> p->runs[k].end <= start) &&
      (\forall integer k; index <= k < p->runs_count ==> end <= p->runs[k].start);
    // At L2 these have come as well.
    predicate holm_runs_grown{L1,L2}(struct holm_reassembly_packet *p, integer start,
                                     integer end) =
      holm_runs_ok{L2}(p) && \at(p->runs_count,L2) > 0 &&
      \at(p->runs[0].start,L2) ==
        (\at(p->runs_count,L1) > 0 && \at(p->runs[0].start,L1) < start
           ? \at(p->runs[0].start,L1) : start) &&
      holm_runs_end{L2}(p) == \max(holm_runs_end{L1}(p), end) &&
      holm_runs_added{L1,L2}(p, start, end);
    // If the last fragment has come, the last run ends where the packet does.
    predicate holm_reassembly_packet_ok{L}(struct holm_reassembly_packet *p) =
      holm_runs_ok(p) && (p->ends ==> p->runs_count > 0 && holm_runs_end(p) == p->len) &&
      holm_runs_first(p);
    // The place is free.
    predicate holm_reassembly_free{L}(struct holm_reassembly_packet *p) =
      !p->used && !p->ends && !p->has_first && p->runs_count == 0;
    // All of it that holm_reassembly_packet_ok says something of is as it was.
    predicate holm_reassembly_packet_same{L1,L2}(struct holm_reassembly_packet *p) =
      holm_runs_same{L1,L2}(p) && \at(p->ends,L2) == \at(p->ends,L1) &&
      \at(p->has_first,L2) == \at(p->has_first,L1) && \at(p->len,L2) == \at(p->len,L1) &&
      \at(p->storage.len,L2) == \at(p->storage.len,L1);
    // Each packet has an equal part of the storage, one behind the other.
    predicate holm_reassembly_parts{L}(struct holm_reassembly *r) =
      \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==>
        r->all[i].storage.len == r->all[0].storage.len &&
        r->all[i].storage.ptr == r->all[0].storage.ptr + i * r->all[0].storage.len &&
        \separated(r, r->all[i].storage.ptr + (0 .. r->all[i].storage.len - 1));
    predicate holm_reassembly_there{L}(struct holm_reassembly *r) =
      \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==>
        \valid(r->all[i].storage.ptr + (0 .. r->all[i].storage.len - 1));
    predicate holm_reassembly_ok{L}(struct holm_reassembly *r) =
      \valid(r) && holm_reassembly_parts(r) && holm_reassembly_there(r) &&
      (\forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==>
        holm_reassembly_packet_ok(&r->all[i]));
    // The part of index i begins in a storage of such parts of n bytes.
    predicate holm_reassembly_within(integer i, integer n) =
      0 <= i * n <= (HOLM_REASSEMBLY_MAX - 1) * n;
    lemma holm_reassembly_is_within: \forall integer i, n;
      0 <= i < HOLM_REASSEMBLY_MAX && 0 <= n ==> holm_reassembly_within(i, n);
    // The storage is still the same.
    predicate holm_reassembly_kept{L1,L2}(struct holm_reassembly *r) =
      \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==>
        \at(r->all[i].storage.ptr,L2) == \at(r->all[i].storage.ptr,L1) &&
        \at(r->all[i].storage.len,L2) == \at(r->all[i].storage.len,L1);
    // What is as it was is as right as it was.
    lemma holm_reassembly_stays_ok{L1,L2}: \forall struct holm_reassembly_packet *p;
      holm_reassembly_packet_same{L1,L2}(p) ==> holm_reassembly_packet_ok{L1}(p) ==>
        holm_reassembly_packet_ok{L2}(p);
    lemma holm_reassembly_stays_apart{L1,L2}: \forall struct holm_reassembly *r;
      holm_reassembly_kept{L1,L2}(r) ==> holm_reassembly_parts{L1}(r) ==>
        holm_reassembly_parts{L2}(r);
    lemma holm_runs_stay{L1,L2}: \forall struct holm_reassembly_packet *p, integer b;
      holm_runs_same{L1,L2}(p) ==> holm_runs_ok{L1}(p) ==>
        (holm_runs_have{L2}(p, b) <==> holm_runs_have{L1}(p, b));
    // The headers say the same.
    predicate holm_reassembly_header_same{L}(struct holm_ip_header *a, struct holm_ip_header *b) =
      holm_ip_same(&a->source, &b->source) && holm_ip_same(&a->destination, &b->destination) &&
      a->payload_len == b->payload_len && a->id == b->id && a->offset == b->offset &&
      a->header_len == b->header_len && a->protocol_at == b->protocol_at &&
      a->protocol == b->protocol && a->hops == b->hops &&
      a->traffic_class == b->traffic_class && a->dont_fragment == b->dont_fragment &&
      a->more_fragments == b->more_fragments && a->has_options == b->has_options;
    // An address is as it was; what says which packet it is is as it was.
    predicate holm_reassembly_address_same{L1,L2}(struct holm_ip_address *a) =
      \at(a->family,L2) == \at(a->family,L1) &&
      \forall integer k; 0 <= k < 16 ==> \at(a->bytes[k],L2) == \at(a->bytes[k],L1);
    predicate holm_reassembly_known{L1,L2}(struct holm_reassembly_packet *p) =
      \at(p->used,L2) == \at(p->used,L1) && \at(p->id,L2) == \at(p->id,L1) &&
      \at(p->protocol,L2) == \at(p->protocol,L1) &&
      holm_reassembly_address_same{L1,L2}(\at(&p->source,L1)) &&
      holm_reassembly_address_same{L1,L2}(\at(&p->destination,L1));
    // The fragment is one of that packet.
    predicate holm_reassembly_belongs{L}(struct holm_reassembly_packet *p,
                                         struct holm_ip_header *header) =
      p->used && p->id == header->id &&
      (p->protocol == header->protocol || p->source.family == HOLM_IP_V6) &&
      holm_ip_same(&p->source, &header->source) &&
      holm_ip_same(&p->destination, &header->destination);
    // The packet of that fragment was in the making there, and had byte b.
    predicate holm_reassembly_came{L}(struct holm_reassembly_packet *p,
                                      struct holm_ip_header *header, integer b) =
      holm_reassembly_belongs{L}(p, header) && holm_runs_have{L}(p, b);
    // Byte b is one of the fragment that came between L1 and L2, or had come before and is the same.
    predicate holm_reassembly_from{L1,L2}(struct holm_reassembly_packet *p,
                                          struct holm_ip_header *header, struct holm_bytes in,
                                          integer b) =
      (\at(header->offset,L1) <= b < \at(header->offset,L1) + in.len &&
       \at(p->storage.ptr[b],L2) == \at(in.ptr[b - \at(header->offset,L1)],L1)) ||
      (holm_reassembly_came{L1}(p, header, b) &&
       \at(p->storage.ptr[b],L2) == \at(p->storage.ptr[b],L1));
    // The packet of the fragment has its bytes, and those that had come before, and no others.
    predicate holm_reassembly_noted{L1,L2}(struct holm_reassembly_packet *p,
                                           struct holm_ip_header *header, struct holm_bytes in) =
      \forall integer b; holm_runs_have{L2}(p, b) <==>
        holm_reassembly_came{L1}(p, header, b) ||
        \at(header->offset,L1) <= b < \at(header->offset,L1) + in.len;
    predicate holm_reassembly_copied{L1,L2}(struct holm_reassembly_packet *p,
                                            struct holm_ip_header *header, struct holm_bytes in) =
      \forall integer b; \at(header->offset,L1) <= b < \at(header->offset,L1) + in.len ==>
        \at(p->storage.ptr[b],L2) == \at(in.ptr[b - \at(header->offset,L1)],L1);
    // The bytes that had come are as they were.
    predicate holm_reassembly_held{L1,L2}(struct holm_reassembly_packet *p,
                                          struct holm_ip_header *header) =
      \forall integer b; holm_reassembly_came{L1}(p, header, b) ==>
        \at(p->storage.ptr[b],L2) == \at(p->storage.ptr[b],L1);
    predicate holm_reassembly_more{L1,L2}(struct holm_reassembly_packet *p,
                                          struct holm_ip_header *header, struct holm_bytes in) =
      holm_reassembly_belongs{L2}(p, header) && holm_reassembly_noted{L1,L2}(p, header, in) &&
      holm_reassembly_copied{L1,L2}(p, header, in) && holm_reassembly_held{L1,L2}(p, header);
    // What is handed over is the packet's, and its bytes have all come.
    predicate holm_reassembly_given{L1,L2}(struct holm_reassembly_packet *p,
                                           struct holm_ip_header *header, struct holm_bytes in,
                                           struct holm_span *payload) =
      \at(payload->ptr,L2) == \at(p->storage.ptr,L2) &&
      \forall integer b; 0 <= b < \at(payload->len,L2) ==>
        holm_reassembly_from{L1,L2}(p, header, in, b);
    // What is handed over had come, or is of this fragment.
    predicate holm_reassembly_full{L1,L2}(struct holm_reassembly_packet *p,
                                          struct holm_ip_header *header, struct holm_bytes in,
                                          struct holm_span *payload) =
      \at(payload->ptr,L2) == \at(p->storage.ptr,L2) &&
      \forall integer b; 0 <= b < \at(payload->len,L2) ==>
        holm_reassembly_came{L1}(p, header, b) ||
        \at(header->offset,L1) <= b < \at(header->offset,L1) + in.len;
    predicate holm_reassembly_in_same{L1,L2}(struct holm_ip_header *header, struct holm_bytes in) =
      \at(header->offset,L2) == \at(header->offset,L1) &&
      \forall integer k; 0 <= k < in.len ==> \at(in.ptr[k],L2) == \at(in.ptr[k],L1);
    lemma holm_reassembly_copied_from{L1,L2,L3}: \forall struct holm_reassembly_packet *p,
      struct holm_ip_header *header, struct holm_bytes in;
      holm_reassembly_in_same{L1,L2}(header, in) ==> holm_reassembly_copied{L2,L3}(p, header, in) ==>
        holm_reassembly_copied{L1,L3}(p, header, in);
    lemma holm_reassembly_given_all{L1,L2}: \forall struct holm_reassembly_packet *p,
      struct holm_ip_header *header, struct holm_bytes in, struct holm_span *payload;
      holm_reassembly_full{L1,L2}(p, header, in, payload) ==>
      holm_reassembly_copied{L1,L2}(p, header, in) ==> holm_reassembly_held{L1,L2}(p, header) ==>
        holm_reassembly_given{L1,L2}(p, header, in, payload);
    // The packet's part of the storage is as it was.
    predicate holm_reassembly_intact{L1,L2}(struct holm_reassembly_packet *p) =
      \forall integer b; 0 <= b < \at(p->storage.len,L1) ==>
        \at(p->storage.ptr[b],L2) == \at(p->storage.ptr[b],L1);
*/

/*@ requires \valid(reassembly) && \valid(storage.ptr + (0 .. storage.len - 1));
    requires \separated(reassembly, storage.ptr + (0 .. storage.len - 1));
    assigns *reassembly;
    ensures holm_reassembly_ok(reassembly);
    ensures reassembly->all[0].storage.ptr == storage.ptr;
    ensures reassembly->all[0].storage.len == storage.len / HOLM_REASSEMBLY_MAX;
    ensures \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==> !reassembly->all[i].used;
    ensures reassembly->late == 0 && reassembly->broken == 0; */
void holm_reassembly_init(struct holm_reassembly *reassembly, struct holm_span storage);

/*@ requires holm_reassembly_ok(reassembly) && \valid_read(header) && holm_readable(in);
    requires \valid(whole) && \valid(payload) && now_ns <= UINT64_MAX - HOLM_REASSEMBLY_NS;
    requires \separated(reassembly, header, whole, payload, in.ptr + (0 .. in.len - 1));
    requires \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==>
              \separated(reassembly->all[i].storage.ptr + (0 .. reassembly->all[i].storage.len - 1),
                         header, whole, payload, in.ptr + (0 .. in.len - 1));
    assigns *reassembly, *whole, *payload;
    assigns reassembly->all[0].storage.ptr[0 ..
              reassembly->all[0].storage.len * HOLM_REASSEMBLY_MAX - 1];
    ensures holm_reassembly_ok(reassembly);
    ensures holm_reassembly_kept{Old,Here}(reassembly);
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> 0 < payload->len <= reassembly->all[0].storage.len;
    ensures \result == HOLM_OK ==> \exists integer i; 0 <= i < HOLM_REASSEMBLY_MAX &&
              holm_reassembly_given{Old,Here}(&reassembly->all[i], header, in, payload);
    ensures \result == HOLM_OK && !\old(header->more_fragments) ==>
              payload->len == \old(header->offset) + in.len;
    ensures \result == HOLM_AGAIN ==> \exists integer i; 0 <= i < HOLM_REASSEMBLY_MAX &&
              holm_reassembly_more{Old,Here}(&reassembly->all[i], header, in);
    ensures \result == HOLM_OK ==> whole->payload_len == payload->len && !whole->more_fragments;
    ensures \result != HOLM_OK ==> *payload == \old(*payload); */
enum holm_result holm_reassembly_feed(struct holm_reassembly *reassembly,
                                      const struct holm_ip_header *header, struct holm_bytes in,
                                      uint64_t now_ns, struct holm_ip_header *whole,
                                      struct holm_span *payload);

/*@ requires holm_reassembly_ok(reassembly) && \valid(late) && \valid(front);
    requires \separated(reassembly, late, front);
    requires \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==>
              \separated(reassembly->all[i].storage.ptr + (0 .. reassembly->all[i].storage.len - 1),
                         late, front);
    assigns *reassembly, *late, *front;
    ensures holm_reassembly_ok(reassembly);
    ensures holm_reassembly_kept{Old,Here}(reassembly);
    ensures \result \in { HOLM_OK, HOLM_END };
    ensures \result == HOLM_OK ==> \exists integer i; 0 <= i < HOLM_REASSEMBLY_MAX &&
              front->ptr == reassembly->all[i].storage.ptr &&
              front->len <= reassembly->all[i].storage.len;
    ensures \result == HOLM_END ==> \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==>
              !reassembly->all[i].used || reassembly->all[i].due_ns > now_ns;
    ensures \result == HOLM_END ==> *late == \old(*late);
    ensures \result == HOLM_END ==> *front == \old(*front); */
enum holm_result holm_reassembly_tick(struct holm_reassembly *reassembly, uint64_t now_ns,
                                      struct holm_ip_header *late, struct holm_bytes *front);

/*@ requires \valid_read(reassembly);
    assigns \nothing;
    ensures \forall integer i; 0 <= i < HOLM_REASSEMBLY_MAX ==> reassembly->all[i].used ==>
              \result <= reassembly->all[i].due_ns;
    ensures \result == UINT64_MAX || \exists integer i; 0 <= i < HOLM_REASSEMBLY_MAX &&
              reassembly->all[i].used && \result == reassembly->all[i].due_ns; */
uint64_t holm_reassembly_deadline(const struct holm_reassembly *reassembly);

/* reassembly_runs.c */

/*@ requires \valid_read(packet) && packet->runs_count <= HOLM_REASSEMBLY_RUNS_MAX;
    assigns \nothing;
    ensures \result <= packet->runs_count;
    ensures \forall integer k; 0 <= k < \result ==> packet->runs[k].end <= at;
    ensures \result < packet->runs_count ==> packet->runs[\result].end > at; */
size_t holm_reassembly__run_find(const struct holm_reassembly_packet *packet, uint16_t at);

/*@ requires \valid(packet) && holm_runs_ok(packet) && run.start < run.end <= packet->storage.len;
    assigns packet->runs_count, packet->runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> holm_runs_grown{Old,Here}(packet, run.start, run.end);
    ensures \result == HOLM_OK ==> \forall integer b; run.start <= b < run.end ==>
              !holm_runs_have{Old}(packet, b); */
enum holm_result holm_reassembly__run_add(struct holm_reassembly_packet *packet,
                                          struct holm_reassembly_run run);

/* reassembly_packet.c */

/*@ requires \valid(packet);
    assigns packet->used, packet->ends, packet->has_first, packet->congested,
            packet->not_capable, packet->runs_count;
    ensures holm_reassembly_free(packet); */
void holm_reassembly__release(struct holm_reassembly_packet *packet);

/*@ requires \valid(packet) && \valid_read(header) && \separated(packet, header);
    requires now_ns <= UINT64_MAX - HOLM_REASSEMBLY_NS;
    assigns packet->used, packet->ends, packet->has_first, packet->congested,
            packet->not_capable, packet->runs_count,
            packet->source, packet->destination, packet->id, packet->protocol, packet->due_ns;
    ensures holm_reassembly_packet_ok(packet) && packet->runs_count == 0;
    ensures holm_reassembly_belongs(packet, header);
    ensures packet->due_ns == now_ns + HOLM_REASSEMBLY_NS; */
void holm_reassembly__begin(struct holm_reassembly_packet *packet,
                            const struct holm_ip_header *header, uint64_t now_ns);

/*@ requires \valid(packet) && holm_reassembly_packet_ok(packet);
    requires \valid(packet->storage.ptr + (0 .. packet->storage.len - 1));
    requires \valid_read(header) && holm_readable(in);
    requires \separated(packet, header, in.ptr + (0 .. in.len - 1),
                        packet->storage.ptr + (0 .. packet->storage.len - 1));
    assigns packet->ends, packet->len, packet->congested, packet->not_capable, packet->first,
            packet->runs_count,
            packet->runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1], packet->has_first;
    assigns packet->storage.ptr[0 .. packet->storage.len - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> holm_reassembly_packet_ok(packet);
    ensures \result == HOLM_OK ==> in.len > 0 && \old(header->offset) + in.len <= packet->storage.len;
    ensures \result == HOLM_OK && !\old(header->more_fragments) ==>
              packet->ends && packet->len == \old(header->offset) + in.len;
    ensures \result == HOLM_OK ==> \forall integer k; 0 <= k < in.len ==>
              packet->storage.ptr[\old(header->offset) + k] == in.ptr[k];
    ensures \result == HOLM_OK ==>
              holm_runs_added{Old,Here}(packet, \old(header->offset), \old(header->offset) + in.len);
    ensures \result == HOLM_OK ==> \forall integer b; holm_runs_have{Old}(packet, b) ==>
              packet->storage.ptr[b] == \old(packet->storage.ptr[b]); */
enum holm_result holm_reassembly__place(struct holm_reassembly_packet *packet,
                                        const struct holm_ip_header *header, struct holm_bytes in);

/*@ requires \valid_read(packet) && \valid(whole) && \separated(packet, whole);
    assigns *whole;
    ensures whole->payload_len == packet->len && !whole->more_fragments;
    ensures whole->traffic_class / 4 == packet->first.traffic_class / 4;
    ensures packet->congested ==> whole->traffic_class % 4 == HOLM_IP_CE;
    ensures !packet->congested ==> whole->traffic_class == packet->first.traffic_class; */
void holm_reassembly__header(struct holm_ip_header *whole,
                             const struct holm_reassembly_packet *packet);

/*@ requires \valid_read(packet) && holm_reassembly_packet_ok(packet) && packet->has_first;
    requires \valid(packet->storage.ptr + (0 .. packet->storage.len - 1));
    requires \valid(late) && \valid(front) && \separated(packet, late, front);
    assigns *late, *front;
    ensures front->ptr == packet->storage.ptr && front->len <= packet->runs[0].end;
    ensures front->len <= packet->first.payload_len;
    ensures holm_reassembly_header_same(late, &packet->first); */
void holm_reassembly__tell(const struct holm_reassembly_packet *packet, struct holm_ip_header *late,
                           struct holm_bytes *front);
