/* SPDX-License-Identifier: ISC */
/* A file of any bytes is read, relocated and its notes are walked, as the monitor does it. */
#include <holm/loader.h>

#define MEMORY_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[MEMORY_MAX];
    struct holm_bytes file = { data, size }, head = file, problem = { 0 }, part = { 0 },
                      line = { 0 };
    struct holm_span all = { memory, sizeof memory }, to = { 0 };
    struct holm_loader_image image = { 0 };

    (void)!holm_bytes_part(file, 0, HOLM_LOADER_HEAD_BYTES, &head);
    if (holm_loader_parse(&image, &problem, head, size) != HOLM_OK ||
        !holm_span_part(all, 0, image.memory_bytes, &all))
        return 0;
    holm_span_fill(all, 0);
    for (size_t i = 0; i < image.segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image.segments, i);
        holm_assert(holm_span_part(all, segment->address, segment->file_bytes, &to) &&
                    holm_bytes_part(file, segment->offset, segment->file_bytes, &part));
        struct holm_buffer out = holm_span_buffer(to);
        holm_assert(holm_buffer_bytes(&out, part));
    }
    (void)!holm_loader_relocate(&image, &problem, all, UINT64_C(1) << 40);
    struct holm_bytes notes = holm_loader_notes(&image, holm_span_bytes(all));
    (void)holm_loader_build_id(notes);
    while (holm_loader_line_next(&line, &notes) == HOLM_OK)
        (void)holm_loader_word(&line);
    return 0;
}
