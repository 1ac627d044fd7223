/* SPDX-License-Identifier: ISC */
/* checksum.c: CRC-32, eight bytes a step. Table k says what a byte does to the checksum once k more
 * bytes have followed. The checksum is linear, so an entry is the sum (without carry) of what each
 * set bit of the byte does alone, and the tables follow from eight numbers each, which the test
 * computes again from the polynomial. */
#include <holm/checksum.h>

#define BIT(c, bit, alone) ((c) >> (bit) & 1 ? (alone) : 0U)
#define ENTRY_0(c)                                                                                 \
    (BIT(c, 0, 0x77073096U) ^ BIT(c, 1, 0xee0e612cU) ^ BIT(c, 2, 0x076dc419U) ^                    \
     BIT(c, 3, 0x0edb8832U) ^ BIT(c, 4, 0x1db71064U) ^ BIT(c, 5, 0x3b6e20c8U) ^                    \
     BIT(c, 6, 0x76dc4190U) ^ BIT(c, 7, 0xedb88320U))
#define ENTRY_1(c)                                                                                 \
    (BIT(c, 0, 0x191b3141U) ^ BIT(c, 1, 0x32366282U) ^ BIT(c, 2, 0x646cc504U) ^                    \
     BIT(c, 3, 0xc8d98a08U) ^ BIT(c, 4, 0x4ac21251U) ^ BIT(c, 5, 0x958424a2U) ^                    \
     BIT(c, 6, 0xf0794f05U) ^ BIT(c, 7, 0x3b83984bU))
#define ENTRY_2(c)                                                                                 \
    (BIT(c, 0, 0x01c26a37U) ^ BIT(c, 1, 0x0384d46eU) ^ BIT(c, 2, 0x0709a8dcU) ^                    \
     BIT(c, 3, 0x0e1351b8U) ^ BIT(c, 4, 0x1c26a370U) ^ BIT(c, 5, 0x384d46e0U) ^                    \
     BIT(c, 6, 0x709a8dc0U) ^ BIT(c, 7, 0xe1351b80U))
#define ENTRY_3(c)                                                                                 \
    (BIT(c, 0, 0xb8bc6765U) ^ BIT(c, 1, 0xaa09c88bU) ^ BIT(c, 2, 0x8f629757U) ^                    \
     BIT(c, 3, 0xc5b428efU) ^ BIT(c, 4, 0x5019579fU) ^ BIT(c, 5, 0xa032af3eU) ^                    \
     BIT(c, 6, 0x9b14583dU) ^ BIT(c, 7, 0xed59b63bU))
#define ENTRY_4(c)                                                                                 \
    (BIT(c, 0, 0x3d6029b0U) ^ BIT(c, 1, 0x7ac05360U) ^ BIT(c, 2, 0xf580a6c0U) ^                    \
     BIT(c, 3, 0x30704bc1U) ^ BIT(c, 4, 0x60e09782U) ^ BIT(c, 5, 0xc1c12f04U) ^                    \
     BIT(c, 6, 0x58f35849U) ^ BIT(c, 7, 0xb1e6b092U))
#define ENTRY_5(c)                                                                                 \
    (BIT(c, 0, 0xcb5cd3a5U) ^ BIT(c, 1, 0x4dc8a10bU) ^ BIT(c, 2, 0x9b914216U) ^                    \
     BIT(c, 3, 0xec53826dU) ^ BIT(c, 4, 0x03d6029bU) ^ BIT(c, 5, 0x07ac0536U) ^                    \
     BIT(c, 6, 0x0f580a6cU) ^ BIT(c, 7, 0x1eb014d8U))
#define ENTRY_6(c)                                                                                 \
    (BIT(c, 0, 0xa6770bb4U) ^ BIT(c, 1, 0x979f1129U) ^ BIT(c, 2, 0xf44f2413U) ^                    \
     BIT(c, 3, 0x33ef4e67U) ^ BIT(c, 4, 0x67de9cceU) ^ BIT(c, 5, 0xcfbd399cU) ^                    \
     BIT(c, 6, 0x440b7579U) ^ BIT(c, 7, 0x8816eaf2U))
