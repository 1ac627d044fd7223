/* SPDX-License-Identifier: ISC */
/* ipv6.c: the header of IPv6, and the chain of those that extend it. */
#include <holm/ipv6.h>

enum { VERSION = 6, PAYLOAD_LEN_AT = 4, NEXT_AT = 6, MORE_FRAGMENTS = 1, OFFSET_MASK = 0xfff8 };

enum option { OPTION_PAD1 = 0, OPTION_PADN = 1, OPTION_ROUTER_ALERT = 5 };

/* Codes of a parameter problem: RFC 4443 section 3.4. */
enum code { CODE_FIELD = 0, CODE_NEXT = 1, CODE_OPTION = 2 };

/* struct chain is how far the headers of a packet are read. */
struct chain {
    struct holm_bytes rest; /* not read yet */
    uint32_t at;            /* bytes of the packet before rest */
    uint32_t next_at;       /* which of them says what rest begins with: next */
    uint8_t next;
    bool fragmented; /* one header of a fragment was there */
};

static enum holm_result problem_set(struct holm_ipv6_problem *problem, enum code code,
                                    uint32_t pointer, enum holm_result result)
{
    *problem =
        (struct holm_ipv6_problem){ .tells = true, .code = (uint8_t)code, .pointer = pointer };
    return result;
}

/* option_refuse does with an unknown option what its first two bits say: RFC 8200 section 4.2. */
static enum holm_result option_refuse(uint8_t type, uint32_t at, struct holm_ipv6_problem *problem)
{
    if (type / 64 == 0 || type == OPTION_ROUTER_ALERT)
        return HOLM_OK;
    if (type / 64 == 1)
        return HOLM_ERR_PERMISSION;
    enum holm_result result = problem_set(problem, CODE_OPTION, at, HOLM_ERR_PERMISSION);
    problem->of_groups = type / 64 == 2;
    return result;
}

/* options_check looks at the options of a header whose first byte of options is at. */
static enum holm_result options_check(struct holm_bytes options, uint32_t at,
                                      struct holm_ipv6_problem *problem)
{
    const size_t all = options.len;
    struct holm_bytes value;
    size_t padding = 0, count = 0;
    uint8_t type, len;

    while (holm_bytes_u8(&options, &type)) {
        uint32_t type_at = at + (uint32_t)(all - options.len - 1);
        if (type == OPTION_PAD1) {
            padding += 1;
        } else {
            if (!holm_bytes_u8(&options, &len) || !holm_bytes_take(&options, len, &value))
                return problem_set(problem, CODE_FIELD, type_at, HOLM_ERR_MALFORMED);
            padding = type == OPTION_PADN ? padding + 2 + len : 0;
            count += type == OPTION_PADN ? 0U : 1U;
        }
        if (padding > HOLM_IPV6_PADDING_MAX || count > HOLM_IPV6_OPTIONS_MAX)
            return HOLM_ERR_LIMIT;
        if (type > OPTION_PADN) {
            enum holm_result result = option_refuse(type, type_at, problem);
            if (result != HOLM_OK)
                return result;
        }
    }
    return HOLM_OK;
}

/* fragment_take reads the header of a fragment: next and its eight bytes. */
static enum holm_result fragment_take(struct chain *chain, struct holm_ip_header *header,
                                      struct holm_ipv6_problem *problem)
{
    uint16_t offset;
    uint8_t next, reserved;

    if (chain->fragmented)
        return HOLM_ERR_MALFORMED;
    if (!holm_bytes_u8(&chain->rest, &next) || !holm_bytes_u8(&chain->rest, &reserved) ||
        !holm_bytes_u16(&chain->rest, &offset) || !holm_bytes_u32(&chain->rest, &header->id))
        return HOLM_ERR_TRUNCATED;
    header->offset = offset & OFFSET_MASK;
    header->more_fragments = offset & MORE_FRAGMENTS;
    chain->fragmented = true;
    chain->next = next;
    chain->next_at = chain->at;
    chain->at += HOLM_IPV6_FRAGMENT_BYTES;
    if (header->payload_len < chain->at - HOLM_IPV6_HEADER_BYTES)
        return HOLM_ERR_MALFORMED;
    size_t len = header->payload_len - (chain->at - HOLM_IPV6_HEADER_BYTES);
    if (header->more_fragments && len % 8 != 0) /* RFC 8200 section 4.5 */
        return problem_set(problem, CODE_FIELD, PAYLOAD_LEN_AT, HOLM_ERR_MALFORMED);
    if (header->offset + len > HOLM_IP_PACKET_MAX)
        return problem_set(problem, CODE_FIELD, chain->next_at + 2, HOLM_ERR_MALFORMED);
    return HOLM_OK;
}

