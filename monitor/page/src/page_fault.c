/* SPDX-License-Identifier: ISC */
/* page_fault.c: the report of an image that broke a rule: kind, address and what is there, registers
 * and a backtrace along the frame pointers, as addresses relative to the image. It runs on a stack of
 * its own and believes nothing; a second fault ends the process with what was written so far. */
#include "page_impl.h"

#include <holm/abi/exit.h>
#include <holm/text.h>

#define FRAMES_MAX 64
#define GUARD_BYTES 4096
#define NO_ADDRESS 128 /* SI_KERNEL: the processor did not say where */

struct line {
    struct holm_buffer text;
    uint8_t room[256];
};

static void line_begin(struct line *line)
{
    line->text = HOLM_BUFFER(line->room);
    (void)!holm_buffer_bytes(&line->text, HOLM_TEXT("holm: "));
}

static void put(struct line *line, struct holm_bytes text)
{
    (void)!holm_buffer_bytes(&line->text, text);
}

static void put_hex(struct line *line, uint64_t value)
{
    (void)!holm_text_hex_emit(&line->text, value, 1);
}

static void line_end(struct line *line)
{
    struct holm_bytes filled;

    put(line, HOLM_TEXT("\n"));
    filled = holm_buffer_filled(&line->text);
    (void)holm_linux_call(HOLM_LINUX_WRITE, (uint64_t)holm_page__data.report, (uint64_t)filled.ptr,
                          filled.len, 0, 0, 0);
    line_begin(line);
}

static bool inside(struct holm_abi_bytes region, uint64_t address)
{
    return address >= (uint64_t)region.at && address - (uint64_t)region.at < region.size;
}

static void put_address(struct line *line, uint64_t address)
{
    struct holm_abi_bytes image = holm_page__data.boot->image;

    if (inside(image, address)) {
        put(line, HOLM_TEXT("image+0x"));
        put_hex(line, address - (uint64_t)image.at);
        return;
    }
    put(line, HOLM_TEXT("0x"));
    put_hex(line, address);
}

/* put_region says what lies at an address; answers whether it is the guard below a stack. */
static bool put_region(struct line *line, uint64_t address)
{
    const struct holm_abi_boot *boot = holm_page__data.boot;
    uint64_t step = holm_page__data.stack_step;

    if (address < GUARD_BYTES) {
        put(line, HOLM_TEXT(", where a null pointer points"));
        return false;
    }
    if (step != 0 && inside(boot->stacks, address)) {
        uint64_t offset = address - (uint64_t)boot->stacks.at;
        bool guard = offset % step < GUARD_BYTES;
        put(line,
            guard ? HOLM_TEXT(", below the stack of task ") : HOLM_TEXT(", in the stack of task "));
        (void)!holm_text_u64_emit(&line->text, offset / step);
        return guard;
    }
    if (inside(boot->stack, address + GUARD_BYTES) && !inside(boot->stack, address)) {
        put(line, HOLM_TEXT(", below the stack of the loop"));
        return true;
    }
    if (inside(boot->image, address))
        put(line, HOLM_TEXT(", in the image"));
    else if (inside(boot->stack, address))
        put(line, HOLM_TEXT(", in the stack of the loop"));
    else if (inside(boot->memory, address))
        put(line, HOLM_TEXT(", in the image's memory"));
    else
        put(line, HOLM_TEXT(", where nothing of the image is"));
    return false;
}

static struct holm_bytes kind_of(int32_t signal, const struct holm_linux_signal_info *info)
{
    switch (signal) {
    case HOLM_LINUX_SIGSEGV: /* code 2: SEGV_ACCERR */
        if (info->code == NO_ADDRESS)
            return HOLM_TEXT("an address that is none, or an instruction that no image may use");
        return info->code == 2 ? HOLM_TEXT("access against the rights of memory")
                               : HOLM_TEXT("access to memory that is not mapped");
    case HOLM_LINUX_SIGBUS:
        return HOLM_TEXT("access to memory that the host can not give");
    case HOLM_LINUX_SIGILL:
        return HOLM_TEXT("a check failed, or an unknown instruction");
    case HOLM_LINUX_SIGFPE:
        return HOLM_TEXT("an arithmetic fault");
    default:
        return HOLM_TEXT("a check failed");
    }
}

