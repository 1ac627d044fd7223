/* SPDX-License-Identifier: ISC */
/* fuzz_ndp_station.c: a station to which whatever comes: messages and steps of time. The input is a row
 * of steps: a byte for what, a byte for how much, and the bytes of a message. */
#include <holm/ndp.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct holm_ndp ndp;
static struct holm_neighbours neighbours;
static struct holm_random_seeded dice;
static struct holm_random dice_random;
static uint64_t now_ns;

static void message(uint8_t kind, struct holm_bytes in)
{
    const struct holm_mac_address mac = { { 2, 0, 0, 0, 0, 9 } };
    struct holm_ip_header header = { .source = { HOLM_IP_V6, { 0xfe, 0x80, [15] = kind } },
                                     .destination = { HOLM_IP_V6, { 0xff, 2, [15] = 1 } },
                                     .hops = 255 };
    struct holm_ndp_in came = { .header = &header, .mac = &mac };

    if (kind % 4 == 1)
        header.source = holm_ip_any(HOLM_IP_V6);
    if (holm_icmp6_parse(&came.icmp, &in) != HOLM_OK)
        return;
    if (kind % 8 == 1 && in.len >= 16) { /* as who looks for a duplicate asks: of ours, too */
        header.destination = holm_ndp_group_of(&ndp.addresses[0].address);
    }
    came.data = in;
    holm_ndp_feed(&ndp, &neighbours, &came, now_ns);
}

/* settle takes all that there is to take; the machine must come to rest. */
static void settle(void)
{
    struct holm_ndp_packet packet;
    struct holm_ndp_address about;
    enum holm_ndp_event event;

    holm_assert(holm_ndp_check(&ndp));
    holm_ndp_tick(&ndp, now_ns);
    while (holm_ndp_drain(&ndp, &packet) == HOLM_OK)
        holm_assert(packet.data_len <= HOLM_NDP_DATA_MAX);
    while (holm_ndp_next(&ndp, &event, &about) == HOLM_OK)
        continue;
    holm_assert(holm_ndp_check(&ndp) && holm_ndp_deadline(&ndp) > now_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size }, part = { 0 };
    const struct holm_siphash_key key = { 1, 2 };
    uint8_t kind, much;

    holm_random_seeded_init(&dice, 1);
    dice_random = holm_random_from_seeded(&dice);
    now_ns = 1;
    holm_neighbour_init(&neighbours, &key);
    struct holm_ndp_settings settings = { .mac = { { 2, 0, 0, 0, 0, 1 } },
                                          .random = &dice_random,
                                          .mtu = 1500 };
    holm_ndp_init(&ndp, &settings, now_ns);
    settle();
    while (holm_bytes_u8(&in, &kind) && holm_bytes_u8(&in, &much)) {
        if (kind >= 0x80)
            now_ns += much * (kind >= 0xc0 ? UINT64_C(60000000000) : UINT64_C(10000000));
        else if (holm_bytes_take(&in, much, &part))
            message(kind, part);
        settle();
    }
    return 0;
}
