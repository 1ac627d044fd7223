/* SPDX-License-Identifier: ISC */
/* fuzz_acd.c: an address that is looked for, held and defended, whatever is heard about it and whenever.
 * The input is a row of steps of two bytes: what happens, and how much of it. */
#include <holm/acd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STEP_BEGIN, STEP_HEAR, STEP_TIME, STEPS };
/* At most at one time: what was lost, a probe or an announcement, a defence. */
enum { EVENTS_MAX = 3 };

static const struct holm_mac_address ours = { { 2, 0, 0, 0, 0, 1 } };
static const struct holm_mac_address theirs = { { 2, 0, 0, 0, 0, 2 } };
static struct holm_acd acd;
static struct holm_random_seeded dice;
static struct holm_random dice_random;
static uint64_t now_ns;
static uint32_t probes;

static void begin(uint8_t how)
{
    struct holm_ip_address address = holm_ip_v4(10, 0, 0, 1);

    probes = 0;
    if (how & 1)
        holm_acd_hold(&acd, &address, how & 2, now_ns);
    else
        holm_acd_probe(&acd, &address, how & 2, &dice_random, now_ns);
}

static void hear(uint8_t how)
{
    struct holm_arp arp = { .is_reply = how & 1,
                            .sender_mac = how & 8 ? ours : theirs,
                            .sender = holm_ip_v4(how & 2 ? 10 : 0, 0, 0, how & 2 ? 1 : 0),
                            .target = holm_ip_v4(10, 0, 0, how & 4 ? 1 : 2) };
    enum holm_acd_state before = acd.state;
    bool claims = (how & 2) != 0, probed = !claims && !arp.is_reply && (how & 4);

    holm_acd_feed(&acd, &arp, &ours, now_ns);
    if (how & 8) /* our own, that came back */
        holm_assert(acd.state == before);
    else if (before == HOLM_ACD_PROBING)
        holm_assert((acd.state == HOLM_ACD_LOST_IT) == (claims || probed));
    else if (before == HOLM_ACD_HELD && acd.keeps)
        holm_assert(acd.state == HOLM_ACD_HELD);
}

/* settle takes all events; the machine must come to rest, and never flood the link. */
static void settle(void)
{
    enum holm_acd_event event;
    uint32_t count = 0;

    while (holm_acd_next(&acd, &dice_random, now_ns, &event) == HOLM_OK) {
        count += 1;
        holm_assert(count <= EVENTS_MAX);
        if (event == HOLM_ACD_PROBE)
            probes += 1;
        holm_assert(probes <= HOLM_ACD_PROBES);
        holm_assert(event != HOLM_ACD_GAINED || probes == HOLM_ACD_PROBES);
        holm_assert(event != HOLM_ACD_ANNOUNCE || acd.state == HOLM_ACD_HELD);
        holm_assert(event != HOLM_ACD_LOST || acd.state == HOLM_ACD_LOST_IT);
    }
    holm_assert(holm_acd_deadline(&acd) > now_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size };
    uint8_t what, much;

    holm_random_seeded_init(&dice, 1);
    dice_random = holm_random_from_seeded(&dice);
    now_ns = 1;
    acd = (struct holm_acd){ 0 };
    while (holm_bytes_u8(&in, &what) && holm_bytes_u8(&in, &much)) {
        if (what % STEPS == STEP_BEGIN)
            begin(much);
        else if (what % STEPS == STEP_HEAR)
            hear(much);
        else
            now_ns += much * UINT64_C(100000000);
        settle();
    }
    return 0;
}
