/* SPDX-License-Identifier: ISC */
/* http_time.c: how long a connection waits for its peer. since_ns is when the present wait began;
 * time in which we kept the peer waiting moves it on, so that it does not count. */
#include "http_impl.h"

/* What the connection waits for. */
enum wait {
    NOTHING, /* us: our user, or our own message */
    IDLE,    /* the first byte of a message */
    HEAD,    /* the rest of a head */
    BODY,
};

/*@ requires \valid_read(http) && \valid_read(http->common) && http->in <= HOLM_HTTP__IN_ERROR;
    assigns \nothing;
    ensures \result == IDLE <==> holm_waits_head(http) && http->held == 0;
    ensures \result == HEAD <==> holm_waits_head(http) && http->held > 0;
    ensures \result == BODY <==> holm_waits_body(http);
    ensures \result <= BODY; */
static enum wait wait_of(const struct holm_http_machine *http)
{
    bool server = http->common->server;
    if (http->waiting != 0)
        return NOTHING;
    switch ((enum holm_http__in)http->in) {
    case HOLM_HTTP__IN_HEAD:
        if (!server && http->out == HOLM_HTTP__OUT_BODY)
            return NOTHING;
        return http->held > 0 ? HEAD : IDLE;
    case HOLM_HTTP__IN_LENGTH:
    case HOLM_HTTP__IN_CHUNKS:
    case HOLM_HTTP__IN_TRAILERS:
    case HOLM_HTTP__IN_UNTIL_END:
        /* A client that waits for 100 Continue waits for us. */
        if (server && http->message.expects_continue && !http->told_continue && !http->discard &&
            http->in_total == 0)
            return NOTHING;
        return BODY;
    case HOLM_HTTP__IN_DONE:
    case HOLM_HTTP__IN_CLOSED:
    case HOLM_HTTP__IN_UPGRADED:
    case HOLM_HTTP__IN_ERROR:
        break;
    }
    return NOTHING;
}

/*@ requires \valid_read(http) && \valid_read(http->common);
    assigns \nothing;
    ensures wait == IDLE ==> \result == holm_idle_ns(http);
    ensures wait == HEAD ==> \result == http->common->limits.head_ns;
    ensures wait == BODY ==> \result == http->common->limits.body_ns; */
static uint64_t length_ns(const struct holm_http_machine *http, enum wait wait)
{
    const struct holm_http_limits *limits = &http->common->limits;
    if (wait == IDLE) /* a stop leaves a response that is awaited its time */
        return http->stopping && http->out == HOLM_HTTP__OUT_IDLE ? limits->stop_idle_ns
                                                                  : limits->idle_ns;
    return wait == HEAD ? limits->head_ns : limits->body_ns;
}

uint64_t holm_http_machine_deadline(const struct holm_http_machine *http)
{
    enum wait wait = wait_of(http);
    uint64_t length = length_ns(http, wait);
    if (wait == NOTHING || length > UINT64_MAX - http->since_ns)
        return UINT64_MAX;
    return http->since_ns + length;
}

/* window_check starts the next window if enough of a body came in this one. */
/*@ requires \valid(http) && \valid_read(http->common) && \separated(http, http->common);
    assigns http->since_ns, http->window_bytes;
    ensures \result ==> http->since_ns == http->now_ns && http->window_bytes == 0 &&
              \old(http->window_bytes) > 0;
    ensures \result && http->common->limits.body_ns / 1000000 <= UINT32_MAX ==>
              \old(http->window_bytes) >= http->common->limits.body_ns / 1000000 *
                                           http->common->limits.body_rate / 1000;
    ensures !\result ==> http->since_ns == \old(http->since_ns) &&
              http->window_bytes == \old(http->window_bytes); */
static bool window_check(struct holm_http_machine *http)
{
    const struct holm_http_limits *limits = &http->common->limits;
    uint64_t length_ms = limits->body_ns / 1000000;
    /*@ assert length_ms <= UINT32_MAX ==>
                 length_ms * limits->body_rate <= UINT32_MAX * limits->body_rate; */
    uint64_t least = length_ms > UINT32_MAX ? 1 : length_ms * limits->body_rate / 1000;
    if (http->window_bytes < least || http->window_bytes == 0)
        return false;
    http->since_ns = http->now_ns;
    http->window_bytes = 0;
    return true;
}

enum holm_result holm_http_machine_tick(struct holm_http_machine *http, uint64_t now_ns)
{
    enum wait wait = wait_of(http);
    if (now_ns < http->now_ns)
        now_ns = http->now_ns;
    if (wait == NOTHING)
        http->since_ns += now_ns - http->now_ns;
    http->now_ns = now_ns;
    if (wait == NOTHING || holm_http_machine_deadline(http) > now_ns)
        return HOLM_OK;
    if (wait == BODY && window_check(http))
        return HOLM_OK;
    if (wait == IDLE && http->out == HOLM_HTTP__OUT_IDLE) {
        holm_http__close(http); /* nobody asked for anything: nothing to answer */
        return HOLM_OK;
    }
    return holm_http__fail(http, HOLM_ERR_TIMEOUT, HOLM_HTTP__TIMEOUT);
}
