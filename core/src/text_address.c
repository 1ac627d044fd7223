/* SPDX-License-Identifier: ISC */
/* text_address.c: addresses of all kinds as text. */
#include <holm/class.h>
#include <holm/text.h>

#define GROUPS 8 /* of 16 bits in an IPv6 address */

/* done keeps what was written since before if all of it fitted, else takes it back. */
/*@ requires holm_writable(out) && before <= out->len;
    assigns out->len;
    ensures \result == fits && out->len == (fits ? \old(out->len) : before); */
static bool done(struct holm_buffer *out, size_t before, bool fits)
{
    if (!fits)
        out->len = before;
    return fits;
}

/* v4_emit writes four bytes, in decimal with points between them. */
/*@ requires holm_writable(out) && holm_readable(four) && four.len == 4;
    requires \separated(out, four.ptr + (0 .. four.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), four.ptr + (0 .. four.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures holm_address_text(out->ptr, \old(out->len), out->len);
    ensures \result ==> out->len > \old(out->len); */
static bool v4_emit(struct holm_buffer *out, struct holm_bytes four)
{
    uint8_t byte;
    bool fits = true;
    /*@ loop invariant i <= four.len && holm_writable(out) && out->len >= \at(out->len,Pre);
        loop invariant holm_address_text(out->ptr, \at(out->len,Pre), out->len);
        loop invariant fits && i > 0 ==> out->len > \at(out->len,Pre);
        loop assigns i, byte, fits, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant four.len - i; */
    for (size_t i = 0; fits && holm_bytes_u8_at(four, i, &byte); i++) {
        fits = i == 0 || holm_buffer_u8(out, '.');
        fits = fits && holm_text_u64_emit(out, byte);
    }
    return fits;
}

/* zeroes_find sets *first and *count to the longest run of groups that are 0, the first of those
 * that are as long; a single one does not count. RFC 5952 section 4.2. */
/*@ requires holm_readable(address) && address.len == 16 && \valid(first) && \valid(count);
    requires \separated(first, count, address.ptr + (0 .. address.len - 1));
    assigns *first, *count;
    ensures *count == 0 ? *first == GROUPS : *count >= 2 && *first + *count <= GROUPS;
    ensures \forall integer k; *first <= k < *first + *count ==>
              address.ptr[k * 2] == 0 && address.ptr[k * 2 + 1] == 0; */
static void zeroes_find(struct holm_bytes address, unsigned *first, unsigned *count)
{
    unsigned run = 0;
    uint16_t group;
    *first = GROUPS;
    *count = 1;
    /*@ loop invariant 0 <= i <= GROUPS && 0 <= run <= i && run <= *count && 1 <= *count;
        loop invariant *first == GROUPS ? *count == 1 : *count >= 2 && *first + *count <= i;
        loop invariant \forall integer k; i - run <= k < i ==>
                         address.ptr[k * 2] == 0 && address.ptr[k * 2 + 1] == 0;
        loop invariant *first < GROUPS ==> \forall integer k; *first <= k < *first + *count ==>
                         address.ptr[k * 2] == 0 && address.ptr[k * 2 + 1] == 0;
        loop assigns i, run, group, *first, *count;
        loop variant GROUPS - i; */
    for (unsigned i = 0; i < GROUPS; i++) {
        holm_assert(holm_bytes_u16_at(address, (size_t)i * 2, &group));
        run = group == 0 ? run + 1 : 0;
        if (run > *count) {
            *first = i + 1 - run;
            *count = run;
        }
    }
    if (*first == GROUPS)
        *count = 0;
}

/* group_emit writes group i with the colons before it; of those that are 0 and left out, only the
 * colons of the first. */
/*@ requires holm_writable(out) && holm_readable(address) && address.len == 16 && i < GROUPS;
    requires first <= GROUPS && zeroes <= GROUPS;
    requires \separated(out, address.ptr + (0 .. address.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), address.ptr + (0 .. address.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures holm_address_text(out->ptr, \old(out->len), out->len);
    ensures \result && i == 0 ==> out->len > \old(out->len); */
