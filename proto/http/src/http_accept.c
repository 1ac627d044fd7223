/* SPDX-License-Identifier: ISC */
/* http_accept.c: choosing among representations (RFC 9110 sections 12.4 and 12.5). */
#include "http_impl.h"

enum { QUALITY_MAX = 1000, UNNAMED = 0xffff };

#define CODING(ID, text) [HOLM_HTTP_CODING_##ID] = { (const uint8_t *)"" text, sizeof(text) - 1 }
static const struct holm_bytes codings[HOLM_HTTP_CODINGS] = {
    CODING(IDENTITY, "identity"),
    CODING(GZIP, "gzip"),
    CODING(BR, "br"),
    CODING(ZSTD, "zstd"),
};

struct holm_bytes holm_http_coding_text(enum holm_http_coding coding)
{
    if (coding == HOLM_HTTP_CODING_IDENTITY || (size_t)coding >= HOLM_COUNT(codings))
        return (struct holm_bytes){ 0 };
    return HOLM_AT(codings, coding);
}

/* element_split parts name;parameters. */
static struct holm_bytes element_split(struct holm_bytes element, struct holm_bytes *parameters)
{
    size_t at = holm_http__find(element, 0, ';');
    *parameters = holm_http__tail_after(element, at + 1);
    return holm_http__trim(holm_http__head_before(element, at));
}

/* coding_is compares a name with a coding's; x-gzip is gzip (section 8.4.1.3). */
static bool coding_is(struct holm_bytes name, enum holm_http_coding coding)
{
    return holm_http_text_is(name, HOLM_AT(codings, coding)) ||
           (coding == HOLM_HTTP_CODING_GZIP && holm_http_text_is(name, HOLM_TEXT("x-gzip")));
}

/* qualities_read sets the weight of each coding; UNNAMED where the field says nothing of it. */
static void qualities_read(uint16_t (*qualities)[HOLM_HTTP_CODINGS], uint16_t *any,
                           struct holm_bytes list)
{
    struct holm_bytes element = { 0 };
    struct holm_bytes parameters = { 0 };
    while (holm_http_list_next(&list, &element)) {
        struct holm_bytes name = element_split(element, &parameters);
        uint16_t quality = holm_http__quality(parameters);
        if (holm_bytes_equal(name, HOLM_TEXT("*")))
            *any = quality;
        for (size_t i = 0; i < HOLM_HTTP_CODINGS; i++)
            if (coding_is(name, (enum holm_http_coding)i))
                HOLM_AT(*qualities, i) = quality;
    }
}

bool holm_http_coding_choose(enum holm_http_coding *coding, const struct holm_http_head *head,
                             struct holm_bytes msg, unsigned offered)
{
    static const uint8_t order[] = { HOLM_HTTP_CODING_BR, HOLM_HTTP_CODING_ZSTD,
                                     HOLM_HTTP_CODING_GZIP, HOLM_HTTP_CODING_IDENTITY };
    uint16_t qualities[HOLM_HTTP_CODINGS] = { UNNAMED, UNNAMED, UNNAMED, UNNAMED };
    uint16_t any = UNNAMED;
    uint16_t best = 0;
    struct holm_bytes list = { 0 };
    size_t index = 0;
    *coding = HOLM_HTTP_CODING_IDENTITY;
    if (!holm_http_head_has(head, HOLM_HTTP_FIELD_ACCEPT_ENCODING))
        return (offered & 1U << HOLM_HTTP_CODING_IDENTITY) != 0;
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_ACCEPT_ENCODING, &index, &list))
        qualities_read(&qualities, &any, list);
    for (size_t i = 0; i < HOLM_COUNT(order); i++) {
        uint8_t candidate = HOLM_AT(order, i);
        uint16_t quality = HOLM_AT(qualities, candidate);
        if (quality == UNNAMED)
            quality = any;
        if (quality == UNNAMED) /* not named: identity will do if nothing else does, others not */
            quality = candidate == HOLM_HTTP_CODING_IDENTITY && best == 0 ? 1 : 0;
        if ((offered & 1U << candidate) == 0 || quality <= best)
            continue;
        best = quality;
        *coding = (enum holm_http_coding)candidate;
    }
    return best > 0;
}

/* media_rank is how well a media range fits: 3 the very type, 2 its group, 1 all, 0 not. */
static unsigned media_rank(struct holm_bytes range, struct holm_bytes type)
{
    size_t slash = holm_http__find(type, 0, '/');
    if (holm_bytes_equal(range, HOLM_TEXT("*/*")))
        return 1;
    if (range.len == slash + 2 && holm_bytes_is(range, slash + 1, '*') &&
        holm_http_text_is(holm_http__head_before(range, slash + 1),
                          holm_http__head_before(type, slash + 1)))
        return 2;
    return holm_http_text_is(range, type) ? 3 : 0;
}

uint16_t holm_http_accept_quality(struct holm_bytes accept, struct holm_bytes type)
{
    struct holm_bytes element = { 0 };
    struct holm_bytes parameters = { 0 };
    unsigned best = 0;
    uint16_t quality = accept.len == 0 ? QUALITY_MAX : 0;
    while (holm_http_list_next(&accept, &element)) {
        unsigned rank = media_rank(element_split(element, &parameters), type);
        if (rank <= best)
            continue;
        best = rank;
        quality = holm_http__quality(parameters);
    }
    return quality;
}
