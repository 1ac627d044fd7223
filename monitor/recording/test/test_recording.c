/* SPDX-License-Identifier: ISC */
/* Recordings that are whole, and what one wrong byte, number or end makes of them. */
#include <holm/test.h>

#include <holm/recording.h>

static uint8_t room[HOLM_RECORDING_HEAD_MAX + 4096];
static const struct holm_abi_device devices[] = {
    { .kind = HOLM_ABI_NET, .name_len = 7, .name = "service", .mtu = 1500 },
};

static struct holm_recording_head head_of(uint32_t devices_count, uint32_t arguments_count)
{
    return (struct holm_recording_head){ .cpu = 3,
                                         .memory_limit = 1 << 20,
                                         .devices_count = devices_count,
                                         .arguments_count = arguments_count,
                                         .build_id_len = 20 };
}

/* begin writes a head with a device and two arguments. */
static struct holm_buffer begin(void)
{
    const struct holm_bytes arguments[] = { HOLM_TEXT("--port=80"), HOLM_TEXT("") };
    struct holm_recording_head head = head_of(1, 2);
    struct holm_buffer out = HOLM_BUFFER(room);

    CHECK_IS(holm_recording_emit(&out, &head, &devices[0], HOLM_TEXT("x.holm"), &arguments[0]),
             HOLM_OK);
    return out;
}

static void entry_emit(struct holm_buffer *out, enum holm_recording_kind kind,
                       struct holm_bytes first, struct holm_bytes second)
{
    struct holm_recording_entry entry = { .kind = (uint32_t)kind,
                                          .bytes = (uint32_t)(first.len + second.len) };

    entry.sum =
        holm_recording_sum(holm_recording_sum(holm_recording_entry_sum(&entry), first), second);
    CHECK(holm_buffer_bytes(out, holm_recording_raw(&entry, sizeof entry)) &&
          holm_buffer_bytes(out, first) && holm_buffer_bytes(out, second));
}

static enum holm_result parse(struct holm_buffer out)
{
    struct holm_recording recording;

    return holm_recording_parse(&recording, holm_buffer_filled(&out));
}

/* entry_result is what becomes of an entry of a kind with so many bytes. */
static enum holm_result entry_result(enum holm_recording_kind kind, struct holm_bytes first,
                                     struct holm_bytes second)
{
    struct holm_recording_entry entry = { 0 };
    struct holm_buffer out = HOLM_BUFFER(room);
    struct holm_bytes rest, about = { 0 };

    entry_emit(&out, kind, first, second);
    rest = holm_buffer_filled(&out);
    enum holm_result result = holm_recording_entry_next(&entry, &about, &rest);
    CHECK_IS(rest.len, result == HOLM_OK ? 0 : out.len);
    return result;
}

TEST(a_head_comes_back_as_it_was)
{
    struct holm_recording recording;
    struct holm_abi_device device = { 0 };
    struct holm_buffer out = begin();
    struct holm_bytes text = { 0 };

    CHECK_IS(holm_recording_parse(&recording, holm_buffer_filled(&out)), HOLM_OK);
    CHECK_IS(recording.head.cpu, 3);
    CHECK_IS(recording.head.head_bytes, out.len);
    CHECK(holm_bytes_equal(recording.image, HOLM_TEXT("x.holm")));
    CHECK(holm_recording_device_next(&device, &recording.devices));
    CHECK_IS(device.mtu, 1500);
    CHECK(!holm_recording_device_next(&device, &recording.devices));
    CHECK(holm_recording_text_next(&text, &recording.texts));
    CHECK(holm_bytes_equal(text, HOLM_TEXT("--port=80")));
    CHECK(holm_recording_text_next(&text, &recording.texts));
    CHECK_IS(text.len, 0);
    CHECK(!holm_recording_text_next(&text, &recording.texts));
    CHECK_IS(recording.entries.len, 0);
}

TEST(who_looks_into_one_is_told_what_it_is)
{
    struct holm_buffer out = begin();
    struct holm_bytes start = { 0 };

    CHECK(holm_bytes_part(holm_buffer_filled(&out), 0, HOLM_RECORDING_MAGIC_BYTES, &start));
    CHECK(holm_bytes_equal(start, HOLM_RECORDING_MAGIC));
}

