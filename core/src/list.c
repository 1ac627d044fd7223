/* SPDX-License-Identifier: ISC */
/* list.c: neighbours by index. Invariants: (1) a slot in a list has both links above 0, one in none
 * has both 0; (2) a's next is b exactly when b's before is a; (3) first and last are 0 together. */
#include <holm/list.h>

/* join makes a and b neighbours, each an index + 1 or an end. */
static void join(struct holm_list *list, struct holm_links links, uint32_t a, uint32_t b)
{
    if (a == HOLM_LINK_END)
        list->first = b == HOLM_LINK_END ? 0 : b;
    else
        holm_links__at(links, a - 1)->next = b;
    if (b == HOLM_LINK_END)
        list->last = a == HOLM_LINK_END ? 0 : a;
    else
        holm_links__at(links, b - 1)->before = a;
}

/* put adds the slot at index between the neighbours a and b. */
static void put(struct holm_list *list, struct holm_links links, uint32_t a, uint32_t b,
                uint32_t index)
{
    struct holm_link *link = holm_links__at(links, index);
    holm_assert(link->next == 0 && link->before == 0);
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
    holm_assert(link->next != 0 && link->before != 0 && list->count > 0);
    join(list, links, link->before, link->next);
    *link = (struct holm_link){ 0 };
    list->count -= 1;
}

bool holm_list_pop(struct holm_list *list, struct holm_links links, uint32_t *index)
{
    if (!holm_list_first(list, index))
        return false;
    holm_list_remove(list, links, *index);
    return true;
}

bool holm_list_check(const struct holm_list *list, struct holm_links links)
{
    uint32_t count = 0, before = HOLM_LINK_END, at = list->first;
    if ((list->first == 0) != (list->last == 0))
        return false;
    while (at != 0 && at != HOLM_LINK_END) {
        if (at > links.count || holm_links__at(links, at - 1)->before != before ||
            ++count > list->count)
            return false;
        before = at;
        at = holm_links__at(links, at - 1)->next;
    }
    if (count != list->count)
        return false;
    return count == 0 ? at == 0 : at == HOLM_LINK_END && before == list->last;
}
