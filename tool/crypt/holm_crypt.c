/* SPDX-License-Identifier: ISC */
/* holm_crypt.c: holm-crypt, the primitives of crypto/ at the command line. Hosted. */
#include "crypt.h"

#include <holm/arch.h>
#include <holm/level.h>
#include <stdio.h>
#include <string.h>

static const char *const help =
    "usage: holm-crypt digest  ALGORITHM [FILE]\n"
    "       holm-crypt mac     ALGORITHM --key=FILE [FILE]\n"
    "       holm-crypt encrypt ALGORITHM --key=FILE [FILE]\n"
    "       holm-crypt decrypt ALGORITHM --key=FILE [FILE]\n"
    "       holm-crypt sign    ALGORITHM --key=FILE [FILE]\n"
    "       holm-crypt verify  ALGORITHM --key=FILE --signature=FILE [FILE]\n"
    "       holm-crypt keygen  ALGORITHM --out=FILE [--domain=FILE]\n"
    "       holm-crypt list | speed | --help\n"
    "\n"
    "Computes digests, MACs, authenticated encryption and signatures of FILE, or of standard input, with\n"
    "Holm's crypto. holm-crypt list names the algorithms.\n"
    "\n"
    "  --form=hex|base64|raw  how keys, digests, tags and signatures are written (hex)\n"
    "  --out=FILE             where the result goes (standard output)\n"
    "\n"
    "keygen writes a key to FILE and, for signatures, the public key to FILE.pub; neither may exist. For\n"
    "DSA, --domain names a file with a domain that others made. encrypt writes a random nonce, the\n"
    "ciphertext and the tag. decrypt writes nothing if anything was changed.\n"
    "\n"
    "Status 0: done; 1: the signature or the ciphertext is wrong; 2: the words are wrong, or a file cannot\n"
    "be used.\n";

static const struct {
    const char *name;
    crypt_command_fn *run;
    bool takes_algorithm;
} commands[] = {
    { "digest", crypt_digest, true },   { "mac", crypt_mac, true },
    { "encrypt", crypt_encrypt, true }, { "decrypt", crypt_decrypt, true },
    { "sign", crypt_sign, true },       { "verify", crypt_verify, true },
    { "keygen", crypt_keygen, true },   { "list", crypt_list, false },
    { "speed", crypt_speed, false },
};

/* value_of sets *value to what stands behind an option's name and "="; false: the word is another one. */
static bool value_of(const char **value, const char *word, const char *name)
{
    size_t len = strlen(name);

    if (strncmp(word, name, len) != 0)
        return false;
    const struct holm_bytes all = { (const uint8_t *)word, strlen(word) + 1 };
    struct holm_bytes rest = { 0 };
    holm_assert(holm_bytes_from(all, len, &rest));
    *value = (const char *)rest.ptr;
    return true;
}

static bool form_parse(enum crypt_form *form, const char *word)
{
    static const char *const names[] = { "hex", "base64", "raw" };

    for (size_t i = 0; i < HOLM_COUNT(names); i++)
        if (strcmp(HOLM_AT(names, i), word) == 0) {
            *form = (enum crypt_form)i;
            return true;
        }
    return false;
}

/* word_take takes one word behind the command; false: it is not understood. */
static bool word_take(struct crypt_words *words, const char *word, bool takes_algorithm)
{
    const char *form = NULL;

    if (value_of(&words->key, word, "--key=") || value_of(&words->out, word, "--out=") ||
        value_of(&words->domain, word, "--domain=") ||
        value_of(&words->signature, word, "--signature="))
        return true;
    if (value_of(&form, word, "--form="))
        return form_parse(&words->form, form);
    if (strncmp(word, "--", 2) == 0)
        return false;
    if (takes_algorithm && words->algorithm == NULL)
        words->algorithm = word;
    else if (takes_algorithm && words->in == NULL)
        words->in = word;
    else
        return false;
    return true;
}

/* told is a status once what was said has got where it goes. */
static int told(int status)
{
    if (fflush(stdout) == 0 || status != STATUS_DONE)
        return status;
    return crypt_trouble("standard output", "not written");
}

int main(int argc, char **argv)
{
    struct crypt_words words = { 0 };
    const char *name = argc > 1 ? HOLM_NTH(argv, (size_t)argc, 1) : "";
    size_t which = 0;

    if (strcmp(name, "--help") == 0)
        return told(fputs(help, stdout) < 0 ? STATUS_TROUBLE : STATUS_DONE);
    while (which < HOLM_COUNT(commands) && strcmp(HOLM_AT(commands, which).name, name) != 0)
        which++;
    if (argc < 2) {
        (void)fputs(help, stderr);
        return STATUS_TROUBLE;
    }
    if (which == HOLM_COUNT(commands))
        return crypt_trouble(name, "no such command; holm-crypt --help names them");
    for (int i = 2; i < argc; i++) {
        const char *word = HOLM_NTH(argv, (size_t)argc, (size_t)i);
        if (!word_take(&words, word, HOLM_AT(commands, which).takes_algorithm))
            return crypt_trouble(word, "not understood; --help says how");
    }
    if (HOLM_AT(commands, which).takes_algorithm && words.algorithm == NULL)
        return crypt_trouble(name, "the algorithm is missing; holm-crypt list names them");
    if (!crypt_is_free(&words))
        return STATUS_TROUBLE;
    holm_level_use(holm_arch_cpu());
    return told(HOLM_AT(commands, which).run(&words));
}
