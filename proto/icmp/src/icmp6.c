/* SPDX-License-Identifier: ISC */
/* icmp6.c: messages of ICMP for IPv6. */
#include <holm/icmp6.h>
#include <holm/ip_field.h>

enum {
    VERSION = 6,
    FIRST_NOT_ERROR = 128,
    PAYLOAD_LEN_AT = 4,
    NEXT_AT = 6,
    HOPS_AT = 7,
    ADDRESSES_AT = 8,
    ADDRESS_BYTES = 16,
    FRAGMENT_AT = HOLM_IPV6_HEADER_BYTES,
    QUOTED_MIN = 8,
};

/*@ requires holm_readable(in) && at + 4 <= in.len;
    assigns \nothing;
    ensures \result == holm_u32_value(in.ptr + at); */
static uint32_t u32_at(struct holm_bytes in, size_t at)
{
    return holm_ip_u16(in, at) * UINT32_C(65536) + holm_ip_u16(in, at + 2);
}

enum holm_result holm_icmp6_parse(struct holm_icmp6 *icmp, struct holm_bytes *in)
{
    if (in->len < HOLM_ICMP6_HEADER_BYTES)
        return HOLM_ERR_TRUNCATED;
    *icmp = (struct holm_icmp6){ .type = holm_ip_u8(*in, 0),
                                 .code = holm_ip_u8(*in, 1),
                                 .checksum = holm_ip_u16(*in, 2),
                                 .value = u32_at(*in, 4) };
    holm_assert(holm_bytes_from(*in, HOLM_ICMP6_HEADER_BYTES, in));
    return HOLM_OK;
}

bool holm_icmp6_emit(struct holm_buffer *out, const struct holm_icmp6 *icmp,
                     const struct holm_ip_address *source,
                     const struct holm_ip_address *destination, struct holm_bytes data)
{
    struct holm_sum sum = { 0 };
    uint16_t high = (uint16_t)(icmp->value / 65536), low = (uint16_t)(icmp->value % 65536);
    uint8_t made[HOLM_ICMP6_HEADER_BYTES] = {
        icmp->type,        icmp->code,      0, 0, holm_ip_high(high), holm_ip_low(high),
        holm_ip_high(low), holm_ip_low(low)
    };

    if (data.len > HOLM_IP_PACKET_MAX)
        return false;
    holm_ip_pseudo(&sum, source, destination, HOLM_IP_ICMPV6,
                   (uint32_t)data.len + HOLM_ICMP6_HEADER_BYTES);
    holm_sum_add(&sum, HOLM_BLOB(made));
    holm_sum_add(&sum, data);
    uint16_t checksum = (uint16_t)(0xffff - holm_sum_fold(&sum));
    HOLM_AT(made, 2) = holm_ip_high(checksum);
    HOLM_AT(made, 3) = holm_ip_low(checksum);
    return holm_buffer_bytes(out, HOLM_BLOB(made));
}

bool holm_icmp6_is_error(uint8_t type)
{
    return type < FIRST_NOT_ERROR;
}

bool holm_icmp6_may_answer(const struct holm_ip_header *header, struct holm_bytes payload,
                           bool to_group, bool of_groups)
{
    uint8_t type = 0;

    if ((to_group && !of_groups) || header->offset != 0 || holm_ip_is_any(&header->source) ||
        !holm_ip_source_fits(&header->source))
        return false;
    if (header->protocol != HOLM_IP_ICMPV6)
        return true;
    return holm_bytes_u8_at(payload, 0, &type) && !holm_icmp6_is_error(type) &&
           type != HOLM_ICMP6_REDIRECT;
}

/* quote_check answers whether there is all of a quote that is read; *word is that of a fragment, where it
 * belongs in the packet and whether more follow; 0 of a packet that is whole. */
/*@ requires \valid(word) && holm_readable(in);
    requires \separated(word, in.ptr + (0 .. in.len - 1));
    assigns *word;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK <==> holm_icmp6_quoted(in);
    ensures \result == HOLM_ERR_MALFORMED <==> in.len >= FRAGMENT_AT && in.ptr[0] / 16 != 6;
    ensures \result == HOLM_OK ==> *word == holm_icmp6_word(in.ptr); */
static enum holm_result quote_check(uint16_t *word, struct holm_bytes in)
{
    size_t len = FRAGMENT_AT;

