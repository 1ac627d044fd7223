/* SPDX-License-Identifier: ISC */
/* test_metrics_readers.c: what promtool and the Python client library of Prometheus say to our
 * metrics. Without them the case says so and checks nothing. */
#include <holm/metrics.h>
#include <holm/test.h>
#include <stdio.h>
#include <stdlib.h>

HOLM_COUNTER_LABELLED(found, "trial_answers_total", "code=\"200\"", "Answers by status.");
HOLM_COUNTER_LABELLED(missing, "trial_answers_total", "code=\"404\",method=\"GET\"",
                      "Answers by status.");
HOLM_GAUGE(open_now, "trial_open_connections",
           "Connections that are open,\nor \"half\" open \\o/.");
HOLM_HISTOGRAM(latency, "trial_answer_duration_seconds", "Time to the last byte.", 9, 1000000,
               25000000, 1000000000);
HOLM_HISTOGRAM_LABELLED(sizes, "trial_answer_size_bytes", "kind=\"file\"", "Bytes of a body.", 0,
                        100, 1000);

static bool has(const char *command)
{
    char line[256];
    (void)snprintf(line, sizeof line, "%s >/dev/null 2>&1", command);
    if (system(line) == 0)
        return true;
    printf("    skipped: `%s` fails here\n", command);
    return false;
}

/* accepted answers whether the command ends well when it reads our metrics. */
static bool accepted(const char *command, enum holm_metrics_format format)
{
    struct holm_metrics_cursor cursor = { 0 };
    uint8_t room[HOLM_METRICS_ROOM_MAX];
    enum holm_result result;
    FILE *reader = popen(command, "w");
    if (reader == NULL)
        return false;
    do {
        struct holm_buffer out = HOLM_BUFFER(room);
        result = holm_metrics_emit(holm_metrics_linked(), format, &cursor, &out);
        (void)fwrite(out.ptr, 1, out.len, reader);
    } while (result == HOLM_AGAIN);
    return pclose(reader) == 0 && result == HOLM_OK;
}

static void move(void)
{
    holm_counter_add(&found, 12345678901234567U);
    holm_counter_add(&missing, 1);
    holm_gauge_set(&open_now, -2);
    for (uint64_t i = 0; i < 1000; i++) {
        holm_histogram_observe(&latency, i * i * 3000);
        holm_histogram_observe(&sizes, i * 3);
    }
}

TEST(promtool_reads_prometheus_text)
{
    move();
    if (has("command -v promtool"))
        CHECK(accepted("promtool check metrics", HOLM_METRICS_TEXT));
}

TEST(python_reads_prometheus_text)
{
    move();
    if (has("/usr/bin/python3 -c 'import prometheus_client'"))
        CHECK(
            accepted("/usr/bin/python3 -c '"
                     "import sys\n"
                     "from prometheus_client.parser import text_string_to_metric_families as read\n"
                     "names = {m.name: m for m in read(sys.stdin.read())}\n"
                     "assert len(names) == 4, names\n"
                     "assert names[\"trial_open_connections\"].samples[0].value == -2\n"
                     "assert names[\"trial_open_connections\"].documentation == "
                     "\"Connections that are open,\\nor \\\"half\\\" open \\\\o/.\"\n'",
                     HOLM_METRICS_TEXT));
}

TEST(python_reads_open_metrics)
{
    move();
    if (has("/usr/bin/python3 -c 'import prometheus_client.openmetrics.parser'"))
        CHECK(accepted(
            "/usr/bin/python3 -c '"
            "import sys\n"
            "from prometheus_client.openmetrics.parser import "
            "text_string_to_metric_families as read\n"
            "names = {m.name: m for m in read(sys.stdin.read())}\n"
            "assert len(names) == 4, names\n"
            "assert names[\"trial_answers\"].type == \"counter\"\n"
            "h = names[\"trial_answer_duration_seconds\"]\n"
            "assert h.type == \"histogram\", h.type\n"
            "assert [s.value for s in h.samples if s.name.endswith(\"_count\")][0] >= 1000\n"
            "'",
            HOLM_METRICS_OPEN));
}

TEST(the_readers_can_refuse)
{
    if (has("command -v promtool"))
        CHECK(!accepted("sed s/counter/couter/ | promtool check metrics >/dev/null 2>&1",
                        HOLM_METRICS_TEXT));
    if (has("/usr/bin/python3 -c 'import prometheus_client.openmetrics.parser'"))
        CHECK(!accepted("grep -v EOF | /usr/bin/python3 -c '"
                        "import sys\n"
                        "from prometheus_client.openmetrics.parser import "
                        "text_string_to_metric_families as read\n"
                        "list(read(sys.stdin.read()))' 2>/dev/null",
                        HOLM_METRICS_OPEN));
}
