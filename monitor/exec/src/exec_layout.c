/* SPDX-License-Identifier: ISC */
/* exec_layout.c: where everything lies: one row of pages at a random address, in which the image will
 * be alone. */
#include "exec_impl.h"

#define PAGE HOLM_LOADER_PAGE_BYTES
#define MAP_FIXED_NOREPLACE 0x100000
#define TRIES 8 /* until an address is free */
#define GUARDS_A_CALL 256
#define OURSELVES (UINT64_MAX - 9999) /* PIDFD_SELF: -10000 */
enum { NO_HUGE_PAGES = 15, NO_DUMP = 16, WANTED_NOW = 23, GUARD_INSTALL = 102 }; /* of madvise */

/* Pages that nothing may reach, between parts and below stacks. */
static struct {
    struct holm_abi_bytes pages[GUARDS_A_CALL];
    size_t count;
    bool one_by_one; /* the kernel is older than 6.14 */
} guards;

/* arguments_bytes is what the record needs with all that it points to. */
static uint64_t boot_bytes(const struct holm_exec__options *options)
{
    uint64_t bytes = sizeof(struct holm_abi_boot) +
                     sizeof(struct holm_abi_device) * options->devices_count +
                     sizeof(struct holm_abi_bytes) * options->arguments_count + 64;

    for (size_t i = 0; i < options->arguments_count; i++)
        bytes += HOLM_AT(options->arguments, i).len;
    return holm_exec__pages(bytes);
}

void holm_exec__protect(struct holm_span part, uint32_t rights)
{
    int64_t result =
        holm_exec__call(HOLM_LINUX_MPROTECT, holm_exec__address(part.ptr), part.len, rights);

    if (result != 0)
        holm_exec__fail(HOLM_EXIT_MEMORY, HOLM_TEXT("the host has not so much memory"),
                        HOLM_TEXT(""), result);
}

/* reserve takes a row of pages in the lower half of what a process has of addresses. */
static struct holm_span reserve(uint64_t bytes, uint64_t random, uint64_t addresses_end)
{
    uint64_t span = addresses_end / 2;

    for (unsigned i = 0; i < TRIES; i++) {
        /* the filter knows the call page by its address, a multiple of its size */
        uint64_t wanted =
            HOLM_EXEC__FIRST + (random % span) / HOLM_PAGE_TEXT_BYTES * HOLM_PAGE_TEXT_BYTES;
        int64_t at =
            holm_linux_call(HOLM_LINUX_MMAP, wanted, bytes, HOLM_EXEC__READ | HOLM_EXEC__WRITE,
                            HOLM_EXEC__ANONYMOUS | MAP_FIXED_NOREPLACE, UINT64_MAX, 0);
        if (at == (int64_t)wanted)
            /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
            return (struct holm_span){ (uint8_t *)at, bytes };
        random = random / 3 + UINT64_C(0x9e3779b97f4a7c15) % span;
    }
    holm_exec__fail(HOLM_EXIT_MEMORY, HOLM_TEXT("the host has not so much memory; see --mem"),
                    HOLM_TEXT(""), 0);
}

/* guards_install makes guards of the pages at hand, in one call where the kernel has it: such a guard
 * needs no mapping of its own, so hundreds cost next to nothing. */
static void guards_install(void)
{
    guards.one_by_one =
        guards.one_by_one ||
        holm_linux_call(HOLM_LINUX_PROCESS_MADVISE, OURSELVES, holm_exec__address(&guards.pages[0]),
                        guards.count, GUARD_INSTALL, 0, 0) != (int64_t)(guards.count * PAGE);
    for (size_t i = 0; guards.one_by_one && i < guards.count; i++) {
        struct holm_abi_bytes page = HOLM_AT(guards.pages, i);
        holm_exec__protect((struct holm_span){ page.at, page.size }, 0);
    }
    guards.count = 0;
}

static void guard_add(struct holm_span all, uint64_t at)
{
    struct holm_span page = { 0 };

    if (guards.count == HOLM_COUNT(guards.pages))
        guards_install();
    holm_assert(holm_span_part(all, at, PAGE, &page));
    HOLM_AT(guards.pages, guards.count) = (struct holm_abi_bytes){ page.ptr, page.len };
    guards.count += 1;
}

/* part takes the next bytes of the row, and leaves a guard behind them. */
static struct holm_span part(struct holm_span all, uint64_t *at, uint64_t bytes)
{
    struct holm_span taken = { 0 };

    holm_assert(holm_span_part(all, *at, bytes, &taken));
    *at += bytes + PAGE;
    guard_add(all, *at - PAGE);
    return taken;
}

static void advise(struct holm_span pages, uint64_t advice)
{
    (void)holm_exec__call(HOLM_LINUX_MADVISE, holm_exec__address(pages.ptr), pages.len, advice);
}

