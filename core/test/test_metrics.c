/* SPDX-License-Identifier: ISC */
/* test_metrics.c: metrics as text, byte for byte. What others read in it: test_metrics_readers.c. */
#include <holm/metrics.h>
#include <holm/test.h>

HOLM_COUNTER_LABELLED(ok, "trial_answers_total", "code=\"200\"", "answers by status");
HOLM_GAUGE(open_now, "trial_open_connections", "connections that are open");
HOLM_HISTOGRAM(latency, "trial_answer_duration_seconds", "time to the last byte", 9, 1000000,
               25000000, 1000000000);
HOLM_COUNTER_LABELLED(missing, "trial_answers_total", "code=\"404\"", "answers by status");
HOLM_HISTOGRAM_LABELLED(sizes, "trial_answer_size_bytes", "kind=\"file\"",
                        "size of \\ and \"body\"", 0, 100, 1000);
HOLM_COUNTER(greetings, "trial_greetings_total", "answers of /hello\nin two lines");

static void move(void)
{
    ok.value = 0;
    holm_counter_add(&ok, 3);
    missing.value = 1;
    greetings.value = UINT64_MAX;
    holm_gauge_set(&open_now, 5);
    holm_gauge_add(&open_now, -7);
    for (size_t i = 0; i < HOLM_COUNT(latency.counts); i++)
        HOLM_AT(latency.counts, i) = 0;
    latency.sum = 0;
    holm_histogram_observe(&latency, 1000000);
    holm_histogram_observe(&latency, 1000001);
    holm_histogram_observe(&latency, 2000000000);
}

#define ANSWERS "trial_answers_total{code=\"200\"} 3\ntrial_answers_total{code=\"404\"} 1\n"
#define DURATIONS                                                                                  \
    "# HELP trial_answer_duration_seconds time to the last byte\n"                                 \
    "# TYPE trial_answer_duration_seconds histogram\n"                                             \
    "trial_answer_duration_seconds_bucket{le=\"0.001\"} 1\n"                                       \
    "trial_answer_duration_seconds_bucket{le=\"0.025\"} 2\n"                                       \
    "trial_answer_duration_seconds_bucket{le=\"1.0\"} 2\n"                                         \
    "trial_answer_duration_seconds_bucket{le=\"+Inf\"} 3\n"                                        \
    "trial_answer_duration_seconds_sum 2.002000001\n"                                              \
    "trial_answer_duration_seconds_count 3\n"
#define SIZES                                                                                      \
    "# TYPE trial_answer_size_bytes histogram\n"                                                   \
    "trial_answer_size_bytes_bucket{kind=\"file\",le=\"100.0\"} 0\n"                               \
    "trial_answer_size_bytes_bucket{kind=\"file\",le=\"1000.0\"} 0\n"                              \
    "trial_answer_size_bytes_bucket{kind=\"file\",le=\"+Inf\"} 0\n"                                \
    "trial_answer_size_bytes_sum{kind=\"file\"} 0.0\n"                                             \
    "trial_answer_size_bytes_count{kind=\"file\"} 0\n"
#define OPEN_NOW                                                                                   \
    "# HELP trial_open_connections connections that are open\n"                                    \
    "# TYPE trial_open_connections gauge\n"                                                        \
    "trial_open_connections -2\n"

static void all(struct holm_buffer *out, enum holm_metrics_format format)
{
    struct holm_metrics_cursor cursor = { 0 };
    move();
    CHECK_IS(holm_metrics_emit(holm_metrics_linked(), format, &cursor, out), HOLM_OK);
    CHECK_IS(holm_metrics_emit(holm_metrics_linked(), format, &cursor, out), HOLM_OK);
}

TEST(prometheus_text)
{
    uint8_t room[4096];
    struct holm_buffer out = HOLM_BUFFER(room);
    all(&out, HOLM_METRICS_TEXT);
    CHECK_BYTES(holm_buffer_filled(&out),
                HOLM_TEXT(DURATIONS
                          "# HELP trial_answer_size_bytes size of \\\\ and \"body\"\n" SIZES
                          "# HELP trial_answers_total answers by status\n"
                          "# TYPE trial_answers_total counter\n" ANSWERS
                          "# HELP trial_greetings_total answers of /hello\\nin two lines\n"
                          "# TYPE trial_greetings_total counter\n"
                          "trial_greetings_total 18446744073709551615\n" OPEN_NOW));
}

TEST(open_metrics)
{
    uint8_t room[4096];
    struct holm_buffer out = HOLM_BUFFER(room);
    all(&out, HOLM_METRICS_OPEN);
    CHECK_BYTES(holm_buffer_filled(&out),
                HOLM_TEXT(DURATIONS
                          "# HELP trial_answer_size_bytes size of \\\\ and \\\"body\\\"\n" SIZES
                          "# HELP trial_answers answers by status\n"
                          "# TYPE trial_answers counter\n" ANSWERS
                          "# HELP trial_greetings answers of /hello\\nin two lines\n"
                          "# TYPE trial_greetings counter\n"
                          "trial_greetings_total 18446744073709551615\n" OPEN_NOW "# EOF\n"));
}

