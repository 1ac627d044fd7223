/* SPDX-License-Identifier: ISC */
/* echo.h: what the files of the example share. */
#pragma once

#include <holm/image.h>

/* The services: what came goes back; is thrown away; what comes is letters, line after line. */
enum echo_service { ECHO_ECHO, ECHO_DISCARD, ECHO_CHARGEN };

/* One line of RFC 864: 72 of the 95 printable characters, each line one further on, CR and LF. */
#define ECHO_LINE_BYTES 74
#define ECHO_LINES 95

/* echo_letters is all 95 lines, over and over, for as long as the image lives. */
struct holm_bytes echo_letters(void);

/* echo_streams_start serves a service on the flows of a listener.
 *
 * Memory:  takes the listener; a connection's from image->arena, for the next one when it is over. */
HOLM_MUST_USE enum holm_result echo_streams_start(struct holm_image *image,
                                                  struct holm_listener *listener,
                                                  enum echo_service service, uint32_t max);

/* echo_datagrams_start serves a service on a port. Memory: takes the port. */
HOLM_MUST_USE enum holm_result echo_datagrams_start(struct holm_image *image,
                                                    struct holm_datagram *datagram,
                                                    enum echo_service service);
