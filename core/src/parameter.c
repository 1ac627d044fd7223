/* SPDX-License-Identifier: ISC */
/* parameter.c: from the text of a parameter to its variable. */
#include "parameter_impl.h"
#include <holm/parameter.h>

/* struct scratch is room for the value of a list's element, which is only checked. */
struct scratch {
    bool yes;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    struct holm_bytes bytes;
    struct holm_ip_address ip;
    struct holm_ip_prefix prefix;
    struct holm_endpoint endpoint;
    struct holm_mac_address mac;
};

static bool same_name(struct holm_bytes a, struct holm_bytes b)
{
    uint8_t from_a, from_b;
    if (a.len != b.len)
        return false;
    while (holm_bytes_u8(&a, &from_a) && holm_bytes_u8(&b, &from_b)) {
        if ((from_a == '-' ? '_' : from_a) != (from_b == '-' ? '_' : from_b))
            return false;
    }
    return true;
}

const struct holm_param *holm_param__at(struct holm_params params, size_t index)
{
    return &HOLM_NTH(params.first, params.count, index);
}

static const struct holm_param *find(struct holm_params params, struct holm_bytes name)
{
    for (size_t i = 0; i < params.count; i++) {
        if (same_name(holm_param__at(params, i)->name, name))
            return holm_param__at(params, i);
    }
    return NULL;
}

/* take_until takes what stands before the first mark off *in, and the mark; all of it if there is
 * no mark, and then *found is false. */
static struct holm_bytes take_until(struct holm_bytes *in, uint8_t mark, bool *found)
{
    struct holm_bytes part = { 0 };
    uint8_t dropped;
    size_t len = 0;
    while (len < in->len && !holm_bytes_is(*in, len, mark))
        len++;
    holm_assert(holm_bytes_take(in, len, &part));
    *found = holm_bytes_u8(in, &dropped);
    return part;
}

bool holm_param__choice_next(struct holm_bytes *choices, struct holm_bytes *choice)
{
    bool more;
    if (choices->len == 0)
        return false;
    *choice = take_until(choices, '|', &more);
    return true;
}

bool holm_param_list_next(struct holm_bytes *list, struct holm_bytes *element)
{
    bool more;
    if (list->len == 0)
        return false;
    *element = take_until(list, ',', &more);
    return true;
}

static bool bool_set(bool *value, struct holm_bytes text)
{
    bool yes = holm_bytes_equal(text, HOLM_TEXT("true"));
    if (!yes && !holm_bytes_equal(text, HOLM_TEXT("false")))
        return false;
    *value = yes;
    return true;
}

static bool enum_set(uint32_t *value, struct holm_bytes text, struct holm_bytes choices)
{
    struct holm_bytes choice;
    for (uint32_t i = 0; holm_param__choice_next(&choices, &choice); i++) {
        if (!holm_bytes_equal(choice, text))
            continue;
        *value = i;
        return true;
    }
    return false;
}

/* number_parse reads a number of the parameter's kind and checks its range. */
static bool number_parse(const struct holm_param *param, enum holm_param_kind kind, uint64_t *value,
                         struct holm_bytes text)
{
    enum holm_result result = kind == HOLM_PARAM_KIND_DURATION
                                  ? holm_text_duration_parse(value, text)
                              : kind == HOLM_PARAM_KIND_SIZE ? holm_text_size_parse(value, text)
                                                             : holm_text_u64_parse(value, text);
    return result == HOLM_OK && *value >= param->least && *value <= param->most;
}

static bool u16_set(const struct holm_param *param, uint16_t *value, struct holm_bytes text)
{
    uint64_t number = 0;
    if (!number_parse(param, HOLM_PARAM_KIND_U16, &number, text) || number > UINT16_MAX)
        return false;
    *value = (uint16_t)number;
    return true;
}

static bool u32_set(const struct holm_param *param, uint32_t *value, struct holm_bytes text)
{
    uint64_t number = 0;
    if (!number_parse(param, HOLM_PARAM_KIND_U32, &number, text) || number > UINT32_MAX)
        return false;
    *value = (uint32_t)number;
    return true;
}

static bool u64_set(const struct holm_param *param, enum holm_param_kind kind, uint64_t *value,
                    struct holm_bytes text)
{
    uint64_t number = 0;
    if (!number_parse(param, kind, &number, text))
        return false;
    *value = number;
    return true;
}

static bool ip_set(struct holm_ip_address *value, struct holm_bytes text,
                   enum holm_ip_family family)
{
    struct holm_ip_address address = { 0 };
    if (holm_text_ip_parse(&address, text) != HOLM_OK)
        return false;
    if (family != HOLM_IP_NONE && family != address.family)
        return false;
    *value = address;
    return true;
}

