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

#include <holm/text.h>

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

/*@ requires \valid(chunks) && chunks->left <= HOLM_HTTP_CHUNK_MAX && -1 <= digit < 16;
    assigns chunks->left;
    ensures digit >= 0 && \old(chunks->left) <= HOLM_HTTP_CHUNK_MAX / 16 ==>
              \result == SIZE && chunks->left == \old(chunks->left) * 16 + digit;
    ensures digit >= 0 && \old(chunks->left) > HOLM_HTTP_CHUNK_MAX / 16 ==>
              \result == FAILED && chunks->left == UINT64_MAX;
    ensures digit < 0 ==> \result == FAILED && chunks->left == \old(chunks->left); */
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
/*@ assigns \nothing;
    ensures \result == (c == ';' ? EXT_NAME_FIRST : c == '\r' ? LINE_END : FAILED); */
static enum state after_part(uint8_t c)
{
    if (c == ';')
        return EXT_NAME_FIRST;
    return c == '\r' ? LINE_END : FAILED;
}

/*@ assigns \nothing;
    ensures holm_in_class(&holm_http__token_class, c) ==> \result == stay;
    ensures !holm_in_class(&holm_http__token_class, c) ==> \result == FAILED; */
static enum state token_next(uint8_t c, enum state stay)
{
    return holm_class_has(&holm_http__token_class, c) ? stay : FAILED;
}

/* RFC 9112 section 7.1.1: chunk-ext, with values that are tokens or quoted strings. */
/*@ requires EXT_NAME_FIRST <= state <= QUOTE_END;
    assigns \nothing;
    ensures EXT_NAME_FIRST <= \result <= LINE_END || \result == FAILED;
    ensures \result == LINE_END ==> c == '\r' && state \in { EXT_NAME, EXT_VALUE, QUOTE_END };
    ensures state == QUOTED && c == '"' <==> \result == QUOTE_END && state != QUOTE_END;
    ensures \result == QUOTED_PAIR <==> state == QUOTED && c == '\\';
    ensures state == QUOTED_PAIR ==> \result \in { QUOTED, FAILED };
    ensures state \in { QUOTED, QUOTED_PAIR } && \result == QUOTED ==>
              holm_in_class(&holm_http__value_class, c);
    ensures state == EXT_NAME_FIRST ==> \result \in { EXT_NAME_FIRST, EXT_NAME, FAILED }; */
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
/*@ requires \valid(chunks);
    assigns chunks->line;
    ensures chunks->line == 0;
    ensures \result == (c != '\n' ? FAILED : chunks->left == 0 ? LAST : DATA); */
static enum state line_end_next(struct holm_http_chunks *chunks, uint8_t c)
{
    chunks->line = 0;
    if (c != '\n')
        return FAILED;
    return chunks->left == 0 ? LAST : DATA;
}

