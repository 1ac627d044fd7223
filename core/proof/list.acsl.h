/* SPDX-License-Identifier: ISC */
/* list.acsl.h: what lists promise, for Frama-C: a list is a row of slots, each of them in it once, and every call
 * makes of this row the one that it says. */
#pragma once

#include "element.acsl.h"

#include <holm/list.h>

/*@ axiomatic holm_links_place {
      // Where a link is, in whatever slots they stand; the requirements say that they lie apart.
      logic struct holm_link *holm_link(struct holm_links links, integer index);
    }
    predicate holm_links_ok{L}(struct holm_links links) = links.count < HOLM_LINK_END &&
      (\forall integer i; 0 <= i < links.count ==> \valid{L}(holm_link(links, i))) &&
      (\forall integer i, j; 0 <= i < links.count && 0 <= j < links.count && i != j ==>
         \separated(holm_link(links, i), holm_link(links, j)));
    predicate holm_list_apart(struct holm_links links, struct holm_list *list) =
      \forall integer i; 0 <= i < links.count ==> \separated(list, holm_link(links, i));
    predicate holm_index_apart(struct holm_links links, uint32_t *index) =
      \forall integer i; 0 <= i < links.count ==> \separated(index, holm_link(links, i));

    logic integer holm_next{L}(struct holm_links links, integer i) = holm_link(links, i)->next;
    logic integer holm_before{L}(struct holm_links links, integer i) = holm_link(links, i)->before;
    predicate holm_in_none{L}(struct holm_links links, integer i) =
      holm_next(links, i) == 0 && holm_before(links, i) == 0;

    // What stands at place k of a row, as a link says it: index + 1, or the end outside of the row.
    logic integer holm_at(\list<integer> row, integer k) =
      0 <= k < \length(row) ? \nth(row, k) + 1 : HOLM_LINK_END;
    // The links of a row's slots lead along it in both directions, and no slot stands in it twice.
    predicate holm_within(struct holm_links links, \list<integer> row) =
      \forall integer k; 0 <= k < \length(row) ==> 0 <= \nth(row, k) < links.count;
    predicate holm_leads_on{L}(struct holm_links links, \list<integer> row) =
      \forall integer k; 0 <= k < \length(row) ==>
        holm_next(links, \nth(row, k)) == holm_at(row, k + 1);
    predicate holm_leads_back{L}(struct holm_links links, \list<integer> row) =
      \forall integer k; 0 <= k < \length(row) ==>
        holm_before(links, \nth(row, k)) == holm_at(row, k - 1);
    predicate holm_each_once(\list<integer> row) =
      \forall integer j, k; 0 <= j < k < \length(row) ==> \nth(row, j) != \nth(row, k);
    predicate holm_linked{L}(struct holm_links links, \list<integer> row) =
      holm_within(links, row) && holm_each_once(row) && holm_leads_on(links, row) &&
      holm_leads_back(links, row);
    predicate holm_is_row{L}(struct holm_list *list, struct holm_links links, \list<integer> row) =
      list->count == \length(row) && holm_linked(links, row) &&
      list->first == (\length(row) == 0 ? 0 : holm_at(row, 0)) &&
      list->last == (\length(row) == 0 ? 0 : holm_at(row, \length(row) - 1));
    predicate holm_list_ok{L}(struct holm_list *list, struct holm_links links) =
      \exists \list<integer> row; holm_is_row(list, links, row);
    predicate holm_stands_in(\list<integer> row, integer i) =
      \exists integer k; 0 <= k < \length(row) && \nth(row, k) == i;
    predicate holm_list_has{L}(struct holm_list *list, struct holm_links links, integer i) =
      \exists \list<integer> row; holm_is_row(list, links, row) && holm_stands_in(row, i);
    predicate holm_link_kept{L1,L2}(struct holm_links links, integer i) =
      holm_next{L2}(links, i) == holm_next{L1}(links, i) &&
      holm_before{L2}(links, i) == holm_before{L1}(links, i);
    // The links of all slots outside of the row and but that at index are as they were.
    predicate holm_others_kept{L1,L2}(struct holm_links links, \list<integer> row, integer index) =
      \forall integer i; 0 <= i < links.count && i != index && !holm_stands_in(row, i) ==>
        holm_link_kept{L1,L2}(links, i);

    // more is row, and index at place h besides.
    predicate holm_row_with(\list<integer> more, \list<integer> row, integer h, integer index) =
      0 <= h <= \length(row) && \length(more) == \length(row) + 1 && \nth(more, h) == index &&
      (\forall integer k; 0 <= k < h ==> \nth(more, k) == \nth(row, k)) &&
      (\forall integer k; h <= k < \length(row) ==> \nth(more, k + 1) == \nth(row, k)) &&
      (\forall integer k; h < k < \length(more) ==> \nth(more, k) == \nth(row, k - 1));
    predicate holm_links_kept{L1,L2}(struct holm_links links) =
      \forall integer i; 0 <= i < links.count ==> holm_link_kept{L1,L2}(links, i);
    // Index + 1 of a slot, or an end.
    predicate holm_link_place(struct holm_links links, integer a) =
      a == HOLM_LINK_END || 1 <= a <= links.count;
    // Behind index + 1, a, stands b, and before index + 1, b, stands a; otherwise all is as it was.
    predicate holm_next_is{L1,L2}(struct holm_links links, integer a, integer b) =
      \forall integer i; 0 <= i < links.count ==>
        holm_next{L2}(links, i) == (i == a - 1 ? b : holm_next{L1}(links, i));
    predicate holm_before_is{L1,L2}(struct holm_links links, integer b, integer a) =
      \forall integer i; 0 <= i < links.count ==>
        holm_before{L2}(links, i) == (i == b - 1 ? a : holm_before{L1}(links, i));
    predicate holm_next_put{L1,L2}(struct holm_links links, integer a, integer b, integer index) =
      \forall integer i; 0 <= i < links.count ==> holm_next{L2}(links, i) ==
        (i == index ? b : i == a - 1 ? index + 1 : holm_next{L1}(links, i));
    predicate holm_before_put{L1,L2}(struct holm_links links, integer a, integer b, integer index) =
      \forall integer i; 0 <= i < links.count ==> holm_before{L2}(links, i) ==
        (i == index ? a : i == b - 1 ? index + 1 : holm_before{L1}(links, i));
    // The slot at index, which was in no list, was put between a and b.
    predicate holm_put{L1,L2}(struct holm_list *list, struct holm_links links, integer a, integer b,
                              integer index) =
      links.count < HOLM_LINK_END && 0 <= index < links.count && holm_in_none{L1}(links, index) &&
      \at(list->count,L2) == \at(list->count,L1) + 1 &&
      \at(list->first,L2) == (a == HOLM_LINK_END ? index + 1 : \at(list->first,L1)) &&
      \at(list->last,L2) == (b == HOLM_LINK_END ? index + 1 : \at(list->last,L1)) &&
      holm_next_put{L1,L2}(links, a, b, index) && holm_before_put{L1,L2}(links, a, b, index);
    predicate holm_next_cut{L1,L2}(struct holm_links links, integer a, integer b, integer index) =
      \forall integer i; 0 <= i < links.count ==> holm_next{L2}(links, i) ==
        (i == index ? 0 : i == a - 1 ? b : holm_next{L1}(links, i));
    predicate holm_before_cut{L1,L2}(struct holm_links links, integer a, integer b, integer index) =
      \forall integer i; 0 <= i < links.count ==> holm_before{L2}(links, i) ==
        (i == index ? 0 : i == b - 1 ? a : holm_before{L1}(links, i));
    // The slot at index, which stood between a and b, was taken out.
    predicate holm_cut{L1,L2}(struct holm_list *list, struct holm_links links, integer a, integer b,
                              integer index) =
      links.count < HOLM_LINK_END && 0 <= index < links.count &&
      \at(list->count,L2) == \at(list->count,L1) - 1 &&
      \at(list->first,L2) == (a != HOLM_LINK_END ? \at(list->first,L1) : b != HOLM_LINK_END ? b : 0) &&
      \at(list->last,L2) == (b != HOLM_LINK_END ? \at(list->last,L1) : a != HOLM_LINK_END ? a : 0) &&
      holm_next_cut{L1,L2}(links, a, b, index) && holm_before_cut{L1,L2}(links, a, b, index);
    lemma holm_row_put_within{L}: \forall struct holm_links links, \list<integer> row, more,
        integer h, index;
      holm_within(links, row) && holm_row_with(more, row, h, index) && 0 <= index < links.count ==>
        holm_within(links, more);
    predicate holm_chained{L}(struct holm_links links, \list<integer> row) =
      \forall integer k; 0 <= k < \length(row) ==>
        0 <= \nth(row, k) < links.count &&
        holm_next(links, \nth(row, k)) == holm_at(row, k + 1) &&
        holm_before(links, \nth(row, k)) == holm_at(row, k - 1);
    lemma holm_linked_chained{L}: \forall struct holm_links links, \list<integer> row;
      holm_linked{L}(links, row) ==> holm_chained{L}(links, row);
    lemma holm_row_put_next_at{L1,L2}: \forall struct holm_links links, \list<integer> row, more,
        integer h, index, k;
      links.count < HOLM_LINK_END && holm_chained{L1}(links, row) && holm_each_once(row) && holm_in_none{L1}(links, index) &&
      holm_row_with(more, row, h, index) && 0 <= index < links.count &&
      holm_next_put{L1,L2}(links, holm_at(row, h - 1), holm_at(row, h), index) && 0 <= k < \length(more) ==>
        holm_next{L2}(links, \nth(more, k)) == holm_at(more, k + 1);
    lemma holm_row_put_next{L1,L2}: \forall struct holm_links links, \list<integer> row, more,
        integer h, index;
      links.count < HOLM_LINK_END && holm_linked{L1}(links, row) && holm_in_none{L1}(links, index) &&
      holm_row_with(more, row, h, index) && 0 <= index < links.count &&
      holm_next_put{L1,L2}(links, holm_at(row, h - 1), holm_at(row, h), index) ==>
        holm_leads_on{L2}(links, more);
    lemma holm_row_put_before_at{L1,L2}: \forall struct holm_links links, \list<integer> row, more,
        integer h, index, k;
      links.count < HOLM_LINK_END && holm_chained{L1}(links, row) && holm_each_once(row) && holm_in_none{L1}(links, index) &&
      holm_row_with(more, row, h, index) && 0 <= index < links.count &&
      holm_before_put{L1,L2}(links, holm_at(row, h - 1), holm_at(row, h), index) && 0 <= k < \length(more) ==>
        holm_before{L2}(links, \nth(more, k)) == holm_at(more, k - 1);
    lemma holm_row_put_before{L1,L2}: \forall struct holm_links links, \list<integer> row, more,
        integer h, index;
      links.count < HOLM_LINK_END && holm_linked{L1}(links, row) && holm_in_none{L1}(links, index) &&
      holm_row_with(more, row, h, index) && 0 <= index < links.count &&
      holm_before_put{L1,L2}(links, holm_at(row, h - 1), holm_at(row, h), index) ==>
        holm_leads_back{L2}(links, more);
    lemma holm_row_put_once{L}: \forall struct holm_links links, \list<integer> row, more,
        integer h, index;
      holm_linked{L}(links, row) && holm_in_none{L}(links, index) &&
      holm_row_with(more, row, h, index) ==> holm_each_once(more);
    lemma holm_row_put{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row, more, integer h, index, a, b;
      holm_is_row{L1}(list, links, row) && holm_row_with(more, row, h, index) &&
      a == holm_at(row, h - 1) && b == holm_at(row, h) &&
      holm_put{L1,L2}(list, links, a, b, index) ==> holm_is_row{L2}(list, links, more);
    lemma holm_row_cut_within{L}: \forall struct holm_links links, \list<integer> row, more,
        integer h, index;
      holm_within(links, more) && holm_row_with(more, row, h, index) ==> holm_within(links, row);
    lemma holm_row_cut_next{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row, more, integer h, index;
      holm_linked{L1}(links, more) && holm_row_with(more, row, h, index) &&
      holm_cut{L1,L2}(list, links, holm_at(more, h - 1), holm_at(more, h + 1), index) ==>
        holm_leads_on{L2}(links, row);
    lemma holm_row_cut_before{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row, more, integer h, index;
      holm_linked{L1}(links, more) && holm_row_with(more, row, h, index) &&
      holm_cut{L1,L2}(list, links, holm_at(more, h - 1), holm_at(more, h + 1), index) ==>
        holm_leads_back{L2}(links, row);
    lemma holm_row_cut_once: \forall \list<integer> row, more, integer h, index;
      holm_each_once(more) && holm_row_with(more, row, h, index) ==> holm_each_once(row);
    lemma holm_row_cut_first{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row, more, integer h, index;
      holm_is_row{L1}(list, links, more) && holm_row_with(more, row, h, index) &&
      holm_cut{L1,L2}(list, links, holm_at(more, h - 1), holm_at(more, h + 1), index) ==>
        \at(list->first,L2) == (\length(row) == 0 ? 0 : holm_at(row, 0));
    lemma holm_row_cut_last{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row, more, integer h, index;
      holm_is_row{L1}(list, links, more) && holm_row_with(more, row, h, index) &&
      holm_cut{L1,L2}(list, links, holm_at(more, h - 1), holm_at(more, h + 1), index) ==>
        \at(list->last,L2) == (\length(row) == 0 ? 0 : holm_at(row, \length(row) - 1));
    lemma holm_row_cut{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row, more, integer h, index, a, b;
      holm_is_row{L1}(list, links, more) && holm_row_with(more, row, h, index) &&
      a == holm_at(more, h - 1) && b == holm_at(more, h + 1) &&
      holm_cut{L1,L2}(list, links, a, b, index) ==> holm_is_row{L2}(list, links, row);
    lemma holm_row_put_at{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row, more, integer h, place, index;
      holm_is_row{L1}(list, links, row) && holm_row_with(more, row, h, index) &&
      h < \length(row) && \nth(row, h) == place &&
      holm_put{L1,L2}(list, links, holm_before{L1}(links, place), place + 1, index) ==>
        holm_is_row{L2}(list, links, more);
    lemma holm_row_cut_from{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row, more, integer h, index;
      holm_is_row{L1}(list, links, more) && holm_row_with(more, row, h, index) &&
      holm_cut{L1,L2}(list, links, holm_before{L1}(links, index), holm_next{L1}(links, index),
                      index) ==>
        holm_is_row{L2}(list, links, row);
    lemma holm_row_kept{L1,L2}: \forall struct holm_list *list, struct holm_links links,
        \list<integer> row;
      holm_is_row{L1}(list, links, row) && holm_links_kept{L1,L2}(links) &&
      \at(list->first,L2) == \at(list->first,L1) && \at(list->last,L2) == \at(list->last,L1) &&
      \at(list->count,L2) == \at(list->count,L1) ==> holm_is_row{L2}(list, links, row);
    // That there is such a row: what a caller shows its list to be.
    lemma holm_row_joined: \forall \list<integer> head, tail, integer index;
      holm_row_with(head ^ ([| index |] ^ tail), head ^ tail, \length(head), index);
    lemma holm_row_begun: \forall \list<integer> row, integer index;
      holm_row_with([| index |] ^ row, row, 0, index);
    lemma holm_row_longer: \forall \list<integer> row, integer index;
      holm_row_with(row ^ [| index |], row, \length(row), index);
*/

