/* SPDX-License-Identifier: ISC */
/* fuzz_tcp_connection.c: one connection, with segments that the input writes near what the connection knows
 * (numbers are given from its own), calls of its user, and time. After each step its invariants hold; no byte
 * is kept twice, none past what was offered; nothing new is sent past what the peer offered. Each step is an
 * operation and a few bytes. */
#include <holm/tcp/connection.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS = 24, STREAM = 1 << 14, STEPS = 500 };

static struct holm_tcp tcp;
static struct holm_tcp_records records;
static struct holm_tcp_record all[RECORDS];
static uint8_t got[STREAM]; /* bytes of the peer's stream that were kept */
static uint64_t now_ns;

static uint8_t byte_take(struct holm_bytes *in)
{
    uint8_t byte = 0;
    return holm_bytes_u8(in, &byte) ? byte : 0;
}

/* near is a number close to one of four: how tells which, and how far. */
static uint32_t near(struct holm_bytes *in, uint32_t a, uint32_t b, uint32_t c)
{
    uint8_t how = byte_take(in);
    const uint32_t bases[] = { a, b, c, a };
    static const uint32_t scales[] = { 0, 1, 64, 536, 1460, 70000, 0x1000000, UINT32_C(-1) };
    uint32_t by = holm_u32_wrap_mul(HOLM_AT(scales, how / 4 % 8), how < 32 ? 1U : how / 32);

    return holm_u32_wrap_add(HOLM_AT(bases, how % 4), by);
}

static void feed(struct holm_bytes *in)
{
    uint8_t what = byte_take(in), len = byte_take(in);
    struct holm_tcp_kept kept;
    struct holm_tcp_segment segment = {
        .flags = byte_take(in),
        .seq = near(in, tcp.received, tcp.offered, tcp.irs),
        .ack = near(in, tcp.una, tcp.nxt, tcp.end),
        .window = (uint16_t)(byte_take(in) * (what & 16 ? 257U : 1U)),
        .len = what & 32 ? 0 : len * (what & 64 ? 31U : 1U),
    };

    if (what & 128)
        segment.flags = HOLM_TCP_ACK;
    if (what & 1) {
        segment.has_time = true;
        segment.time_value = near(in, tcp.time_recent, 0, 0);
    }
    if (what & 2) {
        segment.sacks_count = 1 + what / 64;
        for (size_t i = 0; i < segment.sacks_count; i++)
            HOLM_AT(segment.sacks, i) =
                (struct holm_tcp_range){ near(in, tcp.una, tcp.nxt, tcp.end),
                                         near(in, tcp.una, tcp.nxt, tcp.end) };
    }
    if (what & 4)
        segment.urgent = byte_take(in);
    segment.mss = what & 8 ? byte_take(in) * 40U % 2000 : 0;
    segment.has_scale = what & 8;
    segment.scale = what % 15;
    segment.sack_permitted = what & 8;
    enum holm_tcp_state before = tcp.state;
    enum holm_tcp_verdict verdict =
        holm_tcp_feed(&tcp, &records, &segment, what & 2, now_ns, &kept);
    holm_assert(before != HOLM_TCP_CLOSED || verdict == HOLM_TCP_REFUSED);
    holm_assert(kept.len == 0 ||
                (verdict == HOLM_TCP_TAKEN && kept.skip + kept.len <= segment.len));
    for (uint32_t i = 0; i < kept.len; i++) {
        uint32_t at = holm_u32_wrap_sub(kept.seq, holm_u32_wrap_add(tcp.irs, 1)) + i;
        holm_assert(!holm_u32_wrap_before(tcp.offered, kept.seq + i + 1));
        if (at >= STREAM)
            continue;
        holm_assert(!HOLM_AT(got, at));
        HOLM_AT(got, at) = 1;
    }
}

