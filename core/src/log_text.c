/* SPDX-License-Identifier: ISC */
/* log_text.c: texts in a line of the log. Whatever bytes they have, they end no line and begin no
 * field. */
#include "log_impl.h"

/*@ assigns \nothing;
    ensures \result <==> holm_log_bare(byte); */
static bool is_bare(uint8_t byte)
{
    return byte > ' ' && byte < 0x7f && byte != '"' && byte != '=' && byte != '\\';
}

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <==> holm_log_word(text); */
static bool is_word(struct holm_bytes text)
{
    uint8_t byte;
    /*@ loop invariant 0 <= i <= text.len;
        loop invariant \forall integer k; 0 <= k < i ==> holm_log_bare(text.ptr[k]);
        loop assigns i, byte;
        loop variant text.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(text, i, &byte); i++) {
        if (!is_bare(byte))
            return false;
    }
    return text.len > 0;
}

/*@ requires holm_readable(message);
    assigns \nothing;
    ensures \result <==> holm_log_line(message); */
static bool is_line(struct holm_bytes message)
{
    uint8_t byte;
    /*@ loop invariant 0 <= i <= message.len;
        loop invariant \forall integer k; 0 <= k < i ==> ' ' <= message.ptr[k] <= '~';
        loop assigns i, byte;
        loop variant message.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(message, i, &byte); i++) {
        if (byte < ' ' || byte > '~')
            return false;
    }
    return true;
}

bool holm_log__text_put(struct holm_buffer *out, struct holm_bytes text)
{
    return is_word(text) ? holm_buffer_bytes(out, text) : holm_text_quoted_emit(out, text);
}

bool holm_log__message_put(struct holm_buffer *out, struct holm_bytes message)
{
    return is_line(message) ? holm_buffer_bytes(out, message) : holm_text_quoted_emit(out, message);
}