TEST(each_changed_byte_of_a_head_is_refused)
{
    struct holm_buffer out = begin();

    for (size_t i = 0; i < out.len; i++) {
        HOLM_AT(room, i) ^= 0x10;
        CHECK(parse(out) != HOLM_OK);
        HOLM_AT(room, i) ^= 0x10;
    }
    CHECK_IS(parse(out), HOLM_OK);
}

TEST(each_shorter_head_is_refused)
{
    for (struct holm_buffer out = begin(); out.len > 0;) {
        out.len -= 1;
        CHECK_IS(parse(out),
                 out.len < HOLM_RECORDING_MAGIC_BYTES ? HOLM_ERR_UNSUPPORTED : HOLM_ERR_TRUNCATED);
    }
}

/* of_counts is what becomes of a head that has other counts than what stands behind it. */
static enum holm_result of_counts(uint32_t devices_count, uint32_t arguments_count, uint32_t id_len)
{
    struct holm_recording_head head = head_of(0, 0);
    struct holm_buffer out = HOLM_BUFFER(room), again = out;
    struct holm_bytes summed = { 0 };

    CHECK_IS(holm_recording_emit(&out, &head, NULL, HOLM_TEXT("x.holm"), NULL), HOLM_OK);
    head.devices_count = devices_count;
    head.arguments_count = arguments_count;
    head.build_id_len = id_len;
    CHECK(holm_buffer_bytes(&again, holm_recording_raw(&head, sizeof head)));
    CHECK(holm_bytes_from(holm_buffer_filled(&out),
                          offsetof(struct holm_recording_head, head_bytes), &summed));
    head.sum = holm_recording_sum(HOLM_RECORDING_SUM_START, summed);
    again.len = 0;
    CHECK(holm_buffer_bytes(&again, holm_recording_raw(&head, sizeof head)));
    return parse(out);
}

TEST(counts_are_those_of_what_is_there)
{
    CHECK_IS(of_counts(0, 0, 32), HOLM_OK);
    CHECK_IS(of_counts(0, 0, 33), HOLM_ERR_MALFORMED);
    CHECK_IS(of_counts(1, 0, 0), HOLM_ERR_MALFORMED);
    CHECK_IS(of_counts(UINT32_MAX, 0, 0), HOLM_ERR_MALFORMED);
    CHECK_IS(of_counts(0, 1, 0), HOLM_ERR_MALFORMED);
    CHECK_IS(of_counts(0, UINT32_MAX, 0), HOLM_ERR_MALFORMED);
}

TEST(what_is_too_long_is_not_begun)
{
    static uint8_t text[HOLM_RECORDING_HEAD_MAX];
    const struct holm_bytes arguments[] = { HOLM_BLOB(text) };
    struct holm_recording_head head = head_of(0, 1);
    struct holm_buffer out = HOLM_BUFFER(room);

    CHECK_IS(holm_recording_emit(&out, &head, NULL, HOLM_TEXT("x.holm"), &arguments[0]),
             HOLM_ERR_LIMIT);
    out.size = 100;
    out.len = 0;
    head.arguments_count = 0;
    CHECK_IS(holm_recording_emit(&out, &head, NULL, HOLM_TEXT("x.holm"), NULL), HOLM_ERR_LIMIT);
}

TEST(entries_are_read_in_their_order_up_to_one_that_is_cut)
{
    const struct holm_recording_done done = { .kind = HOLM_ABI_RECEIVE, .answer = 3 };
    const struct holm_recording_turn turn = { .now_ns = 5 };
    struct holm_recording_entry entry = { 0 };
    struct holm_buffer out = HOLM_BUFFER(room);
    struct holm_bytes rest, about = { 0 };

    entry_emit(&out, HOLM_RECORDING_DONE, holm_recording_raw(&done, sizeof done), HOLM_TEXT("abc"));
    size_t first = out.len;
    entry_emit(&out, HOLM_RECORDING_TURN, holm_recording_raw(&turn, sizeof turn), HOLM_TEXT(""));
    for (size_t len = first; len < out.len; len++) {
        CHECK(holm_bytes_part(holm_buffer_filled(&out), 0, len, &rest));
        CHECK_IS(holm_recording_entry_next(&entry, &about, &rest), HOLM_OK);
        CHECK_IS(entry.kind, HOLM_RECORDING_DONE);
        CHECK_IS(about.len, sizeof done + 3);
        CHECK_IS(holm_recording_entry_next(&entry, &about, &rest), HOLM_END);
        CHECK_IS(rest.len, len - first);
    }
    rest = holm_buffer_filled(&out);
    CHECK_IS(holm_recording_entry_next(&entry, &about, &rest), HOLM_OK);
    CHECK_IS(holm_recording_entry_next(&entry, &about, &rest), HOLM_OK);
    CHECK_IS(entry.kind, HOLM_RECORDING_TURN);
    CHECK_IS(rest.len, 0);
}

