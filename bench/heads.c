/* SPDX-License-Identifier: ISC */
/* heads.c: calls one parser of request heads, for bench_heads.py, which links it with each parser
 * into a shared object of its own and holds the watch. */
#include <holm/http/head.h>

enum { HEADS_MAX = 1000 };

/* struct heads is laid out in bench_heads.py too. */
struct heads {
    size_t count;
    struct holm_bytes list[HEADS_MAX];
};

size_t bench_heads_parse(const struct heads *heads, size_t step, size_t loops);

/* parse gives the parser a head that comes step bytes at a time; answers the head's length. */
static size_t parse(struct holm_bytes msg, size_t step)
{
    static struct holm_http_head head;
    enum holm_result result = HOLM_AGAIN;
    struct holm_bytes came = { msg.ptr, 0 };
    holm_http_head_init(&head);
    while (result == HOLM_AGAIN && came.len < msg.len) {
        came.len = msg.len - came.len < step ? msg.len : came.len + step;
        result = holm_http_head_parse(&head, came);
    }
    return result == HOLM_OK ? head.len : 0;
}

/* bench_heads_parse parses every head, loops times; answers the bytes of all heads it took. */
size_t bench_heads_parse(const struct heads *heads, size_t step, size_t loops)
{
    size_t bytes = 0;
    for (size_t loop = 0; loop < loops; loop++)
        for (size_t i = 0; i < heads->count; i++)
            bytes += parse(HOLM_AT(heads->list, i), step);
    return bytes;
}