TEST(pieces_of_any_size_make_the_same_text)
{
    uint8_t whole[4096], pieces[4096], room[1024];
    struct holm_buffer wanted = HOLM_BUFFER(whole);
    all(&wanted, HOLM_METRICS_OPEN);
    for (size_t size = 450; size <= sizeof room; size++) {
        struct holm_buffer together = HOLM_BUFFER(pieces);
        struct holm_metrics_cursor cursor = { 0 };
        enum holm_result result;
        do {
            struct holm_buffer out = { room, 0, size };
            result = holm_metrics_emit(holm_metrics_linked(), HOLM_METRICS_OPEN, &cursor, &out);
            CHECK(holm_buffer_bytes(&together, holm_buffer_filled(&out)));
        } while (result == HOLM_AGAIN);
        CHECK_IS(result, HOLM_OK);
        CHECK_BYTES(holm_buffer_filled(&together), holm_buffer_filled(&wanted));
    }
}

TEST(room_that_is_too_small_for_one_is_an_error)
{
    uint8_t room[100];
    struct holm_buffer out = HOLM_BUFFER(room);
    struct holm_metrics_cursor cursor = { 0 };
    CHECK_IS(holm_metrics_emit(holm_metrics_linked(), HOLM_METRICS_TEXT, &cursor, &out),
             HOLM_ERR_LIMIT);
    CHECK_IS(out.len, 0);
}

TEST(the_longest_declaration_fits_the_room_that_is_named)
{
    uint8_t name[HOLM_METRIC_NAME_MAX], labels[HOLM_METRIC_LABELS_MAX], help[HOLM_METRIC_HELP_MAX];
    uint8_t room[HOLM_METRICS_ROOM_MAX];
    static struct holm_histogram histogram = { .bounds_count = HOLM_HISTOGRAM_BOUNDS_MAX,
                                               .places = 9 };
    struct holm_metric metric = { HOLM_BLOB(name), HOLM_BLOB(labels), HOLM_BLOB(help),
                                  HOLM_METRIC_HISTOGRAM, &histogram };
    struct holm_buffer out = HOLM_BUFFER(room);
    struct holm_metrics_cursor cursor = { 0 };
    holm_span_fill((struct holm_span){ name, sizeof name }, 'n');
    holm_span_fill((struct holm_span){ labels, sizeof labels }, 'l');
    holm_span_fill((struct holm_span){ help, sizeof help }, '\n');
    for (uint32_t i = 0; i < HOLM_HISTOGRAM_BOUNDS_MAX; i++)
        HOLM_AT(histogram.bounds, i) = UINT64_MAX - HOLM_HISTOGRAM_BOUNDS_MAX + i;
    histogram.counts[0] = UINT64_MAX;
    CHECK_IS(
        holm_metrics_emit((struct holm_metrics){ &metric, 1 }, HOLM_METRICS_OPEN, &cursor, &out),
        HOLM_OK);
}

TEST(declarations_that_do_not_fit_together)
{
    static const uint64_t zero[64];
    struct holm_metric two[] = {
        { HOLM_TEXT("a_total"), HOLM_TEXT(""), HOLM_TEXT("h"), HOLM_METRIC_COUNTER, zero },
        { HOLM_TEXT("b"), HOLM_TEXT(""), HOLM_TEXT("h"), HOLM_METRIC_GAUGE, zero },
    };
    struct holm_metrics metrics = { &two[0], 2 };
    CHECK(holm_metrics_check(holm_metrics_linked()));
    CHECK(holm_metrics_check(metrics));
    two[1].name = HOLM_TEXT("a_total");
    CHECK(!holm_metrics_check(metrics)); /* a gauge, and the name of another */
    two[1].kind = HOLM_METRIC_COUNTER;
    CHECK(!holm_metrics_check(metrics)); /* the same labels */
    two[1].labels = HOLM_TEXT("a=\"b\"");
    CHECK(holm_metrics_check(metrics));
    two[1].help = HOLM_TEXT("other");
    CHECK(!holm_metrics_check(metrics));
    two[1].help = HOLM_TEXT("h");
    two[1].name = HOLM_TEXT("a");
    CHECK(!holm_metrics_check(metrics)); /* a counter that is no total */
    two[1].name = HOLM_TEXT("0_total");
    CHECK(!holm_metrics_check(metrics));
    two[1].name = HOLM_TEXT("a-_total");
    CHECK(!holm_metrics_check(metrics));
    two[1].name = HOLM_TEXT("");
    CHECK(!holm_metrics_check(metrics));
}
