/* SPDX-License-Identifier: ISC */
/* start_impl.h: what the files of start/ share. */
#pragma once

#include <holm/log.h>
#include <holm/operation.h>

/* holm_start__log_open sends records to the error console. */
void holm_start__log_open(enum holm_log_level level);

/* holm_start__log_told_error answers whether an error was ever written: then a failure needs no
 * second line. */
bool holm_start__log_told_error(void);
