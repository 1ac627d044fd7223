/* SPDX-License-Identifier: ISC */
/* holm/list.h: lists in both directions, linked by slot index. Pure. The slots are an array of the
 * caller's, of any struct with a member of type struct holm_link for each list it can be in:
 *
 *     struct timer { struct holm_link link; ... };
 *     struct holm_links links = HOLM_LINKS(timers->all, link);
 *     holm_list_append(&timers->due, links, index);
 *
 * Everything zero is an empty list and a slot that is in none: there is no init. No pointers
 * inside: lists can be moved and written down. To add a slot that is in a list already, or to
 * remove one that is in none, is a bug of the caller's and stops the image. */
#pragma once

#include <holm/base.h>

/* struct holm_link is what a slot keeps: neighbours as index + 1, the ends as HOLM_LINK_END, and
 * both 0 while the slot is in no list. */
struct holm_link {
    uint32_t next;
    uint32_t before;
};
#define HOLM_LINK_END UINT32_MAX
/* HOLM_LINK_COUNT_MAX is how many slots an array may have, inclusive. */
#define HOLM_LINK_COUNT_MAX (UINT32_MAX - 1)

/* struct holm_list is first and last as index + 1; both 0 when it is empty. */
struct holm_list {
    uint32_t first;
    uint32_t last;
    uint32_t count;
};

/* struct holm_links tells where in the caller's array the links are; made by HOLM_LINKS for an
 * array, by HOLM_LINKS_OF for a pointer to count slots. */
struct holm_links {
    struct holm_link *first;
    uint32_t count;
    uint32_t stride_bytes;
};
#define HOLM_LINKS(array, member) HOLM_LINKS_OF(&(array)[0], HOLM_COUNT(array), member)
#define HOLM_LINKS_OF(slots, slots_count, member)                                                  \
    ((struct holm_links){ .first = &(slots)->member,                                               \
                          .count = (uint32_t)(slots_count),                                        \
                          .stride_bytes = (uint32_t)sizeof *(slots) })

/* holm_links__at is the link of a slot; an index past the end stops the image. */
static inline struct holm_link *holm_links__at(struct holm_links links, uint32_t index)
{
    return holm_element(links.first, links.count, links.stride_bytes, index);
}

/* holm_link_is_in_list answers whether the slot at index is in a list by this link. */
static inline bool holm_link_is_in_list(struct holm_links links, uint32_t index)
{
    return holm_links__at(links, index)->next != 0;
}

/* holm_list_first and holm_list_last set *index to the slot at that end; false if the list is
 * empty. */
HOLM_MUST_USE static inline bool holm_list_first(const struct holm_list *list, uint32_t *index)
{
    if (list->first == 0)
        return false;
    *index = list->first - 1;
    return true;
}
HOLM_MUST_USE static inline bool holm_list_last(const struct holm_list *list, uint32_t *index)
{
    if (list->last == 0)
        return false;
    *index = list->last - 1;
    return true;
}

/* holm_list_next and holm_list_before set *to to the neighbour of the slot at index, which must be
 * in a list; false at the end. A walk that removes the slot it stands on asks first. */
HOLM_MUST_USE static inline bool holm_list_next(struct holm_links links, uint32_t index,
                                                uint32_t *to)
{
    uint32_t next = holm_links__at(links, index)->next;
    holm_assert(next != 0);
    if (next == HOLM_LINK_END)
        return false;
    *to = next - 1;
    return true;
}
HOLM_MUST_USE static inline bool holm_list_before(struct holm_links links, uint32_t index,
                                                  uint32_t *to)
{
    uint32_t before = holm_links__at(links, index)->before;
    holm_assert(before != 0);
    if (before == HOLM_LINK_END)
        return false;
    *to = before - 1;
    return true;
}

/* holm_list_append and holm_list_prepend add the slot at index at the end, at the start. */
void holm_list_append(struct holm_list *list, struct holm_links links, uint32_t index);
void holm_list_prepend(struct holm_list *list, struct holm_links links, uint32_t index);

/* holm_list_insert adds the slot at index before the slot at place, which is in the list. */
void holm_list_insert(struct holm_list *list, struct holm_links links, uint32_t place,
                      uint32_t index);

/* holm_list_remove takes the slot at index, which is in the list, out of it. */
void holm_list_remove(struct holm_list *list, struct holm_links links, uint32_t index);

/* holm_list_pop takes the first slot out and sets *index to it; false if the list is empty. */
HOLM_MUST_USE bool holm_list_pop(struct holm_list *list, struct holm_links links, uint32_t *index);

/* holm_list_check answers whether both directions agree and hold count slots. */
bool holm_list_check(const struct holm_list *list, struct holm_links links);
