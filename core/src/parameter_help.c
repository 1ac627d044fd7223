/* SPDX-License-Identifier: ISC */
/* parameter_help.c: --help. */
#include "parameter_impl.h"

/*@ requires holm_writable(out) && holm_param_away(text, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result == (out->size - \old(out->len) >= text.len);
    ensures out->len == \old(out->len) + (\result ? text.len : 0); */
static bool put(struct holm_buffer *out, struct holm_bytes text)
{
    return holm_buffer_bytes(out, text);
}

/* choice_nth is choice n of them, counted from 0; the last one if there are not so many. */
/*@ requires holm_readable(choices);
    assigns \nothing;
    ensures \result.len <= choices.len;
    ensures \result.len > 0 ==> \exists integer at; 0 <= at && at + \result.len <= choices.len &&
              \result.ptr == choices.ptr + at;
    ensures n == 0 && choices.len > 0 ==> \result.ptr == choices.ptr &&
              holm_until(choices, '|', \result.len); */
static struct holm_bytes choice_nth(struct holm_bytes choices, uint64_t n)
{
    struct holm_bytes rest = choices, choice = { 0 };
    /*@ loop invariant rest.len <= choices.len && i <= choices.len - rest.len;
        loop invariant i == 0 ==> rest.len == choices.len;
        loop invariant i == 1 ==> choice.ptr == choices.ptr &&
                         holm_until(choices, '|', choice.len);
        loop invariant n == 0 ==> i <= 1;
        loop invariant rest.ptr == choices.ptr + (choices.len - rest.len);
        loop invariant choice.len <= choices.len;
        loop invariant choice.len > 0 ==> \exists integer at; 0 <= at &&
                         at + choice.len <= choices.len && choice.ptr == choices.ptr + at;
        loop assigns i, rest, choice;
        loop variant rest.len; */
    for (uint64_t i = 0; i <= n && holm_param__choice_next(&rest, &choice); i++)
        continue;
    return choice;
}

/* default_put writes the default of a parameter that has one. */
/*@ requires holm_writable(out) && holm_help_source(param, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result && holm_param_counts(param->kind) ==> out->len > \old(out->len); */
static bool default_put(struct holm_buffer *out, const struct holm_param *param)
{
    switch (param->kind) {
    case HOLM_PARAM_KIND_BOOL:
        return put(out, param->default_value != 0 ? HOLM_TEXT("true") : HOLM_TEXT("false"));
    case HOLM_PARAM_KIND_U16:
    case HOLM_PARAM_KIND_U32:
    case HOLM_PARAM_KIND_U64:
    case HOLM_PARAM_KIND_DURATION:
    case HOLM_PARAM_KIND_SIZE:
        return holm_param__quantity_put(out, param, param->default_value);
    case HOLM_PARAM_KIND_ENUM:
        return put(out, choice_nth(param->choices, param->default_value));
    case HOLM_PARAM_KIND_TEXT:
    case HOLM_PARAM_KIND_IPV4:
    case HOLM_PARAM_KIND_IPV6:
    case HOLM_PARAM_KIND_IP:
    case HOLM_PARAM_KIND_PREFIX:
    case HOLM_PARAM_KIND_ENDPOINT:
    case HOLM_PARAM_KIND_MAC:
    case HOLM_PARAM_KIND_LIST:
        return put(out, param->default_text);
    }
    return false;
}

/* built_find sets *value to what the build gave for the parameter; false if it gave nothing. */
/*@ requires holm_params_built(params) && \valid_read(param) && holm_readable(param->name);
    requires param->name.len <= HOLM_PARAM_WORDS_MAX && \valid(value);
    requires \separated(value, param) && \separated(value, params.built + (0 .. params.built_count - 1));
    requires \forall integer i; 0 <= i < params.built_count ==>
               \separated(value, params.built[i].text.ptr + (0 .. params.built[i].text.len - 1));
    assigns *value;
    ensures \result ==> \exists integer i;
              holm_help_built{Old}(params, (struct holm_param *)param, *value, i);
    ensures !\result ==> *value == \old(*value); */
static bool built_find(struct holm_params params, const struct holm_param *param,
                       struct holm_bytes *value)
{
    /*@ loop invariant 0 <= i <= params.built_count;
        loop invariant holm_help_none{Pre}(params, (struct holm_param *)param, i);
        loop assigns i;
        loop variant i; */
    for (size_t i = params.built_count; i > 0; i--) {
        struct holm_bytes text = HOLM_NTH(params.built, params.built_count, i - 1).text;
        if (!holm_param__is_for(param, text))
            continue;
        /*@ assert holm_help_last{Pre}(params, (struct holm_param *)param, i - 1); */
        if (!holm_bytes_from(text, param->name.len + 1, value))
            return false;
        /*@ assert holm_help_built{Pre}(params, (struct holm_param *)param, *value, i - 1); */
        return true;
    }
    return false;
}

/*@ requires holm_writable(out) && holm_help_source(param, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len == \old(out->len) + param->name.len + 5; */
static bool name_put(struct holm_buffer *out, const struct holm_param *param)
{
    return put(out, HOLM_TEXT("  --")) && put(out, param->name) && put(out, HOLM_TEXT("="));
}

