/* SPDX-License-Identifier: ISC */
/* test_sha256.c: the messages of the project Botan's vectors, from the folder HOLM_VECTORS or
 * ../shared/vectors beside the source, each whole and cut at every place. */
#include <holm/sha256.h>
#include <holm/test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX = 1 << 17, PATH_BYTES = 512 };

static char line[LINE_MAX];
static uint8_t message[LINE_MAX / 2];

static void digest_of(uint8_t digest[HOLM_SHA256_BYTES], struct holm_bytes text, size_t cut)
{
    struct holm_bytes first = { 0 }, rest = text;
    struct holm_sha256 sha;

    CHECK(holm_bytes_take(&rest, cut, &first));
    holm_sha256_init(&sha);
    holm_sha256_add(&sha, first);
    holm_sha256_add(&sha, rest);
    holm_sha256_end(&sha, digest);
}

/* Source: FIPS 180-4's example, as NIST publishes it. */
TEST(the_example_of_the_standard)
{
    static const uint8_t wanted[HOLM_SHA256_BYTES] = {
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
        0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
        0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
    };
    uint8_t digest[HOLM_SHA256_BYTES];

    digest_of(digest, HOLM_TEXT("abc"), 0);
    CHECK_BYTES(HOLM_BLOB(digest), HOLM_BLOB(wanted));
}

TEST(the_end_wipes_the_state)
{
    static const struct holm_sha256 zeroed;
    uint8_t digest[HOLM_SHA256_BYTES];
    struct holm_sha256 sha;

    holm_sha256_init(&sha);
    holm_sha256_add(&sha, HOLM_TEXT("a secret that nobody should find"));
    holm_sha256_end(&sha, digest);
    CHECK(memcmp(&sha, &zeroed, sizeof sha) == 0);
}

static unsigned hex_of(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;
}

/* value_of answers what stands behind "name = " in the line, as bytes in to; false: another line. */
static bool value_of(const char *name, uint8_t *to, size_t room, size_t *len)
{
    size_t at = strlen(name);

    if (strncmp(line, name, at) != 0)
        return false;
    for (*len = 0; at + 1 < sizeof line && HOLM_AT(line, at) > ' ' && *len < room; at += 2)
        HOLM_NTH(to, room, (*len)++) =
            (uint8_t)(hex_of(HOLM_AT(line, at)) << 4 | hex_of(HOLM_AT(line, at + 1)));
    return true;
}

static void case_check(struct holm_bytes text, const uint8_t wanted[HOLM_SHA256_BYTES])
{
    struct holm_bytes right = { wanted, HOLM_SHA256_BYTES };
    uint8_t digest[HOLM_SHA256_BYTES];

    for (size_t cut = 0; cut <= text.len && cut <= 1100; cut++) {
        digest_of(digest, text, cut);
        CHECK_BYTES(HOLM_BLOB(digest), right);
    }
}

TEST(the_vectors_of_botan)
{
    const char *folder = getenv("HOLM_VECTORS");
    uint8_t wanted[HOLM_SHA256_BYTES];
    size_t cases = 0, len = 0, digest_len = 0;
    char path[PATH_BYTES];
    bool ours = false;

    (void)snprintf(path, sizeof path, "%s/crypto/botan-vec/hash/sha2_32.vec",
                   folder != NULL ? folder : "../shared/vectors");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        printf("skipped: no %s\n", path);
        return;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '[')
            ours = strncmp(line, "[SHA-256]", 9) == 0;
        if (!ours || value_of("In = ", message, sizeof message, &len) ||
            !value_of("Out = ", wanted, sizeof wanted, &digest_len))
            continue;
        CHECK_IS(digest_len, HOLM_SHA256_BYTES);
        case_check((struct holm_bytes){ message, len }, wanted);
        cases++;
    }
    (void)fclose(file);
    printf("%zu messages\n", cases);
    CHECK(cases > 100);
}
