/* SPDX-License-Identifier: ISC */
/* unix_main.c: the process's entry: its arguments become the boot record, and the image starts. */
#include "unix_impl.h"

#include <string.h>

#include <holm/abi/exit.h>
#include <holm/boot.h>
#include <holm/console.h>
#include <holm/run.h>

static struct holm_boot boot;

enum holm_result holm_platform_memory(struct holm_span *memory, size_t size_bytes)
{
    return holm_unix_memory(memory, size_bytes);
}

void holm_platform_guard(struct holm_span pages)
{
    if (holm_unix_guard(pages) != HOLM_OK)
        holm_console_error(HOLM_TEXT("holm: a stack has no guard: the host refused mprotect\n"));
}

/* stack_find tells the crash report on whose stack the program runs. */
static bool stack_find(struct holm_unix_stack *stack)
{
    const struct holm_task *task = holm_task_self();

    if (task == NULL)
        return false;
    struct holm_span memory = holm_task_stack(task);
    stack->name = holm_task_name(task);
    stack->low = (uintptr_t)memory.ptr;
    stack->high = stack->low + memory.len;
    return true;
}

#pragma clang unsafe_buffer_usage begin
static void arguments_read(int count, char **strings)
{
    for (int i = 1; i < count; i++) {
        HOLM_AT(boot.arguments, boot.arguments_count) =
            (struct holm_bytes){ (const uint8_t *)strings[i], strlen(strings[i]) };
        boot.arguments_count++;
    }
}
#pragma clang unsafe_buffer_usage end

int main(int argc, char **argv)
{
    if (argc - 1 > HOLM_BOOT_ARGUMENTS_MAX) {
        holm_console_error(HOLM_TEXT("holm: more than 256 arguments\n"));
        return HOLM_EXIT_PARAMETER;
    }
    arguments_read(argc, argv);
    holm_unix_stacks(stack_find);
    if (holm_unix_start() != HOLM_OK) {
        holm_console_error(HOLM_TEXT("holm: the host lacks epoll, eventfd or signals\n"));
        return HOLM_EXIT_HOST;
    }
    holm_unix_end(holm_start(&boot));
}
