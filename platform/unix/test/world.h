/* SPDX-License-Identifier: ISC */
/* world.h: for tests of what a program sees of the target unix: an image to run cases in, each in a
 * task so that it reads from top to bottom, and a network namespace of the test's own. */
#pragma once

#include <holm/image.h>

/* How long a case waits for what must come. */
#define WORLD_WAIT_NS (10 * UINT64_C(1000000000))

extern struct holm_image world;
extern uint32_t world_chunks; /* of the image: 8, unless set before the start */

/* world_start starts the target and the image, once a program. */
void world_start(void);

/* world_run runs a case in a task, until it has ended. */
void world_run(holm_task_function *function);

/* world_end is when a case has waited for long enough. world_wait waits until the task's pump was
 * made ready; false, and a failed check, at end_ns. */
uint64_t world_end(void);
bool world_wait(uint64_t end_ns);

/* world_namespace moves the program into a network namespace of its own, once; lo is up in it.
 * False, and why is printed, if the host does not let it. */
bool world_namespace(void);

/* world_do runs a command of the host's shell; answers whether it succeeded. */
bool world_do(const char *command);
