/* SPDX-License-Identifier: ISC */
#include <holm/parameter.h>
#include <holm/test.h>

HOLM_PARAM_U16(port, 80, "a number");
HOLM_PARAM_TEXT(motto, "none", "a text");
HOLM_PARAM_TEXT_REQUIRED(zone, "a text that must be");
HOLM_PARAM_SECRET(key, "what nobody may see");
HOLM_PARAM_BUILT(0, "port=81");

static uint8_t line_room[HOLM_PARAM_PROBLEM_MAX], arguments_room[256];
static struct holm_buffer line;

/* configure starts with what config says, and then with one argument, unless it is empty. */
static enum holm_result configure(struct holm_bytes config, struct holm_bytes argument)
{
    struct holm_bytes arguments[8];
    struct holm_buffer room = HOLM_BUFFER(arguments_room);
    enum holm_result result;
    uint64_t number = 0;
    size_t count = 0;

    line = HOLM_BUFFER(line_room);
    if (argument.len > 0) {
        result = holm_params_open_check(holm_params_linked(), &line, &argument, 1);
        if (result != HOLM_OK)
            return result;
    }
    while ((result = holm_params_config_next(&HOLM_AT(arguments, count), holm_params_linked(),
                                             &line, &room, &config, &number)) == HOLM_OK)
        count++;
    if (result != HOLM_END)
        return result;
    HOLM_AT(arguments, count) = argument;
    return holm_params_start(holm_params_linked(), &line, &arguments[0],
                             count + (argument.len > 0 ? 1 : 0));
}

static void refused(struct holm_bytes config, struct holm_bytes argument, struct holm_bytes wanted)
{
    CHECK_IS(configure(config, argument), HOLM_ERR_INVALID);
    CHECK_BYTES(holm_buffer_filled(&line), wanted);
}

TEST(a_configuration_overrides_the_build_and_arguments_override_it)
{
    CHECK_IS(
        configure(HOLM_TEXT("# a comment\n\n port = 82\r\nzone=a b\nMotto\t=\tx"), HOLM_TEXT("")),
        HOLM_ERR_INVALID);
    CHECK_IS(
        configure(HOLM_TEXT("# a comment\n\n port = 82\r\nzone=a b\nmotto\t=\tx=y"), HOLM_TEXT("")),
        HOLM_OK);
    CHECK_IS(port, 82);
    CHECK_BYTES(zone, HOLM_TEXT("a b"));
    CHECK_BYTES(motto, HOLM_TEXT("x=y"));
    CHECK_IS(configure(HOLM_TEXT("zone=a\nport=82\nport=83"), HOLM_TEXT("")), HOLM_OK);
    CHECK_IS(port, 83);
    CHECK_IS(configure(HOLM_TEXT("zone=a\nport=82"), HOLM_TEXT("--port=84")), HOLM_OK);
    CHECK_IS(port, 84);
    CHECK_IS(configure(HOLM_TEXT("zone="), HOLM_TEXT("")), HOLM_OK);
    CHECK_IS(port, 81);
}

TEST(what_is_wrong_is_said_by_its_line)
{
    refused(HOLM_TEXT("port=x\nzone=a"), HOLM_TEXT(""),
            HOLM_TEXT("port: got \"x\", expected a whole number from 0 to 65535"));
    refused(HOLM_TEXT("\nkye=abc\n"), HOLM_TEXT(""),
            HOLM_TEXT("config: no such parameter, expected one that --help names in line 2"));
    refused(HOLM_TEXT("abc"), HOLM_TEXT(""), HOLM_TEXT("config: expected name=value in line 1"));
    refused(HOLM_TEXT("zone=a\nx"), HOLM_TEXT(""),
            HOLM_TEXT("config: expected name=value in line 2"));
    refused(HOLM_TEXT("#zone=a"), HOLM_TEXT(""), HOLM_TEXT("zone: got nothing, expected a text"));
}

TEST(a_secret_comes_from_the_configuration_alone)
{
    CHECK_IS(configure(HOLM_TEXT("zone=a\nkey=abc\n"), HOLM_TEXT("")), HOLM_OK);
    CHECK_BYTES(key, HOLM_TEXT("abc"));
    refused(HOLM_TEXT("zone=a"), HOLM_TEXT("--key=abc"),
            HOLM_TEXT("key: a secret, expected in the file config of --config alone"));
    refused(HOLM_TEXT("zone=a"), HOLM_TEXT("--key"),
            HOLM_TEXT("key: a secret, expected in the file config of --config alone"));
}

TEST(more_than_there_is_room_for_is_refused)
{
    uint8_t small[8];
    struct holm_buffer room = HOLM_BUFFER(small);
    struct holm_bytes config = HOLM_TEXT("motto=abcdef"), argument = { 0 };
    uint64_t number = 0;

    line = HOLM_BUFFER(line_room);
    CHECK_IS(
        holm_params_config_next(&argument, holm_params_linked(), &line, &room, &config, &number),
        HOLM_ERR_LIMIT);
}
