/* SPDX-License-Identifier: ISC */
/* crypt_speed.h: what the files share that measure, ours and libcrypto's by turns. */
#pragma once

#include "crypt.h"

/* FOREIGN is a function that calls another library by pointers, whose functions have no type of kCFI. */
#define FOREIGN __attribute__((no_sanitize("kcfi")))

/* crypt_step_fn does once what is measured; false: it went wrong. */
typedef bool crypt_step_fn(void *of);

/* struct crypt_peer_name is a pointer to a function, and what libcrypto calls it. */
struct crypt_peer_name {
    void *pointer;
    const char *name;
};

/* crypt_peer_find sets pointers to functions to those of a library; false: it lacks one. */
bool crypt_peer_find(void *library, const struct crypt_peer_name *names, size_t count);

/* crypt_times sets times to the nanoseconds of the thread's own time that one step of ours takes, and of theirs unless
 * that is NULL: medians of rounds, by turns. false: a step went wrong. */
bool crypt_times(double times[2], crypt_step_fn *ours, crypt_step_fn *theirs, void *of);

/* crypt_times_end ends a line with theirs, if there are any. */
void crypt_times_end(const double times[2], bool has_peer, const char *remark);

/* crypt_speed_keys measures what is done with keys of two halves; library is libcrypto, or NULL. false: something went
 * wrong. */
bool crypt_speed_keys(void *library);
