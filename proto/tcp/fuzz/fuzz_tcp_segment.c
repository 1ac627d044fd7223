/* SPDX-License-Identifier: ISC */
/* fuzz_tcp_segment.c: any bytes as a header: what is read is written, and read the same. */
#include <holm/tcp/segment.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool range_same(struct holm_tcp_range a, struct holm_tcp_range b)
{
    return a.start == b.start && a.end == b.end;
}

static void same(const struct holm_tcp_segment *a, const struct holm_tcp_segment *b)
{
    holm_assert(a->source == b->source && a->destination == b->destination);
    holm_assert(a->seq == b->seq && a->ack == b->ack && a->flags == b->flags);
    holm_assert(a->window == b->window && a->urgent == b->urgent && a->checksum == b->checksum);
    holm_assert(a->mss == b->mss && a->patience == b->patience && a->has_scale == b->has_scale);
    holm_assert(a->scale == b->scale && a->sack_permitted == b->sack_permitted);
    holm_assert(a->has_time == b->has_time && a->time_value == b->time_value);
    holm_assert(a->time_echo == b->time_echo && (a->md5_at == 0) == (b->md5_at == 0));
    holm_assert(b->sacks_count <= a->sacks_count); /* those that fit */
    for (size_t i = 0; i < b->sacks_count; i++)
        holm_assert(range_same(HOLM_AT(a->sacks, i), HOLM_AT(b->sacks, i)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size }, again;
    struct holm_tcp_segment segment = { 0 }, copy, back;
    uint8_t bytes[HOLM_TCP_HEADER_MAX];
    struct holm_buffer out = HOLM_BUFFER(bytes);

    if (holm_tcp_segment_parse(&segment, &in) != HOLM_OK) {
        holm_assert(in.len == size && segment.header_len == 0);
        return 0;
    }
    holm_assert(segment.header_len + segment.len == size && in.len == segment.len);
    holm_assert(segment.scale <= HOLM_TCP_SCALE_MAX && segment.md5_at <= HOLM_TCP_HEADER_MAX - 16);
    copy = segment;
    if (holm_tcp_segment_emit(&out, &copy) != HOLM_OK) {
        holm_assert(out.len == 0); /* more options than can be aligned */
        return 0;
    }
    holm_assert(out.len == copy.header_len && out.len % 4 == 0);
    again = holm_buffer_filled(&out);
    holm_assert(holm_tcp_segment_parse(&back, &again) == HOLM_OK && again.len == 0);
    same(&segment, &back);
    return 0;
}
