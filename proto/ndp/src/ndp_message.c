/* SPDX-License-Identifier: ISC */
/* ndp_message.c: messages of neighbour discovery. All of a message is looked at before anything of it is
 * kept: what was refused has changed nothing, and nothing has to be copied. */
#include <holm/ip_field.h>
#include <holm/ndp/message.h>

enum kind {
    KIND_SOURCE_MAC = 1,
    KIND_TARGET_MAC = 2,
    KIND_PREFIX = 3,
    KIND_MTU = 5,
    KIND_NONCE = 14,
    KIND_SERVERS = 25,
};

/* An option begins with its kind and its length in words of eight bytes. A prefix takes four of them, a
 * name server two behind the first. */
enum { WORD_BYTES = 8, BODY_AT = 2, SIX_BYTES = 6, PREFIX_WORDS = 4, SERVER_BYTES = 16 };

/* Flags of a prefix, and of the first four bytes of messages. */
#define PREFIX_ON_LINK 0x80U
#define PREFIX_AUTONOMOUS 0x40U
#define ROUTER_HOPS 0x1000000U
#define ROUTER_MANAGED 0x800000U
#define ROUTER_OTHER 0x400000U
#define ROUTER_PREFERENCE 0x80000U
#define NEIGHBOUR_ROUTER 0x80000000U
#define NEIGHBOUR_SOLICITED 0x40000000U
#define NEIGHBOUR_OVERRIDE 0x20000000U

/*@ requires holm_readable(in) && at + 4 <= in.len;
    assigns \nothing;
    ensures \result == holm_u32_value(in.ptr + at); */
static uint32_t u32_at(struct holm_bytes in, size_t at)
{
    return holm_ip_u16(in, at) * UINT32_C(65536) + holm_ip_u16(in, at + 2);
}

/* six_set copies the six bytes behind the head of an option. */
/*@ requires \valid(six + (0 .. 5)) && holm_readable(in) && at + 8 <= in.len;
    requires \separated(six + (0 .. 5), in.ptr + (0 .. in.len - 1));
    assigns six[0 .. 5];
    ensures holm_ndp_six(six, in.ptr, at); */
static void six_set(uint8_t *six, struct holm_bytes in, size_t at)
{
    struct holm_buffer out = { six, 0, SIX_BYTES };
    struct holm_bytes part;

    holm_assert(holm_bytes_part(in, at + BODY_AT, SIX_BYTES, &part));
    holm_assert(holm_buffer_bytes(&out, part));
}

/* byte_masked is the byte at index of an address, without the bits behind its first length_bits. */
/*@ requires index < 16;
    assigns \nothing;
    ensures \result == holm_ndp_masked(byte, length_bits, index); */
static uint8_t byte_masked(uint8_t byte, uint8_t length_bits, size_t index)
{
    size_t kept = length_bits > index * 8 ? length_bits - index * 8 : 0;

    if (kept > 8)
        kept = 8;
    /*@ assert kept == holm_ip_kept(length_bits, index); */
    return (uint8_t)(byte & 0xff00U >> kept);
}

/* prefix_mask clears the bits behind the prefix: a receiver ignores them (RFC 4861 section 4.6.2). */
/*@ requires \valid(prefix);
    assigns prefix->address.bytes[0 .. 15];
    ensures \forall integer k; 0 <= k < 16 ==> prefix->address.bytes[k] ==
              holm_ndp_masked(\old(prefix->address.bytes[k]), prefix->length_bits, k); */
static void prefix_mask(struct holm_ip_prefix *prefix)
{
    /*@ loop invariant i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==> prefix->address.bytes[k] ==
          holm_ndp_masked(\at(prefix->address.bytes[k],Pre), prefix->length_bits, k);
        loop invariant \forall integer k; i <= k < 16 ==>
          prefix->address.bytes[k] == \at(prefix->address.bytes[k],Pre);
        loop assigns i, prefix->address.bytes[0 .. 15];
        loop variant 16 - i; */
    for (size_t i = 0; i < 16; i++)
        HOLM_AT(prefix->address.bytes, i) =
            byte_masked(HOLM_AT(prefix->address.bytes, i), prefix->length_bits, i);
}

