/* SPDX-License-Identifier: ISC */
/* holm_impl.h: what the files of the target holm share. */
#pragma once

#include <holm/abi/call.h>
#include <holm/operation.h>

/* struct holm_target__disks is what holm_block.c does in a turn; an image without block devices has none, and
 * does not link it. */
typedef bool holm_target__disk_start(struct holm_operation *operation);
typedef size_t holm_target__disk_ask(struct holm_abi_request *requests, size_t most);
typedef void holm_target__disk_answer(const struct holm_abi_request *requests, size_t count);
struct holm_target__disks {
    holm_target__disk_start *start;
    holm_target__disk_ask *ask;
    holm_target__disk_answer *answer;
};
extern const struct holm_target__disks *holm_target__disks;

/* holm_target__device is the device of a kind and name, and its place; NULL: there is none. */
const struct holm_abi_device *holm_target__device(enum holm_abi_device_kind kind,
                                                  struct holm_bytes name, uint32_t *index);

/* holm_target__port_start begins an operation: it completes it, or keeps it for the turn. Answers
 * whether it is complete. */
bool holm_target__port_start(struct holm_operation *operation);

/* holm_target__ports_ask fills in the requests of all that is waiting, as many as the call takes. */
void holm_target__ports_ask(struct holm_abi_turn *turn);

/* holm_target__ports_answer completes what the turn has done. */
void holm_target__ports_answer(const struct holm_abi_turn *turn);
