/* SPDX-License-Identifier: ISC */
/* holm/select.h: which of several addresses is used: of ours, to call from; of a peer's, to call. Pure.
 * Source: RFC 6724. */
#pragma once

#include <holm/address.h>

/* struct holm_select is an address of ours that may be called from. */
struct holm_select {
    struct holm_ip_address address;
    uint8_t length_bits; /* of the prefix of its link */
    bool avoided;        /* deprecated; or not seen yet to be ours alone (RFC 4429 section 3.1) */
};

/* holm_select_source answers whether a is better than b to call destination from: rules 1, 2, 3, 6 and 8
 * of RFC 6724 section 5. All three are of one family. Home and temporary addresses do not occur, and
 * all candidates are of the interface that is used. */
bool holm_select_source(const struct holm_ip_address *destination, const struct holm_select *a,
                        const struct holm_select *b);

/* struct holm_select_way is an address of a peer, and what it would be called from. */
struct holm_select_way {
    struct holm_ip_address destination;
    struct holm_select source; /* of no family: it can not be called */
};

/* holm_select_order sorts ways, the best first; those that are alike stay in their order: RFC 6724
 * section 6, its rules 1, 2, 3, 5, 6, 8, 9 and 10. */
void holm_select_order(struct holm_select_way *ways, size_t count);

/* The longest list that holm_select_order takes. */
#define HOLM_SELECT_WAYS_MAX 64
