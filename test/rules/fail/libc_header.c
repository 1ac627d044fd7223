/* SPDX-License-Identifier: ISC */
/* libc_header.c: a pure library includes a header of libc.
 * view: core
 * wanted: 'string.h' file not found */
#include <holm/bytes.h>
#ifdef BREAK
#include <string.h>
#endif

extern const int holm_rules_one;
const int holm_rules_one = 1;
