/* SPDX-License-Identifier: ISC */
/* fuzz_http_url.c: any bytes as a URL, and behind a line feed as a reference seen from it: parts that
 * are written again read the same, and what is joined is a URL, or too long, or refused. */
#include <holm/class.h>
#include <holm/http/client.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint8_t storage[2 * HOLM_HTTP_URL_MAX + 16];

static void must(bool good)
{
    if (!good)
        abort();
}

static void round_trip(const struct holm_http_url *url)
{
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_http_url again;
    must(url->name.len > 0 && url->name.len <= url->host.len && url->port > 0);
    must(holm_buffer_bytes(&out, HOLM_TEXT("http://")) && holm_buffer_bytes(&out, url->host) &&
         holm_buffer_bytes(&out, url->target));
    must(holm_http_url_parse(&again, holm_buffer_filled(&out)) == HOLM_OK);
    must(holm_bytes_equal(again.host, url->host) && holm_bytes_equal(again.name, url->name) &&
         holm_bytes_equal(again.target, url->target) && again.port == url->port);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes reference = { data, len }, text = reference;
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_http_url base, joined;
    if (!holm_bytes_split(&reference, '\n', &text))
        reference.len = 0;
    if (holm_http_url_parse(&base, text) != HOLM_OK)
        return 0;
    round_trip(&base);
    out = HOLM_BUFFER(storage);
    if (holm_http_url_join(&out, &base, reference) != HOLM_OK)
        return 0;
    if (holm_http_url_parse(&joined, holm_buffer_filled(&out)) != HOLM_OK)
        return 0;
    must(joined.host.len <= HOLM_HTTP_HOST_MAX);
    return 0;
}