/* Admitted: the address of a link within a larger slot is outside the model of memory. */
/*@ requires index < links.count && holm_links_ok(links);
    assigns \nothing;
    ensures \result == holm_link(links, index); */
static inline struct holm_link *holm_links__at(struct holm_links links, uint32_t index);

/*@ requires holm_links_ok(links) && index < links.count;
    assigns \nothing;
    ensures \result <==> holm_next(links, index) != 0; */
static inline bool holm_link_is_in_list(struct holm_links links, uint32_t index);

/*@ requires \valid_read(list) && \valid(index) && \separated(list, index);
    assigns *index;
    ensures \result <==> list->first != 0;
    ensures *index == (\result ? list->first - 1 : \old(*index)); */
static inline bool holm_list_first(const struct holm_list *list, uint32_t *index);

/*@ requires \valid_read(list) && \valid(index) && \separated(list, index);
    assigns *index;
    ensures \result <==> list->last != 0;
    ensures *index == (\result ? list->last - 1 : \old(*index)); */
static inline bool holm_list_last(const struct holm_list *list, uint32_t *index);

/*@ requires holm_links_ok(links) && index < links.count && holm_next(links, index) != 0;
    requires \valid(to) && holm_index_apart(links, to);
    assigns *to;
    ensures \result <==> holm_next(links, index) != HOLM_LINK_END;
    ensures *to == (\result ? holm_next(links, index) - 1 : \old(*to)); */
