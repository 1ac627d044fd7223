/* SPDX-License-Identifier: ISC */
/* unix_net_impl.h: what the files of network devices share. They stand above the door: no system
 * call is made here, and a replay needs no device. */
#pragma once

#include <holm/image.h>
#include <holm/net.h>

/* holm_unix__pcap_open opens a device that receives what a capture holds (name, a path; empty:
 * nothing); what is sent goes nowhere. Frames that mac sent are not received. May wait (a task).
 *
 * Memory:  takes from the image's arena; keeps name. */
HOLM_MUST_USE enum holm_result holm_unix__pcap_open(struct holm_net **net, struct holm_image *image,
                                                    struct holm_bytes name,
                                                    const struct holm_mac_address *mac);

/* holm_unix__pcap_complain says in one line why a capture is not to be had. */
void holm_unix__pcap_complain(struct holm_bytes name, enum holm_result result);

/* holm_unix__capture_open has what is received and sent over a device that nobody uses yet written
 * into the file name, size_max bytes of records at most. May wait (a task).
 *
 * Memory:  takes from the image's arena; keeps name. */
HOLM_MUST_USE enum holm_result holm_unix__capture_open(struct holm_net *net,
                                                       struct holm_image *image,
                                                       struct holm_bytes name, uint64_t size_max);
