/* SPDX-License-Identifier: ISC */
/* fuzz_tcp_table.c: names come and go in the table as in a plain list; cookies come back as what they were
 * made of, and changed ones do not. */
#include <holm/tcp/table.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PLACES = 24, BUCKETS = 4, NAMES = 64 };

static struct holm_tcp_place places[PLACES];
static uint32_t buckets[BUCKETS];
static uint8_t named[PLACES]; /* which name each connection has, + 1 */
static struct holm_tcp_table table;
static struct holm_random_seeded seeded;

static struct holm_tcp_name name_of(uint8_t number)
{
    return (struct holm_tcp_name){ { holm_ip_v4(10, 0, 0, number % 4), (uint16_t)(number / 4 % 4) },
                                   { holm_ip_v4(10, 1, 0, 1), (uint16_t)(number / 16) } };
}

static void names_check(void)
{
    uint32_t count = 0;

    for (uint8_t number = 0; number < NAMES; number++) {
        struct holm_tcp_name name = name_of(number);
        uint32_t index = 0, is = PLACES;
        for (uint32_t i = 0; i < PLACES; i++)
            if (HOLM_AT(named, i) == number + 1)
                is = i;
        holm_assert(holm_tcp_table_find(&table, &name, &index) == (is != PLACES));
        holm_assert(is == PLACES || index == is);
        count += is != PLACES ? 1U : 0U;
    }
    holm_assert(table.used_count == count);
}

static void name_change(uint8_t what, uint8_t number)
{
    uint32_t index = what % PLACES, other;
    struct holm_tcp_name name = name_of(number % NAMES);

    if (HOLM_AT(named, index) != 0) {
        holm_tcp_table_remove(&table, index);
        HOLM_AT(named, index) = 0;
    } else if (!holm_tcp_table_find(&table, &name, &other)) {
        holm_tcp_table_add(&table, index, &name);
        HOLM_AT(named, index) = (uint8_t)(number % NAMES + 1);
    }
}

static void cookie_check(struct holm_bytes *in)
{
    struct holm_tcp_name name = name_of(3);
    struct holm_tcp_options options = { .time = true };
    uint8_t how = 0, bit = 0;
    struct holm_tcp_segment syn = { .seq = 77, .flags = HOLM_TCP_SYN, .mss = 1460 }, out;
    struct holm_tcp tcp;

    if (!holm_bytes_u8(in, &how) || !holm_bytes_u8(in, &bit))
        return;
    syn.has_scale = how & 1;
    syn.scale = how / 2 % 15;
    syn.sack_permitted = how & 32;
    syn.has_time = how & 64;
    holm_tcp_cookie_make(&table, &name, &options, &syn, 1000000000, &out);
    struct holm_tcp_segment back = { .seq = 78,
                                     .ack = holm_u32_wrap_add(out.seq, 1),
                                     .flags = HOLM_TCP_ACK,
                                     .has_time = syn.has_time,
                                     .time_echo = out.time_value };
    if (how & 128)
        back.ack ^= UINT32_C(1) << (8 + bit % 24); /* of the hash */
    bool taken = holm_tcp_cookie_take(&table, &tcp, &name, &options, &back, 2000000000) == HOLM_OK;
    holm_assert(taken == !(how & 128));
    if (!taken)
        return;
    holm_assert(tcp.state == HOLM_TCP_ESTABLISHED && tcp.irs == 77);
    holm_assert(tcp.scales == (syn.has_time && syn.has_scale));
    holm_assert(!tcp.scales || tcp.send_scale == syn.scale);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size };
    uint8_t what, number;

    for (size_t i = 0; i < PLACES; i++) {
        HOLM_AT(places, i) = (struct holm_tcp_place){ 0 };
        HOLM_AT(named, i) = 0;
    }
    for (size_t i = 0; i < BUCKETS; i++)
        HOLM_AT(buckets, i) = 0;
    holm_random_seeded_init(&seeded, size);
    struct holm_random random = holm_random_from_seeded(&seeded);
    holm_tcp_table_init(&table, places, PLACES, buckets, BUCKETS, &random);
    for (int i = 0; i < 200 && holm_bytes_u8(&in, &what) && holm_bytes_u8(&in, &number); i++) {
        if (what == 255)
            cookie_check(&in);
        else
            name_change(what, number);
        if (what % 16 == 0)
            names_check();
    }
    names_check();
    return 0;
}