/* prefix_set sets what the option at says of a prefix. */
/*@ requires \valid(prefix) && holm_readable(in) && at + 32 <= in.len;
    requires \separated(prefix, in.ptr + (0 .. in.len - 1));
    assigns prefix->valid_s, prefix->preferred_s, prefix->on_link, prefix->autonomous,
            prefix->prefix.length_bits, prefix->prefix.address;
    ensures prefix->prefix.length_bits == \old(in.ptr[at + 2]);
    ensures prefix->prefix.address.family == HOLM_IP_V6;
    ensures holm_ndp_prefix_bytes{Old,Here}(prefix, in.ptr, at);
    ensures prefix->valid_s == \old(holm_u32_value(in.ptr + (at + 4)));
    ensures prefix->preferred_s == \old(holm_u32_value(in.ptr + (at + 8)));
    ensures prefix->on_link <==> \old(in.ptr[at + 3]) / 128 % 2 == 1;
    ensures prefix->autonomous <==> \old(in.ptr[at + 3]) / 64 % 2 == 1; */
static void prefix_set(struct holm_ndp_prefix *prefix, struct holm_bytes in, size_t at)
{
    uint8_t length_bits = holm_ip_u8(in, at + 2), flags = holm_ip_u8(in, at + 3);

    prefix->valid_s = u32_at(in, at + 4);
    prefix->preferred_s = u32_at(in, at + 8);
    prefix->on_link = flags / PREFIX_ON_LINK % 2 == 1;
    prefix->autonomous = flags / PREFIX_AUTONOMOUS % 2 == 1;
    prefix->prefix.length_bits = length_bits;
    holm_ip_address_at(&prefix->prefix.address, in, at + 16, 16);
    /*@ assert \forall integer k; 0 <= k < 16 ==>
          prefix->prefix.address.bytes[k] == in.ptr[at + 16 + k]; */
    /*@ assert \forall integer k; 0 <= k < in.len ==> in.ptr[k] == \at(in.ptr[k],Pre); */
    prefix_mask(&prefix->prefix);
}

/* prefix_take keeps a prefix if there is room for one more. */
/*@ requires \valid(options) && holm_readable(in) && at + 32 <= in.len;
    requires \separated(options, in.ptr + (0 .. in.len - 1));
    requires options->prefixes_count <= HOLM_NDP_PREFIXES_MAX;
    assigns options->prefixes[0 .. HOLM_NDP_PREFIXES_MAX - 1], options->prefixes_count;
    ensures options->prefixes_count ==
              \min(HOLM_NDP_PREFIXES_MAX, \old(options->prefixes_count) + 1);
    ensures \old(options->prefixes_count) < HOLM_NDP_PREFIXES_MAX ==>
              holm_ndp_prefix_is{Old,Here}(&options->prefixes[\old(options->prefixes_count)],
                                           in.ptr, at); */
static void prefix_take(struct holm_ndp_options *options, struct holm_bytes in, size_t at)
{
    if (options->prefixes_count < HOLM_NDP_PREFIXES_MAX) {
        prefix_set(&HOLM_AT(options->prefixes, options->prefixes_count), in, at);
        options->prefixes_count += 1;
    }
}

/* servers_take keeps the name servers of an option that there is room for. */
/*@ requires \valid(options) && holm_readable(in) && at + 8 <= end <= in.len;
    requires \separated(options, in.ptr + (0 .. in.len - 1));
    requires holm_ndp_servers_ok(options) && (end - at) % 16 == 8;
    assigns options->servers[0 .. HOLM_NDP_SERVERS_MAX - 1],
            options->servers_s[0 .. HOLM_NDP_SERVERS_MAX - 1], options->servers_count;
    ensures holm_ndp_servers_ok(options);
    ensures options->servers_count == \min(HOLM_NDP_SERVERS_MAX,
              \old(options->servers_count) + (end - at) / 16); */