static inline bool holm_list_next(struct holm_links links, uint32_t index, uint32_t *to);

/*@ requires holm_links_ok(links) && index < links.count && holm_before(links, index) != 0;
    requires \valid(to) && holm_index_apart(links, to);
    assigns *to;
    ensures \result <==> holm_before(links, index) != HOLM_LINK_END;
    ensures *to == (\result ? holm_before(links, index) - 1 : \old(*to)); */
static inline bool holm_list_before(struct holm_links links, uint32_t index, uint32_t *to);

/*@ requires holm_links_ok(links) && \valid(list) && holm_list_apart(links, list);
    requires holm_list_ok(list, links) && list->count < UINT32_MAX;
    requires index < links.count && holm_in_none(links, index);
    assigns *list, { *holm_link(links, i) | integer i; 0 <= i < links.count };
    ensures \forall \list<integer> row, more; holm_is_row{Old}(list, links, row) &&
              holm_row_with(more, row, \length(row), index) ==> holm_is_row(list, links, more);
    ensures \forall \list<integer> row; holm_is_row{Old}(list, links, row) ==>
              holm_others_kept{Old,Here}(links, row, index); */
void holm_list_append(struct holm_list *list, struct holm_links links, uint32_t index);

/*@ requires holm_links_ok(links) && \valid(list) && holm_list_apart(links, list);
    requires holm_list_ok(list, links) && list->count < UINT32_MAX;
    requires index < links.count && holm_in_none(links, index);
    assigns *list, { *holm_link(links, i) | integer i; 0 <= i < links.count };
    ensures \forall \list<integer> row, more; holm_is_row{Old}(list, links, row) &&
              holm_row_with(more, row, 0, index) ==> holm_is_row(list, links, more);
    ensures \forall \list<integer> row; holm_is_row{Old}(list, links, row) ==>
              holm_others_kept{Old,Here}(links, row, index); */
