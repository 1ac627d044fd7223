/* SPDX-License-Identifier: ISC */
/* graph.h: what the programs of test_callgraph.sh share; each has one root, program. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define APART __attribute__((noinline))

/* touch makes the optimiser believe that memory is read and written here. */
static inline void touch(void *memory)
{
    __asm__ volatile("" : : "r"(memory) : "memory");
}

void program(void);