/*@ requires \valid(chunks) && chunks->state <= FAILED && chunks->left <= HOLM_HTTP_CHUNK_MAX;
    requires chunks->extensions <= HOLM_HTTP_CHUNK_EXTENSIONS_MAX;
    assigns chunks->left, chunks->line, chunks->extensions;
    ensures \result <= FAILED;
    ensures chunks->state <= SIZE && holm_digit(c) < 16 ==>
              (\result == SIZE && chunks->left == \old(chunks->left) * 16 + holm_digit(c) &&
               chunks->left <= HOLM_HTTP_CHUNK_MAX) ||
              (\result == FAILED && chunks->left == UINT64_MAX);
    ensures chunks->state > SIZE || holm_digit(c) == 16 ==> chunks->left == \old(chunks->left);
    ensures \result == SIZE ==> chunks->state <= SIZE && holm_digit(c) < 16;
    ensures chunks->state == SIZE_FIRST ==> \result \in { SIZE, FAILED };
    ensures \result == EXT_NAME_FIRST && chunks->state == SIZE ==> c == ';';
    ensures EXT_NAME_FIRST <= \result <= LINE_END ==> SIZE <= chunks->state < LINE_END;
    ensures \result == DATA <==> chunks->state == LINE_END && c == '\n' && chunks->left > 0;
    ensures \result == LAST <==> chunks->state == LINE_END && c == '\n' && chunks->left == 0;
    ensures \result == DATA_LF <==> chunks->state == DATA_CR && c == '\r';
    ensures \result == SIZE_FIRST <==> chunks->state == DATA_LF && c == '\n';
    ensures \result != DATA_CR;
    ensures chunks->line == (chunks->state == LINE_END ? 0 : \old(chunks->line));
    ensures chunks->extensions == \old(chunks->extensions) +
              (EXT_NAME_FIRST <= chunks->state <= QUOTE_END ? 1 : 0); */
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
/*@ requires \valid(chunks) && holm_chunks_kept(chunks);
    requires chunks->state != DATA && chunks->state != LAST && chunks->state != FAILED;
    assigns chunks->left, chunks->line, chunks->extensions, chunks->state;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> holm_chunks_kept(chunks) && chunks->state != FAILED;
    ensures \result == HOLM_OK && \old(chunks->state) <= SIZE && holm_digit(c) < 16 ==>
              chunks->state == SIZE && chunks->left == \old(chunks->left) * 16 + holm_digit(c);
    ensures \result == HOLM_OK && (\old(chunks->state) > SIZE || holm_digit(c) == 16) ==>
              chunks->state != SIZE && chunks->left == \old(chunks->left);
    ensures \result == HOLM_OK && \old(chunks->state) == SIZE_FIRST ==> chunks->state == SIZE;
    ensures \result == HOLM_OK && chunks->state == DATA ==> c == '\n' && chunks->left > 0;
    ensures \result == HOLM_OK && chunks->state == LAST ==> c == '\n' && chunks->left == 0;
    ensures \result == HOLM_OK && SIZE <= \old(chunks->state) <= LINE_END ==>
              SIZE <= chunks->state <= DATA || chunks->state == LAST; */
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
/*@ requires \valid(chunks) && \valid(in) && \valid(piece) && chunks->state == DATA;
    requires \valid(in->ptr + (0 .. in->len - 1)) && \separated(chunks, in, piece);
    requires \separated(in, in->ptr + (0 .. in->len - 1));
    requires \separated(piece, in->ptr + (0 .. in->len - 1));
    assigns chunks->left, chunks->state, *in, *piece;
    ensures \result <==> piece->len > 0;
    ensures piece->ptr == \old(in->ptr);
    ensures piece->len == \min(\old(in->len), \old(chunks->left));
    ensures in->ptr == \old(in->ptr) + piece->len && in->len == \old(in->len) - piece->len;
    ensures chunks->left == \old(chunks->left) - piece->len;
    ensures chunks->state == (chunks->left == 0 ? DATA_CR : DATA); */
static bool data_take(struct holm_http_chunks *chunks, struct holm_span *in,
                      struct holm_span *piece)
{
    size_t len = in->len;
    if (len > chunks->left)
        len = (size_t)chunks->left;
    chunks->left -= len;
    if (chunks->left == 0)
        chunks->state = DATA_CR;
    (void)holm_span_part(*in, 0, len, piece); /* there are as many */
    (void)holm_span_part(*in, len, in->len - len, in);
    return len > 0;
}

/* framing_take takes what stands before the next data, or all of *in. */
/*@ requires \valid(chunks) && holm_chunks_kept(chunks) && chunks->state != FAILED && \valid(in);
    requires \valid(in->ptr + (0 .. in->len - 1)) && \separated(chunks, in);
    requires \separated(chunks, in->ptr + (0 .. in->len - 1));
    requires \separated(in, in->ptr + (0 .. in->len - 1));
    assigns chunks->left, chunks->line, chunks->extensions, chunks->state, *in;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures in->len <= \old(in->len) && in->ptr == \old(in->ptr) + (\old(in->len) - in->len);
    ensures \result == HOLM_OK ==> holm_chunks_kept(chunks) && chunks->state != FAILED;
    ensures \result == HOLM_OK && in->len > 0 ==> chunks->state == DATA || chunks->state == LAST;
    ensures \old(chunks->state) == DATA || \old(chunks->state) == LAST ==> in->len == \old(in->len);
    ensures in->len == \old(in->len) ==> \result == HOLM_OK &&
              chunks->state == \old(chunks->state) && chunks->left == \old(chunks->left);
    ensures \result == HOLM_OK && in->len < \old(in->len) &&
              (chunks->state == DATA || chunks->state == LAST) ==>
              holm_chunk_line{Old}(\old(in->ptr), \old(in->len) - in->len);
    ensures \result == HOLM_OK && \old(chunks->state) == SIZE_FIRST ==>
              holm_chunk_sized{Old}(\old(in->ptr), \old(in->len) - in->len, chunks->left); */
