/* SPDX-License-Identifier: ISC */
/* answer.h: what the files of answer.c share: the words of the line, from 0, and the answer. */
#pragma once

#include <holm/hash.h>

const char *answer_word(size_t at);
size_t answer_number(size_t at);
struct holm_bytes answer_bytes(size_t at);
bool answer_is(struct holm_bytes name, size_t at);
/* answer_hash is the hash that a word names, or NULL. */
const struct holm_hash *answer_hash(size_t at);
struct holm_span answer_room(size_t len);
void answer_give(struct holm_bytes bytes);
/* answer_two cuts all in two. */
void answer_two(struct holm_bytes all, size_t cut, struct holm_bytes *first,
                struct holm_bytes *second);

/* Each answers a line if it is about what it knows; false: it is not. */
bool answer_digests(void);
bool answer_aead(void);
bool answer_cipher(void);
bool answer_encoding(void);
bool answer_fortuna(void);
bool answer_keys(void);
bool answer_public(void);
bool answer_rsa(void);
bool answer_kem(void);
bool answer_numbers(void);
