/* SPDX-License-Identifier: ISC */
/* reassembly_impl.h: what the files of reassembly share. */
#pragma once

#include <holm/reassembly.h>

/* reassembly_runs.c */
/* holm_reassembly__run_find is which run is the first that ends behind a byte; runs_count: none. */
size_t holm_reassembly__run_find(const struct holm_reassembly_packet *packet, uint16_t at);
/* holm_reassembly__run_add notes what came.
 *
 * Errors:  HOLM_ERR_MALFORMED  a byte of it is there; HOLM_ERR_LIMIT  too many runs apart */
HOLM_MUST_USE enum holm_result holm_reassembly__run_add(struct holm_reassembly_packet *packet,
                                                        struct holm_reassembly_run run);

/* reassembly_packet.c */
/* holm_reassembly__release makes a place free. */
void holm_reassembly__release(struct holm_reassembly_packet *packet);
/* holm_reassembly__begin makes a place that of the packet to which a fragment belongs. */
void holm_reassembly__begin(struct holm_reassembly_packet *packet,
                            const struct holm_ip_header *header, uint64_t now_ns);
/* holm_reassembly__place copies a fragment to where it belongs. The same bytes again change nothing.
 *
 * Errors:  HOLM_ERR_MALFORMED  it may not be, overlaps another, or contradicts what others said
 *          HOLM_ERR_LIMIT      it ends behind the storage, or there are too many runs apart */
HOLM_MUST_USE enum holm_result holm_reassembly__place(struct holm_reassembly_packet *packet,
                                                      const struct holm_ip_header *header,
                                                      struct holm_bytes in);
/* holm_reassembly__header makes the header of a packet that is whole: that of its first fragment, but for
 * what is said of fragments, and the mark of congestion if any of them had it. */
void holm_reassembly__header(struct holm_ip_header *whole,
                             const struct holm_reassembly_packet *packet);
/* holm_reassembly__tell gives what ICMP tells of a packet whose first fragment has come: its header, and what
 * is there behind it. */
void holm_reassembly__tell(const struct holm_reassembly_packet *packet, struct holm_ip_header *late,
                           struct holm_bytes *front);
