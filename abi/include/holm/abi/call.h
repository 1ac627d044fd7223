/* SPDX-License-Identifier: ISC */
/* holm/abi/call.h: the calls of an image, which are all that leaves it. They are functions of the
 * monitor's own, at the addresses that the boot record gives, called as the machine's C calls
 * functions; on x86_64 they keep what a C function keeps, and need HOLM_ABI_CALL_STACK_BYTES of the
 * stack. The image makes no system call and reaches no port.
 *
 * A turn hands requests over and gets all of them back: what is not done yet answers
 * HOLM_ABI_AGAIN, and is handed over again in the next turn. So nothing of the image's is held by the
 * monitor between two turns. */
#pragma once

#include <holm/abi/boot.h>

/* The most requests of a turn, and pieces of one. */
#define HOLM_ABI_REQUESTS_MAX 128
#define HOLM_ABI_PIECES_MAX 8
#define HOLM_ABI_CONSOLE_BYTES 256
/* What utc_uncertainty_ns says of a UTC that is not known. */
#define HOLM_ABI_UTC_UNKNOWN UINT64_MAX

enum holm_abi_output {
    HOLM_ABI_OUTPUT = 1, /* as a process's standard output */
    HOLM_ABI_ERROR = 2,  /* and its error output */
};

enum holm_abi_request_kind {
    HOLM_ABI_RECEIVE = 1, /* one frame into the pieces, behind its header (holm/net.h) */
    HOLM_ABI_SEND = 2,    /* the pieces are a header and one frame */
    /* Of a block device. The first piece is a struct holm_abi_block, the second the bytes, whole sectors
     * and HOLM_ABI_BLOCK_BYTES_MAX at most. The answer may be less than was asked for: so many are done. */
    HOLM_ABI_READ = 3,
    HOLM_ABI_WRITE = 4,
    HOLM_ABI_FLUSH =
        5, /* one piece; all that was answered before it was submitted is on the disk */
};

/* A block device takes so many requests at once, which complete in any order, of so many bytes each. */
#define HOLM_ABI_BLOCK_SLOTS 16
#define HOLM_ABI_BLOCK_BYTES_MAX 65536

/* struct holm_abi_block begins each request of a block device. Whoever is handed the same slot again goes on
 * with the request that it knows by it, until that is answered. */
struct holm_abi_block {
    uint64_t offset; /* in bytes; whole sectors */
    uint32_t slot;   /* the image's number for the request, below HOLM_ABI_BLOCK_SLOTS */
    uint32_t zero;
};

/* Answers of a request; not below 0: how many bytes. */
enum holm_abi_answer {
    HOLM_ABI_AGAIN =
        -1, /* not yet; of a net device, what stands behind it in the same direction waits */
    HOLM_ABI_LOST = -2,    /* the device takes nothing now; the frame is gone */
    HOLM_ABI_GONE = -3,    /* the device is no more */
    HOLM_ABI_FAILED = -5,  /* the disk failed; of a write some may be there */
    HOLM_ABI_INVALID = -4, /* no such device or kind, too many pieces, memory that is not there */
};

struct holm_abi_request {
    uint32_t kind;   /* enum holm_abi_request_kind */
    uint32_t device; /* place in the table of devices */
    struct holm_abi_bytes *pieces;
    uint64_t pieces_count;
    int64_t answer; /* out */
};

/* struct holm_abi_turn: the image fills the first part, the call the second. */
struct holm_abi_turn {
    uint64_t until_ns; /* monotonic; 0: do not wait; UINT64_MAX: no end */
    struct holm_abi_request *requests;
    uint64_t requests_count;

    uint64_t now_ns; /* monotonic */
    int64_t utc_ns;
    uint64_t utc_uncertainty_ns;
    uint64_t generation;
    uint32_t stops; /* how often a stop was asked for, ever */
    uint32_t console_size;
    uint8_t console[HOLM_ABI_CONSOLE_BYTES]; /* what was typed */
};

/* holm_arch_calls is set to the boot record before the first call; platform/arch implements it. */
extern const struct holm_abi_boot *holm_arch_calls;

/* holm_arch_exit ends the image with a status of holm/abi/exit.h. */
void holm_arch_exit(uint32_t status);

/* holm_arch_console writes and never waits; it answers how many bytes were taken, or HOLM_ABI_GONE if
 * nobody will ever read them. A write of no bytes is the cheapest call that there is. */
int64_t holm_arch_console(uint32_t output, const void *bytes, uint64_t size);

/* holm_arch_turn starts all requests in their order and, if none of them is done, waits until one is,
 * until_ns has come, something was typed, or a stop is asked for. In a virtual machine it waits so also
 * when nothing is done but few frames sent, 100 microseconds at most: the answer may be near. */
void holm_arch_turn(struct holm_abi_turn *turn);
