/* SPDX-License-Identifier: ISC */
/* holm/model_resolver.h: a resolver with names of the test's own. Pure. Questions are answered in
 * holm_model_resolver_move only. */
#pragma once

#include <holm/resolver.h>

/* How many questions can be in progress at once. */
#define HOLM_MODEL_QUESTIONS_MAX 4

/* struct holm_model_name is what is answered to a name. */
struct holm_model_name {
    struct holm_bytes name;
    enum holm_result result; /* HOLM_OK: answer */
    struct holm_resolver_answer answer;
};

struct holm_model_question {
    struct holm_question *question; /* NULL: free */
    enum holm_result result;        /* HOLM_AGAIN: not yet known */
    struct holm_resolver_answer answer;
};

struct holm_model_resolver {
    struct holm_resolver resolver;
    const struct holm_model_name *names;
    size_t names_count;
    uint32_t asked; /* questions so far */
    bool silent;    /* nothing is answered */
    struct holm_model_question questions[HOLM_MODEL_QUESTIONS_MAX];
};

/* holm_model_resolver_init makes a resolver that knows these names and no others.
 *
 * Memory:  keeps names. */
void holm_model_resolver_init(struct holm_model_resolver *model,
                              const struct holm_model_name *names, size_t names_count);

/* holm_model_resolver_move answers one question; false if there is none to answer. */
bool holm_model_resolver_move(struct holm_model_resolver *model);
