/* SPDX-License-Identifier: ISC */
/* answer_kem.c: secrets of two that one seals for the other. */
#include "answer.h"

#include <holm/kem.h>
#include <stdio.h>
#include <string.h>

static const struct holm_kem *const kems[] = { &holm_ml_kem_512, &holm_ml_kem_768,
                                               &holm_ml_kem_1024 };

/* drawn is a source of numbers that are given: what is drawn once is the bytes of context. */
static void drawn(struct holm_random *random, struct holm_span out)
{
    const struct holm_bytes *bytes = random->context;
    struct holm_buffer filling = holm_span_buffer(out);

    holm_assert(bytes->len == out.len && holm_buffer_bytes(&filling, *bytes));
}

static void seal_answer(const struct holm_kem *kem, struct holm_random *random)
{
    struct holm_span room = answer_room(kem->sealed_bytes + kem->shared_bytes), sealed, shared;

    holm_assert(holm_span_part(room, 0, kem->sealed_bytes, &sealed) &&
                holm_span_part(room, kem->sealed_bytes, kem->shared_bytes, &shared));
    if (holm_kem_encapsulate(kem, shared, sealed, answer_bytes(2), random) == HOLM_OK) {
        answer_give(holm_span_bytes(room));
        return;
    }
    for (size_t i = 0; i < room.len; i++)
        holm_assert(HOLM_NTH(room.ptr, room.len, i) == 0);
    printf("refused\n");
}

static void open_answer(const struct holm_kem *kem)
{
    struct holm_span shared = answer_room(kem->shared_bytes);

    if (holm_kem_decapsulate(kem, shared, answer_bytes(2), answer_bytes(3)) == HOLM_OK)
        answer_give(holm_span_bytes(shared));
    else
        printf("refused\n");
}

static void kem_answer(const struct holm_kem *kem)
{
    struct holm_bytes word = answer_bytes(2), given = { 0 };
    struct holm_random random = { .fill = drawn, .context = &given };
    struct holm_span out = { 0 };

    if (strcmp(answer_word(0), "kem-seal") == 0) {
        given = answer_bytes(3);
        seal_answer(kem, &random);
    } else if (strcmp(answer_word(0), "kem-open") == 0) {
        open_answer(kem);
    } else if (strcmp(answer_word(0), "kem-valid") == 0) {
        printf("%s\n", holm_kem_secret_valid(kem, word) ? "right" : "refused");
    } else if (strcmp(answer_word(0), "kem-secret") == 0) {
        out = answer_room(kem->secret_bytes);
        given = word;
        holm_kem_secret(kem, out, &random);
        answer_give(holm_span_bytes(out));
    } else {
        out = answer_room(kem->public_bytes);
        holm_kem_public(kem, out, word);
        holm_assert(holm_kem_public_valid(kem, holm_span_bytes(out)));
        answer_give(holm_span_bytes(out));
    }
}

bool answer_kem(void)
{
    for (size_t i = 0; i < HOLM_COUNT(kems); i++)
        if (strncmp(answer_word(0), "kem-", 4) == 0 && answer_is(HOLM_AT(kems, i)->name, 1)) {
            kem_answer(HOLM_AT(kems, i));
            return true;
        }
    return false;
}
