/* SPDX-License-Identifier: ISC */
/* text_address.c: addresses of all kinds as text. */
#include <holm/text.h>

#define GROUPS 8 /* of 16 bits in an IPv6 address */

/* done keeps what was written since before if all of it fitted, else takes it back. */
static bool done(struct holm_buffer *out, size_t before, bool fits)
{
    if (!fits)
        out->len = before;
    return fits;
}

/* v4_emit writes four bytes, in decimal with points between them. */
static bool v4_emit(struct holm_buffer *out, struct holm_bytes four)
{
    uint8_t byte;
    bool fits = true;
    while (fits && holm_bytes_u8(&four, &byte)) {
        fits = holm_text_u64_emit(out, byte);
        if (fits && four.len > 0)
            fits = holm_buffer_u8(out, '.');
    }
    return fits;
}

/* zeroes_find sets *first and *count to the longest run of groups that are 0, the first of those
 * that are as long; a single one does not count. RFC 5952 section 4.2. */
static void zeroes_find(struct holm_bytes address, unsigned *first, unsigned *count)
{
    unsigned run = 0;
    uint16_t group;
    *first = GROUPS;
    *count = 1;
    for (unsigned i = 0; i < GROUPS && holm_bytes_u16_at(address, i * 2, &group); i++) {
        run = group == 0 ? run + 1 : 0;
        if (run > *count) {
            *first = i + 1 - run;
            *count = run;
        }
    }
    if (*first == GROUPS)
        *count = 0;
}

/* v6_emit writes the first count groups of the address. */
static bool v6_emit(struct holm_buffer *out, struct holm_bytes address, unsigned count)
{
    unsigned first, zeroes;
    uint16_t group;
    bool fits = true;
    zeroes_find(address, &first, &zeroes);
    for (unsigned i = 0; fits && i < count && holm_bytes_u16_at(address, i * 2, &group); i++) {
        if (i == first)
            fits = holm_buffer_bytes(out, HOLM_TEXT("::"));
        if (i >= first && i < first + zeroes)
            continue;
        if (fits && i > 0 && i != first + zeroes)
            fits = holm_buffer_u8(out, ':');
        fits = fits && holm_text_hex_emit(out, group, 1);
    }
    return fits;
}

bool holm_text_ip_emit(struct holm_buffer *out, const struct holm_ip_address *address)
{
    static const struct holm_ip_prefix mapped = { { HOLM_IP_V6, { [10] = 0xff, [11] = 0xff } },
                                                  96 };
    struct holm_bytes all = holm_ip_bytes(address), last;
    size_t before = out->len;
    if (address->family == HOLM_IP_NONE)
        return holm_buffer_bytes(out, HOLM_TEXT("none"));
    if (address->family == HOLM_IP_V4)
        return done(out, before, v4_emit(out, all));
    /* RFC 5952 section 5: what is known to hold an IPv4 address shows it */
    if (holm_ip_prefix_has(&mapped, address) && holm_bytes_from(all, 12, &last))
        return done(out, before,
                    v6_emit(out, all, 6) && holm_buffer_u8(out, ':') && v4_emit(out, last));
    return done(out, before, v6_emit(out, all, GROUPS));
}

/* v4_parse reads four numbers with points between them, and appends them to out. */
static bool v4_parse(struct holm_buffer *out, struct holm_bytes in)
{
    for (int i = 0; i < 4; i++) {
        struct holm_bytes part;
        uint64_t value;
        size_t len = 0;
        uint8_t point;
        while (len < in.len && !holm_bytes_is(in, len, '.'))
            len++;
        if (!holm_bytes_take(&in, len, &part) || len > 3)
            return false;
        if (holm_text_u64_parse(&value, part) != HOLM_OK || value > 255)
            return false;
        if (!holm_buffer_u8(out, (uint8_t)value))
            return false;
        if (i < 3 && !holm_bytes_u8(&in, &point))
            return false;
    }
    return in.len == 0;
}

