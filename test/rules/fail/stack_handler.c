/* SPDX-License-Identifier: ISC */
/* stack_handler.c: an image with a handler that calls the next of its own kind, as middleware is often
 * written.
 * wanted: recursion: .*through a pointer of kCFI type */
#include <holm/console.h>
#include <holm/image.h>

struct handler;
typedef void handle_function(struct handler *handler);
struct handler {
    handle_function *handle;
    struct handler *next;
};

static void last(struct handler *handler)
{
    (void)handler;
    holm_console_write(HOLM_TEXT("last\n"));
}

static void wrap(struct handler *handler)
{
    holm_console_write(HOLM_TEXT("before\n"));
    handler->next->handle(handler->next);
    holm_console_write(HOLM_TEXT("behind\n"));
}

enum holm_result holm_main(struct holm_image *image)
{
    static struct handler end = { last, NULL };
    static struct handler first = { wrap, &end };

    image->stop_ns = 0;
    first.handle(&first);
    return HOLM_OK;
}
