/* SPDX-License-Identifier: ISC */
/* http_read.c: what a connection reads behind a head: a body in its three forms, and trailers. */
#include "http_read.h"

#include "http_impl.h"

void holm_http__read_done(struct holm_http_machine *http)
{
    http->in = HOLM_HTTP__IN_DONE;
    http->held = 0;
    if (!http->discard)
        holm_http__wait(http, HOLM_HTTP_EVENT_MESSAGE_END);
    else
        holm_http__exchange_check(http);
}

void holm_http__read_advance(struct holm_http_machine *http, struct holm_span *in, size_t len)
{
    struct holm_span rest = { 0 };
    holm_assert(len <= in->len);
    (void)holm_span_part(*in, len, in->len - len, &rest);
    http->view.ptr = in->ptr;
    http->view.len = len;
    in->ptr = rest.ptr;
    in->len = rest.len;
}

void holm_http__read_begin(struct holm_http_machine *http)
{
    http->in_left = http->message.length;
    http->in_total = 0;
    http->discarded = 0;
    http->discard = false;
    http->since_ns = http->now_ns;
    http->window_bytes = 0;
    http->chunks.left = 0;
    http->chunks.line = http->chunks.extensions = 0;
    http->chunks.state = 0;
    switch ((enum holm_http_body)http->message.body) {
    case HOLM_HTTP_BODY_NONE:
        holm_http__read_done(http);
        break;
    case HOLM_HTTP_BODY_LENGTH:
        http->in = HOLM_HTTP__IN_LENGTH;
        break;
    case HOLM_HTTP_BODY_CHUNKED:
        http->in = HOLM_HTTP__IN_CHUNKS;
        break;
    case HOLM_HTTP_BODY_CLOSE:
        http->in = HOLM_HTTP__IN_UNTIL_END;
        break;
    }
}

/* more answers a sum that stops at its largest value: two to the 64 bytes come to nobody. */
/*@ assigns \nothing;
    ensures \result == (sum + len > UINT64_MAX ? UINT64_MAX : sum + len); */
static uint64_t more(uint64_t sum, uint64_t len)
{
    return len > UINT64_MAX - sum ? UINT64_MAX : sum + len;
}

/* body_came accounts for bytes of the body in view, and shows them unless they are not wanted. ahead
 * is how many are known to follow them: so a body is refused at the same byte however it is cut. */
/*@ requires holm_can_write(http) && http->in_total <= http->common->limits.body_bytes;
    requires http->in < HOLM_HTTP__IN_DONE;
    assigns http->in_total, http->window_bytes, http->discarded, http->waiting, http->in,
            http->out, http->held, http->error, http->error_status, http->last, http->interim;
    ensures \result \in { HOLM_OK, HOLM_ERR_LIMIT };
    ensures \result == HOLM_ERR_LIMIT ==>
              http->in == HOLM_HTTP__IN_ERROR && http->error == HOLM_ERR_LIMIT &&
              http->in_total == \old(http->in_total) && http->held == 0 &&
              http->out <= HOLM_HTTP__OUT_CLOSED;
    ensures \result == HOLM_ERR_LIMIT <==>
              !http->discard &&
              http->view.len + ahead > http->common->limits.body_bytes - \old(http->in_total);
    ensures \result == HOLM_OK ==>
              http->in_total == \old(http->in_total) + (http->discard ? 0 : http->view.len);
    ensures http->in_total <= http->common->limits.body_bytes;
    ensures \result == HOLM_OK && http->in != HOLM_HTTP__IN_CLOSED ==>
              http->in == \old(http->in) && http->out == \old(http->out) &&
              http->held == \old(http->held);
    ensures \result == HOLM_OK && http->in == HOLM_HTTP__IN_CLOSED ==>
              http->out == HOLM_HTTP__OUT_CLOSED && http->held == 0;
    ensures \result == HOLM_OK && (!http->discard || http->in == HOLM_HTTP__IN_CLOSED) ==>
              http->waiting != 0; */
static enum holm_result body_came(struct holm_http_machine *http, uint64_t ahead)
{
    size_t len = http->view.len;
    uint64_t room = http->common->limits.body_bytes - http->in_total;
    if (!http->discard && (ahead > room || len > room - ahead))
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__TOO_LARGE);
    http->window_bytes = more(http->window_bytes, len);
    if (!http->discard) {
        http->in_total += len;
        holm_http__wait(http, HOLM_HTTP_EVENT_BODY);
        return HOLM_OK;
    }
    http->discarded = more(http->discarded, len);
    if (http->discarded > http->common->limits.discard_bytes)
        holm_http__close(http);
    return HOLM_OK;
}

