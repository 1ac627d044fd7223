/* SPDX-License-Identifier: ISC */
/* tar.c: a header and its content at a time; headers that only say something of the next one are read here. */
#include <holm/tar.h>

#include <holm/class.h>
#include <holm/text.h>

#define BLOCK 512

/* Where fields of a header are, and how long. */
enum {
    NAME = 0,
    NAME_LEN = 100,
    SIZE = 124,
    SIZE_LEN = 12,
    SUM = 148,
    SUM_LEN = 8,
    TYPE = 156,
    MAGIC = 257,
    FOLDER = 345,
    FOLDER_LEN = 155,
};

/* struct said is what headers before that of an entry say of it. */
struct said {
    struct holm_bytes path;
    uint64_t size;
    bool has_path, has_size;
};

/* text is a field up to its first NUL. */
static struct holm_bytes text(struct holm_bytes all, size_t at, size_t len)
{
    struct holm_bytes field = { 0 }, part = { 0 };

    (void)holm_bytes_part(all, at, len, &field);
    (void)holm_bytes_part(field, 0, holm_bytes_find(field, 0, 0), &part);
    return part;
}

/* octal reads a number, with blanks on either side; numbers that GNU tar writes in binary begin above 127. */
static enum holm_result octal(struct holm_bytes header, size_t at, size_t len, uint64_t *number)
{
    struct holm_bytes digits = holm_text_trim(text(header, at, len));
    uint64_t value = 0;
    uint8_t digit = 0;

    if (digits.len == 0)
        return HOLM_ERR_MALFORMED;
    while (holm_bytes_u8(&digits, &digit)) {
        if (digit > 127)
            return HOLM_ERR_UNSUPPORTED;
        if (digit < '0' || digit > '7')
            return HOLM_ERR_MALFORMED;
        value = value * 8 + (digit - '0'); /* at most 12 digits of 3 bits */
    }
    *number = value;
    return HOLM_OK;
}

/* sum_check adds all bytes of a header, with blanks in place of the sum. */
static bool sum_check(struct holm_bytes header)
{
    uint64_t wanted = 0, sum = 0;
    uint8_t byte = 0;

    if (octal(header, SUM, SUM_LEN, &wanted) != HOLM_OK)
        return false;
    for (size_t i = 0; holm_bytes_u8_at(header, i, &byte); i++)
        sum += i >= SUM && i < SUM + SUM_LEN ? ' ' : byte;
    return sum == wanted;
}

/* record_read takes "LEN KEY=VALUE\n" off *records, where LEN counts all of it, and keeps what is of use. */
static bool record_read(struct said *said, struct holm_bytes *records)
{
    struct holm_bytes rest = *records, digits = { 0 }, record = { 0 }, key = { 0 };
    uint64_t len = 0;

    if (!holm_bytes_split(&rest, ' ', &digits) || holm_text_u64_parse(&len, digits) != HOLM_OK ||
        len > records->len || len < digits.len + 2 ||
        !holm_bytes_is(*records, (size_t)len - 1, '\n') ||
        !holm_bytes_part(rest, 0, (size_t)len - digits.len - 2, &record) ||
        !holm_bytes_split(&record, '=', &key) || !holm_bytes_from(*records, (size_t)len, records))
        return false;
    if (holm_bytes_equal(key, HOLM_TEXT("path"))) {
        said->path = record;
        said->has_path = true;
    }
    if (!holm_bytes_equal(key, HOLM_TEXT("size")))
        return true;
    said->has_size = true;
    return holm_text_u64_parse(&said->size, record) == HOLM_OK;
}

/* about_read reads what a header's content says of the next one. */
static bool about_read(struct said *said, uint8_t type, struct holm_bytes content)
{
    if (type == 'L') {
        said->path = text(content, 0, content.len);
        said->has_path = true;
    }
    while (type == 'x' && content.len > 0)
        if (!record_read(said, &content))
            return false;
    return true;
}

