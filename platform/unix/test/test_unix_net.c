/* SPDX-License-Identifier: ISC */
/* What holm/net.h promises, of three network devices: the model, a TAP interface in a namespace of
 * the test's own whose other end is a packet socket of the kernel, and captures in files. */
#include "world.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <holm/model_net.h>
#include <holm/parameter.h>
#include <holm/pcap.h>
#include <holm/test.h>

#define FRAMES 40
#define MANY 400
#define FRAME_MAX 1514
#define TYPE 0x88b5 /* IEEE Std 802, for experiments */
#define MILLISECOND_NS UINT64_C(1000000)
#define CAPTURE_MAX (4 << 20)

/* What is done at the other end of a line; by a pump, since libc needs the loop's large stack. */
struct far;
typedef void far_function(struct far *far);
struct far {
    far_function *function;
    struct holm_bytes frame;
    bool there, done;
};

/* A device under test and the other end of its line. */
struct subject {
    far_function *prepare; /* sets parameter, unless it is the model */
    far_function *put;     /* the other end sends frame */
    far_function *got;     /* whether the other end's next frame is there; it must be frame */
    bool fills;            /* there is an end to what the device takes in a turn */
};

static const struct subject *subject;
static struct holm_net *net;
static const char *parameter; /* NULL: the model */

static void far_run(struct holm_pump *pump, void *context)
{
    struct far *far = context;

    (void)pump;
    far->function(far);
    far->done = true;
}

static bool far_do(far_function *function, struct holm_bytes frame)
{
    struct far far = { .function = function, .frame = frame };
    struct holm_pump pump = { 0 };

    holm_pump_init(&pump, &world.run->ready, far_run, &far);
    holm_pump_ready(&pump);
    while (!far.done && holm_task_yield() == HOLM_OK) {
    }
    return far.there;
}

/* frame_make makes frame number, to the device or from it, of a length that is the number's. */
static struct holm_bytes frame_make(uint32_t number, bool to_device)
{
    static uint8_t room[FRAME_MAX];
    const uint8_t other[6] = { 2, 0, 0, 0, 0, 0xee };
    const uint8_t ours[6] = { 2, 0, 0, 0, 0, 1 }; /* the capture's; no one else looks */
    struct holm_bytes mac = net == NULL ? HOLM_BLOB(ours) : HOLM_BLOB(net->facts.mac.bytes);
    struct holm_buffer out = HOLM_BUFFER(room);
    size_t len = number >= MANY ? 1514 : 60 + number * 97 % 1455;

    CHECK(holm_buffer_bytes(&out, to_device ? mac : HOLM_BLOB(other)));
    CHECK(holm_buffer_bytes(&out, to_device ? HOLM_BLOB(other) : mac));
    CHECK(holm_buffer_u16(&out, TYPE) && holm_buffer_u16(&out, (uint16_t)number));
    for (size_t i = out.len; i < len; i++)
        CHECK(holm_buffer_u8(&out, (uint8_t)((i * 7 + number + i / 256) & 0xff)));
    return holm_buffer_filled(&out);
}

/* The model. */
static struct holm_model_net model_ours, model_other;

static void model_prepare(struct far *far)
{
    struct holm_model_net_options options = { .piece_bytes = 128, .link.packets_max = 512 };

    (void)far;
    parameter = NULL;
    CHECK_IS(holm_model_net_init(&model_ours, &model_other, world.arena, &options), HOLM_OK);
}

static void model_put(struct far *far)
{
    size_t taken = 0;

    CHECK_IS(
        holm_net_send(&model_other.net, &(struct holm_net_sent){ .head = far->frame }, 1, &taken),
        HOLM_OK);
}

/* same answers whether the pieces of a frame are those bytes. */
static bool same(const struct holm_net_received *frame, struct holm_bytes wanted)
{
    struct holm_bytes part = { 0 };

    for (size_t i = 0; i < frame->pieces_count; i++) {
        struct holm_span piece = HOLM_AT(frame->pieces, i);
        if (!holm_bytes_take(&wanted, piece.len, &part) ||
            !holm_bytes_equal(holm_span_bytes(piece), part))
            return false;
    }
    return wanted.len == 0;
}

