/* SPDX-License-Identifier: ISC */
/* metrics_impl.h: between metrics.c and metrics_text.c, which knows names and escapes help. */
#pragma once

#include <holm/metrics.h>

/* holm_metrics__help_put writes help with its newlines and backslashes escaped, and in OpenMetrics its
 * quotes; false, and out has a part of it, if it does not fit. */
HOLM_MUST_USE bool holm_metrics__help_put(struct holm_buffer *out, struct holm_bytes help,
                                          enum holm_metrics_format format);

/* holm_metrics__is_name answers whether name is one that both formats take. */
bool holm_metrics__is_name(struct holm_bytes name);
