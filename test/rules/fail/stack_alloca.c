/* SPDX-License-Identifier: ISC */
/* stack_alloca.c: an image with a frame whose size only the caller knows.
 * wanted: frame without a bound .*holm_main.*main_task */
#include <holm/console.h>
#include <holm/image.h>

#pragma clang diagnostic ignored "-Walloca"
enum holm_result holm_main(struct holm_image *image)
{
    size_t size = (size_t)(holm_run_now_ns(image->run) & 1023);
    struct holm_span room = { __builtin_alloca(size), size };

    holm_span_fill(room, 'x');
    holm_console_write(holm_span_bytes(room));
    return HOLM_OK;
}
