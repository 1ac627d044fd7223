/* SPDX-License-Identifier: ISC */
/* How connections begin and end, against a peer that the test writes. */
#include "tcp_peer.h"

#include <holm/test.h>

static struct peer peer;

TEST(who_calls_sends_a_syn_and_acknowledges_the_answer)
{
    peer_init(&peer);
    holm_tcp_connect(&peer.tcp, &(struct holm_tcp_options){ .mss = 1400 }, OUR_ISS, 0, peer.now_ns);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.flags, HOLM_TCP_SYN);
    CHECK_IS(peer.out.seq, OUR_ISS);
    CHECK_IS(peer.out.mss, 1400);
    CHECK(peer.out.has_scale && peer.out.sack_permitted);
    CHECK_IS(peer_says(&peer, HOLM_TCP_SYN | HOLM_TCP_ACK, 0), HOLM_TCP_TAKEN);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
    CHECK(holm_tcp_events(&peer.tcp) & HOLM_TCP_CONNECTED);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.flags, HOLM_TCP_ACK);
    CHECK_IS(peer.out.mss, 0);
    CHECK_IS(peer.out.ack, PEER_ISS + 1);
    CHECK_IS(peer.tcp.mss, HOLM_TCP_MSS_DEFAULT); /* the peer announced none */
}

TEST(a_lost_syn_is_sent_again_for_three_minutes)
{
    uint32_t count = 1;

    peer_init(&peer);
    holm_tcp_connect(&peer.tcp, &(struct holm_tcp_options){ 0 }, OUR_ISS, 0, peer.now_ns);
    CHECK(peer_hears(&peer));
    while (peer.tcp.state != HOLM_TCP_CLOSED && count < 50) {
        peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
        count += peer_quiet(&peer);
    }
    CHECK_IS(peer.tcp.reason, HOLM_ERR_TIMEOUT);
    CHECK(peer.now_ns >= 1000000000 + HOLM_TCP_TIMEOUT_NS);
    CHECK(count >= 7 && count < 12);
}

