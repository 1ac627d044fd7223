/* SPDX-License-Identifier: ISC */
/* parameter_text.c: what is expected, and what is wrong. A line about a problem is cut where its buffer
 * ends. */
#include "parameter_impl.h"

const struct holm_param *holm_param__at(struct holm_params params, size_t index)
{
    return &HOLM_NTH(params.first, params.count, index);
}

/*@ requires holm_writable(out) && holm_readable(text) && holm_param_away(text, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result == (out->size - \old(out->len) >= text.len);
    ensures out->len == \old(out->len) + (\result ? text.len : 0); */
static bool put(struct holm_buffer *out, struct holm_bytes text)
{
    return holm_buffer_bytes(out, text);
}

bool holm_param__quantity_put(struct holm_buffer *out, const struct holm_param *param,
                              uint64_t value)
{
    if (param->kind == HOLM_PARAM_KIND_DURATION || param->element == HOLM_PARAM_KIND_DURATION)
        return holm_text_duration_emit(out, value);
    if (param->kind == HOLM_PARAM_KIND_SIZE || param->element == HOLM_PARAM_KIND_SIZE)
        return holm_text_size_emit(out, value);
    return holm_text_u64_emit(out, value);
}

/* range_put says from where to where, and of what; a range to the end of 64 bits goes unsaid. */
/*@ requires holm_writable(out);
    requires holm_param_source(param, out);
    requires holm_param_away(example, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len >= \old(out->len) + param->unit.len + example.len; */
static bool range_put(struct holm_buffer *out, const struct holm_param *param,
                      struct holm_bytes example)
{
    bool fits = true;
    if (param->least != 0 || param->most != UINT64_MAX)
        fits = put(out, HOLM_TEXT(" from ")) &&
               holm_param__quantity_put(out, param, param->least) && put(out, HOLM_TEXT(" to ")) &&
               holm_param__quantity_put(out, param, param->most);
    if (fits && param->unit.len > 0)
        fits = put(out, HOLM_TEXT(" ")) && put(out, param->unit);
    return fits && put(out, example);
}

/*@ requires holm_writable(out) && holm_param_away(choices, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len); */
static bool choices_put(struct holm_buffer *out, struct holm_bytes choices)
{
    struct holm_bytes choice;
    bool fits = put(out, HOLM_TEXT("one of"));
    /*@ loop invariant holm_writable(out) && out->len >= \at(out->len,Pre);
        loop invariant fits ==> out->len > \at(out->len,Pre);
        loop invariant choices.len <= \at(choices.len,Pre);
        loop invariant choices.ptr == \at(choices.ptr,Pre) + (\at(choices.len,Pre) - choices.len);
        loop assigns first, choice, choices, fits, out->len;
        loop assigns out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant choices.len; */
    for (bool first = true; fits && holm_param__choice_next(&choices, &choice); first = false)
        fits = put(out, first ? HOLM_TEXT(" ") : HOLM_TEXT(", ")) && put(out, choice);
    return fits;
}

/*@ requires holm_writable(out) && holm_param_source(param, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len); */
static bool expected_put(struct holm_buffer *out, const struct holm_param *param,
                         enum holm_param_kind kind)
{
    switch (kind) {
    case HOLM_PARAM_KIND_BOOL:
        return put(out, HOLM_TEXT("true or false"));
    case HOLM_PARAM_KIND_U16:
    case HOLM_PARAM_KIND_U32:
    case HOLM_PARAM_KIND_U64:
        return put(out, HOLM_TEXT("a whole number")) && range_put(out, param, HOLM_TEXT(""));
    case HOLM_PARAM_KIND_DURATION:
        return put(out, HOLM_TEXT("a duration")) &&
               range_put(out, param, HOLM_TEXT(", like 250ms or 1.5h"));
    case HOLM_PARAM_KIND_SIZE:
        return put(out, HOLM_TEXT("a size")) &&
               range_put(out, param, HOLM_TEXT(", like 4096 or 64KiB"));
    case HOLM_PARAM_KIND_TEXT:
        return put(out, HOLM_TEXT("a text"));
    case HOLM_PARAM_KIND_IPV4:
        return put(out, HOLM_TEXT("an IPv4 address, like 192.0.2.1"));
    case HOLM_PARAM_KIND_IPV6:
        return put(out, HOLM_TEXT("an IPv6 address, like 2001:db8::1"));
    case HOLM_PARAM_KIND_IP:
        return put(out, HOLM_TEXT("an IP address, like 192.0.2.1 or 2001:db8::1"));
    case HOLM_PARAM_KIND_PREFIX:
        return put(out, HOLM_TEXT("an IP prefix, like 192.0.2.0/24 or 2001:db8::/32"));
    case HOLM_PARAM_KIND_ENDPOINT:
        return put(out, HOLM_TEXT("an address and a port, like 192.0.2.1:53 or [2001:db8::1]:53"));
    case HOLM_PARAM_KIND_MAC:
        return put(out, HOLM_TEXT("a MAC address, like 02:00:5e:10:00:01"));
    case HOLM_PARAM_KIND_ENUM:
        return choices_put(out, param->choices);
    case HOLM_PARAM_KIND_LIST:
        return put(out, HOLM_TEXT("a list with commas, each "));
    }
    return false;
}

