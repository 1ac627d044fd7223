/* SPDX-License-Identifier: ISC */
#include <holm/model_network.h>
#include <holm/test.h>

static uint8_t memory[4 * 1024 * 1024];
static struct holm_arena arena;
static struct holm_model_network model;
static struct holm_listener *listener;
static struct holm_flow *client, *server;
static struct holm_ready ready;
static struct holm_pump pump;

static const struct holm_endpoint anywhere = { .port = 80 };
static struct holm_endpoint peer = { .port = 80 };

static void nothing(struct holm_pump *of, void *context)
{
    (void)of;
    (void)context;
}

static void begin(const struct holm_model_options *options)
{
    struct holm_open open = { 0 };

    ready = (struct holm_ready){ 0 };
    peer.address = holm_ip_v4(192, 0, 2, 1);
    holm_pump_init(&pump, &ready, nothing, NULL);
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_model_network_init(&model, &arena, options), HOLM_OK);
    CHECK_IS(model.network.ops->listen(&model.network, &open, &listener, &anywhere), HOLM_OK);
}

static void join(void)
{
    struct holm_open open = { .wake = { &pump } };
    const struct holm_network_ops *ops = model.network.ops;

    CHECK_IS(ops->connect(&model.network, &open, &client, &peer), HOLM_AGAIN);
    CHECK_IS(holm_listener_accept(listener, &server), HOLM_AGAIN);
    CHECK(holm_model_network_move(&model));
    CHECK(holm_ready_take(&ready) == &pump);
    CHECK_IS(ops->connect(&model.network, &open, &client, &peer), HOLM_OK);
    CHECK_IS(holm_listener_accept(listener, &server), HOLM_OK);
}

static void end(void)
{
    for (int i = 0; i < 10; i++)
        holm_model_network_move(&model);
    CHECK_IS(model.flows_used, 0);
    holm_arena_end(&arena);
}

static void send(struct holm_flow *flow, struct holm_bytes bytes)
{
    struct holm_buffer out = { 0 };

    CHECK_IS(holm_flow_room(flow, &out, bytes.len), HOLM_OK);
    CHECK(holm_buffer_bytes(&out, bytes));
    holm_flow_give(flow, &out);
}

TEST(what_is_given_arrives_with_the_next_move_and_rings)
{
    struct holm_span in = { 0 };

    begin(&(struct holm_model_options){ 0 });
    join();
    server->in.pump = &pump;
    send(client, HOLM_TEXT("hello"));
    CHECK_IS(holm_flow_peek(server, &in, 1), HOLM_AGAIN);
    CHECK(holm_model_network_move(&model));
    CHECK(holm_ready_take(&ready) == &pump);
    CHECK_IS(holm_flow_peek(server, &in, 6), HOLM_AGAIN);
    CHECK_IS(holm_flow_peek(server, &in, 5), HOLM_OK);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("hello"));
    holm_flow_take(server, 2);
    CHECK_IS(holm_flow_peek(server, &in, 1), HOLM_OK);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("llo"));
    holm_flow_close(client);
    CHECK_IS(holm_flow_peek(server, &in, 1), HOLM_ERR_RESET);
    holm_flow_close(server);
    end();
}

TEST(an_orderly_end_comes_after_the_last_byte_and_a_close_without_it_resets)
{
    struct holm_span in = { 0 };
    struct holm_buffer out = { 0 };

    begin(&(struct holm_model_options){ 0 });
    join();
    send(client, HOLM_TEXT("last"));
    CHECK_IS(holm_flow_finish(client), HOLM_OK);
    CHECK_IS(holm_flow_room(client, &out, 1), HOLM_END);
    holm_flow_close(client); /* lingers */
    holm_model_network_move(&model);
    CHECK_IS(holm_flow_peek(server, &in, 5), HOLM_END);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("last"));
    holm_flow_take(server, 4);
    CHECK_IS(holm_flow_peek(server, &in, 1), HOLM_END);
    send(server, HOLM_TEXT("nobody reads this"));
    holm_model_network_move(&model);
    CHECK_IS(holm_flow_room(server, &out, 1), HOLM_ERR_RESET);
    holm_flow_close(server);
    end();
}

TEST(lent_bytes_are_free_again_when_they_have_moved_or_the_flow_is_closed)
{
    struct holm_lease lease = { .done = { &pump } };
    struct holm_span in = { 0 };

    begin(&(struct holm_model_options){ .is_private = true });
    join();
    CHECK_IS(holm_flow_lend(client, HOLM_TEXT("one"), &lease), HOLM_OK);
    send(client, HOLM_TEXT(" and "));
    CHECK_IS(holm_flow_lend(client, HOLM_TEXT("two"), &lease), HOLM_OK);
    CHECK_IS(lease.uses, 2);
    holm_model_network_move(&model);
    CHECK_IS(lease.uses, 0);
    CHECK(holm_ready_take(&ready) == &pump);
    CHECK_IS(holm_flow_peek(server, &in, 1), HOLM_OK);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("one and two"));
    CHECK_IS(holm_flow_lend(client, HOLM_TEXT("three"), &lease), HOLM_OK);
    holm_flow_close(client);
    CHECK_IS(lease.uses, 1); /* it ends with the transport, not with the call */
    (void)holm_model_network_move(&model);
    CHECK_IS(lease.uses, 0);
    struct holm_flow_facts facts;
    holm_flow_facts(server, &facts);
    CHECK(facts.is_private && facts.local.port == 80 && facts.peer.port >= 49152);
    holm_flow_close(server);
    end();
}

