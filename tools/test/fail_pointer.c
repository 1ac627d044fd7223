/* SPDX-License-Identifier: ISC */
/* fail_pointer.c: a handler that calls the next of its own kind, as middleware is often written.
 * wanted: through a pointer of kCFI type */
#include "graph.h"

struct handler {
    int (*handle)(struct handler *handler, int request);
    struct handler *next;
};

int wrap(struct handler *handler, int request);
int end(struct handler *handler, int request);

int end(struct handler *handler, int request)
{
    touch(handler);
    return request;
}

int wrap(struct handler *handler, int request)
{
    return handler->next->handle(handler->next, request) + 1;
}

static struct handler last = { end, NULL };
static struct handler first = { wrap, &last };

void program(void)
{
    touch(&first);
    touch(&last);
    first.handle(&first, 1);
}
