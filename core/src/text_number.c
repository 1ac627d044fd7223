/* SPDX-License-Identifier: ISC */
/* text_number.c: numbers, durations and sizes. Digits are made from the last to the first at the
 * end of an array of their own and appended as one. */
#include <holm/text.h>
#include <holm/wrap.h>

/* struct digits holds the digits of a number from at on. */
struct digits {
    uint8_t bytes[HOLM_TEXT_U64_MAX];
    size_t at;
};

/*@ requires value < 16;
    assigns \nothing;
    ensures holm_digit(\result) == value; */
static uint8_t digit_name(uint64_t value)
{
    return (uint8_t)(value < 10 ? '0' + value : 'a' + (value - 10));
}

/*@ requires \valid(digits) && (base == 10 || base == 16);
    assigns *digits;
    ensures 0 <= digits->at < HOLM_TEXT_U64_MAX && (base == 16 ==> digits->at >= 4);
    ensures \result.ptr == &digits->bytes[0] + digits->at;
    ensures \result.len == HOLM_TEXT_U64_MAX - digits->at;
    ensures holm_digits(\result.ptr, 0, \result.len, base); */
static struct holm_bytes digits_of(struct digits *digits, uint64_t value, unsigned base)
{
    struct holm_bytes text = { 0 };
    digits->at = HOLM_COUNT(digits->bytes);
    /*@ loop invariant base == 10 ==> 1 <= digits->at <= 20;
        loop invariant base == 16 ==> 5 <= digits->at <= 20;
        loop invariant base == 10 ==> 0 <= value < holm_power(10, digits->at);
        loop invariant base == 16 ==> 0 <= value < holm_power(16, digits->at - 4);
        loop invariant \forall integer k; digits->at <= k < 20 ==>
                         holm_digit(digits->bytes[k]) < base;
        loop assigns value, *digits;
        loop variant value; */
    do {
        digits->at -= 1;
        HOLM_AT(digits->bytes, digits->at) = digit_name(value % base);
        value /= base;
    } while (value != 0);
    holm_assert(holm_bytes_from(HOLM_BLOB(digits->bytes), digits->at, &text));
    /*@ assert \forall integer k; 0 <= k < text.len ==>
                 holm_digit(digits->bytes[digits->at + k]) < base; */
    /*@ assert \forall integer k; 0 <= k < text.len ==>
                 text.ptr + k == &digits->bytes[0] + (digits->at + k); */
    /*@ assert \forall integer k; 0 <= k < text.len ==>
                 text.ptr[k] == digits->bytes[digits->at + k]; */
    return text;
}

/* padded writes text with pad before it up to width bytes. */
/*@ requires holm_writable(out) && holm_readable(text);
    requires \separated(out, text.ptr + (0 .. text.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), text.ptr + (0 .. text.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result == (out->size - \old(out->len) >= (text.len < width ? width : text.len));
    ensures !\result ==> out->len == \old(out->len);
    ensures \result ==> out->len == \old(out->len) + (text.len < width ? width : text.len);
    ensures \result ==> \forall integer k; \old(out->len) <= k < out->len - text.len ==>
              out->ptr[k] == pad;
    ensures \result ==> \forall integer k; out->len - text.len <= k < out->len ==>
              out->ptr[k] == text.ptr[k - (out->len - text.len)]; */
static bool padded(struct holm_buffer *out, struct holm_bytes text, size_t width, uint8_t pad)
{
    size_t len = text.len < width ? width : text.len;
    if (out->size - out->len < len)
        return false;
    /*@ loop invariant text.len <= i <= (text.len < width ? width : text.len);
        loop invariant out->len == \at(out->len,Pre) + (i - text.len) && holm_writable(out);
        loop invariant \forall integer k; \at(out->len,Pre) <= k < out->len ==> out->ptr[k] == pad;
        loop assigns i, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant width - i; */
    for (size_t i = text.len; i < width; i++)
        holm_assert(holm_buffer_u8(out, pad));
    return holm_buffer_bytes(out, text);
}

