/* SPDX-License-Identifier: ISC */
/* tcpip_tcp.c: segments come to their connections, and leave from them. */
#include "tcpip_flow.h"
#include "tcpip_ipv6.h"

HOLM_COUNTER(tcp_in, "holm_tcp_received_segments_total", "segments that came");
HOLM_COUNTER(tcp_out, "holm_tcp_sent_segments_total", "segments that were sent, again too");
HOLM_COUNTER(tcp_bad, "holm_tcp_malformed_segments_total", "segments that were not read");
HOLM_COUNTER(tcp_cookies, "holm_tcp_cookies_total",
             "answers without a memory of who asked, since too many did");
HOLM_COUNTER(tcp_resets, "holm_tcp_resets_sent_total", "segments for nobody that were refused");
HOLM_COUNTER(tcp_memory, "holm_tcp_dropped_segments_total",
             "segments that were dropped for want of memory");

/* checksum_put writes the checksum of the header at offset start of head. */
static void checksum_put(const struct holm_buffer *head, size_t start, uint16_t checksum)
{
    struct holm_span all = { head->ptr, head->len }, room;

    holm_assert(holm_span_part(all, start + HOLM_TCP_CHECKSUM_OFFSET, 2, &room));
    struct holm_buffer out = holm_span_buffer(room);
    holm_assert(holm_buffer_u16(&out, checksum));
}

/* refuse answers a segment that belongs to nobody. */
static void refuse(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                   const struct holm_tcp_segment *segment, const struct holm_tcp_segment *answer)
{
    struct holm_tcpip__way way = { .interface = packet->interface,
                                   .source = packet->header.destination };
    struct holm_ip_header ip = { .destination = packet->header.source, .protocol = HOLM_IP_TCP };
    uint8_t bytes[HOLM_TCP_HEADER_MAX];
    struct holm_buffer header = HOLM_BUFFER(bytes);
    struct holm_tcp_segment reset;
    struct holm_sum sum = { 0 };

    if (answer == NULL && (!holm_tcp_refusal(&reset, segment) ||
                           !holm_rate_take(&stack->reset_rate, holm_tcpip__now(stack))))
        return;
    if (answer != NULL)
        reset = *answer;
    else
        holm_counter_add(&tcp_resets, 1);
    if (holm_tcpip__way(stack, &ip.destination, &way) != HOLM_OK)
        return;
    const struct holm_tcpip_peer *peer = holm_tcpip__peer(stack, &ip.destination);
    reset.md5_at = peer != NULL && peer->key != NULL ? 1 : 0;
    holm_assert(holm_tcp_segment_emit(&header, &reset) == HOLM_OK);
    const struct holm_tcp_covered covered = { &way.source, &ip.destination,
                                              holm_buffer_filled(&header), NULL, 0 };
    holm_tcpip__peer_sign(stack, &covered, (struct holm_span){ header.ptr, header.len },
                          reset.md5_at);
    holm_ip_pseudo(&sum, &way.source, &ip.destination, HOLM_IP_TCP, (uint32_t)header.len);
    holm_sum_add(&sum, holm_buffer_filled(&header));
    checksum_put(&header, 0, (uint16_t)(0xffff - holm_sum_fold(&sum)));
    holm_tcpip__answer(stack, &way, &ip, holm_buffer_filled(&header), (struct holm_bytes){ 0 });
}

/* called takes a SYN for a listener: a connection begins, or a cookie stands in for it. */
static void called(struct holm_tcpip__listener *listener, struct holm_tcpip__packet *packet,
                   const struct holm_tcp_name *name, const struct holm_tcp_segment *segment)
{
    struct holm_tcpip *stack = listener->stack;
    struct holm_tcpip__way way = { .interface = packet->interface, .source = name->local.address };
    struct holm_tcpip__flow *flow = NULL;
    struct holm_tcp_options options;
    uint32_t offset = 0;

    if (holm_tcpip__way(stack, &name->remote.address, &way) != HOLM_OK ||
        listener->waiting >= HOLM_TCPIP_BACKLOG_MAX)
        return;
    holm_tcpip__flow_options(stack, way.interface, &name->remote.address, &options);
    if (listener->half_open < HOLM_TCPIP__HALF_OPEN_MAX)
        flow = holm_tcpip__flow_new(stack);
    if (flow == NULL) {
        struct holm_tcp_segment answer;
        stack->cookie_ns = holm_tcpip__now(stack);
        holm_counter_add(&tcp_cookies, 1);
        holm_tcp_cookie_make(&stack->table, name, &options, segment, holm_tcpip__now(stack),
                             &answer);
        refuse(stack, packet, segment, &answer);
        return;
    }
    holm_tcpip__flow_open(flow, name, &way);
    uint32_t number = holm_tcp_first_number(&stack->table, name, holm_tcpip__now(stack), &offset);
    holm_tcp_accept(&flow->tcp, &options, segment, number, offset, holm_tcpip__now(stack));
    flow->listener = listener;
    flow->half_open = true;
    listener->half_open += 1;
    holm_tcpip__flow_settle(flow);
}

