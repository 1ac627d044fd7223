/* SPDX-License-Identifier: ISC */
/* cookie.eva.c: the first cookie of each field of up to 4 bytes. */
#include "core/proof/eva.h"

#include "core/src/bytes.c"
#include "core/src/text.c"
#include "core/src/text_number.c"
#include "proto/http/src/http_bytes.c"
#include "proto/http/src/http_cookie.c"

int main(void)
{
    uint8_t text[4];

    eva_bytes(text, 4);
    for (size_t len = 0; len <= 4; len++) {
        struct holm_bytes in = { text, len }, name, value;
        any = holm_http_cookie_next(&in, &name, &value);
    }
    return 0;
}
