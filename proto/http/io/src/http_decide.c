/* SPDX-License-Identifier: ISC */
/* The order of questions that gives a resource's status (RFC 9110 sections 9 to 15). */
#include "http_io_impl.h"

#include <holm/class.h>
#include <holm/http/accept.h>

/* HOLM_OK: go on; else the response is sent, or an error. */
static enum holm_result ask(struct holm_http_exchange *exchange, struct holm_http_found *found,
                            holm_http_question_function *question, const void *context, uint16_t no)
{
    enum holm_result result = question == NULL ? HOLM_OK : question(exchange, found, context);

    if (result == HOLM_ERR_REFUSED && no == 401) {
        if (found->challenge.len == 0)
            return HOLM_ERR_INVALID; /* RFC 9110 section 15.5.2: not without one */
        result = holm_http_add(exchange, HOLM_TEXT("WWW-Authenticate"), found->challenge);
        if (result != HOLM_OK)
            return result;
        result = HOLM_ERR_REFUSED;
    }
    if (result != HOLM_ERR_REFUSED)
        return result;
    result = holm_http_status(exchange, no);
    return result == HOLM_OK ? HOLM_END : result;
}

/* A media type without its parameters, in the case it came in. */
static struct holm_bytes essence(struct holm_bytes type)
{
    struct holm_bytes part = { 0 };

    (void)!holm_bytes_part(type, 0, holm_bytes_find(type, 0, ';'), &part);
    while (part.len > 0 &&
           (holm_bytes_is(part, part.len - 1, ' ') || holm_bytes_is(part, part.len - 1, '\t')))
        part.len -= 1;
    return part;
}

/* Who takes the body of the request; NULL: nobody. */
static const struct holm_http_variant *taker(const struct holm_http_exchange *exchange,
                                             const struct holm_http_resource *resource)
{
    struct holm_bytes type;

    (void)holm_http_field(exchange, HOLM_HTTP_FIELD_CONTENT_TYPE, &type);
    type = essence(type);
    for (size_t i = 0; i < resource->takes_count; i++) {
        const struct holm_http_variant *variant =
            &HOLM_NTH(resource->takes, resource->takes_count, i);
        if (holm_http_text_is(type, variant->type))
            return variant;
    }
    return NULL;
}

/* What the client likes most of what is offered; NULL: nothing. */
static const struct holm_http_variant *offer(const struct holm_http_exchange *exchange,
                                             const struct holm_http_resource *resource)
{
    const struct holm_http_variant *best = NULL;
    uint16_t best_quality = 0;

    for (size_t i = 0; i < resource->offers_count; i++) {
        const struct holm_http_variant *variant =
            &HOLM_NTH(resource->offers, resource->offers_count, i);
        uint16_t quality =
            holm_http_accept_weight(&exchange->head, exchange->head_bytes, variant->type);
        if (quality > best_quality) {
            best = variant;
            best_quality = quality;
        }
    }
    return best;
}

/* The fields by which what is read can be kept, and asked for again (RFC 9110 sections 8.8, 12.5.5).
 */
static enum holm_result describe(struct holm_http_exchange *exchange,
                                 const struct holm_http_resource *resource,
                                 const struct holm_http_validators *validators)
{
    enum holm_result result = HOLM_OK;

    if (validators->tag.len > 0)
        result = holm_http_add(exchange, HOLM_TEXT("ETag"), validators->tag);
    if (result == HOLM_OK && validators->dated)
        result = holm_http_fields_add_date(&exchange->fields, HOLM_TEXT("Last-Modified"),
                                           holm_http__modified(exchange, validators->modified_s));
    if (result == HOLM_OK && resource->offers_count > 1)
        result = holm_http_add(exchange, HOLM_TEXT("Vary"), HOLM_TEXT("Accept"));
    return result;
}