static bool group_emit(struct holm_buffer *out, struct holm_bytes address, unsigned i,
                       unsigned first, unsigned zeroes)
{
    uint16_t group;
    /* NOLINTNEXTLINE(misc-redundant-expression): two colons are written */
    if (i == first && (!holm_buffer_u8(out, ':') || !holm_buffer_u8(out, ':')))
        return false;
    if (i >= first && i < first + zeroes)
        return true;
    if (i > 0 && i != first + zeroes && !holm_buffer_u8(out, ':'))
        return false;
    holm_assert(holm_bytes_u16_at(address, (size_t)i * 2, &group));
    return holm_text_hex_emit(out, group, 1);
}

/* v6_emit writes the first count groups of the address. */
/*@ requires holm_writable(out) && holm_readable(address) && address.len == 16;
    requires 1 <= count <= GROUPS;
    requires \separated(out, address.ptr + (0 .. address.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), address.ptr + (0 .. address.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures holm_address_text(out->ptr, \old(out->len), out->len);
    ensures \result ==> out->len > \old(out->len); */
static bool v6_emit(struct holm_buffer *out, struct holm_bytes address, unsigned count)
{
    unsigned first, zeroes;
    bool fits = true;
    zeroes_find(address, &first, &zeroes);
    /*@ loop invariant 0 <= i <= count && holm_writable(out) && out->len >= \at(out->len,Pre);
        loop invariant holm_address_text(out->ptr, \at(out->len,Pre), out->len);
        loop invariant fits && i > 0 ==> out->len > \at(out->len,Pre);
        loop assigns i, fits, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant count - i; */
    for (unsigned i = 0; fits && i < count; i++)
        fits = group_emit(out, address, i, first, zeroes);
    return fits;
}

bool holm_text_ip_emit(struct holm_buffer *out, const struct holm_ip_address *address)
{
    struct holm_ip_address v4 = holm_ip_unmap(address);
    size_t before = out->len;
    if (address->family == HOLM_IP_NONE)
        return holm_buffer_bytes(out, HOLM_TEXT("none"));
    if (address->family == HOLM_IP_V4)
        return done(out, before, v4_emit(out, holm_ip_bytes(address)));
    /* RFC 5952 section 5: what is known to hold an IPv4 address shows it */
    if (v4.family == HOLM_IP_V4)
        return done(out, before,
                    v6_emit(out, holm_ip_bytes(address), 6) && holm_buffer_u8(out, ':') &&
                        v4_emit(out, holm_ip_bytes(&v4)));
    return done(out, before, v6_emit(out, holm_ip_bytes(address), GROUPS));
}

/* octet_parse reads the number at at, and sets *end to the point behind it, or to the end. */
/*@ requires holm_readable(in) && at <= in.len && \valid(end) && \valid(value);
    requires \separated(end, value, in.ptr + (0 .. in.len - 1));
    assigns *end, *value;
    ensures at <= *end <= in.len && (*end < in.len ==> in.ptr[*end] == '.');
    ensures \forall integer k; at <= k < *end ==> in.ptr[k] != '.';
    ensures \result ==> holm_address_text(in.ptr, at, *end);
    ensures \result ==> 1 <= *end - at <= 3 && *value == holm_octet(in.ptr + at, *end - at); */
static bool octet_parse(struct holm_bytes in, size_t at, size_t *end, uint8_t *value)
{
    struct holm_bytes part;
    uint64_t number = 0;
    *end = holm_bytes_find(in, at, '.');
    if (*end - at > 3)
        return false;
    holm_assert(holm_bytes_part(in, at, *end - at, &part));
    if (holm_text_u64_parse(&number, part) != HOLM_OK || number > 255)
        return false;
    /*@ assert \forall integer k; at <= k < *end ==> holm_digit(part.ptr[k - at]) < 10; */
    /*@ assert number == holm_octet(part.ptr, part.len); */
    *value = (uint8_t)number;
    return true;
}

/* v4_parse reads four numbers with points between them, all that stands from at on, and appends
 * them to out. */
/*@ requires holm_writable(out) && holm_readable(in) && at <= in.len;
    requires \separated(out, in.ptr + (0 .. in.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), in.ptr + (0 .. in.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len == \old(out->len) + 4 && holm_address_text(in.ptr, at, in.len);
    ensures \result ==> \forall integer a; holm_first_point{Old}(in.ptr, at, in.len, a) ==>
              out->ptr[\old(out->len)] == holm_octet{Old}(in.ptr + at, a - at); */
