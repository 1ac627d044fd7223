/* SPDX-License-Identifier: ISC */
/* What an image that ends waits for: that its peers have all that was written to them, and no longer. */
#include "two_stacks.h"

#include <holm/test.h>

#define MS_NS UINT64_C(1000000)

static struct holm_flow *near, *far;

/* meet connects the stacks, over a line on which a frame takes a millisecond. */
static bool meet(void)
{
    const struct holm_model_net_options line = { .piece_bytes = 2048,
                                                 .link = { .delay_ns = MS_NS } };

    two_stacks_begin(&line);
    return two_stacks_pair(&near, &far);
}

static enum holm_result ending(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    return holm_image_finish(&two.images[0]);
}

/* ends has the first image end; answers after how many milliseconds it has. */
static uint64_t ends(void)
{
    struct holm_scope scope = { 0 };
    uint64_t start_ns = two.now_ns;

    CHECK_IS(holm_task_start(&two.run, &scope, HOLM_TEXT("end"), ending, NULL), HOLM_OK);
    for (int i = 0; i < 10000 && scope.count > 0; i++)
        two_stacks_turn();
    CHECK_IS(scope.count, 0);
    CHECK_IS(scope.result, HOLM_OK);
    return (two.now_ns - start_ns) / MS_NS;
}

/* farewell writes the last that the near end has to say. */
static void farewell(void)
{
    CHECK_IS(holm_flow_lend(near, HOLM_TEXT("farewell"), NULL), HOLM_OK);
    CHECK_IS(holm_flow_finish(near), HOLM_OK);
    holm_flow_close(near);
}

TEST(it_waits_until_the_peer_has_all_that_was_written)
{
    struct holm_span in;

    if (!meet())
        return;
    farewell();
    uint64_t ms = ends();
    CHECK(ms >= 2 && ms < 100); /* there and back */
    if (!CHECK_IS(holm_flow_peek(far, &in, 8), HOLM_OK))
        return;
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("farewell"));
    holm_flow_take(far, 8);
    CHECK_IS(holm_flow_peek(far, &in, 1), HOLM_END);
}

TEST(it_waits_five_seconds_for_a_peer_that_does_not_acknowledge)
{
    const struct holm_flow_tuning deaf = { .hop_limit_min = 255 };

    if (!meet())
        return;
    CHECK_IS(holm_flow_tune(far, &deaf), HOLM_OK);
    farewell();
    uint64_t ms = ends();
    CHECK(ms >= 5000 && ms < 5100);
}

TEST(it_does_not_wait_for_what_the_peer_may_still_say)
{
    if (!meet())
        return;
    farewell();
    for (int i = 0; i < 20; i++) /* it is acknowledged */
        two_stacks_turn();
    CHECK(ends() < 100);
}

TEST(it_does_not_wait_for_segments_that_may_come_late)
{
    struct holm_span in;

    if (!meet())
        return;
    farewell();
    for (int i = 0; i < 20; i++)
        two_stacks_turn();
    if (!CHECK_IS(holm_flow_peek(far, &in, 8), HOLM_OK))
        return;
    holm_flow_take(far, 8);
    CHECK_IS(holm_flow_finish(far), HOLM_OK);
    holm_flow_close(far);
    for (int i = 0; i < 20; i++) /* TIME-WAIT */
        two_stacks_turn();
    CHECK(ends() < 100);
}

TEST(it_does_not_wait_for_a_connection_that_somebody_still_holds)
{
    const struct holm_flow_tuning deaf = { .hop_limit_min = 255 };

    if (!meet())
        return;
    CHECK_IS(holm_flow_tune(far, &deaf), HOLM_OK);
    CHECK_IS(holm_flow_lend(near, HOLM_TEXT("and"), NULL), HOLM_OK);
    CHECK(ends() < 100);
}
