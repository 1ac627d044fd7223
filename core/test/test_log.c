/* SPDX-License-Identifier: ISC */
#include <holm/log.h>
#include <holm/test.h>

/* A sink that keeps the last line and counts. */
static uint8_t line_room[512];
static struct holm_buffer line;
static unsigned written;

static void keep(struct holm_log_sink *sink, const struct holm_log_record *record)
{
    unsigned *count = sink->context;
    *count += 1;
    line = HOLM_BUFFER(line_room);
    CHECK(holm_log_record_emit(&line, record));
}

static struct holm_log_sink sink = { keep, &written };

static void start(enum holm_log_level level)
{
    line = HOLM_BUFFER(line_room);
    written = 0;
    holm_log_open(&sink, level);
}

TEST(a_record_is_one_line)
{
    struct holm_endpoint peer = { holm_ip_v4(192, 0, 2, 1), 4711 };
    struct holm_ip_address any = holm_ip_any(HOLM_IP_V6);
    start(HOLM_LOG_LEVEL_INFO);
    holm_log_tick(10, 1795271115000000000);
    HOLM_LOG_INFO("http", "connection refused", HOLM_FIELD_ENDPOINT("peer", &peer),
                  HOLM_FIELD_U64("open", 1024), HOLM_FIELD_I64("left", -1),
                  HOLM_FIELD_BOOL("tls", false), HOLM_FIELD_DURATION("after", 1500000),
                  HOLM_FIELD_SIZE("body", 65536), HOLM_FIELD_IP("local", &any),
                  HOLM_FIELD_RESULT("result", HOLM_ERR_TIMEOUT),
                  HOLM_FIELD_TEXT("path", HOLM_TEXT("/a")));
    CHECK_BYTES(holm_buffer_filled(&line),
                HOLM_TEXT("2026-11-21T14:25:15.000Z info http: connection refused "
                          "peer=192.0.2.1:4711 open=1024 left=-1 tls=false after=1500us body=64KiB "
                          "local=:: result=timeout path=/a\n"));
    holm_log_tick(10, 0);
    HOLM_LOG_ERROR("start", "no clock");
    CHECK_BYTES(holm_buffer_filled(&line), HOLM_TEXT("- error start: no clock\n"));
}

TEST(a_value_from_outside_can_not_forge_a_line_or_a_field)
{
    start(HOLM_LOG_LEVEL_DEBUG);
    HOLM_LOG_DEBUG("http", "path", HOLM_FIELD_TEXT("a", HOLM_TEXT("x\n- error http: forged")),
                   HOLM_FIELD_TEXT("b", HOLM_TEXT("")), HOLM_FIELD_TEXT("c", HOLM_TEXT("k=v")),
                   HOLM_FIELD_TEXT("d", HOLM_TEXT("say \"so\"")),
                   HOLM_FIELD_TEXT("e", HOLM_TEXT("\x1b[m")));
    CHECK_BYTES(holm_buffer_filled(&line),
                HOLM_TEXT("- debug http: path a=\"x\\n- error http: forged\" b=\"\" c=\"k=v\" "
                          "d=\"say \\\"so\\\"\" e=\"\\x1b[m\"\n"));
}

TEST(levels_that_matter_less_are_dropped)
{
    start(HOLM_LOG_LEVEL_WARNING);
    HOLM_LOG_INFO("test", "dropped");
    CHECK_IS(written, 0);
    HOLM_LOG_WARNING("test", "kept");
    CHECK_IS(written, 1);
    holm_log_open(NULL, HOLM_LOG_LEVEL_DEBUG);
    HOLM_LOG_ERROR("test", "nobody listens");
    CHECK_IS(written, 1);
}

static void complain(void)
{
    HOLM_LOG_WARNING("test", "again");
}

TEST(a_place_that_says_too_much_is_silenced_and_says_how_often)
{
    start(HOLM_LOG_LEVEL_INFO);
    holm_log_tick(5, 0);
    for (int i = 0; i < 25; i++)
        complain();
    CHECK_IS(written, HOLM_LOG_BURST_MAX);
    HOLM_LOG_WARNING("test", "another place");
    CHECK_IS(written, HOLM_LOG_BURST_MAX + 1);
    holm_log_tick(5 + HOLM_LOG_PERIOD_NS - 1, 0);
    complain();
    CHECK_IS(written, HOLM_LOG_BURST_MAX + 1);
    holm_log_tick(5 + HOLM_LOG_PERIOD_NS, 0);
    complain();
    CHECK_IS(written, HOLM_LOG_BURST_MAX + 2);
    CHECK_BYTES(holm_buffer_filled(&line), HOLM_TEXT("- warning test: again suppressed=16\n"));
    complain();
    CHECK_BYTES(holm_buffer_filled(&line), HOLM_TEXT("- warning test: again\n"));
}

TEST(a_line_that_does_not_fit_leaves_nothing)
{
    const struct holm_log_field fields[] = { HOLM_FIELD_TEXT("key", HOLM_TEXT("a value")) };
    struct holm_log_record record = { .source = HOLM_TEXT("s"),
                                      .message = HOLM_TEXT("m"),
                                      .suppressed = 3,
                                      .fields = &fields[0],
                                      .fields_count = 1 };
    struct holm_buffer whole = HOLM_BUFFER(line_room);
    CHECK(holm_log_record_emit(&whole, &record));
    CHECK_BYTES(holm_buffer_filled(&whole),
                HOLM_TEXT("- error s: m key=\"a value\" suppressed=3\n"));
    for (size_t size = 0; size < whole.len; size++) {
        struct holm_buffer out = { line_room, 0, size };
        CHECK(!holm_log_record_emit(&out, &record));
        CHECK_IS(out.len, 0);
    }
}
