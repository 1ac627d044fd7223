/* SPDX-License-Identifier: ISC */
/* cli_file.c: files that are only looked at. */
#include "cli_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* read_whole reads until room is full or the file ends; answers how much was read. */
static size_t read_whole(int descriptor, struct holm_span room)
{
    struct holm_span left = room;

    while (left.len > 0) {
        ssize_t size = read(descriptor, left.ptr, left.len);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0 || !holm_span_part(left, (size_t)size, left.len - (size_t)size, &left))
            break;
    }
    return room.len - left.len;
}

/* The file is read, not mapped: one that somebody cuts short would end who looks at a map of it. */
bool holm_cli__file(const char *path, struct holm_bytes *bytes)
{
    errno = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat about;
    void *memory = MAP_FAILED;
    size_t size = 0;

    if (descriptor < 0)
        return false;
    if (fstat(descriptor, &about) == 0 && about.st_size > 0 && about.st_size < HOLM_CLI__FILE_MAX)
        memory = mmap(NULL, (size_t)about.st_size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED)
        size = read_whole(descriptor, (struct holm_span){ memory, (size_t)about.st_size });
    (void)close(descriptor);
    *bytes = (struct holm_bytes){ memory, size };
    return size > 0;
}

struct holm_bytes holm_cli__debug(const char *image)
{
    struct holm_bytes debug = { 0 };
    char path[4096];
    size_t len = strlen(image);

    if (len > 5 && strcmp(strrchr(image, '.') == NULL ? "" : strrchr(image, '.'), ".holm") == 0)
        len -= 5;
    int written = snprintf(path, sizeof path, "%.*s.debug", (int)len, image);
    if (written < 0 || (size_t)written >= sizeof path || !holm_cli__file(path, &debug))
        return (struct holm_bytes){ 0 };
    return debug;
}