TEST(an_answer_that_acknowledges_nothing_of_ours_is_reset)
{
    struct holm_tcp_segment reset;
    struct holm_tcp_segment wrong = { .seq = 9, .ack = OUR_ISS + 7, .flags = HOLM_TCP_ACK };

    peer_init(&peer);
    holm_tcp_connect(&peer.tcp, &(struct holm_tcp_options){ 0 }, OUR_ISS, 0, peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(peer_gives(&peer, &wrong), HOLM_TCP_REFUSED);
    CHECK(holm_tcp_refusal(&reset, &wrong));
    CHECK_IS(reset.seq, OUR_ISS + 7);
    CHECK_IS(reset.flags, HOLM_TCP_RST);
    CHECK_IS(peer.tcp.state, HOLM_TCP_SYN_SENT);
    CHECK_IS(peer_says_at(&peer, 9, HOLM_TCP_RST, 0),
             HOLM_TCP_BLANK); /* without ACK: not believed */
    CHECK_IS(peer.tcp.state, HOLM_TCP_SYN_SENT);
    CHECK_IS(peer_says_at(&peer, 0, HOLM_TCP_RST | HOLM_TCP_ACK, 0), HOLM_TCP_TAKEN);
    CHECK_IS(peer.tcp.reason, HOLM_ERR_REFUSED);
}

TEST(a_stray_segment_is_answered_by_a_reset_and_a_reset_by_nothing)
{
    struct holm_tcp_segment reset, syn = { .seq = 7, .flags = HOLM_TCP_SYN, .len = 3 };

    CHECK(holm_tcp_refusal(&reset, &syn));
    CHECK_IS(reset.flags, HOLM_TCP_RST | HOLM_TCP_ACK);
    CHECK_IS(reset.seq, 0);
    CHECK_IS(reset.ack, 11);
    syn.flags = HOLM_TCP_RST;
    CHECK(!holm_tcp_refusal(&reset, &syn));
}

TEST(both_may_call_at_once)
{
    peer_init(&peer);
    holm_tcp_connect(&peer.tcp, &(struct holm_tcp_options){ 0 }, OUR_ISS, 0, peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(peer_says(&peer, HOLM_TCP_SYN, 0), HOLM_TCP_TAKEN);
    CHECK_IS(peer.tcp.state, HOLM_TCP_SYN_RECEIVED);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.flags, HOLM_TCP_SYN | HOLM_TCP_ACK);
    CHECK_IS(peer.out.seq, OUR_ISS);
    CHECK_IS(peer_says_at(&peer, PEER_ISS, HOLM_TCP_SYN | HOLM_TCP_ACK, 0), HOLM_TCP_TAKEN);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
}

TEST(who_called_is_refused_by_a_reset_and_who_was_called_forgets)
{
    peer_init(&peer);
    holm_tcp_connect(&peer.tcp, &(struct holm_tcp_options){ 0 }, OUR_ISS, 0, peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(peer_says(&peer, HOLM_TCP_SYN, 0), HOLM_TCP_TAKEN);
    (void)peer_says(&peer, HOLM_TCP_RST, 0);
    CHECK_IS(peer.tcp.reason, HOLM_ERR_REFUSED);
    peer_init(&peer);
    holm_tcp_accept(&peer.tcp, &(struct holm_tcp_options){ 0 },
                    &(struct holm_tcp_segment){ .seq = PEER_ISS, .flags = HOLM_TCP_SYN }, OUR_ISS,
                    0, peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 1);
    (void)peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_RST, 0);
    CHECK_IS(peer.tcp.reason, HOLM_ERR_RESET);
    CHECK(!(holm_tcp_events(&peer.tcp) & HOLM_TCP_CONNECTED));
}

TEST(a_syn_that_comes_again_is_answered_again)
{
    peer_init(&peer);
    holm_tcp_accept(&peer.tcp, &(struct holm_tcp_options){ 0 },
                    &(struct holm_tcp_segment){ .seq = PEER_ISS, .flags = HOLM_TCP_SYN }, OUR_ISS,
                    0, peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(peer_says_at(&peer, PEER_ISS, HOLM_TCP_SYN, 0), HOLM_TCP_OUTSIDE);
    CHECK_IS(peer_quiet(&peer), 0); /* a copy */
    peer.now_ns += HOLM_TCP_CHALLENGE_NS;
    CHECK_IS(peer_says_at(&peer, PEER_ISS, HOLM_TCP_SYN, 0), HOLM_TCP_OUTSIDE);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.flags, HOLM_TCP_SYN | HOLM_TCP_ACK);
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 0), HOLM_TCP_TAKEN);
}

TEST(an_answer_that_comes_when_a_syn_is_about_to_be_sent_again_is_enough)
{
    peer_init(&peer);
    holm_tcp_accept(&peer.tcp, &(struct holm_tcp_options){ 0 },
                    &(struct holm_tcp_segment){ .seq = PEER_ISS, .flags = HOLM_TCP_SYN }, OUR_ISS,
                    0, peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 1);
    peer.now_ns += HOLM_TCP_CHALLENGE_NS;
    CHECK_IS(peer_says_at(&peer, PEER_ISS, HOLM_TCP_SYN, 0), HOLM_TCP_OUTSIDE);
    CHECK_IS(peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 0), HOLM_TCP_TAKEN);
    CHECK_IS(peer_quiet(&peer), 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
}

