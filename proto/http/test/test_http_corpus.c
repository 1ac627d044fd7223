/* SPDX-License-Identifier: ISC */
/* test_http_corpus.c: the verdicts of the request corpora of gunicorn and llhttp, from the folder
 * HOLM_VECTORS or ../shared/vectors beside the source. Where ours differs the table says why, and
 * each line of the table must still differ. A request of HTTP/1.1 without Host gets one first,
 * since neither corpus cares and we do. */
#include "http_drive.h"

#include <glob.h>
#include <holm/class.h>
#include <holm/test.h>
#include <stdio.h>

enum { TEXT_MAX = 65536, PATH_MAX_BYTES = 512 };

static struct drive drive;
static uint8_t file_bytes[TEXT_MAX];
static uint8_t input_bytes[TEXT_MAX];

/* Where our verdict differs from the corpus's. */
static const struct deviation {
    const char *name;
    const char *reason;
} deviations[] = {
#include "http_deviations.inc"
};
static bool met[HOLM_COUNT(deviations)];

/* path_of writes the path of a pattern within the vectors. */
static const char *path_of(const char *pattern)
{
    static char path[PATH_MAX_BYTES];
    const char *folder = getenv("HOLM_VECTORS");
    snprintf(path, sizeof path, "%s/http/%s", folder != NULL ? folder : "../shared/vectors",
             pattern);
    return path;
}

static struct holm_bytes file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t len = 0;
    if (file == NULL)
        return (struct holm_bytes){ 0 };
    len = fread(file_bytes, 1, sizeof file_bytes, file);
    (void)fclose(file);
    return (struct holm_bytes){ file_bytes, len };
}

static size_t text_find(struct holm_bytes text, size_t from, const char *word)
{
    struct holm_bytes wanted = text_of(word);
    struct holm_bytes part = { 0 };
    for (; holm_bytes_part(text, from, wanted.len, &part); from++)
        if (holm_bytes_equal(part, wanted))
            return from;
    return text.len;
}

static unsigned hex_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - (unsigned)'0';
    return ((c | 32U) - 'a' + 10) & 15;
}

/* unescape turns \r, \n, \t, \f, \v, \0 and \xNN of text into bytes; real line ends become CRLF, or
 * are dropped, and an escaped one is always dropped. */
static struct holm_bytes unescape(struct holm_bytes text, bool keep_lines)
{
    static const char escapes[] = "rntfv0";
    static const uint8_t bytes[] = "\r\n\t\f\v";
    struct holm_buffer out = HOLM_BUFFER(input_bytes);
    uint8_t c = 0;
    uint8_t high = 0;
    uint8_t low = 0;
    while (holm_bytes_u8(&text, &c)) {
        if (c == '\n' && keep_lines)
            drive_must(holm_buffer_bytes(&out, HOLM_TEXT("\r\n")));
        if (c == '\n')
            continue;
        if (c != '\\' || text.len == 0) {
            drive_must(holm_buffer_u8(&out, c));
            continue;
        }
        drive_must(holm_bytes_u8(&text, &c));
        if (c == 'x' && holm_bytes_u8(&text, &high) && holm_bytes_u8(&text, &low))
            drive_must(holm_buffer_u8(&out, (uint8_t)(hex_of(high) * 16 + hex_of(low))));
        for (size_t i = 0; i + 1 < sizeof escapes; i++)
            if (c == HOLM_AT(escapes, i))
                drive_must(holm_buffer_u8(&out, HOLM_AT(bytes, i)));
    }
    return holm_buffer_filled(&out);
}

/* drive_with_host feeds text, with a Host behind each first line of HTTP/1.1 if there is none. */
static void drive_with_host(struct holm_bytes text)
{
    struct holm_bytes part = { 0 };
    size_t line = text_find(text, 0, " HTTP/1.1\r\n");
    bool has_host = text_find(text, 0, "\nHost:") < text.len ||
                    text_find(text, 0, "\nHOST:") < text.len ||
                    text_find(text, 0, "\nhost:") < text.len;
    while (!has_host && holm_bytes_take(&text, line + 11, &part)) {
        drive_feed(&drive, part);
        drive_feed(&drive, HOLM_TEXT("Host: h\r\n"));
        line = text_find(text, 0, " HTTP/1.1\r\n");
    }
    drive_feed(&drive, text);
}

/* agrees checks a verdict against the table. */
static void agrees(const char *name, bool good, bool wanted)
{
    for (size_t i = 0; i < HOLM_COUNT(deviations); i++) {
        if (strcmp(HOLM_AT(deviations, i).name, name) != 0)
            continue;
        HOLM_AT(met, i) |= good != wanted;
        return;
    }
    if (!CHECK_IS(good, wanted))
        printf("  in: %s\n%.*s\n", name, (int)drive.log.len, (const char *)drive.log.ptr);
}

/* How many cases each corpus has: none may get lost unseen. */
enum { GUNICORN_VALID = 63, GUNICORN_INVALID = 39, LLHTTP = 188, LLHTTP_LEFT_OUT = 63 };

static void gunicorn(const char *folder, bool wanted, size_t cases)
{
    char pattern[PATH_MAX_BYTES];
    glob_t found;
    snprintf(pattern, sizeof pattern, "gunicorn-requests/%s/*.http", folder);
    if (glob(path_of(pattern), 0, NULL, &found) != 0) {
        printf("skipped: no %s\n", path_of(pattern));
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path =
            *(char **)holm_element(found.gl_pathv, found.gl_pathc, sizeof(char *), i);
        drive_init(&drive, true, NULL);
        drive_with_host(unescape(file_read(path), false));
        drive_end(&drive);
        agrees(strstr(path, folder), drive.errors == 0 && drive.messages > 0, wanted);
    }
    CHECK_IS(found.gl_pathc, cases);
    printf("    %zu cases of gunicorn's %s\n", found.gl_pathc, folder);
    globfree(&found);
}

