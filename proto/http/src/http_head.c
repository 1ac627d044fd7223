/* SPDX-License-Identifier: ISC */
/* http_head.c: the grammar of heads, one pass, offsets into one constant span. Invariants:
 * (1) Every part lies in front of line_at; line_at stands at the start of a line.
 * (2) line_at only grows: one line is read at most twice, and looked through once for its end.
 * (3) A line is wrong only once its line feed came, so that any cut of the input gives the same; but
 *     a request line at once, when a byte came that can be in none: no line feed may ever follow.
 * All offsets are below HOLM_HTTP_HEAD_MAX, so sums of two cannot wrap and fit uint16_t. */
#include "http_impl.h"

enum { CRLF = 0x0d0a, VERSION_LEN = 8 };
static const uint64_t HTTP_1_0 = 0x485454502f312e30;
static const uint64_t HTTP_1_1 = 0x485454502f312e31;

#define IS_BETWEEN(c, low, high) ((c) >= (low) && (c) <= (high))
/* What a request line is made of, up to its line feed. */
#define IS_LINE(c) (IS_BETWEEN(c, ' ', '~') || (c) == '\r')

static const struct holm_class line_class = HOLM_CLASS(IS_LINE);

bool holm_http__line_end(struct holm_bytes msg, size_t at)
{
    uint16_t end;
    return holm_bytes_u16_at(msg, at, &end) && end == CRLF;
}

/* wrong_at answers why a line cannot go on at an offset: its end is not there yet, or its bytes are
 * wrong. Keeps (3). */
/*@ requires holm_readable(msg);
    assigns \nothing;
    ensures \result \in { HOLM_AGAIN, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_AGAIN <==>
              \forall integer k; at <= k < msg.len ==> msg.ptr[k] != '\n'; */
static enum holm_result wrong_at(struct holm_bytes msg, size_t at)
{
    if (holm_http__find(msg, at, '\n') == msg.len)
        return HOLM_AGAIN;
    return HOLM_ERR_MALFORMED;
}

/*@ requires holm_head_bytes(msg);
    requires from <= msg.len + 1;
    assigns \nothing;
    ensures from <= \result;
    ensures from <= msg.len ==> \result <= msg.len;
    ensures from > msg.len ==> \result == from;
    ensures \result < msg.len ==> msg.ptr[\result] != ' ' && msg.ptr[\result] != '\t'; */
static size_t blanks_skip(struct holm_bytes msg, size_t from)
{
    size_t at = from;
    /*@ loop invariant from <= at && (at <= msg.len || at == from);
        loop assigns at;
        loop variant msg.len + 1 - at; */
    while (holm_bytes_is(msg, at, ' ') || holm_bytes_is(msg, at, '\t'))
        at++;
    return at;
}

/*@ requires holm_readable(msg) && from <= to <= msg.len;
    assigns \nothing;
    ensures from <= \result <= to;
    ensures \result > from ==> msg.ptr[\result - 1] != ' ' && msg.ptr[\result - 1] != '\t'; */
static size_t blanks_trim(struct holm_bytes msg, size_t from, size_t to)
{
    size_t end = to;
    /*@ loop invariant from <= end <= to;
        loop assigns end;
        loop variant end; */
    while (end > from && (holm_bytes_is(msg, end - 1, ' ') || holm_bytes_is(msg, end - 1, '\t')))
        end--;
    return end;
}

/*@ requires from <= to <= HOLM_HTTP_HEAD_MAX;
    assigns \nothing;
    ensures \result.at == from && \result.len == to - from; */
static struct holm_http_part part_make(size_t from, size_t to)
{
    struct holm_http_part part = { (uint16_t)from, (uint16_t)(to - from) };
    return part;
}

/*@ requires \valid(head);
    assigns head->refusal;
    ensures \result == result && head->refusal == status; */
static enum holm_result refuse(struct holm_http_head *head, uint16_t status,
                               enum holm_result result)
{
    head->refusal = status;
    return result;
}

/* version_refuse tells another version of HTTP from what is no version at all. */
/*@ requires holm_head_bytes(msg);
    requires \valid(head) && at <= msg.len;
    assigns head->refusal;
    ensures \result \in { HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_ERR_UNSUPPORTED ==> head->refusal == HOLM_HTTP__BAD_VERSION;
    ensures \result != HOLM_ERR_UNSUPPORTED ==> head->refusal == \old(head->refusal); */
