/* SPDX-License-Identifier: ISC */
/* start_unix.c: which network an image has as a program of the host: the host's sockets, or our own. */
#include "start_stack.h"

#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/unix.h>

enum network_kind { NETWORK_HOST, NETWORK_STACK };

HOLM_PARAM_ENUM(network, 0, "host|stack",
                "the host's sockets, or Holm's own TCP/IP over the device --net=service=...");

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): --network has that name */
enum holm_result holm_network_start(struct holm_network **opened, struct holm_image *image)
{
    if (network == NETWORK_STACK)
        return holm_start_stack(opened, image);
    if (holm_unix_net_is_named())
        HOLM_LOG_WARNING("network", "--net is not used without --network=stack");
    if (holm_start_stack_is_said())
        HOLM_LOG_WARNING("network", "--ipv4 is not used without --network=stack");
    return holm_unix_network_start(opened, image);
}