/* one_set reads text, of a kind that is no list, into the variable at value. */
static bool one_set(const struct holm_param *param, enum holm_param_kind kind, void *value,
                    struct holm_bytes text)
{
    switch (kind) {
    case HOLM_PARAM_KIND_BOOL:
        return bool_set(value, text);
    case HOLM_PARAM_KIND_U16:
        return u16_set(param, value, text);
    case HOLM_PARAM_KIND_U32:
        return u32_set(param, value, text);
    case HOLM_PARAM_KIND_U64:
    case HOLM_PARAM_KIND_DURATION:
    case HOLM_PARAM_KIND_SIZE:
        return u64_set(param, kind, value, text);
    case HOLM_PARAM_KIND_TEXT:
        *(struct holm_bytes *)value = text;
        return true;
    case HOLM_PARAM_KIND_IPV4:
        return ip_set(value, text, HOLM_IP_V4);
    case HOLM_PARAM_KIND_IPV6:
        return ip_set(value, text, HOLM_IP_V6);
    case HOLM_PARAM_KIND_IP:
        return ip_set(value, text, HOLM_IP_NONE);
    case HOLM_PARAM_KIND_PREFIX:
        return holm_text_prefix_parse(value, text) == HOLM_OK;
    case HOLM_PARAM_KIND_ENDPOINT:
        return holm_text_endpoint_parse(value, text) == HOLM_OK;
    case HOLM_PARAM_KIND_MAC:
        return holm_text_mac_parse(value, text) == HOLM_OK;
    case HOLM_PARAM_KIND_ENUM:
        return enum_set(value, text, param->choices);
    case HOLM_PARAM_KIND_LIST:
        return false;
    }
    return false;
}

/* element_check answers whether text is an element of the list. */
static bool element_check(const struct holm_param *param, struct holm_bytes text)
{
    struct scratch scratch = { 0 };
    void *value = &scratch.u64;
    switch (param->element) {
    case HOLM_PARAM_KIND_BOOL:
        value = &scratch.yes;
        break;
    case HOLM_PARAM_KIND_U16:
        value = &scratch.u16;
        break;
    case HOLM_PARAM_KIND_U32:
        value = &scratch.u32;
        break;
    case HOLM_PARAM_KIND_TEXT:
        value = &scratch.bytes;
        break;
    case HOLM_PARAM_KIND_IPV4:
    case HOLM_PARAM_KIND_IPV6:
    case HOLM_PARAM_KIND_IP:
        value = &scratch.ip;
        break;
    case HOLM_PARAM_KIND_PREFIX:
        value = &scratch.prefix;
        break;
    case HOLM_PARAM_KIND_ENDPOINT:
        value = &scratch.endpoint;
        break;
    case HOLM_PARAM_KIND_MAC:
        value = &scratch.mac;
        break;
    case HOLM_PARAM_KIND_U64:
    case HOLM_PARAM_KIND_DURATION:
    case HOLM_PARAM_KIND_SIZE:
    case HOLM_PARAM_KIND_ENUM:
    case HOLM_PARAM_KIND_LIST:
        break;
    }
    return text.len > 0 && one_set(param, param->element, value, text);
}

/* list_set checks every element; a comma at the end is an empty one. */
static bool list_set(const struct holm_param *param, struct holm_bytes text)
{
    struct holm_bytes rest = text, element;
    while (holm_param_list_next(&rest, &element)) {
        if (!element_check(param, element))
            return false;
    }
    if (text.len > 0 && holm_bytes_is(text, text.len - 1, ','))
        return false;
    *(struct holm_bytes *)param->value = text;
    return true;
}

static bool value_set(const struct holm_param *param, struct holm_bytes text)
{
    if (param->kind == HOLM_PARAM_KIND_LIST)
        return list_set(param, text);
    return one_set(param, param->kind, param->value, text);
}

enum holm_result holm_params_set(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name_and_value)
{
    struct holm_bytes value = name_and_value;
    bool has_value;
    struct holm_bytes name = take_until(&value, '=', &has_value);
    const struct holm_param *param = find(params, name);
    if (param == NULL) {
        holm_param__problem_unknown(params, problem, name, has_value ? &value : NULL);
        return HOLM_ERR_INVALID;
    }
    if (!has_value || !value_set(param, value)) {
        holm_param__problem(param, problem, has_value ? &value : NULL);
        return HOLM_ERR_INVALID;
    }
    return HOLM_OK;
}

/* default_set gives the variable its default, again if it was set before. */
static bool default_set(const struct holm_param *param)
{
    switch (param->kind) {
    case HOLM_PARAM_KIND_BOOL:
        *(bool *)param->value = param->default_value != 0;
        return true;
    case HOLM_PARAM_KIND_U16:
        *(uint16_t *)param->value = (uint16_t)param->default_value;
        return true;
    case HOLM_PARAM_KIND_U32:
    case HOLM_PARAM_KIND_ENUM:
        *(uint32_t *)param->value = (uint32_t)param->default_value;
        return true;
    case HOLM_PARAM_KIND_U64:
    case HOLM_PARAM_KIND_DURATION:
    case HOLM_PARAM_KIND_SIZE:
        *(uint64_t *)param->value = param->default_value;
        return true;
    case HOLM_PARAM_KIND_TEXT:
    case HOLM_PARAM_KIND_LIST:
        return value_set(param, param->default_text);
    case HOLM_PARAM_KIND_IPV4:
    case HOLM_PARAM_KIND_IPV6:
    case HOLM_PARAM_KIND_IP:
        *(struct holm_ip_address *)param->value = (struct holm_ip_address){ 0 };
        break;
    case HOLM_PARAM_KIND_PREFIX:
        *(struct holm_ip_prefix *)param->value = (struct holm_ip_prefix){ 0 };
        break;
    case HOLM_PARAM_KIND_ENDPOINT:
        *(struct holm_endpoint *)param->value = (struct holm_endpoint){ 0 };
        break;
    case HOLM_PARAM_KIND_MAC:
        *(struct holm_mac_address *)param->value = (struct holm_mac_address){ 0 };
        break;
    }
    return param->default_text.len == 0 || value_set(param, param->default_text);
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
        if (!default_set(param)) {
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

bool holm_param__is_for(const struct holm_param *param, struct holm_bytes text)
{
    bool has_value;
    return same_name(param->name, take_until(&text, '=', &has_value));
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
