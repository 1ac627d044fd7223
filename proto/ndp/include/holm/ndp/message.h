/* SPDX-License-Identifier: ISC */
/* holm/ndp/message.h: the messages of neighbour discovery and their options, behind the header of
 * ICMPv6. Pure.
 * Source: RFC 4861 section 4; RFC 4191 (preference); RFC 8106 (name servers); RFC 3971 section 5.3.2 and
 * RFC 7527 (nonce). */
#pragma once

#include <holm/ethernet.h>
#include <holm/icmp6.h>

/* The options of a message that are read; with more, the message is refused. */
#define HOLM_NDP_OPTIONS_MAX 32
/* Of these, prefixes and name servers that are taken; further ones are passed over. */
#define HOLM_NDP_PREFIXES_MAX 8
#define HOLM_NDP_SERVERS_MAX 4
#define HOLM_NDP_NONCE_BYTES 6
#define HOLM_NDP_FOREVER_S UINT32_MAX
/* The longest message that is made, behind the header of ICMPv6. */
#define HOLM_NDP_DATA_MAX 32

/* struct holm_ndp_prefix is what a router says about a prefix. */
struct holm_ndp_prefix {
    struct holm_ip_prefix prefix;
    uint32_t valid_s, preferred_s;
    bool on_link, autonomous;
};

struct holm_ndp_options {
    struct holm_mac_address source_mac, target_mac;
    bool has_source_mac, has_target_mac, has_nonce;
    uint8_t nonce[HOLM_NDP_NONCE_BYTES];
    uint32_t mtu; /* 0: not said */
    struct holm_ndp_prefix prefixes[HOLM_NDP_PREFIXES_MAX];
    uint32_t prefixes_count;
    struct holm_ip_address servers[HOLM_NDP_SERVERS_MAX];
    uint32_t servers_s[HOLM_NDP_SERVERS_MAX];
    uint32_t servers_count;
};

/* holm_ndp_options_parse reads options up to the end of in; those that are not known are passed over.
 *
 * Memory:  fills *options; on error it is unchanged.
 * Errors:  HOLM_ERR_MALFORMED  a length of 0, or one that does not fit the option
 *          HOLM_ERR_TRUNCATED  an option runs past in
 *          HOLM_ERR_LIMIT      more than HOLM_NDP_OPTIONS_MAX */
HOLM_MUST_USE enum holm_result holm_ndp_options_parse(struct holm_ndp_options *options,
                                                      struct holm_bytes in);

struct holm_ndp_message {
    struct holm_ip_address target;         /* of neighbours' */
    bool from_router, solicited, override; /* of a neighbour's advertisement */
    uint8_t hops;                          /* of a router's: 0: not said */
    bool managed, other;                   /* of a router's: DHCPv6 has more */
    int8_t preference;                     /* of a router's: -1, 0, 1 */
    uint16_t lifetime_s;                   /* of a router's */
    struct holm_ndp_options options;
};

/* holm_ndp_message_parse reads what follows icmp, the header: of solicitations and advertisements of
 * neighbours, and of advertisements of routers.
 *
 * Memory:  fills *message; on error it is unchanged.
 * Errors:  HOLM_ERR_UNSUPPORTED  another type
 *          HOLM_ERR_TRUNCATED    shorter than its type
 *          HOLM_ERR_MALFORMED    another code; a target that is no station's; as holm_ndp_options_parse
 *          HOLM_ERR_LIMIT        as holm_ndp_options_parse */
HOLM_MUST_USE enum holm_result holm_ndp_message_parse(struct holm_ndp_message *message,
                                                      const struct holm_icmp6 *icmp,
                                                      struct holm_bytes in);

/* enum holm_ndp_option is the kinds of options that are made. */
enum holm_ndp_option {
    HOLM_NDP_SOURCE_MAC = 1,
    HOLM_NDP_TARGET_MAC = 2,
    HOLM_NDP_NONCE = 14,
};

/* holm_ndp_option_emit appends an option of six bytes; holm_ndp_target_emit appends the target of a
 * neighbour's message. False, and *out is unchanged, if it does not fit. */
HOLM_MUST_USE bool holm_ndp_option_emit(struct holm_buffer *out, enum holm_ndp_option kind,
                                        struct holm_bytes six);
HOLM_MUST_USE bool holm_ndp_target_emit(struct holm_buffer *out,
                                        const struct holm_ip_address *target);

/* holm_ndp_group_of is the group that the station with an address is asked in: RFC 4291 section
 * 2.7.1. */
struct holm_ip_address holm_ndp_group_of(const struct holm_ip_address *address);
