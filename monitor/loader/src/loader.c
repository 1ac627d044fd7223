/* SPDX-License-Identifier: ISC */
/* loader.c: headers, relocations and notes of an image. Numbers of the file are added and compared by
 * subtraction, so that none wraps. */
#include <holm/loader.h>

#include <holm/abi/note.h>
#include <holm/machine/elf.h>

/* What of the header is wanted; numbers are of the ELF specification. */
#define TYPE_DYNAMIC 3 /* ET_DYN: position-independent */
#define HEADER_BYTES 64
#define PROGRAM_BYTES 56
#define PROGRAMS_MAX 32
#define BUILD_ID 3 /* NT_GNU_BUILD_ID */

enum program_kind {
    KIND_LOAD = 1,
    KIND_DYNAMIC = 2,
    KIND_INTERPRETER = 3,
    KIND_NOTE = 4,
    KIND_TLS = 7,
    KIND_RELRO = 0x6474e552,
};
enum { RIGHT_EXECUTE = 1, RIGHT_WRITE = 2, RIGHT_READ = 4 };

enum dynamic_tag {
    TAG_NEEDED = 1,
    TAG_PLT_BYTES = 2,
    TAG_RELA = 7,
    TAG_REL = 17,
    TAG_TEXTREL = 22,
    TAG_JMPREL = 23,
    TAG_INIT = 12,
    TAG_INIT_ARRAY = 25,
    TAG_PREINIT_ARRAY = 32,
    TAG_RELR_BYTES = 35,
    TAG_RELR = 36,
    TAG_RELR_ENTRY = 37,
};

struct program {
    uint32_t kind, rights;
    uint64_t offset, address, file_bytes, memory_bytes;
};

static enum holm_result refuse(struct holm_bytes *problem, enum holm_result result,
                               struct holm_bytes why)
{
    *problem = why;
    return result;
}

/* take_number takes a number of len bytes, the least byte first. */
static bool take_number(struct holm_bytes *rest, size_t len, uint64_t *number)
{
    struct holm_bytes part = { 0 };
    uint64_t value = 0;
    uint8_t byte = 0;

    if (!holm_bytes_take(rest, len, &part))
        return false;
    for (unsigned shift = 0; holm_bytes_u8(&part, &byte); shift += 8)
        value |= (uint64_t)byte << shift;
    *number = value;
    return true;
}

static bool take_u32(struct holm_bytes *rest, uint32_t *number)
{
    uint64_t wide = 0;

    if (!take_number(rest, 4, &wide))
        return false;
    *number = (uint32_t)wide;
    return true;
}

static uint64_t page_down(uint64_t address)
{
    return address / HOLM_LOADER_PAGE_BYTES * HOLM_LOADER_PAGE_BYTES;
}

/* page_up is for what is at most HOLM_LOADER_IMAGE_MAX. */
static uint64_t page_up(uint64_t address)
{
    return page_down(address + HOLM_LOADER_PAGE_BYTES - 1);
}

static enum holm_result program_read(struct program *program, struct holm_bytes *rest)
{
    uint64_t physical = 0, align = 0;

    if (!take_u32(rest, &program->kind) || !take_u32(rest, &program->rights) ||
        !take_number(rest, 8, &program->offset) || !take_number(rest, 8, &program->address) ||
        !take_number(rest, 8, &physical) || !take_number(rest, 8, &program->file_bytes) ||
        !take_number(rest, 8, &program->memory_bytes) || !take_number(rest, 8, &align))
        return HOLM_ERR_TRUNCATED;
    return HOLM_OK;
}