/* cookie_back makes a connection of a segment that brings a cookie back; NULL: it brings none. */
static struct holm_tcpip__flow *cookie_back(struct holm_tcpip__listener *listener,
                                            const struct holm_tcp_name *name,
                                            const struct holm_tcp_segment *segment)
{
    struct holm_tcpip *stack = listener->stack;
    struct holm_tcpip__way way = { .source = name->local.address };
    struct holm_tcp_options options;
    struct holm_tcp tcp;

    if (stack->cookie_ns == 0 || holm_tcpip__now(stack) - stack->cookie_ns > 2 * HOLM_TCP_COOKIE_NS)
        return NULL; /* none was given that is still good: it is a guess */
    if (holm_tcpip__way(stack, &name->remote.address, &way) != HOLM_OK ||
        listener->waiting >= HOLM_TCPIP_BACKLOG_MAX)
        return NULL;
    holm_tcpip__flow_options(stack, way.interface, &name->remote.address, &options);
    if (holm_tcp_cookie_take(&stack->table, &tcp, name, &options, segment,
                             holm_tcpip__now(stack)) != HOLM_OK)
        return NULL;
    struct holm_tcpip__flow *flow = holm_tcpip__flow_new(stack);
    if (flow == NULL)
        return NULL;
    holm_tcpip__flow_open(flow, name, &way);
    flow->tcp = tcp;
    flow->listener = listener;
    flow->half_open = true;
    listener->half_open += 1;
    return flow;
}

/* stranger takes a segment that no connection has. */
static struct holm_tcpip__flow *stranger(struct holm_tcpip *stack,
                                         struct holm_tcpip__packet *packet,
                                         const struct holm_tcp_name *name,
                                         const struct holm_tcp_segment *segment)
{
    struct holm_tcpip__listener *listener = holm_tcpip__listener_of(stack, &name->local);
    uint8_t flags = segment->flags & (HOLM_TCP_SYN | HOLM_TCP_ACK | HOLM_TCP_RST);

    if (listener != NULL && flags == HOLM_TCP_SYN) {
        called(listener, packet, name, segment);
        return NULL;
    }
    if (listener != NULL && flags == HOLM_TCP_ACK) {
        struct holm_tcpip__flow *flow = cookie_back(listener, name, segment);
        if (flow != NULL)
            return flow;
    }
    refuse(stack, packet, segment, NULL);
    return NULL;
}

/* reused answers whether a SYN may begin anew what is in TIME-WAIT: RFC 6191, RFC 9293 MAY-2. */
static bool reused(const struct holm_tcpip__flow *flow, const struct holm_tcp_segment *segment)
{
    const struct holm_tcp *tcp = &flow->tcp;

    return tcp->state == HOLM_TCP_TIME_WAIT &&
           holm_tcp_reusable(segment, tcp->times, tcp->time_recent, tcp->received);
}

