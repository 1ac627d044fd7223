/* SPDX-License-Identifier: ISC */
/* How data go and come: windows, acknowledgements, what is sent again, and when. */
#include "tcp_peer.h"

#include <holm/test.h>

static struct peer peer;

TEST(the_window_is_an_unsigned_number_and_is_shifted_but_for_that_of_a_syn)
{
    struct holm_tcp_segment syn = { .mss = 1460, .has_scale = true, .scale = 7 };

    peer_accept(&peer, &(struct holm_tcp_options){ .receive_bytes = 1000000 }, &syn);
    CHECK_IS(peer.tcp.window, 65535U << 7);
    CHECK_IS(peer.tcp.receive_scale, 4);
    (void)peer_says(&peer, HOLM_TCP_ACK, 2000);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.window, (1000000 - 2000) >> 4);
}

TEST(the_window_moves_by_a_segment_or_not_at_all)
{
    peer_accept(&peer, &(struct holm_tcp_options){ .receive_bytes = 10000 }, NULL);
    (void)peer_says(&peer, HOLM_TCP_ACK, 10000);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.window, 0);
    holm_tcp_read(&peer.tcp, 1459);
    CHECK_IS(peer_quiet(&peer), 0);
    CHECK_IS(holm_tcp_write(&peer.tcp, 1), HOLM_OK); /* nor with what is sent anyway */
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.window, 0);
    holm_tcp_read(&peer.tcp, 1461);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.window, 2920);
}

TEST(a_window_that_is_full_to_the_end_of_the_stream_is_shut)
{
    peer_accept(&peer, &(struct holm_tcp_options){ .receive_bytes = 10000 }, NULL);
    (void)peer_says(&peer, HOLM_TCP_ACK | HOLM_TCP_FIN, 10000);
    CHECK_IS(peer.tcp.state, HOLM_TCP_CLOSE_WAIT);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.ack, PEER_ISS + 1 + 10000 + 1);
    CHECK_IS(peer.out.window, 0);
}

TEST(every_second_segment_is_acknowledged_at_once_and_one_alone_soon)
{
    peer_accept(&peer, NULL, NULL);
    for (int i = 0; i < 16; i++) { /* at first all are */
        (void)peer_says(&peer, HOLM_TCP_ACK, 1460);
        CHECK_IS(peer_quiet(&peer), i < 15 ? 1 : 0);
    }
    (void)peer_says(&peer, HOLM_TCP_ACK, 1460);
    CHECK_IS(peer_quiet(&peer), 1);
    (void)peer_says(&peer, HOLM_TCP_ACK, 1460);
    CHECK_IS(peer_quiet(&peer), 0);
    CHECK(holm_tcp_deadline(&peer.tcp) <= peer.now_ns + 500000000);
    peer_waits(&peer, HOLM_TCP_DELAYED_ACK_NS);
    CHECK_IS(peer_quiet(&peer), 1);
}

TEST(segments_that_wait_are_acknowledged_together)
{
    peer_accept(&peer, NULL, NULL);
    for (int i = 0; i < 8; i++)
        (void)peer_says(&peer, HOLM_TCP_ACK, 1460);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.ack, PEER_ISS + 1 + 8 * 1460);
    CHECK_IS(peer_quiet(&peer), 0);
}

TEST(what_comes_out_of_order_is_kept_and_told)
{
    struct holm_tcp_segment syn = { .mss = 1460, .sack_permitted = true };

    peer_accept(&peer, NULL, &syn);
    (void)peer_says_at(&peer, PEER_ISS + 101, HOLM_TCP_ACK, 100);
    CHECK_IS(peer.kept.len, 100);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.ack, PEER_ISS + 1);
    CHECK_IS(peer.out.sacks_count, 1);
    CHECK_IS(peer.out.sacks[0].start, PEER_ISS + 101);
    CHECK_IS(peer.out.sacks[0].end, PEER_ISS + 201);
    (void)peer_says_at(&peer, PEER_ISS + 51, HOLM_TCP_ACK, 100); /* overlaps it */
    CHECK_IS(peer.kept.seq, PEER_ISS + 51);
    CHECK_IS(peer.kept.len, 50);
    (void)peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 300); /* and all of it */
    CHECK_IS(peer.kept.len, 50);
    (void)peer_quiet(&peer);
    CHECK_IS(holm_tcp_readable(&peer.tcp), 200);
    (void)peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 50); /* twice */
    CHECK_IS(peer.kept.len, 0);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.sacks_count, 1);
    CHECK_IS(peer.out.sacks[0].end, PEER_ISS + 51); /* RFC 2883 */
}

