/* SPDX-License-Identifier: ISC */
/* explore_http_world.c: what both sides can do and must keep to. The claims stand beside the calls that
 * could break them; world_check has those that hold at any time. */
#include "explore_http.h"

#include <stdio.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)
/* Longer waits than any limit are all the same. */
#define WAIT_MAX_NS (10 * SECOND_NS)

struct world world;
struct holm_http_common common;
static struct holm_http_machine before;
static uint8_t out_bytes[OUT_MAX];
static struct holm_buffer out;

/* A body of 4 bytes, 12 passed over, 3 requests: small, so that each limit is met. */
static const struct holm_http_limits limits = { .head_bytes = 128,
                                                .target_bytes = 16,
                                                .field_count = 4,
                                                .trailer_bytes = 24,
                                                .body_bytes = 4,
                                                .discard_bytes = 12,
                                                .requests = 3,
                                                .body_rate = 1,
                                                .head_ns = 2 * SECOND_NS,
                                                .body_ns = SECOND_NS,
                                                .idle_ns = 3 * SECOND_NS,
                                                .stop_idle_ns = SECOND_NS };

static struct holm_bytes machine_bytes(const struct holm_http_machine *http)
{
    return (struct holm_bytes){ (const uint8_t *)http, sizeof *http };
}

void world_begin(bool server)
{
    world = (struct world){ .now_ns = SECOND_NS };
    holm_http_common_init(&common, server, &limits);
    holm_http_machine_init(&world.http, &common, world.now_ns);
}

void world_begin_after(holm_explore_event_function *happens, const uint32_t *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CHECK(happens(HOLM_NTH(events, count, i)));
}

void before_keep(void)
{
    before = world.http;
}

void unchanged(void)
{
    CHECK(holm_bytes_equal(machine_bytes(&world.http), machine_bytes(&before)));
}

struct holm_buffer *out_begin(size_t room)
{
    out = (struct holm_buffer){ out_bytes, 0, room };
    return &out;
}

void out_is(const char *text)
{
    CHECK_BYTES(holm_buffer_filled(&out),
                ((struct holm_bytes){ (const uint8_t *)text, strlen(text) }));
}

bool out_has(const char *word)
{
    return memmem(out_bytes, out.len, word, strlen(word)) != NULL;
}

bool is_over(void)
{
    return world.had_closed || world.had_upgrade;
}

/* input_settle moves what waits to the front of the input, and breaks what was consumed: nobody looks
 * at it any more once the next bytes are fed. A head belongs to nobody while the machine is idle. */
static void input_settle(void)
{
    struct holm_bytes rest = { 0 };
    uint8_t kept[INPUT_MAX];
    struct holm_buffer out_kept = HOLM_BUFFER(kept);
    struct holm_buffer in = HOLM_BUFFER(world.input);

    if (world.http.waiting != 0)
        return;
    holm_assert(
        holm_bytes_part(HOLM_BLOB(world.input), world.taken, world.came - world.taken, &rest) &&
        holm_buffer_bytes(&out_kept, rest));
    memset(world.input, 0xee, sizeof world.input);
    holm_assert(holm_buffer_bytes(&in, holm_buffer_filled(&out_kept)));
    world.came = in.len;
    world.taken = 0;
    if (holm_http_machine_is_idle(&world.http))
        memset(&world.head, 0xee, sizeof world.head);
}

/* failed notes that the machine ended with an error: what was being written is not written on. */
static void failed(enum holm_result result)
{
    if (result < 0 && !world.had_error) {
        world.truncated = world.truncated || world.framing != FRAMING_NONE || world.http.discard;
        world.framing = FRAMING_NONE;
    }
}

/* fed_check checks what a call of feed did with the bytes that waited. */
static void fed_check(enum holm_result result, size_t waited, size_t consumed)
{
    bool reads = world.http.waiting == 0 && result == HOLM_AGAIN;

    CHECK(consumed <= waited);
    CHECK(result != HOLM_OK || consumed > 0 || world.http.waiting != 0);
    if (before.waiting != 0 || is_over() || world.had_error) {
        CHECK_IS(consumed, 0);
        CHECK(result != HOLM_OK);
    }
    if (world.had_error)
        CHECK(result < 0 || result == HOLM_END);
    /* It asks for more than it left, or it waits for us. */
    if (reads && waited > consumed && !world.owed && world.stage != STAGE_WHOLE &&
        world.framing == FRAMING_NONE)
        CHECK(holm_http_machine_need(&world.http) > waited - consumed);
}

