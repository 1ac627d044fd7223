/* SPDX-License-Identifier: ISC */
/* holm/machine/wide.h: this machine has no numbers of 128 bits. */
#pragma once

#include <holm/machine/wide_narrow.h>
