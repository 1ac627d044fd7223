/* SPDX-License-Identifier: ISC */
/* holm/page.h: the call page of isolation `process`: a piece of code that lies in memory by itself, and
 * its data right behind. It is all of the monitor that stays in the image's process, and the only place
 * from which the filter lets a system call pass. What the image writes into the data changes nothing
 * that safety rests on: descriptors and calls are the filter's business. */
#pragma once

#include <holm/abi/call.h>
#include <holm/base.h>
#include <holm/block_area.h>
#include <holm/linux.h>

#define HOLM_PAGE_TEXT_BYTES 16384
#define HOLM_PAGE_DATA_BYTES 8192
#define HOLM_PAGE_FILTER_MAX 128
#define HOLM_PAGE_BUILD_ID_MAX 32
/* Descriptors of an image: input, output, error output, then devices, then that of fault reports. */
#define HOLM_PAGE_DEVICE_FIRST 3

/* Which page: one that only calls, one that also writes down what enters, one that answers from such. Of that of
 * isolation `kvm` the rest here says nothing (holm/guest.h). */
enum holm_page_kind { HOLM_PAGE_PLAIN, HOLM_PAGE_RECORD, HOLM_PAGE_REPLAY };

/* struct holm_page_table begins the text: where its functions are, counted from its start. */
struct holm_page_table {
    uint32_t exit, console, turn;     /* the image's */
    uint32_t enter;                   /* void (struct holm_page_data *), never returns */
    uint32_t on_fault, on_stop, done; /* handlers of signals, and what they return to */
};

struct holm_page_output {
    int32_t descriptor;
    bool ask; /* before each write: it could wait */
};

struct holm_page_data {
    uint64_t tls[8];    /* where the machine's thread pointer points; [5]: the guard of frames */
    uint64_t own_stack; /* where page_own.S begins: the end of the stack of handlers */
    const struct holm_abi_boot *boot;
    struct holm_page_output outputs[2];
    int32_t report, recording;        /* descriptors; recording below 0: it has ended */
    bool traces;                      /* what goes to recording is a trace (holm/trace.h) */
    uint32_t stops, asked, passed_on; /* the larger of both: by others, and by the parent */
    uint32_t parent;                  /* the number of its process; UINT32_MAX: there is none */
    bool console_open;
    struct holm_linux_time sleep, now;
    uint64_t patience_ns; /* how long a turn waits at most that has only sent a few frames */
    uint64_t utc_again_ns, utc_offset_ns; /* from the monotonic clock to UTC */
    struct holm_linux_poll polls[1 + HOLM_ABI_DEVICES_MAX];
    /* What is shared with the worker of a block device; NULL: it is none. gone: the worker has ended. */
    struct holm_block_area *areas[HOLM_ABI_DEVICES_MAX];
    bool gone[HOLM_ABI_DEVICES_MAX];
    /* Its file, to read only what the host has in memory; below 0: not from here. */
    int32_t files[HOLM_ABI_DEVICES_MAX];
    /* For enter: what goes, what may never change again, the filter, and where the image begins. */
    struct holm_abi_bytes below, above, sealed;
    struct holm_linux_program program;
    struct holm_linux_filter filter[HOLM_PAGE_FILTER_MAX];
    uint64_t entry, stack_top;
    /* For reports: from one task's stack to the next, and which build the image is. */
    uint64_t stack_step;
    uint8_t build_id[HOLM_PAGE_BUILD_ID_MAX];
    uint32_t build_id_len;
};
_Static_assert(offsetof(struct holm_page_data, own_stack) == 64, "as page_own.S has it");
_Static_assert(sizeof(struct holm_page_data) <= HOLM_PAGE_DATA_BYTES, "the data fits");
