/* SPDX-License-Identifier: ISC */
/* unix_file.c: files below the door, done at once, in the turn.
 *
 * What is opened below a folder stays below it: the kernel is asked to resolve beneath the folder,
 * and one that can't refuses every link on the way. Only files and folders are opened, so that no
 * pipe can make the image wait and no device is touched. A path without a folder is the word of who
 * runs the image, so a disk may be opened by it. */
#include "unix_impl.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* How much of a file that sendfile does not take is copied at a time. */
#define COPY_BYTES 65536

struct path {
    uint8_t bytes[HOLM_UNIX_PATH_MAX + 1];
};

/* path_copy makes a path that ends with NUL; one with a NUL inside is none. */
static enum holm_result path_copy(struct path *path, struct holm_bytes in)
{
    struct holm_buffer out = HOLM_BUFFER(path->bytes);

    if (in.len > HOLM_UNIX_PATH_MAX)
        return HOLM_ERR_LIMIT;
    if (in.len == 0)
        return HOLM_ERR_NOT_FOUND;
    for (size_t i = 0; i < in.len; i++) {
        if (holm_bytes_is(in, i, 0))
            return HOLM_ERR_INVALID;
    }
    if (!holm_buffer_bytes(&out, in) || !holm_buffer_u8(&out, 0))
        return HOLM_ERR_LIMIT;
    return HOLM_OK;
}

/* take_component splits the next name off *rest. */
static struct holm_bytes take_component(struct holm_bytes *rest)
{
    struct holm_bytes name = { 0 };
    size_t len = 0;
    uint8_t slash = 0;

    while (len < rest->len && !holm_bytes_is(*rest, len, '/'))
        len += 1;
    holm_assert(holm_bytes_take(rest, len, &name));
    (void)!holm_bytes_u8(rest, &slash);
    return name;
}

/* has_parent answers whether a component is "..", or the path starts at the root. */
static bool has_parent(struct holm_bytes path)
{
    if (holm_bytes_is(path, 0, '/'))
        return true;
    while (path.len > 0) {
        if (holm_bytes_equal(take_component(&path), HOLM_TEXT("..")))
            return true;
    }
    return false;
}

/* walk opens component by component without following links, for kernels without openat2. */
static int walk(int folder, struct holm_bytes rest, int flags, mode_t mode)
{
    int at = folder;

    while (rest.len > 0) {
        struct path name;
        struct holm_bytes component = take_component(&rest);
        if (component.len == 0)
            continue;
        int step =
            rest.len > 0 ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC : flags | O_NOFOLLOW;
        int next = -1;
        if (path_copy(&name, component) == HOLM_OK)
            next = openat(at, (const char *)name.bytes, step, mode);
        int error = errno;
        if (at != folder)
            (void)close(at);
        if (next < 0) {
            errno = error;
            return -1;
        }
        at = next;
    }
    if (at == folder)
        return openat(folder, ".", flags);
    return at;
}

static int open_below(int folder, struct holm_bytes in, const struct path *path, int flags,
                      mode_t mode)
{
    struct open_how how = {
        .flags = (uint64_t)flags,
        .mode = (flags & O_CREAT) != 0 ? mode : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };

    if (!holm_unix__state.no_openat2) {
        int descriptor =
            (int)syscall(SYS_openat2, folder, (const char *)path->bytes, &how, sizeof how);
        if (descriptor >= 0 || errno != ENOSYS)
            return descriptor;
        holm_unix__state.no_openat2 = true;
    }
    return walk(folder, in, flags, mode);
}

/* status fills the operation; false if it is neither a file nor a folder, nor a disk that may be. */
static bool status(struct holm_operation *operation, int descriptor, bool disk_may_be)
{
    struct stat about;

    if (fstat(descriptor, &about) != 0)
        return false;
    operation->is_folder = S_ISDIR(about.st_mode);
    operation->size_total = (uint64_t)about.st_size;
    operation->modified_utc_s = about.st_mtim.tv_sec;
    if (!S_ISBLK(about.st_mode))
        return S_ISREG(about.st_mode) || S_ISDIR(about.st_mode);
    off_t end = lseek(descriptor, 0, SEEK_END);
    operation->size_total = end < 0 ? 0 : (uint64_t)end;
    return disk_may_be;
}

