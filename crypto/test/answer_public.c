/* SPDX-License-Identifier: ISC */
/* answer_public.c: what is done with public keys. */
#include "answer.h"

#include <holm/agreement.h>
#include <stdio.h>
#include <string.h>

static const struct holm_agreement *const agreements[] = { &holm_x25519 };

bool answer_public(void)
{
    for (size_t i = 0; i < HOLM_COUNT(agreements); i++) {
        const struct holm_agreement *agreement = HOLM_AT(agreements, i);
        if (!answer_is(agreement->name, 1))
            continue;
        struct holm_span out = answer_room(agreement->shared_bytes);
        if (strcmp(answer_word(0), "public") == 0)
            holm_agreement_public(agreement, out, answer_bytes(2));
        else if (holm_agreement_agree(agreement, out, answer_bytes(2), answer_bytes(3)) !=
                 HOLM_OK) {
            printf("refused\n");
            return true;
        }
        answer_give(holm_span_bytes(out));
        return true;
    }
    return false;
}
