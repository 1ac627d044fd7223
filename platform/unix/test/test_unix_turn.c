/* SPDX-License-Identifier: ISC */
/* The door over real sockets of the loopback interface. */
#include "door.h"

#include <holm/test.h>

static struct holm_arena arena;
static struct holm_chunk_pool pool;
static uint8_t memory[4 * sizeof(struct holm_chunk)];

static void start(void)
{
    door_open();
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, 2), HOLM_OK);
}

static enum holm_result send_text(holm_port port, struct holm_bytes text)
{
    struct holm_operation send = { .kind = HOLM_OPERATION_SEND, .port = port, .pieces_count = 1 };

    send.pieces[0] = text;
    return door_do(&send);
}

TEST(a_turn_brings_time_and_entropy_once)
{
    start();
    uint64_t before_ns = door.turn.now_ns;
    door_turn(2);
    CHECK(door.turn.now_ns - before_ns >= 2000000);
    CHECK_IS(door.turn.entropy_size, 0);
    CHECK(door.turn.utc_ns > INT64_C(1700000000) * 1000000000);
}

TEST(bytes_go_from_one_end_to_the_other_and_the_end_after_them)
{
    holm_port client, server;
    start();
    if (!door_pair(&client, &server))
        return;
    CHECK_IS(send_text(client, HOLM_TEXT("hello")), HOLM_OK);
    struct holm_operation finish = { .kind = HOLM_OPERATION_FINISH, .port = client };
    CHECK_IS(door_do(&finish), HOLM_OK);
    struct holm_operation receive = { .kind = HOLM_OPERATION_RECEIVE,
                                      .port = server,
                                      .pool = &pool };
    CHECK_IS(door_do(&receive), HOLM_OK);
    CHECK_IS(receive.size, 5);
    CHECK_BYTES(holm_span_bytes(holm_chunk_held(receive.chunk)), HOLM_TEXT("hello"));
    CHECK_IS(pool.free_count, 1);
    CHECK_IS(door_do(&receive), HOLM_END);
    CHECK_IS(pool.free_count, 1);
    holm_chunk_give(&pool, receive.chunk);
    door_close(client, false);
    door_close(server, false);
}

TEST(a_reset_is_an_error_and_no_end)
{
    holm_port client, server;
    start();
    if (!door_pair(&client, &server))
        return;
    struct holm_operation receive = { .kind = HOLM_OPERATION_RECEIVE,
                                      .port = server,
                                      .pool = &pool };
    holm_operation_submit(&door.queue, &receive);
    door_close(client, true);
    CHECK_IS(door_wait(&receive), HOLM_ERR_RESET);
    CHECK_IS(pool.free_count, 2);
    door_close(server, false);
}

TEST(a_receive_waits_for_a_chunk_and_goes_on_when_one_is_free)
{
    holm_port client, server;
    start();
    if (!door_pair(&client, &server))
        return;
    struct holm_chunk *first = holm_chunk_take(&pool, NULL);
    struct holm_chunk *second = holm_chunk_take(&pool, NULL);
    struct holm_operation receive = { .kind = HOLM_OPERATION_RECEIVE,
                                      .port = server,
                                      .pool = &pool };
    holm_operation_submit(&door.queue, &receive);
    CHECK_IS(send_text(client, HOLM_TEXT("x")), HOLM_OK);
    door_turn(5);
    CHECK_IS(receive.result, HOLM_AGAIN);
    holm_chunk_give(&pool, first);
    CHECK_IS(door_wait(&receive), HOLM_OK);
    holm_chunk_give(&pool, receive.chunk);
    holm_chunk_give(&pool, second);
    door_close(client, true);
    door_close(server, true);
}

TEST(a_port_that_was_closed_is_stale_and_its_operations_are_cancelled)
{
    holm_port client, server;
    start();
    if (!door_pair(&client, &server))
        return;
    struct holm_operation receive = { .kind = HOLM_OPERATION_RECEIVE,
                                      .port = server,
                                      .pool = &pool };
    holm_operation_submit(&door.queue, &receive);
    door_turn(0);
    door_close(server, true);
    CHECK_IS(receive.result, HOLM_ERR_CANCELLED);
    CHECK_IS(send_text(server, HOLM_TEXT("x")), HOLM_ERR_STALE);
    door_close(client, true);
}

