/* SPDX-License-Identifier: ISC */
/* holm/port_net.h: a port of the platform (holm/operation.h) as a network device: a TAP interface of
 * the host, a device that the monitor gives. It stands above the door: no call leaves the program
 * here, and a replay needs no device. */
#pragma once

#include <holm/image.h>
#include <holm/net.h>

/* holm_port_net_open opens the port that the platform knows as name, with frames of them in hand in
 * each direction at most. May wait (a task).
 *
 * Memory:  takes from the image's arena; keeps name.
 * Errors:  the platform's of HOLM_OPERATION_NET_OPEN; HOLM_ERR_NO_MEMORY */
HOLM_MUST_USE enum holm_result holm_port_net_open(struct holm_net **net, struct holm_image *image,
                                                  struct holm_bytes name, uint32_t frames);