static void model_got(struct far *far)
{
    struct holm_net_received frame;

    far->there = holm_net_receive(&model_other.net, &frame, 1) > 0;
    if (!far->there)
        return;
    CHECK(same(&frame, far->frame));
    holm_net_give_back(&model_other.net, frame.token);
}

/* A TAP interface. */
static int packets = -1;

static void tap_prepare(struct far *far)
{
    struct sockaddr_ll address = { .sll_family = AF_PACKET,
                                   .sll_protocol = htons(TYPE),
                                   .sll_ifindex = (int)if_nametoindex("holm0") };
    uint8_t room[1];

    (void)far;
    parameter = "net=lan=tap:holm0";
    if (packets < 0) {
        packets = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(TYPE));
        CHECK(bind(packets, (struct sockaddr *)(void *)&address, sizeof address) == 0);
    }
    while (recv(packets, room, sizeof room, 0) >= 0) { /* what the device before sent at its end */
    }
}

static void tap_put(struct far *far)
{
    CHECK_IS(send(packets, far->frame.ptr, far->frame.len, 0), far->frame.len);
}

static void tap_got(struct far *far)
{
    uint8_t room[FRAME_MAX + 1];
    ssize_t size = recv(packets, room, sizeof room, 0);

    far->there = size >= 0;
    if (far->there)
        CHECK(holm_bytes_equal((struct holm_bytes){ room, (size_t)size }, far->frame));
}

static bool tap_there(void)
{
    static bool asked, there;

    if (!world_namespace())
        return false;
    if (!asked)
        there = access("/dev/net/tun", R_OK | W_OK) == 0;
    if (!there)
        printf("skipped: no /dev/net/tun\n");
    else if (!asked)
        there = CHECK(world_do("ip tuntap add dev holm0 mode tap &&"
                               "echo 1 >/proc/sys/net/ipv6/conf/holm0/disable_ipv6 &&"
                               "ip addr add 192.0.2.1/24 dev holm0 && ip link set holm0 up"));
    asked = true;
    return there;
}

/* Captures. */
static char capture_in[32], capture_out[32];
static bool capture_made;
static size_t capture_at; /* how far got has read the one that is written */

static void captures_remove(void)
{
    (void)unlink(capture_in);
    (void)unlink(capture_out);
    capture_made = false;
}

/* capture_make writes the one to receive: frames from number first on, each and then one of our own. */
static void capture_make(uint32_t first, uint32_t count)
{
    static uint8_t room[CAPTURE_MAX];
    static char text[128];
    struct holm_buffer out = HOLM_BUFFER(room);

    if (!capture_made) {
        (void)snprintf(capture_in, sizeof capture_in, "/tmp/holm-in-XXXXXX");
        (void)snprintf(capture_out, sizeof capture_out, "/tmp/holm-out-XXXXXX");
        CHECK(close(mkstemp(capture_in)) == 0 && close(mkstemp(capture_out)) == 0);
    }
    capture_made = true;
    CHECK(holm_pcap_begin_emit(&out));
    for (uint32_t i = 0; i < 2 * count; i++) {
        struct holm_bytes frame = frame_make(first + i / 2, i % 2 == 0);
        CHECK(holm_pcap_record_emit(&out, i, (uint32_t)frame.len) &&
              holm_buffer_bytes(&out, frame));
    }
    FILE *file = fopen(capture_in, "w");
    CHECK(file != NULL && fwrite(out.ptr, out.len, 1, file) == 1 && fclose(file) == 0);
    CHECK(truncate(capture_out, 0) == 0);
    capture_at = 0;
    parameter = text;
    (void)snprintf(text, sizeof text, "net=wan=pcap:,lan=pcap:%s:%s", capture_in, capture_out);
}

static void pcap_prepare(struct far *far)
{
    (void)far;
    capture_make(0, FRAMES + 1);
}

