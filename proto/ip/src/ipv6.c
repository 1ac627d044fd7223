/* SPDX-License-Identifier: ISC */
/* ipv6.c: the header of IPv6, and the chain of those that extend it, as they are read. */
#include <holm/ip_field.h>
#include <holm/ipv6.h>

enum {
    VERSION = 6,
    PAYLOAD_LEN_AT = 4,
    NEXT_AT = 6,
    HOPS_AT = 7,
    ADDRESSES_AT = 8,
    ADDRESS_BYTES = 16,
    MORE_FRAGMENTS = 1,
    OFFSET_UNIT = 8,
};

enum option { OPTION_PAD1 = 0, OPTION_PADN = 1 };

/* Codes of a parameter problem: RFC 4443 section 3.4. */
enum code { CODE_FIELD = 0, CODE_NEXT = 1, CODE_OPTION = 2 };

/* struct chain is how far the headers of a packet are read, and what they said. */
struct chain {
    uint32_t base;    /* bytes of the packet before those that are read */
    uint32_t at;      /* of those that are read, where the next header begins */
    uint32_t next_at; /* which byte of the packet says what begins there: next */
    uint32_t next;
    uint32_t payload_len; /* bytes behind the fixed header */
    uint32_t id, offset;
    bool fragmented; /* one header of a fragment was there */
    bool more_fragments;
    bool tells, of_groups; /* a problem was found: struct holm_ipv6_problem */
    uint32_t code, pointer;
};

/*@ // Where a chain stands in the bytes that are read: what extends the fixed header has a limit, to
    // which a fragment adds 8.
    predicate chain_ok{L}(struct chain *chain, struct holm_bytes in) =
      \valid(chain) && holm_readable(in) && \separated(chain, in.ptr + (0 .. in.len - 1)) &&
      (chain->base == 40 || (chain->base == 0 && chain->at >= 40)) && chain->at <= in.len &&
      chain->base + chain->at <= (chain->fragmented ? 176 : 168) && chain->next_at <= 255 &&
      chain->next <= 255 && chain->payload_len <= 65535 && chain->offset <= 65535;
    // It stands n bytes further, behind a header whose first byte says what follows.
    predicate chain_stepped{L1,L2}(struct chain *chain, struct holm_bytes in, integer n) =
      \at(chain->at,L2) == \at(chain->at,L1) + n &&
      \at(chain->next_at,L2) == \at(chain->base,L1) + \at(chain->at,L1) &&
      \at(chain->next,L2) == \at(in.ptr[\at(chain->at,L1)],L1);
    // What comes next is what a byte behind its start says, or it still stands there.
    predicate chain_said{L1,L2}(struct chain *chain, struct holm_bytes in) =
      (\at(chain->next_at,L2) == \at(chain->next_at,L1) &&
       \at(chain->next,L2) == \at(chain->next,L1) && \at(chain->at,L2) == \at(chain->at,L1)) ||
      (\at(chain->at,L1) <= \at(chain->next_at,L2) - \at(chain->base,L1) < \at(chain->at,L2) &&
       \at(chain->next,L2) ==
         \at(in.ptr[\at(chain->next_at,L2) - \at(chain->base,L1)],L1));
    // All bytes of its headers but the fixed one.
    logic integer chain_extensions{L}(struct chain *chain) = chain->base + chain->at - 40;
    // What a fragment said of itself may be.
    predicate chain_fragment_ok{L}(struct chain *chain) =
      chain_extensions(chain) <= chain->payload_len && chain->offset % 8 == 0 &&
      (chain->more_fragments ==> (chain->payload_len - chain_extensions(chain)) % 8 == 0) &&
      chain->offset + chain->payload_len - chain_extensions(chain) <= HOLM_IP_PACKET_MAX; */

/*@ requires holm_readable(in) && at <= UINT16_MAX && at + 4 <= in.len;
    assigns \nothing;
    ensures \result == holm_u32_value(in.ptr + at); */