TEST(who_ends_first_waits_for_twice_the_life_of_a_segment)
{
    peer_accept(&peer, NULL, NULL);
    holm_tcp_finish(&peer.tcp);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.flags, HOLM_TCP_FIN | HOLM_TCP_ACK);
    CHECK_IS(peer.tcp.state, HOLM_TCP_FIN_WAIT_1);
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_FIN_WAIT_2);
    (void)peer_says(&peer, HOLM_TCP_ACK, 100); /* half closed: the peer may go on */
    CHECK_IS(holm_tcp_readable(&peer.tcp), 100);
    (void)peer_says(&peer, HOLM_TCP_FIN | HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_TIME_WAIT);
    CHECK(holm_tcp_events(&peer.tcp) & HOLM_TCP_WAITS);
    CHECK(peer_quiet(&peer) > 0);
    peer_waits(&peer, HOLM_TCP_TIME_WAIT_NS - 1);
    CHECK_IS(peer.tcp.state, HOLM_TCP_TIME_WAIT);
    (void)peer_says_at(&peer, peer.seq - 1, HOLM_TCP_FIN | HOLM_TCP_ACK, 0); /* our ACK was lost */
    CHECK_IS(peer_quiet(&peer), 1);
    peer_waits(&peer, HOLM_TCP_TIME_WAIT_NS - 1);
    CHECK_IS(peer.tcp.state, HOLM_TCP_TIME_WAIT);
    peer_waits(&peer, 1);
    CHECK_IS(peer.tcp.state, HOLM_TCP_CLOSED);
    CHECK_IS(peer.tcp.reason, HOLM_OK);
}

TEST(who_ends_last_is_over_with_the_last_acknowledgement)
{
    peer_accept(&peer, NULL, NULL);
    (void)peer_says(&peer, HOLM_TCP_FIN | HOLM_TCP_ACK, 10);
    CHECK_IS(peer.tcp.state, HOLM_TCP_CLOSE_WAIT);
    CHECK(holm_tcp_events(&peer.tcp) & HOLM_TCP_ENDED);
    CHECK_IS(holm_tcp_readable(&peer.tcp), 10);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(holm_tcp_write(&peer.tcp, 5), HOLM_OK); /* half closed: we may go on */
    holm_tcp_finish(&peer.tcp);
    CHECK_IS(holm_tcp_write(&peer.tcp, 5), HOLM_END);
    CHECK(peer_hears(&peer));
    CHECK_IS(peer.out.len, 5);
    CHECK(peer.out.flags & HOLM_TCP_FIN);
    CHECK_IS(peer.tcp.state, HOLM_TCP_LAST_ACK);
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_CLOSED);
    CHECK_IS(peer.tcp.reason, HOLM_OK);
}

TEST(both_may_end_at_once)
{
    peer_accept(&peer, NULL, NULL);
    holm_tcp_finish(&peer.tcp);
    CHECK_IS(peer_quiet(&peer), 1);
    peer.ack = OUR_ISS + 1; /* it has not seen our FIN */
    (void)peer_says(&peer, HOLM_TCP_FIN | HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_CLOSING);
    CHECK_IS(peer_quiet(&peer), 1);
    peer.ack = OUR_ISS + 2;
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_TIME_WAIT);
}

TEST(data_behind_a_fin_are_not_taken)
{
    peer_accept(&peer, NULL, NULL);
    (void)peer_says(&peer, HOLM_TCP_FIN | HOLM_TCP_ACK, 10);
    (void)peer_says(&peer, HOLM_TCP_ACK, 50);
    CHECK_IS(peer.kept.len, 0);
    CHECK_IS(holm_tcp_readable(&peer.tcp), 10);
    CHECK_IS(peer.tcp.received, PEER_ISS + 12);
}

TEST(a_fin_before_what_is_missing_waits_for_it)
{
    peer_accept(&peer, NULL, NULL);
    (void)peer_says_at(&peer, PEER_ISS + 11, HOLM_TCP_FIN | HOLM_TCP_ACK, 10);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
    CHECK_IS(peer_quiet(&peer), 1); /* told at once that something is missing */
    (void)peer_says_at(&peer, PEER_ISS + 1, HOLM_TCP_ACK, 10);
    CHECK_IS(holm_tcp_readable(&peer.tcp), 20);
    (void)peer_says_at(&peer, PEER_ISS + 11, HOLM_TCP_FIN | HOLM_TCP_ACK, 10);
    CHECK_IS(peer.tcp.state, HOLM_TCP_CLOSE_WAIT);
}

