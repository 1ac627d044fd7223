/* SPDX-License-Identifier: ISC */
/* exec_auxiliary.c: what the kernel leaves for a program behind its arguments and environment: the auxiliary vector,
 * pairs of a type and a value. Of machines whose processors say themselves what they can do nobody asks. */
#include "exec_impl.h"

static uint64_t beginning; /* of the arguments */

void holm_exec__auxiliary_set(const char *const *arguments)
{
    beginning = holm_exec__address(arguments);
}

static uint64_t word_at(uint64_t address)
{
    return *(const uint64_t *)holm_exec__at(address);
}

unsigned long getauxval(unsigned long type)
{
    uint64_t at = beginning;

    for (unsigned lists = 0; lists < 2;
         lists++) { /* arguments and environment: each ends with a zero */
        while (word_at(at) != 0)
            at += 8;
        at += 8;
    }
    while (word_at(at) != 0 && word_at(at) != type)
        at += 16;
    return word_at(at) == 0 ? 0 : word_at(at + 8);
}
