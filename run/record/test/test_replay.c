/* SPDX-License-Identifier: ISC */
/* A run over a platform of whims is recorded, and replayed without it to the same output. */
#include <holm/checksum.h>
#include <holm/entropy.h>
#include <holm/model_turn.h>
#include <holm/random.h>
#include <holm/record.h>
#include <holm/test.h>

#include "../src/record_impl.h"

#define CONNECTIONS 4
#define OUTPUT_MAX (1 << 20)
#define RECORDING_MAX (4 << 20)
#define FLYING_MAX 32

static uint8_t memory[4 * 1024 * 1024];
static uint8_t output_room[2][OUTPUT_MAX];
static uint8_t recording_room[RECORDING_MAX];
static struct holm_buffer output, recording;
static struct holm_arena arena;
static struct holm_chunk_pool pool;
static struct holm_run run;
static struct holm_arena aside; /* the recorder's */
static uint8_t aside_room[1 << 16];
static struct holm_boot boot;
static struct holm_record record;
static struct holm_replay replay;

/* The platform of whims: completes what it likes, when it likes. */
static struct holm_random_seeded whim;
static struct holm_operation *flying[FLYING_MAX];
static struct holm_model_clock clock;
static struct holm_model_entropy entropy;
static uint32_t whim_turns;
static uint32_t port_last;

static void collect(const struct holm_operation *operation)
{
    for (size_t i = 0; i < operation->pieces_count; i++)
        CHECK(holm_buffer_bytes(&output, HOLM_AT(operation->pieces, i)));
}

static void receive(struct holm_operation *operation)
{
    struct holm_buffer to;

    operation->size = 1 + holm_random_seeded_next(&whim) % 300;
    operation->chunk = holm_chunk_take(operation->pool, NULL);
    CHECK(operation->chunk != NULL);
    to = holm_span_buffer(holm_chunk_room(operation->chunk));
    for (size_t i = 0; i < operation->size; i++)
        CHECK(holm_buffer_u8(&to, (uint8_t)holm_random_seeded_next(&whim)));
    operation->chunk->len += operation->size;
}

static void complete(struct holm_operation *operation)
{
    bool ends =
        operation->kind == HOLM_OPERATION_RECEIVE && holm_random_seeded_next(&whim) % 8 == 0;

    if (operation->kind == HOLM_OPERATION_ACCEPT) {
        operation->accepted = ++port_last;
        operation->endpoint = (struct holm_endpoint){ holm_ip_v4(192, 0, 2, 7), 1234 };
    }
    if (operation->kind == HOLM_OPERATION_LISTEN)
        operation->port = ++port_last;
    if (operation->kind == HOLM_OPERATION_RECEIVE && !ends)
        receive(operation);
    holm_operation_complete(operation, ends ? HOLM_END : HOLM_OK);
}

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    (void)sleep_until_ns;
    struct holm_operation *operation = queue->first;
    *queue = (struct holm_operations){ .id_last = queue->id_last };
    while (operation != NULL) {
        struct holm_operation *next = operation->next;
        size_t free = 0;
        while (HOLM_AT(flying, free) != NULL)
            free++;
        HOLM_AT(flying, free) = operation;
        if (operation->kind == HOLM_OPERATION_SEND)
            collect(operation);
        operation = next;
    }
    for (size_t i = 0; i < FLYING_MAX; i++) {
        size_t at = (i * 7 + whim_turns) % FLYING_MAX; /* not in the order of submission */
        operation = HOLM_AT(flying, at);
        if (operation == NULL || holm_random_seeded_next(&whim) % 2 == 0)
            continue;
        HOLM_AT(flying, at) = NULL;
        complete(operation);
    }
    holm_model_clock_move(&clock, holm_random_seeded_next(&whim) % 1000000);
    holm_model_clock_tell(&clock, turn);
    if (holm_random_seeded_next(&whim) % 64 == 0)
        holm_model_entropy_wake(&entropy);
    holm_model_entropy_tell(&entropy, turn);
    whim_turns++;
}

