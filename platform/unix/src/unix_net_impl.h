/* SPDX-License-Identifier: ISC */
/* unix_net_impl.h: what the files of network devices share. They stand above the door: no system
 * call is made here, and a replay needs no device. */
#pragma once

#include <holm/image.h>
#include <holm/net.h>

/* holm_unix__tap_open opens the TAP interface of the host that is called name, with frames of them
 * in hand in each direction at most. May wait (a task).
 *
 * Memory:  takes from the image's arena; keeps name. */
HOLM_MUST_USE enum holm_result holm_unix__tap_open(struct holm_net **net, struct holm_image *image,
                                                   struct holm_bytes name, uint32_t frames);

/* holm_unix__pcap_open opens a device that receives what a capture holds (in, a path; empty:
 * nothing), and writes all that is received and sent into another (out; empty: into none). Frames
 * that mac sent are not received. May wait (a task).
 *
 * Memory:  takes from the image's arena; keeps in and out. */
HOLM_MUST_USE enum holm_result holm_unix__pcap_open(struct holm_net **net, struct holm_image *image,
                                                    struct holm_bytes in, struct holm_bytes out,
                                                    const struct holm_mac_address *mac);