/* is_about answers whether a header only says something of others: of the next one, or of all. */
static bool is_about(uint8_t type)
{
    return type == 'L' || type == 'K' || type == 'x' || type == 'g';
}

/* header_take takes a header and its content. */
static enum holm_result header_take(struct holm_bytes *header, struct holm_bytes *content,
                                    const struct said *said, struct holm_bytes *tar)
{
    struct holm_bytes padding = { 0 };
    uint64_t size = 0;
    uint8_t type = 0;

    if (tar->len == 0 || holm_bytes_is(*tar, 0, 0))
        return HOLM_END;
    if (!holm_bytes_take(tar, BLOCK, header))
        return HOLM_ERR_TRUNCATED;
    if (!holm_bytes_equal(text(*header, MAGIC, 5), HOLM_TEXT("ustar")) || !sum_check(*header) ||
        !holm_bytes_u8_at(*header, TYPE, &type))
        return HOLM_ERR_MALFORMED;
    enum holm_result result = octal(*header, SIZE, SIZE_LEN, &size);
    if (result != HOLM_OK)
        return result;
    if (said->has_size && !is_about(type))
        size = said->size;
    if (type >= '1' && type <= '6') /* links, devices, folders have a size of no meaning */
        size = 0;
    if (size > tar->len || !holm_bytes_take(tar, (size_t)size, content) ||
        !holm_bytes_take(tar, (size_t)((BLOCK - size % BLOCK) % BLOCK), &padding))
        return HOLM_ERR_TRUNCATED;
    return HOLM_OK;
}

enum holm_result holm_tar_next(struct holm_tar_entry *entry, struct holm_bytes *tar)
{
    struct holm_bytes rest = *tar, header = { 0 }, content = { 0 };
    struct said said = { 0 };
    uint8_t type = 0;

    for (;;) {
        enum holm_result result = header_take(&header, &content, &said, &rest);
        if (result == HOLM_END && (said.has_path || said.has_size))
            return HOLM_ERR_TRUNCATED; /* of whom it was said is not there */
        if (result != HOLM_OK)
            return result;
        holm_assert(holm_bytes_u8_at(header, TYPE, &type));
        if (!is_about(type))
            break;
        if (!about_read(&said, type, content))
            return HOLM_ERR_MALFORMED;
    }
    /* a header of GNU tar has something else in the place of the folder */
    bool posix = holm_bytes_is(header, MAGIC + 5, 0);
    *entry = (struct holm_tar_entry){
        .folder = said.has_path || !posix ? HOLM_TEXT("") : text(header, FOLDER, FOLDER_LEN),
        .name = said.has_path ? said.path : text(header, NAME, NAME_LEN),
        .content = content,
        .is_file = type == '0' || type == 0 || type == '7',
    };
    *tar = rest;
    return HOLM_OK;
}

/* without_dot drops "./" at the start. */
static struct holm_bytes without_dot(struct holm_bytes path)
{
    while (holm_text_starts(path, HOLM_TEXT("./")))
        holm_assert(holm_bytes_from(path, 2, &path));
    return path;
}

bool holm_tar_is(const struct holm_tar_entry *entry, struct holm_bytes path)
{
    struct holm_bytes folder = without_dot(entry->folder), first = { 0 }, rest = { 0 };

    path = without_dot(path);
    if (entry->folder.len == 0)
        return holm_bytes_equal(without_dot(entry->name), path);
    if (folder.len == 0 || holm_bytes_equal(folder, HOLM_TEXT(".")))
        return holm_bytes_equal(entry->name, path);
    return holm_bytes_part(path, 0, folder.len, &first) && holm_bytes_equal(first, folder) &&
           holm_bytes_is(path, folder.len, '/') && holm_bytes_from(path, folder.len + 1, &rest) &&
           holm_bytes_equal(rest, entry->name);
}
