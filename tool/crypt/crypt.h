/* SPDX-License-Identifier: ISC */
/* crypt.h: what the files of holm-crypt share. */
#pragma once

#include <holm/random.h>

/* The longest input, and the longest key or tag in a file, in bytes. */
#define CRYPT_INPUT_MAX ((size_t)1 << 28)
#define CRYPT_KEY_MAX 1796 /* a secret of RSA(4096) */

enum { STATUS_DONE = 0, STATUS_REFUSED = 1, STATUS_TROUBLE = 2 };

/* How keys, tags and signatures are written. */
enum crypt_form { CRYPT_HEX, CRYPT_BASE64, CRYPT_RAW };

/* struct crypt_words is what the program was told; a path that is NULL is standard input or output. */
struct crypt_words {
    const char *algorithm, *key, *domain, *signature, *in, *out;
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
 * only its owner may read it, while it is written too. */
enum crypt_file { CRYPT_RESULT, CRYPT_PUBLIC, CRYPT_SECRET };

/* crypt_write writes bytes to a path; what did not get written whole leaves the path as it was. */
bool crypt_write(const char *path, struct holm_bytes bytes, enum crypt_file file);

/* crypt_is_free answers whether a result may be written where the words say, which is not over a file that they
 * take something from; false: it said why not. */
bool crypt_is_free(const struct crypt_words *words);

/* crypt_form_read fills *out with what a file says in a form; false: it said why not. */
bool crypt_form_read(struct holm_buffer *out, const char *path, enum crypt_form form);

/* crypt_form_write writes bytes in a form, with a line's end behind text. */
bool crypt_form_write(const char *path, struct holm_bytes bytes, enum crypt_form form,
                      enum crypt_file file);

/* crypt_key_read reads the key that the words name, of a length between two; an empty one is no key. false: it said why
 * not. */
bool crypt_key_read(struct holm_buffer *key, const struct crypt_words *words, size_t least,
                    size_t most);

/* crypt_pair_write writes a secret to the path out, and before it its public key beside it, with .pub behind; or neither. */
int crypt_pair_write(const struct crypt_words *words, struct holm_bytes secret,
                     struct holm_bytes key);

/* crypt_judge says whether a signature is right, and is the status of that. */
int crypt_judge(bool right);

/* What is signed with RSA; NULL: no such algorithm. Each of the commands is as those above. */
struct crypt_rsa;
const struct crypt_rsa *crypt_rsa_find(const char *name);
void crypt_rsa_list(void);
int crypt_rsa_sign(const struct crypt_words *words, const struct crypt_rsa *rsa);
int crypt_rsa_verify(const struct crypt_words *words, const struct crypt_rsa *rsa);
int crypt_rsa_keygen(const struct crypt_words *words, const struct crypt_rsa *rsa);

/* crypt_generator starts a Fortuna with the host's random numbers; false: it said that there are none. */
bool crypt_generator(struct holm_random *random);

/* crypt_random fills out with the host's random numbers; false: it said that there are none. */
bool crypt_random(struct holm_span out);
