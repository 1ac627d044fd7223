/* SPDX-License-Identifier: ISC */
/* cli_config.c: the configuration of an image: the files of a folder become a tar archive in memory, which no
 * name leads to, and which the image has as its block device "config".
 *
 * Source: POSIX.1-2017, pax, "ustar Interchange Format"; the GNU tar manual, "Basic Tar Format", for long
 * names. */
#include "cli_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BLOCK 512
#define ARCHIVE_MAX (1 << 20)
#define NAME_MAX_BYTES 99
#define PATH_MAX_BYTES 4096

struct header {
    char name[100], mode[8], user[8], group[8], size[12], time[12], sum[8], type, link[100];
    char magic[8], rest[247];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is a block");

static uint8_t room[ARCHIVE_MAX];
static size_t filled;

static bool put(struct holm_bytes bytes)
{
    size_t padding = (BLOCK - bytes.len % BLOCK) % BLOCK;
    struct holm_buffer out = { room, filled, sizeof room };

    if (sizeof room - filled < bytes.len + padding || !holm_buffer_bytes(&out, bytes))
        return false;
    filled += bytes.len + padding;
    return true;
}

static bool header_put(const char *name, char type, size_t size)
{
    struct header header = { .type = type, .magic = "ustar  " };
    struct holm_bytes bytes = { (const uint8_t *)&header, sizeof header }, rest = bytes;
    unsigned sum = 0;
    uint8_t byte = 0;

    (void)snprintf(header.name, sizeof header.name, "%s", name);
    (void)snprintf(header.mode, sizeof header.mode, "%07o", 0600U);
    (void)snprintf(header.user, sizeof header.user, "%07o", 0U);
    (void)snprintf(header.group, sizeof header.group, "%07o", 0U);
    (void)snprintf(header.size, sizeof header.size, "%011zo", size);
    (void)snprintf(header.time, sizeof header.time, "%011o", 0U);
    (void)memset(header.sum, ' ', sizeof header.sum);
    while (holm_bytes_u8(&rest, &byte))
        sum += byte;
    (void)snprintf(header.sum, sizeof header.sum, "%06o", sum);
    return put(bytes);
}

/* file_add answers NULL, or what is wrong. A folder may come with its image, which shall not have what else
 * of the host its user may read: links lead to what is in the folder. */
static const char *file_add(int folder, const char *name)
{
    static uint8_t bytes[ARCHIVE_MAX];
    const struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
                                  .resolve = RESOLVE_BENEATH };
    int file = (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
    ssize_t size = file < 0 ? -1 : read(file, bytes, sizeof bytes);
    int error = errno;
    struct holm_bytes content = { 0 };

    if (file >= 0)
        (void)close(file);
    if (size < 0)
        return error == EXDEV ? "a link in it leads out of it" : strerror(error);
    bool fits = holm_bytes_part(HOLM_BLOB(bytes), 0, (size_t)size, &content);
    if (strlen(name) > NAME_MAX_BYTES) {
        struct holm_bytes whole = { (const uint8_t *)name, strlen(name) + 1 };
        fits = fits && header_put("././@LongLink", 'L', whole.len) && put(whole);
    }
    fits = fits && header_put(name, '0', content.len) && put(content);
    explicit_bzero(bytes, sizeof bytes);
    return fits ? NULL : "a configuration has 1 MiB at most";
}

static const char *folder_pack(const char *path)
{
    char *roots[] = { strdup(path), NULL };
    FTS *walk = roots[0] == NULL ? NULL : fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    const char *wrong = walk == NULL || folder < 0 ? "cannot be read" : NULL;
    size_t base = strlen(path);

    for (FTSENT *at; wrong == NULL && (at = fts_read(walk)) != NULL;) {
        struct holm_bytes name = { 0 };
        holm_assert(holm_bytes_from(holm_cli__text(at->fts_path), base, &name));
        while (holm_bytes_is(name, 0, '/'))
            holm_assert(holm_bytes_from(name, 1, &name));
        if (at->fts_info == FTS_F)
            wrong = file_add(folder, (const char *)name.ptr);
        else if (at->fts_info != FTS_D && at->fts_info != FTS_DP)
            wrong = "a configuration has files and folders alone, which can be read";
    }
    if (walk != NULL)
        (void)fts_close(walk);
    (void)close(folder);
    return wrong;
}

/* memory_open makes a file of the archive that lives as long as somebody has it open. */
static int memory_open(void)
{
    static const uint8_t end[2 * BLOCK];
    int file = memfd_create("config", MFD_ALLOW_SEALING); /* it goes through exec */
    struct holm_bytes all = { 0 };

    if (file < 0 || !put(HOLM_BLOB(end)) || !holm_bytes_part(HOLM_BLOB(room), 0, filled, &all))
        return -1;
    bool well = write(file, all.ptr, all.len) == (ssize_t)all.len &&
                fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0;
    explicit_bzero(room, sizeof room);
    return well ? file : -1;
}

const char *holm_cli__config(char **option, const char *path)
{
    static char words[PATH_MAX_BYTES];
    struct stat about;

    if (stat(path, &about) != 0)
        return strerror(errno);
    if (!S_ISDIR(about.st_mode)) {
        int len = snprintf(words, sizeof words, "--block=config=%s,ro", path);
        *option = words;
        return len > 0 && (size_t)len < sizeof words ? NULL : "no path of a file";
    }
    const char *wrong = folder_pack(path);
    if (wrong != NULL)
        return wrong;
    int file = memory_open();
    if (file < 0)
        return "a configuration has 1 MiB at most";
    (void)snprintf(words, sizeof words, "--block=config=/proc/self/fd/%d,ro", file);
    *option = words;
    return NULL;
}
