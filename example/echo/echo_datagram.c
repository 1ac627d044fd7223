/* SPDX-License-Identifier: ISC */
/* echo_datagram.c: the services over UDP. An answer is never longer than its question, and none goes
 * to a port that may answer by itself: neither floods a third party, nor talks with its like for ever. */
#include "echo.h"

/* How many datagrams are answered before others have their turn. */
#define STEPS 64
/* RFC 864: an answer of chargen is of 0 to 512 letters. */
#define LETTERS_MAX 512
#define PORT_SERVICES 1024

struct port {
    struct holm_datagram *datagram;
    struct holm_pump pump;
    enum echo_service service;
};

static void answer(const struct port *port, struct holm_bytes question,
                   const struct holm_datagram_about *about)
{
    struct holm_datagram_about back = holm_datagram_answer(about);
    struct holm_bytes said = question;

    if (port->service == ECHO_DISCARD || about->peer.port < PORT_SERVICES)
        return;
    if (port->service == ECHO_CHARGEN)
        holm_assert(holm_bytes_part(
            echo_letters(), 0, question.len < LETTERS_MAX ? question.len : LETTERS_MAX, &said));
    (void)holm_datagram_send(port->datagram, said, &back); /* a full queue loses it: it is UDP */
}

static void port_run(struct holm_pump *pump, void *context)
{
    struct port *port = context;
    enum holm_result result = HOLM_OK;

    for (uint32_t i = 0; i < STEPS && result != HOLM_AGAIN; i++) {
        struct holm_datagram_about about = { 0 };
        struct holm_span question = { 0 };
        result = holm_datagram_receive(port->datagram, &question, &about);
        if (result == HOLM_OK)
            answer(port, holm_span_bytes(question), &about);
        if (result == HOLM_ERR_IO)
            return;
    }
    if (result != HOLM_AGAIN)
        holm_pump_ready(pump);
}

enum holm_result echo_datagrams_start(struct holm_image *image, struct holm_datagram *datagram,
                                      enum echo_service service)
{
    struct port *port = HOLM_ARENA_NEW(image->arena, struct port);

    if (port == NULL)
        return HOLM_ERR_NO_MEMORY;
    *port = (struct port){ .datagram = datagram, .service = service };
    holm_pump_init(&port->pump, &image->run->ready, port_run, port);
    datagram->in.pump = &port->pump;
    holm_pump_ready(&port->pump);
    return HOLM_OK;
}
