/* SPDX-License-Identifier: ISC */
/* floor.c: floor PORT < ANSWER: a server of 127.0.0.1 that sends ANSWER for whatever a client sends,
 * and reads none of it. What the kernel takes for such a connection no server on sockets can save:
 * bench_website.py shows how much the website adds. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX = 4096, EVENTS_MAX = 512, TAKEN_MAX = 16384 };

static int listener_open(int port)
{
    const int on = 1;
    struct sockaddr_in local = { .sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&local, sizeof local) || listen(listener, EVENTS_MAX))
        perror("floor"), exit(1);
    return listener;
}

static void watch(int poll, int descriptor, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.fd = descriptor };
    epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

static void client_accept(int poll, int listener)
{
    const int on = 1;
    int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (client < 0)
        return;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(poll, client, EPOLLIN | EPOLLET);
}

static void client_answer(int client, const char *answer, size_t size)
{
    static char taken[TAKEN_MAX];
    ssize_t count = recv(client, taken, sizeof taken, 0);
    if (count == 0)
        close(client);
    else if (count > 0)
        send(client, answer, size, MSG_NOSIGNAL);
}

int main(int count, char **arguments)
{
    static char answer[ANSWER_MAX];
    static struct epoll_event events[EVENTS_MAX];
    int listener = listener_open(count > 1 ? atoi(arguments[1]) : 0);
    size_t size = fread(answer, 1, sizeof answer, stdin);
    int poll = epoll_create1(0);
    watch(poll, listener, EPOLLIN);
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener)
                client_accept(poll, listener);
            else
                client_answer(events[i].data.fd, answer, size);
        }
    }
}
