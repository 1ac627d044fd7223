/* SPDX-License-Identifier: ISC */
/* bench_http_head.c: nanoseconds that a request's head costs: parsed, parsed and understood, in
 * pieces of 64 bytes, and a whole exchange of head in and head out. Medians of interleaved rounds.
 * One head over and over flatters the branch predictor: look at the varied ones. --json for tools.
 */
#include <holm/http.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Room for a head; at a multiple of 4096 all heads would want the same few lines of the cache. */
enum { ROUNDS = 31, VARIED = 1000, HEAD_BYTES = 4096 + 320, ROUND_BYTES = 1000000 };

static const char curl[] = "GET / HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/7.88.1\r\n"
                           "Accept: */*\r\n\r\n";
static const char browser[] =
    "GET /en/docs/start?page=2 HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: Mozilla/5.0 (X11; "
    "Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\nAccept: text/html,application/xhtml"
    "+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gz"
    "ip, deflate, br\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\nSec-Fetch-Dest: "
    "document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: none\r\n\r\n";

static struct holm_http_head head;
static struct holm_http_common common;
static struct holm_http_machine machine;
static uint8_t room[1024];

typedef void bench_step(struct holm_span msg);

static void must(bool good)
{
    if (!good)
        abort();
}

static void parse(struct holm_span msg)
{
    holm_http_head_init(&head);
    must(holm_http_head_parse(&head, holm_span_bytes(msg)) == HOLM_OK);
}

static void understand(struct holm_span msg)
{
    struct holm_http_message message;
    parse(msg);
    holm_http_head_index(&head, holm_span_bytes(msg));
    must(holm_http_message_parse(&message, &head, holm_span_bytes(msg)) == HOLM_OK);
}

static void parse_by_64(struct holm_span msg)
{
    enum holm_result result = HOLM_AGAIN;
    holm_http_head_init(&head);
    for (size_t came = 64; result == HOLM_AGAIN; came += 64) {
        struct holm_span front = msg;
        if (came < msg.len)
            must(holm_span_part(msg, 0, came, &front));
        result = holm_http_head_parse(&head, holm_span_bytes(front));
    }
    must(result == HOLM_OK);
}

/* exchange is a keep-alive request and its answer through the machine, events included. */
static void exchange(struct holm_span msg)
{
    struct holm_buffer out = HOLM_BUFFER(room);
    struct holm_http_response response = { .status = 200, .length = 612 };
    struct holm_http_event event;
    must(holm_http_machine_tick(&machine, machine.now_ns) == HOLM_OK);
    must(holm_http_machine_feed(&machine, &head, &msg) == HOLM_OK);
    while (holm_http_machine_next(&machine, &event) == HOLM_OK)
        continue;
    must(holm_http_machine_respond(&machine, &out, &response) == HOLM_OK);
    must(holm_http_machine_body_open(&machine, &out, 612) == HOLM_OK);
    must(holm_http_machine_body_end(&machine, &out, NULL) == HOLM_OK);
    must(holm_http_machine_drain(&machine, &out) == HOLM_OK);
}

static const struct {
    const char *name;
    bench_step *step;
} steps[] = { { "parse", parse },
              { "parse+message", understand },
              { "parse by 64", parse_by_64 },
              { "exchange", exchange } };