static void feed(void)
{
    struct holm_span all = { world.input, sizeof world.input };
    struct holm_span in = { 0 };
    size_t waited;
    enum holm_result result;

    input_settle();
    before_keep();
    holm_assert(holm_span_part(all, world.taken, world.came - world.taken, &in));
    waited = in.len;
    result = holm_http_machine_feed(&world.http, &world.head, &in);
    world.taken += waited - in.len;
    failed(result);
    if (world.http.held == 0 || world.http.in != 0)
        world.cut_ns = 0;
    else if (world.cut_ns == 0)
        world.cut_ns = world.now_ns;
    if (!common.server && (world.http.waiting & 1U << HOLM_HTTP_EVENT_UPGRADE) != 0)
        world.framing = FRAMING_NONE; /* the rest of the request is not wanted */
    fed_check(result, waited, waited - in.len);
}

bool arrives(struct holm_bytes text)
{
    struct holm_buffer in;

    if (world.peer_ended || (world.came > world.taken && world.http.held == 0))
        return false;
    input_settle();
    in = (struct holm_buffer){ world.input, world.came, INPUT_MAX };
    if (!holm_buffer_bytes(&in, text))
        return false;
    world.came = in.len;
    feed();
    return true;
}

/* asks answers whether a request begins with a method, behind an empty line that may stand there. */
static bool asks(struct holm_bytes head, struct holm_bytes method)
{
    struct holm_bytes front = { 0 };
    size_t from = holm_bytes_is(head, 0, '\r') ? 2 : 0;

    return holm_bytes_part(head, from, method.len, &front) && holm_bytes_equal(front, method);
}

/* Events of one message: HEAD BODY* TRAILERS? MESSAGE_END; ERROR, UPGRADE and CLOSED once. */
static void head_came(const struct holm_http_event *event)
{
    bool server = common.server;

    CHECK(world.stage == STAGE_NONE || world.stage == STAGE_PASSED);
    CHECK(!server || !world.said_close); /* no request behind an answer that said close */
    CHECK(server ? !world.owed : world.owed);
    CHECK(server || event->status >= 200 || event->status == 101);
    world.stage = STAGE_BODY;
    world.body_bytes = 0;
    if (!server) {
        world.said_close = world.said_close || asks(event->data, HOLM_TEXT("HTTP/1.0")) ||
                           memmem(event->data.ptr, event->data.len, "close", 5) != NULL;
    } else {
        world.owed = true;
        world.is_head_only = asks(event->data, HOLM_TEXT("HEAD "));
        world.is_connect = asks(event->data, HOLM_TEXT("CONNECT "));
        world.is_old = memmem(event->data.ptr, event->data.len, "HTTP/1.0", 8) != NULL;
    }
}

static void body_came(const struct holm_http_event *event)
{
    CHECK_IS(world.stage, STAGE_BODY);
    CHECK(event->data.len > 0);
    world.body_bytes += (uint32_t)event->data.len;
    CHECK(world.body_bytes <= limits.body_bytes);
    for (size_t i = 0; i < event->data.len; i++)
        CHECK(!holm_bytes_is(event->data, i, 0xee)); /* it still lies there */
}

static void end_came(void)
{
    const struct holm_http_message *message = &world.http.message;

    CHECK(world.stage == STAGE_BODY || world.stage == STAGE_TRAILED);
    if (message->body == HOLM_HTTP_BODY_LENGTH)
        CHECK_IS(world.body_bytes, message->length);
    if (message->body == HOLM_HTTP_BODY_NONE)
        CHECK_IS(world.body_bytes, 0);
    if (common.server) {
        world.stage = world.framing != FRAMING_NONE || world.owed ? STAGE_WHOLE : STAGE_NONE;
        return;
    }
    world.asked_past = world.framing != FRAMING_NONE;
    world.framing = FRAMING_NONE;
    world.stage = STAGE_NONE;
    world.owed = false;
}

