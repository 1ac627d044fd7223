/* SPDX-License-Identifier: ISC */
/* reassembly_runs.c: which bytes of a packet have come. Runs are in order, and a byte is missing between
 * any two. */
#include "reassembly_impl.h"

/* runs_close takes out a run that lies within the one before it. */
/*@ requires \valid(packet) && 0 < index < packet->runs_count <= HOLM_REASSEMBLY_RUNS_MAX;
    requires packet->runs[index - 1].start <= packet->runs[index].start &&
             packet->runs[index].end <= packet->runs[index - 1].end;
    assigns packet->runs_count, packet->runs[index .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    ensures packet->runs_count == \old(packet->runs_count) - 1;
    ensures \forall integer k; index <= k < packet->runs_count ==>
              packet->runs[k].start == \old(packet->runs[k + 1].start);
    ensures \forall integer k; index <= k < packet->runs_count ==>
              packet->runs[k].end == \old(packet->runs[k + 1].end);
    ensures \forall integer b; holm_runs_have(packet, b) <==> holm_runs_have{Old}(packet, b); */
static void runs_close(struct holm_reassembly_packet *packet, size_t index)
{
    packet->runs_count -= 1;
    /*@ loop invariant index <= i <= packet->runs_count;
        loop invariant \forall integer k; index <= k < i ==>
          packet->runs[k].start == \at(packet->runs[k + 1].start,Pre) &&
          packet->runs[k].end == \at(packet->runs[k + 1].end,Pre);
        loop invariant \forall integer k; i <= k < HOLM_REASSEMBLY_RUNS_MAX ==>
          packet->runs[k].start == \at(packet->runs[k].start,Pre) &&
          packet->runs[k].end == \at(packet->runs[k].end,Pre);
        loop assigns i, packet->runs[index .. HOLM_REASSEMBLY_RUNS_MAX - 1];
        loop variant packet->runs_count - i; */
    for (size_t i = index; i < packet->runs_count; i++) {
        HOLM_AT(packet->runs, i).start = HOLM_AT(packet->runs, i + 1).start;
        HOLM_AT(packet->runs, i).end = HOLM_AT(packet->runs, i + 1).end;
    }
    /*@ assert holm_runs_moved{Pre,Here}(packet, 0, index, 0); */
    /*@ assert holm_runs_moved{Pre,Here}(packet, index + 1, packet->runs_count + 1, -1); */
    /*@ assert holm_runs_moved{Here,Pre}(packet, index, packet->runs_count, 1); */
    /*@ assert \forall integer b; holm_runs_have{Pre}(packet, b) ==> holm_runs_have(packet, b); */
    /*@ assert \forall integer b; holm_runs_have(packet, b) ==> holm_runs_have{Pre}(packet, b); */
}

/* runs_open puts a run before that of an index. */
/*@ requires \valid(packet) && index <= packet->runs_count < HOLM_REASSEMBLY_RUNS_MAX;
    assigns packet->runs_count, packet->runs[index .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    ensures packet->runs_count == \old(packet->runs_count) + 1;
    ensures packet->runs[index].start == run.start && packet->runs[index].end == run.end;
    ensures \forall integer k; index < k < packet->runs_count ==>
              packet->runs[k].start == \old(packet->runs[k - 1].start);
    ensures \forall integer k; index < k < packet->runs_count ==>
              packet->runs[k].end == \old(packet->runs[k - 1].end);
    ensures holm_runs_added{Old,Here}(packet, run.start, run.end); */