/* Asks whether it exists, and evaluates the conditions against it. */
static enum holm_result existence(struct holm_http_exchange *exchange,
                                  const struct holm_http_resource *resource,
                                  struct holm_http_found *found, const void *context)
{
    enum holm_http_method method = holm_http_method(exchange);
    enum holm_result result =
        resource->exists == NULL ? HOLM_OK : resource->exists(exchange, found, context);
    enum holm_http_verdict verdict;

    if (result == HOLM_ERR_REFUSED)
        found->validators.exists = false;
    else if (result != HOLM_OK)
        return result;
    if (!found->validators.exists && method != HOLM_HTTP_PUT) {
        result = found->location.len > 0
                     ? holm_http_redirect(exchange, found->location_status, found->location)
                     : holm_http_status(exchange, 404);
        return result == HOLM_OK ? HOLM_END : result;
    }
    verdict = holm_http_condition(exchange, &found->validators);
    result = HOLM_OK;
    if ((method == HOLM_HTTP_GET || method == HOLM_HTTP_HEAD) &&
        verdict != HOLM_HTTP_PRECONDITION_FAILED)
        result = describe(exchange, resource, &found->validators);
    if (verdict == HOLM_HTTP_PROCEED || result != HOLM_OK)
        return result;
    result = holm_http_status(exchange, (uint16_t)verdict);
    return result == HOLM_OK ? HOLM_END : result;
}

static bool has_body_type(enum holm_http_method method)
{
    return method == HOLM_HTTP_PUT || method == HOLM_HTTP_POST || method == HOLM_HTTP_PATCH;
}

/* The questions about the request itself. */
static enum holm_result admission(struct holm_http_exchange *exchange,
                                  const struct holm_http_resource *resource,
                                  struct holm_http_found *found, const void *context)
{
    enum holm_result result = ask(exchange, found, resource->is_available, context, 503);

    if (result == HOLM_OK)
        result = ask(exchange, found, resource->is_authorised, context, 401);
    if (result == HOLM_OK)
        result = ask(exchange, found, resource->is_allowed, context, 403);
    return result;
}

/* Whether a body was announced, if only an empty one. */
static bool has_length(const struct holm_http_exchange *exchange)
{
    return holm_http_head_has(&exchange->head, HOLM_HTTP_FIELD_CONTENT_LENGTH) ||
           holm_http_head_has(&exchange->head, HOLM_HTTP_FIELD_TRANSFER_ENCODING);
}

enum holm_result holm_http__decide(struct holm_http_exchange *exchange,
                                   const struct holm_http_resource *resource, const void *context)
{
    struct holm_http_found found = { .validators = { .exists = true }, .location_status = 308 };
    enum holm_http_method method = holm_http_method(exchange);
    const struct holm_http_variant *variant = NULL;
    enum holm_result result = admission(exchange, resource, &found, context);

    if (result != HOLM_OK)
        return result;
    /* RFC 9110 section 14.5: a part must not be taken for the whole */
    if (method == HOLM_HTTP_PUT &&
        holm_http_head_has(&exchange->head, HOLM_HTTP_FIELD_CONTENT_RANGE))
        return holm_http_status(exchange, 400);
    if (has_body_type(method) && resource->takes_count > 0) {
        if (!has_length(exchange))
            return holm_http_status(exchange, 411);
        variant = taker(exchange, resource);
        if (variant == NULL)
            return holm_http_status(exchange, 415);
    } else if (resource->offers_count > 0) {
        variant = offer(exchange, resource);
        if (variant == NULL)
            return holm_http_status(exchange, 406);
    }
    result = existence(exchange, resource, &found, context);
    if (result != HOLM_OK)
        return result;
    if (method == HOLM_HTTP_DELETE && resource->remove != NULL)
        return resource->remove(exchange, context);
    if (variant != NULL && variant->handler != NULL)
        return variant->handler(exchange, context);
    return resource->handler != NULL ? resource->handler(exchange, context)
                                     : holm_http_status(exchange, 501);
}
