/* SPDX-License-Identifier: ISC */
/* test_hash.c: the messages of the project Botan's vectors, from the folder HOLM_VECTORS or
 * ../shared/vectors beside the source, each whole and cut at every place. */
#include <holm/hash.h>
#include <holm/test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 1 << 17, PATH_BYTES = 512, CUTS_MAX = 600 };

static const struct {
    const struct holm_hash *hash;
    const char *file;
    size_t cases; /* how many the file has */
} table[] = {
    { &holm_sha1, "sha1", 80 },
    { &holm_sha224, "sha2_32", 3 },
    { &holm_sha256, "sha2_32", 392 },
    { &holm_sha384, "sha2_64", 7 },
    { &holm_sha512, "sha2_64", 138 },
    { &holm_sha512_256, "sha2_64", 2 },
    { &holm_sha3_224, "sha3", 101 },
    { &holm_sha3_256, "sha3", 101 },
    { &holm_sha3_384, "sha3", 101 },
    { &holm_sha3_512, "sha3", 101 },
    { &holm_blake2b_256, "blake2b", 257 },
    { &holm_blake2b_384, "blake2b", 257 },
    { &holm_blake2b_512, "blake2b", 257 },
    { &holm_blake2s_256, "blake2s", 257 },
};

static char line[LINE_BYTES];
static uint8_t message[LINE_BYTES / 2];

static void digest_of(const struct holm_hash *hash, struct holm_span digest, struct holm_bytes text,
                      size_t cut)
{
    struct holm_bytes first = { 0 }, rest = text;
    struct holm_hash_state state;

    CHECK(holm_bytes_take(&rest, cut, &first));
    holm_hash_init(&state, hash);
    holm_hash_add(&state, first);
    holm_hash_add(&state, rest);
    holm_hash_end(&state, digest);
}

static unsigned hex_of(char c)
{
    if (c <= '9')
        return (unsigned)(c - '0');
    return (unsigned)((c | 0x20) - 'a') + 10;
}

/* value_of answers what stands behind "name =" in the line, as bytes in to; false: another line. */
static bool value_of(const char *name, uint8_t *to, size_t room, size_t *len)
{
    size_t at = strlen(name);

    if (strncmp(line, name, at) != 0)
        return false;
    at += HOLM_AT(line, at) == ' ';
    for (*len = 0; at + 1 < sizeof line && HOLM_AT(line, at) > ' ' && *len < room; at += 2)
        HOLM_NTH(to, room, (*len)++) =
            (uint8_t)(hex_of(HOLM_AT(line, at)) << 4 | hex_of(HOLM_AT(line, at + 1)));
    return true;
}

static void case_check(const struct holm_hash *hash, struct holm_bytes text,
                       struct holm_bytes wanted)
{
    uint8_t room[HOLM_HASH_DIGEST_MAX];

    for (size_t cut = 0; cut <= text.len && cut <= CUTS_MAX; cut++) {
        struct holm_span digest = { room, hash->digest_bytes };
        digest_of(hash, digest, text, cut);
        CHECK_BYTES(holm_span_bytes(digest), wanted);
    }
}

static FILE *vectors_open(const char *name)
{
    const char *folder = getenv("HOLM_VECTORS");
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof path, "%s/crypto/botan-vec/hash/%s.vec",
                   folder != NULL ? folder : "../shared/vectors", name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        printf("skipped: no %s\n", path);
    return file;
}

/* section_of answers whether the line begins the part of a file that is about the algorithm. */
static bool section_of(const struct holm_hash *hash)
{
    struct holm_bytes name = { 0 };
    size_t len = strlen(line);

    return len > hash->name.len &&
           holm_bytes_part((struct holm_bytes){ (const uint8_t *)line, len }, 1, hash->name.len,
                           &name) &&
           holm_bytes_equal(name, hash->name) && HOLM_AT(line, hash->name.len + 1) == ']';
}

static size_t file_check(FILE *file, const struct holm_hash *hash)
{
    uint8_t wanted[HOLM_HASH_DIGEST_MAX];
    size_t cases = 0, len = 0, wanted_len = 0;
    bool ours = false;

    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '[')
            ours = section_of(hash);
        if (!ours || value_of("In =", message, sizeof message, &len) ||
            !value_of("Out =", wanted, sizeof wanted, &wanted_len))
            continue;
        CHECK_IS(wanted_len, hash->digest_bytes);
        case_check(hash, (struct holm_bytes){ message, len },
                   (struct holm_bytes){ wanted, wanted_len });
        cases++;
    }
    return cases;
}

TEST(the_vectors_of_botan)
{
    for (size_t i = 0; i < HOLM_COUNT(table); i++) {
        FILE *file = vectors_open(HOLM_AT(table, i).file);
        if (file == NULL)
            continue;
        size_t cases = file_check(file, HOLM_AT(table, i).hash);
        (void)fclose(file);
        printf("%.*s: %zu messages\n", (int)HOLM_AT(table, i).hash->name.len,
               (const char *)HOLM_AT(table, i).hash->name.ptr, cases);
        CHECK_IS(cases, HOLM_AT(table, i).cases);
    }
}

/* Source: the first bytes of what NIST's examples of SHAKE give for no bits at all. */
TEST(output_of_any_length)
{
    static const uint8_t wanted[] = { 0x7f, 0x9c, 0x2b, 0xa4, 0xe8, 0x8f, 0x82, 0x7d };
    static uint8_t all[1000], some[1000];
    struct holm_bytes begin = { 0 };

    holm_hash(&holm_shake128, (struct holm_span){ all, sizeof all }, (struct holm_bytes){ 0 });
    CHECK(holm_bytes_part(HOLM_BLOB(all), 0, sizeof wanted, &begin));
    CHECK_BYTES(begin, HOLM_BLOB(wanted));
    for (size_t len = 0; len <= sizeof some; len++) {
        holm_hash(&holm_shake128, (struct holm_span){ some, len }, (struct holm_bytes){ 0 });
        CHECK(holm_bytes_part(HOLM_BLOB(all), 0, len, &begin));
        CHECK_BYTES(((struct holm_bytes){ some, len }), begin);
    }
}

TEST(the_end_wipes_the_state)
{
    static const struct holm_hash_state zeroed;
    uint8_t digest[32];
    struct holm_hash_state state;

    holm_hash_init(&state, &holm_sha256);
    holm_hash_add(&state, HOLM_TEXT("a secret that nobody should find"));
    holm_hash_end(&state, (struct holm_span){ digest, sizeof digest });
    CHECK(memcmp(&state, &zeroed, sizeof state) == 0);
}