static void feed(struct holm_tcpip__flow *flow, struct holm_tcpip__packet *packet,
                 const struct holm_tcp_segment *segment)
{
    struct holm_tcpip *stack = flow->stack;
    struct holm_tcp_kept kept;

    if (!holm_tcpip__can_keep(flow, packet, segment)) { /* it will come again */
        holm_counter_add(&tcp_memory, 1);
        holm_tcpip__flow_settle(flow); /* it may be new: of a cookie */
        return;
    }
    bool marked = packet->header.traffic_class % 4 == HOLM_IP_CE;
    enum holm_tcp_verdict verdict =
        holm_tcp_feed(&flow->tcp, &stack->records, segment, marked, holm_tcpip__now(stack), &kept);

    if (verdict == HOLM_TCP_REFUSED)
        refuse(stack, packet, segment, NULL);
    else if (verdict == HOLM_TCP_TAKEN && flow->tcp.state >= HOLM_TCP_ESTABLISHED)
        holm_neighbour_confirm(&flow->interface->neighbours, &flow->hop, holm_tcpip__now(stack));
    if (kept.len > 0 && !holm_tcpip__keep(flow, packet, segment->header_len + (size_t)kept.skip,
                                          kept.len, kept.seq)) {
        holm_tcpip__pieces_free(flow);
        holm_tcp_abort(&flow->tcp, &stack->records, HOLM_ERR_NO_MEMORY);
    }
    holm_tcpip__flow_settle(flow);
}

void holm_tcpip__tcp_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet)
{
    struct holm_bytes in = packet->head;
    struct holm_tcp_segment segment;
    uint32_t index = 0;

    holm_counter_add(&tcp_in, 1);
    if (packet->to_group || holm_ip_is_any(&packet->header.source) ||
        holm_tcp_segment_parse(&segment, &in) != HOLM_OK ||
        !holm_tcpip__sum_right(packet, HOLM_IP_TCP)) {
        holm_counter_add(&tcp_bad, 1);
        return;
    }
    segment.len = packet->header.payload_len - (size_t)segment.header_len;
    if (!holm_tcpip__peer_passes(stack, packet, &segment)) {
        holm_counter_add(&tcp_bad, 1);
        return;
    }
    struct holm_tcp_name name = { .local = { packet->header.destination, segment.destination },
                                  .remote = { packet->header.source, segment.source } };
    struct holm_tcpip__flow *flow = NULL;
    bool known = holm_tcp_table_find(&stack->table, &name, &index);
    if (known && index >= stack->options.connections_max) {
        struct holm_tcp_segment answer;
        enum holm_tcp_rest_verdict verdict = holm_tcpip__rest_feed(stack, index, &segment, &answer);
        if (verdict == HOLM_TCP_REST_ANSWERED)
            refuse(stack, packet, &segment, &answer);
        if (verdict != HOLM_TCP_REST_REPLACED)
            return;
        known = false;
    }
    if (known) {
        flow = HOLM_NTH(stack->flows, stack->options.connections_max, index);
        if (packet->header.hops < flow->hop_limit_min) { /* RFC 5082 */
            holm_counter_add(&tcp_bad, 1);
            return;
        }
        if (reused(flow, &segment)) {
            holm_tcp_abort(&flow->tcp, &stack->records, HOLM_OK);
            holm_tcpip__flow_settle(flow);
            flow = stranger(stack, packet, &name, &segment);
        }
    } else {
        flow = stranger(stack, packet, &name, &segment);
    }
    if (flow != NULL)
        feed(flow, packet, &segment);
}

/* headers_of is what a packet with data has before it: IP, TCP, and options. */
static uint32_t headers_of(const struct holm_tcpip__flow *flow)
{
    bool six = flow->name.local.address.family == HOLM_IP_V6;

    return (six ? HOLM_IPV6_HEADER_BYTES : HOLM_IPV4_HEADER_MIN) + HOLM_TCP_HEADER_MIN +
           (flow->tcp.times ? 12U : 0U) + (flow->tcp.options.md5 ? 20U : 0U);
}

bool holm_tcpip__tcp_unreachable(struct holm_tcpip *stack, const struct holm_tcp_name *name,
                                 uint32_t seq, enum holm_result reason, uint16_t mtu)
{
    struct holm_tcpip__flow *flow;
    uint32_t index = 0;

    if (!holm_tcp_table_find(&stack->table, name, &index) ||
        index >= stack->options.connections_max)
        return false;
    flow = HOLM_NTH(stack->flows, stack->options.connections_max, index);
    /* RFC 5927 section 4.1: of what is on its way, or it is a forgery. */
    if (holm_u32_wrap_before(seq, flow->tcp.una) || !holm_u32_wrap_before(seq, flow->tcp.nxt))
        return false;
    if (reason == HOLM_ERR_LIMIT) {
        uint32_t headers = headers_of(flow);
        if (mtu >= 552) /* Deviation: smaller ways are taken for forgeries */
            holm_tcp_mss_set(&flow->tcp, (uint16_t)(mtu - headers));
        return true;
    }
    /* RFC 5461: only of who is still calling is it believed at once. */
    if (flow->tcp.state == HOLM_TCP_SYN_SENT) {
        holm_tcp_abort(&flow->tcp, &stack->records, reason);
        holm_tcpip__flow_settle(flow);
    }
    return true;
}

