/* SPDX-License-Identifier: ISC */
/* What the loader takes and refuses: an image of three segments that is written here byte by byte, and
 * what one wrong number makes of it. */
#include <holm/test.h>

#include <holm/loader.h>
#include <holm/machine/elf.h>

#define FILE_BYTES 0x4000
#define TEXT 0x1000
#define DATA 0x2000
#define DYNAMIC 0x200
#define NOTES 0x300
#define ROWS 0x400
#define PROGRAMS 64
#define PROGRAM_BYTES 56

enum {
    SEGMENT_READ,
    SEGMENT_TEXT,
    SEGMENT_DATA,
    PART_DYNAMIC,
    PART_NOTES,
    PART_SEALED,
    PROGRAMS_COUNT
};

static uint8_t file[FILE_BYTES];

static void put(size_t at, size_t len, uint64_t value)
{
    for (size_t i = 0; i < len; i++)
        HOLM_AT(file, at + i) = (uint8_t)(value >> 8 * i);
}

static void put_text(size_t at, struct holm_bytes text)
{
    struct holm_span all = { file, sizeof file }, part = { 0 };

    holm_assert(holm_span_part(all, at, text.len, &part));
    struct holm_buffer out = holm_span_buffer(part);
    holm_assert(holm_buffer_bytes(&out, text));
}

static void program(size_t index, uint32_t kind, uint32_t rights, uint64_t address, uint64_t bytes,
                    uint64_t memory)
{
    size_t at = PROGRAMS + PROGRAM_BYTES * index;

    put(at, 4, kind);
    put(at + 4, 4, rights);
    put(at + 8, 8, address); /* it lies in the file where it lies in memory */
    put(at + 16, 8, address);
    put(at + 24, 8, address);
    put(at + 32, 8, bytes);
    put(at + 40, 8, memory);
    put(at + 48, 8, 4096);
}

static void note(size_t at, struct holm_bytes name, uint32_t type, struct holm_bytes line)
{
    put(at, 4, name.len);
    put(at + 4, 4, line.len);
    put(at + 8, 4, type);
    put_text(at + 12, name);
    put_text(at + 12 + (name.len + 3) / 4 * 4, line);
}

static void dynamic(size_t index, uint64_t tag, uint64_t value)
{
    put(DYNAMIC + 16 * index, 8, tag);
    put(DYNAMIC + 16 * index + 8, 8, value);
}

/* image_write writes a good image: a place in each page of data is relocated. */
static void image_write(void)
{
    holm_span_fill((struct holm_span){ file, sizeof file }, 0);
    put_text(0, HOLM_TEXT("\177ELF\2\1\1"));
    put(16, 2, 3);
    put(18, 2, HOLM_ELF_MACHINE);
    put(20, 4, 1);
    put(24, 8, TEXT + 16);
    put(32, 8, PROGRAMS);
    put(52, 2, 64);
    put(54, 2, PROGRAM_BYTES);
    put(56, 2, PROGRAMS_COUNT);
    program(SEGMENT_READ, 1, 4, 0, 0x800, 0x800);
    program(SEGMENT_TEXT, 1, 5, TEXT, 0x100, 0x100);
    program(SEGMENT_DATA, 1, 6, DATA, 0x1100, 0x2000);
    program(PART_DYNAMIC, 2, 4, DYNAMIC, 64, 64);
    program(PART_NOTES, 4, 4, NOTES, 64, 64);
    program(PART_SEALED, 0x6474e552, 4, DATA, 0x1000, 0x1000);
    dynamic(0, 36, ROWS);
    dynamic(1, 35, 24);
    dynamic(2, 37, 8);
    put(ROWS, 8, DATA + 8);
    put(ROWS + 8, 8, 1 | 2 | 8); /* the next place, and the one two behind it */
    put(ROWS + 16, 8, DATA + 0x1000);
    put(DATA + 8, 8, 0x10);
    put(DATA + 16, 8, 0x20);
    put(DATA + 32, 8, 0x30);
    put(DATA + 0x1000, 8, 0x40);
    note(NOTES, HOLM_TEXT("GNU\0"), 3, HOLM_TEXT("identity"));
    note(NOTES + 24, HOLM_TEXT("Holm\0"), 1, HOLM_TEXT("net service"));
}

static enum holm_result parse(struct holm_loader_image *image)
{
    struct holm_bytes problem = { 0 }, head = { file, HOLM_LOADER_HEAD_BYTES };
    enum holm_result result = holm_loader_parse(image, &problem, head, sizeof file);