static void servers_take(struct holm_ndp_options *options, struct holm_bytes in, size_t at,
                         size_t end)
{
    uint32_t lifetime_s = u32_at(in, at + 4);
    size_t i = at + WORD_BYTES;

    /*@ loop invariant at + 8 <= i <= end;
        loop invariant holm_ndp_servers_ok(options);
        loop invariant i - (at + 8) ==
          16 * (options->servers_count - \at(options->servers_count,Pre));
        loop invariant (end - i) % 16 == 0;
        loop assigns i, options->servers[0 .. HOLM_NDP_SERVERS_MAX - 1],
          options->servers_s[0 .. HOLM_NDP_SERVERS_MAX - 1], options->servers_count;
        loop variant end - i; */
    while (i < end && options->servers_count < HOLM_NDP_SERVERS_MAX) {
        /*@ assert i + 16 <= end; */
        uint32_t index = options->servers_count;
        holm_ip_address_at(&HOLM_AT(options->servers, index), in, i, SERVER_BYTES);
        /*@ assert options->servers[index].family == HOLM_IP_V6; */
        /*@ assert \forall integer k; 0 <= k < index ==>
              options->servers[k].family == HOLM_IP_V6; */
        HOLM_AT(options->servers_s, index) = lifetime_s;
        options->servers_count += 1;
        i += SERVER_BYTES;
    }
}

/* option_fits answers whether an option has a length of its kind, and says what may be said: no group as
 * a station, no prefix longer than an address. Those that are not known fit. */
/*@ requires holm_readable(in) && at < in.len && 8 <= in.ptr[at + 1] * 8 <= in.len - at;
    assigns \nothing;
    ensures \result <==> holm_ndp_fits(in.ptr, at, in.len); */
static bool option_fits(struct holm_bytes in, size_t at)
{
    uint8_t kind = holm_ip_u8(in, at), words = holm_ip_u8(in, at + 1);
    uint8_t first = holm_ip_u8(in, at + BODY_AT);

    if (kind == KIND_SOURCE_MAC || kind == KIND_TARGET_MAC)
        return words == 1 && first % 2 == 0;
    if (kind == KIND_PREFIX)
        return words == PREFIX_WORDS && first <= 128;
    if (kind == KIND_MTU)
        return words == 1;
    return kind != KIND_SERVERS || (words >= 3 && words % 2 == 1);
}

/* option_take keeps what an option says that fits. */
/*@ requires \valid(options) && holm_readable(in) && at < in.len;
    requires \separated(options, in.ptr + (0 .. in.len - 1));
    requires holm_ndp_fits(in.ptr, at, in.len);
    requires options->prefixes_count <= HOLM_NDP_PREFIXES_MAX && holm_ndp_servers_ok(options);
    assigns *options;
    ensures options->prefixes_count <= HOLM_NDP_PREFIXES_MAX;
    ensures holm_ndp_servers_ok(options);
    ensures \old(in.ptr[at]) == KIND_SOURCE_MAC ==> options->has_source_mac &&
              holm_ndp_six(&options->source_mac.bytes[0], in.ptr, at);
    ensures \old(in.ptr[at]) == KIND_TARGET_MAC ==> options->has_target_mac &&
              holm_ndp_six(&options->target_mac.bytes[0], in.ptr, at);
    ensures \old(in.ptr[at]) == KIND_MTU ==>
              options->mtu == \old(holm_u32_value(in.ptr + (at + 4)));
    ensures \old(in.ptr[at]) == KIND_PREFIX &&
            \old(options->prefixes_count) < HOLM_NDP_PREFIXES_MAX ==>
              holm_ndp_prefix_is{Old,Here}(&options->prefixes[\old(options->prefixes_count)],
                                           in.ptr, at); */
