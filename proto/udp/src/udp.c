/* SPDX-License-Identifier: ISC */
/* udp.c: headers of UDP datagrams. */
#include <holm/udp.h>

enum holm_result holm_udp_parse(struct holm_udp_header *header, struct holm_bytes *in)
{
    struct holm_udp_header read = { 0 };
    struct holm_bytes payload;
    uint16_t len;

    if (!holm_bytes_u16_at(*in, 0, &read.source) || !holm_bytes_u16_at(*in, 2, &read.destination) ||
        !holm_bytes_u16_at(*in, 4, &len) || !holm_bytes_u16_at(*in, 6, &read.checksum))
        return HOLM_ERR_TRUNCATED;
    if (len < HOLM_UDP_HEADER_BYTES)
        return HOLM_ERR_MALFORMED;
    if (!holm_bytes_part(*in, HOLM_UDP_HEADER_BYTES, len - (size_t)HOLM_UDP_HEADER_BYTES, &payload))
        return HOLM_ERR_TRUNCATED;
    *header = read;
    *in = payload;
    return HOLM_OK;
}

bool holm_udp_emit(struct holm_buffer *out, const struct holm_udp_header *header, size_t len)
{
    size_t start = out->len;

    if (len <= UINT16_MAX - (size_t)HOLM_UDP_HEADER_BYTES && holm_buffer_u16(out, header->source) &&
        holm_buffer_u16(out, header->destination) &&
        holm_buffer_u16(out, (uint16_t)(HOLM_UDP_HEADER_BYTES + len)) &&
        holm_buffer_u16(out, header->checksum))
        return true;
    out->len = start;
    return false;
}
