/* SPDX-License-Identifier: ISC */
#include "parameter_impl.h"

#include <holm/test.h>
#include <holm/time.h>

HOLM_IMAGE("trial", "tries parameters out");
HOLM_PARAM_BOOL(verbose, false, "say more");
HOLM_PARAM_U16(port, 8080, "TCP port to listen on");
HOLM_PARAM_U32_IN(connections_max, 1024, 1, 100000, "connections", "held at once");
HOLM_PARAM_U64(serial, UINT64_MAX, "a big number");
HOLM_PARAM_DURATION_IN(idle, 30ULL * HOLM_NS_PER_S, HOLM_NS_PER_MS, 3600ULL * HOLM_NS_PER_S,
                       "time without a request");
HOLM_PARAM_SIZE(body_max, 1 << 20, "longest body");
HOLM_PARAM_TEXT(content, "site", "folder to serve");
HOLM_PARAM_IPV4(ipv4, "192.0.2.1", "own address");
HOLM_PARAM_IPV6(ipv6, "", "own address");
HOLM_PARAM_IP(gateway, "", "next hop");
HOLM_PARAM_PREFIX(net, "10.0.0.0/8", "who may ask");
HOLM_PARAM_ENDPOINT(log_server, "", "where records go");
HOLM_PARAM_MAC(mac, "02:00:00:00:00:01", "own MAC address");
HOLM_PARAM_ENUM(level, 1, "error|info|debug", "least level of records");
HOLM_PARAM_LIST(resolvers, IP, "9.9.9.9,2620:fe::fe", "whom to ask");
HOLM_PARAM_LIST(ports, U16, "", "more ports");
HOLM_PARAM_TEXT_REQUIRED(zone, "zone to serve");
HOLM_PARAM_BUILT(0, "zone=example.org");
HOLM_PARAM_BUILT(1, "body_max=2MiB");

/* start runs a start with one argument, or none if it is empty, and keeps the line it gives. */
static uint8_t line_room[HOLM_PARAM_PROBLEM_MAX];
static struct holm_buffer line;

static enum holm_result start(struct holm_bytes argument)
{
    line = HOLM_BUFFER(line_room);
    return holm_params_start(holm_params_linked(), &line, &argument, argument.len > 0 ? 1 : 0);
}

static void refused(struct holm_bytes argument, struct holm_bytes wanted)
{
    CHECK_IS(start(argument), HOLM_ERR_INVALID);
    CHECK_BYTES(holm_buffer_filled(&line), wanted);
}

static uint32_t first_of(const struct holm_ip_address *address)
{
    return address->bytes[0];
}

TEST(the_linker_collects_every_declaration)
{
    struct holm_params params = holm_params_linked();
    CHECK_IS(params.count, 17);
    CHECK_IS(params.built_count, 2);
    CHECK_BYTES(params.title->name, HOLM_TEXT("trial"));
}

TEST(defaults_then_what_the_build_gives)
{
    CHECK_IS(start(HOLM_TEXT("")), HOLM_OK);
    CHECK_IS(line.len, 0);
    CHECK(!verbose);
    CHECK_IS(port, 8080);
    CHECK_IS(connections_max, 1024);
    CHECK(serial == UINT64_MAX);
    CHECK(idle == 30000000000);
    CHECK_IS(body_max, 2 << 20);
    CHECK_BYTES(content, HOLM_TEXT("site"));
    CHECK_IS(first_of(&ipv4), 192);
    CHECK_IS(ipv6.family, HOLM_IP_NONE);
    CHECK_IS(gateway.family, HOLM_IP_NONE);
    CHECK_IS(net.length_bits, 8);
    CHECK_IS(log_server.address.family, HOLM_IP_NONE);
    CHECK_IS(mac.bytes[0], 2);
    CHECK_IS(level, 1);
    CHECK_BYTES(zone, HOLM_TEXT("example.org"));
}

