/* SPDX-License-Identifier: ISC */
/* fuzz_dhcp.c: a client that hears nothing but the input, whose transaction and station are made right
 * half of the time, so that it comes past them. Each message is: how long to wait, its length, itself. */
#include <holm/dhcp.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct holm_mac_address mac = { { 2, 0, 0, 0, 0, 9 } };

/* drain_all takes what the client says; it never says much at once. */
static void drain_all(struct holm_dhcp *dhcp, uint64_t now_ns)
{
    static uint8_t memory[HOLM_DHCP_MESSAGE_MAX];
    struct holm_ip_address to;
    enum holm_dhcp_event event;
    int count = 0;

    for (;;) {
        struct holm_buffer out = HOLM_BUFFER(memory);
        enum holm_result result = holm_dhcp_drain(dhcp, &out, &to, now_ns);
        holm_assert(result == HOLM_OK || result == HOLM_END);
        if (result == HOLM_END)
            break;
        count += 1;
        holm_assert(count < 4);
    }
    while (holm_dhcp_next(dhcp, &event) == HOLM_OK)
        if (event == HOLM_DHCP_CHECK && now_ns % 3 == 0)
            holm_dhcp_conflict(dhcp, now_ns);
}

/* directed copies the message, for this client. */
static struct holm_bytes directed(struct holm_bytes in, uint32_t transaction)
{
    static uint8_t memory[1024];
    struct holm_buffer out = HOLM_BUFFER(memory);

    if (!holm_buffer_bytes(&out, in) || in.len < 34)
        return in;
    for (size_t i = 0; i < 4; i++)
        HOLM_AT(memory, 4 + i) = (uint8_t)(transaction >> (24 - 8 * i) & 0xff);
    for (size_t i = 0; i < 6; i++)
        HOLM_AT(memory, 28 + i) = HOLM_AT(mac.bytes, i);
    return holm_buffer_filled(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size }, message;
    struct holm_random_seeded dice;
    struct holm_dhcp_options options = { .mac = mac, .check = size % 2 == 1 };
    struct holm_dhcp dhcp;
    uint64_t now_ns = 1;
    uint16_t len = 0;
    uint8_t wait = 0;

    holm_random_seeded_init(&dice, 1);
    struct holm_random random = holm_random_from_seeded(&dice);
    holm_dhcp_init(&dhcp, &options, &random, now_ns);
    while (holm_bytes_u8(&in, &wait) && holm_bytes_u16(&in, &len)) {
        uint64_t due_ns = holm_dhcp_deadline(&dhcp);
        if (wait % 4 != 0 && due_ns > now_ns && due_ns < UINT64_MAX / 2)
            now_ns = due_ns;
        holm_dhcp_tick(&dhcp, now_ns);
        drain_all(&dhcp, now_ns);
        if (!holm_bytes_take(&in, len % 700 < in.len ? len % 700U : in.len, &message))
            return 0;
        holm_dhcp_feed(&dhcp, wait < 192 ? directed(message, dhcp.transaction) : message, now_ns);
        drain_all(&dhcp, now_ns);
    }
    holm_dhcp_release(&dhcp);
    drain_all(&dhcp, now_ns);
    return 0;
}