TEST(a_full_transport_answers_again_and_rings_when_it_has_room)
{
    struct holm_buffer out = { 0 };
    struct holm_span in = { 0 };
    size_t sent = 0, taken = 0;

    begin(&(struct holm_model_options){ .buffer_bytes = HOLM_FLOW_MIN_MAX });
    join();
    client->out.pump = &pump;
    while (holm_flow_room(client, &out, 1) == HOLM_OK) {
        holm_span_fill(holm_buffer_room(&out), 7);
        out.len = out.size;
        holm_flow_give(client, &out);
        sent += out.len;
        holm_model_network_move(&model);
    }
    CHECK_IS(sent, 2 * HOLM_FLOW_MIN_MAX);
    CHECK(holm_ready_take(&ready) == &pump);
    while (holm_flow_peek(server, &in, 1) == HOLM_OK) {
        taken += in.len;
        holm_flow_take(server, in.len);
        (void)holm_flow_peek(server, &in, 1);
        holm_model_network_move(&model);
    }
    CHECK_IS(taken, sent);
    CHECK(holm_ready_take(&ready) == &pump);
    CHECK_IS(holm_flow_room(client, &out, HOLM_FLOW_MIN_MAX), HOLM_OK);
    holm_flow_close(client);
    holm_flow_close(server);
    end();
}

TEST(bytes_come_in_pieces_of_random_length_and_in_order)
{
    struct holm_span in = { 0 };
    size_t moves = 0, taken = 0;

    begin(&(struct holm_model_options){ .move_bytes_max = 5, .seed = holm_test_seed() });
    join();
    for (int i = 0; i < 26; i++)
        send(client, HOLM_TEXT("abcdefghij"));
    while (holm_model_network_move(&model)) {
        moves++;
        if (holm_flow_peek(server, &in, 10) != HOLM_OK)
            continue;
        struct holm_span ten = { 0 };
        CHECK(holm_span_part(in, 0, 10, &ten));
        CHECK_BYTES(holm_span_bytes(ten), HOLM_TEXT("abcdefghij"));
        holm_flow_take(server, 10);
        taken += 10;
    }
    CHECK(moves >= 52);
    CHECK(taken >= 250);
    holm_flow_close(client);
    holm_flow_close(server);
    end();
}

TEST(errors_come_when_a_test_asks_for_them)
{
    struct holm_open open = { 0 };
    struct holm_span in = { 0 };
    const struct holm_endpoint nobody = { .port = 81 };

    begin(&(struct holm_model_options){ .flows_max = 3 });
    join();
    holm_model_listener_fail(listener, HOLM_ERR_NO_MEMORY);
    CHECK_IS(holm_listener_accept(listener, &server), HOLM_ERR_NO_MEMORY);
    CHECK_IS(holm_listener_accept(listener, &server), HOLM_AGAIN);
    holm_model_flow_fail(server, HOLM_ERR_IO);
    CHECK_IS(holm_flow_peek(server, &in, 1), HOLM_ERR_IO);
    CHECK_IS(holm_flow_peek(client, &in, 1), HOLM_ERR_RESET);
    CHECK_IS(model.network.ops->connect(&model.network, &open, &client, &nobody), HOLM_AGAIN);
    holm_flow_close(server);
    holm_model_network_move(&model);
    struct holm_flow *refused = NULL;
    CHECK_IS(model.network.ops->connect(&model.network, &open, &refused, &nobody),
             HOLM_ERR_REFUSED);
    CHECK_IS(model.network.ops->listen(&model.network, &open, &listener, &anywhere),
             HOLM_ERR_IN_USE);
    holm_flow_close(client);
    end();
}

TEST(an_opening_can_be_cancelled_at_any_time)
{
    struct holm_open open = { 0 };

    begin(&(struct holm_model_options){ 0 });
    CHECK_IS(model.network.ops->connect(&model.network, &open, &client, &peer), HOLM_AGAIN);
    model.network.ops->cancel(&model.network, &open);
    CHECK_IS(model.network.ops->connect(&model.network, &open, &client, &peer), HOLM_AGAIN);
    holm_model_network_move(&model);
    model.network.ops->cancel(&model.network, &open);
    CHECK_IS(holm_listener_accept(listener, &server), HOLM_OK);
    holm_flow_close(server);
    holm_listener_close(listener);
    CHECK_IS(holm_listener_accept(listener, &server), HOLM_END);
    end();
}
