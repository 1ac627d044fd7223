/* SPDX-License-Identifier: ISC */
/* explore_http.h: a machine, the bytes that came for it, and what is known of both from the outside: what
 * events were given, what was written, what is owed. Shared by the explorations of both sides. Hosted. */
#pragma once

#include <holm/explore.h>
#include <holm/http.h>

enum { INPUT_MAX = 256, OUT_MAX = 512 };

/* What is known of the message that is read. */
enum stage {
    STAGE_NONE = 0, /* none is in hand */
    STAGE_BODY,     /* its head was given */
    STAGE_TRAILED,
    STAGE_WHOLE,  /* its end was given; ours is not done */
    STAGE_PASSED, /* ours is done before it: what is left of it is not shown */
};

/* How the body that is written ends. */
enum framing {
    FRAMING_NONE = 0, /* no message is being written */
    FRAMING_LENGTH,
    FRAMING_CHUNKED,
    FRAMING_TO_END,
    FRAMING_HEADLESS, /* none goes over the wire, whatever is written */
};

struct world {
    struct holm_http_machine http;
    struct holm_http_head head;
    uint8_t input[INPUT_MAX]; /* came bytes, the first taken of them consumed */
    size_t came;
    size_t taken;
    uint64_t now_ns;
    uint64_t cut_ns; /* when the first byte of a head came that is not whole; 0: there is none */
    /* The message that is read. */
    enum stage stage;
    uint32_t body_bytes; /* in BODY events */
    bool is_head_only;   /* it answers HEAD, or asks with it: no body with the answer */
    bool is_connect;
    bool is_old; /* HTTP/1.0 */
    /* Ours. */
    enum framing framing;
    uint32_t left;
    bool first_chunk;
    bool owed;       /* an answer; for a client: none is in hand */
    bool asked_past; /* client: the answer came before the request was written */
    /* The connection. */
    bool peer_ended;
    bool said_close; /* one side said that this exchange is the last */
    bool truncated;  /* ours was begun, and the connection ends with an error */
    bool timed_out;
    bool switches; /* 101, or 2xx to CONNECT, was written */
    bool had_error, had_closed, had_upgrade;
};
extern struct world world;
extern struct holm_http_common common;

/* What both sides can do; a side's own verbs and the texts of its peer come behind. */
enum {
    FEED,
    NEXT,
    DRAIN,
    DRAIN_NO_ROOM,
    WRITE_ONE,
    WRITE_TWO,
    WRITE_NO_ROOM,
    OPEN_ONE,
    END,
    END_TRAILERS,
    END_NO_ROOM,
    STOP,
    PEER_ENDS,
    SECOND,
    TO_DEADLINE,
    SHARED,
};

/* world_begin makes the world; limits are small. count of the events have happened already. */
void world_begin(bool server);
void world_begin_after(holm_explore_event_function *happens, const uint32_t *events, size_t count);

/* shared_happens lets one of the shared verbs happen. */
bool shared_happens(uint32_t verb);

/* arrives lets bytes come and feeds them; false while others wait that the machine does not want. */
bool arrives(struct holm_bytes text);

/* check checks what holds after every event. */
void world_check(void);

/* world_digest is the state, with times as distances. */
uint64_t world_digest(void);

void shared_print(uint32_t verb);
void text_print(struct holm_bytes text);

/* closed answers whether nothing is written any more. */
bool is_over(void);

/* before_keep remembers the machine, and unchanged checks that it is as it was. */
void before_keep(void);
void unchanged(void);

/* out_begin gives an empty buffer, out_is checks what was written into it. */
struct holm_buffer *out_begin(size_t room);
void out_is(const char *text);
bool out_has(const char *word);
