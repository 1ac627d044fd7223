/* SPDX-License-Identifier: ISC */
/* start_ipv6.c: IPv6 of an interface: what routers say, or what whoever starts the image says. */
#include "start_stack.h"

#include <holm/class.h>
#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/text.h>

enum { SECRET_MIN = 16 };

HOLM_PARAM_LIST(
    ipv6, TEXT, "auto",
    "for --network=stack: auto, as routers of the link announce; off; or ADDRESS/LENGTH, "
    "then gateways; for further devices after NAME= as in auto,lan=fd00:1::1/64");
HOLM_PARAM_TEXT(
    ipv6_secret, "",
    "for --ipv6=auto: 16 characters or more to derive addresses from, so that they stay "
    "the same; without it they differ at each start");

/* secret_take makes a key of a text of any length. */
static enum holm_result secret_take(struct holm_tcpip_ipv6 *options)
{
    const struct holm_siphash_key low = { 1, 0 }, high = { 2, 0 };

    if (ipv6_secret.len > 0 && ipv6_secret.len < SECRET_MIN)
        return HOLM_ERR_INVALID;
    options->has_secret = ipv6_secret.len > 0;
    options->secret = (struct holm_siphash_key){ holm_siphash(&low, ipv6_secret),
                                                 holm_siphash(&high, ipv6_secret) };
    return HOLM_OK;
}

/* element_do does what one element says about an interface. */
static enum holm_result element_do(struct holm_tcpip *stack, uint32_t interface,
                                   struct holm_bytes text)
{
    struct holm_tcpip_ipv6 options = { .no_routers = !holm_bytes_equal(text, HOLM_TEXT("auto")) };
    struct holm_ip_address address;
    uint8_t length = 0;

    if (holm_bytes_equal(text, HOLM_TEXT("off")))
        return HOLM_OK;
    if (options.no_routers &&
        !holm_start__address_take(text, HOLM_IP_V6, &address, &length)) { /* a gateway */
        if (holm_text_ip_parse(&address, text) != HOLM_OK || address.family != HOLM_IP_V6)
            return HOLM_ERR_INVALID;
        return holm_tcpip_gateway_add(stack, &address);
    }
    enum holm_result result = secret_take(&options);
    if (result == HOLM_OK)
        result = holm_tcpip_ipv6_start(stack, interface, &options);
    if (result == HOLM_ERR_IN_USE) /* a further address */
        result = HOLM_OK;
    if (result == HOLM_OK && options.no_routers)
        result = holm_tcpip_address_add(stack, interface, &address, length);
    return result;
}

static void complain(struct holm_bytes element, enum holm_result result)
{
    if (ipv6_secret.len > 0 && ipv6_secret.len < SECRET_MIN)
        HOLM_LOG_ERROR("network", "--ipv6-secret has less than 16 characters");
    else
        HOLM_LOG_ERROR("network", "--ipv6 wants auto, off, ADDRESS/LENGTH or a gateway on the link",
                       HOLM_FIELD_TEXT("given", element), HOLM_FIELD_RESULT("result", result));
}

enum holm_result holm_start__ipv6(struct holm_start__devices *devices)
{
    struct holm_bytes list = ipv6, element = { 0 }, name = { 0 };
    uint32_t interface = 1;

    while (holm_param_list_next(&list, &element)) {
        struct holm_bytes text = element;
        enum holm_result result = HOLM_OK;
        if (holm_bytes_split(&text, '=', &name)) {
            result = holm_start__device(devices, name, &interface);
            if (result != HOLM_OK)
                return result; /* said already */
        }
        result = element_do(devices->stack, interface, text);
        if (result == HOLM_OK)
            continue;
        complain(element, result);
        return result;
    }
    return HOLM_OK;
}
