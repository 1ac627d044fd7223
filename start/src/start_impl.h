/* SPDX-License-Identifier: ISC */
/* start_impl.h: what the files of start/ share. */
#pragma once

#include <holm/boot.h>
#include <holm/log.h>
#include <holm/operation.h>

/* struct holm_start__begun is what of the platform's turns there was before the run loop. */
struct holm_start__begun {
    struct holm_turn turn; /* the one that brought entropy, if there was one */
    struct holm_operations operations;
};

struct holm_door;

/* holm_start__config reads the configuration, if there is one: *boot is then another one, with what its file
 * config says before the arguments.
 *
 * Errors:  HOLM_ERR_INVALID  it can't be read; problem says why in one line */
HOLM_MUST_USE enum holm_result holm_start__config(const struct holm_boot **boot,
                                                  struct holm_start__begun *begun,
                                                  struct holm_door *door,
                                                  struct holm_buffer *problem);

/* holm_start__log_open sends records to the error console. */
void holm_start__log_open(enum holm_log_level level);

/* holm_start__log_told_error answers whether an error was ever written: then a failure needs no
 * second line. */
bool holm_start__log_told_error(void);

/* holm_start__entropy_keep takes the entropy of the turn, which has none any more: for the image's random numbers
 * if it draws any, else until it does; false: there is none. */
HOLM_MUST_USE bool holm_start__entropy_keep(struct holm_turn *turn);

/* holm_start__entropy_function seeds the image's random numbers, as of the generation of that turn. */
typedef void holm_start__entropy_function(struct holm_bytes entropy, uint64_t generation);

/* holm_start__entropy_give gives what came last to use, at once, and from here on all that comes. */
void holm_start__entropy_give(holm_start__entropy_function *use);
