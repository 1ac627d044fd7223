/* SPDX-License-Identifier: ISC */
/* unix_udp.c: datagrams below the door. Each comes with the address it was sent to, and an answer can
 * leave from that address, on hosts with several. */
#include "unix_impl.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Room for one control message of either family. */
union control {
    struct cmsghdr align;
    uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo))];
};

static int open_at(const struct holm_endpoint *endpoint)
{
    bool v4 = endpoint->address.family == HOLM_IP_V4;
    int descriptor = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    int on = 1;
    int only = endpoint->address.family == HOLM_IP_V6;
    union holm_unix__address address;
    socklen_t len = holm_unix__address_emit(&address, endpoint);
    if (v4)
        (void)setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    if (!v4) {
        (void)setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
        (void)setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    }
    if (bind(descriptor, &address.any, len) == 0)
        return descriptor;
    int error = errno;
    (void)close(descriptor);
    errno = error;
    return -1;
}

void holm_unix__datagram_open(struct holm_operation *operation)
{
    struct holm_endpoint endpoint = operation->endpoint;
    int descriptor = open_at(&endpoint);
    if (descriptor < 0 && endpoint.address.family == HOLM_IP_NONE &&
        (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) { /* a host without IPv6 */
        endpoint.address = holm_ip_any(HOLM_IP_V4);
        descriptor = open_at(&endpoint);
    }
    if (descriptor < 0) {
        holm_unix__complete(operation, holm_unix__result(errno));
        return;
    }
    enum holm_result result =
        holm_unix__port_open(&operation->port, descriptor, HOLM_UNIX__DATAGRAM);
    if (result == HOLM_OK) {
        struct holm_unix__port *port = holm_unix__port_at(descriptor);
        port->writable = true;
        port->dual = endpoint.address.family == HOLM_IP_NONE;
        holm_unix__address_local(&operation->local, descriptor);
    } else {
        (void)close(descriptor);
    }
    holm_unix__complete(operation, result);
}

/* local_of reads the address that a datagram was sent to; its port is the socket's. */
static void local_of(struct holm_endpoint *local, struct msghdr *message)
{
    for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control != NULL;
         control = CMSG_NXTHDR(message, control)) {
        union holm_unix__address address = { 0 };
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info); /* style: the host's own record */
            address.v4.sin_family = AF_INET;
            address.v4.sin_addr = info.ipi_addr;
        } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info); /* style: the host's own record */
            address.v6.sin6_family = AF_INET6;
            address.v6.sin6_addr = info.ipi6_addr;
        } else {
            continue;
        }
        uint16_t port = local->port;
        holm_unix__address_parse(local, &address);
        local->port = port;
    }
}

/* holm_unix__datagram_receive answers whether there may be more. */
bool holm_unix__datagram_receive(int descriptor, struct holm_operation *operation)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    union holm_unix__address from = { 0 };
    union control control;
    struct iovec vector = { operation->span.ptr, operation->span.len };
    struct msghdr message = {
        .msg_name = &from,
        .msg_namelen = sizeof from,
        .msg_iov = &vector,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };

    ssize_t size = recvmsg(descriptor, &message, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        port->readable = errno == EINTR;
        return port->readable;
    }
    holm_unix__queue_drop(&port->in);
    if (size >= 0) {
        operation->size = (size_t)size;
        holm_unix__address_parse(&operation->endpoint, &from);
        local_of(&operation->local, &message);
        holm_unix__complete(operation, HOLM_OK);
        return true;
    }
    /* the host tells of an earlier datagram that came back; the port itself is well */
    holm_unix__complete(operation,
                        errno == ECONNREFUSED ? HOLM_ERR_UNREACHABLE : holm_unix__result(errno));
    return true;
}

/* control_emit asks that the datagram leaves from a local address. */
static void control_emit(struct msghdr *message, union control *control,
                         const struct holm_endpoint *local)
{
    union holm_unix__address address;

    if (local->address.family == HOLM_IP_NONE || holm_ip_is_any(&local->address))
        return;
    message->msg_control = control;
    message->msg_controllen = sizeof *control;
    (void)holm_unix__address_emit(&address, local);
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (local->address.family == HOLM_IP_V4) {
        struct in_pktinfo info = { .ipi_spec_dst = address.v4.sin_addr };
        header->cmsg_level = IPPROTO_IP;
        header->cmsg_type = IP_PKTINFO;
        header->cmsg_len = CMSG_LEN(sizeof info);
        memcpy(CMSG_DATA(header), &info, sizeof info); /* style: the host's own record */
        message->msg_controllen = CMSG_SPACE(sizeof info);
        return;
    }
    struct in6_pktinfo info = { .ipi6_addr = address.v6.sin6_addr };
    header->cmsg_level = IPPROTO_IPV6;
    header->cmsg_type = IPV6_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(header), &info, sizeof info); /* style: the host's own record */
    message->msg_controllen = CMSG_SPACE(sizeof info);
}

/* map makes of an IPv4 address the one that a socket of both families wants. */
static void map(union holm_unix__address *address)
{
    union holm_unix__address mapped = { 0 };

    mapped.v6.sin6_family = AF_INET6;
    mapped.v6.sin6_port = address->v4.sin_port;
    HOLM_AT(mapped.v6.sin6_addr.s6_addr16, 5) = 0xffff;
    HOLM_AT(mapped.v6.sin6_addr.s6_addr32, 3) = address->v4.sin_addr.s_addr;
    *address = mapped;
}

/* holm_unix__datagram_send answers whether the next may be tried. */
bool holm_unix__datagram_send(int descriptor, struct holm_operation *operation)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    struct iovec vectors[HOLM_OPERATION_PIECES_MAX];
    union holm_unix__address to;
    union control control = { 0 };
    struct msghdr message = { .msg_name = &to };

    message.msg_namelen = holm_unix__address_emit(&to, &operation->endpoint);
    if (port->dual && operation->endpoint.address.family == HOLM_IP_V4) {
        map(&to);
        message.msg_namelen = sizeof to.v6;
    }
    control_emit(&message, &control, &operation->local);
    operation->size = 0;
    holm_unix__send_message(&message, vectors, HOLM_COUNT(vectors), operation);
    ssize_t size = sendmsg(descriptor, &message, MSG_NOSIGNAL);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        port->writable = errno == EINTR;
        return port->writable;
    }
    holm_unix__queue_drop(&port->out);
    operation->size = size < 0 ? 0 : (size_t)size;
    holm_unix__complete(operation, size < 0 ? holm_unix__result(errno) : HOLM_OK);
    return true;
}
