/* SPDX-License-Identifier: ISC */
/* fuzz_pcap.c: a capture is read in parts of every length; frames lie in what was given, and what is
 * written of them reads as the same. */
#include <holm/pcap.h>

#define INPUT_MAX 70000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t room[INPUT_MAX];

/* again writes a record and reads it. */
static void again(const struct holm_pcap_record *record)
{
    static uint8_t out_room[HOLM_PCAP_HEADER_BYTES + HOLM_PCAP_RECORD_BYTES + HOLM_PCAP_FRAME_MAX];
    struct holm_buffer out = HOLM_BUFFER(out_room);
    struct holm_bytes frame = holm_span_bytes(record->frame);
    struct holm_pcap pcap = { 0 };
    struct holm_pcap_record read = { 0 };

    holm_assert(holm_pcap_begin_emit(&out));
    holm_assert(holm_pcap_record_emit(&out, record->time_ns, (uint32_t)frame.len));
    holm_assert(holm_buffer_bytes(&out, frame));
    struct holm_span in = { out.ptr, out.len };
    holm_assert(holm_pcap_begin(&pcap, &in) == HOLM_OK && !pcap.little && pcap.nanoseconds);
    holm_assert(holm_pcap_next(&pcap, &read, &in) == HOLM_OK && in.len == 0);
    holm_assert(holm_bytes_equal(holm_span_bytes(read.frame), frame));
    holm_assert(read.original_len == frame.len);
    if (record->time_ns <= UINT32_MAX * UINT64_C(1000000000))
        holm_assert(read.time_ns == record->time_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_buffer copy = HOLM_BUFFER(room);
    struct holm_pcap pcap = { 0 };
    struct holm_pcap_record record = { 0 };

    if (!holm_buffer_bytes(&copy, (struct holm_bytes){ data, size }))
        return 0;
    struct holm_span in = { copy.ptr, copy.len };
    if (holm_pcap_begin(&pcap, &in) != HOLM_OK) {
        holm_assert(in.len == size);
        return 0;
    }
    size_t left = in.len;
    while (holm_pcap_next(&pcap, &record, &in) == HOLM_OK) {
        holm_assert(record.frame.len <= record.original_len);
        holm_assert(in.len == left - HOLM_PCAP_RECORD_BYTES - record.frame.len);
        left = in.len;
        again(&record);
    }
    holm_assert(in.len == left);
    return 0;
}