/*@ requires holm_feeds(http, in) && holm_machine_kept(http);
    requires http->in == HOLM_HTTP__IN_LENGTH;
    assigns http->view.ptr, http->view.len, http->in_left, http->in_total, http->window_bytes,
            http->discarded, http->waiting, http->in, http->out, http->held, http->error,
            http->error_status, http->last, http->interim, http->since_ns, http->discard, in->ptr,
            in->len;
    ensures holm_machine_kept(http);
    ensures \result == HOLM_OK || \result == HOLM_AGAIN || \result < 0;
    ensures \result < 0 <==> http->in == HOLM_HTTP__IN_ERROR;
    ensures \result < 0 ==> http->error == \result;
    ensures http->in == HOLM_HTTP__IN_HEAD ==> http->held == 0;
    ensures holm_fed{Old,Here}(in);
    ensures \result == HOLM_AGAIN ==> in->len == 0 && http->in == HOLM_HTTP__IN_LENGTH;
    ensures \result == HOLM_AGAIN ==> http->waiting == \old(http->waiting);
    ensures \result == HOLM_OK && http->waiting == 0 ==> http->in <= HOLM_HTTP__IN_DONE;
    ensures \result == HOLM_OK ==> holm_shown{Old,Here}(http, in); */
static enum holm_result feed_length(struct holm_http_machine *http, struct holm_span *in)
{
    size_t len = in->len;
    enum holm_result result;
    if (len == 0)
        return HOLM_AGAIN;
    if (len > http->in_left)
        len = (size_t)http->in_left;
    holm_http__read_advance(http, in, len);
    http->in_left -= len;
    result = body_came(http, http->in_left);
    if (result == HOLM_OK && http->in_left == 0 && http->in == HOLM_HTTP__IN_LENGTH)
        holm_http__read_done(http);
    return result;
}

/* framing_came accounts for bytes between the data of chunks. */
/*@ requires \valid(http);
    assigns http->window_bytes, http->discarded;
    ensures http->window_bytes >= \old(http->window_bytes);
    ensures http->discarded >= \old(http->discarded);
    ensures !http->discard ==> http->discarded == \old(http->discarded); */
static void framing_came(struct holm_http_machine *http, size_t len)
{
    http->window_bytes = more(http->window_bytes, len);
    if (http->discard)
        http->discarded = more(http->discarded, len);
}

/*@ requires holm_feeds(http, in) && holm_machine_kept(http);
    requires http->in == HOLM_HTTP__IN_CHUNKS;
    assigns http->chunks.left, http->chunks.line, http->chunks.extensions, http->chunks.state,
            http->view.ptr, http->view.len, http->in_total, http->window_bytes, http->discarded,
            http->waiting, http->in, http->out, http->held, http->error, http->error_status,
            http->last, http->interim, in->ptr, in->len;
    ensures holm_machine_kept(http);
    ensures \result == HOLM_OK || \result == HOLM_AGAIN || \result < 0;
    ensures \result < 0 <==> http->in == HOLM_HTTP__IN_ERROR;
    ensures \result < 0 ==> http->error == \result;
    ensures http->in == HOLM_HTTP__IN_HEAD ==> http->held == 0;
    ensures in->len <= \old(in->len);
    ensures \result == HOLM_AGAIN ==> in->len == 0 && http->in == HOLM_HTTP__IN_CHUNKS;
    ensures \result == HOLM_AGAIN ==> http->waiting == \old(http->waiting);
    ensures \result == HOLM_OK && http->waiting == 0 ==> http->in <= HOLM_HTTP__IN_DONE;
    ensures \result == HOLM_OK ==> holm_fed{Old,Here}(in);
    ensures \result == HOLM_OK && http->in != HOLM_HTTP__IN_TRAILERS ==>
              holm_shown{Old,Here}(http, in);
    ensures \result == HOLM_OK && http->in == HOLM_HTTP__IN_TRAILERS ==>
              http->waiting == \old(http->waiting); */
static enum holm_result feed_chunks(struct holm_http_machine *http, struct holm_span *in)
{
    struct holm_span rest = *in, piece = { 0 };
    enum holm_result result = holm_http_chunks_feed(&http->chunks, &rest, &piece);
    size_t framing = in->len - rest.len - piece.len;
    in->ptr = rest.ptr;
    in->len = rest.len;
    /*@ assert \separated(in, http) &&
          (result == HOLM_OK || result == HOLM_END ==> holm_fed{Pre,Here}(in)); */
    if (result < 0)
        return holm_http__fail(http, result, HOLM_HTTP__BAD_REQUEST);
    framing_came(http, framing);
    if (result == HOLM_END) {
        http->in = HOLM_HTTP__IN_TRAILERS;
        return HOLM_OK;
    }
    if (result != HOLM_OK)
        return result;
    http->view.ptr = piece.ptr;
    http->view.len = piece.len;
    return body_came(http, http->chunks.left);
}

/* trailers_came shows the trailers in view without the empty line, if there are any. */
/*@ requires holm_can_write(http) && holm_machine_kept(http);
    requires http->in == HOLM_HTTP__IN_TRAILERS;
    requires http->view.len >= 2;
    assigns http->view.len, http->waiting, http->in, http->out, http->held, http->last,
            http->since_ns, http->discard;
    ensures holm_machine_kept(http) && http->in != HOLM_HTTP__IN_ERROR && http->held == 0;
    ensures http->in > HOLM_HTTP__IN_DONE ==> http->waiting != 0;
    ensures http->view.len > 0 &&
            http->view.len \in { \old(http->view.len), \old(http->view.len) - 2 }; */
