/* SPDX-License-Identifier: ISC */
/* filter.c: the filter, most used calls first. Jumps of classic BPF go forward only and count from the
 * instruction behind; here each test is written so that it jumps over a known number.
 *
 * Source: Linux, Documentation/userspace-api/seccomp_filter.rst; struct seccomp_data. */
#include <holm/filter.h>

/* Offsets in struct seccomp_data, on a machine that has the least byte first. */
enum {
    AT_NUMBER = 0,
    AT_ARCH = 4,
    AT_POINTER_LOW = 8,
    AT_POINTER_HIGH = 12,
    AT_ARGUMENTS = 16,
};
enum {
    LOAD = 0x20,          /* BPF_LD | BPF_W | BPF_ABS */
    JUMP_EQUAL = 0x15,    /* BPF_JMP | BPF_JEQ | BPF_K */
    JUMP_NOT_LESS = 0x35, /* BPF_JMP | BPF_JGE | BPF_K */
    AND = 0x54,           /* BPF_ALU | BPF_AND | BPF_K */
    RETURN = 0x06,        /* BPF_RET | BPF_K */
};
/* Of linux/kvm.h: KVM_RUN, KVM_GET_REGS, KVM_GET_SREGS. */
enum { PROCESSOR_RUN = 0xae80 };
#define PROCESSOR_REGISTERS UINT32_C(0x8090ae81)
#define PROCESSOR_SYSTEM UINT32_C(0x8138ae83)
#define ALLOW UINT32_C(0x7fff0000)
#define END UINT32_C(0x80000000) /* SECCOMP_RET_KILL_PROCESS */

struct out {
    struct holm_linux_filter *room;
    uint16_t count;
};

static void add(struct out *out, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
    HOLM_NTH(out->room, HOLM_FILTER_MAX, out->count) =
        (struct holm_linux_filter){ .code = code, .yes = yes, .no = no, .k = k };
    out->count += 1;
}

static void load(struct out *out, uint32_t at)
{
    add(out, LOAD, at, 0, 0);
}

/* must_be ends the process unless what was loaded is value. */
static void must_be(struct out *out, uint32_t value)
{
    add(out, JUMP_EQUAL, value, 1, 0);
    add(out, RETURN, END, 0, 0);
}

static uint32_t argument_low(uint32_t index)
{
    return AT_ARGUMENTS + 8 * index;
}

/* call_any allows a call with whatever arguments. */
static void call_any(struct out *out, enum holm_linux_call number)
{
    add(out, JUMP_EQUAL, number, 0, 1);
    add(out, RETURN, ALLOW, 0, 0);
}

/* call_in allows a call whose argument index, all 64 bits of it, is from first to last. Behind it the
 * number is loaded again only where the call is another one. */
static void call_in(struct out *out, enum holm_linux_call number, uint32_t index, uint32_t first,
                    uint32_t last)
{
    add(out, JUMP_EQUAL, number, 0, 8);
    load(out, argument_low(index) + 4);
    must_be(out, 0);
    load(out, argument_low(index));
    add(out, JUMP_NOT_LESS, first, 0, 2);
    add(out, JUMP_NOT_LESS, last + 1, 1, 0);
    add(out, RETURN, ALLOW, 0, 0);
    add(out, RETURN, END, 0, 0);
}

/* call_zero allows a call whose argument index is 0, all bits of it. */
static void call_zero(struct out *out, enum holm_linux_call number, uint32_t index)
{
    call_in(out, number, index, 0, 0);
}

/* call_processor allows of a processor that it is run, and that its registers are read. */
static void call_processor(struct out *out, uint32_t processor)
{
    add(out, JUMP_EQUAL, HOLM_LINUX_IOCTL, 0, 12);
    load(out, argument_low(0) + 4);
    must_be(out, 0);
    load(out, argument_low(0));
    must_be(out, processor);
    load(out, argument_low(1)); /* of which the kernel looks at no more */
    add(out, JUMP_EQUAL, PROCESSOR_RUN, 3, 0);
    add(out, JUMP_EQUAL, PROCESSOR_REGISTERS, 2, 0);
    must_be(out, PROCESSOR_SYSTEM);
    add(out, RETURN, ALLOW, 0, 0);
}

