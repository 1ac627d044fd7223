/* SPDX-License-Identifier: ISC */
/* parameter_help.c: --help. */
#include "parameter_impl.h"

static bool put(struct holm_buffer *out, struct holm_bytes text)
{
    return holm_buffer_bytes(out, text);
}

/* default_put writes the default of a parameter that has one. */
static bool default_put(struct holm_buffer *out, const struct holm_param *param)
{
    struct holm_bytes choices = param->choices, choice = { 0 };
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
        for (uint64_t i = 0; i <= param->default_value; i++) {
            if (!holm_param__choice_next(&choices, &choice))
                break;
        }
        return put(out, choice);
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
static bool built_find(struct holm_params params, const struct holm_param *param,
                       struct holm_bytes *value)
{
    for (size_t i = params.built_count; i > 0; i--) {
        struct holm_bytes text = HOLM_NTH(params.built, params.built_count, i - 1).text;
        if (holm_param__is_for(param, text))
            return holm_bytes_from(text, param->name.len + 1, value);
    }
    return false;
}

static bool help_put(struct holm_buffer *out, struct holm_params params,
                     const struct holm_param *param)
{
    struct holm_bytes built;
    return put(out, HOLM_TEXT("  --")) && put(out, param->name) && put(out, HOLM_TEXT("=")) &&
           (built_find(params, param, &built) ? put(out, built) : default_put(out, param)) &&
           put(out,
               param->required ? HOLM_TEXT("  (required)\n        ") : HOLM_TEXT("\n        ")) &&
           put(out, param->help) && put(out, HOLM_TEXT("; ")) &&
           holm_param__expectation_put(out, param) && holm_buffer_u8(out, '\n');
}

static bool title_put(struct holm_buffer *out, const struct holm_image_title *title)
{
    if (title == NULL)
        return put(out, HOLM_TEXT("Parameters and their defaults:\n"));
    return put(out, title->name) && put(out, HOLM_TEXT(": ")) && put(out, title->description) &&
           put(out, HOLM_TEXT("\n\nParameters and their defaults:\n"));
}

/* nth_by_name is the parameter that has exactly nth others before it; there are more than nth. */
static const struct holm_param *nth_by_name(struct holm_params params, size_t nth)
{
    const struct holm_param *found = NULL;
    for (size_t i = 0; i < params.count && found == NULL; i++) {
        size_t before = 0;
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

enum holm_result holm_params_help(struct holm_params params, struct holm_buffer *out,
                                  size_t *cursor)
{
    for (; *cursor <= params.count; *cursor += 1) {
        size_t before = out->len;
        bool fits = *cursor == 0 ? title_put(out, params.title)
                                 : help_put(out, params, nth_by_name(params, *cursor - 1));
        if (!fits) {
            holm_assert(before > 0 || out->size < HOLM_PARAM_HELP_MAX);
            out->len = before;
            return HOLM_AGAIN;
        }
    }
    return HOLM_OK;
}
