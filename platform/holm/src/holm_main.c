/* SPDX-License-Identifier: ISC */
/* holm_main.c: the entry of an image: the monitor's boot record becomes ours, and the image starts. */
#include "holm_impl.h"

#include <holm/abi/exit.h>
#include <holm/boot.h>
#include <holm/machine/guard.h>
#include <holm/stack.h>

/* platform/arch/MACHINE/call.S knows where the addresses of the calls stand. */
_Static_assert(offsetof(struct holm_abi_boot, exit) == 184, "of exit");
_Static_assert(offsetof(struct holm_abi_boot, console) == 192, "of console");
_Static_assert(offsetof(struct holm_abi_boot, turn) == 200, "of turn");

static struct holm_boot handed;

enum holm_result holm_platform_memory(struct holm_span *memory)
{
    *memory = (struct holm_span){ holm_arch_calls->memory.at, holm_arch_calls->memory.size };
    return HOLM_OK;
}

struct holm_span holm_platform_stacks(void)
{
    return (struct holm_span){ holm_arch_calls->stacks.at, holm_arch_calls->stacks.size };
}

/* The monitor has left a page unmapped there. */
void holm_platform_guard(struct holm_span pages)
{
    holm_assert(pages.len == HOLM_STACK_GUARD_BYTES);
}

/* The monitor records; the image knows nothing of it. */
enum holm_result holm_platform_door(struct holm_door **door, const struct holm_boot **boot,
                                    struct holm_bytes image, struct holm_buffer *problem)
{
    (void)boot;
    (void)image;
    (void)problem;
    *door = NULL;
    return HOLM_OK;
}

/* Where a function finds that the guard of its frame was overwritten. */
HOLM_NORETURN void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
    __builtin_trap();
}

static bool arguments_read(const struct holm_abi_boot *record)
{
    if (record->arguments_count > HOLM_BOOT_ARGUMENTS_MAX)
        return false;
    handed.arguments_count = record->arguments_count;
    for (size_t i = 0; i < handed.arguments_count; i++) {
        const struct holm_abi_bytes *argument =
            &HOLM_NTH(record->arguments, record->arguments_count, i);
        HOLM_AT(handed.arguments, i) = (struct holm_bytes){ argument->at, argument->size };
    }
    return true;
}

/* main is where the monitor begins the image, on the stack that it has made for it; a record of
 * another major may be anything, so nothing is called then. */
HOLM_NORETURN void main(const struct holm_abi_boot *record);
void main(const struct holm_abi_boot *record)
{
    holm_assert(record->magic == HOLM_ABI_MAGIC && record->major == HOLM_ABI_MAJOR &&
                record->size_bytes >= offsetof(struct holm_abi_boot, cpu));
    holm_arch_calls = record;
    holm_machine_guard_set();
    if (record->size_bytes >=
        offsetof(struct holm_abi_boot, secrets)) /* came later than the rest */
        handed.cpu = (uint32_t)(record->cpu & UINT32_MAX);
    int status = arguments_read(record) ? holm_start(&handed) : HOLM_EXIT_PARAMETER;
    holm_arch_exit((uint32_t)status);
    __builtin_trap();
}
