/* SPDX-License-Identifier: ISC */
/* The client against a scripted server, and a clock that the test moves. */
#include "dhcp_server.h"

#include <holm/test.h>

#define SECOND_NS UINT64_C(1000000000)
#define LEASE_S 1000

static const struct holm_mac_address mac = { { 2, 0, 0, 0, 0, 9 } };
static struct holm_random_seeded dice;
static struct holm_random source;
static struct holm_dhcp dhcp;
static uint64_t now_ns;

/* What the client sent last. */
static uint8_t sent_memory[HOLM_DHCP_MESSAGE_MAX];
static struct holm_bytes sent;
static struct holm_ip_address sent_to;

static void begin(bool check)
{
    struct holm_dhcp_options options = {
        .mac = mac, .host_len = 4, .host = "holm", .check = check
    };

    now_ns = 100 * SECOND_NS;
    sent = (struct holm_bytes){ 0 };
    holm_random_seeded_init(&dice, holm_test_seed());
    source = holm_random_from_seeded(&dice);
    holm_dhcp_init(&dhcp, &options, &source, now_ns);
}

/* option finds an option of what was sent; empty: it is not there. */
static struct holm_bytes option(uint8_t wanted)
{
    struct holm_bytes in = { 0 }, value = { 0 };
    uint8_t code = 0, len = 0;

    if (!holm_bytes_from(sent, 240, &in))
        return value;
    while (holm_bytes_u8(&in, &code) && code != 255)
        if (holm_bytes_u8(&in, &len) && holm_bytes_take(&in, len, &value) && code == wanted)
            return value;
    return (struct holm_bytes){ 0 };
}

/* drained is the kind of the message that the client sends now; 0: none. */
static int drained(void)
{
    struct holm_buffer out = HOLM_BUFFER(sent_memory);
    uint8_t kind = 0;

    if (holm_dhcp_drain(&dhcp, &out, &sent_to, now_ns) != HOLM_OK)
        return 0;
    sent = holm_buffer_filled(&out);
    CHECK(sent.len >= 300);
    CHECK(holm_bytes_u8_at(option(53), 0, &kind));
    return kind;
}

/* later moves the clock to the client's deadline, and ticks. */
static void later(void)
{
    uint64_t due_ns = holm_dhcp_deadline(&dhcp);

    CHECK(due_ns != UINT64_MAX);
    now_ns = due_ns > now_ns ? due_ns : now_ns;
    holm_dhcp_tick(&dhcp, now_ns);
}

static int event(void)
{
    enum holm_dhcp_event event;

    return holm_dhcp_next(&dhcp, &event) == HOLM_OK ? (int)event : -1;
}

/* give is a message that gives address; of a server that is empty there is no option. */
static void give(struct holm_bytes kind, struct holm_ip_address address, struct holm_bytes server,
                 struct holm_bytes mask)
{
    static uint8_t memory[600];
    struct holm_buffer out = HOLM_BUFFER(memory);

    dhcp_server_begin(&out, dhcp.transaction, &mac, &address);
    dhcp_server_option(&out, 53, kind);
    if (server.len > 0)
        dhcp_server_option(&out, 54, server);
    dhcp_server_option(&out, 51, HOLM_TEXT("\0\0\3\350"));
    dhcp_server_option(&out, 1, mask);
    holm_dhcp_feed(&dhcp, holm_buffer_filled(&out), now_ns);
}

/* answer is a message of the server 10.1.2.1 that gives 10.1.2.last. */
static void answer(struct holm_bytes kind, uint8_t last)
{
    give(kind, holm_ip_v4(10, 1, 2, last), HOLM_TEXT("\12\1\2\1"), HOLM_TEXT("\377\377\377\0"));
}

static void offer(uint8_t last)
{
    answer(HOLM_TEXT("\2"), last);
}

static void acknowledge(uint8_t last)
{
    answer(HOLM_TEXT("\5"), last);
}

static void refuse(void)
{
    answer(HOLM_TEXT("\6"), 0);
}

