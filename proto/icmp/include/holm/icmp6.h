/* SPDX-License-Identifier: ISC */
/* holm/icmp6.h: messages of ICMP for IPv6, and which errors may be told. How often: holm/icmp.h. Pure.
 * What neighbour discovery and MLD carry in theirs: holm/ndp.h, holm/mld.h.
 * Source: RFC 4443; RFC 8201 (path MTU); RFC 5927 (whom to believe). */
#pragma once

#include <holm/icmp.h>
#include <holm/ipv6.h>

#define HOLM_ICMP6_HEADER_BYTES 8
/* How much of the packet that an error is about goes with it: the error fits the least MTU. */
#define HOLM_ICMP6_QUOTE_MAX (HOLM_IPV6_MTU_MIN - HOLM_IPV6_HEADER_BYTES - HOLM_ICMP6_HEADER_BYTES)

enum holm_icmp6_type {
    HOLM_ICMP6_UNREACHABLE = 1,
    HOLM_ICMP6_TOO_BIG = 2,
    HOLM_ICMP6_TIME_EXCEEDED = 3,
    HOLM_ICMP6_PARAMETER = 4,
    HOLM_ICMP6_ECHO = 128,
    HOLM_ICMP6_ECHO_REPLY = 129,
    HOLM_ICMP6_MLD_QUERY = 130,
    HOLM_ICMP6_MLD_REPORT_V1 = 131,
    HOLM_ICMP6_MLD_DONE_V1 = 132,
    HOLM_ICMP6_ROUTER_SOLICITATION = 133,
    HOLM_ICMP6_ROUTER_ADVERTISEMENT = 134,
    HOLM_ICMP6_NEIGHBOUR_SOLICITATION = 135,
    HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT = 136,
    HOLM_ICMP6_REDIRECT = 137,
    HOLM_ICMP6_MLD_REPORT = 143,
};

enum holm_icmp6_code {
    HOLM_ICMP6_NO_ROUTE = 0, /* of UNREACHABLE */
    HOLM_ICMP6_PROHIBITED = 1,
    HOLM_ICMP6_NO_ADDRESS = 3,
    HOLM_ICMP6_NO_PORT = 4,
    HOLM_ICMP6_REASSEMBLY = 1, /* of TIME_EXCEEDED: fragments were missing */
    HOLM_ICMP6_FIELD = 0,      /* of PARAMETER: a field is wrong */
    HOLM_ICMP6_NEXT = 1,       /* a next header is not known */
    HOLM_ICMP6_OPTION = 2,
};

struct holm_icmp6 {
    uint8_t type;
    uint8_t code;
    uint16_t checksum; /* parse only */
    uint32_t value; /* the four bytes behind it: id and sequence of an echo, MTU, pointer, flags */
};

/* holm_icmp6_parse reads the message; *in is then what follows its header. The checksum is not looked
 * at: with its pseudo-header the whole sums up to 0xffff.
 *
 * Memory:  fills *icmp; on error *icmp and *in are unchanged.
 * Errors:  HOLM_ERR_TRUNCATED  shorter than HOLM_ICMP6_HEADER_BYTES */
HOLM_MUST_USE enum holm_result holm_icmp6_parse(struct holm_icmp6 *icmp, struct holm_bytes *in);

/* holm_icmp6_emit appends the header of a message from source to destination whose bytes behind it are
 * data, its checksum right; false, and *out is unchanged, if it does not fit. */
HOLM_MUST_USE bool holm_icmp6_emit(struct holm_buffer *out, const struct holm_icmp6 *icmp,
                                   const struct holm_ip_address *source,
                                   const struct holm_ip_address *destination,
                                   struct holm_bytes data);

/* holm_icmp6_is_error answers whether the message tells of an error: RFC 4443 section 2.1. */
bool holm_icmp6_is_error(uint8_t type);

/* holm_icmp6_may_answer answers whether an error about this packet may be told: not about an error or a
 * redirect, a later fragment, what came to more than one station, or from none. Errors of_groups may
 * be told of what came to more than one, too: too big, and options that say so.
 *
 * Source:  RFC 4443 section 2.4 (e). */
bool holm_icmp6_may_answer(const struct holm_ip_header *header, struct holm_bytes payload,
                           bool to_group, bool of_groups);

/* holm_icmp6_quote_parse reads the quote of an error: of a packet of ours, so with no extension header
 * but that of a fragment. As much as is there: the ports of a later fragment are 0.
 *
 * Errors:  HOLM_ERR_TRUNCATED  not even the header and 8 bytes
 *          HOLM_ERR_MALFORMED  no packet of IPv6 */
HOLM_MUST_USE enum holm_result holm_icmp6_quote_parse(struct holm_icmp_quote *quote,
                                                      struct holm_bytes in);
