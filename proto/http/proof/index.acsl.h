/* SPDX-License-Identifier: ISC */
/* index.acsl.h: what looking up fields in a whole head promises, for Frama-C. */
#pragma once

#include "head.acsl.h"
#include "values.acsl.h"

/*@ predicate holm_head_seen{L}(struct holm_http_head *head, integer id) =
      ((head->seen >> id) & 1) != 0;
    // What an index has: every name that was seen has a first field, which is one of its name.
    predicate holm_head_indexed{L}(struct holm_http_head *head) =
      \valid_read(head) && head->field_count <= HOLM_HTTP_FIELD_MAX &&
      \forall integer id; 0 <= id < HOLM_HTTP_FIELD_IDS && holm_head_seen(head, id) ==>
        head->first[id] < head->field_count && head->fields[head->first[id]].id == id;
    // The value is the part of msg that the field says.
    predicate holm_field_value{L}(struct holm_http_field *field, struct holm_bytes msg,
                                  struct holm_bytes value) =
      field->value.at + field->value.len <= msg.len && value.ptr == msg.ptr + field->value.at &&
      value.len == field->value.len;
*/

/*@ requires holm_readable(msg) && \valid(bytes);
    requires \separated(bytes, msg.ptr + (0 .. msg.len - 1));
    assigns *bytes;
    ensures \result == (part.at + part.len <= msg.len);
    ensures \result ==> holm_is_part(*bytes, msg, part.at, part.len);
    ensures !\result ==> *bytes == \old(*bytes); */
static inline bool holm_http_part_bytes(struct holm_http_part part, struct holm_bytes msg,
                                        struct holm_bytes *bytes);

/*@ requires \valid_read(head) && id < HOLM_HTTP_FIELD_IDS;
    assigns \nothing;
    ensures \result <==> holm_head_seen(head, id); */
static inline bool holm_http_head_has(const struct holm_http_head *head,
                                      enum holm_http_field_id id);

/*@ requires \valid(head) && head->field_count <= HOLM_HTTP_FIELD_MAX && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1));
    assigns head->fields[0 .. HOLM_HTTP_FIELD_MAX - 1].id, head->first[0 .. HOLM_HTTP_FIELD_IDS - 1],
            head->seen, head->repeated;
    ensures holm_head_indexed(head);
    ensures !holm_head_seen(head, HOLM_HTTP_FIELD_OTHER); */
void holm_http_head_index(struct holm_http_head *head, struct holm_bytes msg);

/*@ requires holm_head_indexed(head) && holm_readable(msg) && \valid(value);
    requires id < HOLM_HTTP_FIELD_IDS;
    requires \separated(value, head, msg.ptr + (0 .. msg.len - 1));
    assigns *value;
    ensures holm_readable(*value);
    ensures \result ==> holm_head_seen(head, id) &&
              holm_field_value(&head->fields[head->first[id]], msg, *value);
    ensures !\result ==> value->len == 0 && value->ptr == msg.ptr;
    ensures !holm_head_seen(head, id) ==> !\result; */
bool holm_http_head_field(const struct holm_http_head *head, struct holm_bytes msg,
                          enum holm_http_field_id id, struct holm_bytes *value);

/*@ requires holm_head_indexed(head) && holm_readable(msg) && \valid(value) && \valid(index);
    requires id < HOLM_HTTP_FIELD_IDS;
    requires \separated(value, index, head, msg.ptr + (0 .. msg.len - 1));
    assigns *index, *value;
    ensures \result ==> holm_head_seen(head, id) && \old(*index) < *index <= head->field_count &&
              head->fields[*index - 1].id == id &&
              holm_field_value(&head->fields[*index - 1], msg, *value) && holm_readable(*value);
    ensures !\result ==> *index == \old(*index) && *value == \old(*value); */
bool holm_http_head_field_next(const struct holm_http_head *head, struct holm_bytes msg,
                               enum holm_http_field_id id, size_t *index, struct holm_bytes *value);

/*@ requires \valid_read(head) && head->field_count <= HOLM_HTTP_FIELD_MAX && holm_readable(msg);
    requires \valid(name) && \valid(value);
    requires \separated(name, value, head, msg.ptr + (0 .. msg.len - 1));
    assigns *name, *value;
    ensures \result ==> index < head->field_count && holm_readable(*name) &&
              holm_readable(*value) && holm_field_value(&head->fields[index], msg, *value) &&
              holm_is_part(*name, msg, head->fields[index].name_at, head->fields[index].name_len);
    ensures index >= head->field_count ==>
              !\result && *name == \old(*name) && *value == \old(*value); */
bool holm_http_head_field_at(const struct holm_http_head *head, struct holm_bytes msg, size_t index,
                             struct holm_bytes *name, struct holm_bytes *value);

/*@ requires \valid_read(head) && head->field_count <= HOLM_HTTP_FIELD_MAX && holm_readable(msg);
    requires holm_readable(name) && \valid(value);
    requires \separated(value, head, msg.ptr + (0 .. msg.len - 1));
    requires \separated(value, name.ptr + (0 .. name.len - 1));
    assigns *value;
    ensures holm_readable(*value);
    ensures !\result ==> value->len == 0 && value->ptr == msg.ptr; */
bool holm_http_head_field_named(const struct holm_http_head *head, struct holm_bytes msg,
                                struct holm_bytes name, struct holm_bytes *value);

/*@ requires holm_in_place(lines) && \valid(name) && \valid(value);
    requires \separated(name, value, lines, lines->ptr + (0 .. lines->len - 1));
    assigns *lines, *name, *value;
    ensures \result ==> lines->len < \old(lines->len) &&
              holm_advanced{Old,Here}(lines, \old(lines->len) - lines->len) &&
              holm_readable(*name) && holm_readable(*value) && 1 <= name->len &&
              name->len + value->len + 3 <= \old(lines->len) - lines->len;
    ensures !\result ==> *lines == \old(*lines) && *name == \old(*name) && *value == \old(*value); */
bool holm_http_line_next(struct holm_bytes *lines, struct holm_bytes *name,
                         struct holm_bytes *value);

/*@ requires holm_readable(lines) && holm_readable(name) && \valid(value);
    requires \separated(value, lines.ptr + (0 .. lines.len - 1));
    requires \separated(value, name.ptr + (0 .. name.len - 1));
    assigns *value;
    ensures \result ==> holm_readable(*value) && value->len < lines.len;
    ensures !\result ==> *value == \old(*value); */
bool holm_http_line_find(struct holm_bytes lines, struct holm_bytes name, struct holm_bytes *value);
