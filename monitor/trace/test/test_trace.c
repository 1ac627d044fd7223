/* SPDX-License-Identifier: ISC */
/* Events of a trace as text, and events that no call page makes. */
#include <holm/test.h>

#include <holm/random.h>
#include <holm/trace.h>

static uint8_t room[HOLM_TRACE_TEXT_MAX];
static struct holm_trace trace;

static struct holm_buffer begin(void)
{
    struct holm_buffer out = HOLM_BUFFER(room);

    holm_trace_begin(&trace, &out, HOLM_TEXT("x.holm"));
    out.len = 0;
    return out;
}

/* said answers what an event becomes behind what was said of the others. */
static struct holm_bytes said(struct holm_buffer *out, struct holm_trace_event event)
{
    out->len = 0;
    CHECK_IS(holm_trace_add(&trace, out, &event), HOLM_OK);
    return holm_buffer_filled(out);
}

static void refused(struct holm_trace_event event)
{
    struct holm_buffer out = HOLM_BUFFER(room);

    CHECK_IS(holm_trace_add(&trace, &out, &event), HOLM_ERR_MALFORMED);
    CHECK_IS(out.len, 0);
}

TEST(it_begins_with_names_and_ends)
{
    struct holm_buffer out = HOLM_BUFFER(room);

    holm_trace_begin(&trace, &out, HOLM_TEXT("a\"b\\c\nd"));
    CHECK_BYTES(
        holm_buffer_filled(&out),
        HOLM_TEXT(
            "[{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"a?b?c?d\"}},\n"
            "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":1,\"args\":{\"name\":\"image\"}}"));
    CHECK_BYTES(
        said(&out,
             (struct holm_trace_event){ .kind = HOLM_TRACE_DEVICE, .which = 1, .name = "disk" }),
        HOLM_TEXT(
            ",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":3,\"args\":{\"name\":\"disk\"}}"));
    out.len = 0;
    holm_trace_end(&out);
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("]\n"));
}

TEST(a_turn_is_told_at_its_end_with_what_was_done)
{
    struct holm_buffer out = begin();

    CHECK_IS(said(&out,
                  (struct holm_trace_event){
                      .kind = HOLM_TRACE_TURN, .at_ns = 5000, .until_ns = 9001, .count = 3 })
                 .len,
             0);
    CHECK_IS(said(&out, (struct holm_trace_event){ .kind = HOLM_TRACE_DONE,
                                                   .request = HOLM_ABI_SEND,
                                                   .answer = 66 })
                 .len,
             0);
    CHECK_IS(said(&out, (struct holm_trace_event){ .kind = HOLM_TRACE_DONE,
                                                   .request = HOLM_ABI_FLUSH,
                                                   .which = 1,
                                                   .answer = HOLM_ABI_FAILED })
                 .len,
             0);
    CHECK_BYTES(
        said(&out,
             (struct holm_trace_event){
                 .kind = HOLM_TRACE_ANSWER, .at_ns = 1006042, .count = 2, .stops = 1 }),
        HOLM_TEXT(
            ",\n{\"name\":\"turn\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0.000,\"dur\":1001.042,\"args\":{"
            "\"deadline\":4.001,\"requests\":3,\"done\":2,\"typed\":2,\"stops\":1}}"
            ",\n{\"name\":\"send\",\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":2,\"ts\":1001.042,\"args\":{\"bytes\":66}}"
            ",\n{\"name\":\"flush\",\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":3,\"ts\":1001.042,\"args\":{\"error\":\"failed\"}}"));
}

TEST(writes_and_the_end_are_told_at_once)
{
    struct holm_buffer out = begin();

    CHECK_BYTES(
        said(&out, (struct holm_trace_event){ .kind = HOLM_TRACE_CONSOLE,
                                              .at_ns = 7,
                                              .which = HOLM_ABI_ERROR,
                                              .count = 9,
                                              .answer = 4 }),
        HOLM_TEXT(
            ",\n{\"name\":\"error output\",\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":1,\"ts\":0.000,\"args\":{"
            "\"asked\":9,\"bytes\":4}}"));
    CHECK_BYTES(
        said(&out, (struct holm_trace_event){ .kind = HOLM_TRACE_EXIT, .at_ns = 12, .which = 6 }),
        HOLM_TEXT(
            ",\n{\"name\":\"exit\",\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":1,\"ts\":0.005,\"args\":{"
            "\"status\":6}}"));
}

TEST(what_no_call_page_tells_of_is_refused)
{
    struct holm_buffer out = begin();

    refused((struct holm_trace_event){ .kind = 0 });
    refused((struct holm_trace_event){ .kind = 7 });
    refused((struct holm_trace_event){ .kind = HOLM_TRACE_DEVICE, .which = HOLM_ABI_DEVICES_MAX });
    refused((struct holm_trace_event){ .kind = HOLM_TRACE_DONE });
    refused((struct holm_trace_event){ .kind = HOLM_TRACE_ANSWER });
    (void)said(&out, (struct holm_trace_event){ .kind = HOLM_TRACE_TURN });
    refused((struct holm_trace_event){ .kind = HOLM_TRACE_TURN });
    refused((struct holm_trace_event){ .kind = HOLM_TRACE_DEVICE });
    refused((struct holm_trace_event){ .kind = HOLM_TRACE_EXIT });
    refused((struct holm_trace_event){ .kind = HOLM_TRACE_DONE, .which = HOLM_ABI_DEVICES_MAX });
    for (size_t i = 0; i < HOLM_ABI_REQUESTS_MAX; i++)
        (void)said(&out, (struct holm_trace_event){ .kind = HOLM_TRACE_DONE });
    refused((struct holm_trace_event){ .kind = HOLM_TRACE_DONE });
}

/* drawn_set makes an event of any numbers, most of kinds that there are. */
static void drawn_set(struct holm_trace_event *event, struct holm_random_seeded *dice)
{
    *event = (struct holm_trace_event){ .kind = (uint32_t)(holm_random_seeded_next(dice) % 8),
                                        .which = (uint32_t)(holm_random_seeded_next(dice) % 34),
                                        .request = (uint32_t)(holm_random_seeded_next(dice) % 7),
                                        .stops = (uint32_t)holm_random_seeded_next(dice),
                                        .at_ns = holm_random_seeded_next(dice),
                                        .until_ns = holm_random_seeded_next(dice),
                                        .count = holm_random_seeded_next(dice),
                                        .answer = (int64_t)holm_random_seeded_next(dice) };
    for (size_t i = 0; i < HOLM_COUNT(event->name); i++)
        HOLM_AT(event->name, i) = (char)(holm_random_seeded_next(dice) >> 57);
}

TEST(whatever_comes_the_text_fits_and_is_lines_of_ascii)
{
    struct holm_random_seeded dice;
    struct holm_buffer out = begin();
    struct holm_trace_event event;
    size_t longest = 0;

    holm_random_seeded_init(&dice, holm_test_seed());
    for (unsigned i = 0; i < 200000; i++) {
        drawn_set(&event, &dice);
        if (event.kind > HOLM_TRACE_DONE && i % 512 != 0)
            event.kind = HOLM_TRACE_DONE; /* turns that are full */
        out.len = 0;
        (void)!holm_trace_add(&trace, &out, &event);
        longest = out.len > longest ? out.len : longest;
        struct holm_bytes text = holm_buffer_filled(&out);
        uint8_t byte = 0;
        while (holm_bytes_u8(&text, &byte))
            CHECK((byte >= ' ' && byte < 0x7f) || byte == '\n');
    }
    CHECK(longest > 10000);
}
