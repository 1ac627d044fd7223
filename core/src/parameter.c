/* SPDX-License-Identifier: ISC */
/* parameter.c: which parameter a text is for, and all of them at the start. */
#include "parameter_impl.h"
#include <holm/parameter.h>

/* find gives the index of the first declaration of the name; the count if there is none. */
/*@ requires holm_params_names(params) && holm_readable(name);
    assigns \nothing;
    ensures holm_params_first(params, \result, name); */
static size_t find(struct holm_params params, struct holm_bytes name)
{
    /*@ loop invariant 0 <= i <= params.count;
        loop invariant \forall integer j; 0 <= j < i ==>
                         !holm_param_named(params.first + j, name);
        loop assigns i;
        loop variant params.count - i; */
    for (size_t i = 0; i < params.count; i++) {
        if (holm_param__is_named(holm_param__at(params, i), name))
            return i;
    }
    return params.count;
}

/* Admitted: a variable is an object that nothing here reads; holm_param__set is proved. */
/*@ requires index < params.count && holm_params_names(params) && holm_readable(value);
    assigns \nothing;
    ensures \true; */
static bool variable_set(struct holm_params params, size_t index, struct holm_bytes value)
{
    return holm_param__set(holm_param__at(params, index), value);
}

/* Admitted: as variable_set; holm_param__default_set is proved. */
/*@ requires index < params.count && holm_params_names(params);
    assigns \nothing;
    ensures \true; */
static bool default_set(struct holm_params params, size_t index)
{
    return holm_param__default_set(holm_param__at(params, index));
}

enum holm_result holm_params_set(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name_and_value)
{
    struct holm_bytes value = name_and_value;
    bool has_value;
    struct holm_bytes name = holm_param__take_until(&value, '=', &has_value);
    size_t index = find(params, name);
    /*@ assert \forall integer i; 0 <= i < params.count ==>
                 (holm_param_named(params.first + i, name) <==>
                  holm_param_is(params.first + i, name_and_value)); */
    if (index == params.count) {
        holm_param__problem_unknown(params, problem, name, has_value ? &value : NULL);
        return HOLM_ERR_INVALID;
    }
    /*@ assert has_value ==> holm_params_for{Pre}(params, index, name_and_value); */
    /*@ assert has_value ==> holm_params_known{Pre}(params, name_and_value); */
    if (has_value && variable_set(params, index, value))
        return HOLM_OK;
    holm_param__problem(holm_param__at(params, index), problem, has_value ? &value : NULL);
    return HOLM_ERR_INVALID;
}

/* names_check refuses two declarations of one name. */
/*@ requires holm_params_names(params);
    requires holm_param_line(problem) && holm_param_sources(params, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_INVALID };
    ensures holm_param_line(problem);
    ensures \result == HOLM_OK ==> problem->len == \old(problem->len);
    ensures \result == HOLM_OK ==> holm_params_distinct{Old}(params, params.count); */
static enum holm_result names_check(struct holm_params params, struct holm_buffer *problem)
{
    /*@ loop invariant 0 <= i <= params.count && holm_params_distinct(params, i);
        loop assigns i;
        loop variant params.count - i; */
    for (size_t i = 0; i < params.count; i++) {
        const struct holm_param *param = holm_param__at(params, i);
        if (find(params, param->name) != i) {
            holm_param__problem_twice(param, problem);
            return HOLM_ERR_INVALID;
        }
    }
    return HOLM_OK;
}

/* defaults_set refuses a default that is none. */
/*@ requires holm_params_names(params);
    requires holm_param_line(problem) && holm_param_sources(params, problem);
    requires holm_params_defaults(params, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_INVALID };
    ensures holm_param_line(problem);
    ensures \result == HOLM_OK ==> problem->len == \old(problem->len); */
static enum holm_result defaults_set(struct holm_params params, struct holm_buffer *problem)
{
    /*@ loop invariant 0 <= i <= params.count;
        loop assigns i;
        loop variant params.count - i; */
    for (size_t i = 0; i < params.count; i++) {
        if (!default_set(params, i)) {
            const struct holm_param *param = holm_param__at(params, i);
            holm_param__problem(param, problem, &param->default_text);
            return HOLM_ERR_INVALID;
        }
    }
    return HOLM_OK;
}

