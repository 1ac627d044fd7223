/* SPDX-License-Identifier: ISC */
/* exec_net.c: TAP interfaces of the host, opened before the sandbox. None is made here, only used: a
 * name that was mistyped shall not become a device that nobody hears. */
#include "exec_impl.h"

/* Of the kernel's linux/if_tun.h and linux/sockios.h. */
#define TUN_SET 0x400454ca
#define TUN_GET 0x800454d2
#define TUN_OFFLOADS 0x400454d0
#define TUN_HEADER_BYTES 0x400454d8
#define TUN_HEADER_LITTLE 0x400454dc
#define ASK_MTU 0x8921
#define ASK_MAC 0x8927
#define TAP_FLAGS 0x5002    /* IFF_TAP, IFF_NO_PI, IFF_VNET_HDR */
#define OFFLOAD_TCP 7       /* TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6 */
#define OFFLOAD_UDP 96      /* TUN_F_USO4, TUN_F_USO6: since Linux 6.2 */
#define OPEN_FLAGS 02004002 /* O_RDWR, O_NONBLOCK, O_CLOEXEC */
#define FLAGS_STATUS_SET 4  /* F_SETFL */
#define NO_WAIT 04000       /* O_NONBLOCK */
#define DATAGRAM_CLOEXEC 02000002
#define NAME_BYTES 16
#define HEADER_BYTES 10

/* What the kernel is asked about an interface with. */
struct request {
    uint8_t name[NAME_BYTES];
    union {
        int16_t flags;
        int32_t mtu;
        struct {
            uint16_t family;
            uint8_t address[6];
        } mac;
        uint8_t room[24];
    };
};

static int64_t ask(int64_t descriptor, uint64_t what, void *about)
{
    return holm_exec__call(HOLM_LINUX_IOCTL, (uint64_t)descriptor, what, holm_exec__address(about));
}

static void must(int64_t result, struct holm_bytes what, const struct holm_exec__device *device)
{
    if (result < 0)
        holm_exec__fail(HOLM_EXIT_USAGE, what, device->what, result);
}

/* describe fills in what the interface is. The image's address is the host's with its last bit flipped:
 * as unlike others as the host's own, and the same for as long as the interface is there. */
static void describe(const struct holm_exec__device *device, struct request *request,
                     struct holm_abi_device *described)
{
    int32_t header = HEADER_BYTES, little = 1;
    int64_t socket = holm_exec__call(HOLM_LINUX_SOCKET, 2, DATAGRAM_CLOEXEC, 0);
    int64_t tap = device->descriptor;

    must(socket, HOLM_TEXT("the host gives no socket to ask about"), device);
    must(ask(tap, TUN_HEADER_BYTES, &header), HOLM_TEXT("no TAP device with headers"), device);
    must(ask(tap, TUN_HEADER_LITTLE, &little), HOLM_TEXT("no TAP device with headers"), device);
    must(ask(socket, ASK_MTU, request), HOLM_TEXT("the host has no such interface"), device);
    described->mtu = request->mtu < (int32_t)UINT16_MAX ? (uint16_t)request->mtu : UINT16_MAX;
    must(ask(socket, ASK_MAC, request), HOLM_TEXT("the interface has no address"), device);
    struct holm_buffer mac = HOLM_BUFFER(described->mac);
    holm_assert(holm_buffer_bytes(&mac, HOLM_BLOB(request->mac.address)));
    HOLM_AT(described->mac, 5) ^= 1;
    described->features = HOLM_ABI_NET_SENDS_CHECKSUMS | HOLM_ABI_NET_SENDS_SEGMENTS;
    bool udp = holm_exec__call(HOLM_LINUX_IOCTL, (uint64_t)tap, TUN_OFFLOADS,
                               OFFLOAD_TCP | OFFLOAD_UDP) == 0;
    if (udp || holm_exec__call(HOLM_LINUX_IOCTL, (uint64_t)tap, TUN_OFFLOADS, OFFLOAD_TCP) == 0)
        described->features |= HOLM_ABI_NET_CHECKS_CHECKSUMS | HOLM_ABI_NET_JOINS_SEGMENTS;
    if (udp)
        described->features |= HOLM_ABI_NET_SEGMENTS_UDP;
    (void)holm_exec__call(HOLM_LINUX_CLOSE, (uint64_t)socket, 0, 0);
}

