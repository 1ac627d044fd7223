/* SPDX-License-Identifier: ISC */
/* host_impl.h: what the files of this library share. */
#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/procfs.h>

#include <holm/guest.h>
#include <holm/monitor.h>

/* A capture waits for two descriptors. */
#define HOLM_MONITOR__CAPTURE_POLLS 2

/* holm_monitor__capture_polls says what a capture waits for; step passes on what is there; end does so
 * for the last time. */
void holm_monitor__capture_polls(const struct holm_monitor_capture *capture,
                                 struct pollfd polls[HOLM_MONITOR__CAPTURE_POLLS]);
void holm_monitor__capture_step(struct holm_monitor_capture *capture);
void holm_monitor__capture_end(struct holm_monitor_capture *capture);

/* holm_monitor__trace_polls says what a trace waits for; step takes in what is there, true if there may be more;
 * end does so to the last, and ends the text. */
void holm_monitor__trace_polls(const struct holm_monitor_trace *trace, struct pollfd *poll);
bool holm_monitor__trace_step(struct holm_monitor_trace *trace);
void holm_monitor__trace_end(struct holm_monitor_trace *trace);

/* holm_monitor__write writes all to a file that is open not to block; false: the disk takes no more, or a reader
 * took nothing for a second. */
HOLM_MUST_USE bool holm_monitor__write(int file, struct holm_bytes bytes);

/* holm_monitor__traced lets a traced image go on from whatever it stopped at, and writes its core if that
 * was a fault. */
void holm_monitor__traced(struct holm_monitor_image *image);

/* holm_monitor__guest_take looks whether a process that is stopped says that an image faulted in its virtual machine,
 * and where that lies; true: registers and signal are then the image's. memory is the process's. */
HOLM_MUST_USE bool holm_monitor__guest_take(struct holm_guest_core *core, int memory,
                                            struct elf_prstatus *status, siginfo_t *about);

/* holm_monitor__core_write writes registers and memory of process, which is stopped by a fault and traced
 * by us, as debuggers read them; false: not all could be written. */
HOLM_MUST_USE bool holm_monitor__core_write(struct holm_monitor_core *core, pid_t process);
