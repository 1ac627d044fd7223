/* SPDX-License-Identifier: ISC */
/* unix_crash.c: the report of a program that broke a rule: kind, address, task, registers and a
 * backtrace along the frame pointers, as addresses relative to the image, which llvm-symbolizer or
 * addr2line resolve with the program's own file.
 *
 * It runs on a stack of its own, takes no lock and no memory, and believes nothing: a second fault
 * while it reports ends the process with what was written so far. */
#include "unix_impl.h"

#include <elf.h>
#include <link.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <holm/abi/exit.h>
#include <holm/machine/fault.h>
#include <holm/task.h>

#define FRAMES_MAX 64
/* The longest way from one frame to the next that is believed. */
#define FRAME_SIZE_MAX (1024 * 1024)
/* How far below a stack a fault still is an overflow of it. */
#define GUARD_BYTES 65536
#define REPORT_STACK_BYTES 65536
#define BUILD_ID_MAX 32

struct image {
    uintptr_t base, end;
    size_t build_id_len;
    uint8_t build_id[BUILD_ID_MAX];
};

static struct image image;
static _Alignas(16) uint8_t report_stack[REPORT_STACK_BYTES];

/* struct line is a line of the report in the making. */
struct line {
    size_t len;
    uint8_t bytes[256];
};

static void put(struct line *line, struct holm_bytes text)
{
    uint8_t byte = 0;

    while (line->len < sizeof line->bytes && holm_bytes_u8(&text, &byte)) {
        HOLM_AT(line->bytes, line->len) = byte;
        line->len += 1;
    }
}

static void put_string(struct line *line, const char *string)
{
    put(line, (struct holm_bytes){ (const uint8_t *)string, strlen(string) });
}

static void put_hex(struct line *line, uintptr_t value, unsigned digits_min)
{
    static const uint8_t digits[16] = "0123456789abcdef";
    unsigned count = digits_min;

    while (count < 2 * sizeof value && value >> 4 * count != 0)
        count += 1;
    for (; count > 0; count--) {
        uint8_t digit = HOLM_AT(digits, value >> 4 * (count - 1) & 15);
        put(line, (struct holm_bytes){ &digit, 1 });
    }
}

static void put_address(struct line *line, uintptr_t address)
{
    bool inside = address >= image.base && address < image.end;

    put(line, inside ? HOLM_TEXT("image+0x") : HOLM_TEXT("0x"));
    put_hex(line, inside ? address - image.base : address, 1);
}

static void put_line(struct line *line)
{
    put(line, HOLM_TEXT("\n"));
    (void)!write(STDERR_FILENO, line->bytes, line->len);
    *line = (struct line){ 0 };
    put(line, HOLM_TEXT("holm: "));
}

static const char *kind_of(int signal)
{
    switch (signal) {
    case SIGSEGV:
        return "access to memory that is not mapped, or against its rights (SIGSEGV)";
    case SIGBUS:
        return "access to memory that the host can not give (SIGBUS)";
    case SIGILL:
        return "a check failed, or an unknown instruction (SIGILL)";
    case SIGFPE:
        return "an arithmetic fault (SIGFPE)";
    default:
        return "a check failed (SIGTRAP)";
    }
}

static void put_registers(struct line *line, const struct holm_fault_frame *frame)
{
    for (size_t i = 0; i < frame->count && i < HOLM_COUNT(frame->registers); i++) {
        const struct holm_fault_register *this = &HOLM_AT(frame->registers, i);
        put(line, HOLM_TEXT("  "));
        put_string(line, this->name);
        put(line, HOLM_TEXT("="));
        put_hex(line, this->value, 1);
        if (i % 4 == 3)
            put_line(line);
    }
    if (frame->count % 4 != 0)
        put_line(line);
}

static void put_frame(struct line *line, unsigned number, uintptr_t address)
{
    put(line, HOLM_TEXT("  #"));
    put_hex(line, number / 10, 1);
    put_hex(line, number % 10, 1);
    put(line, HOLM_TEXT(" "));
    put_address(line, address);
    put_line(line);
}

/* A frame begins with the caller's frame pointer, then the address to return to. */
static void put_backtrace(struct line *line, const struct holm_fault_frame *frame)
{
    uintptr_t fp = frame->fp;

    put_frame(line, 0, frame->pc);
    for (unsigned number = 1; number < FRAMES_MAX; number++) {
        uintptr_t pair[2];
        if (fp == 0 || fp % sizeof fp != 0 || fp < frame->sp)
            break;
        /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
        memcpy(pair, (const void *)fp, sizeof pair); /* style: the machine's own record */
        if (pair[1] == 0)
            break;
        put_frame(line, number, holm_fault_return_address(pair[1]));
        if (pair[0] <= fp || pair[0] - fp > FRAME_SIZE_MAX)
            break;
        fp = pair[0];
    }
}

