/* SPDX-License-Identifier: ISC */
/* holm/resolver.h: from the name of a host to its addresses: the host's own resolver, a DNS client,
 * the model. Pure; implementations fill a table. Tasks call holm_resolver_ask of holm/image.h, which
 * also knows what needs no resolver: addresses as text, and localhost. */
#pragma once

#include <holm/address.h>
#include <holm/bytes.h>
#include <holm/pump.h>

/* The most addresses of an answer; a name may have more. */
#define HOLM_RESOLVER_ADDRESSES_MAX 8
/* The longest name, inclusive. Source: RFC 1035 section 2.3.4, as text. */
#define HOLM_RESOLVER_NAME_MAX 253

struct holm_image;
struct holm_resolver;

/* struct holm_resolver_answer is the addresses of a name, the best first. */
struct holm_resolver_answer {
    uint64_t lifetime_ns; /* from now on it may be taken for true so long */
    uint32_t count;       /* at least 1 */
    struct holm_ip_address addresses[HOLM_RESOLVER_ADDRESSES_MAX];
};

/* struct holm_question is a question in progress. Its owner sets wake and name before the call and
 * calls again with the same object when it rang. Otherwise zeroed: nothing is in progress. */
struct holm_question {
    struct holm_wake wake;
    struct holm_bytes name;
    uint32_t slot; /* the resolver's own */
    bool busy;
};

typedef enum holm_result holm_resolver_resolve_function(struct holm_resolver *,
                                                        struct holm_question *,
                                                        struct holm_resolver_answer *);
typedef void holm_resolver_cancel_function(struct holm_resolver *, struct holm_question *);

struct holm_resolver_ops {
    holm_resolver_resolve_function *resolve;
    holm_resolver_cancel_function *cancel;
};

struct holm_resolver {
    const struct holm_resolver_ops *ops;
};

/* holm_resolver_resolve asks for the addresses of question->name.
 *
 * Memory:  fills *answer when it is HOLM_OK; borrows the name.
 * Errors:  HOLM_AGAIN            it is asked for; the wake will ring
 *          HOLM_ERR_NOT_FOUND    there is no such name, or it has no address
 *          HOLM_ERR_UNREACHABLE  nobody who knows could be asked: it may be tried later
 *          HOLM_ERR_LIMIT        the name is longer than HOLM_RESOLVER_NAME_MAX, or empty
 *          HOLM_ERR_NO_MEMORY    too many questions at once
 *          HOLM_ERR_IO           the resolver failed */
HOLM_MUST_USE static inline enum holm_result
holm_resolver_resolve(struct holm_resolver *resolver, struct holm_question *question,
                      struct holm_resolver_answer *answer)
{
    return resolver->ops->resolve(resolver, question, answer);
}

/* holm_resolver_cancel gives a question up, if it is in progress. */
static inline void holm_resolver_cancel(struct holm_resolver *resolver,
                                        struct holm_question *question)
{
    resolver->ops->cancel(resolver, question);
}

/* holm_resolver_start gives the resolver of the image, or NULL where the target looks no names up, which
 * holm_resolver_ask bears; implemented by the target.
 *
 * Errors:  HOLM_ERR_NO_MEMORY  the image's arena has less */
HOLM_MUST_USE enum holm_result holm_resolver_start(struct holm_resolver **resolver,
                                                   struct holm_image *image);
