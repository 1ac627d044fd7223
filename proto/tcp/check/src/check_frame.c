/* SPDX-License-Identifier: ISC */
/* check_frame.c: from a frame to a segment, and the rules of a header by itself. */
#include <holm/ethernet.h>
#include <holm/ipv6.h>

#include "check_impl.h"

enum { KIND_END = 0, KIND_NOTHING = 1, KIND_MSS = 2, KIND_SCALE = 3 };
enum { AT_OFFSET = 12, RESERVED_BITS = 0x0e, ACCURATE_BIT = 0x01 };

/* packet_parse takes the headers of IP off *in, which is then the packet's payload, as far as it was
 * captured; whole is how much of the packet there was. */
static enum holm_result packet_parse(struct holm_ip_header *ip, struct holm_bytes *in, size_t whole)
{
    struct holm_ipv6_problem problem;
    struct holm_bytes headers;
    uint8_t version;

    if (!holm_bytes_u8_at(*in, 0, &version))
        return HOLM_ERR_UNSUPPORTED;
    enum holm_result result = version / 16 == 6 ? holm_ipv6_parse(ip, &problem, *in, whole)
                                                : holm_ipv4_parse(ip, *in, whole);
    if (result != HOLM_OK || ip->protocol != HOLM_IP_TCP || ip->offset != 0 || ip->more_fragments ||
        !holm_bytes_take(in, ip->header_len, &headers))
        return HOLM_ERR_UNSUPPORTED;
    if (in->len > ip->payload_len)
        in->len = ip->payload_len;
    return HOLM_OK;
}

/* options_look finds what the parser of segments passes over: padding, a scale that is too large. */
static void options_look(struct holm_tcp_check_segment *segment, struct holm_tcp_laws *laws,
                         struct holm_bytes options)
{
    uint8_t kind, len, byte;
    struct holm_bytes value;

    while (holm_bytes_u8(&options, &kind) && kind != KIND_END) {
        if (kind == KIND_NOTHING)
            continue;
        if (!holm_bytes_u8(&options, &len) || len < 2 ||
            !holm_bytes_take(&options, len - 2U, &value))
            return;
        if (kind == KIND_MSS)
            segment->has_mss = true;
        if (kind == KIND_SCALE && holm_bytes_u8(&value, &byte) && byte > HOLM_TCP_SCALE_MAX)
            holm_tcp_laws_add(laws, HOLM_TCP_LAW_SCALE_LARGE);
    }
    while (holm_bytes_u8(&options, &byte))
        if (byte != 0)
            holm_tcp_laws_add(laws, HOLM_TCP_LAW_PADDING);
}

/* flags_look checks what flags and numbers there are together, in any state. */
static void flags_look(const struct holm_tcp_check_segment *segment, struct holm_tcp_laws *laws)
{
    const struct holm_tcp_segment *head = &segment->head;
    bool syn = (head->flags & HOLM_TCP_SYN) != 0, ack = (head->flags & HOLM_TCP_ACK) != 0;
    bool rst = (head->flags & HOLM_TCP_RST) != 0;
    const struct {
        bool is_broken;
        enum holm_tcp_law law;
    } rules[] = {
        { head->source == 0 || head->destination == 0, HOLM_TCP_LAW_PORT },
        { !syn && !ack && !rst, HOLM_TCP_LAW_NO_ACK },
        { syn && (head->flags & HOLM_TCP_FIN) != 0, HOLM_TCP_LAW_SYN_FIN },
        { syn && rst, HOLM_TCP_LAW_SYN_RST },
        { (head->flags & HOLM_TCP_URG) != 0 && head->urgent == 0, HOLM_TCP_LAW_URGENT_NOTHING },
        { !syn && segment->has_mss, HOLM_TCP_LAW_MSS_LATE },
        { !syn && head->has_scale, HOLM_TCP_LAW_SCALE_LATE },
        { !syn && head->sack_permitted, HOLM_TCP_LAW_SACK_PERMITTED_LATE },
        { !ack && !rst && head->has_time && head->time_echo != 0, HOLM_TCP_LAW_ECHO_EARLY },
    };

    for (size_t i = 0; i < HOLM_COUNT(rules); i++)
        if (HOLM_AT(rules, i).is_broken)
            holm_tcp_laws_add(laws, HOLM_AT(rules, i).law);
}