/* argument_set sets one parameter from "--name=value". */
/*@ requires holm_params_names(params);
    requires holm_param_line(problem) && holm_param_sources(params, problem);
    requires holm_param_away(argument, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_INVALID };
    ensures holm_param_line(problem);
    ensures \result == HOLM_OK ==> problem->len == \old(problem->len);
    ensures \result == HOLM_OK ==> \exists integer i; 0 <= i < params.count &&
              holm_params_argument{Old}(params.first + i, argument); */
static enum holm_result argument_set(struct holm_params params, struct holm_buffer *problem,
                                     struct holm_bytes argument)
{
    struct holm_bytes rest;
    enum holm_result result;
    if (!holm_text_starts(argument, HOLM_TEXT("--"))) {
        holm_param__problem_argument(problem, argument);
        return HOLM_ERR_INVALID;
    }
    holm_assert(holm_bytes_from(argument, 2, &rest));
    result = holm_params_set(params, problem, rest);
    /*@ assert result == HOLM_OK ==> \exists integer i; 0 <= i < params.count &&
                 holm_params_at{Pre}(params.first + i, rest.ptr, rest.len); */
    return result;
}

/* is_given answers whether "--name=value" is for the parameter. */
/*@ requires \valid_read(param) && holm_readable(param->name) && holm_readable(argument);
    assigns \nothing;
    ensures \result <==> holm_params_argument(param, argument); */
static bool is_given(const struct holm_param *param, struct holm_bytes argument)
{
    struct holm_bytes rest;
    if (!holm_bytes_from(argument, 2, &rest))
        return false;
    /*@ assert holm_param_is(param, rest) ==> holm_params_at(param, rest.ptr, rest.len); */
    /*@ assert holm_params_at(param, rest.ptr, rest.len) ==> holm_param_is(param, rest); */
    return holm_param__is_for(param, rest);
}

/*@ requires \valid_read(param) && holm_readable(param->name) && holm_params_built(params);
    assigns \nothing;
    ensures \result ==> holm_params_has(params, (struct holm_param *)param); */
static bool is_built(struct holm_params params, const struct holm_param *param)
{
    /*@ loop invariant 0 <= i <= params.built_count;
        loop assigns i;
        loop variant params.built_count - i; */
    for (size_t i = 0; i < params.built_count; i++) {
        if (holm_param__is_for(param, HOLM_NTH(params.built, params.built_count, i).text))
            return true;
    }
    return false;
}

/*@ requires \valid_read(param) && holm_readable(param->name) && holm_params_built(params);
    requires holm_params_texts((struct holm_bytes *)arguments, count);
    assigns \nothing;
    ensures !\result && param->required ==>
              holm_params_has(params, (struct holm_param *)param) ||
              holm_params_given((struct holm_param *)param, (struct holm_bytes *)arguments, count);
    ensures \result ==> param->required &&
              \forall integer i; 0 <= i < count ==> !holm_params_argument(param, arguments[i]); */
static bool is_missing(struct holm_params params, const struct holm_param *param,
                       const struct holm_bytes *arguments, size_t count)
{
    if (!param->required || is_built(params, param))
        return false;
    /*@ loop invariant 0 <= i <= count;
        loop invariant \forall integer k; 0 <= k < i ==>
                         !holm_params_argument(param, arguments[k]);
        loop assigns i;
        loop variant count - i; */
    for (size_t i = 0; i < count; i++) {
        if (is_given(param, HOLM_NTH(arguments, count, i)))
            return false;
    }
    return true;
}

/* missing_check refuses a required parameter that nobody gave. */
/*@ requires holm_params_names(params);
    requires holm_param_line(problem) && holm_param_sources(params, problem);
    requires holm_params_built(params) && holm_params_texts(arguments, count);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_INVALID };
    ensures holm_param_line(problem);
    ensures \result == HOLM_OK ==> problem->len == \old(problem->len);
    ensures \result == HOLM_OK ==> \forall integer i; 0 <= i < params.count &&
              params.first[i].required ==> holm_params_has(params, params.first + i) ||
                holm_params_given(params.first + i, arguments, count); */
