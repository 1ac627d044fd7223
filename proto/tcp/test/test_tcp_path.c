/* SPDX-License-Identifier: ISC */
/* How fast data leave and how long segments may be on their path; what is agreed and told besides. */
#include "tcp_lab.h"
#include "tcp_peer.h"

#include <holm/test.h>

static struct peer peer;
static struct lab lab;

/* round_trip teaches the connection a round trip of so long. */
static void round_trip(uint64_t rtt_ns)
{
    CHECK_IS(holm_tcp_write(&peer.tcp, 1), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 1);
    peer.now_ns += rtt_ns;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.srtt_ns, rtt_ns);
}

TEST(a_window_is_spread_over_a_round_trip)
{
    uint64_t start_ns;
    uint32_t at_once, all;

    peer_accept(&peer, &(struct holm_tcp_options){ .no_delay = true }, NULL);
    peer.tcp.srtt_ns = 0;
    round_trip(100000000);
    CHECK_IS(holm_tcp_write(&peer.tcp, 14600), HOLM_OK);
    start_ns = peer.now_ns;
    at_once = all = peer_quiet(&peer);
    CHECK(at_once >= 1 && at_once <= 2);
    while (all < 10 && peer.now_ns - start_ns < 100000000) {
        CHECK(holm_tcp_deadline(&peer.tcp) > peer.now_ns);
        peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
        all += peer_quiet(&peer);
    }
    CHECK_IS(all, 10);
    CHECK(peer.now_ns - start_ns > 30000000);
}

TEST(a_short_round_trip_is_not_paced)
{
    peer_accept(&peer, NULL, NULL);
    peer.tcp.srtt_ns = 0;
    round_trip(200000);
    CHECK_IS(holm_tcp_write(&peer.tcp, 14600), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 10);
}

TEST(an_hour_of_sleep_is_no_round_trip)
{
    peer_accept(&peer, NULL, NULL);
    peer.tcp.srtt_ns = 0;
    round_trip(1000000);
    CHECK_IS(holm_tcp_write(&peer.tcp, 1), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 1);
    peer.now_ns += UINT64_C(3600000000000);
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.srtt_ns, 1000000);
}

/* stream lets side 0 send len bytes over a path of so many bytes a packet; answers whether all arrived;
 * stream_begin only begins. */
static void stream_begin(uint32_t len, uint32_t mtu)
{
    lab_begin(&lab, 1);
    lab.sides[0].to_write = len;
    lab.sides[0].options = (struct holm_tcp_options){ .mss = 1460, .burst_bytes = 30000 };
    HOLM_AT(lab.sides, 1).options =
        (struct holm_tcp_options){ .mss = 1460, .receive_bytes = 200000 };
    lab.lines[0].mtu = mtu;
    lab_call(&lab, 0, 77);
}

static bool stream(uint32_t len, uint32_t mtu, bool sacks)
{
    stream_begin(len, mtu);
    if (!sacks)
        lab.sides[0].tcp.sacks = false;
    lab_run(&lab, UINT64_C(600000000000));
    return !lab.broken && HOLM_AT(lab.sides, 1).consumed == len &&
           lab.sides[0].tcp.reason == HOLM_OK;
}

TEST(a_path_that_swallows_long_packets_is_found_out)
{
    CHECK(stream(100000, 1300, true));
    CHECK_IS(lab.sides[0].tcp.mss, HOLM_TCP_PATH_BASE);
    CHECK(stream(100000, 700, true));
    CHECK_IS(lab.sides[0].tcp.mss, HOLM_TCP_PATH_LEAST);
    CHECK(stream(100000, 1300, false));
    CHECK(stream(100000, 1500, true));
    CHECK_IS(lab.sides[0].tcp.mss, 1460);
}

