/* SPDX-License-Identifier: ISC */
#include <holm/pump.h>
#include <holm/test.h>

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

TEST(pumps_come_in_the_order_in_which_they_were_made_ready)
{
    struct holm_ready ready = { 0 };
    struct holm_pump a, b;

    holm_pump_init(&a, &ready, nothing, NULL);
    holm_pump_init(&b, &ready, nothing, NULL);
    holm_pump_ready(&b);
    holm_pump_ready(&a);
    holm_pump_ready(&b); /* once only */
    CHECK(holm_ready_take(&ready) == &b);
    CHECK(holm_ready_take(&ready) == &a);
    CHECK(holm_ready_take(&ready) == NULL);
}

TEST(a_pump_can_be_queued_before_all_others)
{
    struct holm_ready ready = { 0 };
    struct holm_pump a, b, c;

    holm_pump_init(&a, &ready, nothing, NULL);
    holm_pump_init(&b, &ready, nothing, NULL);
    holm_pump_init(&c, &ready, nothing, NULL);
    holm_pump_first(&a);
    holm_pump_ready(&b);
    holm_pump_ready(&c);
    holm_pump_first(&c);
    CHECK(holm_ready_take(&ready) == &c);
    CHECK(holm_ready_take(&ready) == &a);
    CHECK(holm_ready_take(&ready) == &b);
    CHECK(holm_ready_take(&ready) == NULL);
}

TEST(a_stopped_pump_is_not_made_ready)
{
    struct holm_ready ready = { 0 };
    struct holm_pump a, b, c;

    holm_pump_init(&a, &ready, nothing, NULL);
    holm_pump_init(&b, &ready, nothing, NULL);
    holm_pump_init(&c, &ready, nothing, NULL);
    holm_pump_ready(&a);
    holm_pump_ready(&b);
    holm_pump_ready(&c);
    holm_pump_stop(&b);
    holm_pump_ready(&b);
    CHECK(holm_ready_take(&ready) == &a);
    CHECK(holm_ready_take(&ready) == &c);
    CHECK(holm_ready_take(&ready) == NULL);
}

TEST(the_zeroed_pump_can_be_stopped_and_the_zeroed_wake_rung)
{
    struct holm_pump pump = { 0 };
    struct holm_wake wake = { 0 };

    holm_pump_stop(&pump);
    holm_wake_ring(&wake);
    wake.pump = &pump;
    holm_wake_ring(&wake);
    CHECK(pump.in == NULL);
}

TEST(a_parked_pump_is_made_ready_for_any_reason)
{
    struct holm_ready ready = { 0 }, waiting = { 0 };
    struct holm_pump a, b;

    holm_pump_init(&a, &ready, nothing, NULL);
    holm_pump_init(&b, &ready, nothing, NULL);
    holm_pump_park(&a, &waiting);
    holm_pump_park(&b, &waiting);
    holm_pump_ready(&a);
    CHECK(holm_ready_take(&ready) == &a);
    CHECK(holm_ready_take(&waiting) == &b);
    CHECK(holm_ready_take(&waiting) == NULL);
}

TEST(a_ready_pump_is_not_parked)
{
    struct holm_ready ready = { 0 }, waiting = { 0 };
    struct holm_pump a;

    holm_pump_init(&a, &ready, nothing, NULL);
    holm_pump_ready(&a);
    holm_pump_park(&a, &waiting);
    CHECK(holm_ready_take(&waiting) == NULL);
    CHECK(holm_ready_take(&ready) == &a);
}