/* extension_take reads a header that says its own length: options, or a route. */
static enum holm_result extension_take(struct chain *chain, struct holm_ipv6_problem *problem)
{
    const uint8_t kind = chain->next;
    struct holm_bytes rest = chain->rest, body = { 0 };
    uint8_t next, words, left = 0;

    if (!holm_bytes_u8(&rest, &next) || !holm_bytes_u8(&rest, &words))
        return HOLM_ERR_TRUNCATED;
    if (words * 8U + 8U + chain->at > HOLM_IPV6_HEADER_BYTES + HOLM_IPV6_EXTENSIONS_BYTES_MAX)
        return HOLM_ERR_LIMIT;
    if (!holm_bytes_take(&rest, words * (size_t)8 + 6, &body))
        return HOLM_ERR_TRUNCATED;
    if (kind == HOLM_IPV6_ROUTING) {
        if (holm_bytes_u8_at(body, 1, &left) && left > 0) /* RFC 8200 section 4.4, RFC 5095 */
            return problem_set(problem, CODE_FIELD, chain->at + 2, HOLM_ERR_PERMISSION);
    } else {
        enum holm_result result = options_check(body, chain->at + 2, problem);
        if (result != HOLM_OK)
            return result;
    }
    chain->next = next;
    chain->next_at = chain->at;
    chain->at += words * 8U + 8U;
    chain->rest = rest;
    return HOLM_OK;
}

static bool extends(uint8_t next)
{
    return next == HOLM_IPV6_HOP_BY_HOP || next == HOLM_IPV6_ROUTING ||
           next == HOLM_IPV6_FRAGMENT || next == HOLM_IPV6_DESTINATION;
}

/* chain_walk reads headers up to what the packet carries, or to what is only a part of it. */
static enum holm_result chain_walk(struct chain *chain, struct holm_ip_header *header,
                                   struct holm_ipv6_problem *problem)
{
    enum holm_result result = HOLM_OK;

    for (uint32_t count = 0; extends(chain->next); count++) {
        if (count == HOLM_IPV6_EXTENSIONS_MAX)
            return HOLM_ERR_LIMIT;
        if (chain->next == HOLM_IPV6_HOP_BY_HOP && chain->next_at != NEXT_AT)
            return problem_set(problem, CODE_NEXT, chain->next_at, HOLM_ERR_MALFORMED);
        if (chain->next == HOLM_IPV6_FRAGMENT) {
            result = fragment_take(chain, header, problem);
            if (result == HOLM_OK && (header->offset != 0 || header->more_fragments))
                return HOLM_OK;
        } else {
            result = extension_take(chain, problem);
        }
        if (result != HOLM_OK)
            return result;
    }
    return HOLM_OK;
}

static bool address_take(struct holm_ip_address *address, struct holm_bytes *in)
{
    struct holm_bytes all;
    return holm_bytes_take(in, 16, &all) && holm_ip_from_bytes(address, all) == HOLM_OK;
}

/* maps answers whether the address is one of IPv4 in disguise: no packet has such (RFC 4942 section
 * 2.2). */
static bool maps(const struct holm_ip_address *address)
{
    struct holm_ip_address unmapped = holm_ip_unmap(address);
    return unmapped.family == HOLM_IP_V4;
}

static enum holm_result fixed_take(struct holm_ip_header *header, struct chain *chain)
{
    struct holm_bytes *in = &chain->rest;
    uint32_t first;

    if (!holm_bytes_u32(in, &first) || !holm_bytes_u16(in, &header->payload_len) ||
        !holm_bytes_u8(in, &chain->next) || !holm_bytes_u8(in, &header->hops) ||
        !address_take(&header->source, in) || !address_take(&header->destination, in))
        return HOLM_ERR_TRUNCATED;
    if (first >> 28 != VERSION)
        return HOLM_ERR_UNSUPPORTED;
    header->traffic_class = first >> 20 & 0xff;
    chain->at = HOLM_IPV6_HEADER_BYTES;
    chain->next_at = NEXT_AT;
    return maps(&header->source) || maps(&header->destination) ? HOLM_ERR_MALFORMED : HOLM_OK;
}

