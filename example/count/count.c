/* SPDX-License-Identifier: ISC */
/* count keeps a number on a block device and adds one to it each time it starts: what is to outlive
 * an image is written, and flushed, before anyone is told.
 *
 *     truncate -s 4096 /tmp/disk && ./dev run count --block=disk=/tmp/disk */
#include <holm/block.h>
#include <holm/class.h>
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>
#include <holm/text.h>

HOLM_IMAGE("count", "counts on a block device how often it was started");

#define SECTOR_BYTES_MAX 4096

/* The first sector: eight bytes of ours, then the number in decimal and a line feed; or all zeros. */
static uint8_t room[SECTOR_BYTES_MAX];

static enum holm_result transfer(struct holm_block *disk, enum holm_block_kind kind)
{
    struct holm_block_request request = {
        .kind = kind,
        .span = { room, kind == HOLM_BLOCK_FLUSH ? 0 : disk->facts.sector_bytes },
    };
    return holm_block_await(disk, &request);
}

static enum holm_result number_read(uint64_t *number)
{
    struct holm_bytes rest = HOLM_BLOB(room), mark, text;

    *number = 0;
    if (room[0] == 0)
        return HOLM_OK;
    if (!holm_bytes_take(&rest, 8, &mark) || !holm_bytes_equal(mark, HOLM_TEXT("COUNTER ")) ||
        !holm_bytes_split(&rest, '\n', &text))
        return HOLM_ERR_MALFORMED; /* somebody else's disk is left alone */
    return holm_text_u64_parse(number, text);
}

static bool number_emit(uint64_t number)
{
    struct holm_buffer out = HOLM_BUFFER(room);

    return holm_buffer_bytes(&out, HOLM_TEXT("COUNTER ")) && holm_text_u64_emit(&out, number) &&
           holm_buffer_u8(&out, '\n');
}

static void tell(uint64_t number)
{
    uint8_t bytes[64];
    struct holm_buffer line = HOLM_BUFFER(bytes);

    if (holm_buffer_bytes(&line, HOLM_TEXT("start number ")) && holm_text_u64_emit(&line, number) &&
        holm_buffer_u8(&line, '\n'))
        holm_console_write(holm_buffer_filled(&line));
}

enum holm_result holm_main(struct holm_image *image)
{
    struct holm_block *disk = NULL;
    uint64_t number = 0;
    enum holm_result result = holm_block_start(&disk, image, HOLM_TEXT("disk"));

    if (result == HOLM_OK && disk->facts.sector_bytes > SECTOR_BYTES_MAX)
        result = HOLM_ERR_UNSUPPORTED;
    if (result == HOLM_OK)
        result = transfer(disk, HOLM_BLOCK_READ);
    if (result == HOLM_OK)
        result = number_read(&number);
    if (result == HOLM_OK && !number_emit(number + 1))
        result = HOLM_ERR_LIMIT;
    if (result == HOLM_OK)
        result = transfer(disk, HOLM_BLOCK_WRITE);
    if (result == HOLM_OK)
        result = transfer(disk, HOLM_BLOCK_FLUSH);
    if (result == HOLM_OK)
        tell(number + 1);
    return result;
}
