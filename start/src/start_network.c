/* SPDX-License-Identifier: ISC */
/* start_network.c: which network an image has, as whoever starts it says: the host's sockets, or our
 * own stack over the network device "service". */
#include "start_ipv6.h"

#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/text.h>
#include <holm/unix.h>

enum network_kind { NETWORK_HOST, NETWORK_STACK };

HOLM_PARAM_ENUM(network, 0, "host|stack",
                "the host's sockets, or Holm's own TCP/IP over the device --net=service=...");
HOLM_PARAM_LIST(
    ipv4, TEXT, "",
    "for --network=stack: ADDRESS/LENGTH of the device, and the gateway behind a comma");

/* address_take takes ADDRESS/LENGTH. */
static bool address_take(struct holm_bytes text, struct holm_ip_address *address, uint8_t *length)
{
    struct holm_bytes first = { 0 };
    uint64_t bits = 0;
    size_t at = 0;

    while (at < text.len && !holm_bytes_is(text, at, '/'))
        at += 1;
    if (at == text.len || !holm_bytes_take(&text, at, &first) || !holm_bytes_from(text, 1, &text) ||
        holm_text_ip_parse(address, first) != HOLM_OK || address->family != HOLM_IP_V4 ||
        holm_text_u64_parse(&bits, text) != HOLM_OK || bits > 32)
        return false;
    *length = (uint8_t)bits;
    return true;
}

static enum holm_result configure(struct holm_tcpip *stack, uint32_t interface)
{
    struct holm_bytes list = ipv4, element = { 0 };
    struct holm_ip_address address, gateway;
    uint8_t length = 0;

    if (!holm_param_list_next(&list, &element) || !address_take(element, &address, &length)) {
        HOLM_LOG_ERROR("network", "--ipv4=ADDRESS/LENGTH,GATEWAY is wanted",
                       HOLM_FIELD_TEXT("given", ipv4));
        return HOLM_ERR_INVALID;
    }
    enum holm_result result = holm_tcpip_address_add(stack, interface, &address, length);
    while (result == HOLM_OK && holm_param_list_next(&list, &element)) {
        if (holm_text_ip_parse(&gateway, element) != HOLM_OK)
            result = HOLM_ERR_INVALID;
        else
            result = holm_tcpip_gateway_add(stack, &gateway);
    }
    if (result != HOLM_OK)
        HOLM_LOG_ERROR("network", "--ipv4 is no address of a link and a gateway on it",
                       HOLM_FIELD_TEXT("given", ipv4), HOLM_FIELD_RESULT("result", result));
    return result;
}

static enum holm_result stack_start(struct holm_network **opened, struct holm_image *image)
{
    struct holm_tcpip *stack = NULL;
    struct holm_net *net = NULL;
    uint32_t interface = 0;

    enum holm_result result = holm_net_start(&net, image, HOLM_TEXT("service"));
    if (result == HOLM_OK)
        result = holm_tcpip_init(&stack, image, &(struct holm_tcpip_options){ 0 });
    if (result == HOLM_OK)
        result = holm_tcpip_interface_add(stack, net, &interface);
    if (result == HOLM_OK)
        result = configure(stack, interface);
    if (result == HOLM_OK)
        result = holm_start__ipv6(stack, interface);
    if (result == HOLM_OK)
        *opened = holm_tcpip_network(stack);
    return result;
}

enum holm_result holm_network_start(struct holm_network **opened, struct holm_image *image)
{
    return network == NETWORK_STACK ? stack_start(opened, image)
                                    : holm_unix_network_start(opened, image);
}
