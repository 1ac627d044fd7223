/* SPDX-License-Identifier: ISC */
/* linked.c: the rows that the linker makes of HOLM_LINKED constants. It names the start and the end
 * of each section whose name is a C identifier; a program without any of a row has neither, so they
 * are weak, and the row is empty. */
#include <holm/metrics.h>
#include <holm/parameter.h>

#pragma clang unsafe_buffer_usage begin

#define ROW(type, list)                                                                            \
    extern const type __start_##list[] __attribute__((weak, visibility("hidden")));                \
    extern const type __stop_##list[] __attribute__((weak, visibility("hidden")))
#define ROW_COUNT(list) ((size_t)(__stop_##list - __start_##list))

ROW(struct holm_param, holm_params);
ROW(struct holm_param_built, holm_built);
ROW(struct holm_image_title, holm_titles);
ROW(struct holm_metric, holm_metrics);

struct holm_params holm_params_linked(void)
{
    return (struct holm_params){
        .first = __start_holm_params,
        .count = ROW_COUNT(holm_params),
        .built = __start_holm_built,
        .built_count = ROW_COUNT(holm_built),
        .title = ROW_COUNT(holm_titles) > 0 ? __start_holm_titles : NULL,
    };
}

struct holm_metrics holm_metrics_linked(void)
{
    return (struct holm_metrics){ __start_holm_metrics, ROW_COUNT(holm_metrics) };
}

#pragma clang unsafe_buffer_usage end
