/* SPDX-License-Identifier: ISC */
/* crypt_file.c: bytes from files, keys as text, the host's random numbers. */
#include "crypt.h"

#include <errno.h>
#include <fcntl.h>
#include <holm/encoding.h>
#include <holm/secret.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* Twelve times twice the first room has the longest input, and a byte more that tells of its end. */
enum { FIRST_BYTES = 65537, TEXT_MAX = HOLM_HEX_CHARACTERS(CRYPT_KEY_MAX) + 1, PATH_BYTES = 4096 };

int crypt_trouble(const char *what, const char *wrong)
{
    (void)fprintf(stderr, "holm-crypt: %s: %s\n", what, wrong);
    return STATUS_TROUBLE;
}

bool crypt_is(struct holm_bytes name, const char *word)
{
    return holm_bytes_equal(name, (struct holm_bytes){ (const uint8_t *)word, strlen(word) });
}

void crypt_release(struct holm_span bytes)
{
    holm_secret_wipe(bytes.ptr, bytes.len);
    free(bytes.ptr);
}

/* larger is a copy of a room in one of twice the size, and the old one wiped; NULL: there is no memory. */
static uint8_t *larger(struct holm_span room)
{
    uint8_t *next = malloc(2 * room.len);

    if (next != NULL)
        (void)memcpy(next, room.ptr, room.len);
    crypt_release(room);
    return next;
}

bool crypt_read(struct holm_span *bytes, const char *path)
{
    int file = path == NULL ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct holm_span room = { malloc(FIRST_BYTES), FIRST_BYTES }, rest = { 0 };
    size_t len = 0;
    ssize_t got = file < 0 ? -1 : 1;

    while (got > 0 && room.ptr != NULL && len <= CRYPT_INPUT_MAX) {
        if (len == room.len) {
            room.ptr = larger(room);
            room.len *= 2;
            continue;
        }
        holm_assert(holm_span_part(room, len, room.len - len, &rest));
        got = read(file, rest.ptr, rest.len);
        len += got > 0 ? (size_t)got : 0;
    }
    int problem = errno;
    if (file > STDIN_FILENO)
        (void)close(file);
    if (got == 0 && room.ptr != NULL) {
        *bytes = (struct holm_span){ room.ptr, len };
        return true;
    }
    (void)crypt_trouble(path == NULL ? "standard input" : path, got < 0 ? strerror(problem)
                                                                : len > CRYPT_INPUT_MAX
                                                                    ? "more than 256 MiB"
                                                                    : "not enough memory");
    if (room.ptr != NULL)
        crypt_release((struct holm_span){ room.ptr, len });
    return false;
}

static bool bytes_write(int file, struct holm_bytes bytes)
{
    struct holm_bytes part = { 0 };

    while (bytes.len > 0) {
        ssize_t put = write(file, bytes.ptr, bytes.len);
        if (put <= 0 || !holm_bytes_take(&bytes, (size_t)put, &part))
            return false;
    }
    return true;
}

/* closed closes a file after what was done with it, and keeps the reason if that failed. */
static bool closed(int file, bool done)
{
    int problem = errno;

    if (close(file) != 0)
        return false;
    errno = problem;
    return done;
}

/* draft_open makes an empty file in the folder of path, which its owner alone may read, and sets draft to its name. */
static int draft_open(char draft[PATH_BYTES], const char *path)
{
    size_t len = strlen(path), at = len;

    while (at > 0 && HOLM_NTH(path, len, at - 1) != '/')
        at--;
    int written = snprintf(draft, PATH_BYTES, "%.*s.holm-crypt-XXXXXX", (int)at, path);
    if (written >= 0 && written < PATH_BYTES)
        return mkostemp(draft, O_CLOEXEC);
    errno = ENAMETOOLONG;
    return -1;
}

/* draft_place gives a draft its name. What may not be there is not replaced either; where the file system cannot say
 * that of a new name, a second one can. */
static bool draft_place(const char *draft, const char *path, enum crypt_file file)
{
    if (file == CRYPT_RESULT)
        return rename(draft, path) == 0;
    return renameat2(AT_FDCWD, draft, AT_FDCWD, path, RENAME_NOREPLACE) == 0 ||
           (errno == EINVAL && link(draft, path) == 0 && unlink(draft) == 0);
}

/* file_write puts bytes into a draft and then in their place, so whoever looks finds all of them there or nothing
 * new. */