TEST(an_abort_sends_a_reset_and_tells_its_reason)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(holm_tcp_write(&peer.tcp, 5000), HOLM_OK);
    CHECK(peer_hears(&peer));
    holm_tcp_abort(&peer.tcp, &peer.records, HOLM_ERR_CANCELLED);
    CHECK(holm_tcp_events(&peer.tcp) & HOLM_TCP_OVER);
    CHECK_IS(peer.tcp.reason, HOLM_ERR_CANCELLED);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.flags & HOLM_TCP_RST);
    CHECK_IS(peer.records.used_count, 0);
    CHECK_IS(holm_tcp_write(&peer.tcp, 1), HOLM_ERR_CANCELLED);
}

TEST(a_peer_that_acknowledges_nothing_is_given_up)
{
    peer_accept(&peer, &(struct holm_tcp_options){ .timeout_ns = UINT64_C(20000000000) }, NULL);
    CHECK_IS(holm_tcp_write(&peer.tcp, 100), HOLM_OK);
    uint64_t start_ns = peer.now_ns;
    for (int i = 0; i < 50 && peer.tcp.state != HOLM_TCP_CLOSED; i++) {
        (void)peer_quiet(&peer);
        peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
    }
    CHECK_IS(peer.tcp.reason, HOLM_ERR_TIMEOUT);
    CHECK(peer.now_ns - start_ns >= UINT64_C(20000000000));
    CHECK(peer.now_ns - start_ns < UINT64_C(60000000000));
}

TEST(a_silent_peer_is_asked_for_a_sign_of_life_only_if_wanted)
{
    peer_accept(&peer, NULL, NULL);
    CHECK_IS(holm_tcp_deadline(&peer.tcp), UINT64_MAX); /* off by default */
    peer_accept(&peer, &(struct holm_tcp_options){ .keep_alive = true }, NULL);
    CHECK_IS(holm_tcp_deadline(&peer.tcp), peer.now_ns + HOLM_TCP_KEEP_ALIVE_NS);
    for (int i = 0; i < HOLM_TCP_KEEP_ALIVES_MAX - 1; i++) { /* several may be lost */
        peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
        CHECK(peer_hears(&peer));
        CHECK_IS(peer.out.seq, OUR_ISS);
        CHECK_IS(peer.out.len, 0);
    }
    (void)peer_says(&peer, HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
    for (int i = 0; i <= HOLM_TCP_KEEP_ALIVES_MAX; i++) {
        peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
        (void)peer_quiet(&peer);
    }
    CHECK_IS(peer.tcp.reason, HOLM_ERR_TIMEOUT);
}

TEST(without_a_record_nothing_is_sent_until_there_is_one)
{
    struct holm_tcp other;
    struct holm_tcp_segment out;
    uint16_t cut;
    bool capable;

    peer_init(&peer);
    holm_tcp_records_init(&peer.records, peer.all, 1); /* one, for two connections */
    holm_tcp_connect(&other, &(struct holm_tcp_options){ 0 }, 1, 0, peer.now_ns);
    CHECK_IS(holm_tcp_drain(&other, &peer.records, peer.now_ns, &out, &cut, &capable), HOLM_OK);
    holm_tcp_connect(&peer.tcp, &(struct holm_tcp_options){ 0 }, OUR_ISS, 0, peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 0);
    peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 0);
    holm_tcp_abort(&other, &peer.records, HOLM_ERR_CANCELLED);
    peer_waits(&peer, holm_tcp_deadline(&peer.tcp) - peer.now_ns);
    CHECK_IS(peer_quiet(&peer), 1);
    CHECK_IS(peer_says(&peer, HOLM_TCP_SYN | HOLM_TCP_ACK, 0), HOLM_TCP_TAKEN);
    CHECK_IS(peer.tcp.state, HOLM_TCP_ESTABLISHED);
}