#define ENTRY_7(c)                                                                                 \
    (BIT(c, 0, 0xccaa009eU) ^ BIT(c, 1, 0x4225077dU) ^ BIT(c, 2, 0x844a0efaU) ^                    \
     BIT(c, 3, 0xd3e51bb5U) ^ BIT(c, 4, 0x7cbb312bU) ^ BIT(c, 5, 0xf9766256U) ^                    \
     BIT(c, 6, 0x299dc2edU) ^ BIT(c, 7, 0x533b85daU))
#define FOUR(ENTRY, c) ENTRY((c)), ENTRY((c) + 1U), ENTRY((c) + 2U), ENTRY((c) + 3U)
#define SIXTEEN(ENTRY, c)                                                                          \
    FOUR(ENTRY, (c)), FOUR(ENTRY, (c) + 4U), FOUR(ENTRY, (c) + 8U), FOUR(ENTRY, (c) + 12U)
#define SIXTY_FOUR(ENTRY, c)                                                                       \
    SIXTEEN(ENTRY, (c)), SIXTEEN(ENTRY, (c) + 16U), SIXTEEN(ENTRY, (c) + 32U),                     \
        SIXTEEN(ENTRY, (c) + 48U)
#define TABLE(ENTRY)                                                                               \
    { SIXTY_FOUR(ENTRY, 0U), SIXTY_FOUR(ENTRY, 64U), SIXTY_FOUR(ENTRY, 128U),                      \
      SIXTY_FOUR(ENTRY, 192U) }

static const uint32_t table_0[256] = TABLE(ENTRY_0);
static const uint32_t table_1[256] = TABLE(ENTRY_1);
static const uint32_t table_2[256] = TABLE(ENTRY_2);
static const uint32_t table_3[256] = TABLE(ENTRY_3);
static const uint32_t table_4[256] = TABLE(ENTRY_4);
static const uint32_t table_5[256] = TABLE(ENTRY_5);
static const uint32_t table_6[256] = TABLE(ENTRY_6);
static const uint32_t table_7[256] = TABLE(ENTRY_7);

/* Admitted: tested, each entry of its table against the polynomial. */
/*@ assigns \nothing;
    ensures \result == holm_crc_byte(crc, byte); */
static uint32_t one_byte(uint32_t crc, uint8_t byte)
{
    return HOLM_AT(table_0, (crc ^ byte) & 0xff) ^ crc >> 8;
}

/* eight_bytes takes eight bytes, the first in the highest bits of text. */
/* Admitted: tested, each entry of its tables against the polynomial; a sum of entries is linear. */
/*@ assigns \nothing;
    ensures \forall uint8_t *p, integer at; text == holm_u64_value(p + at) ==>
              \result == holm_crc_bytes(crc, p, at, 8); */
static uint32_t eight_bytes(uint32_t crc, uint64_t text)
{
    return HOLM_AT(table_7, (text >> 56 ^ crc) & 0xff) ^
           HOLM_AT(table_6, (text >> 48 ^ crc >> 8) & 0xff) ^
           HOLM_AT(table_5, (text >> 40 ^ crc >> 16) & 0xff) ^
           HOLM_AT(table_4, (text >> 32 ^ crc >> 24) & 0xff) ^ HOLM_AT(table_3, text >> 24 & 0xff) ^
           HOLM_AT(table_2, text >> 16 & 0xff) ^ HOLM_AT(table_1, text >> 8 & 0xff) ^
           HOLM_AT(table_0, text & 0xff);
}

uint32_t holm_crc32_update(uint32_t crc, struct holm_bytes in)
{
    size_t at = 0;
    uint64_t text;
    uint8_t byte;
    crc = ~crc;
    /*@ loop invariant 0 <= at <= in.len;
        loop invariant crc == holm_crc_bytes(holm_crc_inverted(\at(crc, Pre)), in.ptr, 0, at);
        loop assigns at, crc, text;
        loop variant in.len - at; */
    for (; holm_bytes_u64_at(in, at, &text); at += 8)
        crc = eight_bytes(crc, text);
    /*@ loop invariant 0 <= at <= in.len;
        loop invariant crc == holm_crc_bytes(holm_crc_inverted(\at(crc, Pre)), in.ptr, 0, at);
        loop assigns at, crc, byte;
        loop variant in.len - at; */
    for (; holm_bytes_u8_at(in, at, &byte); at++)
        crc = one_byte(crc, byte);
    return ~crc;
}