static enum holm_result segment_add(struct holm_loader_image *image, struct holm_bytes *problem,
                                    const struct program *program, uint64_t file_bytes)
{
    struct holm_loader_segment segment = {
        .address = program->address,
        .memory_bytes = program->memory_bytes,
        .offset = program->offset,
        .file_bytes = program->file_bytes,
        .writable = (program->rights & RIGHT_WRITE) != 0,
        .executable = (program->rights & RIGHT_EXECUTE) != 0,
    };

    if (segment.memory_bytes == 0)
        return HOLM_OK;
    if (image->segments_count == HOLM_LOADER_SEGMENTS_MAX)
        return refuse(problem, HOLM_ERR_LIMIT, HOLM_TEXT("more than 8 segments"));
    if (segment.writable && segment.executable)
        return refuse(problem, HOLM_ERR_UNSUPPORTED,
                      HOLM_TEXT("a segment is writable and executable"));
    if ((program->rights & RIGHT_READ) == 0)
        return refuse(problem, HOLM_ERR_UNSUPPORTED, HOLM_TEXT("a segment is not readable"));
    if (segment.offset > file_bytes || file_bytes - segment.offset < segment.file_bytes ||
        segment.file_bytes > segment.memory_bytes)
        return refuse(problem, HOLM_ERR_MALFORMED, HOLM_TEXT("a segment is not in the file"));
    if (segment.address > HOLM_LOADER_IMAGE_MAX ||
        HOLM_LOADER_IMAGE_MAX - segment.address < segment.memory_bytes)
        return refuse(problem, HOLM_ERR_LIMIT, HOLM_TEXT("it is larger than 1 GiB"));
    if (page_down(segment.address) < image->memory_bytes)
        return refuse(problem, HOLM_ERR_MALFORMED,
                      HOLM_TEXT("two segments share a page, or are out of order"));
    image->memory_bytes = page_up(segment.address + segment.memory_bytes);
    HOLM_AT(image->segments, image->segments_count) = segment;
    image->segments_count++;
    return HOLM_OK;
}

static enum holm_result program_add(struct holm_loader_image *image, struct holm_bytes *problem,
                                    const struct program *program, uint64_t file_bytes)
{
    struct holm_loader_part part = { program->address, program->memory_bytes };

    switch (program->kind) {
    case KIND_LOAD:
        return segment_add(image, problem, program, file_bytes);
    case KIND_DYNAMIC:
        image->dynamic = part;
        return HOLM_OK;
    case KIND_NOTE:
        image->notes = part;
        return HOLM_OK;
    case KIND_RELRO:
        image->sealed = part;
        return HOLM_OK;
    case KIND_INTERPRETER:
    case KIND_TLS:
        return refuse(problem, HOLM_ERR_UNSUPPORTED,
                      HOLM_TEXT("it is a program of the host, not an image"));
    default:
        return HOLM_OK;
    }
}

/* holder is the segment that holds all of a part; NULL: none does. */
static const struct holm_loader_segment *holder(const struct holm_loader_image *image,
                                                uint64_t address, uint64_t bytes)
{
    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        if (address >= segment->address && address - segment->address <= segment->memory_bytes &&
            segment->memory_bytes - (address - segment->address) >= bytes)
            return segment;
    }
    return NULL;
}

/* whole checks what the parts must be to each other. */
static enum holm_result whole(struct holm_loader_image *image, struct holm_bytes *problem)
{
    const struct holm_loader_segment *text = holder(image, image->entry, 1);
    const struct holm_loader_segment *sealed =
        holder(image, image->sealed.address, image->sealed.bytes);

    if (text == NULL || !text->executable)
        return refuse(problem, HOLM_ERR_MALFORMED, HOLM_TEXT("its entry is no code"));
    if (holder(image, image->dynamic.address, image->dynamic.bytes) == NULL ||
        holder(image, image->notes.address, image->notes.bytes) == NULL)
        return refuse(problem, HOLM_ERR_MALFORMED,
                      HOLM_TEXT("its relocations or notes are in no segment"));
    if (image->sealed.bytes == 0)
        return HOLM_OK;
    if (sealed == NULL || !sealed->writable ||
        page_down(image->sealed.address) != page_down(sealed->address) ||
        (image->sealed.address + image->sealed.bytes) % HOLM_LOADER_PAGE_BYTES != 0)
        return refuse(problem, HOLM_ERR_MALFORMED,
                      HOLM_TEXT("what is to be sealed is no row of pages of one segment"));
    return HOLM_OK;
}

enum holm_result holm_loader_parse(struct holm_loader_image *image, struct holm_bytes *problem,
                                   struct holm_bytes head, uint64_t file_bytes)
{
    /* class 64 bits, the least byte first, version 1 */
    const struct holm_bytes magic = HOLM_TEXT("\177ELF\2\1\1");
    struct holm_loader_image read = { 0 };
    struct holm_bytes rest = head, part = { 0 };
    uint64_t type = 0, machine = 0, version = 0, programs = 0, ignored = 0, size = 0, count = 0;

