/* SPDX-License-Identifier: ISC */
/* recording.c: recordings to bytes and back. Structures are copied as they lie: they have no holes, and
 * every number that comes out of one is checked before it is used. */
#include <holm/recording.h>

_Static_assert(sizeof(struct holm_recording_head) == 232, "no holes");
_Static_assert(sizeof(struct holm_abi_device) == 48, "no holes");

/* take copies the next bytes into an object; false, and nothing changes: there are fewer. */
static bool take(struct holm_bytes *in, void *object, size_t size)
{
    struct holm_buffer to = { object, 0, size };
    struct holm_bytes part = { 0 };

    return holm_bytes_take(in, size, &part) && holm_buffer_bytes(&to, part);
}

static uint64_t head_sum(struct holm_bytes head)
{
    struct holm_bytes summed = { 0 };

    holm_assert(holm_bytes_from(head, offsetof(struct holm_recording_head, head_bytes), &summed));
    return holm_recording_sum(HOLM_RECORDING_SUM_START, summed);
}

static bool text_emit(struct holm_buffer *out, struct holm_bytes text)
{
    return holm_buffer_bytes(out, text) && holm_buffer_u8(out, 0);
}

enum holm_result holm_recording_emit(struct holm_buffer *out, struct holm_recording_head *head,
                                     const struct holm_abi_device *devices, struct holm_bytes image,
                                     const struct holm_bytes *arguments)
{
    struct holm_buffer magic = HOLM_BUFFER(head->magic), all = *out;
    struct holm_span place = { 0 };

    holm_assert(holm_buffer_bytes(&magic, HOLM_RECORDING_MAGIC));
    bool fits = holm_buffer_bytes(&all, holm_recording_raw(head, sizeof *head)) &&
                holm_buffer_bytes(
                    &all, holm_recording_raw(devices, head->devices_count * sizeof *devices)) &&
                text_emit(&all, image);
    for (uint32_t i = 0; fits && i < head->arguments_count; i++)
        fits = text_emit(&all, HOLM_NTH(arguments, head->arguments_count, i));
    size_t bytes = all.len - out->len;
    if (!fits || bytes > HOLM_RECORDING_HEAD_MAX)
        return HOLM_ERR_LIMIT;
    holm_assert(holm_span_part((struct holm_span){ all.ptr, all.size }, out->len, bytes, &place));
    struct holm_buffer again = holm_span_buffer(place);
    head->head_bytes = (uint32_t)bytes;
    holm_assert(holm_buffer_bytes(&again, holm_recording_raw(head, sizeof *head)));
    head->sum = head_sum(holm_span_bytes(place));
    again.len = 0;
    holm_assert(holm_buffer_bytes(&again, holm_recording_raw(head, sizeof *head)));
    *out = all;
    return HOLM_OK;
}

bool holm_recording_device_next(struct holm_abi_device *device, struct holm_bytes *devices)
{
    return take(devices, device, sizeof *device);
}

bool holm_recording_text_next(struct holm_bytes *text, struct holm_bytes *texts)
{
    uint8_t zero = 0;
    size_t len = 0;

    while (len < texts->len && !holm_bytes_is(*texts, len, 0))
        len++;
    return len < texts->len && holm_bytes_take(texts, len, text) && holm_bytes_u8(texts, &zero);
}

/* behind_parse reads what stands between the head and the entries: no byte less, and none more. */
static bool behind_parse(struct holm_recording *recording, struct holm_bytes behind)
{
    const struct holm_recording_head *head = &recording->head;
    struct holm_abi_device device;
    struct holm_bytes devices, texts, text = { 0 };

    if (head->devices_count > HOLM_ABI_DEVICES_MAX ||
        head->build_id_len > HOLM_RECORDING_BUILD_ID_MAX ||
        !holm_bytes_take(&behind, head->devices_count * sizeof device, &recording->devices))
        return false;
    devices = recording->devices;
    while (holm_recording_device_next(&device, &devices))
        if (device.name_len == 0 || device.name_len > HOLM_ABI_NAME_MAX)
            return false;
    if (!holm_recording_text_next(&recording->image, &behind))
        return false;
    recording->texts = behind;
    texts = behind;
    for (uint32_t i = 0; i < head->arguments_count; i++)
        if (!holm_recording_text_next(&text, &texts))
            return false;
    return texts.len == 0;
}

enum holm_result holm_recording_parse(struct holm_recording *recording, struct holm_bytes file)
{
    struct holm_recording read = { 0 };
    struct holm_bytes at = file, all = { 0 }, behind = { 0 }, magic = { 0 };

    if (!holm_bytes_part(file, 0, HOLM_RECORDING_MAGIC.len, &magic) ||
        !holm_bytes_equal(magic, HOLM_RECORDING_MAGIC))
        return HOLM_ERR_UNSUPPORTED;
    if (!take(&at, &read.head, sizeof read.head))
        return HOLM_ERR_TRUNCATED;
    if (read.head.head_bytes < sizeof read.head || read.head.head_bytes > HOLM_RECORDING_HEAD_MAX)
        return HOLM_ERR_MALFORMED;
    if (!holm_bytes_part(file, 0, read.head.head_bytes, &all))
        return HOLM_ERR_TRUNCATED;
    if (read.head.sum != head_sum(all))
        return HOLM_ERR_MALFORMED;
    holm_assert(holm_bytes_from(all, sizeof read.head, &behind) &&
                holm_bytes_from(file, all.len, &read.entries));
    if (!behind_parse(&read, behind))
        return HOLM_ERR_MALFORMED;
    *recording = read;
    return HOLM_OK;
}

/* about_check says whether what is behind an entry can be of its kind. */
static bool about_check(uint32_t kind, struct holm_bytes about)
{
    struct holm_recording_done done = { 0 };
    struct holm_recording_turn turn = { 0 };
    uint64_t received;

    switch (kind) {
    case HOLM_RECORDING_DONE:
        if (!take(&about, &done, sizeof done))
            return false;
        received =
            holm_recording_takes_in(done.kind) && done.answer > 0 ? (uint64_t)done.answer : 0;
        return done.index < HOLM_ABI_REQUESTS_MAX && done.answer != HOLM_ABI_AGAIN &&
               received == about.len;
    case HOLM_RECORDING_TURN:
        return take(&about, &turn, sizeof turn) && turn.console_size <= HOLM_ABI_CONSOLE_BYTES &&
               turn.console_size == about.len;
    case HOLM_RECORDING_CONSOLE:
        return about.len == sizeof(struct holm_recording_console);
    case HOLM_RECORDING_EXIT:
        return about.len == sizeof(uint64_t);
    default:
        return false;
    }
}

enum holm_result holm_recording_entry_next(struct holm_recording_entry *entry,
                                           struct holm_bytes *about, struct holm_bytes *entries)
{
    struct holm_bytes rest = *entries, behind = { 0 };
    struct holm_recording_entry read = { 0 };

    if (!take(&rest, &read, sizeof read))
        return HOLM_END;
    if (read.bytes > HOLM_RECORDING_ENTRY_MAX)
        return HOLM_ERR_MALFORMED;
    if (!holm_bytes_take(&rest, read.bytes, &behind))
        return HOLM_END;
    if (read.sum != holm_recording_sum(holm_recording_entry_sum(&read), behind) ||
        !about_check(read.kind, behind))
        return HOLM_ERR_MALFORMED;
    *entry = read;
    *about = behind;
    *entries = rest;
    return HOLM_OK;
}
