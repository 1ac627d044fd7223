/* SPDX-License-Identifier: ISC */
/* unix_socket.c: listeners and streams below the door.
 *
 * 1. No call is made that is known to find nothing: a read that brought less than was asked for, or
 *    a write that took less than was offered, ends with waiting for epoll's next event. Only of a
 *    file a second one is tried, since it may be at its end.
 * 2. Whoever can not be served for lack of a descriptor or a chunk waits in a list and is tried
 *    again when one is freed; nothing spins and no client is lost. */
#include "unix_impl.h"

#include <netinet/tcp.h>
#include <sys/uio.h>
#include <unistd.h>

/* What a closed connection may still send us is thrown away, so many bytes an event at most. */
#define LINGER_BYTES_MAX (2 * 1024 * 1024)
/* How many who gave up while they waited are skipped in a turn. */
#define ACCEPT_SKIPS_MAX 64

static int socket_open(const struct holm_endpoint *endpoint, int type)
{
    int family = endpoint->address.family == HOLM_IP_V4 ? AF_INET : AF_INET6;

    return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static void option(int descriptor, int level, int name, int value)
{
    (void)setsockopt(descriptor, level, name, &value, sizeof value);
}

/* listen_on answers a listening socket, or -1 with errno set. Options of the listener are inherited
 * by what it accepts, so that accepting costs no call for them. */
static int listen_on(const struct holm_endpoint *endpoint, size_t backlog)
{
    int descriptor = socket_open(endpoint, SOCK_STREAM);
    if (descriptor < 0)
        return -1;
    union holm_unix__address address;
    socklen_t len = holm_unix__address_emit(&address, endpoint);
    option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
    option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    if (address.any.sa_family == AF_INET6)
        option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, endpoint->address.family == HOLM_IP_V6);
    int waiting = backlog == 0 || backlog > SOMAXCONN ? SOMAXCONN : (int)backlog;
    if (bind(descriptor, &address.any, len) == 0 && listen(descriptor, waiting) == 0)
        return descriptor;
    int error = errno;
    (void)close(descriptor);
    errno = error;
    return -1;
}

void holm_unix__listen(struct holm_operation *operation)
{
    int descriptor = listen_on(&operation->endpoint, operation->size);
    if (descriptor < 0 && operation->endpoint.address.family == HOLM_IP_NONE &&
        (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) { /* a host without IPv6 */
        struct holm_endpoint endpoint = operation->endpoint;
        endpoint.address = holm_ip_any(HOLM_IP_V4);
        descriptor = listen_on(&endpoint, operation->size);
    }
    if (descriptor < 0) {
        holm_unix__complete(operation, holm_unix__result(errno));
        return;
    }
    enum holm_result result =
        holm_unix__port_open(&operation->port, descriptor, HOLM_UNIX__LISTENER);
    if (result == HOLM_OK)
        holm_unix__address_local(&operation->local, descriptor);
    else
        (void)close(descriptor);
    holm_unix__complete(operation, result);
}

/* accept_failed decides about an error of accept: true if the next may be tried. */
static bool accept_failed(int descriptor, struct holm_operation *operation, int error)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);

    switch (error) {
    case EAGAIN:
        port->readable = false;
        return false;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS: /* keeps (2) */
        holm_unix__list_add(HOLM_UNIX__DESCRIPTOR_LIST, descriptor);
        holm_unix__state.accept_again_ns = holm_unix__state.now_ns + HOLM_UNIX_ACCEPT_AGAIN_NS;
        return false;
    case EBADF:
    case EINVAL:
    case ENOTSOCK:
    case EOPNOTSUPP:
        holm_unix__queue_drop(&port->in);
        holm_unix__complete(operation, HOLM_ERR_IO);
        return false;
    default: /* that client is gone already, or its network is: the next */
        return true;
    }
}

