/* SPDX-License-Identifier: ISC */
/* parameter_value.c: from the text of a parameter to its variable. */
#include "parameter_impl.h"

/*@ requires holm_readable(a) && holm_readable(b);
    assigns \nothing;
    ensures \result <==> a.len == b.len && holm_param_same(a.ptr, b.ptr, a.len); */
static bool same_name(struct holm_bytes a, struct holm_bytes b)
{
    uint8_t from_a, from_b;
    if (a.len != b.len)
        return false;
    /*@ loop invariant 0 <= i <= a.len;
        loop invariant holm_param_same(a.ptr, b.ptr, i);
        loop assigns i, from_a, from_b;
        loop variant a.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(a, i, &from_a); i++) {
        holm_assert(holm_bytes_u8_at(b, i, &from_b));
        if ((from_a == '-' ? '_' : from_a) != (from_b == '-' ? '_' : from_b))
            return false;
    }
    return true;
}

/* until is how many bytes stand before the first mark; all if there is none. */
/*@ requires holm_readable(in);
    assigns \nothing;
    ensures holm_until(in, mark, \result); */
static size_t until(struct holm_bytes in, uint8_t mark)
{
    size_t len = 0;
    /*@ loop invariant 0 <= len <= in.len;
        loop invariant \forall integer k; 0 <= k < len ==> in.ptr[k] != mark;
        loop assigns len;
        loop variant in.len - len; */
    while (len < in.len && !holm_bytes_is(in, len, mark))
        len++;
    return len;
}

struct holm_bytes holm_param__take_until(struct holm_bytes *in, uint8_t mark, bool *found)
{
    struct holm_bytes part = { 0 };
    uint8_t dropped;
    holm_assert(holm_bytes_take(in, until(*in, mark), &part));
    *found = holm_bytes_u8(in, &dropped);
    return part;
}

bool holm_param__choice_next(struct holm_bytes *choices, struct holm_bytes *choice)
{
    bool more;
    if (choices->len == 0)
        return false;
    *choice = holm_param__take_until(choices, '|', &more);
    return true;
}

bool holm_param_list_next(struct holm_bytes *list, struct holm_bytes *element)
{
    bool more;
    if (list->len == 0)
        return false;
    *element = holm_param__take_until(list, ',', &more);
    return true;
}

/*@ requires \valid(number) && holm_readable(text);
    assigns *number;
    ensures \result ==> (*number == 1 && text.len == 4) || (*number == 0 && text.len == 5); */
static bool bool_parse(uint64_t *number, struct holm_bytes text)
{
    bool yes = holm_bytes_equal(text, HOLM_TEXT("true"));
    *number = yes ? 1 : 0;
    return yes || holm_bytes_equal(text, HOLM_TEXT("false"));
}

/*@ requires \valid(number) && holm_readable(text) && holm_readable(choices);
    requires choices.len <= HOLM_PARAM_WORDS_MAX;
    assigns *number;
    ensures \result ==> *number < choices.len; */
static bool enum_parse(uint64_t *number, struct holm_bytes text, struct holm_bytes choices)
{
    struct holm_bytes rest = choices, choice;
    *number = 0;
    /*@ loop invariant holm_readable(rest) && rest.len + *number <= choices.len;
        loop invariant rest.ptr == choices.ptr + (choices.len - rest.len);
        loop assigns rest, choice, *number;
        loop variant rest.len; */
    for (; holm_param__choice_next(&rest, &choice); *number += 1) {
        if (holm_bytes_equal(choice, text))
            return true;
    }
    return false;
}

/*@ assigns \nothing;
    ensures kind == HOLM_PARAM_KIND_U16 ==> \result == UINT16_MAX;
    ensures kind == HOLM_PARAM_KIND_U32 ==> \result == UINT32_MAX;
    ensures \result == UINT16_MAX || \result == UINT32_MAX || \result == UINT64_MAX; */
static uint64_t most_of(enum holm_param_kind kind)
{
    return kind == HOLM_PARAM_KIND_U16   ? UINT16_MAX
           : kind == HOLM_PARAM_KIND_U32 ? UINT32_MAX
                                         : UINT64_MAX;
}

/* number_parse reads a number of that kind, within the parameter's range. */
/*@ requires \valid_read(param) && \valid(number) && holm_readable(text);
    requires \separated(number, param) && \separated(number, text.ptr + (0 .. text.len - 1));
    assigns *number;
    ensures \result ==> param->least <= *number <= param->most;
    ensures \result && kind == HOLM_PARAM_KIND_U16 ==> *number <= UINT16_MAX;
    ensures \result && kind == HOLM_PARAM_KIND_U32 ==> *number <= UINT32_MAX;
    ensures \result && kind != HOLM_PARAM_KIND_DURATION && kind != HOLM_PARAM_KIND_SIZE ==>
              holm_decimal{Old}(text.ptr, text.len) &&
              *number == holm_number{Old}(text.ptr, text.len, 10); */
static bool number_parse(const struct holm_param *param, enum holm_param_kind kind,
                         uint64_t *number, struct holm_bytes text)
{
    enum holm_result result = kind == HOLM_PARAM_KIND_DURATION
                                  ? holm_text_duration_parse(number, text)
                              : kind == HOLM_PARAM_KIND_SIZE ? holm_text_size_parse(number, text)
                                                             : holm_text_u64_parse(number, text);
    return result == HOLM_OK && *number >= param->least && *number <= param->most &&
           *number <= most_of(kind);
}

/* address_parse reads text as an address of that kind, if the declaration is one of addresses. */
/* Admitted: it calls through a pointer; holm_param_address_read, all that declarations name, is proved. */
/*@ requires \valid_read(param) && holm_param_reader(param);
    requires \valid(value) && holm_readable(text);
    requires \separated(value, param) && \separated(value, text.ptr + (0 .. text.len - 1));
    assigns *value;
    ensures \result ==> HOLM_PARAM_KIND_IPV4 <= kind <= HOLM_PARAM_KIND_MAC; */
static bool address_parse(const struct holm_param *param, enum holm_param_kind kind,
                          struct holm_param__value *value, struct holm_bytes text)
{
    return param->address != NULL && param->address(value, kind, text);
}

/* value_parse reads text, of a kind that is no list. */
/*@ requires \valid_read(param) && \valid(value) && holm_readable(text);
    requires holm_param_reader(param);
    requires holm_readable(param->choices) && param->choices.len <= HOLM_PARAM_WORDS_MAX;
    requires \separated(value, param) && \separated(value, text.ptr + (0 .. text.len - 1));
    requires \separated(value, param->choices.ptr + (0 .. param->choices.len - 1));
    assigns *value;
    ensures \result && holm_param_counts(kind) ==> param->least <= value->number <= param->most;
    ensures \result && kind == HOLM_PARAM_KIND_U16 ==> value->number <= UINT16_MAX;
    ensures \result && kind == HOLM_PARAM_KIND_U32 ==> value->number <= UINT32_MAX;
    ensures \result && kind == HOLM_PARAM_KIND_ENUM ==> value->number < param->choices.len; */
static bool value_parse(const struct holm_param *param, enum holm_param_kind kind,
                        struct holm_param__value *value, struct holm_bytes text)
{
    switch (kind) {
    case HOLM_PARAM_KIND_BOOL:
        return bool_parse(&value->number, text);
    case HOLM_PARAM_KIND_U16:
    case HOLM_PARAM_KIND_U32:
    case HOLM_PARAM_KIND_U64:
    case HOLM_PARAM_KIND_DURATION:
    case HOLM_PARAM_KIND_SIZE:
        return number_parse(param, kind, &value->number, text);
    case HOLM_PARAM_KIND_TEXT:
        value->text = text;
        return true;
    case HOLM_PARAM_KIND_IPV4:
    case HOLM_PARAM_KIND_IPV6:
    case HOLM_PARAM_KIND_IP:
    case HOLM_PARAM_KIND_PREFIX:
    case HOLM_PARAM_KIND_ENDPOINT:
    case HOLM_PARAM_KIND_MAC:
        return address_parse(param, kind, value, text);
    case HOLM_PARAM_KIND_ENUM:
        return enum_parse(&value->number, text, param->choices);
    case HOLM_PARAM_KIND_LIST:
        return false;
    }
    return false;
}

/* list_check answers whether each element is one; a comma at the end is an empty one. */
/*@ requires \valid_read(param) && holm_readable(text) && holm_param_reader(param);
    requires holm_readable(param->choices) && param->choices.len <= HOLM_PARAM_WORDS_MAX;
    assigns \nothing;
    ensures \result && text.len > 0 ==> text.ptr[0] != ',' && text.ptr[text.len - 1] != ','; */
static bool list_check(const struct holm_param *param, struct holm_bytes text)
{
    struct holm_bytes rest = text, element;
    struct holm_param__value value;
    /*@ loop invariant holm_readable(rest) && rest.len <= text.len;
        loop invariant rest.ptr == text.ptr + (text.len - rest.len);
        loop invariant rest.len < text.len ==> text.ptr[0] != ',';
        loop assigns rest, element, value;
        loop variant rest.len; */
    while (holm_param_list_next(&rest, &element)) {
        if (element.len == 0 || !value_parse(param, param->element, &value, element))
            return false;
    }
    return text.len == 0 || !holm_bytes_is(text, text.len - 1, ',');
}

/* value_read reads text as what the parameter is. */
/*@ requires \valid_read(param) && holm_param_ok(param) && \valid(value) && holm_readable(text);
    requires \separated(value, param) && \separated(value, text.ptr + (0 .. text.len - 1));
    requires \separated(value, param->choices.ptr + (0 .. param->choices.len - 1));
    assigns *value;
    ensures \result && holm_param_counts(param->kind) ==>
              param->least <= value->number <= param->most;
    ensures \result && param->kind == HOLM_PARAM_KIND_U16 ==> value->number <= UINT16_MAX;
    ensures \result && param->kind == HOLM_PARAM_KIND_U32 ==> value->number <= UINT32_MAX;
    ensures \result && param->kind == HOLM_PARAM_KIND_ENUM ==>
              value->number < param->choices.len; */
static bool value_read(const struct holm_param *param, struct holm_param__value *value,
                       struct holm_bytes text)
{
    if (param->kind != HOLM_PARAM_KIND_LIST)
        return value_parse(param, param->kind, value, text);
    value->text = text;
    return list_check(param, text);
}

/* store gives the variable its value. */
/*@ requires \valid_read(param) && holm_param_target(param) && \valid_read(value);
    requires HOLM_PARAM_APART(param, param) && HOLM_PARAM_APART(param, value);
    assigns HOLM_PARAM_VARIABLES(param);
    ensures holm_param_kept{Old,Here}(param);
    ensures param->kind == HOLM_PARAM_KIND_BOOL ==> *param->yes == (\old(value->number) != 0);
    ensures param->kind == HOLM_PARAM_KIND_U16 && \old(value->number) <= UINT16_MAX ==>
              *param->u16 == \old(value->number);
    ensures (param->kind == HOLM_PARAM_KIND_U32 || param->kind == HOLM_PARAM_KIND_ENUM) &&
              \old(value->number) <= UINT32_MAX ==> *param->u32 == \old(value->number);
    ensures holm_param_is_u64(param->kind) ==> *param->u64 == \old(value->number); */
static void store(const struct holm_param *param, const struct holm_param__value *value)
{
    switch (param->kind) {
    case HOLM_PARAM_KIND_BOOL:
        *param->yes = value->number != 0;
        break;
    case HOLM_PARAM_KIND_U16:
        *param->u16 = (uint16_t)value->number;
        break;
    case HOLM_PARAM_KIND_U32:
    case HOLM_PARAM_KIND_ENUM:
        *param->u32 = (uint32_t)value->number;
        break;
    case HOLM_PARAM_KIND_U64:
    case HOLM_PARAM_KIND_DURATION:
    case HOLM_PARAM_KIND_SIZE:
        *param->u64 = value->number;
        break;
    case HOLM_PARAM_KIND_TEXT:
    case HOLM_PARAM_KIND_LIST:
        *param->text = value->text;
        break;
    case HOLM_PARAM_KIND_IPV4:
    case HOLM_PARAM_KIND_IPV6:
    case HOLM_PARAM_KIND_IP:
        *param->ip = value->ip;
        break;
    case HOLM_PARAM_KIND_PREFIX:
        *param->prefix = value->prefix;
        break;
    case HOLM_PARAM_KIND_ENDPOINT:
        *param->endpoint = value->endpoint;
        break;
    case HOLM_PARAM_KIND_MAC:
        *param->mac = value->mac;
        break;
    }
}

bool holm_param__set(const struct holm_param *param, struct holm_bytes text)
{
    struct holm_param__value value;
    if (!value_read(param, &value, text))
        return false;
    store(param, &value);
    return true;
}

bool holm_param__default_set(const struct holm_param *param)
{
    struct holm_param__value value = { .number = param->default_value };
    if (param->default_text.len > 0 && !value_read(param, &value, param->default_text))
        return false;
    store(param, &value);
    return true;
}

bool holm_param__is_named(const struct holm_param *param, struct holm_bytes name)
{
    return same_name(param->name, name);
}

bool holm_param__is_for(const struct holm_param *param, struct holm_bytes text)
{
    bool has_value;
    return same_name(param->name, holm_param__take_until(&text, '=', &has_value));
}
