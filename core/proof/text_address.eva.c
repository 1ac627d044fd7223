/* SPDX-License-Identifier: ISC */
/* text_address.eva.c: an address from each text of up to 4 bytes. */
#include "core/proof/eva.h"

#include "core/src/address.c"
#include "core/src/bytes.c"
#include "core/src/text.c"
#include "core/src/text_address.c"
#include "core/src/text_number.c"

int main(void)
{
    uint8_t text[4];
    struct holm_ip_address ip;

    eva_bytes(text, 4);
    for (size_t len = 0; len <= 4; len++) {
        struct holm_bytes in = { text, len };
        if (holm_text_ip_parse(&ip, in) == HOLM_OK)
            any = ip.bytes[15];
    }
    return 0;
}