TEST(a_shut_window_is_asked_about_ever_more_rarely_and_for_ever)
{
    uint64_t gap_ns = 0;

    peer_accept(&peer, &(struct holm_tcp_options){ .timeout_ns = UINT64_C(30000000000) }, NULL);
    peer.window = 0;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(holm_tcp_write(&peer.tcp, 5000), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 0);
    for (int i = 0; i < 20; i++) {
        uint64_t due_ns = holm_tcp_deadline(&peer.tcp) - peer.now_ns;
        CHECK(due_ns >= gap_ns || due_ns == HOLM_TCP_RTO_MAX_NS);
        gap_ns = due_ns;
        peer_waits(&peer, due_ns);
        CHECK(peer_hears(&peer));
        CHECK_IS(peer.out.len, 1);
        CHECK_IS(peer.out.seq, OUR_ISS + 1);
        peer.ack = OUR_ISS + 1;
        (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    }
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
    peer.window = 65535;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK(peer_quiet(&peer) >= 3);
    CHECK(peer.tcp.end - peer.tcp.nxt < 1460);
}

TEST(a_window_that_shrinks_holds_back_what_is_new)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(holm_tcp_write(&peer.tcp, 3 * 1460), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 3);
    CHECK_IS(holm_tcp_write(&peer.tcp, 1460), HOLM_OK);
    peer.ack = OUR_ISS + 1 + 1460;
    peer.window = 1460; /* to before what was sent */
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer_quiet(&peer), 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
    peer.ack = OUR_ISS + 1 + 3 * 1460;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer_quiet(&peer), 1);
}

TEST(small_windows_are_not_filled_by_small_segments)
{
    peer_accept(&peer, NULL, NULL);
    peer.window = 700;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(holm_tcp_write(&peer.tcp, 5000), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 0); /* neither a segment nor half of the largest window */
    peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
    CHECK(peer_hears(&peer)); /* but it does not wait for ever */
    CHECK_IS(peer.out.len, 700);
}

TEST(a_short_segment_waits_for_an_acknowledgement_unless_nobody_is_to_wait)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(holm_tcp_write(&peer.tcp, 10), HOLM_OK);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.flags & HOLM_TCP_PSH);
    CHECK_IS(holm_tcp_write(&peer.tcp, 10), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 0);
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer_quiet(&peer), 1);
    peer_accept(&peer, &(struct holm_tcp_options){ .no_delay = true }, NULL);
    CHECK_IS(holm_tcp_write(&peer.tcp, 10), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(holm_tcp_write(&peer.tcp, 10), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 1);
}

TEST(the_timer_doubles_and_no_round_trip_is_learnt_from_what_was_sent_twice)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(holm_tcp_write(&peer.tcp, 100), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 1);
    uint64_t srtt_ns = peer.tcp.srtt_ns;
    uint64_t first_ns = holm_tcp_deadline(&peer.tcp) - peer.now_ns;
    peer_waits(&peer, first_ns);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.seq, OUR_ISS + 1);
    uint64_t second_ns = holm_tcp_deadline(&peer.tcp) - peer.now_ns;
    CHECK_IS(second_ns, 2 * first_ns);
    CHECK_IS(peer.tcp.cwnd, 1460); /* slow start from one segment */
    peer.now_ns += 700000000;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.srtt_ns, srtt_ns);
}

TEST(three_duplicates_send_the_first_again)
{
    peer_accept(&peer, NULL, NULL); /* without SACK */
    CHECK_IS(holm_tcp_write(&peer.tcp, 8 * 1460), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 8);
    peer.ack = OUR_ISS + 1;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer_quiet(&peer), 0);
    peer.ack = OUR_ISS + 1;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.seq, OUR_ISS + 1);
    CHECK_IS(peer.out.len, 1460);
    CHECK_IS(peer.tcp.mode, HOLM_TCP_RECOVERY);
    peer.ack = OUR_ISS + 1 + 8 * 1460;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.mode, HOLM_TCP_OPEN);
    CHECK_IS(peer.tcp.cwnd, 10220); /* 0.7 of ten segments */
}