/* gain runs the client until the lease is its. */
static void gain(bool check)
{
    begin(check);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    offer(3);
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    acknowledge(3);
    if (check) {
        CHECK_IS(event(), HOLM_DHCP_CHECK);
        CHECK_IS(event(), -1);
        later();
    }
    CHECK_IS(event(), HOLM_DHCP_GAINED);
    CHECK_IS(event(), -1);
    CHECK_IS(drained(), 0);
}

static bool to_all(void)
{
    struct holm_ip_address all = holm_ip_v4(255, 255, 255, 255);

    return holm_ip_equal(&sent_to, &all);
}

TEST(an_address_is_asked_for_and_gained)
{
    begin(false);
    CHECK_IS(drained(), 0);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    CHECK(to_all());
    CHECK_BYTES(option(12), HOLM_TEXT("holm"));
    CHECK_IS(option(61).len, 7);
    CHECK_IS(option(54).len, 0);
    CHECK_IS(drained(), 0);
    offer(3);
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    CHECK(to_all());
    CHECK_BYTES(option(50), HOLM_TEXT("\12\1\2\3"));
    CHECK_BYTES(option(54), HOLM_TEXT("\12\1\2\1"));
    acknowledge(3);
    CHECK_IS(event(), HOLM_DHCP_GAINED);
    CHECK_IS(dhcp.lease.length_bits, 24);
}

TEST(the_address_is_looked_for_on_the_link_first)
{
    gain(true);
}

TEST(somebody_has_the_address_and_it_is_declined)
{
    begin(true);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    offer(3);
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    acknowledge(3);
    CHECK_IS(event(), HOLM_DHCP_CHECK);
    holm_dhcp_conflict(&dhcp, now_ns);
    CHECK_IS(drained(), HOLM_DHCP_DECLINE);
    CHECK_BYTES(option(50), HOLM_TEXT("\12\1\2\3"));
    CHECK_BYTES(option(54), HOLM_TEXT("\12\1\2\1"));
    CHECK(option(12).len == 0 && option(55).len == 0); /* RFC 2131 table 5: not there */
    CHECK(to_all());
    CHECK_IS(event(), -1);
    CHECK_IS(drained(), 0);
    uint64_t start_ns = now_ns;
    later();
    CHECK(now_ns >= start_ns + HOLM_DHCP_CONFLICT_NS);
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
}

TEST(a_conflict_later_takes_the_address_away)
{
    gain(false);
    holm_dhcp_conflict(&dhcp, now_ns);
    CHECK_IS(event(), HOLM_DHCP_LOST);
    CHECK_IS(drained(), HOLM_DHCP_DECLINE);
    CHECK_BYTES(option(50), HOLM_TEXT("\12\1\2\3"));
}

TEST(without_an_answer_it_asks_again_ever_more_rarely)
{
    begin(false);
    later();
    uint64_t wait_ns = 0;
    for (int i = 0; i < 8; i++) {
        CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
        uint64_t sent_ns = now_ns, wanted_ns = HOLM_DHCP_TRY_FIRST_NS << (i < 4 ? i : 4);
        later();
        wait_ns = now_ns - sent_ns;
        CHECK(wait_ns + SECOND_NS >= wanted_ns && wait_ns <= wanted_ns + SECOND_NS);
    }
}

