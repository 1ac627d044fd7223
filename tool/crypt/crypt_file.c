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
enum { FIRST_BYTES = 65537, TEXT_MAX = HOLM_HEX_CHARACTERS(CRYPT_KEY_MAX) + 1 };

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

/* write_all writes bytes to a file, and closes it unless it is standard output. */
static bool write_all(int file, struct holm_bytes bytes)
{
    struct holm_bytes part = { 0 };
    bool done = true;

    while (done && bytes.len > 0) {
        ssize_t put = write(file, bytes.ptr, bytes.len);
        done = put > 0 && holm_bytes_take(&bytes, (size_t)put, &part);
    }
    int problem = errno;
    if (file > STDOUT_FILENO && close(file) != 0)
        return false;
    errno = problem;
    return done;
}

bool crypt_write(const char *path, struct holm_bytes bytes, enum crypt_file file)
{
    const int how = O_WRONLY | O_CREAT | O_CLOEXEC | (file == CRYPT_RESULT ? O_TRUNC : O_EXCL);
    const mode_t mode = file == CRYPT_SECRET ? 0600 : 0666;
    int descriptor = path == NULL ? STDOUT_FILENO : open(path, how, mode);
    struct stat status = { 0 };

    bool begun = descriptor >= 0 && path != NULL && fstat(descriptor, &status) == 0 &&
                 S_ISREG(status.st_mode);
    if (descriptor >= 0 && write_all(descriptor, bytes))
        return true;
    (void)crypt_trouble(path == NULL ? "standard output" : path, strerror(errno));
    if (begun)
        (void)unlink(path);
    return false;
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
    if (!is_same(words->in, &out) && !is_same(words->key, &out) && !is_same(words->signature, &out))
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
