/* SPDX-License-Identifier: ISC */
/* http_accept.c: choosing among representations (RFC 9110 sections 12.4 and 12.5). */
#include "http_impl.h"

enum { QUALITY_MAX = 1000, UNNAMED = 0xffff, CODING_MAX = 8 };

struct coding {
    uint8_t len;
    uint8_t text[CODING_MAX];
};

#define CODING(ID, text) [HOLM_HTTP_CODING_##ID] = { sizeof(text) - 1, text }
static const struct coding codings[HOLM_HTTP_CODINGS] = {
    CODING(IDENTITY, "identity"),
    CODING(GZIP, "gzip"),
    CODING(BR, "br"),
    CODING(ZSTD, "zstd"),
};

/* name_of gives a coding's name; it keeps the table out of other proofs. */
/*@ requires coding < HOLM_HTTP_CODINGS;
    assigns \nothing;
    ensures holm_readable(\result) && \result.len <= CODING_MAX; */
static struct holm_bytes name_of(enum holm_http_coding coding)
{
    const struct coding *known = &HOLM_AT(codings, coding);
    return holm_http__head_before(HOLM_BLOB(known->text), known->len);
}

struct holm_bytes holm_http_coding_text(enum holm_http_coding coding)
{
    if (coding == HOLM_HTTP_CODING_IDENTITY || (size_t)coding >= HOLM_COUNT(codings))
        return (struct holm_bytes){ 0 };
    return name_of(coding);
}

/* element_split takes the name off an element and leaves its parameters. */
/*@ requires holm_in_place(element);
    assigns *element;
    ensures holm_in_place(element) && element->len <= \old(element->len);
    ensures holm_readable(\result) && \result.len <= \old(element->len); */
static struct holm_bytes element_split(struct holm_bytes *element)
{
    struct holm_bytes name = { 0 };
    (void)holm_http__split(element, ';', &name);
    return holm_http__trim(name);
}

/* coding_is compares a name with a coding's; x-gzip is gzip (section 8.4.1.3). */
/*@ requires holm_readable(name) && coding < HOLM_HTTP_CODINGS;
    assigns \nothing;
    ensures \result ==> name.len <= CODING_MAX; */
static bool coding_is(struct holm_bytes name, enum holm_http_coding coding)
{
    return holm_http_text_is(name, name_of(coding)) ||
           (coding == HOLM_HTTP_CODING_GZIP && holm_http_text_is(name, HOLM_TEXT("x-gzip")));
}

/* quality_note sets the weight of the codings of that name. */
/*@ requires \valid(qualities) && \valid(any) && holm_readable(name) && quality <= QUALITY_MAX;
    requires \separated(any, qualities) && holm_qualities_in(&(*qualities)[0], *any);
    assigns (*qualities)[0 .. HOLM_HTTP_CODINGS - 1], *any;
    ensures holm_qualities_in(&(*qualities)[0], *any); */
static void quality_note(uint16_t (*qualities)[HOLM_HTTP_CODINGS], uint16_t *any,
                         struct holm_bytes name, uint16_t quality)
{
    if (holm_bytes_equal(name, HOLM_TEXT("*")))
        *any = quality;
    /*@ loop invariant 0 <= i <= HOLM_HTTP_CODINGS && holm_qualities_in(&(*qualities)[0], *any);
        loop assigns i, (*qualities)[0 .. HOLM_HTTP_CODINGS - 1];
        loop variant HOLM_HTTP_CODINGS - i; */
    for (size_t i = 0; i < HOLM_HTTP_CODINGS; i++)
        if (coding_is(name, (enum holm_http_coding)i))
            HOLM_AT(*qualities, i) = quality;
}

