/* SPDX-License-Identifier: ISC */
/* http_io_impl.h: what the files of the server share. */
#pragma once

#include <holm/clock.h>
#include <holm/http/accept.h>
#include <holm/http/server.h>
#include <holm/time.h>

/* What a response's head can need besides its fields: status line, Date, Connection, framing. */
#define HOLM_HTTP__HEAD_ROOM (HOLM_HTTP_RESPONSE_FIELDS_BYTES + HOLM_HTTP_FILE_FIELDS_BYTES + 512)
/* How surely UTC is known to who sends a Date or judges one: they are whole seconds (RFC 9110 section
 * 5.6.7). */
#define HOLM_HTTP__UTC_WITHIN_NS HOLM_NS_PER_S
/* Up to so many bytes holm_http_lend copies: a copy costs less than a piece of its own. */
#define HOLM_HTTP__COPY_MAX 8192
/* Room for what the machine says of itself: an answer of few lines. */
#define HOLM_HTTP__SPEAK_ROOM 512

/* A connection. Invariants:
 * (1) an idle one has no exchange, and none of its bytes lie in the exchange's memory;
 * (2) while a task handles a request, only that task feeds the machine and takes its events: the
 *     pump tells it that something changed;
 * (3) consumed bytes are taken from the flow before the next peek and at the end of an exchange;
 * (4) the slot is free again only when nothing holds its lease. */
enum holm_http__state {
    HOLM_HTTP__FREE = 0,
    HOLM_HTTP__READING, /* idle, or a head is coming */
    HOLM_HTTP__HANDLED, /* a task has the exchange */
    HOLM_HTTP__SENDING, /* the handler is done, lent bytes are on their way; or there was no room for
                           what the machine says of itself */
    HOLM_HTTP__REFUSED, /* over connections_max: it was told 503 */
    HOLM_HTTP__CLOSED,  /* the flow is closed, (4) does not hold yet */
};

struct holm_http__connection {
    struct holm_http__connection *next, *previous; /* of the open ones; next: of the free ones */
    struct holm_http_server *server;
    struct holm_flow *flow;
    struct holm_http_exchange *exchange;
    struct holm_pump pump;
    struct holm_timer timer;
    struct holm_lease lease;
    uint64_t send_since_ns, send_deadline_ns; /* while SENDING */
    size_t consumed;                          /* of the flow's bytes, not taken yet: (3) */
    uint8_t state;                            /* an enum holm_http__state */
    bool refused;                             /* it is one of server->refusals */
    bool waits;                               /* for an exchange, in the server's queue */
    bool peer_ended;                          /* and the machine was told so */
    struct holm_http_machine http;
};
_Static_assert(sizeof(struct holm_http__connection) <= 1024, "an idle connection is small");

struct holm_http_exchange {
    struct holm_http_exchange *next; /* of the free ones */
    struct holm_http__connection *connection;
    struct holm_pump *waiter; /* the task, while it waits */
    uint64_t waits_since_ns;  /* for its client to take what is sent; 0: it does not wait so */
    bool gives_way;           /* that was too long, and others want the place */
    const struct holm_http_route *route;
    struct holm_bytes path;
    struct holm_bytes trailers; /* of the request: lines */
    uint16_t status;
    bool begun;      /* a response */
    bool uploads;    /* the request has a body */
    bool body_ended; /* of the request */
    bool taken_over;
    bool failed; /* the machine found an error: it answers itself */
    bool holds;  /* the head waits for what follows it, which has to be read first */
    struct holm_buffer held;
    struct holm_http_match match;
    struct holm_http_fields fields;       /* of the response; once it has begun, its trailers */
    const struct holm_http_fields *fixed; /* lines made once, behind fields */
    struct holm_buffer decoded;
    uint64_t begun_ns;  /* when */
    uint64_t length;    /* of the response's body */
    uint64_t file_size; /* of the file that operation opened, as it was then */
    int64_t file_modified_utc_s;
    struct holm_operation operation; /* on a file */
    struct holm_http_head head;
    struct holm_bytes head_bytes;
    uint8_t bytes[2 * HOLM_HTTP_SERVER_HEAD_MAX]; /* the head, the decoded path, the trailers */
    uint8_t field_bytes[HOLM_HTTP_RESPONSE_FIELDS_BYTES];
    uint8_t decoded_bytes[HOLM_HTTP_DECODED_BYTES];
};

struct holm_http_server {
    struct holm_image *image;
    struct holm_run *run;
    struct holm_listener *listener;
    struct holm_http_options options;
    struct holm_http_common common;
    struct holm_pump pump;   /* accepts, and stops */
    struct holm_timer timer; /* of the stop */
    struct holm_timer again; /* while the listener has no room: it is asked then */
    struct holm_timer crowd; /* while requests wait for an exchange, or memory for bytes is short */
    struct holm_stopper stopper;
    struct holm_scope scope; /* of the handlers */
    struct holm_http__connection *open, *free;
    struct holm_http_exchange *exchanges_free;
    struct holm_http__connection
        *connections;                     /* all; those from connections_made on are untouched */
    struct holm_http_exchange *exchanges; /* the same */
    uint32_t connections_made, exchanges_made;
    struct holm_ready waiting; /* pumps of connections that wait for an exchange */
    struct holm_http_server_state now;
    uint32_t uploads;   /* requests in hand that have a body */
    uint32_t refusals;  /* connections that are open to be refused */
    uint64_t came_turn; /* the last that brought somebody */
    uint64_t stopped_ns;
    bool stopping;
};

