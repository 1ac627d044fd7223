/* SPDX-License-Identifier: ISC */
/* http_machine.c: a connection, its states, its ends and its events; http_feed.c reads.
 *
 *     HEAD --head--> LENGTH --all--> DONE --exchange over--> HEAD, or CLOSED if it was the last
 *                    CHUNKS --last chunk--> TRAILERS --empty line--> DONE
 *                    UNTIL_END --end--> DONE     (responses)
 *                    DONE                        (no body)
 *                    UPGRADED                    (101, or 2xx to CONNECT)
 *     any --holm_http__fail--> ERROR; any --holm_http__close--> CLOSED
 *
 * Invariants:
 * (1) While an event waits, nothing is consumed.
 * (2) A server is in HEAD only while out is IDLE: one request in hand, none behind an error.
 * (3) held > 0 only in HEAD and TRAILERS, for bytes that were seen and left where they are.
 * (4) After ERROR, CLOSED and UPGRADED nothing is read any more. */
#include "http_impl.h"

#define SECOND_NS 1000000000U

/*@ assigns \nothing;
    ensures \result == (value != 0 ? value : standard); */
static uint64_t or_default(uint64_t value, uint64_t standard)
{
    return value != 0 ? value : standard;
}

/*@ requires 0 < standard <= max;
    assigns \nothing;
    ensures 0 < \result <= max && (value == 0 ==> \result == standard);
    ensures 0 < value <= max ==> \result == value; */
static uint32_t at_most(uint32_t value, uint32_t standard, uint32_t max)
{
    if (value == 0)
        return standard;
    return value < max ? value : max;
}

void holm_http_common_init(struct holm_http_common *common, bool server,
                           const struct holm_http_limits *limits)
{
    struct holm_http_limits set = { 0 };
    if (limits != NULL)
        set = *limits;
    set.head_bytes = at_most(set.head_bytes, 16384, HOLM_HTTP_HEAD_MAX);
    set.target_bytes = at_most(set.target_bytes, HOLM_HTTP_TARGET_MAX, HOLM_HTTP_TARGET_MAX);
    set.field_count = at_most(set.field_count, HOLM_HTTP_FIELD_MAX, HOLM_HTTP_FIELD_MAX);
    set.trailer_bytes = at_most(set.trailer_bytes, 4096, HOLM_HTTP_HEAD_MAX);
    set.body_bytes = or_default(set.body_bytes, server ? 1048576 : HOLM_HTTP_UNLIMITED);
    set.discard_bytes = or_default(set.discard_bytes, 65536);
    set.requests = at_most(set.requests, 1000000, UINT32_MAX);
    set.body_rate = at_most(set.body_rate, 512, UINT32_MAX);
    set.head_ns = or_default(set.head_ns, 10ULL * SECOND_NS);
    set.body_ns = or_default(set.body_ns, 10ULL * SECOND_NS);
    set.idle_ns = or_default(set.idle_ns, 60ULL * SECOND_NS);
    set.stop_idle_ns = or_default(set.stop_idle_ns, SECOND_NS / 2);
    *common = (struct holm_http_common){ .limits = set, .server = server };
}

void holm_http_common_time(struct holm_http_common *common, uint64_t utc_s)
{
    struct holm_buffer out = { common->date, 0, sizeof common->date };
    if (common->dated && common->utc_s == utc_s)
        return;
    common->utc_s = utc_s;
    (void)holm_buffer_bytes(&out, HOLM_TEXT("Date: ")); /* all of it has room */
    common->dated = holm_http_date_emit(&out, utc_s);
    (void)holm_buffer_bytes(&out, HOLM_TEXT("\r\n"));
}

void holm_http_machine_init(struct holm_http_machine *http, const struct holm_http_common *common,
                            uint64_t now_ns)
{
    *http = (struct holm_http_machine){ 0 };
    http->common = common;
    http->now_ns = now_ns;
    http->since_ns = now_ns;
    /* What an invariant speaks of is said again: a proof does not see it among the zeroes. */
    http->in = HOLM_HTTP__IN_HEAD;
    http->out = HOLM_HTTP__OUT_IDLE;
    http->waiting = 0;
    http->held = 0;
    http->in_total = 0;
    http->request_method = HOLM_HTTP_OTHER;
}

size_t holm_http_machine_need(const struct holm_http_machine *http)
{
    return http->held + 1;
}

bool holm_http_machine_is_idle(const struct holm_http_machine *http)
{
    return http->in == HOLM_HTTP__IN_HEAD && http->out == HOLM_HTTP__OUT_IDLE && http->held == 0 &&
           http->waiting == 0;
}

void holm_http__close(struct holm_http_machine *http)
{
    http->in = HOLM_HTTP__IN_CLOSED;
    http->out = HOLM_HTTP__OUT_CLOSED;
    http->waiting = 0;
    http->held = 0;
    holm_http__wait(http, HOLM_HTTP_EVENT_CLOSED);
}

enum holm_result holm_http__fail(struct holm_http_machine *http, enum holm_result result,
                                 uint16_t status)
{
    bool answerable = http->common->server && status != 0 &&
                      (http->out == HOLM_HTTP__OUT_IDLE || http->out == HOLM_HTTP__OUT_HEAD);
    http->in = HOLM_HTTP__IN_ERROR;
    http->error = (int16_t)result;
    http->error_status = answerable ? status : 0;
    http->out = answerable ? HOLM_HTTP__OUT_ERROR : HOLM_HTTP__OUT_CLOSED;
    http->last = true;
    http->held = 0;
    http->interim = 0;
    http->waiting = 0;
    holm_http__wait(http, HOLM_HTTP_EVENT_ERROR);
    if (!answerable)
        holm_http__wait(http, HOLM_HTTP_EVENT_CLOSED);
    return result;
}