static void option_take(struct holm_ndp_options *options, struct holm_bytes in, size_t at)
{
    uint8_t kind = holm_ip_u8(in, at), words = holm_ip_u8(in, at + 1);

    switch (kind) {
    case KIND_SOURCE_MAC:
        six_set(options->source_mac.bytes, in, at);
        options->has_source_mac = true;
        break;
    case KIND_TARGET_MAC:
        six_set(options->target_mac.bytes, in, at);
        options->has_target_mac = true;
        break;
    case KIND_PREFIX:
        prefix_take(options, in, at);
        break;
    case KIND_MTU:
        options->mtu = u32_at(in, at + 4);
        break;
    case KIND_NONCE: /* longer ones are nobody's that we know */
        options->has_nonce = words == 1;
        if (options->has_nonce)
            six_set(options->nonce, in, at);
        break;
    case KIND_SERVERS:
        servers_take(options, in, at, at + words * (size_t)WORD_BYTES);
        break;
    default:
        break;
    }
}

/* length_check looks at the length of the option at. */
/*@ requires holm_readable(in) && at < in.len && \valid(words);
    requires \separated(words, in.ptr + (0 .. in.len - 1));
    assigns *words;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK <==>
              in.len - at >= 2 && 8 <= in.ptr[at + 1] * 8 <= in.len - at;
    ensures \result == HOLM_OK ==> *words == in.ptr[at + 1]; */
static enum holm_result length_check(struct holm_bytes in, size_t at, uint8_t *words)
{
    if (!holm_bytes_u8_at(in, at + 1, words))
        return HOLM_ERR_TRUNCATED;
    if (*words == 0)
        return HOLM_ERR_MALFORMED;
    return *words * (size_t)WORD_BYTES > in.len - at ? HOLM_ERR_TRUNCATED : HOLM_OK;
}

/* options_check answers whether all options may be taken. */
/*@ requires holm_readable(in);
    assigns \nothing;
    ensures holm_ndp_answers(\result);
    ensures \result == HOLM_OK ==> holm_ndp_chain(in.ptr, 0, in.len);
    ensures \result == HOLM_ERR_MALFORMED || \result == HOLM_ERR_TRUNCATED ==>
              !holm_ndp_chain(in.ptr, 0, in.len); */
static enum holm_result options_check(struct holm_bytes in)
{
    uint8_t words;
    size_t at = 0;

    /*@ loop invariant at <= in.len && count <= HOLM_NDP_OPTIONS_MAX;
        loop invariant holm_ndp_chain(in.ptr, 0, in.len) <==>
          holm_ndp_chain(in.ptr, at, in.len);
        loop assigns at, count, words;
        loop variant in.len - at; */
    for (uint32_t count = 0; at < in.len; count++) {
        enum holm_result result = length_check(in, at, &words);
        if (result != HOLM_OK)
            return result;
        if (count == HOLM_NDP_OPTIONS_MAX)
            return HOLM_ERR_LIMIT;
        if (!option_fits(in, at))
            return HOLM_ERR_MALFORMED;
        at += words * (size_t)WORD_BYTES;
    }
    return HOLM_OK;
}

/* options_set sets what options say, which were looked at. */
/*@ requires \valid(options) && holm_readable(in) && holm_ndp_chain(in.ptr, 0, in.len);
    requires \separated(options, in.ptr + (0 .. in.len - 1));
    assigns *options;
    ensures options->prefixes_count <= HOLM_NDP_PREFIXES_MAX;
    ensures holm_ndp_servers_ok(options); */