TEST(nobody_listening_is_refused_and_a_port_in_use_is_told)
{
    struct holm_endpoint local = { 0 };
    start();
    holm_port listener = door_listen(&local, HOLM_IP_V4);
    struct holm_operation again = { .kind = HOLM_OPERATION_LISTEN, .endpoint = local };
    CHECK_IS(door_do(&again), HOLM_ERR_IN_USE);
    door_close(listener, false);
    struct holm_operation connect = { .kind = HOLM_OPERATION_CONNECT, .endpoint = local };
    CHECK_IS(door_do(&connect), HOLM_ERR_REFUSED);
}

TEST(an_answer_is_read_by_a_peer_that_still_sends_after_an_orderly_close)
{
    holm_port client, server;
    start();
    if (!door_pair(&client, &server))
        return;
    CHECK_IS(send_text(client, HOLM_TEXT("a request that nobody reads")), HOLM_OK);
    CHECK_IS(send_text(server, HOLM_TEXT("no")), HOLM_OK);
    door_close(server, false);
    CHECK_IS(send_text(client, HOLM_TEXT("more of it")), HOLM_OK);
    door_turn(1);
    struct holm_operation receive = { .kind = HOLM_OPERATION_RECEIVE,
                                      .port = client,
                                      .pool = &pool };
    CHECK_IS(door_do(&receive), HOLM_OK);
    CHECK_BYTES(holm_span_bytes(holm_chunk_held(receive.chunk)), HOLM_TEXT("no"));
    holm_chunk_give(&pool, receive.chunk);
    receive.chunk = NULL;
    CHECK_IS(door_do(&receive), HOLM_END);
    door_close(client, false);
}

TEST(a_datagram_is_answered_to_where_it_came_from_in_both_families)
{
    static const enum holm_ip_family families[] = { HOLM_IP_V4, HOLM_IP_V6 };
    static uint8_t bytes[100];
    start();
    for (size_t i = 0; i < HOLM_COUNT(families); i++) {
        struct holm_ip_address here = holm_ip_loopback(HOLM_AT(families, i));
        struct holm_operation server = { .kind = HOLM_OPERATION_DATAGRAM_OPEN };
        struct holm_operation client = { .kind = HOLM_OPERATION_DATAGRAM_OPEN };
        CHECK_IS(door_do(&server), HOLM_OK); /* every address of both families */
        client.endpoint.address = here;
        CHECK_IS(door_do(&client), HOLM_OK);
        struct holm_operation send = { .kind = HOLM_OPERATION_DATAGRAM_SEND,
                                       .port = client.port,
                                       .endpoint = { here, server.local.port },
                                       .pieces_count = 1 };
        send.pieces[0] = HOLM_TEXT("ping");
        CHECK_IS(door_do(&send), HOLM_OK);
        struct holm_operation receive = { .kind = HOLM_OPERATION_DATAGRAM_RECEIVE,
                                          .port = server.port,
                                          .span = { bytes, sizeof bytes } };
        CHECK_IS(door_do(&receive), HOLM_OK);
        CHECK_IS(receive.size, 4);
        CHECK(holm_endpoint_equal(&receive.endpoint, &client.local));
        CHECK(holm_ip_equal(&receive.local.address, &here));
        send = (struct holm_operation){ .kind = HOLM_OPERATION_DATAGRAM_SEND,
                                        .port = server.port,
                                        .endpoint = receive.endpoint,
                                        .local = receive.local,
                                        .pieces_count = 1 };
        send.pieces[0] = HOLM_TEXT("pong!");
        CHECK_IS(door_do(&send), HOLM_OK);
        receive.port = client.port;
        CHECK_IS(door_do(&receive), HOLM_OK);
        CHECK_IS(receive.size, 5);
        door_close(client.port, false);
        door_close(server.port, false);
    }
}
