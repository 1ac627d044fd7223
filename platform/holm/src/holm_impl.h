/* SPDX-License-Identifier: ISC */
/* holm_impl.h: what the files of the target holm share. */
#pragma once

#include <holm/abi/call.h>
#include <holm/operation.h>

/* holm_target__port_start begins an operation: it completes it, or keeps it for the turn. Answers
 * whether it is complete. */
bool holm_target__port_start(struct holm_operation *operation);

/* holm_target__ports_ask fills in the requests of all that is waiting, as many as the call takes. */
void holm_target__ports_ask(struct holm_abi_turn *turn);

/* holm_target__ports_answer completes what the turn has done. */
void holm_target__ports_answer(const struct holm_abi_turn *turn);
