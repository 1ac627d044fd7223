/* SPDX-License-Identifier: ISC */
/* path.eva.c: paths, texts and queries of up to 4 bytes. */
#include "core/proof/eva.h"

#include "core/src/bytes.c"
#include "core/src/text.c"
#include "core/src/text_number.c"
#include "proto/http/src/http_bytes.c"
#include "proto/http/src/http_path.c"

int main(void)
{
    uint8_t text[4], room[5];

    eva_bytes(text, 4);
    for (size_t len = 0; len <= 4; len++) {
        struct holm_bytes in = { text, len }, name, value;
        struct holm_buffer out = HOLM_BUFFER(room);
        any = (uint64_t)holm_http_path_parse(&out, in);
        any = (uint64_t)holm_http_text_decode(&out, in, true);
        any = holm_http_query_next(&in, &name, &value);
    }
    return 0;
}
