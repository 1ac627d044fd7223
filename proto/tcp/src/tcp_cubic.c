/* SPDX-License-Identifier: ISC */
/* tcp_cubic.c: how much may be on its way, by CUBIC (RFC 9438). In bytes and milliseconds; C is 0.4
 * segments per second cubed, beta 0.7. */
#include "tcp_impl.h"

#define TIME_MAX_MS UINT64_C(100000)    /* beyond it the curve is steep enough */
#define WINDOW_MOST (UINT32_C(1) << 30) /* what no sequence space holds */

/* holm_tcp__window_first is the initial window of RFC 6928. */
uint32_t holm_tcp__window_first(const struct holm_tcp *tcp)
{
    uint32_t least = holm_tcp__most(2U * tcp->mss, 14600);
    return holm_tcp__least(10U * tcp->mss, least);
}

/* root is the cube root of n, rounded down; n below 2^54. */
static uint64_t root(uint64_t n)
{
    uint64_t low = 0, high = UINT64_C(1) << 18;

    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        if (middle * middle * middle <= n)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* rise is C * time^3 in bytes. */
static uint64_t rise(const struct holm_tcp *tcp, uint64_t time_ms)
{
    uint64_t ms = holm_tcp__least_ns(time_ms, TIME_MAX_MS);
    return ms * ms * ms / 1000 * 4 * tcp->mss / 10000000;
}

static void epoch_begin(struct holm_tcp *tcp, uint64_t now_ns)
{
    struct holm_tcp_cubic *cubic = &tcp->cubic;

    cubic->epoch_ns = now_ns;
    cubic->friendly = tcp->cwnd;
    cubic->credit = 0;
    if (cubic->top <= tcp->cwnd) {
        cubic->top = tcp->cwnd;
        cubic->root_ms = 0;
        return;
    }
    /* K = cubic root of ((W_max - cwnd) / C): segments times 2.5 s^3. */
    cubic->root_ms = root((uint64_t)(cubic->top - tcp->cwnd) * 2500000000U / tcp->mss);
}

/* aim is where the curve is one round trip from now. */
static uint32_t aim(const struct holm_tcp *tcp, uint64_t now_ns)
{
    const struct holm_tcp_cubic *cubic = &tcp->cubic;
    uint64_t time_ms = (now_ns - cubic->epoch_ns + tcp->srtt_ns) / 1000000;
    uint64_t window = cubic->top;

    if (time_ms >= cubic->root_ms) {
        window += rise(tcp, time_ms - cubic->root_ms);
    } else {
        uint64_t below = rise(tcp, cubic->root_ms - time_ms);
        window = below < window ? window - below : 0;
    }
    uint64_t most = (uint64_t)tcp->cwnd + tcp->cwnd / 2; /* section 4.2 */
    window = window < tcp->cwnd ? tcp->cwnd : window;
    window = window > most ? most : window;
    return (uint32_t)(window > WINDOW_MOST ? WINDOW_MOST : window);
}

/* friendly_grow is what Reno would do: alpha segments a window, alpha 9/17 until the window of before
 * the last reduction is reached, then 1 (section 4.3). */
static void friendly_grow(struct holm_tcp *tcp, uint32_t acked)
{
    struct holm_tcp_cubic *cubic = &tcp->cubic;
    bool reached = cubic->friendly >= cubic->prior;
    uint64_t more = (uint64_t)acked * tcp->mss;

    if (!reached)
        more = more * 9 / 17;
    cubic->friendly += (uint32_t)(more / tcp->cwnd);
    cubic->friendly = holm_tcp__least(cubic->friendly, WINDOW_MOST);
}

void holm_tcp__cubic_acked(struct holm_tcp *tcp, uint32_t acked, uint64_t now_ns)
{
    struct holm_tcp_cubic *cubic = &tcp->cubic;

    if (tcp->cwnd < tcp->ssthresh) {
        uint32_t grown = holm_tcp__least(tcp->cwnd + acked, WINDOW_MOST);
        tcp->cwnd = holm_tcp__most(holm_tcp__least(grown, tcp->ssthresh), tcp->cwnd);
        return;
    }
    if (cubic->epoch_ns == 0)
        epoch_begin(tcp, now_ns);
    friendly_grow(tcp, acked);
    uint32_t target = aim(tcp, now_ns);
    /* (target - cwnd) / cwnd for each segment: in bytes, what is less than one is kept. */
    uint64_t more = (uint64_t)(target - tcp->cwnd) * acked + cubic->credit;
    cubic->credit = (uint32_t)(more % tcp->cwnd);
    tcp->cwnd = holm_tcp__least(tcp->cwnd + (uint32_t)(more / tcp->cwnd), WINDOW_MOST);
    tcp->cwnd = holm_tcp__most(tcp->cwnd, cubic->friendly);
}

uint32_t holm_tcp__cubic_reduced(struct holm_tcp *tcp)
{
    struct holm_tcp_cubic *cubic = &tcp->cubic;
    uint32_t less = (uint32_t)((uint64_t)tcp->cwnd * 7 / 10);

    /* Fast convergence, section 4.7: somebody else wants a share. */
    cubic->top = tcp->cwnd < cubic->top ? (uint32_t)((uint64_t)tcp->cwnd * 17 / 20) : tcp->cwnd;
    cubic->prior = tcp->cwnd;
    cubic->epoch_ns = 0;
    return holm_tcp__most(less, 2U * tcp->mss);
}

void holm_tcp__cubic_restart(struct holm_tcp *tcp)
{
    tcp->cubic.epoch_ns = 0;
    tcp->cwnd = holm_tcp__least(tcp->cwnd, holm_tcp__window_first(tcp)); /* RFC 5681 section 4.1 */
}
