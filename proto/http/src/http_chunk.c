/* SPDX-License-Identifier: ISC */
/* http_chunk.c: the chunked coding, one byte of a size line at a time, data in pieces.
 *
 *     SIZE_FIRST --hex--> SIZE --';'--> EXT_NAME --'='--> EXT_VALUE --'"'--> QUOTED --'"'-->
 * QUOTE_END SIZE, EXT_NAME, EXT_VALUE, QUOTE_END --CR--> LINE_END --LF--> DATA, or LAST if the size
 * is 0 DATA --all of it--> DATA_CR --CR--> DATA_LF --LF--> SIZE_FIRST
 *
 * left holds the size while it is read, up to HOLM_HTTP_CHUNK_MAX, so a digit more can't wrap; a
 * digit too many sets it to TOO_LARGE. */
#include "http_impl.h"

enum state {
    SIZE_FIRST = 0,
    SIZE,
    EXT_NAME_FIRST,
    EXT_NAME,
    EXT_VALUE_FIRST,
    EXT_VALUE,
    QUOTED,
    QUOTED_PAIR,
    QUOTE_END,
    LINE_END,
    DATA,
    DATA_CR,
    DATA_LF,
    LAST,
    FAILED,
};

static const uint64_t TOO_LARGE = UINT64_MAX;

static enum state size_digit(struct holm_http_chunks *chunks, int digit)
{
    if (digit < 0)
        return FAILED;
    if (chunks->left > HOLM_HTTP_CHUNK_MAX / 16) {
        chunks->left = TOO_LARGE;
        return FAILED;
    }
    chunks->left = chunks->left * 16 + (uint64_t)digit;
    return SIZE;
}

/* after_part is the state behind a whole size, name, value or quote. */
static enum state after_part(uint8_t c)
{
    if (c == ';')
        return EXT_NAME_FIRST;
    return c == '\r' ? LINE_END : FAILED;
}

static enum state token_next(uint8_t c, enum state stay)
{
    return holm_class_has(&holm_http__token_class, c) ? stay : FAILED;
}

/* RFC 9112 section 7.1.1: chunk-ext, with values that are tokens or quoted strings. */
static enum state extension_next(enum state state, uint8_t c)
{
    if (state == EXT_NAME_FIRST && (c == ' ' || c == '\t'))
        return EXT_NAME_FIRST;
    if (state == EXT_NAME_FIRST)
        return token_next(c, EXT_NAME);
    if (state == EXT_NAME && c == '=')
        return EXT_VALUE_FIRST;
    if (state == EXT_VALUE_FIRST)
        return c == '"' ? QUOTED : token_next(c, EXT_VALUE);
    if (state == QUOTED && c == '"')
        return QUOTE_END;
    if (state == QUOTED && c == '\\')
        return QUOTED_PAIR;
    if (state == QUOTED || state == QUOTED_PAIR)
        return holm_class_has(&holm_http__value_class, c) ? QUOTED : FAILED;
    if (state != QUOTE_END && holm_class_has(&holm_http__token_class, c))
        return state;
    return after_part(c);
}

/* line_end_next starts the data, or the trailers, behind a size line. */
static enum state line_end_next(struct holm_http_chunks *chunks, uint8_t c)
{
    chunks->line = 0;
    if (c != '\n')
        return FAILED;
    return chunks->left == 0 ? LAST : DATA;
}

static enum state state_next(struct holm_http_chunks *chunks, uint8_t c)
{
    enum state state = (enum state)chunks->state;
    switch (state) {
    case SIZE_FIRST:
        return size_digit(chunks, holm_http__hex_value(c));
    case SIZE:
        return holm_http__hex_value(c) >= 0 ? size_digit(chunks, holm_http__hex_value(c))
                                            : after_part(c);
    case EXT_NAME_FIRST:
    case EXT_NAME:
    case EXT_VALUE_FIRST:
    case EXT_VALUE:
    case QUOTED:
    case QUOTED_PAIR:
    case QUOTE_END:
        chunks->extensions++;
        return extension_next(state, c);
    case LINE_END:
        return line_end_next(chunks, c);
    case DATA_CR:
        return c == '\r' ? DATA_LF : FAILED;
    case DATA_LF:
        return c == '\n' ? SIZE_FIRST : FAILED;
    case DATA:
    case LAST:
    case FAILED:
        break;
    }
    return FAILED;
}

