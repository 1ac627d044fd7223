/* SPDX-License-Identifier: ISC */
/* holm_turn.c: the one door of the target holm. What was submitted becomes requests of one call of
 * the monitor's, which does what can be done, waits if nothing can, and answers. */
#include "holm_impl.h"

_Static_assert(HOLM_TURN_ENTROPY_BYTES <= HOLM_ABI_SEED_BYTES, "the seed is enough for a turn");
_Static_assert(HOLM_TURN_CONSOLE_BYTES == HOLM_ABI_CONSOLE_BYTES, "what was typed fits");
_Static_assert(HOLM_UTC_UNKNOWN_NS == HOLM_ABI_UTC_UNKNOWN, "unknown is unknown");

static bool entropy_given;
const struct holm_target__ports *holm_target__ports;

/* start answers whether the operation is complete. */
static bool start(struct holm_operation *operation)
{
    if (holm_target__ports != NULL)
        return holm_target__ports->start(operation) != HOLM_AGAIN;
    holm_operation_complete(operation, HOLM_ERR_UNSUPPORTED);
    return true;
}

/* start_all answers whether one of the operations is complete already. */
static bool start_all(struct holm_operations *queue)
{
    struct holm_operation *operation = queue->first;
    bool complete = false;

    queue->first = NULL;
    queue->last = NULL;
    while (operation != NULL) {
        struct holm_operation *next = operation->next;
        operation->next = NULL;
        operation->previous = NULL;
        complete = start(operation) || complete;
        operation = next;
    }
    return complete;
}

/* entropy_give gives the monitor's seed to the first turn. */
static void entropy_give(struct holm_turn *turn)
{
    struct holm_buffer out = HOLM_BUFFER(turn->entropy);
    struct holm_bytes seed = { 0 };

    turn->entropy_size = 0;
    if (entropy_given)
        return;
    entropy_given = true;
    holm_assert(
        holm_bytes_part(HOLM_BLOB(holm_arch_calls->seed), 0, HOLM_TURN_ENTROPY_BYTES, &seed) &&
        holm_buffer_bytes(&out, seed));
    turn->entropy_size = HOLM_TURN_ENTROPY_BYTES;
}

static void console_give(struct holm_turn *turn, const struct holm_abi_turn *asked)
{
    struct holm_buffer out = HOLM_BUFFER(turn->console);
    struct holm_bytes typed = { 0 };

    holm_assert(holm_bytes_part(HOLM_BLOB(asked->console), 0, asked->console_size, &typed) &&
                holm_buffer_bytes(&out, typed));
    turn->console_size = (uint16_t)typed.len;
}

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    static struct holm_abi_turn asked;

    asked.until_ns = start_all(queue) ? 0 : sleep_until_ns;
    if (holm_target__ports != NULL)
        holm_target__ports->ask(&asked);
    holm_arch_turn(&asked);
    if (holm_target__ports != NULL)
        holm_target__ports->answer(&asked);
    turn->now_ns = asked.now_ns;
    turn->busy_ns = 0;
    turn->utc_ns = asked.utc_ns;
    turn->utc_uncertainty_ns = asked.utc_uncertainty_ns;
    turn->generation = asked.generation;
    turn->stops = asked.stops;
    entropy_give(turn);
    console_give(turn, &asked);
}
