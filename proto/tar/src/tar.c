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
    MAGIC_LEN = 5,
    FOLDER = 345,
    FOLDER_LEN = 155,
};

/* struct said is what headers before that of an entry say of it. */
struct said {
    struct holm_bytes path;
    uint64_t size;
    bool has_path, has_size;
};

/*@ // What is said now of a path was said before, or stands in the bytes.
    predicate said_in{L1,L2}(struct said *said, struct holm_bytes in) =
      \at(said->has_path,L2) ==> holm_tar_within(\at(said->path,L2), in) ||
        (\at(said->has_path,L1) && \at(said->path,L2) == \at(said->path,L1)); */

/* text is a field, which is there, up to its first NUL. */
/*@ requires holm_readable(all) && at + len <= all.len;
    assigns \nothing;
    ensures \result.ptr == all.ptr + at && \result.len <= len;
    ensures \forall integer k; 0 <= k < \result.len ==> \result.ptr[k] != 0;
    ensures \result.len < len ==> \result.ptr[\result.len] == 0; */
static struct holm_bytes text(struct holm_bytes all, size_t at, size_t len)
{
    struct holm_bytes field = { 0 }, part = { 0 };

    holm_assert(holm_bytes_part(all, at, len, &field));
    holm_assert(holm_bytes_part(field, 0, holm_bytes_find(field, 0, 0), &part));
    return part;
}

/* digits_parse reads a number; those that GNU tar writes in binary begin above 127. */
/*@ requires holm_readable(digits) && digits.len <= 12 && \valid(number);
    requires \separated(number, digits.ptr + (0 .. digits.len - 1));
    assigns *number;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK <==> digits.len > 0 && holm_digits(digits.ptr, 0, digits.len, 8);
    ensures \result == HOLM_OK ==> *number == holm_number(digits.ptr, digits.len, 8);
    ensures \result != HOLM_OK ==> *number == \old(*number); */
static enum holm_result digits_parse(struct holm_bytes digits, uint64_t *number)
{
    uint64_t value = 0;
    uint8_t digit = 0;

    if (digits.len == 0)
        return HOLM_ERR_MALFORMED;
    /*@ loop invariant i <= digits.len && holm_digits(digits.ptr, 0, i, 8);
        loop invariant value == holm_number(digits.ptr, i, 8) && value < holm_tar_eights(i);
        loop assigns i, value, digit;
        loop variant digits.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(digits, i, &digit); i++) {
        if (digit > 127)
            return HOLM_ERR_UNSUPPORTED;
        if (digit < '0' || digit > '7')
            return HOLM_ERR_MALFORMED;
        /*@ assert holm_number(digits.ptr, i + 1, 8) == value * 8 + (digit - '0'); */
        value = value * 8 + (digit - '0'); /* at most 12 digits of 3 bits */
    }
    *number = value;
    return HOLM_OK;
}

/* octal reads a number of at most 12 digits, with blanks on either side. */
/*@ requires holm_readable(header) && at + len <= header.len && len <= 12 && \valid(number);
    requires \separated(number, header.ptr + (0 .. header.len - 1));
    assigns *number;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> holm_tar_octal(header.ptr + at, len, *number);
    ensures \result != HOLM_OK ==> *number == \old(*number); */
static enum holm_result octal(struct holm_bytes header, size_t at, size_t len, uint64_t *number)
{
    struct holm_bytes digits = holm_text_trim(text(header, at, len));
    enum holm_result result = digits_parse(digits, number);

    /*@ assert result == HOLM_OK ==> holm_tar_octal_is(digits, header.ptr + at, len, *number); */
    return result;
}

/* sum_check adds all bytes of a header, with blanks in place of the sum. */
/*@ requires holm_readable(header) && header.len == BLOCK;
    assigns \nothing;
    ensures \result ==>
              holm_tar_octal(header.ptr + SUM, SUM_LEN, holm_tar_sum(header.ptr, BLOCK)); */
