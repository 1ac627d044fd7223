/* SPDX-License-Identifier: ISC */
/* fuzz_http_head.c: any bytes as the head of a request and of a response: the same answer whole and
 * in two pieces, every part readable, and what is written again from the parts reads the same. */
#include <holm/http/head.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct holm_http_head head;
static struct holm_http_head again;
static uint8_t storage[2 * HOLM_HTTP_HEAD_MAX];

static void must(bool good)
{
    if (!good)
        abort();
}

static enum holm_result parse(struct holm_http_head *of, struct holm_bytes msg, bool response)
{
    return response ? holm_http_head_parse_response(of, msg) : holm_http_head_parse(of, msg);
}

static struct holm_bytes part(struct holm_http_part part, struct holm_bytes msg)
{
    struct holm_bytes bytes = { 0 };
    must(holm_http_part_bytes(part, msg, &bytes));
    return bytes;
}

static void in_two_pieces(struct holm_bytes msg, size_t cut, bool response)
{
    struct holm_bytes front = { 0 };
    enum holm_result result;
    must(holm_bytes_part(msg, 0, cut, &front));
    holm_http_head_init(&again);
    result = parse(&again, front, response);
    if (result == HOLM_AGAIN)
        result = parse(&again, msg, response);
    must(result == head.result && again.len == head.len && again.refusal == head.refusal);
    must(again.field_count == head.field_count);
    for (size_t i = 0; i < head.field_count; i++) {
        const struct holm_http_field *a = &HOLM_AT(head.fields, i);
        const struct holm_http_field *b = &HOLM_AT(again.fields, i);
        must(a->name_at == b->name_at && a->name_len == b->name_len);
        must(a->value.at == b->value.at && a->value.len == b->value.len);
    }
}

static void put(struct holm_buffer *out, struct holm_bytes text)
{
    must(holm_buffer_bytes(out, text));
}

/* emit_again writes the parts in the plainest form. */
static struct holm_bytes emit_again(struct holm_bytes msg, bool response)
{
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_bytes name = { 0 };
    struct holm_bytes value = { 0 };
    struct holm_bytes version = head.minor == 1 ? HOLM_TEXT("HTTP/1.1") : HOLM_TEXT("HTTP/1.0");
    if (response) {
        put(&out, version);
        put(&out, HOLM_TEXT(" "));
        must(holm_http_number_emit(&out, head.status));
        put(&out, HOLM_TEXT(" "));
        put(&out, part(head.target, msg));
    } else {
        put(&out, part(head.method, msg));
        put(&out, HOLM_TEXT(" "));
        put(&out, part(head.target, msg));
        put(&out, HOLM_TEXT(" "));
        put(&out, version);
    }
    put(&out, HOLM_TEXT("\r\n"));
    for (size_t i = 0; holm_http_head_field_at(&head, msg, i, &name, &value); i++) {
        put(&out, name);
        put(&out, HOLM_TEXT(":"));
        put(&out, value);
        put(&out, HOLM_TEXT("\r\n"));
    }
    put(&out, HOLM_TEXT("\r\n"));
    return holm_buffer_filled(&out);
}

static void same(struct holm_bytes a, struct holm_bytes b)
{
    must(holm_bytes_equal(a, b));
}

static void round_trip(struct holm_bytes msg, bool response)
{
    struct holm_bytes text = emit_again(msg, response);
    struct holm_bytes a[4] = { 0 };
    holm_http_head_init(&again);
    must(parse(&again, text, response) == HOLM_OK && again.len == text.len);
    must(again.minor == head.minor && again.status == head.status);
    must(again.field_count == head.field_count);
    same(part(again.target, text), part(head.target, msg));
    if (!response)
        same(part(again.method, text), part(head.method, msg));
    for (size_t i = 0; holm_http_head_field_at(&head, msg, i, &a[0], &a[1]); i++) {
        must(holm_http_head_field_at(&again, text, i, &a[2], &a[3]));
        same(a[0], a[2]);
        same(a[1], a[3]);
    }
}

static void look_ups(struct holm_bytes msg)
{
    struct holm_bytes name = { 0 };
    struct holm_bytes value = { 0 };
    holm_http_head_index(&head, msg);
    for (size_t i = 0; holm_http_head_field_at(&head, msg, i, &name, &value); i++) {
        enum holm_http_field_id id = (enum holm_http_field_id)HOLM_AT(head.fields, i).id;
        must(id == HOLM_HTTP_FIELD_OTHER || holm_http_head_field(&head, msg, id, &value));
    }
}

static void check(struct holm_bytes msg, bool response)
{
    enum holm_result result;
    uint8_t last = 0;
    holm_http_head_init(&head);
    result = parse(&head, msg, response);
    must((result < 0) == (head.refusal != 0) && (result == HOLM_OK) == (head.len > 0));
    if (holm_bytes_u8_at(msg, msg.len - 1, &last))
        in_two_pieces(msg, (last * 251U + msg.len) % msg.len, response);
    if (result == HOLM_OK) {
        look_ups(msg);
        round_trip(msg, response);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes msg = { data, len };
    check(msg, false);
    check(msg, true);
    return 0;
}