static uint32_t u32_at(struct holm_bytes in, size_t at)
{
    return holm_ip_u16(in, at) * UINT32_C(65536) + holm_ip_u16(in, at + 2);
}

/* refuse notes what is to be told of a packet, and gives the result. */
/*@ requires \valid(chain);
    assigns chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures \result == result;
    ensures chain->tells && !chain->of_groups;
    ensures chain->code == code && chain->pointer == pointer; */
static enum holm_result refuse(struct chain *chain, uint32_t code, uint32_t pointer,
                               enum holm_result result)
{
    chain->tells = true;
    chain->of_groups = false;
    chain->code = code;
    chain->pointer = pointer;
    return result;
}

/* option_refuse does with an unknown option, which must not be passed over, what its first two bits say:
 * RFC 8200 section 4.2. */
/*@ requires \valid(chain) && type >= 64;
    assigns chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures \result == HOLM_ERR_PERMISSION;
    ensures type < 128 ==> chain->tells == \old(chain->tells) &&
              chain->pointer == \old(chain->pointer);
    ensures type >= 128 ==> chain->tells && chain->code == CODE_OPTION &&
              chain->pointer == pointer && (chain->of_groups <==> type < 192); */
static enum holm_result option_refuse(struct chain *chain, uint8_t type, uint32_t pointer)
{
    if (type / 64 == 1)
        return HOLM_ERR_PERMISSION;
    enum holm_result result = refuse(chain, CODE_OPTION, pointer, HOLM_ERR_PERMISSION);
    chain->of_groups = type / 64 == 2;
    return result;
}

/* option_len is how long the option at is, of a header that ends at end; 0: it runs past it. */
/*@ requires holm_readable(in) && at < end <= in.len;
    assigns \nothing;
    ensures \result <==> holm_ipv6_option_fits(in.ptr, at, end);
    ensures \result ==> \result == holm_ipv6_option_len(in.ptr, at); */
static size_t option_len(struct holm_bytes in, size_t at, size_t end)
{
    if (holm_ip_u8(in, at) == OPTION_PAD1)
        return 1;
    if (end - at < 2)
        return 0;
    size_t len = holm_ip_u8(in, at + 1) + (size_t)2;
    return len <= end - at ? len : 0;
}

/* options_check looks at the options of the extension header that begins where the chain stands, and
 * ends at end. */
/*@ requires chain_ok(chain, in) && chain->at + 2 <= end <= in.len && end <= UINT16_MAX;
    requires !chain->tells;
    assigns chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT, HOLM_ERR_PERMISSION };
    ensures \result == HOLM_OK ==> holm_ipv6_options(in.ptr, chain->at + 2, end);
    ensures \result == HOLM_OK ==> !chain->tells;
    ensures chain->tells ==> chain->pointer < chain->base + end; */
static enum holm_result options_check(struct chain *chain, struct holm_bytes in, size_t end)
{
    size_t padding = 0, at = (size_t)chain->at + 2;
    uint32_t count = 0;

    /*@ loop invariant chain->at + 2 <= at <= end;
        loop invariant padding <= HOLM_IPV6_PADDING_MAX && count <= HOLM_IPV6_OPTIONS_MAX;
        loop invariant holm_ipv6_options(in.ptr, at, end) ==>
          holm_ipv6_options(in.ptr, chain->at + 2, end);
        loop assigns at, padding, count;
        loop variant end - at; */
    while (at < end) {
        uint8_t type = holm_ip_u8(in, at);
        size_t len = option_len(in, at, end);
        if (len == 0)
            return refuse(chain, CODE_FIELD, chain->base + (uint32_t)at, HOLM_ERR_MALFORMED);
        padding = type <= OPTION_PADN ? padding + len : 0;
        count += type <= OPTION_PADN ? 0U : 1U;
        if (padding > HOLM_IPV6_PADDING_MAX || count > HOLM_IPV6_OPTIONS_MAX)
            return HOLM_ERR_LIMIT;
        if (type / 64 != 0)
            return option_refuse(chain, type, chain->base + (uint32_t)at);
        at += len;
    }
    return HOLM_OK;
}

