/* SPDX-License-Identifier: ISC */
/* udp.c: headers of UDP datagrams. */
#include <holm/udp.h>

enum holm_result holm_udp_parse(struct holm_udp_header *header, struct holm_bytes *in)
{
    struct holm_udp_header read = { 0 };
    struct holm_bytes rest = *in, payload;
    uint16_t len;

    if (!holm_bytes_u16(&rest, &read.source) || !holm_bytes_u16(&rest, &read.destination) ||
        !holm_bytes_u16(&rest, &len) || !holm_bytes_u16(&rest, &read.checksum))
        return HOLM_ERR_TRUNCATED;
    if (len < HOLM_UDP_HEADER_BYTES)
        return HOLM_ERR_MALFORMED;
    if (!holm_bytes_take(&rest, len - (size_t)HOLM_UDP_HEADER_BYTES, &payload))
        return HOLM_ERR_TRUNCATED;
    *header = read;
    *in = payload;
    return HOLM_OK;
}

bool holm_udp_emit(struct holm_buffer *out, const struct holm_udp_header *header, size_t len)
{
    if (len > UINT16_MAX - (size_t)HOLM_UDP_HEADER_BYTES ||
        out->size - out->len < HOLM_UDP_HEADER_BYTES)
        return false;
    return holm_buffer_u16(out, header->source) && holm_buffer_u16(out, header->destination) &&
           holm_buffer_u16(out, (uint16_t)(HOLM_UDP_HEADER_BYTES + len)) &&
           holm_buffer_u16(out, header->checksum);
}