/* fragments_lend lays out the bytes of the segment that are to go with it; fewer if they lie in more
 * pieces than a frame may have: answers how many. */
static size_t fragments_lend(struct holm_tcpip__flow *flow, struct holm_net_sent *frame,
                             uint32_t seq, size_t len)
{
    size_t skip = holm_u32_wrap_sub(seq, flow->out_seq), lent = 0;

    frame->fragments_count = 0;
    for (const struct holm_tcpip__out *out = flow->out_first; lent < len && out != NULL;
         out = out->next) {
        struct holm_bytes part = out->bytes;
        if (skip >= part.len) {
            skip -= part.len;
            continue;
        }
        size_t in = part.len - skip < len - lent ? part.len - skip : len - lent;
        if (frame->fragments_count == HOLM_NET_FRAGMENTS_MAX)
            return lent;
        holm_assert(holm_bytes_part(part, skip, in, &part));
        HOLM_AT(frame->fragments, frame->fragments_count) = part;
        frame->fragments_count += 1;
        lent += in;
        skip = 0;
    }
    return lent;
}

/* checksum_set fills in the checksum: the device's work, if it does that. */
static void checksum_set(struct holm_tcpip__flow *flow, struct holm_tcpip__departure *departure,
                         struct holm_tcp_segment *segment, struct holm_buffer *head, uint16_t cut)
{
    const struct holm_net_facts *facts = &departure->net->facts;
    size_t start = head->len;
    uint32_t len = (uint32_t)segment->len;
    struct holm_sum sum = { 0 };

    holm_assert(holm_tcp_segment_emit(head, segment) == HOLM_OK);
    len += segment->header_len;
    struct holm_span header = { 0 };
    holm_assert(holm_span_part((struct holm_span){ head->ptr, head->len }, start,
                               segment->header_len, &header));
    const struct holm_tcp_covered covered = { &flow->name.local.address, &flow->name.remote.address,
                                              holm_span_bytes(header), departure->frame.fragments,
                                              departure->frame.fragments_count };
    holm_tcpip__peer_sign(flow->stack, &covered, header, segment->md5_at);
    holm_ip_pseudo(&sum, &flow->name.local.address, &flow->name.remote.address, HOLM_IP_TCP, len);
    if (facts->sends_checksums) {
        departure->frame.header.flags = HOLM_NET_NEEDS_CHECKSUM;
        departure->frame.header.checksum_start = (uint16_t)start;
        departure->frame.header.checksum_offset = HOLM_TCP_CHECKSUM_OFFSET;
        segment->checksum = holm_sum_fold(&sum);
    } else {
        holm_sum_add(&sum, holm_span_bytes(header));
        for (size_t i = 0; i < departure->frame.fragments_count; i++)
            holm_sum_add(&sum, HOLM_AT(departure->frame.fragments, i));
        segment->checksum = (uint16_t)(0xffff - holm_sum_fold(&sum));
    }
    checksum_put(head, start, segment->checksum);
    if (segment->len > cut) {
        departure->frame.header.segments =
            flow->name.remote.address.family == HOLM_IP_V4 ? HOLM_NET_TCP4 : HOLM_NET_TCP6;
        departure->frame.header.segment_size = cut;
        departure->frame.header.headers_len = (uint16_t)head->len;
    }
}

