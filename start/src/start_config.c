/* SPDX-License-Identifier: ISC */
/* start_config.c: reads the configuration before there is a run loop, since it says how large that is: a few
 * turns of the platform's, through the same door. */
#include "start_impl.h"

#include <holm/abi/note.h>
#include <holm/config.h>
#include <holm/entropy.h>
#include <holm/parameter.h>
#include <holm/run.h>
#include <holm/tar.h>

HOLM_NOTE(holm_note_config, "config");

#define PIECE_BYTES 65536

static struct holm_bytes archive;

/* complete passes turns until an operation is complete. */
static enum holm_result complete(struct holm_start__begun *begun, struct holm_door *door,
                                 struct holm_operation *operation)
{
    static struct holm_turn turn;

    holm_operation_submit(&begun->operations, operation);
    while (operation->result == HOLM_AGAIN) {
        if (door == NULL)
            holm_platform_turn(&turn, &begun->operations, UINT64_MAX);
        else
            door->turn(door, &turn, &begun->operations, UINT64_MAX);
        if (turn.entropy_size > 0) {
            begun->turn = turn;
            holm_entropy_wipe(&turn);
        }
    }
    return operation->result;
}

static enum holm_result bytes_read(struct holm_start__begun *begun, struct holm_door *door,
                                   holm_port port, struct holm_span room)
{
    struct holm_operation read = { .kind = HOLM_OPERATION_FILE_READ, .port = port };
    enum holm_result result = HOLM_OK;

    for (size_t at = 0; at < room.len && result == HOLM_OK; at += read.size) {
        size_t left = room.len - at;
        holm_assert(holm_span_part(room, at, left < PIECE_BYTES ? left : PIECE_BYTES, &read.span));
        read.offset = at;
        result = complete(begun, door, &read);
        if (result == HOLM_OK && read.size == 0)
            result = HOLM_ERR_TRUNCATED;
    }
    return result;
}

/* device_read reads all of the device into the first half of pages; it is archive then. */
static enum holm_result device_read(struct holm_start__begun *begun, const struct holm_boot *boot,
                                    struct holm_door *door, struct holm_span *pages)
{
    struct holm_platform_config config;
    struct holm_span room = { 0 };
    struct holm_operation open = { .kind = HOLM_OPERATION_FILE_OPEN,
                                   .port = HOLM_PORT_NONE,
                                   .must_exist = true,
                                   .pieces_count = 1 };
    enum holm_result result = HOLM_OK;

    if (!holm_platform_config(&config, boot))
        return HOLM_ERR_NOT_FOUND;
    if (config.path.len > 0) {
        open.pieces[0] = config.path;
        result = complete(begun, door, &open);
        config.port = open.port;
        config.size_bytes = open.size_total;
    }
    if (result == HOLM_OK && (config.size_bytes == 0 || config.size_bytes > HOLM_CONFIG_BYTES_MAX))
        result = HOLM_ERR_LIMIT;
    if (result == HOLM_OK)
        result = holm_platform_secrets(pages, 2 * (size_t)config.size_bytes);
    if (result == HOLM_OK) {
        holm_assert(holm_span_part(*pages, 0, (size_t)config.size_bytes, &room));
        result = bytes_read(begun, door, config.port, room);
        archive = holm_span_bytes(room);
    }
    return result == HOLM_ERR_NOT_FOUND ? HOLM_ERR_IO : result;
}

static enum holm_result complain(struct holm_buffer *problem, struct holm_bytes what)
{
    problem->len = 0;
    (void)(holm_buffer_bytes(problem, HOLM_TEXT("config: ")) && holm_buffer_bytes(problem, what));
    return HOLM_ERR_INVALID;
}

/* find looks through the whole archive, so that what is wrong anywhere is said at the start. */
static enum holm_result find(struct holm_bytes *content, struct holm_bytes path)
{
    struct holm_tar_entry entry = { 0 };
    struct holm_bytes rest = archive;
    enum holm_result result;
    bool found = false;

    while ((result = holm_tar_next(&entry, &rest)) == HOLM_OK) {
        if (!entry.is_file || !holm_tar_is(&entry, path))
            continue;
        *content = entry.content; /* of two the later, as tar does */
        found = true;
    }
    if (result != HOLM_END)
        return result;
    return found ? HOLM_OK : HOLM_ERR_NOT_FOUND;
}

bool holm_config_file(struct holm_bytes *content, struct holm_bytes path)
{
    return find(content, path) == HOLM_OK;
}

/* arguments_make puts what the lines of the file say before the arguments of the start, so that these win. A
 * line has two dashes more then, and room is as large as the archive, which has a header besides. */
static enum holm_result arguments_make(const struct holm_boot **boot, struct holm_span room,
                                       struct holm_bytes text, struct holm_buffer *problem)
{
    static struct holm_boot both;
    struct holm_buffer out = holm_span_buffer(room);
    struct holm_bytes argument = { 0 };
    enum holm_result result;
    uint64_t number = 0;

    both.cpu = (*boot)->cpu;
    while ((result = holm_params_config_next(&argument, holm_params_linked(), problem, &out, &text,
                                             &number)) == HOLM_OK) {
        if (both.arguments_count + (*boot)->arguments_count >= HOLM_BOOT_ARGUMENTS_MAX)
            return complain(problem, HOLM_TEXT("more than 256 values, with those of the start"));
        HOLM_AT(both.arguments, both.arguments_count) = argument;
        both.arguments_count++;
    }
    if (result == HOLM_ERR_LIMIT)
        return complain(problem, HOLM_TEXT("its lines have no room"));
    if (result != HOLM_END)
        return result;
    for (size_t i = 0; i < (*boot)->arguments_count; i++) {
        HOLM_AT(both.arguments, both.arguments_count) = HOLM_AT((*boot)->arguments, i);
        both.arguments_count++;
    }
    *boot = &both;
    return HOLM_OK;
}

enum holm_result holm_start__config(const struct holm_boot **boot, struct holm_start__begun *begun,
                                    struct holm_door *door, struct holm_buffer *problem)
{
    struct holm_span pages = { 0 }, room = { 0 };
    struct holm_bytes text = { 0 };
    enum holm_result result = device_read(begun, *boot, door, &pages);

    if (result == HOLM_ERR_NOT_FOUND)
        return HOLM_OK;
    if (result == HOLM_ERR_LIMIT)
        return complain(problem, HOLM_TEXT("it is empty, or has more than 1 MiB"));
    if (result != HOLM_OK)
        return complain(problem, HOLM_TEXT("the device can not be read"));
    holm_assert(holm_span_part(pages, archive.len, pages.len - archive.len, &room));
    result = find(&text, HOLM_TEXT("config"));
    if (result == HOLM_ERR_NOT_FOUND)
        return complain(problem, HOLM_TEXT("the archive has no file config"));
    if (result != HOLM_OK)
        return complain(problem, HOLM_TEXT("it is no tar archive, or a damaged one"));
    return arguments_make(boot, room, text, problem);
}
