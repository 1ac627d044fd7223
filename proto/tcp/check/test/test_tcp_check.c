/* SPDX-License-Identifier: ISC */
/* test_tcp_check.c: segments read from frames, and a connection judged. Each rule is broken once by
 * test/interop/test_tcp_check.py; here is what a capture of few segments does not reach. */
#include <holm/tcp/check.h>
#include <holm/test.h>
#include <holm/wrap.h>

enum { CLIENT = 0, SERVER = 1, MS = 1000000, SIZE = 1000 };

static struct holm_tcp_check check;
static struct holm_tcp_laws laws;
static uint64_t now_ns;
static uint8_t payload[SIZE];

static struct holm_endpoint endpoint(int end)
{
    return (struct holm_endpoint){ holm_ip_v4(10, 0, 0, (uint8_t)(1 + end)),
                                   end == CLIENT ? 4711 : 80 };
}

static struct holm_tcp_check_segment segment(int end, uint8_t flags, uint32_t seq, uint32_t ack,
                                             size_t len)
{
    struct holm_tcp_check_segment made = { .time_ns = now_ns };
    made.source = endpoint(end);
    made.destination = endpoint(1 - end);
    made.head.flags = flags;
    made.head.seq = seq;
    made.head.ack = ack;
    made.head.window = 65535;
    made.head.header_len = HOLM_TCP_HEADER_MIN;
    made.head.mss = (flags & HOLM_TCP_SYN) != 0 ? 1460 : 0;
    made.head.len = len;
    made.payload = (struct holm_bytes){ payload, len };
    return made;
}

/* say feeds a segment 10 ms after the last, and answers whether it breaks no rule. */
static bool say(int end, uint8_t flags, uint32_t seq, uint32_t ack, size_t len)
{
    now_ns += 10 * MS;
    struct holm_tcp_check_segment made = segment(end, flags, seq, ack, len);
    laws = (struct holm_tcp_laws){ 0 };
    holm_tcp_check_feed(&check, &laws, &made);
    CHECK(holm_tcp_check_check(&check));
    return HOLM_AT(laws.bits, 0) == 0 && HOLM_AT(laws.bits, 1) == 0;
}

/* opened begins with a handshake; the client's numbers begin at iss + 1, the server's at 1. */
static void opened(uint32_t iss)
{
    struct holm_tcp_check_segment first = segment(CLIENT, HOLM_TCP_SYN, iss, 0, 0);
    now_ns = 1000 * MS;
    holm_tcp_check_init(&check, &first, false);
    CHECK(say(CLIENT, HOLM_TCP_SYN, iss, 0, 0));
    CHECK(say(SERVER, HOLM_TCP_SYN | HOLM_TCP_ACK, 0, holm_u32_wrap_add(iss, 1), 0));
    CHECK(say(CLIENT, HOLM_TCP_ACK, holm_u32_wrap_add(iss, 1), 1, 0));
}

TEST(a_connection_that_breaks_no_rule)
{
    opened(100);
    CHECK(say(CLIENT, HOLM_TCP_ACK, 101, 1, SIZE));
    CHECK(say(SERVER, HOLM_TCP_ACK, 1, 101 + SIZE, 0));
    CHECK(say(CLIENT, HOLM_TCP_ACK | HOLM_TCP_FIN, 101 + SIZE, 1, 0));
    CHECK(say(SERVER, HOLM_TCP_ACK | HOLM_TCP_FIN, 1, 102 + SIZE, 0));
    CHECK(say(CLIENT, HOLM_TCP_ACK, 102 + SIZE, 2, 0));
}

TEST(more_bytes_than_are_kept_and_numbers_that_wrap)
{
    uint32_t seq = 0xffff0000U;
    opened(holm_u32_wrap_sub(seq, 1));
    for (unsigned i = 0; i < 2 * HOLM_TCP_CHECK_BYTES_MAX / SIZE; i++) {
        CHECK(say(CLIENT, HOLM_TCP_ACK, seq, 1, SIZE));
        seq = holm_u32_wrap_add(seq, SIZE);
        CHECK(say(SERVER, HOLM_TCP_ACK, 1, seq, 0));
    }
    payload[7] = 1;
    CHECK(!say(CLIENT, HOLM_TCP_ACK, holm_u32_wrap_sub(seq, SIZE), 1, SIZE));
    CHECK(holm_tcp_laws_has(&laws, HOLM_TCP_LAW_DATA_CHANGED));
    payload[7] = 0;
}

TEST(more_segments_under_way_than_are_remembered)
{
    opened(100);
    CHECK(say(CLIENT, HOLM_TCP_ACK, 101, 1, 1));
    for (uint32_t i = 1; i < HOLM_TCP_CHECK_SENT_MAX + 10; i++)
        CHECK(say(CLIENT, HOLM_TCP_ACK, 101 + i, 1, 1));
    CHECK_IS(HOLM_AT(check.ends, CLIENT).sent_count, HOLM_TCP_CHECK_SENT_MAX);
    (void)say(SERVER, HOLM_TCP_ACK, 1, 101 + HOLM_TCP_CHECK_SENT_MAX + 10, 0);
    CHECK(holm_tcp_laws_has(&laws, HOLM_TCP_LAW_ACK_LATE));
    CHECK_IS(HOLM_AT(check.ends, CLIENT).sent_count, 0);
}

