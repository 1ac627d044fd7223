/* SPDX-License-Identifier: ISC */
/* holm/agreement.h: a secret of two, each of whom tells the other a public key. Pure, constant time. A
 * protocol names an algorithm by the address of its constant. What both have is no key yet: a protocol
 * makes keys of it (holm/kdf.h), and of what both have said.
 *
 *     holm_agreement_public(&holm_x25519, HOLM_SPAN…(ours_public), ours);
 *     if (holm_agreement_agree(&holm_x25519, shared, ours, theirs_public) != HOLM_OK) … */
#pragma once

#include <holm/bytes.h>

#define HOLM_AGREEMENT_BYTES_MAX 56

typedef void holm_agreement__public_function(struct holm_span key, struct holm_bytes secret);
typedef bool holm_agreement__agree_function(struct holm_span shared, struct holm_bytes secret,
                                            struct holm_bytes key);

/* struct holm_agreement is an algorithm; its sizes are what users need of it. */
struct holm_agreement {
    struct holm_bytes name;
    size_t secret_bytes; /* any such many bytes, drawn */
    size_t public_bytes, shared_bytes;
    holm_agreement__public_function *make_public;
    holm_agreement__agree_function *agree;
};

/* RFC 7748. */
extern const struct holm_agreement holm_x25519;

/* holm_agreement_public fills key with the public key of a secret. */
void holm_agreement_public(const struct holm_agreement *agreement, struct holm_span key,
                           struct holm_bytes secret);

/* holm_agreement_agree fills shared with what our secret and their public key have in common.
 *
 * Errors:  HOLM_ERR_MALFORMED  a public key of another length, or one that gives the same to all: shared
 *                              is all zero */
HOLM_MUST_USE enum holm_result holm_agreement_agree(const struct holm_agreement *agreement,
                                                    struct holm_span shared,
                                                    struct holm_bytes secret,
                                                    struct holm_bytes key);