/* chain_end notes where the headers ended; false: past the packet. */
static bool chain_end(struct holm_ip_header *header, const struct chain *chain)
{
    size_t extensions = chain->at - HOLM_IPV6_HEADER_BYTES;

    if (header->payload_len < extensions)
        return false;
    header->payload_len = (uint16_t)(header->payload_len - extensions);
    header->header_len = (uint8_t)(chain->at & 0xff);
    header->protocol = chain->next;
    header->protocol_at = (uint8_t)(chain->next_at & 0xff);
    return true;
}

enum holm_result holm_ipv6_parse(struct holm_ip_header *header, struct holm_ipv6_problem *problem,
                                 struct holm_bytes in, size_t whole)
{
    struct holm_ip_header read = { 0 };
    struct holm_ipv6_problem found = { 0 };
    struct chain chain = { .rest = in };

    enum holm_result result = fixed_take(&read, &chain);
    if (result == HOLM_OK &&
        (whole < HOLM_IPV6_HEADER_BYTES || read.payload_len > whole - HOLM_IPV6_HEADER_BYTES))
        result = HOLM_ERR_TRUNCATED;
    if (result == HOLM_OK)
        result = chain_walk(&chain, &read, &found);
    if (result == HOLM_OK && !chain_end(&read, &chain))
        result = HOLM_ERR_MALFORMED;
    if (result == HOLM_OK && read.offset == 0 && read.more_fragments) {
        struct holm_ip_header ignored = read; /* RFC 7112 section 5: all headers are in the first */
        result = chain_walk(&chain, &ignored, &found);
    }
    if (result == HOLM_OK)
        *header = read;
    else
        *problem = found;
    return result;
}

enum holm_result holm_ipv6_rest_parse(struct holm_ip_header *header,
                                      struct holm_ipv6_problem *problem, struct holm_bytes in)
{
    struct holm_ip_header read = *header;
    struct holm_ipv6_problem found = { 0 };
    struct chain chain = { .rest = in,
                           .at = HOLM_IPV6_HEADER_BYTES,
                           .next_at = header->protocol_at,
                           .next = header->protocol,
                           .fragmented = true };

    enum holm_result result = HOLM_ERR_MALFORMED;
    if (chain.next != HOLM_IPV6_HOP_BY_HOP)
        result = chain_walk(&chain, &read, &found);
    if (result == HOLM_OK && !chain_end(&read, &chain))
        result = HOLM_ERR_MALFORMED;
    if (result != HOLM_OK) {
        *problem = found;
        return result;
    }
    read.header_len = (uint8_t)((chain.at - HOLM_IPV6_HEADER_BYTES) & 0xff);
    *header = read;
    return HOLM_OK;
}

bool holm_ipv6_emit(struct holm_buffer *out, const struct holm_ip_header *header)
{
    bool fragment = header->offset != 0 || header->more_fragments;
    uint32_t extra = fragment ? HOLM_IPV6_FRAGMENT_BYTES : 0;
    struct holm_bytes source = holm_ip_bytes(&header->source);
    struct holm_bytes destination = holm_ip_bytes(&header->destination);
    uint8_t next = fragment ? HOLM_IPV6_FRAGMENT : header->protocol;

    if (header->payload_len + extra > HOLM_IP_PACKET_MAX || source.len != 16 ||
        destination.len != 16 || out->size - out->len < HOLM_IPV6_HEADER_BYTES + extra)
        return false;
    return holm_buffer_u16(out, (uint16_t)(VERSION * 4096 + header->traffic_class * 16)) &&
           holm_buffer_u16(out,
                           0) && /* Deviation: no flow label (RFC 6437 section 3 lets it be 0) */
           holm_buffer_u16(out, (uint16_t)(header->payload_len + extra)) &&
           holm_buffer_u8(out, next) && holm_buffer_u8(out, header->hops) &&
           holm_buffer_bytes(out, source) && holm_buffer_bytes(out, destination) &&
           (!fragment ||
            (holm_buffer_u8(out, header->protocol) && holm_buffer_u8(out, 0) &&
             holm_buffer_u16(out, (uint16_t)((header->offset & OFFSET_MASK) +
                                             (header->more_fragments ? MORE_FRAGMENTS : 0))) &&
             holm_buffer_u16(out, (uint16_t)(header->id / 65536)) &&
             holm_buffer_u16(out, (uint16_t)(header->id % 65536))));
}

bool holm_ipv6_alert_emit(struct holm_buffer *out, uint8_t protocol)
{
    const uint8_t header[HOLM_IPV6_ALERT_BYTES] = { protocol, 0, OPTION_ROUTER_ALERT, 2,
                                                    0,        0, OPTION_PADN,         0 };

    return holm_buffer_bytes(out, HOLM_BLOB(header));
}