/* struct groups is what was read of an IPv6 address: those before "::" and those behind it. */
struct groups {
    uint8_t bytes[16];
    size_t len;
    size_t gap_at; /* where the zeroes belong; 17: there was no "::" */
};

/* hex_group reads one to four digits off *in. */
static bool hex_group(struct holm_bytes *in, uint16_t *group)
{
    struct holm_bytes digits;
    uint64_t value = 0;
    size_t len = 0;
    while (len < in->len && !holm_bytes_is(*in, len, ':'))
        len++;
    if (len > 4 || !holm_bytes_take(in, len, &digits))
        return false;
    if (holm_text_hex_parse(&value, digits) != HOLM_OK)
        return false;
    *group = (uint16_t)value;
    return true;
}

static bool has_point(struct holm_bytes in)
{
    for (size_t i = 0; i < in.len; i++) {
        if (holm_bytes_is(in, i, '.'))
            return true;
        if (holm_bytes_is(in, i, ':'))
            return false;
    }
    return false;
}

/* colons takes the colon before the next group, or the two of a gap, off *in. */
static bool colons(struct groups *groups, struct holm_bytes *in)
{
    uint8_t byte;
    bool first = groups->len == 0 && groups->gap_at > 16;
    if (holm_text_starts(*in, HOLM_TEXT("::"))) {
        if (groups->gap_at <= 16)
            return false;
        groups->gap_at = groups->len;
        return holm_bytes_from(*in, 2, in);
    }
    if (first || groups->gap_at == groups->len)
        return !holm_bytes_is(*in, 0, ':'); /* a group starts here */
    return holm_bytes_is(*in, 0, ':') && holm_bytes_u8(in, &byte) && in->len > 0;
}

/* groups_parse reads all of in. */
static bool groups_parse(struct groups *groups, struct holm_bytes in)
{
    struct holm_buffer out = HOLM_BUFFER(groups->bytes);
    uint16_t group;
    while (in.len > 0) {
        if (!colons(groups, &in))
            return false;
        if (in.len == 0)
            break; /* it ends with "::" */
        if (has_point(in)) {
            bool fits = v4_parse(&out, in);
            groups->len = out.len;
            return fits;
        }
        if (!hex_group(&in, &group) || !holm_buffer_u16(&out, group))
            return false;
        groups->len = out.len;
    }
    return true;
}

/* v6_parse reads an IPv6 address. RFC 4291 section 2.2: "::" stands for one group or more. */
static enum holm_result v6_parse(struct holm_ip_address *address, struct holm_bytes in)
{
    struct groups groups = { .gap_at = 17 };
    struct holm_ip_address made = { HOLM_IP_V6, { 0 } };
    size_t gap;
    if (!groups_parse(&groups, in))
        return HOLM_ERR_MALFORMED;
    gap = sizeof made.bytes - groups.len;
    if (groups.gap_at > 16 ? gap != 0 : gap < 2)
        return HOLM_ERR_MALFORMED;
    for (size_t i = 0; i < groups.len; i++)
        HOLM_AT(made.bytes, i < groups.gap_at ? i : i + gap) = HOLM_AT(groups.bytes, i);
    *address = made;
    return HOLM_OK;
}

enum holm_result holm_text_ip_parse(struct holm_ip_address *address, struct holm_bytes in)
{
    struct holm_ip_address made = { HOLM_IP_V4, { 0 } };
    struct holm_buffer out = { &made.bytes[0], 0, 4 };
    if (in.len > HOLM_TEXT_IP_MAX + 6) /* six groups in full and an IPv4 address: 45 */
        return HOLM_ERR_MALFORMED;
    if (!has_point(in))
        return v6_parse(address, in);
    if (!v4_parse(&out, in))
        return HOLM_ERR_MALFORMED;
    *address = made;
    return HOLM_OK;
}

bool holm_text_prefix_emit(struct holm_buffer *out, const struct holm_ip_prefix *prefix)
{
    size_t before = out->len;
    return done(out, before,
                holm_text_ip_emit(out, &prefix->address) && holm_buffer_u8(out, '/') &&
                    holm_text_u64_emit(out, prefix->length_bits));
}

