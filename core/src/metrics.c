/* SPDX-License-Identifier: ISC */
/* metrics.c: metrics in the order of their names, so that those of one name stand together as both
 * formats want, whatever the order of the link. */
#include "metrics_impl.h"
#include <holm/wrap.h>

static const struct holm_metric *metric_at(struct holm_metrics metrics, size_t index)
{
    return &HOLM_NTH(metrics.first, metrics.count, index);
}

void holm_histogram_observe(struct holm_histogram *histogram, uint64_t value)
{
    uint32_t i = 0;
    while (i < histogram->bounds_count && value > HOLM_AT(histogram->bounds, i))
        i++;
    HOLM_AT(histogram->counts, i) += 1;
    histogram->sum = holm_u64_wrap_add(histogram->sum, value);
}

/* order compares by name and labels. */
static int order(const struct holm_metric *a, const struct holm_metric *b)
{
    int by_name = holm_bytes_compare(a->name, b->name);
    return by_name != 0 ? by_name : holm_bytes_compare(a->labels, b->labels);
}

/* next_after gives the index of the first metric behind that at index last - 1 (0: of all); count
 * if there is none. */
static size_t next_after(struct holm_metrics metrics, size_t last)
{
    size_t best = metrics.count;
    for (size_t i = 0; i < metrics.count; i++) {
        if (last > 0 && order(metric_at(metrics, i), metric_at(metrics, last - 1)) <= 0)
            continue;
        if (best == metrics.count || order(metric_at(metrics, i), metric_at(metrics, best)) < 0)
            best = i;
    }
    return best;
}

/* family is what a metric is called in HELP and TYPE: OpenMetrics leaves _total off. */
static struct holm_bytes family(const struct holm_metric *metric, enum holm_metrics_format format)
{
    struct holm_bytes name = metric->name, head;
    if (format == HOLM_METRICS_OPEN && metric->kind == HOLM_METRIC_COUNTER &&
        holm_text_ends(name, HOLM_TEXT("_total")) && holm_bytes_part(name, 0, name.len - 6, &head))
        return head;
    return name;
}

static struct holm_bytes kind_name(enum holm_metric_kind kind)
{
    switch (kind) {
    case HOLM_METRIC_COUNTER:
        return HOLM_TEXT(" counter\n");
    case HOLM_METRIC_GAUGE:
        return HOLM_TEXT(" gauge\n");
    case HOLM_METRIC_HISTOGRAM:
        return HOLM_TEXT(" histogram\n");
    }
    return HOLM_TEXT(" untyped\n");
}

static bool head_put(struct holm_buffer *out, const struct holm_metric *metric,
                     enum holm_metrics_format format)
{
    struct holm_bytes name = family(metric, format);
    return holm_buffer_bytes(out, HOLM_TEXT("# HELP ")) && holm_buffer_bytes(out, name) &&
           holm_buffer_bytes(out, HOLM_TEXT(" ")) &&
           holm_metrics__help_put(out, metric->help, format) &&
           holm_buffer_bytes(out, HOLM_TEXT("\n# TYPE ")) && holm_buffer_bytes(out, name) &&
           holm_buffer_bytes(out, kind_name(metric->kind));
}

/* number_put writes value / 10^places with as few digits behind the point as say it, but one: the
 * canonical form of OpenMetrics for the bounds of a histogram. */
static bool number_put(struct holm_buffer *out, uint64_t value, uint32_t places)
{
    while (places > 1 && value % 10 == 0) {
        value /= 10;
        places -= 1;
    }
    if (places == 0)
        return holm_text_u64_emit(out, value) && holm_buffer_bytes(out, HOLM_TEXT(".0"));
    return holm_text_fixed_emit(out, value, places);
}

/* labels_put writes the labels in braces, if there are any. */
static bool labels_put(struct holm_buffer *out, const struct holm_metric *metric)
{
    if (metric->labels.len == 0)
        return true;
    return holm_buffer_bytes(out, HOLM_TEXT("{")) && holm_buffer_bytes(out, metric->labels) &&
           holm_buffer_bytes(out, HOLM_TEXT("}"));
}

/* bucket_put writes how many observations were at most bound, or all (NULL). */
static bool bucket_put(struct holm_buffer *out, const struct holm_metric *metric,
                       const struct holm_histogram *histogram, const uint64_t *bound,
                       uint64_t count)
{
    bool labelled = metric->labels.len > 0;
    return holm_buffer_bytes(out, metric->name) && holm_buffer_bytes(out, HOLM_TEXT("_bucket{")) &&
           holm_buffer_bytes(out, metric->labels) &&
           holm_buffer_bytes(out, labelled ? HOLM_TEXT(",le=\"") : HOLM_TEXT("le=\"")) &&
           (bound != NULL ? number_put(out, *bound, histogram->places)
                          : holm_buffer_bytes(out, HOLM_TEXT("+Inf"))) &&
           holm_buffer_bytes(out, HOLM_TEXT("\"} ")) && holm_text_u64_emit(out, count) &&
           holm_buffer_u8(out, '\n');
}