static enum holm_result version_refuse(struct holm_http_head *head, struct holm_bytes msg,
                                       size_t at, uint64_t version)
{
    uint64_t major = version >> 16 & 0xff;
    uint64_t minor = version & 0xff;
    if (wrong_at(msg, at) == HOLM_AGAIN)
        return HOLM_AGAIN;
    if ((version | 0xff00ff) != (HTTP_1_1 | 0xff00ff) || !IS_BETWEEN(major, '0', '9') ||
        !IS_BETWEEN(minor, '0', '9') || (at > 0 && !holm_http__line_end(msg, at + VERSION_LEN)))
        return HOLM_ERR_MALFORMED;
    return refuse(head, HOLM_HTTP__BAD_VERSION, HOLM_ERR_UNSUPPORTED);
}

/* version_parse reads the version and the line's end at an offset. */
/*@ requires holm_head_bytes(msg);
    requires \valid(head) && \separated(head, msg.ptr + (0 .. msg.len - 1));
    requires at <= msg.len + 1;
    assigns head->minor, head->refusal;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> at + VERSION_LEN + 2 <= msg.len && head->minor <= 1 &&
              holm_u64_value(msg.ptr + at) == HTTP_1_0 + head->minor &&
              holm_crlf_at(msg, at + VERSION_LEN);
    ensures \result != HOLM_OK ==> head->minor == \old(head->minor);
    ensures \result == HOLM_ERR_UNSUPPORTED ==> head->refusal == HOLM_HTTP__BAD_VERSION; */
static enum holm_result version_parse(struct holm_http_head *head, struct holm_bytes msg, size_t at)
{
    uint64_t version;
    if (!holm_bytes_u64_at(msg, at, &version))
        return wrong_at(msg, at);
    if (version != HTTP_1_1 && version != HTTP_1_0)
        return version_refuse(head, msg, at, version);
    if (!holm_http__line_end(msg, at + VERSION_LEN))
        return wrong_at(msg, at + VERSION_LEN);
    head->minor = version == HTTP_1_1;
    return HOLM_OK;
}

/*@ requires holm_head_bytes(msg);
    requires \valid(head) && \separated(head, msg.ptr + (0 .. msg.len - 1));
    requires head->line_at == 0;
    assigns head->minor, head->refusal, head->method, head->target, head->line_at;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED,
                          HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> 0 < head->line_at <= msg.len;
    ensures \result != HOLM_OK ==> head->line_at == 0;
    ensures \result == HOLM_OK ==> holm_request_line_in(head);
    ensures \result == HOLM_OK ==>
              holm_bytes_of{Old}(msg, head->method.at, head->method.len, &holm_http__token_class);
    ensures \result == HOLM_OK ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__target_class);
    ensures \result == HOLM_ERR_LIMIT ==> head->refusal != 0;
    ensures \result == HOLM_ERR_UNSUPPORTED ==> head->refusal == HOLM_HTTP__BAD_VERSION; */
static enum holm_result request_line(struct holm_http_head *head, struct holm_bytes msg)
{
    /* RFC 9112 section 2.2: an empty line before the request is passed over; we take one. */
    size_t at = holm_http__line_end(msg, 0) ? 2 : 0;
    size_t method_end = holm_bytes_span(msg, at, &holm_http__token_class, ' ');
    size_t target_end = holm_bytes_span(msg, method_end + 1, &holm_http__target_class, ' ');
    enum holm_result result;
    if (method_end == at || !holm_bytes_is(msg, method_end, ' '))
        return wrong_at(msg, method_end);
    if (target_end == method_end + 1 || !holm_bytes_is(msg, target_end, ' '))
        return wrong_at(msg, target_end);
    result = version_parse(head, msg, target_end + 1);
    if (result != HOLM_OK)
        return result;
    if (method_end - at > HOLM_HTTP_METHOD_MAX)
        return refuse(head, HOLM_HTTP__NOT_IMPLEMENTED, HOLM_ERR_LIMIT);
    if (target_end - method_end > HOLM_HTTP_TARGET_MAX + 1)
        return refuse(head, HOLM_HTTP__TARGET_TOO_LONG, HOLM_ERR_LIMIT);
    head->method = part_make(at, method_end);
    head->target = part_make(method_end + 1, target_end);
    head->line_at = target_end + 1 + VERSION_LEN + 2;
    return HOLM_OK;
}

