/* SPDX-License-Identifier: ISC */
#include <holm/route.h>
#include <holm/test.h>

static struct holm_routes routes;

static struct holm_route route_of(uint8_t a, uint8_t length_bits, uint32_t interface,
                                  uint16_t metric)
{
    return (struct holm_route){ .prefix = { holm_ip_v4(a, 0, 0, 0), length_bits },
                                .interface = interface,
                                .metric = metric };
}

static enum holm_result add(struct holm_route route)
{
    return holm_route_add(&routes, &route);
}

/* by answers the interface by which 10.0.0.9 is reached; 0: by none. */
static uint32_t by(uint32_t interface)
{
    struct holm_ip_address to = holm_ip_v4(10, 0, 0, 9);
    struct holm_route route;

    return holm_route_find(&routes, &to, interface, &route) == HOLM_OK ? route.interface : 0;
}

TEST(the_longest_prefix_counts_in_whatever_order_they_came)
{
    routes = (struct holm_routes){ 0 };
    CHECK_IS(by(0), 0);
    CHECK_IS(add(route_of(0, 0, 1, 0)), HOLM_OK);
    CHECK_IS(by(0), 1);
    CHECK_IS(add(route_of(10, 24, 3, 9)), HOLM_OK);
    CHECK_IS(add(route_of(10, 8, 2, 0)), HOLM_OK);
    CHECK_IS(by(0), 3);
    CHECK_IS(by(2), 2);
    CHECK_IS(by(4), 0);
}

TEST(of_two_alike_the_smaller_metric_counts)
{
    routes = (struct holm_routes){ 0 };
    CHECK_IS(add(route_of(10, 8, 1, 20)), HOLM_OK);
    CHECK_IS(add(route_of(10, 8, 2, 10)), HOLM_OK);
    CHECK_IS(add(route_of(10, 8, 3, 30)), HOLM_OK);
    CHECK_IS(by(0), 2);
}

TEST(what_is_there_or_no_route_or_too_much_is_refused)
{
    struct holm_route bad = route_of(10, 8, 1, 0);

    routes = (struct holm_routes){ 0 };
    CHECK_IS(add(bad), HOLM_OK);
    CHECK_IS(add(bad), HOLM_ERR_IN_USE);
    bad.interface = 0;
    CHECK_IS(add(bad), HOLM_ERR_INVALID);
    bad.interface = 1;
    bad.prefix.length_bits = 4; /* 10.0.0.0 has ones behind the fourth bit */
    CHECK_IS(add(bad), HOLM_ERR_INVALID);
    bad = route_of(10, 8, 1, 0);
    bad.gateway = holm_ip_loopback(HOLM_IP_V6);
    CHECK_IS(add(bad), HOLM_ERR_INVALID);
    for (uint16_t i = 1; i < HOLM_ROUTES_MAX; i++)
        CHECK_IS(add(route_of(10, 8, 1, i)), HOLM_OK);
    CHECK_IS(add(route_of(11, 8, 1, 0)), HOLM_ERR_NO_MEMORY);
}

TEST(routes_go_by_interface_and_origin_and_the_version_tells)
{
    struct holm_route learnt = route_of(10, 24, 1, 0);

    routes = (struct holm_routes){ 0 };
    learnt.origin = 7;
    CHECK_IS(add(learnt), HOLM_OK);
    CHECK_IS(add(route_of(10, 8, 1, 0)), HOLM_OK);
    CHECK_IS(add(route_of(10, 8, 2, 0)), HOLM_OK);
    uint32_t version = routes.version;
    holm_route_remove(&routes, 2, 7);
    CHECK_IS(routes.version, version);
    holm_route_remove(&routes, 1, 7);
    CHECK(routes.version != version);
    CHECK_IS(routes.count, 2);
    holm_route_remove(&routes, 1, 0);
    CHECK_IS(routes.count, 1);
    CHECK_IS(by(0), 2);
    holm_route_remove(&routes, 0, 0);
    CHECK_IS(routes.count, 0);
}