void holm_list_prepend(struct holm_list *list, struct holm_links links, uint32_t index);

/*@ requires holm_links_ok(links) && \valid(list) && holm_list_apart(links, list);
    requires holm_list_has(list, links, place) && list->count < UINT32_MAX;
    requires index < links.count && holm_in_none(links, index);
    assigns *list, { *holm_link(links, i) | integer i; 0 <= i < links.count };
    ensures \forall \list<integer> row, more, integer h; holm_is_row{Old}(list, links, row) &&
              h < \length(row) && \nth(row, h) == place && holm_row_with(more, row, h, index) ==>
              holm_is_row(list, links, more);
    ensures \forall \list<integer> row; holm_is_row{Old}(list, links, row) &&
              holm_stands_in(row, place) ==> holm_others_kept{Old,Here}(links, row, index); */
void holm_list_insert(struct holm_list *list, struct holm_links links, uint32_t place,
                      uint32_t index);

/*@ requires holm_links_ok(links) && \valid(list) && holm_list_apart(links, list);
    requires holm_list_has(list, links, index);
    assigns *list, { *holm_link(links, i) | integer i; 0 <= i < links.count };
    ensures holm_in_none(links, index);
    ensures \forall \list<integer> row, less, integer h; holm_is_row{Old}(list, links, row) &&
              holm_row_with(row, less, h, index) ==> holm_is_row(list, links, less);
    ensures \forall \list<integer> row; holm_is_row{Old}(list, links, row) &&
              holm_stands_in(row, index) ==> holm_others_kept{Old,Here}(links, row, index); */
