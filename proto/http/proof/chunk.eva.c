/* SPDX-License-Identifier: ISC */
/* chunk.eva.c: what one call takes of each start of a chunked body of up to 4 bytes. */
#include "core/proof/eva.h"

#include "core/src/bytes.c"
#include "core/src/text.c"
#include "core/src/text_number.c"
#include "proto/http/src/http_bytes.c"
#include "proto/http/src/http_chunk.c"

int main(void)
{
    uint8_t body[4];

    eva_bytes(body, 4);
    for (size_t len = 0; len <= 4; len++) {
        struct holm_http_chunks chunks = { 0 };
        struct holm_span in = { body, len }, piece;
        any = (uint64_t)holm_http_chunks_feed(&chunks, &in, &piece);
    }
    return 0;
}