static void tap_open(struct holm_exec__device *device, struct request *request,
                     struct holm_bytes interface)
{
    static const char path[] = "/dev/net/tun";
    struct holm_buffer name = { request->name, 0, NAME_BYTES - 1 };
    struct request look;
    int64_t socket = holm_exec__call(HOLM_LINUX_SOCKET, 2, DATAGRAM_CLOEXEC, 0);

    if (interface.len == 0 || !holm_buffer_bytes(&name, interface))
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("no name of an interface"), device->what, 0);
    look = *request;
    must(ask(socket, ASK_MTU, &look),
         HOLM_TEXT(
             "the host has no such interface; ip tuntap add dev NAME mode tap user ME makes it"),
         device);
    (void)holm_exec__call(HOLM_LINUX_CLOSE, (uint64_t)socket, 0, 0);
    device->descriptor = holm_exec__open(holm_exec__address(path), OPEN_FLAGS);
    must(device->descriptor, HOLM_TEXT("the host has no /dev/net/tun for us"), device);
    request->flags = TAP_FLAGS;
    must(ask(device->descriptor, TUN_SET, request), HOLM_TEXT("cannot use the TAP interface"),
         device);
}

/* hand_over gives the device to who listens at the relay, which takes its place. */
static void hand_over(struct holm_exec__device *device)
{
    struct {
        uint64_t len;
        int32_t level, kind, descriptor; /* SOL_SOCKET, SCM_RIGHTS */
    } rights = { 20, 1, 1, (int32_t)device->descriptor };
    uint8_t byte = 0;
    struct holm_abi_bytes piece = { &byte, 1 };
    const struct {
        void *name;
        uint64_t name_len;
        struct holm_abi_bytes *pieces;
        uint64_t pieces_count;
        void *control;
        uint64_t control_len, flags;
    } message = {
        .pieces = &piece, .pieces_count = 1, .control = &rights, .control_len = sizeof rights
    };

    must(holm_exec__call(HOLM_LINUX_SENDMSG, (uint64_t)device->relay, holm_exec__address(&message),
                         0),
         HOLM_TEXT("cannot be captured"), device);
    device->descriptor = device->relay;
}

void holm_exec__net_open(struct holm_exec__device *device, struct holm_abi_device *described)
{
    struct holm_bytes rest = device->what, kind = { 0 };
    struct request request = { 0 };
    struct holm_buffer name = HOLM_BUFFER(described->name);
    uint64_t number = 0;

    described->kind = HOLM_ABI_NET;
    holm_assert(holm_buffer_bytes(&name, device->name));
    described->name_len = (uint8_t)device->name.len;
    if (holm_bytes_part(rest, 0, 4, &kind) && holm_bytes_equal(kind, HOLM_TEXT("tap:"))) {
        holm_assert(holm_bytes_from(rest, 4, &rest));
        tap_open(device, &request, rest);
    } else if (holm_bytes_part(rest, 0, 3, &kind) && holm_bytes_equal(kind, HOLM_TEXT("fd:")) &&
               holm_bytes_from(rest, 3, &rest) && holm_text_u64_parse(&number, rest) == HOLM_OK &&
               number <= INT16_MAX) {
        device->descriptor = (int64_t)number;
        must(ask(device->descriptor, TUN_GET, &request), HOLM_TEXT("no TAP device"), device);
        must(holm_exec__call(HOLM_LINUX_FCNTL, number, FLAGS_STATUS_SET, NO_WAIT),
             HOLM_TEXT("no TAP device"), device);
    } else {
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("a network device is tap:INTERFACE or fd:N"),
                        device->what, 0);
    }
    describe(device, &request, described);
    if (device->relay >= 0)
        hand_over(device);
}