static bool file_write(const char *path, struct holm_bytes bytes, enum crypt_file file, mode_t mode)
{
    char draft[PATH_BYTES];
    int descriptor = draft_open(draft, path);

    if (descriptor < 0)
        return false;
    bool written =
        bytes_write(descriptor, bytes) && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0;
    if (closed(descriptor, written) && draft_place(draft, path, file))
        return true;
    int problem = errno;
    (void)unlink(draft);
    errno = problem;
    return false;
}

/* result_write writes over what is there: into a device, in the place of a file. */
static bool result_write(const char *path, struct holm_bytes bytes, mode_t mode)
{
    int there = open(path, O_WRONLY | O_CLOEXEC);
    struct stat status = { 0 };

    if (there < 0)
        return errno == ENOENT && file_write(path, bytes, CRYPT_RESULT, mode);
    bool known = fstat(there, &status) == 0;
    if (known && !S_ISREG(status.st_mode))
        return closed(there, bytes_write(there, bytes));
    if (!closed(there, known))
        return false;
    char *place = realpath(path, NULL); /* where a link leads */
    bool done = place != NULL && file_write(place, bytes, CRYPT_RESULT, status.st_mode & 0777);
    free(place);
    return done;
}

bool crypt_write(const char *path, struct holm_bytes bytes, enum crypt_file file)
{
    mode_t mask = umask(0);
    bool done = false;

    (void)umask(mask);
    if (path == NULL)
        done = bytes_write(STDOUT_FILENO, bytes);
    else if (file == CRYPT_RESULT)
        done = result_write(path, bytes, 0666 & ~mask);
    else
        done = file_write(path, bytes, file, file == CRYPT_SECRET ? 0600 : 0666 & ~mask);
    if (!done)
        (void)crypt_trouble(path == NULL ? "standard output" : path, strerror(errno));
    return done;
}

/* is_same answers whether two paths lead to one file; NULL is none. */
static bool is_same(const char *path, const struct stat *other)
{
    struct stat status;

    return path != NULL && stat(path, &status) == 0 && status.st_dev == other->st_dev &&
           status.st_ino == other->st_ino;
}

bool crypt_is_free(const struct crypt_words *words)
{
    struct stat out;

    if (words->out == NULL || stat(words->out, &out) != 0 || !S_ISREG(out.st_mode))
        return true;
    if (!is_same(words->in, &out) && !is_same(words->key, &out) && !is_same(words->domain, &out) &&
        !is_same(words->signature, &out))
        return true;
    (void)crypt_trouble(words->out, "it is read, too: the result has to go to another file");
    return false;
}

bool crypt_form_read(struct holm_buffer *out, const char *path, enum crypt_form form)
{
    struct holm_span all = { 0 };
    enum holm_result result = HOLM_OK;

    if (!crypt_read(&all, path))
        return false;
    struct holm_bytes text = holm_span_bytes(all);
    if (form != CRYPT_RAW && text.len > 0 && holm_bytes_is(text, text.len - 1, '\n'))
        text.len -= 1;
    if (form == CRYPT_HEX)
        result = holm_hex_decode(out, text);
    else if (form == CRYPT_BASE64)
        result = holm_base64_decode(out, text, HOLM_BASE64_PADDED);
    else
        result = holm_buffer_bytes(out, text) ? HOLM_OK : HOLM_ERR_LIMIT;
    crypt_release(all);
    if (result != HOLM_OK)
        (void)crypt_trouble(path, result == HOLM_ERR_LIMIT ? "too long"
                                                           : "not in the form that --form says");
    return result == HOLM_OK;
}

bool crypt_form_write(const char *path, struct holm_bytes bytes, enum crypt_form form,
                      enum crypt_file file)
{
    uint8_t room[TEXT_MAX];
    struct holm_buffer text = HOLM_BUFFER(room);

    if (form == CRYPT_RAW)
        return crypt_write(path, bytes, file);
    if (form == CRYPT_HEX)
        holm_assert(holm_hex_encode(&text, bytes));
    else
        holm_assert(holm_base64_encode(&text, bytes, HOLM_BASE64_PADDED));
    holm_assert(holm_buffer_u8(&text, '\n'));
    bool done = crypt_write(path, holm_buffer_filled(&text), file);
    holm_secret_wipe(room, sizeof room);
    return done;
}

bool crypt_random(struct holm_span out)
{
    if (getrandom(out.ptr, out.len, 0) == (ssize_t)out.len)
        return true;
    (void)crypt_trouble("random numbers", "the host has none");
    return false;
}
