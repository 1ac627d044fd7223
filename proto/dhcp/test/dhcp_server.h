/* SPDX-License-Identifier: ISC */
/* dhcp_server.h: messages of a server, for the tests. */
#pragma once

#include <holm/dhcp.h>

/* dhcp_server_begin writes what stands before the options of a message to mac that gives address. */
static inline void dhcp_server_begin(struct holm_buffer *out, uint32_t transaction,
                                     const struct holm_mac_address *mac,
                                     const struct holm_ip_address *address)
{
    holm_assert(holm_buffer_bytes(out, HOLM_TEXT("\2\1\6\0")) &&
                holm_buffer_u16(out, (uint16_t)(transaction >> 16)) &&
                holm_buffer_u16(out, (uint16_t)(transaction & 0xffff)) &&
                holm_buffer_bytes(out, HOLM_TEXT("\0\0\0\0\0\0\0\0")) &&
                holm_buffer_bytes(out, holm_ip_bytes(address)) &&
                holm_buffer_bytes(out, HOLM_TEXT("\0\0\0\0\0\0\0\0")) &&
                holm_buffer_bytes(out, HOLM_BLOB(mac->bytes)));
    for (size_t i = 0; i < 10 + 192; i++)
        holm_assert(holm_buffer_u8(out, 0));
    holm_assert(holm_buffer_bytes(out, HOLM_TEXT("\143\202\123\143")));
}

/* dhcp_server_option appends an option. */
static inline void dhcp_server_option(struct holm_buffer *out, uint8_t option,
                                      struct holm_bytes value)
{
    holm_assert(holm_buffer_u8(out, option) && holm_buffer_u8(out, (uint8_t)value.len) &&
                holm_buffer_bytes(out, value));
}
