/* SPDX-License-Identifier: ISC */
/* fuzz_http_machine.c: any bytes to a server and to a client, whole and in pieces: the same events
 * and the same answers. The first byte says how large the pieces are, and whether
 * the client offers another protocol. */
#include "../test/http_drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct drive whole;
static struct drive pieces;

static const struct holm_http_limits limits = { .head_bytes = 2048,
                                                .target_bytes = 512,
                                                .field_count = 20,
                                                .trailer_bytes = 256,
                                                .body_bytes = 256, /* small, so that it is met */
                                                .discard_bytes = 256,
                                                .requests = 20 };

static void run(struct drive *drive, bool server, struct holm_bytes text, uint8_t first,
                size_t step)
{
    bool offers = first < 128;
    struct holm_http_request request = {
        .method = HOLM_HTTP_GET, .target = HOLM_TEXT("/"), .host = HOLM_TEXT("h"), .upgrade = offers
    };
    drive_init(drive, server, &limits);
    if (!server) {
        drive_must(holm_http_machine_request(&drive->http, &drive->out, &request) == HOLM_OK);
        drive_must(holm_http_machine_body_end(&drive->http, &drive->out, NULL) == HOLM_OK);
    }
    drive_run(drive, text, step);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes text = { data, len };
    uint8_t step = 0;
    if (len > 16384 || !holm_bytes_u8(&text, &step))
        return 0;
    for (int server = 0; server < 2; server++) {
        run(&whole, server == 1, text, step, 0);
        run(&pieces, server == 1, text, step, step % 64 + 1U);
        drive_must(
            holm_bytes_equal(holm_buffer_filled(&whole.log), holm_buffer_filled(&pieces.log)));
        drive_must(
            holm_bytes_equal(holm_buffer_filled(&whole.out), holm_buffer_filled(&pieces.out)));
        drive_must(whole.errors <= 1);
    }
    return 0;
}
