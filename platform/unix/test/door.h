/* SPDX-License-Identifier: ISC */
/* door.h: for tests of the door: one operation at a time, by turns. */
#pragma once

#include <holm/operation.h>
#include <holm/unix.h>

struct door {
    struct holm_operations queue;
    struct holm_turn turn;
};

extern struct door door;

/* door_open starts the target, once a program. */
void door_open(void);

/* door_wait makes turns until *operation is complete, or 10 s have passed. */
enum holm_result door_wait(const struct holm_operation *operation);

/* door_do submits an operation and waits for it. */
enum holm_result door_do(struct holm_operation *operation);

/* door_turn makes one turn that does not sleep longer than sleep_ms. */
void door_turn(uint64_t sleep_ms);

/* door_listen opens a listener on a free port of the loopback address of family. */
holm_port door_listen(struct holm_endpoint *local, enum holm_ip_family family);

/* door_pair makes a connection; false if it can't. */
bool door_pair(holm_port *client, holm_port *server);

/* door_close closes a port; with reset or without. */
void door_close(holm_port port, bool reset);
