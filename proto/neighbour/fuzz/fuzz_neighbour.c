/* SPDX-License-Identifier: ISC */
/* fuzz_neighbour.c: the table of neighbours, with whatever words of whomever. The input is a row of steps
 * of three bytes: what is done, by which station, about which address. Whatever comes, a neighbour that
 * we sent to keeps its station until all were asked for it. */
#include <holm/neighbour.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STATIONS = 4, LOOKED_AT = 1, EVENTS_MAX = 8 * HOLM_NEIGHBOURS_MAX };

enum step {
    STEP_FIND,
    STEP_ANSWERED,
    STEP_REQUESTED,
    STEP_CLAIMED,
    STEP_ADVERTISED,
    STEP_CONFIRM,
    STEP_TIME,
    STEPS
};

static struct holm_neighbours table;
static uint64_t now_ns;
static uint8_t believed; /* the station of LOOKED_AT; 0: none, or all were asked since */

static struct holm_ip_address address_of(uint8_t number)
{
    return holm_ip_v4(10, 0, 0, number);
}

static struct holm_mac_address station_of(uint8_t number)
{
    return (struct holm_mac_address){ { 2, 0, 0, 0, 0, (uint8_t)(1 + number % STATIONS) } };
}

static void find(uint8_t number)
{
    struct holm_ip_address address = address_of(number);
    struct holm_mac_address mac = { { 0 } };
    enum holm_result result = holm_neighbour_find(&table, &address, now_ns, &mac);

    holm_assert(result == HOLM_OK || result == HOLM_AGAIN || result == HOLM_ERR_UNREACHABLE);
    if (number != LOOKED_AT)
        return;
    holm_assert(result != HOLM_OK || believed == 0 || HOLM_AT(mac.bytes, 5) == believed);
    believed = result == HOLM_OK ? HOLM_AT(mac.bytes, 5) : 0;
}

static void advertise(uint8_t flags, const struct holm_ip_address *address)
{
    struct holm_neighbour_claim claim = { .address = *address,
                                          .mac = station_of(flags),
                                          .has_mac = (flags & 4) != 0,
                                          .solicited = (flags & 8) != 0,
                                          .override = (flags & 16) != 0 };

    (void)holm_neighbour_claim(&table, &claim, now_ns);
}

/* settle takes all that there is to do; the table must come to rest. */
static void settle(void)
{
    enum holm_neighbour_event event;
    struct holm_neighbour about;
    uint32_t count = 0;
    struct holm_ip_address looked_at = address_of(LOOKED_AT);

    while (holm_neighbour_next(&table, now_ns, &event, &about) == HOLM_OK) {
        holm_assert(count < EVENTS_MAX);
        count += 1;
        if (holm_ip_equal(&about.address, &looked_at) &&
            (event == HOLM_NEIGHBOUR_ASK_ALL || event == HOLM_NEIGHBOUR_LOST))
            believed = 0;
    }
    holm_assert(holm_neighbour_deadline(&table) > now_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct holm_siphash_key key = { 1, 2 };
    struct holm_bytes in = { data, size };
    uint8_t what, station, number;

    holm_neighbour_init(&table, &key);
    now_ns = 1;
    believed = 0;
    while (holm_bytes_u8(&in, &what) && holm_bytes_u8(&in, &station) &&
           holm_bytes_u8(&in, &number)) {
        struct holm_ip_address address = address_of(number);
        struct holm_mac_address mac = station_of(station);
        switch ((enum step)(what % STEPS)) {
        case STEP_FIND:
            find(number);
            break;
        case STEP_ANSWERED:
            holm_neighbour_hear(&table, &address, &mac, HOLM_NEIGHBOUR_ANSWERED, now_ns);
            break;
        case STEP_REQUESTED:
            holm_neighbour_hear(&table, &address, &mac, HOLM_NEIGHBOUR_REQUESTED, now_ns);
            break;
        case STEP_CLAIMED:
            holm_neighbour_hear(&table, &address, &mac, HOLM_NEIGHBOUR_CLAIMED, now_ns);
            break;
        case STEP_ADVERTISED:
            advertise(station, &address);
            break;
        case STEP_CONFIRM:
            holm_neighbour_confirm(&table, &address, now_ns);
            break;
        case STEP_TIME:
            now_ns += (1 + station) * UINT64_C(100000000);
            break;
        case STEPS:
            break;
        }
        settle();
    }
    holm_assert(holm_neighbour_check(&table));
    return 0;
}