/* A connection closes for a reason that both sides can know. */
static void closed_came(void)
{
    CHECK(!world.had_closed && !world.had_upgrade);
    CHECK(world.said_close || world.peer_ended || world.truncated || world.timed_out ||
          world.had_error || world.http.discarded > limits.discard_bytes || world.asked_past);
    world.had_closed = true;
}

static void event_came(const struct holm_http_event *event)
{
    CHECK(!world.had_closed && !world.had_upgrade);
    CHECK(!world.had_error || event->kind == HOLM_HTTP_EVENT_CLOSED);
    switch (event->kind) {
    case HOLM_HTTP_EVENT_HEAD:
        head_came(event);
        break;
    case HOLM_HTTP_EVENT_INTERIM:
        CHECK(!common.server && world.stage == STAGE_NONE && event->status < 200);
        break;
    case HOLM_HTTP_EVENT_BODY:
        body_came(event);
        break;
    case HOLM_HTTP_EVENT_TRAILERS:
        CHECK(world.stage == STAGE_BODY && event->data.len > 0);
        world.stage = STAGE_TRAILED;
        break;
    case HOLM_HTTP_EVENT_MESSAGE_END:
        end_came();
        break;
    case HOLM_HTTP_EVENT_UPGRADE:
        CHECK(world.switches || !common.server);
        world.had_upgrade = true;
        break;
    case HOLM_HTTP_EVENT_ERROR:
        CHECK(event->result < 0);
        CHECK(event->status == 0 || (common.server && !world.truncated));
        world.had_error = true;
        world.owed = event->status != 0; /* once: it takes the place of the answer that was */
        break;
    case HOLM_HTTP_EVENT_CLOSED:
        closed_came();
        break;
    }
}

static bool next(void)
{
    struct holm_http_event event = { 0 };
    bool waits = world.http.waiting != 0;
    enum holm_result result = holm_http_machine_next(&world.http, &event);

    CHECK_IS(result, waits ? HOLM_OK : HOLM_END);
    if (result == HOLM_OK)
        event_came(&event);
    return waits;
}

/* drain writes an interim head, and the answer to a wrong request, or nothing. */
static void drain(size_t room)
{
    bool speaks = holm_http_machine_speaks(&world.http);
    bool answers = world.had_error && world.owed && world.http.waiting == 0;
    bool must = world.http.interim != 0 || answers;
    struct holm_buffer *to = out_begin(room);

    before_keep();
    enum holm_result result = holm_http_machine_drain(&world.http, to);
    CHECK_IS(result, must && room == 0 ? HOLM_AGAIN : HOLM_OK);
    CHECK_IS(to->len > 0, must && room > 0);
    if (to->len == 0) {
        unchanged();
        return;
    }
    CHECK(speaks && common.server && !is_over());
    CHECK(out_has("HTTP/1.1 "));
    CHECK_IS(out_has("Connection: close\r\n"), answers);
    if (answers)
        world.owed = false; /* one answer, whole */
}

static void write(const char *text, size_t room)
{
    struct holm_bytes in = { (const uint8_t *)text, strlen(text) };
    struct holm_buffer *to = out_begin(room);
    char wanted[32] = "";
    enum holm_result result;

    before_keep();
    result = holm_http_machine_body_write(&world.http, to, &in);
    if (world.framing == FRAMING_NONE) {
        CHECK_IS(result, HOLM_ERR_INVALID);
    } else if (world.framing == FRAMING_HEADLESS) {
        CHECK_IS(result, HOLM_OK);
    } else if (world.framing == FRAMING_LENGTH && strlen(text) > world.left) {
        CHECK_IS(result, HOLM_ERR_LIMIT);
    } else if (room == 0) {
        CHECK_IS(result, HOLM_AGAIN);
    } else {
        CHECK_IS(result, HOLM_OK);
        if (world.framing == FRAMING_CHUNKED)
            (void)snprintf(wanted, sizeof wanted, "%s%zu\r\n", world.first_chunk ? "" : "\r\n",
                           strlen(text));
        (void)strncat(wanted, text, 4);
        world.first_chunk = false;
        world.left -= world.framing == FRAMING_LENGTH ? (uint32_t)strlen(text) : 0;
    }
    out_is(wanted);
    if (result != HOLM_OK || world.framing == FRAMING_HEADLESS)
        unchanged();
}

