/* SPDX-License-Identifier: ISC */
/* cli_file.c: files that are only looked at. */
#include "cli_impl.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool holm_cli__file(const char *path, struct holm_bytes *bytes)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat about;
    void *memory = MAP_FAILED;

    if (descriptor < 0)
        return false;
    if (fstat(descriptor, &about) == 0 && about.st_size > 0 && about.st_size < HOLM_CLI__FILE_MAX)
        memory = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    (void)close(descriptor);
    if (memory == MAP_FAILED)
        return false;
    *bytes = (struct holm_bytes){ memory, (size_t)about.st_size };
    return true;
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