TEST(gunicorns_valid_requests_are_taken)
{
    gunicorn("valid", true, GUNICORN_VALID);
}

TEST(gunicorns_invalid_requests_are_refused)
{
    gunicorn("invalid", false, GUNICORN_INVALID);
}

/* block_take takes what stands between two marks from *text. */
static bool block_take(struct holm_bytes *text, const char *from, const char *to,
                       struct holm_bytes *block)
{
    size_t start = text_find(*text, 0, from);
    size_t end;
    if (start == text->len)
        return false;
    start += strlen(from);
    end = text_find(*text, start, to);
    return end < text->len && holm_bytes_part(*text, start, end - start, block) &&
           holm_bytes_from(*text, end, text);
}

/* title_of gives the last heading in text. */
static struct holm_bytes title_of(struct holm_bytes text)
{
    struct holm_bytes title = { 0 };
    struct holm_bytes line = { 0 };
    while (holm_bytes_split(&text, '\n', &line))
        if (holm_bytes_is(line, 0, '#'))
            title = line;
    while (holm_bytes_is(title, 0, '#') || holm_bytes_is(title, 0, ' '))
        drive_must(holm_bytes_from(title, 1, &title));
    return title;
}

/* llhttp_verdict: the first message was taken, or at least not refused before it ended. */
static bool llhttp_verdict(struct holm_bytes log)
{
    size_t complete = text_find(log, 0, "message complete");
    size_t error = text_find(log, 0, "error code=");
    return complete < error || error == log.len ||
           text_find(log, error, "Pause on") < log.len; /* a hand-over, not an error */
}

/* our_verdict is the same of our events. A message that was cut off before it was decided agrees
 * with any verdict. */
static bool our_verdict(bool wanted)
{
    struct holm_bytes log = holm_buffer_filled(&drive.log);
    size_t complete = text_find(log, 0, "\nEND\n");
    size_t error = text_find(log, 0, "ERROR ");
    if (complete > error && drive.http.error == HOLM_ERR_TRUNCATED)
        return wanted;
    return complete <= error;
}

/* llhttp_case runs one case; false if it is of a lax mode, which we do not have. */
static bool llhttp_case(const char *file, struct holm_bytes title, struct holm_bytes meta,
                        struct holm_bytes input, struct holm_bytes log)
{
    char name[PATH_MAX_BYTES];
    bool server = text_find(meta, 0, "request") < meta.len;
    if (text_find(meta, 0, "lenient") < meta.len || text_find(meta, 0, "skipBody") < meta.len ||
        text_find(meta, 0, "pause") < meta.len)
        return false;
    drive_init(&drive, server, NULL);
    if (server) {
        drive_with_host(unescape(input, true));
    } else {
        struct holm_http_request request = { .method = HOLM_HTTP_GET,
                                             .target = HOLM_TEXT("/"),
                                             .host = HOLM_TEXT("h"),
                                             .upgrade = true };
        drive_must(holm_http_machine_request(&drive.http, &drive.out, &request) == HOLM_OK);
        drive_must(holm_http_machine_body_end(&drive.http, &drive.out, NULL) == HOLM_OK);
        drive_feed(&drive, unescape(input, true));
    }
    drive_end(&drive);
    snprintf(name, sizeof name, "%s: %.*s", file, (int)title.len, (const char *)title.ptr);
    agrees(name, our_verdict(llhttp_verdict(log)), llhttp_verdict(log));
    return true;
}

TEST(llhttps_cases_get_their_verdicts)
{
    glob_t found;
    unsigned cases = 0;
    unsigned lax = 0;
    if (glob(path_of("llhttp/re*/*.md"), 0, NULL, &found) != 0) {
        printf("skipped: no %s\n", path_of("llhttp"));
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path =
            *(char **)holm_element(found.gl_pathv, found.gl_pathc, sizeof(char *), i);
        struct holm_bytes text = file_read(path);
        struct holm_bytes before = { 0 };
        struct holm_bytes meta = { 0 };
        struct holm_bytes input = { 0 };
        struct holm_bytes log = { 0 };
        while (block_take(&text, "\n", "<!-- meta=", &before) &&
               block_take(&text, "meta=", "-->", &meta) &&
               block_take(&text, "```http\n", "\n```", &input) &&
               block_take(&text, "```log\n", "\n```", &log)) {
            bool ran = llhttp_case(strstr(path, "/re"), title_of(before), meta, input, log);
            cases += ran;
            lax += !ran;
        }
    }
    CHECK_IS(cases, LLHTTP);
    CHECK_IS(lax, LLHTTP_LEFT_OUT);
    printf("    %u cases of llhttp, %u of its lax modes or pauses left out\n", cases, lax);
    globfree(&found);
}

TEST(the_table_of_deviations_is_true)
{
    glob_t found;
    if (glob(path_of("llhttp/request/*.md"), 0, NULL, &found) != 0)
        return;
    globfree(&found);
    for (size_t i = 0; i < HOLM_COUNT(deviations); i++)
        if (!CHECK(HOLM_AT(met, i)))
            printf("  of: %s\n", HOLM_AT(deviations, i).name);
}
