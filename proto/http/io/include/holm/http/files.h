/* SPDX-License-Identifier: ISC */
/* holm/http/files.h: static files, from a tar archive that is part of the image, or from a folder of
 * the host. Types by extension, strong entity tags, dates, conditional requests, single and several
 * ranges; a file NAME.br, NAME.zst or NAME.gz beside NAME is sent to clients that like that coding. A
 * path that ends in '/' is its index.html; a folder without the '/' is a redirect. */
#pragma once

#include <holm/arena.h>
#include <holm/http/accept.h>
#include <holm/http/exchange.h>
#include <holm/http/fields.h>
#include <holm/operation.h>

/* Limits, inclusive: files of an archive; bytes of a path. */
#define HOLM_HTTP_FILES_MAX 65536
#define HOLM_HTTP_FILE_PATH_MAX 255
/* HOLM_HTTP_FILE_FIELDS_BYTES bounds the field lines that are made once for each file. */
#define HOLM_HTTP_FILE_FIELDS_BYTES 320
#define HOLM_HTTP_FILE_TAG_BYTES 40

/* struct holm_http_file is one file of an archive. */
struct holm_http_file {
    struct holm_bytes path; /* starts with '/' */
    struct holm_bytes content;
    struct holm_bytes type;
    uint64_t modified_s;                 /* 0: not known */
    uint32_t next;                       /* of the same hash: index + 1 */
    uint32_t codings[HOLM_HTTP_CODINGS]; /* the file in that coding: index + 1; 0: none */
    enum holm_http_coding coding;        /* of this one */
    struct holm_bytes tag;
    struct holm_http_fields whole; /* lines made once: type, tag, date and so on */
    struct holm_http_fields bare;  /* the same without the type */
    uint8_t whole_bytes[HOLM_HTTP_FILE_FIELDS_BYTES];
    uint8_t bare_bytes[HOLM_HTTP_FILE_FIELDS_BYTES];
    uint8_t tag_bytes[HOLM_HTTP_FILE_TAG_BYTES];
    uint8_t path_bytes[HOLM_HTTP_FILE_PATH_MAX];
};

/* struct holm_http_files is where files come from: an archive, or a folder. */
struct holm_http_files {
    struct holm_http_file *files;
    uint32_t *heads; /* of the hash's chains: index + 1 */
    uint32_t count;
    uint32_t heads_count;                 /* a power of two */
    const struct holm_http_file *missing; /* /404.html, sent with 404; NULL: none */
    bool is_folder; /* files come from the folder of the host that is open as port */
    holm_port port;
};

/* holm_http_files_open reads a tar archive (ustar), whose bytes must be constant.
 *
 * Memory:  takes an index from arena for good; keeps tar.
 * Errors:  HOLM_ERR_MALFORMED  no ustar archive; HOLM_ERR_TRUNCATED  it ends too early
 *          HOLM_ERR_LIMIT      a path or the number of files over a limit above
 *          HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_http_files_open(struct holm_http_files *files,
                                                    struct holm_arena *arena,
                                                    struct holm_bytes tar);

/* holm_http_files_folder makes *files the files below a folder of the host, read when they are asked
 * for. May wait (a task).
 *
 * Errors:  HOLM_ERR_NOT_FOUND, HOLM_ERR_PERMISSION: the host's word; HOLM_ERR_INVALID  no folder */
HOLM_MUST_USE enum holm_result holm_http_files_folder(struct holm_http_files *files,
                                                      struct holm_bytes folder);

/* holm_http_files_find looks a path up; NULL: no such file. */
const struct holm_http_file *holm_http_files_find(const struct holm_http_files *files,
                                                  struct holm_bytes path);

/* holm_http_files is a handler for GET; context is a struct holm_http_files. */
enum holm_result holm_http_files(struct holm_http_exchange *exchange, const void *context);
