/* SPDX-License-Identifier: ISC */
/* holm/boot.h: how a target hands over to the image when it starts. Pure; holm_platform_memory,
 * _stacks and _door are implemented by each target, holm_start by start/. */
#pragma once

#include <holm/bytes.h>

/* The most boot arguments, inclusive. */
#define HOLM_BOOT_ARGUMENTS_MAX 256

/* struct holm_boot is what the target knows when it starts. */
struct holm_boot {
    size_t arguments_count;
    struct holm_bytes arguments[HOLM_BOOT_ARGUMENTS_MAX]; /* each "--name=value" */
    uint32_t cpu; /* what the processor can do: bits of holm/cpu.h */
};

/* holm_platform_memory gives the image its memory, zeroed and aligned to pages, once. How much, says
 * who starts it, in the target's way.
 *
 * Errors:  HOLM_ERR_NO_MEMORY  the host has less */
HOLM_MUST_USE enum holm_result holm_platform_memory(struct holm_span *memory);

/* holm_platform_stacks is memory for the stacks of tasks that the target has laid out, each behind a
 * guard of HOLM_STACK_GUARD_BYTES; empty: they come from the image's memory. */
struct holm_span holm_platform_stacks(void);

/* struct holm_platform_config is where the image's configuration is: an archive of size_bytes behind port, or
 * in a file of the host's, path, that is still to be opened. */
struct holm_platform_config {
    struct holm_bytes path; /* empty: port and size_bytes are known */
    uint32_t port;
    uint64_t size_bytes;
};

/* holm_platform_config finds the block device "config", as boot says; false: there is none. */
HOLM_MUST_USE bool holm_platform_config(struct holm_platform_config *config,
                                        const struct holm_boot *boot);

/* holm_platform_secrets gives pages that no core of the image has, once.
 *
 * Errors:  HOLM_ERR_NO_MEMORY  the host has less */
HOLM_MUST_USE enum holm_result holm_platform_secrets(struct holm_span *pages, size_t size_bytes);

struct holm_door;

/* holm_platform_door gives what stands in the place of holm_platform_turn (a recorder, a replay), or
 * NULL; called once, before the parameters are set. *boot is what the image was started with; a
 * replay sets it to what the recorded run was started with.
 *
 * Memory:  fills problem, with one line that says what is wrong, without its newline.
 * Errors:  HOLM_ERR_INVALID  what the parameters ask for can't be; problem says why */
HOLM_MUST_USE enum holm_result holm_platform_door(struct holm_door **door,
                                                  const struct holm_boot **boot,
                                                  struct holm_bytes image,
                                                  struct holm_buffer *problem);

/* holm_start runs the image from parameters to the end of holm_main; the answer is a status of
 * holm/abi/exit.h.
 *
 * Memory:  keeps boot, which lives as long as the image. */
int holm_start(const struct holm_boot *boot);
