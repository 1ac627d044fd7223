/* SPDX-License-Identifier: ISC */
/* echo serves echo, discard and chargen over TCP and UDP (RFC 862, 863, 864), to try a network out:
 *
 *     ./dev run echo --echo_port=7007 --discard_port=7009 --chargen_port=7019 */
#include "echo.h"

#include <holm/log.h>
#include <holm/parameter.h>

HOLM_IMAGE("echo", "serves echo, discard and chargen over TCP and UDP");
HOLM_PARAM_U16(echo_port, 7, "of echo: what comes goes back; 0: not served");
HOLM_PARAM_U16(discard_port, 9, "of discard: what comes is thrown away; 0: not served");
HOLM_PARAM_U16(chargen_port, 19, "of chargen: letters without end; 0: not served");
HOLM_PARAM_U32_IN(connections_max, 256, 1, 100000, "connections",
                  "of each service at once; more are closed");

static enum holm_result serve(struct holm_image *image, struct holm_network *network,
                              enum echo_service service, uint16_t port)
{
    struct holm_endpoint local = { .port = port };
    struct holm_listener *listener = NULL;
    struct holm_datagram *datagram = NULL;
    enum holm_result result;

    if (port == 0)
        return HOLM_OK;
    result = holm_network_listen(&listener, network, port);
    if (result == HOLM_OK)
        result = echo_streams_start(image, listener, service, connections_max);
    if (result == HOLM_OK)
        result = holm_network_datagram(&datagram, network, &local);
    if (result == HOLM_OK)
        result = echo_datagrams_start(image, datagram, service);
    if (result == HOLM_OK)
        HOLM_LOG_INFO("echo", "serving", HOLM_FIELD_U64("port", port));
    else
        HOLM_LOG_ERROR("echo", "cannot serve", HOLM_FIELD_U64("port", port),
                       HOLM_FIELD_RESULT("result", result));
    return result;
}

enum holm_result holm_main(struct holm_image *image)
{
    struct holm_network *network = NULL;
    enum holm_result result = holm_network_start(&network, image);

    if (result == HOLM_OK)
        result = serve(image, network, ECHO_ECHO, echo_port);
    if (result == HOLM_OK)
        result = serve(image, network, ECHO_DISCARD, discard_port);
    if (result == HOLM_OK)
        result = serve(image, network, ECHO_CHARGEN, chargen_port);
    if (result != HOLM_OK)
        return result;
    return holm_image_until_stopped(image);
}
