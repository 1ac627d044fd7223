/* SPDX-License-Identifier: ISC */
/* type.eva.c: the media type of each path of up to 5 bytes. */
#include "core/proof/eva.h"

#include "core/src/bytes.c"
#include "core/src/text.c"
#include "proto/http/src/http_bytes.c"
#include "proto/http/src/http_type.c"

int main(void)
{
    uint8_t path[5];

    eva_bytes(path, 5);
    for (size_t len = 0; len <= 5; len++) {
        struct holm_bytes type = holm_http_type_of((struct holm_bytes){ path, len });
        if (type.len > 0)
            any = type.ptr[type.len - 1];
    }
    return 0;
}
