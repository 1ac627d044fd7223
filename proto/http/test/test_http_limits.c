/* SPDX-License-Identifier: ISC */
#include <holm/http/machine.h>
#include <holm/test.h>

/* check_defaults compares with the numbers in the header, but for body_bytes. */
static void check_defaults(const struct holm_http_limits *limits)
{
    CHECK_IS(limits->head_bytes, 16384);
    CHECK_IS(limits->target_bytes, 8192);
    CHECK_IS(limits->field_count, 100);
    CHECK_IS(limits->trailer_bytes, 4096);
    CHECK_IS(limits->discard_bytes, 65536);
    CHECK_IS(limits->requests, 1000000);
    CHECK_IS(limits->body_rate, 512);
    CHECK_IS(limits->head_ns, 10000000000);
    CHECK_IS(limits->body_ns, 10000000000);
    CHECK_IS(limits->idle_ns, 60000000000);
    CHECK_IS(limits->stop_idle_ns, 500000000);
}

TEST(a_limit_that_is_not_given_has_its_default)
{
    static const struct holm_http_limits none = { 0 };
    struct holm_http_common common;
    holm_http_common_init(&common, true, NULL);
    check_defaults(&common.limits);
    CHECK_IS(common.limits.body_bytes, 1048576);
    CHECK(common.server);
    holm_http_common_init(&common, false, &none);
    check_defaults(&common.limits);
    CHECK(common.limits.body_bytes == HOLM_HTTP_UNLIMITED);
    CHECK(!common.server);
}

TEST(a_limit_that_is_given_is_kept)
{
    static const struct holm_http_limits given = {
        .head_bytes = 1,
        .target_bytes = 2,
        .field_count = 3,
        .trailer_bytes = 4,
        .body_bytes = 5,
        .discard_bytes = 6,
        .requests = 7,
        .body_rate = 8,
        .head_ns = 9,
        .body_ns = 10,
        .idle_ns = 11,
        .stop_idle_ns = 12,
    };
    struct holm_http_common common;
    holm_http_common_init(&common, true, &given);
    CHECK_IS(common.limits.head_bytes, 1);
    CHECK_IS(common.limits.target_bytes, 2);
    CHECK_IS(common.limits.field_count, 3);
    CHECK_IS(common.limits.trailer_bytes, 4);
    CHECK_IS(common.limits.body_bytes, 5);
    CHECK_IS(common.limits.discard_bytes, 6);
    CHECK_IS(common.limits.requests, 7);
    CHECK_IS(common.limits.body_rate, 8);
    CHECK_IS(common.limits.head_ns, 9);
    CHECK_IS(common.limits.body_ns, 10);
    CHECK_IS(common.limits.idle_ns, 11);
    CHECK_IS(common.limits.stop_idle_ns, 12);
}

TEST(a_limit_that_is_too_large_is_the_largest)
{
    static const struct holm_http_limits given = {
        .head_bytes = UINT32_MAX,
        .target_bytes = UINT32_MAX,
        .field_count = UINT32_MAX,
        .trailer_bytes = UINT32_MAX,
    };
    struct holm_http_common common;
    holm_http_common_init(&common, true, &given);
    CHECK_IS(common.limits.head_bytes, HOLM_HTTP_HEAD_MAX);
    CHECK_IS(common.limits.target_bytes, HOLM_HTTP_TARGET_MAX);
    CHECK_IS(common.limits.field_count, HOLM_HTTP_FIELD_MAX);
    CHECK_IS(common.limits.trailer_bytes, HOLM_HTTP_HEAD_MAX);
}
