/* SPDX-License-Identifier: ISC */
/* fuzz_http_check.c: the checks of holm/test.h, in a fuzzer: one that does not hold stops it. */
#include <holm/test.h>
#include <stdlib.h>

bool holm_test_check(bool holds, const char *claim, const char *file, int line)
{
    (void)claim;
    (void)file;
    (void)line;
    if (!holds)
        abort();
    return true;
}

bool holm_test_check_is(intmax_t is, intmax_t wanted, const char *is_text, const char *wanted_text,
                        const char *file, int line)
{
    (void)wanted_text;
    return holm_test_check(is == wanted, is_text, file, line);
}
