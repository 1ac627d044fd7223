/* SPDX-License-Identifier: ISC */
/* holm/pcap.h: captures of frames in files, as tcpdump writes them, read and written. Pure. Read is
 * the classic format in either order of bytes, with microseconds or nanoseconds; written, the most
 * significant byte first and nanoseconds. Not read: pcapng, and links other than Ethernet.
 * Source: draft-ietf-opsawg-pcap, sections 3 (file header) and 5 (packet record). */
#pragma once

#include <holm/bytes.h>

#define HOLM_PCAP_HEADER_BYTES 24
#define HOLM_PCAP_RECORD_BYTES 16
/* The longest record, without its header; what this library writes says that none is longer. */
#define HOLM_PCAP_FRAME_MAX 65550

/* struct holm_pcap is what a file's header tells of its records. */
struct holm_pcap {
    bool little;      /* numbers have the least byte first */
    bool nanoseconds; /* else microseconds */
};

struct holm_pcap_record {
    uint64_t time_ns;      /* since 1970-01-01 00:00 UTC, as the writer's clock had it */
    uint32_t original_len; /* of the frame; more than frame holds if it was cut off */
    struct holm_span frame;
};

/* holm_pcap_begin takes the file's header off *in.
 *
 * Errors:  HOLM_ERR_TRUNCATED    it is longer
 *          HOLM_ERR_UNSUPPORTED  pcapng, another version, not Ethernet, frames with their checksum
 *          HOLM_ERR_MALFORMED    no capture
 *          On error nothing changes. */
HOLM_MUST_USE enum holm_result holm_pcap_begin(struct holm_pcap *pcap, struct holm_span *in);

/* holm_pcap_next takes a whole record off *in.
 *
 * Memory:  record->frame is a part of *in.
 * Errors:  HOLM_AGAIN          *in ends before the record does, or is empty
 *          HOLM_ERR_LIMIT      longer than HOLM_PCAP_FRAME_MAX
 *          HOLM_ERR_MALFORMED  its frame is longer than it was when it was captured
 *          On error nothing changes. */
HOLM_MUST_USE enum holm_result
holm_pcap_next(const struct holm_pcap *pcap, struct holm_pcap_record *record, struct holm_span *in);

/* holm_pcap_begin_emit appends a file's header; holm_pcap_record_emit that of a record, whose
 * frame_len bytes follow. False, and nothing changes, if it does not fit. */
HOLM_MUST_USE bool holm_pcap_begin_emit(struct holm_buffer *out);
HOLM_MUST_USE bool holm_pcap_record_emit(struct holm_buffer *out, uint64_t time_ns,
                                         uint32_t frame_len);
