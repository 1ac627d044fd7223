/* SPDX-License-Identifier: ISC */
/* parameter_config.c: the lines of a configuration as arguments, and secrets, which come from there alone. */
#include "parameter_impl.h"

#include <holm/class.h>
#include <holm/parameter.h>

static bool is_secret(const struct holm_param *param)
{
    return param->kind == HOLM_PARAM_KIND_TEXT && param->unit.len > 0;
}

/* complain makes problem one line, cut where its room ends. */
static enum holm_result complain(struct holm_buffer *problem, struct holm_bytes who,
                                 struct holm_bytes what, uint64_t line_number)
{
    problem->len = 0;
    if (holm_buffer_bytes(problem, who) && holm_buffer_bytes(problem, what) && line_number > 0)
        (void)holm_text_u64_emit(problem, line_number);
    return HOLM_ERR_INVALID;
}

/* secret_of gives the secret that "name=value" is for; NULL: none. */
static const struct holm_param *secret_of(struct holm_params params, struct holm_bytes text)
{
    for (size_t i = 0; i < params.count; i++) {
        const struct holm_param *param = holm_param__at(params, i);
        if (is_secret(param) &&
            (holm_param__is_for(param, text) || holm_param__is_named(param, text)))
            return param;
    }
    return NULL;
}

enum holm_result holm_params_open_check(struct holm_params params, struct holm_buffer *problem,
                                        const struct holm_bytes *arguments, size_t count)
{
    const struct holm_param *secret = NULL;
    struct holm_bytes text = { 0 };

    for (size_t i = 0; i < params.built_count && secret == NULL; i++)
        secret = secret_of(params, HOLM_NTH(params.built, params.built_count, i).text);
    for (size_t i = 0; i < count && secret == NULL; i++)
        if (holm_bytes_from(HOLM_NTH(arguments, count, i), 2, &text))
            secret = secret_of(params, text);
    if (secret == NULL)
        return HOLM_OK;
    return complain(problem, secret->name,
                    HOLM_TEXT(": a secret, expected in the file config of --config alone"), 0);
}

/* line_next takes the next line off *config that says something; false if there is none. */
static bool line_next(struct holm_bytes *line, struct holm_bytes *config, uint64_t *number)
{
    while (config->len > 0) {
        if (!holm_bytes_split(config, '\n', line)) {
            *line = *config;
            config->len = 0;
        }
        *number += 1;
        if (line->len > 0 && holm_bytes_is(*line, line->len - 1, '\r'))
            line->len -= 1;
        *line = holm_text_trim(*line);
        if (line->len > 0 && !holm_bytes_is(*line, 0, '#'))
            return true;
    }
    return false;
}

static bool is_known(struct holm_params params, struct holm_bytes name)
{
    for (size_t i = 0; i < params.count; i++)
        if (holm_param__is_named(holm_param__at(params, i), name))
            return true;
    return false;
}

enum holm_result holm_params_config_next(struct holm_bytes *argument, struct holm_params params,
                                         struct holm_buffer *problem, struct holm_buffer *room,
                                         struct holm_bytes *config, uint64_t *number)
{
    struct holm_bytes value = { 0 };
    size_t begun = room->len;
    bool has_value = false;

    if (!line_next(&value, config, number))
        return HOLM_END;
    struct holm_bytes name = holm_text_trim(holm_param__take_until(&value, '=', &has_value));
    if (!has_value)
        return complain(problem, HOLM_TEXT("config"), HOLM_TEXT(": expected name=value in line "),
                        *number);
    if (!is_known(params, name))
        return complain(problem, HOLM_TEXT("config"),
                        HOLM_TEXT(": no such parameter, expected one that --help names in line "),
                        *number);
    if (!holm_buffer_bytes(room, HOLM_TEXT("--")) || !holm_buffer_bytes(room, name) ||
        !holm_buffer_u8(room, '=') || !holm_buffer_bytes(room, holm_text_trim(value)) ||
        !holm_bytes_from(holm_buffer_filled(room), begun, argument))
        return HOLM_ERR_LIMIT;
    return HOLM_OK;
}