/* value_put writes what the build gave, or else the default. */
/*@ requires holm_writable(out) && holm_help_source(param, out);
    requires holm_params_built(params) && holm_params_built_off(params, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result && holm_param_counts(param->kind) &&
              holm_help_none{Old}(params, (struct holm_param *)param, 0) ==>
              out->len > \old(out->len); */
static bool value_put(struct holm_buffer *out, struct holm_params params,
                      const struct holm_param *param)
{
    struct holm_bytes built;
    if (!built_find(params, param, &built))
        return default_put(out, param);
    /*@ assert holm_readable(built); */
    /*@ assert \separated(out, built.ptr + (0 .. built.len - 1)); */
    /*@ assert \separated(out->ptr + (0 .. out->size - 1), built.ptr + (0 .. built.len - 1)); */
    return put(out, built);
}

/*@ requires holm_writable(out) && holm_help_source(param, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len) + param->help.len; */
static bool words_put(struct holm_buffer *out, const struct holm_param *param)
{
    return put(out,
               param->required ? HOLM_TEXT("  (required)\n        ") : HOLM_TEXT("\n        ")) &&
           put(out, param->help) && put(out, HOLM_TEXT("; ")) &&
           holm_param__expectation_put(out, param) && holm_buffer_u8(out, '\n');
}

/*@ requires holm_writable(out) && holm_help_source(param, out);
    requires holm_params_built(params) && holm_params_built_off(params, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len) + param->name.len + param->help.len; */
static bool help_put(struct holm_buffer *out, struct holm_params params,
                     const struct holm_param *param)
{
    return name_put(out, param) && value_put(out, params, param) && words_put(out, param);
}

/*@ requires holm_writable(out) && holm_help_title((struct holm_image_title *)title, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len >= \old(out->len) + 31; */
static bool title_put(struct holm_buffer *out, const struct holm_image_title *title)
{
    if (title == NULL)
        return put(out, HOLM_TEXT("Parameters and their defaults:\n"));
    return put(out, title->name) && put(out, HOLM_TEXT(": ")) && put(out, title->description) &&
           put(out, HOLM_TEXT("\n\nParameters and their defaults:\n"));
}

/* nth_by_name is the parameter that has exactly nth others before it; there are more than nth. */

/* Admitted: that one of them has so many before it is a matter of counting, which provers do not do. */
/*@ requires holm_params_names(params) && nth < params.count;
    assigns \nothing;
    ensures \exists integer i; 0 <= i < params.count && \result == params.first + i; */
static const struct holm_param *nth_by_name(struct holm_params params, size_t nth)
{
    const struct holm_param *found = NULL;
    /*@ loop assigns i, found; */
    for (size_t i = 0; i < params.count && found == NULL; i++) {
        size_t before = 0;
        /*@ loop assigns j, before; */
        for (size_t j = 0; j < params.count; j++) {
            int order = holm_bytes_compare(holm_param__at(params, j)->name,
                                           holm_param__at(params, i)->name);
            before += order < 0 || (order == 0 && j < i) ? 1 : 0;
        }
        if (before == nth)
            found = holm_param__at(params, i);
    }
    holm_assert(found != NULL);
    return found;
}

/* Admitted: that any part of the help fits HOLM_PARAM_HELP_MAX bytes is tested. */
/*@ requires \valid_read(out);
    assigns \nothing;
    ensures \true; */
static void room_check(const struct holm_buffer *out, size_t before)
{
    holm_assert(before > 0 || out->size < HOLM_PARAM_HELP_MAX);
}

/* part_put writes the title, then one parameter at a time. */
/*@ requires holm_writable(out) && holm_help_sources(params, out) && holm_params_names(params);
    requires holm_params_built(params) && holm_params_built_off(params, out);
    requires holm_help_title((struct holm_image_title *)params.title, out);
    requires nth <= params.count;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len); */
static bool part_put(struct holm_buffer *out, struct holm_params params, size_t nth)
{
    if (nth == 0)
        return title_put(out, params.title);
    return help_put(out, params, nth_by_name(params, nth - 1));
}

enum holm_result holm_params_help(struct holm_params params, struct holm_buffer *out,
                                  size_t *cursor)
{
    /*@ loop invariant holm_writable(out) && out->len >= \at(out->len,Pre);
        loop invariant holm_help_sources(params, out);
        loop invariant holm_params_names(params);
        loop invariant holm_params_built(params);
        loop invariant holm_params_built_off(params, out);
        loop invariant holm_help_title((struct holm_image_title *)params.title, out);
        loop invariant *cursor > params.count ==> *cursor == params.count + 1 ||
                         *cursor == \at(*cursor,Pre);
        loop assigns *cursor, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant params.count - *cursor; */
    for (; *cursor <= params.count; *cursor += 1) {
        size_t before = out->len;
        if (!part_put(out, params, *cursor)) {
            room_check(out, before);
            out->len = before;
            return HOLM_AGAIN;
        }
    }
    return HOLM_OK;
}
