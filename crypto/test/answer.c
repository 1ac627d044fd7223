/* SPDX-License-Identifier: ISC */
/* answer.c [LEVEL]: what the library makes of what it is asked, a line of words at a time, for
 * vectors.py and others that compare it with what others make; at a level of level.h. Bytes are x and
 * hexadecimal digits.
 *
 *     hash NAME MESSAGE CUT LENGTH            CUT: where the message is cut in two
 *     mac NAME KEY MESSAGE CUT LENGTH
 *     hkdf MAC SALT SECRET INFO LENGTH        extract and expand
 *     expand MAC KEY INFO LENGTH
 *     pbkdf2 MAC PASSWORD SALT ROUNDS LENGTH
 *     scrypt PASSWORD SALT N R P LENGTH       or "refused"; so is the next
 *     bcrypt PASSWORD SALT ROUNDS LENGTH      the same
 *     argon2id PASSWORD SALT KIBIBYTES PASSES LANES LENGTH
 *     seal NAME KEY NONCE ABOUT TEXT          apart, in place and in pieces, which must be the same
 *     open NAME KEY NONCE ABOUT SEALED        text, or "refused"
 *     aes KEY BLOCKS, aes-back KEY BLOCKS
 *     public NAME SECRET, agree NAME SECRET KEY       or "refused"
 *     secret NAME DOMAIN SEED                 a secret that is drawn
 *     domain NAME DOMAIN                      of DSA: "right" or "refused"
 *     valid NAME SECRET                       "right" or "refused"
 *     sign NAME SECRET HASH DIGEST [KEY], verify NAME KEY HASH DIGEST SIGNATURE     the latter "right" or "refused"
 *     rsa MODULUS EXPONENT HASH DIGEST SIGNATURE [MASK SALT_BYTES]     "right" or "refused"
 *     rsa-open SEALED N E P Q DP DQ QINV [HASH MASK LABEL]
 *     rsa-seal TEXT MODULUS EXPONENT [HASH MASK LABEL]
 *     rsa-sign HASH DIGEST N E P Q DP DQ QINV, rsa-sign-pss …
 *     encode FORM BYTES, decode FORM TEXT     FORM: hex, base64, base64-unpadded …; or "refused"
 *     fortuna-new, fortuna-seed ENTROPY, fortuna-add NS SOURCE EVENT: "done"
 *     fortuna-draw LENGTH, fortuna-fast LENGTH
 *     prime NUMBER                            "right" or "refused"
 *     rsa-generate BITS SEED                  the numbers of a key, see there
 *     kem-secret NAME SEED, kem-public NAME SECRET, kem-valid NAME SECRET
 *     kem-seal NAME KEY DRAWN                 what is sealed and what is shared; kem-open NAME SECRET SEALED
 *     pass NAME KEY START TEXT CUT, pass-back NAME KEY START SEALED CUT
 *     des KEY BLOCKS, des-back …; des-cbc KEY START BLOCKS, des-cbc-back …
 *     modulus OPERATION M A [B], limbs OPERATION A B, order OPERATION CURVE A [B],
 *     powers M A E N B F, field25519 OPERATION A B, field448 …    of numbers: answer_numbers.c
 *     wrap KEY TEXT, unwrap KEY WRAPPED, wrap-padded …, unwrap-padded …: bytes, or "refused"
 *
 * It answers bytes, or "none" where there is no such algorithm, or none with such a key or nonce. */
#include "answer.h"

#include "level.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 1 << 20, WORDS_MAX = 12, SKIPPED = 77 };

static char line[LINE_BYTES];
static uint8_t memory[LINE_BYTES];
static size_t memory_used;
static char *words[WORDS_MAX];
static uint8_t output[LINE_BYTES];

const char *answer_word(size_t at)
{
    const char *word = HOLM_AT(words, at);
    return word == NULL ? "" : word;
}

size_t answer_number(size_t at)
{
    return strtoul(answer_word(at), NULL, 10);
}

static unsigned hex_of(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

struct holm_bytes answer_bytes(size_t at)
{
    const char *word = answer_word(at);
    size_t len = strlen(word), from = memory_used;

    holm_assert(len % 2 == 1 && *word == 'x');
    for (size_t i = 1; i < len; i += 2)
        HOLM_AT(memory, memory_used++) =
            (uint8_t)(hex_of(HOLM_NTH(word, len, i)) << 4 | hex_of(HOLM_NTH(word, len, i + 1)));
    struct holm_bytes bytes = { 0 };
    holm_assert(holm_bytes_part(HOLM_BLOB(memory), from, len / 2, &bytes));
    return bytes;
}

bool answer_is(struct holm_bytes name, size_t at)
{
    const char *word = answer_word(at);
    return holm_bytes_equal(name, (struct holm_bytes){ (const uint8_t *)word, strlen(word) });
}

struct holm_span answer_room(size_t len)
{
    struct holm_span room = { 0 };
    holm_assert(holm_span_part((struct holm_span){ output, sizeof output }, 0, len, &room));
    return room;
}

void answer_give(struct holm_bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t byte = 0;

    (void)putchar('x');
    while (holm_bytes_u8(&bytes, &byte)) {
        (void)putchar(HOLM_AT(digits, byte >> 4));
        (void)putchar(HOLM_AT(digits, byte & 15));
    }
    (void)putchar('\n');
}

void answer_two(struct holm_bytes all, size_t cut, struct holm_bytes *first,
                struct holm_bytes *second)
{
    *second = all;
    holm_assert(holm_bytes_take(second, cut <= all.len ? cut : all.len, first));
}

static void words_split(void)
{
    char *rest = line;

    for (size_t i = 0; i < WORDS_MAX; i++)
        HOLM_AT(words, i) = strsep(&rest, " \n");
}

int main(int argc, char **argv)
{
    if (argc > 1 && !level_use(*(char **)holm_element(argv, 2, sizeof *argv, 1)))
        return SKIPPED;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (*line == '\n') {
            (void)fflush(stdout);
            continue;
        }
        memory_used = 0;
        words_split();
        if (!answer_numbers() && !answer_encoding() && !answer_fortuna() && !answer_keys() &&
            !answer_digests() && !answer_aead() && !answer_cipher() && !answer_public() &&
            !answer_kem())
            printf("none\n");
    }
    return 0;
}
