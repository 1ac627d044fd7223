/* SPDX-License-Identifier: ISC */
/* A recording of any bytes is read as holm replay and holm-exec read it: as it is, and then with its sums
 * made right, so that what is behind them is reached too. */
#include <holm/recording.h>

#define FILE_MAX_BYTES 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(struct holm_span file, size_t at, uint64_t value)
{
    struct holm_span part = { 0 };

    if (!holm_span_part(file, at, sizeof value, &part))
        return;
    struct holm_buffer out = holm_span_buffer(part);
    holm_assert(holm_buffer_bytes(&out, holm_recording_raw(&value, sizeof value)));
}

static void all_read(struct holm_bytes file)
{
    struct holm_recording recording;
    struct holm_recording_entry entry;
    struct holm_abi_device device;
    struct holm_bytes text = { 0 }, rest = file, about = { 0 };
    uint32_t texts = 0, devices = 0;

    while (holm_recording_entry_next(&entry, &about, &rest) == HOLM_OK)
        holm_assert(about.len == entry.bytes);
    if (holm_recording_parse(&recording, file) != HOLM_OK)
        return;
    for (; holm_recording_device_next(&device, &recording.devices); devices++)
        holm_assert(device.name_len > 0 && device.name_len <= HOLM_ABI_NAME_MAX);
    while (holm_recording_text_next(&text, &recording.texts))
        texts++;
    holm_assert(devices == recording.head.devices_count && texts == recording.head.arguments_count);
    rest = recording.entries;
    while (holm_recording_entry_next(&entry, &about, &rest) == HOLM_OK)
        holm_assert(about.len == entry.bytes);
}

/* head_mend makes the sum of a head right, if its length is one. */
static void head_mend(struct holm_span file)
{
    const size_t first = offsetof(struct holm_recording_head, head_bytes);
    struct holm_bytes summed = { 0 }, length = { 0 };
    uint32_t bytes = 0;
    struct holm_buffer to = { (void *)&bytes, 0, sizeof bytes };

    if (!holm_bytes_part(holm_span_bytes(file), first, sizeof bytes, &length))
        return;
    holm_assert(holm_buffer_bytes(&to, length));
    if (bytes >= first && holm_bytes_part(holm_span_bytes(file), first, bytes - first, &summed))
        put(file, offsetof(struct holm_recording_head, sum),
            holm_recording_sum(HOLM_RECORDING_SUM_START, summed));
}

/* entries_mend makes the sum of each entry right, from at on. */
static void entries_mend(struct holm_span file, size_t at)
{
    struct holm_recording_entry entry = { 0 };
    struct holm_bytes part = { 0 }, about = { 0 };

    while (holm_bytes_part(holm_span_bytes(file), at, sizeof entry, &part)) {
        struct holm_buffer to = { (void *)&entry, 0, sizeof entry };
        holm_assert(holm_buffer_bytes(&to, part));
        if (!holm_bytes_part(holm_span_bytes(file), at + sizeof entry, entry.bytes, &about))
            return;
        put(file, at + offsetof(struct holm_recording_entry, sum),
            holm_recording_sum(holm_recording_entry_sum(&entry), about));
        at += sizeof entry + entry.bytes;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[FILE_MAX_BYTES];
    struct holm_buffer copy = HOLM_BUFFER(room);
    struct holm_recording recording;
    struct holm_span file = { 0 };

    if (!holm_buffer_bytes(&copy, (struct holm_bytes){ data, size }))
        return 0;
    all_read(holm_buffer_filled(&copy));
    holm_assert(holm_span_part((struct holm_span){ room, sizeof room }, 0, size, &file));
    head_mend(file);
    if (holm_recording_parse(&recording, holm_span_bytes(file)) == HOLM_OK)
        entries_mend(file, recording.head.head_bytes);
    all_read(holm_span_bytes(file));
    entries_mend(file, 0);
    all_read(holm_span_bytes(file));
    return 0;
}
