/* SPDX-License-Identifier: ISC */
/* fuzz_http_archive.c: any bytes as a tar archive: refused, or every file of it has its bytes within
 * them, a path from the root, and is found by that path. */
#include <holm/http/files.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(16) uint8_t storage[1 << 20];

static void must(bool good)
{
    if (!good)
        abort();
}

/* within answers whether part lies in all; both are pieces of one object. */
static bool within(struct holm_bytes part, struct holm_bytes all)
{
    struct holm_bytes copy = { 0 };

    return part.len == 0 || (part.ptr >= all.ptr &&
                             holm_bytes_part(all, (size_t)(part.ptr - all.ptr), part.len, &copy));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes tar = { data, len };
    struct holm_http_files files = { 0 };
    struct holm_arena arena;

    holm_arena_init(&arena, (struct holm_span){ storage, sizeof storage });
    if (holm_http_files_open(&files, &arena, tar) == HOLM_OK) {
        must((uint64_t)files.count * 512 <= len + 511);
        for (uint32_t i = 0; i < files.count; i++) {
            const struct holm_http_file *file = &HOLM_NTH(files.files, files.count, i);
            const struct holm_http_file *found = holm_http_files_find(&files, file->path);
            must(found != NULL && holm_bytes_equal(found->path, file->path));
            must(holm_bytes_is(file->path, 0, '/') && file->tag.len == 18);
            must(within(file->content, tar) && file->whole.lines.len > file->bare.lines.len);
            must(file->coding < HOLM_HTTP_CODINGS);
        }
    }
    holm_arena_end(&arena);
    return 0;
}