static void open_one(void)
{
    struct holm_buffer *to = out_begin(OUT_MAX);
    enum holm_result result;

    before_keep();
    result = holm_http_machine_body_open(&world.http, to, 1);
    if (world.framing == FRAMING_NONE) {
        CHECK_IS(result, HOLM_ERR_INVALID);
    } else if (world.framing == FRAMING_HEADLESS) {
        CHECK_IS(result, HOLM_END);
    } else if (world.framing == FRAMING_LENGTH && world.left == 0) {
        CHECK_IS(result, HOLM_ERR_LIMIT);
    } else {
        CHECK_IS(result, HOLM_OK);
        out_is(world.framing != FRAMING_CHUNKED ? "" : world.first_chunk ? "1\r\n" : "\r\n1\r\n");
        world.first_chunk = false;
        world.left -= world.framing == FRAMING_LENGTH;
        return;
    }
    out_is("");
    unchanged();
}

/* end_is is what ends a body of chunks. */
static void end_is(bool trailers)
{
    char wanted[32] = "";

    if (world.framing == FRAMING_CHUNKED)
        (void)snprintf(wanted, sizeof wanted, "%s0\r\n%s\r\n", world.first_chunk ? "" : "\r\n",
                       trailers ? "T: v\r\n" : "");
    out_is(wanted);
}

static void end(bool trailers, size_t room)
{
    uint8_t line[16];
    struct holm_http_fields fields;
    struct holm_buffer *to = out_begin(room);
    enum holm_result result;

    holm_http_fields_init(&fields, (struct holm_span){ line, sizeof line });
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("T"), HOLM_TEXT("v")), HOLM_OK);
    before_keep();
    result = holm_http_machine_body_end(&world.http, to, trailers ? &fields : NULL);
    if (world.framing == FRAMING_NONE) {
        CHECK_IS(result, HOLM_ERR_INVALID);
        unchanged();
    } else if (world.framing == FRAMING_LENGTH && world.left > 0) {
        CHECK_IS(result, HOLM_ERR_TRUNCATED);
        world.truncated = true;
        world.framing = FRAMING_NONE;
    } else if (room == 0 && world.framing == FRAMING_CHUNKED) {
        CHECK_IS(result, HOLM_AGAIN);
        unchanged();
    } else {
        CHECK_IS(result, HOLM_OK);
        end_is(trailers);
        world.framing = FRAMING_NONE;
        if (common.server && world.stage != STAGE_NONE)
            world.stage = world.stage == STAGE_WHOLE ? STAGE_NONE : STAGE_PASSED;
        else if (world.stage == STAGE_WHOLE)
            world.stage = STAGE_NONE;
        return;
    }
    out_is("");
}

static void tick(uint64_t now_ns)
{
    uint64_t deadline_ns = holm_http_machine_deadline(&world.http);
    enum holm_result result;

    before_keep();
    result = holm_http_machine_tick(&world.http, now_ns);
    world.now_ns = now_ns;
    if (now_ns < deadline_ns) { /* nothing ends before its time */
        CHECK_IS(result, HOLM_OK);
        CHECK_IS(world.http.waiting, before.waiting);
        return;
    }
    CHECK(result == HOLM_OK || result == HOLM_ERR_TIMEOUT);
    failed(result);
    world.timed_out = world.timed_out || world.http.waiting != 0;
}

static bool to_deadline(void)
{
    uint64_t deadline_ns = holm_http_machine_deadline(&world.http);

    if (deadline_ns == UINT64_MAX)
        return false;
    tick(deadline_ns - 1);
    tick(deadline_ns);
    return true;
}

static bool peer_ends(void)
{
    enum holm_result result;

    if (world.peer_ended || (world.came > world.taken && world.http.held == 0))
        return false;
    world.peer_ended = true;
    before_keep();
    result = holm_http_machine_end(&world.http);
    CHECK(result == HOLM_OK || result == HOLM_ERR_TRUNCATED);
    failed(result);
    return true;
}