bool holm_text_padded_emit(struct holm_buffer *out, uint64_t value, size_t width, uint8_t pad)
{
    struct digits digits;
    struct holm_bytes text = digits_of(&digits, value, 10);
    bool fits = padded(out, text, width, pad);
    /*@ assert holm_digits(text.ptr, 0, text.len, 10); */
    return fits;
}

bool holm_text_hex_emit(struct holm_buffer *out, uint64_t value, size_t width)
{
    struct digits digits;
    struct holm_bytes text = digits_of(&digits, value, 16);
    bool fits = padded(out, text, width, '0');
    /*@ assert holm_digits(text.ptr, 0, text.len, 16); */
    return fits;
}

bool holm_text_u64_emit(struct holm_buffer *out, uint64_t value)
{
    struct digits digits;
    struct holm_bytes text = digits_of(&digits, value, 10);
    bool fits = holm_buffer_bytes(out, text);
    /*@ assert holm_digits(text.ptr, 0, text.len, 10); */
    return fits;
}

bool holm_text_i64_emit(struct holm_buffer *out, int64_t value)
{
    struct digits digits;
    struct holm_bytes text;
    if (value >= 0)
        return holm_text_u64_emit(out, (uint64_t)value);
    text = digits_of(&digits, (uint64_t)(-(value + 1)) + 1, 10);
    if (out->size - out->len < text.len + 1)
        return false;
    holm_assert(holm_buffer_u8(out, '-'));
    return holm_buffer_bytes(out, text);
}

/*@ requires places <= HOLM_TEXT_PLACES_MAX;
    assigns \nothing;
    ensures \result >= 1 && (places == 0 ==> \result == 1); */
static uint64_t power_of_ten(unsigned places)
{
    static const uint64_t powers[HOLM_TEXT_PLACES_MAX + 1] = {
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
    };
    return HOLM_AT(powers, places);
}

bool holm_text_fixed_emit(struct holm_buffer *out, uint64_t value, unsigned places)
{
    uint64_t power = power_of_ten(places);
    size_t before = out->len;
    if (places == 0)
        return holm_text_u64_emit(out, value);
    if (holm_text_u64_emit(out, value / power) && holm_buffer_u8(out, '.') &&
        holm_text_padded_emit(out, value % power, places, '0'))
        return true;
    out->len = before;
    return false;
}

/* digit_value sets *value to what a digit of the base stands for; false for another byte. */
/*@ requires \valid(value) && (base == 10 || base == 16);
    assigns *value;
    ensures \result <==> holm_digit(byte) < base;
    ensures \result ==> *value == holm_digit(byte); */
static bool digit_value(uint8_t *value, uint8_t byte, unsigned base)
{
    uint8_t small = holm_text_lower(byte);
    if (byte >= '0' && byte <= '9')
        *value = (uint8_t)(byte - '0');
    else if (small >= 'a' && small <= 'f')
        *value = (uint8_t)(small - 'a' + 10);
    else
        return false;
    return *value < base;
}

/* number reads in, all digits, into *value; with how many there are not limited. */
/*@ requires \valid(value) && holm_readable(in) && (base == 10 || base == 16);
    requires \separated(value, in.ptr + (0 .. in.len - 1));
    assigns *value;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_ERR_MALFORMED <==>
              !(in.len > 0 && holm_digits(in.ptr, 0, in.len, base));
    ensures \result == HOLM_ERR_LIMIT ==> holm_number(in.ptr, in.len, base) > UINT64_MAX;
    ensures \result == HOLM_OK ==> *value == holm_number(in.ptr, in.len, base);
    ensures \result != HOLM_OK ==> *value == \old(*value); */
