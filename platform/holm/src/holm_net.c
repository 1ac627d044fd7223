/* SPDX-License-Identifier: ISC */
/* holm_net.c: network devices by their names, which who starts the image gives to the monitor. */
#include "holm_impl.h"

#include <holm/log.h>
#include <holm/net.h>
#include <holm/parameter.h>
#include <holm/port_net.h>

HOLM_PARAM_U32_IN(net_frames, 64, 16, 4096, "frames",
                  "frames in hand in each direction, of 64 KiB each where there is offload");

enum holm_result holm_net_start(struct holm_net **opened, struct holm_image *image,
                                struct holm_bytes name)
{
    holm_target__ports_use();
    enum holm_result result = holm_port_net_open(opened, image, name, net_frames);

    if (result != HOLM_OK)
        HOLM_LOG_ERROR("net", "no such network device: holm run --net NAME=tap:INTERFACE",
                       HOLM_FIELD_TEXT("name", name), HOLM_FIELD_RESULT("result", result));
    return result;
}
