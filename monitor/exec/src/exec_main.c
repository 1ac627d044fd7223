/* SPDX-License-Identifier: ISC */
/* exec_main.c: holm-exec becomes an image: it opens what the command line gives to it, lays out its
 * memory, gives up what it holds, and jumps into the call page, which takes the rest away. No libc: its
 * start alone would take longer than all of this (docs/performance.md). */
#include "exec_impl.h"

#include <holm/arch.h>
#include <holm/filter.h>

#include "../../page/src/page_impl.h"

/* An exit from a machine takes up to 100 microseconds, where virtualisation is not in hardware. */
#define PATIENCE_NS 100000

static struct holm_exec__options options;
static struct holm_exec__layout layout;
static struct holm_exec__need need;
static struct holm_loader_image image;
static struct holm_abi_device devices[HOLM_ABI_DEVICES_MAX];
static struct holm_exec__fresh fresh;
static struct holm_exec__machine machine;

int64_t holm_exec__call(enum holm_linux_call number, uint64_t a, uint64_t b, uint64_t c)
{
    return holm_linux_call(number, a, b, c, 0, 0, 0);
}

void holm_exec__say(struct holm_bytes what)
{
    (void)holm_exec__call(HOLM_LINUX_WRITE, 2, holm_exec__address(what.ptr), what.len);
}

HOLM_NORETURN static void end(enum holm_exit status)
{
    for (;;)
        (void)holm_exec__call(HOLM_LINUX_EXIT_GROUP, (uint64_t)status, 0, 0);
}

/* word_of says what the kernel's error is; empty: its number has to do. */
static struct holm_bytes word_of(int64_t error)
{
    switch (-error) {
    case 1:
    case 13:
        return HOLM_TEXT(": not allowed");
    case 2:
        return HOLM_TEXT(": no such file");
    case 16:
        return HOLM_TEXT(": in use");
    case 21:
        return HOLM_TEXT(": it is a folder");
    default:
        return (struct holm_bytes){ 0 };
    }
}

void holm_exec__fail(enum holm_exit status, struct holm_bytes what, struct holm_bytes about,
                     int64_t error)
{
    uint8_t room[512];
    struct holm_buffer line = HOLM_BUFFER(room);

    (void)!holm_buffer_bytes(&line, HOLM_TEXT("holm: "));
    if (about.len > 0 && holm_buffer_bytes(&line, about))
        (void)!holm_buffer_bytes(&line, HOLM_TEXT(": "));
    (void)!holm_buffer_bytes(&line, what);
    (void)!holm_buffer_bytes(&line, word_of(error));
    if (error < 0 && word_of(error).len == 0 && holm_buffer_bytes(&line, HOLM_TEXT(" (error ")) &&
        holm_text_i64_emit(&line, -error))
        (void)!holm_buffer_bytes(&line, HOLM_TEXT(")"));
    (void)!holm_buffer_bytes(&line, HOLM_TEXT("\n"));
    (void)holm_exec__call(HOLM_LINUX_WRITE, 2, holm_exec__address(room), line.len);
    end(status);
}

static struct holm_abi_bytes shown(struct holm_span span)
{
    return (struct holm_abi_bytes){ span.ptr, span.len };
}

/* place takes room for something of a type off *rest. */
static void *place(struct holm_span *rest, size_t bytes, size_t align)
{
    size_t padding = holm_span_padding(*rest, align);
    struct holm_span taken = { 0 };

    holm_assert(holm_span_part(*rest, padding, bytes, &taken) &&
                holm_span_part(*rest, padding + bytes, rest->len - padding - bytes, rest));
    return taken.ptr;
}

static void arguments_place(struct holm_abi_boot *boot, struct holm_span *rest)
{
    size_t count = options.arguments_count;
    struct holm_abi_bytes *arguments =
        place(rest, count * sizeof(struct holm_abi_bytes), _Alignof(struct holm_abi_bytes));

    for (size_t i = 0; i < count; i++) {
        struct holm_bytes from = HOLM_AT(options.arguments, i);
        struct holm_buffer to = { place(rest, from.len, 1), 0, from.len };
        holm_assert(holm_buffer_bytes(&to, from));
        HOLM_NTH(arguments, count, i) = (struct holm_abi_bytes){ to.ptr, to.len };
    }
    boot->arguments = arguments;
    boot->arguments_count = count;
}