static void pcap_prepare_many(struct far *far)
{
    (void)far;
    capture_make(MANY, MANY);
}

static void pcap_put(struct far *far)
{
    (void)far; /* the frame is in the file */
}

/* pcap_got reads on in what was written, past what was received. */
static void pcap_got(struct far *far)
{
    static uint8_t room[CAPTURE_MAX];
    struct holm_pcap pcap = { 0 };
    struct holm_pcap_record record = { 0 };
    FILE *file = fopen(capture_out, "r");
    struct holm_span in = { room, fread(room, 1, sizeof room, file) };

    (void)fclose(file);
    size_t size = in.len;
    if (holm_pcap_begin(&pcap, &in) != HOLM_OK)
        return;
    if (capture_at > 0)
        CHECK(holm_span_part((struct holm_span){ room, size }, capture_at, size - capture_at, &in));
    while (holm_pcap_next(&pcap, &record, &in) == HOLM_OK) {
        struct holm_bytes to = { 0 };
        capture_at = size - in.len;
        CHECK(holm_bytes_part(holm_span_bytes(record.frame), 0, 6, &to));
        if (holm_bytes_equal(to, HOLM_BLOB(net->facts.mac.bytes)))
            continue;
        CHECK(holm_bytes_equal(holm_span_bytes(record.frame), far->frame));
        far->there = true;
        return;
    }
}

static const struct subject subjects[] = {
    { model_prepare, model_put, model_got, false },
    { tap_prepare, tap_put, tap_got, true },
    { pcap_prepare, pcap_put, pcap_got, true },
    { pcap_prepare_many, pcap_put, pcap_got, true },
};

/* pass lets time pass for the model. */
static void pass(void)
{
    if (parameter == NULL)
        (void)holm_model_net_move(&model_ours, holm_run_now_ns(world.run));
}

/* rest lets a little time pass. */
static void rest(void)
{
    pass();
    CHECK_IS(holm_task_sleep(holm_run_now_ns(world.run) + MILLISECOND_NS), HOLM_OK);
    pass();
}

static void await_got(struct holm_bytes wanted)
{
    uint64_t end_ns = world_end();
    bool there = false;

    while (!(there = far_do(subject->got, wanted)) && holm_run_now_ns(world.run) < end_ns)
        rest();
    CHECK(there);
}

/* is_ours answers whether a frame is one of the test's, and not the kernel's own or a probe. */
static bool is_ours(const struct holm_net_received *frame)
{
    uint16_t type = 0;

    return holm_bytes_u16_at(holm_span_bytes(frame->pieces[0]), 12, &type) && type == TYPE;
}

/* await_frame receives one of the test's frames. */
static bool await_frame(struct holm_net_received *frame)
{
    uint64_t end_ns = world_end();

    net->in.pump = holm_task_pump(holm_task_self());
    pass();
    for (;;) {
        while (holm_net_receive(net, frame, 1) == 0) {
            if (!world_wait(end_ns))
                return false;
        }
        if (is_ours(frame))
            return true;
        holm_net_give_back(net, frame->token);
    }
}

/* probe sends until a frame comes: the kernel takes a while to notice that the line is plugged in, and
 * throws away what is sent before. */
static void probe(struct holm_net *opened)
{
    const uint8_t frame[60] = { [12] = 0x88, [13] = 0xb6 };
    uint64_t end_ns = world_end();
    struct holm_net_received received;

    do {
        (void)far_do(subject->put, HOLM_BLOB(frame));
        rest();
    } while (holm_net_receive(opened, &received, 1) == 0 &&
             CHECK(holm_run_now_ns(world.run) < end_ns));
    holm_net_give_back(opened, received.token);
}

static struct holm_net *start(void)
{
    uint8_t room[HOLM_PARAM_PROBLEM_MAX];
    struct holm_buffer problem = HOLM_BUFFER(room);
    struct holm_net *opened = NULL;