/*@ requires \valid(http) && \valid_read(http->common) && \separated(http, http->common);
    assigns http->in, http->out, http->waiting, http->held;
    ensures http->in != HOLM_HTTP__IN_UPGRADED ==>
              http->in == \old(http->in) && http->out == \old(http->out) &&
              http->waiting == \old(http->waiting) && http->held == \old(http->held);
    ensures http->out == \old(http->out) || http->out == HOLM_HTTP__OUT_CLOSED;
    ensures http->held == \old(http->held) || http->held == 0;
    ensures http->in != \old(http->in) ==>
              http->in == HOLM_HTTP__IN_UPGRADED && http->out == HOLM_HTTP__OUT_CLOSED &&
              http->waiting != 0 && http->held == 0 && http->message.upgrade && http->upgrading; */
static void upgrade_check(struct holm_http_machine *http)
{
    if (http->message.upgrade && http->common->server && http->out == HOLM_HTTP__OUT_DONE &&
        http->upgrading) {
        http->in = HOLM_HTTP__IN_UPGRADED;
        http->out = HOLM_HTTP__OUT_CLOSED;
        http->waiting = 0;
        http->held = 0; /* keeps (3) */
        holm_http__wait(http, HOLM_HTTP_EVENT_UPGRADE);
    }
}

void holm_http__exchange_check(struct holm_http_machine *http)
{
    bool read = http->in == HOLM_HTTP__IN_DONE && http->waiting == 0;
    upgrade_check(http);
    if (!read || http->in != HOLM_HTTP__IN_DONE)
        return;
    /* A response that ends before its request does leaves the rest of the request unwanted. */
    if (!http->common->server && http->out != HOLM_HTTP__OUT_DONE)
        http->last = true;
    else if (http->out != HOLM_HTTP__OUT_DONE)
        return;
    if (http->last || http->ended) {
        holm_http__close(http);
        return;
    }
    http->in = HOLM_HTTP__IN_HEAD;
    http->out = HOLM_HTTP__OUT_IDLE;
    http->since_ns = http->now_ns;
    http->discard = false;
}

/* event_fill describes the waiting event of a kind. */
/*@ requires \valid_read(http) && \valid(event) && \separated(event, http);
    requires kind <= HOLM_HTTP_EVENT_CLOSED;
    assigns *event;
    ensures holm_event_of(event, http, kind); */
static void event_fill(const struct holm_http_machine *http, struct holm_http_event *event,
                       enum holm_http_event_kind kind)
{
    *event = (struct holm_http_event){ .kind = kind, .result = HOLM_OK };
    switch (kind) {
    case HOLM_HTTP_EVENT_HEAD:
    case HOLM_HTTP_EVENT_INTERIM:
        event->status = http->message.status;
        event->data = http->view;
        break;
    case HOLM_HTTP_EVENT_BODY:
    case HOLM_HTTP_EVENT_TRAILERS:
        event->data = http->view;
        break;
    case HOLM_HTTP_EVENT_ERROR:
        event->status = http->error_status;
        event->result = (enum holm_result)http->error;
        break;
    case HOLM_HTTP_EVENT_MESSAGE_END:
    case HOLM_HTTP_EVENT_UPGRADE:
    case HOLM_HTTP_EVENT_CLOSED:
        break;
    }
}

/*@ assigns \nothing;
    ensures \result <= HOLM_HTTP_EVENT_CLOSED;
    ensures \result < HOLM_HTTP_EVENT_CLOSED ==> (waiting >> \result & 1) != 0;
    ensures \forall integer k; 0 <= k < \result ==> (waiting >> k & 1) == 0; */
static enum holm_http_event_kind first_of(uint8_t waiting)
{
    unsigned kind = HOLM_HTTP_EVENT_HEAD;
    /*@ loop invariant kind <= HOLM_HTTP_EVENT_CLOSED;
        loop invariant \forall integer k; 0 <= k < kind ==> (waiting >> k & 1) == 0;
        loop assigns kind;
        loop variant HOLM_HTTP_EVENT_CLOSED - kind; */
    while (kind < HOLM_HTTP_EVENT_CLOSED && (waiting >> kind & 1) == 0)
        kind++;
    return (enum holm_http_event_kind)kind;
}

enum holm_result holm_http_machine_next(struct holm_http_machine *http,
                                        struct holm_http_event *event)
{
    enum holm_http_event_kind kind = first_of(http->waiting);
    if (http->waiting == 0)
        return HOLM_END;
    http->waiting = (uint8_t)(http->waiting & ~(1U << kind));
    event_fill(http, event, kind);
    if (kind == HOLM_HTTP_EVENT_MESSAGE_END)
        holm_http__exchange_check(http);
    return HOLM_OK;
}

void holm_http_machine_stop(struct holm_http_machine *http)
{
    http->stopping = true;
    if (holm_http_machine_is_idle(http))
        http->since_ns = http->now_ns;
}

bool holm_http_machine_check(const struct holm_http_machine *http)
{
    bool holds = http->in <= HOLM_HTTP__IN_ERROR && http->out <= HOLM_HTTP__OUT_CLOSED;
    if (http->common->server && http->in == HOLM_HTTP__IN_HEAD && http->out != HOLM_HTTP__OUT_IDLE)
        holds = false; /* (2) */
    if (http->held > 0 && http->in != HOLM_HTTP__IN_HEAD && http->in != HOLM_HTTP__IN_TRAILERS)
        holds = false; /* (3) */
    if (http->in == HOLM_HTTP__IN_ERROR && http->error >= 0)
        holds = false;
    if (http->in == HOLM_HTTP__IN_LENGTH && http->in_left == 0)
        holds = false;
    return holds && http->in_total <= http->common->limits.body_bytes;
}
