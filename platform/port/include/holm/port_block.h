/* SPDX-License-Identifier: ISC */
/* holm/port_block.h: a port of the platform (holm/operation.h) as a block device: a file or disk of the host,
 * a device that the monitor gives. It stands above the door, as holm/port_net.h does. */
#pragma once

#include <holm/block.h>
#include <holm/image.h>

/* The most requests of a block device at once. */
#define HOLM_PORT_BLOCK_REQUESTS_MAX 16

/* holm_port_block_make makes a block device of a port that does FILE_READ, FILE_WRITE and FILE_FLUSH.
 * requests_max of *facts is set here.
 *
 * Memory:  takes from the image's arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_port_block_make(struct holm_block **made,
                                                    struct holm_image *image, holm_port port,
                                                    const struct holm_block_facts *facts);
