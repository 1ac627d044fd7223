/* SPDX-License-Identifier: ISC */
/* http_client_impl.h: what the files of the client share. */
#pragma once

#include <holm/http/client.h>

/* A call, and the connection that it leaves behind for the next one: the same call's, or one's that
 * leads to the same place.
 *     FREE --begin--> BUSY --end, response whole--> KEPT --begin--> BUSY
 *     BUSY --end, response not whole--> FREE        KEPT --connection taken--> FREE */
enum holm_http__call_state {
    HOLM_HTTP__CALL_FREE = 0,
    HOLM_HTTP__CALL_KEPT,
    HOLM_HTTP__CALL_BUSY,
};

/* struct holm_http__name is the last answer that a call got; it may serve others. */
struct holm_http__name {
    uint64_t until_ns; /* 0: none */
    struct holm_resolver_answer answer;
    uint16_t len;
    uint8_t bytes[HOLM_RESOLVER_NAME_MAX];
};

struct holm_http_call {
    struct holm_http_client *client;
    struct holm_flow *flow;
    struct holm_http_ask ask;
    struct holm_http_url url;
    struct holm_http_machine http;
    struct holm_http_head head;
    struct holm_bytes head_bytes;
    struct holm_bytes trailers; /* of the response: lines, behind the head */
    struct holm_http__name known;
    uint64_t end_ns;      /* of the whole call */
    uint64_t deadline_ns; /* of the present step */
    size_t consumed;
    uint32_t redirects;
    uint8_t state; /* an enum holm_http__call_state */
    bool reused;   /* the connection served another call before */
    bool answered; /* the head of a response came */
    bool whole;    /* and all of its body */
    bool foreign;  /* redirected to another host: the ask's fields are not for it */
    bool bodiless; /* redirected to GET: fields of the body are left out */
    bool repeats;  /* the request was sent before: now on a new connection */
    uint16_t url_len;
    uint8_t url_bytes[HOLM_HTTP_URL_MAX];
    uint8_t next_bytes[HOLM_HTTP_URL_MAX]; /* where a redirect leads */
    uint8_t bytes[HOLM_HTTP_CLIENT_HEAD_MAX];
};

struct holm_http_client {
    struct holm_image *image;
    struct holm_network *network;
    struct holm_resolver *resolver; /* NULL: none */
    struct holm_http_common common;
    struct holm_http_call *calls;
    uint32_t calls_max;
};

/* http_resolve.c: a call's connection, by the name in its URL. */
enum holm_result holm_http__call_open(struct holm_http_call *call);

/* http_client.c: a call's connection. */
/* holm_http__call_connect makes sure that the call has one. May wait. */
enum holm_result holm_http__call_connect(struct holm_http_call *call);
void holm_http__call_drop(struct holm_http_call *call);
/* holm_http__call_leads answers whether the call's connection leads to where url does. */
bool holm_http__call_leads(const struct holm_http_call *call, const struct holm_http_url *url);
/* holm_http__call_settle takes from the flow what was consumed. */
void holm_http__call_settle(struct holm_http_call *call);

/* http_call.c */
enum holm_result holm_http__call_send(struct holm_http_call *call);
