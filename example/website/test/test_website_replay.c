/* SPDX-License-Identifier: ISC */
/* The website runs over real sockets, in a process of its own, and is recorded at its one door; then
 * it is replayed here, without a socket, to the same output bytes. A client runs beside it, in the
 * same program, so that it is recorded and replayed too. */
#include <holm/class.h>
#include <holm/image.h>
#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/record.h>
#include <holm/test.h>
#include <holm/text.h>
#include <holm/unix.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMORY_BYTES ((size_t)48 << 20)
#define STREAM_MAX ((size_t)4 << 20)
#define DEADLINE_NS (10 * UINT64_C(1000000000))
#define REQUESTS_MAX 4
#define FILE_BYTES ((size_t)200 << 10)

/* What both processes see. */
struct shared {
    size_t recording_len;
    size_t output_len;
    uint8_t recording[STREAM_MAX];
    uint8_t output[STREAM_MAX];
};
static struct shared *shared;

static struct holm_endpoint site; /* where the website listens; the host chose the port */
static struct holm_run run;
static struct holm_arena arena;
static struct holm_arena aside; /* the doors': the program tells how full its own arena is */
static struct holm_chunk_pool pool;
static struct holm_random_seeded seeded;
static struct holm_random generator;
static struct holm_image image;
static const struct holm_boot boot;
static struct holm_record record;
static struct holm_replay replay;
static struct holm_buffer recording;
static struct holm_buffer output; /* what the client was answered */
static size_t sent_bytes;
static struct holm_bytes requests[REQUESTS_MAX];
static size_t requests_count;
static bool done;

/* ask sends all requests over one connection and keeps the answers, until its end. */
static enum holm_result ask(struct holm_task *task, void *context)
{
    struct holm_network *network = NULL;
    struct holm_flow *flow = NULL;
    struct holm_span in = { 0 };

    (void)context;
    holm_task_deadline(task, run.turn.now_ns + DEADLINE_NS);
    CHECK_IS(holm_network_start(&network, &image), HOLM_OK);
    while (site.port == 0)
        CHECK_IS(holm_task_yield(), HOLM_OK);
    enum holm_result result = holm_network_connect(&flow, network, &site, HOLM_TIMER_NEVER);
    CHECK_IS(result, HOLM_OK);
    for (size_t i = 0; i < requests_count && result == HOLM_OK; i++)
        result = holm_flow_write(flow, HOLM_AT(requests, i), HOLM_TIMER_NEVER);
    while (result == HOLM_OK &&
           (result = holm_flow_await(flow, &in, 1, HOLM_TIMER_NEVER)) == HOLM_OK) {
        CHECK(holm_buffer_bytes(&output, holm_span_bytes(in)));
        holm_flow_take(flow, in.len);
    }
    CHECK_IS(result, HOLM_END);
    done = true;
    return HOLM_OK;
}

/* hear reads where the website listens from what it logs: http://localhost:4711/ */
static void hear(struct holm_log_sink *sink, const struct holm_log_record *said)
{
    (void)sink;
    for (size_t i = 0; i < said->fields_count; i++) {
        struct holm_bytes text = HOLM_NTH(said->fields, said->fields_count, i).text, host;
        uint64_t number = 0;
        if (HOLM_NTH(said->fields, said->fields_count, i).put != holm_field_text_put ||
            !holm_bytes_split(&text, ':', &host) || !holm_bytes_split(&text, ':', &host) ||
            !holm_bytes_split(&text, '/', &host) || holm_text_u64_parse(&number, host) != HOLM_OK)
            continue;
        site = (struct holm_endpoint){ holm_ip_v4(127, 0, 0, 1), (uint16_t)number };
    }
}

static enum holm_result serve(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    return holm_main(&image);
}

static void keep(struct holm_record *from, struct holm_bytes bytes)
{
    (void)from;
    CHECK(holm_buffer_bytes(&recording, bytes));
}

static void sent(struct holm_replay *from, const struct holm_operation *operation)
{
    (void)from;
    for (size_t i = 0; i < operation->pieces_count; i++)
        sent_bytes += HOLM_AT(operation->pieces, i).len;
}

static void begin(void)
{
    static struct holm_log_sink ear = { .write = hear };
    static uint8_t aside_room[1 << 20];
    struct holm_span memory = { 0 };

    done = false;
    site.port = 0;
    holm_log_open(&ear, HOLM_LOG_LEVEL_INFO);
    CHECK_IS(holm_unix_memory(&memory, MEMORY_BYTES), HOLM_OK);
    holm_arena_init(&arena, memory);
    holm_arena_init(&aside, (struct holm_span){ aside_room, sizeof aside_room });
    CHECK_IS(holm_run_init(&run, &arena,
                           &(struct holm_run_options){
                               .tasks_max = 32, .stack_size_bytes = 65536, .paint = true }),
             HOLM_OK);
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, 64), HOLM_OK);
}

