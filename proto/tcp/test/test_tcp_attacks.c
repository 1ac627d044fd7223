/* SPDX-License-Identifier: ISC */
/* What a stranger who sees nothing may send into a connection (RFC 5961), and what a peer may say that
 * is not true. */
#include "tcp_peer.h"

#include <holm/test.h>

static struct peer peer;

TEST(a_reset_counts_at_the_next_number_alone)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 2, HOLM_TCP_RST, 0), HOLM_TCP_CHALLENGED);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 70000, HOLM_TCP_RST, 0), HOLM_TCP_OUTSIDE);
    CHECK_IS(peer_quiet(&peer), 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
    (void)peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_RST, 0);
    CHECK_IS(peer.tcp.reason, HOLM_ERR_RESET);
    CHECK(holm_tcp_events(&peer.tcp) & HOLM_TCP_OVER);
}

TEST(a_reset_counts_though_the_window_is_shut)
{
    peer_accept(&peer, &(struct holm_tcp_options){ .receive_bytes = 1000 }, NULL);
    (void)peer_says(&peer, HOLM_TCP_ACK, 1000);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.window, 0);
    (void)peer_says(&peer, HOLM_TCP_RST, 0);
    CHECK_IS(peer.tcp.reason, HOLM_ERR_RESET);
}

TEST(a_syn_is_answered_by_an_acknowledgement_and_changes_nothing)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 100, HOLM_TCP_SYN, 0), HOLM_TCP_CHALLENGED);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.flags, HOLM_TCP_ACK);
    CHECK_IS(peer.out.ack, PEER_ISS + 1);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
}

TEST(challenges_are_few)
{
    uint32_t count = 0;

    peer_accept(&peer, NULL, NULL);
    for (int i = 0; i < 100; i++) {
        (void)peer_says_at(&peer, PEER_ISS + 100, HOLM_TCP_SYN, 0);
        count += peer_quiet(&peer);
    }
    CHECK_IS(count, 1);
    peer.now_ns += HOLM_TCP_CHALLENGE_NS;
    (void)peer_says_at(&peer, PEER_ISS + 100, HOLM_TCP_SYN, 0);
    CHECK_IS(peer_quiet(&peer), 1);
}

TEST(answers_to_what_is_outside_do_not_go_back_and_forth)
{
    uint32_t count = 0;

    peer_accept(&peer, NULL, NULL);
    for (int i = 0; i < 100; i++) {
        (void)peer_says_at(&peer, PEER_ISS + 70000, HOLM_TCP_ACK, 0);
        count += peer_quiet(&peer);
    }
    CHECK_IS(count, 1);
}

TEST(data_whose_acknowledgement_cannot_be_are_not_taken)
{
    peer_accept(&peer, NULL, NULL);
    peer.ack = OUR_ISS + 2; /* of what was never sent */
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 10), HOLM_TCP_CHALLENGED);
    CHECK_IS(peer.kept.len, 0);
    peer.ack = OUR_ISS + UINT32_C(-70000); /* older than any window was */
    peer.now_ns += HOLM_TCP_CHALLENGE_NS;
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 10), HOLM_TCP_CHALLENGED);
    CHECK_IS(peer.kept.len, 0);
    peer.ack = OUR_ISS + UINT32_C(-100); /* old, but it may be */
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 10), HOLM_TCP_TAKEN);
    CHECK_IS(peer.kept.len, 10);
}

TEST(a_segment_without_ack_is_dropped)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1, 0, 10), HOLM_TCP_BLANK);
    CHECK_IS(peer.kept.len, 0);
    CHECK_IS(peer_quiet(&peer), 0);
}

TEST(what_lies_outside_the_window_is_answered_and_dropped)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1 + 65535, HOLM_TCP_ACK, 10), HOLM_TCP_OUTSIDE);
    CHECK_IS(peer.kept.len, 0);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 65535, HOLM_TCP_ACK, 10), HOLM_TCP_TAKEN);
    CHECK_IS(peer.kept.len, 1); /* the last byte of the window */
}

