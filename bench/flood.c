/* SPDX-License-Identifier: ISC */
/* flood.c: peers of bench_network.py.
 *
 *     flood icmp ADDRESS SECONDS       keep 64 ICMP echo requests on their way; print the answers
 *     flood udp ADDRESS PORT SECONDS   the same with datagrams of 64 bytes
 *     flood serve PORT                 answer each datagram with itself, on the kernel's stack */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { IN_FLIGHT = 64, PAYLOAD = 64, BURST = 64 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int opened(int type, int protocol, const char *address, int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int s = socket(AF_INET, type, protocol);
    int room = 4 << 20;
    if (s < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1)
        perror("flood"), exit(1);
    setsockopt(s, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (connect(s, (struct sockaddr *)&to, sizeof to))
        perror("flood"), exit(1);
    return s;
}

static uint16_t sum(const uint8_t *bytes, size_t len)
{
    uint32_t total = 0;
    for (size_t i = 0; i + 1 < len; i += 2)
        total += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    while (total >> 16)
        total = (total & 0xffff) + (total >> 16);
    return htons((uint16_t)~total);
}

/* Fills a request; gives its length. */
static size_t request(uint8_t *bytes, int is_icmp, uint16_t number)
{
    struct icmphdr header = { .type = ICMP_ECHO,
                              .un.echo = { .id = 77, .sequence = htons(number) } };
    memset(bytes, 0, PAYLOAD);
    if (!is_icmp)
        return PAYLOAD;
    memcpy(bytes, &header, sizeof header);
    header.checksum = sum(bytes, PAYLOAD);
    memcpy(bytes, &header, sizeof header);
    return PAYLOAD;
}

/* A raw socket also gets what others were answered, and of ours only echo replies count. */
static int is_answer(const uint8_t *bytes, ssize_t len, int is_icmp)
{
    if (!is_icmp)
        return len > 0;
    return len >= 28 && bytes[20] == ICMP_ECHOREPLY;
}

static void flood(int s, int is_icmp, double seconds)
{
    uint8_t bytes[2048];
    uint16_t number = 0;
    long answers = 0;
    int on_way = 0;
    double start = now_s();
    while (now_s() - start < seconds) {
        for (; on_way < IN_FLIGHT; on_way++)
            if (send(s, bytes, request(bytes, is_icmp, number++), 0) < 0 && errno != EAGAIN)
                break;
        struct pollfd ready = { .fd = s, .events = POLLIN };
        if (poll(&ready, 1, 20) == 0)
            on_way = 0; /* lost */
        for (int i = 0; i < BURST; i++) {
            ssize_t len = recv(s, bytes, sizeof bytes, MSG_DONTWAIT);
            if (len < 0)
                break;
            answers += is_answer(bytes, len, is_icmp);
            on_way -= is_answer(bytes, len, is_icmp) && on_way > 0;
        }
    }
    printf("%.0f\n", (double)answers / (now_s() - start));
}

static void serve(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    uint8_t bytes[2048];
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(s, (struct sockaddr *)&at, sizeof at))
        perror("flood"), exit(1);
    for (;;) {
        struct sockaddr_in from;
        socklen_t from_len = sizeof from;
        ssize_t len = recvfrom(s, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &from_len);
        if (len >= 0)
            sendto(s, bytes, (size_t)len, 0, (struct sockaddr *)&from, from_len);
    }
}

int main(int count, char **words)
{
    if (count == 4 && !strcmp(words[1], "icmp"))
        flood(opened(SOCK_RAW, IPPROTO_ICMP, words[2], 0), 1, atof(words[3]));
    else if (count == 5 && !strcmp(words[1], "udp"))
        flood(opened(SOCK_DGRAM, 0, words[2], atoi(words[3])), 0, atof(words[4]));
    else if (count == 3 && !strcmp(words[1], "serve"))
        serve(atoi(words[2]));
    else
        return fprintf(
                   stderr,
                   "usage: flood icmp ADDRESS SECONDS | udp ADDRESS PORT SECONDS | serve PORT\n"),
               2;
    return 0;
}