/* accept_next answers whether there may be more. */
static bool accept_next(int descriptor, struct holm_operation *operation)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);

    for (int skips = 0; skips < ACCEPT_SKIPS_MAX; skips++) {
        union holm_unix__address address = { 0 };
        socklen_t len = sizeof address;
        int accepted = accept4(descriptor, &address.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted < 0) {
            if (!accept_failed(descriptor, operation, errno))
                return false;
            continue;
        }
        holm_unix__queue_drop(&port->in);
        enum holm_result result =
            holm_unix__port_open(&operation->accepted, accepted, HOLM_UNIX__STREAM);
        if (result == HOLM_OK) {
            holm_unix__port_at(accepted)->writable = true;
            holm_unix__address_parse(&operation->endpoint, &address);
            holm_unix__address_local(&operation->local, accepted);
        } else {
            (void)close(accepted);
        }
        holm_unix__complete(operation, result);
        return true;
    }
    return false;
}

void holm_unix__connect(struct holm_operation *operation)
{
    union holm_unix__address address;
    socklen_t len = holm_unix__address_emit(&address, &operation->endpoint);
    int descriptor = socket_open(&operation->endpoint, SOCK_STREAM);
    if (descriptor < 0) {
        holm_unix__complete(operation, holm_unix__result(errno));
        return;
    }
    option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    if (connect(descriptor, &address.any, len) != 0 && errno != EINPROGRESS) {
        holm_unix__complete(operation, holm_unix__result(errno));
        (void)close(descriptor);
        return;
    }
    enum holm_result result =
        holm_unix__port_open(&operation->port, descriptor, HOLM_UNIX__CONNECTING);
    if (result != HOLM_OK) {
        (void)close(descriptor);
        holm_unix__complete(operation, result);
        return;
    }
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    holm_unix__queue_add(&port->out, operation);
    port->deadline_ns = holm_unix__state.now_ns + HOLM_UNIX_CONNECT_NS;
    holm_unix__list_add(HOLM_UNIX__CONNECT_LIST, descriptor);
}

static void connect_end(int descriptor, enum holm_result result)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    struct holm_operation *operation = port->out.first;

    holm_unix__list_remove(descriptor);
    holm_unix__queue_drop(&port->out);
    if (result == HOLM_OK) {
        port->kind = HOLM_UNIX__STREAM;
        port->writable = true;
        holm_unix__address_local(&operation->local, descriptor);
    } else {
        operation->port = HOLM_PORT_NONE;
        holm_unix__port_close(descriptor);
    }
    holm_unix__complete(operation, result);
}

void holm_unix__connected(int descriptor)
{
    int error = 0;
    socklen_t len = sizeof error;

    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        error = errno;
    connect_end(descriptor, error == 0 ? HOLM_OK : holm_unix__result(error));
}

void holm_unix__connect_expire(int descriptor)
{
    connect_end(descriptor, HOLM_ERR_TIMEOUT);
}

/* receive_next answers whether there may be more. */
static bool receive_next(int descriptor, struct holm_operation *operation)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    struct holm_chunk *chunk = operation->chunk;
    if (chunk == NULL)
        chunk = holm_chunk_take(operation->pool, NULL);
    if (chunk == NULL) { /* keeps (2) */
        holm_unix__list_add(HOLM_UNIX__CHUNK_LIST, descriptor);
        return false;
    }
    struct holm_span room = holm_chunk_room(chunk);
    ssize_t size = recv(descriptor, room.ptr, room.len, 0);
    int error = size < 0 ? errno : 0;
    if (size <= 0 && operation->chunk == NULL)
        holm_chunk_give(operation->pool, chunk);
    if (error == EAGAIN || error == EINTR) {
        port->readable = error == EINTR;
        return port->readable;
    }
    holm_unix__queue_drop(&port->in);
    if (size > 0) {
        chunk->len += (size_t)size;
        operation->chunk = chunk;
        operation->size = (size_t)size;
        port->readable = (size_t)size == room.len || port->hangup; /* keeps (1) */
        holm_unix__complete(operation, HOLM_OK);
        return port->readable;
    }
    port->ended = true;
    operation->size = 0;
    enum holm_result end = port->broken ? HOLM_ERR_RESET : HOLM_END;
    holm_unix__complete(operation, error == 0 ? end : holm_unix__result(error));
    return true;
}

