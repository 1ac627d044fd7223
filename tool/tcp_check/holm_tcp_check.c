/* SPDX-License-Identifier: ISC */
/* holm_tcp_check.c: holm-tcp-check, which says of each TCP segment in a capture what rules it breaks.
 * Hosted. A connection is checked by holm/tcp/check.h; here are the file, the connections, the words. */
#include <errno.h>
#include <holm/pcap.h>
#include <holm/tcp/check.h>
#include <holm/text.h>
#include <holm/wrap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many connections of a file are looked at. */
#define CONNECTIONS_MAX 65536
#define SLOTS_COUNT (2 * CONNECTIONS_MAX)

enum { STATUS_CLEAN = 0, STATUS_BROKEN = 1, STATUS_TROUBLE = 2 };

static const char *const help =
    "usage: holm-tcp-check [--offload] [--must] FILE.pcap\n"
    "       holm-tcp-check --rules | --help\n"
    "\n"
    "Says of each TCP segment in a capture what rules of TCP it breaks, one line each:\n"
    "\n"
    "  10.0.0.1:80 > 10.0.0.2:4711 #17: acknowledges bytes that were never sent: RFC 9293 section\n"
    "  3.10.7.4\n"
    "\n"
    "#17 is the frame's number in the file. Both directions should be in the capture. What a capture\n"
    "cannot know (a loss behind it, a start before it) counts for the sender.\n"
    "\n"
    "  --offload  taken on a host whose device cuts and sums: sizes and checksums are not judged\n"
    "  --must     only what is forbidden, not what should not be\n"
    "  --rules    the rules: name, must or should, what breaks it, where it stands\n"
    "\n"
    "The file is a classic pcap of Ethernet frames (tcpdump -w). Status 0: nothing is broken; 1: lines\n"
    "were printed; 2: the file or the words cannot be used.\n";

static struct holm_tcp_check *slots[SLOTS_COUNT];
static uint8_t input[2 * (HOLM_PCAP_RECORD_BYTES + HOLM_PCAP_FRAME_MAX)];

static struct {
    bool is_offloaded, must_only;
    uint64_t frames, segments, connections, findings, unread, dropped;
} run;

/* hash is the same for both directions of a connection. */
static size_t hash(const struct holm_tcp_check_segment *segment)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof segment->source.address.bytes; i++)
        sum = holm_u32_wrap_add(holm_u32_wrap_mul(sum, 31),
                                (uint32_t)HOLM_AT(segment->source.address.bytes, i) +
                                    HOLM_AT(segment->destination.address.bytes, i));
    uint32_t ports = holm_u32_wrap_mul(segment->source.port, segment->destination.port);
    return holm_u32_wrap_add(holm_u32_wrap_mul(sum, 31), ports) % SLOTS_COUNT;
}

/* connection_of finds the segment's connection, or makes one; NULL: there are too many. */
static struct holm_tcp_check *connection_of(const struct holm_tcp_check_segment *segment)
{
    size_t at = hash(segment);
    while (HOLM_AT(slots, at) != NULL) {
        if (holm_tcp_check_owns(HOLM_AT(slots, at), segment))
            return HOLM_AT(slots, at);
        at = (at + 1) % SLOTS_COUNT;
    }
    if (run.connections == CONNECTIONS_MAX)
        return NULL;
    struct holm_tcp_check *check = malloc(sizeof *check); /* touched only as far as it is used */
    if (check == NULL)
        return NULL;
    holm_tcp_check_init(check, segment, run.is_offloaded);
    HOLM_AT(slots, at) = check;
    run.connections += 1;
    return check;
}

static void bytes_print(struct holm_bytes bytes)
{
    (void)fwrite(bytes.ptr, 1, bytes.len, stdout);
}

static void endpoint_print(const struct holm_endpoint *endpoint)
{
    uint8_t memory[HOLM_TEXT_ENDPOINT_MAX];
    struct holm_buffer text = HOLM_BUFFER(memory);
    if (holm_text_endpoint_emit(&text, endpoint))
        bytes_print(holm_buffer_filled(&text));
}

/* report prints a line for each rule that the segment breaks. */
static void report(const struct holm_tcp_check_segment *segment, const struct holm_tcp_laws *laws)
{
    for (unsigned law = 0; law < HOLM_TCP_LAW_COUNT; law++) {
        struct holm_tcp_law_text text = holm_tcp_law_text((enum holm_tcp_law)law);
        if (!holm_tcp_laws_has(laws, (enum holm_tcp_law)law) || (run.must_only && !text.must))
            continue;
        endpoint_print(&segment->source);
        printf(" > ");
        endpoint_print(&segment->destination);
        printf(" #%llu: ", (unsigned long long)run.frames);
        bytes_print(text.says);
        printf(": ");
        bytes_print(text.source);
        printf(text.must ? "\n" : " (should)\n");
        run.findings += 1;
    }
}