/* qualities_read sets the weight of each coding; UNNAMED where the field says nothing of it. */
/*@ requires \valid(qualities) && \valid(any) && holm_readable(list);
    requires \separated(any, qualities) && holm_qualities_in(&(*qualities)[0], *any);
    requires \separated(qualities, list.ptr + (0 .. list.len - 1));
    requires \separated(any, list.ptr + (0 .. list.len - 1));
    assigns (*qualities)[0 .. HOLM_HTTP_CODINGS - 1], *any;
    ensures holm_qualities_in(&(*qualities)[0], *any); */
static void qualities_read(uint16_t (*qualities)[HOLM_HTTP_CODINGS], uint16_t *any,
                           struct holm_bytes list)
{
    struct holm_bytes element = { 0 };
    /*@ loop invariant holm_within(list, \at(list,Pre)) && holm_qualities_in(&(*qualities)[0], *any);
        loop assigns list, element, *any, (*qualities)[0 .. HOLM_HTTP_CODINGS - 1];
        loop variant list.len; */
    while (holm_http_list_next(&list, &element)) {
        struct holm_bytes name = element_split(&element);
        quality_note(qualities, any, name, holm_http__quality(element));
    }
}

/* order_at is what we like most, in that order. */
/*@ requires i < HOLM_HTTP_CODINGS;
    assigns \nothing;
    ensures 0 <= \result < HOLM_HTTP_CODINGS; */
static enum holm_http_coding order_at(size_t i)
{
    static const uint8_t order[HOLM_HTTP_CODINGS] = { HOLM_HTTP_CODING_BR, HOLM_HTTP_CODING_ZSTD,
                                                      HOLM_HTTP_CODING_GZIP,
                                                      HOLM_HTTP_CODING_IDENTITY };
    return (enum holm_http_coding)HOLM_AT(order, i);
}

/* best_find picks among those offered the coding of most weight. */
/*@ requires \valid_read(qualities) && \valid(coding) && \separated(coding, qualities);
    requires holm_qualities_in(&(*qualities)[0], any);
    assigns *coding;
    ensures *coding < HOLM_HTTP_CODINGS;
    ensures \result ==> ((offered >> *coding) & 1) != 0;
    ensures !\result ==> *coding == HOLM_HTTP_CODING_IDENTITY; */
static bool best_find(enum holm_http_coding *coding, const uint16_t (*qualities)[HOLM_HTTP_CODINGS],
                      uint16_t any, unsigned offered)
{
    uint16_t best = 0;
    *coding = HOLM_HTTP_CODING_IDENTITY;
    /*@ loop invariant 0 <= i <= HOLM_HTTP_CODINGS && *coding < HOLM_HTTP_CODINGS;
        loop invariant best > 0 ==> ((offered >> *coding) & 1) != 0;
        loop invariant best == 0 ==> *coding == HOLM_HTTP_CODING_IDENTITY;
        loop assigns i, best, *coding;
        loop variant HOLM_HTTP_CODINGS - i; */
    for (size_t i = 0; i < HOLM_HTTP_CODINGS; i++) {
        enum holm_http_coding candidate = order_at(i);
        uint16_t quality = HOLM_AT(*qualities, candidate);
        if (quality == UNNAMED)
            quality = any;
        if (quality == UNNAMED) /* not named: identity will do if nothing else does, others not */
            quality = candidate == HOLM_HTTP_CODING_IDENTITY && best == 0 ? 1 : 0;
        if ((offered >> candidate & 1) == 0 || quality <= best)
            continue;
        best = quality;
        *coding = candidate;
    }
    return best > 0;
}

bool holm_http_coding_choose(enum holm_http_coding *coding, const struct holm_http_head *head,
                             struct holm_bytes msg, unsigned offered)
{
    uint16_t qualities[HOLM_HTTP_CODINGS] = { UNNAMED, UNNAMED, UNNAMED, UNNAMED };
    uint16_t any = UNNAMED;
    struct holm_bytes list = { 0 };
    size_t index = 0;
    *coding = HOLM_HTTP_CODING_IDENTITY;
    if (!holm_http_head_has(head, HOLM_HTTP_FIELD_ACCEPT_ENCODING))
        return (offered >> HOLM_HTTP_CODING_IDENTITY & 1) != 0;
    /*@ loop invariant index <= head->field_count && holm_qualities_in(&qualities[0], any);
        loop assigns index, list, any, qualities[0 .. HOLM_HTTP_CODINGS - 1];
        loop variant head->field_count - index; */
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_ACCEPT_ENCODING, &index, &list))
        qualities_read(&qualities, &any, list);
    return best_find(coding, &qualities, any, offered);
}