void holm_unix__run_in(int descriptor)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);

    bool more = port->readable && port->list != HOLM_UNIX__CHUNK_LIST &&
                port->list != HOLM_UNIX__DESCRIPTOR_LIST;
    while (more && port->in.first != NULL) {
        if (port->kind == HOLM_UNIX__LISTENER)
            more = accept_next(descriptor, port->in.first);
        else if (port->kind == HOLM_UNIX__STREAM)
            more = receive_next(descriptor, port->in.first);
        else if (port->kind == HOLM_UNIX__NET)
            more = holm_unix__tun_receive(descriptor, port->in.first);
        else
            more = holm_unix__datagram_receive(descriptor, port->in.first);
    }
}

/* holm_unix__send_message fills vectors with what of the operation's pieces is not sent yet. */
void holm_unix__send_message(struct msghdr *message, struct iovec *vectors, size_t vectors_count,
                             const struct holm_operation *operation)
{
    size_t skip = operation->size;
    size_t used = 0;

    holm_assert(operation->pieces_count <= vectors_count);
    for (size_t i = 0; i < operation->pieces_count; i++) {
        struct holm_bytes piece = HOLM_AT(operation->pieces, i);
        size_t skipped = skip < piece.len ? skip : piece.len;
        skip -= skipped;
        if (!holm_bytes_from(piece, skipped, &piece) || piece.len == 0)
            continue;
        struct iovec *vector = &HOLM_NTH(vectors, vectors_count, used);
        /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
        vector->iov_base = (void *)(uintptr_t)piece.ptr; /* style: sendmsg's type has no const */
        vector->iov_len = piece.len;
        used += 1;
    }
    message->msg_iov = vectors;
    message->msg_iovlen = used;
}

static size_t pieces_size(const struct holm_operation *operation)
{
    size_t all = 0;

    for (size_t i = 0; i < operation->pieces_count; i++)
        all += HOLM_AT(operation->pieces, i).len;
    return all;
}

static uint64_t left_of(const struct holm_operation *operation)
{
    uint64_t file = operation->kind == HOLM_OPERATION_FILE_SEND ? operation->size_total : 0;

    return pieces_size(operation) + file - operation->size;
}

/* send_once makes one call, which is to send *asked bytes: what is left of the pieces, then of the
 * file. It answers how many were taken, or -1. Pieces before a file wait for it, to share segments. */
static ssize_t send_once(int descriptor, const struct holm_operation *operation, size_t *asked)
{
    struct iovec vectors[HOLM_OPERATION_PIECES_MAX];
    struct msghdr message = { 0 };
    bool has_file = operation->kind == HOLM_OPERATION_FILE_SEND;
    size_t pieces = pieces_size(operation);

    if (operation->size < pieces) {
        *asked = pieces - operation->size;
        holm_unix__send_message(&message, vectors, HOLM_COUNT(vectors), operation);
        int flags = MSG_NOSIGNAL | (has_file ? MSG_MORE : 0);
        if (message.msg_iovlen == 1) /* most are of one piece, and the plain call costs less */
            return send(descriptor, vectors[0].iov_base, vectors[0].iov_len, flags);
        return sendmsg(descriptor, &message, flags);
    }
    if (!has_file)
        return 0;
    uint64_t sent = operation->size - pieces;
    *asked = (size_t)(operation->size_total - sent);
    return holm_unix__file_send(operation, descriptor, sent);
}

