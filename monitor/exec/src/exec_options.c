/* SPDX-License-Identifier: ISC */
/* exec_options.c: the command line: options, the image, and behind it what is the image's own. */
#include "exec_impl.h"

static struct holm_bytes text_of(const char *text)
{
    return (struct holm_bytes){ (const uint8_t *)text, holm_arch_text_len(text) };
}

static bool starts(struct holm_bytes text, struct holm_bytes with)
{
    struct holm_bytes first = { 0 };

    return holm_bytes_part(text, 0, with.len, &first) && holm_bytes_equal(first, with);
}

/* split takes what stands before a mark off *rest, and the mark; false if there is none. */
static bool split(struct holm_bytes *rest, uint8_t mark, struct holm_bytes *before)
{
    struct holm_bytes first = { 0 };
    uint8_t byte = 0;
    size_t at = 0;

    while (at < rest->len && !holm_bytes_is(*rest, at, mark))
        at++;
    if (at == rest->len)
        return false;
    holm_assert(holm_bytes_take(rest, at, &first) && holm_bytes_u8(rest, &byte));
    *before = first;
    return true;
}

static void device_add(struct holm_exec__options *options, enum holm_abi_device_kind kind,
                       struct holm_bytes value, struct holm_bytes wanted)
{
    struct holm_bytes what = value, name = { 0 };

    if (options->devices_count == HOLM_COUNT(options->devices))
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("more than 32 devices"), value, 0);
    if (!split(&what, '=', &name) || name.len == 0 || name.len > HOLM_ABI_NAME_MAX)
        holm_exec__fail(HOLM_EXIT_USAGE, wanted, value, 0);
    for (size_t i = 0; i < options->devices_count; i++)
        if (HOLM_AT(options->devices, i).kind == kind &&
            holm_bytes_equal(HOLM_AT(options->devices, i).name, name))
            holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("two devices have this name"), value, 0);
    HOLM_AT(options->devices, options->devices_count) = (struct holm_exec__device){
        .kind = kind, .name = name, .what = what, .descriptor = -1, .now = -1, .relay = -1
    };
    options->devices_count++;
}

static uint64_t number_of(struct holm_bytes value)
{
    uint64_t number = 0;

    if (holm_text_u64_parse(&number, value) != HOLM_OK || number > INT16_MAX)
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("no descriptor"), value, 0);
    return number;
}

/* relay_set is told of a device that was named before. */
static void relay_set(struct holm_exec__options *options, struct holm_bytes value)
{
    struct holm_bytes number = value, name = { 0 };

    if (split(&number, '=', &name))
        for (size_t i = 0; i < options->devices_count; i++) {
            struct holm_exec__device *net = &HOLM_AT(options->devices, i);
            if (net->kind != HOLM_ABI_NET || !holm_bytes_equal(net->name, name))
                continue;
            net->relay = (int64_t)number_of(number);
            return;
        }
    holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("--pcap names no device of --net"), name, 0);
}

static void isolation_set(struct holm_exec__options *options, struct holm_bytes value)
{
    if (holm_bytes_equal(value, HOLM_TEXT("auto")))
        options->isolation = HOLM_EXEC__AUTO;
    else if (holm_bytes_equal(value, HOLM_TEXT("kvm")))
        options->isolation = HOLM_EXEC__KVM;
    else if (holm_bytes_equal(value, HOLM_TEXT("process")))
        options->isolation = HOLM_EXEC__PROCESS;
    else
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("--isolation is auto, kvm or process"), value,
                        0);
}

static void option_set(struct holm_exec__options *options, struct holm_bytes name,
                       struct holm_bytes value)
{
    if (holm_bytes_equal(name, HOLM_TEXT("--net"))) {
        device_add(options, HOLM_ABI_NET, value,
                   HOLM_TEXT("--net wants NAME=tap:INTERFACE or NAME=fd:N"));
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--block"))) {
        device_add(options, HOLM_ABI_BLOCK, value,
                   HOLM_TEXT("--block wants NAME=FILE or NAME=FILE,ro"));
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--mem"))) {
        if (holm_text_size_parse(&options->memory_bytes, value) != HOLM_OK ||
            options->memory_bytes < HOLM_LOADER_PAGE_BYTES ||
            options->memory_bytes > HOLM_EXEC__MEMORY_MAX)
            holm_exec__fail(HOLM_EXIT_USAGE,
                            HOLM_TEXT("--mem wants a size from 4KiB to 4TiB, like 64MiB"), value,
                            0);
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--report"))) {
        options->report = (int64_t)number_of(value);
        options->supervised = true;
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--relay"))) {
        relay_set(options, value);
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--console"))) {
        options->console = (int64_t)number_of(value);
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--record")) ||
        holm_bytes_equal(name, HOLM_TEXT("--replay"))) {
        options->recording = (int64_t)number_of(value);
        options->kind =
            holm_bytes_equal(name, HOLM_TEXT("--record")) ? HOLM_PAGE_RECORD : HOLM_PAGE_REPLAY;
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--trace"))) {
        options->recording = (int64_t)number_of(value);
        options->kind = HOLM_PAGE_RECORD;
        options->traces = true;
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--isolation"))) {
        isolation_set(options, value);
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--verbose"))) {
        options->verbose = true;
        return;
    }
    if (holm_bytes_equal(name, HOLM_TEXT("--gate"))) {
        options->gate = (int64_t)number_of(value);
        return;
    }
    holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("unknown option; holm run --help names all"), name,
                    0);
}

void holm_exec__options_read(struct holm_exec__options *options, const char *const *arguments,
                             size_t count)
{
    size_t at = 1;

    *options = (struct holm_exec__options){
        .memory_bytes = HOLM_EXEC__MEMORY_BYTES,
        .report = 2,
        .console = -1,
        .gate = -1,
        .recording = -1,
        .isolation = HOLM_EXEC__PROCESS,
        .processor = -1,
    };
    for (; at < count; at++) {
        struct holm_bytes value = text_of(HOLM_NTH(arguments, count, at)), name = value;
        if (!starts(value, HOLM_TEXT("--")))
            break;
        if (!split(&value, '=', &name)) { /* --name value */
            at++;
            if (at == count)
                holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("a value is missing behind"), name, 0);
            value = text_of(HOLM_NTH(arguments, count, at));
        }
        option_set(options, name, value);
    }
    if (at == count)
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("which image? holm run [options] IMAGE"),
                        HOLM_TEXT(""), 0);
    options->image = HOLM_NTH(arguments, count, at);
    options->image_name = text_of(options->image);
    for (at++; at < count; at++) {
        if (options->arguments_count == HOLM_EXEC__ARGUMENTS_MAX)
            holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("more than 256 parameters"), HOLM_TEXT(""),
                            0);
        HOLM_AT(options->arguments, options->arguments_count) =
            text_of(HOLM_NTH(arguments, count, at));
        options->arguments_count++;
    }
}