    CHECK((result == HOLM_OK) == (problem.len == 0));
    return result;
}

static enum holm_result relocate(uint64_t base)
{
    struct holm_loader_image image = { 0 };
    struct holm_bytes problem = { 0 };

    CHECK_IS(parse(&image), HOLM_OK);
    return holm_loader_relocate(&image, &problem,
                                (struct holm_span){ file, (size_t)image.memory_bytes }, base);
}

static uint64_t number_at(size_t at)
{
    uint64_t value = 0;

    for (size_t i = 8; i-- > 0;)
        value = value << 8 | HOLM_AT(file, at + i);
    return value;
}

/* wrong_answers is what parse says when one number of the image is another. */
static enum holm_result wrong_answers(size_t at, size_t len, uint64_t value)
{
    struct holm_loader_image image = { 0 };

    image_write();
    put(at, len, value);
    enum holm_result result = parse(&image);
    if (result != HOLM_OK)
        CHECK_IS(image.segments_count, 0);
    return result;
}

static size_t of(size_t index, size_t field)
{
    return PROGRAMS + PROGRAM_BYTES * index + field;
}

TEST(a_good_image_is_read)
{
    struct holm_loader_image image = { 0 };

    image_write();
    CHECK_IS(parse(&image), HOLM_OK);
    CHECK_IS(image.segments_count, 3);
    CHECK(image.segments[0].executable == false && image.segments[0].writable == false);
    CHECK(HOLM_AT(image.segments, 1).executable && !HOLM_AT(image.segments, 1).writable);
    CHECK(HOLM_AT(image.segments, 2).writable && !HOLM_AT(image.segments, 2).executable);
    CHECK_IS(image.memory_bytes, 0x4000);
    CHECK_IS(image.entry, TEXT + 16);
    CHECK_IS(image.sealed.bytes, 0x1000);
}

TEST(places_are_relocated_and_no_others)
{
    image_write();
    CHECK_IS(relocate(0x700000), HOLM_OK);
    CHECK_IS(number_at(DATA + 8), 0x700010);
    CHECK_IS(number_at(DATA + 16), 0x700020);
    CHECK_IS(number_at(DATA + 24), 0);
    CHECK_IS(number_at(DATA + 32), 0x700030);
    CHECK_IS(number_at(DATA + 0x1000), 0x700040);
}

TEST(places_outside_of_writable_segments_are_refused)
{
    static const uint64_t places[] = {
        0, 8, TEXT, DATA - 4, DATA + 0x1ffc, UINT64_MAX - 1, 1 << 30
    };

    for (size_t i = 0; i < HOLM_COUNT(places); i++) {
        image_write();
        put(ROWS, 8, HOLM_AT(places, i));
        CHECK_IS(relocate(0x700000), HOLM_ERR_MALFORMED);
    }
    image_write();
    put(DATA + 8, 8, 0x5000); /* what points out of the image */
    CHECK_IS(relocate(0x700000), HOLM_ERR_MALFORMED);
}

TEST(other_relocations_and_libraries_are_refused)
{
    static const uint64_t tags[] = { 1, 2, 7, 12, 17, 22, 23, 25, 32 };

    for (size_t i = 0; i < HOLM_COUNT(tags); i++) {
        image_write();
        dynamic(3, HOLM_AT(tags, i), 8);
        CHECK_IS(relocate(0), HOLM_ERR_UNSUPPORTED);
    }
    image_write();
    dynamic(2, 37, 16);
    CHECK_IS(relocate(0), HOLM_ERR_UNSUPPORTED);
    image_write();
    dynamic(1, 35, 23);
    CHECK_IS(relocate(0), HOLM_ERR_MALFORMED);
    image_write();
    dynamic(0, 36, DATA); /* a table that its own relocations could change */
    CHECK_IS(relocate(0), HOLM_ERR_MALFORMED);
}