    (void)far_do(subject->prepare, (struct holm_bytes){ 0 });
    if (parameter == NULL)
        return &model_ours.net;
    struct holm_bytes text = { (const uint8_t *)parameter, strlen(parameter) };
    CHECK_IS(holm_params_set(holm_params_linked(), &problem, HOLM_TEXT("net_frames=16")), HOLM_OK);
    CHECK_IS(holm_params_set(holm_params_linked(), &problem, text), HOLM_OK);
    if (!CHECK_IS(holm_net_start(&opened, &world, HOLM_TEXT("lan")), HOLM_OK))
        return NULL;
    if (subject->put == tap_put)
        probe(opened);
    return opened;
}

static void check_facts(void)
{
    CHECK((net->facts.mac.bytes[0] & 1) == 0);
    CHECK_IS(net->facts.mtu, 1500);
}

/* check_receive: frames come whole and in order, and go back in any. */
static void check_receive(void)
{
    struct holm_net_received held[8];

    for (uint32_t i = 0; i < FRAMES; i += HOLM_COUNT(held)) {
        for (uint32_t k = 0; k < HOLM_COUNT(held); k++)
            (void)far_do(subject->put, frame_make(i + k, true));
        for (uint32_t k = 0; k < HOLM_COUNT(held); k++) {
            struct holm_net_received *frame = &HOLM_AT(held, k);
            if (!CHECK(await_frame(frame)))
                return;
            CHECK(same(frame, frame_make(i + k, true)));
            CHECK_IS(frame->header.segments, HOLM_NET_WHOLE);
            holm_span_fill(frame->pieces[0], 0); /* it is ours to write */
        }
        for (size_t k = HOLM_COUNT(held); k > 0; k--)
            holm_net_give_back(net, HOLM_AT(held, (k * 3) % HOLM_COUNT(held)).token);
    }
}

/* cut lays a frame out as a head and count fragments. */
static struct holm_net_sent cut(struct holm_bytes frame, size_t count, struct holm_lease *lease)
{
    struct holm_net_sent sent = { .fragments_count = count, .lease = lease };

    CHECK(holm_bytes_take(&frame, count == 0 ? frame.len : 14, &sent.head));
    for (size_t i = 0; i < count; i++) {
        size_t len = i == count - 1 ? frame.len : frame.len / 3;
        CHECK(holm_bytes_take(&frame, len, &HOLM_AT(sent.fragments, i)));
    }
    return sent;
}

/* check_send: frames leave whole, from one piece and from seventeen, copied and lent. */
static void check_send(void)
{
    struct holm_lease lease = { .done.pump = holm_task_pump(holm_task_self()) };
    uint64_t end_ns = world_end();
    size_t taken = 0;

    for (uint32_t i = 0; i <= 2 * HOLM_NET_FRAGMENTS_MAX; i++) {
        struct holm_net_sent sent = cut(frame_make(i, false), i / 2, i % 2 == 0 ? NULL : &lease);
        CHECK_IS(holm_net_send(net, &sent, 1, &taken), HOLM_OK);
        CHECK_IS(taken, 1);
        while (lease.uses > 0 && world_wait(end_ns)) {
        }
        await_got(frame_make(i, false));
    }
}

static void check_limits(void)
{
    static uint8_t room[HOLM_NET_FRAME_MAX + 1];
    size_t max = net->facts.sends_segments ? HOLM_NET_FRAME_MAX : net->facts.mtu + 14U;
    struct holm_bytes frame = frame_make(1, false);
    struct holm_net_sent sent[2] = { { .head = frame }, { .head = { room, max + 1 } } };
    size_t taken = 0;

    CHECK_IS(holm_net_send(net, sent, 2, &taken), HOLM_ERR_LIMIT);
    CHECK_IS(taken, 1);
    await_got(frame);
    sent[0].fragments_count = HOLM_NET_FRAGMENTS_MAX + 1;
    CHECK_IS(holm_net_send(net, sent, 1, &taken), HOLM_ERR_LIMIT);
    CHECK_IS(taken, 0);
}