static void drain(uint8_t most)
{
    struct holm_tcp_segment out;
    uint16_t cut;
    bool capable;

    for (uint32_t i = 0; i < 1U + most; i++) {
        uint32_t nxt = tcp.nxt;
        enum holm_tcp_state before = tcp.state;
        if (holm_tcp_drain(&tcp, &records, now_ns, &out, &cut, &capable) != HOLM_OK)
            return;
        holm_assert(out.len <= HOLM_TCP_BURST_MAX && cut > 0);
        holm_assert(holm_tcp_check(&tcp, &records));
        if ((out.flags & HOLM_TCP_RST) || before <= HOLM_TCP_SYN_RECEIVED)
            continue;
        if (nxt != tcp.nxt && out.len > 1)
            holm_assert(!holm_u32_wrap_before(holm_u32_wrap_add(tcp.una, tcp.window), tcp.nxt));
    }
}

static void user(uint8_t what, struct holm_bytes *in)
{
    uint32_t readable = holm_tcp_readable(&tcp), len = byte_take(in) * (what & 8 ? 200U : 1U);

    if (what % 8 < 3 && holm_u32_wrap_sub(tcp.end, tcp.una) < 500000) {
        (void)!holm_tcp_write(&tcp, len);
    } else if (what % 8 == 3) {
        holm_tcp_read(&tcp, len < readable ? len : readable);
    } else if (what % 8 == 4) {
        holm_tcp_finish(&tcp);
    } else if (what % 8 == 5 && len == 7) {
        holm_tcp_abort(&tcp, &records, HOLM_ERR_CANCELLED);
    } else if (what % 8 == 6) {
        holm_tcp_mss_set(&tcp, (uint16_t)(len * 8));
    } else {
        holm_tcp_urge(&tcp);
    }
}

static void wait(uint8_t what)
{
    uint64_t due_ns = holm_tcp_deadline(&tcp);

    if (what % 2 && due_ns != UINT64_MAX && due_ns > now_ns)
        now_ns = due_ns;
    else
        now_ns += UINT64_C(1) << what % 44; /* up to five hours */
    holm_tcp_tick(&tcp, &records, now_ns);
    holm_assert(what % 2 == 0 || tcp.paced || holm_tcp_deadline(&tcp) > now_ns ||
                holm_tcp_drains(&tcp));
}

static void begin(struct holm_bytes *in)
{
    uint8_t how = byte_take(in);
    struct holm_tcp_options options = { .receive_bytes = byte_take(in) * 300U,
                                        .burst_bytes = how & 1 ? 20000 : 0,
                                        .mss = how & 2 ? 536 : 0,
                                        .no_delay = how & 4,
                                        .time = how & 8,
                                        .ecn = how & 16,
                                        .keep_alive = how & 32,
                                        .md5 = how & 64 };
    struct holm_tcp_segment syn = { .seq = 0xfffffe00,
                                    .flags = HOLM_TCP_SYN | HOLM_TCP_ECE | HOLM_TCP_CWR,
                                    .mss = 1460,
                                    .window = 5000,
                                    .has_scale = how & 2,
                                    .scale = how % 15,
                                    .sack_permitted = how & 1,
                                    .has_time = how & 8 };

    holm_span_fill((struct holm_span){ got, sizeof got }, 0);
    holm_tcp_records_init(&records, all, RECORDS);
    now_ns = 1000000000;
    if (how & 128)
        holm_tcp_connect(&tcp, &options, 0xffffff00, 3, now_ns);
    else
        holm_tcp_accept(&tcp, &options, &syn, 0xffffff00, 3, now_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size };
    uint8_t what;

    begin(&in);
    for (uint32_t step = 0; step < STEPS && holm_bytes_u8(&in, &what); step++) {
        if (what < 128)
            feed(&in);
        else if (what < 176)
            user(what, &in);
        else if (what < 224)
            drain(what % 16);
        else
            wait(what);
        holm_assert(holm_tcp_check(&tcp, &records));
        (void)holm_tcp_events(&tcp);
    }
    holm_tcp_abort(&tcp, &records, HOLM_ERR_CANCELLED);
    holm_assert(records.used_count == 0);
    return 0;
}