static void frame_check(const struct holm_pcap_record *record)
{
    struct holm_tcp_check_segment segment;
    struct holm_tcp_laws laws = { 0 };

    run.frames += 1;
    enum holm_result result = holm_tcp_check_parse(&segment, &laws, holm_span_bytes(record->frame),
                                                   record->original_len, run.is_offloaded);
    if (result == HOLM_ERR_UNSUPPORTED || result == HOLM_ERR_TRUNCATED) {
        run.unread += 1;
        return;
    }
    run.segments += 1;
    if (result == HOLM_OK) {
        struct holm_tcp_check *check = connection_of(&segment);
        segment.time_ns = record->time_ns;
        if (check != NULL)
            holm_tcp_check_feed(check, &laws, &segment);
        else
            run.dropped += 1;
    }
    report(&segment, &laws);
}

static int trouble(const char *path, const char *what)
{
    (void)fprintf(stderr, "holm-tcp-check: %s: %s\n", path, what);
    return STATUS_TROUBLE;
}

/* more reads on behind what is left of the input; false at the end of the file. */
static bool more(FILE *file, struct holm_span *left)
{
    struct holm_span all = { input, sizeof input }, room;
    if (feof(file) != 0 || ferror(file) != 0)
        return false;
    (void)memmove(input, left->ptr, left->len);
    if (!holm_span_part(all, left->len, sizeof input - left->len, &room))
        return false;
    size_t len = fread(room.ptr, 1, room.len, file);
    left->ptr = input;
    left->len += len;
    return len > 0;
}

static int file_check(const char *path, FILE *file)
{
    struct holm_span left = { input, 0 };
    struct holm_pcap pcap;
    struct holm_pcap_record record;
    enum holm_result result;

    if (!more(file, &left) || holm_pcap_begin(&pcap, &left) != HOLM_OK)
        return trouble(path, "no classic pcap of Ethernet frames");
    do {
        while ((result = holm_pcap_next(&pcap, &record, &left)) == HOLM_OK)
            frame_check(&record);
    } while (result == HOLM_AGAIN && more(file, &left));
    if (ferror(file) != 0)
        return trouble(path, "cannot be read on");
    if (result != HOLM_AGAIN || left.len > 0)
        return trouble(path, "ends within a frame, or is no capture from there on");
    (void)fflush(stdout);
    (void)fprintf(stderr,
                  "%llu segments of %llu connections, %llu findings; %llu frames without TCP that "
                  "can be read\n",
                  (unsigned long long)run.segments, (unsigned long long)run.connections,
                  (unsigned long long)run.findings, (unsigned long long)run.unread);
    if (run.dropped > 0)
        return trouble(path, "has more connections than can be looked at");
    return run.findings > 0 ? STATUS_BROKEN : STATUS_CLEAN;
}

static int rules_print(void)
{
    for (unsigned law = 0; law < HOLM_TCP_LAW_COUNT; law++) {
        struct holm_tcp_law_text text = holm_tcp_law_text((enum holm_tcp_law)law);
        printf("| `");
        bytes_print(text.name);
        printf("` | %s | ", text.must ? "must" : "should");
        bytes_print(text.says);
        printf(" | ");
        bytes_print(text.source);
        printf(" |\n");
    }
    return STATUS_CLEAN;
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    for (int i = 1; i < argc; i++) {
        const char *word = HOLM_NTH(argv, (size_t)argc, (size_t)i);
        if (strcmp(word, "--help") == 0)
            return fputs(help, stdout) < 0 ? STATUS_TROUBLE : STATUS_CLEAN;
        if (strcmp(word, "--rules") == 0)
            return rules_print();
        if (strcmp(word, "--offload") == 0)
            run.is_offloaded = true;
        else if (strcmp(word, "--must") == 0)
            run.must_only = true;
        else if (path == NULL && strncmp(word, "--", 2) != 0)
            path = word;
        else
            return trouble(word, "not understood; --help says how");
    }
    if (path == NULL) {
        (void)fputs(help, stderr);
        return STATUS_TROUBLE;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return trouble(path, strerror(errno));
    int status = file_check(path, file);
    (void)fclose(file);
    return status;
}
