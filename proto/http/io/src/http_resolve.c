/* SPDX-License-Identifier: ISC */
/* The address of a host: as it is written, or by the host's own file of names. */
#include "http_client_impl.h"

#include <holm/class.h>
#include <holm/text.h>

static enum holm_result operate(struct holm_run *run, struct holm_operation *operation)
{
    operation->pump = holm_task_pump(holm_task_self());
    holm_operation_submit(&run->operations, operation);
    while (operation->result == HOLM_AGAIN) {
        /* an operation on a file is over within the turn: even a cancelled task may wait for it */
        (void)!holm_task_wait(HOLM_TIMER_NEVER);
    }
    return operation->result;
}

/* The next word of a line; empty: none. */
static struct holm_bytes word_take(struct holm_bytes *line)
{
    struct holm_bytes word = { 0 }, blank;

    while (holm_bytes_is(*line, 0, ' ') || holm_bytes_is(*line, 0, '\t'))
        (void)!holm_bytes_take(line, 1, &blank);
    size_t space = holm_bytes_find(*line, 0, ' '), tab = holm_bytes_find(*line, 0, '\t');
    (void)!holm_bytes_take(line, space < tab ? space : tab, &word);
    return word;
}

/* A line is an address and its names; what follows '#' is a remark. */
static bool line_has(struct holm_bytes line, struct holm_bytes name,
                     struct holm_ip_address *address)
{
    struct holm_bytes first, word;

    (void)!holm_bytes_part(line, 0, holm_bytes_find(line, 0, '#'), &line);
    first = word_take(&line);
    for (word = word_take(&line); word.len > 0; word = word_take(&line)) {
        if (holm_text_equal_nocase(word, name))
            return holm_text_ip_parse(address, first) == HOLM_OK;
    }
    return false;
}

bool holm_http__hosts_find(struct holm_bytes hosts, struct holm_bytes name,
                           struct holm_ip_address *address)
{
    struct holm_bytes line;

    while (holm_bytes_split(&hosts, '\n', &line)) {
        if (line_has(line, name, address))
            return true;
    }
    return line_has(hosts, name, address);
}

/* Reads the start of the file of names, into storage that the caller has no use for now. */
static struct holm_bytes hosts_read(struct holm_run *run, struct holm_span storage)
{
    struct holm_operation operation = { .kind = HOLM_OPERATION_FILE_OPEN,
                                        .port = HOLM_PORT_NONE,
                                        .pieces = { HOLM_TEXT("/etc/hosts") },
                                        .pieces_count = 1 };
    struct holm_bytes hosts = { 0 };

    if (operate(run, &operation) != HOLM_OK)
        return hosts;
    operation.kind = HOLM_OPERATION_FILE_READ;
    operation.offset = 0;
    operation.span = storage;
    if (operate(run, &operation) == HOLM_OK)
        (void)!holm_bytes_part(holm_span_bytes(storage), 0, operation.size, &hosts);
    operation.kind = HOLM_OPERATION_CLOSE;
    (void)!operate(run, &operation);
    return hosts;
}

enum holm_result holm_http__resolve(struct holm_run *run, struct holm_span storage,
                                    struct holm_bytes name, struct holm_ip_address *address)
{
    if (holm_text_ip_parse(address, name) == HOLM_OK)
        return HOLM_OK;
    if (holm_http__hosts_find(hosts_read(run, storage), name, address))
        return HOLM_OK;
    if (!holm_text_equal_nocase(name, HOLM_TEXT("localhost")))
        return HOLM_ERR_NOT_FOUND;
    *address = holm_ip_loopback(HOLM_IP_V4); /* RFC 6761 section 6.3: it needs no file */
    return HOLM_OK;
}