static void runs_open(struct holm_reassembly_packet *packet, size_t index,
                      struct holm_reassembly_run run)
{
    /*@ loop invariant index <= i <= packet->runs_count;
        loop invariant \forall integer k; i < k <= packet->runs_count ==>
          packet->runs[k].start == \at(packet->runs[k - 1].start,Pre) &&
          packet->runs[k].end == \at(packet->runs[k - 1].end,Pre);
        loop invariant \forall integer k; 0 <= k <= i ==>
          packet->runs[k].start == \at(packet->runs[k].start,Pre) &&
          packet->runs[k].end == \at(packet->runs[k].end,Pre);
        loop assigns i, packet->runs[index .. HOLM_REASSEMBLY_RUNS_MAX - 1];
        loop variant i - index; */
    for (size_t i = packet->runs_count; i > index; i--) {
        HOLM_AT(packet->runs, i).start = HOLM_AT(packet->runs, i - 1).start;
        HOLM_AT(packet->runs, i).end = HOLM_AT(packet->runs, i - 1).end;
    }
    HOLM_AT(packet->runs, index).start = run.start;
    HOLM_AT(packet->runs, index).end = run.end;
    packet->runs_count += 1;
    /*@ assert holm_runs_moved{Pre,Here}(packet, 0, index, 0); */
    /*@ assert holm_runs_moved{Pre,Here}(packet, index, packet->runs_count - 1, 1); */
    /*@ assert holm_runs_moved{Here,Pre}(packet, index + 1, packet->runs_count, -1); */
    /*@ assert \forall integer b; holm_runs_have{Pre}(packet, b) ==> holm_runs_have(packet, b); */
    /*@ assert \forall integer b; holm_runs_have(packet, b) ==>
          holm_runs_have{Pre}(packet, b) || run.start <= b < run.end; */
}

size_t holm_reassembly__run_find(const struct holm_reassembly_packet *packet, uint16_t at)
{
    size_t index = 0;

    /*@ loop invariant index <= packet->runs_count;
        loop invariant \forall integer k; 0 <= k < index ==> packet->runs[k].end <= at;
        loop assigns index;
        loop variant packet->runs_count - index; */
    while (index < packet->runs_count && HOLM_AT(packet->runs, index).end <= at)
        index += 1;
    return index;
}

/* run_prolong adds bytes that stand right behind the run before an index. */
/*@ requires \valid(packet) && holm_runs_ok(packet);
    requires run.start < run.end <= packet->storage.len;
    requires holm_runs_gap(packet, index, run.start, run.end);
    requires index > 0 && packet->runs[index - 1].end == run.start;
    requires index < packet->runs_count ==> run.end < packet->runs[index].start;
    assigns packet->runs_count, packet->runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    ensures holm_runs_grown{Old,Here}(packet, run.start, run.end); */
static void run_prolong(struct holm_reassembly_packet *packet, size_t index,
                        struct holm_reassembly_run run)
{
    HOLM_AT(packet->runs, index - 1U).end = run.end;
}

/* runs_join adds the bytes that are missing between two runs. */
/*@ requires \valid(packet) && holm_runs_ok(packet) && 0 < index < packet->runs_count;
    assigns packet->runs_count, packet->runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    ensures holm_runs_grown{Old,Here}(packet, \old(packet->runs[index - 1].end),
                                      \old(packet->runs[index].start)); */
static void runs_join(struct holm_reassembly_packet *packet, size_t index)
{
    HOLM_AT(packet->runs, index - 1U).end = HOLM_AT(packet->runs, index).end;
    /*@ assert holm_runs_added{Pre,Here}(packet, \at(packet->runs[index - 1].end,Pre),
                                         \at(packet->runs[index].start,Pre)); */
    /*@ assert \forall integer i, j; 0 <= i < j < packet->runs_count && i != index && j != index ==>
          packet->runs[i].end < packet->runs[j].start; */
    runs_close(packet, index);
    /*@ assert holm_runs_moved{Pre,Here}(packet, 0, index - 1, 0); */
    /*@ assert holm_runs_moved{Here,Pre}(packet, index, packet->runs_count, 1); */
    /*@ assert \forall integer k; index <= k < packet->runs_count ==>
          packet->runs[index - 1].end < packet->runs[k].start; */
    /*@ assert \forall integer i, j; index <= i < j < packet->runs_count ==>
          packet->runs[i].end < packet->runs[j].start; */
    /*@ assert \forall integer i; 0 <= i < packet->runs_count ==>
          packet->runs[i].start < packet->runs[i].end <= packet->storage.len; */
    /*@ assert \forall integer i, j; 0 <= i < j < packet->runs_count ==>
          packet->runs[i].end < packet->runs[j].start; */
    /*@ assert holm_runs_end(packet) == holm_runs_end{Pre}(packet); */
    /*@ assert holm_runs_added{Pre,Here}(packet, \at(packet->runs[index - 1].end,Pre),
                                         \at(packet->runs[index].start,Pre)); */
}

