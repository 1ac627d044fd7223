/* SPDX-License-Identifier: ISC */
/* exec_image.c: the image's file. Headers are read once, into memory of our own, and so is each
 * segment: what changes in the file meanwhile changes nothing that was checked. */
#include "exec_impl.h"

#define OPEN_FLAGS 02004400 /* O_NONBLOCK, O_NOCTTY, O_CLOEXEC: it may be anything */
#define STACK_BYTES_MAX (UINT64_C(1) << 24)

static int64_t read_at(int64_t descriptor, struct holm_span to, uint64_t offset)
{
    return holm_linux_call(HOLM_LINUX_PREAD, (uint64_t)descriptor, holm_exec__address(to.ptr),
                           to.len, offset, 0, 0);
}

int64_t holm_exec__image_open(struct holm_loader_image *image,
                              const struct holm_exec__options *options)
{
    static uint8_t head[HOLM_LOADER_HEAD_BYTES];
    static uint64_t about[18]; /* struct stat; [6]: st_size */
    struct holm_bytes problem = { 0 }, bytes = { 0 };
    struct holm_span room = { head, sizeof head };

    int64_t descriptor = holm_exec__open(holm_exec__address(options->image), OPEN_FLAGS);
    if (descriptor < 0)
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("cannot open the image"), options->image_name,
                        descriptor);
    int64_t size =
        holm_exec__call(HOLM_LINUX_FSTAT, (uint64_t)descriptor, holm_exec__address(&about[0]), 0);
    if (size >= 0)
        size = read_at(descriptor, room, 0);
    if (size < 0 || !holm_bytes_part(HOLM_BLOB(head), 0, (size_t)size, &bytes))
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("cannot read the image"), options->image_name,
                        size);
    if (holm_loader_parse(image, &problem, bytes, HOLM_AT(about, 6)) != HOLM_OK)
        holm_exec__fail(HOLM_EXIT_IMAGE, problem, options->image_name, 0);
    return descriptor;
}

/* holm_exec__notes_peek reads the notes before there is memory for the image: how much that is, they
 * say. What is read here is never looked at again. */
struct holm_bytes holm_exec__notes_peek(const struct holm_loader_image *image, int64_t descriptor,
                                        struct holm_bytes name)
{
    static uint8_t room[HOLM_LOADER_HEAD_BYTES];
    struct holm_span to = { 0 };

    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        if (image->notes.address < segment->address ||
            image->notes.address - segment->address >= segment->file_bytes)
            continue;
        uint64_t offset = image->notes.address - segment->address;
        if (!holm_span_part((struct holm_span){ room, sizeof room }, 0, image->notes.bytes, &to) ||
            segment->file_bytes - offset < image->notes.bytes ||
            read_at(descriptor, to, segment->offset + offset) != (int64_t)to.len)
            break;
        return holm_span_bytes(to);
    }
    holm_exec__fail(HOLM_EXIT_IMAGE, HOLM_TEXT("it has no notes, or more than 4 KiB"), name, 0);
}

static bool has_device(const struct holm_exec__options *options, enum holm_abi_device_kind kind,
                       struct holm_bytes name)
{
    for (size_t i = 0; i < options->devices_count; i++)
        if (HOLM_AT(options->devices, i).kind == kind &&
            holm_bytes_equal(HOLM_AT(options->devices, i).name, name))
            return true;
    return false;
}

/* asks_help answers whether the image is only to say its parameters: it needs no device for that. */
static bool asks_help(const struct holm_exec__options *options)
{
    for (size_t i = 0; i < options->arguments_count; i++)
        if (holm_bytes_equal(HOLM_AT(options->arguments, i), HOLM_TEXT("--help")))
            return true;
    return false;
}

/* device_note answers whether a line is of a device, which must be there unless only help is asked for. */
static bool device_note(const struct holm_exec__options *options, struct holm_bytes word,
                        struct holm_bytes name)
{
    if (holm_bytes_equal(word, HOLM_TEXT("net"))) {
        if (!asks_help(options) && !has_device(options, HOLM_ABI_NET, name))
            holm_exec__fail(HOLM_EXIT_USAGE,
                            HOLM_TEXT("the image wants a network device: --net NAME=tap:INTERFACE"),
                            name, 0);
        return true;
    }
    if (!holm_bytes_equal(word, HOLM_TEXT("block")))
        return false;
    if (!asks_help(options) && !has_device(options, HOLM_ABI_BLOCK, name))
        holm_exec__fail(HOLM_EXIT_USAGE,
                        HOLM_TEXT("the image wants a block device: --block NAME=FILE"), name, 0);
    return true;
}