void holm_list_remove(struct holm_list *list, struct holm_links links, uint32_t index);

/*@ requires holm_links_ok(links) && \valid(list) && holm_list_apart(links, list);
    requires \valid(index) && holm_index_apart(links, index) && \separated(list, index);
    requires holm_list_ok(list, links);
    assigns *list, *index, { *holm_link(links, i) | integer i; 0 <= i < links.count };
    ensures \result <==> \old(list->count) > 0;
    ensures \result ==> holm_in_none(links, *index);
    ensures \result ==> \forall \list<integer> row; holm_is_row{Old}(list, links, row) ==>
              \nth(row, 0) == *index && holm_others_kept{Old,Here}(links, row, *index);
    ensures \result ==> \forall \list<integer> row, less;
              holm_is_row{Old}(list, links, row) && holm_row_with(row, less, 0, *index) ==>
              holm_is_row(list, links, less);
    ensures !\result ==> *list == \old(*list) && *index == \old(*index);
    ensures !\result ==> holm_links_kept{Old,Here}(links); */
bool holm_list_pop(struct holm_list *list, struct holm_links links, uint32_t *index);

/*@ requires holm_links_ok(links) && \valid_read(list);
    assigns \nothing;
    ensures \result ==> ((list->first == 0) <==> (list->count == 0));
    ensures \result ==> ((list->last == 0) <==> (list->count == 0));
    ensures \result && list->count > 0 ==> 1 <= list->first <= links.count &&
              holm_before(links, list->first - 1) == HOLM_LINK_END;
    ensures \result && list->count > 0 ==> 1 <= list->last <= links.count &&
              holm_next(links, list->last - 1) == HOLM_LINK_END;
    ensures holm_list_ok(list, links) ==> \result; */
bool holm_list_check(const struct holm_list *list, struct holm_links links);
