/* SPDX-License-Identifier: ISC */
/* tcp_table.c: names of connections, in buckets by a hash with a key; first numbers; ports. */
#include <holm/tcp/table.h>

#define PORT_TRIES 64
#define NUMBER_STEP_NS 4000 /* RFC 6528 section 3: the clock of first numbers */

static struct holm_siphash_key key_draw(struct holm_random *random)
{
    uint64_t low = holm_random_u64(random);
    return (struct holm_siphash_key){ low, holm_random_u64(random) };
}

void holm_tcp_table_rekey(struct holm_tcp_table *table, struct holm_random *random)
{
    table->number_key = key_draw(random);
    table->time_key = key_draw(random);
    table->cookie_key = key_draw(random);
}

void holm_tcp_table_init(struct holm_tcp_table *table, struct holm_tcp_place *places,
                         uint32_t places_count, uint32_t *buckets, uint32_t buckets_count,
                         struct holm_random *random)
{
    *table = (struct holm_tcp_table){
        .places = places,
        .places_count = places_count,
        .buckets_count = buckets_count,
        .bucket_key = key_draw(random),
    };
    table->buckets = buckets;
    holm_assert(buckets_count > 0 && (buckets_count & (buckets_count - 1)) == 0);
    holm_tcp_table_rekey(table, random);
}

static uint64_t word_of(const struct holm_ip_address *address, size_t at)
{
    uint64_t word = 0;

    for (size_t i = 0; i < 8; i++)
        word = word << 8 | HOLM_AT(address->bytes, at + i);
    return word;
}

static uint64_t hash(const struct holm_siphash_key *key, const struct holm_tcp_name *name)
{
    uint64_t ports = (uint64_t)name->remote.port << 16 | name->local.port;
    uint64_t words[] = { word_of(&name->local.address, 0), word_of(&name->local.address, 8),
                         word_of(&name->remote.address, 0), word_of(&name->remote.address, 8),
                         ports | (uint64_t)name->local.address.family << 32 };

    return holm_siphash_words(key, words, HOLM_COUNT(words));
}

static bool same(const struct holm_tcp_name *a, const struct holm_tcp_name *b)
{
    return a->local.port == b->local.port && a->remote.port == b->remote.port &&
           holm_ip_equal(&a->remote.address, &b->remote.address) &&
           holm_ip_equal(&a->local.address, &b->local.address);
}

static uint32_t *bucket_of(const struct holm_tcp_table *table, const struct holm_tcp_name *name)
{
    uint32_t bucket = (uint32_t)(hash(&table->bucket_key, name) & (table->buckets_count - 1));
    return &HOLM_NTH(table->buckets, table->buckets_count, bucket);
}

static struct holm_tcp_place *place_at(const struct holm_tcp_table *table, uint32_t index)
{
    return &HOLM_NTH(table->places, table->places_count, index);
}

bool holm_tcp_table_find(const struct holm_tcp_table *table, const struct holm_tcp_name *name,
                         uint32_t *index)
{
    for (uint32_t link = *bucket_of(table, name); link != 0;) {
        const struct holm_tcp_place *place = place_at(table, link - 1);
        if (same(&place->name, name)) {
            *index = link - 1;
            return true;
        }
        link = place->next;
    }
    return false;
}

void holm_tcp_table_add(struct holm_tcp_table *table, uint32_t index,
                        const struct holm_tcp_name *name)
{
    struct holm_tcp_place *place = place_at(table, index);
    uint32_t *bucket = bucket_of(table, name);

    holm_assert(!place->used);
    *place = (struct holm_tcp_place){ .name = *name, .next = *bucket, .used = true };
    *bucket = index + 1;
    table->used_count += 1;
}

void holm_tcp_table_remove(struct holm_tcp_table *table, uint32_t index)
{
    struct holm_tcp_place *place = place_at(table, index);
    uint32_t *link = bucket_of(table, &place->name);

    holm_assert(place->used);
    while (*link != index + 1) {
        holm_assert(*link != 0);
        link = &place_at(table, *link - 1)->next;
    }
    *link = place->next;
    *place = (struct holm_tcp_place){ 0 };
    table->used_count -= 1;
}

uint32_t holm_tcp_first_number(const struct holm_tcp_table *table, const struct holm_tcp_name *name,
                               uint64_t now_ns, uint32_t *time_offset)
{
    uint32_t clock = (uint32_t)(now_ns / NUMBER_STEP_NS % 0x100000000U);

    *time_offset = (uint32_t)(hash(&table->time_key, name) & 0xffffffffU);
    return holm_u32_wrap_add(clock, (uint32_t)(hash(&table->number_key, name) & 0xffffffffU));
}

enum holm_result holm_tcp_port_choose(const struct holm_tcp_table *table,
                                      struct holm_tcp_name *name, struct holm_random *random)
{
    const uint32_t count = 65536 - HOLM_TCP_PORT_FIRST;
    uint32_t start = 0, index;

    for (uint32_t i = 0; i < PORT_TRIES; i++) { /* RFC 6056 section 3.3.2 */
        start = holm_random_below(random, count);
        name->local.port = (uint16_t)(HOLM_TCP_PORT_FIRST + start);
        if (!holm_tcp_table_find(table, name, &index))
            return HOLM_OK;
    }
    for (uint32_t i = 1; i < count; i++) {
        name->local.port = (uint16_t)(HOLM_TCP_PORT_FIRST + (start + i) % count);
        if (!holm_tcp_table_find(table, name, &index))
            return HOLM_OK;
    }
    return HOLM_ERR_IN_USE;
}