/* fragment_check looks at the length and the place of what a fragment carries, behind its header. */
/*@ requires \valid(chain) && 40 <= chain->base + chain->at <= 176 && !chain->tells;
    requires chain->payload_len <= 65535 && chain->next_at <= 255;
    requires chain->offset <= 65535 && chain->offset % 8 == 0;
    assigns chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK <==> chain_fragment_ok(chain);
    ensures \result == HOLM_OK ==> !chain->tells;
    ensures chain->tells ==> chain->pointer \in { PAYLOAD_LEN_AT, chain->next_at + 2 }; */
static enum holm_result fragment_check(struct chain *chain)
{
    uint32_t extensions = chain->base + chain->at - HOLM_IPV6_HEADER_BYTES;

    if (chain->payload_len < extensions)
        return HOLM_ERR_MALFORMED;
    uint32_t len = chain->payload_len - extensions;
    if (chain->more_fragments && len % 8 != 0) /* RFC 8200 section 4.5 */
        return refuse(chain, CODE_FIELD, PAYLOAD_LEN_AT, HOLM_ERR_MALFORMED);
    if (chain->offset + len > HOLM_IP_PACKET_MAX)
        return refuse(chain, CODE_FIELD, chain->next_at + 2, HOLM_ERR_MALFORMED);
    return HOLM_OK;
}

/* fragment_take reads the header of a fragment: next and its eight bytes. */
/*@ requires chain_ok(chain, in) && !chain->tells;
    assigns chain->at, chain->next_at, chain->next, chain->id, chain->offset, chain->fragmented,
            chain->more_fragments, chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> chain_ok(chain, in) && chain_fragment_ok(chain);
    ensures \result == HOLM_OK ==> chain_stepped{Old,Here}(chain, in, 8);
    ensures \result == HOLM_OK ==> chain->fragmented && !\old(chain->fragmented);
    ensures \result == HOLM_OK ==> !chain->tells;
    ensures \result == HOLM_OK ==>
              chain->offset == holm_u16_value(in.ptr + (\old(chain->at) + 2)) / 8 * 8;
    ensures \result == HOLM_OK ==> (chain->more_fragments <==>
              holm_u16_value(in.ptr + (\old(chain->at) + 2)) % 2 == 1);
    ensures \result == HOLM_OK ==>
              chain->id == holm_u32_value(in.ptr + (\old(chain->at) + 4));
    ensures chain->tells ==> chain->pointer < chain->base + in.len; */
static enum holm_result fragment_take(struct chain *chain, struct holm_bytes in)
{
    if (chain->fragmented)
        return HOLM_ERR_MALFORMED;
    if (in.len - chain->at < HOLM_IPV6_FRAGMENT_BYTES)
        return HOLM_ERR_TRUNCATED;
    uint16_t word = holm_ip_u16(in, chain->at + 2);
    chain->id = u32_at(in, chain->at + 4);
    chain->offset = word / OFFSET_UNIT * (uint32_t)OFFSET_UNIT;
    chain->more_fragments = word % 2 == MORE_FRAGMENTS;
    chain->fragmented = true;
    chain->next = holm_ip_u8(in, chain->at);
    chain->next_at = chain->base + chain->at;
    chain->at += HOLM_IPV6_FRAGMENT_BYTES;
    return fragment_check(chain);
}

/* extension_take reads a header that says its own length: options, or a route. */
/*@ requires chain_ok(chain, in) && !chain->tells;
    assigns chain->at, chain->next_at, chain->next, chain->tells, chain->of_groups, chain->code,
            chain->pointer;
    ensures holm_ipv6_answers(\result);
    ensures \result == HOLM_OK ==> chain_ok(chain, in) && !chain->tells;
    ensures \result == HOLM_OK ==> in.len - \old(chain->at) >= 8;
    ensures \result == HOLM_OK ==>
              chain_stepped{Old,Here}(chain, in, in.ptr[\old(chain->at) + 1] * 8 + 8);
    ensures \result == HOLM_OK && \old(chain->next) == HOLM_IPV6_ROUTING ==>
              in.ptr[\old(chain->at) + 3] == 0;
    ensures \result == HOLM_OK && \old(chain->next) != HOLM_IPV6_ROUTING ==>
              holm_ipv6_options(in.ptr, \old(chain->at) + 2, chain->at);
    ensures chain->tells ==> chain->pointer < chain->base + in.len; */
