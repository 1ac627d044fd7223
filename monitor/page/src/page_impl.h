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

static inline int64_t holm_page__call(enum holm_linux_call number, int64_t a, const void *b,
                                      uint64_t c)
{
    return holm_linux_call(number, (uint64_t)a, (uint64_t)b, c, 0, 0, 0);
}

void holm_page__exit(uint32_t status);
int64_t holm_page__console(uint32_t output, const void *bytes, uint64_t size);
void holm_page__turn(struct holm_abi_turn *turn);
HOLM_NORETURN void holm_page__enter(struct holm_page_data *data);
void holm_page__on_fault(int32_t signal, const struct holm_linux_signal_info *info,
                         const struct holm_linux_signal_context *context);
void holm_page__on_stop(int32_t signal, const struct holm_linux_signal_info *info);
void holm_page__done(void);

/* page_block.c: the requests of block devices. holm_page__block_run goes on with one; kick wakes the workers
 * that have something new to do, ready looks whether one of the turn's requests is done, with every worker
 * told that we sleep, and heard takes in that one has woken us. */
int64_t holm_page__block_run(const struct holm_abi_request *request);
void holm_page__block_kick(const struct holm_abi_turn *turn);
bool holm_page__block_ready(const struct holm_abi_turn *turn);
void holm_page__block_heard(uint32_t device);

static inline bool holm_page__is_block(uint32_t device)
{
    return device < HOLM_COUNT(holm_page__data.areas) &&
           HOLM_AT(holm_page__data.areas, device) != NULL;
}

/* page_record.c: the calls of an image that is recorded; page_replay.c: those of a replay. Who makes them,
 * page_own.S, goes to a stack of the page's own first: what they would leave on the image's, it could see. */
void holm_page__exit_own(uint32_t status);
int64_t holm_page__console_own(uint32_t output, const void *bytes, uint64_t size);
void holm_page__turn_own(struct holm_abi_turn *turn);

/* page_trace.c: the same of an image that is traced, whose page is that of one that is recorded. */
void holm_page__exit_traced(uint32_t status);
int64_t holm_page__console_traced(uint32_t output, const void *bytes, uint64_t size);
void holm_page__turn_traced(struct holm_abi_turn *turn);

/* page_pieces.c: the pieces of a request, only as long as its answer. */
struct holm_page__pieces {
    struct holm_abi_bytes at[HOLM_ABI_PIECES_MAX];
    uint64_t count;
};

/* holm_page__pieces_cut makes them; false: the request has not so many bytes. */
HOLM_MUST_USE bool holm_page__pieces_cut(struct holm_page__pieces *pieces,
                                         const struct holm_abi_request *request, uint64_t bytes);

/* What of a turn and of a request both have to agree on (holm/recording.h, asked). */
uint64_t holm_page__turn_sum(const struct holm_abi_turn *turn);
uint64_t holm_page__pieces_sum(const struct holm_page__pieces *pieces);

/* holm_page__say writes a line where fault reports go. */
void holm_page__say(struct holm_bytes line);