static bool histogram_put(struct holm_buffer *out, const struct holm_metric *metric,
                          const struct holm_histogram *histogram)
{
    uint64_t count = 0;
    bool fits = true;
    for (uint32_t i = 0; fits && i <= histogram->bounds_count; i++) {
        bool last = i == histogram->bounds_count;
        count += HOLM_AT(histogram->counts, i);
        fits =
            bucket_put(out, metric, histogram, last ? NULL : &HOLM_AT(histogram->bounds, i), count);
    }
    return fits && holm_buffer_bytes(out, metric->name) &&
           holm_buffer_bytes(out, HOLM_TEXT("_sum")) && labels_put(out, metric) &&
           holm_buffer_u8(out, ' ') && number_put(out, histogram->sum, histogram->places) &&
           holm_buffer_u8(out, '\n') && holm_buffer_bytes(out, metric->name) &&
           holm_buffer_bytes(out, HOLM_TEXT("_count")) && labels_put(out, metric) &&
           holm_buffer_u8(out, ' ') && holm_text_u64_emit(out, count) && holm_buffer_u8(out, '\n');
}

static bool single_put(struct holm_buffer *out, const struct holm_metric *metric)
{
    const struct holm_counter *counter = metric->value;
    const struct holm_gauge *gauge = metric->value;
    if (!holm_buffer_bytes(out, metric->name) || !labels_put(out, metric) ||
        !holm_buffer_u8(out, ' '))
        return false;
    if (metric->kind == HOLM_METRIC_COUNTER ? !holm_text_u64_emit(out, counter->value)
                                            : !holm_text_i64_emit(out, gauge->value))
        return false;
    return holm_buffer_u8(out, '\n');
}

static bool metric_put(struct holm_buffer *out, const struct holm_metric *metric)
{
    if (metric->kind == HOLM_METRIC_HISTOGRAM)
        return histogram_put(out, metric, metric->value);
    return single_put(out, metric);
}

/* step writes the next metric, after its head if it is the first of its name, or the end. */
static bool step(struct holm_metrics metrics, enum holm_metrics_format format,
                 struct holm_metrics_cursor *cursor, struct holm_buffer *out)
{
    size_t next = next_after(metrics, cursor->last);
    const struct holm_metric *metric;
    bool first;
    if (next == metrics.count) {
        if (format == HOLM_METRICS_OPEN && !holm_buffer_bytes(out, HOLM_TEXT("# EOF\n")))
            return false;
        cursor->ended = true;
        return true;
    }
    metric = metric_at(metrics, next);
    first = cursor->last == 0 ||
            !holm_bytes_equal(metric->name, metric_at(metrics, cursor->last - 1)->name);
    if ((first && !head_put(out, metric, format)) || !metric_put(out, metric))
        return false;
    cursor->last = next + 1;
    return true;
}

enum holm_result holm_metrics_emit(struct holm_metrics metrics, enum holm_metrics_format format,
                                   struct holm_metrics_cursor *cursor, struct holm_buffer *out)
{
    while (!cursor->ended) {
        size_t before = out->len;
        if (!step(metrics, format, cursor, out)) {
            out->len = before;
            return before > 0 ? HOLM_AGAIN : HOLM_ERR_LIMIT;
        }
    }
    return HOLM_OK;
}

static bool bounds_check(const struct holm_metric *metric)
{
    const struct holm_histogram *histogram = metric->value;
    if (metric->kind != HOLM_METRIC_HISTOGRAM)
        return true;
    for (uint32_t i = 1; i < histogram->bounds_count; i++) {
        if (HOLM_AT(histogram->bounds, i) <= HOLM_AT(histogram->bounds, i - 1))
            return false;
    }
    return true;
}

bool holm_metrics_check(struct holm_metrics metrics)
{
    for (size_t i = 0; i < metrics.count; i++) {
        const struct holm_metric *a = metric_at(metrics, i);
        if (!holm_metrics__is_name(a->name) || !bounds_check(a) ||
            (a->kind == HOLM_METRIC_COUNTER) != holm_text_ends(a->name, HOLM_TEXT("_total")))
            return false;
        for (size_t j = 0; j < i; j++) {
            const struct holm_metric *b = metric_at(metrics, j);
            if (!holm_bytes_equal(a->name, b->name))
                continue;
            if (a->kind != b->kind || !holm_bytes_equal(a->help, b->help) || order(a, b) == 0)
                return false;
        }
    }
    return true;
}