static bool v4_parse(struct holm_buffer *out, struct holm_bytes in, size_t at)
{
    size_t end;
    uint8_t value;
    /*@ loop invariant 0 <= i <= 4 && \at(at,Pre) <= at <= in.len && holm_writable(out);
        loop invariant i == 0 ==> at == \at(at,Pre);
        loop invariant out->len == \at(out->len,Pre) + i;
        loop invariant holm_address_text(in.ptr, \at(at,Pre), at);
        loop invariant i >= 1 ==> \forall integer a;
                         holm_first_point{Pre}(in.ptr, \at(at,Pre), in.len, a) ==>
                         out->ptr[\at(out->len,Pre)] ==
                           holm_octet{Pre}(in.ptr + \at(at,Pre), a - \at(at,Pre));
        loop assigns i, at, end, value, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant 4 - i; */
    for (int i = 0; i < 4; i++) {
        if (!octet_parse(in, at, &end, &value) || !holm_buffer_u8(out, value))
            return false;
        if (i < 3 && end == in.len)
            return false;
        at = i < 3 ? end + 1 : end;
    }
    return at == in.len;
}

/* struct groups is what was read of an IPv6 address: those before "::" and those behind it. */
struct groups {
    uint8_t bytes[16];
    size_t len;
    size_t gap_at; /* where the zeroes belong; 17: there was no "::" */
};

/* hex_group reads one to four digits from *at on. */
/*@ requires holm_readable(in) && \valid(at) && \valid(group) && *at <= in.len;
    requires \separated(at, group, in.ptr + (0 .. in.len - 1));
    assigns *at, *group;
    ensures \result ==> \old(*at) < *at <= \old(*at) + 4 && *at <= in.len &&
              holm_address_text(in.ptr, \old(*at), *at) &&
              *group == holm_number(in.ptr + \old(*at), *at - \old(*at), 16);
    ensures !\result ==> *at == \old(*at) && *group == \old(*group); */
static bool hex_group(struct holm_bytes in, size_t *at, uint16_t *group)
{
    struct holm_bytes digits;
    uint64_t value = 0;
    size_t end = holm_bytes_find(in, *at, ':');
    if (end - *at > 4)
        return false;
    holm_assert(holm_bytes_part(in, *at, end - *at, &digits));
    if (holm_text_hex_parse(&value, digits) != HOLM_OK)
        return false;
    /*@ assert \forall integer k; *at <= k < end ==> holm_digit(digits.ptr[k - *at]) < 16; */
    *group = (uint16_t)value;
    *at = end;
    return true;
}

/* has_point answers whether a point stands before the next colon from at on. */
/*@ requires holm_readable(in) && at <= in.len;
    assigns \nothing;
    ensures \result <==> \exists integer k; at <= k < in.len && in.ptr[k] == '.' &&
              \forall integer j; at <= j < k ==> in.ptr[j] != '.' && in.ptr[j] != ':'; */
static bool has_point(struct holm_bytes in, size_t at)
{
    /*@ loop invariant at <= i <= in.len;
        loop invariant \forall integer k; at <= k < i ==> in.ptr[k] != '.' && in.ptr[k] != ':';
        loop assigns i;
        loop variant in.len - i; */
    for (size_t i = at; i < in.len; i++) {
        if (holm_bytes_is(in, i, '.'))
            return true;
        if (holm_bytes_is(in, i, ':'))
            return false;
    }
    return false;
}

/* colons takes the colon before the next group, or the two of a gap, at *at. */
/*@ requires \valid(groups) && \valid(at) && holm_readable(in) && *at <= in.len;
    requires \separated(groups, at, in.ptr + (0 .. in.len - 1));
    requires groups->len <= 16 && (groups->gap_at <= groups->len || groups->gap_at == 17);
    assigns groups->gap_at, *at;
    ensures \old(*at) <= *at <= in.len;
    ensures \result ==> \forall integer k; \old(*at) <= k < *at ==> in.ptr[k] == ':';
    ensures groups->gap_at == \old(groups->gap_at) ||
            (\old(groups->gap_at) == 17 && groups->gap_at == groups->len); */