/* depart makes a frame of a segment. */
static void depart(struct holm_tcpip__flow *flow, struct holm_tcpip__departure *departure,
                   struct holm_buffer *head, struct holm_tcp_segment *segment, uint16_t cut,
                   bool capable)
{
    uint8_t bytes[HOLM_TCP_HEADER_MAX];
    struct holm_buffer header = HOLM_BUFFER(bytes);

    holm_counter_add(&tcp_out, 1);
    if (segment->len > 0)
        departure->flow = flow;
    holm_assert(holm_tcp_segment_emit(&header, segment) == HOLM_OK);
    struct holm_ip_header ip = {
        .source = flow->name.local.address,
        .destination = flow->name.remote.address,
        .payload_len = (uint16_t)(header.len + segment->len),
        .protocol = HOLM_IP_TCP,
        .hops = flow->hop_limit,
        .traffic_class = (uint8_t)(flow->tcp.options.traffic_class / 4 * 4 +
                                   (capable ? HOLM_IP_ECT_0 : HOLM_IP_NOT_ECT)),
    };
    holm_assert(header.len + segment->len <= HOLM_IP_PACKET_MAX &&
                holm_tcpip__ip_head(flow->interface, head, &ip));
    checksum_set(flow, departure, segment, head, cut);
    departure->frame.head = holm_buffer_filled(head);
    holm_tcpip__depart(flow->stack, departure);
}

/* depart_all sends a segment in as many frames as its bytes need: those may lie in more pieces than one frame
 * may have. Should there be no frame for the rest, it is as if it were lost. */
static void depart_all(struct holm_tcpip__flow *flow, struct holm_tcpip__departure *departure,
                       struct holm_buffer *head, struct holm_tcp_segment *segment, uint16_t cut,
                       bool capable)
{
    for (;;) {
        struct holm_tcp_segment part = *segment;
        part.len = fragments_lend(flow, &departure->frame, segment->seq, segment->len);
        segment->len -= part.len;
        segment->seq = holm_u32_wrap_add(segment->seq, (uint32_t)part.len);
        if (segment->len > 0)
            part.flags = (uint8_t)(part.flags & ~(HOLM_TCP_FIN | HOLM_TCP_PSH));
        depart(flow, departure, head, &part, cut, capable);
        if (segment->len == 0)
            return;
        departure = holm_tcpip__departure_new(flow->stack, flow->interface);
        if (departure == NULL)
            return;
        *head = HOLM_BUFFER(departure->head);
        if (holm_tcpip__ethernet(flow->interface, &flow->hop, head) != HOLM_OK) {
            holm_tcpip__departure_drop(flow->stack, departure);
            return;
        }
    }
}

/* hop_renew finds the next hop again, if routes have changed; without a way it stays. */
static void hop_renew(struct holm_tcpip__flow *flow)
{
    struct holm_tcpip__way way = { .interface = flow->interface,
                                   .source = flow->name.local.address };

    if (flow->routes_version == flow->stack->routes.version)
        return;
    flow->routes_version = flow->stack->routes.version;
    if (holm_tcpip__way(flow->stack, &flow->name.remote.address, &way) != HOLM_OK)
        return;
    flow->interface = way.interface;
    flow->hop = way.hop;
}

bool holm_tcpip__flow_drain(struct holm_tcpip__flow *flow)
{
    struct holm_tcpip *stack = flow->stack;
    struct holm_tcp_segment segment;
    uint16_t cut = 0;
    bool capable = false;

    hop_renew(flow);
    while (flow->used) {
        struct holm_tcpip__departure *departure = holm_tcpip__departure_new(stack, flow->interface);
        if (departure == NULL)
            return false;
        struct holm_buffer head = HOLM_BUFFER(departure->head);
        enum holm_result way = holm_tcpip__ethernet(flow->interface, &flow->hop, &head);
        if (way == HOLM_AGAIN) { /* a neighbour is asked for */
            holm_tcpip__departure_drop(stack, departure);
            return false;
        }
        if (way == HOLM_ERR_UNREACHABLE && flow->tcp.state == HOLM_TCP_SYN_SENT)
            holm_tcp_abort(&flow->tcp, &stack->records, HOLM_ERR_UNREACHABLE);
        enum holm_result result = holm_tcp_drain(&flow->tcp, &stack->records,
                                                 holm_tcpip__now(stack), &segment, &cut, &capable);
        if (result == HOLM_OK && way == HOLM_OK) {
            depart_all(flow, departure, &head, &segment, cut, capable);
            continue;
        }
        /* Without a way a segment is lost as on any wire: timers run, and end what stays silent. */
        holm_tcpip__departure_drop(stack, departure);
        if (result != HOLM_OK)
            break;
    }
    flow->leaving = true; /* all that could leave has left: not again for the same */
    holm_tcpip__flow_settle(flow);
    flow->leaving = false;
    return true;
}
