/* SPDX-License-Identifier: ISC */
/* Files through the door: what lies below a folder is reached, nothing else. */
#include "door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <holm/test.h>

static struct holm_chunk_pool pool;
static char folder[] = "/tmp/holm_unix_file_XXXXXX";

static struct holm_bytes text_of(const char *string)
{
    return (struct holm_bytes){ (const uint8_t *)string, strlen(string) };
}

static enum holm_result open_at(holm_port *port, holm_port below, struct holm_bytes path)
{
    struct holm_operation open = {
        .kind = HOLM_OPERATION_FILE_OPEN, .port = below, .pieces_count = 1, .writable = false
    };

    open.pieces[0] = path;
    enum holm_result result = door_do(&open);
    *port = open.port;
    return result;
}

static void clean(void)
{
    static const char *const names[] = { "pub/a.txt", "pub/out", "pub/in", "pub/far", "pub/pipe",
                                         "pub/big",   "secret",  "pub",    "." };
    for (size_t i = 0; i < HOLM_COUNT(names); i++)
        (void)remove(HOLM_AT(names, i));
    (void)rmdir(folder);
}

/* folder/pub/a.txt, folder/secret, folder/pub/out -> ../secret, folder/pub/in -> a.txt */
static holm_port start(void)
{
    static holm_port root = HOLM_PORT_NONE;
    struct holm_operation make = { .kind = HOLM_OPERATION_FILE_OPEN, .writable = true };
    holm_port all = HOLM_PORT_NONE;

    door_open();
    if (root != HOLM_PORT_NONE)
        return root;
    (void)atexit(clean);
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0 && mkdir("pub", 0700) == 0);
    CHECK(symlink("../secret", "pub/out") == 0 && symlink("a.txt", "pub/in") == 0);
    CHECK(symlink("/etc/passwd", "pub/far") == 0 && mkfifo("pub/pipe", 0600) == 0);
    CHECK_IS(open_at(&all, HOLM_PORT_NONE, text_of(folder)), HOLM_OK);
    make.port = all;
    make.pieces[0] = HOLM_TEXT("secret");
    CHECK_IS(door_do(&make), HOLM_OK);
    door_close(make.port, false);
    CHECK_IS(open_at(&root, all, HOLM_TEXT("pub")), HOLM_OK);
    make.port = root;
    make.pieces[0] = HOLM_TEXT("a.txt");
    CHECK_IS(door_do(&make), HOLM_OK);
    struct holm_operation write = { .kind = HOLM_OPERATION_FILE_WRITE,
                                    .port = make.port,
                                    .pieces_count = 2 };
    write.pieces[0] = HOLM_TEXT("some ");
    HOLM_AT(write.pieces, 1) = HOLM_TEXT("text");
    CHECK_IS(door_do(&write), HOLM_OK);
    CHECK_IS(write.size, 9);
    struct holm_operation flush = { .kind = HOLM_OPERATION_FILE_FLUSH, .port = make.port };
    CHECK_IS(door_do(&flush), HOLM_OK);
    door_close(make.port, false);
    return root;
}

TEST(a_file_below_a_folder_is_read_at_an_offset)
{
    holm_port root = start();
    holm_port file = HOLM_PORT_NONE;
    uint8_t bytes[10];
    CHECK_IS(open_at(&file, root, HOLM_TEXT("a.txt")), HOLM_OK);
    struct holm_operation status = { .kind = HOLM_OPERATION_FILE_STATUS, .port = file };
    CHECK_IS(door_do(&status), HOLM_OK);
    CHECK_IS(status.size_total, 9);
    CHECK(!status.is_folder && status.modified_utc_s > 1700000000);
    struct holm_operation read = {
        .kind = HOLM_OPERATION_FILE_READ, .port = file, .offset = 5, .span = { bytes, sizeof bytes }
    };
    CHECK_IS(door_do(&read), HOLM_OK);
    CHECK_BYTES(((struct holm_bytes){ bytes, read.size }), HOLM_TEXT("text"));
    read.offset = 9;
    CHECK_IS(door_do(&read), HOLM_OK);
    CHECK_IS(read.size, 0);
    door_close(file, false);
}

