/* SPDX-License-Identifier: ISC */
/* case.h: for tests of the network of the host's sockets, through the interfaces that a program sees,
 * over loopback; the image that they run in is world.h's. */
#pragma once

#include "../../../run/test/network_contract.h"
#include "world.h"

#define CASE_FLOWS 32

extern struct holm_network *case_network;

/* case_start starts the image and its network, once a program. */
void case_start(void);

/* case_run runs a case in a task; when it has ended, every chunk must come back. */
void case_run(holm_task_function *function);

struct holm_listener *case_listen(void);
struct holm_flow *case_connect(const struct holm_listener *listener, enum holm_ip_family family);
