/* SPDX-License-Identifier: ISC */
/* What goes with datagrams, over the host's sockets, on interfaces of a namespace of the test's own:
 * lo, and for groups a pair of virtual ones (lo carries none of IPv6). */
#include "world.h"

#include <net/if.h>
#include <stdio.h>

#include <holm/test.h>
#include <holm/unix.h>

#define LO 1 /* its index, in every namespace */

static struct holm_network *network;
static uint32_t pair; /* index of the interface for groups */

static struct holm_datagram *open_at(struct holm_ip_address address, uint16_t port)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };
    struct holm_endpoint local = { address, port };
    struct holm_datagram *datagram = NULL;
    enum holm_result result = HOLM_AGAIN;

    if (network == NULL)
        CHECK_IS(holm_network_start(&network, &world), HOLM_OK);
    while ((result = network->ops->datagram(network, &open, &datagram, &local)) == HOLM_AGAIN)
        (void)world_wait(world_end());
    CHECK_IS(result, HOLM_OK);
    datagram->in.pump = holm_task_pump(holm_task_self());
    return datagram;
}

/* next waits for a datagram, or for what is told of one that was sent. */
static enum holm_result next(struct holm_datagram *datagram, struct holm_datagram_about *about)
{
    struct holm_span in = { 0 };
    uint64_t end_ns = world_end();
    enum holm_result result;

    while ((result = holm_datagram_receive(datagram, &in, about)) == HOLM_AGAIN) {
        if (!world_wait(end_ns))
            return HOLM_ERR_TIMEOUT;
    }
    return result;
}

static enum holm_result member(struct holm_datagram *datagram, struct holm_ip_address group,
                               uint32_t interface, bool join)
{
    uint64_t end_ns = world_end();
    enum holm_result result;

    while ((result = join ? holm_datagram_join(datagram, &group, interface)
                          : holm_datagram_leave(datagram, &group, interface)) == HOLM_AGAIN) {
        if (!world_wait(end_ns))
            break;
    }
    return result;
}

/* send_expect sends with options, and sees them arrive. */
static void send_expect(struct holm_datagram *from, struct holm_datagram *to,
                        const struct holm_datagram_about *about)
{
    struct holm_datagram_about came = { 0 };

    CHECK_IS(holm_datagram_send(from, HOLM_TEXT("x"), about), HOLM_OK);
    CHECK_IS(next(to, &came), HOLM_OK);
    CHECK_IS(came.hop_limit, about->hop_limit);
    CHECK_IS(came.ecn, about->ecn);
    CHECK_IS(came.interface, LO);
    CHECK(holm_ip_equal(&came.local.address, &about->peer.address));
    if (about->local.address.family != HOLM_IP_NONE)
        CHECK(holm_ip_equal(&came.peer.address, &about->local.address));
}

static enum holm_result options_case(struct holm_task *task, void *context)
{
    const struct {
        enum holm_ip_family bound, peer;
    } ways[] = { { HOLM_IP_V4, HOLM_IP_V4 },
                 { HOLM_IP_V6, HOLM_IP_V6 },
                 { HOLM_IP_NONE, HOLM_IP_V4 },
                 { HOLM_IP_NONE, HOLM_IP_V6 } };

    (void)task;
    (void)context;
    for (size_t i = 0; i < HOLM_COUNT(ways); i++) {
        struct holm_ip_address any = holm_ip_any(HOLM_AT(ways, i).bound);
        struct holm_datagram *a = open_at(any, 0), *b = open_at(any, 0);
        struct holm_datagram_about about = {
            .peer = { holm_ip_loopback(HOLM_AT(ways, i).peer), b->local.port },
            .hop_limit = 7,
            .ecn = 1,
        };
        send_expect(a, b, &about);
        about.ecn = 3;
        about.interface = LO;
        send_expect(a, b, &about);
        if (HOLM_AT(ways, i).peer == HOLM_IP_V4)
            about.local.address = holm_ip_v4(127, 0, 0, 9);
        send_expect(a, b, &about);
        holm_datagram_close(a);
        holm_datagram_close(b);
    }
    return HOLM_OK;
}
TEST(hop_limit_ecn_interface_and_source_go_both_ways)
{
    if (world_namespace())
        world_run(options_case);
}

static enum holm_result told_case(struct holm_task *task, void *context)
{
    static uint8_t long_room[2000];
    struct holm_ip_address any = holm_ip_any(HOLM_IP_V4);
    struct holm_datagram *a = open_at(any, 0), *b = open_at(any, 0);
    struct holm_datagram_about came = { 0 };
    struct holm_datagram_about about = { .peer = { holm_ip_loopback(HOLM_IP_V4), b->local.port },
                                         .dont_fragment = true };

    (void)task;
    (void)context;
    CHECK_IS(holm_datagram_send(a, HOLM_BLOB(long_room), &about), HOLM_OK);
    CHECK_IS(next(a, &came), HOLM_ERR_LIMIT);
    about.dont_fragment = false;
    CHECK_IS(holm_datagram_send(a, HOLM_BLOB(long_room), &about), HOLM_OK);
    CHECK_IS(next(b, &came), HOLM_OK);

