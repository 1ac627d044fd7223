/* SPDX-License-Identifier: ISC */
/* http_type.c: media types by file extension, from the IANA registry. */
#include "http_impl.h"

struct type {
    struct holm_bytes extension;
    struct holm_bytes type;
};

#define TYPE(extension, type)                                                                      \
    {                                                                                              \
        { (const uint8_t *)"" extension, sizeof(extension) - 1 },                                  \
        { (const uint8_t *)"" type, sizeof(type) - 1 },                                            \
    }
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

/* extension_of gives what follows the last point of the path's last segment. */
static struct holm_bytes extension_of(struct holm_bytes path)
{
    size_t at = path.len;
    while (at > 0 && !holm_bytes_is(path, at - 1, '.') && !holm_bytes_is(path, at - 1, '/'))
        at--;
    if (at == 0 || !holm_bytes_is(path, at - 1, '.'))
        return (struct holm_bytes){ 0 };
    return holm_http__tail_after(path, at);
}

struct holm_bytes holm_http_type_of(struct holm_bytes path)
{
    struct holm_bytes extension = extension_of(path);
    for (size_t i = 0; i < HOLM_COUNT(types); i++)
        if (holm_http_text_is(extension, HOLM_AT(types, i).extension))
            return HOLM_AT(types, i).type;
    return HOLM_TEXT("application/octet-stream");
}
