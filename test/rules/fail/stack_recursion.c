/* SPDX-License-Identifier: ISC */
/* stack_recursion.c: an image whose task calls a function that calls itself.
 * wanted: recursion: .*nested calls */
#include <holm/console.h>
#include <holm/image.h>

static uint32_t nested(struct holm_bytes text)
{
    struct holm_bytes rest = text;
    uint8_t byte = 0;

    if (!holm_bytes_u8(&rest, &byte))
        return 0;
    holm_console_write(text);
    return byte == '(' ? nested(rest) + 1 : nested(rest) / 2;
}

enum holm_result holm_main(struct holm_image *image)
{
    (void)image;
    return nested(HOLM_TEXT("(()())")) == 0 ? HOLM_OK : HOLM_END;
}
