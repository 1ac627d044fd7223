/* SPDX-License-Identifier: ISC */
/* A host that gives 64 descriptors and no more: who comes later waits, nothing spins, and when one
 * leaves the next is served. */
#include "door.h"

#include <sys/resource.h>
#include <time.h>

#include <holm/test.h>

#define DESCRIPTORS 64

static uint64_t processor_ns(void)
{
    struct timespec time = { 0 };

    CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

TEST(without_descriptors_accepting_waits_and_goes_on_when_one_is_closed)
{
    const struct rlimit limit = { DESCRIPTORS, DESCRIPTORS };
    static struct holm_operation clients[DESCRIPTORS];
    struct holm_endpoint local = { 0 };
    size_t connected = 0;

    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    door_open();
    holm_port listener = door_listen(&local, HOLM_IP_V4);
    for (size_t i = 0; i < DESCRIPTORS; i++) {
        struct holm_operation *client = &HOLM_AT(clients, i);
        *client = (struct holm_operation){ .kind = HOLM_OPERATION_CONNECT, .endpoint = local };
        enum holm_result result = door_do(client);
        if (result == HOLM_ERR_NO_MEMORY)
            break;
        CHECK_IS(result, HOLM_OK);
        connected += 1;
    }
    CHECK(connected > DESCRIPTORS / 2 && connected < DESCRIPTORS);

    struct holm_operation accept = { .kind = HOLM_OPERATION_ACCEPT, .port = listener };
    holm_operation_submit(&door.queue, &accept);
    uint64_t before_ns = processor_ns();
    uint64_t end_ns = door.turn.now_ns + 300 * UINT64_C(1000000);
    unsigned turns = 0;
    while (door.turn.now_ns < end_ns) {
        holm_platform_turn(&door.turn, &door.queue, end_ns);
        turns += 1;
    }
    CHECK_IS(accept.result, HOLM_AGAIN);
    CHECK(turns <= 6);
    CHECK(processor_ns() - before_ns < 20 * UINT64_C(1000000));

    door_close(clients[0].port, true); /* that client may be the one that is accepted next */
    CHECK_IS(door_wait(&accept), HOLM_OK);
    door_close(accept.accepted, true);
    for (size_t i = 1; i < connected; i++) { /* nobody is lost */
        accept = (struct holm_operation){ .kind = HOLM_OPERATION_ACCEPT, .port = listener };
        CHECK_IS(door_do(&accept), HOLM_OK);
        door_close(accept.accepted, true);
        door_close(HOLM_AT(clients, i).port, true);
    }
    door_close(listener, false);
}
