/* SPDX-License-Identifier: ISC */
#include "door.h"

#include <holm/test.h>

struct door door;

void door_open(void)
{
    static bool opened;

    if (opened)
        return;
    opened = true;
    CHECK_IS(holm_unix_start(), HOLM_OK);
    door_turn(0);
}

void door_turn(uint64_t sleep_ms)
{
    uint64_t until_ns = sleep_ms == 0 ? 0 : door.turn.now_ns + sleep_ms * 1000000;

    holm_platform_turn(&door.turn, &door.queue, until_ns);
}

enum holm_result door_wait(const struct holm_operation *operation)
{
    uint64_t end_ns = door.turn.now_ns + 10 * UINT64_C(1000000000);

    while (operation->submitted && door.turn.now_ns < end_ns)
        holm_platform_turn(&door.turn, &door.queue, end_ns);
    return operation->result;
}

enum holm_result door_do(struct holm_operation *operation)
{
    holm_operation_submit(&door.queue, operation);
    return door_wait(operation);
}

holm_port door_listen(struct holm_endpoint *local, enum holm_ip_family family)
{
    struct holm_operation listen = { .kind = HOLM_OPERATION_LISTEN };

    listen.endpoint.address = holm_ip_loopback(family);
    CHECK_IS(door_do(&listen), HOLM_OK);
    *local = listen.local;
    return listen.port;
}

bool door_pair(holm_port *client, holm_port *server)
{
    struct holm_endpoint local = { 0 };
    holm_port listener = door_listen(&local, HOLM_IP_V4);
    struct holm_operation connect = { .kind = HOLM_OPERATION_CONNECT, .endpoint = local };
    struct holm_operation accept = { .kind = HOLM_OPERATION_ACCEPT, .port = listener };

    holm_operation_submit(&door.queue, &accept);
    bool well = CHECK_IS(door_do(&connect), HOLM_OK) && CHECK_IS(door_wait(&accept), HOLM_OK);
    *client = connect.port;
    *server = accept.accepted;
    door_close(listener, false);
    return well;
}

void door_close(holm_port port, bool reset)
{
    struct holm_operation close = { .kind = HOLM_OPERATION_CLOSE, .port = port, .reset = reset };

    CHECK_IS(door_do(&close), HOLM_OK);
}