/* cut_last splits in at its last mark: *head before it, *tail behind it. */
static bool cut_last(struct holm_bytes in, uint8_t mark, struct holm_bytes *head,
                     struct holm_bytes *tail)
{
    size_t at = in.len;
    while (at > 0 && !holm_bytes_is(in, at - 1, mark))
        at--;
    return at > 0 && holm_bytes_part(in, 0, at - 1, head) && holm_bytes_from(in, at, tail);
}

enum holm_result holm_text_prefix_parse(struct holm_ip_prefix *prefix, struct holm_bytes in)
{
    struct holm_ip_prefix made = { 0 };
    struct holm_bytes head, tail;
    uint64_t bits = 0;
    if (!cut_last(in, '/', &head, &tail) || holm_text_ip_parse(&made.address, head) != HOLM_OK ||
        holm_text_u64_parse(&bits, tail) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    if (bits > holm_ip_bytes(&made.address).len * 8)
        return HOLM_ERR_LIMIT;
    made.length_bits = (uint8_t)bits;
    if (!holm_ip_prefix_check(&made))
        return HOLM_ERR_INVALID;
    *prefix = made;
    return HOLM_OK;
}

bool holm_text_endpoint_emit(struct holm_buffer *out, const struct holm_endpoint *endpoint)
{
    size_t before = out->len;
    bool v6 = endpoint->address.family == HOLM_IP_V6;
    bool fits = (!v6 || holm_buffer_u8(out, '[')) && holm_text_ip_emit(out, &endpoint->address) &&
                (!v6 || holm_buffer_u8(out, ']')) && holm_buffer_u8(out, ':') &&
                holm_text_u64_emit(out, endpoint->port);
    return done(out, before, fits);
}

enum holm_result holm_text_endpoint_parse(struct holm_endpoint *endpoint, struct holm_bytes in)
{
    struct holm_endpoint made = { 0 };
    struct holm_bytes head, tail;
    uint64_t port = 0;
    bool brackets;
    if (!cut_last(in, ':', &head, &tail) || holm_text_u64_parse(&port, tail) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    brackets =
        head.len >= 2 && holm_bytes_is(head, 0, '[') && holm_bytes_is(head, head.len - 1, ']');
    if (brackets && !holm_bytes_part(head, 1, head.len - 2, &head))
        return HOLM_ERR_MALFORMED;
    if (holm_text_ip_parse(&made.address, head) != HOLM_OK ||
        brackets != (made.address.family == HOLM_IP_V6))
        return HOLM_ERR_MALFORMED;
    if (port > UINT16_MAX)
        return HOLM_ERR_LIMIT;
    made.port = (uint16_t)port;
    *endpoint = made;
    return HOLM_OK;
}

bool holm_text_mac_emit(struct holm_buffer *out, const struct holm_mac_address *mac)
{
    size_t before = out->len;
    bool fits = true;
    for (size_t i = 0; fits && i < HOLM_COUNT(mac->bytes); i++)
        fits = (i == 0 || holm_buffer_u8(out, ':')) &&
               holm_text_hex_emit(out, HOLM_AT(mac->bytes, i), 2);
    return done(out, before, fits);
}

enum holm_result holm_text_mac_parse(struct holm_mac_address *mac, struct holm_bytes in)
{
    struct holm_mac_address made = { { 0 } };
    for (size_t i = 0; i < HOLM_COUNT(made.bytes); i++) {
        struct holm_bytes digits;
        uint64_t value = 0;
        uint8_t colon;
        if (i > 0 && (!holm_bytes_u8(&in, &colon) || colon != ':'))
            return HOLM_ERR_MALFORMED;
        if (!holm_bytes_take(&in, 2, &digits) || holm_text_hex_parse(&value, digits) != HOLM_OK)
            return HOLM_ERR_MALFORMED;
        HOLM_AT(made.bytes, i) = (uint8_t)value;
    }
    if (in.len != 0)
        return HOLM_ERR_MALFORMED;
    *mac = made;
    return HOLM_OK;
}