/* stacks_note reads what stands behind the word stacks; older images do not tell of the loop's. */
static bool stacks_note(struct holm_exec__need *need, struct holm_bytes line)
{
    struct holm_bytes loop;

    if (holm_text_u64_parse(&need->stacks_count, holm_loader_word(&line)) != HOLM_OK ||
        holm_text_u64_parse(&need->stack_bytes, holm_loader_word(&line)) != HOLM_OK)
        return false;
    loop = holm_loader_word(&line);
    need->loop_bytes = HOLM_EXEC__LOOP_BYTES;
    if (loop.len > 0 && holm_text_u64_parse(&need->loop_bytes, loop) != HOLM_OK)
        return false;
    return holm_text_trim(line).len == 0 && need->stacks_count <= 65536 &&
           need->stack_bytes <= STACK_BYTES_MAX && need->loop_bytes <= STACK_BYTES_MAX;
}

void holm_exec__notes_read(struct holm_exec__need *need, const struct holm_exec__options *options,
                           struct holm_bytes notes)
{
    struct holm_bytes line = { 0 };
    enum holm_result result;

    while ((result = holm_loader_line_next(&line, &notes)) == HOLM_OK) {
        struct holm_bytes whole = line, word = holm_loader_word(&line);
        if (device_note(options, word, line))
            continue;
        if (holm_bytes_equal(word, HOLM_TEXT("config")) && holm_text_trim(line).len == 0) {
            need->config = true;
            continue;
        }
        if (!holm_bytes_equal(word, HOLM_TEXT("stacks")) || !stacks_note(need, line))
            holm_exec__fail(HOLM_EXIT_IMAGE,
                            HOLM_TEXT("a note that this monitor does not know; update the monitor"),
                            whole, 0);
    }
    if (!need->config && has_device(options, HOLM_ABI_BLOCK, HOLM_TEXT("config")))
        holm_exec__fail(HOLM_EXIT_USAGE,
                        HOLM_TEXT("the image reads no configuration: holm_unikernel(… LIBRARIES "
                                  "config)"),
                        options->image_name, 0);
    if (result != HOLM_END || need->stacks_count == 0)
        holm_exec__fail(HOLM_EXIT_IMAGE, HOLM_TEXT("its notes are not whole"), options->image_name,
                        0);
}

void holm_exec__image_load(const struct holm_loader_image *image, int64_t descriptor,
                           struct holm_span memory, struct holm_bytes name)
{
    struct holm_bytes problem = { 0 };
    struct holm_span to = { 0 };

    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        holm_assert(holm_span_part(memory, segment->address, segment->file_bytes, &to));
        if (to.len > 0 && read_at(descriptor, to, segment->offset) != (int64_t)to.len)
            holm_exec__fail(HOLM_EXIT_IMAGE, HOLM_TEXT("it became shorter while it was read"), name,
                            0);
    }
    if (holm_loader_relocate(image, &problem, memory, holm_exec__address(memory.ptr)) != HOLM_OK)
        holm_exec__fail(HOLM_EXIT_IMAGE, problem, name, 0);
}

/* pages gives the whole pages in which the bytes at address lie. */
static struct holm_span pages(struct holm_span memory, uint64_t address, uint64_t bytes)
{
    uint64_t first = address / HOLM_LOADER_PAGE_BYTES * HOLM_LOADER_PAGE_BYTES;
    uint64_t end = (address + bytes + HOLM_LOADER_PAGE_BYTES - 1) / HOLM_LOADER_PAGE_BYTES *
                   HOLM_LOADER_PAGE_BYTES;
    struct holm_span part = { 0 };

    holm_assert(holm_span_part(memory, first, end - first, &part));
    return part;
}

/* holm_exec__image_protect gives the pages their final rights; between segments there are none. run is
 * that of code, 0 where it runs elsewhere. */
void holm_exec__image_protect(const struct holm_loader_image *image, struct holm_span memory,
                              uint32_t run)
{
    uint64_t end = 0;

    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        struct holm_span part = pages(memory, segment->address, segment->memory_bytes);
        uint64_t first = segment->address / HOLM_LOADER_PAGE_BYTES * HOLM_LOADER_PAGE_BYTES;
        if (first > end)
            holm_exec__protect(pages(memory, end, first - end), 0);
        end = first + part.len;
        if (!segment->writable)
            holm_exec__protect(part, HOLM_EXEC__READ | (segment->executable ? run : 0U));
    }
    if (image->sealed.bytes > 0)
        holm_exec__protect(pages(memory, image->sealed.address, image->sealed.bytes),
                           HOLM_EXEC__READ);
}
