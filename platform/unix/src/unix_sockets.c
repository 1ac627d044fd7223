/* SPDX-License-Identifier: ISC */
/* unix_sockets.c: the network of an image that has no stack of its own. */
#include <holm/network.h>
#include <holm/unix.h>

enum holm_result holm_network_start(struct holm_network **network, struct holm_image *image)
{
    return holm_unix_network_start(network, image);
}
