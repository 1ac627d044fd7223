/* SPDX-License-Identifier: ISC */
/* holm/checksum.h: CRC-32 as Ethernet, gzip, zip and PNG use it. Pure. It finds accidents, not
 * forgeries.
 * Source: IEEE 802.3 section 3.2.9; RFC 1952 section 8. */
#pragma once

#include <holm/bytes.h>

/* HOLM_CRC32_START is the checksum of no bytes. */
#define HOLM_CRC32_START 0U

/* holm_crc32_update is the checksum of all bytes so far followed by in, where crc is the checksum
 * of all bytes so far: the pieces may be cut anywhere. */
uint32_t holm_crc32_update(uint32_t crc, struct holm_bytes in);
