/* SPDX-License-Identifier: ISC */
/* sha256.c: SHA-256, a block at a time. FIPS 180-4 sections 4.1.2, 5.3.3, 6.2. */
#include <holm/sha256.h>

#include <holm/wipe.h>
#include <holm/wrap.h>

enum { ROUNDS = 64, RING = 16, LENGTH_BYTES = 8 };

/* The first bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t roots[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t add(uint32_t a, uint32_t b)
{
    return holm_u32_wrap_add(a, b);
}

static uint32_t turn(uint32_t word, unsigned right)
{
    return holm_u32_rotate(word, 32 - right);
}

/* schedule makes word i of the message schedule, in the place of word i - 16. */
static uint32_t schedule(uint32_t ring[RING], uint32_t i)
{
    uint32_t near = HOLM_NTH(ring, RING, (i + 14) % RING);
    uint32_t far = HOLM_NTH(ring, RING, (i + 1) % RING);
    uint32_t sum =
        add(turn(near, 17) ^ turn(near, 19) ^ near >> 10, turn(far, 7) ^ turn(far, 18) ^ far >> 3);
    uint32_t *word = &HOLM_NTH(ring, RING, i % RING);

    *word = add(*word, add(sum, HOLM_NTH(ring, RING, (i + 9) % RING)));
    return *word;
}

static void words_read(uint32_t ring[RING], struct holm_bytes block)
{
    for (uint32_t i = 0; i < RING; i++)
        holm_assert(holm_bytes_u32(&block, &HOLM_NTH(ring, RING, i)));
}

/* block_take mixes a block of HOLM_SHA256_BLOCK bytes into the digest. */
static void block_take(struct holm_sha256 *sha, struct holm_bytes block)
{
    uint32_t a = sha->a, b = sha->b, c = sha->c, d = sha->d;
    uint32_t e = sha->e, f = sha->f, g = sha->g, h = sha->h;
    uint32_t ring[RING];

    words_read(ring, block);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t word = i < RING ? HOLM_AT(ring, i) : schedule(ring, i);
        uint32_t one = add(add(h, turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)),
                           add(add((e & f) ^ (~e & g), HOLM_AT(roots, i)), word));
        uint32_t two = add(turn(a, 2) ^ turn(a, 13) ^ turn(a, 22), (a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = add(d, one);
        d = c;
        c = b;
        b = a;
        a = add(one, two);
    }
    sha->a = add(sha->a, a);
    sha->b = add(sha->b, b);
    sha->c = add(sha->c, c);
    sha->d = add(sha->d, d);
    sha->e = add(sha->e, e);
    sha->f = add(sha->f, f);
    sha->g = add(sha->g, g);
    sha->h = add(sha->h, h);
    holm_wipe(ring, sizeof ring);
}

void holm_sha256_init(struct holm_sha256 *sha)
{
    /* of the square roots of the first 8 primes */
    *sha = (struct holm_sha256){ .a = 0x6a09e667,
                                 .b = 0xbb67ae85,
                                 .c = 0x3c6ef372,
                                 .d = 0xa54ff53a,
                                 .e = 0x510e527f,
                                 .f = 0x9b05688c,
                                 .g = 0x1f83d9ab,
                                 .h = 0x5be0cd19 };
}

/* block_fill takes of the piece what the block that has begun still wants. */
static void block_fill(struct holm_sha256 *sha, struct holm_bytes *piece)
{
    uint8_t byte;

    while ((sha->len % HOLM_SHA256_BLOCK) != 0 && holm_bytes_u8(piece, &byte)) {
        HOLM_AT(sha->block, sha->len % HOLM_SHA256_BLOCK) = byte;
        sha->len += 1;
        if (sha->len % HOLM_SHA256_BLOCK == 0)
            block_take(sha, HOLM_BLOB(sha->block));
    }
}

void holm_sha256_add(struct holm_sha256 *sha, struct holm_bytes piece)
{
    struct holm_bytes whole = { 0 };
    uint8_t byte;

    block_fill(sha, &piece);
    while (piece.len >= HOLM_SHA256_BLOCK && holm_bytes_take(&piece, HOLM_SHA256_BLOCK, &whole)) {
        block_take(sha, whole);
        sha->len += HOLM_SHA256_BLOCK;
    }
    while (holm_bytes_u8(&piece, &byte)) { /* less than a block is left, and none has begun */
        HOLM_AT(sha->block, sha->len % HOLM_SHA256_BLOCK) = byte;
        sha->len += 1;
    }
}

void holm_sha256_end(struct holm_sha256 *sha, uint8_t digest[HOLM_SHA256_BYTES])
{
    static const uint8_t pad[HOLM_SHA256_BLOCK] = { 0x80 };
    struct holm_bytes padding = { 0 };
    uint8_t length[LENGTH_BYTES];
    uint64_t bits = sha->len * 8;
    uint64_t begun = sha->len % HOLM_SHA256_BLOCK;
    uint64_t wanted = HOLM_SHA256_BLOCK - LENGTH_BYTES;

    for (size_t i = 0; i < LENGTH_BYTES; i++)
        HOLM_AT(length, i) = (uint8_t)(bits >> 8 * (LENGTH_BYTES - 1 - i) & 0xff);
    if (begun >= wanted)
        wanted += HOLM_SHA256_BLOCK;
    holm_assert(holm_bytes_part(HOLM_BLOB(pad), 0, (size_t)(wanted - begun), &padding));
    holm_sha256_add(sha, padding);
    holm_sha256_add(sha, HOLM_BLOB(length));
    const uint32_t words[] = { sha->a, sha->b, sha->c, sha->d, sha->e, sha->f, sha->g, sha->h };
    for (size_t i = 0; i < HOLM_SHA256_BYTES; i++)
        HOLM_NTH(digest, HOLM_SHA256_BYTES, i) =
            (uint8_t)(HOLM_AT(words, i / 4) >> 8 * (3 - i % 4) & 0xff);
    holm_wipe(sha, sizeof *sha);
}
