/* SPDX-License-Identifier: ISC */
/* start_holm.c: the network of an image under the monitor, which is always our own stack. */
#include "start_stack.h"

#include <holm/abi/note.h>
#include <holm/parameter.h>

HOLM_NOTE(holm_note_net_service, "net service");

HOLM_PARAM_ENUM(network, 0, "stack",
                "Holm's own TCP/IP over the device service, which is all there is");

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): --network has that name */
enum holm_result holm_network_start(struct holm_network **opened, struct holm_image *image)
{
    (void)network;
    return holm_start_stack(opened, image);
}
