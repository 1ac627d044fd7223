/* SPDX-License-Identifier: ISC */
/* tcp_cookie.c: connections that are remembered by their peers alone until they are open.
 *
 *     number    24 bits of a hash over both ends, the peer's number and the hour; the hour (5 bits, of
 *               64 seconds); which MSS (3 bits)
 *     time      with timestamps, the last six bits of ours: the scale (4 bits; 15: none), SACK, and one
 *               that is 0. It is never ahead: the peer would take what comes soon behind it for old (RFC
 *               7323 section 5) */
#include "tcp_impl.h"

#include <holm/tcp/table.h>

enum { HOUR_BITS = 5, SIZE_BITS = 3, SCALE_NONE = 15, TIME_BITS = 6 };

static const uint16_t sizes[] = { 536, 1300, 1360, 1400, 1440, 1460, 4312, 8960 };

static uint32_t mac(const struct holm_tcp_table *table, const struct holm_tcp_name *name,
                    uint32_t peer_number, uint64_t hour, uint32_t size)
{
    uint64_t ends =
        holm_siphash(&table->cookie_key, holm_ip_bytes(&name->remote.address)) ^
        holm_u64_rotate(holm_siphash(&table->cookie_key, holm_ip_bytes(&name->local.address)), 17);
    uint64_t words[] = { (uint64_t)peer_number << 32 | size, hour,
                         (uint64_t)name->remote.port << 16 | name->local.port, ends };

    return (uint32_t)(holm_siphash_words(&table->cookie_key, words, 4) & 0xffffff);
}

static uint32_t size_index(uint16_t mss)
{
    uint32_t index = 0;

    while (index + 1 < HOLM_COUNT(sizes) && HOLM_AT(sizes, index + 1) <= mss)
        index += 1;
    return index;
}

static uint32_t clock_ms(uint64_t now_ns)
{
    return (uint32_t)(now_ns / 1000000 % 0x100000000U);
}

/* time_of is a time of our clock, lately, whose last bits are said. */
static uint32_t time_of(uint64_t now_ns, uint32_t bits)
{
    uint32_t now = clock_ms(now_ns);
    uint32_t time = now >> TIME_BITS << TIME_BITS | bits;

    return time > now ? holm_u32_wrap_sub(time, 1U << TIME_BITS) : time;
}

void holm_tcp_cookie_make(const struct holm_tcp_table *table, const struct holm_tcp_name *name,
                          const struct holm_tcp_options *options,
                          const struct holm_tcp_segment *syn, uint64_t now_ns,
                          struct holm_tcp_segment *out)
{
    uint64_t hour = now_ns / HOLM_TCP_COOKIE_NS;
    uint32_t size = size_index(syn->mss == 0 ? HOLM_TCP_MSS_DEFAULT : syn->mss);
    struct holm_tcp tcp;

    /* As a connection would answer; then the number, and in the timestamp what else is to be kept. */
    holm_tcp_accept(&tcp, options, syn, 0, 0, now_ns);
    *out =
        (struct holm_tcp_segment){ .source = syn->destination,
                                   .destination = syn->source,
                                   .flags = HOLM_TCP_SYN | HOLM_TCP_ACK,
                                   .seq = mac(table, name, syn->seq, hour, size) << 8 |
                                          (uint32_t)(hour % (1U << HOUR_BITS)) << SIZE_BITS | size,
                                   .ack = tcp.received,
                                   .mss = tcp.options.mss };
    uint32_t window = tcp.options.receive_bytes;
    out->window = (uint16_t)(window > UINT16_MAX ? UINT16_MAX : window);
    if (!tcp.times)
        return;
    uint32_t scale = tcp.scales ? tcp.send_scale : SCALE_NONE;
    out->has_time = true;
    out->time_value = time_of(now_ns, scale << 2 | (tcp.sacks ? 2U : 0U));
    out->time_echo = syn->time_value;
    out->has_scale = tcp.scales;
    out->scale = tcp.receive_scale;
    out->sack_permitted = tcp.sacks;
}

enum holm_result holm_tcp_cookie_take(const struct holm_tcp_table *table, struct holm_tcp *tcp,
                                      const struct holm_tcp_name *name,
                                      const struct holm_tcp_options *options,
                                      const struct holm_tcp_segment *segment, uint64_t now_ns)
{
    uint32_t cookie = holm_u32_wrap_sub(segment->ack, 1);
    uint32_t peer_number = holm_u32_wrap_sub(segment->seq, 1);
    uint32_t size = cookie & ((1U << SIZE_BITS) - 1);
    uint64_t hour = now_ns / HOLM_TCP_COOKIE_NS;
    uint32_t age = (uint32_t)(hour - (cookie >> SIZE_BITS)) & ((1U << HOUR_BITS) - 1);

    if (!(segment->flags & HOLM_TCP_ACK) || (segment->flags & (HOLM_TCP_SYN | HOLM_TCP_RST)) ||
        age > 1 || age > hour || mac(table, name, peer_number, hour - age, size) != cookie >> 8)
        return HOLM_ERR_REFUSED;
    struct holm_tcp_segment syn = { .source = segment->source,
                                    .destination = segment->destination,
                                    .seq = peer_number,
                                    .flags = HOLM_TCP_SYN,
                                    .window = segment->window,
                                    .mss = HOLM_AT(sizes, size) };
    if (segment->has_time) {
        uint32_t scale = segment->time_echo >> 2 & 15;
        syn.has_time = true;
        syn.time_value = segment->time_value;
        syn.has_scale = scale != SCALE_NONE;
        syn.scale = (uint8_t)(syn.has_scale && scale <= HOLM_TCP_SCALE_MAX ? scale : 0);
        syn.sack_permitted = segment->time_echo & 2;
    }
    holm_tcp_accept(tcp, options, &syn, cookie, 0, now_ns);
    tcp->una = tcp->nxt = tcp->end; /* our SYN was sent, and forgotten */
    tcp->syn_due = false;
    holm_tcp__established(tcp, now_ns);
    return HOLM_OK;
}
