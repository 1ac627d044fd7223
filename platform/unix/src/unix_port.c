/* SPDX-License-Identifier: ISC */
/* unix_port.c: the table of what is open, and the lists that ports wait in. */
#include "unix_impl.h"

#include <sys/epoll.h>
#include <unistd.h>

/* A port's id is its descriptor's number below its generation; the highest generation stays unused,
 * so that no id is HOLM_PORT_NONE. */
#define GENERATIONS 0x7fff

struct holm_unix__state holm_unix__state;

/* Zeroed pages that nobody touched cost nothing: the table is as long as it ever may be. */
static struct holm_unix__port ports[HOLM_UNIX_PORTS_MAX];

struct holm_unix__port *holm_unix__port_at(int descriptor)
{
    return &HOLM_AT(ports, (size_t)descriptor);
}

struct holm_unix__port *holm_unix__port_find(holm_port id, int *descriptor)
{
    uint32_t index = id % HOLM_UNIX_PORTS_MAX;
    struct holm_unix__port *port = &HOLM_AT(ports, index);

    if (port->kind == HOLM_UNIX__FREE || port->generation != id / HOLM_UNIX_PORTS_MAX)
        return NULL;
    *descriptor = (int)index;
    return port;
}

enum holm_result holm_unix__port_open(holm_port *id, int descriptor, enum holm_unix__kind kind)
{
    if (descriptor >= HOLM_UNIX_PORTS_MAX)
        return HOLM_ERR_NO_MEMORY;
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    uint16_t generation = (uint16_t)((port->generation + 1U) % GENERATIONS);
    *port = (struct holm_unix__port){
        .generation = generation, .kind = (uint8_t)kind, .next = -1, .previous = -1
    };
    *id = generation * (uint32_t)HOLM_UNIX_PORTS_MAX + (uint32_t)descriptor;
    if (kind == HOLM_UNIX__FILE)
        return HOLM_OK;
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.u64 = *id,
    };
    if (kind == HOLM_UNIX__LISTENER)
        event.events = EPOLLIN | EPOLLET;
    if (epoll_ctl(holm_unix__state.epoll, EPOLL_CTL_ADD, descriptor, &event) == 0)
        return HOLM_OK;
    port->kind = HOLM_UNIX__FREE;
    return HOLM_ERR_NO_MEMORY;
}

/* The descriptor leaves epoll with its last owner: ours. */
void holm_unix__port_close(int descriptor)
{
    holm_unix__list_remove(descriptor);
    holm_unix__port_at(descriptor)->kind = HOLM_UNIX__FREE;
    (void)close(descriptor);
    holm_unix__state.descriptor_freed = true;
}

uint32_t holm_unix__port_count(enum holm_unix__kind kind)
{
    uint32_t count = 0;

    for (size_t i = 0; i < HOLM_COUNT(ports); i++)
        count += HOLM_AT(ports, i).kind == kind;
    return count;
}

static void cancel(struct holm_unix__queue *queue)
{
    while (queue->first != NULL) {
        struct holm_operation *operation = queue->first;
        holm_unix__queue_drop(queue);
        holm_unix__complete(operation, HOLM_ERR_CANCELLED);
    }
}

void holm_unix__port_cancel(struct holm_unix__port *port)
{
    cancel(&port->in);
    cancel(&port->out);
}

void holm_unix__list_add(enum holm_unix__list_name name, int descriptor)
{
    struct holm_unix__list *list = &HOLM_AT(holm_unix__state.lists, name);
    struct holm_unix__port *port = holm_unix__port_at(descriptor);

    if (port->list == name)
        return;
    holm_assert(port->list == HOLM_UNIX__NO_LIST);
    port->list = (uint8_t)name;
    port->next = -1;
    port->previous = list->last;
    if (list->last < 0)
        list->first = descriptor;
    else
        holm_unix__port_at(list->last)->next = descriptor;
    list->last = descriptor;
}

void holm_unix__list_remove(int descriptor)
{
    struct holm_unix__port *port = holm_unix__port_at(descriptor);
    struct holm_unix__list *list = &HOLM_AT(holm_unix__state.lists, port->list);

    if (port->list == HOLM_UNIX__NO_LIST)
        return;
    if (port->previous < 0)
        list->first = port->next;
    else
        holm_unix__port_at(port->previous)->next = port->next;
    if (port->next < 0)
        list->last = port->previous;
    else
        holm_unix__port_at(port->next)->previous = port->previous;
    port->list = HOLM_UNIX__NO_LIST;
}

void holm_unix__queue_add(struct holm_unix__queue *queue, struct holm_operation *operation)
{
    operation->next = NULL;
    if (queue->last == NULL)
        queue->first = operation;
    else
        queue->last->next = operation;
    queue->last = operation;
}

void holm_unix__queue_drop(struct holm_unix__queue *queue)
{
    struct holm_operation *operation = queue->first;

    queue->first = operation->next;
    if (queue->first == NULL)
        queue->last = NULL;
    operation->next = NULL;
}

void holm_unix__complete(struct holm_operation *operation, enum holm_result result)
{
    holm_unix__state.completed += 1;
    holm_operation_complete(operation, result);
}

enum holm_result holm_unix__result(int error)
{
    static const struct {
        int error;
        enum holm_result result;
    } table[] = {
        { EACCES, HOLM_ERR_PERMISSION },
        { EPERM, HOLM_ERR_PERMISSION },
        { EROFS, HOLM_ERR_PERMISSION },
        { ELOOP, HOLM_ERR_PERMISSION },
        { EXDEV, HOLM_ERR_PERMISSION },
        { EADDRINUSE, HOLM_ERR_IN_USE },
        { ECONNREFUSED, HOLM_ERR_REFUSED },
        { ECONNRESET, HOLM_ERR_RESET },
        { ECONNABORTED, HOLM_ERR_RESET },
        { EPIPE, HOLM_ERR_RESET },
        { ENOTCONN, HOLM_ERR_RESET },
        { ETIMEDOUT, HOLM_ERR_TIMEOUT },
        { EHOSTUNREACH, HOLM_ERR_UNREACHABLE },
        { ENETUNREACH, HOLM_ERR_UNREACHABLE },
        { EADDRNOTAVAIL, HOLM_ERR_UNREACHABLE },
        { ENETDOWN, HOLM_ERR_UNREACHABLE },
        { EMFILE, HOLM_ERR_NO_MEMORY },
        { ENFILE, HOLM_ERR_NO_MEMORY },
        { ENOMEM, HOLM_ERR_NO_MEMORY },
        { ENOBUFS, HOLM_ERR_NO_MEMORY },
        { ENOENT, HOLM_ERR_NOT_FOUND },
        { ENOTDIR, HOLM_ERR_NOT_FOUND },
        { EMSGSIZE, HOLM_ERR_LIMIT },
        { ENAMETOOLONG, HOLM_ERR_LIMIT },
        { EAFNOSUPPORT, HOLM_ERR_UNSUPPORTED },
        { EINVAL, HOLM_ERR_INVALID },
        { EBADF, HOLM_ERR_STALE },
    };

    for (size_t i = 0; i < HOLM_COUNT(table); i++) {
        if (HOLM_AT(table, i).error == error)
            return HOLM_AT(table, i).result;
    }
    return HOLM_ERR_IO;
}