TEST(a_header_that_is_another_is_refused)
{
    CHECK_IS(wrong_answers(0, 1, 'e'), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(4, 1, 1), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(5, 1, 2), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(16, 2, 2), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(wrong_answers(18, 2, 8 /* MIPS */), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(wrong_answers(54, 2, 32), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(wrong_answers(56, 2, 33), HOLM_ERR_LIMIT);
    CHECK_IS(wrong_answers(32, 8, 1 << 20), HOLM_ERR_LIMIT);
    CHECK_IS(wrong_answers(32, 8, 4000), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(24, 8, DATA), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(24, 8, UINT64_MAX), HOLM_ERR_MALFORMED);
}

TEST(a_segment_that_can_not_be_is_refused)
{
    CHECK_IS(wrong_answers(of(SEGMENT_DATA, 4), 4, 7), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(wrong_answers(of(SEGMENT_TEXT, 4), 4, 1), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(wrong_answers(of(SEGMENT_TEXT, 8), 8, FILE_BYTES), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(SEGMENT_TEXT, 8), 8, UINT64_MAX), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(SEGMENT_TEXT, 32), 8, 0x101), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(SEGMENT_DATA, 40), 8, UINT64_MAX), HOLM_ERR_LIMIT);
    CHECK_IS(wrong_answers(of(SEGMENT_DATA, 40), 8, 1 << 30), HOLM_ERR_LIMIT);
    CHECK_IS(wrong_answers(of(SEGMENT_DATA, 16), 8, UINT64_MAX), HOLM_ERR_LIMIT);
    CHECK_IS(wrong_answers(of(SEGMENT_DATA, 16), 8, TEXT + 0xf00), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(SEGMENT_TEXT, 16), 8, 0x700), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(SEGMENT_READ, 0), 4, 3), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(wrong_answers(of(SEGMENT_READ, 0), 4, 7), HOLM_ERR_UNSUPPORTED);
}

TEST(a_part_that_lies_in_no_segment_is_refused)
{
    CHECK_IS(wrong_answers(of(PART_DYNAMIC, 16), 8, 0x7f0), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(PART_NOTES, 40), 8, UINT64_MAX), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(PART_SEALED, 16), 8, TEXT), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(PART_SEALED, 40), 8, 0xfff), HOLM_ERR_MALFORMED);
    CHECK_IS(wrong_answers(of(PART_SEALED, 40), 8, 0x3000), HOLM_ERR_MALFORMED);
}

TEST(notes_are_lines)
{
    struct holm_loader_image image = { 0 };
    struct holm_bytes line = { 0 }, notes = { 0 };

    image_write();
    CHECK_IS(parse(&image), HOLM_OK);
    notes = holm_loader_notes(&image, (struct holm_bytes){ file, sizeof file });
    CHECK(holm_bytes_equal(holm_loader_build_id(notes), HOLM_TEXT("identity")));
    CHECK_IS(holm_loader_line_next(&line, &notes), HOLM_OK);
    CHECK(holm_bytes_equal(holm_loader_word(&line), HOLM_TEXT("net")));
    CHECK(holm_bytes_equal(holm_loader_word(&line), HOLM_TEXT("service")));
    CHECK(holm_bytes_equal(holm_loader_word(&line), HOLM_TEXT("")));
}

TEST(a_note_that_would_be_a_terminal_s_command_is_malformed)
{
    static const uint8_t wrong[] = { 0, '\n', 27, 127, 0x9b, 255 };
    struct holm_bytes line = { 0 }, notes = { 0 };

    for (size_t i = 0; i < HOLM_COUNT(wrong); i++) {
        image_write();
        HOLM_AT(file, NOTES + 24 + 20 + 3) = HOLM_AT(wrong, i);
        notes = (struct holm_bytes){ &HOLM_AT(file, NOTES + 24), 32 };
        CHECK_IS(holm_loader_line_next(&line, &notes), HOLM_ERR_MALFORMED);
    }
    image_write();
    notes = (struct holm_bytes){ &HOLM_AT(file, NOTES + 24), 32 };
    CHECK_IS(holm_loader_line_next(&line, &notes), HOLM_OK);
}

TEST(notes_that_are_cut_off_or_unknown_are_malformed)
{
    struct holm_bytes line = { 0 }, notes = { 0 };

    image_write();
    for (size_t len = 1; len < 32; len++) {
        notes = (struct holm_bytes){ &HOLM_AT(file, NOTES + 24), len };
        CHECK_IS(holm_loader_line_next(&line, &notes), HOLM_ERR_MALFORMED);
        CHECK_IS(notes.len, len);
    }
    notes.len = 32;
    CHECK_IS(holm_loader_line_next(&line, &notes), HOLM_OK);
    CHECK_IS(holm_loader_line_next(&line, &notes), HOLM_END);
    put(NOTES + 24 + 8, 4, 2);
    notes = (struct holm_bytes){ &HOLM_AT(file, NOTES + 24), 32 };
    CHECK_IS(holm_loader_line_next(&line, &notes), HOLM_ERR_MALFORMED);
}
