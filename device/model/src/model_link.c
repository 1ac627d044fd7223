/* SPDX-License-Identifier: ISC */
/* model_link.c: a bad line. */
#include <holm/model_link.h>

#define PACKETS_DEFAULT 64
#define BYTES_DEFAULT 2048

static struct holm_model_packet *packet_at(const struct holm_model_link *link, uint32_t index)
{
    return &HOLM_NTH(link->packets, link->options.packets_max, index);
}

enum holm_result holm_model_link_init(struct holm_model_link *link, struct holm_arena *arena,
                                      const struct holm_model_link_options *options)
{
    *link = (struct holm_model_link){ .options = *options };
    if (link->options.packets_max == 0)
        link->options.packets_max = PACKETS_DEFAULT;
    if (link->options.packet_max == 0)
        link->options.packet_max = BYTES_DEFAULT;
    if (link->options.mtu == 0)
        link->options.mtu = link->options.packet_max;
    holm_random_seeded_init(&link->random, options->seed);
    link->packets = HOLM_ARENA_ARRAY(arena, struct holm_model_packet, link->options.packets_max);
    if (link->packets == NULL)
        return HOLM_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < link->options.packets_max; i++) {
        packet_at(link, i)->index = i;
        if (holm_arena_span(arena, link->options.packet_max, &packet_at(link, i)->storage) !=
            HOLM_OK)
            return HOLM_ERR_NO_MEMORY;
    }
    return HOLM_OK;
}

/* happens draws whether something with this chance does. Each draw is made whatever the chance is,
 * so that a change of one chance leaves the others' luck alone. */
static bool happens(struct holm_model_link *link, uint32_t permille)
{
    return holm_random_seeded_next(&link->random) % 1000 < permille;
}

static uint64_t due(struct holm_model_link *link, uint64_t now_ns)
{
    uint64_t delay_ns = link->options.delay_ns;
    uint64_t luck = holm_random_seeded_next(&link->random);

    if (link->options.jitter_ns > 0)
        delay_ns += luck % (link->options.jitter_ns + 1);
    if (happens(link, link->options.late_permille))
        delay_ns += link->options.delay_ns + 1;
    return now_ns + delay_ns;
}

/* damage flips one bit. */
static void damage(struct holm_model_link *link, struct holm_model_packet *packet)
{
    uint64_t bit = holm_random_seeded_next(&link->random);

    if (packet->len == 0)
        return;
    HOLM_NTH(packet->storage.ptr, packet->storage.len, bit / 8 % packet->len) ^=
        (uint8_t)(1U << bit % 8);
    link->damaged++;
}

static void send_one(struct holm_model_link *link, uint64_t now_ns, const struct holm_bytes *pieces,
                     size_t count, struct holm_model_note note)
{
    bool damaged = happens(link, link->options.damaged_permille);
    struct holm_model_packet *packet = NULL;

    for (uint32_t i = 0; i < link->options.packets_max && packet == NULL; i++) {
        if (!packet_at(link, i)->used)
            packet = packet_at(link, i);
    }
    if (packet == NULL) {
        link->lost++;
        return;
    }
    struct holm_buffer out = holm_span_buffer(packet->storage);
    for (size_t i = 0; i < count; i++) {
        if (!holm_buffer_bytes(&out, HOLM_NTH(pieces, count, i)) || out.len > link->options.mtu) {
            link->lost++;
            return;
        }
    }
    packet->len = out.len;
    packet->note = note;
    packet->due_ns = due(link, now_ns);
    packet->order = ++link->order;
    packet->used = true;
    packet->lent = false;
    if (damaged)
        damage(link, packet);
}

void holm_model_link_put(struct holm_model_link *link, uint64_t now_ns,
                         const struct holm_bytes *pieces, size_t count, struct holm_model_note note)
{
    bool lost = happens(link, link->options.lost_permille);
    bool doubled = happens(link, link->options.doubled_permille);

    if (lost) {
        link->lost++;
        return;
    }
    send_one(link, now_ns, pieces, count, note);
    if (!doubled)
        return;
    link->doubled++;
    send_one(link, now_ns, pieces, count, note);
}

/* first is the packet that is due first; of several at a time, the one that was sent first. */
static struct holm_model_packet *first(const struct holm_model_link *link)
{
    struct holm_model_packet *best = NULL;

    for (uint32_t i = 0; i < link->options.packets_max; i++) {
        struct holm_model_packet *packet = packet_at(link, i);
        if (!packet->used || packet->lent)
            continue;
        if (best == NULL || packet->due_ns < best->due_ns ||
            (packet->due_ns == best->due_ns && packet->order < best->order))
            best = packet;
    }
    return best;
}

struct holm_model_packet *holm_model_link_take(struct holm_model_link *link, uint64_t now_ns)
{
    struct holm_model_packet *packet = first(link);

    if (packet == NULL || packet->due_ns > now_ns)
        return NULL;
    packet->lent = true;
    return packet;
}

void holm_model_link_give(struct holm_model_link *link, uint32_t index)
{
    struct holm_model_packet *packet = packet_at(link, index);

    holm_assert(packet->used && packet->lent);
    packet->used = false;
}

uint64_t holm_model_link_next(const struct holm_model_link *link)
{
    const struct holm_model_packet *packet = first(link);

    return packet == NULL ? UINT64_MAX : packet->due_ns;
}