/* run_precede adds bytes that stand right before a run. */
/*@ requires \valid(packet) && holm_runs_ok(packet);
    requires run.start < run.end <= packet->storage.len;
    requires holm_runs_gap(packet, index, run.start, run.end);
    requires index < packet->runs_count && packet->runs[index].start == run.end;
    requires index > 0 ==> packet->runs[index - 1].end < run.start;
    assigns packet->runs_count, packet->runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    ensures holm_runs_grown{Old,Here}(packet, run.start, run.end); */
static void run_precede(struct holm_reassembly_packet *packet, size_t index,
                        struct holm_reassembly_run run)
{
    HOLM_AT(packet->runs, index).start = run.start;
}

/* run_insert adds bytes that stand alone. */
/*@ requires \valid(packet) && holm_runs_ok(packet);
    requires run.start < run.end <= packet->storage.len;
    requires holm_runs_gap(packet, index, run.start, run.end);
    requires packet->runs_count < HOLM_REASSEMBLY_RUNS_MAX;
    requires index > 0 ==> packet->runs[index - 1].end < run.start;
    requires index < packet->runs_count ==> run.end < packet->runs[index].start;
    assigns packet->runs_count, packet->runs[0 .. HOLM_REASSEMBLY_RUNS_MAX - 1];
    ensures holm_runs_grown{Old,Here}(packet, run.start, run.end); */
static void run_insert(struct holm_reassembly_packet *packet, size_t index,
                       struct holm_reassembly_run run)
{
    /*@ assert \forall integer k; 0 <= k < index ==> packet->runs[k].end < run.start; */
    /*@ assert \forall integer k; index <= k < packet->runs_count ==>
          run.end < packet->runs[k].start; */
    runs_open(packet, index, run);
    /*@ assert \forall integer k; 0 <= k < index ==> packet->runs[k].end < run.start; */
    /*@ assert \forall integer k; index < k < packet->runs_count ==>
          run.end < packet->runs[k].start; */
    /*@ assert \forall integer i; 0 <= i < packet->runs_count ==>
          packet->runs[i].start < packet->runs[i].end <= packet->storage.len; */
    /*@ assert \forall integer i, j; 0 <= i < j < packet->runs_count ==>
          packet->runs[i].end < packet->runs[j].start; */
    /*@ assert holm_runs_end(packet) == \max(holm_runs_end{Pre}(packet), run.end); */
    /*@ assert holm_runs_added{Pre,Here}(packet, run.start, run.end); */
}

enum holm_result holm_reassembly__run_add(struct holm_reassembly_packet *packet,
                                          struct holm_reassembly_run run)
{
    size_t index = holm_reassembly__run_find(packet, run.start);
    bool next = index < packet->runs_count;

    if (next && HOLM_AT(packet->runs, index).start < run.end)
        return HOLM_ERR_MALFORMED;
    /*@ assert holm_runs_gap(packet, index, run.start, run.end); */
    /*@ assert \forall integer b; run.start <= b < run.end ==> !holm_runs_have(packet, b); */
    bool behind = index > 0 && HOLM_AT(packet->runs, index - 1U).end == run.start;
    bool ahead = next && HOLM_AT(packet->runs, index).start == run.end;
    if (behind && ahead)
        runs_join(packet, index);
    else if (behind)
        run_prolong(packet, index, run);
    else if (ahead)
        run_precede(packet, index, run);
    else if (packet->runs_count == HOLM_REASSEMBLY_RUNS_MAX)
        return HOLM_ERR_LIMIT;
    else
        run_insert(packet, index, run);
    return HOLM_OK;
}
