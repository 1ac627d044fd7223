/* SPDX-License-Identifier: ISC */
/* exec_impl.h: what the files of holm-exec share. It is one straight way from a command line to an
 * image that runs; whatever fails on it is told in one line and ends the process. */
#pragma once

#include <holm/abi/boot.h>
#include <holm/abi/exit.h>
#include <holm/guest.h>
#include <holm/loader.h>
#include <holm/page.h>
#include <holm/recording.h>
#include <holm/text.h>
#include <holm/trace.h>

#define HOLM_EXEC__NAME_MAX 255
#define HOLM_EXEC__ARGUMENTS_MAX 256
#define HOLM_EXEC__MEMORY_BYTES (UINT64_C(128) << 20)
#define HOLM_EXEC__MEMORY_MAX (UINT64_C(1) << 42)
/* The loop's stack of an image that does not say how large it is, and what a signal's frame takes beside. */
#define HOLM_EXEC__LOOP_BYTES (256 * UINT64_C(1024))
#define HOLM_EXEC__FRAME_BYTES (16 * UINT64_C(1024))
#define HOLM_EXEC__FAULT_STACK_BYTES (32 * UINT64_C(1024))
/* Where rows of pages begin, from here on: behind programs that lie at fixed addresses. */
#define HOLM_EXEC__FIRST (UINT64_C(1) << 32)

/* Of mmap: memory of our own, of which only what is written counts. */
#define HOLM_EXEC__ANONYMOUS 0x4022

enum holm_exec__isolation { HOLM_EXEC__AUTO, HOLM_EXEC__PROCESS, HOLM_EXEC__KVM };

/* struct holm_exec__device is what the command line says of a device. */
struct holm_exec__device {
    enum holm_abi_device_kind kind;
    struct holm_bytes name, what; /* NAME=WHAT */
    int64_t descriptor; /* once it is open: of a block device, its file, then its worker's socket */
    int64_t now;        /* of a block device, its file again, to read only; -1: it is not open so */
    int64_t relay;      /* to whom the device goes, and takes its place; -1: nobody */
};

struct holm_exec__options {
    uint64_t memory_bytes;
    const char *image;
    struct holm_bytes image_name;
    struct holm_exec__device devices[HOLM_ABI_DEVICES_MAX];
    size_t devices_count;
    uint64_t config_bytes; /* for what the block device "config" says; 0: there is none */
    int64_t report;        /* the descriptor of fault reports */
    int64_t console;       /* that of what the image writes; -1: where our own outputs go */
    int64_t gate;          /* from which a byte is read before the image begins; -1: none */
    int64_t recording; /* the file of --record or --replay, the pipe of --trace; -1: none of them */
    bool traces;       /* it is that of --trace */
    enum holm_page_kind kind;
    enum holm_exec__isolation isolation;
    int64_t processor; /* of a virtual machine; -1: there is none */
    bool supervised;
    bool verbose;           /* what of the sandbox the host does not have is said */
    uint64_t addresses_end; /* of this process: nothing lies there or behind it */
    struct holm_bytes arguments[HOLM_EXEC__ARGUMENTS_MAX];
    size_t arguments_count;
};

/* struct holm_exec__fresh is what is new at each start, and comes out of a recording when it is replayed. */
struct holm_exec__fresh {
    uint64_t address, guard; /* random: where the row of pages lies, the guard of frames */
    uint8_t seed[HOLM_ABI_SEED_BYTES];
    uint64_t cpu, generation; /* of the boot record */
    uint32_t isolation;       /* that a recording was made in; 0: none is replayed */
};

/* struct holm_exec__need is what the image's notes say. */
struct holm_exec__need {
    uint64_t stacks_count, stack_bytes;
    uint64_t loop_bytes; /* of the loop's stack */
    bool config;         /* it reads the block device of that name */
};

/* struct holm_exec__layout: the parts of one reserved row of pages; between them nothing is mapped. */
struct holm_exec__layout {
    struct holm_span all;
    struct holm_span text, data;   /* of the call page */
    struct holm_span fault_stack;  /* of its handlers */
    struct holm_span boot;         /* the record, and what it points to */
    struct holm_span image, stack; /* the loop's stack */
    struct holm_span stacks, memory;
    struct holm_span secrets; /* for what the device "config" says; empty: there is none */
    struct holm_span
        areas[HOLM_ABI_DEVICES_MAX]; /* shared with workers of block devices; else empty */
    uint64_t stack_step;
};

/* holm_exec__opened counts the descriptors from 3 on, but for that of reports. */
static inline uint32_t holm_exec__opened(const struct holm_exec__options *options)
{
    size_t devices = options->kind == HOLM_PAGE_REPLAY ? 0 : options->devices_count;

    return (uint32_t)devices + (options->kind == HOLM_PAGE_PLAIN ? 0 : 1);
}

/* holm_exec__file_next is the device behind at, inclusive, whose file is open to read; the count if there is
 * none. They lie in this order behind all other descriptors. */
static inline size_t holm_exec__file_next(const struct holm_exec__options *options, size_t at)
{
    while (at < options->devices_count && HOLM_AT(options->devices, at).now < 0)
        at++;
    return at;
}

/* struct holm_exec__machine is a virtual machine, of one processor. */
struct holm_exec__machine {
    const struct holm_page_table *table; /* of the call page that the image sees */
    int64_t processor;
    struct exec_kvm_run *run;
    struct holm_guest_call *call;
    struct holm_guest_memory memory;
    bool records;
};

/* exec_main.c */
HOLM_NORETURN void holm_exec__fail(enum holm_exit status, struct holm_bytes what,
                                   struct holm_bytes about, int64_t error);