bool holm_param__expectation_put(struct holm_buffer *out, const struct holm_param *param)
{
    return expected_put(out, param, param->kind) &&
           (param->kind != HOLM_PARAM_KIND_LIST || expected_put(out, param, param->element));
}

/* given_put repeats what was given, or the beginning of it. */
/*@ requires holm_writable(out) && holm_param_given(given, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len);
    ensures given != \null && out->len > \old(out->len) ==> out->ptr[\old(out->len)] == '"'; */
static bool given_put(struct holm_buffer *out, const struct holm_bytes *given)
{
    struct holm_bytes head;
    if (given == NULL)
        return put(out, HOLM_TEXT("nothing"));
    if (!holm_bytes_part(*given, 0, HOLM_PARAM__GIVEN_MAX, &head))
        return holm_text_quoted_emit(out, *given);
    return holm_text_quoted_emit(out, head) && put(out, HOLM_TEXT("..."));
}

/*@ assigns \nothing;
    ensures \result <==> holm_param_word(byte); */
static bool is_word(uint8_t byte)
{
    uint8_t lower = holm_text_lower(byte);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' ||
           byte == '-';
}

/*@ requires holm_readable(name);
    assigns \nothing;
    ensures \result <==> holm_param_plain(name); */
static bool is_plain(struct holm_bytes name)
{
    uint8_t byte;
    if (name.len > HOLM_PARAM__GIVEN_MAX)
        return false;
    /*@ loop invariant 0 <= i <= name.len;
        loop invariant \forall integer k; 0 <= k < i ==> holm_param_word(name.ptr[k]);
        loop assigns i, byte;
        loop variant name.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(name, i, &byte); i++) {
        if (!is_word(byte))
            return false;
    }
    return true;
}

/* name_put repeats a name that may be anything. */
/*@ requires holm_writable(out) && holm_param_away(name, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures holm_param_plain{Old}(name) ==> \result == (out->size - \old(out->len) >= name.len);
    ensures \result && holm_param_plain{Old}(name) ==>
              holm_param_written(out, \old(out->len), name); */
static bool name_put(struct holm_buffer *out, struct holm_bytes name)
{
    return is_plain(name) ? holm_buffer_bytes(out, name) : given_put(out, &name);
}

/* line_start makes problem empty. */
/*@ requires holm_param_line(problem);
    assigns problem->len;
    ensures \result == problem && problem->len == 0; */
static struct holm_buffer *line_start(struct holm_buffer *problem)
{
    holm_assert(problem->size >= HOLM_PARAM_PROBLEM_MAX);
    problem->len = 0;
    return problem;
}

/* got_put says what was given instead of a value of the parameter. */
/*@ requires holm_writable(out) && holm_param_source(param, out) && holm_param_given(given, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len); */
static bool got_put(struct holm_buffer *out, const struct holm_param *param,
                    const struct holm_bytes *given)
{
    return put(out, HOLM_TEXT(": got ")) && given_put(out, given) &&
           put(out, HOLM_TEXT(", expected ")) && holm_param__expectation_put(out, param);
}

void holm_param__problem(const struct holm_param *param, struct holm_buffer *problem,
                         const struct holm_bytes *given)
{
    struct holm_buffer *line = line_start(problem);
    (void)(name_put(line, param->name) && got_put(line, param, given));
}

/* names_put says which parameters there are, as many as fit. */
/*@ requires holm_writable(out) && holm_param_sources(params, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result && params.count > 0 ==> out->len > \old(out->len); */
static bool names_put(struct holm_buffer *out, struct holm_params params)
{
    bool fits = true;
    /*@ loop invariant 0 <= i <= params.count && holm_writable(out);
        loop invariant out->len >= \at(out->len,Pre);
        loop invariant fits && i > 0 ==> out->len > \at(out->len,Pre);
        loop assigns i, fits, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant params.count - i; */
    for (size_t i = 0; fits && i < params.count; i++)
        fits = put(out, i == 0 ? HOLM_TEXT(": ") : HOLM_TEXT(", ")) &&
               put(out, holm_param__at(params, i)->name);
    return fits;
}

/* unknown_put says what was given for a name that no parameter has. */
/*@ requires holm_writable(out) && holm_param_sources(params, out);
    requires holm_param_given(given, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len); */
static bool unknown_put(struct holm_buffer *out, struct holm_params params,
                        const struct holm_bytes *given)
{
    return put(out, HOLM_TEXT(": no such parameter, got ")) && given_put(out, given) &&
           put(out, HOLM_TEXT(", expected one that --help names")) && names_put(out, params);
}

void holm_param__problem_unknown(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name, const struct holm_bytes *given)
{
    struct holm_buffer *line = line_start(problem);
    if (!name_put(line, name))
        return;
    /*@ assert holm_param_plain{Pre}(name) ==> holm_param_written(line, 0, name); */
    (void)unknown_put(line, params, given);
}

void holm_param__problem_twice(const struct holm_param *param, struct holm_buffer *problem)
{
    struct holm_buffer *line = line_start(problem);
    (void)(name_put(line, param->name) &&
           put(line, HOLM_TEXT(": two parts of this image declare a parameter of this name, "
                               "expected one")));
}

void holm_param__problem_argument(struct holm_buffer *problem, struct holm_bytes argument)
{
    struct holm_buffer *line = line_start(problem);
    (void)(given_put(line, &argument) && put(line, HOLM_TEXT(": expected --name=value")));
}
