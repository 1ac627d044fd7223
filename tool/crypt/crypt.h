/* SPDX-License-Identifier: ISC */
/* crypt.h: what the files of holm-crypt share. */
#pragma once

#include <holm/bytes.h>

/* The longest input, and the longest key or tag in a file, in bytes. */
#define CRYPT_INPUT_MAX ((size_t)1 << 28)
#define CRYPT_KEY_MAX 160

enum { STATUS_DONE = 0, STATUS_REFUSED = 1, STATUS_TROUBLE = 2 };

/* How keys, tags and signatures are written. */
enum crypt_form { CRYPT_HEX, CRYPT_BASE64, CRYPT_RAW };

/* struct crypt_words is what the program was told; a path that is NULL is standard input or output. */
struct crypt_words {
    const char *algorithm, *key, *signature, *in, *out;
    enum crypt_form form;
};

typedef int crypt_command_fn(const struct crypt_words *words);

crypt_command_fn crypt_digest, crypt_mac, crypt_encrypt, crypt_decrypt, crypt_sign, crypt_verify,
    crypt_keygen, crypt_list, crypt_speed;

/* crypt_trouble says what is wrong with what, and is the status of that. */
int crypt_trouble(const char *what, const char *wrong);

bool crypt_is(struct holm_bytes name, const char *word);

/* crypt_read sets *bytes to all that a path has, which crypt_release gives back; false: it said why not. */
bool crypt_read(struct holm_span *bytes, const char *path);
void crypt_release(struct holm_span bytes);

/* What a path is for: a result takes the place of what was there; a key is a new file, and of one that is secret
 * only its owner may read it. */
enum crypt_file { CRYPT_RESULT, CRYPT_PUBLIC, CRYPT_SECRET };

/* crypt_write writes bytes to a path. Nothing is left there of what did not get written whole. */
bool crypt_write(const char *path, struct holm_bytes bytes, enum crypt_file file);

/* crypt_is_free answers whether a result may be written where the words say, which is not over a file that they
 * take something from; false: it said why not. */
bool crypt_is_free(const struct crypt_words *words);

/* crypt_form_read fills *out with what a file says in a form; false: it said why not. */
bool crypt_form_read(struct holm_buffer *out, const char *path, enum crypt_form form);

/* crypt_form_write writes bytes in a form, with a line's end behind text. */
bool crypt_form_write(const char *path, struct holm_bytes bytes, enum crypt_form form,
                      enum crypt_file file);

/* crypt_random fills out with the host's random numbers; false: it said that there are none. */
bool crypt_random(struct holm_span out);
