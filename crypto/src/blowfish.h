/* SPDX-License-Identifier: ISC */
/* blowfish.h: the cipher Blowfish, for bcrypt_pbkdf. */
#pragma once

#include <holm/password.h>

extern const struct holm_bcrypt holm_blowfish__first;