static bool colons(struct groups *groups, struct holm_bytes in, size_t *at)
{
    bool first = groups->len == 0 && groups->gap_at > 16;
    if (!holm_bytes_is(in, *at, ':'))
        return first || groups->gap_at == groups->len; /* a group starts here */
    if (holm_bytes_is(in, *at + 1, ':')) {
        if (groups->gap_at <= 16)
            return false;
        groups->gap_at = groups->len;
        *at += 2;
        return true;
    }
    *at += 1;
    return !first && groups->gap_at != groups->len && *at < in.len;
}

/* groups_parse reads all of in. */
/*@ requires \valid(groups) && holm_readable(in) && groups->len == 0 && groups->gap_at == 17;
    requires \separated(groups, in.ptr + (0 .. in.len - 1));
    assigns *groups;
    ensures groups->len <= 16;
    ensures groups->gap_at <= groups->len || groups->gap_at == 17;
    ensures \result ==> holm_address_text(in.ptr, 0, in.len); */
static bool groups_parse(struct groups *groups, struct holm_bytes in)
{
    struct holm_buffer out = HOLM_BUFFER(groups->bytes);
    uint16_t group;
    size_t at = 0;
    bool fits;
    /*@ loop invariant at <= in.len && out.ptr == &groups->bytes[0] && out.size == 16;
        loop invariant out.len == groups->len && groups->len <= 16;
        loop invariant groups->gap_at <= groups->len || groups->gap_at == 17;
        loop invariant holm_address_text(in.ptr, 0, at);
        loop assigns at, group, fits, out, *groups;
        loop variant in.len - at; */
    while (at < in.len) {
        if (!colons(groups, in, &at))
            return false;
        /*@ assert holm_address_text(in.ptr, 0, at); */
        if (at == in.len)
            break; /* it ends with "::" */
        if (has_point(in, at)) {
            fits = v4_parse(&out, in, at);
            /*@ assert holm_address_text(in.ptr, 0, at); */
            groups->len = out.len;
            return fits;
        }
        if (!hex_group(in, &at, &group) || !holm_buffer_u16(&out, group))
            return false;
        groups->len = out.len;
    }
    return true;
}

/* v6_parse reads an IPv6 address. RFC 4291 section 2.2: "::" stands for one group or more. */
/*@ requires \valid(address) && holm_readable(in);
    requires \separated(address, in.ptr + (0 .. in.len - 1));
    assigns *address;
    ensures \result == HOLM_OK || \result == HOLM_ERR_MALFORMED;
    ensures \result == HOLM_OK ==> address->family == HOLM_IP_V6 &&
              holm_address_text(in.ptr, 0, in.len);
    ensures \result != HOLM_OK ==> *address == \old(*address); */
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
    /*@ loop invariant 0 <= i <= groups.len && made.family == HOLM_IP_V6;
        loop assigns i, made;
        loop variant groups.len - i; */
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
    if (!has_point(in, 0))
        return v6_parse(address, in);
    if (!v4_parse(&out, in, 0))
        return HOLM_ERR_MALFORMED;
    /*@ ghost struct holm_ip_address copy = made; */
    /*@ assert \forall integer k; 0 <= k < 16 ==> copy.bytes[k] == made.bytes[k]; */
    *address = made;
    /*@ assert \forall integer k; 0 <= k < 16 ==> address->bytes[k] == copy.bytes[k]; */
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
/*@ requires holm_readable(in) && \valid(head) && \valid(tail);
    requires \separated(head, tail, in.ptr + (0 .. in.len - 1));
    assigns *head, *tail;
    ensures \result <==> \exists integer k; 0 <= k < in.len && in.ptr[k] == mark;
    ensures \result ==> in.ptr[head->len] == mark && holm_is_part(*head, in, 0, head->len) &&
              head->len < in.len && holm_is_part(*tail, in, head->len + 1, in.len - head->len - 1);
    ensures \result ==> \forall integer k; head->len < k < in.len ==> in.ptr[k] != mark; */
static bool cut_last(struct holm_bytes in, uint8_t mark, struct holm_bytes *head,
                     struct holm_bytes *tail)
{
    size_t at = in.len;
    /*@ loop invariant 0 <= at <= in.len;
        loop invariant \forall integer k; at <= k < in.len ==> in.ptr[k] != mark;
        loop assigns at;
        loop variant at; */
    while (at > 0 && !holm_bytes_is(in, at - 1, mark))
        at--;
    if (at == 0)
        return false;
    holm_assert(holm_bytes_part(in, 0, at - 1, head));
    holm_assert(holm_bytes_from(in, at, tail));
    return true;
}