/* http_server.c */
/* holm_http__crowd sees to it that clients who dawdle give way, since a request waits, or memory for
 * bytes is short. */
void holm_http__crowd(struct holm_http_server *server);
/* holm_http__chunks_short is how many chunks are missing to the quarter that should be free. */
size_t holm_http__chunks_short(const struct holm_http_server *server);

/* http_connection.c */
void holm_http__connection_open(struct holm_http_server *server, struct holm_flow *flow,
                                bool refused);
/* holm_http__refuse tells a client 503 and ends our side; false: it can not be told. */
bool holm_http__refuse(struct holm_flow *flow);
void holm_http__connection_stop(struct holm_http__connection *connection);
void holm_http__connection_close(struct holm_http__connection *connection, bool reset);
void holm_http__connection_timer(struct holm_http__connection *connection);
void holm_http__settle(struct holm_http__connection *connection);
/* holm_http__connection_send begins SENDING: until when, len bytes say. */
void holm_http__connection_send(struct holm_http__connection *connection, uint64_t len);
/* holm_http__give sends what was filled of the flow's room. */
void holm_http__give(struct holm_http__connection *connection, const struct holm_buffer *out);

/* http_exchange.c */
/* holm_http__fields_clear makes room for fields of the response: of its head, then of its trailers. */
void holm_http__fields_clear(struct holm_http_exchange *exchange);
/* holm_http__date sets the time that Date tells: before each head, for it tells when that was made. */
void holm_http__date(struct holm_http_server *server);
/* holm_http__exchange_next is the exchange that is taken next; NULL: none is free. */
struct holm_http_exchange *holm_http__exchange_next(struct holm_http_server *server);
/* holm_http__exchange_offer makes the first that waits for an exchange ready, if one is free; and the
 * server behind it, which offers it to the next if that one did not take it. */
void holm_http__exchange_offer(struct holm_http_server *server);
/* holm_http__exchange_add makes an exchange free, and offers it. */
void holm_http__exchange_add(struct holm_http_server *server, struct holm_http_exchange *exchange);
/* holm_http__exchange_begin takes the exchange for a request whose head came, and starts its task. */
void holm_http__exchange_begin(struct holm_http__connection *connection,
                               struct holm_http_exchange *exchange, struct holm_bytes head);
/* holm_http__exchange_end ends what a handler left with result, and leaves the exchange. May wait. */
void holm_http__exchange_end(struct holm_http_exchange *exchange, enum holm_result result);

/* http_exchange_io.c */
/* holm_http__room waits for room for at least min bytes. May wait. */
enum holm_result holm_http__room(struct holm_http_exchange *exchange, struct holm_buffer *out,
                                 size_t min);
/* holm_http__lend_file has the flow send len bytes of a file; returns when they are gone. May wait. */
enum holm_result holm_http__lend_file(struct holm_http_exchange *exchange, holm_port file,
                                      uint64_t offset, uint64_t len);
/* holm_http__body_end ends the body of the response. May wait. */
enum holm_result holm_http__body_end(struct holm_http_exchange *exchange);

/* http_handle.c: a request's task. */
enum holm_result holm_http__handle(struct holm_task *task, void *context);

/* http_decide.c: asks a resource and runs its handler. */
enum holm_result holm_http__decide(struct holm_http_exchange *exchange,
                                   const struct holm_http_resource *resource, const void *context);
/* holm_http__allow adds the field Allow for a set of methods. */
enum holm_result holm_http__allow(struct holm_http_exchange *exchange, unsigned methods);

/* What is served, whatever it comes from. */
struct holm_http__content {
    struct holm_http_validators validators;
    struct holm_bytes type;
    struct holm_bytes
        bytes; /* of an archive; ptr NULL: of the file that exchange->operation opened */
    uint64_t size;
    const struct holm_http_fields *whole; /* lines with the type, for 200 and 206 */
    const struct holm_http_fields *bare;  /* without, for 304 and several ranges */
    uint16_t status;                      /* 200, or 404 for the page that says so */
};

/* http_serve.c: conditions, ranges, sending. */
enum holm_result holm_http__serve(struct holm_http_exchange *exchange,
                                  const struct holm_http__content *content);

/* holm_http__to_folder redirects to the same path with a '/' behind it. */
enum holm_result holm_http__to_folder(struct holm_http_exchange *exchange);

/* http_folder.c */
enum holm_result holm_http__folder(struct holm_http_exchange *exchange,
                                   const struct holm_http_files *files, struct holm_bytes path);
/* holm_http__folder_send sends len bytes from first on of the file that is open. May wait. */
enum holm_result holm_http__folder_send(struct holm_http_exchange *exchange, uint64_t first,
                                        uint64_t len);

/* http_request.c */
/* holm_http__modified is the time for Last-Modified: never one that is still to come (RFC 9110 section
 * 8.8.2.1). */
uint64_t holm_http__modified(const struct holm_http_exchange *exchange, uint64_t modified_s);
bool holm_http__range_holds(const struct holm_http_exchange *exchange,
                            const struct holm_http_validators *validators);

/* http_archive.c: for both kinds of files. */
struct holm_http__lines {
    struct holm_bytes type, tag;
    uint64_t modified_s;
    enum holm_http_coding coding;
    bool varies; /* other codings of the file exist */
};
/* holm_http__lines_emit makes the lines of a file, type being left out where it is empty. */
enum holm_result holm_http__lines_emit(struct holm_http_fields *fields,
                                       const struct holm_http__lines *lines);
