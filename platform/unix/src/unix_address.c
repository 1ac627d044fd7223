/* SPDX-License-Identifier: ISC */
/* unix_address.c: endpoints to and from the host's socket addresses. An IPv4 address that a socket
 * of both families shows as ::ffff:a.b.c.d is IPv4 for everyone above. */
#include "unix_impl.h"

#include <arpa/inet.h>

socklen_t holm_unix__address_emit(union holm_unix__address *address,
                                  const struct holm_endpoint *endpoint)
{
    *address = (union holm_unix__address){ 0 };
    if (endpoint->address.family == HOLM_IP_V4) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(endpoint->port);
        struct holm_bytes rest = holm_ip_bytes(&endpoint->address);
        uint32_t value = 0;
        holm_assert(holm_bytes_u32(&rest, &value));
        address->v4.sin_addr.s_addr = htonl(value);
        return sizeof address->v4;
    }
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons(endpoint->port);
    if (endpoint->address.family == HOLM_IP_V6) {
        for (size_t i = 0; i < 16; i++)
            HOLM_AT(address->v6.sin6_addr.s6_addr, i) = HOLM_AT(endpoint->address.bytes, i);
    }
    return sizeof address->v6;
}

void holm_unix__address_parse(struct holm_endpoint *endpoint,
                              const union holm_unix__address *address)
{
    *endpoint = (struct holm_endpoint){ 0 };
    if (address->any.sa_family == AF_INET) {
        uint32_t value = ntohl(address->v4.sin_addr.s_addr);
        endpoint->address = holm_ip_v4((uint8_t)(value >> 24), (uint8_t)(value >> 16 & 0xff),
                                       (uint8_t)(value >> 8 & 0xff), (uint8_t)(value & 0xff));
        endpoint->port = ntohs(address->v4.sin_port);
    }
    if (address->any.sa_family == AF_INET6) {
        endpoint->address.family = HOLM_IP_V6;
        for (size_t i = 0; i < 16; i++)
            HOLM_AT(endpoint->address.bytes, i) = HOLM_AT(address->v6.sin6_addr.s6_addr, i);
        endpoint->address = holm_ip_unmap(&endpoint->address);
        endpoint->port = ntohs(address->v6.sin6_port);
    }
}

void holm_unix__address_local(struct holm_endpoint *endpoint, int descriptor)
{
    union holm_unix__address address = { 0 };
    socklen_t len = sizeof address;

    if (getsockname(descriptor, &address.any, &len) == 0)
        holm_unix__address_parse(endpoint, &address);
}
