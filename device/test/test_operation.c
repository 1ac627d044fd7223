/* SPDX-License-Identifier: ISC */
#include <holm/operation.h>
#include <holm/test.h>

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

TEST(operations_queue_in_order_with_ids_from_1)
{
    struct holm_operations queue = { 0 };
    struct holm_operation a = { 0 }, b = { 0 };

    holm_operation_submit(&queue, &b);
    holm_operation_submit(&queue, &a);
    CHECK(queue.first == &b && b.next == &a && a.previous == &b && queue.last == &a);
    CHECK_IS(b.id, 1);
    CHECK_IS(a.id, 2);
    CHECK_IS(a.result, HOLM_AGAIN);
    CHECK(a.submitted);
}

TEST(completion_sets_the_result_and_makes_the_pump_ready)
{
    struct holm_operations queue = { 0 };
    struct holm_ready ready = { 0 };
    struct holm_pump pump;
    struct holm_operation operation = { .pump = &pump };

    holm_pump_init(&pump, &ready, nothing, NULL);
    holm_operation_submit(&queue, &operation);
    holm_operation_complete(&operation, HOLM_ERR_RESET);
    CHECK_IS(operation.result, HOLM_ERR_RESET);
    CHECK(!operation.submitted);
    CHECK(holm_ready_take(&ready) == &pump);
}
