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

/* struct holm_target__ports is what holm_port.c does in a turn; an image without devices has none, and does not
 * link it. start begins an operation: it completes it, or keeps it for the turn (HOLM_AGAIN). ask fills in the
 * requests of all that is waiting, as many as the call takes. answer completes what the turn has done. */
typedef enum holm_result holm_target__port_start(struct holm_operation *operation);
typedef void holm_target__ports_ask(struct holm_abi_turn *turn);
typedef void holm_target__ports_answer(const struct holm_abi_turn *turn);
struct holm_target__ports {
    holm_target__port_start *start;
    holm_target__ports_ask *ask;
    holm_target__ports_answer *answer;
};
extern const struct holm_target__ports *holm_target__ports;

/* holm_target__ports_use makes the image one with devices: to be called before the first is opened. */
void holm_target__ports_use(void);
