/* SPDX-License-Identifier: ISC */
/* start_ipv6.c: IPv6 of an interface: what routers say, or what whoever starts the image says. */
#include "start_ipv6.h"

#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/text.h>

enum { SECRET_MIN = 16 };

HOLM_PARAM_LIST(ipv6, TEXT, "auto",
                "for --network=stack: auto, as routers of the link say; off; or ADDRESS/LENGTH of "
                "the device, and the gateway behind a comma");
HOLM_PARAM_TEXT(ipv6_secret, "",
                "for --ipv6=auto: 16 characters or more that addresses are made of, the same for "
                "the same secret; without it there are others at each start");

/* by_hand adds the address that the first element says, and the gateways of the others. */
static enum holm_result by_hand(struct holm_tcpip *stack, uint32_t interface,
                                struct holm_bytes element, struct holm_bytes list)
{
    struct holm_ip_address address, gateway;
    uint8_t length = 0;

    if (!holm_start__address_take(element, HOLM_IP_V6, &address, &length))
        return HOLM_ERR_INVALID;
    enum holm_result result = holm_tcpip_address_add(stack, interface, &address, length);
    while (result == HOLM_OK && holm_param_list_next(&list, &element)) {
        if (holm_text_ip_parse(&gateway, element) != HOLM_OK)
            return HOLM_ERR_INVALID;
        result = holm_tcpip_gateway_add(stack, &gateway);
    }
    return result;
}

/* secret_take makes a key of a text of any length. */
static enum holm_result secret_take(struct holm_tcpip_ipv6 *options)
{
    const struct holm_siphash_key low = { 1, 0 }, high = { 2, 0 };

    if (ipv6_secret.len > 0 && ipv6_secret.len < SECRET_MIN) {
        HOLM_LOG_ERROR("network", "--ipv6-secret has less than 16 characters");
        return HOLM_ERR_INVALID;
    }
    options->has_secret = ipv6_secret.len > 0;
    options->secret = (struct holm_siphash_key){ holm_siphash(&low, ipv6_secret),
                                                 holm_siphash(&high, ipv6_secret) };
    return HOLM_OK;
}

enum holm_result holm_start__ipv6(struct holm_tcpip *stack, uint32_t interface)
{
    struct holm_bytes list = ipv6, element = { 0 };
    struct holm_tcpip_ipv6 options = { 0 };

    if (!holm_param_list_next(&list, &element) || holm_bytes_equal(element, HOLM_TEXT("off")))
        return HOLM_OK;
    options.no_routers = !holm_bytes_equal(element, HOLM_TEXT("auto"));
    enum holm_result result = secret_take(&options);
    if (result != HOLM_OK)
        return result;
    result = holm_tcpip_ipv6_start(stack, interface, &options);
    if (result == HOLM_OK && options.no_routers)
        result = by_hand(stack, interface, element, list);
    if (result != HOLM_OK)
        HOLM_LOG_ERROR("network", "--ipv6 is neither auto, off, nor an address and a gateway",
                       HOLM_FIELD_TEXT("given", ipv6), HOLM_FIELD_RESULT("result", result));
    return result;
}