/* send_next answers whether the next operation may be tried, or the next part of this one. */
static bool send_next(int descriptor, struct holm_operation *operation)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    bool in_pieces = operation->size < pieces_size(operation);
    size_t asked = 0;

    ssize_t size = send_once(descriptor, operation, &asked);
    if (size < 0 && errno == EINTR)
        return true;
    if (size < 0 && errno == EAGAIN) {
        port->writable = false;
        return false;
    }
    enum holm_result result = size < 0 ? holm_unix__result(errno) : HOLM_OK;
    if (size == 0 && asked > 0)
        result = HOLM_ERR_TRUNCATED;
    if (result == HOLM_OK) {
        operation->size += (size_t)size;
        port->writable = (size_t)size == asked || !in_pieces; /* keeps (1) */
        if (!port->writable)
            return false;
        if (left_of(operation) > 0) /* of the file; why less was taken, the next call tells */
            return true;
    }
    port->broken = port->broken || size < 0;
    holm_unix__queue_drop(&port->out);
    holm_unix__complete(operation, result);
    return true;
}

static void finish(int descriptor, struct holm_operation *operation)
{
    int failed = shutdown(descriptor, SHUT_WR);

    holm_unix__queue_drop(&holm_unix__port_at(descriptor)->out);
    holm_unix__complete(operation, failed == 0 ? HOLM_OK : holm_unix__result(errno));
}

void holm_unix__run_out(int descriptor)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);

    bool more = port->kind == HOLM_UNIX__STREAM || port->kind == HOLM_UNIX__DATAGRAM ||
                port->kind == HOLM_UNIX__NET;
    while (more && port->out.first != NULL) {
        struct holm_operation *operation = port->out.first;
        if (operation->kind == HOLM_OPERATION_FINISH)
            finish(descriptor, operation);
        else if (!port->writable)
            more = false;
        else if (port->kind == HOLM_UNIX__DATAGRAM)
            more = holm_unix__datagram_send(descriptor, operation);
        else if (port->kind == HOLM_UNIX__NET)
            more = holm_unix__tun_send(descriptor, operation);
        else
            more = send_next(descriptor, operation);
    }
}

/* holm_unix__linger throws away what a closed connection still sends, up to LINGER_BYTES_MAX; it is
 * gone at its end. */
void holm_unix__linger(int descriptor)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    ssize_t size = 1;

    while (size > 0 && port->lingered < LINGER_BYTES_MAX) {
        size = recv(descriptor, NULL, LINGER_BYTES_MAX - port->lingered, MSG_TRUNC);
        port->lingered += size > 0 ? (size_t)size : 0;
    }
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR) ||
        port->lingered >= LINGER_BYTES_MAX)
        holm_unix__port_close(descriptor);
}

/* holm_unix__close: with reset the peer is told at once that all is lost. Without, our end of the
 * stream is sent, and the descriptor stays until the peer's end came: a host that closes a socket
 * with unread bytes resets it, and a reset takes our last answer out of the peer's hands. */
void holm_unix__close(struct holm_operation *operation, int descriptor)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);

    holm_unix__port_cancel(port);
    holm_unix__list_remove(descriptor);
    if (port->kind == HOLM_UNIX__STREAM && operation->reset) {
        struct linger linger = { .l_onoff = 1, .l_linger = 0 };
        (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    }
    holm_unix__complete(operation, HOLM_OK);
    if (port->kind != HOLM_UNIX__STREAM || operation->reset || port->ended ||
        shutdown(descriptor, SHUT_WR) != 0) {
        holm_unix__port_close(descriptor);
        return;
    }
    port->kind = HOLM_UNIX__LINGERING;
    port->lingered = 0;
    port->deadline_ns = holm_unix__state.now_ns + HOLM_UNIX_LINGER_NS;
    holm_unix__list_add(HOLM_UNIX__LINGER_LIST, descriptor);
    if (port->readable)
        holm_unix__linger(descriptor);
}
