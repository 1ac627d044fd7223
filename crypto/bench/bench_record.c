/* SPDX-License-Identifier: ISC */
/* bench_record.c [LEVEL]: an echo of records shaped as those of TLS 1.3 (RFC 8446 section 5.2), with
 * fixed keys of AES-128-GCM, over a flow of the model: the client seals into the room of its flow;
 * the server opens where the bytes lie, and seals what it read into the room of its own; the client
 * opens that. The same loop is run with OpenSSL's EVP, which opens in place and seals into the room as
 * well, and with a copy instead of a cipher: what the flow takes. Rounds alternate, in the thread's
 * own time; medians. LEVEL is base, aesni, avx2 or avx512; else the best of the processor. */
#include "../test/level.h"

#include <holm/aead.h>
#include <holm/model_network.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ROUNDS = 15,
    HEADER = 5,
    TAG = 16,
    TEXT_MAX = 16384, /* and a byte that says what kind of record it is */
    BATCH_MAX = 16,
    BATCH_BYTES = 4 * (TEXT_MAX + 1 + HEADER + TAG),
    BUFFER_BYTES = 2 * BATCH_BYTES,
    APPLICATION_DATA = 23
};
#define ROUND_NS 4000000.0

/* struct way is one direction: its key, which both ends have, and how many records each passed. */
struct way {
    struct holm_aead_key key;
    EVP_CIPHER_CTX *seal, *open;
    uint64_t sealed, opened;
};

typedef void seal_function(struct way *way, struct holm_span out, struct holm_bytes header,
                           struct holm_bytes text);
typedef void open_function(struct way *way, struct holm_span sealed, struct holm_bytes header);

struct kind {
    const char *name;
    seal_function *seal;
    open_function *open;
};

static _Alignas(64) uint8_t memory[8 * BUFFER_BYTES];
static uint8_t text[TEXT_MAX + 1];
static struct holm_model_network model;
static struct holm_flow *client, *server;
static struct way there, back;

static void must(bool good)
{
    if (!good)
        abort();
}