/* line_byte takes one byte of framing. */
static enum holm_result line_byte(struct holm_http_chunks *chunks, uint8_t c)
{
    bool in_line = chunks->state != DATA_CR && chunks->state != DATA_LF;
    enum state state;
    if (in_line && chunks->line >= HOLM_HTTP_CHUNK_LINE_MAX)
        return HOLM_ERR_LIMIT;
    chunks->line = (uint16_t)(chunks->line + in_line);
    state = state_next(chunks, c);
    chunks->state = (uint8_t)state;
    if (chunks->state == FAILED)
        return chunks->left == TOO_LARGE ? HOLM_ERR_LIMIT : HOLM_ERR_MALFORMED;
    if (chunks->extensions > HOLM_HTTP_CHUNK_EXTENSIONS_MAX)
        return HOLM_ERR_LIMIT;
    return HOLM_OK;
}

/* data_take lends what came of the chunk's data. */
static bool data_take(struct holm_http_chunks *chunks, struct holm_span *in,
                      struct holm_span *piece)
{
    size_t len = in->len;
    if (len > chunks->left)
        len = (size_t)chunks->left;
    if (!holm_span_part(*in, 0, len, piece) || !holm_span_part(*in, len, in->len - len, in))
        return false;
    chunks->left -= len;
    if (chunks->left == 0)
        chunks->state = DATA_CR;
    return len > 0;
}

enum holm_result holm_http_chunks_feed(struct holm_http_chunks *chunks, struct holm_span *in,
                                       struct holm_span *piece)
{
    size_t at = 0;
    uint8_t c = 0;
    enum holm_result result = HOLM_OK;
    piece->ptr = in->ptr;
    piece->len = 0;
    if (chunks->state == FAILED)
        return HOLM_ERR_MALFORMED;
    while (result == HOLM_OK && chunks->state != DATA && chunks->state != LAST &&
           holm_bytes_u8_at(holm_span_bytes(*in), at, &c)) {
        result = line_byte(chunks, c);
        at++;
    }
    if (result != HOLM_OK)
        chunks->state = FAILED;
    if (!holm_span_part(*in, at, in->len - at, in) || result != HOLM_OK)
        return result;
    if (chunks->state == LAST)
        return HOLM_END;
    if (chunks->state != DATA)
        return HOLM_AGAIN;
    return data_take(chunks, in, piece) ? HOLM_OK : HOLM_AGAIN;
}

/* RFC 9110 section 6.5.1: a trailer may not frame, route or authenticate. */
#define BIT(ID) ((uint64_t)1 << HOLM_HTTP_FIELD_##ID)
static const uint64_t not_in_trailers =
    BIT(HOST) | BIT(CONTENT_LENGTH) | BIT(TRANSFER_ENCODING) | BIT(CONNECTION) | BIT(EXPECT) |
    BIT(UPGRADE) | BIT(TE) | BIT(TRAILER) | BIT(RANGE) | BIT(COOKIE) | BIT(SET_COOKIE) |
    BIT(AUTHORIZATION) | BIT(PROXY_AUTHORIZATION) | BIT(KEEP_ALIVE) | BIT(PROXY_CONNECTION);

static bool trailer_allowed(struct holm_bytes msg, const struct holm_http_field *field)
{
    struct holm_bytes name;
    return holm_bytes_part(msg, field->name_at, field->name_len, &name) &&
           (not_in_trailers >> holm_http_field_identify(name) & 1) == 0;
}

enum holm_result holm_http_trailers_parse(size_t *len, struct holm_bytes in, size_t max)
{
    struct holm_bytes front =
        holm_http__head_before(in, max < HOLM_HTTP_HEAD_MAX ? max : HOLM_HTTP_HEAD_MAX);
    struct holm_http_field fields[HOLM_HTTP_TRAILER_MAX];
    size_t count = 0;
    size_t at = 0;
    enum holm_result result =
        holm_http__field_lines(fields, HOLM_COUNT(fields), &count, &at, front);
    for (size_t i = 0; i < count; i++)
        if (!trailer_allowed(front, &HOLM_AT(fields, i)))
            return HOLM_ERR_MALFORMED;
    if (result == HOLM_AGAIN && in.len >= max)
        return HOLM_ERR_LIMIT;
    if (result == HOLM_OK)
        *len = at + 2;
    return result;
}

bool holm_http_chunk_emit(struct holm_buffer *out, uint64_t len, bool first)
{
    struct holm_buffer all = *out;
    uint8_t digits[16];
    struct holm_bytes text = { 0 };
    size_t at = HOLM_COUNT(digits);
    do {
        at--;
        HOLM_AT(digits, at) = (uint8_t)(len % 16 < 10 ? '0' + len % 16 : 'a' + len % 16 - 10);
        len /= 16;
    } while (len > 0);
    if ((!first && !holm_buffer_bytes(&all, HOLM_TEXT("\r\n"))) ||
        !holm_bytes_from(HOLM_BLOB(digits), at, &text) || !holm_buffer_bytes(&all, text) ||
        !holm_buffer_bytes(&all, HOLM_TEXT("\r\n")))
        return false;
    *out = all;
    return true;
}