    if (!holm_bytes_take(&rest, 16, &part) || !holm_bytes_part(part, 0, magic.len, &part) ||
        !holm_bytes_equal(part, magic) || !take_number(&rest, 2, &type) ||
        !take_number(&rest, 2, &machine) || !take_number(&rest, 4, &version) ||
        !take_number(&rest, 8, &read.entry) || !take_number(&rest, 8, &programs) ||
        !take_number(&rest, 8, &ignored) || !take_number(&rest, 6, &ignored) ||
        !take_number(&rest, 2, &size) || !take_number(&rest, 2, &count))
        return refuse(problem, HOLM_ERR_MALFORMED, HOLM_TEXT("it is no ELF file of 64 bits"));
    if (machine != HOLM_ELF_MACHINE)
        return refuse(problem, HOLM_ERR_UNSUPPORTED, HOLM_TEXT("it is for another machine"));
    if (type != TYPE_DYNAMIC || size != PROGRAM_BYTES || version != 1)
        return refuse(problem, HOLM_ERR_UNSUPPORTED, HOLM_TEXT("it is not position-independent"));
    if (count > PROGRAMS_MAX || programs > head.len || !holm_bytes_from(head, programs, &rest))
        return refuse(problem, HOLM_ERR_LIMIT, HOLM_TEXT("its headers are not at its start"));
    for (; count > 0; count--) {
        struct program program = { 0 };
        if (program_read(&program, &rest) != HOLM_OK)
            return refuse(problem, HOLM_ERR_MALFORMED, HOLM_TEXT("its headers are cut off"));
        enum holm_result result = program_add(&read, problem, &program, file_bytes);
        if (result != HOLM_OK)
            return result;
    }
    enum holm_result result = whole(&read, problem);
    if (result == HOLM_OK)
        *image = read;
    return result;
}

/* relocate_one adds base to the 8 bytes at address. */
static bool relocate_one(const struct holm_loader_image *image, struct holm_span memory,
                         uint64_t address, uint64_t base)
{
    const struct holm_loader_segment *segment = holder(image, address, 8);
    struct holm_span place = { 0 };
    struct holm_bytes now = { 0 };
    uint64_t value = 0;

    if (segment == NULL || !segment->writable || !holm_span_part(memory, address, 8, &place))
        return false;
    now = holm_span_bytes(place);
    struct holm_buffer out = holm_span_buffer(place);
    if (!take_number(&now, 8, &value) || value > image->memory_bytes)
        return false;
    value += base;
    for (unsigned shift = 0; shift < 64; shift += 8)
        if (!holm_buffer_u8(&out, (uint8_t)(value >> shift)))
            return false;
    return true;
}

/* relocate_row goes through a table: an even entry is a place, an odd one says by its bits which of the
 * 63 places behind the last are meant. */
static bool relocate_row(const struct holm_loader_image *image, struct holm_span memory,
                         struct holm_bytes table, uint64_t base)
{
    uint64_t entry = 0, next = 0;

    while (take_number(&table, 8, &entry)) {
        if (entry % 2 == 0) {
            if (!relocate_one(image, memory, entry, base))
                return false;
            next = entry + 8;
            continue;
        }
        for (unsigned bit = 1; bit < 64; bit++)
            if ((entry >> bit & 1) != 0 &&
                !relocate_one(image, memory, next + UINT64_C(8) * (bit - 1), base))
                return false;
        if (next > HOLM_LOADER_IMAGE_MAX)
            return false;
        next += UINT64_C(8) * 63;
    }
    return table.len == 0;
}

/* relocations_find reads the dynamic section. */
static enum holm_result relocations_find(struct holm_loader_part *table, struct holm_bytes *problem,
                                         struct holm_bytes dynamic)
{
    uint64_t tag = 0, value = 0, entry = 8;

    while (take_number(&dynamic, 8, &tag) && take_number(&dynamic, 8, &value) && tag != 0) {
        switch (tag) {
        case TAG_RELR:
            table->address = value;
            break;
        case TAG_RELR_BYTES:
            table->bytes = value;
            break;
        case TAG_RELR_ENTRY:
            entry = value;
            break;
        case TAG_NEEDED:
        case TAG_PLT_BYTES:
        case TAG_RELA:
        case TAG_REL:
        case TAG_TEXTREL:
        case TAG_JMPREL:
        case TAG_INIT:
        case TAG_INIT_ARRAY:
        case TAG_PREINIT_ARRAY:
            return refuse(problem, HOLM_ERR_UNSUPPORTED,
                          HOLM_TEXT("it wants a linker, or code that runs before its entry"));
        default:
            break;
        }
    }
    if (entry != 8)
        return refuse(problem, HOLM_ERR_UNSUPPORTED, HOLM_TEXT("its relocations have no 8 bytes"));
    return HOLM_OK;
}

