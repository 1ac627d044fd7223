/* SPDX-License-Identifier: ISC */
/* holm/http/head.h: the head of an HTTP/1.1 request or response (RFC 9112 sections 2 to 5). Pure.
 * Strict: lines end in CRLF, no folded lines, no blank before the colon, no control characters.
 * What the fields mean for the body (Content-Length …) is holm/http/message.h. A head is offsets
 * into the bytes it was parsed from and no pointer: bytes and struct may be copied or moved. */
#pragma once

#include <holm/http/field.h>

/* Limits, in bytes but for the last, all inclusive. holm/http/machine.h can set lower ones. */
#define HOLM_HTTP_HEAD_MAX 32768
#define HOLM_HTTP_METHOD_MAX 32
#define HOLM_HTTP_TARGET_MAX 8192
#define HOLM_HTTP_NAME_MAX 255
#define HOLM_HTTP_VALUE_MAX 16384
#define HOLM_HTTP_FIELD_MAX 100

/* struct holm_http_part is where a part stands in the head. */
struct holm_http_part {
    uint16_t at;
    uint16_t len;
};

/* struct holm_http_field is one field line; id means nothing before holm_http_head_index. */
struct holm_http_field {
    uint16_t name_at;
    uint8_t name_len;
    uint8_t id;                  /* an enum holm_http_field_id */
    struct holm_http_part value; /* without the blanks around it; may be empty */
};

/* struct holm_http_head is a whole head once a parse answered HOLM_OK. */
struct holm_http_head {
    enum holm_result result; /* of the last call: what a parse answers again */
    size_t len;              /* of the head, with its empty line; 0: not whole yet */
    size_t line_at;          /* where the line starts that is parsed next */
    size_t searched;         /* no line feed between line_at and here */
    uint16_t refusal;        /* what a server answers after an error: 400, 414, 431, 505; else 0 */
    uint16_t status;         /* of a response: 100 to 999 */
    uint8_t minor;           /* HTTP/1.minor: 0 or 1 */
    struct holm_http_part method; /* of a request */
    struct holm_http_part target; /* of a request; of a response its reason phrase */
    size_t field_count;
    uint64_t seen;     /* bit id: a field of that known name is there */
    uint64_t repeated; /* bit id: more than one is */
    struct holm_http_field fields[HOLM_HTTP_FIELD_MAX];
    uint8_t first[HOLM_HTTP_FIELD_IDS]; /* of each name seen, the index of its first field */
};

/* holm_http_head_init makes *head ready for a new message. */
void holm_http_head_init(struct holm_http_head *head);

/* holm_http_head_parse parses the head of a request at the start of msg.
 *
 * Units:   bytes.
 * Memory:  fills *head, which holds offsets into msg and no pointer. After HOLM_AGAIN call it again
 *          with the same bytes and more behind them; whole lines are not read again.
 * Errors:  HOLM_AGAIN            the head is not whole yet
 *          HOLM_ERR_MALFORMED    against the grammar
 *          HOLM_ERR_LIMIT        over a limit above
 *          HOLM_ERR_UNSUPPORTED  neither HTTP/1.0 nor HTTP/1.1
 *          HOLM_ERR_TRUNCATED    msg is shorter than what was parsed of it before
 *          An error is final; head->refusal is what to answer.
 * Source:  RFC 9112 sections 2.2, 3, 5; RFC 9110 section 5. */
HOLM_MUST_USE enum holm_result holm_http_head_parse(struct holm_http_head *head,
                                                    struct holm_bytes msg);

/* holm_http_head_parse_response does the same for the head of a response; status is set.
 *
 * Source:  RFC 9112 section 4. */
HOLM_MUST_USE enum holm_result holm_http_head_parse_response(struct holm_http_head *head,
                                                             struct holm_bytes msg);

/* holm_http_head_index numbers the known names of a whole head, once; the look-ups below need it.
 */
void holm_http_head_index(struct holm_http_head *head, struct holm_bytes msg);

/* holm_http_part_bytes sets *bytes to the part of msg; false, unchanged, if msg is too short. */
HOLM_MUST_USE static inline bool
holm_http_part_bytes(struct holm_http_part part, struct holm_bytes msg, struct holm_bytes *bytes)
{
    return holm_bytes_part(msg, part.at, part.len, bytes);
}

/* holm_http_head_has answers whether a field of that known name is there; in no time. */
static inline bool holm_http_head_has(const struct holm_http_head *head, enum holm_http_field_id id)
{
    return (head->seen >> id & 1) != 0;
}

/* holm_http_head_field sets *value to the value of the first field of a known name.
 *
 * Memory:  *value is a view into msg, the bytes that head was parsed from, or a copy of them.
 * Returns: false, and *value empty, if there is none. */
bool holm_http_head_field(const struct holm_http_head *head, struct holm_bytes msg,
                          enum holm_http_field_id id, struct holm_bytes *value);

/* holm_http_head_field_next goes on from the field at *index, at first 0, to the next field of that
 * known name; sets *index behind it. False: there is none left. */
HOLM_MUST_USE bool holm_http_head_field_next(const struct holm_http_head *head,
                                             struct holm_bytes msg, enum holm_http_field_id id,
                                             size_t *index, struct holm_bytes *value);

/* holm_http_head_field_named sets *value to the first field whose name is the lower-case name. */
bool holm_http_head_field_named(const struct holm_http_head *head, struct holm_bytes msg,
                                struct holm_bytes name, struct holm_bytes *value);

/* holm_http_head_field_at gives name and value of the field at index; false past the last. */
HOLM_MUST_USE bool holm_http_head_field_at(const struct holm_http_head *head, struct holm_bytes msg,
                                           size_t index, struct holm_bytes *name,
                                           struct holm_bytes *value);

/* holm_http_line_next takes one field line, CRLF included, from a checked block of lines such as
 * the trailers of an event. False: there is none left. */
HOLM_MUST_USE bool holm_http_line_next(struct holm_bytes *lines, struct holm_bytes *name,
                                       struct holm_bytes *value);

/* holm_http_line_find sets *value to the first field of a name, in lower case, in such a block.
 * False, *value unchanged: there is none. */
bool holm_http_line_find(struct holm_bytes lines, struct holm_bytes name, struct holm_bytes *value);
