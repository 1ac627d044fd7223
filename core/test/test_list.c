/* SPDX-License-Identifier: ISC */
#include <holm/list.h>
#include <holm/random.h>
#include <holm/test.h>

struct slot {
    uint8_t something;
    struct holm_link link;
};

/* order is the slots of the list as decimal digits. */
static uint64_t order(const struct holm_list *list, struct holm_links links)
{
    uint64_t digits = 0;
    uint32_t at;
    for (bool more = holm_list_first(list, &at); more; more = holm_list_next(links, at, &at))
        digits = digits * 10 + at;
    return digits;
}

TEST(slots_come_in_the_order_they_were_put)
{
    struct slot slots[8] = { 0 };
    struct holm_links links = HOLM_LINKS(slots, link);
    struct holm_list list = { 0 };
    uint32_t index;
    CHECK(!holm_list_first(&list, &index));
    CHECK(!holm_list_last(&list, &index));
    holm_list_append(&list, links, 3);
    holm_list_append(&list, links, 5);
    holm_list_prepend(&list, links, 1);
    holm_list_insert(&list, links, 5, 4);
    holm_list_insert(&list, links, 1, 7);
    CHECK_IS(order(&list, links), 71345);
    CHECK(holm_list_check(&list, links));
    CHECK(holm_list_last(&list, &index));
    CHECK_IS(index, 5);
    CHECK(holm_list_before(links, 5, &index));
    CHECK_IS(index, 4);
    CHECK(!holm_list_before(links, 7, &index));
    holm_list_remove(&list, links, 3);
    CHECK(!holm_link_is_in_list(links, 3));
    CHECK(holm_link_is_in_list(links, 4));
    CHECK_IS(order(&list, links), 7145);
    CHECK(holm_list_pop(&list, links, &index));
    CHECK_IS(index, 7);
    holm_list_remove(&list, links, 5);
    CHECK_IS(order(&list, links), 14);
    CHECK(holm_list_check(&list, links));
}

TEST(a_slot_moves_between_lists_of_one_link)
{
    struct slot slots[3] = { 0 };
    struct holm_links links = HOLM_LINKS_OF(&slots[0], 3, link);
    struct holm_list idle = { 0 }, busy = { 0 };
    uint32_t index;
    for (uint32_t i = 0; i < 3; i++)
        holm_list_append(&idle, links, i);
    CHECK(holm_list_pop(&idle, links, &index));
    holm_list_append(&busy, links, index);
    CHECK_IS(idle.count, 2);
    CHECK_IS(busy.count, 1);
    CHECK(holm_list_check(&idle, links));
    CHECK(holm_list_check(&busy, links));
}

TEST(a_broken_list_is_noticed)
{
    struct slot slots[3] = { 0 };
    struct holm_links links = HOLM_LINKS(slots, link);
    struct holm_list list = { 0 };
    holm_list_append(&list, links, 0);
    holm_list_append(&list, links, 1);
    slots[1].link.before = 3;
    CHECK(!holm_list_check(&list, links));
    slots[1].link.before = 1;
    CHECK(holm_list_check(&list, links));
    slots[1].link.next = 1;
    CHECK(!holm_list_check(&list, links));
    list.count = 3;
    CHECK(!holm_list_check(&list, links));
}

TEST(random_use_keeps_both_directions)
{
    struct slot slots[9] = { 0 };
    struct holm_links links = HOLM_LINKS(slots, link);
    struct holm_list list = { 0 };
    struct holm_random_seeded seeded;
    uint32_t in_list = 0;
    holm_random_seeded_init(&seeded, holm_test_seed());
    for (int step = 0; step < 5000; step++) {
        uint32_t pick = (uint32_t)(holm_random_seeded_next(&seeded) % 9);
        if (holm_link_is_in_list(links, pick)) {
            holm_list_remove(&list, links, pick);
            in_list--;
        } else {
            if (pick % 2 == 0)
                holm_list_append(&list, links, pick);
            else
                holm_list_prepend(&list, links, pick);
            in_list++;
        }
        CHECK(holm_list_check(&list, links));
        CHECK_IS(list.count, in_list);
    }
}