TEST(marks_of_congestion_are_told_back_and_obeyed_once)
{
    struct holm_tcp_segment syn = { .mss = 1460, .flags = HOLM_TCP_ECE | HOLM_TCP_CWR };
    struct holm_tcp_segment data = {
        .seq = PEER_ISS + 1, .ack = OUR_ISS + 1, .flags = HOLM_TCP_ACK, .window = 65535, .len = 100
    };
    struct holm_tcp_kept kept;

    peer_accept(&peer, &(struct holm_tcp_options){ .ecn = true }, &syn);
    CHECK_IS(holm_tcp_feed(&peer.tcp, &peer.records, &data, true, peer.now_ns, &kept),
             HOLM_TCP_TAKEN);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.flags & HOLM_TCP_ECE);
    peer.seq = PEER_ISS + 101;
    (void)peer_says(&peer, HOLM_TCP_ACK | HOLM_TCP_CWR, 100);
    CHECK(peer_hears(&peer));
    CHECK(!(peer.out.flags & HOLM_TCP_ECE));
    CHECK_IS(holm_tcp_write(&peer.tcp, 20000), HOLM_OK);
    CHECK(peer_hears(&peer));
    CHECK(peer.capable);
    CHECK_IS(peer_quiet(&peer), 9);
    uint32_t cwnd = peer.tcp.cwnd;
    peer.ack = OUR_ISS + 1 + 1460;
    (void)peer_says(&peer, HOLM_TCP_ACK | HOLM_TCP_ECE, 0);
    CHECK(peer.tcp.cwnd < cwnd);
    cwnd = peer.tcp.cwnd;
    peer.ack = OUR_ISS + 1 + 2920;
    (void)peer_says(&peer, HOLM_TCP_ACK | HOLM_TCP_ECE, 0);
    CHECK_IS(peer.tcp.cwnd, cwnd); /* not twice in a window */
    peer.ack = OUR_ISS + 1 + 14600;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.flags & HOLM_TCP_CWR);
}

TEST(what_is_urgent_is_told_both_ways)
{
    struct holm_tcp_segment urgent = { .seq = PEER_ISS + 1,
                                       .ack = OUR_ISS + 1,
                                       .flags = HOLM_TCP_ACK | HOLM_TCP_URG,
                                       .window = 65535,
                                       .urgent = 300,
                                       .len = 100 };

    peer_accept(&peer, NULL, NULL);
    CHECK_IS(peer_gives(&peer, &urgent), HOLM_TCP_TAKEN);
    CHECK(holm_tcp_events(&peer.tcp) & HOLM_TCP_URGENT);
    CHECK_IS(holm_tcp_urgent(&peer.tcp), 300); /* more than has come */
    holm_tcp_read(&peer.tcp, 100);
    CHECK_IS(holm_tcp_urgent(&peer.tcp), 200);
    (void)peer_quiet(&peer);
    CHECK_IS(holm_tcp_write(&peer.tcp, 50), HOLM_OK);
    holm_tcp_urge(&peer.tcp);
    CHECK_IS(holm_tcp_write(&peer.tcp, 50), HOLM_OK);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.flags & HOLM_TCP_URG);
    CHECK_IS(peer.out.urgent, 50); /* the first that is not urgent */
    (void)peer_says_at(&peer, PEER_ISS + 101, HOLM_TCP_ACK, 0);
    CHECK_IS(holm_tcp_write(&peer.tcp, 50), HOLM_OK);
    CHECK(peer_hears(&peer));
    CHECK(!(peer.out.flags & HOLM_TCP_URG));
}

TEST(urgent_data_count_though_the_window_is_shut)
{
    peer_accept(&peer, &(struct holm_tcp_options){ .receive_bytes = 1000 }, NULL);
    (void)peer_says(&peer, HOLM_TCP_ACK, 1000);
    (void)peer_quiet(&peer);
    struct holm_tcp_segment urgent = { .seq = PEER_ISS + 1001,
                                       .ack = OUR_ISS + 1,
                                       .flags = HOLM_TCP_ACK | HOLM_TCP_URG,
                                       .window = 65535,
                                       .urgent = 20 };
    CHECK_IS(peer_gives(&peer, &urgent), HOLM_TCP_TAKEN);
    CHECK_IS(holm_tcp_urgent(&peer.tcp), 1020);
}