void holm_platform_guard(struct holm_span pages)
{
    (void)pages;
}

/* The program: accepts connections, and answers what each says, changed by the time and by the
 * entropy of the start. Its timer sends something by itself. */
struct connection {
    struct holm_pump pump;
    struct holm_timer timer;
    struct holm_operation operation;
    uint8_t answer[400];
};
static struct connection connections[CONNECTIONS];
static struct holm_operation listening;
static uint8_t twist;

static void accept(struct connection *connection)
{
    connection->operation = (struct holm_operation){ .kind = HOLM_OPERATION_ACCEPT,
                                                     .pump = &connection->pump,
                                                     .port = listening.port };
    holm_operation_submit(&run.operations, &connection->operation);
}

static void listen_again(struct connection *connection, holm_port port)
{
    connection->operation = (struct holm_operation){
        .kind = HOLM_OPERATION_RECEIVE, .pump = &connection->pump, .port = port, .pool = &pool
    };
    holm_operation_submit(&run.operations, &connection->operation);
}

static void answer(struct connection *connection, struct holm_chunk *chunk, holm_port port)
{
    struct holm_buffer out = HOLM_BUFFER(connection->answer);
    struct holm_bytes in = holm_span_bytes(holm_chunk_held(chunk));
    uint8_t byte = 0;

    CHECK(holm_buffer_u8(&out, (uint8_t)(run.turn.now_ns & 0xff)));
    while (holm_bytes_u8(&in, &byte))
        CHECK(holm_buffer_u8(&out, byte ^ run.turn.entropy[0] ^ twist));
    holm_chunk_give(&pool, chunk);
    connection->operation = (struct holm_operation){ .kind = HOLM_OPERATION_SEND,
                                                     .pump = &connection->pump,
                                                     .port = port,
                                                     .pieces_count = 1,
                                                     .pieces = { holm_buffer_filled(&out) } };
    holm_operation_submit(&run.operations, &connection->operation);
}

static void serve(struct holm_pump *pump, void *context)
{
    struct connection *connection = context;
    struct holm_operation *operation = &connection->operation;

    (void)pump;
    if (listening.result != HOLM_OK || operation->submitted)
        return;
    if (operation->id == 0 ||
        (operation->kind == HOLM_OPERATION_RECEIVE && operation->result == HOLM_END))
        accept(connection);
    else if (operation->kind == HOLM_OPERATION_ACCEPT)
        listen_again(connection, operation->accepted);
    else if (operation->kind == HOLM_OPERATION_RECEIVE)
        answer(connection, operation->chunk, operation->port);
    else
        listen_again(connection, operation->port);
    holm_timer_set(&run.timers, &connection->timer, run.turn.now_ns + 3000000, pump);
}

static void serve_all(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
    for (size_t i = 0; i < CONNECTIONS; i++)
        holm_pump_ready(&HOLM_AT(connections, i).pump);
}

static void begin(uint8_t *to)
{
    output = (struct holm_buffer){ to, 0, OUTPUT_MAX };
    twist = 0;
    holm_model_clock_init(&clock);
    holm_model_entropy_init(&entropy, holm_test_seed());
    whim_turns = 0;
    port_last = 0;
    holm_random_seeded_init(&whim, holm_test_seed());
    for (size_t i = 0; i < FLYING_MAX; i++)
        HOLM_AT(flying, i) = NULL;
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, CONNECTIONS + 1), HOLM_OK);
    CHECK_IS(holm_run_init(&run, &arena, &(struct holm_run_options){ .tasks_max = 1 }), HOLM_OK);
}

static void program(uint32_t turns)
{
    static struct holm_pump listener;

    holm_pump_init(&listener, &run.ready, serve_all, NULL);
    listening = (struct holm_operation){ .kind = HOLM_OPERATION_LISTEN, .pump = &listener };
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *connection = &HOLM_AT(connections, i);
        *connection = (struct connection){ 0 };
        holm_pump_init(&connection->pump, &run.ready, serve, connection);
    }
    holm_operation_submit(&run.operations, &listening);
    for (uint32_t i = 0; i < turns; i++)
        holm_run_turn(&run);
    holm_arena_end(&arena);
}

