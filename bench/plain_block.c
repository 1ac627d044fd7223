/* SPDX-License-Identifier: ISC */
/* plain_block reads a file from end to end, and then here and there, as example/block_check does, with one pread a
 * piece: plain_block FILE PIECE_BYTES RANDOM_READS prints microseconds of either. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

int main(int count, char **words)
{
    struct stat about;
    uint64_t state = 1;

    if (count != 4)
        return 2;
    int file = open(words[1], O_RDONLY | O_CLOEXEC);
    uint64_t piece = strtoull(words[2], NULL, 10), randoms = strtoull(words[3], NULL, 10);
    char *room = malloc(piece);
    if (file < 0 || fstat(file, &about) != 0 || room == NULL || piece == 0)
        return 1;
    uint64_t pieces = (uint64_t)about.st_size / piece, begun = now_ns();
    for (uint64_t i = 0; i < pieces; i++)
        if (pread(file, room, piece, (off_t)(i * piece)) != (ssize_t)piece)
            return 1;
    uint64_t between = now_ns();
    for (uint64_t i = 0; i < randoms; i++) {
        state = state * 6364136223846793005 + 1442695040888963407;
        if (pread(file, room, piece, (off_t)((state >> 16) % pieces * piece)) != (ssize_t)piece)
            return 1;
    }
    printf("%llu %llu\n", (unsigned long long)((between - begun) / 1000),
           (unsigned long long)((now_ns() - between) / 1000));
    free(room);
    return 0;
}