/* put_stack names the running task; answers whether the fault is an overflow of its stack. */
static bool put_stack(struct line *line, const void *address, uintptr_t sp)
{
    const struct holm_task *overflowed = holm_task_at_guard(address);
    const struct holm_task *task = overflowed != NULL ? overflowed : holm_task_self();
    uintptr_t at = (uintptr_t)address;
    bool overflow =
        overflowed != NULL || (task == NULL && (at < sp ? sp - at : at - sp) < GUARD_BYTES);

    put(line, task != NULL ? HOLM_TEXT("in task ") : HOLM_TEXT("in the run loop"));
    if (task != NULL)
        put(line, holm_task_name(task));
    if (overflow)
        put(line, HOLM_TEXT(": its stack was too small"));
    put_line(line);
    return overflow;
}

/* holm_unix__crash_name_task says which task runs, if one does. */
void holm_unix__crash_name_task(void)
{
    const struct holm_task *task = holm_task_self();
    struct line line = { 0 };

    if (task == NULL)
        return;
    put(&line, HOLM_TEXT("holm: the processor was kept by task "));
    put(&line, holm_task_name(task));
    put_line(&line);
}

static void on_fault(int signal, siginfo_t *about, void *context)
{
    static volatile sig_atomic_t reporting;
    struct holm_fault_frame frame;
    struct line line = { 0 };
    bool addressed = signal == SIGSEGV || signal == SIGBUS;
    uintptr_t address = (uintptr_t)about->si_addr;

    if (reporting)
        _exit(HOLM_EXIT_FAULT);
    reporting = 1;
    holm_fault_frame_get(&frame, context);
    put(&line, HOLM_TEXT("\nholm: fault: "));
    put_string(&line, kind_of(signal));
    if (addressed) {
        put(&line, HOLM_TEXT(" at "));
        put_address(&line, address);
    }
    put_line(&line);
    bool overflow = put_stack(&line, addressed ? about->si_addr : NULL, frame.sp);
    put(&line, HOLM_TEXT("image build "));
    for (size_t i = 0; i < image.build_id_len; i++)
        put_hex(&line, HOLM_AT(image.build_id, i), 2);
    put(&line, HOLM_TEXT(" at 0x"));
    put_hex(&line, image.base, 1);
    put_line(&line);
    put_registers(&line, &frame);
    put_backtrace(&line, &frame);
    put(&line, HOLM_TEXT("llvm-symbolizer --obj=PROGRAM --relative-address resolves what is behind "
                         "image+"));
    put_line(&line);
    _exit(overflow ? HOLM_EXIT_STACK : HOLM_EXIT_FAULT);
}

/* Where a function finds that the guard of its frame was overwritten. libc's own would go on to
 * print, on a stack that can't be believed. */
__attribute__((noreturn)) void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
    __builtin_trap();
}

static bool take_number(struct holm_bytes *rest, uint32_t *value)
{
    struct holm_bytes part = { 0 };

    if (!holm_bytes_take(rest, sizeof *value, &part))
        return false;
    memcpy(value, part.ptr, sizeof *value); /* style: in the order of the host */
    return true;
}

/* read_notes looks for the build identity; names and descriptions are padded to 4 bytes. */
static void read_notes(struct holm_bytes notes)
{
    uint32_t name_len = 0, len = 0, type = 0;
    struct holm_bytes name, description, padding;

    while (take_number(&notes, &name_len) && take_number(&notes, &len) &&
           take_number(&notes, &type)) {
        if (!holm_bytes_take(&notes, name_len, &name) ||
            !holm_bytes_take(&notes, -name_len % 4, &padding) ||
            !holm_bytes_take(&notes, len, &description) ||
            !holm_bytes_take(&notes, -len % 4, &padding))
            return;
        if (type != NT_GNU_BUILD_ID || !holm_bytes_equal(name, HOLM_TEXT("GNU\0")))
            continue;
        struct holm_buffer out = HOLM_BUFFER(image.build_id);
        if (holm_buffer_bytes(&out, description))
            image.build_id_len = out.len;
    }
}

/* The first object that the linker tells of is the program itself. */
static int read_image(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    image.base = info->dlpi_addr;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &HOLM_NTH(info->dlpi_phdr, info->dlpi_phnum, i);
        uintptr_t start = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && start + header->p_memsz > image.end)
            image.end = start + header->p_memsz;
        if (header->p_type == PT_NOTE)
            /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
            read_notes((struct holm_bytes){ (const uint8_t *)start, header->p_filesz });
    }
    return 1;
}

void holm_unix__crash_start(void)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
    stack_t stack = { .ss_sp = report_stack, .ss_size = sizeof report_stack };
    struct sigaction action = {
        .sa_sigaction = on_fault,
        .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
    };

    (void)dl_iterate_phdr(read_image, NULL);
    (void)sigaltstack(&stack, NULL);
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < HOLM_COUNT(signals); i++)
        (void)sigaction(HOLM_AT(signals, i), &action, NULL);
}
