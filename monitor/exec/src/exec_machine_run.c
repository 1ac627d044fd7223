/* SPDX-License-Identifier: ISC */
/* exec_machine_run.c: the image runs in its machine until it makes a call, which is done with the same
 * functions as in the call page of isolation `process`, here from outside; or until it breaks a rule, of
 * which the same report is made. */
#include "exec_impl.h"

#include <holm/guest.h>

#include "../../page/src/page_impl.h"
#include "exec_kvm.h"

struct holm_page_data holm_page__data;

static struct holm_guest_turn turn;

/* Exceptions (Intel's manual, volume 3, 6.15). */
enum {
    DIVIDE = 0,
    DEBUG = 1,
    BREAKPOINT = 3,
    UNKNOWN = 6,
    PAGE = 14,
    FLOAT = 16,
    ALIGNMENT = 17,
    VECTOR_FLOAT = 19,
};
enum { CODE_MAPPED = 1, CODE_RIGHTS = 2, CODE_KERNEL = 128 }; /* of siginfo */

static int64_t ask(const struct holm_exec__machine *machine, uint64_t what, const void *about)
{
    return holm_exec__call(HOLM_LINUX_IOCTL, (uint64_t)machine->processor, what,
                           holm_exec__address(about));
}

/* signal_of is what the host says to a process of the same exception. */
static int32_t signal_of(uint64_t vector)
{
    switch (vector) {
    case DIVIDE:
    case FLOAT:
    case VECTOR_FLOAT:
        return HOLM_LINUX_SIGFPE;
    case DEBUG:
    case BREAKPOINT:
        return HOLM_LINUX_SIGTRAP;
    case UNKNOWN:
        return HOLM_LINUX_SIGILL;
    case ALIGNMENT:
        return HOLM_LINUX_SIGBUS;
    default:
        return HOLM_LINUX_SIGSEGV;
    }
}

static void context_set(struct holm_linux_signal_context *context,
                        const struct exec_kvm_registers *from)
{
    *context = (struct holm_linux_signal_context){
        .r8 = from->r8,
        .r9 = from->r9,
        .r10 = from->r10,
        .r11 = from->r11,
        .r12 = from->r12,
        .r13 = from->r13,
        .r14 = from->r14,
        .r15 = from->r15,
        .rdi = from->rdi,
        .rsi = from->rsi,
        .rbp = from->rbp,
        .rbx = from->rbx,
        .rdx = from->rdx,
        .rax = from->rax,
        .rcx = from->rcx,
        .rsp = from->rsp,
        .rip = from->rip,
        .rflags = from->rflags,
    };
}

/* core_offer stops for a parent that writes cores (holm/guest.h); without one it is nothing. */
static void core_offer(const struct holm_exec__machine *machine,
                       const struct exec_kvm_registers *from, int32_t signal)
{
    enum { CODE = 0x33, DATA = 0x2b };
    const struct holm_guest_core core = {
        .registers = { from->r15,    from->r14,
                       from->r13,    from->r12,
                       from->rbp,    from->rbx,
                       from->r11,    from->r10,
                       from->r9,     from->r8,
                       from->rax,    from->rcx,
                       from->rdx,    from->rsi,
                       from->rdi,    UINT64_MAX,
                       from->rip,    CODE,
                       from->rflags, from->rsp,
                       DATA,         holm_exec__address((const void *)machine->call) },
        .row = holm_exec__address(machine->memory.row.ptr),
        .row_bytes = machine->memory.row.len,
        .signal = (uint64_t)signal,
    };

    /* NOLINTNEXTLINE(hicpp-no-assembler): the one instruction that a parent sees */
    __asm__ volatile("int3" : : "a"(HOLM_GUEST_CORE), "D"(&core) : "memory");
}