static void keep(struct holm_record *from, struct holm_bytes bytes)
{
    (void)from;
    CHECK(holm_buffer_bytes(&recording, bytes));
}

static void sent(struct holm_replay *from, const struct holm_operation *operation)
{
    (void)from;
    collect(operation);
}

static void recorder_start(size_t slots_bytes)
{
    boot.arguments_count = 2;
    boot.arguments[0] = HOLM_TEXT("--port=80");
    HOLM_AT(boot.arguments, 1) = HOLM_TEXT("");
    holm_arena_init(&aside, (struct holm_span){ aside_room, slots_bytes });
    CHECK_IS(holm_record_init(&record, &aside, HOLM_TEXT("test"), &boot, keep, NULL), HOLM_OK);
}

static struct holm_bytes record_run(uint32_t turns)
{
    begin(output_room[0]);
    recording = HOLM_BUFFER(recording_room);
    recorder_start(sizeof aside_room);
    run.door = &record.door;
    program(turns);
    CHECK(!record.lost);
    holm_arena_end(&aside);
    return holm_buffer_filled(&output);
}

static struct holm_bytes replay_run(struct holm_bytes from, uint32_t turns, uint8_t twisted)
{
    begin(output_room[1]);
    twist = twisted;
    CHECK_IS(holm_replay_init(&replay, from, sent, NULL), HOLM_OK);
    run.door = &replay.door;
    program(turns);
    CHECK_IS(whim_turns, 0); /* the platform was not asked */
    return holm_buffer_filled(&output);
}

TEST(a_replay_gives_the_same_output_bytes)
{
    struct holm_bytes was = record_run(3000);
    struct holm_bytes is = replay_run(holm_buffer_filled(&recording), 3000, 0);

    CHECK(was.len > 50000);
    CHECK_IS(replay.result, HOLM_OK);
    CHECK_IS(replay.rest.len, 0);
    CHECK(holm_bytes_equal(is, was));
}

TEST(a_program_that_does_something_else_is_noticed)
{
    (void)record_run(300);
    (void)replay_run(holm_buffer_filled(&recording), 300, 1);
    CHECK_IS(replay.result, HOLM_ERR_STALE);
}

TEST(after_the_end_of_a_recording_each_turn_asks_for_a_stop)
{
    (void)record_run(100);
    (void)replay_run(holm_buffer_filled(&recording), 103, 0);
    CHECK_IS(replay.result, HOLM_END);
    CHECK_IS(run.turn.stops, 3);
}

TEST(a_recording_says_what_it_is_of)
{
    (void)record_run(1);
    (void)replay_run(holm_buffer_filled(&recording), 1, 0);
    CHECK_BYTES(replay.image, HOLM_TEXT("test"));
    CHECK_IS(replay.boot.arguments_count, 2);
    CHECK_BYTES(replay.boot.arguments[0], HOLM_TEXT("--port=80"));
    CHECK_IS(HOLM_AT(replay.boot.arguments, 1).len, 0);
}

TEST(a_recording_that_was_cut_off_anywhere_ends_and_does_no_harm)
{
    struct holm_bytes all, part = { 0 };
    size_t ended = 0, cut = 0;

    (void)record_run(20);
    all = holm_buffer_filled(&recording);
    for (size_t len = 0; len < all.len; len += 7) {
        CHECK(holm_bytes_part(all, 0, len, &part));
        if (holm_replay_init(&replay, part, NULL, NULL) != HOLM_OK) {
            CHECK(len < 400); /* before the end of the first turn */
            continue;
        }
        (void)replay_run(part, 25, 0);
        ended += replay.result == HOLM_END;
        cut += replay.result == HOLM_ERR_TRUNCATED;
        CHECK(replay.result == HOLM_END || replay.result == HOLM_ERR_TRUNCATED);
    }
    CHECK(cut > 10 && ended < cut);
}

