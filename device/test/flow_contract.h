/* SPDX-License-Identifier: ISC */
/* flow_contract.h: what holm/flow.h says of every flow, as a test. Each implementation's tests call
 * it. */
#pragma once

#include <holm/flow.h>

/* Makes a pair of flows that are connected to each other; false, and a failed check, if it can't. */
typedef bool flow_contract_join(struct holm_flow **a, struct holm_flow **b);

/* Lets the transport work. It may sleep, but not for ever. */
typedef void flow_contract_move(void);

/* flow_contract checks all; it closes what it was given. */
void flow_contract(flow_contract_join *join, flow_contract_move *move);
