/* SPDX-License-Identifier: ISC */
/* fuzz_reassembly.c: fragments of a few packets against an obvious model: which bytes of which packet
 * are there. What comes out is what the model has; each four bytes of input are one fragment. */
#include <holm/reassembly.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { IDS = 3, EACH = 512 };

struct model {
    uint8_t bytes[EACH];
    bool there[EACH];
    bool ecn[4]; /* which marks came */
    size_t end;  /* 0: not known */
};

static struct model models[IDS];
static uint8_t storage[HOLM_REASSEMBLY_MAX * EACH];
static struct holm_reassembly reassembly;

static void lost(struct model *model)
{
    *model = (struct model){ 0 };
}

static void check_whole(struct model *model, const struct holm_ip_header *whole,
                        struct holm_span payload)
{
    holm_assert(model->end == payload.len);
    holm_assert((whole->traffic_class == HOLM_IP_CE) == HOLM_AT(model->ecn, HOLM_IP_CE));
    holm_assert(!HOLM_AT(model->ecn, HOLM_IP_CE) || !HOLM_AT(model->ecn, HOLM_IP_NOT_ECT));
    for (size_t i = 0; i < payload.len; i++)
        holm_assert(HOLM_AT(model->there, i) &&
                    holm_bytes_is(holm_span_bytes(payload), i, HOLM_AT(model->bytes, i)));
    lost(model);
}

static void fragment(uint8_t id, size_t offset, size_t len, bool last, uint8_t fill, uint8_t ecn)
{
    static uint8_t memory[EACH];
    struct holm_ip_header header = { .source = holm_ip_v4(10, 0, 0, id), /* none has too many */
                                     .id = id,
                                     .offset = (uint16_t)offset,
                                     .payload_len = (uint16_t)len,
                                     .traffic_class = ecn,
                                     .more_fragments = !last };
    struct model *model = &HOLM_AT(models, id);
    struct holm_ip_header whole = { 0 };
    struct holm_span payload = { 0 };

    for (size_t i = 0; i < len; i++)
        HOLM_AT(memory, i) = fill;
    enum holm_result result = holm_reassembly_feed(
        &reassembly, &header, (struct holm_bytes){ memory, len }, 0, &whole, &payload);
    if (result != HOLM_OK && result != HOLM_AGAIN) {
        lost(model);
        return;
    }
    holm_assert(offset + len <= EACH);
    for (size_t i = 0; i < len; i++) {
        holm_assert(!HOLM_AT(model->there, offset + i) ||
                    HOLM_AT(model->bytes, offset + i) == fill);
        HOLM_AT(model->bytes, offset + i) = fill;
        HOLM_AT(model->there, offset + i) = true;
    }
    HOLM_AT(model->ecn, ecn) = true;
    if (last)
        model->end = offset + len;
    if (result == HOLM_OK)
        check_whole(model, &whole, payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size }, four;
    uint8_t a = 0, b = 0, c = 0, d = 0;

    for (size_t i = 0; i < IDS; i++)
        lost(&HOLM_AT(models, i));
    holm_reassembly_init(&reassembly, (struct holm_span){ storage, sizeof storage });
    while (holm_bytes_take(&in, 4, &four)) {
        holm_assert(holm_bytes_u8(&four, &a) && holm_bytes_u8(&four, &b) &&
                    holm_bytes_u8(&four, &c) && holm_bytes_u8(&four, &d));
        fragment(a % IDS, b % 68 * 8U, c, a >= 128, d % 4, d / 4 % 4);
    }
    return 0;
}