TEST(boot_arguments_win_and_the_last_of_them)
{
    const struct holm_bytes arguments[] = {
        HOLM_TEXT("--port=80"),
        HOLM_TEXT("--verbose=true"),
        HOLM_TEXT("--connections-max=7"),
        HOLM_TEXT("--serial=1"),
        HOLM_TEXT("--idle=1.5s"),
        HOLM_TEXT("--body_max=64KiB"),
        HOLM_TEXT("--content=a=b"),
        HOLM_TEXT("--ipv6=::1"),
        HOLM_TEXT("--gateway=fe80::1"),
        HOLM_TEXT("--net=2001:db8::/32"),
        HOLM_TEXT("--log_server=[::1]:514"),
        HOLM_TEXT("--mac=0a:00:00:00:00:02"),
        HOLM_TEXT("--level=debug"),
        HOLM_TEXT("--ports=1,2"),
        HOLM_TEXT("--zone=."),
        HOLM_TEXT("--ipv4=10.0.0.1"),
        HOLM_TEXT("--port=443"),
        HOLM_TEXT("--resolvers="),
    };
    line = HOLM_BUFFER(line_room);
    CHECK_IS(holm_params_start(holm_params_linked(), &line, &arguments[0], HOLM_COUNT(arguments)),
             HOLM_OK);
    CHECK_IS(port, 443);
    CHECK(verbose);
    CHECK_IS(connections_max, 7);
    CHECK_IS(serial, 1);
    CHECK_IS(idle, 1500000000);
    CHECK_IS(body_max, 65536);
    CHECK_BYTES(content, HOLM_TEXT("a=b"));
    CHECK_IS(ipv6.family, HOLM_IP_V6);
    CHECK_IS(gateway.family, HOLM_IP_V6);
    CHECK_IS(net.address.family, HOLM_IP_V6);
    CHECK_IS(log_server.port, 514);
    CHECK_IS(mac.bytes[0], 10);
    CHECK_IS(level, 2);
    CHECK_IS(first_of(&ipv4), 10);
    CHECK_BYTES(zone, HOLM_TEXT("."));
    CHECK_BYTES(ports, HOLM_TEXT("1,2"));
    CHECK_IS(resolvers.len, 0);
    CHECK_IS(start(HOLM_TEXT("")), HOLM_OK);
    CHECK_IS(port, 8080); /* a second start begins anew */
    CHECK_IS(gateway.family, HOLM_IP_NONE);
}

TEST(a_list_is_walked)
{
    struct holm_bytes rest, element;
    CHECK_IS(start(HOLM_TEXT("")), HOLM_OK);
    rest = resolvers;
    CHECK(holm_param_list_next(&rest, &element));
    CHECK_BYTES(element, HOLM_TEXT("9.9.9.9"));
    CHECK(holm_param_list_next(&rest, &element));
    CHECK_BYTES(element, HOLM_TEXT("2620:fe::fe"));
    CHECK(!holm_param_list_next(&rest, &element));
}

/* element_accepted starts with one list parameter of that element. */
static enum holm_result element_accepted(enum holm_param_kind element, struct holm_bytes argument)
{
    static struct holm_bytes all;
    struct holm_param param = { .name = HOLM_TEXT("all"),
                                .kind = HOLM_PARAM_KIND_LIST,
                                .element = element,
                                .most = UINT64_MAX,
                                .address = holm_param_address_read,
                                .text = &all };
    line = HOLM_BUFFER(line_room);
    return holm_params_start((struct holm_params){ .first = &param, .count = 1 }, &line, &argument,
                             1);
}

