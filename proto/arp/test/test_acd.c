/* SPDX-License-Identifier: ISC */
#include <holm/acd.h>
#include <holm/test.h>

#define SECOND_NS UINT64_C(1000000000)

static const struct holm_mac_address ours = { { 2, 0, 0, 0, 0, 1 } };
static const struct holm_mac_address theirs = { { 2, 0, 0, 0, 0, 2 } };
static struct holm_random_seeded dice;
static struct holm_random source;
static struct holm_ip_address address;
static struct holm_acd acd;
static uint64_t now_ns;

static void begin(void)
{
    now_ns = SECOND_NS;
    address = holm_ip_v4(169, 254, 7, 7);
    holm_random_seeded_init(&dice, holm_test_seed());
    source = holm_random_from_seeded(&dice);
}

static int next(void)
{
    enum holm_acd_event event;

    return holm_acd_next(&acd, &source, now_ns, &event) == HOLM_OK ? (int)event : -1;
}

/* later moves the clock to the deadline; answers how long that was. */
static uint64_t later(void)
{
    uint64_t start_ns = now_ns;

    CHECK(holm_acd_deadline(&acd) != UINT64_MAX);
    now_ns = holm_acd_deadline(&acd) > now_ns ? holm_acd_deadline(&acd) : now_ns;
    return now_ns - start_ns;
}

static void hear(const struct holm_mac_address *mac, struct holm_ip_address sender,
                 struct holm_ip_address target)
{
    struct holm_arp arp = { .sender_mac = *mac, .sender = sender, .target = target };

    holm_acd_feed(&acd, &arp, &ours, now_ns);
}

TEST(an_address_is_probed_for_gained_and_announced)
{
    begin();
    holm_acd_probe(&acd, &address, false, &source, now_ns);
    for (int i = 0; i < HOLM_ACD_PROBES; i++) {
        uint64_t wait_ns = later();
        CHECK(i == 0 ? wait_ns <= HOLM_ACD_PROBE_WAIT_NS
                     : wait_ns >= HOLM_ACD_PROBE_MIN_NS && wait_ns <= HOLM_ACD_PROBE_MAX_NS);
        CHECK_IS(next(), HOLM_ACD_PROBE);
        CHECK_IS(next(), -1);
    }
    CHECK(later() == HOLM_ACD_ANNOUNCE_WAIT_NS);
    CHECK_IS(next(), HOLM_ACD_GAINED);
    CHECK_IS(next(), HOLM_ACD_ANNOUNCE);
    CHECK_IS(next(), -1);
    CHECK(later() == HOLM_ACD_ANNOUNCE_NS);
    CHECK_IS(next(), HOLM_ACD_ANNOUNCE);
    CHECK_IS(next(), -1);
    CHECK(holm_acd_deadline(&acd) == UINT64_MAX);
}

TEST(a_quick_one_takes_less_than_a_second)
{
    uint64_t start_ns;

    begin();
    start_ns = now_ns;
    holm_acd_probe(&acd, &address, true, &source, now_ns);
    for (int i = 0; i < HOLM_ACD_PROBES; i++) {
        (void)later();
        CHECK_IS(next(), HOLM_ACD_PROBE);
    }
    (void)later();
    CHECK_IS(next(), HOLM_ACD_GAINED);
    CHECK(now_ns - start_ns < SECOND_NS);
}

TEST(a_probe_has_no_sender_and_an_announcement_has)
{
    struct holm_arp arp;

    begin();
    holm_acd_probe(&acd, &address, false, &source, now_ns);
    arp = holm_acd_message(&acd, &ours, HOLM_ACD_PROBE);
    CHECK(!arp.is_reply && holm_ip_is_any(&arp.sender) && holm_ip_equal(&arp.target, &address));
    arp = holm_acd_message(&acd, &ours, HOLM_ACD_ANNOUNCE);
    CHECK(!arp.is_reply && holm_ip_equal(&arp.sender, &address) &&
          holm_ip_equal(&arp.target, &address));
}

TEST(who_uses_or_probes_for_the_address_takes_it)
{
    for (int i = 0; i < 2; i++) {
        begin();
        holm_acd_probe(&acd, &address, false, &source, now_ns);
        (void)later();
        CHECK_IS(next(), HOLM_ACD_PROBE);
        hear(&ours, holm_ip_any(HOLM_IP_V4), address); /* our own, that came back */
        hear(&theirs, holm_ip_any(HOLM_IP_V4), holm_ip_v4(169, 254, 7, 8));
        hear(&theirs, holm_ip_v4(169, 254, 7, 8), address); /* a question, by another address */
        CHECK_IS(next(), -1);
        hear(&theirs, i == 0 ? address : holm_ip_any(HOLM_IP_V4), address);
        CHECK_IS(next(), HOLM_ACD_LOST);
        CHECK_IS(next(), -1);
        CHECK(holm_acd_deadline(&acd) == UINT64_MAX);
    }
}

TEST(an_address_is_defended_once_and_then_given_up)
{
    begin();
    holm_acd_hold(&acd, &address, false, now_ns);
    CHECK_IS(next(), HOLM_ACD_ANNOUNCE);
    hear(&theirs, holm_ip_any(HOLM_IP_V4), address); /* who probes is answered as any question is */
    CHECK_IS(next(), -1);
    hear(&theirs, address, address);
    CHECK_IS(next(), HOLM_ACD_ANNOUNCE);
    now_ns += HOLM_ACD_DEFEND_NS;
    CHECK_IS(next(), HOLM_ACD_ANNOUNCE); /* the second of its own */
    hear(&theirs, address, address);
    CHECK_IS(next(), HOLM_ACD_ANNOUNCE);
    hear(&theirs, address, address);
    CHECK_IS(next(), HOLM_ACD_LOST);
    hear(&theirs, address, address);
    CHECK_IS(next(), -1);
}

TEST(an_address_that_is_kept_is_never_given_up_nor_shouted)
{
    int announced = 0;

    begin();
    holm_acd_hold(&acd, &address, true, now_ns);
    for (int i = 0; i < 1000; i++) {
        hear(&theirs, address, address);
        int event = next();
        announced += event == HOLM_ACD_ANNOUNCE;
        CHECK(event != HOLM_ACD_LOST);
        now_ns += SECOND_NS / 10;
    }
    CHECK(announced >= 10 && announced <= 13);
}

TEST(one_that_is_idle_does_nothing)
{
    begin();
    acd = (struct holm_acd){ 0 };
    hear(&theirs, address, address);
    CHECK_IS(next(), -1);
    CHECK(holm_acd_deadline(&acd) == UINT64_MAX);
}
