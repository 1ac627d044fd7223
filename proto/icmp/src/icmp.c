/* SPDX-License-Identifier: ISC */
/* icmp.c: messages of ICMP for IPv4. */
#include <holm/icmp.h>
#include <holm/ip_field.h>

enum { PROTOCOL_AT = 9, QUOTED_MIN = 8 };

enum holm_result holm_icmp_parse(struct holm_icmp *icmp, struct holm_bytes *in)
{
    struct holm_sum sum = { 0 };

    if (in->len < HOLM_ICMP_HEADER_BYTES)
        return HOLM_ERR_TRUNCATED;
    holm_sum_add(&sum, *in);
    if (holm_sum_fold(&sum) != 0xffff)
        return HOLM_ERR_MALFORMED;
    *icmp = (struct holm_icmp){ .type = holm_ip_u8(*in, 0),
                                .code = holm_ip_u8(*in, 1),
                                .checksum = holm_ip_u16(*in, 2),
                                .id = holm_ip_u16(*in, 4),
                                .sequence = holm_ip_u16(*in, 6) };
    holm_assert(holm_bytes_from(*in, HOLM_ICMP_HEADER_BYTES, in));
    return HOLM_OK;
}

bool holm_icmp_emit(struct holm_buffer *out, const struct holm_icmp *icmp, struct holm_bytes data)
{
    struct holm_sum sum = { 0 };
    uint8_t made[HOLM_ICMP_HEADER_BYTES] = { icmp->type,
                                             icmp->code,
                                             0,
                                             0,
                                             holm_ip_high(icmp->id),
                                             holm_ip_low(icmp->id),
                                             holm_ip_high(icmp->sequence),
                                             holm_ip_low(icmp->sequence) };

    holm_sum_add(&sum, HOLM_BLOB(made));
    holm_sum_add(&sum, data);
    uint16_t checksum = (uint16_t)(0xffff - holm_sum_fold(&sum));
    HOLM_AT(made, 2) = holm_ip_high(checksum);
    HOLM_AT(made, 3) = holm_ip_low(checksum);
    return holm_buffer_bytes(out, HOLM_BLOB(made));
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
    if (in.len < PROTOCOL_AT + 1)
        return HOLM_ERR_TRUNCATED;
    uint8_t len = (uint8_t)(holm_ip_u8(in, 0) % 16 * 4), protocol = holm_ip_u8(in, PROTOCOL_AT);
    if (holm_ip_u8(in, 0) / 16 != 4 || len < HOLM_IPV4_HEADER_MIN)
        return HOLM_ERR_MALFORMED;
    if (in.len < (size_t)len + QUOTED_MIN)
        return HOLM_ERR_TRUNCATED;
    uint16_t source_port = holm_ip_u16(in, len), destination_port = holm_ip_u16(in, len + 2U);
    uint32_t sequence = holm_ip_u16(in, len + 4U) * UINT32_C(65536) + holm_ip_u16(in, len + 6U);
    *quote = (struct holm_icmp_quote){ 0 };
    holm_ip_addresses_at(&quote->header, in, 12, 4);
    quote->header.id = holm_ip_u16(in, 4);
    if (protocol == HOLM_IP_TCP || protocol == HOLM_IP_UDP) {
        quote->source_port = source_port;
        quote->destination_port = destination_port;
        quote->sequence = sequence;
    }
    quote->header.header_len = len;
    quote->header.protocol = protocol;
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