TEST(the_way_out_of_a_folder_is_refused)
{
    holm_port root = start();
    holm_port file = HOLM_PORT_NONE;
    CHECK_IS(open_at(&file, root, HOLM_TEXT("../secret")), HOLM_ERR_PERMISSION);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("x/../../secret")), HOLM_ERR_PERMISSION);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("/etc/passwd")), HOLM_ERR_PERMISSION);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("out")), HOLM_ERR_PERMISSION);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("far")), HOLM_ERR_PERMISSION);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("a.txt\0.gz")), HOLM_ERR_INVALID);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("in")), HOLM_OK); /* a link that stays inside */
    door_close(file, false);
}

TEST(what_is_not_there_or_no_file_is_told)
{
    holm_port root = start();
    holm_port file = HOLM_PORT_NONE;
    CHECK_IS(open_at(&file, root, HOLM_TEXT("nothing")), HOLM_ERR_NOT_FOUND);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("a.txt/x")), HOLM_ERR_NOT_FOUND);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("")), HOLM_ERR_NOT_FOUND);
    CHECK_IS(open_at(&file, root, HOLM_TEXT("pipe")), HOLM_ERR_PERMISSION);
}

/* send_file sends pieces of text before and len bytes of a file from offset on; receives into pool. */
static enum holm_result send_file(holm_port to, struct holm_bytes before, holm_port file,
                                  uint64_t offset, uint64_t len)
{
    struct holm_operation send = { .kind = HOLM_OPERATION_FILE_SEND,
                                   .port = to,
                                   .pieces_count = 1,
                                   .file = file,
                                   .offset = offset,
                                   .size_total = len };

    send.pieces[0] = before;
    enum holm_result result = door_do(&send);
    if (result == HOLM_OK)
        CHECK_IS(send.size, before.len + len);
    return result;
}

/* expect receives until wanted has come, and nothing else. */
static void expect(holm_port from, struct holm_bytes wanted)
{
    struct holm_operation receive = { .kind = HOLM_OPERATION_RECEIVE, .port = from, .pool = &pool };
    do {
        if (!CHECK_IS(door_do(&receive), HOLM_OK))
            return;
    } while (receive.chunk->len < wanted.len);
    CHECK_BYTES(holm_span_bytes(holm_chunk_held(receive.chunk)), wanted);
    holm_chunk_give(&pool, receive.chunk);
}

/* pair makes a connection, and a pool for what is received. */
static bool pair(holm_port *client, holm_port *server)
{
    static uint8_t memory[sizeof(struct holm_chunk) + 64];
    static struct holm_arena arena;

    if (arena.storage.len == 0)
        holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    if (pool.count == 0)
        CHECK_IS(holm_chunk_pool_init(&pool, &arena, 1), HOLM_OK);
    return door_pair(client, server);
}

TEST(a_part_of_a_file_is_sent_behind_pieces)
{
    holm_port root = start();
    holm_port file = HOLM_PORT_NONE, client, server;
    CHECK_IS(open_at(&file, root, HOLM_TEXT("a.txt")), HOLM_OK);
    if (!pair(&client, &server))
        return;
    CHECK_IS(send_file(server, HOLM_TEXT("head "), file, 0, 9), HOLM_OK);
    expect(client, HOLM_TEXT("head some text"));
    CHECK_IS(send_file(server, HOLM_TEXT(""), file, 5, 4), HOLM_OK);
    expect(client, HOLM_TEXT("text"));
    door_close(file, false);
    door_close(client, true);
    door_close(server, true);
}