static enum holm_result framing_take(struct holm_http_chunks *chunks, struct holm_span *in)
{
    size_t at = 0;
    uint8_t c = 0;
    enum holm_result result = HOLM_OK;
    /*@ loop invariant 0 <= at <= in->len;
        loop invariant result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
        loop invariant result == HOLM_OK ==> holm_chunks_kept(chunks) && chunks->state != FAILED;
        loop invariant at == 0 ==> result == HOLM_OK && chunks->state == \at(chunks->state,Pre) &&
                         chunks->left == \at(chunks->left,Pre);
        loop invariant at > 0 ==> \at(chunks->state,Pre) != DATA && \at(chunks->state,Pre) != LAST;
        loop invariant at > 0 && result == HOLM_OK && (chunks->state == DATA ||
                         chunks->state == LAST) ==> holm_chunk_line{Pre}(\at(in->ptr,Pre), at);
        loop invariant \at(chunks->state,Pre) == SIZE_FIRST && at > 0 && result == HOLM_OK ==>
                         SIZE <= chunks->state <= DATA || chunks->state == LAST;
        loop invariant \at(chunks->state,Pre) == SIZE_FIRST && result == HOLM_OK &&
                         holm_digits{Pre}(\at(in->ptr,Pre), 0, at, 16) ==>
                         chunks->state == (at == 0 ? SIZE_FIRST : SIZE) &&
                         chunks->left == holm_number{Pre}(\at(in->ptr,Pre), at, 16);
        loop invariant \at(chunks->state,Pre) == SIZE_FIRST && result == HOLM_OK ==>
                         holm_chunk_sized{Pre}(\at(in->ptr,Pre), at, chunks->left);
        loop invariant \at(chunks->state,Pre) == SIZE_FIRST && result == HOLM_OK &&
                         chunks->state == SIZE ==> holm_digits{Pre}(\at(in->ptr,Pre), 0, at, 16);
        loop assigns result, at, c, chunks->left, chunks->line, chunks->extensions, chunks->state;
        loop variant in->len - at; */
    while (result == HOLM_OK && chunks->state != DATA && chunks->state != LAST &&
           holm_bytes_u8_at(holm_span_bytes(*in), at, &c)) {
        result = line_byte(chunks, c);
        at++;
    }
    (void)holm_span_part(*in, at, in->len - at, in); /* at is within */
    return result;
}

enum holm_result holm_http_chunks_feed(struct holm_http_chunks *chunks, struct holm_span *in,
                                       struct holm_span *piece)
{
    enum holm_result result;
    piece->ptr = in->ptr;
    piece->len = 0;
    if (chunks->state == FAILED)
        return HOLM_ERR_MALFORMED;
    result = framing_take(chunks, in);
    if (result != HOLM_OK) {
        chunks->state = FAILED;
        return result;
    }
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

/*@ requires holm_readable(msg) && \valid_read(field);
    assigns \nothing;
    ensures \result ==> field->name_at + field->name_len <= msg.len; */
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
    /*@ loop invariant 0 <= i <= count;
        loop assigns i;
        loop variant count - i; */
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
    size_t before = out->len;
    bool fits = (first || holm_buffer_bytes(out, HOLM_TEXT("\r\n"))) &&
                holm_text_hex_emit(out, len, 1) && holm_buffer_bytes(out, HOLM_TEXT("\r\n"));
    if (!fits)
        out->len = before;
    return fits;
}