static enum holm_result number(uint64_t *value, struct holm_bytes in, unsigned base)
{
    uint64_t sum = 0;
    bool over = false;
    uint8_t byte, digit;
    if (in.len == 0)
        return HOLM_ERR_MALFORMED;
    /*@ loop invariant i <= in.len && holm_digits(in.ptr, 0, i, base);
        loop invariant !over ==> sum == holm_number(in.ptr, i, base);
        loop invariant over ==> holm_number(in.ptr, i, base) > UINT64_MAX;
        loop assigns i, byte, digit, over, sum;
        loop variant in.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(in, i, &byte); i++) {
        if (!digit_value(&digit, byte, base))
            return HOLM_ERR_MALFORMED;
        over = over || !holm_u64_mul(&sum, sum, base) || !holm_u64_add(&sum, sum, digit);
    }
    if (over)
        return HOLM_ERR_LIMIT;
    *value = sum;
    return HOLM_OK;
}

enum holm_result holm_text_u64_parse(uint64_t *value, struct holm_bytes in)
{
    if (in.len > 1 && holm_bytes_is(in, 0, '0'))
        return HOLM_ERR_MALFORMED;
    return number(value, in, 10);
}

enum holm_result holm_text_i64_parse(int64_t *value, struct holm_bytes in)
{
    uint64_t size = 0;
    bool negative = holm_bytes_is(in, 0, '-');
    enum holm_result result;
    if (negative)
        holm_assert(holm_bytes_from(in, 1, &in));
    result = holm_text_u64_parse(&size, in);
    if (result != HOLM_OK)
        return result;
    if (negative && size == 0)
        return HOLM_ERR_MALFORMED;
    if (size > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return HOLM_ERR_LIMIT;
    *value = negative ? -(int64_t)(size - 1) - 1 : (int64_t)size;
    return HOLM_OK;
}

enum holm_result holm_text_hex_parse(uint64_t *value, struct holm_bytes in)
{
    if (in.len > 16)
        return HOLM_ERR_LIMIT;
    return number(value, in, 16);
}

/* split_point sets *whole to what stands before the point and *part to what is behind it, which is
 * empty if there is no point. */
/*@ requires holm_readable(in) && \valid(whole) && \valid(part);
    requires \separated(whole, part, in.ptr + (0 .. in.len - 1));
    assigns *whole, *part;
    ensures \result ==> whole->ptr == in.ptr && whole->len <= in.len &&
              (\forall integer k; 0 <= k < whole->len ==> in.ptr[k] != '.');
    ensures \result && whole->len == in.len ==> part->len == 0;
    ensures \result && whole->len < in.len ==> in.ptr[whole->len] == '.' && part->len > 0 &&
              holm_is_part(*part, in, whole->len + 1, in.len - whole->len - 1); */
static bool split_point(struct holm_bytes in, struct holm_bytes *whole, struct holm_bytes *part)
{
    size_t at = 0;
    /*@ loop invariant 0 <= at <= in.len;
        loop invariant \forall integer k; 0 <= k < at ==> in.ptr[k] != '.';
        loop assigns at;
        loop variant in.len - at; */
    while (at < in.len && !holm_bytes_is(in, at, '.'))
        at++;
    *part = (struct holm_bytes){ 0 };
    if (at == in.len) {
        *whole = in;
        return true;
    }
    if (at + 1 == in.len)
        return false;
    holm_assert(holm_bytes_part(in, 0, at, whole));
    holm_assert(holm_bytes_from(in, at + 1, part));
    return true;
}

/* scaled sets *value to the number in, which may have a point, times unit; the product must be
 * whole. Behind the point stand at most places digits. */
/*@ requires \valid(value) && holm_readable(in) && unit >= 1 && places <= HOLM_TEXT_PLACES_MAX;
    requires \separated(value, in.ptr + (0 .. in.len - 1));
    assigns *value;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK && holm_digits(in.ptr, 0, in.len, 10) ==>
              *value == holm_number(in.ptr, in.len, 10) * unit;
    ensures \result != HOLM_OK ==> *value == \old(*value); */
static enum holm_result scaled(uint64_t *value, struct holm_bytes in, uint64_t unit,
                               unsigned places)
{
    struct holm_bytes whole, part;
    uint64_t sum = 0, rest = 0, power;
    enum holm_result result;
    if (!split_point(in, &whole, &part))
        return HOLM_ERR_MALFORMED;
    /*@ assert holm_digits(in.ptr, 0, in.len, 10) ==> part.len == 0 && whole.len == in.len; */
    result = holm_text_u64_parse(&sum, whole);
    if (result == HOLM_OK && part.len > 0)
        result = number(&rest, part, 10);
    if (result != HOLM_OK)
        return result;
    if (part.len > places || !holm_u64_mul(&rest, rest, unit) || !holm_u64_mul(&sum, sum, unit))
        return HOLM_ERR_LIMIT;
    power = power_of_ten((unsigned)part.len);
    if (rest % power != 0 || !holm_u64_add(&sum, sum, rest / power))
        return HOLM_ERR_LIMIT;
    *value = sum;
    return HOLM_OK;
}

enum holm_result holm_text_fixed_parse(uint64_t *value, struct holm_bytes in, unsigned places)
{
    struct holm_bytes whole, part;
    uint64_t sum = 0, rest = 0;
    enum holm_result result;
    if (!split_point(in, &whole, &part))
        return HOLM_ERR_MALFORMED;
    result = holm_text_u64_parse(&sum, whole);
    if (result == HOLM_OK && part.len > 0)
        result = number(&rest, part, 10);
    if (result != HOLM_OK)
        return result;
    if (part.len > places || !holm_u64_mul(&sum, sum, power_of_ten(places)))
        return HOLM_ERR_LIMIT;
    if (!holm_u64_mul(&rest, rest, power_of_ten(places - (unsigned)part.len)) ||
        !holm_u64_add(&sum, sum, rest))
        return HOLM_ERR_LIMIT;
    *value = sum;
    return HOLM_OK;
}

/* struct unit is a name of up to three letters and how much it is. */
struct unit {
    uint8_t name[3];
    uint8_t name_len;
    bool emitted;
    uint64_t factor;
};

/* Durations, then sizes, each from the smallest; those that emit chooses from are marked. */
static const struct unit units[] = {
    { { 'n', 's' }, 2, true, 1 },
    { { 'u', 's' }, 2, true, 1000 },
    { { 'm', 's' }, 2, true, 1000000 },
    { { 's' }, 1, true, 1000000000 },
    { { 'm' }, 1, true, 60 * 1000000000ULL },
    { { 'h' }, 1, true, 3600 * 1000000000ULL },
    { { 'd' }, 1, true, 86400 * 1000000000ULL },
    { { 'B' }, 1, true, 1 },
    { { 'k', 'B' }, 2, false, 1000 },
    { { 'M', 'B' }, 2, false, 1000000 },
    { { 'G', 'B' }, 2, false, 1000000000 },
    { { 'T', 'B' }, 2, false, 1000000000000ULL },
    { { 'K', 'i', 'B' }, 3, true, 1ULL << 10 },
    { { 'M', 'i', 'B' }, 3, true, 1ULL << 20 },
    { { 'G', 'i', 'B' }, 3, true, 1ULL << 30 },
    { { 'T', 'i', 'B' }, 3, true, 1ULL << 40 },
};
enum { DURATIONS = 0, SIZES = 7, UNITS_END = 16 };

/* unit_at is a copy, so that no write to a buffer could change it. */
/*@ requires index < UNITS_END;
    assigns \nothing;
    ensures \result.factor >= 1 && 1 <= \result.name_len <= 3; */
static struct unit unit_at(size_t index)
{
    /*@ assert index == 0 || index == 1 || index == 2 || index == 3 || index == 4 || index == 5 ||
        index == 6 || index == 7 || index == 8 || index == 9 || index == 10 || index == 11 ||
        index == 12 || index == 13 || index == 14 || index == 15; */
    return HOLM_AT(units, index);
}

/*@ requires \valid_read(unit) && unit->name_len <= 3;
    assigns \nothing;
    ensures \result.ptr == &unit->name[0] && \result.len == unit->name_len; */
static struct holm_bytes unit_name(const struct unit *unit)
{
    struct holm_bytes name = { 0 };
    holm_assert(holm_bytes_part(HOLM_BLOB(unit->name), 0, unit->name_len, &name));
    return name;
}

/* units_emit writes value with one of the units from first up to end. */
/*@ requires holm_writable(out) && first < end <= UNITS_END;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) + 2 <= out->len <= \old(out->len) + 23;
    ensures !\result ==> out->len == \old(out->len); */
static bool units_emit(struct holm_buffer *out, uint64_t value, size_t first, size_t end)
{
    struct unit best = unit_at(first);
    size_t before = out->len;
    /*@ loop invariant first < i <= end;
        loop invariant best.factor >= 1 && 1 <= best.name_len <= 3;
        loop assigns i, best;
        loop variant end - i; */
    for (size_t i = first + 1; i < end; i++) {
        struct unit unit = unit_at(i);
        if (value != 0 && unit.emitted && value % unit.factor == 0)
            best = unit;
    }
    if (holm_text_u64_emit(out, value / best.factor) && holm_buffer_bytes(out, unit_name(&best)))
        return true;
    out->len = before;
    return false;
}

/* is_number_byte answers whether the byte can be in a number with a point. */
/*@ assigns \nothing;
    ensures \result <==> '0' <= byte <= '9' || byte == '.'; */
static bool is_number_byte(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || byte == '.';
}

/* units_parse reads a number and the name of a unit from first up to end. */
/*@ requires \valid(value) && holm_readable(in) && first <= end <= UNITS_END;
    requires \separated(value, in.ptr + (0 .. in.len - 1));
    assigns *value;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result != HOLM_OK ==> *value == \old(*value); */
static enum holm_result units_parse(uint64_t *value, struct holm_bytes in, size_t first, size_t end)
{
    struct holm_bytes digits, name;
    size_t at = 0;
    uint8_t byte;
    /*@ loop invariant 0 <= at <= in.len;
        loop assigns at, byte;
        loop variant in.len - at; */
    while (holm_bytes_u8_at(in, at, &byte) && is_number_byte(byte))
        at++;
    holm_assert(holm_bytes_part(in, 0, at, &digits));
    holm_assert(holm_bytes_from(in, at, &name));
    /*@ loop invariant first <= i <= end;
        loop assigns i;
        loop variant end - i; */
    for (size_t i = first; i < end; i++) {
        struct unit unit = unit_at(i);
        if (holm_bytes_equal(name, unit_name(&unit)))
            return scaled(value, digits, unit.factor, 9);
    }
    return HOLM_ERR_MALFORMED;
}

bool holm_text_duration_emit(struct holm_buffer *out, uint64_t duration_ns)
{
    return units_emit(out, duration_ns, DURATIONS, SIZES);
}

enum holm_result holm_text_duration_parse(uint64_t *duration_ns, struct holm_bytes in)
{
    if (in.len == 1 && holm_bytes_is(in, 0, '0')) {
        *duration_ns = 0;
        return HOLM_OK;
    }
    return units_parse(duration_ns, in, DURATIONS, SIZES);
}

bool holm_text_size_emit(struct holm_buffer *out, uint64_t size_bytes)
{
    return units_emit(out, size_bytes, SIZES, UNITS_END);
}

enum holm_result holm_text_size_parse(uint64_t *size_bytes, struct holm_bytes in)
{
    uint64_t value = 0;
    enum holm_result result = holm_text_u64_parse(&value, in);
    if (result == HOLM_ERR_MALFORMED)
        return units_parse(size_bytes, in, SIZES, UNITS_END);
    if (result == HOLM_OK)
        *size_bytes = value;
    return result;
}