    about.peer.address = holm_ip_v4(127, 255, 255, 255);
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(next(a, &came), HOLM_ERR_PERMISSION);
    about.broadcast = true;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(next(b, &came), HOLM_OK);
    CHECK(holm_ip_equal(&came.local.address, &about.peer.address));
    about.broadcast = false;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(next(a, &came), HOLM_ERR_PERMISSION);

    about = (struct holm_datagram_about){ .peer = { holm_ip_loopback(HOLM_IP_V4), b->local.port },
                                          .local = { holm_ip_v4(192, 0, 2, 1), 0 } };
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(next(a, &came), HOLM_ERR_UNREACHABLE);
    about = (struct holm_datagram_about){ .peer = { holm_ip_v4(192, 0, 2, 1), 9 } };
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(next(a, &came), HOLM_ERR_UNREACHABLE);
    holm_datagram_close(a);
    holm_datagram_close(b);
    return HOLM_OK;
}
TEST(what_the_host_does_not_send_is_told_by_the_next_receive)
{
    if (world_namespace() && CHECK(world_do("ip link set lo mtu 1500")))
        world_run(told_case);
}

/* group_case: two ports of one group; the one that did not join, or has left, gets nothing. */
static void group_case(struct holm_datagram *b, struct holm_ip_address group)
{
    struct holm_ip_address family = holm_ip_any(group.family);
    struct holm_datagram *a = open_at(family, 0), *outside = open_at(family, 0);
    struct holm_datagram_about came = { 0 };
    struct holm_datagram_about about = { .peer = { group, b->local.port }, .interface = pair };
    struct holm_datagram_about direct = { .peer = { holm_ip_loopback(group.family),
                                                    b->local.port } };
    struct holm_span in = { 0 };

    CHECK_IS(member(b, group, pair, true), HOLM_OK);
    CHECK_IS(member(b, group, pair, true), HOLM_ERR_IN_USE);
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("all"), &about), HOLM_OK);
    CHECK_IS(next(b, &came), HOLM_OK);
    CHECK(holm_ip_equal(&came.local.address, &group));
    CHECK_IS(came.hop_limit, 1);
    struct holm_datagram_about answer = holm_datagram_answer(&came);
    CHECK_IS(holm_datagram_send(b, HOLM_TEXT("me"), &answer), HOLM_OK);
    CHECK_IS(next(a, &came), HOLM_OK);
    CHECK(!holm_ip_is_multicast(&came.peer.address));
    about.peer.port = outside->local.port; /* in no group, though the host is in it */
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("nobody"), &about), HOLM_OK);

    CHECK_IS(member(b, group, pair, false), HOLM_OK);
    CHECK_IS(member(b, group, pair, false), HOLM_ERR_NOT_FOUND);
    about.peer.port = b->local.port;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("left"), &about), HOLM_OK);
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("last"), &direct), HOLM_OK);
    CHECK_IS(next(b, &came), HOLM_OK);
    CHECK(!holm_ip_is_multicast(&came.local.address));
    CHECK_IS(holm_datagram_receive(outside, &in, &came), HOLM_AGAIN);
    holm_datagram_close(a);
    holm_datagram_close(outside);
}

static enum holm_result groups_case(struct holm_task *task, void *context)
{
    struct holm_ip_address mdns4 = holm_ip_v4(224, 0, 0, 251);
    struct holm_ip_address mdns6 = { HOLM_IP_V6, { 0xff, 0x02, [15] = 0xfb } };
    struct holm_datagram *b = open_at(holm_ip_any(HOLM_IP_V4), 0);

    (void)task;
    (void)context;
    group_case(b, mdns4);
    CHECK_IS(member(b, holm_ip_loopback(HOLM_IP_V4), pair, true), HOLM_ERR_INVALID);
    CHECK_IS(member(b, mdns4, 99, true), HOLM_ERR_NOT_FOUND);
    CHECK_IS(member(b, mdns6, pair, true), HOLM_ERR_UNSUPPORTED);
    holm_datagram_close(b);
    b = open_at(holm_ip_any(HOLM_IP_V6), 0);
    group_case(b, mdns6);
    holm_datagram_close(b);
    b = open_at((struct holm_ip_address){ 0 }, 0); /* of both families */
    group_case(b, mdns4);
    group_case(b, mdns6);
    holm_datagram_close(b);
    return HOLM_OK;
}
TEST(groups_are_received_from_join_to_leave)
{
    if (!world_namespace())
        return;
    if (!world_do("ip link add t0 type veth peer name t1 2>/dev/null")) {
        printf("skipped: this kernel has no veth\n");
        return;
    }
    /* no addresses but ours: the kernel's own come when they like */
    CHECK(world_do("ip link set t0 addrgenmode none && ip link set t1 addrgenmode none &&"
                   "ip link set t1 up && ip addr add 192.0.2.1/24 dev t0 &&"
                   "ip addr add fd00::1/64 dev t0 nodad && ip link set t0 up"));
    /* the kernel takes a while to see that the line is plugged in, and only then knows the ways */
    CHECK(world_do("for i in $(seq 500); do ways=$(ip -6 route show table local dev t0);"
                   "case $ways in *'local fd00::1 '*ff00::/8*) exit 0 ;; esac; sleep 0.01;"
                   "done; exit 1"));
    pair = if_nametoindex("t0");
    world_run(groups_case);
}
