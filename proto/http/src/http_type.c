/* SPDX-License-Identifier: ISC */
/* http_type.c: media types by file extension, from the IANA registry. */
#include "http_impl.h"

enum { EXTENSION_MAX = 11, TYPE_MAX = 32 };

struct type {
    uint8_t extension_len;
    uint8_t type_len;
    uint8_t extension[EXTENSION_MAX];
    uint8_t type[TYPE_MAX];
};

#define TYPE(extension, type) { sizeof(extension) - 1, sizeof(type) - 1, extension, type }
static const struct type types[] = {
    TYPE("html", "text/html; charset=utf-8"),
    TYPE("htm", "text/html; charset=utf-8"),
    TYPE("css", "text/css; charset=utf-8"),
    TYPE("js", "text/javascript; charset=utf-8"),
    TYPE("mjs", "text/javascript; charset=utf-8"),
    TYPE("json", "application/json"),
    TYPE("map", "application/json"),
    TYPE("txt", "text/plain; charset=utf-8"),
    TYPE("md", "text/markdown; charset=utf-8"),
    TYPE("csv", "text/csv; charset=utf-8"),
    TYPE("xml", "application/xml"),
    TYPE("atom", "application/atom+xml"),
    TYPE("rss", "application/rss+xml"),
    TYPE("svg", "image/svg+xml"),
    TYPE("png", "image/png"),
    TYPE("jpg", "image/jpeg"),
    TYPE("jpeg", "image/jpeg"),
    TYPE("gif", "image/gif"),
    TYPE("webp", "image/webp"),
    TYPE("avif", "image/avif"),
    TYPE("ico", "image/vnd.microsoft.icon"),
    TYPE("woff", "font/woff"),
    TYPE("woff2", "font/woff2"),
    TYPE("ttf", "font/ttf"),
    TYPE("otf", "font/otf"),
    TYPE("wasm", "application/wasm"),
    TYPE("pdf", "application/pdf"),
    TYPE("zip", "application/zip"),
    TYPE("gz", "application/gzip"),
    TYPE("zst", "application/zstd"),
    TYPE("tar", "application/x-tar"),
    TYPE("webmanifest", "application/manifest+json"),
    TYPE("mp3", "audio/mpeg"),
    TYPE("ogg", "audio/ogg"),
    TYPE("opus", "audio/ogg"),
    TYPE("wav", "audio/wav"),
    TYPE("mp4", "video/mp4"),
    TYPE("webm", "video/webm"),
};

enum { TYPES = HOLM_COUNT(types) };

/* extension_of gives what follows the last point of the path's last segment. */
/*@ requires holm_readable(path);
    assigns \nothing;
    ensures holm_readable(\result) && \result.len <= path.len;
    ensures \result.len > 0 ==> path.ptr[path.len - \result.len - 1] == '.' &&
              \result.ptr == path.ptr + (path.len - \result.len);
    ensures \forall integer k; path.len - \result.len <= k < path.len ==>
              path.ptr[k] != '.' && path.ptr[k] != '/'; */
static struct holm_bytes extension_of(struct holm_bytes path)
{
    size_t at = path.len;
    /*@ loop invariant 0 <= at <= path.len;
        loop invariant \forall integer k; at <= k < path.len ==>
                         path.ptr[k] != '.' && path.ptr[k] != '/';
        loop assigns at;
        loop variant at; */
    while (at > 0 && !holm_bytes_is(path, at - 1, '.') && !holm_bytes_is(path, at - 1, '/'))
        at--;
    if (at == 0 || !holm_bytes_is(path, at - 1, '.'))
        return (struct holm_bytes){ 0 };
    return holm_http__tail_after(path, at);
}

/* type_at keeps the table out of the proof of who walks through it. */
/*@ requires i < TYPES;
    assigns \nothing;
    ensures \valid_read(\result); */
static const struct type *type_at(size_t i)
{
    return &HOLM_AT(types, i);
}

struct holm_bytes holm_http_type_of(struct holm_bytes path)
{
    struct holm_bytes extension = extension_of(path);
    struct holm_bytes text = { 0 };
    /*@ loop invariant 0 <= i <= TYPES;
        loop assigns i, text;
        loop variant TYPES - i; */
    for (size_t i = 0; i < TYPES; i++) {
        const struct type *type = type_at(i);
        if (holm_bytes_part(HOLM_BLOB(type->extension), 0, type->extension_len, &text) &&
            holm_http_text_is(extension, text) &&
            holm_bytes_part(HOLM_BLOB(type->type), 0, type->type_len, &text))
            return text;
    }
    return HOLM_TEXT("application/octet-stream");
}
