/* SPDX-License-Identifier: ISC */
/* Patterns and the table of routes. Pure. */
#include <holm/http/route.h>

#include <holm/class.h>

/* A path is walked segment by segment: what stands before the next '/', or the rest. */
static struct holm_bytes segment_take(struct holm_bytes *path)
{
    struct holm_bytes segment = { 0 };
    size_t len = holm_bytes_find(*path, 0, '/');

    if (!holm_bytes_take(path, len, &segment))
        return segment;
    return segment;
}

static bool slash_take(struct holm_bytes *path)
{
    uint8_t slash;

    return holm_bytes_is(*path, 0, '/') && holm_bytes_u8(path, &slash);
}

static bool note(struct holm_http_match *match, struct holm_bytes name, struct holm_bytes value)
{
    if (match->count >= HOLM_HTTP_PARAM_MAX)
        return false;
    HOLM_AT(match->names, match->count) = name;
    HOLM_AT(match->values, match->count) = value;
    match->count += 1;
    return true;
}

bool holm_http_pattern_fits(struct holm_bytes pattern, struct holm_bytes path,
                            struct holm_http_match *match)
{
    match->count = 0;
    while (slash_take(&pattern)) {
        struct holm_bytes wanted = segment_take(&pattern);
        struct holm_bytes given, name = { 0 };

        if (!slash_take(&path))
            return false;
        if (wanted.len == 1 && holm_bytes_is(wanted, 0, '*') && pattern.len == 0)
            return note(match, wanted, path);
        given = segment_take(&path);
        if (holm_bytes_is(wanted, 0, ':')) {
            if (given.len == 0 || !holm_bytes_from(wanted, 1, &name) || !note(match, name, given))
                return false;
        } else if (!holm_bytes_equal(wanted, given)) {
            return false;
        }
    }
    return pattern.len == 0 && path.len == 0;
}

static unsigned methods_of(const struct holm_http_route *route)
{
    unsigned methods = route->methods == 0 ? HOLM_HTTP_MAY_GET : route->methods;

    if ((methods & HOLM_HTTP_MAY_GET) != 0)
        methods |= 1U << HOLM_HTTP_HEAD;
    return methods | 1U << HOLM_HTTP_OPTIONS;
}

const struct holm_http_route *holm_http_route_find(const struct holm_http_route *routes,
                                                   size_t routes_count,
                                                   enum holm_http_method method,
                                                   struct holm_bytes path,
                                                   struct holm_http_match *match, unsigned *allowed)
{
    *allowed = 0;
    for (size_t i = 0; i < routes_count; i++) {
        const struct holm_http_route *route = &HOLM_NTH(routes, routes_count, i);
        unsigned methods = methods_of(route);

        if (!holm_http_pattern_fits(route->pattern, path, match))
            continue;
        *allowed |= methods;
        if (method != HOLM_HTTP_OPTIONS && (methods >> method & 1) != 0)
            return route;
    }
    match->count = 0;
    return NULL;
}