/* status_digits reads the three digits of a status at an offset. */
/*@ requires holm_readable(msg) && \valid(status);
    requires \separated(status, msg.ptr + (0 .. msg.len - 1)) && at <= HOLM_HTTP_HEAD_MAX;
    assigns *status;
    ensures \result ==> at + 3 <= msg.len && 100 <= *status <= 999 &&
              *status == (msg.ptr[at] - '0') * 100 + (msg.ptr[at + 1] - '0') * 10 +
                (msg.ptr[at + 2] - '0');
    ensures !\result ==> *status == \old(*status); */
static bool status_digits(uint16_t *status, struct holm_bytes msg, size_t at)
{
    uint8_t a = 0;
    uint8_t b = 0;
    uint8_t c = 0;
    if (!holm_bytes_u8_at(msg, at, &a) || !holm_bytes_u8_at(msg, at + 1, &b) ||
        !holm_bytes_u8_at(msg, at + 2, &c))
        return false;
    if (!IS_BETWEEN(a, '1', '9') || !IS_BETWEEN(b, '0', '9') || !IS_BETWEEN(c, '0', '9'))
        return false;
    *status = (uint16_t)((a - '0') * 100 + (b - '0') * 10 + (c - '0'));
    return true;
}

/* RFC 9112 section 4. Deviation: the blank behind the status may be missing where no reason phrase
 * follows; many servers leave it out. */
/*@ requires holm_head_bytes(msg);
    requires \valid(head) && \separated(head, msg.ptr + (0 .. msg.len - 1));
    requires head->line_at == 0;
    assigns head->minor, head->refusal, head->status, head->target, head->line_at;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> 0 < head->line_at <= msg.len;
    ensures \result != HOLM_OK ==> head->line_at == 0;
    ensures \result == HOLM_OK ==> holm_status_line_in(head);
    ensures \result == HOLM_OK ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__value_class);
    ensures \result == HOLM_ERR_UNSUPPORTED ==> head->refusal == HOLM_HTTP__BAD_VERSION; */
static enum holm_result status_line(struct holm_http_head *head, struct holm_bytes msg)
{
    size_t reason_at = VERSION_LEN + 4;
    size_t line_end;
    uint64_t version;
    uint16_t status;
    if (holm_bytes_is(msg, reason_at, ' '))
        reason_at++;
    line_end = holm_http__span(msg, reason_at, &holm_http__value_class);
    if (!holm_bytes_u64_at(msg, 0, &version) || !holm_bytes_is(msg, VERSION_LEN, ' ') ||
        !status_digits(&status, msg, VERSION_LEN + 1) || !holm_http__line_end(msg, line_end) ||
        (line_end > reason_at && reason_at == VERSION_LEN + 4))
        return wrong_at(msg, 0);
    if (version != HTTP_1_1 && version != HTTP_1_0)
        return version_refuse(head, msg, 0, version);
    head->minor = version == HTTP_1_1;
    head->status = status;
    head->target = part_make(reason_at, line_end);
    head->line_at = line_end + 2;
    return HOLM_OK;
}

/* field_line parses the line at *at; on success *at is the start of the next. Inline: as a call, with
 * at in memory and a guard in its frame, it makes a browser's head a tenth slower. */
/*@ requires holm_head_bytes(msg);
    requires \valid(field) && \valid(at) && *at <= msg.len;
    requires \separated(field, at, msg.ptr + (0 .. msg.len - 1));
    assigns field->name_at, field->name_len, field->value.at, field->value.len, *at;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> \old(*at) < *at <= msg.len && holm_field_in(field, *at);
    ensures \result == HOLM_OK ==> field->name_at == \old(*at) &&
              msg.ptr[field->name_at + field->name_len] == ':' && holm_crlf_at(msg, *at - 2);
    ensures \result == HOLM_OK ==>
              holm_bytes_of{Old}(msg, field->name_at, field->name_len, &holm_http__token_class);
    ensures \result == HOLM_OK ==>
              holm_bytes_of{Old}(msg, field->value.at, field->value.len, &holm_http__value_class);
    ensures \result != HOLM_OK ==> *at == \old(*at); */
