/* SPDX-License-Identifier: ISC */
/* configured has a parameter of each kind, says what they are, and can be told to fault with them in its memory. Of
 * its secret it says how long it is, and its sum, which a test knows. */
#include <holm/config.h>
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>
#include <holm/text.h>

HOLM_IMAGE("configured", "says how it is configured");

HOLM_PARAM_U16(port, 80, "a number");
HOLM_PARAM_U32_IN(width, 10, 1, 100, "columns", "a number in a range");
HOLM_PARAM_BOOL(loud, false, "yes or no");
HOLM_PARAM_DURATION(pause, 1000000, "a duration");
HOLM_PARAM_SIZE(room, 4096, "a size");
HOLM_PARAM_TEXT(motto, "none", "a text");
HOLM_PARAM_ENUM(colour, 0, "red|green|blue", "a word");
HOLM_PARAM_IPV4(four, "", "an address");
HOLM_PARAM_IPV6(six, "", "an address");
HOLM_PARAM_PREFIX(near, "", "a network");
HOLM_PARAM_ENDPOINT(peer, "", "an address and a port");
HOLM_PARAM_MAC(station, "", "an address");
HOLM_PARAM_LIST(ports, U16, "", "numbers");
HOLM_PARAM_SECRET(key, "a secret");
HOLM_PARAM_BOOL(fault, false, "fault at the end");

static void say(struct holm_bytes name, struct holm_bytes value, uint64_t number)
{
    uint8_t bytes[256];
    struct holm_buffer line = HOLM_BUFFER(bytes);

    if (holm_buffer_bytes(&line, name) && holm_buffer_u8(&line, '=') &&
        (value.ptr != NULL ? holm_buffer_bytes(&line, value) : holm_text_u64_emit(&line, number)) &&
        holm_buffer_u8(&line, '\n'))
        holm_console_write(holm_buffer_filled(&line));
}

static uint64_t sum(struct holm_bytes bytes)
{
    uint64_t all = 0;
    uint8_t byte = 0;

    while (holm_bytes_u8(&bytes, &byte))
        all = all * 31 + byte;
    return all;
}

enum holm_result holm_main(struct holm_image *image)
{
    struct holm_bytes file = { 0 }, none = { 0 };

    (void)image;
    say(HOLM_TEXT("port"), none, port);
    say(HOLM_TEXT("width"), none, width);
    say(HOLM_TEXT("motto"), motto, 0);
    say(HOLM_TEXT("colour"), none, colour);
    say(HOLM_TEXT("loud"), none, loud);
    say(HOLM_TEXT("all"), none,
        pause + room + four.family + six.family + near.length_bits + peer.port + station.bytes[0] +
            ports.len);
    say(HOLM_TEXT("key"), none, sum(key));
    if (holm_config_file(&file, HOLM_TEXT("more/notes")))
        say(HOLM_TEXT("notes"), none, file.len);
    holm_assert(!fault);
    return HOLM_OK;
}
