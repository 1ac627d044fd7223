/* SPDX-License-Identifier: ISC */
/* tcpip_rest.c: connections in TIME-WAIT whose user has gone: what is left of them stands in a ring, and in the
 * table behind the connections. The oldest gives way. */
#include "tcpip_flow.h"
#include "tcpip_impl.h"

static struct holm_tcp_rest *rest_at(struct holm_tcpip *stack, uint32_t number)
{
    return &HOLM_NTH(stack->rests, stack->options.connections_max,
                     number % stack->options.connections_max);
}

static void rest_drop(struct holm_tcpip *stack, uint32_t number)
{
    struct holm_tcp_rest *rest = rest_at(stack, number);

    if (rest->end_ns == 0)
        return;
    *rest = (struct holm_tcp_rest){ 0 };
    holm_tcp_table_remove(&stack->table,
                          stack->options.connections_max + number % stack->options.connections_max);
}

bool holm_tcpip__rest_keep(struct holm_tcpip__flow *flow)
{
    struct holm_tcpip *stack = flow->stack;
    uint32_t number = stack->rests_next;

    if (flow->tcp.state != HOLM_TCP_TIME_WAIT || !flow->closed || flow->departing > 0 ||
        holm_tcp_drains(&flow->tcp))
        return false;
    if (number - stack->rests_first == stack->options.connections_max) {
        rest_drop(stack, stack->rests_first);
        stack->rests_first = holm_u32_wrap_add(stack->rests_first, 1);
    }
    holm_tcp_rest_begin(rest_at(stack, number), &flow->tcp);
    stack->rests_next = holm_u32_wrap_add(number, 1);
    holm_tcp_abort(&flow->tcp, &stack->records, HOLM_OK); /* without a reset */
    if (number == stack->rests_first)
        holm_pump_ready(&stack->clock);
    return true;
}

void holm_tcpip__rest_name(struct holm_tcpip *stack, const struct holm_tcp_name *name)
{
    uint32_t number = holm_u32_wrap_sub(stack->rests_next, 1);

    holm_tcp_table_add(&stack->table,
                       stack->options.connections_max + number % stack->options.connections_max,
                       name);
}

uint64_t holm_tcpip__rests_run(struct holm_tcpip *stack)
{
    while (stack->rests_first != stack->rests_next) {
        uint64_t end_ns = rest_at(stack, stack->rests_first)->end_ns;
        if (end_ns > holm_tcpip__now(stack))
            return end_ns;
        rest_drop(stack, stack->rests_first);
        stack->rests_first = holm_u32_wrap_add(stack->rests_first, 1);
    }
    return UINT64_MAX;
}

enum holm_tcp_rest_verdict holm_tcpip__rest_feed(struct holm_tcpip *stack, uint32_t index,
                                                 const struct holm_tcp_segment *segment,
                                                 struct holm_tcp_segment *answer)
{
    uint32_t number = index - stack->options.connections_max;
    struct holm_tcp_rest *rest = rest_at(stack, number);
    enum holm_tcp_rest_verdict verdict =
        holm_tcp_rest_feed(rest, segment, holm_tcpip__now(stack), answer);

    if (verdict == HOLM_TCP_REST_REPLACED)
        rest_drop(stack, number);
    return verdict;
}
