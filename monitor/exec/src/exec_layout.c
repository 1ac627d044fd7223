/* SPDX-License-Identifier: ISC */
/* exec_layout.c: where everything lies: one row of pages at a random address, in which the image will
 * be alone. */
#include "exec_impl.h"

#define PAGE HOLM_LOADER_PAGE_BYTES
#define MAP_ANONYMOUS_PRIVATE 0x22
#define MAP_NORESERVE 0x4000
#define MAP_FIXED_NOREPLACE 0x100000
/* Addresses from 4 GiB to below half of what a process of 47 bits has; tries until one is free. */
#define FIRST (UINT64_C(1) << 32)
#define SPAN (UINT64_C(1) << 46)
#define TRIES 8
#define GUARDS_A_CALL 256
#define GUARD_INSTALL 102             /* MADV_GUARD_INSTALL */
#define OURSELVES (UINT64_MAX - 9999) /* PIDFD_SELF: -10000 */

static uint64_t whole_pages(uint64_t bytes)
{
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

/* arguments_bytes is what the record needs with all that it points to. */
static uint64_t boot_bytes(const struct holm_exec__options *options)
{
    uint64_t bytes = sizeof(struct holm_abi_boot) +
                     sizeof(struct holm_abi_device) * options->nets_count +
                     sizeof(struct holm_abi_bytes) * options->arguments_count + 64;

    for (size_t i = 0; i < options->arguments_count; i++)
        bytes += HOLM_AT(options->arguments, i).len;
    return whole_pages(bytes);
}

void holm_exec__protect(struct holm_span part, uint32_t rights)
{
    int64_t result =
        holm_exec__call(HOLM_LINUX_MPROTECT, holm_exec__address(part.ptr), part.len, rights);

    if (result != 0)
        holm_exec__fail(HOLM_EXIT_MEMORY, HOLM_TEXT("the host has not so much memory"),
                        HOLM_TEXT(""), result);
}

static struct holm_span reserve(uint64_t bytes, uint64_t random)
{
    for (unsigned i = 0; i < TRIES; i++) {
        /* pages of two, since the call page has so many */
        uint64_t wanted = FIRST + (random % SPAN) / (2 * PAGE) * (2 * PAGE);
        int64_t at = holm_linux_call(HOLM_LINUX_MMAP, wanted, bytes, 0,
                                     MAP_ANONYMOUS_PRIVATE | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
                                     UINT64_MAX, 0);
        if (at == (int64_t)wanted)
            /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
            return (struct holm_span){ (uint8_t *)at, bytes };
        random = random / 3 + UINT64_C(0x9e3779b97f4a7c15) % SPAN;
    }
    holm_exec__fail(HOLM_EXIT_MEMORY, HOLM_TEXT("the host has not so much memory; see --mem"),
                    HOLM_TEXT(""), 0);
}

/* part takes the next bytes of the row, and leaves a page behind them. */
static struct holm_span part(struct holm_span all, uint64_t *at, uint64_t bytes)
{
    struct holm_span taken = { 0 };

    holm_assert(holm_span_part(all, *at, bytes, &taken));
    *at += bytes + PAGE;
    return taken;
}

/* guards_install asks for many guards in one call, of kernels from 6.14 on: such a guard needs no
 * mapping of its own, so hundreds cost next to nothing. */
static bool guards_install(struct holm_span stacks, uint64_t step)
{
    static struct holm_abi_bytes guards[GUARDS_A_CALL];
    struct holm_span guard = { 0 };
    uint64_t at = 0;

    while (at < stacks.len) {
        size_t count = 0;
        for (; count < HOLM_COUNT(guards) && holm_span_part(stacks, at, PAGE, &guard); at += step) {
            HOLM_AT(guards, count) = (struct holm_abi_bytes){ guard.ptr, guard.len };
            count++;
        }
        if (holm_linux_call(HOLM_LINUX_PROCESS_MADVISE, OURSELVES, holm_exec__address(&guards[0]),
                            count, GUARD_INSTALL, 0, 0) != (int64_t)(count * PAGE))
            return false;
    }
    return true;
}

/* guards takes all rights from the page below each stack. */
static void guards(struct holm_span stacks, uint64_t step)
{
    struct holm_span guard = { 0 };

    if (guards_install(stacks, step))
        return;
    for (uint64_t at = 0; holm_span_part(stacks, at, PAGE, &guard); at += step)
        holm_exec__protect(guard, 0);
}

void holm_exec__layout_make(struct holm_exec__layout *layout,
                            const struct holm_exec__options *options,
                            const struct holm_exec__need *need,
                            const struct holm_loader_image *image, uint64_t random)
{
    uint64_t step = whole_pages(need->stack_bytes) + PAGE, at = 0;
    uint64_t boot = boot_bytes(options), memory = whole_pages(options->memory_bytes);
    uint64_t total = HOLM_PAGE_TEXT_BYTES + HOLM_PAGE_DATA_BYTES + HOLM_EXEC__FAULT_STACK_BYTES +
                     boot + image->memory_bytes + HOLM_EXEC__STACK_BYTES +
                     step * need->stacks_count + memory + 8 * PAGE;
    struct holm_span all = reserve(total, random), rest = { 0 };

    *layout = (struct holm_exec__layout){ .all = all, .stack_step = step };
    holm_assert(holm_span_part(all, 0, HOLM_PAGE_TEXT_BYTES, &layout->text));
    at = HOLM_PAGE_TEXT_BYTES;
    layout->data = part(all, &at, HOLM_PAGE_DATA_BYTES);
    layout->fault_stack = part(all, &at, HOLM_EXEC__FAULT_STACK_BYTES);
    layout->boot = part(all, &at, boot);
    layout->image = part(all, &at, image->memory_bytes);
    layout->stack = part(all, &at, HOLM_EXEC__STACK_BYTES);
    layout->stacks = part(all, &at, step * need->stacks_count);
    layout->memory = part(all, &at, memory);
    holm_assert(holm_span_part(all, 0, HOLM_PAGE_TEXT_BYTES + HOLM_PAGE_DATA_BYTES, &rest));
    holm_exec__protect(rest, HOLM_EXEC__READ | HOLM_EXEC__WRITE);
    holm_exec__protect(layout->fault_stack, HOLM_EXEC__READ | HOLM_EXEC__WRITE);
    holm_exec__protect(layout->boot, HOLM_EXEC__READ | HOLM_EXEC__WRITE);
    holm_exec__protect(layout->image, HOLM_EXEC__READ | HOLM_EXEC__WRITE);
    holm_exec__protect(layout->stack, HOLM_EXEC__READ | HOLM_EXEC__WRITE);
    holm_exec__protect(layout->stacks, HOLM_EXEC__READ | HOLM_EXEC__WRITE);
    guards(layout->stacks, step);
    holm_exec__protect(layout->memory, HOLM_EXEC__READ | HOLM_EXEC__WRITE);
}