/* isolation_shown is what the image is told; again the same when it is replayed, which is always a process. */
static uint32_t isolation_shown(void)
{
    if (fresh.isolation != 0)
        return fresh.isolation;
    return options.isolation == HOLM_EXEC__KVM ? HOLM_ABI_KVM : HOLM_ABI_PROCESS;
}

/* boot_make writes the boot record and all that it points to. */
static struct holm_abi_boot *boot_make(const struct holm_page_table *table)
{
    struct holm_span rest = layout.boot;
    struct holm_abi_boot *boot =
        place(&rest, sizeof(struct holm_abi_boot), _Alignof(struct holm_abi_boot));
    struct holm_abi_device *shown_devices =
        place(&rest, options.devices_count * sizeof(struct holm_abi_device),
              _Alignof(struct holm_abi_device));
    uint64_t page = holm_exec__address(layout.text.ptr);

    *boot = (struct holm_abi_boot){
        .magic = HOLM_ABI_MAGIC,
        .major = HOLM_ABI_MAJOR,
        .size_bytes = sizeof *boot,
        .isolation = isolation_shown(),
        .devices_count = (uint32_t)options.devices_count,
        .devices = shown_devices,
        .image = shown(layout.image),
        .stack = shown(layout.stack),
        .stacks = shown(layout.stacks),
        .memory = shown(layout.memory),
        .generation = fresh.generation,
        .exit = holm_exec__at(page + table->exit),
        .console = holm_exec__at(page + table->console),
        .turn = holm_exec__at(page + table->turn),
        .cpu = fresh.cpu,
        .secrets = shown(layout.secrets),
    };
    struct holm_buffer seed = HOLM_BUFFER(boot->seed);
    holm_assert(holm_buffer_bytes(&seed, HOLM_BLOB(fresh.seed)));
    for (size_t i = 0; i < options.devices_count; i++)
        HOLM_NTH(shown_devices, options.devices_count, i) = HOLM_AT(devices, i);
    arguments_place(boot, &rest);
    holm_exec__protect(layout.boot, HOLM_EXEC__READ);
    return boot;
}

/* guest_make says what the image finds behind the call page in a machine, which is there already. What the
 * calls have to know stays with us. */
static struct holm_page_data *guest_make(void)
{
    struct holm_span rest = layout.data;

    machine.call = place(&rest, sizeof(struct holm_guest_call), _Alignof(struct holm_guest_call));
    machine.call->tls[0] = holm_exec__address(machine.call);
    HOLM_AT(machine.call->tls, 5) = fresh.guard;
    holm_exec__protect(layout.text, HOLM_EXEC__READ);
    holm_exec__protect(layout.fault_stack, 0);
    holm_page__data.patience_ns = PATIENCE_NS;
    return &holm_page__data;
}

/* page_make copies the call page to its place, and says what it has to know. */
static struct holm_page_data *page_make(void)
{
    struct holm_buffer text = holm_span_buffer(layout.text);
    struct holm_span rest = layout.data;

    holm_assert(holm_buffer_bytes(&text, holm_exec__page(options.kind)));
    holm_exec__protect(layout.text, HOLM_EXEC__READ | HOLM_EXEC__RUN);
    return place(&rest, sizeof(struct holm_page_data), _Alignof(struct holm_page_data));
}

/* around says what is below and above the image's row of pages: all else of the process. */
static void around(struct holm_page_data *data)
{
    const uint64_t first = 4096, end_of_all = options.addresses_end - HOLM_LINUX_SPARED_BYTES;
    uint64_t low = holm_exec__address(layout.all.ptr), high = low + layout.all.len;

    data->below = (struct holm_abi_bytes){ holm_exec__at(first), low - first };
    data->above = (struct holm_abi_bytes){ holm_exec__at(high), end_of_all - high };
    data->sealed = shown(layout.all);
}

/* files_fill says where files to read will lie, from first on, and answers how many there are. */
static uint32_t files_fill(struct holm_page_data *data, uint32_t first)
{
    uint32_t count = 0;

    for (size_t i = 0; i < HOLM_COUNT(data->files); i++)
        HOLM_AT(data->files, i) = -1;
    for (size_t i = holm_exec__file_next(&options, 0); i < options.devices_count;
         i = holm_exec__file_next(&options, i + 1)) {
        HOLM_AT(data->files, i) = (int32_t)(first + count);
        count++;
    }
    return count;
}

