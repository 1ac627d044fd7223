/* SPDX-License-Identifier: ISC */
/* exec_record.c: how a recording begins: what of a start the image can see, and nothing of the host's. */
#include "exec_impl.h"

#include <holm/arch.h>

static uint8_t room[HOLM_RECORDING_HEAD_MAX];
static struct holm_recording recording; /* that is replayed */

HOLM_NORETURN static void fail(enum holm_exit status, struct holm_bytes what)
{
    holm_exec__fail(status, what, HOLM_TEXT("the recording"), 0);
}

void holm_exec__recording_begin(const struct holm_exec__options *options,
                                const struct holm_exec__layout *layout,
                                const struct holm_abi_boot *boot,
                                const struct holm_exec__fresh *fresh, struct holm_bytes build_id)
{
    struct holm_recording_head head = {
        .isolation = boot->isolation,
        .generation = fresh->generation,
        .cpu = fresh->cpu,
        .address = holm_exec__address(layout->all.ptr) - HOLM_EXEC__FIRST,
        .guard = fresh->guard,
        .image_at = holm_exec__address(layout->image.ptr),
        .memory_at = holm_exec__address(layout->memory.ptr),
        .memory_limit = options->memory_bytes,
        .devices_count = boot->devices_count,
        .arguments_count = (uint32_t)options->arguments_count,
        .build_id_len = (uint32_t)build_id.len,
    };
    struct holm_buffer seed = HOLM_BUFFER(head.seed), id = HOLM_BUFFER(head.build_id);
    struct holm_buffer out = HOLM_BUFFER(room);

    if (!holm_buffer_bytes(&seed, HOLM_BLOB(fresh->seed)) || !holm_buffer_bytes(&id, build_id) ||
        holm_recording_emit(&out, &head, boot->devices, options->image_name,
                            &options->arguments[0]) != HOLM_OK)
        fail(HOLM_EXIT_USAGE, HOLM_TEXT("more than 64 KiB of arguments can not be recorded"));
    int64_t size = holm_exec__call(HOLM_LINUX_WRITE, (uint64_t)options->recording,
                                   holm_exec__address(room), out.len);
    if (size != (int64_t)out.len)
        fail(HOLM_EXIT_USAGE, HOLM_TEXT("its file can not be written"));
}

/* holm_exec__trace_begin tells what devices are called, before any call. */
void holm_exec__trace_begin(const struct holm_exec__options *options)
{
    for (size_t i = 0; i < options->devices_count; i++) {
        struct holm_trace_event event = { .kind = HOLM_TRACE_DEVICE, .which = (uint32_t)i };
        struct holm_bytes name = HOLM_AT(options->devices, i).name;
        uint8_t byte = 0;
        for (size_t at = 0; holm_bytes_u8(&name, &byte); at++)
            HOLM_AT(event.name, at) = (char)byte;
        if (holm_exec__call(HOLM_LINUX_WRITE, (uint64_t)options->recording,
                            holm_exec__address(&event), sizeof event) != sizeof event)
            holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("nobody reads it"), HOLM_TEXT("the trace"),
                            0);
    }
}

/* head_read leaves the file behind what is read. */
static void head_read(int64_t file)
{
    struct holm_bytes bytes = { 0 };
    int64_t size = holm_linux_call(HOLM_LINUX_PREAD, (uint64_t)file, holm_exec__address(room),
                                   sizeof room, 0, 0, 0);

    if (size < 0 || !holm_bytes_part(HOLM_BLOB(room), 0, (size_t)size, &bytes) ||
        holm_recording_parse(&recording, bytes) != HOLM_OK ||
        holm_exec__call(HOLM_LINUX_LSEEK, (uint64_t)file, recording.head.head_bytes, 0) < 0)
        fail(HOLM_EXIT_USAGE, HOLM_TEXT("it is none that this monitor can replay"));
}

/* devices_take gives the image the devices that it had; none is opened. */
static void devices_take(struct holm_exec__options *options, struct holm_abi_device *devices)
{
    struct holm_bytes rest = recording.devices;

    options->devices_count = recording.head.devices_count;
    for (size_t i = 0; i < options->devices_count; i++) {
        struct holm_abi_device *device = &HOLM_NTH(devices, HOLM_ABI_DEVICES_MAX, i);
        struct holm_exec__device *had = &HOLM_AT(options->devices, i);
        holm_assert(holm_recording_device_next(device, &rest) &&
                    holm_bytes_part(HOLM_BLOB(device->name), 0, device->name_len, &had->name));
        had->kind = device->kind == HOLM_ABI_BLOCK ? HOLM_ABI_BLOCK : HOLM_ABI_NET;
    }
}

void holm_exec__recording_open(struct holm_exec__options *options, struct holm_abi_device *devices,
                               struct holm_exec__fresh *fresh, struct holm_bytes build_id)
{
    const struct holm_recording_head *head = &recording.head;
    struct holm_buffer seed = HOLM_BUFFER(fresh->seed);
    struct holm_bytes id = { 0 }, text = { 0 };

    head_read(options->recording);
    if (!holm_bytes_part(HOLM_BLOB(head->build_id), 0, head->build_id_len, &id) ||
        !holm_bytes_equal(id, build_id))
        fail(HOLM_EXIT_USAGE, HOLM_TEXT("it is of another build of the image"));
    if ((head->cpu & ~holm_arch_cpu()) != 0)
        fail(HOLM_EXIT_HOST, HOLM_TEXT("it is of a processor that can do more than this one"));
    if (head->arguments_count > HOLM_COUNT(options->arguments) || options->arguments_count > 0)
        fail(HOLM_EXIT_USAGE, HOLM_TEXT("it has its own parameters; none can be added"));
    if (head->memory_limit < HOLM_LOADER_PAGE_BYTES || head->memory_limit > HOLM_EXEC__MEMORY_MAX)
        fail(HOLM_EXIT_USAGE, HOLM_TEXT("its --mem was none"));
    *fresh = (struct holm_exec__fresh){ .address = head->address,
                                        .guard = head->guard,
                                        .cpu = head->cpu,
                                        .generation = head->generation,
                                        .isolation = head->isolation };
    holm_assert(holm_buffer_bytes(&seed, HOLM_BLOB(head->seed)));
    options->memory_bytes = head->memory_limit;
    while (holm_recording_text_next(&text, &recording.texts)) {
        HOLM_AT(options->arguments, options->arguments_count) = text;
        options->arguments_count++;
    }
    devices_take(options, devices);
}

void holm_exec__recording_check(const struct holm_exec__layout *layout)
{
    if (holm_exec__address(layout->image.ptr) != recording.head.image_at ||
        holm_exec__address(layout->memory.ptr) != recording.head.memory_at)
        fail(HOLM_EXIT_HOST,
             HOLM_TEXT("its addresses are taken, or another version of holm made it"));
}