TEST(bytes_behind_a_gap_or_cut_off_are_not_compared)
{
    opened(100);
    CHECK(say(CLIENT, HOLM_TCP_ACK, 101 + SIZE, 1, SIZE));
    CHECK(say(CLIENT, HOLM_TCP_ACK, 101, 1, SIZE)); /* sent before, and never seen */
    struct holm_tcp_check_segment made = segment(CLIENT, HOLM_TCP_ACK, 101 + 2 * SIZE, 1, SIZE);
    made.payload.len = 10;
    laws = (struct holm_tcp_laws){ 0 };
    holm_tcp_check_feed(&check, &laws, &made);
    payload[500] = 1;
    now_ns += 1000 * (uint64_t)MS;
    CHECK(say(CLIENT, HOLM_TCP_ACK, 101 + 2 * SIZE, 1, SIZE));
    payload[500] = 0;
}

TEST(a_new_connection_between_the_same_ends)
{
    opened(100);
    CHECK(say(SERVER, HOLM_TCP_ACK | HOLM_TCP_RST, 1, 101, 0));
    CHECK(say(CLIENT, HOLM_TCP_SYN, 50, 0, 0));
    CHECK(say(SERVER, HOLM_TCP_SYN | HOLM_TCP_ACK, 900, 51, 0));
    CHECK(say(CLIENT, HOLM_TCP_ACK, 51, 901, SIZE));
}

TEST(whose_segments_are_of_the_connection)
{
    struct holm_tcp_check_segment made = segment(SERVER, HOLM_TCP_ACK, 1, 1, 0);
    holm_tcp_check_init(&check, &made, false);
    CHECK(holm_tcp_check_owns(&check, &made));
    made = segment(CLIENT, HOLM_TCP_ACK, 1, 1, 0);
    CHECK(holm_tcp_check_owns(&check, &made));
    made.source.port = 4712;
    CHECK(!holm_tcp_check_owns(&check, &made));
}

/* Ethernet, IPv4 of 44 bytes, TCP with ports 80 and 4711, four bytes of payload. */
static const uint8_t frame[] = {
    2,    0, 0,  0, 0,    1,    2,    0,    0, 0, 0,  2, 8, 0, 0x45, 0,  0,    44,   0, 1,
    0x40, 0, 64, 6, 0x26, 0xc9, 10,   0,    0, 2, 10, 0, 0, 1, 0,    80, 0x12, 0x67, 0, 0,
    0,    1, 0,  0, 0,    2,    0x50, 0x18, 1, 0, 0,  0, 0, 0, 1,    2,  3,    4,
};

static enum holm_result parse(struct holm_tcp_check_segment *made, struct holm_bytes in,
                              size_t whole)
{
    laws = (struct holm_tcp_laws){ 0 };
    return holm_tcp_check_parse(made, &laws, in, whole, true);
}

TEST(a_segment_in_a_frame)
{
    struct holm_tcp_check_segment made = { 0 };
    CHECK_IS(parse(&made, HOLM_BLOB(frame), sizeof frame), HOLM_OK);
    CHECK_IS(made.source.port, 80);
    CHECK_IS(made.destination.port, 4711);
    CHECK_IS(made.head.len, 4);
    CHECK_IS(made.payload.len, 4);
    CHECK_IS(made.id, 1);
}

TEST(a_frame_that_was_cut_off)
{
    struct holm_tcp_check_segment made = { 0 };
    struct holm_bytes in = { frame, sizeof frame - 3 };
    CHECK_IS(parse(&made, in, sizeof frame), HOLM_OK);
    CHECK_IS(made.head.len, 4);
    CHECK_IS(made.payload.len, 1);
    in.len = sizeof frame - 10;
    CHECK_IS(parse(&made, in, sizeof frame), HOLM_ERR_TRUNCATED);
    in.len = 35;
    CHECK_IS(parse(&made, in, sizeof frame), HOLM_ERR_TRUNCATED);
}

TEST(frames_that_carry_no_segment)
{
    struct holm_tcp_check_segment made = { 0 };
    struct holm_bytes in = { frame, 13 };
    CHECK_IS(parse(&made, in, 13), HOLM_ERR_UNSUPPORTED);
    in.len = 20;
    CHECK_IS(parse(&made, in, 20), HOLM_ERR_UNSUPPORTED);
}

TEST(a_header_that_cannot_be_read_names_its_rule_and_its_ends)
{
    uint8_t bytes[sizeof frame];
    struct holm_buffer copy = HOLM_BUFFER(bytes);
    struct holm_tcp_check_segment made = { 0 };
    CHECK(holm_buffer_bytes(&copy, HOLM_BLOB(frame)));
    bytes[46] = 0x40;
    CHECK_IS(parse(&made, HOLM_BLOB(bytes), sizeof bytes), HOLM_ERR_MALFORMED);
    CHECK(holm_tcp_laws_has(&laws, HOLM_TCP_LAW_HEADER_LENGTH));
    CHECK_IS(made.source.port, 80);
}

TEST(each_rule_has_its_words)
{
    for (unsigned law = 0; law < HOLM_TCP_LAW_COUNT; law++) {
        struct holm_tcp_law_text text = holm_tcp_law_text((enum holm_tcp_law)law);
        CHECK(text.name.len > 0 && text.says.len > 0 && text.source.len > 0);
    }
    CHECK_IS(holm_tcp_law_text(HOLM_TCP_LAW_COUNT).name.len, 0);
}
