/* SPDX-License-Identifier: ISC */
/* holm/config.h: the image's configuration: an archive on the block device "config", with a file `config` that
 * sets parameters (holm/parameter.h), and other files for whoever asks. An image has it that names the library
 * config. */
#pragma once

#include <holm/bytes.h>

/* The largest configuration, inclusive. */
#define HOLM_CONFIG_BYTES_MAX (1 << 20)

/* holm_config_file finds a file of the configuration; false: there is none, or no configuration.
 *
 * Memory:  *content lives as long as the image, where cores leave it out. */
HOLM_MUST_USE bool holm_config_file(struct holm_bytes *content, struct holm_bytes path);
