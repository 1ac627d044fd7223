/* SPDX-License-Identifier: ISC */
/* unix_net.c: which network device the image has, as whoever starts it says. */
#include "unix_net_impl.h"

#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/port_net.h>
#include <holm/unix.h>

HOLM_PARAM_LIST(
    net, TEXT, "",
    "network devices: NAME=tap:INTERFACE is one of the host's; NAME=pcap:IN:OUT:MAC "
    "receives the frames of file IN, writes all that passes to OUT and has the address MAC; "
    "each of the three may be left out");
HOLM_PARAM_U32_IN(net_frames, 64, 16, 4096, "frames",
                  "frames in hand in each direction; each takes 64 KiB if the device offloads");
HOLM_PARAM_LIST(pcap, TEXT, "",
                "captures: NAME=FILE writes all that network device NAME receives and sends to a "
                "new file");
HOLM_PARAM_SIZE(pcap_size, UINT64_C(1073741824),
                "the most bytes of a capture; it ends there, and the image goes on");

#define MAC_DEFAULT { { 2, 0, 0, 0, 0, 1 } }

/* take_kind takes kind and a colon off *what. */
static bool take_kind(struct holm_bytes *what, struct holm_bytes kind)
{
    struct holm_bytes first = { 0 };

    if (!holm_bytes_part(*what, 0, kind.len, &first) || !holm_bytes_equal(first, kind))
        return false;
    return holm_bytes_take(what, kind.len, &first);
}

/* take_path takes what stands before the next colon, and the colon. */
static struct holm_bytes take_path(struct holm_bytes *rest)
{
    struct holm_bytes path = { 0 };
    uint8_t colon = 0;
    size_t len = 0;

    while (len < rest->len && !holm_bytes_is(*rest, len, ':'))
        len++;
    holm_assert(holm_bytes_take(rest, len, &path));
    (void)!holm_bytes_u8(rest, &colon);
    return path;
}

static enum holm_result pcap_start(struct holm_net **opened, struct holm_image *image,
                                   struct holm_bytes what)
{
    struct holm_mac_address mac = MAC_DEFAULT;
    struct holm_bytes in = take_path(&what), out = take_path(&what);

    if (what.len > 0 && holm_text_mac_parse(&mac, what) != HOLM_OK) {
        HOLM_LOG_ERROR("net", "no MAC address; --net=NAME=pcap:IN:OUT:02:00:00:00:00:01",
                       HOLM_FIELD_TEXT("given", what));
        return HOLM_ERR_INVALID;
    }
    enum holm_result result = holm_unix__pcap_open(opened, image, in, &mac);
    if (result == HOLM_OK && out.len > 0)
        result = holm_unix__capture_open(*opened, image, out, pcap_size);
    return result;
}

/* complain says in one line why an interface is not to be had, and what helps. */
static void complain(struct holm_bytes name, enum holm_result result)
{
    static const struct {
        enum holm_result result;
        struct holm_bytes why;
    } table[] = {
        { HOLM_ERR_NOT_FOUND, HOLM_TEXT("there is none; ip tuntap add dev NAME mode tap user ME") },
        { HOLM_ERR_PERMISSION, HOLM_TEXT("it is another user's") },
        { HOLM_ERR_IN_USE, HOLM_TEXT("another program has it") },
        { HOLM_ERR_INVALID, HOLM_TEXT("it is no TAP device, or one of several queues") },
        { HOLM_ERR_UNSUPPORTED, HOLM_TEXT("the host has no /dev/net/tun") },
        { HOLM_ERR_NO_MEMORY, HOLM_TEXT("frames need memory; see --memory and --net_frames") },
    };
    struct holm_bytes why = HOLM_TEXT("the host failed");

    for (size_t i = 0; i < HOLM_COUNT(table); i++) {
        if (HOLM_AT(table, i).result == result)
            why = HOLM_AT(table, i).why;
    }
    HOLM_LOG_ERROR("net", "cannot use the TAP interface", HOLM_FIELD_TEXT("interface", name),
                   HOLM_FIELD_TEXT("because", why));
}

static enum holm_result tap_start(struct holm_net **opened, struct holm_image *image,
                                  struct holm_bytes name)
{
    enum holm_result result = holm_port_net_open(opened, image, name, net_frames);

    if (result != HOLM_OK)
        complain(name, result);
    return result;
}

/* named finds what stands behind "NAME=" in a list; false if nothing does. */
static bool named(struct holm_bytes list, struct holm_bytes name, struct holm_bytes *what)
{
    struct holm_bytes element = { 0 }, start = { 0 };

    while (holm_param_list_next(&list, &element)) {
        if (holm_bytes_part(element, 0, name.len, &start) && holm_bytes_equal(start, name) &&
            holm_bytes_is(element, name.len, '=') && holm_bytes_from(element, name.len + 1, what))
            return true;
    }
    return false;
}

static enum holm_result device_start(struct holm_net **opened, struct holm_image *image,
                                     struct holm_bytes name)
{
    struct holm_bytes what = { 0 };
    bool found = named(net, name, &what);

    if (found && take_kind(&what, HOLM_TEXT("tap:")))
        return tap_start(opened, image, what);
    if (found && take_kind(&what, HOLM_TEXT("pcap:")))
        return pcap_start(opened, image, what);
    HOLM_LOG_ERROR("net", "no such network device: --net=NAME=tap:INTERFACE or NAME=pcap:IN:OUT",
                   HOLM_FIELD_TEXT("name", name), HOLM_FIELD_TEXT("given", what));
    return found ? HOLM_ERR_INVALID : HOLM_ERR_NOT_FOUND;
}

bool holm_unix_net_is_named(void)
{
    return net.len > 0;
}

enum holm_result holm_net_start(struct holm_net **opened, struct holm_image *image,
                                struct holm_bytes name)
{
    struct holm_bytes file = { 0 };
    enum holm_result result = device_start(opened, image, name);

    if (result == HOLM_OK && named(pcap, name, &file))
        result = holm_unix__capture_open(*opened, image, file, pcap_size);
    return result;
}
