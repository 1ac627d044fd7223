/* SPDX-License-Identifier: ISC */
/* start_network.c: our own stack over the network device "service", as whoever starts the image says. */
#include "start_stack.h"

#include <holm/class.h>
#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/text.h>

HOLM_PARAM_LIST(
    ipv4, TEXT, "dhcp",
    "for --network=stack: dhcp, off or ADDRESS/LENGTH, then gateways; for further devices "
    "after NAME: as in 192.0.2.2/24,192.0.2.1,lan:10.1.0.1/24,wan:dhcp");

HOLM_PARAM_BOOL(forward, false,
                "for --network=stack: be a router, pass on packets that are for others");

/* How long an image waits for its first address before it goes on without. */
#define WAIT_NS UINT64_C(5000000000)
#define LOOK_NS UINT64_C(10000000)

bool holm_start_stack_is_said(void)
{
    return !holm_bytes_equal(ipv4, HOLM_TEXT("dhcp"));
}

bool holm_start__address_take(struct holm_bytes text, enum holm_ip_family family,
                              struct holm_ip_address *address, uint8_t *length)
{
    struct holm_bytes first = { 0 };
    uint64_t bits = 0;

    if (!holm_bytes_split(&text, '/', &first) || holm_text_ip_parse(address, first) != HOLM_OK ||
        address->family != family || holm_text_u64_parse(&bits, text) != HOLM_OK ||
        bits > (family == HOLM_IP_V4 ? 32U : 128U))
        return false;
    *length = (uint8_t)bits;
    return true;
}

static bool known(const struct holm_start__devices *devices, struct holm_bytes name,
                  uint32_t *interface)
{
    for (uint32_t i = 0; i < devices->count; i++) {
        if (!holm_bytes_equal(HOLM_AT(devices->names, i), name))
            continue;
        *interface = i + 1;
        return true;
    }
    return false;
}

/* vlan_take splits NAME.NUMBER; false: it is a name alone. */
static bool vlan_take(struct holm_bytes text, struct holm_bytes *name, uint16_t *vlan)
{
    uint64_t number = 0;

    if (!holm_bytes_split(&text, '.', name) || holm_text_u64_parse(&number, text) != HOLM_OK ||
        number > HOLM_TCPIP_VLAN_MAX)
        return false;
    *vlan = (uint16_t)number;
    return true;
}

/* vlan_open adds a VLAN to the interface of a device. */
static enum holm_result vlan_open(struct holm_start__devices *devices, struct holm_bytes carrier,
                                  uint16_t vlan, uint32_t *interface)
{
    uint32_t below = 0;
    enum holm_result result = HOLM_ERR_NOT_FOUND;

    if (known(devices, carrier, &below))
        result = holm_tcpip_vlan_add(devices->stack, below, vlan, interface);
    if (result != HOLM_OK)
        HOLM_LOG_ERROR("network", "no such VLAN: NAME.NUMBER must follow the addresses of NAME",
                       HOLM_FIELD_TEXT("name", carrier), HOLM_FIELD_U64("number", vlan),
                       HOLM_FIELD_RESULT("result", result));
    return result;
}

enum holm_result holm_start__device(struct holm_start__devices *devices, struct holm_bytes name,
                                    uint32_t *interface)
{
    struct holm_bytes carrier = { 0 };
    struct holm_net *net = NULL;
    enum holm_result result;
    uint16_t vlan = 0;

    if (known(devices, name, interface))
        return HOLM_OK;
    if (devices->count == HOLM_TCPIP_INTERFACES_MAX)
        return HOLM_ERR_NO_MEMORY;
    if (vlan_take(name, &carrier, &vlan)) {
        result = vlan_open(devices, carrier, vlan, interface);
    } else {
        result = holm_net_start(&net, devices->image, name);
        if (result == HOLM_OK)
            result = holm_tcpip_interface_add(devices->stack, net, interface);
    }
    if (result != HOLM_OK)
        return result;
    HOLM_AT(devices->names, devices->count) = name;
    devices->count += 1;
    return HOLM_OK;
}

/* element_do does what one element of --ipv4 says about an interface. */
static enum holm_result element_do(struct holm_start__devices *devices, struct holm_bytes text,
                                   uint32_t interface)
{
    struct holm_ip_address address;
    uint8_t length = 0;

    if (holm_bytes_equal(text, HOLM_TEXT("off")))
        return HOLM_OK;
    if (holm_bytes_equal(text, HOLM_TEXT("dhcp"))) {
        devices->asks = devices->asks || interface == 1;
        return holm_tcpip_dhcp_start(devices->stack, interface, &(struct holm_tcpip_dhcp){ 0 });
    }
    if (holm_start__address_take(text, HOLM_IP_V4, &address, &length))
        return holm_tcpip_address_add(devices->stack, interface, &address, length);
    if (holm_text_ip_parse(&address, text) != HOLM_OK || address.family != HOLM_IP_V4)
        return HOLM_ERR_INVALID;
    return holm_tcpip_gateway_add(devices->stack, &address);
}

static enum holm_result configure(struct holm_start__devices *devices)
{
    struct holm_bytes list = ipv4, element = { 0 }, name = HOLM_TEXT("service");
    uint32_t interface = 0;
    enum holm_result result = holm_start__device(devices, name, &interface);

    while (result == HOLM_OK && holm_param_list_next(&list, &element)) {
        struct holm_bytes text = element;
        (void)!holm_bytes_split(&text, ':', &name); /* without one it is of the same device */
        result = holm_start__device(devices, name, &interface);
        if (result != HOLM_OK)
            break; /* said already */
        result = element_do(devices, text, interface);
        if (result != HOLM_OK)
            HOLM_LOG_ERROR("network",
                           "--ipv4 wants dhcp, off, ADDRESS/LENGTH or a gateway on the link",
                           HOLM_FIELD_TEXT("given", element), HOLM_FIELD_RESULT("result", result));
    }
    return result;
}

/* address_await waits for the first address, so that a program that calls at once has one. */
static void address_await(const struct holm_start__devices *devices)
{
    uint64_t end_ns = holm_run_now_ns(devices->image->run) + WAIT_NS;

    while (devices->asks && !holm_tcpip_has_address(devices->stack, 1) &&
           holm_run_now_ns(devices->image->run) < end_ns) {
        enum holm_result result = holm_task_wait(holm_run_now_ns(devices->image->run) + LOOK_NS);
        if (result != HOLM_OK && result != HOLM_ERR_TIMEOUT)
            return;
    }
}

enum holm_result holm_start_stack(struct holm_network **opened, struct holm_image *image)
{
    struct holm_start__devices devices = { .image = image };

    if (image->chunks->count == 0) /* it would wait for one for ever */
        return HOLM_ERR_NO_MEMORY;
    (void)holm_image_random(image); /* the stack draws from image->random */
    enum holm_result result =
        holm_tcpip_init(&devices.stack, image, &(struct holm_tcpip_options){ 0 });
    if (result == HOLM_OK)
        result = configure(&devices);
    if (result == HOLM_OK)
        result = holm_start__ipv6(&devices);
    if (result != HOLM_OK)
        return result;
    if (forward)
        holm_tcpip_hook_set(devices.stack, holm_tcpip_forward_others, NULL);
    address_await(&devices);
    *opened = holm_tcpip_network(devices.stack);
    return HOLM_OK;
}
