/* SPDX-License-Identifier: ISC */
/* fuzz_parameter.c: boot arguments, one a line, for parameters of every kind. A start that is
 * refused gives exactly one line of printable text; one that is not leaves every value in its
 * range. */
#include <holm/parameter.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARGUMENTS_MAX 8

HOLM_IMAGE("fuzz", "takes any arguments");
HOLM_PARAM_BOOL(verbose, false, "say more");
HOLM_PARAM_U16_IN(port, 80, 1, 1000, "", "port");
HOLM_PARAM_U32(count, 1, "how many");
HOLM_PARAM_U64(serial, 1, "serial number");
HOLM_PARAM_DURATION_IN(idle, 5, 1, 1000000000, "time");
HOLM_PARAM_SIZE(body, 5, "size");
HOLM_PARAM_TEXT(content, "x", "text");
HOLM_PARAM_IPV4(ipv4, "", "address");
HOLM_PARAM_IPV6(ipv6, "", "address");
HOLM_PARAM_IP(gateway, "", "address");
HOLM_PARAM_PREFIX(net, "", "prefix");
HOLM_PARAM_ENDPOINT(server, "", "endpoint");
HOLM_PARAM_MAC(mac, "", "MAC");
HOLM_PARAM_ENUM(level, 1, "error|info|debug", "level");
HOLM_PARAM_LIST(resolvers, IP, "", "addresses");
HOLM_PARAM_LIST(limits, U64, "", "numbers");

static void one_line(struct holm_bytes text)
{
    uint8_t byte;
    holm_assert(text.len > 0);
    for (size_t i = 0; holm_bytes_u8_at(text, i, &byte); i++)
        holm_assert(byte >= ' ' && byte != 0x7f);
}

static void values_check(void)
{
    struct holm_bytes rest = resolvers, element;
    struct holm_ip_address address;
    uint64_t number;
    holm_assert(port >= 1 && port <= 1000 && idle >= 1 && idle <= 1000000000 && level <= 2);
    holm_assert(ipv4.family == HOLM_IP_NONE || ipv4.family == HOLM_IP_V4);
    holm_assert(ipv6.family == HOLM_IP_NONE || ipv6.family == HOLM_IP_V6);
    holm_assert(net.address.family == HOLM_IP_NONE || holm_ip_prefix_check(&net));
    while (holm_param_list_next(&rest, &element))
        holm_assert(holm_text_ip_parse(&address, element) == HOLM_OK);
    for (rest = limits; holm_param_list_next(&rest, &element);)
        holm_assert(holm_text_u64_parse(&number, element) == HOLM_OK);
}

/* line_take takes what stands before the next newline off *in. */
static struct holm_bytes line_take(struct holm_bytes *in)
{
    struct holm_bytes line = *in;
    uint8_t newline;
    size_t len = 0;
    while (len < in->len && !holm_bytes_is(*in, len, '\n'))
        len++;
    holm_assert(holm_bytes_take(in, len, &line));
    if (in->len > 0)
        holm_assert(holm_bytes_u8(in, &newline));
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size }, arguments[ARGUMENTS_MAX] = { 0 };
    uint8_t room[HOLM_PARAM_PROBLEM_MAX];
    struct holm_buffer problem = HOLM_BUFFER(room);
    enum holm_result result;
    size_t given = 0;
    for (; given < ARGUMENTS_MAX && in.len > 0; given++)
        HOLM_AT(arguments, given) = line_take(&in);
    result = holm_params_start(holm_params_linked(), &problem, &arguments[0], given);
    if (result == HOLM_ERR_INVALID)
        one_line(holm_buffer_filled(&problem));
    else if (result == HOLM_OK)
        values_check();
    return 0;
}