void holm_unix__file_open(struct holm_operation *operation, int folder)
{
    struct path path;
    struct holm_bytes in = operation->pieces[0];
    int flags = (operation->writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

    if (operation->writable && !operation->must_exist)
        flags |= O_CREAT;
    if (operation->writable && operation->emptied)
        flags |= O_TRUNC;
    enum holm_result result = path_copy(&path, in);
    if (result == HOLM_OK && folder >= 0 && has_parent(in))
        result = HOLM_ERR_PERMISSION;
    if (result != HOLM_OK) {
        holm_unix__complete(operation, result);
        return;
    }
    mode_t mode = operation->is_private ? 0600 : 0666;
    int descriptor = folder >= 0 ? open_below(folder, in, &path, flags, mode)
                                 : open((const char *)path.bytes, flags, mode);
    if (descriptor < 0) {
        holm_unix__complete(operation, holm_unix__result(errno));
        return;
    }
    result = HOLM_ERR_PERMISSION;
    if (status(operation, descriptor, folder < 0))
        result = holm_unix__port_open(&operation->port, descriptor, HOLM_UNIX__FILE);
    if (result != HOLM_OK)
        (void)close(descriptor);
    holm_unix__complete(operation, result);
}

/* transfer reads or writes at an offset; answers how much, or -1. */
static ssize_t transfer(struct holm_operation *operation, int descriptor)
{
    struct iovec vectors[HOLM_OPERATION_PIECES_MAX];
    struct msghdr message = { 0 };
    off_t offset = (off_t)operation->offset;

    if (offset < 0) {
        errno = EINVAL;
        return -1;
    }
    if (operation->kind == HOLM_OPERATION_FILE_READ)
        return pread(descriptor, operation->span.ptr, operation->span.len, offset);
    operation->size = 0;
    holm_unix__send_message(&message, vectors, HOLM_COUNT(vectors), operation);
    return pwritev(descriptor, vectors, (int)message.msg_iovlen, offset);
}

void holm_unix__file_run(struct holm_operation *operation, int descriptor)
{
    if (operation->kind == HOLM_OPERATION_FILE_STATUS) {
        holm_unix__complete(operation, status(operation, descriptor, true) ? HOLM_OK : HOLM_ERR_IO);
        return;
    }
    if (operation->kind == HOLM_OPERATION_FILE_FLUSH) {
        holm_unix__complete(operation, fsync(descriptor) == 0 ? HOLM_OK : holm_unix__result(errno));
        return;
    }
    ssize_t size = transfer(operation, descriptor);
    operation->size = size < 0 ? 0 : (size_t)size;
    holm_unix__complete(operation, size < 0 ? holm_unix__result(errno) : HOLM_OK);
}

/* copy_send is for files of a kind that sendfile does not take. What the socket does not take is read
 * again the next time. */
static ssize_t copy_send(int descriptor, int file, off_t offset, size_t len)
{
    static uint8_t bytes[COPY_BYTES];

    ssize_t size = pread(file, bytes, len < sizeof bytes ? len : sizeof bytes, offset);
    if (size <= 0)
        return size;
    return send(descriptor, bytes, (size_t)size, MSG_NOSIGNAL);
}

/* holm_unix__file_send sends some of a FILE_SEND's file, of which sent_bytes are gone; answers how much
 * (0: the file is at its end), or -1. */
ssize_t holm_unix__file_send(const struct holm_operation *operation, int descriptor,
                             uint64_t sent_bytes)
{
    size_t len = (size_t)(operation->size_total - sent_bytes);
    off_t offset = (off_t)(operation->offset + sent_bytes);
    int file = -1;

    const struct holm_unix__port *port = holm_unix__port_find(operation->file, &file);
    if (port == NULL || port->kind != HOLM_UNIX__FILE || offset < 0) {
        errno = EBADF;
        return -1;
    }
    ssize_t size = sendfile(descriptor, file, &offset, len);
    if (size >= 0 || (errno != EINVAL && errno != ENOSYS))
        return size;
    return copy_send(descriptor, file, offset, len);
}
