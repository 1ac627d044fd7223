/* SPDX-License-Identifier: ISC */
/* host_impl.h: what the files of this library share. */
#pragma once

#include <holm/monitor.h>

/* holm_monitor__traced lets a traced image go on from whatever it stopped at, and writes its core if that
 * was a fault. */
void holm_monitor__traced(struct holm_monitor_image *image);

/* holm_monitor__core_write writes registers and memory of process, which is stopped by a fault and traced
 * by us, as debuggers read them; false: not all could be written. */
HOLM_MUST_USE bool holm_monitor__core_write(const struct holm_monitor_core *core, pid_t process);
