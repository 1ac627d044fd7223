/* SPDX-License-Identifier: ISC */
/* icmp.c: messages of ICMP for IPv4. */
#include <holm/icmp.h>

enum { QUOTED_MIN = 8 };

enum holm_result holm_icmp_parse(struct holm_icmp *icmp, struct holm_bytes *in)
{
    struct holm_icmp read = { 0 };
    struct holm_bytes rest = *in;
    struct holm_sum sum = { 0 };

    if (!holm_bytes_u8(&rest, &read.type) || !holm_bytes_u8(&rest, &read.code) ||
        !holm_bytes_u16(&rest, &read.checksum) || !holm_bytes_u16(&rest, &read.id) ||
        !holm_bytes_u16(&rest, &read.sequence))
        return HOLM_ERR_TRUNCATED;
    holm_sum_add(&sum, *in);
    if (holm_sum_fold(&sum) != 0xffff)
        return HOLM_ERR_MALFORMED;
    *icmp = read;
    *in = rest;
    return HOLM_OK;
}

bool holm_icmp_emit(struct holm_buffer *out, const struct holm_icmp *icmp, struct holm_bytes data)
{
    struct holm_sum sum = { 0 };

    if (out->size - out->len < HOLM_ICMP_HEADER_BYTES)
        return false;
    holm_sum_u16(&sum, (uint16_t)(icmp->type * 256 + icmp->code));
    holm_sum_u16(&sum, icmp->id);
    holm_sum_u16(&sum, icmp->sequence);
    holm_sum_add(&sum, data);
    return holm_buffer_u8(out, icmp->type) && holm_buffer_u8(out, icmp->code) &&
           holm_buffer_u16(out, (uint16_t)(0xffff - holm_sum_fold(&sum))) &&
           holm_buffer_u16(out, icmp->id) && holm_buffer_u16(out, icmp->sequence);
}

bool holm_icmp_is_error(uint8_t type)
{
    /* 4 and 5, source quench and redirect, count as errors though nobody believes them here. */
    return type == HOLM_ICMP_UNREACHABLE || type == 4 || type == 5 ||
           type == HOLM_ICMP_TIME_EXCEEDED || type == HOLM_ICMP_PARAMETER;
}

bool holm_icmp_may_answer(const struct holm_ip_header *header, struct holm_bytes payload,
                          bool to_group)
{
    uint8_t type = 0;

    if (to_group || header->offset != 0 || holm_ip_is_any(&header->source) ||
        !holm_ip_source_fits(&header->source))
        return false;
    if (header->protocol != HOLM_IP_ICMP)
        return true;
    return holm_bytes_u8_at(payload, 0, &type) && !holm_icmp_is_error(type);
}

enum holm_result holm_icmp_quote_parse(struct holm_icmp_quote *quote, struct holm_bytes in)
{
    struct holm_icmp_quote read = { 0 };
    struct holm_bytes rest, four;
    uint16_t id = 0, high = 0, low = 0;
    uint8_t first = 0;

    if (!holm_bytes_u8_at(in, 0, &first) || !holm_bytes_u8_at(in, 9, &read.header.protocol))
        return HOLM_ERR_TRUNCATED;
    read.header.header_len = (uint8_t)(first % 16 * 4);
    if (first / 16 != 4 || read.header.header_len < HOLM_IPV4_HEADER_MIN)
        return HOLM_ERR_MALFORMED;
    if (!holm_bytes_part(in, 12, 4, &four) ||
        holm_ip_from_bytes(&read.header.source, four) != HOLM_OK ||
        !holm_bytes_part(in, 16, 4, &four) ||
        holm_ip_from_bytes(&read.header.destination, four) != HOLM_OK ||
        !holm_bytes_u16_at(in, 4, &id) || !holm_bytes_from(in, read.header.header_len, &rest) ||
        rest.len < QUOTED_MIN)
        return HOLM_ERR_TRUNCATED;
    read.header.id = id;
    if (read.header.protocol == HOLM_IP_TCP || read.header.protocol == HOLM_IP_UDP)
        holm_assert(holm_bytes_u16(&rest, &read.source_port) &&
                    holm_bytes_u16(&rest, &read.destination_port) && holm_bytes_u16(&rest, &high) &&
                    holm_bytes_u16(&rest, &low));
    read.sequence = high * UINT32_C(65536) + low;
    *quote = read;
    return HOLM_OK;
}

bool holm_rate_take(struct holm_rate *rate, uint64_t now_ns)
{
    uint64_t span_ns = rate->every_ns * rate->burst;
    uint64_t floor_ns = now_ns > span_ns ? now_ns - span_ns : 0;

    if (rate->spent_ns < floor_ns)
        rate->spent_ns = floor_ns;
    if (rate->spent_ns + rate->every_ns > now_ns)
        return false;
    rate->spent_ns += rate->every_ns;
    return true;
}