static void options_set(struct holm_ndp_options *options, struct holm_bytes in)
{
    size_t at = 0;

    *options = (struct holm_ndp_options){ 0 };
    options->prefixes_count = 0;
    options->servers_count = 0;
    /*@ assert \forall integer k; 0 <= k < in.len ==> in.ptr[k] == \at(in.ptr[k],Pre); */
    /*@ loop invariant at <= in.len;
        loop invariant holm_ndp_chain{Pre}(in.ptr, at, in.len);
        loop invariant options->prefixes_count <= HOLM_NDP_PREFIXES_MAX;
        loop invariant holm_ndp_servers_ok(options);
        loop invariant \forall integer k; 0 <= k < in.len ==> in.ptr[k] == \at(in.ptr[k],Pre);
        loop assigns at, *options;
        loop variant in.len - at; */
    while (at < in.len) {
        /*@ assert holm_ndp_fits{Pre}(in.ptr, at, in.len); */
        /*@ assert holm_ndp_fits(in.ptr, at, in.len); */
        size_t len = holm_ip_u8(in, at + 1) * (size_t)WORD_BYTES;
        /*@ assert len == \at(in.ptr[\at(at,Here) + 1],Pre) * 8; */
        /*@ assert holm_ndp_chain{Pre}(in.ptr, at + len, in.len); */
        option_take(options, in, at);
        at += len;
    }
}

enum holm_result holm_ndp_options_parse(struct holm_ndp_options *options, struct holm_bytes in)
{
    enum holm_result result = options_check(in);

    if (result == HOLM_OK)
        options_set(options, in);
    return result;
}

/* target_is_one answers whether the first 16 bytes are the address of a station. */
/*@ requires holm_readable(in) && in.len >= 16;
    assigns \nothing;
    ensures \result ==> \exists integer k; 0 <= k < 16 && in.ptr[k] != 0; */
static bool target_is_one(struct holm_bytes in)
{
    struct holm_ip_address target;

    holm_ip_address_at(&target, in, 0, 16);
    return !holm_ip_is_multicast(&target) && !holm_ip_is_any(&target);
}

/* head_check looks at what stands before the options, head bytes of it. */
/*@ requires \valid_read(icmp) && holm_readable(in) && \valid(head);
    requires \separated(head, icmp, in.ptr + (0 .. in.len - 1));
    assigns *head;
    ensures \result \in { HOLM_OK, HOLM_ERR_UNSUPPORTED, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_ERR_UNSUPPORTED <==> holm_ndp_head(icmp->type) == 0;
    ensures \result == HOLM_ERR_TRUNCATED <==> in.len < holm_ndp_head(icmp->type);
    ensures \result == HOLM_OK ==> *head == holm_ndp_head(icmp->type);
    ensures \result == HOLM_OK ==> icmp->code == 0 && *head <= in.len;
    ensures \result == HOLM_OK && *head == 16 ==>
              \exists integer k; 0 <= k < 16 && in.ptr[k] != 0; */
static enum holm_result head_check(const struct holm_icmp6 *icmp, struct holm_bytes in,
                                   size_t *head)
{
    bool router = icmp->type == HOLM_ICMP6_ROUTER_ADVERTISEMENT;

    if (!router && icmp->type != HOLM_ICMP6_NEIGHBOUR_SOLICITATION &&
        icmp->type != HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT)
        return HOLM_ERR_UNSUPPORTED;
    *head = router ? 8 : 16;
    if (in.len < *head)
        return HOLM_ERR_TRUNCATED;
    if (!router && !target_is_one(in))
        return HOLM_ERR_MALFORMED;
    return icmp->code == 0 ? HOLM_OK : HOLM_ERR_MALFORMED;
}

/* router_set sets what a router says of itself: RFC 4861 section 4.2, RFC 4191 section 2.2. */
/*@ requires \valid(message);
    assigns message->hops, message->managed, message->other, message->preference,
            message->lifetime_s;
    ensures holm_ndp_router_is(message, value); */