static enum holm_result extension_take(struct chain *chain, struct holm_bytes in)
{
    if (in.len - chain->at < 2)
        return HOLM_ERR_TRUNCATED;
    uint32_t len = holm_ip_u8(in, chain->at + 1) * 8U + 8U;
    if (chain->base + chain->at + len > HOLM_IPV6_HEADER_BYTES + HOLM_IPV6_EXTENSIONS_BYTES_MAX)
        return HOLM_ERR_LIMIT;
    if (len > in.len - chain->at)
        return HOLM_ERR_TRUNCATED;
    if (chain->next == HOLM_IPV6_ROUTING) {
        if (holm_ip_u8(in, chain->at + 3) > 0) /* RFC 8200 section 4.4, RFC 5095 */
            return refuse(chain, CODE_FIELD, chain->base + chain->at + 2, HOLM_ERR_PERMISSION);
    } else {
        enum holm_result result = options_check(chain, in, chain->at + len);
        if (result != HOLM_OK)
            return result;
    }
    chain->next = holm_ip_u8(in, chain->at);
    chain->next_at = chain->base + chain->at;
    chain->at += len;
    return HOLM_OK;
}

/*@ assigns \nothing;
    ensures \result <==> holm_ipv6_extends(next); */
static bool extends(uint32_t next)
{
    return next == HOLM_IPV6_HOP_BY_HOP || next == HOLM_IPV6_ROUTING ||
           next == HOLM_IPV6_FRAGMENT || next == HOLM_IPV6_DESTINATION;
}

/* is_part answers whether what the chain's packet carries is only a part. */
/*@ requires \valid_read(chain);
    assigns \nothing;
    ensures \result <==> chain->offset > 0 || chain->more_fragments; */
static bool is_part(const struct chain *chain)
{
    return chain->offset != 0 || chain->more_fragments;
}

/* header_take reads the next header. */
/*@ requires chain_ok(chain, in) && !chain->tells && holm_ipv6_extends(chain->next);
    assigns chain->at, chain->next_at, chain->next, chain->id, chain->offset, chain->fragmented,
            chain->more_fragments, chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures holm_ipv6_answers(\result);
    ensures \result == HOLM_OK ==> chain_ok(chain, in) && !chain->tells;
    ensures \result == HOLM_OK ==> chain->at > \old(chain->at);
    ensures \result == HOLM_OK ==>
              chain_stepped{Old,Here}(chain, in, chain->at - \old(chain->at));
    ensures \result == HOLM_OK ==> (\old(chain->next) == HOLM_IPV6_HOP_BY_HOP ==>
              \old(chain->next_at) == NEXT_AT);
    ensures \result == HOLM_OK && \old(chain->next) == HOLM_IPV6_FRAGMENT ==>
              !\old(chain->fragmented) && chain->fragmented && chain_fragment_ok(chain);
    ensures \result == HOLM_OK && \old(chain->next) != HOLM_IPV6_FRAGMENT ==>
              chain->fragmented == \old(chain->fragmented) &&
              chain->offset == \old(chain->offset) && chain->id == \old(chain->id) &&
              chain->more_fragments == \old(chain->more_fragments);
    ensures chain->tells ==> chain->pointer < chain->base + in.len ||
              chain->pointer == \old(chain->next_at); */
