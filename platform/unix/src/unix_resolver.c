/* SPDX-License-Identifier: ISC */
/* unix_resolver.c: names by the host's resolver, above the door: an operation a question. A question
 * that is given up leaves its lookup busy until the host is done with it. */
#include "unix_above.h"

#include <holm/resolver.h>

/* An address as HOLM_OPERATION_RESOLVE brings it. */
#define ADDRESS_BYTES 16

struct lookup {
    struct holm_operation operation;
    struct holm_pump pump;
    struct holm_question *question; /* NULL: given up, or free */
    bool busy;
    uint8_t name[HOLM_RESOLVER_NAME_MAX];
    uint8_t addresses[HOLM_RESOLVER_ADDRESSES_MAX * ADDRESS_BYTES];
};

struct resolver {
    struct holm_resolver resolver;
    struct holm_image *image;
    struct lookup lookups[HOLM_UNIX_LOOKUPS_MAX];
};

static struct resolver *self_of(struct holm_resolver *resolver)
{
    void *base = resolver; /* its first member */

    return base;
}

static void done(struct holm_pump *pump, void *context)
{
    struct lookup *lookup = context;

    (void)pump;
    if (lookup->question == NULL)
        lookup->busy = false;
    else
        holm_wake_ring(&lookup->question->wake);
}

static enum holm_result ask(struct resolver *self, struct lookup *lookup,
                            struct holm_question *question)
{
    struct holm_buffer name = HOLM_BUFFER(lookup->name);

    if (question->name.len == 0 || !holm_buffer_bytes(&name, question->name))
        return HOLM_ERR_LIMIT;
    lookup->busy = true;
    lookup->question = question;
    question->busy = true;
    holm_pump_init(&lookup->pump, &self->image->run->ready, done, lookup);
    lookup->operation = (struct holm_operation){
        .kind = HOLM_OPERATION_RESOLVE,
        .pump = &lookup->pump,
        .pieces = { holm_buffer_filled(&name) },
        .pieces_count = 1,
        .span = { lookup->addresses, sizeof lookup->addresses },
    };
    holm_operation_submit(&self->image->run->operations, &lookup->operation);
    return HOLM_AGAIN;
}

static void answer_read(struct holm_resolver_answer *answer, const struct lookup *lookup)
{
    struct holm_bytes addresses = HOLM_BLOB(lookup->addresses), one = { 0 };

    *answer = (struct holm_resolver_answer){ .lifetime_ns = HOLM_UNIX_NAME_NS };
    for (size_t at = 0; at < lookup->operation.size; at += ADDRESS_BYTES) {
        struct holm_ip_address *to = &HOLM_AT(answer->addresses, answer->count);
        holm_assert(holm_bytes_part(addresses, at, ADDRESS_BYTES, &one) &&
                    holm_ip_from_bytes(to, one) == HOLM_OK);
        *to = holm_ip_unmap(to);
        answer->count++;
    }
}

static enum holm_result resolve(struct holm_resolver *resolver, struct holm_question *question,
                                struct holm_resolver_answer *answer)
{
    struct resolver *self = self_of(resolver);

    for (uint32_t i = 0; i < HOLM_UNIX_LOOKUPS_MAX && !question->busy; i++) {
        question->slot = i;
        if (!HOLM_AT(self->lookups, i).busy)
            return ask(self, &HOLM_AT(self->lookups, i), question);
    }
    if (!question->busy)
        return HOLM_ERR_NO_MEMORY;
    struct lookup *lookup = &HOLM_AT(self->lookups, question->slot);
    if (lookup->operation.submitted)
        return HOLM_AGAIN;
    lookup->busy = false;
    lookup->question = NULL;
    question->busy = false;
    if (lookup->operation.result == HOLM_OK)
        answer_read(answer, lookup);
    return lookup->operation.result;
}

static void cancel(struct holm_resolver *resolver, struct holm_question *question)
{
    struct lookup *lookup = &HOLM_AT(self_of(resolver)->lookups, question->slot);

    if (!question->busy)
        return;
    question->busy = false;
    lookup->question = NULL;
    lookup->busy = lookup->operation.submitted;
}

static const struct holm_resolver_ops ops = { resolve, cancel };

enum holm_result holm_resolver_start(struct holm_resolver **resolver, struct holm_image *image)
{
    struct resolver *self = HOLM_ARENA_NEW(image->arena, struct resolver);

    if (self == NULL)
        return HOLM_ERR_NO_MEMORY;
    self->resolver.ops = &ops;
    self->image = image;
    *resolver = &self->resolver;
    return HOLM_OK;
}
