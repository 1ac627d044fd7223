/* SPDX-License-Identifier: ISC */
/* holm_console.c: the console, which the monitor writes and never waits for. */
#include <holm/abi/call.h>
#include <holm/console.h>

static uint64_t dropped;
static bool closed;

static void output_write(enum holm_abi_output output, struct holm_bytes bytes)
{
    int64_t taken = holm_arch_console((uint32_t)output, bytes.ptr, bytes.len);

    closed = closed || taken < 0;
    if (taken < 0)
        taken = 0;
    dropped += bytes.len - (uint64_t)taken;
}

void holm_console_write(struct holm_bytes bytes)
{
    output_write(HOLM_ABI_OUTPUT, bytes);
}

void holm_console_error(struct holm_bytes bytes)
{
    output_write(HOLM_ABI_ERROR, bytes);
}

uint64_t holm_console_dropped(void)
{
    return dropped;
}

bool holm_console_is_closed(void)
{
    return closed;
}
