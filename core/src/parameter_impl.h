/* SPDX-License-Identifier: ISC */
/* parameter_impl.h: between parameter.c, parameter_value.c and parameter_address.c, which read values,
 * parameter_text.c, which says what is wrong with them, and parameter_help.c, which says what they are
 * for. */
#pragma once

#include <holm/parameter.h>

/* HOLM_PARAM__GIVEN_MAX is how much of a text that was given a line repeats. */
#define HOLM_PARAM__GIVEN_MAX 64

/* struct holm_param__value is what a text says: one of these, by the kind. */
struct holm_param__value {
    uint64_t number; /* of bool and enum too */
    struct holm_bytes text;
    struct holm_ip_address ip;
    struct holm_ip_prefix prefix;
    struct holm_endpoint endpoint;
    struct holm_mac_address mac;
};

/* holm_param__at is a declaration by index. */
const struct holm_param *holm_param__at(struct holm_params params, size_t index);

/* holm_param__take_until takes what stands before the first mark off *in, and the mark; all of it if
 * there is no mark, and then *found is false. */
struct holm_bytes holm_param__take_until(struct holm_bytes *in, uint8_t mark, bool *found);

/* holm_param__choice_next takes the next of "one|two|three" off *choices. */
bool holm_param__choice_next(struct holm_bytes *choices, struct holm_bytes *choice);

/* holm_param__set gives the variable the value that text says; false, and it is unchanged, if text
 * says none. */
bool holm_param__set(const struct holm_param *param, struct holm_bytes text);

/* holm_param__default_set gives the variable its default, again if it was set before; false if that
 * is none. */
bool holm_param__default_set(const struct holm_param *param);

/* holm_param__is_named answers whether that is the parameter's name. */
bool holm_param__is_named(const struct holm_param *param, struct holm_bytes name);

/* holm_param__is_for answers whether "name=value", without dashes, is for the parameter. */
bool holm_param__is_for(const struct holm_param *param, struct holm_bytes text);

/* holm_param__quantity_put writes a number of the parameter in the unit of its kind, and
 * holm_param__expectation_put what a value of the parameter looks like. */
bool holm_param__quantity_put(struct holm_buffer *out, const struct holm_param *param,
                              uint64_t value);
bool holm_param__expectation_put(struct holm_buffer *out, const struct holm_param *param);

/* These replace what problem holds by one line, about a value that was given (NULL: none was), a
 * name that nobody declared, a name that two declared, and a word that is no parameter. */
void holm_param__problem(const struct holm_param *param, struct holm_buffer *problem,
                         const struct holm_bytes *given);
void holm_param__problem_unknown(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name, const struct holm_bytes *given);
void holm_param__problem_twice(const struct holm_param *param, struct holm_buffer *problem);
void holm_param__problem_argument(struct holm_buffer *problem, struct holm_bytes argument);
