/* SPDX-License-Identifier: ISC */
/* tcp_path.c: how long a segment may be on this path, found out by sending: RFC 4821 and RFC 8899,
 * without a word of routers, which may be thrown away or forged.
 *
 *     all is well: mss is path_full            --three time-outs of full segments--> mss falls
 *     mss is less: after a while a longer one  --it arrives--> mss is that, and longer ones are tried
 *                                              --it does not--> path_high is that: shorter ones are */
#include "tcp_impl.h"

#define TIMEOUTS 3 /* MAX_PROBES of RFC 8899 section 5.1.2 */

uint16_t holm_tcp__path_size(struct holm_tcp *tcp, uint32_t len, uint64_t now_ns)
{
    if (tcp->mss >= tcp->path_full || tcp->path_probe != 0 || tcp->mode != HOLM_TCP_OPEN)
        return 0;
    if (tcp->path_ns == 0)
        tcp->path_ns = now_ns + HOLM_TCP_PATH_RAISE_NS;
    if (now_ns < tcp->path_ns)
        return 0;
    if (tcp->path_high - tcp->mss < HOLM_TCP_PATH_STEP) { /* found; the path may change */
        tcp->path_high = (uint16_t)(tcp->path_full + HOLM_TCP_PATH_STEP);
        tcp->path_ns = now_ns + HOLM_TCP_PATH_RAISE_NS;
        return 0;
    }
    uint32_t size = holm_tcp__least((tcp->mss + (uint32_t)tcp->path_high) / 2, tcp->path_full);
    return len < size ? 0 : (uint16_t)size;
}

void holm_tcp__path_passed(struct holm_tcp *tcp, uint32_t len)
{
    tcp->path_probe = 0;
    if (len > tcp->mss && len <= tcp->path_full)
        tcp->mss = (uint16_t)len;
    if (tcp->mss == tcp->path_full)
        tcp->path_ns = 0;
}

void holm_tcp__path_lost(struct holm_tcp *tcp, uint32_t len)
{
    tcp->path_probe = 0;
    if (len > tcp->mss && len < tcp->path_high)
        tcp->path_high = (uint16_t)len;
}

void holm_tcp__path_timeout(struct holm_tcp *tcp, uint32_t len, uint64_t now_ns)
{
    uint16_t less = tcp->mss > HOLM_TCP_PATH_BASE ? HOLM_TCP_PATH_BASE : HOLM_TCP_PATH_LEAST;

    if (tcp->backoff < TIMEOUTS || len < tcp->mss || tcp->mss <= less)
        return;
    tcp->path_high = tcp->mss;
    tcp->path_probe = 0;
    tcp->path_ns = now_ns + HOLM_TCP_PATH_RAISE_NS;
    tcp->mss = less;
}