static void page_fill(struct holm_page_data *data, const struct holm_abi_boot *boot)
{
    uint32_t report = HOLM_PAGE_DEVICE_FIRST + holm_exec__opened(&options);
    uint32_t files = report + (machine.call != NULL ? 2 : 1);
    const struct holm_filter_facts facts = {
        .page = machine.call != NULL ? 0 : holm_exec__address(layout.text.ptr),
        .page_bytes = HOLM_PAGE_TEXT_BYTES,
        .devices_count = holm_exec__opened(&options),
        .report = report,
        .processor = machine.call != NULL ? report + 1 : 0,
        .files_first = files,
        .files_count = files_fill(data, files),
    };

    data->tls[0] = holm_exec__address(&data->tls[0]);
    HOLM_AT(data->tls, 5) = fresh.guard;
    data->own_stack = holm_exec__address(layout.fault_stack.ptr) + layout.fault_stack.len;
    data->boot = boot;
    data->parent = UINT32_MAX;
    if (options.supervised)
        data->parent = (uint32_t)holm_exec__call(HOLM_LINUX_GETPPID, 0, 0, 0);
    data->report = (int32_t)facts.report;
    data->recording = (int32_t)facts.report - 1;
    data->traces = options.traces;
    data->console_open = true;
    for (size_t i = 0; i < options.devices_count; i++) {
        void *area = HOLM_AT(layout.areas, i).ptr;
        HOLM_AT(data->areas, i) = area;
    }
    data->entry = holm_exec__address(layout.image.ptr) + image.entry;
    data->stack_top = holm_exec__address(layout.stack.ptr) + layout.stack.len;
    data->stack_step = layout.stack_step;
    data->program.first = &data->filter[0];
    data->program.count = holm_filter_make(&data->filter[0], &facts);
    around(data);
    struct holm_buffer id = HOLM_BUFFER(data->build_id);
    struct holm_bytes notes = holm_loader_notes(&image, holm_span_bytes(layout.image));
    if (holm_buffer_bytes(&id, holm_loader_build_id(notes)))
        data->build_id_len = (uint32_t)id.len;
}

static void random_take(void)
{
    int64_t size =
        holm_exec__call(HOLM_LINUX_GETRANDOM, holm_exec__address(&fresh), sizeof fresh, 0);

    if (size != (int64_t)sizeof fresh)
        holm_exec__fail(HOLM_EXIT_HOST, HOLM_TEXT("the host has no entropy"), HOLM_TEXT(""), size);
    fresh.guard &= ~UINT64_C(255); /* a string that overruns ends at a zero */
    fresh.cpu = holm_arch_cpu();
    fresh.generation = 1;
    fresh.isolation = 0;
}

static void device_open(struct holm_exec__device *device, struct holm_abi_device *described)
{
    if (device->kind == HOLM_ABI_BLOCK)
        holm_exec__block_open(device, described);
    else
        holm_exec__net_open(device, described);
}

/* workers_start is done while there is nothing of the image yet that a worker could have. */
static void workers_start(void)
{
    for (size_t i = 0; i < options.devices_count; i++)
        if (HOLM_AT(options.devices, i).kind == HOLM_ABI_BLOCK)
            holm_exec__block_start(&options, &HOLM_AT(options.devices, i), &HOLM_AT(devices, i),
                                   HOLM_AT(layout.areas, i));
}

/* isolate decides between a machine and a process, and says so where it was to be found out. */
static void isolate(void)
{
    struct holm_bytes why = { 0 };

    if (options.kind == HOLM_PAGE_REPLAY)
        options.isolation = HOLM_EXEC__PROCESS;
    if (options.isolation == HOLM_EXEC__PROCESS)
        return;
    why = holm_exec__machine_make(&machine, &options, &layout, &image);
    if (why.len > 0 && options.isolation == HOLM_EXEC__KVM)
        holm_exec__fail(HOLM_EXIT_HOST, why, HOLM_TEXT("--isolation=kvm"), 0);
    if (options.isolation == HOLM_EXEC__AUTO) {
        holm_exec__say(why.len > 0 ? HOLM_TEXT("holm: isolation process: ")
                                   : HOLM_TEXT("holm: isolation kvm: "));
        holm_exec__say(why.len > 0 ? why : HOLM_TEXT("/dev/kvm works"));
        holm_exec__say(HOLM_TEXT("\n"));
    }
    options.isolation = why.len > 0 ? HOLM_EXEC__PROCESS : HOLM_EXEC__KVM;
    options.processor = why.len > 0 ? -1 : machine.processor;
}

