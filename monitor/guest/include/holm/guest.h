/* SPDX-License-Identifier: ISC */
/* holm/guest.h: an image's virtual machine, as far as it is data: the page tables, descriptor tables and
 * stubs of isolation `kvm`, and what is copied in and out when the image makes a call. Pure.
 *
 * All of the image's code runs at privilege level 3. What is at level 0 are some bytes per exception,
 * which tell the monitor; tables and stubs lie where no page of the image's leads. An image's addresses
 * are those of the monitor's own memory, so a pointer means the same to both once it was checked.
 * Source: Intel's manual, volume 3, chapters 4 (paging), 6 (interrupts), 8 (task management), 20 (ports). */
#pragma once

#include <holm/abi/call.h>
#include <holm/bytes.h>

#define HOLM_GUEST_PAGE_BYTES UINT64_C(4096)
#define HOLM_GUEST_LARGE_BYTES (UINT64_C(2) << 20)

/* The ports by which the image leaves, 4 bytes at once: the only ones that its level may use. A call's
 * arguments and answer lie in struct holm_guest_call. TRAP is the stubs' own. */
enum holm_guest_port {
    HOLM_GUEST_EXIT = 0x500,
    HOLM_GUEST_CONSOLE = 0x504,
    HOLM_GUEST_TURN = 0x508,
    HOLM_GUEST_READY = 0x50c, /* the first, before the image begins */
    HOLM_GUEST_PORTS_END = 0x510,
    HOLM_GUEST_TRAP = 0xe0,
};

/* struct holm_guest_call lies in memory that the image may write, behind the call page. */
struct holm_guest_call {
    uint64_t tls[8]; /* where the machine's thread pointer points; [5]: the guard of frames */
    uint64_t first, second, third; /* arguments */
    int64_t answer;
};

/* Where the machine's own parts begin, in its physical memory, a page each: GDT, IDT and TSS; the stubs;
 * their stack; and the first page table. */
enum {
    HOLM_GUEST_TABLES_AT = 0,
    HOLM_GUEST_STUBS_AT = 0x1000,
    HOLM_GUEST_STACK_AT = 0x2000,
    HOLM_GUEST_PAGES_AT = 0x3000,
};
/* Where the machine sees the first three; level 3 may not. */
#define HOLM_GUEST_OWN UINT64_C(0xffffffff80000000)

enum holm_guest_rights { HOLM_GUEST_READ = 1, HOLM_GUEST_WRITE = 2, HOLM_GUEST_RUN = 4 };

/* struct holm_guest_tables are page tables in the making, and what may be asked of them later. */
struct holm_guest_tables {
    uint64_t *words; /* the machine's own physical memory, from 0 on, zero */
    size_t pages;    /* of it */
    size_t used;
};

/* holm_guest_pages is how many pages the machine's own memory needs when bytes are mapped, small of which
 * not in large pages. At most; independent of where. */
size_t holm_guest_pages(uint64_t bytes, uint64_t small);

/* holm_guest_begin writes all but the image's page tables: descriptors, stubs, and the mapping of these. */
void holm_guest_begin(struct holm_guest_tables *tables, uint64_t *words, size_t pages);

/* holm_guest_map maps whole pages for the image; what was mapped there in pages of the same size is
 * replaced, and no rights take it away. Pages are large where address and physical allow it and large
 * says so. */
void holm_guest_map(struct holm_guest_tables *tables, uint64_t address, uint64_t physical,
                    uint64_t bytes, unsigned rights, bool large);

/* holm_guest_may answers whether the image itself could read, or write, all of these bytes. */
HOLM_MUST_USE bool holm_guest_may(const struct holm_guest_tables *tables, uint64_t address,
                                  uint64_t bytes, unsigned rights);

/* Registers of the machine that point to its own parts. */
#define HOLM_GUEST_GDT_LIMIT 79
#define HOLM_GUEST_IDT_OFFSET 0x100
#define HOLM_GUEST_IDT_LIMIT 511
#define HOLM_GUEST_TSS_OFFSET 0x400
#define HOLM_GUEST_TSS_LIMIT (104 + HOLM_GUEST_PORTS_END / 8)

/* struct holm_guest_trap is what lies at the end of the stubs' stack when one told of an exception. */
struct holm_guest_trap {
    uint64_t vector, error, rip, cs, rflags, rsp, ss;
};
#define HOLM_GUEST_VECTORS 32

/* holm_guest_trapped is what the stub that ran last has left. */
struct holm_guest_trap holm_guest_trapped(const struct holm_guest_tables *tables);

/* struct holm_guest_core is for who traces the monitor's process, which stops with SIGTRAP when the image broke a
 * rule: rax is then HOLM_GUEST_CORE, and rdi where this is. */
#define HOLM_GUEST_CORE UINT64_C(0x45524f434d4c4f48) /* "HOLMCORE" in memory */
struct holm_guest_core {
    uint64_t registers[27];  /* in the order of ptrace(2), struct user_regs_struct */
    uint64_t row, row_bytes; /* what of the process is the image's */
    uint64_t signal;         /* of a process that had broken it */
};

/* struct holm_guest_memory is the image's memory as the monitor has it, at the same addresses. */
struct holm_guest_memory {
    struct holm_span row;
    const struct holm_guest_tables *tables;
};

/* struct holm_guest_turn is a turn that was copied out of the image's memory once, before anything of it was
 * looked at. Requests of it point to pieces of it, which point into the image's memory, where it may do
 * itself what the request wants done there; what begins a request of a block device is copied too. */
struct holm_guest_turn {
    struct holm_abi_turn turn;
    struct holm_abi_request requests[HOLM_ABI_REQUESTS_MAX];
    struct holm_abi_bytes pieces[HOLM_ABI_REQUESTS_MAX][HOLM_ABI_PIECES_MAX];
    struct holm_abi_block blocks[HOLM_ABI_REQUESTS_MAX];
    uint64_t turn_at, requests_at;
};

/* holm_guest_inside answers whether bytes lie in the row of the image's pages; of some of these there may
 * be nothing, so only the kernel may be asked to read or write there. */
HOLM_MUST_USE bool holm_guest_inside(const struct holm_guest_memory *memory, uint64_t address,
                                     uint64_t bytes);

/* holm_guest_turn_take copies the turn at address; a request whose pieces can't be is made one that answers
 * HOLM_ABI_INVALID. False: the turn itself, or its requests, are not in memory that the image may write, or
 * are more than HOLM_ABI_REQUESTS_MAX; *bad is then the address. */
HOLM_MUST_USE bool holm_guest_turn_take(struct holm_guest_turn *taken,
                                        const struct holm_guest_memory *memory, uint64_t address,
                                        uint64_t *bad);

/* holm_guest_turn_give copies answers back to where the turn was taken from. */
void holm_guest_turn_give(const struct holm_guest_turn *taken,
                          const struct holm_guest_memory *memory);