enum holm_result holm_text_prefix_parse(struct holm_ip_prefix *prefix, struct holm_bytes in)
{
    struct holm_ip_prefix made = { 0 };
    struct holm_bytes head, tail;
    uint64_t bits = 0;
    if (!cut_last(in, '/', &head, &tail) || holm_text_u64_parse(&bits, tail) != HOLM_OK ||
        holm_text_ip_parse(&made.address, head) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    /*@ assert holm_last{Pre}(in.ptr, in.len, '/', head.len); */
    /*@ assert bits == holm_number{Pre}(in.ptr + (head.len + 1), in.len - head.len - 1, 10); */
    if (bits > holm_ip_bytes(&made.address).len * 8)
        return HOLM_ERR_LIMIT;
    made.length_bits = (uint8_t)bits;
    if (!holm_ip_prefix_check(&made))
        return HOLM_ERR_INVALID;
    /*@ ghost struct holm_ip_prefix copy = made; */
    /*@ assert \forall integer k; 0 <= k < 16 ==>
                 copy.address.bytes[k] == made.address.bytes[k]; */
    *prefix = made;
    /*@ assert \forall integer k; 0 <= k < 16 ==>
                 prefix->address.bytes[k] == copy.address.bytes[k]; */
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
    /*@ assert holm_last{Pre}(in.ptr, in.len, ':', head.len); */
    /*@ assert port == holm_number{Pre}(in.ptr + (head.len + 1), in.len - head.len - 1, 10); */
    brackets =
        head.len >= 2 && holm_bytes_is(head, 0, '[') && holm_bytes_is(head, head.len - 1, ']');
    if (brackets)
        holm_assert(holm_bytes_part(head, 1, head.len - 2, &head));
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
    /*@ loop invariant 0 <= i <= 6 && holm_writable(out) && out->len >= before;
        loop invariant fits && i > 0 ==> out->len > before;
        loop assigns i, fits, out->len, out->ptr[before .. out->size - 1];
        loop variant 6 - i; */
    for (size_t i = 0; fits && i < HOLM_COUNT(mac->bytes); i++)
        fits = (i == 0 || holm_buffer_u8(out, ':')) &&
               holm_text_hex_emit(out, HOLM_AT(mac->bytes, i), 2);
    return done(out, before, fits);
}

enum holm_result holm_text_mac_parse(struct holm_mac_address *mac, struct holm_bytes in)
{
    struct holm_mac_address made = { { 0 } };
    struct holm_bytes digits;
    uint64_t value = 0;
    if (in.len != HOLM_TEXT_MAC_MAX)
        return HOLM_ERR_MALFORMED;
    /*@ loop invariant 0 <= i <= 6;
        loop invariant i > 0 ==> holm_mac_part{Pre}(made.bytes[0], in.ptr, 0);
        loop invariant i > 1 ==> holm_mac_part{Pre}(made.bytes[1], in.ptr, 1);
        loop invariant i > 2 ==> holm_mac_part{Pre}(made.bytes[2], in.ptr, 2);
        loop invariant i > 3 ==> holm_mac_part{Pre}(made.bytes[3], in.ptr, 3);
        loop invariant i > 4 ==> holm_mac_part{Pre}(made.bytes[4], in.ptr, 4);
        loop invariant i > 5 ==> holm_mac_part{Pre}(made.bytes[5], in.ptr, 5);
        loop assigns i, value, digits, made;
        loop variant 6 - i; */
    for (size_t i = 0; i < HOLM_COUNT(made.bytes); i++) {
        if (i > 0 && !holm_bytes_is(in, i * 3 - 1, ':'))
            return HOLM_ERR_MALFORMED;
        holm_assert(holm_bytes_part(in, i * 3, 2, &digits));
        if (holm_text_hex_parse(&value, digits) != HOLM_OK)
            return HOLM_ERR_MALFORMED;
        /*@ assert value == holm_pair{Pre}(in.ptr + i * 3); */
        HOLM_AT(made.bytes, i) = (uint8_t)value;
    }
    *mac = made;
    /*@ assert \forall integer k; 0 <= k < 6 ==> mac->bytes[k] == made.bytes[k]; */
    return HOLM_OK;
}