static void router_set(struct holm_ndp_message *message, uint32_t value)
{
    uint32_t preference = value / ROUTER_PREFERENCE % 4;

    message->hops = (uint8_t)(value / ROUTER_HOPS);
    message->managed = value / ROUTER_MANAGED % 2 == 1;
    message->other = value / ROUTER_OTHER % 2 == 1;
    if (preference == 1)
        message->preference = 1;
    else
        message->preference = preference == 3 ? -1 : 0;
    message->lifetime_s = (uint16_t)(value % 65536);
}

/* neighbour_set sets the flags of a neighbour's advertisement. */
/*@ requires \valid(message);
    assigns message->from_router, message->solicited, message->override;
    ensures holm_ndp_neighbour_is(message, value); */
static void neighbour_set(struct holm_ndp_message *message, uint32_t value)
{
    message->from_router = value / NEIGHBOUR_ROUTER % 2 == 1;
    message->solicited = value / NEIGHBOUR_SOLICITED % 2 == 1;
    message->override = value / NEIGHBOUR_OVERRIDE % 2 == 1;
}

/* message_set sets all but the options, from the header's value and what stands before the options. */
/*@ requires \valid(message) && holm_readable(in) && in.len >= holm_ndp_head(type) > 0;
    requires \separated(message, in.ptr + (0 .. in.len - 1));
    assigns message->target, message->from_router, message->solicited, message->override,
            message->hops, message->managed, message->other, message->preference,
            message->lifetime_s;
    ensures type == HOLM_ICMP6_ROUTER_ADVERTISEMENT ==> holm_ndp_router_is(message, value);
    ensures type == HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT ==> holm_ndp_neighbour_is(message, value);
    ensures type != HOLM_ICMP6_ROUTER_ADVERTISEMENT ==> holm_ip_is(&message->target, in.ptr, 16); */
static void message_set(struct holm_ndp_message *message, uint8_t type, uint32_t value,
                        struct holm_bytes in)
{
    bool router = type == HOLM_ICMP6_ROUTER_ADVERTISEMENT;
    bool answer = type == HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT;

    router_set(message, router ? value : 0);
    neighbour_set(message, answer ? value : 0);
    if (router)
        message->target = (struct holm_ip_address){ 0 };
    else
        holm_ip_address_at(&message->target, in, 0, 16);
}

enum holm_result holm_ndp_message_parse(struct holm_ndp_message *message,
                                        const struct holm_icmp6 *icmp, struct holm_bytes in)
{
    uint8_t type = icmp->type;
    uint32_t value = icmp->value;
    struct holm_bytes options;
    size_t head;

    enum holm_result result = head_check(icmp, in, &head);
    if (result != HOLM_OK)
        return result;
    holm_assert(holm_bytes_from(in, head, &options));
    result = options_check(options);
    if (result != HOLM_OK)
        return result;
    options_set(&message->options, options);
    message_set(message, type, value, in);
    return HOLM_OK;
}

bool holm_ndp_option_emit(struct holm_buffer *out, enum holm_ndp_option kind, struct holm_bytes six)
{
    size_t before = out->len;

    if (six.len == SIX_BYTES && holm_buffer_u8(out, (uint8_t)kind) && holm_buffer_u8(out, 1) &&
        holm_buffer_bytes(out, six))
        return true;
    out->len = before;
    return false;
}

bool holm_ndp_target_emit(struct holm_buffer *out, const struct holm_ip_address *target)
{
    return target->family == HOLM_IP_V6 && holm_buffer_bytes(out, holm_ip_bytes(target));
}

struct holm_ip_address holm_ndp_group_of(const struct holm_ip_address *address)
{
    return (struct holm_ip_address){
        HOLM_IP_V6,
        { 0xff, 0x02, [11] = 0x01, [12] = 0xff, [13] = HOLM_AT(address->bytes, 13),
          [14] = HOLM_AT(address->bytes, 14), [15] = HOLM_AT(address->bytes, 15) }
    };
}