static enum holm_result header_take(struct chain *chain, struct holm_bytes in)
{
    if (chain->next == HOLM_IPV6_HOP_BY_HOP && chain->next_at != NEXT_AT)
        return refuse(chain, CODE_NEXT, chain->next_at, HOLM_ERR_MALFORMED);
    return chain->next == HOLM_IPV6_FRAGMENT ? fragment_take(chain, in) : extension_take(chain, in);
}

/* chain_walk reads headers up to what the packet carries, or to what is only a part of it. */
/*@ requires chain_ok(chain, in) && !chain->tells;
    requires chain->offset == 0;
    requires !chain->fragmented ==> !chain->more_fragments;
    assigns chain->at, chain->next_at, chain->next, chain->id, chain->offset, chain->fragmented,
            chain->more_fragments, chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures holm_ipv6_answers(\result);
    ensures \result == HOLM_OK ==> chain_ok(chain, in) && !chain->tells;
    ensures \result == HOLM_OK ==> chain->at >= \old(chain->at);
    ensures \result == HOLM_OK ==> chain_said{Old,Here}(chain, in);
    ensures \result == HOLM_OK && chain->more_fragments ==> chain->fragmented;
    ensures \result == HOLM_OK && \old(chain->fragmented) ==> chain->fragmented;
    ensures \result == HOLM_OK && holm_ipv6_extends(chain->next) ==>
              chain->offset > 0 || chain->more_fragments;
    ensures \result == HOLM_OK && \old(chain->fragmented) ==> chain->offset == 0 &&
              chain->more_fragments == \old(chain->more_fragments) &&
              !holm_ipv6_extends(chain->next);
    ensures \result == HOLM_OK && !\old(chain->fragmented) &&
            (chain->offset > 0 || chain->more_fragments) ==> chain_fragment_ok(chain);
    ensures chain->tells ==> chain->pointer < chain->base + in.len ||
              chain->pointer == \old(chain->next_at); */
static enum holm_result chain_walk(struct chain *chain, struct holm_bytes in)
{
    /*@ loop invariant count <= HOLM_IPV6_EXTENSIONS_MAX;
        loop invariant chain_ok(chain, in) && !chain->tells;
        loop invariant chain->at >= \at(chain->at,Pre);
        loop invariant chain_said{Pre,Here}(chain, in);
        loop invariant chain->offset == 0;
        loop invariant !\at(chain->fragmented,Pre) ==> !chain->more_fragments;
        loop invariant \at(chain->fragmented,Pre) ==> chain->fragmented &&
          chain->more_fragments == \at(chain->more_fragments,Pre);
        loop assigns count, chain->at, chain->next_at, chain->next, chain->id, chain->offset,
          chain->fragmented, chain->more_fragments, chain->tells, chain->of_groups, chain->code,
          chain->pointer;
        loop variant HOLM_IPV6_EXTENSIONS_MAX - count; */
    for (uint32_t count = 0; extends(chain->next); count++) {
        if (count == HOLM_IPV6_EXTENSIONS_MAX)
            return HOLM_ERR_LIMIT;
        bool fragment = chain->next == HOLM_IPV6_FRAGMENT;
        enum holm_result result = header_take(chain, in);
        if (result != HOLM_OK || (fragment && is_part(chain)))
            return result;
    }
    return HOLM_OK;
}

/* further_check looks at the headers behind that of a first fragment, which has all of them: RFC 7112
 * section 5. The chain ends where it did. */
/*@ requires chain_ok(chain, in) && !chain->tells && chain->fragmented && chain->offset == 0;
    assigns chain->at, chain->next_at, chain->next, chain->id, chain->offset, chain->fragmented,
            chain->more_fragments, chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures holm_ipv6_answers(\result);
    ensures chain->at == \old(chain->at) && chain->next_at == \old(chain->next_at);
    ensures chain->next == \old(chain->next);
    ensures \result == HOLM_OK ==> chain->fragmented && chain->offset == 0;
    ensures \result == HOLM_OK ==> chain->more_fragments == \old(chain->more_fragments);
    ensures chain->tells ==> chain->pointer < chain->base + in.len ||
              chain->pointer == chain->next_at; */