TEST(a_list_checks_its_elements_whatever_their_kind)
{
    const struct {
        enum holm_param_kind kind;
        struct holm_bytes good, bad;
    } cases[] = {
        { HOLM_PARAM_KIND_BOOL, HOLM_TEXT("--all=true,false"), HOLM_TEXT("--all=true,no") },
        { HOLM_PARAM_KIND_U16, HOLM_TEXT("--all=1,65535"), HOLM_TEXT("--all=1,65536") },
        { HOLM_PARAM_KIND_U32, HOLM_TEXT("--all=4294967295"), HOLM_TEXT("--all=4294967296") },
        { HOLM_PARAM_KIND_U64, HOLM_TEXT("--all=1,2"), HOLM_TEXT("--all=1,-2") },
        { HOLM_PARAM_KIND_DURATION, HOLM_TEXT("--all=1s,2ms"), HOLM_TEXT("--all=1s,2") },
        { HOLM_PARAM_KIND_SIZE, HOLM_TEXT("--all=1,2KiB"), HOLM_TEXT("--all=1,2KB") },
        { HOLM_PARAM_KIND_TEXT, HOLM_TEXT("--all=a,b"), HOLM_TEXT("--all=a,,b") },
        { HOLM_PARAM_KIND_IPV4, HOLM_TEXT("--all=1.2.3.4"), HOLM_TEXT("--all=::1") },
        { HOLM_PARAM_KIND_IPV6, HOLM_TEXT("--all=::1"), HOLM_TEXT("--all=1.2.3.4") },
        { HOLM_PARAM_KIND_PREFIX, HOLM_TEXT("--all=::/0"), HOLM_TEXT("--all=::1/0") },
        { HOLM_PARAM_KIND_ENDPOINT, HOLM_TEXT("--all=1.2.3.4:5"), HOLM_TEXT("--all=1.2.3.4") },
        { HOLM_PARAM_KIND_MAC, HOLM_TEXT("--all=02:00:00:00:00:01"), HOLM_TEXT("--all=02") },
    };
    for (size_t i = 0; i < HOLM_COUNT(cases); i++) {
        CHECK_IS(element_accepted(HOLM_AT(cases, i).kind, HOLM_AT(cases, i).good), HOLM_OK);
        CHECK_IS(element_accepted(HOLM_AT(cases, i).kind, HOLM_AT(cases, i).bad), HOLM_ERR_INVALID);
        CHECK(holm_text_starts(holm_buffer_filled(&line), HOLM_TEXT("all: got \"")));
    }
    CHECK_IS(element_accepted(HOLM_PARAM_KIND_LIST, HOLM_TEXT("--all=a")), HOLM_ERR_INVALID);
}

TEST(what_is_no_address_is_not_read_as_one)
{
    const enum holm_param_kind kinds[] = {
        HOLM_PARAM_KIND_BOOL,     HOLM_PARAM_KIND_U16,  HOLM_PARAM_KIND_U32,
        HOLM_PARAM_KIND_U64,      HOLM_PARAM_KIND_TEXT, HOLM_PARAM_KIND_ENUM,
        HOLM_PARAM_KIND_DURATION, HOLM_PARAM_KIND_SIZE, HOLM_PARAM_KIND_LIST,
    };
    struct holm_param__value value;

    for (size_t i = 0; i < HOLM_COUNT(kinds); i++)
        CHECK(!holm_param_address_read(&value, HOLM_AT(kinds, i), HOLM_TEXT("192.0.2.1")));
}

TEST(a_default_that_is_none_is_refused_at_the_start)
{
    static struct holm_ip_address value;
    static const struct holm_param wrong = { .name = { (const uint8_t *)"own", 3 },
                                             .kind = HOLM_PARAM_KIND_IP,
                                             .default_text = { (const uint8_t *)"1.2.3", 5 },
                                             .ip = &value };
    line = HOLM_BUFFER(line_room);
    CHECK_IS(holm_params_start((struct holm_params){ .first = &wrong, .count = 1 }, &line, NULL, 0),
             HOLM_ERR_INVALID);
    CHECK_BYTES(
        holm_buffer_filled(&line),
        HOLM_TEXT("own: got \"1.2.3\", expected an IP address, like 192.0.2.1 or 2001:db8::1"));
}