enum holm_result holm_loader_relocate(const struct holm_loader_image *image,
                                      struct holm_bytes *problem, struct holm_span memory,
                                      uint64_t base)
{
    struct holm_bytes all = holm_span_bytes(memory), dynamic = { 0 }, rows = { 0 };
    struct holm_loader_part table = { 0 };

    if (!holm_bytes_part(all, image->dynamic.address, image->dynamic.bytes, &dynamic))
        return refuse(problem, HOLM_ERR_MALFORMED, HOLM_TEXT("its relocations are cut off"));
    enum holm_result result = relocations_find(&table, problem, dynamic);
    if (result != HOLM_OK)
        return result;
    const struct holm_loader_segment *segment = holder(image, table.address, table.bytes);
    if (segment == NULL || segment->writable ||
        !holm_bytes_part(all, table.address, table.bytes, &rows) ||
        !relocate_row(image, memory, rows, base))
        return refuse(problem, HOLM_ERR_MALFORMED,
                      HOLM_TEXT("a relocation is not of an address in a writable segment"));
    return HOLM_OK;
}

struct holm_bytes holm_loader_notes(const struct holm_loader_image *image, struct holm_bytes memory)
{
    struct holm_bytes notes = { 0 };

    (void)holm_bytes_part(memory, image->notes.address, image->notes.bytes, &notes);
    return notes;
}

/* struct note is one of the notes; name and description are padded to 4 bytes. */
struct note {
    uint32_t type;
    struct holm_bytes name, text;
};

static bool note_take(struct note *note, struct holm_bytes *rest)
{
    struct holm_bytes padding = { 0 };
    uint32_t name_len = 0, len = 0;

    return take_u32(rest, &name_len) && take_u32(rest, &len) && take_u32(rest, &note->type) &&
           holm_bytes_take(rest, name_len, &note->name) &&
           holm_bytes_take(rest, (4 - name_len % 4) % 4, &padding) &&
           holm_bytes_take(rest, len, &note->text) &&
           holm_bytes_take(rest, (4 - len % 4) % 4, &padding);
}

/* is_text refuses what would be a command where a line is shown, and a second line. */
static bool is_text(struct holm_bytes line)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&line, &byte))
        if (byte < ' ' || byte > '~')
            return false;
    return true;
}

enum holm_result holm_loader_line_next(struct holm_bytes *line, struct holm_bytes *notes)
{
    const struct holm_bytes ours = { (const uint8_t *)HOLM_NOTE_NAME, sizeof(HOLM_NOTE_NAME) };
    struct holm_bytes rest = *notes;
    struct note note = { 0 };

    while (rest.len > 0) {
        if (!note_take(&note, &rest))
            return HOLM_ERR_MALFORMED;
        if (!holm_bytes_equal(note.name, ours))
            continue;
        if (note.type != HOLM_NOTE_TYPE || note.text.len > HOLM_NOTE_LINE_MAX ||
            !is_text(note.text))
            return HOLM_ERR_MALFORMED;
        *line = note.text;
        *notes = rest;
        return HOLM_OK;
    }
    return HOLM_END;
}

struct holm_bytes holm_loader_build_id(struct holm_bytes notes)
{
    const struct holm_bytes linker = HOLM_TEXT("GNU\0");
    struct note note = { 0 };

    while (notes.len > 0 && note_take(&note, &notes))
        if (note.type == BUILD_ID && holm_bytes_equal(note.name, linker))
            return note.text;
    return (struct holm_bytes){ 0 };
}

struct holm_bytes holm_loader_word(struct holm_bytes *line)
{
    struct holm_bytes word = { 0 };
    uint8_t space = 0;
    size_t len = 0;

    while (len < line->len && !holm_bytes_is(*line, len, ' '))
        len++;
    holm_assert(holm_bytes_take(line, len, &word));
    (void)!holm_bytes_u8(line, &space);
    return word;
}