    *word = 0;
    if (in.len < len)
        return HOLM_ERR_TRUNCATED;
    if (holm_ip_u8(in, 0) / 16 != VERSION)
        return HOLM_ERR_MALFORMED;
    if (holm_ip_u8(in, NEXT_AT) == HOLM_IPV6_FRAGMENT) {
        len += HOLM_IPV6_FRAGMENT_BYTES;
        if (in.len < len)
            return HOLM_ERR_TRUNCATED;
        *word = holm_ip_u16(in, FRAGMENT_AT + 2);
    }
    return *word / 8 == 0 && in.len < len + QUOTED_MIN ? HOLM_ERR_TRUNCATED : HOLM_OK;
}

/* ports_set sets what the protocol says first, unless it is in another fragment. */
/*@ requires \valid(quote) && holm_readable(in) && holm_icmp6_quoted(in);
    requires \separated(quote, in.ptr + (0 .. in.len - 1));
    requires word == holm_icmp6_word(in.ptr);
    assigns quote->source_port, quote->destination_port, quote->sequence;
    ensures holm_icmp6_has_ports{Old}(in.ptr) ==>
              quote->source_port == holm_u16_value{Old}(in.ptr + holm_icmp6_len{Old}(in.ptr));
    ensures holm_icmp6_has_ports{Old}(in.ptr) ==> quote->destination_port ==
              holm_u16_value{Old}(in.ptr + (holm_icmp6_len{Old}(in.ptr) + 2));
    ensures !holm_icmp6_has_ports{Old}(in.ptr) ==>
              quote->source_port == 0 && quote->destination_port == 0;
    ensures quote->sequence == (word / 8 > 0 ? 0 :
              holm_u32_value{Old}(in.ptr + (holm_icmp6_len{Old}(in.ptr) + 4))); */
static void ports_set(struct holm_icmp_quote *quote, struct holm_bytes in, uint16_t word)
{
    bool fragment = holm_ip_u8(in, NEXT_AT) == HOLM_IPV6_FRAGMENT, first = word / 8 == 0;
    uint8_t protocol = holm_ip_u8(in, fragment ? FRAGMENT_AT : NEXT_AT);
    bool has_ports = first && (protocol == HOLM_IP_TCP || protocol == HOLM_IP_UDP);
    size_t at = FRAGMENT_AT + (fragment ? HOLM_IPV6_FRAGMENT_BYTES : 0);

    quote->sequence = first ? u32_at(in, at + 4) : 0;
    quote->source_port = has_ports ? holm_ip_u16(in, at) : 0;
    quote->destination_port = has_ports ? holm_ip_u16(in, at + 2) : 0;
}

/* numbers_set sets all of the header but the addresses. What a quote does not have to say is 0. */
/*@ requires \valid(header) && holm_readable(in) && holm_icmp6_quoted(in);
    requires \separated(header, in.ptr + (0 .. in.len - 1));
    requires word == holm_icmp6_word(in.ptr);
    assigns header->payload_len, header->hops, header->protocol, header->id, header->offset,
            header->more_fragments, header->header_len, header->protocol_at, header->traffic_class,
            header->dont_fragment, header->has_options;
    ensures header->payload_len == holm_u16_value{Old}(in.ptr + 4);
    ensures header->hops == \old(in.ptr[7]);
    ensures header->protocol == holm_icmp6_protocol{Old}(in.ptr);
    ensures header->offset == word / 8 * 8;
    ensures header->more_fragments <==> word % 2 == 1;
    ensures header->id == holm_icmp6_id{Old}(in.ptr); */
static void numbers_set(struct holm_ip_header *header, struct holm_bytes in, uint16_t word)
{
    uint8_t next = holm_ip_u8(in, NEXT_AT), hops = holm_ip_u8(in, HOPS_AT);
    bool fragment = next == HOLM_IPV6_FRAGMENT;

    header->payload_len = holm_ip_u16(in, PAYLOAD_LEN_AT);
    header->hops = hops;
    header->id = fragment ? u32_at(in, FRAGMENT_AT + 4) : 0;
    header->protocol = fragment ? holm_ip_u8(in, FRAGMENT_AT) : next;
    header->offset = (uint16_t)(word / 8 * 8);
    header->more_fragments = word % 2 == 1;
    header->header_len = 0;
    header->protocol_at = 0;
    header->traffic_class = 0;
    header->dont_fragment = false;
    header->has_options = false;
}

enum holm_result holm_icmp6_quote_parse(struct holm_icmp_quote *quote, struct holm_bytes in)
{
    uint16_t word;
    enum holm_result result = quote_check(&word, in);

    if (result != HOLM_OK)
        return result;
    ports_set(quote, in, word);
    numbers_set(&quote->header, in, word);
    holm_ip_addresses_at(&quote->header, in, ADDRESSES_AT, ADDRESS_BYTES);
    return HOLM_OK;
}
