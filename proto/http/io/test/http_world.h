/* SPDX-License-Identifier: ISC */
/* http_world.h: a loop, a network in memory and a server or client on it, for tests. Bytes move only
 * in world_run, which makes turns until nothing moves; the clock moves only in world_sleep. Hosted. */
#pragma once

#include <holm/http/server.h>
#include <holm/model_network.h>

enum { WORLD_PORT = 80, WORLD_GOT_MAX = 1 << 17 };

/* struct world_line is one connection to the image, seen from the other end. */
struct world_line {
    struct holm_flow *flow;
    struct holm_buffer got; /* all that came, */
    bool forgets;           /* unless it keeps nothing */
    bool deaf;              /* takes nothing that comes */
    bool ended;             /* in order */
    bool broken;
    uint8_t got_bytes[WORLD_GOT_MAX];
};

struct world {
    struct holm_run *run;
    struct holm_image image;
    struct holm_arena arena;
    struct holm_model_network network;
    struct holm_listener *listener;
    struct holm_http_server *server;
    struct world_line line;   /* most tests need no other */
    size_t piece_bytes;       /* world_say sends pieces of so many; 0: whole */
    struct holm_pump waker;   /* does nothing */
    enum holm_result started; /* of the server */
};
extern struct world world;

/* world_open makes the loop and the network, which is as world_options say, in world_bytes of memory;
 * world_serve starts a server too. */
extern struct holm_model_options world_options;
extern size_t world_bytes;
void world_open(void);
void world_serve(const struct holm_http_options *options);

/* world_run makes turns until nothing moves any more. */
void world_run(void);

/* world_sleep moves the clock, and runs. */
void world_sleep(uint64_t ns);

/* world_join opens the line to the server; world_leave breaks it. */
void world_join(struct world_line *line);
void world_leave(struct world_line *line);

/* world_begin makes a line ready to hear; its flow is open. */
void world_begin(struct world_line *line);

/* world_take accepts, at a listener of the test's, the image's connection into the line. */
void world_take(struct world_line *line, struct holm_listener *listener);

/* world_hear takes what came on a line. */
void world_hear(struct world_line *line);

/* world_say sends, and runs. */
void world_say(struct world_line *line, struct holm_bytes text);

/* world_ask sends a request on a fresh line; answers the status of the response, 0 if there is none. */
unsigned world_ask(struct holm_bytes request);

/* world_got is all that came on the line; world_status is the status of the last response in it. */
struct holm_bytes world_got(const struct world_line *line);
unsigned world_status(void);

/* world_has answers whether text came on world.line; world_count, how often. */
bool world_has(struct holm_bytes text);
unsigned world_count(struct holm_bytes text);

/* world_kept answers whether world.line is still open, and answers another request. */
bool world_kept(void);

/* world_close ends what there is, and checks that the server gave everything back. */
void world_close(void);

#define SAY(text) world_say(&world.line, HOLM_TEXT(text))
#define ASK(text) world_ask(HOLM_TEXT(text))
#define HAS(text) world_has(HOLM_TEXT(text))
