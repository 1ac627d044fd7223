/* SPDX-License-Identifier: ISC */
/* Segments with digests, and what is left of connections. */
#include "tcp_peer.h"

#include <holm/tcp/guard.h>
#include <holm/tcp/rest.h>
#include <holm/test.h>

static struct peer peer;

/* What another implementation made of ports 4000 and 179, the text KEEPALIVE, and the key below. */
static const uint8_t digest_v4[] = { 0x87, 0x60, 0x0c, 0xaa, 0x55, 0x0b, 0x45, 0x0c,
                                     0x28, 0xc7, 0xfb, 0x9f, 0x8c, 0x54, 0x7a, 0x16 };
static const uint8_t digest_v6[] = { 0x4c, 0x54, 0x31, 0x69, 0x0d, 0x44, 0x99, 0x63,
                                     0xe8, 0xaf, 0xe6, 0xfb, 0x37, 0x07, 0x00, 0x5d };

static struct holm_ip_address v6(uint8_t last)
{
    struct holm_ip_address address = { .family = HOLM_IP_V6, .bytes = { 0x20, 0x01, 0x0d, 0xb8 } };
    HOLM_AT(address.bytes, 15) = last;
    return address;
}

static void digest_is(struct holm_ip_address source, struct holm_ip_address destination,
                      struct holm_bytes wanted)
{
    struct holm_tcp_md5_key key = { .len = 21 };
    struct holm_tcp_guard guard = holm_tcp_md5_guard(&key);
    struct holm_tcp_segment segment = { .source = 4000,
                                        .destination = 179,
                                        .seq = 1000,
                                        .ack = 5003,
                                        .flags = HOLM_TCP_PSH | HOLM_TCP_ACK,
                                        .window = 512,
                                        .checksum = 0x1234,
                                        .md5_at = 1 };
    struct holm_bytes text[] = { HOLM_TEXT("KEEP"), HOLM_TEXT("ALIVE") }, is = { 0 };
    uint8_t bytes[HOLM_TCP_HEADER_MAX];
    struct holm_buffer header = HOLM_BUFFER(bytes), key_out = HOLM_BUFFER(key.bytes);

    CHECK(holm_buffer_bytes(&key_out, HOLM_TEXT("secret of two routers")));
    CHECK_IS(holm_tcp_segment_emit(&header, &segment), HOLM_OK);
    struct holm_tcp_covered covered = { &source, &destination, holm_buffer_filled(&header), text,
                                        2 };
    CHECK(!holm_tcp_guard_passes(&guard, &covered, segment.md5_at));
    holm_tcp_guard_sign(&guard, &covered, (struct holm_span){ bytes, header.len }, segment.md5_at);
    CHECK(holm_bytes_part(holm_buffer_filled(&header), segment.md5_at, 16, &is));
    CHECK_BYTES(is, wanted);
    CHECK(holm_tcp_guard_passes(&guard, &covered, segment.md5_at));
    CHECK(!holm_tcp_guard_passes(&guard, &covered, 0));            /* it has none, and must */
    CHECK(!holm_tcp_guard_passes(NULL, &covered, segment.md5_at)); /* and the other way round */
    CHECK(holm_tcp_guard_passes(NULL, &covered, 0));
    for (size_t i = 0; i < 20; i++) { /* each byte of the header but the checksum counts */
        HOLM_AT(bytes, i) ^= 1;
        CHECK_IS(holm_tcp_guard_passes(&guard, &covered, segment.md5_at), i == 16 || i == 17);
        HOLM_AT(bytes, i) ^= 1;
    }
    HOLM_AT(key.bytes, 20) ^= 1;
    CHECK(!holm_tcp_guard_passes(&guard, &covered, segment.md5_at));
}

TEST(digests_are_those_of_others)
{
    digest_is(holm_ip_v4(192, 0, 2, 1), holm_ip_v4(192, 0, 2, 2), HOLM_BLOB(digest_v4));
    digest_is(v6(1), v6(2), HOLM_BLOB(digest_v6));
}

TEST(a_connection_with_digests_has_room_for_them_in_every_segment)
{
    struct holm_tcp_segment syn = { .mss = 1460, .has_time = true, .sack_permitted = true };

    peer_accept(&peer, &(struct holm_tcp_options){ .md5 = true, .time = true }, &syn);
    CHECK(!peer.tcp.times); /* there is no room for both */
    CHECK_IS(peer.tcp.mss, 1440);
    CHECK_IS(holm_tcp_write(&peer.tcp, 10), HOLM_OK);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.md5_at != 0);
    (void)peer_says_at(&peer, PEER_ISS + 101, HOLM_TCP_ACK, 10);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.md5_at != 0);
    CHECK_IS(peer.out.sacks_count, 1);
    holm_tcp_abort(&peer.tcp, &peer.records, HOLM_ERR_CANCELLED);
    CHECK(peer_hears(&peer));
    CHECK(peer.out.md5_at != 0);
}