static inline enum holm_result field_line(struct holm_http_field *field, size_t *at,
                                          struct holm_bytes msg)
{
    size_t name_end = holm_bytes_span(msg, *at, &holm_http__token_class, ':');
    size_t value_at = blanks_skip(msg, name_end + 1);
    size_t line_end = holm_bytes_span(msg, value_at, &holm_http__value_class, '\r');
    if (name_end == *at || !holm_bytes_is(msg, name_end, ':'))
        return wrong_at(msg, name_end);
    if (!holm_http__line_end(msg, line_end))
        return wrong_at(msg, line_end);
    if (name_end - *at > HOLM_HTTP_NAME_MAX || line_end - value_at > HOLM_HTTP_VALUE_MAX)
        return HOLM_ERR_LIMIT;
    field->name_at = (uint16_t)*at;
    field->name_len = (uint8_t)(name_end - *at);
    field->value.at = (uint16_t)value_at;
    field->value.len = (uint16_t)(blanks_trim(msg, value_at, line_end) - value_at);
    *at = line_end + 2;
    return HOLM_OK;
}

enum holm_result holm_http__field_lines(struct holm_http_field *fields, size_t max, size_t *count,
                                        size_t *at, struct holm_bytes msg)
{
    enum holm_result result = HOLM_OK;
    size_t line_at = *at;
    size_t parsed = *count;
    /*@ loop invariant \at(*at, Pre) <= line_at <= msg.len;
        loop invariant \at(*count, Pre) <= parsed <= max && result == HOLM_OK;
        loop invariant parsed > \at(*count, Pre) ==> line_at > \at(*at, Pre);
        loop invariant holm_fields_in(fields, parsed, line_at);
        loop assigns line_at, parsed, result, fields[0 .. max - 1];
        loop variant msg.len - line_at; */
    while (!holm_http__line_end(msg, line_at)) {
        if (parsed < max)
            result = field_line(&HOLM_NTH(fields, max, parsed), &line_at, msg);
        else
            result = wrong_at(msg, line_at) == HOLM_AGAIN ? HOLM_AGAIN : HOLM_ERR_LIMIT;
        if (result != HOLM_OK)
            break;
        /*@ assert holm_fields_in(fields, parsed, line_at); */
        parsed++;
    }
    *at = line_at;
    *count = parsed;
    return result;
}

/*@ requires holm_head_bytes(msg);
    requires \valid(head) && \separated(head, msg.ptr + (0 .. msg.len - 1));
    requires holm_head_ok(head, msg.len);
    assigns *head;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED,
                          HOLM_ERR_LIMIT };
    ensures holm_head_ok(head, msg.len);
    ensures \result == HOLM_ERR_UNSUPPORTED ==> head->refusal == HOLM_HTTP__BAD_VERSION;
    ensures \result == HOLM_OK ==> head->line_at > 0 && holm_crlf_at(msg, head->line_at);
    ensures holm_head_grew{Old,Here}(head);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==> holm_request_line_in(head);
    ensures response && \old(head->line_at) == 0 && head->line_at > 0 ==> holm_status_line_in(head);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->method.at, head->method.len, &holm_http__token_class);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__target_class);
    ensures response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__value_class);
    ensures head->result == \old(head->result) && head->searched == \old(head->searched) &&
            head->len == \old(head->len); */
static enum holm_result lines_parse(struct holm_http_head *head, struct holm_bytes msg,
                                    bool response)
{
    enum holm_result result;
    if (head->line_at == 0) {
        result = response ? status_line(head, msg) : request_line(head, msg);
        if (result != HOLM_OK)
            return result;
    }
    return holm_http__field_lines(head->fields, HOLM_HTTP_FIELD_MAX, &head->field_count,
                                  &head->line_at, msg);
}

/* may_begin answers whether what came may be the start of a request line that has no end yet: TLS on
 * the wrong port, or garbage, may not. Looks at the first byte and at new ones: keeps (2), (3). */
/*@ requires holm_head_bytes(msg);
    requires searched <= msg.len;
    assigns \nothing;
    ensures \result ==> \forall integer k;
              searched <= k < msg.len && k >= 2 ==> holm_in_class(&line_class, msg.ptr[k]); */
static bool may_begin(struct holm_bytes msg, size_t searched)
{
    size_t at = holm_http__line_end(msg, 0) ? 2 : 0;
    struct holm_bytes first = holm_http__head_before(msg, at + 1);
    if (msg.len > 1 && at < msg.len && holm_http__span(first, at, &holm_http__token_class) == at)
        return false;
    return holm_http__span(msg, searched > at ? searched : at, &line_class) == msg.len;
}