/* holm_exec__hide leaves pages out of cores: holm run --core looks at the same mark as the kernel does. */
void holm_exec__hide(struct holm_span part)
{
    advise(part, NO_DUMP);
}

/* touch asks for all pages from the first part of the row to the end of what the image's file holds:
 * they will be written at once, and one by one, as each is met, they cost more. */
static void touch(const struct holm_exec__layout *layout, const struct holm_loader_image *image)
{
    const struct holm_loader_segment *last = &HOLM_AT(image->segments, image->segments_count - 1);
    struct holm_span head = { 0 };
    uint64_t first = holm_exec__address(layout->all.ptr);
    uint64_t end =
        holm_exec__pages(holm_exec__address(layout->image.ptr) + last->address + last->file_bytes);
    uint64_t memory = holm_exec__address(layout->memory.ptr);

    holm_assert(holm_span_part(layout->all, 0, memory - first, &head));
    advise(head, NO_HUGE_PAGES);
    holm_assert(holm_span_part(layout->all, 0, end - first, &head));
    advise(head, WANTED_NOW);
}

static uint64_t disks_count(const struct holm_exec__options *options)
{
    uint64_t count = 0;

    for (size_t i = 0; i < options->devices_count; i++)
        count += HOLM_AT(options->devices, i).kind == HOLM_ABI_BLOCK;
    return count;
}

/* areas_bytes is what is shared with workers of block devices. */
static uint64_t areas_bytes(const struct holm_exec__options *options)
{
    return disks_count(options) * sizeof(struct holm_block_area);
}

/* loop_stack_bytes is how large the loop's stack is. */
static uint64_t loop_stack_bytes(const struct holm_exec__need *need)
{
    return holm_exec__pages(need->loop_bytes) + HOLM_EXEC__FRAME_BYTES;
}

/* memory_left is what --mem leaves beside segments, stacks and what block devices take: an image that asks for
 * much gets no more. */
static uint64_t memory_left(const struct holm_exec__options *options,
                            const struct holm_exec__need *need,
                            const struct holm_loader_image *image)
{
    uint64_t all = holm_exec__pages(options->memory_bytes);
    uint64_t taken = image->memory_bytes + loop_stack_bytes(need) + areas_bytes(options) +
                     holm_exec__pages(options->config_bytes) +
                     holm_exec__pages(need->stack_bytes) * need->stacks_count;

    if (taken >= all)
        holm_exec__fail(
            HOLM_EXIT_USAGE,
            HOLM_TEXT("its segments, stacks and disks alone need more than --mem gives"),
            options->image_name, 0);
    return all - taken;
}

void holm_exec__layout_make(struct holm_exec__layout *layout,
                            const struct holm_exec__options *options,
                            const struct holm_exec__need *need,
                            const struct holm_loader_image *image, uint64_t random)
{
    uint64_t step = holm_exec__pages(need->stack_bytes) + PAGE, at = 0;
    uint64_t boot = boot_bytes(options), memory = memory_left(options, need, image);
    uint64_t total = HOLM_PAGE_TEXT_BYTES + HOLM_PAGE_DATA_BYTES + boot + image->memory_bytes +
                     HOLM_EXEC__FAULT_STACK_BYTES + loop_stack_bytes(need) +
                     step * need->stacks_count + memory + areas_bytes(options) +
                     holm_exec__pages(options->config_bytes) +
                     (7 + disks_count(options) + (options->config_bytes > 0)) * PAGE;
    struct holm_span all = reserve(total, random, options->addresses_end);

    *layout = (struct holm_exec__layout){ .all = all, .stack_step = step };
    holm_assert(holm_span_part(all, 0, HOLM_PAGE_TEXT_BYTES, &layout->text));
    at = HOLM_PAGE_TEXT_BYTES;
    layout->data = part(all, &at, HOLM_PAGE_DATA_BYTES);
    layout->boot = part(all, &at, boot);
    layout->image = part(all, &at, image->memory_bytes);
    layout->fault_stack = part(all, &at, HOLM_EXEC__FAULT_STACK_BYTES);
    layout->stack = part(all, &at, loop_stack_bytes(need));
    layout->stacks = part(all, &at, step * need->stacks_count);
    layout->memory = part(all, &at, memory);
    for (size_t i = 0; i < options->devices_count; i++)
        if (HOLM_AT(options->devices, i).kind == HOLM_ABI_BLOCK)
            HOLM_AT(layout->areas, i) = part(all, &at, sizeof(struct holm_block_area));
    if (options->config_bytes > 0) {
        layout->secrets = part(all, &at, holm_exec__pages(options->config_bytes));
        holm_exec__hide(layout->secrets);
    }
    holm_assert(at == all.len); /* all is some part's, or a guard */
    touch(layout, image);
    for (uint64_t i = 0; i < need->stacks_count; i++)
        guard_add(layout->stacks, i * step);
    guards_install();
}