/* malformed says why the header cannot be read. */
static void malformed(struct holm_tcp_laws *laws, struct holm_bytes tcp, size_t whole)
{
    uint8_t offset = 0;
    bool is_short = !holm_bytes_u8_at(tcp, AT_OFFSET, &offset) ||
                    offset / 16 * 4 < HOLM_TCP_HEADER_MIN || offset / 16 * 4U > whole;

    holm_tcp_laws_add(laws, is_short ? HOLM_TCP_LAW_HEADER_LENGTH : HOLM_TCP_LAW_OPTION_LENGTH);
}

/* sum_is_right takes a sum of the pseudo-header alone for right: a host leaves the rest to its device. */
static bool sum_is_right(const struct holm_ip_header *ip, struct holm_bytes tcp, uint16_t checksum)
{
    struct holm_sum sum = { 0 };

    holm_ip_pseudo(&sum, &ip->source, &ip->destination, HOLM_IP_TCP, (uint32_t)tcp.len);
    if (holm_sum_fold(&sum) == checksum)
        return true;
    holm_sum_add(&sum, tcp);
    return holm_sum_fold(&sum) == 0xffff;
}

/* ends_take reads the ports, which a header that is otherwise wrong has as well. */
static bool ends_take(struct holm_tcp_check_segment *segment, const struct holm_ip_header *ip,
                      struct holm_bytes tcp)
{
    segment->source.address = ip->source;
    segment->destination.address = ip->destination;
    return holm_bytes_u16_at(tcp, 0, &segment->source.port) &&
           holm_bytes_u16_at(tcp, 2, &segment->destination.port);
}

/* segment_parse reads the segment in tcp, the captured part of a packet's payload. */
static enum holm_result segment_parse(struct holm_tcp_check_segment *segment,
                                      struct holm_tcp_laws *laws, const struct holm_ip_header *ip,
                                      struct holm_bytes tcp)
{
    struct holm_bytes rest = tcp, header = { 0 }, fixed = { 0 };
    uint8_t bits = 0;

    enum holm_result result = holm_tcp_segment_parse(&segment->head, &rest);
    if (result == HOLM_ERR_TRUNCATED && tcp.len < ip->payload_len)
        return HOLM_ERR_TRUNCATED;
    if (result != HOLM_OK) {
        malformed(laws, tcp, ip->payload_len);
        return HOLM_ERR_MALFORMED;
    }
    if (holm_bytes_part(tcp, 0, segment->head.header_len, &header) &&
        holm_bytes_take(&header, HOLM_TCP_HEADER_MIN, &fixed) &&
        holm_bytes_u8_at(fixed, AT_OFFSET, &bits))
        options_look(segment, laws, header);
    if ((bits & RESERVED_BITS) != 0)
        holm_tcp_laws_add(laws, HOLM_TCP_LAW_RESERVED);
    segment->has_accurate = (bits & ACCURATE_BIT) != 0;
    segment->payload = rest;
    segment->head.len = ip->payload_len - (size_t)segment->head.header_len;
    return HOLM_OK;
}

enum holm_result holm_tcp_check_parse(struct holm_tcp_check_segment *segment,
                                      struct holm_tcp_laws *laws, struct holm_bytes frame,
                                      size_t whole, bool is_offloaded)
{
    struct holm_tcp_check_segment read = { 0 };
    struct holm_ethernet_header ethernet;
    struct holm_ip_header ip = { 0 };
    size_t before = frame.len;

    if (holm_ethernet_parse(&ethernet, &frame) != HOLM_OK ||
        (ethernet.type != HOLM_ETHERNET_IPV4 && ethernet.type != HOLM_ETHERNET_IPV6) ||
        packet_parse(&ip, &frame, whole - (before - frame.len)) != HOLM_OK)
        return HOLM_ERR_UNSUPPORTED;
    if (!ends_take(&read, &ip, frame))
        return HOLM_ERR_TRUNCATED;
    enum holm_result result = segment_parse(&read, laws, &ip, frame);
    if (result == HOLM_ERR_MALFORMED) {
        segment->source = read.source;
        segment->destination = read.destination;
    }
    if (result != HOLM_OK)
        return result;
    /* IPv6 has no number for each packet: one with the same timestamp is as good as the same. */
    read.id = ip.id == 0 && read.head.has_time ? read.head.time_value : ip.id;
    read.ecn = ip.traffic_class % 4;
    flags_look(&read, laws);
    if (!is_offloaded && frame.len == ip.payload_len &&
        !sum_is_right(&ip, frame, read.head.checksum))
        holm_tcp_laws_add(laws, HOLM_TCP_LAW_CHECKSUM);
    *segment = read;
    return HOLM_OK;
}
