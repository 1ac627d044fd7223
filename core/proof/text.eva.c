/* SPDX-License-Identifier: ISC */
/* text.eva.c: the characters of each text of up to 4 bytes. */
#include "core/proof/eva.h"

#include "core/src/bytes.c"
#include "core/src/text.c"
#include "core/src/text_number.c"

int main(void)
{
    uint8_t text[4];

    eva_bytes(text, 4);
    for (size_t len = 0; len <= 4; len++)
        any = holm_text_is_utf8((struct holm_bytes){ text, len });
    return 0;
}
