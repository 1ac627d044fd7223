/* SPDX-License-Identifier: ISC */
/* parameter_impl.h: between parameter.c, which reads values, and parameter_text.c, which says what
 * is wrong with them and what they are for. */
#pragma once

#include <holm/parameter.h>

/* holm_param__at is a declaration by index. */
const struct holm_param *holm_param__at(struct holm_params params, size_t index);

/* holm_param__choice_next takes the next of "one|two|three" off *choices. */
bool holm_param__choice_next(struct holm_bytes *choices, struct holm_bytes *choice);

/* holm_param__is_for answers whether "name=value", without dashes, is for the parameter. */
bool holm_param__is_for(const struct holm_param *param, struct holm_bytes text);

/* These replace what problem holds by one line, about a value that was given (NULL: none was), a
 * name that nobody declared, a name that two declared, and a word that is no parameter. */
void holm_param__problem(const struct holm_param *param, struct holm_buffer *problem,
                         const struct holm_bytes *given);
void holm_param__problem_unknown(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name, const struct holm_bytes *given);
void holm_param__problem_twice(const struct holm_param *param, struct holm_buffer *problem);
void holm_param__problem_argument(struct holm_buffer *problem, struct holm_bytes argument);
