/* SPDX-License-Identifier: ISC */
/* model_net.c: two network devices and a line. The header of a frame travels beside it, as a note. */
#include <holm/model_net.h>

#define MTU_DEFAULT 1500
#define PIECE_DEFAULT 2048

static struct holm_model_net *model_of(struct holm_net *net)
{
    void *self = net; /* its first member */

    return self;
}

static struct holm_model_note note_of(const struct holm_net_header *header)
{
    return (struct holm_model_note){ header->flags | (uint64_t)header->segments << 8 |
                                         (uint64_t)header->headers_len << 16 |
                                         (uint64_t)header->segment_size << 32 |
                                         (uint64_t)header->checksum_start << 48,
                                     header->checksum_offset };
}

static struct holm_net_header header_of(struct holm_model_note note)
{
    return (struct holm_net_header){ .flags = (uint8_t)(note.first & 0xff),
                                     .segments = (uint8_t)(note.first >> 8 & 0xff),
                                     .headers_len = (uint16_t)(note.first >> 16 & 0xffff),
                                     .segment_size = (uint16_t)(note.first >> 32 & 0xffff),
                                     .checksum_start = (uint16_t)(note.first >> 48 & 0xffff),
                                     .checksum_offset = (uint16_t)(note.second & 0xffff) };
}

static void put(struct holm_model_net *model, const struct holm_net_sent *frame)
{
    struct holm_bytes pieces[HOLM_NET_FRAGMENTS_MAX + 1];

    pieces[0] = frame->head;
    for (size_t i = 0; i < frame->fragments_count; i++)
        HOLM_AT(pieces, i + 1) = HOLM_AT(frame->fragments, i);
    holm_model_link_put(&model->link, model->now_ns, &pieces[0], frame->fragments_count + 1,
                        note_of(&frame->header));
}

static enum holm_result send(struct holm_net *net, const struct holm_net_sent *frames, size_t count,
                             size_t *taken)
{
    struct holm_model_net *model = model_of(net);

    *taken = 0;
    for (size_t i = 0; i < count; i++) {
        const struct holm_net_sent *frame = &HOLM_NTH(frames, count, i);
        if (model->broken)
            return HOLM_ERR_IO;
        if (holm_net_send_check(&net->facts, frame) != HOLM_OK)
            return HOLM_ERR_LIMIT;
        put(model, frame);
        *taken += 1;
    }
    return HOLM_OK;
}

static void cut(struct holm_model_net *model, struct holm_net_received *frame,
                const struct holm_model_packet *packet)
{
    size_t at = 0;

    while (at < packet->len && frame->pieces_count < HOLM_NET_PIECES_MAX) {
        bool last = frame->pieces_count == HOLM_NET_PIECES_MAX - 1;
        size_t len = packet->len - at;
        if (!last && len > model->piece_bytes)
            len = model->piece_bytes;
        holm_assert(
            holm_span_part(packet->storage, at, len, &HOLM_AT(frame->pieces, frame->pieces_count)));
        frame->pieces_count++;
        at += len;
    }
}

static size_t receive(struct holm_net *net, struct holm_net_received *frames, size_t max)
{
    struct holm_model_net *model = model_of(net);
    size_t count = 0;

    while (count < max && !model->broken) {
        struct holm_model_packet *packet = holm_model_link_take(&model->peer->link, model->now_ns);
        if (packet == NULL)
            break;
        struct holm_net_received *frame = &HOLM_NTH(frames, max, count);
        *frame =
            (struct holm_net_received){ .header = header_of(packet->note), .token = packet->index };
        cut(model, frame, packet);
        count++;
    }
    return count;
}

static void give_back(struct holm_net *net, uint32_t token)
{
    holm_model_link_give(&model_of(net)->peer->link, token);
}

static void close(struct holm_net *net)
{
    model_of(net)->broken = true;
    net->in.pump = NULL;
    net->out.pump = NULL;
}

static const struct holm_net_ops ops = { send, receive, give_back, close };

static enum holm_result init_one(struct holm_model_net *model, struct holm_arena *arena,
                                 const struct holm_model_net_options *options, uint8_t number)
{
    struct holm_model_link_options link = options->link;
    size_t piece_bytes = options->piece_bytes == 0 ? PIECE_DEFAULT : options->piece_bytes;

    if (piece_bytes < HOLM_NET_HEADERS_BYTES)
        return HOLM_ERR_INVALID;
    link.seed += number;
    *model = (struct holm_model_net){
        .net = { .ops = &ops,
                 .facts = { .mac = { { 2, 0, 0, 0, 0, number } },
                            .mtu = options->mtu == 0 ? MTU_DEFAULT : options->mtu,
                            .sends_checksums = options->offload,
                            .checks_checksums = options->offload,
                            .sends_segments = options->offload,
                            .joins_segments = options->offload,
                            .segments_udp = options->offload } },
        .piece_bytes = piece_bytes,
    };
    return holm_model_link_init(&model->link, arena, &link);
}

enum holm_result holm_model_net_init(struct holm_model_net *a, struct holm_model_net *b,
                                     struct holm_arena *arena,
                                     const struct holm_model_net_options *options)
{
    enum holm_result result = init_one(a, arena, options, 1);

    if (result == HOLM_OK)
        result = init_one(b, arena, options, 2);
    a->peer = b;
    b->peer = a;
    return result;
}

uint64_t holm_model_net_move(struct holm_model_net *net, uint64_t now_ns)
{
    uint64_t here_ns = holm_model_link_next(&net->peer->link);
    uint64_t there_ns = holm_model_link_next(&net->link);

    net->now_ns = now_ns;
    net->peer->now_ns = now_ns;
    if (here_ns <= now_ns)
        holm_wake_ring(&net->net.in);
    if (there_ns <= now_ns)
        holm_wake_ring(&net->peer->net.in);
    return here_ns < there_ns ? here_ns : there_ns;
}

void holm_model_net_break(struct holm_model_net *net)
{
    net->broken = true;
    holm_wake_ring(&net->net.in);
    holm_wake_ring(&net->net.out);
}