TEST(an_old_timestamp_is_answered_and_dropped)
{
    struct holm_tcp_segment syn = { .mss = 1460, .has_time = true, .time_value = 5000 };

    peer_accept(&peer, &(struct holm_tcp_options){ .time = true }, &syn);
    CHECK(peer.tcp.times);
    peer.time = 4999;
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 10), HOLM_TCP_OLD);
    CHECK_IS(peer.kept.len, 0);
    CHECK_IS(peer_quiet(&peer), 1);
    peer.now_ns += UINT64_C(25) * 86400 * 1000000000; /* too long ago to tell */
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 10), HOLM_TCP_TAKEN);
}

TEST(blocks_that_lie_are_passed_over)
{
    struct holm_tcp_segment syn = { .mss = 1460, .sack_permitted = true };
    static const struct holm_tcp_range lies[] = {
        { OUR_ISS + 5, OUR_ISS + 5 },                               /* empty */
        { OUR_ISS + 9, OUR_ISS + 5 },                               /* backwards */
        { OUR_ISS + 5, OUR_ISS + 90000 },                           /* past what was sent */
        { OUR_ISS + UINT32_C(-90000), OUR_ISS + UINT32_C(-80000) }, /* long ago */
    };

    peer_accept(&peer, NULL, &syn);
    CHECK_IS(holm_tcp_write(&peer.tcp, 6000), HOLM_OK);
    (void)peer_quiet(&peer);
    uint32_t pipe = peer.tcp.pipe;
    for (size_t i = 0; i < HOLM_COUNT(lies); i++) {
        struct holm_tcp_segment ack = { .seq = peer.seq,
                                        .ack = OUR_ISS + 1,
                                        .flags = HOLM_TCP_ACK,
                                        .window = 65535,
                                        .sacks_count = 1,
                                        .sacks = { HOLM_AT(lies, i) } };
        CHECK_IS(peer_gives(&peer, &ack), HOLM_TCP_TAKEN);
        CHECK_IS(peer.tcp.pipe, pipe);
    }
}

TEST(a_peer_may_take_back_what_it_said_it_had)
{
    struct holm_tcp_segment syn = { .mss = 1460, .sack_permitted = true };
    struct holm_tcp_segment ack = { .ack = OUR_ISS + 1,
                                    .seq = PEER_ISS + 1,
                                    .flags = HOLM_TCP_ACK,
                                    .window = 65535,
                                    .sacks_count = 2,
                                    .sacks = { { OUR_ISS + 1461, OUR_ISS + 4000 },
                                               { OUR_ISS + 3000, OUR_ISS + 5841 } } };

    peer_accept(&peer, NULL, &syn);
    CHECK_IS(holm_tcp_write(&peer.tcp, 6000), HOLM_OK);
    (void)peer_quiet(&peer);
    CHECK_IS(peer_gives(&peer, &ack), HOLM_TCP_TAKEN); /* blocks that overlap */
    CHECK(peer.tcp.pipe <= 1460);
    uint32_t again = 0;
    for (int i = 0; i < 12; i++) { /* it never acknowledges more: all is sent again */
        peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
        while (peer_hears(&peer))
            again += peer.out.len > 0 ? 1 : 0;
        peer.ack = OUR_ISS + 1 + (uint32_t)(i >= 4) * 1460;
        (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    }
    CHECK(again >= 5);
}

TEST(announced_sizes_of_next_to_nothing_are_not_believed)
{
    peer_accept(&peer, NULL, &(struct holm_tcp_segment){ .mss = 1 });
    CHECK_IS(peer.tcp.mss, HOLM_TCP_MSS_MIN);
    peer_accept(&peer, NULL, &(struct holm_tcp_segment){ .mss = 9000 });
    CHECK_IS(peer.tcp.mss, 1460);
}

TEST(acknowledging_in_crumbs_does_not_open_the_window_faster)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(holm_tcp_write(&peer.tcp, 200000), HOLM_OK);
    (void)peer_quiet(&peer);
    uint32_t cwnd = peer.tcp.cwnd;
    for (uint32_t i = 1; i <= 1000; i++) {
        peer.ack = OUR_ISS + 1 + i;
        (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    }
    CHECK(peer.tcp.cwnd <= cwnd + 1000);
}
