/* SPDX-License-Identifier: ISC */
/* holm/monitor.h: starts images and watches them, for the command holm and for whoever manages many on
 * one host. Of the image's process nothing is shared with this one but pipes: what it does can't
 * change what is here.
 *
 * Descriptors 0 to 2 are open in this process. An image belongs to the thread that prepares it, one at a time, which
 * waits for it and does not end before: the host ends the image with that thread. */
#pragma once

#include <sys/types.h>

#include <holm/bytes.h>
#include <holm/trace.h>

/* The longest fault report that is kept, in bytes. */
#define HOLM_MONITOR_REPORT_MAX 16384

/* struct holm_monitor_core is where an image that faults leaves its memory; file below 0: nowhere. */
struct holm_monitor_core {
    int file, memory, maps, pages;
    bool begun, whole; /* it faulted; and all could be written */
    bool spared;       /* but for pages that are marked as secret */
};

/* Captures: the most of an image, the largest file, and the largest frame with its header of virtio. */
#define HOLM_MONITOR_CAPTURES_MAX 8
#define HOLM_MONITOR_CAPTURE_MAX (UINT64_C(1) << 30)
#define HOLM_MONITOR_FRAME_MAX (65536 + 64)

/* struct holm_monitor_capture is a network device whose frames are written down. */
struct holm_monitor_capture {
    int file, socket, device; /* device below 0: not known yet */
    bool whole;               /* all could be written */
    bool gone;                /* the device is no more */
    uint64_t size_bytes;
    struct holm_span waiting; /* in room */
    uint8_t room[HOLM_MONITOR_FRAME_MAX];
};

/* holm_monitor_capture_open begins a capture into the file open as file, not to block; its end, or that of its
 * reader, shall send no signal (SIGXFSZ, SIGPIPE). It answers the descriptor N that
 * holm-exec is given as --relay=NAME=N; -1 with errno: it can't be.
 *
 * Memory:  keeps file and N until wait has answered a status. */
int holm_monitor_capture_open(struct holm_monitor_capture *capture, int file);

/* struct holm_monitor_trace is a trace (holm/trace.h) on its way into a file. */
struct holm_monitor_trace {
    int file, pipe;
    bool whole; /* all could be written, and the call page alone made it */
    bool gone;  /* nobody will say more */
    uint64_t size_bytes;
    struct holm_trace trace;
    size_t filled; /* of room */
    uint8_t room[2 * HOLM_TRACE_TEXT_MAX];
};

/* holm_monitor_trace_open begins a trace of the image called name into the file open as file, of HOLM_TRACE_MAX at
 * most; the file is as that of a capture. It answers the descriptor N that holm-exec is given as --trace=N; -1 with errno: it can't be.
 *
 * Memory:  keeps file and N until wait has answered a status. */
int holm_monitor_trace_open(struct holm_monitor_trace *trace, int file, struct holm_bytes name);

/* struct holm_monitor_image is an image from prepare to wait. */
struct holm_monitor_image {
    pid_t process;
    int handle; /* of the process (pidfd_open(2)); below 0: it has ended */
    int gate;   /* a byte, and it begins */
    int report; /* from which a fault's report is read */
    uint32_t stops;
    bool timed_out;
    int signal; /* that ended it; 0: none did */
    struct holm_monitor_core core;
    struct holm_monitor_capture *captures; /* set between prepare and start */
    size_t captures_count;
    struct holm_monitor_trace *trace; /* so too; NULL: none */
    size_t report_len;
    uint8_t report_bytes[HOLM_MONITOR_REPORT_MAX];
};

/* holm_monitor_prepare makes the image's process, in which all that was asked for is open, loaded and
 * shut in, and the image not begun. program is the path of holm-exec; words are its options, the
 * image and its parameters, the last one NULL.
 *
 * Memory:  keeps nothing of words.
 * Errors:  HOLM_ERR_IO  the host makes no process or pipe. What is wrong with words is known at wait. */
HOLM_MUST_USE enum holm_result holm_monitor_prepare(struct holm_monitor_image *image,
                                                    const char *program, char *const *words,
                                                    size_t words_count);

/* holm_monitor_core lets an image that is prepared leave an ELF core in the file open as descriptor when
 * it faults: it is traced from here on. This process must handle SIGCHLD and block it but in wait.
 *
 * Memory:  keeps descriptor until wait has answered a status.
 * Errors:  HOLM_ERR_IO  the host does not let it be traced; end it. */
HOLM_MUST_USE enum holm_result holm_monitor_core(struct holm_monitor_image *image, int descriptor);

/* holm_monitor_start lets the image begin. */
void holm_monitor_start(struct holm_monitor_image *image);

/* holm_monitor_stop asks the image to stop; the second time, or if it was not started, it ends it at once. */
void holm_monitor_stop(struct holm_monitor_image *image);

/* holm_monitor_end ends the image since its time is over. */
void holm_monitor_end(struct holm_monitor_image *image);

/* holm_monitor_wait waits until the image has ended and answers its status (holm/abi/exit.h). A report
 * is then in *image. It returns early, with -1, on a signal that this process handles, and with -2
 * after timeout_ns (UINT64_MAX: no end). HOLM_EXIT_HOST too: another waited for the process, or SIGCHLD is ignored. */
int holm_monitor_wait(struct holm_monitor_image *image, uint64_t timeout_ns);
