/* SPDX-License-Identifier: ISC */
/* tcp_guard.c: segments that show who they are from, by MD5: RFC 2385 section 2. */
#include <holm/tcp/guard.h>

#define PROTOCOL 6 /* TCP */

void holm_tcp_guard_sign(const struct holm_tcp_guard *guard, const struct holm_tcp_covered *covered,
                         struct holm_span header, uint8_t at)
{
    uint8_t digest[HOLM_TCP_MD5_BYTES];
    struct holm_span room;

    guard->digest(guard, covered, digest);
    holm_assert(holm_span_part(header, at, sizeof digest, &room));
    struct holm_buffer out = holm_span_buffer(room);
    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(digest)));
}

bool holm_tcp_guard_passes(const struct holm_tcp_guard *guard,
                           const struct holm_tcp_covered *covered, uint8_t at)
{
    uint8_t digest[HOLM_TCP_MD5_BYTES], differs = 0, byte;
    struct holm_bytes is;

    if (guard == NULL || at == 0)
        return guard == NULL && at == 0;
    if (!holm_bytes_part(covered->header, at, sizeof digest, &is))
        return false;
    guard->digest(guard, covered, digest);
    for (size_t i = 0; i < sizeof digest && holm_bytes_u8(&is, &byte); i++)
        differs |= byte ^ HOLM_AT(digest, i);
    return differs == 0;
}

/* pseudo_add adds the pseudo-header of the packet: RFC 9293 section 3.1, RFC 8200 section 8.1. */
static void pseudo_add(struct holm_hash_state *md5, const struct holm_tcp_covered *covered,
                       size_t len)
{
    bool old = covered->source->family == HOLM_IP_V4;
    uint8_t bytes[8];
    struct holm_buffer out = HOLM_BUFFER(bytes);

    holm_hash_add(md5, holm_ip_bytes(covered->source));
    holm_hash_add(md5, holm_ip_bytes(covered->destination));
    if (!old)
        holm_assert(holm_buffer_u16(&out, (uint16_t)(len >> 16 & 0xffff)) &&
                    holm_buffer_u16(&out, (uint16_t)(len & 0xffff)) && holm_buffer_u16(&out, 0));
    holm_assert(holm_buffer_u16(&out, PROTOCOL));
    if (old)
        holm_assert(holm_buffer_u16(&out, (uint16_t)(len & 0xffff)));
    holm_hash_add(md5, holm_buffer_filled(&out));
}

/* md5_digest covers the pseudo-header, the header without options and with a checksum of 0, the payload, and
 * the key. */
static void md5_digest(const struct holm_tcp_guard *guard, const struct holm_tcp_covered *covered,
                       uint8_t digest[HOLM_TCP_MD5_BYTES])
{
    static const uint8_t zeroes[2];
    const struct holm_tcp_md5_key *key = guard->context;
    size_t len = covered->header.len;
    struct holm_bytes part;
    struct holm_hash_state md5;

    for (size_t i = 0; i < covered->payload_count; i++)
        len += HOLM_NTH(covered->payload, covered->payload_count, i).len;
    holm_hash_init(&md5, &holm_md5);
    pseudo_add(&md5, covered, len);
    holm_assert(holm_bytes_part(covered->header, 0, HOLM_TCP_CHECKSUM_OFFSET, &part));
    holm_hash_add(&md5, part);
    holm_hash_add(&md5, HOLM_BLOB(zeroes));
    holm_assert(holm_bytes_part(covered->header, HOLM_TCP_CHECKSUM_OFFSET + 2, 2, &part));
    holm_hash_add(&md5, part);
    for (size_t i = 0; i < covered->payload_count; i++)
        holm_hash_add(&md5, HOLM_NTH(covered->payload, covered->payload_count, i));
    holm_assert(holm_bytes_part(HOLM_BLOB(key->bytes), 0, key->len, &part));
    holm_hash_add(&md5, part);
    holm_hash_end(&md5, (struct holm_span){ digest, HOLM_TCP_MD5_BYTES });
}

struct holm_tcp_guard holm_tcp_md5_guard(const struct holm_tcp_md5_key *key)
{
    return (struct holm_tcp_guard){ .digest = md5_digest, .context = key };
}
