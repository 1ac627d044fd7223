/* SPDX-License-Identifier: ISC */
/* http_index.c: finding the fields of a whole head. */
#include "http_impl.h"

/* seen_add adds a name to the set; answers whether it was there already. */
/* Admitted: single bits of a word are beyond the provers. */
/*@ requires \valid(seen) && id < HOLM_HTTP_FIELD_IDS;
    assigns *seen;
    ensures \result <==> ((\old(*seen) >> id) & 1) != 0;
    ensures \forall integer k; 0 <= k < 64 && k != id ==>
              ((*seen >> k) & 1) == ((\old(*seen) >> k) & 1);
    ensures ((*seen >> id) & 1) != 0; */
static bool seen_add(uint64_t *seen, enum holm_http_field_id id)
{
    bool before = (*seen >> id & 1) != 0;
    *seen |= (uint64_t)1 << id;
    return before;
}

void holm_http_head_index(struct holm_http_head *head, struct holm_bytes msg)
{
    uint64_t seen = 0;
    uint64_t repeated = 0;
    /*@ loop invariant 0 <= i <= head->field_count;
        loop invariant \forall integer id; 0 <= id < HOLM_HTTP_FIELD_IDS &&
                         ((seen >> id) & 1) != 0 ==>
                         head->first[id] < i && head->fields[head->first[id]].id == id;
        loop invariant ((seen >> HOLM_HTTP_FIELD_OTHER) & 1) == 0;
        loop assigns i, seen, repeated, head->fields[0 .. HOLM_HTTP_FIELD_MAX - 1].id,
                     head->first[0 .. HOLM_HTTP_FIELD_IDS - 1];
        loop variant head->field_count - i; */
    for (size_t i = 0; i < head->field_count; i++) {
        struct holm_http_field *field = &HOLM_AT(head->fields, i);
        struct holm_bytes name = { 0 };
        enum holm_http_field_id id = HOLM_HTTP_FIELD_OTHER;
        if (holm_bytes_part(msg, field->name_at, field->name_len, &name))
            id = holm_http_field_identify(name);
        field->id = (uint8_t)id;
        if (id == HOLM_HTTP_FIELD_OTHER)
            continue;
        if (seen_add(&seen, id))
            (void)seen_add(&repeated, id);
        else
            HOLM_AT(head->first, id) = (uint8_t)i;
    }
    head->seen = seen;
    head->repeated = repeated;
}

bool holm_http_head_field(const struct holm_http_head *head, struct holm_bytes msg,
                          enum holm_http_field_id id, struct holm_bytes *value)
{
    value->ptr = msg.ptr;
    value->len = 0;
    if (!holm_http_head_has(head, id))
        return false;
    return holm_http_part_bytes(HOLM_AT(head->fields, HOLM_AT(head->first, id)).value, msg, value);
}

bool holm_http_head_field_next(const struct holm_http_head *head, struct holm_bytes msg,
                               enum holm_http_field_id id, size_t *index, struct holm_bytes *value)
{
    if (!holm_http_head_has(head, id))
        return false;
    /*@ loop invariant *index <= i && (i <= head->field_count || i == *index);
        loop invariant *index == \at(*index,Pre) && *value == \at(*value,Pre);
        loop assigns i, *index, *value;
        loop variant head->field_count - i; */
    for (size_t i = *index; i < head->field_count; i++) {
        const struct holm_http_field *field = &HOLM_AT(head->fields, i);
        if (field->id == id && holm_http_part_bytes(field->value, msg, value)) {
            *index = i + 1;
            return true;
        }
    }
    return false;
}

bool holm_http_head_field_at(const struct holm_http_head *head, struct holm_bytes msg, size_t index,
                             struct holm_bytes *name, struct holm_bytes *value)
{
    const struct holm_http_field *field;
    if (index >= head->field_count)
        return false;
    field = &HOLM_AT(head->fields, index);
    return holm_bytes_part(msg, field->name_at, field->name_len, name) &&
           holm_http_part_bytes(field->value, msg, value);
}

bool holm_http_head_field_named(const struct holm_http_head *head, struct holm_bytes msg,
                                struct holm_bytes name, struct holm_bytes *value)
{
    struct holm_bytes its_name = { 0 };
    struct holm_bytes its_value = { 0 };
    /*@ loop invariant 0 <= i <= head->field_count;
        loop assigns i, its_name, its_value;
        loop variant head->field_count - i; */
    for (size_t i = 0; holm_http_head_field_at(head, msg, i, &its_name, &its_value); i++) {
        if (!holm_http_text_is(its_name, name))
            continue;
        *value = its_value;
        return true;
    }
    value->ptr = msg.ptr;
    value->len = 0;
    return false;
}

bool holm_http_line_next(struct holm_bytes *lines, struct holm_bytes *name,
                         struct holm_bytes *value)
{
    struct holm_http_field field;
    size_t at = 0;
    size_t count = 0;
    struct holm_bytes front = holm_http__head_before(*lines, HOLM_HTTP_HEAD_MAX);
    (void)holm_http__field_lines(&field, 1, &count, &at, front);
    if (count == 0)
        return false;
    (void)holm_bytes_part(front, field.name_at, field.name_len, name); /* it lies within */
    (void)holm_http_part_bytes(field.value, front, value);
    *lines = holm_http__tail_after(*lines, at);
    return true;
}

bool holm_http_line_find(struct holm_bytes lines, struct holm_bytes name, struct holm_bytes *value)
{
    struct holm_bytes line_name = { 0 }, line_value = { 0 };
    /*@ loop invariant lines.len <= \at(lines.len,Pre) &&
                         lines.ptr == \at(lines.ptr,Pre) + (\at(lines.len,Pre) - lines.len);
        loop assigns lines, line_name, line_value;
        loop variant lines.len; */
    while (holm_http_line_next(&lines, &line_name, &line_value)) {
        if (!holm_http_text_is(line_name, name))
            continue;
        *value = line_value;
        return true;
    }
    return false;
}