/* put_register ends the line behind each fourth. */
static void put_register(struct line *line, struct holm_bytes name, uint64_t value, unsigned *count)
{
    put(line, HOLM_TEXT("  "));
    put(line, name);
    put(line, HOLM_TEXT("=0x"));
    put_hex(line, value);
    *count += 1;
    if (*count % 4 == 0)
        line_end(line);
}

static void put_registers(struct line *line, const struct holm_linux_signal_context *context)
{
    unsigned count = 0;

#define PUT(its_name, its_value) put_register(line, HOLM_TEXT(its_name), its_value, &count);
    HOLM_LINUX_REGISTERS(PUT, context)
#undef PUT
    if (count % 4 != 0)
        line_end(line);
}

/* stack_of is the stack in which an address lies, without its guard; else of no size. */
static struct holm_abi_bytes stack_of(uint64_t address)
{
    const struct holm_abi_boot *boot = holm_page__data.boot;
    uint64_t step = holm_page__data.stack_step;

    if (step != 0 && inside(boot->stacks, address)) {
        uint64_t first = (uint64_t)boot->stacks.at;
        first += (address - first) / step * step + GUARD_BYTES;
        return (struct holm_abi_bytes){ holm_page__at(first), step - GUARD_BYTES };
    }
    return inside(boot->stack, address) ? boot->stack : (struct holm_abi_bytes){ 0 };
}

static void put_frame(struct line *line, uint64_t address)
{
    put(line, HOLM_TEXT("  "));
    put_address(line, address);
    line_end(line);
}

/* put_backtrace follows frames only upwards, and only within one stack. */
static void put_backtrace(struct line *line, const struct holm_linux_signal_context *context)
{
    uint64_t frame = holm_linux_context_frame(context) - HOLM_LINUX_FRAME_BELOW;
    struct holm_abi_bytes stack = stack_of(frame);

    put_frame(line, holm_linux_context_code(context));
    for (size_t i = 0; i < FRAMES_MAX && frame % 8 == 0 && inside(stack, frame); i++) {
        uint64_t offset = frame - (uint64_t)stack.at;
        if (stack.size - offset < 16)
            return;
        const uint64_t *words = holm_page__at(frame);
        uint64_t next = words[0] - HOLM_LINUX_FRAME_BELOW;
        uint64_t back = holm_linux_return_address(*(const uint64_t *)holm_page__at(frame + 8));
        if (back == 0)
            return;
        put_frame(line, back - 1); /* inside the call */
        if (next <= frame)
            return;
        frame = next;
    }
}

void holm_page__on_fault(int32_t signal, const struct holm_linux_signal_info *info,
                         const struct holm_linux_signal_context *context)
{
    bool addressed =
        (signal == HOLM_LINUX_SIGSEGV && info->code != NO_ADDRESS) || signal == HOLM_LINUX_SIGBUS;
    bool overflow = false;
    struct line line;

    line_begin(&line);
    put(&line, HOLM_TEXT("fault: "));
    put(&line, kind_of(signal, info));
    if (addressed) {
        put(&line, HOLM_TEXT(" at "));
        put_address(&line, info->address);
        overflow = put_region(&line, info->address);
        if (overflow)
            put(&line, HOLM_TEXT(": it was too small"));
    }
    line_end(&line);
    put(&line, HOLM_TEXT("image build "));
    for (uint32_t i = 0; i < holm_page__data.build_id_len; i++)
        (void)!holm_text_hex_emit(&line.text, HOLM_AT(holm_page__data.build_id, i), 2);
    put(&line, HOLM_TEXT(" at 0x"));
    put_hex(&line, (uint64_t)holm_page__data.boot->image.at);
    line_end(&line);
    put_registers(&line, context);
    put_backtrace(&line, context);
    holm_page__exit(overflow ? HOLM_EXIT_STACK : HOLM_EXIT_FAULT);
}
