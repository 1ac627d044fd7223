/* SPDX-License-Identifier: ISC */
/* How a loss is found out: by what follows it at once, or else by a probe of the tail. */
#include "tcp_peer.h"

#include <holm/test.h>

static struct peer peer;
static const struct holm_tcp_segment sacks = { .mss = 1460, .sack_permitted = true };

TEST(what_a_device_cuts_is_half_of_the_window_so_that_a_loss_is_told_by_what_follows)
{
    peer_accept(&peer, &(struct holm_tcp_options){ .burst_bytes = 65535 }, &sacks);
    CHECK_IS(holm_tcp_write(&peer.tcp, 14600), HOLM_OK);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.len, 7300);
    uint32_t second = peer.out.seq + 7300;
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.len, 7300);

    struct holm_tcp_segment told = { .source = PEER_PORT, .destination = 80, .seq = peer.seq };
    told.ack = OUR_ISS + 1; /* the first was lost as one */
    told.flags = HOLM_TCP_ACK;
    told.window = 65535;
    told.sacks[0] = (struct holm_tcp_range){ .start = second, .end = second + 7300 };
    told.sacks_count = 1;
    CHECK_IS(peer_gives(&peer, &told), HOLM_TCP_TAKEN);
    CHECK(peer_hears(&peer)); /* without a timer */
    CHECK_IS(peer.out.seq, OUR_ISS + 1);
}

/* RFC 6937 section 3. */
TEST(in_recovery_as_much_is_on_its_way_as_the_window_falls_to_and_no_more)
{
    struct holm_tcp_segment told = { .source = PEER_PORT, .destination = 80 };

    peer_accept(&peer, NULL, &sacks);
    CHECK_IS(holm_tcp_write(&peer.tcp, 29200), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 10);
    told.seq = peer.seq;
    told.ack = OUR_ISS + 1;
    told.flags = HOLM_TCP_ACK;
    told.window = 65535;
    told.sacks_count = 1;
    for (uint32_t i = 2; i <= 10; i++) {
        told.sacks[0] = (struct holm_tcp_range){ told.ack + 1460, told.ack + 1460 * i };
        CHECK_IS(peer_gives(&peer, &told), HOLM_TCP_TAKEN);
        if (peer.tcp.prr_out > 0)
            CHECK(peer.tcp.cwnd <= peer.tcp.ssthresh);
        (void)peer_quiet(&peer);
    }
    CHECK_IS(peer.tcp.mode, HOLM_TCP_RECOVERY);
    CHECK_IS(peer.tcp.ssthresh, 10220);
    CHECK(peer.tcp.pipe <= 10220 && peer.tcp.pipe > 10220 - 1460);
}

TEST(the_tail_is_probed_soon_though_a_segment_was_on_its_way_alone_before)
{
    peer_accept(&peer, NULL, &sacks);
    CHECK_IS(holm_tcp_write(&peer.tcp, 1460), HOLM_OK);
    CHECK(peer_hears(&peer));
    CHECK_IS(holm_tcp_write(&peer.tcp, 1460), HOLM_OK);
    CHECK(peer_hears(&peer));
    peer_waits(&peer, HOLM_TCP_RTO_MIN_NS / 2);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.seq, OUR_ISS + 1 + 1460);
    CHECK_IS(peer.out.len, 1460);
}

TEST(nothing_counts_as_reordered_before_anything_was_whatever_the_first_number)
{
    static const uint32_t firsts[] = { 0, 1000, 0x7fffffff, 0x80000001, 0xffffffff };

    for (size_t i = 0; i < HOLM_COUNT(firsts); i++) {
        struct holm_tcp_segment segment = { .seq = PEER_ISS, .flags = HOLM_TCP_SYN };
        struct holm_tcp_info info;
        peer_init(&peer);
        holm_tcp_accept(&peer.tcp, &(struct holm_tcp_options){ .mss = 1460 }, &segment,
                        HOLM_AT(firsts, i), 0, peer.now_ns);
        CHECK(peer_hears(&peer));
        segment.seq += 1;
        segment.ack = holm_u32_wrap_add(HOLM_AT(firsts, i), 1);
        segment.flags = HOLM_TCP_ACK;
        CHECK_IS(peer_gives(&peer, &segment), HOLM_TCP_TAKEN);
        CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
        holm_tcp_info(&peer.tcp, &info);
        CHECK(!info.reordered);
    }
}
