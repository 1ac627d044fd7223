/* SPDX-License-Identifier: ISC */
/* metrics_text.c: names and help of metrics. */
#include "metrics_impl.h"

/* byte_put writes a byte of help, escaped if that must be. */
/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result == (out->size - \old(out->len) >= holm_metrics_room(byte, format));
    ensures \result && !holm_metrics_escaped(byte, format) ==>
              out->len == \old(out->len) + 1 && out->ptr[\old(out->len)] == byte;
    ensures \result && holm_metrics_escaped(byte, format) ==> out->len == \old(out->len) + 2 &&
              out->ptr[\old(out->len)] == '\\' &&
              out->ptr[\old(out->len) + 1] == (byte == '\n' ? 'n' : byte);
    ensures !\result ==> out->len == \old(out->len); */
static bool byte_put(struct holm_buffer *out, uint8_t byte, enum holm_metrics_format format)
{
    bool escaped = byte == '\n' || byte == '\\' || (byte == '"' && format == HOLM_METRICS_OPEN);
    if (!escaped)
        return holm_buffer_u8(out, byte);
    return holm_buffer_u16(out, (uint16_t)('\\' * 256 + (byte == '\n' ? 'n' : byte)));
}

bool holm_metrics__help_put(struct holm_buffer *out, struct holm_bytes help,
                            enum holm_metrics_format format)
{
    uint8_t byte;
    /*@ loop invariant 0 <= i <= help.len && holm_writable(out);
        loop invariant \at(out->len,Pre) + i <= out->len <= \at(out->len,Pre) + 2 * i;
        loop invariant holm_metrics_line(out->ptr, \at(out->len,Pre), out->len);
        loop assigns i, byte, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant help.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(help, i, &byte); i++) {
        if (!byte_put(out, byte, format))
            return false;
    }
    return true;
}

/*@ assigns \nothing;
    ensures \result <==> holm_metrics_letter(byte); */
static bool is_letter(uint8_t byte)
{
    return (holm_text_lower(byte) >= 'a' && holm_text_lower(byte) <= 'z') || byte == '_';
}

bool holm_metrics__is_name(struct holm_bytes name)
{
    uint8_t byte;
    if (name.len > HOLM_METRIC_NAME_MAX || !holm_bytes_u8_at(name, 0, &byte) || !is_letter(byte))
        return false;
    /*@ loop invariant 1 <= i <= name.len;
        loop invariant \forall integer k; 1 <= k < i ==> holm_metrics_later(name.ptr[k]);
        loop assigns i, byte;
        loop variant name.len - i; */
    for (size_t i = 1; holm_bytes_u8_at(name, i, &byte); i++) {
        if (!is_letter(byte) && (byte < '0' || byte > '9'))
            return false;
    }
    return true;
}
