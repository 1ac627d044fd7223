/* SPDX-License-Identifier: ISC */
/* unix_tun.c: TAP devices below the door: one call a frame, its header of ten bytes before it, with
 * all offloads that the kernel has. An interface is never made here, only used: a name that was
 * mistyped shall not become a device that nobody hears. */
#include "unix_impl.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <holm/net.h>

/* Offloads, the most first; USO is younger than the others (Linux 6.2). */
#define OFFLOAD_TCP (TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6)
#define OFFLOAD_UDP (0x20 | 0x40) /* TUN_F_USO4, TUN_F_USO6: not in every libc's headers */

static enum holm_result name_copy(struct ifreq *request, struct holm_bytes name)
{
    struct holm_bytes rest = name;
    uint8_t byte = 0;

    *request = (struct ifreq){ 0 };
    if (name.len == 0 || name.len >= IFNAMSIZ)
        return HOLM_ERR_NOT_FOUND;
    for (size_t i = 0; holm_bytes_u8(&rest, &byte); i++)
        HOLM_AT(request->ifr_name, i) = (char)byte;
    return if_nametoindex(request->ifr_name) == 0 ? HOLM_ERR_NOT_FOUND : HOLM_OK;
}

/* attach takes the interface; answers the descriptor, or -1 and why. */
static int attach(struct ifreq *request, enum holm_result *result)
{
    int descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        bool absent = errno == ENOENT || errno == ENODEV || errno == ENXIO;
        *result = absent ? HOLM_ERR_UNSUPPORTED : holm_unix__result(errno);
        return -1;
    }
    request->ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    if (ioctl(descriptor, TUNSETIFF, request) == 0)
        return descriptor;
    *result = errno == EBUSY ? HOLM_ERR_IN_USE : holm_unix__result(errno);
    (void)close(descriptor);
    return -1;
}

/* offloads asks the kernel for all that it has, and tells what that is. */
static void offloads(int descriptor, struct holm_net_facts *facts)
{
    bool udp = ioctl(descriptor, TUNSETOFFLOAD, OFFLOAD_TCP | OFFLOAD_UDP) == 0;
    bool tcp = udp || ioctl(descriptor, TUNSETOFFLOAD, OFFLOAD_TCP) == 0;

    facts->sends_checksums = true; /* the kernel takes all in any case */
    facts->sends_segments = true;
    facts->checks_checksums = tcp;
    facts->joins_segments = tcp;
    facts->segments_udp = udp;
}

/* facts_of asks what the interface is. Our address is the host's with the last bit flipped: as
 * unlike others as the host's own, and the same for as long as the interface is there. */
static enum holm_result facts_of(int descriptor, struct ifreq *request,
                                 struct holm_net_facts *facts)
{
    int header = HOLM_NET_HEADER_BYTES, little = 1;
    int asking = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool well = asking >= 0 && ioctl(descriptor, TUNSETVNETHDRSZ, &header) == 0 &&
                ioctl(descriptor, TUNSETVNETLE, &little) == 0 &&
                ioctl(asking, SIOCGIFMTU, request) == 0;

    facts->mtu = request->ifr_mtu < UINT16_MAX ? (uint16_t)request->ifr_mtu : UINT16_MAX;
    well = well && ioctl(asking, SIOCGIFHWADDR, request) == 0;
    for (size_t i = 0; i < HOLM_COUNT(facts->mac.bytes); i++)
        HOLM_AT(facts->mac.bytes, i) = (uint8_t)HOLM_AT(request->ifr_hwaddr.sa_data, i);
    HOLM_AT(facts->mac.bytes, 5) ^= 1;
    offloads(descriptor, facts);
    if (asking >= 0)
        (void)close(asking);
    return well ? HOLM_OK : HOLM_ERR_IO;
}

void holm_unix__tun_open(struct holm_operation *operation)
{
    struct ifreq request;
    struct holm_net_facts facts = { 0 };
    struct holm_buffer out = holm_span_buffer(operation->span);
    enum holm_result result = name_copy(&request, operation->pieces[0]);
    int descriptor = result == HOLM_OK ? attach(&request, &result) : -1;

    if (descriptor >= 0)
        result = facts_of(descriptor, &request, &facts);
    if (result == HOLM_OK && !holm_net_facts_emit(&out, &facts))
        result = HOLM_ERR_INVALID;
    if (result == HOLM_OK)
        result = holm_unix__port_open(&operation->port, descriptor, HOLM_UNIX__NET);
    if (result == HOLM_OK)
        holm_unix__port_at(descriptor)->writable = true;
    else if (descriptor >= 0)
        (void)close(descriptor);
    operation->size = out.len;
    holm_unix__complete(operation, result);
}

/* holm_unix__tun_receive answers whether there may be more. */
bool holm_unix__tun_receive(int descriptor, struct holm_operation *operation)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    ssize_t size = read(descriptor, operation->span.ptr, operation->span.len);

    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        port->readable = errno == EINTR;
        return port->readable;
    }
    holm_unix__queue_drop(&port->in);
    operation->size = size < 0 ? 0 : (size_t)size;
    holm_unix__complete(operation, size < 0 ? HOLM_ERR_IO : HOLM_OK);
    return true;
}

/* holm_unix__tun_send answers whether the next may be tried. Of an interface that is down the kernel
 * says EIO, of one that is gone EBADFD. */
bool holm_unix__tun_send(int descriptor, struct holm_operation *operation)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    struct iovec vectors[HOLM_OPERATION_PIECES_MAX];
    struct msghdr message = { 0 };

    holm_unix__send_message(&message, vectors, HOLM_COUNT(vectors), operation);
    ssize_t size = writev(descriptor, vectors, (int)message.msg_iovlen);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        port->writable = errno == EINTR;
        return port->writable;
    }
    enum holm_result result = HOLM_OK;
    if (size < 0)
        result = errno == EIO ? HOLM_ERR_UNREACHABLE : holm_unix__result(errno);
    holm_unix__queue_drop(&port->out);
    operation->size = size < 0 ? 0 : (size_t)size;
    holm_unix__complete(operation, result);
    return true;
}