TEST(each_changed_byte_of_an_entry_is_seen_or_cuts_it)
{
    const struct holm_recording_turn turn = { .now_ns = 5, .console_size = 2 };
    struct holm_recording_entry entry = { 0 };
    struct holm_buffer out = HOLM_BUFFER(room);

    entry_emit(&out, HOLM_RECORDING_TURN, holm_recording_raw(&turn, sizeof turn), HOLM_TEXT("ok"));
    for (size_t i = 0; i < out.len; i++) {
        struct holm_bytes rest = holm_buffer_filled(&out), about = { 0 };
        HOLM_AT(room, i) ^= 1;
        CHECK(holm_recording_entry_next(&entry, &about, &rest) != HOLM_OK);
        CHECK_IS(rest.len, out.len);
        HOLM_AT(room, i) ^= 1;
    }
}

TEST(an_entry_has_what_its_kind_has)
{
    struct holm_recording_done done = { .kind = HOLM_ABI_RECEIVE, .answer = 2 };
    struct holm_recording_turn turn = { .console_size = 2 };
    const struct holm_recording_console console = { .output = 1 };
    struct holm_bytes a_done = holm_recording_raw(&done, sizeof done);
    struct holm_bytes a_turn = holm_recording_raw(&turn, sizeof turn);
    struct holm_bytes a_console = holm_recording_raw(&console, sizeof console);
    const struct holm_bytes none = HOLM_TEXT(""), two = HOLM_TEXT("ab");

    CHECK_IS(entry_result(HOLM_RECORDING_DONE, a_done, two), HOLM_OK);
    CHECK_IS(entry_result(HOLM_RECORDING_DONE, a_done, none), HOLM_ERR_MALFORMED);
    CHECK_IS(entry_result(HOLM_RECORDING_DONE, none, two), HOLM_ERR_MALFORMED);
    done.index = HOLM_ABI_REQUESTS_MAX;
    CHECK_IS(entry_result(HOLM_RECORDING_DONE, a_done, two), HOLM_ERR_MALFORMED);
    done = (struct holm_recording_done){ .kind = HOLM_ABI_SEND, .answer = 2 };
    CHECK_IS(entry_result(HOLM_RECORDING_DONE, a_done, none), HOLM_OK);
    CHECK_IS(entry_result(HOLM_RECORDING_DONE, a_done, two), HOLM_ERR_MALFORMED);
    done.answer = HOLM_ABI_AGAIN;
    CHECK_IS(entry_result(HOLM_RECORDING_DONE, a_done, none), HOLM_ERR_MALFORMED);
    CHECK_IS(entry_result(HOLM_RECORDING_TURN, a_turn, two), HOLM_OK);
    CHECK_IS(entry_result(HOLM_RECORDING_TURN, a_turn, none), HOLM_ERR_MALFORMED);
    turn.console_size = HOLM_ABI_CONSOLE_BYTES + 1;
    CHECK_IS(entry_result(HOLM_RECORDING_TURN, a_turn, two), HOLM_ERR_MALFORMED);
    CHECK_IS(entry_result(HOLM_RECORDING_CONSOLE, a_console, none), HOLM_OK);
    CHECK_IS(entry_result(HOLM_RECORDING_CONSOLE, a_console, two), HOLM_ERR_MALFORMED);
    CHECK_IS(entry_result(HOLM_RECORDING_EXIT, HOLM_TEXT("12345678"), none), HOLM_OK);
    CHECK_IS(entry_result(HOLM_RECORDING_EXIT, two, none), HOLM_ERR_MALFORMED);
    CHECK_IS(entry_result((enum holm_recording_kind)5, two, none), HOLM_ERR_MALFORMED);
}
