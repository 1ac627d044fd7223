/* SPDX-License-Identifier: ISC */
/* parameter.c: which parameter a text is for, and all of them at the start. */
#include "parameter_impl.h"
#include <holm/parameter.h>

/* find gives the first declaration of the name. */
static const struct holm_param *find(struct holm_params params, struct holm_bytes name)
{
    for (size_t i = 0; i < params.count; i++) {
        if (holm_param__is_named(holm_param__at(params, i), name))
            return holm_param__at(params, i);
    }
    return NULL;
}

enum holm_result holm_params_set(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name_and_value)
{
    struct holm_bytes value = name_and_value;
    bool has_value;
    struct holm_bytes name = holm_param__take_until(&value, '=', &has_value);
    const struct holm_param *param = find(params, name);
    if (param == NULL) {
        holm_param__problem_unknown(params, problem, name, has_value ? &value : NULL);
        return HOLM_ERR_INVALID;
    }
    if (!has_value || !holm_param__set(param, value)) {
        holm_param__problem(param, problem, has_value ? &value : NULL);
        return HOLM_ERR_INVALID;
    }
    return HOLM_OK;
}

/* declarations_check sets the defaults, and refuses two declarations of one name and a default that
 * is none. */
static enum holm_result declarations_check(struct holm_params params, struct holm_buffer *problem)
{
    for (size_t i = 0; i < params.count; i++) {
        const struct holm_param *param = holm_param__at(params, i);
        if (find(params, param->name) != param) {
            holm_param__problem_twice(param, problem);
            return HOLM_ERR_INVALID;
        }
        if (!holm_param__default_set(param)) {
            holm_param__problem(param, problem, &param->default_text);
            return HOLM_ERR_INVALID;
        }
    }
    return HOLM_OK;
}

/* argument_set sets one parameter from "--name=value". */
static enum holm_result argument_set(struct holm_params params, struct holm_buffer *problem,
                                     struct holm_bytes argument)
{
    struct holm_bytes rest;
    if (!holm_text_starts(argument, HOLM_TEXT("--")) || !holm_bytes_from(argument, 2, &rest)) {
        holm_param__problem_argument(problem, argument);
        return HOLM_ERR_INVALID;
    }
    return holm_params_set(params, problem, rest);
}

static bool is_missing(struct holm_params params, const struct holm_param *param,
                       const struct holm_bytes *arguments, size_t count)
{
    if (!param->required)
        return false;
    for (size_t i = 0; i < params.built_count; i++) {
        if (holm_param__is_for(param, HOLM_NTH(params.built, params.built_count, i).text))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct holm_bytes name = HOLM_NTH(arguments, count, i);
        if (holm_bytes_from(name, 2, &name) && holm_param__is_for(param, name))
            return false;
    }
    return true;
}

enum holm_result holm_params_start(struct holm_params params, struct holm_buffer *problem,
                                   const struct holm_bytes *arguments, size_t count)
{
    enum holm_result result;
    for (size_t i = 0; i < count; i++) {
        if (holm_bytes_equal(HOLM_NTH(arguments, count, i), HOLM_TEXT("--help")))
            return HOLM_END;
    }
    result = declarations_check(params, problem);
    for (size_t i = 0; result == HOLM_OK && i < params.built_count; i++)
        result =
            holm_params_set(params, problem, HOLM_NTH(params.built, params.built_count, i).text);
    for (size_t i = 0; result == HOLM_OK && i < count; i++)
        result = argument_set(params, problem, HOLM_NTH(arguments, count, i));
    for (size_t i = 0; result == HOLM_OK && i < params.count; i++) {
        if (!is_missing(params, holm_param__at(params, i), arguments, count))
            continue;
        holm_param__problem(holm_param__at(params, i), problem, NULL);
        result = HOLM_ERR_INVALID;
    }
    return result;
}
