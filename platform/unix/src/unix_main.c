/* SPDX-License-Identifier: ISC */
/* unix_main.c: the process's entry: its arguments become the boot record, and the image starts. */
#include "unix_impl.h"

#include <string.h>
#include <sys/mman.h>

#include <holm/abi/exit.h>
#include <holm/arch.h>
#include <holm/boot.h>
#include <holm/console.h>
#include <holm/parameter.h>

static struct holm_boot boot;

HOLM_PARAM_SIZE_IN(memory, UINT64_C(128) << 20, UINT64_C(1) << 20, UINT64_C(1) << 40,
                   "all the memory that the program ever has, reserved at its start");

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): --memory has that name */
enum holm_result holm_platform_memory(struct holm_span *pages)
{
    return holm_unix_memory(pages, (size_t)memory);
}

enum holm_result holm_platform_secrets(struct holm_span *pages, size_t size_bytes)
{
    enum holm_result result = holm_unix_memory(pages, size_bytes);

    if (result == HOLM_OK)
        (void)madvise(pages->ptr, size_bytes, MADV_DONTDUMP);
    return result;
}

struct holm_span holm_platform_stacks(void)
{
    return (struct holm_span){ 0 };
}

static void arguments_read(char **strings, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char *string = HOLM_NTH(strings, count, i);
        HOLM_AT(boot.arguments, boot.arguments_count) =
            (struct holm_bytes){ (const uint8_t *)string, strlen(string) };
        boot.arguments_count++;
    }
}

int main(int argc, char **argv)
{
    if (argc - 1 > HOLM_BOOT_ARGUMENTS_MAX) {
        holm_console_error(HOLM_TEXT("holm: more than 256 arguments\n"));
        return HOLM_EXIT_PARAMETER;
    }
    arguments_read(argv, (size_t)argc);
    boot.cpu = holm_arch_cpu();
    if (holm_unix_start() != HOLM_OK) {
        holm_console_error(HOLM_TEXT("holm: the host lacks epoll, eventfd or signals\n"));
        return HOLM_EXIT_HOST;
    }
    holm_unix_end(holm_unix__door_end(holm_start(&boot)));
}
