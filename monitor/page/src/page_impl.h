/* SPDX-License-Identifier: ISC */
/* page_impl.h: what the files of the call page share. */
#pragma once

#include <holm/bytes.h>
#include <holm/page.h>

/* Right behind the text: page.ld says so. */
extern struct holm_page_data holm_page__data __attribute__((visibility("hidden")));

/* holm_page__at is the memory at an address of this process. */
static inline void *holm_page__at(uint64_t address)
{
    return (void *)address; /* NOLINT(performance-no-int-to-ptr) */
}

void holm_page__exit(uint32_t status);
int64_t holm_page__console(uint32_t output, const void *bytes, uint64_t size);
void holm_page__turn(struct holm_abi_turn *turn);
HOLM_NORETURN void holm_page__enter(struct holm_page_data *data);
void holm_page__on_fault(int32_t signal, const struct holm_linux_signal_info *info,
                         const struct holm_linux_signal_context *context);
void holm_page__on_stop(int32_t signal);