/* progress parses what came, unless the line that was cut off still has no end: keeps (2). */
/*@ requires holm_head_bytes(msg);
    requires \valid(head) && \separated(head, msg.ptr + (0 .. msg.len - 1));
    requires holm_head_ok(head, head->searched) && head->searched <= msg.len;
    assigns *head;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED,
                          HOLM_ERR_LIMIT };
    ensures holm_head_ok(head, msg.len);
    ensures \result == HOLM_ERR_UNSUPPORTED ==> head->refusal == HOLM_HTTP__BAD_VERSION;
    ensures \result == HOLM_OK ==> head->line_at > 0 && holm_crlf_at(msg, head->line_at);
    ensures holm_head_grew{Old,Here}(head);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==> holm_request_line_in(head);
    ensures response && \old(head->line_at) == 0 && head->line_at > 0 ==> holm_status_line_in(head);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->method.at, head->method.len, &holm_http__token_class);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__target_class);
    ensures response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__value_class);
    ensures head->result == \old(head->result) && head->searched == \old(head->searched) &&
            head->len == \old(head->len); */
static enum holm_result progress(struct holm_http_head *head, struct holm_bytes msg, bool response)
{
    enum holm_result result = HOLM_AGAIN;
    if (head->searched <= 2 || holm_bytes_find(msg, head->searched, '\n') < msg.len)
        result = lines_parse(head, msg, response);
    if (result == HOLM_AGAIN && head->line_at == 0 && !response && !may_begin(msg, head->searched))
        return HOLM_ERR_MALFORMED;
    return result;
}

void holm_http_head_init(struct holm_http_head *head)
{
    head->result = HOLM_AGAIN;
    head->len = 0;
    head->line_at = 0;
    head->searched = 0;
    head->refusal = 0;
    head->status = 0;
    head->minor = 0;
    head->field_count = 0;
    head->seen = 0;
    head->repeated = 0;
}

/* limit_refusal is the status for a head over its limit: of the target's if the first line was. */
/*@ requires \valid_read(head);
    assigns \nothing;
    ensures head->refusal != 0 ==> \result == head->refusal;
    ensures head->refusal == 0 ==> \result == (head->line_at == 0 ? HOLM_HTTP__TARGET_TOO_LONG :
              HOLM_HTTP__FIELDS_TOO_LARGE); */
static uint16_t limit_refusal(const struct holm_http_head *head)
{
    if (head->refusal != 0)
        return head->refusal;
    return head->line_at == 0 ? HOLM_HTTP__TARGET_TOO_LONG : HOLM_HTTP__FIELDS_TOO_LARGE;
}

/*@ requires \valid(head) && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1)) && holm_head_open(head);
    assigns *head;
    ensures holm_head_ok(head, head->searched);
    ensures head->searched <= HOLM_HTTP_HEAD_MAX;
    ensures head->result == HOLM_OK ==>
              0 < head->line_at && head->len == head->line_at + 2 && head->len <= head->searched;
    ensures head->result != HOLM_OK ==> head->len == 0;
    ensures holm_head_went{Old,Here}(head, msg, \result);
    ensures holm_head_grew{Old,Here}(head);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==> holm_request_line_in(head);
    ensures response && \old(head->line_at) == 0 && head->line_at > 0 ==> holm_status_line_in(head);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->method.at, head->method.len, &holm_http__token_class);
    ensures !response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__target_class);
    ensures response && \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__value_class); */
static inline enum holm_result head_parse(struct holm_http_head *head, struct holm_bytes msg,
                                          bool response)
{
    struct holm_bytes front = msg;
    enum holm_result result;
    if (head->result != HOLM_AGAIN)
        return head->result;
    if (front.len > HOLM_HTTP_HEAD_MAX)
        front.len = HOLM_HTTP_HEAD_MAX;
    if (front.len < head->searched)
        return HOLM_ERR_TRUNCATED;
    result = progress(head, front, response);
    if (result == HOLM_AGAIN && front.len == HOLM_HTTP_HEAD_MAX)
        result = HOLM_ERR_LIMIT;
    if (result == HOLM_OK)
        head->len = head->line_at + 2;
    if (result == HOLM_ERR_MALFORMED)
        head->refusal = HOLM_HTTP__BAD_REQUEST;
    if (result == HOLM_ERR_LIMIT)
        head->refusal = limit_refusal(head);
    head->searched = front.len;
    head->result = result;
    return result;
}

enum holm_result holm_http_head_parse(struct holm_http_head *head, struct holm_bytes msg)
{
    return head_parse(head, msg, false);
}

enum holm_result holm_http_head_parse_response(struct holm_http_head *head, struct holm_bytes msg)
{
    return head_parse(head, msg, true);
}
