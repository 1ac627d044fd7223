/* SPDX-License-Identifier: ISC */
/* A turn of the call page, over a socket in the place of a network device: what it waits for, and how long. */
#include "page_impl.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <holm/test.h>

#define SECOND_NS UINT64_C(1000000000)
/* Longer than the test may take, so that who waits to the end is noticed. */
#define TOO_LONG_NS (600 * SECOND_NS)
#define SENDS_MAX 17
/* Where the far end of the socket is. */
#define FAR 20
#define FRAME_BYTES 8

struct holm_page_data holm_page__data;

static const struct holm_abi_boot boot = { .devices_count = 1 };
static struct holm_abi_request requests[SENDS_MAX + 1];
static struct holm_abi_turn turn;
static uint8_t sent[FRAME_BYTES], received[FRAME_BYTES];

static void begin(uint64_t patience_ns)
{
    int ends[2];

    CHECK_IS(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    CHECK_IS(dup2(HOLM_AT(ends, 1), FAR), FAR); /* first: it may be where the device belongs */
    CHECK_IS(dup2(ends[0], HOLM_PAGE_DEVICE_FIRST), HOLM_PAGE_DEVICE_FIRST);
    for (size_t i = 0; i < HOLM_COUNT(ends); i++)
        if (HOLM_AT(ends, i) != FAR && HOLM_AT(ends, i) != HOLM_PAGE_DEVICE_FIRST)
            (void)close(HOLM_AT(ends, i));
    CHECK_IS(fcntl(HOLM_PAGE_DEVICE_FIRST, F_SETFL, O_NONBLOCK), 0);
    holm_page__data = (struct holm_page_data){ .boot = &boot, .patience_ns = patience_ns };
}

static void end(void)
{
    (void)close(FAR);
    (void)close(HOLM_PAGE_DEVICE_FIRST);
}

static uint64_t now_ns(void)
{
    struct timespec now;

    CHECK_IS(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* turn_make sends so many frames and asks for one; all must have left. Answers how long it took. */
static uint64_t turn_make(size_t sends, uint64_t until_ns)
{
    static struct holm_abi_bytes out = { sent, FRAME_BYTES }, in = { received, FRAME_BYTES };
    uint64_t before_ns = now_ns();

    for (size_t i = 0; i < sends; i++)
        HOLM_AT(requests, i) =
            (struct holm_abi_request){ .kind = HOLM_ABI_SEND, .pieces = &out, .pieces_count = 1 };
    HOLM_AT(requests, sends) =
        (struct holm_abi_request){ .kind = HOLM_ABI_RECEIVE, .pieces = &in, .pieces_count = 1 };
    turn = (struct holm_abi_turn){ .until_ns = until_ns,
                                   .requests = &requests[0],
                                   .requests_count = sends + 1 };
    holm_page__turn(&turn);
    for (size_t i = 0; i < sends; i++)
        CHECK_IS(HOLM_AT(requests, i).answer, FRAME_BYTES);
    CHECK(turn.now_ns >= before_ns);
    return turn.now_ns - before_ns;
}

/* answer_one answers one frame when it has come. */
static void *answer_one(void *context)
{
    uint8_t frame[FRAME_BYTES];

    (void)context;
    CHECK_IS(read(FAR, frame, sizeof frame), FRAME_BYTES);
    CHECK_IS(write(FAR, frame, sizeof frame), FRAME_BYTES);
    return NULL;
}

TEST(a_turn_in_which_a_frame_left_is_over)
{
    begin(0);
    (void)turn_make(1, UINT64_MAX);
    CHECK_IS(HOLM_AT(requests, 1).answer, HOLM_ABI_AGAIN);
    end();
}

TEST(where_the_way_back_is_dear_the_answer_comes_in_the_same_turn)
{
    pthread_t thread;

    begin(TOO_LONG_NS);
    CHECK_IS(pthread_create(&thread, NULL, answer_one, NULL), 0);
    (void)turn_make(1, UINT64_MAX);
    CHECK_IS(HOLM_AT(requests, 1).answer, FRAME_BYTES);
    CHECK_IS(pthread_join(thread, NULL), 0);
    end();
}

TEST(a_frame_that_is_there_already_ends_the_turn)
{
    begin(TOO_LONG_NS);
    CHECK_IS(write(FAR, sent, sizeof sent), FRAME_BYTES);
    (void)turn_make(1, UINT64_MAX);
    CHECK_IS(HOLM_AT(requests, 1).answer, FRAME_BYTES);
    end();
}

TEST(no_answer_is_waited_for_longer_than_patience_or_the_image_allow)
{
    const uint64_t short_ns = 2000000;

    begin(short_ns);
    CHECK(turn_make(1, UINT64_MAX) >= short_ns); /* that it may send more does not end it */
    CHECK_IS(HOLM_AT(requests, 1).answer, HOLM_ABI_AGAIN);
    end();
    begin(TOO_LONG_NS);
    (void)turn_make(1, now_ns() + short_ns);
    CHECK_IS(HOLM_AT(requests, 1).answer, HOLM_ABI_AGAIN);
    (void)turn_make(1, 0);
    CHECK_IS(HOLM_AT(requests, 1).answer, HOLM_ABI_AGAIN);
    end();
}

TEST(who_sends_much_has_it_answered_at_once)
{
    begin(TOO_LONG_NS);
    (void)turn_make(SENDS_MAX, UINT64_MAX);
    CHECK_IS(HOLM_AT(requests, SENDS_MAX).answer, HOLM_ABI_AGAIN);
    end();
}
