/* SPDX-License-Identifier: ISC */
/* platform_header.c: a protocol includes a header of a platform.
 * view: http
 * wanted: 'holm/unix.h' file not found */
#include <holm/bytes.h>
#ifdef BREAK
#include <holm/unix.h>
#endif

extern const int holm_rules_one;
const int holm_rules_one = 1;
