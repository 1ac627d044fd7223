/* SPDX-License-Identifier: ISC */
/* answer_encoding.c: hexadecimal and base64. */
#include "answer.h"

#include <holm/encoding.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum holm_base64 form;
} forms[] = { { "base64", HOLM_BASE64_PADDED },
              { "base64-unpadded", HOLM_BASE64_UNPADDED },
              { "base64url", HOLM_BASE64_URL_PADDED },
              { "base64url-unpadded", HOLM_BASE64_URL_UNPADDED } };

/* form_of answers whether a word names a form of base64, and else hex. */
static bool form_of(size_t at, enum holm_base64 *form)
{
    for (size_t i = 0; i < HOLM_COUNT(forms); i++) {
        *form = HOLM_AT(forms, i).form;
        if (strcmp(answer_word(at), HOLM_AT(forms, i).name) == 0)
            return true;
    }
    return false;
}

bool answer_encoding(void)
{
    bool encodes = strcmp(answer_word(0), "encode") == 0;
    enum holm_base64 form;
    enum holm_result result = HOLM_OK;

    if (!encodes && strcmp(answer_word(0), "decode") != 0)
        return false;
    bool is_base64 = form_of(1, &form);
    struct holm_bytes in = answer_bytes(2);
    size_t room = is_base64 ? HOLM_BASE64_CHARACTERS(in.len) : HOLM_HEX_CHARACTERS(in.len);
    struct holm_buffer out = holm_span_buffer(answer_room(encodes ? room : in.len));
    if (encodes)
        holm_assert(is_base64 ? holm_base64_encode(&out, in, form) : holm_hex_encode(&out, in));
    else
        result = is_base64 ? holm_base64_decode(&out, in, form) : holm_hex_decode(&out, in);
    if (result == HOLM_OK)
        answer_give(holm_buffer_filled(&out));
    else
        printf("refused\n");
    return true;
}
