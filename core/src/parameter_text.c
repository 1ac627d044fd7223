/* SPDX-License-Identifier: ISC */
/* parameter_text.c: what is expected, what is wrong, and --help. A line about a problem is cut where
 * its buffer ends. */
#include "parameter_impl.h"

/* GIVEN_MAX is how much of a text that was given a line repeats. */
#define GIVEN_MAX 64

static bool put(struct holm_buffer *out, struct holm_bytes text)
{
    return holm_buffer_bytes(out, text);
}

static bool quantity_put(struct holm_buffer *out, const struct holm_param *param, uint64_t value)
{
    if (param->kind == HOLM_PARAM_KIND_DURATION || param->element == HOLM_PARAM_KIND_DURATION)
        return holm_text_duration_emit(out, value);
    if (param->kind == HOLM_PARAM_KIND_SIZE || param->element == HOLM_PARAM_KIND_SIZE)
        return holm_text_size_emit(out, value);
    return holm_text_u64_emit(out, value);
}

/* range_put says from where to where, and of what; a range to the end of 64 bits goes unsaid. */
static bool range_put(struct holm_buffer *out, const struct holm_param *param,
                      struct holm_bytes example)
{
    bool fits = true;
    if (param->least != 0 || param->most != UINT64_MAX)
        fits = put(out, HOLM_TEXT(" from ")) && quantity_put(out, param, param->least) &&
               put(out, HOLM_TEXT(" to ")) && quantity_put(out, param, param->most);
    if (fits && param->unit.len > 0)
        fits = put(out, HOLM_TEXT(" ")) && put(out, param->unit);
    return fits && put(out, example);
}

static bool choices_put(struct holm_buffer *out, struct holm_bytes choices)
{
    struct holm_bytes choice;
    bool fits = put(out, HOLM_TEXT("one of"));
    for (bool first = true; fits && holm_param__choice_next(&choices, &choice); first = false)
        fits = put(out, first ? HOLM_TEXT(" ") : HOLM_TEXT(", ")) && put(out, choice);
    return fits;
}

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

/* expectation_put says what a value of the parameter looks like. */
static bool expectation_put(struct holm_buffer *out, const struct holm_param *param)
{
    return expected_put(out, param, param->kind) &&
           (param->kind != HOLM_PARAM_KIND_LIST || expected_put(out, param, param->element));
}

/* given_put repeats what was given, or the beginning of it. */
static bool given_put(struct holm_buffer *out, const struct holm_bytes *given)
{
    struct holm_bytes head;
    if (given == NULL)
        return put(out, HOLM_TEXT("nothing"));
    if (!holm_bytes_part(*given, 0, GIVEN_MAX, &head))
        return holm_text_quoted_emit(out, *given);
    return holm_text_quoted_emit(out, head) && put(out, HOLM_TEXT("..."));
}

/* name_put repeats a name that may be anything. */
static bool name_put(struct holm_buffer *out, struct holm_bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t byte = 0;
        bool plain = holm_bytes_u8_at(name, i, &byte) &&
                     ((byte >= '0' && byte <= '9') || byte == '_' || byte == '-' ||
                      (holm_text_lower(byte) >= 'a' && holm_text_lower(byte) <= 'z'));
        if (!plain || name.len > GIVEN_MAX)
            return given_put(out, &name);
    }
    return put(out, name);
}

/* line_start makes problem empty. */
static struct holm_buffer *line_start(struct holm_buffer *problem)
{
    holm_assert(problem->size >= HOLM_PARAM_PROBLEM_MAX);
    problem->len = 0;
    return problem;
}

void holm_param__problem(const struct holm_param *param, struct holm_buffer *problem,
                         const struct holm_bytes *given)
{
    struct holm_buffer *line = line_start(problem);
    (void)(name_put(line, param->name) && put(line, HOLM_TEXT(": got ")) &&
           given_put(line, given) && put(line, HOLM_TEXT(", expected ")) &&
           expectation_put(line, param));
}

void holm_param__problem_unknown(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name, const struct holm_bytes *given)
{
    struct holm_buffer *line = line_start(problem);
    bool fits = name_put(line, name) && put(line, HOLM_TEXT(": no such parameter, got ")) &&
                given_put(line, given) && put(line, HOLM_TEXT(", expected one that --help names"));
    for (size_t i = 0; fits && i < params.count; i++)
        fits = put(line, i == 0 ? HOLM_TEXT(": ") : HOLM_TEXT(", ")) &&
               put(line, holm_param__at(params, i)->name);
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
        return quantity_put(out, param, param->default_value);
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
           put(out, param->help) && put(out, HOLM_TEXT("; ")) && expectation_put(out, param) &&
           holm_buffer_u8(out, '\n');
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
