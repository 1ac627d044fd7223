/* SPDX-License-Identifier: ISC */
/* Whom one may call. */
#include "two_stacks.h"

#include <holm/test.h>

TEST(nobody_calls_a_group_or_all)
{
    const struct holm_model_net_options line = { .piece_bytes = 2048 };
    const struct holm_ip_address wrong[] = {
        { 0 },
        holm_ip_v4(0, 0, 0, 0),
        holm_ip_v4(224, 0, 0, 1),
        holm_ip_v4(255, 255, 255, 255),
        holm_ip_v4(10, 9, 0, 255),
    };

    two_stacks_begin(&line);
    for (size_t i = 0; i < HOLM_COUNT(wrong); i++) {
        struct holm_endpoint peer = { HOLM_AT(wrong, i), 80 };
        struct holm_open open = { 0 };
        struct holm_flow *flow = NULL;
        enum holm_result result =
            two.networks[0]->ops->connect(two.networks[0], &open, &flow, &peer);
        CHECK(result < 0);
        CHECK(!open.busy);
    }
}
