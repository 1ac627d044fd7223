/* SPDX-License-Identifier: ISC */
/* type.acsl.h: what is promised of media types, for Frama-C: what there is to read of one. */
#pragma once

#include "bytes.acsl.h"

/*@ requires holm_readable(path);
    assigns \nothing;
    ensures holm_readable(\result) && \result.len <= 32; */
struct holm_bytes holm_http_type_of(struct holm_bytes path);