/* check_full: who sends more than the device takes is told to wait, and nothing is lost. */
static void check_full(void)
{
    uint64_t end_ns = world_end();
    uint32_t got = MANY;
    bool full = false;

    net->out.pump = holm_task_pump(holm_task_self());
    for (uint32_t i = MANY; i < 2 * MANY;) {
        struct holm_net_sent sent = { .head = frame_make(i, false) };
        size_t taken = 0;
        enum holm_result result = holm_net_send(net, &sent, 1, &taken);
        if (result == HOLM_OK) {
            i++;
            continue;
        }
        full = true;
        if (!CHECK_IS(result, HOLM_AGAIN) || !world_wait(end_ns))
            return;
        while (got < i)
            await_got(frame_make(got++, false));
    }
    while (got < 2 * MANY)
        await_got(frame_make(got++, false));
    CHECK_IS(full, subject->fills);
}

/* check_close: a device that is closed lets go of what it was lent, and not of what it lends. */
static void check_close(void)
{
    struct holm_lease lease = { .done.pump = holm_task_pump(holm_task_self()) };
    struct holm_net_sent sent = cut(frame_make(2, false), 2, &lease);
    struct holm_net_received frame;
    uint64_t end_ns = world_end();
    size_t taken = 0;

    (void)far_do(subject->put, frame_make(FRAMES, true));
    if (!CHECK(await_frame(&frame)))
        return;
    for (int i = 0; i < 8; i++)
        CHECK_IS(holm_net_send(net, &sent, 1, &taken), HOLM_OK);
    holm_net_close(net);
    CHECK_IS(holm_net_send(net, &sent, 1, &taken), HOLM_ERR_IO);
    while (lease.uses > 0 && world_wait(end_ns)) {
    }
    CHECK_IS(lease.uses, 0);
    CHECK(same(&frame, frame_make(FRAMES, true)));
    holm_net_give_back(net, frame.token);
    rest();
}

static enum holm_result contract(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    net = NULL;
    net = start();
    if (!CHECK(net != NULL))
        return HOLM_ERR_IO;
    check_facts();
    check_receive();
    check_send();
    check_limits();
    check_full();
    check_close();
    net = NULL;
    return HOLM_OK;
}

TEST(the_model_keeps_the_contract)
{
    subject = &HOLM_AT(subjects, 0);
    world_run(contract);
}

TEST(a_tap_interface_keeps_the_contract_and_can_be_opened_again)
{
    subject = &HOLM_AT(subjects, 1);
    for (int i = 0; i < 2 && tap_there(); i++)
        world_run(contract);
}

TEST(captures_keep_the_contract)
{
    subject = &HOLM_AT(subjects, 2);
    world_run(contract);
    captures_remove();
}

/* held_case: a frame that is kept for long holds up those behind it, and is never written over. */
static enum holm_result held_case(struct holm_task *task, void *context)
{
    struct holm_net_received held = { 0 }, frame = { 0 };
    uint32_t next = MANY + 1;

    (void)task;
    (void)context;
    net = NULL;
    net = start();
    if (!CHECK(net != NULL) || !CHECK(await_frame(&held)))
        return HOLM_ERR_IO;
    for (int idle = 0; idle < 20; rest()) { /* turns in a row that bring nothing */
        for (idle++; holm_net_receive(net, &frame, 1) > 0; idle = 0) {
            CHECK(same(&frame, frame_make(next++, true)));
            holm_net_give_back(net, frame.token);
        }
    }
    CHECK(next > MANY + 80 && next < 2 * MANY);
    CHECK(same(&held, frame_make(MANY, true)));
    holm_net_give_back(net, held.token);
    while (next < 2 * MANY && CHECK(await_frame(&frame))) {
        CHECK(same(&frame, frame_make(next++, true)));
        holm_net_give_back(net, frame.token);
    }
    holm_net_close(net);
    rest();
    net = NULL;
    return HOLM_OK;
}

TEST(a_frame_of_a_capture_that_is_held_is_not_written_over)
{
    subject = &HOLM_AT(subjects, 3);
    world_run(held_case);
    captures_remove();
}