static enum holm_result further_check(struct chain *chain, struct holm_bytes in)
{
    const uint32_t at = chain->at, next_at = chain->next_at, next = chain->next;

    enum holm_result result = chain_walk(chain, in);
    chain->at = at;
    chain->next_at = next_at;
    chain->next = next;
    return result;
}

/* chain_read reads all headers of a packet, which do not end past it. */
/*@ requires chain_ok(chain, in) && !chain->tells;
    requires chain->offset == 0 && !chain->more_fragments;
    assigns chain->at, chain->next_at, chain->next, chain->id, chain->offset, chain->fragmented,
            chain->more_fragments, chain->tells, chain->of_groups, chain->code, chain->pointer;
    ensures holm_ipv6_answers(\result);
    ensures \result == HOLM_OK ==> chain_ok(chain, in);
    ensures \result == HOLM_OK ==> chain->at >= \old(chain->at);
    ensures \result == HOLM_OK ==> chain_said{Old,Here}(chain, in);
    ensures \result == HOLM_OK ==> chain_fragment_ok(chain);
    ensures \result == HOLM_OK && \old(chain->fragmented) ==>
              chain->offset == 0 && !chain->more_fragments;
    ensures \result == HOLM_OK && holm_ipv6_extends(chain->next) ==>
              chain->offset > 0 || chain->more_fragments;
    ensures \result != HOLM_OK && chain->tells ==> chain->pointer < chain->base + in.len ||
              chain->pointer == \old(chain->next_at); */
static enum holm_result chain_read(struct chain *chain, struct holm_bytes in)
{
    enum holm_result result = chain_walk(chain, in);

    if (result != HOLM_OK)
        return result;
    if (chain->payload_len < chain->base + chain->at - HOLM_IPV6_HEADER_BYTES)
        return HOLM_ERR_MALFORMED;
    return chain->offset == 0 && chain->more_fragments ? further_check(chain, in) : HOLM_OK;
}

/* maps answers whether the address is one of IPv4 in disguise: no packet has such (RFC 4942 section
 * 2.2). */
/*@ requires holm_readable(in) && at <= UINT16_MAX && at + ADDRESS_BYTES <= in.len;
    assigns \nothing;
    ensures \result <==> holm_ipv6_maps(in.ptr + at); */
static bool maps(struct holm_bytes in, size_t at)
{
    uint64_t first = 0;

    holm_assert(holm_bytes_u64_at(in, at, &first));
    return first == 0 && holm_ip_u16(in, at + 8) == 0 && holm_ip_u16(in, at + 10) == 0xffff;
}

/* fixed_check looks at the fixed header of a packet of which whole bytes are there. */
/*@ requires holm_readable(in);
    assigns \nothing;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_UNSUPPORTED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK <==> holm_ipv6_right(in, whole);
    ensures in.len < HOLM_IPV6_HEADER_BYTES ==> \result == HOLM_ERR_TRUNCATED; */
static enum holm_result fixed_check(struct holm_bytes in, size_t whole)
{
    if (in.len < HOLM_IPV6_HEADER_BYTES)
        return HOLM_ERR_TRUNCATED;
    if (holm_ip_u8(in, 0) / 16 != VERSION)
        return HOLM_ERR_UNSUPPORTED;
    if (maps(in, ADDRESSES_AT) || maps(in, ADDRESSES_AT + ADDRESS_BYTES))
        return HOLM_ERR_MALFORMED;
    return whole < HOLM_IPV6_HEADER_BYTES ||
                   holm_ip_u16(in, PAYLOAD_LEN_AT) > whole - HOLM_IPV6_HEADER_BYTES
               ? HOLM_ERR_TRUNCATED
               : HOLM_OK;
}

