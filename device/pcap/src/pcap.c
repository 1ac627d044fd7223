/* SPDX-License-Identifier: ISC */
/* pcap.c: captures of frames in files. */
#include <holm/pcap.h>

/* As they read with the most significant byte first. */
#define MAGIC_US 0xa1b2c3d4
#define MAGIC_NS 0xa1b23c4d
#define MAGIC_US_LITTLE 0xd4c3b2a1
#define MAGIC_NS_LITTLE 0x4d3cb2a1
#define MAGIC_NG 0x0a0d0d0a
#define VERSION_MAJOR 2
#define VERSION_MINOR 4
#define LINK_ETHERNET 1
#define SECOND_NS UINT64_C(1000000000)

static uint32_t swap(uint32_t value)
{
    return value << 24 | (value & 0xff00) << 8 | (value >> 8 & 0xff00) | value >> 24;
}

/* take reads four bytes of a header, in the file's order. */
static uint32_t take(const struct holm_pcap *pcap, struct holm_bytes *header)
{
    uint32_t value = 0;

    holm_assert(holm_bytes_u32(header, &value));
    return pcap->little ? swap(value) : value;
}

/* split takes the first len bytes of *in off. */
static bool split(struct holm_span *in, size_t len, struct holm_span *part)
{
    struct holm_span rest = { 0 };

    if (!holm_span_part(*in, 0, len, part) || !holm_span_part(*in, len, in->len - len, &rest))
        return false;
    *in = rest;
    return true;
}

static enum holm_result magic(struct holm_pcap *pcap, uint32_t number)
{
    if (number == MAGIC_NG)
        return HOLM_ERR_UNSUPPORTED;
    *pcap = (struct holm_pcap){
        .little = number == MAGIC_US_LITTLE || number == MAGIC_NS_LITTLE,
        .nanoseconds = number == MAGIC_NS || number == MAGIC_NS_LITTLE,
    };
    return pcap->little || pcap->nanoseconds || number == MAGIC_US ? HOLM_OK : HOLM_ERR_MALFORMED;
}

enum holm_result holm_pcap_begin(struct holm_pcap *pcap, struct holm_span *in)
{
    struct holm_bytes header = holm_span_bytes(*in);
    struct holm_span rest = *in, part = { 0 };
    struct holm_pcap begun = { 0 };
    uint32_t number = 0;

    if (!holm_bytes_u32(&header, &number))
        return HOLM_ERR_TRUNCATED;
    enum holm_result result = magic(&begun, number);
    if (result != HOLM_OK)
        return result;
    if (!split(&rest, HOLM_PCAP_HEADER_BYTES, &part))
        return HOLM_ERR_TRUNCATED;
    uint32_t version = take(&begun, &header);
    uint32_t major = begun.little ? version & 0xffff : version >> 16;
    (void)take(&begun, &header); /* reserved, once the time zone */
    (void)take(&begun, &header); /* reserved, once the precision */
    (void)take(&begun, &header); /* the longest record: ours is a limit anyway */
    uint32_t link = take(&begun, &header);
    /* the upper bits tell of checksums behind the frames */
    if (major != VERSION_MAJOR || link != LINK_ETHERNET)
        return HOLM_ERR_UNSUPPORTED;
    *pcap = begun;
    *in = rest;
    return HOLM_OK;
}

enum holm_result holm_pcap_next(const struct holm_pcap *pcap, struct holm_pcap_record *record,
                                struct holm_span *in)
{
    struct holm_span rest = *in, part = { 0 }, frame = { 0 };

    if (!split(&rest, HOLM_PCAP_RECORD_BYTES, &part))
        return HOLM_AGAIN;
    struct holm_bytes header = holm_span_bytes(part);
    uint64_t seconds = take(pcap, &header);
    uint64_t fraction = take(pcap, &header);
    uint32_t len = take(pcap, &header);
    uint32_t original_len = take(pcap, &header);
    if (len > HOLM_PCAP_FRAME_MAX)
        return HOLM_ERR_LIMIT;
    if (len > original_len)
        return HOLM_ERR_MALFORMED;
    if (!split(&rest, len, &frame))
        return HOLM_AGAIN;
    *record = (struct holm_pcap_record){
        .time_ns = seconds * SECOND_NS + fraction * (pcap->nanoseconds ? 1 : 1000),
        .original_len = original_len,
        .frame = frame,
    };
    *in = rest;
    return HOLM_OK;
}

static void put(struct holm_buffer *out, uint32_t value)
{
    holm_assert(holm_buffer_u16(out, (uint16_t)(value >> 16)) &&
                holm_buffer_u16(out, (uint16_t)(value & 0xffff)));
}

bool holm_pcap_begin_emit(struct holm_buffer *out)
{
    if (out->size - out->len < HOLM_PCAP_HEADER_BYTES)
        return false;
    put(out, MAGIC_NS);
    put(out, (uint32_t)VERSION_MAJOR << 16 | VERSION_MINOR);
    put(out, 0);
    put(out, 0);
    put(out, HOLM_PCAP_FRAME_MAX);
    put(out, LINK_ETHERNET);
    return true;
}

bool holm_pcap_record_emit(struct holm_buffer *out, uint64_t time_ns, uint32_t frame_len)
{
    if (out->size - out->len < HOLM_PCAP_RECORD_BYTES)
        return false;
    put(out, (uint32_t)(time_ns / SECOND_NS & UINT32_MAX));
    put(out, (uint32_t)(time_ns % SECOND_NS));
    put(out, frame_len);
    put(out, frame_len);
    return true;
}