/* begin jumps into the call page, or stays as what runs the machine. */
HOLM_NORETURN static void begin(const struct holm_page_table *table, struct holm_page_data *data)
{
    holm_linux_thread_set(holm_exec__address(&data->tls[0]));
    if (options.isolation == HOLM_EXEC__PROCESS)
        holm_arch_jump(holm_exec__address(layout.text.ptr) + table->enter, holm_exec__address(data),
                       data->stack_top);
    (void)holm_linux_call(HOLM_LINUX_MSEAL, holm_exec__address(layout.all.ptr), layout.all.len, 0,
                          0, 0, 0);
    if (holm_exec__call(HOLM_LINUX_SECCOMP, 1 /* SECCOMP_SET_MODE_FILTER */, 0,
                        holm_exec__address(&data->program)) != 0)
        holm_exec__fail(HOLM_EXIT_HOST, HOLM_TEXT("the host has no seccomp filters"), HOLM_TEXT(""),
                        0);
    machine.processor = data->report + 1;
    machine.records = options.kind == HOLM_PAGE_RECORD;
    holm_exec__machine_run(&machine);
}

/* addresses_end is how many addresses a process has: a power of two, of which the kernel puts the first stack, and
 * the arguments with it, into the upper half. It depends on the machine, and on some on how its kernel was made. */
static uint64_t addresses_end(const void *argument)
{
    uint64_t end = 1;

    while (end <= holm_exec__address(argument))
        end *= 2;
    return end;
}

void holm_exec_main(uint64_t count, const char *const *arguments)
{
    holm_exec__options_read(&options, arguments, count);
    options.addresses_end = addresses_end(arguments);
    holm_exec__auxiliary_set(arguments);
    int64_t file = holm_exec__image_open(&image, &options);
    struct holm_bytes notes = holm_exec__notes_peek(&image, file, options.image_name);
    if (options.kind == HOLM_PAGE_REPLAY)
        holm_exec__recording_open(&options, devices, &fresh, holm_loader_build_id(notes));
    holm_exec__notes_read(&need, &options, notes);
    if (options.kind != HOLM_PAGE_REPLAY) {
        for (size_t i = 0; i < options.devices_count; i++)
            device_open(&HOLM_AT(options.devices, i), &HOLM_AT(devices, i));
        random_take();
    }
    options.config_bytes = holm_exec__config_bytes(&options, &devices[0]);
    holm_exec__layout_make(&layout, &options, &need, &image, fresh.address);
    if (options.kind == HOLM_PAGE_REPLAY)
        holm_exec__recording_check(&layout);
    else
        workers_start();
    isolate();
    bool is_machine = options.isolation == HOLM_EXEC__KVM;
    const struct holm_page_table *table =
        is_machine ? machine.table : (const void *)holm_exec__page(options.kind).ptr;
    holm_exec__image_load(&image, file, layout.image, options.image_name);
    holm_exec__image_protect(&image, layout.image, is_machine ? 0 : HOLM_EXEC__RUN);
    struct holm_page_data *data = is_machine ? guest_make() : page_make();
    const struct holm_abi_boot *boot = boot_make(table);
    page_fill(data, boot);
    if (options.traces)
        holm_exec__trace_begin(&options);
    else if (options.kind == HOLM_PAGE_RECORD)
        holm_exec__recording_begin(&options, &layout, boot, &fresh, holm_loader_build_id(notes));
    holm_exec__outputs_set(&options, data);
    holm_exec__gate_wait(&options);
    holm_exec__descriptors_set(&options);
    holm_exec__signals_set(&layout, table, &options);
    holm_exec__privileges_drop(&options);
    begin(table, data);
}