/* media_rank is how well a media range fits: 3 the very type, 2 its group, 1 all, 0 not. */
/*@ requires holm_readable(range) && holm_readable(type);
    assigns \nothing;
    ensures 0 <= \result <= 3;
    ensures \result == 3 ==> range.len == type.len;
    ensures \result == 2 ==> 2 <= range.len <= type.len + 1 && range.ptr[range.len - 1] == '*';
    ensures \result == 1 ==> range.len == 3; */
static unsigned media_rank(struct holm_bytes range, struct holm_bytes type)
{
    size_t slash = holm_http__find(type, 0, '/');
    if (holm_bytes_equal(range, HOLM_TEXT("*/"
                                          "*")))
        return 1;
    if (slash < type.len && range.len >= 2 && range.len - 2 == slash &&
        holm_bytes_is(range, slash + 1, '*') &&
        holm_http_text_is(holm_http__head_before(range, slash + 1),
                          holm_http__head_before(type, slash + 1)))
        return 2;
    return holm_http_text_is(range, type) ? 3 : 0;
}

/* struct liking is how much a type is liked, and by how well a range that fits it. */
struct liking {
    unsigned rank;
    uint16_t quality;
};

/* liking_add reads one line of Accept: a range that fits better than those before it decides. */
/*@ requires \valid(liking) && holm_readable(accept) && holm_readable(type);
    requires \separated(liking, accept.ptr + (0 .. accept.len - 1));
    requires \separated(liking, type.ptr + (0 .. type.len - 1));
    requires liking->quality <= QUALITY_MAX;
    assigns *liking;
    ensures liking->quality <= QUALITY_MAX;
    ensures accept.len == 0 ==> liking->quality == \old(liking->quality); */
static void liking_add(struct liking *liking, struct holm_bytes accept, struct holm_bytes type)
{
    struct holm_bytes element = { 0 };
    /*@ loop invariant holm_within(accept, \at(accept,Pre)) && liking->quality <= QUALITY_MAX;
        loop invariant \at(accept.len,Pre) == 0 ==> accept.len == 0 &&
                         liking->quality == \at(liking->quality,Pre);
        loop assigns accept, element, *liking;
        loop variant accept.len; */
    while (holm_http_list_next(&accept, &element)) {
        unsigned rank = media_rank(element_split(&element), type);
        if (rank <= liking->rank)
            continue;
        liking->rank = rank;
        liking->quality = holm_http__quality(element);
    }
}

uint16_t holm_http_accept_quality(struct holm_bytes accept, struct holm_bytes type)
{
    struct liking liking = { 0, 0 };
    liking.quality = accept.len == 0 ? QUALITY_MAX : 0;
    liking_add(&liking, accept, type);
    return liking.quality;
}

uint16_t holm_http_accept_weight(const struct holm_http_head *head, struct holm_bytes msg,
                                 struct holm_bytes type)
{
    struct liking liking = { 0, 0 };
    struct holm_bytes list = { 0 };
    size_t index = 0;
    bool named = false;
    /*@ loop invariant index <= head->field_count && liking.quality <= QUALITY_MAX;
        loop invariant !holm_head_seen(head, HOLM_HTTP_FIELD_ACCEPT) ==> !named;
        loop assigns index, list, named, liking;
        loop variant head->field_count - index; */
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_ACCEPT, &index, &list)) {
        named = named || list.len > 0;
        liking_add(&liking, list, type);
    }
    return named ? liking.quality : QUALITY_MAX;
}