TEST(a_request_without_an_answer_ends_in_a_new_beginning)
{
    begin(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    offer(3);
    for (int i = 0; i < HOLM_DHCP_TRIES_MAX; i++) {
        CHECK_IS(drained(), HOLM_DHCP_REQUEST);
        later();
    }
    CHECK_IS(drained(), 0);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
}

TEST(a_refused_request_begins_anew)
{
    begin(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    offer(3);
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    refuse();
    CHECK_IS(event(), -1);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
}

TEST(the_lease_is_renewed_by_its_server_at_half_time)
{
    struct holm_ip_address server = holm_ip_v4(10, 1, 2, 1);
    struct holm_bytes ours = { 0 };

    gain(false);
    uint64_t start_ns = now_ns;
    later();
    CHECK(now_ns == start_ns + LEASE_S / 2 * SECOND_NS);
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    CHECK(holm_ip_equal(&sent_to, &server));
    CHECK_IS(option(50).len, 0);
    CHECK_IS(option(54).len, 0);
    holm_assert(holm_bytes_part(sent, 12, 4, &ours));
    CHECK_BYTES(ours, HOLM_TEXT("\12\1\2\3"));
    acknowledge(3);
    CHECK_IS(event(), HOLM_DHCP_CHANGED);
    CHECK(holm_dhcp_deadline(&dhcp) == now_ns + LEASE_S / 2 * SECOND_NS);
}

TEST(a_server_that_is_gone_costs_the_address_at_the_end_of_the_lease)
{
    bool all = false;
    int requests = 0;

    gain(false);
    uint64_t start_ns = now_ns;
    while (event() != HOLM_DHCP_LOST && requests < 100) {
        later();
        if (drained() != HOLM_DHCP_REQUEST)
            continue;
        requests += 1;
        all = all || to_all();
        CHECK_IS(to_all(), now_ns >= start_ns + LEASE_S * 7 / 8 * SECOND_NS);
    }
    CHECK(all);
    CHECK(requests >= 4 && requests < 12);
    CHECK(now_ns == start_ns + LEASE_S * SECOND_NS);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
}

TEST(another_server_takes_over_when_the_first_is_gone)
{
    gain(false);
    later();
    while (!to_all()) {
        CHECK_IS(drained(), HOLM_DHCP_REQUEST);
        if (!to_all())
            later();
    }
    acknowledge(3);
    CHECK_IS(event(), HOLM_DHCP_CHANGED);
    CHECK_IS(dhcp.state, HOLM_DHCP_BOUND);
}

TEST(a_refused_renewal_takes_the_address_away)
{
    gain(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    refuse();
    CHECK_IS(event(), HOLM_DHCP_LOST);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
}

TEST(a_renewal_that_gives_another_address_begins_anew)
{
    gain(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    acknowledge(4);
    CHECK_IS(event(), HOLM_DHCP_LOST);
}

TEST(release_tells_the_server_and_ends_all)
{
    struct holm_ip_address server = holm_ip_v4(10, 1, 2, 1);

    gain(false);
    holm_dhcp_release(&dhcp);
    CHECK_IS(drained(), HOLM_DHCP_RELEASE);
    CHECK(holm_ip_equal(&sent_to, &server));
    CHECK_BYTES(option(54), HOLM_TEXT("\12\1\2\1"));
    CHECK(option(12).len == 0 && option(50).len == 0 && option(55).len == 0);
    CHECK_IS(event(), HOLM_DHCP_LOST);
    CHECK_IS(drained(), 0);
    CHECK(holm_dhcp_deadline(&dhcp) == UINT64_MAX);
    acknowledge(3);
    CHECK_IS(event(), -1);
}

TEST(release_of_nothing_sends_nothing)
{
    begin(false);
    holm_dhcp_release(&dhcp);
    CHECK_IS(drained(), 0);
    CHECK_IS(event(), -1);
}

TEST(what_is_for_others_or_late_changes_nothing)
{
    begin(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    acknowledge(3);
    CHECK_IS(event(), -1);
    uint32_t transaction = dhcp.transaction;
    dhcp.transaction += 1;
    uint32_t other = dhcp.transaction;
    dhcp.transaction = transaction;
    holm_assert(other != transaction);
    holm_dhcp_feed(&dhcp, HOLM_TEXT("nonsense"), now_ns);
    CHECK_IS(dhcp.state, HOLM_DHCP_SELECTING);
    offer(3);
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
}

TEST(a_renewal_that_names_no_server_keeps_the_old_one)
{
    struct holm_ip_address server = holm_ip_v4(10, 1, 2, 1);

    gain(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    give(HOLM_TEXT("\5"), holm_ip_v4(10, 1, 2, 3), (struct holm_bytes){ 0 },
         HOLM_TEXT("\377\377\377\0"));
    CHECK_IS(event(), HOLM_DHCP_CHANGED);
    CHECK(holm_ip_equal(&dhcp.lease.server, &server));
    later();
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    CHECK(holm_ip_equal(&sent_to, &server));
}

/* refused answers whether neither an offer nor a renewal of such a lease is taken. */
static bool refused(struct holm_ip_address address, struct holm_bytes server,
                    struct holm_bytes mask)
{
    begin(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    give(HOLM_TEXT("\2"), address, server, mask);
    bool offered = drained() != 0;
    gain(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    give(HOLM_TEXT("\5"), address, server, mask);
    return !offered && event() == -1 && dhcp.state == HOLM_DHCP_RENEWING;
}

TEST(an_address_that_no_station_can_have_is_not_taken)
{
    const struct holm_ip_address bad[] = {
        holm_ip_v4(0, 0, 0, 0),    holm_ip_v4(255, 255, 255, 255), holm_ip_v4(224, 0, 0, 9),
        holm_ip_v4(127, 0, 0, 9),  holm_ip_v4(240, 0, 0, 9),       holm_ip_v4(10, 1, 2, 0),
        holm_ip_v4(10, 1, 2, 255), holm_ip_v4(10, 1, 2, 1)
    };
    struct holm_bytes server = HOLM_TEXT("\12\1\2\1");

    for (size_t i = 0; i < HOLM_COUNT(bad); i++)
        CHECK(refused(HOLM_AT(bad, i), server, HOLM_TEXT("\377\377\377\0")));
    CHECK(refused(holm_ip_v4(10, 1, 2, 3), server, HOLM_TEXT("\0\0\0\0")));
    CHECK(!refused(holm_ip_v4(10, 1, 2, 0), server, HOLM_TEXT("\377\377\377\376")));
    CHECK(!refused(holm_ip_v4(10, 1, 2, 3), server, HOLM_TEXT("\377\377\377\377")));
}

TEST(a_server_that_is_no_station_is_not_believed)
{
    struct holm_ip_address address = holm_ip_v4(10, 1, 2, 3);
    struct holm_bytes mask = HOLM_TEXT("\377\377\377\0");

    CHECK(refused(address, HOLM_TEXT("\0\0\0\0"), mask));
    CHECK(refused(address, HOLM_TEXT("\377\377\377\377"), mask));
    CHECK(refused(address, HOLM_TEXT("\340\0\0\1"), mask));
}

TEST(too_little_room_is_said_and_nothing_is_lost)
{
    struct holm_buffer out = { sent_memory, 0, HOLM_DHCP_MESSAGE_MAX - 1 };

    begin(false);
    later();
    CHECK_IS(holm_dhcp_drain(&dhcp, &out, &sent_to, now_ns), HOLM_ERR_LIMIT);
    CHECK_IS(out.len, 0);
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
}

/* sent_seconds is how long the client says that it has been asking. */
static uint16_t sent_seconds(void)
{
    uint16_t seconds = 0;

    CHECK(holm_bytes_u16_at(sent, 8, &seconds));
    return seconds;
}

TEST(a_request_says_the_seconds_of_its_discover)
{
    begin(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    CHECK_IS(sent_seconds(), 0);
    later();
    CHECK_IS(drained(), HOLM_DHCP_DISCOVER);
    uint16_t seconds = sent_seconds();
    CHECK(seconds >= 3 && seconds <= 5);
    now_ns += 2 * SECOND_NS;
    offer(3);
    for (int i = 0; i < 2; i++) {
        CHECK_IS(drained(), HOLM_DHCP_REQUEST);
        CHECK_IS(sent_seconds(), seconds);
        later();
    }
    acknowledge(3);
    CHECK_IS(event(), HOLM_DHCP_GAINED);
}

TEST(after_a_leap_of_the_clock_past_the_lease_nothing_is_sent_from_it)
{
    gain(false);
    now_ns += LEASE_S * SECOND_NS;
    holm_dhcp_tick(&dhcp, now_ns);
    CHECK_IS(drained(), 0);
    CHECK_IS(event(), HOLM_DHCP_LOST);
    gain(false);
    later();
    CHECK_IS(drained(), HOLM_DHCP_REQUEST);
    now_ns += LEASE_S * SECOND_NS;
    holm_dhcp_tick(&dhcp, now_ns);
    CHECK_IS(drained(), 0);
    CHECK_IS(event(), HOLM_DHCP_LOST);
}