void holm_exec__say(struct holm_bytes what);
int64_t holm_exec__call(enum holm_linux_call number, uint64_t a, uint64_t b, uint64_t c);
static inline uint64_t holm_exec__address(const void *at)
{
    return (uint64_t)at;
}

/* holm_exec__open opens the file at a path, of which this is the address. */
static inline int64_t holm_exec__open(uint64_t path, uint64_t flags)
{
    const int64_t here = -100; /* AT_FDCWD */

    return holm_linux_call(HOLM_LINUX_OPENAT, (uint64_t)here, path, flags, 0, 0, 0);
}

/* holm_exec__auxiliary_set keeps where this program's arguments are; getauxval finds behind them what libc's does, which
 * is not here (platform/arch asks it); 0: the kernel says nothing of that type. */
void holm_exec__auxiliary_set(const char *const *arguments);
unsigned long getauxval(unsigned long type);

static inline void *holm_exec__at(uint64_t address)
{
    return (void *)address; /* NOLINT(performance-no-int-to-ptr) */
}

/* platform/arch */
size_t holm_arch_text_len(const char *text);
HOLM_NORETURN void holm_arch_jump(uint64_t function, uint64_t argument, uint64_t stack);
HOLM_NORETURN void holm_exec_main(uint64_t count, const char *const *arguments);

/* exec_options.c */
void holm_exec__options_read(struct holm_exec__options *options, const char *const *arguments,
                             size_t count);

/* exec_image.c: the file opened and its headers read; then read into memory and relocated. */
int64_t holm_exec__image_open(struct holm_loader_image *image,
                              const struct holm_exec__options *options);
void holm_exec__image_load(const struct holm_loader_image *image, int64_t descriptor,
                           struct holm_span memory, struct holm_bytes name);
void holm_exec__image_protect(const struct holm_loader_image *image, struct holm_span memory,
                              uint32_t run);
void holm_exec__notes_read(struct holm_exec__need *need, const struct holm_exec__options *options,
                           struct holm_bytes notes);
struct holm_bytes holm_exec__notes_peek(const struct holm_loader_image *image, int64_t descriptor,
                                        struct holm_bytes name);

/* exec_layout.c */
void holm_exec__layout_make(struct holm_exec__layout *layout,
                            const struct holm_exec__options *options,
                            const struct holm_exec__need *need,
                            const struct holm_loader_image *image, uint64_t random);
void holm_exec__protect(struct holm_span part, uint32_t rights);
void holm_exec__hide(struct holm_span part);
enum { HOLM_EXEC__READ = 1, HOLM_EXEC__WRITE = 2, HOLM_EXEC__RUN = 4 };
static inline uint64_t holm_exec__pages(uint64_t bytes)
{
    return (bytes + HOLM_LOADER_PAGE_BYTES - 1) / HOLM_LOADER_PAGE_BYTES * HOLM_LOADER_PAGE_BYTES;
}

/* exec_net.c */
void holm_exec__net_open(struct holm_exec__device *device, struct holm_abi_device *described);

/* exec_block.c: the file of a block device opened; and its worker started, which shares area with the image
 * and has the file, while the image has a socket to it. */
void holm_exec__block_open(struct holm_exec__device *device, struct holm_abi_device *described);
uint64_t holm_exec__config_bytes(const struct holm_exec__options *options,
                                 const struct holm_abi_device *described);
void holm_exec__block_start(const struct holm_exec__options *options,
                            struct holm_exec__device *device,
                            const struct holm_abi_device *described, struct holm_span area);

/* exec_sandbox.c */
/* The most descriptors from 3 on: of devices twice, a recording, reports, a machine's processor. */
#define HOLM_EXEC__KEPT_MAX (2 * HOLM_ABI_DEVICES_MAX + 3)
void holm_exec__descriptors_keep(const int64_t *descriptors, size_t count);
void holm_exec__descriptors_set(const struct holm_exec__options *options);
void holm_exec__outputs_set(struct holm_exec__options *options, struct holm_page_data *data);
void holm_exec__gate_wait(const struct holm_exec__options *options);
void holm_exec__spaces_leave(const struct holm_exec__options *options);
void holm_exec__privileges_drop(const struct holm_exec__options *options);
void holm_exec__signals_set(const struct holm_exec__layout *layout,
                            const struct holm_page_table *table,
                            const struct holm_exec__options *options);

/* exec_machine.c: makes a machine around what is laid out, and lets it begin as far as to the call page; an
 * empty text, or why there is none. exec_machine_run.c: runs the image in it. */
struct holm_bytes holm_exec__machine_make(struct holm_exec__machine *machine,
                                          const struct holm_exec__options *options,
                                          const struct holm_exec__layout *layout,
                                          const struct holm_loader_image *image);
HOLM_NORETURN void holm_exec__machine_run(const struct holm_exec__machine *machine);

/* exec_page.c: a call page, as it was linked. */
struct holm_bytes holm_exec__page(enum holm_page_kind kind);

/* exec_record.c: what a recording begins with is written; or read, and takes the place of options, of
 * devices and of what is fresh. Of the layout, it is then checked that it is as it was. */
void holm_exec__recording_begin(const struct holm_exec__options *options,
                                const struct holm_exec__layout *layout,
                                const struct holm_abi_boot *boot,
                                const struct holm_exec__fresh *fresh, struct holm_bytes build_id);
void holm_exec__trace_begin(const struct holm_exec__options *options);
void holm_exec__recording_open(struct holm_exec__options *options, struct holm_abi_device *devices,
                               struct holm_exec__fresh *fresh, struct holm_bytes build_id);
void holm_exec__recording_check(const struct holm_exec__layout *layout);
