/* SPDX-License-Identifier: ISC */
/* holm/metrics.h: counters, gauges and histograms, declared beside the code that moves them and
 * collected by the linker, like parameters. Pure.
 *
 *     HOLM_COUNTER(greetings, "website_greetings_total", "answers of /hello");
 *     ... holm_counter_add(&greetings, 1);
 *
 * They are written for Prometheus.
 * Source: Prometheus text format 0.0.4; OpenMetrics 1.0. */
#pragma once

#include <holm/text.h>

/* The longest texts of a declaration, inclusive, and the most bounds of a histogram. */
#define HOLM_METRIC_NAME_MAX 64
#define HOLM_METRIC_LABELS_MAX 96
#define HOLM_METRIC_HELP_MAX 200
#define HOLM_HISTOGRAM_BOUNDS_MAX 20
/* HOLM_METRICS_ROOM_MAX is the room in which any one metric fits. */
#define HOLM_METRICS_ROOM_MAX 8192

/* The content types of the two formats. */
#define HOLM_METRICS_TYPE_TEXT "text/plain; version=0.0.4; charset=utf-8"
#define HOLM_METRICS_TYPE_OPEN "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* struct holm_counter only grows. */
struct holm_counter {
    uint64_t value;
};

/* struct holm_gauge goes up and down. */
struct holm_gauge {
    int64_t value;
};

/* struct holm_histogram counts observations by the first bound that is not below them; the last
 * count is of those above all bounds. What is shown is the value / 10^places: 9 to observe
 * nanoseconds and show seconds. */
struct holm_histogram {
    uint64_t bounds[HOLM_HISTOGRAM_BOUNDS_MAX];
    uint64_t counts[HOLM_HISTOGRAM_BOUNDS_MAX + 1];
    uint64_t sum;
    uint32_t bounds_count;
    uint32_t places;
};

/* enum holm_metric_kind is the type of a metric. */
enum holm_metric_kind {
    HOLM_METRIC_COUNTER,
    HOLM_METRIC_GAUGE,
    HOLM_METRIC_HISTOGRAM,
};

/* struct holm_metric is a declaration; made by the macros below only. */
struct holm_metric {
    _Alignas(8) struct holm_bytes name;
    struct holm_bytes labels;
    struct holm_bytes help;
    enum holm_metric_kind kind;
    const void *value;
};

/* These declare a metric, a variable of the file. A counter's name ends in _total. Metrics of one
 * name differ in their labels, a constant text like `code="200",method="GET"`, and have the same
 * kind and help. */
#define HOLM_COUNTER(variable, name, help) HOLM_COUNTER_LABELLED(variable, name, "", help)
#define HOLM_COUNTER_LABELLED(variable, name, labels, help)                                        \
    static struct holm_counter variable;                                                           \
    HOLM_METRIC__(variable, COUNTER, name, labels, help)
#define HOLM_GAUGE(variable, name, help) HOLM_GAUGE_LABELLED(variable, name, "", help)
#define HOLM_GAUGE_LABELLED(variable, name, labels, help)                                          \
    static struct holm_gauge variable;                                                             \
    HOLM_METRIC__(variable, GAUGE, name, labels, help)

/* HOLM_HISTOGRAM(latency, "http_request_duration_seconds", "help", 9, 1000000, 5000000, 25000000)
 * observes nanoseconds, with bounds at 1, 5 and 25 milliseconds; they must rise. */
#define HOLM_HISTOGRAM(variable, name, help, decimal_places, ...)                                  \
    HOLM_HISTOGRAM_LABELLED(variable, name, "", help, decimal_places, __VA_ARGS__)
#define HOLM_HISTOGRAM_LABELLED(variable, name, labels, help, decimal_places, ...)                 \
    _Static_assert((decimal_places) <= HOLM_TEXT_PLACES_MAX, "too many decimal places");           \
    static struct holm_histogram variable = {                                                      \
        .bounds = { __VA_ARGS__ },                                                                 \
        .bounds_count = (uint32_t)HOLM_COUNT(((const uint64_t[]){ __VA_ARGS__ })),                 \
        .places = (decimal_places),                                                                \
    };                                                                                             \
    HOLM_METRIC__(variable, HISTOGRAM, name, labels, help)

#define HOLM_METRIC__(variable, kind_name, metric_name, metric_labels, metric_help)                \
    _Static_assert(sizeof(metric_name) <= HOLM_METRIC_NAME_MAX + 1, "the name is too long");       \
    _Static_assert(sizeof(metric_labels) <= HOLM_METRIC_LABELS_MAX + 1, "too many labels");        \
    _Static_assert(sizeof(metric_help) <= HOLM_METRIC_HELP_MAX + 1, "the help is too long");       \
    static const struct holm_metric holm_metric__##variable HOLM_LINKED(holm_metrics) = {          \
        .name = { (const uint8_t *)"" metric_name, sizeof(metric_name) - 1 },                      \
        .labels = { (const uint8_t *)"" metric_labels, sizeof(metric_labels) - 1 },                \
        .help = { (const uint8_t *)"" metric_help, sizeof(metric_help) - 1 },                      \
        .kind = HOLM_METRIC_##kind_name,                                                           \
        .value = &variable,                                                                        \
    }

/* holm_counter_add adds to a counter. */
static inline void holm_counter_add(struct holm_counter *counter, uint64_t count)
{
    counter->value += count;
}

/* holm_gauge_set and holm_gauge_add move a gauge; more may be negative. */
static inline void holm_gauge_set(struct holm_gauge *gauge, int64_t value)
{
    gauge->value = value;
}
static inline void holm_gauge_add(struct holm_gauge *gauge, int64_t more)
{
    gauge->value += more;
}

/* holm_histogram_observe counts one observation. */
void holm_histogram_observe(struct holm_histogram *histogram, uint64_t value);

/* struct holm_metrics is a set of declarations; holm_metrics_linked is all of this program. */
struct holm_metrics {
    const struct holm_metric *first;
    size_t count;
};
struct holm_metrics holm_metrics_linked(void);

/* holm_metrics_check answers whether the declarations fit together: names of the right form, no
 * two with the same name and labels, and for each name one kind and one help. */
bool holm_metrics_check(struct holm_metrics metrics);

/* enum holm_metrics_format is how metrics are written. */
enum holm_metrics_format {
    HOLM_METRICS_TEXT, /* Prometheus text 0.0.4 */
    HOLM_METRICS_OPEN, /* OpenMetrics 1.0 */
};

/* struct holm_metrics_cursor is how far they are written; zeroed at first. */
struct holm_metrics_cursor {
    size_t last; /* index + 1 of the last one written */
    bool ended;
};

/* holm_metrics_emit appends metrics by name and labels, each whole, as many as fit. A metric shows
 * one moment; two calls show two.
 *
 * Errors:  HOLM_AGAIN      there is more: empty out, then call again
 *          HOLM_OK         that was the last of it
 *          HOLM_ERR_LIMIT  the next one does not fit even the empty out, which is smaller than
 *                          HOLM_METRICS_ROOM_MAX */
HOLM_MUST_USE enum holm_result holm_metrics_emit(struct holm_metrics metrics,
                                                 enum holm_metrics_format format,
                                                 struct holm_metrics_cursor *cursor,
                                                 struct holm_buffer *out);