bool shared_happens(uint32_t verb)
{
    switch (verb) {
    case FEED:
        if (world.came == world.taken)
            return false;
        feed();
        return true;
    case NEXT:
        return next();
    case DRAIN:
    case DRAIN_NO_ROOM:
        drain(verb == DRAIN ? OUT_MAX : 0);
        return true;
    case WRITE_ONE:
    case WRITE_TWO:
    case WRITE_NO_ROOM:
        write(verb == WRITE_TWO ? "xy" : "z", verb == WRITE_NO_ROOM ? 0 : OUT_MAX);
        return true;
    case OPEN_ONE:
        open_one();
        return true;
    case END:
    case END_TRAILERS:
    case END_NO_ROOM:
        end(verb == END_TRAILERS, verb == END_NO_ROOM ? 0 : OUT_MAX);
        return true;
    case STOP:
        holm_http_machine_stop(&world.http);
        return true;
    case PEER_ENDS:
        return peer_ends();
    case SECOND:
        tick(world.now_ns + SECOND_NS);
        return true;
    default:
        return to_deadline();
    }
}

void world_check(void)
{
    uint64_t deadline_ns = holm_http_machine_deadline(&world.http);
    size_t need = holm_http_machine_need(&world.http);

    CHECK(holm_http_machine_check(&world.http));
    CHECK(deadline_ns > world.now_ns);
    if (common.server && world.cut_ns != 0 && world.http.held > 0)
        CHECK_IS(deadline_ns, world.cut_ns + limits.head_ns); /* bytes do not buy time */
    CHECK(need >= 1 && need <= limits.head_bytes);
    CHECK(!holm_http_machine_is_idle(&world.http) ||
          (!is_over() && !world.had_error && !world.owed && world.framing == FRAMING_NONE));
    if (is_over() || world.had_error)
        CHECK_IS(deadline_ns, UINT64_MAX);
    if (is_over())
        CHECK(world.http.waiting == 0 && !holm_http_machine_speaks(&world.http));
}

uint64_t world_digest(void)
{
    struct world copy = world;
    struct holm_bytes waits = { 0 };
    uint64_t sum;

    copy.http.common = NULL;
    copy.http.view = (struct holm_bytes){ 0 };
    copy.http.since_ns = world.now_ns - world.http.since_ns < WAIT_MAX_NS
                             ? world.now_ns - world.http.since_ns
                             : WAIT_MAX_NS;
    copy.http.now_ns = 0;
    copy.now_ns = 0;
    copy.cut_ns = world.cut_ns == 0 ? 0 : world.now_ns - world.cut_ns + 1;
    copy.came = 0;
    copy.taken = 0;
    memset(copy.input, 0, sizeof copy.input);
    if (world.http.held == 0 || world.http.waiting != 0)
        memset(&copy.head, 0, sizeof copy.head);
    sum = holm_explore_mix_bytes(0, (struct holm_bytes){ (const uint8_t *)&copy, sizeof copy });
    holm_assert(
        holm_bytes_part(HOLM_BLOB(world.input), world.taken, world.came - world.taken, &waits));
    sum = holm_explore_mix_bytes(sum, waits);
    return world.http.waiting == 0 ? sum : holm_explore_mix_bytes(sum, world.http.view);
}

void shared_print(uint32_t verb)
{
    static const char *const words[] = {
        "feed what waits",        "take the next event",   "drain",
        "drain without room",     "write 1 byte",          "write 2 bytes",
        "write without room",     "open 1 byte",           "end ours",
        "end ours with trailers", "end ours without room", "stop",
        "the peer ends",          "a second passes",       "time goes to the deadline"
    };

    printf("%s", HOLM_AT(words, verb));
}

void text_print(struct holm_bytes text)
{
    uint8_t byte = 0;

    printf("comes: ");
    while (holm_bytes_u8(&text, &byte))
        (void)(byte == '\r'   ? 0
               : byte == '\n' ? printf(" | ")
               : byte < ' '   ? printf("\\x%02x", byte)
                              : putchar(byte));
}