static void program(void)
{
    uint64_t seed = 0;

    holm_run_turn(&run);
    CHECK(holm_bytes_u64_at(HOLM_BLOB(run.turn.entropy), 0, &seed));
    holm_random_seeded_init(&seeded, seed);
    generator = holm_random_from_seeded(&seeded);
    image =
        (struct holm_image){ .run = &run, .arena = &arena, .random = &generator, .chunks = &pool };
    CHECK_IS(holm_task_start(&run, &image.scope, HOLM_TEXT("main"), serve, NULL), HOLM_OK);
    CHECK_IS(holm_task_start(&run, &image.scope, HOLM_TEXT("ask"), ask, NULL), HOLM_OK);
    for (uint32_t i = 0; i < 100000 && !done; i++)
        holm_run_turn(&run);
    CHECK(done);
    CHECK(holm_stack_bound_bytes == 0 || holm_run_stack_peak(&run) <= holm_stack_bound_bytes);
}

/* over_sockets is the child's work. */
static void over_sockets(void)
{
    output = (struct holm_buffer){ shared->output, 0, STREAM_MAX };
    recording = (struct holm_buffer){ shared->recording, 0, STREAM_MAX };
    CHECK_IS(holm_unix_start(), HOLM_OK);
    begin();
    CHECK_IS(holm_record_init(&record, &aside, HOLM_TEXT("website"), &boot, keep, NULL), HOLM_OK);
    run.door = &record.door;
    program();
    CHECK(!record.lost);
    shared->output_len = output.len;
    shared->recording_len = recording.len;
}

static bool record_in_a_child(void)
{
    void *pages =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = -1;

    if (!CHECK(pages != MAP_FAILED))
        return false;
    shared = pages;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        over_sockets();
        fflush(stdout);
        _exit(shared->recording_len == 0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return CHECK_IS(status, 0);
}

/* record_and_replay runs the website twice; content is that parameter's word. */
static void record_and_replay(struct holm_bytes content)
{
    static uint8_t room[STREAM_MAX];
    static uint8_t problem[HOLM_PARAM_PROBLEM_MAX];
    struct holm_buffer out = HOLM_BUFFER(problem);

    CHECK_IS(holm_params_set(holm_params_linked(), &out, HOLM_TEXT("port=0")), HOLM_OK);
    CHECK_IS(holm_params_set(holm_params_linked(), &out, content), HOLM_OK);
    if (!record_in_a_child())
        return;
    CHECK(shared->output_len > 1000);
    begin();
    CHECK_IS(holm_replay_init(&replay,
                              (struct holm_bytes){ shared->recording, shared->recording_len }, sent,
                              NULL),
             HOLM_OK);
    run.door = &replay.door;
    output = HOLM_BUFFER(room);
    sent_bytes = 0;
    program();
    CHECK_IS(replay.result, HOLM_OK); /* all that it sent was the same, turn by turn */
    CHECK_IS(replay.rest.len, 0);
    CHECK(sent_bytes >= shared->output_len);
    CHECK(holm_bytes_equal(holm_buffer_filled(&output),
                           (struct holm_bytes){ shared->output, shared->output_len }));
}

TEST(a_run_of_the_website_over_sockets_is_replayed_to_the_same_bytes)
{
    requests_count = 4;
    requests[0] = HOLM_TEXT("GET /hello?name=you HTTP/1.1\r\nHost: here\r\n\r\n");
    requests[1] = HOLM_TEXT("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    requests[2] = HOLM_TEXT("GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n");
    requests[3] = HOLM_TEXT("GET /nothing HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    record_and_replay(HOLM_TEXT("content="));
}

/* What the kernel would send of a file by itself is read when it is recorded: a replay has no file. */
TEST(a_file_of_the_host_is_replayed_without_it)
{
    static char word[] = "content=/tmp/holm_website_replay_XXXXXX"; /* a text's value stays there */
    char *folder = &HOLM_AT(word, sizeof "content=" - 1);
    static uint8_t bytes[FILE_BYTES];

    if (!CHECK(mkdtemp(folder) != NULL) || !CHECK(chdir(folder) == 0))
        return;
    for (size_t i = 0; i < sizeof bytes; i++)
        HOLM_AT(bytes, i) = (uint8_t)(i * 31 + i / 4096);
    FILE *file = fopen("big.bin", "wb");
    CHECK(file != NULL && fwrite(bytes, 1, sizeof bytes, file) == sizeof bytes &&
          fclose(file) == 0);
    requests_count = 1;
    requests[0] = HOLM_TEXT("GET /big.bin HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    record_and_replay((struct holm_bytes){ (const uint8_t *)word, sizeof word - 1 });
    CHECK(output.len > sizeof bytes);
    CHECK(remove("big.bin") == 0 && chdir("/") == 0 && rmdir(folder) == 0);
}
