/* SPDX-License-Identifier: ISC */
/* model_resolver.c: a resolver with names of the test's own. */
#include <holm/model_resolver.h>
#include <holm/text.h>

static struct holm_model_resolver *model_of(struct holm_resolver *resolver)
{
    void *self = resolver; /* its first member */

    return self;
}

static enum holm_result ask(struct holm_model_resolver *model, struct holm_question *question)
{
    if (question->name.len == 0 || question->name.len > HOLM_RESOLVER_NAME_MAX)
        return HOLM_ERR_LIMIT;
    for (uint32_t i = 0; i < HOLM_MODEL_QUESTIONS_MAX; i++) {
        struct holm_model_question *own = &HOLM_AT(model->questions, i);
        if (own->question != NULL)
            continue;
        *own = (struct holm_model_question){ .question = question, .result = HOLM_AGAIN };
        question->slot = i;
        question->busy = true;
        model->asked++;
        return HOLM_AGAIN;
    }
    return HOLM_ERR_NO_MEMORY;
}

static enum holm_result resolve(struct holm_resolver *resolver, struct holm_question *question,
                                struct holm_resolver_answer *answer)
{
    struct holm_model_resolver *model = model_of(resolver);

    if (!question->busy)
        return ask(model, question);
    struct holm_model_question *own = &HOLM_AT(model->questions, question->slot);
    enum holm_result result = own->result;
    if (result == HOLM_AGAIN)
        return result;
    if (result == HOLM_OK)
        *answer = own->answer;
    own->question = NULL;
    question->busy = false;
    return result;
}

static void cancel(struct holm_resolver *resolver, struct holm_question *question)
{
    if (question->busy)
        HOLM_AT(model_of(resolver)->questions, question->slot).question = NULL;
    question->busy = false;
}

static const struct holm_resolver_ops ops = { resolve, cancel };

void holm_model_resolver_init(struct holm_model_resolver *model,
                              const struct holm_model_name *names, size_t names_count)
{
    *model = (struct holm_model_resolver){ .resolver.ops = &ops,
                                           .names = names,
                                           .names_count = names_count };
}

static void answer(const struct holm_model_resolver *model, struct holm_model_question *own)
{
    own->result = HOLM_ERR_NOT_FOUND;
    for (size_t i = 0; i < model->names_count; i++) {
        const struct holm_model_name *known = &HOLM_NTH(model->names, model->names_count, i);
        if (!holm_text_equal_nocase(known->name, own->question->name))
            continue;
        own->result = known->result;
        own->answer = known->answer;
    }
    holm_wake_ring(&own->question->wake);
}

bool holm_model_resolver_move(struct holm_model_resolver *model)
{
    for (size_t i = 0; i < HOLM_MODEL_QUESTIONS_MAX && !model->silent; i++) {
        struct holm_model_question *own = &HOLM_AT(model->questions, i);
        if (own->question == NULL || own->result != HOLM_AGAIN)
            continue;
        answer(model, own);
        return true;
    }
    return false;
}
