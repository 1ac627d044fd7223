/* SPDX-License-Identifier: ISC */
#include <holm/model_datagram.h>
#include <holm/test.h>

static uint8_t memory[1 << 20];
static struct holm_arena arena;
static struct holm_model_datagrams model;
static struct holm_datagram *a, *b;
static struct holm_datagram_about about;

static void begin(const struct holm_model_link_options *options)
{
    struct holm_endpoint one = { holm_ip_v4(192, 0, 2, 1), 1001 };
    struct holm_endpoint two = { holm_ip_v4(192, 0, 2, 2), 1002 };

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_model_datagrams_init(&model, &arena, 2, options), HOLM_OK);
    CHECK_IS(holm_model_datagram_open(&model, &a, &one), HOLM_OK);
    CHECK_IS(holm_model_datagram_open(&model, &b, &one), HOLM_ERR_IN_USE);
    CHECK_IS(holm_model_datagram_open(&model, &b, &two), HOLM_OK);
    two.port = 1003;
    CHECK_IS(holm_model_datagram_open(&model, &b, &two), HOLM_ERR_NO_MEMORY);
    about = (struct holm_datagram_about){ .peer = { holm_ip_v4(192, 0, 2, 2), 1002 }, .ecn = 2 };
}

TEST(a_datagram_arrives_after_its_delay_with_what_goes_with_it)
{
    struct holm_span in = { 0 };
    struct holm_datagram_about came = { 0 };

    begin(&(struct holm_model_link_options){ .delay_ns = 500 });
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("query"), &about), HOLM_OK);
    CHECK_IS(holm_model_datagrams_move(&model, 100), 500);
    CHECK_IS(holm_datagram_receive(b, &in, &came), HOLM_AGAIN);
    holm_model_datagrams_move(&model, 500);
    CHECK_IS(holm_datagram_receive(b, &in, &came), HOLM_OK);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("query"));
    CHECK(came.peer.port == 1001 && came.local.port == 1002 && came.ecn == 2);
    CHECK(holm_endpoint_equal(&came.peer, &a->local));
    about.peer = came.peer;
    CHECK_IS(holm_datagram_send(b, HOLM_TEXT(""), &about), HOLM_OK);
    holm_model_datagrams_move(&model, 1000);
    CHECK_IS(holm_datagram_receive(a, &in, &came), HOLM_OK);
    CHECK_IS(in.len, 0);
    CHECK_IS(holm_datagram_receive(a, &in, &came), HOLM_AGAIN);
    holm_arena_end(&arena);
}

TEST(errors_are_told)
{
    static uint8_t long_room[HOLM_DATAGRAM_MAX + 1], packet_room[2048];
    struct holm_span in = { 0 };
    struct holm_datagram_about came = { 0 };
    struct holm_ip_address group = holm_ip_v4(224, 0, 0, 251);

    begin(&(struct holm_model_link_options){ 0 });
    CHECK_IS(holm_datagram_send(a, HOLM_BLOB(long_room), &about), HOLM_ERR_LIMIT);
    about.peer.port = 9;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(holm_datagram_receive(a, &in, &came), HOLM_ERR_UNREACHABLE);
    CHECK_IS(holm_datagram_receive(a, &in, &came), HOLM_AGAIN);
    about.has_mac = true;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_ERR_UNSUPPORTED);
    about =
        (struct holm_datagram_about){ .peer = { holm_ip_v4(192, 0, 2, 2), 1002 }, .interface = 7 };
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(holm_datagram_receive(a, &in, &came), HOLM_ERR_UNREACHABLE);
    about = (struct holm_datagram_about){ .peer = about.peer, .dont_fragment = true };
    CHECK_IS(holm_datagram_send(a, HOLM_BLOB(packet_room), &about), HOLM_OK);
    CHECK_IS(holm_datagram_receive(a, &in, &came), HOLM_ERR_LIMIT);
    CHECK_IS(holm_datagram_join(a, &group, 7), HOLM_ERR_NOT_FOUND);
    CHECK_IS(holm_datagram_leave(a, &group, 0), HOLM_ERR_NOT_FOUND);
    CHECK_IS(holm_datagram_join(a, &a->local.address, 0), HOLM_ERR_INVALID);
    for (uint8_t i = 0; i < HOLM_MODEL_DATAGRAM_GROUPS_MAX; i++) {
        group = holm_ip_v4(224, 0, 1, i);
        CHECK_IS(holm_datagram_join(a, &group, 0), HOLM_OK);
        CHECK_IS(holm_datagram_join(a, &group, 0), HOLM_ERR_IN_USE);
    }
    group = holm_ip_v4(224, 0, 2, 1);
    CHECK_IS(holm_datagram_join(a, &group, 0), HOLM_ERR_NO_MEMORY);
    holm_datagram_close(a);
    struct holm_endpoint again = { .port = 1001 };
    CHECK_IS(holm_model_datagram_open(&model, &a, &again), HOLM_OK);
    holm_arena_end(&arena);
}

/* got answers whether a datagram came to a port, and gives it. */
static bool got(struct holm_datagram *datagram, struct holm_datagram_about *came)
{
    struct holm_span in = { 0 };

    holm_model_datagrams_move(&model, model.now_ns + 1);
    return holm_datagram_receive(datagram, &in, came) == HOLM_OK;
}

TEST(groups_go_to_their_members_and_broadcasts_to_all)
{
    struct holm_ip_address group = holm_ip_v4(224, 0, 0, 251);
    struct holm_datagram_about came = { 0 };
    struct holm_span in = { 0 };
    struct holm_datagram *c = NULL;
    struct holm_endpoint third = { holm_ip_v4(192, 0, 2, 3), 1002 };

    begin(&(struct holm_model_link_options){ 0 });
    holm_datagram_close(b);
    struct holm_endpoint second = { holm_ip_v4(192, 0, 2, 2), 1002 };
    CHECK_IS(holm_model_datagram_open(&model, &b, &second), HOLM_OK);
    CHECK_IS(holm_datagram_join(b, &group, 0), HOLM_OK);
    about = (struct holm_datagram_about){ .peer = { group, 1002 } };
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("all"), &about), HOLM_OK);
    CHECK(got(b, &came));
    CHECK(came.hop_limit == 1 && came.interface == HOLM_MODEL_DATAGRAM_INTERFACE);
    CHECK(holm_ip_equal(&came.local.address, &group));
    struct holm_datagram_about answer = holm_datagram_answer(&came);
    CHECK_IS(holm_datagram_send(b, HOLM_TEXT("me"), &answer), HOLM_OK);
    CHECK(got(a, &came));
    CHECK(holm_endpoint_equal(&came.peer, &second)); /* a group is no source */
    CHECK_IS(holm_datagram_leave(b, &group, 0), HOLM_OK);
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("all"), &about), HOLM_OK);
    CHECK(!got(b, &came));

    holm_datagram_close(a);
    CHECK_IS(holm_model_datagram_open(&model, &c, &third), HOLM_OK);
    about = (struct holm_datagram_about){ .peer = { holm_ip_v4(255, 255, 255, 255), 1002 } };
    CHECK_IS(holm_datagram_send(b, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(holm_datagram_receive(b, &in, &came), HOLM_ERR_PERMISSION);
    about.broadcast = true;
    CHECK_IS(holm_datagram_send(b, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK(got(b, &came) && got(c, &came));
    holm_arena_end(&arena);
}