static bool sum_check(struct holm_bytes header)
{
    uint64_t wanted = 0, sum = 0;
    uint8_t byte = 0;

    if (octal(header, SUM, SUM_LEN, &wanted) != HOLM_OK)
        return false;
    /*@ loop invariant i <= header.len && sum == holm_tar_sum(header.ptr, i) && sum <= 255 * i;
        loop assigns i, sum, byte;
        loop variant header.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(header, i, &byte); i++)
        sum += i >= SUM && i < SUM + SUM_LEN ? ' ' : byte;
    return sum == wanted;
}

/* record_read reads "LEN KEY=VALUE\n" at the front of in, where LEN counts all of it, and keeps what is of use; *taken is
 * LEN. */
/*@ requires \valid(said) && \valid(taken) && holm_readable(in);
    requires \separated(said, taken, in.ptr + (0 .. in.len - 1));
    assigns *said, *taken;
    ensures \result ==> 0 < *taken <= in.len;
    ensures \result ==> said_in{Old,Here}(said, in); */
static bool record_read(struct said *said, struct holm_bytes in, size_t *taken)
{
    struct holm_bytes rest = in, digits = { 0 }, record = { 0 }, key = { 0 };
    uint64_t len = 0;

    if (!holm_bytes_split(&rest, ' ', &digits) || holm_text_u64_parse(&len, digits) != HOLM_OK ||
        len > in.len || len <= digits.len + 1 || !holm_bytes_is(in, (size_t)len - 1, '\n'))
        return false;
    holm_assert(holm_bytes_part(rest, 0, (size_t)len - digits.len - 2, &record));
    if (!holm_bytes_split(&record, '=', &key))
        return false;
    *taken = (size_t)len;
    if (holm_bytes_equal(key, HOLM_TEXT("path"))) {
        said->path = record;
        said->has_path = true;
    }
    if (!holm_bytes_equal(key, HOLM_TEXT("size")))
        return true;
    said->has_size = true;
    return holm_text_u64_parse(&said->size, record) == HOLM_OK;
}

/* records_read reads all of them. */
/*@ requires \valid(said) && holm_readable(records);
    requires \separated(said, records.ptr + (0 .. records.len - 1));
    assigns *said;
    ensures \result ==> said_in{Old,Here}(said, records); */
static bool records_read(struct said *said, struct holm_bytes records)
{
    size_t taken = 0;

    /*@ loop invariant records.len <= \at(records.len,Pre);
        loop invariant records.ptr ==
          \at(records.ptr,Pre) + (\at(records.len,Pre) - records.len);
        loop invariant said_in{Pre,Here}(said, \at(records,Pre));
        loop assigns records, taken, *said;
        loop variant records.len; */
    while (records.len > 0) {
        if (!record_read(said, records, &taken))
            return false;
        holm_assert(holm_bytes_from(records, taken, &records));
    }
    return true;
}

/* about_read reads what a header's content says of the next one. */
/*@ requires \valid(said) && holm_readable(content);
    requires \separated(said, content.ptr + (0 .. content.len - 1));
    assigns *said;
    ensures \result ==> said_in{Old,Here}(said, content); */
static bool about_read(struct said *said, uint8_t type, struct holm_bytes content)
{
    if (type == 'L') {
        said->path = text(content, 0, content.len);
        said->has_path = true;
    }
    return type != 'x' || records_read(said, content);
}

/* is_about answers whether a header only says something of others: of the next one, or of all. */
/*@ assigns \nothing;
    ensures \result <==> type == 'L' || type == 'K' || type == 'x' || type == 'g'; */
static bool is_about(uint8_t type)
{
    return type == 'L' || type == 'K' || type == 'x' || type == 'g';
}

/* part_of is a part of all, which is there; type_at, what the header at a place is of. */
/*@ requires holm_readable(all) && at + len <= all.len;
    assigns \nothing;
    ensures holm_is_part(\result, all, at, len); */
static struct holm_bytes part_of(struct holm_bytes all, size_t at, size_t len)
{
    struct holm_bytes part = { 0 };

    holm_assert(holm_bytes_part(all, at, len, &part));
    return part;
}

/*@ requires holm_readable(tar) && at + BLOCK <= tar.len;
    assigns \nothing;
    ensures \result == tar.ptr[at + TYPE]; */
static uint8_t type_at(struct holm_bytes tar, size_t at)
{
    uint8_t type = 0;

    holm_assert(holm_bytes_u8_at(tar, at + TYPE, &type));
    return type;
}

/* header_check looks at a header, and reads the size that it says. */
/*@ requires holm_readable(header) && header.len == BLOCK && \valid(size);
    requires \separated(size, header.ptr + (0 .. header.len - 1));
    assigns *size;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> holm_tar_header(header.ptr);
    ensures \result == HOLM_OK ==> holm_tar_octal(header.ptr + SIZE, SIZE_LEN, *size); */
static enum holm_result header_check(struct holm_bytes header, uint64_t *size)
{
    static const uint8_t magic[] = { 'u', 's', 't', 'a', 'r' };

    if (!holm_bytes_equal(text(header, MAGIC, MAGIC_LEN), HOLM_BLOB(magic)) || !sum_check(header))
        return HOLM_ERR_MALFORMED;
    return octal(header, SIZE, SIZE_LEN, size);
}

/* content_size is how long a header's content is: links, devices, folders have a size of no meaning. */
/*@ requires \valid_read(said);
    assigns \nothing;
    ensures '1' <= type <= '6' ==> \result == 0;
    ensures !('1' <= type <= '6') && (!said->has_size || type \in { 'L', 'K', 'x', 'g' }) ==>
              \result == size;
    ensures said->has_size && !('1' <= type <= '6') && !(type \in { 'L', 'K', 'x', 'g' }) ==>
              \result == said->size; */
static uint64_t content_size(const struct said *said, uint8_t type, uint64_t size)
{
    if (type >= '1' && type <= '6')
        return 0;
    return said->has_size && !is_about(type) ? said->size : size;
}

/* padding is how many bytes fill the last block of a content. */
/*@ assigns \nothing;
    ensures \result == holm_tar_padding(size) && \result < BLOCK; */
static size_t padding(uint64_t size)
{
    return (size_t)((BLOCK - size % BLOCK) % BLOCK);
}

/* header_read looks at the header at a place, and answers how long the content behind it is. */
/*@ requires holm_readable(tar) && at <= tar.len && \valid_read(said) && \valid(len);
    requires \separated(len, said, tar.ptr + (0 .. tar.len - 1));
    assigns *len;
    ensures holm_tar_answers(\result);
    ensures \result == HOLM_END <==> at == tar.len || tar.ptr[at] == 0;
    ensures \result == HOLM_OK ==> holm_tar_header(tar.ptr + at);
    ensures \result == HOLM_OK ==> at + BLOCK + *len + holm_tar_padding(*len) <= tar.len;
    ensures \result == HOLM_OK && '1' <= tar.ptr[at + TYPE] <= '6' ==> *len == 0;
    ensures \result == HOLM_OK && !said->has_size && !('1' <= tar.ptr[at + TYPE] <= '6') ==>
              holm_tar_octal(tar.ptr + at + SIZE, SIZE_LEN, *len); */
static enum holm_result header_read(const struct said *said, struct holm_bytes tar, size_t at,
                                    size_t *len)
{
    uint64_t size = 0;

    if (at == tar.len || holm_bytes_is(tar, at, 0))
        return HOLM_END;
    if (tar.len - at < BLOCK)
        return HOLM_ERR_TRUNCATED;
    enum holm_result result = header_check(part_of(tar, at, BLOCK), &size);
    if (result != HOLM_OK)
        return result;
    size = content_size(said, type_at(tar, at), size);
    if (size > tar.len - at - BLOCK || padding(size) > tar.len - at - BLOCK - size)
        return HOLM_ERR_TRUNCATED;
    *len = (size_t)size;
    return HOLM_OK;
}

/* headers_read finds the first header of an entry, and keeps what those before say of it. */
/*@ requires holm_readable(tar) && \valid(said) && \valid(at) && \valid(len);
    requires \separated(said, at, len, tar.ptr + (0 .. tar.len - 1));
    requires !said->has_path && !said->has_size;
    assigns *said, *at, *len;
    ensures holm_tar_answers(\result);
    ensures holm_tar_ends{Old}(tar) ==> \result == HOLM_END;
    ensures \result == HOLM_OK ==> *at + BLOCK + *len + holm_tar_padding(*len) <= tar.len;
    ensures \result == HOLM_OK ==> holm_tar_header(tar.ptr + *at);
    ensures \result == HOLM_OK ==> !(tar.ptr[*at + TYPE] \in { 'L', 'K', 'x', 'g' });
    ensures \result == HOLM_OK && said->has_path ==> holm_tar_within(said->path, tar); */
static enum holm_result headers_read(struct said *said, struct holm_bytes tar, size_t *at,
                                     size_t *len)
{
    /*@ loop invariant *at <= tar.len;
        loop invariant said->has_path ==> holm_tar_within(said->path, tar);
        loop invariant said->has_path || said->has_size ==> *at > 0;
        loop invariant *at > 0 ==> !holm_tar_ends{Pre}(tar);
        loop assigns *said, *at, *len;
        loop variant tar.len - *at; */
    for (*at = 0;; *at += BLOCK + *len + padding(*len)) {
        enum holm_result result = header_read(said, tar, *at, len);
        if (result == HOLM_END && (said->has_path || said->has_size))
            return HOLM_ERR_TRUNCATED; /* of whom it was said is not there */
        if (result != HOLM_OK || !is_about(type_at(tar, *at)))
            return result;
        if (!about_read(said, type_at(tar, *at), part_of(tar, *at + BLOCK, *len)))
            return HOLM_ERR_MALFORMED;
    }
}

enum holm_result holm_tar_next(struct holm_tar_entry *entry, struct holm_bytes *tar)
{
    struct holm_bytes all = *tar;
    struct said said = { 0 };
    size_t at = 0, len = 0;

    enum holm_result result = headers_read(&said, all, &at, &len);
    if (result != HOLM_OK)
        return result;
    uint8_t type = type_at(all, at);
    /* a header of GNU tar has something else in the place of the folder */
    bool posix = holm_bytes_is(all, at + MAGIC + MAGIC_LEN, 0);
    *entry = (struct holm_tar_entry){
        .folder = said.has_path || !posix ? HOLM_TEXT("") : text(all, at + FOLDER, FOLDER_LEN),
        .name = said.has_path ? said.path : text(all, at + NAME, NAME_LEN),
        .content = part_of(all, at + BLOCK, len),
        .is_file = type == '0' || type == 0 || type == '7',
    };
    holm_assert(holm_bytes_from(all, at + BLOCK + len + padding(len), tar));
    return HOLM_OK;
}

/* without_dot drops "./" at the start. */
/*@ requires holm_readable(path);
    assigns \nothing;
    ensures holm_tar_bare(\result, path) && holm_tar_tail(\result, path); */
static struct holm_bytes without_dot(struct holm_bytes path)
{
    /*@ loop invariant path.len <= \at(path.len,Pre);
        loop invariant path.ptr == \at(path.ptr,Pre) + (\at(path.len,Pre) - path.len);
        loop invariant holm_tar_dots(\at(path.ptr,Pre), \at(path.len,Pre)) ==
          holm_tar_dots(path.ptr, path.len) + (\at(path.len,Pre) - path.len);
        loop assigns path;
        loop variant path.len; */
    while (holm_bytes_is(path, 0, '.') && holm_bytes_is(path, 1, '/'))
        holm_assert(holm_bytes_from(path, 2, &path));
    return path;
}

/* folder_is answers whether a path is a folder, which has a name, a slash, and the name. */
/*@ requires holm_readable(path) && holm_readable(folder) && holm_readable(name);
    assigns \nothing;
    ensures \result ==> holm_tar_ends_with(path, name); */
static bool folder_is(struct holm_bytes path, struct holm_bytes folder, struct holm_bytes name)
{
    struct holm_bytes first = { 0 }, rest = { 0 };

    if (!holm_bytes_part(path, 0, folder.len, &first) || !holm_bytes_equal(first, folder) ||
        !holm_bytes_is(path, folder.len, '/'))
        return false;
    holm_assert(holm_bytes_from(path, folder.len + 1, &rest));
    /*@ assert holm_tar_tail(rest, path); */
    return holm_bytes_equal(rest, name);
}

bool holm_tar_is(const struct holm_tar_entry *entry, struct holm_bytes path)
{
    struct holm_bytes name = without_dot(entry->name), folder = without_dot(entry->folder);
    struct holm_bytes plain = without_dot(path);

    /*@ assert holm_tar_bare(name, entry->name) && holm_tar_bare(plain, path); */
    if (entry->folder.len == 0)
        return holm_bytes_equal(name, plain);
    if (folder.len == 0 || holm_bytes_equal(folder, HOLM_TEXT(".")))
        return holm_bytes_equal(plain, entry->name);
    return folder_is(plain, folder, entry->name);
}