TEST(a_byte_that_asks_about_a_shut_window_is_not_told_to_have_come)
{
    struct holm_tcp_segment syn = { .mss = 1460, .sack_permitted = true };

    peer_accept(&peer, &(struct holm_tcp_options){ .receive_bytes = 1000 }, &syn);
    (void)peer_says(&peer, HOLM_TCP_ACK, 1000);
    (void)peer_quiet(&peer);
    CHECK_IS(peer_says_at(&peer, peer.seq, HOLM_TCP_ACK, 1), HOLM_TCP_OUTSIDE);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.ack, PEER_ISS + 1001);
    CHECK_IS(peer.out.sacks_count, 0);
}

TEST(blocks_are_told_alone_so_that_data_beside_them_are_not_too_long)
{
    struct holm_tcp_segment syn = { .mss = 1460, .sack_permitted = true };

    peer_accept(&peer, NULL, &syn);
    CHECK_IS(holm_tcp_write(&peer.tcp, 1460), HOLM_OK);
    (void)peer_says_at(&peer, PEER_ISS + 101, HOLM_TCP_ACK, 100);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.len, 0);
    CHECK_IS(peer.out.sacks_count, 1);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.len, 1460);
    CHECK_IS(peer.out.sacks_count, 0);
}

TEST(what_came_twice_is_told_before_the_piece_that_it_lies_in)
{
    struct holm_tcp_segment syn = { .mss = 1460, .sack_permitted = true };

    peer_accept(&peer, NULL, &syn);
    (void)peer_says_at(&peer, PEER_ISS + 101, HOLM_TCP_ACK, 100);
    (void)peer_says_at(&peer, PEER_ISS + 301, HOLM_TCP_ACK, 100);
    (void)peer_says_at(&peer, PEER_ISS + 101, HOLM_TCP_ACK, 50);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.sacks_count, 3);
    CHECK_IS(peer.out.sacks[0].end, PEER_ISS + 151);
    CHECK_IS(HOLM_AT(peer.out.sacks, 1).start, PEER_ISS + 101);
    CHECK_IS(HOLM_AT(peer.out.sacks, 1).end, PEER_ISS + 201);
}

TEST(marks_are_given_up_with_a_syn_that_was_lost)
{
    struct holm_tcp_segment syn = { .seq = PEER_ISS, .flags = HOLM_TCP_SYN, .mss = 1460 };

    peer_init(&peer);
    holm_tcp_connect(&peer.tcp, &(struct holm_tcp_options){ .ecn = true }, OUR_ISS, 0, peer.now_ns);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.flags & HOLM_TCP_CWR);
    peer_waits(&peer, HOLM_TCP_RTO_FIRST_NS);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.flags, HOLM_TCP_SYN);
    syn.flags = HOLM_TCP_SYN | HOLM_TCP_ACK | HOLM_TCP_ECE;
    syn.ack = OUR_ISS + 1;
    (void)peer_gives(&peer, &syn);
    CHECK(!peer.tcp.ecn);
    peer_init(&peer); /* and the other way round */
    syn = (struct holm_tcp_segment){ .seq = PEER_ISS,
                                     .flags = HOLM_TCP_SYN | HOLM_TCP_ECE | HOLM_TCP_CWR };
    holm_tcp_accept(&peer.tcp, &(struct holm_tcp_options){ .ecn = true }, &syn, OUR_ISS, 0,
                    peer.now_ns);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.flags & HOLM_TCP_ECE);
    peer.now_ns += HOLM_TCP_CHALLENGE_NS;
    (void)peer_says_at(&peer, PEER_ISS, HOLM_TCP_SYN, 0);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.flags, HOLM_TCP_SYN | HOLM_TCP_ACK);
}

TEST(an_end_alone_is_not_marked_capable)
{
    struct holm_tcp_segment syn = { .mss = 1460, .flags = HOLM_TCP_ECE | HOLM_TCP_CWR };

    peer_accept(&peer, &(struct holm_tcp_options){ .ecn = true }, &syn);
    holm_tcp_finish(&peer.tcp);
    CHECK(peer_hears(&peer));
    CHECK(!peer.capable);
}