TEST(after_a_while_longer_segments_are_tried_again)
{
    struct holm_tcp *tcp = &lab.sides[0].tcp;

    stream_begin(500000, 1300);
    for (int i = 0; i < 1000 && tcp->mss != HOLM_TCP_PATH_BASE; i++)
        lab_run(&lab, 10000000);
    CHECK_IS(tcp->mss, HOLM_TCP_PATH_BASE);
    CHECK(tcp->path_ns > lab.now_ns);
    tcp->path_ns = lab.now_ns; /* the while is over */
    lab_run(&lab, UINT64_C(600000000000));
    CHECK(!lab.broken);
    CHECK_IS(HOLM_AT(lab.sides, 1).consumed, 500000);
    CHECK(tcp->mss <= 1260 && tcp->mss > 1260 - HOLM_TCP_PATH_STEP);
}

TEST(a_longer_segment_is_tried_only_where_the_peers_window_has_room_for_it)
{
    static const uint16_t windows[] = { 1100, 65535 };

    for (size_t i = 0; i < HOLM_COUNT(windows); i++) {
        peer_accept(&peer, &(struct holm_tcp_options){ .mss = 1460 }, NULL);
        holm_tcp_mss_set(&peer.tcp, 1000);
        peer.tcp.path_ns = peer.now_ns; /* it is time to try */
        peer.window = HOLM_AT(windows, i);
        (void)peer_says(&peer, HOLM_TCP_ACK, 0);
        CHECK_IS(holm_tcp_write(&peer.tcp, 5000), HOLM_OK);
        CHECK(peer_hears(&peer));
        CHECK_IS(peer.out.len > 1000, i == 1);
        CHECK(peer.out.len <= peer.window);
    }
}

TEST(a_peers_user_timeout_is_taken_within_bounds_unless_we_have_our_own)
{
    struct holm_tcp_segment syn = { .mss = 1460, .patience = 0x8000 | 10 };

    peer_accept(&peer, NULL, &syn);
    CHECK_IS(peer.tcp.options.timeout_ns, UINT64_C(600000000000));
    syn.patience = 1;
    peer_accept(&peer, NULL, &syn);
    CHECK_IS(peer.tcp.options.timeout_ns, HOLM_TCP_TIMEOUT_NS);
    syn.patience = 0xffff;
    peer_accept(&peer, NULL, &syn);
    CHECK_IS(peer.tcp.options.timeout_ns, HOLM_TCP_PATIENCE_MAX_NS);
    peer_accept(&peer, &(struct holm_tcp_options){ .timeout_ns = 5000000000 }, &syn);
    CHECK_IS(peer.tcp.options.timeout_ns, 5000000000);
}

TEST(our_user_timeout_is_told_if_wanted)
{
    peer_init(&peer);
    holm_tcp_connect(
        &peer.tcp,
        &(struct holm_tcp_options){ .tell_patience = true, .timeout_ns = UINT64_C(40000000000000) },
        OUR_ISS, 0, peer.now_ns);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.patience, 0x8000 | 666);
}

TEST(a_segment_size_that_nobody_announced_is_the_least)
{
    peer_accept(&peer, NULL, &(struct holm_tcp_segment){ 0 });
    CHECK_IS(peer.tcp.mss, 536);
    peer_accept(&peer, &(struct holm_tcp_options){ .mss_unsaid = 1220 },
                &(struct holm_tcp_segment){ 0 });
    CHECK_IS(peer.tcp.mss, 1220);
}

TEST(a_connection_tells_of_itself)
{
    struct holm_tcp_info info;

    peer_accept(&peer, NULL, NULL);
    CHECK_IS(holm_tcp_write(&peer.tcp, 2000), HOLM_OK);
    CHECK_IS(peer_quiet(&peer), 1);
    (void)peer_says(&peer, HOLM_TCP_ACK, 30);
    holm_tcp_info(&peer.tcp, &info);
    CHECK_IS(info.state, HOLM_TCP_ESTABLISHED);
    CHECK_IS(info.mss, 1460);
    CHECK_IS(info.acked_bytes, 1460 + 1); /* and our SYN */
    CHECK_IS(info.received_bytes, 30);
    CHECK_IS(info.unread, 30);
    CHECK_IS(info.unsent, 540);
    CHECK_IS(info.unacked, 0);
    CHECK_IS(info.send_window, 65535);
    CHECK_IS(info.left_count, 2);
    CHECK_IS(info.came_count, 2);
}