static uint64_t now_ns(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void put(struct holm_buffer *out, struct holm_bytes text)
{
    must(holm_buffer_bytes(out, text));
}

/* varied_make writes a head of 3 to 14 fields of random names and lengths. */
static void varied_make(struct holm_buffer *out, uint64_t *seed)
{
    static const struct holm_bytes names = { (const uint8_t *)"Sec-Accept-Language-Encoding", 28 };
    static const struct holm_bytes text = {
        (const uint8_t *)"abcdefgh/hijklmno.prstuvwxyz-012345=789abcdefgh/hijklmno.prstuvwxyz-0123"
                         "45=789abcdefgh/hijklmno.prstuvwxyz-012345=789abcdefgh/hijklmno.prstuvwxyz"
                         "-012345=789abcdefgh/hijklmno.p",
        176
    };
    size_t fields = 3 + (*seed >> 33) % 12;
    put(out, HOLM_TEXT("GET /"));
    for (size_t field = 0; field <= fields; field++) {
        struct holm_bytes part = { 0 };
        size_t len;
        *seed = *seed * 6364136223846793005U + 1442695040888963407U;
        len = (*seed >> 33) % 8 == 0 ? 60 + (*seed >> 40) % 100 : (*seed >> 40) % 30;
        if (field == 1)
            put(out, HOLM_TEXT("Host: h\r\n"));
        if (field > 0) {
            must(holm_bytes_part(names, (*seed >> 55) % 8, 4 + (*seed >> 50) % 12, &part));
            put(out, part);
            put(out, HOLM_TEXT(": "));
        }
        must(holm_bytes_part(text, *seed % 7, len, &part));
        put(out, part);
        put(out, field == 0 ? HOLM_TEXT(" HTTP/1.1\r\n") : HOLM_TEXT("\r\n"));
    }
    put(out, HOLM_TEXT("\r\n"));
}

static struct holm_span heads[VARIED];
static uint8_t varied_bytes[VARIED][HEAD_BYTES];

static void head_set(size_t index, struct holm_bytes text)
{
    struct holm_buffer out = HOLM_BUFFER(HOLM_AT(varied_bytes, index));
    put(&out, text);
    HOLM_AT(heads, index) = (struct holm_span){ out.ptr, out.len };
}

static double round_ns(bench_step *step, size_t count, size_t loops)
{
    uint64_t start = now_ns();
    for (size_t loop = 0; loop < loops; loop++)
        for (size_t i = 0; i < count; i++)
            step(HOLM_AT(heads, i));
    return (double)(now_ns() - start) / (double)loops / (double)count;
}

static void measure(const char *name, size_t count, bool json)
{
    static double times[HOLM_COUNT(steps)][ROUNDS];
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += HOLM_AT(heads, i).len;
    holm_http_machine_init(&machine, &common, 0);
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < HOLM_COUNT(steps); i++)
            HOLM_AT(HOLM_AT(times, i), round) =
                round_ns(HOLM_AT(steps, i).step, count, ROUND_BYTES / bytes + 1);
    for (size_t i = 0; i < HOLM_COUNT(steps); i++) {
        double *median = &HOLM_AT(HOLM_AT(times, i), ROUNDS / 2);
        qsort(HOLM_AT(times, i), ROUNDS, sizeof(double), by_value);
        printf(json ? "{\"bench\": \"http_head\", \"head\": \"%s\", \"bytes\": %zu, "
                      "\"step\": \"%s\", \"ns\": %.1f}\n"
                    : "%-8s %5zu bytes  %-14s %8.1f ns\n",
               name, bytes / count, HOLM_AT(steps, i).name, *median);
    }
}

int main(int argc, char **argv)
{
    bool json = argc > 1 && strcmp(*(char **)holm_element(argv, 2, sizeof *argv, 1), "--json") == 0;
    static const struct holm_http_limits limits = { .requests = UINT32_MAX };
    uint64_t seed = 1;
    holm_http_common_init(&common, true, &limits);
    holm_http_common_time(&common, 784111777);
    head_set(0, (struct holm_bytes){ (const uint8_t *)curl, sizeof curl - 1 });
    measure("curl", 1, json);
    head_set(0, (struct holm_bytes){ (const uint8_t *)browser, sizeof browser - 1 });
    measure("browser", 1, json);
    for (size_t i = 0; i < VARIED; i++) {
        struct holm_buffer out = HOLM_BUFFER(HOLM_AT(varied_bytes, i));
        varied_make(&out, &seed);
        HOLM_AT(heads, i) = (struct holm_span){ out.ptr, out.len };
    }
    measure("varied", VARIED, json);
    return 0;
}