TEST(a_file_that_is_too_short_or_closed_is_told)
{
    holm_port root = start();
    holm_port file = HOLM_PORT_NONE, client, server;
    CHECK_IS(open_at(&file, root, HOLM_TEXT("a.txt")), HOLM_OK);
    if (!pair(&client, &server))
        return;
    CHECK_IS(send_file(server, HOLM_TEXT(""), file, 0, 10), HOLM_ERR_TRUNCATED);
    expect(client, HOLM_TEXT("some text")); /* what there is, and no more */
    CHECK_IS(send_file(server, HOLM_TEXT(""), client, 0, 1), HOLM_ERR_STALE); /* no file */
    door_close(file, false);
    CHECK_IS(send_file(server, HOLM_TEXT(""), file, 0, 9), HOLM_ERR_STALE);
    CHECK_IS(send_file(HOLM_PORT_NONE, HOLM_TEXT(""), file, 0, 9), HOLM_ERR_STALE);
    door_close(client, true);
    door_close(server, true);
}

TEST(a_file_that_the_kernel_does_not_send_is_copied)
{
    holm_port file = HOLM_PORT_NONE, client, server;
    static uint8_t bytes[200];
    door_open();
    /* a file without splice: sendfile answers EINVAL */
    CHECK_IS(open_at(&file, HOLM_PORT_NONE, HOLM_TEXT("/proc/self/cmdline")), HOLM_OK);
    struct holm_operation read = { .kind = HOLM_OPERATION_FILE_READ,
                                   .port = file,
                                   .span = { bytes, sizeof bytes } };
    CHECK_IS(door_do(&read), HOLM_OK);
    if (!CHECK(read.size > 4) || !pair(&client, &server))
        return;
    CHECK_IS(send_file(server, HOLM_TEXT(""), file, 2, read.size - 2), HOLM_OK);
    expect(client, (struct holm_bytes){ &bytes[2], read.size - 2 });
    CHECK_IS(send_file(server, HOLM_TEXT(""), file, 0, read.size + 1), HOLM_ERR_TRUNCATED);
    door_close(file, false);
    door_close(client, true);
    door_close(server, true);
}

TEST(a_file_waits_for_a_slow_reader_and_is_cancelled_with_its_port)
{
    enum { SIZE = 16 << 20 };
    holm_port root = start();
    holm_port file = HOLM_PORT_NONE, client, server;
    struct holm_operation make = {
        .kind = HOLM_OPERATION_FILE_OPEN, .writable = true, .port = root, .pieces_count = 1
    };
    make.pieces[0] = HOLM_TEXT("big");
    CHECK_IS(door_do(&make), HOLM_OK);
    door_close(make.port, false);
    if (!CHECK(truncate("pub/big", SIZE) == 0) || !pair(&client, &server))
        return;
    CHECK_IS(open_at(&file, root, HOLM_TEXT("big")), HOLM_OK);
    struct holm_operation send = {
        .kind = HOLM_OPERATION_FILE_SEND, .port = server, .file = file, .size_total = SIZE
    };
    holm_operation_submit(&door.queue, &send);
    door_turn(0);
    CHECK_IS(send.result, HOLM_AGAIN); /* nobody reads */
    struct holm_operation receive = { .kind = HOLM_OPERATION_RECEIVE,
                                      .port = client,
                                      .pool = &pool };
    size_t received = 0;
    while (received < SIZE && CHECK_IS(door_do(&receive), HOLM_OK)) {
        received += receive.size;
        receive.chunk->len = 0;
    }
    CHECK_IS(received, SIZE);
    CHECK_IS(door_wait(&send), HOLM_OK);
    holm_operation_submit(&door.queue, &send);
    door_turn(0);
    CHECK_IS(send.result, HOLM_AGAIN);
    door_close(server, true);
    CHECK_IS(send.result, HOLM_ERR_CANCELLED);
    holm_chunk_give(&pool, receive.chunk);
    door_close(file, false);
    door_close(client, true);
}
