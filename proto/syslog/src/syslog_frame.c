/* SPDX-License-Identifier: ISC */
/* syslog_frame.c: a length in decimal, a space, and as many bytes. */
#include <holm/syslog.h>
#include <holm/text.h>

/* length_parse reads the length at the front of in; *head is where it ends, behind the space. */
/*@ requires \valid(len) && \valid(head) && \separated(len, head) && holm_readable(in);
    requires \separated(len, in.ptr + (0 .. in.len - 1));
    requires \separated(head, in.ptr + (0 .. in.len - 1));
    assigns *len, *head;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> 2 <= *head <= 5 && *head <= in.len;
    ensures \result == HOLM_OK ==> 1 <= *len <= HOLM_SYSLOG_MESSAGE_MAX;
    ensures \result == HOLM_OK ==> holm_syslog_says(in.ptr, *head - 1, *len);
    ensures \result == HOLM_ERR_TRUNCATED ==> in.len <= 4; */
static enum holm_result length_parse(size_t *len, size_t *head, struct holm_bytes in)
{
    size_t value = 0;
    uint8_t byte = 0;

    /*@ loop invariant i <= 4 && i <= in.len && holm_digits(in.ptr, 0, i, 10);
        loop invariant i > 0 ==> in.ptr[0] != '0';
        loop invariant value == holm_number(in.ptr, i, 10);
        loop invariant value <= HOLM_SYSLOG_MESSAGE_MAX;
        loop assigns i, value, byte;
        loop variant in.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(in, i, &byte); i++) {
        if (byte == ' ' && value > 0) {
            *len = value;
            *head = i + 1;
            return HOLM_OK;
        }
        if (byte < '0' || byte > '9' || (byte == '0' && value == 0))
            return HOLM_ERR_MALFORMED;
        /*@ assert holm_number(in.ptr, i + 1, 10) == value * 10 + (byte - '0'); */
        value = value * 10 + byte - '0';
        if (value > HOLM_SYSLOG_MESSAGE_MAX)
            return HOLM_ERR_LIMIT;
    }
    return HOLM_ERR_TRUNCATED;
}

enum holm_result holm_syslog_frame_parse(struct holm_bytes *message, struct holm_bytes *rest)
{
    size_t len = 0, head = 0;
    enum holm_result result = length_parse(&len, &head, *rest);

    if (result != HOLM_OK)
        return result;
    if (!holm_bytes_part(*rest, head, len, message))
        return HOLM_ERR_TRUNCATED;
    holm_assert(holm_bytes_from(*rest, head + len, rest));
    return HOLM_OK;
}

bool holm_syslog_frame_emit(struct holm_buffer *out, struct holm_bytes message)
{
    size_t before = out->len;

    if (message.len == 0 || message.len > HOLM_SYSLOG_MESSAGE_MAX)
        return false;
    if (holm_text_u64_emit(out, message.len) && holm_buffer_u8(out, ' ') &&
        holm_buffer_bytes(out, message))
        return true;
    out->len = before;
    return false;
}
