/* SPDX-License-Identifier: ISC */
/* mirror: an image for test/interop/test_net.py. It sends each frame that its network device "lan"
 * receives back to where it came from, out of the memory in which it lies. First of all it says that
 * it is there, with a broadcast. */
#include <holm/image.h>
#include <holm/log.h>
#include <holm/net.h>
#include <holm/parameter.h>

HOLM_IMAGE("unix_mirror", "sends each frame of a network device back");

#define BURST 16
#define TYPE 0x88b6 /* IEEE Std 802, for experiments */

static struct holm_net *net;

/* head_make makes an Ethernet header from us. */
static struct holm_bytes head_make(uint8_t *room, struct holm_bytes to, uint16_t type)
{
    struct holm_buffer out = { room, 0, HOLM_NET_ETHERNET_BYTES };

    holm_assert(holm_buffer_bytes(&out, to) &&
                holm_buffer_bytes(&out, HOLM_BLOB(net->facts.mac.bytes)) &&
                holm_buffer_u16(&out, type));
    return holm_buffer_filled(&out);
}

/* turn_round makes of a received frame the one that goes back. */
static void turn_round(struct holm_net_sent *back, uint8_t *room,
                       const struct holm_net_received *frame)
{
    struct holm_bytes first = holm_span_bytes(frame->pieces[0]), head = { 0 }, from = { 0 };
    uint16_t type = 0;

    holm_assert(frame->pieces_count <= HOLM_NET_FRAGMENTS_MAX &&
                holm_bytes_take(&first, HOLM_NET_ETHERNET_BYTES, &head) &&
                holm_bytes_part(head, 6, 6, &from) && holm_bytes_u16_at(head, 12, &type));
    back->header = frame->header;
    back->head = head_make(room, from, type);
    back->fragments[0] = first;
    back->fragments_count = frame->pieces_count;
    for (size_t i = 1; i < frame->pieces_count; i++)
        HOLM_AT(back->fragments, i) = holm_span_bytes(HOLM_AT(frame->pieces, i));
    if (frame->header.segments != HOLM_NET_WHOLE)
        HOLM_LOG_INFO("mirror", "segments", HOLM_FIELD_U64("kind", frame->header.segments),
                      HOLM_FIELD_U64("size", frame->header.segment_size),
                      HOLM_FIELD_U64("flags", frame->header.flags));
}

/* send_all waits until all have left and nothing of them is needed any more. */
static enum holm_result send_all(const struct holm_net_sent *frames, size_t count,
                                 const struct holm_lease *lease)
{
    enum holm_result result = HOLM_OK;
    size_t done = 0, taken = 0;

    while (result == HOLM_OK && done < count) {
        result = holm_net_send(net, &HOLM_NTH(frames, count, done), count - done, &taken);
        done += taken;
        if (result == HOLM_AGAIN)
            result = holm_task_wait(HOLM_TIMER_NEVER);
    }
    while (result == HOLM_OK && lease->uses > 0)
        result = holm_task_wait(HOLM_TIMER_NEVER);
    return result;
}

static enum holm_result mirror(struct holm_task *task, void *context)
{
    static struct holm_net_received frames[BURST];
    static struct holm_net_sent back[BURST];
    static uint8_t heads[BURST][HOLM_NET_ETHERNET_BYTES];
    static struct holm_lease lease;
    enum holm_result result = HOLM_OK;

    (void)context;
    lease.done.pump = holm_task_pump(task);
    net->in.pump = holm_task_pump(task);
    net->out.pump = holm_task_pump(task);
    while (result == HOLM_OK) {
        size_t count = holm_net_receive(net, frames, BURST);
        if (count == 0) {
            result = holm_task_wait(HOLM_TIMER_NEVER);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            turn_round(&HOLM_AT(back, i), HOLM_AT(heads, i), &HOLM_AT(frames, i));
            HOLM_AT(back, i).lease = &lease;
        }
        result = send_all(back, count, &lease);
        for (size_t i = 0; i < count; i++)
            holm_net_give_back(net, HOLM_AT(frames, i).token);
    }
    return result;
}

static enum holm_result say_hello(void)
{
    static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, padding[46];
    uint8_t room[HOLM_NET_ETHERNET_BYTES];
    size_t taken = 0;
    struct holm_net_sent hello = { .head = head_make(room, HOLM_BLOB(all), TYPE),
                                   .fragments = { HOLM_BLOB(padding) },
                                   .fragments_count = 1 };

    return holm_net_send(net, &hello, 1, &taken);
}

enum holm_result holm_main(struct holm_image *image)
{
    enum holm_result result = holm_net_start(&net, image, HOLM_TEXT("lan"));

    if (result != HOLM_OK)
        return result;
    HOLM_LOG_INFO("mirror", "ready", HOLM_FIELD_U64("mtu", net->facts.mtu),
                  HOLM_FIELD_BOOL("udp", net->facts.segments_udp));
    result = say_hello();
    if (result == HOLM_OK)
        result = holm_task_start(image->run, &image->scope, HOLM_TEXT("mirror"), mirror, NULL);
    if (result != HOLM_OK)
        return result;
    return holm_image_until_stopped(image);
}
