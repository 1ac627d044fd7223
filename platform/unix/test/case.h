/* SPDX-License-Identifier: ISC */
/* case.h: for tests of the network of the host's sockets, through the interfaces that a program sees,
 * over loopback; the image that they run in is world.h's. */
#pragma once

#include "world.h"

#define CASE_FLOWS 32
#define CASE_DATA_BYTES (10 * UINT64_C(1048576))

extern struct holm_network *case_network;

/* case_run runs a case in a task; when it has ended, every chunk must come back. */
void case_run(holm_task_function *function);

struct holm_listener *case_listen(void);
struct holm_flow *case_connect(const struct holm_listener *listener, enum holm_ip_family family);
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