/* trap_report makes a report of what a stub told of. */
static void trap_report(const struct holm_exec__machine *machine)
{
    struct holm_linux_signal_info info = { .code = CODE_KERNEL };
    struct holm_linux_signal_context context;
    struct exec_kvm_registers registers = { 0 };
    struct exec_kvm_system system = { 0 };
    struct holm_guest_trap trap = holm_guest_trapped(machine->memory.tables);

    (void)ask(machine, KVM_REGISTERS_GET, &registers);
    (void)ask(machine, KVM_SYSTEM_GET, &system);
    registers.rip = trap.rip;
    registers.rsp = trap.rsp;
    registers.rflags = trap.rflags;
    context_set(&context, &registers);
    if (trap.vector == PAGE) {
        info.address = system.cr2;
        info.code = trap.error & 1 ? CODE_RIGHTS : CODE_MAPPED;
    }
    core_offer(machine, &registers, signal_of(trap.vector));
    holm_page__on_fault(signal_of(trap.vector), &info, &context);
}

/* call_report is of a call with memory that the image does not have, or of a port that it uses in another
 * way than the call page does. */
static void call_report(const struct holm_exec__machine *machine, int32_t code, uint64_t bad)
{
    struct holm_linux_signal_info info = { .code = code, .address = bad };
    struct holm_linux_signal_context context;
    struct exec_kvm_registers registers = { 0 };

    (void)ask(machine, KVM_REGISTERS_GET, &registers);
    context_set(&context, &registers);
    core_offer(machine, &registers, HOLM_LINUX_SIGSEGV);
    holm_page__on_fault(HOLM_LINUX_SIGSEGV, &info, &context);
}

static void turn_do(const struct holm_exec__machine *machine, uint64_t address)
{
    uint64_t bad = 0;

    if (!holm_guest_turn_take(&turn, &machine->memory, address, &bad))
        call_report(machine, CODE_MAPPED, bad);
    if (machine->records)
        holm_page__turn_own(&turn.turn);
    else
        holm_page__turn(&turn.turn);
    holm_guest_turn_give(&turn, &machine->memory);
}

static int64_t console_do(const struct holm_exec__machine *machine, uint32_t output, uint64_t at,
                          uint64_t bytes)
{
    if (bytes > 0 && !holm_guest_inside(&machine->memory, at, bytes))
        return HOLM_ABI_GONE; /* as the kernel says to a process */
    if (machine->records)
        return holm_page__console_own(output, holm_exec__at(at), bytes);
    return holm_page__console(output, holm_exec__at(at), bytes);
}

/* call_do does what came through a port. Arguments are copied once: the image could write there again only
 * when it runs again. */
static void call_do(const struct holm_exec__machine *machine, uint16_t port)
{
    volatile struct holm_guest_call *call = machine->call;
    uint64_t first = call->first, second = call->second, third = call->third;

    switch (port) {
    case HOLM_GUEST_TURN:
        turn_do(machine, first);
        return;
    case HOLM_GUEST_CONSOLE:
        call->answer = console_do(machine, (uint32_t)first, second, third);
        return;
    case HOLM_GUEST_EXIT:
        if (machine->records)
            holm_page__exit_own((uint32_t)first);
        holm_page__exit((uint32_t)first);
        return;
    case HOLM_GUEST_TRAP:
        trap_report(machine);
        return;
    default:
        call_report(machine, CODE_KERNEL, 0);
    }
}

void holm_exec__machine_run(const struct holm_exec__machine *machine)
{
    const volatile struct exec_kvm_run *run = machine->run;

    for (;;) {
        int64_t result = ask(machine, KVM_RUN, NULL);
        if (result == HOLM_LINUX_EINTR || result == HOLM_LINUX_EAGAIN)
            continue;
        if (result != 0 || run->reason != KVM_EXIT_PORT) {
            holm_page__say(HOLM_TEXT("holm: the machine stopped as none of an image's may\n"));
            holm_page__exit(HOLM_EXIT_FAULT);
        }
        bool plain = run->port.out == 1 && run->port.bytes == 4 && run->port.count == 1;
        call_do(machine, plain ? run->port.port : 0);
    }
}