/* end_set notes where the headers ended, and what follows. */
/*@ requires \valid(header) && \valid_read(chain) && \separated(header, chain);
    requires chain->at <= 176 && chain->next_at <= 255 && chain->next <= 255;
    requires 0 <= chain_extensions(chain) <= chain->payload_len <= 65535;
    assigns header->payload_len, header->header_len, header->protocol, header->protocol_at;
    ensures header->payload_len == chain->payload_len - chain_extensions(chain);
    ensures header->header_len == chain->at;
    ensures header->protocol == chain->next && header->protocol_at == chain->next_at; */
static void end_set(struct holm_ip_header *header, const struct chain *chain)
{
    header->payload_len =
        (uint16_t)(chain->payload_len - (chain->base + chain->at - HOLM_IPV6_HEADER_BYTES));
    header->header_len = (uint8_t)chain->at;
    header->protocol = (uint8_t)chain->next;
    header->protocol_at = (uint8_t)chain->next_at;
}

/* numbers_set sets what end_set does not, but for the addresses. */
/*@ requires \valid(header) && \valid_read(chain) && \separated(header, chain);
    requires holm_readable(in) && in.len >= 40 && chain->offset <= 65535;
    requires \separated(header, in.ptr + (0 .. in.len - 1));
    assigns header->id, header->offset, header->hops, header->traffic_class,
            header->dont_fragment, header->more_fragments, header->has_options;
    ensures header->id == chain->id && header->offset == chain->offset;
    ensures header->more_fragments == \old(chain->more_fragments);
    ensures header->hops == \old(in.ptr[7]);
    ensures header->traffic_class == \old(in.ptr[0]) % 16 * 16 + \old(in.ptr[1]) / 16;
    ensures !header->dont_fragment && !header->has_options; */
static void numbers_set(struct holm_ip_header *header, const struct chain *chain,
                        struct holm_bytes in)
{
    uint8_t first = holm_ip_u8(in, 0), second = holm_ip_u8(in, 1), hops = holm_ip_u8(in, HOPS_AT);
    bool more_fragments = chain->more_fragments;

    header->id = chain->id;
    header->offset = (uint16_t)chain->offset;
    header->hops = hops;
    header->traffic_class = (uint8_t)(first % 16 * 16 + second / 16);
    header->dont_fragment = false;
    header->more_fragments = more_fragments;
    header->has_options = false;
}

/* header_set sets *header to what the chain found, whose fixed header stands at the front of in. */
/*@ requires \valid(header) && \valid_read(chain) && \separated(header, chain);
    requires holm_readable(in) && in.len >= 40;
    requires \separated(header, in.ptr + (0 .. in.len - 1));
    requires chain->at <= 176 && chain->next_at <= 255 && chain->next <= 255;
    requires 0 <= chain_extensions(chain) <= chain->payload_len <= 65535;
    requires chain->offset <= 65535;
    assigns *header;
    ensures header->payload_len == chain->payload_len - chain_extensions(chain);
    ensures header->header_len == chain->at;
    ensures header->protocol == chain->next && header->protocol_at == chain->next_at;
    ensures header->id == chain->id && header->offset == chain->offset;
    ensures header->more_fragments == \old(chain->more_fragments);
    ensures header->hops == \old(in.ptr[7]);
    ensures header->traffic_class == \old(in.ptr[0]) % 16 * 16 + \old(in.ptr[1]) / 16;
    ensures !header->dont_fragment && !header->has_options;
    ensures holm_ip_is(&header->source, in.ptr + ADDRESSES_AT, 16);
    ensures holm_ip_is(&header->destination, in.ptr + (ADDRESSES_AT + 16), 16); */
static void header_set(struct holm_ip_header *header, const struct chain *chain,
                       struct holm_bytes in)
{
    holm_ip_addresses_at(header, in, ADDRESSES_AT, ADDRESS_BYTES);
    numbers_set(header, chain, in);
    end_set(header, chain);
}

/* problem_set tells why a packet was refused. */
/*@ requires \valid(problem) && \valid_read(chain) && \separated(problem, chain);
    assigns problem->tells, problem->of_groups, problem->code, problem->pointer;
    ensures problem->tells == \old(chain->tells) && problem->of_groups == \old(chain->of_groups);
    ensures problem->pointer == chain->pointer; */
