/* SPDX-License-Identifier: ISC */
/* list.c: neighbours by index. Invariants: (1) a slot in a list has both links above 0, one in none
 * has both 0; (2) a's next is b exactly when b's before is a; (3) first and last are 0 together. */
#include <holm/list.h>

/* join makes a and b neighbours, each an index + 1 or an end. */
/*@ requires holm_links_ok(links) && \valid(list) && holm_list_apart(links, list);
    requires holm_link_place(links, a) && holm_link_place(links, b);
    assigns list->first, list->last, { *holm_link(links, i) | integer i; 0 <= i < links.count };
    ensures holm_next_is{Old,Here}(links, a, b);
    ensures holm_before_is{Old,Here}(links, b, a);
    ensures list->first == (a != HOLM_LINK_END ? \old(list->first) : b != HOLM_LINK_END ? b : 0);
    ensures list->last == (b != HOLM_LINK_END ? \old(list->last) : a != HOLM_LINK_END ? a : 0); */
static void join(struct holm_list *list, struct holm_links links, uint32_t a, uint32_t b)
{
    if (a == HOLM_LINK_END)
        list->first = b == HOLM_LINK_END ? 0 : b;
    else
        holm_links__at(links, a - 1)->next = b;
    /*@ assert holm_next_is{Pre,Here}(links, a, b); */
    if (b == HOLM_LINK_END)
        list->last = a == HOLM_LINK_END ? 0 : a;
    else
        holm_links__at(links, b - 1)->before = a;
}

/* put adds the slot at index between the neighbours a and b. */
/*@ requires holm_links_ok(links) && \valid(list) && holm_list_apart(links, list);
    requires holm_link_place(links, a) && holm_link_place(links, b);
    requires index < links.count && holm_in_none(links, index) && list->count < UINT32_MAX;
    requires a != index + 1 && b != index + 1;
    assigns *list, { *holm_link(links, i) | integer i; 0 <= i < links.count };
    ensures holm_put{Old,Here}(list, links, a, b, index); */
static void put(struct holm_list *list, struct holm_links links, uint32_t a, uint32_t b,
                uint32_t index)
{
    struct holm_link *link = holm_links__at(links, index);
    holm_assert(link->next == 0);
    holm_assert(link->before == 0);
    join(list, links, a, index + 1);
    join(list, links, index + 1, b);
    list->count += 1;
}

void holm_list_append(struct holm_list *list, struct holm_links links, uint32_t index)
{
    put(list, links, list->last == 0 ? HOLM_LINK_END : list->last, HOLM_LINK_END, index);
}

void holm_list_prepend(struct holm_list *list, struct holm_links links, uint32_t index)
{
    put(list, links, HOLM_LINK_END, list->first == 0 ? HOLM_LINK_END : list->first, index);
}

void holm_list_insert(struct holm_list *list, struct holm_links links, uint32_t place,
                      uint32_t index)
{
    holm_assert(holm_link_is_in_list(links, place));
    put(list, links, holm_links__at(links, place)->before, place + 1, index);
}

void holm_list_remove(struct holm_list *list, struct holm_links links, uint32_t index)
{
    struct holm_link *link = holm_links__at(links, index);
    holm_assert(link->next != 0);
    holm_assert(link->before != 0);
    holm_assert(list->count > 0);
    join(list, links, link->before, link->next);
    /*@ assert \forall integer i; 0 <= i < links.count && i != index ==>
          \separated(link, holm_link(links, i)); */
    link->next = 0;
    link->before = 0;
    list->count -= 1;
    /*@ assert holm_next_cut{Pre,Here}(links, holm_before{Pre}(links, index),
                                       holm_next{Pre}(links, index), index); */
    /*@ assert holm_before_cut{Pre,Here}(links, holm_before{Pre}(links, index),
                                         holm_next{Pre}(links, index), index); */
    /*@ assert holm_cut{Pre,Here}(list, links, holm_before{Pre}(links, index),
                                  holm_next{Pre}(links, index), index); */
}

bool holm_list_pop(struct holm_list *list, struct holm_links links, uint32_t *index)
{
    if (!holm_list_first(list, index))
        return false;
    /*@ assert holm_links_kept{Pre,Here}(links); */
    /*@ assert \forall \list<integer> row; holm_is_row{Pre}(list, links, row) ==>
          holm_is_row(list, links, row); */
    holm_list_remove(list, links, *index);
    return true;
}

bool holm_list_check(const struct holm_list *list, struct holm_links links)
{
    uint32_t count = 0, before = HOLM_LINK_END, at = list->first;
    if ((list->first == 0) != (list->last == 0))
        return false;
    /*@ loop invariant count == 0 ==> before == HOLM_LINK_END && at == list->first;
        loop invariant count > 0 ==> 1 <= before <= links.count &&
          holm_next(links, before - 1) == at;
        loop invariant count > 0 ==> 1 <= list->first <= links.count &&
          holm_before(links, list->first - 1) == HOLM_LINK_END;
        loop invariant \forall \list<integer> row; holm_is_row(list, links, row) ==>
          before == holm_at(row, count - 1);
        loop invariant \forall \list<integer> row; holm_is_row(list, links, row) ==>
          at == (\length(row) == 0 ? 0 : holm_at(row, count));
        loop invariant count <= list->count;
        loop assigns count, before, at;
        loop variant list->count - count; */
    while (at != 0 && at != HOLM_LINK_END) {
        if (at > links.count || count == list->count ||
            holm_links__at(links, at - 1)->before != before)
            return false;
        count++;
        before = at;
        at = holm_links__at(links, at - 1)->next;
    }
    if (count != list->count)
        return false;
    return count == 0 ? at == 0 : at == HOLM_LINK_END && before == list->last;
}