TEST(a_wrong_value_gives_one_line)
{
    refused(HOLM_TEXT("--port=80x"),
            HOLM_TEXT("port: got \"80x\", expected a whole number from 0 to 65535"));
    refused(HOLM_TEXT("--port=65536"),
            HOLM_TEXT("port: got \"65536\", expected a whole number from 0 to 65535"));
    refused(HOLM_TEXT("--port="),
            HOLM_TEXT("port: got \"\", expected a whole number from 0 to 65535"));
    refused(HOLM_TEXT("--port"),
            HOLM_TEXT("port: got nothing, expected a whole number from 0 to 65535"));
    refused(HOLM_TEXT("--connections_max=0"),
            HOLM_TEXT("connections_max: got \"0\", expected a whole number from 1 to 100000 "
                      "connections"));
    refused(HOLM_TEXT("--serial=-1"), HOLM_TEXT("serial: got \"-1\", expected a whole number"));
    refused(HOLM_TEXT("--verbose"), HOLM_TEXT("verbose: got nothing, expected true or false"));
    refused(HOLM_TEXT("--verbose=yes"), HOLM_TEXT("verbose: got \"yes\", expected true or false"));
    refused(HOLM_TEXT("--idle=2h"),
            HOLM_TEXT("idle: got \"2h\", expected a duration from 1ms to 1h, like 250ms or 1.5h"));
    refused(HOLM_TEXT("--body_max=1K"),
            HOLM_TEXT("body_max: got \"1K\", expected a size, like 4096 or 64KiB"));
    refused(HOLM_TEXT("--ipv4=::1"),
            HOLM_TEXT("ipv4: got \"::1\", expected an IPv4 address, like 192.0.2.1"));
    refused(HOLM_TEXT("--ipv6=1.2.3.4"),
            HOLM_TEXT("ipv6: got \"1.2.3.4\", expected an IPv6 address, like 2001:db8::1"));
    refused(HOLM_TEXT("--gateway=x"),
            HOLM_TEXT("gateway: got \"x\", expected an IP address, like 192.0.2.1 or 2001:db8::1"));
    refused(HOLM_TEXT("--net=10.0.0.1/8"),
            HOLM_TEXT("net: got \"10.0.0.1/8\", expected an IP prefix, like 192.0.2.0/24 or "
                      "2001:db8::/32"));
    refused(HOLM_TEXT("--log_server=::1"),
            HOLM_TEXT("log_server: got \"::1\", expected an address and a port, like 192.0.2.1:53 "
                      "or [2001:db8::1]:53"));
    refused(HOLM_TEXT("--mac=1"),
            HOLM_TEXT("mac: got \"1\", expected a MAC address, like 02:00:5e:10:00:01"));
    refused(HOLM_TEXT("--level=Debug"),
            HOLM_TEXT("level: got \"Debug\", expected one of error, info, debug"));
    refused(HOLM_TEXT("--resolvers=9.9.9.9,,::1"),
            HOLM_TEXT("resolvers: got \"9.9.9.9,,::1\", expected a list with commas, each an IP "
                      "address, like 192.0.2.1 or 2001:db8::1"));
    refused(HOLM_TEXT("--ports=1,"),
            HOLM_TEXT("ports: got \"1,\", expected a list with commas, each a whole number"));
    CHECK_IS(start(HOLM_TEXT("--ports=65536")), HOLM_ERR_INVALID);
}

TEST(an_unknown_name_gives_one_line_that_names_the_others)
{
    CHECK_IS(start(HOLM_TEXT("--prot=80")), HOLM_ERR_INVALID);
    CHECK(
        holm_text_starts(holm_buffer_filled(&line),
                         HOLM_TEXT("prot: no such parameter, got \"80\", expected one that --help "
                                   "names: ")));
    CHECK_IS(start(HOLM_TEXT("--\n\x1b=80")), HOLM_ERR_INVALID);
    CHECK(holm_text_starts(holm_buffer_filled(&line), HOLM_TEXT("\"\\n\\x1b\": no such")));
    refused(HOLM_TEXT("port=80"), HOLM_TEXT("\"port=80\": expected --name=value"));
    refused(HOLM_TEXT("-p"), HOLM_TEXT("\"-p\": expected --name=value"));
}

TEST(a_line_is_one_line_however_long_the_text_was)
{
    uint8_t text[3000];
    struct holm_buffer long_text = HOLM_BUFFER(text);
    CHECK(holm_buffer_bytes(&long_text, HOLM_TEXT("--port=")));
    while (holm_buffer_u8(&long_text, '\n'))
        continue;
    CHECK_IS(start(holm_buffer_filled(&long_text)), HOLM_ERR_INVALID);
    CHECK(line.len <= HOLM_PARAM_PROBLEM_MAX);
    for (size_t i = 0; i < line.len; i++)
        CHECK(!holm_bytes_is(holm_buffer_filled(&line), i, '\n'));
}

