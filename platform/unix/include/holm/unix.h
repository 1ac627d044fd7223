/* SPDX-License-Identifier: ISC */
/* holm/unix.h: the target unix, an ordinary process of the host. Two halves: below the door stand
 * the system calls (holm_platform_turn by epoll, the console, signals, the crash report); above it
 * the network, which only submits operations and so runs the same in a replay. start/ alone uses
 * this header; everything else sees the interfaces of device/. */
#pragma once

#include <holm/arena.h>
#include <holm/bytes.h>

/* The most ports (sockets, files) that can be open, whatever the host's limit of descriptors. */
#define HOLM_UNIX_PORTS_MAX 65536
/* The longest path of a file, in bytes. */
#define HOLM_UNIX_PATH_MAX 1023
/* How long a closed connection stays to see the peer take the last answer. */
#define HOLM_UNIX_LINGER_NS (2 * UINT64_C(1000000000))
/* How long what was sent before an orderly close may take to leave. */
#define HOLM_UNIX_DRAIN_NS (60 * UINT64_C(1000000000))
/* How long the host may try to connect. */
#define HOLM_UNIX_CONNECT_NS (30 * UINT64_C(1000000000))
/* How often accepting is tried again when the host has no descriptor left. */
#define HOLM_UNIX_ACCEPT_AGAIN_NS (UINT64_C(100000000))
/* The most listeners and datagram ports at once. */
#define HOLM_UNIX_LISTENERS_MAX 8
#define HOLM_UNIX_DATAGRAMS_MAX 16

/* The most lookups of names at once, those given up and not yet over included. */
#define HOLM_UNIX_LOOKUPS_MAX 8
/* How long an answer of the host's resolver may be taken for true; the host does not say. */
#define HOLM_UNIX_NAME_NS (10 * UINT64_C(1000000000))

/* holm_unix_start prepares the process: descriptors, epoll, signals, the crash report. Before the
 * first turn, once.
 *
 * Errors:  HOLM_ERR_IO  the host lacks what is needed */
HOLM_MUST_USE enum holm_result holm_unix_start(void);

/* holm_unix_memory gives size_bytes of zeroed memory for the life of the process, page-aligned, with
 * no page touched yet.
 *
 * Errors:  HOLM_ERR_NO_MEMORY  the host has not so much */
HOLM_MUST_USE enum holm_result holm_unix_memory(struct holm_span *memory, size_t size_bytes);

struct holm_image;
struct holm_network;

/* holm_unix_network_start gives the network of the host's sockets; errors as holm_network_start. */
HOLM_MUST_USE enum holm_result holm_unix_network_start(struct holm_network **network,
                                                       struct holm_image *image);

/* holm_unix_net_is_named answers whether who runs the image gives it network devices: --net. */
bool holm_unix_net_is_named(void);

/* holm_unix_end ends the process with a status of holm/abi/exit.h. */
HOLM_NORETURN void holm_unix_end(int status);