static void trailers_came(struct holm_http_machine *http)
{
    if (http->view.len > 2 && !http->discard) {
        http->view.len -= 2;
        holm_http__wait(http, HOLM_HTTP_EVENT_TRAILERS);
    }
    holm_http__read_done(http);
}

/*@ requires holm_feeds(http, in) && holm_machine_kept(http);
    requires http->in == HOLM_HTTP__IN_TRAILERS;
    assigns http->view.ptr, http->view.len, http->waiting, http->in, http->out, http->held,
            http->error, http->error_status, http->last, http->interim, http->since_ns,
            http->discard, in->ptr, in->len;
    ensures holm_machine_kept(http);
    ensures \result == HOLM_OK || \result == HOLM_AGAIN || \result < 0;
    ensures \result < 0 <==> http->in == HOLM_HTTP__IN_ERROR;
    ensures \result < 0 ==> http->error == \result;
    ensures http->in == HOLM_HTTP__IN_HEAD ==> http->held == 0;
    ensures holm_fed{Old,Here}(in);
    ensures \result == HOLM_AGAIN ==> *in == \old(*in) && http->in == HOLM_HTTP__IN_TRAILERS;
    ensures \result == HOLM_AGAIN ==>
              http->held == in->len && http->waiting == \old(http->waiting);
    ensures \result == HOLM_OK && http->waiting == 0 ==> http->in <= HOLM_HTTP__IN_DONE;
    ensures \result == HOLM_OK ==> holm_shown{Old,Here}(http, in); */
static enum holm_result feed_trailers(struct holm_http_machine *http, struct holm_span *in)
{
    size_t len = 0;
    enum holm_result result =
        holm_http_trailers_parse(&len, holm_span_bytes(*in), http->common->limits.trailer_bytes);
    if (result == HOLM_AGAIN) {
        /*@ assert in->len <= UINT32_MAX; */
        http->held = in->len;
        return HOLM_AGAIN;
    }
    if (result != HOLM_OK)
        return holm_http__fail(http, result,
                               result == HOLM_ERR_LIMIT ? HOLM_HTTP__FIELDS_TOO_LARGE
                                                        : HOLM_HTTP__BAD_REQUEST);
    holm_http__read_advance(http, in, len);
    /*@ assert \separated(in, http) && holm_fed{Pre,Here}(in); */
    trailers_came(http);
    /*@ assert \separated(in, http) && holm_fed{Pre,Here}(in) && holm_shown{Pre,Here}(http, in); */
    return HOLM_OK;
}

/*@ requires holm_feeds(http, in) && holm_machine_kept(http);
    requires http->in == HOLM_HTTP__IN_UNTIL_END;
    assigns http->view.ptr, http->view.len, http->in_total, http->window_bytes, http->discarded,
            http->waiting, http->in, http->out, http->held, http->error, http->error_status,
            http->last, http->interim, in->ptr, in->len;
    ensures holm_machine_kept(http);
    ensures \result == HOLM_OK || \result == HOLM_AGAIN || \result < 0;
    ensures \result < 0 <==> http->in == HOLM_HTTP__IN_ERROR;
    ensures \result < 0 ==> http->error == \result;
    ensures http->in == HOLM_HTTP__IN_HEAD ==> http->held == 0;
    ensures holm_fed{Old,Here}(in);
    ensures \result == HOLM_AGAIN ==> in->len == 0 && http->in == HOLM_HTTP__IN_UNTIL_END;
    ensures \result == HOLM_AGAIN ==> http->waiting == \old(http->waiting);
    ensures \result == HOLM_OK && http->waiting == 0 ==> http->in <= HOLM_HTTP__IN_DONE;
    ensures \result == HOLM_OK ==> holm_shown{Old,Here}(http, in); */
static enum holm_result feed_until_end(struct holm_http_machine *http, struct holm_span *in)
{
    size_t len = in->len;
    uint64_t room = http->common->limits.body_bytes - http->in_total;
    if (len == 0)
        return HOLM_AGAIN;
    if (len > room && room > 0) /* what fits is shown: the byte behind it is refused */
        len = (size_t)room;
    holm_http__read_advance(http, in, len);
    return body_came(http, 0);
}

enum holm_result holm_http__read_body(struct holm_http_machine *http, struct holm_span *in)
{
    if (http->in == HOLM_HTTP__IN_LENGTH)
        return feed_length(http, in);
    if (http->in == HOLM_HTTP__IN_CHUNKS)
        return feed_chunks(http, in);
    if (http->in == HOLM_HTTP__IN_TRAILERS)
        return feed_trailers(http, in);
    return feed_until_end(http, in);
}