/* rest_with is what is left when the connection has ended in order. */
static struct holm_tcp_rest rest_with(const struct holm_tcp_options *options, bool times)
{
    struct holm_tcp_segment syn = { .mss = 1460, .has_time = times, .time_value = times ? 50 : 0 };
    struct holm_tcp_rest rest;

    peer_accept(&peer, options, &syn);
    holm_tcp_finish(&peer.tcp);
    CHECK_IS(peer_quiet(&peer), 1);
    (void)peer_says(&peer, HOLM_TCP_FIN | HOLM_TCP_ACK, 0);
    CHECK_IS(peer.tcp.state, HOLM_TCP_TIME_WAIT);
    CHECK_IS(peer_quiet(&peer), 1);
    holm_tcp_rest_begin(&rest, &peer.tcp);
    return rest;
}

static struct holm_tcp_rest rest_of(bool times)
{
    return rest_with(NULL, times);
}

TEST(what_is_left_answers_a_fin_and_waits_again)
{
    struct holm_tcp_rest rest = rest_of(false);
    struct holm_tcp_segment fin = { .seq = PEER_ISS + 1, .flags = HOLM_TCP_FIN | HOLM_TCP_ACK };
    struct holm_tcp_segment answer, reset = { .seq = PEER_ISS + 2, .flags = HOLM_TCP_RST };

    CHECK_IS(rest.end_ns, peer.now_ns + HOLM_TCP_TIME_WAIT_NS);
    CHECK_IS(holm_tcp_rest_feed(&rest, &fin, peer.now_ns + 5, &answer), HOLM_TCP_REST_ANSWERED);
    CHECK_IS(answer.seq, OUR_ISS + 2);
    CHECK_IS(answer.ack, PEER_ISS + 2);
    CHECK_IS(answer.flags, HOLM_TCP_ACK);
    CHECK_IS(rest.end_ns, peer.now_ns + 5 + HOLM_TCP_TIME_WAIT_NS);
    CHECK_IS(holm_tcp_rest_feed(&rest, &reset, 9, &answer), HOLM_TCP_REST_DROPPED);
    reset.seq = PEER_ISS + 9; /* what is no RST there is answered */
    CHECK_IS(holm_tcp_rest_feed(&rest, &reset, 9, &answer), HOLM_TCP_REST_DROPPED);
}

TEST(what_is_left_answers_with_the_options_that_were_agreed_on)
{
    struct holm_tcp_rest rest = rest_of(true);
    struct holm_tcp_segment fin = { .seq = PEER_ISS + 1, .flags = HOLM_TCP_FIN | HOLM_TCP_ACK };
    struct holm_tcp_segment answer;
    uint64_t later_ns = peer.now_ns + 5000000;

    CHECK_IS(holm_tcp_rest_feed(&rest, &fin, later_ns, &answer), HOLM_TCP_REST_ANSWERED);
    CHECK(answer.has_time && answer.md5_at == 0);
    CHECK_IS(answer.time_value,
             holm_u32_wrap_add(peer.tcp.time_offset, (uint32_t)(later_ns / 1000000)));
    CHECK_IS(answer.time_echo, peer.tcp.time_recent);
    rest = rest_with(&(struct holm_tcp_options){ .md5 = true }, false);
    CHECK_IS(holm_tcp_rest_feed(&rest, &fin, later_ns, &answer), HOLM_TCP_REST_ANSWERED);
    CHECK(answer.md5_at != 0 && !answer.has_time);
}

TEST(what_is_left_makes_room_only_for_what_is_surely_new)
{
    struct holm_tcp_rest rest = rest_of(false);
    struct holm_tcp_segment answer, syn = { .seq = PEER_ISS + 2, .flags = HOLM_TCP_SYN };

    CHECK_IS(holm_tcp_rest_feed(&rest, &syn, 9, &answer), HOLM_TCP_REST_ANSWERED);
    CHECK_IS(holm_tcp_rest_feed(&rest, &syn, 9, &answer), HOLM_TCP_REST_DROPPED); /* few answers */
    syn.seq = PEER_ISS + 3;
    CHECK_IS(holm_tcp_rest_feed(&rest, &syn, 9, &answer), HOLM_TCP_REST_REPLACED);
    rest = rest_of(true);
    syn.has_time = true;
    syn.time_value = 49; /* from before, whatever its number is */
    CHECK_IS(holm_tcp_rest_feed(&rest, &syn, 9, &answer), HOLM_TCP_REST_ANSWERED);
    syn.time_value = 51;
    syn.seq = PEER_ISS - 100;
    CHECK_IS(holm_tcp_rest_feed(&rest, &syn, 9, &answer), HOLM_TCP_REST_REPLACED);
    syn.time_value = 50; /* the same tick: the number decides */
    CHECK(holm_tcp_rest_feed(&rest, &syn, 9, &answer) != HOLM_TCP_REST_REPLACED);
}
