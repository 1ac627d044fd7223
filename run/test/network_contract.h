/* SPDX-License-Identifier: ISC */
/* network_contract.h: what holm/network.h, listener.h, flow.h and datagram.h say of every network, as
 * cases that run in tasks. The tests of each network call it: a program cannot tell them apart. */
#pragma once

#include <holm/image.h>

#define CASE_DATA_BYTES (10 * UINT64_C(1048576))

/* Runs a case in a task until it has ended, and checks that nothing was left behind. */
typedef void network_contract_run(holm_task_function *function);

/* struct network_contract is where the cases run: a client calls a server. */
struct network_contract {
    struct holm_network *client, *server;  /* may be one and the same */
    struct holm_ip_address client_address; /* from where the server is called */
    struct holm_ip_address server_address; /* where it is found */
    network_contract_run *run;
    /* For datagrams; of what is zero the cases are left out. */
    size_t long_bytes;                /* more than the way takes in one piece */
    struct holm_ip_address broadcast; /* of the server's link */
    struct holm_ip_address nowhere;   /* to where there is no way */
    struct holm_ip_address group;     /* that nobody uses; of no family: 224.0.0.251 */
    uint32_t client_interface, server_interface;
};

/* network_contract checks all. */
void network_contract(const struct network_contract *contract);

/* Words for cases. case_end is when one has waited for long enough. */
uint64_t case_end(void);
struct holm_listener *case_listen_at(struct holm_network *network);
struct holm_flow *case_connect_to(struct holm_network *network, const struct holm_endpoint *peer);
struct holm_flow *case_accept(struct holm_listener *listener);

/* case_expect reads exactly these bytes. */
void case_expect(struct holm_flow *flow, struct holm_bytes wanted);

/* case_await_end answers HOLM_OK if there is more to read, HOLM_END at the end. */
enum holm_result case_await_end(struct holm_flow *flow);
void case_finish_close(struct holm_flow *flow);

/* case_data_at is the byte at offset of CASE_DATA_BYTES; case_read_all reads and checks them all. */
uint8_t case_data_at(uint64_t offset);
enum holm_result case_read_all(struct holm_flow *flow);

/* case_echo is a task that sends back what comes from its flow, until its end. */
enum holm_result case_echo(struct holm_task *task, void *context);