/* call_read_now allows that files_count descriptors are read, where that does not wait: of the flags, as the
 * kernel looks at them, exactly that one. */
static void call_read_now(struct out *out, const struct holm_filter_facts *facts)
{
    add(out, JUMP_EQUAL, HOLM_LINUX_PREADV2, 0, 11);
    load(out, argument_low(5));
    must_be(out, HOLM_LINUX_READ_NOW);
    load(out, argument_low(0) + 4);
    must_be(out, 0);
    load(out, argument_low(0));
    add(out, JUMP_NOT_LESS, facts->files_first, 0, 2);
    add(out, JUMP_NOT_LESS, facts->files_first + facts->files_count, 1, 0);
    add(out, RETURN, ALLOW, 0, 0);
    add(out, RETURN, END, 0, 0);
}

static void call_place(struct out *out, const struct holm_filter_facts *facts)
{
    load(out, AT_ARCH);
    must_be(out, HOLM_LINUX_ARCH);
    if (facts->page == 0)
        return;
    load(out, AT_POINTER_HIGH);
    must_be(out, (uint32_t)(facts->page >> 32));
    load(out, AT_POINTER_LOW);
    add(out, AND, ~(facts->page_bytes - 1), 0, 0);
    must_be(out, (uint32_t)facts->page);
}

uint16_t holm_filter_worker_make(struct holm_linux_filter *room, uint32_t socket, uint32_t file,
                                 bool read_only)
{
    struct out out = { room, 0 };

    load(&out, AT_ARCH);
    must_be(&out, HOLM_LINUX_ARCH);
    load(&out, AT_NUMBER);
    call_in(&out, HOLM_LINUX_PREAD, 0, file, file);
    if (!read_only)
        call_in(&out, HOLM_LINUX_PWRITE, 0, file, file);
    call_in(&out, HOLM_LINUX_FDATASYNC, 0, file, file);
    call_in(&out, HOLM_LINUX_RECVFROM, 0, socket, socket);
    call_in(&out, HOLM_LINUX_SENDTO, 0, socket, socket);
    call_any(&out, HOLM_LINUX_EXIT_GROUP);
    add(&out, RETURN, END, 0, 0);
    return out.count;
}

uint16_t holm_filter_make(struct holm_linux_filter *room, const struct holm_filter_facts *facts)
{
    struct out out = { room, 0 };
    uint32_t last = 2 + facts->devices_count;

    call_place(&out, facts);
    load(&out, AT_NUMBER);
    if (facts->processor != 0)
        call_processor(&out, facts->processor);
    call_in(&out, HOLM_LINUX_CLOCK_GETTIME, 0, HOLM_LINUX_REALTIME, HOLM_LINUX_MONOTONIC);
    if (facts->devices_count > 0) {
        call_in(&out, HOLM_LINUX_READV, 0, 3, last);
        call_in(&out, HOLM_LINUX_WRITEV, 0, 3, last);
    }
    if (facts->files_count > 0)
        call_read_now(&out, facts);
    call_zero(&out, HOLM_LINUX_PPOLL, 3);
    call_zero(&out, HOLM_LINUX_READ, 0);
    /* the outputs, and fault reports, whose descriptor is behind those of devices */
    add(&out, JUMP_EQUAL, HOLM_LINUX_WRITE, 0, 9);
    load(&out, argument_low(0) + 4);
    must_be(&out, 0);
    load(&out, argument_low(0));
    add(&out, JUMP_EQUAL, facts->report, 3, 0);
    add(&out, JUMP_EQUAL, 1, 2, 0);
    add(&out, JUMP_EQUAL, 2, 1, 0);
    add(&out, RETURN, END, 0, 0);
    add(&out, RETURN, ALLOW, 0, 0);
    call_any(&out, HOLM_LINUX_SIGRETURN);
    call_any(&out, HOLM_LINUX_EXIT_GROUP);
    add(&out, RETURN, END, 0, 0);
    return out.count;
}
