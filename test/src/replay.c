/* SPDX-License-Identifier: ISC */
/* replay.c: runs a libFuzzer target over the files and folders that it is given, so that what a
 * fuzzer once found is a test in every build. */
#define _FILE_OFFSET_BITS 64 /* readdir under qemu gives numbers that 32 bits cannot hold */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* file_replay gives the target one file in storage of exactly its size, so that ASan sees more. */
static void file_replay(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size > 0 ? size : 1);

    if (file == NULL || data == NULL || fread(data, 1, size, file) != size) {
        perror(path);
        exit(1);
    }
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    (void)fclose(file);
}

/* folder_replay does so with each file of a folder, not of folders below; it answers how many. */
static unsigned folder_replay(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    unsigned count = 0;

    if (folder == NULL) {
        perror(path);
        exit(1);
    }
    while ((entry = readdir(folder)) != NULL) {
        char name[4096];
        struct stat facts;
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (stat(name, &facts) == 0 && S_ISREG(facts.st_mode)) {
            file_replay(name, (size_t)facts.st_size);
            count++;
        }
    }
    (void)closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++) {
#pragma clang unsafe_buffer_usage begin /* main gets its words as C does */
        count += folder_replay(argv[i]);
#pragma clang unsafe_buffer_usage end
    }
    printf("%u inputs replayed\n", count);
    return count > 0 ? 0 : 1;
}