/* nonce_make counts records: RFC 8446 section 5.3. */
static void nonce_make(uint8_t nonce[12], uint64_t number)
{
    static const uint8_t start[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

    for (size_t i = 0; i < 12; i++)
        HOLM_NTH(nonce, 12, i) =
            HOLM_AT(start, i) ^ (uint8_t)(i < 4 ? 0 : number >> 8 * (11 - i) & 0xff);
}

static void seal_ours(struct way *way, struct holm_span out, struct holm_bytes header,
                      struct holm_bytes in)
{
    uint8_t nonce[12];

    nonce_make(nonce, way->sealed++);
    holm_aead_seal(&way->key, out, HOLM_BLOB(nonce), header, in);
}

static void open_ours(struct way *way, struct holm_span sealed, struct holm_bytes header)
{
    uint8_t nonce[12];
    struct holm_span opened = { 0 };

    nonce_make(nonce, way->opened++);
    must(holm_span_part(sealed, 0, sealed.len - TAG, &opened) &&
         holm_aead_open(&way->key, opened, HOLM_BLOB(nonce), header, holm_span_bytes(sealed)) ==
             HOLM_OK);
}

static void seal_peers(struct way *way, struct holm_span out, struct holm_bytes header,
                       struct holm_bytes in)
{
    uint8_t nonce[12];
    struct holm_span tag = { 0 };
    int len = 0;

    nonce_make(nonce, way->sealed++);
    must(holm_span_part(out, in.len, TAG, &tag) &&
         EVP_EncryptInit_ex(way->seal, NULL, NULL, NULL, nonce) == 1 &&
         EVP_EncryptUpdate(way->seal, NULL, &len, header.ptr, HEADER) == 1 &&
         EVP_EncryptUpdate(way->seal, out.ptr, &len, in.ptr, (int)in.len) == 1 &&
         EVP_EncryptFinal_ex(way->seal, tag.ptr, &len) == 1 &&
         EVP_CIPHER_CTX_ctrl(way->seal, EVP_CTRL_AEAD_GET_TAG, TAG, tag.ptr) == 1);
}

static void open_peers(struct way *way, struct holm_span sealed, struct holm_bytes header)
{
    uint8_t nonce[12];
    struct holm_span tag = { 0 };
    int len = (int)sealed.len - TAG;

    nonce_make(nonce, way->opened++);
    must(holm_span_part(sealed, sealed.len - TAG, TAG, &tag) &&
         EVP_DecryptInit_ex(way->open, NULL, NULL, NULL, nonce) == 1 &&
         EVP_DecryptUpdate(way->open, NULL, &len, header.ptr, HEADER) == 1 &&
         EVP_DecryptUpdate(way->open, sealed.ptr, &len, sealed.ptr, (int)sealed.len - TAG) == 1 &&
         EVP_CIPHER_CTX_ctrl(way->open, EVP_CTRL_AEAD_SET_TAG, TAG, tag.ptr) == 1 &&
         EVP_DecryptFinal_ex(way->open, tag.ptr, &len) == 1);
}

static void seal_none(struct way *way, struct holm_span out, struct holm_bytes header,
                      struct holm_bytes in)
{
    (void)way;
    (void)header;
    (void)memcpy(out.ptr, in.ptr, in.len);
}

static void open_none(struct way *way, struct holm_span sealed, struct holm_bytes header)
{
    (void)way;
    (void)sealed;
    (void)header;
}

static const struct kind kinds[] = { { "Holm", seal_ours, open_ours },
                                     { "libcrypto", seal_peers, open_peers },
                                     { "no cipher", seal_none, open_none } };

static void record_send(struct holm_flow *flow, const struct kind *kind, struct way *way,
                        struct holm_bytes in)
{
    size_t len = in.len + TAG;
    struct holm_buffer out = { 0 };
    struct holm_span rest = { 0 };

    must(holm_flow_room(flow, &out, HEADER + len) == HOLM_OK);
    must(holm_buffer_u8(&out, APPLICATION_DATA) && holm_buffer_u8(&out, 3) &&
         holm_buffer_u8(&out, 3) && holm_buffer_u8(&out, (uint8_t)(len >> 8)) &&
         holm_buffer_u8(&out, (uint8_t)(len & 0xff)) &&
         holm_span_part((struct holm_span){ out.ptr, out.size }, HEADER, len, &rest));
    kind->seal(way, rest, holm_buffer_filled(&out), in);
    out.len += len;
    holm_flow_give(flow, &out);
}

/* peeked has min bytes in one piece. What did not fit behind those that were read already comes once they made room. */
static struct holm_span peeked(struct holm_flow *flow, size_t min)
{
    struct holm_span in = { 0 };
    enum holm_result result = holm_flow_peek(flow, &in, min);

    while (result == HOLM_AGAIN && holm_model_network_move(&model))
        result = holm_flow_peek(flow, &in, min);
    must(result == HOLM_OK);
    return in;
}

/* record_open opens the next record where it lies, and answers its text, there until it is taken. */
static struct holm_bytes record_open(struct holm_flow *flow, const struct kind *kind,
                                     struct way *way)
{
    struct holm_span in = peeked(flow, HEADER), sealed = { 0 };
    struct holm_bytes header = { 0 }, rest = holm_span_bytes(in);
    uint32_t first = 0;
    uint8_t last = 0;

    must(holm_bytes_part(rest, 0, HEADER, &header) && holm_bytes_u32(&rest, &first) &&
         holm_bytes_u8(&rest, &last) && first >> 8 == (APPLICATION_DATA << 16 | 0x0303));
    size_t len = (first & 0xff) << 8 | last;
    must(len > TAG && len <= TEXT_MAX + 1 + TAG);
    in = peeked(flow, HEADER + len);
    must(holm_bytes_part(holm_span_bytes(in), 0, HEADER, &header) &&
         holm_span_part(in, HEADER, len, &sealed));
    kind->open(way, sealed, header);
    must(holm_bytes_part(holm_span_bytes(sealed), 0, len - TAG, &rest) &&
         holm_bytes_is(rest, rest.len - 1, APPLICATION_DATA));
    return rest;
}

/* batch_echo sends records of len bytes there, and each of them back. */
static void batch_echo(const struct kind *kind, size_t len, size_t records)
{
    const struct holm_bytes all = { text, len };
    size_t whole = HEADER + len + TAG;

    for (size_t i = 0; i < records; i++)
        record_send(client, kind, &there, all);
    (void)holm_model_network_move(&model);
    for (size_t i = 0; i < records; i++) {
        record_send(server, kind, &back, record_open(server, kind, &there));
        holm_flow_take(server, whole);
    }
    (void)holm_model_network_move(&model);
    for (size_t i = 0; i < records; i++) {
        const struct holm_bytes echoed = record_open(client, kind, &back);
        must(echoed.len == len);
        holm_flow_take(client, whole);
    }
}

/* echo_is_right compares all of a record that went there and back. */
static bool echo_is_right(const struct kind *kind, size_t len)
{
    const struct holm_bytes all = { text, len };

    record_send(client, kind, &there, all);
    (void)holm_model_network_move(&model);
    record_send(server, kind, &back, record_open(server, kind, &there));
    holm_flow_take(server, HEADER + len + TAG);
    (void)holm_model_network_move(&model);
    bool same = holm_bytes_equal(record_open(client, kind, &back), all);
    holm_flow_take(client, HEADER + len + TAG);
    return same;
}

static double now_ns(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time); /* others may have the processor too */
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double round_ns(const struct kind *kind, size_t len, size_t records, size_t batches)
{
    double start = now_ns();

    for (size_t i = 0; i < batches; i++)
        batch_echo(kind, len, records);
    return (now_ns() - start) / (double)(batches * records);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void size_measure(size_t text_bytes)
{
    static double rounds[HOLM_COUNT(kinds)][ROUNDS];
    double median[HOLM_COUNT(kinds)];
    size_t len = text_bytes + 1, records = BATCH_BYTES / (HEADER + len + TAG);

    HOLM_AT(text, text_bytes) = APPLICATION_DATA;
    if (records > BATCH_MAX)
        records = BATCH_MAX;
    for (size_t k = 0; k < HOLM_COUNT(kinds); k++)
        must(echo_is_right(&HOLM_AT(kinds, k), len));
    size_t batches =
        1 + (size_t)(ROUND_NS / (round_ns(&kinds[0], len, records, 8) * (double)records));
    for (size_t i = 0; i < ROUNDS; i++)
        for (size_t k = 0; k < HOLM_COUNT(kinds); k++)
            HOLM_AT(HOLM_AT(rounds, k), i) = round_ns(&HOLM_AT(kinds, k), len, records, batches);
    for (size_t k = 0; k < HOLM_COUNT(kinds); k++) {
        qsort(HOLM_AT(rounds, k), ROUNDS, sizeof(double), by_value);
        HOLM_AT(median, k) = HOLM_AT(HOLM_AT(rounds, k), ROUNDS / 2);
        printf("%s%s %.0f ns", k == 0 ? "" : ", ", HOLM_AT(kinds, k).name, HOLM_AT(median, k));
    }
    double ours = median[0] - median[2], peers = median[1] - median[2];
    printf(
        "\n  %zu bytes there and back: %.2f times as fast as libcrypto (goal 4); less the flow %.2f\n",
        text_bytes, median[1] / median[0], peers / ours);
    (void)fflush(stdout);
    HOLM_AT(text, text_bytes) = (uint8_t)text_bytes;
}

static void way_begin(struct way *way, uint8_t number)
{
    uint8_t secret[16] = { number, 1, 2, 3 };

    *way = (struct way){ .seal = EVP_CIPHER_CTX_new(), .open = EVP_CIPHER_CTX_new() };
    holm_aead_init(&way->key, &holm_aes_128_gcm, HOLM_BLOB(secret));
    must(EVP_EncryptInit_ex(way->seal, EVP_aes_128_gcm(), NULL, secret, NULL) == 1 &&
         EVP_DecryptInit_ex(way->open, EVP_aes_128_gcm(), NULL, secret, NULL) == 1);
}

static void flows_open(void)
{
    static struct holm_open open;
    const struct holm_endpoint place = { .port = 443 };
    const struct holm_network_ops *ops = model.network.ops;
    struct holm_listener *listener = NULL;

    must(ops->listen(&model.network, &open, &listener, &place) == HOLM_OK);
    must(ops->connect(&model.network, &open, &client, &place) == HOLM_AGAIN);
    (void)holm_model_network_move(&model);
    must(ops->connect(&model.network, &open, &client, &place) == HOLM_OK);
    must(holm_listener_accept(listener, &server) == HOLM_OK);
}

int main(int argc, char **argv)
{
    static const char *const levels[] = { "avx512", "avx2", "aesni", "sha3",
                                          "crypto", "neon", "base" };
    static const size_t sizes[] = { 64, 1350, TEXT_MAX };
    struct holm_arena arena;
    double load[3] = { 0 };
    const char *level = argc > 1 ? HOLM_NTH(argv, (size_t)argc, 1) : NULL;

    if (level != NULL && !level_use(level)) {
        (void)fprintf(stderr, "bench_record: no level %s here\n", level);
        return 1;
    }
    for (size_t i = 0; level == NULL && i < HOLM_COUNT(levels); i++)
        if (level_use(HOLM_AT(levels, i)))
            level = HOLM_AT(levels, i);
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    must(holm_model_network_init(&model, &arena,
                                 &(struct holm_model_options){
                                     .flows_max = 2, .buffer_bytes = BUFFER_BYTES }) == HOLM_OK);
    flows_open();
    way_begin(&there, 1);
    way_begin(&back, 2);
    for (size_t i = 0; i < sizeof text; i++)
        HOLM_AT(text, i) = (uint8_t)(i & 0xff);
    (void)getloadavg(load, 3);
    printf("AES-128-GCM, %s, %s; load %.1f\n", level, OpenSSL_version(OPENSSL_VERSION), load[0]);
    for (size_t i = 0; i < HOLM_COUNT(sizes); i++)
        size_measure(HOLM_AT(sizes, i));
    return 0;
}