static void problem_set(struct holm_ipv6_problem *problem, const struct chain *chain)
{
    bool tells = chain->tells, of_groups = chain->of_groups;

    problem->tells = tells;
    problem->of_groups = of_groups;
    problem->code = (uint8_t)chain->code;
    problem->pointer = chain->pointer;
}

/*@ requires \valid(chain);
    assigns chain->base, chain->at, chain->next_at, chain->next, chain->payload_len, chain->id,
            chain->offset, chain->fragmented, chain->more_fragments, chain->tells,
            chain->of_groups, chain->code, chain->pointer;
    ensures chain->base == 0 && chain->id == 0 && chain->offset == 0 && !chain->more_fragments;
    ensures !chain->fragmented && !chain->tells; */
static void chain_start(struct chain *chain)
{
    chain->base = chain->at = chain->next_at = chain->next = 0;
    chain->payload_len = chain->id = chain->offset = 0;
    chain->fragmented = chain->more_fragments = false;
    chain->tells = chain->of_groups = false;
    chain->code = chain->pointer = 0;
}

/* packet_read reads all headers of a packet of which whole bytes are there. */
/*@ requires \valid(chain) && holm_readable(in);
    requires \separated(chain, in.ptr + (0 .. in.len - 1));
    assigns *chain;
    ensures holm_ipv6_answers(\result);
    ensures in.len < HOLM_IPV6_HEADER_BYTES ==> \result == HOLM_ERR_TRUNCATED;
    ensures \result == HOLM_OK ==> holm_ipv6_right(in, whole);
    ensures \result == HOLM_OK ==> chain_ok(chain, in) && chain_fragment_ok(chain);
    ensures \result == HOLM_OK ==> chain->base == 0;
    ensures \result == HOLM_OK ==> chain->payload_len == holm_u16_value(in.ptr + 4);
    ensures \result == HOLM_OK ==> chain->next_at < chain->at;
    ensures \result == HOLM_OK ==> chain->next == in.ptr[chain->next_at];
    ensures \result == HOLM_OK && holm_ipv6_extends(chain->next) ==>
              chain->offset > 0 || chain->more_fragments;
    ensures \result != HOLM_OK && chain->tells ==> chain->pointer < in.len; */
static enum holm_result packet_read(struct chain *chain, struct holm_bytes in, size_t whole)
{
    chain_start(chain);
    enum holm_result result = fixed_check(in, whole);
    if (result != HOLM_OK)
        return result;
    chain->payload_len = holm_ip_u16(in, PAYLOAD_LEN_AT);
    chain->at = HOLM_IPV6_HEADER_BYTES;
    chain->next_at = NEXT_AT;
    chain->next = holm_ip_u8(in, NEXT_AT);
    return chain_read(chain, in);
}

enum holm_result holm_ipv6_parse(struct holm_ip_header *header, struct holm_ipv6_problem *problem,
                                 struct holm_bytes in, size_t whole)
{
    struct chain chain;
    enum holm_result result = packet_read(&chain, in, whole);

    if (result == HOLM_OK)
        header_set(header, &chain, in);
    else
        problem_set(problem, &chain);
    return result;
}

enum holm_result holm_ipv6_rest_parse(struct holm_ip_header *header,
                                      struct holm_ipv6_problem *problem, struct holm_bytes in)
{
    const uint8_t next_at = header->protocol_at, next = header->protocol;
    const uint16_t payload_len = header->payload_len;
    struct chain chain = { .base = HOLM_IPV6_HEADER_BYTES,
                           .next_at = next_at,
                           .next = next,
                           .payload_len = payload_len,
                           .fragmented = true };

    enum holm_result result = HOLM_ERR_MALFORMED;
    if (chain.next != HOLM_IPV6_HOP_BY_HOP)
        result = chain_read(&chain, in);
    if (result == HOLM_OK)
        end_set(header, &chain);
    else
        problem_set(problem, &chain);
    return result;
}