TEST(a_required_parameter_that_nobody_gave)
{
    struct holm_params params = holm_params_linked();
    params.built_count = 0;
    line = HOLM_BUFFER(line_room);
    CHECK_IS(holm_params_start(params, &line, NULL, 0), HOLM_ERR_INVALID);
    CHECK_BYTES(holm_buffer_filled(&line), HOLM_TEXT("zone: got nothing, expected a text"));
    CHECK_IS(holm_params_start(params, &line, &HOLM_TEXT("--zone=a"), 1), HOLM_OK);
}

TEST(two_declarations_of_one_name_are_refused)
{
    static uint16_t value;
    static const struct holm_param twice[] = {
        { .name = { (const uint8_t *)"a_b", 3 },
          .kind = HOLM_PARAM_KIND_U16,
          .most = 9,
          .u16 = &value },
        { .name = { (const uint8_t *)"a-b", 3 },
          .kind = HOLM_PARAM_KIND_U16,
          .most = 9,
          .u16 = &value },
    };
    struct holm_params params = { .first = &twice[0], .count = 2 };
    line = HOLM_BUFFER(line_room);
    CHECK_IS(holm_params_start(params, &line, NULL, 0), HOLM_ERR_INVALID);
    CHECK(holm_text_starts(holm_buffer_filled(&line), HOLM_TEXT("a-b: two parts")));
}

TEST(help_without_a_title_begins_with_the_parameters)
{
    struct holm_buffer all = HOLM_BUFFER(line_room);
    struct holm_params params = holm_params_linked();
    size_t cursor = 0;
    params.title = NULL;
    params.count = 1;
    CHECK_IS(holm_params_help(params, &all, &cursor), HOLM_OK);
    CHECK(
        holm_text_starts(holm_buffer_filled(&all), HOLM_TEXT("Parameters and their defaults:\n")));
}

TEST(help_names_them_all_by_name_in_pieces_of_any_size)
{
    static const size_t sizes[] = { 200, 333, 1000, HOLM_PARAM_HELP_MAX };
    static uint8_t whole[8192], pieces[8192], room[HOLM_PARAM_HELP_MAX];
    struct holm_buffer all = HOLM_BUFFER(whole);
    struct holm_params params = holm_params_linked();
    size_t cursor = 0;
    CHECK_IS(start(HOLM_TEXT("--help")), HOLM_END);
    CHECK_IS(holm_params_help(params, &all, &cursor), HOLM_OK);
    CHECK(
        holm_text_starts(holm_buffer_filled(&all),
                         HOLM_TEXT("trial: tries parameters out\n\n"
                                   "Parameters and their defaults:\n"
                                   "  --body_max=2MiB\n        longest body; a size, like 4096 or "
                                   "64KiB\n"
                                   "  --connections_max=1024\n        held at once; a whole number "
                                   "from 1 to 100000 connections\n"
                                   "  --content=site\n")));
    CHECK(holm_text_ends(
        holm_buffer_filled(&all),
        HOLM_TEXT("  --verbose=false\n        say more; true or false\n"
                  "  --zone=example.org  (required)\n        zone to serve; a text\n")));
    for (size_t i = 0; i < HOLM_COUNT(sizes); i++) {
        struct holm_buffer together = HOLM_BUFFER(pieces);
        enum holm_result result = HOLM_AGAIN;
        for (cursor = 0; result == HOLM_AGAIN;) {
            struct holm_buffer out = { room, 0, HOLM_AT(sizes, i) };
            result = holm_params_help(params, &out, &cursor);
            CHECK(out.len > 0);
            CHECK(holm_buffer_bytes(&together, holm_buffer_filled(&out)));
        }
        CHECK_IS(result, HOLM_OK);
        CHECK_BYTES(holm_buffer_filled(&together), holm_buffer_filled(&all));
    }
}
