/* SPDX-License-Identifier: ISC */
/* exec_kvm.h: what of the kernel's virtual machines is used, as it documents them (Linux 6.18,
 * Documentation/virt/kvm/api.rst). Names are ours. */
#pragma once

#include <stdint.h>

enum exec_kvm_call {
    KVM_VERSION_GET = 0xae00,
    KVM_MACHINE_CREATE = 0xae01,
    KVM_RUN_BYTES_GET = 0xae04,
    KVM_PROCESSOR_CREATE = 0xae41,
    KVM_RUN = 0xae80,
};
#define KVM_MEMORY_SET UINT64_C(0x4020ae46)
#define KVM_FEATURES_GET UINT64_C(0xc008ae05)
#define KVM_FEATURES_SET UINT64_C(0x4008ae90)
#define KVM_REGISTERS_GET UINT64_C(0x8090ae81)
#define KVM_REGISTERS_SET UINT64_C(0x4090ae82)
#define KVM_SYSTEM_GET UINT64_C(0x8138ae83)
#define KVM_SYSTEM_SET UINT64_C(0x4138ae84)
#define KVM_KEPT_SET UINT64_C(0x4188aea7)
#define KVM_VERSION 12

enum { KVM_EXIT_PORT = 2 };

struct exec_kvm_memory {
    uint32_t slot, flags;
    uint64_t physical, bytes, at;
};

struct exec_kvm_registers {
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rip, rflags;
};

struct exec_kvm_segment {
    uint64_t base;
    uint32_t limit;
    uint16_t selector;
    uint8_t type, present, level, is_32, is_memory, is_64, in_pages, available, unusable, padding;
};
struct exec_kvm_table {
    uint64_t base;
    uint16_t limit, padding[3];
};
struct exec_kvm_system {
    struct exec_kvm_segment cs, ds, es, fs, gs, ss, tr, ldt;
    struct exec_kvm_table gdt, idt;
    uint64_t cr0, cr2, cr3, cr4, cr8, efer, apic_base, interrupts[4];
};

#define KVM_FEATURES_MAX 256
struct exec_kvm_feature {
    uint32_t leaf, part, flags, eax, ebx, ecx, edx, padding[3];
};
struct exec_kvm_features {
    uint32_t count, padding;
    struct exec_kvm_feature features[KVM_FEATURES_MAX];
};

struct exec_kvm_kept {
    uint32_t count, flags;
    struct {
        uint32_t which, reserved;
        uint64_t value;
    } registers[16];
    uint64_t padding[16];
};

/* struct exec_kvm_run is memory that the kernel shares with who runs a processor. */
struct exec_kvm_run {
    uint8_t asked[8];
    uint32_t reason;
    uint8_t state[20];
    struct {
        uint8_t out, bytes;
        uint16_t port;
        uint32_t count;
    } port;
};

_Static_assert(sizeof(struct exec_kvm_registers) == 144, "struct kvm_regs");
_Static_assert(sizeof(struct exec_kvm_system) == 312, "struct kvm_sregs");
_Static_assert(sizeof(struct exec_kvm_kept) == 392, "struct kvm_xcrs");
_Static_assert(sizeof(struct exec_kvm_feature) == 40, "struct kvm_cpuid_entry2");
