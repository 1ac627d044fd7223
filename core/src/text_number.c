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

static struct holm_bytes digits_of(struct digits *digits, uint64_t value, unsigned base)
{
    static const uint8_t names[16] = { '0', '1', '2', '3', '4', '5', '6', '7',
                                       '8', '9', 'a', 'b', 'c', 'd', 'e', 'f' };
    struct holm_bytes text = { 0 };
    digits->at = HOLM_COUNT(digits->bytes);
    do {
        digits->at -= 1;
        HOLM_AT(digits->bytes, digits->at) = HOLM_AT(names, value % base);
        value /= base;
    } while (value != 0);
    holm_assert(holm_bytes_from(HOLM_BLOB(digits->bytes), digits->at, &text));
    return text;
}

/* padded writes text with pad before it up to width bytes. */
static bool padded(struct holm_buffer *out, struct holm_bytes text, size_t width, uint8_t pad)
{
    size_t len = text.len < width ? width : text.len;
    if (out->size - out->len < len)
        return false;
    for (size_t i = text.len; i < width; i++) {
        if (!holm_buffer_u8(out, pad))
            return false;
    }
    return holm_buffer_bytes(out, text);
}

bool holm_text_padded_emit(struct holm_buffer *out, uint64_t value, size_t width, uint8_t pad)
{
    struct digits digits;
    return padded(out, digits_of(&digits, value, 10), width, pad);
}

bool holm_text_hex_emit(struct holm_buffer *out, uint64_t value, size_t width)
{
    struct digits digits;
    return padded(out, digits_of(&digits, value, 16), width, '0');
}

bool holm_text_u64_emit(struct holm_buffer *out, uint64_t value)
{
    struct digits digits;
    return holm_buffer_bytes(out, digits_of(&digits, value, 10));
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
    return holm_buffer_u8(out, '-') && holm_buffer_bytes(out, text);
}

static uint64_t power_of_ten(unsigned places)
{
    uint64_t power = 1;
    holm_assert(places <= HOLM_TEXT_PLACES_MAX);
    for (; places > 0; places--)
        power *= 10;
    return power;
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
static enum holm_result number(uint64_t *value, struct holm_bytes in, unsigned base)
{
    uint64_t sum = 0;
    bool over = false;
    uint8_t byte, digit;
    if (in.len == 0)
        return HOLM_ERR_MALFORMED;
    while (holm_bytes_u8(&in, &byte)) {
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
    uint8_t minus = 0;
    bool negative = holm_bytes_is(in, 0, '-') && holm_bytes_u8(&in, &minus);
    enum holm_result result = holm_text_u64_parse(&size, in);
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
static bool split_point(struct holm_bytes in, struct holm_bytes *whole, struct holm_bytes *part)
{
    size_t at = 0;
    while (at < in.len && !holm_bytes_is(in, at, '.'))
        at++;
    *part = (struct holm_bytes){ 0 };
    if (at == in.len) {
        *whole = in;
        return true;
    }
    return at + 1 < in.len && holm_bytes_part(in, 0, at, whole) &&
           holm_bytes_from(in, at + 1, part);
}

/* scaled sets *value to the number in, which may have a point, times unit; the product must be
 * whole. Behind the point stand at most places digits. */
static enum holm_result scaled(uint64_t *value, struct holm_bytes in, uint64_t unit,
                               unsigned places)
{
    struct holm_bytes whole, part;
    uint64_t sum = 0, rest = 0, power;
    enum holm_result result;
    if (!split_point(in, &whole, &part))
        return HOLM_ERR_MALFORMED;
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
    /* rest is less than 10^part.len, so its product is less than 10^places */
    if (!holm_u64_add(&sum, sum, rest * power_of_ten(places - (unsigned)part.len)))
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

/* From the smallest; those that emit chooses from are marked. */
static const struct unit durations[] = {
    { { 'n', 's' }, 2, true, 1 },
    { { 'u', 's' }, 2, true, 1000 },
    { { 'm', 's' }, 2, true, 1000000 },
    { { 's' }, 1, true, 1000000000 },
    { { 'm' }, 1, true, 60 * 1000000000ULL },
    { { 'h' }, 1, true, 3600 * 1000000000ULL },
    { { 'd' }, 1, true, 86400 * 1000000000ULL },
};
static const struct unit sizes[] = {
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

/* struct units is one of the two tables. */
struct units {
    const struct unit *first;
    size_t count;
};
#define UNITS(table) ((struct units){ &(table)[0], HOLM_COUNT(table) })

static struct holm_bytes unit_name(const struct unit *unit)
{
    struct holm_bytes all = HOLM_BLOB(unit->name), name = { 0 };
    holm_assert(holm_bytes_take(&all, unit->name_len, &name));
    return name;
}

static bool units_emit(struct holm_buffer *out, uint64_t value, struct units units)
{
    const struct unit *best = units.first;
    size_t before = out->len;
    for (size_t i = 1; i < units.count; i++) {
        const struct unit *unit = &HOLM_NTH(units.first, units.count, i);
        if (value != 0 && unit->emitted && value % unit->factor == 0)
            best = unit;
    }
    if (holm_text_u64_emit(out, value / best->factor) && holm_buffer_bytes(out, unit_name(best)))
        return true;
    out->len = before;
    return false;
}

/* is_number_byte answers whether the byte can be in a number with a point. */
static bool is_number_byte(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || byte == '.';
}

/* units_parse reads a number and the name of a unit. */
static enum holm_result units_parse(uint64_t *value, struct holm_bytes in, struct units units)
{
    struct holm_bytes digits;
    size_t at = 0;
    uint8_t byte;
    while (holm_bytes_u8_at(in, at, &byte) && is_number_byte(byte))
        at++;
    if (!holm_bytes_take(&in, at, &digits))
        return HOLM_ERR_MALFORMED;
    for (size_t i = 0; i < units.count; i++) {
        const struct unit *unit = &HOLM_NTH(units.first, units.count, i);
        if (holm_bytes_equal(in, unit_name(unit)))
            return scaled(value, digits, unit->factor, 9);
    }
    return HOLM_ERR_MALFORMED;
}

bool holm_text_duration_emit(struct holm_buffer *out, uint64_t duration_ns)
{
    return units_emit(out, duration_ns, UNITS(durations));
}

enum holm_result holm_text_duration_parse(uint64_t *duration_ns, struct holm_bytes in)
{
    if (in.len == 1 && holm_bytes_is(in, 0, '0')) {
        *duration_ns = 0;
        return HOLM_OK;
    }
    return units_parse(duration_ns, in, UNITS(durations));
}

bool holm_text_size_emit(struct holm_buffer *out, uint64_t size_bytes)
{
    return units_emit(out, size_bytes, UNITS(sizes));
}

enum holm_result holm_text_size_parse(uint64_t *size_bytes, struct holm_bytes in)
{
    uint64_t value = 0;
    enum holm_result result = holm_text_u64_parse(&value, in);
    if (result == HOLM_ERR_MALFORMED)
        return units_parse(size_bytes, in, UNITS(sizes));
    if (result == HOLM_OK)
        *size_bytes = value;
    return result;
}