static enum holm_result missing_check(struct holm_params params, struct holm_buffer *problem,
                                      const struct holm_bytes *arguments, size_t count)
{
    /*@ loop invariant 0 <= i <= params.count;
        loop invariant \forall integer k; 0 <= k < i && params.first[k].required ==>
                         holm_params_has(params, params.first + k) ||
                         holm_params_given(params.first + k, arguments, count);
        loop assigns i;
        loop variant params.count - i; */
    for (size_t i = 0; i < params.count; i++) {
        const struct holm_param *param = holm_param__at(params, i);
        if (is_missing(params, param, arguments, count)) {
            holm_param__problem(param, problem, NULL);
            return HOLM_ERR_INVALID;
        }
    }
    return HOLM_OK;
}

/*@ requires holm_params_texts(arguments, count);
    assigns \nothing;
    ensures \result ==> \exists integer i; 0 <= i < count && arguments[i].len == 6; */
static bool is_help_wanted(const struct holm_bytes *arguments, size_t count)
{
    /*@ loop invariant 0 <= i <= count;
        loop assigns i;
        loop variant count - i; */
    for (size_t i = 0; i < count; i++) {
        if (holm_bytes_equal(HOLM_NTH(arguments, count, i), HOLM_TEXT("--help")))
            return true;
    }
    return false;
}

/* built_set sets what the build gives. */
/*@ requires holm_params_names(params);
    requires holm_param_line(problem) && holm_param_sources(params, problem);
    requires holm_params_built(params) && holm_params_built_off(params, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_INVALID };
    ensures holm_param_line(problem);
    ensures \result == HOLM_OK ==> problem->len == \old(problem->len); */
static enum holm_result built_set(struct holm_params params, struct holm_buffer *problem)
{
    enum holm_result result = HOLM_OK;
    /*@ loop invariant 0 <= i <= params.built_count && holm_params_names(params);
        loop invariant result == HOLM_OK || result == HOLM_ERR_INVALID;
        loop invariant holm_param_line(problem) && holm_param_sources(params, problem);
        loop invariant holm_params_built(params) && holm_params_built_off(params, problem);
        loop invariant result == HOLM_OK ==> problem->len == \at(problem->len,Pre);
        loop assigns i, result, problem->len, problem->ptr[0 .. problem->size - 1];
        loop variant params.built_count - i; */
    for (size_t i = 0; result == HOLM_OK && i < params.built_count; i++)
        result =
            holm_params_set(params, problem, HOLM_NTH(params.built, params.built_count, i).text);
    return result;
}

/* arguments_set sets what the boot arguments give. */
/*@ requires holm_params_names(params);
    requires holm_param_line(problem) && holm_param_sources(params, problem);
    requires holm_params_texts(arguments, count);
    requires holm_params_texts_off(arguments, count, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_INVALID };
    ensures holm_param_line(problem);
    ensures \result == HOLM_OK ==> problem->len == \old(problem->len); */
static enum holm_result arguments_set(struct holm_params params, struct holm_buffer *problem,
                                      const struct holm_bytes *arguments, size_t count)
{
    enum holm_result result = HOLM_OK;
    /*@ loop invariant 0 <= i <= count && holm_params_names(params);
        loop invariant result == HOLM_OK || result == HOLM_ERR_INVALID;
        loop invariant holm_param_line(problem) && holm_param_sources(params, problem);
        loop invariant holm_params_texts(arguments, count);
        loop invariant holm_params_texts_off(arguments, count, problem);
        loop invariant result == HOLM_OK ==> problem->len == \at(problem->len,Pre);
        loop assigns i, result, problem->len, problem->ptr[0 .. problem->size - 1];
        loop variant count - i; */
    for (size_t i = 0; result == HOLM_OK && i < count; i++)
        result = argument_set(params, problem, HOLM_NTH(arguments, count, i));
    return result;
}

enum holm_result holm_params_start(struct holm_params params, struct holm_buffer *problem,
                                   const struct holm_bytes *arguments, size_t count)
{
    enum holm_result result;
    if (is_help_wanted(arguments, count))
        return HOLM_END;
    result = names_check(params, problem);
    if (result == HOLM_OK)
        result = defaults_set(params, problem);
    if (result == HOLM_OK)
        result = built_set(params, problem);
    if (result == HOLM_OK)
        result = arguments_set(params, problem, arguments, count);
    if (result == HOLM_OK)
        result = missing_check(params, problem, arguments, count);
    return result;
}
