/* SPDX-License-Identifier: ISC */
/* answer_fortuna.c: one Fortuna, and one generator over it, told step by step what happens. */
#include "answer.h"

#include <holm/fortuna.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct holm_fortuna fortuna;
static struct holm_generator generator;

static void draw(void)
{
    struct holm_span out = answer_room(answer_number(1));
    enum holm_result result = holm_fortuna_draw(&fortuna, out);

    if (result == HOLM_OK)
        answer_give(holm_span_bytes(out));
    else
        printf("%s\n", result == HOLM_ERR_LIMIT ? "limit" : "refused");
}

/* answer_fortuna answers fortuna-new, fortuna-seed ENTROPY, fortuna-add NS SOURCE EVENT, fortuna-draw
 * LENGTH and fortuna-fast LENGTH. */
bool answer_fortuna(void)
{
    if (strncmp(answer_word(0), "fortuna-", 8) != 0)
        return false;
    if (strcmp(answer_word(0), "fortuna-draw") == 0) {
        draw();
        return true;
    }
    if (strcmp(answer_word(0), "fortuna-fast") == 0) {
        struct holm_random random = holm_generator_random(&generator);
        struct holm_span out = answer_room(answer_number(1));
        holm_random_fill(&random, out);
        answer_give(holm_span_bytes(out));
        return true;
    }
    if (strcmp(answer_word(0), "fortuna-new") == 0) {
        holm_fortuna_close(&fortuna);
        holm_fortuna_generator(&generator, &fortuna);
    } else if (strcmp(answer_word(0), "fortuna-seed") == 0) {
        holm_fortuna_seed(&fortuna, answer_bytes(1));
    } else {
        holm_fortuna_add(&fortuna, strtoull(answer_word(1), NULL, 10), (uint8_t)answer_number(2),
                         answer_bytes(3));
    }
    printf("done\n");
    return true;
}
