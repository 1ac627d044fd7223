/* SPDX-License-Identifier: ISC */
/* unix_udp.c: datagrams below the door. What goes with one travels in control messages, both ways, so
 * that a port needs no option for it. Two things have none on Linux: a port follows what the next
 * datagram to send wants of them. */
#include "unix_impl.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Room for all control messages of a datagram. */
union control {
    struct cmsghdr align;
    uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 4 * CMSG_SPACE(sizeof(int))];
};

static void option(int descriptor, int level, int name, int value)
{
    (void)setsockopt(descriptor, level, name, &value, sizeof value);
}

/* ask_all asks for all that is told of a datagram, and for groups that this port joined only. A
 * socket of IPv6 may get IPv4 as well; the address then comes in IPv6's form. */
static void ask_all(int descriptor, bool v4)
{
    option(descriptor, IPPROTO_IP, IP_RECVTTL, 1);
    option(descriptor, IPPROTO_IP, IP_RECVTOS, 1);
    option(descriptor, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    if (v4) {
        option(descriptor, IPPROTO_IP, IP_PKTINFO, 1);
        return;
    }
    option(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    option(descriptor, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
    option(descriptor, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
    option(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
}

static int open_at(const struct holm_endpoint *endpoint)
{
    bool v4 = endpoint->address.family == HOLM_IP_V4;
    int descriptor = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    union holm_unix__address address;
    socklen_t len = holm_unix__address_emit(&address, endpoint);
    if (!v4)
        option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, endpoint->address.family == HOLM_IP_V6);
    ask_all(descriptor, v4);
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

/* control_number reads a message that is a number, of one byte or of four. */
static int control_number(struct cmsghdr *control)
{
    uint8_t byte = 0;
    int number = 0;

    if (control->cmsg_len >= CMSG_LEN(sizeof number)) {
        memcpy(&number, CMSG_DATA(control), sizeof number); /* style: the host's own record */
        return number;
    }
    memcpy(&byte, CMSG_DATA(control), sizeof byte); /* style: the host's own record */
    return byte;
}

/* control_address reads where a datagram came to and in; the port is the socket's. */
static void control_address(struct holm_operation *operation, struct cmsghdr *control)
{
    union holm_unix__address address = { 0 };
    uint16_t port = operation->local.port;

    if (control->cmsg_level == IPPROTO_IP) {
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(control), sizeof info); /* style: the host's own record */
        address.v4.sin_family = AF_INET;
        address.v4.sin_addr = info.ipi_addr;
        operation->interface = (uint32_t)info.ipi_ifindex;
    } else {
        struct in6_pktinfo info;
        memcpy(&info, CMSG_DATA(control), sizeof info); /* style: the host's own record */
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_addr = info.ipi6_addr;
        operation->interface = info.ipi6_ifindex;
    }
    holm_unix__address_parse(&operation->local, &address);
    operation->local.port = port;
}

static void control_parse(struct holm_operation *operation, struct msghdr *message)
{
    operation->interface = 0;
    operation->hop_limit = 0;
    operation->ecn = 0;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control != NULL;
         control = CMSG_NXTHDR(message, control)) {
        bool v4 = control->cmsg_level == IPPROTO_IP;
        int type = control->cmsg_type;
        if (!v4 && control->cmsg_level != IPPROTO_IPV6)
            continue;
        if (type == (v4 ? IP_PKTINFO : IPV6_PKTINFO))
            control_address(operation, control);
        if (type == (v4 ? IP_TTL : IPV6_HOPLIMIT))
            operation->hop_limit = (uint8_t)(control_number(control) & 0xff);
        if (type == (v4 ? IP_TOS : IPV6_TCLASS))
            operation->ecn = control_number(control) & 3;
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
        control_parse(operation, &message);
        holm_unix__complete(operation, HOLM_OK);
        return true;
    }
    /* the host tells of an earlier datagram that came back; the port itself is well */
    holm_unix__complete(operation,
                        errno == ECONNREFUSED ? HOLM_ERR_UNREACHABLE : holm_unix__result(errno));
    return true;
}

/* control_add appends a control message of len bytes; *last is the one before, NULL at first. */
static void control_add(struct msghdr *message, struct cmsghdr **last, int level, int type,
                        const void *data, size_t len)
{
    struct cmsghdr *header = *last == NULL ? CMSG_FIRSTHDR(message) : CMSG_NXTHDR(message, *last);

    holm_assert(header != NULL);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(len);
    memcpy(CMSG_DATA(header), data, len); /* style: the host's own record */
    *last = header;
}

/* source_add asks that a datagram leaves from its local address, through its interface. A group is
 * nobody's source. */
static size_t source_add(struct msghdr *message, struct cmsghdr **last,
                         const struct holm_operation *operation)
{
    const struct holm_ip_address *local = &operation->local.address;
    union holm_unix__address address;
    bool has = local->family == operation->endpoint.address.family && !holm_ip_is_any(local) &&
               !holm_ip_is_multicast(local);

    if (!has && operation->interface == 0)
        return 0;
    (void)holm_unix__address_emit(&address, &operation->local);
    if (operation->endpoint.address.family == HOLM_IP_V4) {
        struct in_pktinfo info = { .ipi_ifindex = (int)operation->interface };
        if (has)
            info.ipi_spec_dst = address.v4.sin_addr;
        control_add(message, last, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
        return CMSG_SPACE(sizeof info);
    }
    struct in6_pktinfo info = { .ipi6_ifindex = operation->interface };
    if (has)
        info.ipi6_addr = address.v6.sin6_addr;
    control_add(message, last, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    return CMSG_SPACE(sizeof info);
}

/* control_emit adds what the datagram is to go with. */
static void control_emit(struct msghdr *message, union control *control,
                         const struct holm_operation *operation)
{
    bool v4 = operation->endpoint.address.family == HOLM_IP_V4;
    int level = v4 ? IPPROTO_IP : IPPROTO_IPV6;
    int hop_limit = operation->hop_limit, class = operation->ecn & 3;
    struct cmsghdr *last = NULL;

    message->msg_control = control;
    message->msg_controllen = sizeof *control;
    size_t len = source_add(message, &last, operation);
    if (hop_limit != 0) {
        control_add(message, &last, level, v4 ? IP_TTL : IPV6_HOPLIMIT, &hop_limit, sizeof(int));
        len += CMSG_SPACE(sizeof(int));
    }
    if (class != 0) {
        control_add(message, &last, level, v4 ? IP_TOS : IPV6_TCLASS, &class, sizeof(int));
        len += CMSG_SPACE(sizeof(int));
    }
    message->msg_controllen = len;
}

/* follow sets the options of the port that the datagram wants otherwise than the one before. */
static void follow(struct holm_unix__port *port, int descriptor,
                   const struct holm_operation *operation)
{
    if (port->broadcast != operation->broadcast)
        option(descriptor, SOL_SOCKET, SO_BROADCAST, operation->broadcast);
    port->broadcast = operation->broadcast;
    if (port->dont_fragment == operation->dont_fragment)
        return;
    port->dont_fragment = operation->dont_fragment;
    option(descriptor, IPPROTO_IP, IP_MTU_DISCOVER,
           port->dont_fragment ? IP_PMTUDISC_PROBE : IP_PMTUDISC_WANT);
    option(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER,
           port->dont_fragment ? IPV6_PMTUDISC_PROBE : IPV6_PMTUDISC_WANT);
    option(descriptor, IPPROTO_IPV6, IPV6_DONTFRAG, port->dont_fragment);
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
    follow(port, descriptor, operation);
    control_emit(&message, &control, operation);
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

/* member_error is the result of an option of groups that failed. */
static enum holm_result member_error(int error)
{
    switch (error) {
    case ENODEV:
    case EADDRNOTAVAIL: /* leave: not joined */
        return HOLM_ERR_NOT_FOUND;
    case ENOPROTOOPT:
    case EINVAL:
        return HOLM_ERR_UNSUPPORTED;
    default:
        return holm_unix__result(error);
    }
}

void holm_unix__datagram_member(struct holm_operation *operation, int descriptor)
{
    bool join = operation->kind == HOLM_OPERATION_DATAGRAM_JOIN;
    union holm_unix__address group;
    int failed;

    (void)holm_unix__address_emit(&group, &operation->endpoint);
    if (group.any.sa_family == AF_INET) {
        struct ip_mreqn what = { .imr_multiaddr = group.v4.sin_addr,
                                 .imr_ifindex = (int)operation->interface };
        failed = setsockopt(descriptor, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP,
                            &what, sizeof what);
    } else {
        struct ipv6_mreq what = { .ipv6mr_multiaddr = group.v6.sin6_addr,
                                  .ipv6mr_interface = operation->interface };
        failed = setsockopt(descriptor, IPPROTO_IPV6,
                            join ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP, &what, sizeof what);
    }
    holm_unix__complete(operation, failed == 0 ? HOLM_OK : member_error(errno));
}