TEST(a_flipped_bit_anywhere_is_found_before_the_replay)
{
    struct holm_span all;
    size_t accepted = 0;

    (void)record_run(20);
    all = (struct holm_span){ recording_room, holm_buffer_filled(&recording).len };
    for (size_t bit = 0; bit < 8 * all.len; bit += 13) {
        uint8_t *byte = &HOLM_AT(recording_room, bit / 8);
        *byte ^= (uint8_t)(1 << bit % 8);
        enum holm_result result = holm_replay_init(&replay, holm_span_bytes(all), NULL, NULL);
        *byte ^= (uint8_t)(1 << bit % 8);
        CHECK(result != HOLM_OK || replay.cut); /* a length that leads behind the end */
        accepted += result == HOLM_OK;
    }
    CHECK(accepted < all.len / 20);
}

/* forge writes a recording, checksums and all, in which operation came with the first turn. */
static void forge(const struct holm_operation *operation)
{
    const struct holm_record__asked asked = { 0 };
    const struct holm_turn turn = { 0 };
    struct holm_bytes all, entries = { 0 };

    recording = HOLM_BUFFER(recording_room);
    recorder_start(sizeof aside_room);
    size_t head = recording.len;
    holm_record__completion_emit(&recording, operation);
    holm_record__turn_emit(&recording, &turn, &asked);
    all = holm_buffer_filled(&recording);
    CHECK(holm_bytes_from(all, head, &entries));
    holm_record__number_emit(&recording, holm_crc32_update(HOLM_CRC32_START, entries));
    holm_arena_end(&aside);
}

TEST(a_completion_that_claims_bytes_which_did_not_come_ends_the_replay)
{
    struct holm_operation receive = { .kind = HOLM_OPERATION_RECEIVE, .pool = &pool };
    const struct holm_operation claimed = {
        .kind = HOLM_OPERATION_RECEIVE, .id = 1, .result = HOLM_OK, .size = 100
    };

    begin(output_room[0]);
    forge(&claimed);
    CHECK_IS(holm_replay_init(&replay, holm_buffer_filled(&recording), NULL, NULL), HOLM_OK);
    run.door = &replay.door;
    holm_operation_submit(&run.operations, &receive);
    holm_run_turn(&run);
    CHECK_IS(replay.result, HOLM_ERR_STALE);
    CHECK_IS(receive.result, HOLM_AGAIN);
    holm_arena_end(&arena);
}

TEST(what_is_no_recording_is_refused)
{
    CHECK_IS(holm_replay_init(&replay, HOLM_TEXT(""), NULL, NULL), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(holm_replay_init(&replay, HOLM_TEXT("HOLMREC"), NULL, NULL), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(holm_replay_init(&replay, HOLM_TEXT("HOLMREC1"), NULL, NULL), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(holm_replay_init(&replay, HOLM_TEXT("HOLMREC2"), NULL, NULL), HOLM_ERR_TRUNCATED);
}

TEST(an_argument_that_is_too_long_is_not_recorded)
{
    begin(output_room[0]);
    boot.arguments_count = 1;
    boot.arguments[0] = (struct holm_bytes){ memory, HOLM_RECORD_TEXT_MAX + 1 };
    CHECK_IS(holm_record_init(&record, &arena, HOLM_TEXT(""), &boot, keep, NULL), HOLM_ERR_LIMIT);
    holm_arena_end(&arena);
}

TEST(a_recorder_without_slots_says_that_it_lost_the_run)
{
    begin(output_room[0]);
    recording = HOLM_BUFFER(recording_room);
    recorder_start(2 * sizeof(struct holm_record_slot));
    run.door = &record.door;
    program(100);
    CHECK(record.lost);
    CHECK(output.len > 100); /* the run itself goes on */
}
