/* SPDX-License-Identifier: ISC */
#include <holm/pcap.h>
#include <holm/test.h>

static uint8_t room[256];

/* capture is a file of one record of 4 bytes, at 1.5 s (of the fraction that is written 500,000). */
static struct holm_span capture(uint32_t magic, bool little, uint32_t link, uint32_t len,
                                uint32_t original_len)
{
    const uint32_t words[] = {
        magic, little ? 0x00040002 : 0x00020004, 0, 0, 65535, link, 1, 500000, len, original_len
    };
    struct holm_buffer out = HOLM_BUFFER(room);

    for (size_t i = 0; i < HOLM_COUNT(words); i++) {
        for (unsigned k = 0; k < 4; k++)
            CHECK(holm_buffer_u8(
                &out, (uint8_t)(HOLM_AT(words, i) >> (little ? 8 * k : 24 - 8 * k) & 0xff)));
    }
    CHECK(holm_buffer_bytes(&out, HOLM_TEXT("abcd")));
    return (struct holm_span){ out.ptr, out.len };
}

TEST(captures_of_both_orders_and_both_units_are_read)
{
    for (int little = 0; little < 2; little++) {
        for (int nanoseconds = 0; nanoseconds < 2; nanoseconds++) {
            struct holm_span in =
                capture(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little, 1, 4, 1514);
            struct holm_pcap pcap = { 0 };
            struct holm_pcap_record record = { 0 };
            CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_OK);
            CHECK_IS(holm_pcap_next(&pcap, &record, &in), HOLM_OK);
            CHECK_IS(record.time_ns, nanoseconds ? 1000500000 : 1500000000);
            CHECK_IS(record.original_len, 1514);
            CHECK_BYTES(holm_span_bytes(record.frame), HOLM_TEXT("abcd"));
            CHECK_IS(holm_pcap_next(&pcap, &record, &in), HOLM_AGAIN);
        }
    }
}

TEST(a_record_that_is_not_whole_waits_for_the_rest)
{
    struct holm_span whole = capture(0xa1b2c3d4, true, 1, 4, 4), in = whole;
    struct holm_pcap pcap = { 0 };
    struct holm_pcap_record record = { 0 };

    for (size_t len = 0; len < HOLM_PCAP_HEADER_BYTES; len++) {
        CHECK(holm_span_part(whole, 0, len, &in));
        CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_ERR_TRUNCATED);
        CHECK_IS(in.len, len);
    }
    for (size_t len = HOLM_PCAP_HEADER_BYTES; len < whole.len; len++) {
        CHECK(holm_span_part(whole, 0, len, &in));
        CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_OK);
        CHECK_IS(holm_pcap_next(&pcap, &record, &in), HOLM_AGAIN);
        CHECK_IS(in.len, len - HOLM_PCAP_HEADER_BYTES);
    }
}

TEST(what_is_no_capture_of_ethernet_is_refused)
{
    struct holm_pcap pcap = { 0 };
    struct holm_pcap_record record = { 0 };
    struct holm_span in = capture(0x0a0d0d0a, false, 1, 4, 4); /* pcapng */

    CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_ERR_UNSUPPORTED);
    in = capture(0xa1b2c3d4, true, 101, 4, 4); /* bare IP */
    CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_ERR_UNSUPPORTED);
    in = capture(0xa1b2c3d4, true, 0x24000001, 4, 4); /* frames with a checksum of 4 bytes */
    CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_ERR_UNSUPPORTED);
    in = capture(0xa1b2cd34, true, 1, 4, 4);
    CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_ERR_MALFORMED);
    in = capture(0xa1b2c3d4, true, 1, HOLM_PCAP_FRAME_MAX + 1, HOLM_PCAP_FRAME_MAX + 1);
    CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_OK);
    CHECK_IS(holm_pcap_next(&pcap, &record, &in), HOLM_ERR_LIMIT);
    in = capture(0xa1b2c3d4, true, 1, 4, 3);
    CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_OK);
    CHECK_IS(holm_pcap_next(&pcap, &record, &in), HOLM_ERR_MALFORMED);
}

TEST(what_is_written_is_read)
{
    struct holm_buffer out = HOLM_BUFFER(room);
    struct holm_pcap pcap = { 0 };
    struct holm_pcap_record record = { 0 };

    CHECK(holm_pcap_begin_emit(&out));
    CHECK(holm_pcap_record_emit(&out, UINT64_C(1700000000123456789), 3));
    CHECK(holm_buffer_bytes(&out, HOLM_TEXT("xyz")));
    struct holm_span in = { out.ptr, out.len };
    CHECK_IS(holm_pcap_begin(&pcap, &in), HOLM_OK);
    CHECK_IS(holm_pcap_next(&pcap, &record, &in), HOLM_OK);
    CHECK_IS(record.time_ns, 1700000000123456789);
    CHECK_BYTES(holm_span_bytes(record.frame), HOLM_TEXT("xyz"));

    uint8_t small_room[HOLM_PCAP_RECORD_BYTES - 1];
    struct holm_buffer small = HOLM_BUFFER(small_room);
    CHECK(!holm_pcap_begin_emit(&small) && !holm_pcap_record_emit(&small, 0, 0));
    CHECK_IS(small.len, 0);
}
