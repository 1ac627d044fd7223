/* SPDX-License-Identifier: ISC */
/* host_capture.c: what a network device of an image sends and receives, on its way through this process,
 * which writes it down. The image has a socket in the place of the device; frames are passed on whole and
 * in order, one way and the other, and a disk that is slow stops nothing but this.
 *
 * Source: draft-ietf-opsawg-pcap, sections 4 and 5. */
#include "host_impl.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEADER_BYTES 10 /* before each frame, of virtio; no part of the capture */
#define SNAP_BYTES 262144
#define FRAMES_A_STEP 64

struct head {
    uint32_t magic; /* times are in nanoseconds */
    uint16_t major, minor;
    uint32_t zone, accuracy, snap_bytes, link; /* 1: Ethernet */
};

struct record {
    uint32_t s, ns, kept_bytes, frame_bytes;
};

int holm_monitor_capture_open(struct holm_monitor_capture *capture, int file)
{
    const struct head head = { 0xa1b23c4d, 2, 4, 0, 0, SNAP_BYTES, 1 };
    int ends[2];

    capture->file = file;
    capture->device = -1;
    capture->whole = true;
    capture->gone = false;
    capture->size_bytes = sizeof head;
    capture->waiting.len = 0;
    if (write(file, &head, sizeof head) != (ssize_t)sizeof head ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    capture->socket = ends[0];
    return ends[1];
}

static void record(struct holm_monitor_capture *capture, struct holm_span frame)
{
    struct timespec now = { 0 };
    struct holm_span bytes = { 0 };

    if (!capture->whole || frame.len < HEADER_BYTES)
        return;
    holm_assert(holm_span_part(frame, HEADER_BYTES, frame.len - HEADER_BYTES, &bytes));
    (void)clock_gettime(CLOCK_REALTIME, &now);
    struct record about = { (uint32_t)now.tv_sec, (uint32_t)now.tv_nsec, (uint32_t)bytes.len,
                            (uint32_t)bytes.len };
    capture->size_bytes += sizeof about + bytes.len;
    capture->whole =
        capture->size_bytes <= HOLM_MONITOR_CAPTURE_MAX &&
        holm_monitor__write(capture->file,
                            (struct holm_bytes){ (const uint8_t *)&about, sizeof about }) &&
        holm_monitor__write(capture->file, holm_span_bytes(bytes));
}

/* device_take receives the device from the image's process, which opened it before its sandbox. */
static void device_take(struct holm_monitor_capture *capture)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    uint8_t byte = 0;
    struct iovec piece = { &byte, 1 };
    struct msghdr message = { .msg_iov = &piece,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof control };

    if (recvmsg(capture->socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1 ||
        message.msg_controllen < sizeof control.head || control.head.cmsg_level != SOL_SOCKET ||
        control.head.cmsg_type != SCM_RIGHTS || control.head.cmsg_len != CMSG_LEN(sizeof(int)))
        return;
    (void)memcpy(&capture->device, CMSG_DATA(&control.head), sizeof capture->device);
}

/* out passes on what the image sent. A frame that is too long is cut, and the device refuses it. */
static void out(struct holm_monitor_capture *capture)
{
    static uint8_t room[HOLM_MONITOR_FRAME_MAX];
    struct holm_span all = { room, sizeof room }, frame = { 0 };

    for (unsigned i = 0; i < FRAMES_A_STEP; i++) {
        ssize_t size = recv(capture->socket, room, sizeof room, MSG_DONTWAIT);
        if (size <= 0 || !holm_span_part(all, 0, (size_t)size, &frame))
            return;
        record(capture, frame);
        (void)!write(capture->device, frame.ptr,
                     frame.len); /* what it can't take is lost, as on a wire */
    }
}

/* in passes on what the device received; a frame that the image has no room for waits. */
static void in(struct holm_monitor_capture *capture)
{
    struct holm_span all = { capture->room, sizeof capture->room };

    for (unsigned i = 0; i < FRAMES_A_STEP; i++) {
        if (capture->waiting.len == 0) {
            ssize_t size = read(capture->device, all.ptr, all.len);
            capture->gone = size < 0 && errno != EAGAIN && errno != EINTR;
            if (size <= 0 || !holm_span_part(all, 0, (size_t)size, &capture->waiting))
                return;
            record(capture, capture->waiting);
        }
        if (send(capture->socket, capture->waiting.ptr, capture->waiting.len,
                 MSG_DONTWAIT | MSG_NOSIGNAL) < 0 &&
            errno == EAGAIN)
            return;
        capture->waiting.len = 0;
    }
}

void holm_monitor__capture_polls(const struct holm_monitor_capture *capture,
                                 struct pollfd polls[HOLM_MONITOR__CAPTURE_POLLS])
{
    bool waits = capture->waiting.len > 0;

    polls[0] =
        (struct pollfd){ .fd = capture->socket, .events = (short)(POLLIN | (waits ? POLLOUT : 0)) };
    HOLM_NTH(polls, HOLM_MONITOR__CAPTURE_POLLS, 1) =
        (struct pollfd){ .fd = waits || capture->gone ? -1 : capture->device, .events = POLLIN };
}

void holm_monitor__capture_step(struct holm_monitor_capture *capture)
{
    if (capture->device < 0) {
        device_take(capture);
        return;
    }
    out(capture);
    in(capture);
}

void holm_monitor__capture_end(struct holm_monitor_capture *capture)
{
    holm_monitor__capture_step(capture); /* its last words */
    (void)close(capture->socket);
    if (capture->device >= 0)
        (void)close(capture->device);
}
