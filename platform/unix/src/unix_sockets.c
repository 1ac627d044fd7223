/* SPDX-License-Identifier: ISC */
/* unix_sockets.c: the network of an image that has no stack of its own. */
#include <holm/network.h>
#include <holm/parameter.h>
#include <holm/unix.h>

HOLM_PARAM_ENUM(network, 0, "host",
                "the host's sockets, which is all there is without the library network");

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): --network has that name */
enum holm_result holm_network_start(struct holm_network **opened, struct holm_image *image)
{
    (void)network;
    return holm_unix_network_start(opened, image);
}
