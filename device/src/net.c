/* SPDX-License-Identifier: ISC */
/* net.c: what every network device needs. */
#include <holm/net.h>

size_t holm_net_sent_len(const struct holm_net_sent *frame)
{
    size_t len = frame->head.len;

    for (size_t i = 0; i < frame->fragments_count; i++)
        len += HOLM_AT(frame->fragments, i).len;
    return len;
}

enum holm_result holm_net_send_check(const struct holm_net_facts *facts,
                                     const struct holm_net_sent *frame)
{
    size_t max =
        facts->sends_segments ? HOLM_NET_FRAME_MAX : facts->mtu + (size_t)HOLM_NET_ETHERNET_BYTES;

    if (frame->fragments_count > HOLM_NET_FRAGMENTS_MAX || holm_net_sent_len(frame) > max)
        return HOLM_ERR_LIMIT;
    return HOLM_OK;
}

static bool put_u16(struct holm_buffer *out, uint16_t value)
{
    return holm_buffer_u8(out, (uint8_t)(value & 0xff)) &&
           holm_buffer_u8(out, (uint8_t)(value >> 8));
}

static bool get_u16(struct holm_bytes *in, uint16_t *value)
{
    uint8_t low = 0, high = 0;

    if (!holm_bytes_u8(in, &low) || !holm_bytes_u8(in, &high))
        return false;
    *value = (uint16_t)(high * 256U + low);
    return true;
}

bool holm_net_header_emit(struct holm_buffer *out, const struct holm_net_header *header)
{
    if (out->size - out->len < HOLM_NET_HEADER_BYTES)
        return false;
    return holm_buffer_u8(out, header->flags) && holm_buffer_u8(out, header->segments) &&
           put_u16(out, header->headers_len) && put_u16(out, header->segment_size) &&
           put_u16(out, header->checksum_start) && put_u16(out, header->checksum_offset);
}

bool holm_net_header_parse(struct holm_bytes *in, struct holm_net_header *header)
{
    struct holm_bytes part = { 0 };

    if (!holm_bytes_take(in, HOLM_NET_HEADER_BYTES, &part))
        return false;
    return holm_bytes_u8(&part, &header->flags) && holm_bytes_u8(&part, &header->segments) &&
           get_u16(&part, &header->headers_len) && get_u16(&part, &header->segment_size) &&
           get_u16(&part, &header->checksum_start) && get_u16(&part, &header->checksum_offset);
}

/* The bits of the last byte of facts. */
enum {
    SENDS_CHECKSUMS = 1,
    CHECKS_CHECKSUMS = 2,
    SENDS_SEGMENTS = 4,
    JOINS_SEGMENTS = 8,
    UDP = 16
};

bool holm_net_facts_emit(struct holm_buffer *out, const struct holm_net_facts *facts)
{
    unsigned bits = (facts->sends_checksums ? SENDS_CHECKSUMS : 0U) |
                    (facts->checks_checksums ? CHECKS_CHECKSUMS : 0U) |
                    (facts->sends_segments ? SENDS_SEGMENTS : 0U) |
                    (facts->joins_segments ? JOINS_SEGMENTS : 0U) |
                    (facts->segments_udp ? UDP : 0U);

    if (out->size - out->len < HOLM_NET_FACTS_BYTES)
        return false;
    return holm_buffer_bytes(out, HOLM_BLOB(facts->mac.bytes)) &&
           holm_buffer_u16(out, facts->mtu) && holm_buffer_u8(out, (uint8_t)bits);
}

bool holm_net_facts_parse(struct holm_bytes *in, struct holm_net_facts *facts)
{
    struct holm_bytes part = { 0 }, mac = { 0 };
    struct holm_net_facts parsed = { 0 };
    struct holm_buffer to = HOLM_BUFFER(parsed.mac.bytes);
    uint8_t bits = 0;

    if (!holm_bytes_take(in, HOLM_NET_FACTS_BYTES, &part) || !holm_bytes_take(&part, 6, &mac) ||
        !holm_buffer_bytes(&to, mac) || !holm_bytes_u16(&part, &parsed.mtu) ||
        !holm_bytes_u8(&part, &bits))
        return false;
    parsed.sends_checksums = (bits & SENDS_CHECKSUMS) != 0;
    parsed.checks_checksums = (bits & CHECKS_CHECKSUMS) != 0;
    parsed.sends_segments = (bits & SENDS_SEGMENTS) != 0;
    parsed.joins_segments = (bits & JOINS_SEGMENTS) != 0;
    parsed.segments_udp = (bits & UDP) != 0;
    *facts = parsed;
    return true;
}

enum holm_result holm_net_send_watched(struct holm_net *net, const struct holm_net_sent *frames,
                                       size_t count, size_t *taken)
{
    *taken = 0;
    for (size_t i = 0; i < count; i++) {
        const struct holm_net_sent *frame = &HOLM_NTH(frames, count, i);
        struct holm_bytes pieces[1 + HOLM_NET_FRAGMENTS_MAX] = { frame->head };
        size_t one = 0;
        if (net->watch->ops->room(net->watch, 1) == 0)
            return HOLM_AGAIN;
        enum holm_result result = net->ops->send(net, frame, 1, &one);
        if (result != HOLM_OK)
            return result;
        *taken += 1;
        for (size_t k = 0; k < frame->fragments_count; k++)
            HOLM_AT(pieces, k + 1) = HOLM_AT(frame->fragments, k);
        net->watch->ops->note(net->watch, pieces, 1 + frame->fragments_count);
    }
    return HOLM_OK;
}

size_t holm_net_receive_watched(struct holm_net *net, struct holm_net_received *frames, size_t max)
{
    size_t most = net->watch->ops->room(net->watch, max);
    size_t count = most > 0 ? net->ops->receive(net, frames, most) : 0;

    for (size_t i = 0; i < count; i++) {
        const struct holm_net_received *frame = &HOLM_NTH(frames, max, i);
        struct holm_bytes pieces[HOLM_NET_PIECES_MAX] = { 0 };
        for (size_t k = 0; k < frame->pieces_count; k++)
            HOLM_AT(pieces, k) = holm_span_bytes(HOLM_AT(frame->pieces, k));
        net->watch->ops->note(net->watch, pieces, frame->pieces_count);
    }
    if (most > 0 && count == most && count < max)
        holm_wake_ring(&net->in); /* there may be more */
    return count;
}
