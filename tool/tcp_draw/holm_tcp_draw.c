/* SPDX-License-Identifier: ISC */
/* holm_tcp_draw.c: holm-tcp-draw, which draws what a connection did over time: a time-sequence picture as
 * SVG. Hosted. */
#include <errno.h>
#include <holm/pcap.h>
#include <holm/tcp/check.h>
#include <holm/text.h>
#include <holm/wrap.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many connections of a file can be chosen from; those after them are not seen. */
#define CONNECTIONS_MAX 4096

enum { STATUS_DRAWN = 0, STATUS_TROUBLE = 2 };
#define WIDTH 1600
#define HEIGHT 900
#define MARGIN 80
#define TICKS 8

static const char *const help =
    "usage: holm-tcp-draw [--connection=NUMBER] [--back] FILE.pcap >PICTURE.svg\n"
    "\n"
    "Draws a connection of a capture: time goes right, the stream's bytes go up. The connection is the\n"
    "one with the most data, unless a number is given (1 is the first in the file), and the direction\n"
    "the one with more; --back draws the other.\n"
    "\n"
    "  black   data, from its first byte to its last\n"
    "  red     data that had been sent before\n"
    "  green   acknowledged up to here\n"
    "  violet  pieces that arrived after a gap, as the receiver tells (SACK)\n"
    "  grey    the window: up to here may be sent\n"
    "\n"
    "The file is a classic pcap of Ethernet frames (tcpdump -w, --pcap=DEVICE=FILE). Status 0: drawn; 2: the\n"
    "file or the words cannot be used.\n";

/* struct way is one direction of a connection. */
struct way {
    uint64_t bytes; /* of payload */
    uint64_t next;  /* behind the furthest byte so far; the numbers of the stream do not wrap */
    uint8_t scale;
    bool seen, scaled;
};

struct connection {
    struct holm_endpoint ends[2]; /* who spoke first is ends[0]; ways[0] is what that one sent */
    struct way ways[2];
};

static struct holm_endpoint *end_of(struct connection *connection, bool back)
{
    return &HOLM_AT(connection->ends, back ? 1 : 0);
}

static struct way *way_of(struct connection *connection, bool back)
{
    return &HOLM_AT(connection->ways, back ? 1 : 0);
}

static uint64_t bytes_of(struct connection *connection)
{
    return way_of(connection, false)->bytes + way_of(connection, true)->bytes;
}

/* enum mark is a kind of line. */
enum mark { DATA, AGAIN, ACKED, SACKED, WINDOW, MARKS };
static const char *const colours[MARKS] = { "black", "red", "green", "blueviolet", "grey" };

/* struct line goes up at a time; from the one before, if it is a staircase. */
struct line {
    double at_s;
    uint64_t low, high;
    enum mark mark;
};

static struct connection connections[CONNECTIONS_MAX];
static size_t connections_count;

static struct {
    struct line *lines;
    size_t count, size;
    double end_s;
    uint64_t bottom, top;
    uint64_t start_ns;
    bool begun;
} picture;

/* unwrapped is seq as a number that does not wrap, near the furthest one of its way. */
static uint64_t unwrapped(const struct way *way, uint32_t seq)
{
    uint64_t least = way->next < 0x80000000 ? 0 : way->next - 0x80000000;
    return least + holm_u32_wrap_sub(seq, (uint32_t)(least & 0xffffffff));
}

/* connection_of finds the segment's connection, or adds it; *back: its second end sent it. */
static struct connection *connection_of(const struct holm_tcp_check_segment *segment, bool *back)
{
    for (size_t i = 0; i < connections_count; i++) {
        struct connection *at = &HOLM_AT(connections, i);
        *back = holm_endpoint_equal(end_of(at, true), &segment->source);
        if (holm_endpoint_equal(end_of(at, !*back), &segment->destination) &&
            holm_endpoint_equal(end_of(at, *back), &segment->source))
            return at;
    }
    *back = false;
    if (connections_count == CONNECTIONS_MAX)
        return NULL;
    struct connection *new = &HOLM_AT(connections, connections_count);
    connections_count += 1;
    new->ends[0] = segment->source;
    *end_of(new, true) = segment->destination;
    return new;
}

static void line_add(enum mark mark, uint64_t time_ns, uint64_t low, uint64_t high)
{
    if (picture.count == picture.size) {
        picture.size = picture.size == 0 ? 1024 : 2 * picture.size;
        struct line *more = realloc(picture.lines, picture.size * sizeof *more);
        if (more == NULL)
            abort();
        picture.lines = more;
    }
    if (!picture.begun) {
        picture.start_ns = time_ns;
        picture.bottom = low;
    }
    picture.begun = true;
    struct line line = { .low = low, .high = high, .mark = mark };
    line.at_s = time_ns > picture.start_ns ? (double)(time_ns - picture.start_ns) / 1e9 : 0;
    picture.end_s = line.at_s > picture.end_s ? line.at_s : picture.end_s;
    picture.bottom = low < picture.bottom ? low : picture.bottom;
    picture.top = high > picture.top ? high : picture.top;
    HOLM_NTH(picture.lines, picture.size, picture.count) = line;
    picture.count += 1;
}

/* sent draws the data of a segment, those of before apart; is_drawn: of the way that is drawn. */
static void sent(struct way *way, const struct holm_tcp_check_segment *segment, bool is_drawn)
{
    uint64_t start = way->seen ? unwrapped(way, segment->head.seq) : segment->head.seq;
    bool syn = segment->head.flags & HOLM_TCP_SYN, fin = segment->head.flags & HOLM_TCP_FIN;
    uint64_t end = start + segment->head.len + (syn ? 1 : 0) + (fin ? 1 : 0);

    if (is_drawn && end > start)
        line_add(way->seen && start < way->next ? AGAIN : DATA, segment->time_ns, start, end);
    if (!way->seen || end > way->next)
        way->next = end;
    way->seen = true;
    way->bytes += segment->head.len;
    if (syn) {
        way->scaled = segment->head.has_scale;
        way->scale = segment->head.scale;
    }
}

/* heard draws what a segment says of the data that came the other way. */
static void heard(struct connection *connection, const struct way *drawn, const struct way *speaker,
                  const struct holm_tcp_check_segment *segment)
{
    const struct holm_tcp_segment *head = &segment->head;
    bool scaled = way_of(connection, false)->scaled && way_of(connection, true)->scaled;
    uint64_t acked = unwrapped(drawn, head->ack);

    if (!(head->flags & HOLM_TCP_ACK) || (head->flags & HOLM_TCP_RST) || !drawn->seen)
        return;
    line_add(ACKED, segment->time_ns, acked, acked);
    uint64_t window = (uint64_t)head->window
                      << (scaled && !(head->flags & HOLM_TCP_SYN) ? speaker->scale : 0);
    line_add(WINDOW, segment->time_ns, acked + window, acked + window);
    for (size_t i = 0; i < head->sacks_count; i++)
        line_add(SACKED, segment->time_ns, unwrapped(drawn, HOLM_AT(head->sacks, i).start),
                 unwrapped(drawn, HOLM_AT(head->sacks, i).end));
}

/* each reads the capture; what is drawn is connection's way, or nothing (NULL): then connections are
 * counted. False: the file ends within a frame, or is no capture from some place on. */
static bool each(struct holm_span all, const struct connection *drawn, bool drawn_back)
{
    struct holm_pcap pcap;
    struct holm_pcap_record record;
    enum holm_result result = holm_pcap_begin(&pcap, &all);

    while (result == HOLM_OK && (result = holm_pcap_next(&pcap, &record, &all)) == HOLM_OK) {
        struct holm_tcp_check_segment segment;
        struct holm_tcp_laws laws = { 0 };
        bool back = false;
        if (holm_tcp_check_parse(&segment, &laws, holm_span_bytes(record.frame),
                                 record.original_len, true) != HOLM_OK)
            continue;
        segment.time_ns = record.time_ns;
        struct connection *connection = connection_of(&segment, &back);
        if (connection == NULL || (drawn != NULL && connection != drawn))
            continue;
        struct way *way = way_of(connection, back), *other = way_of(connection, !back);
        sent(way, &segment, drawn != NULL && back == drawn_back);
        if (drawn != NULL && back != drawn_back)
            heard(connection, other, way, &segment);
    }
    return result == HOLM_AGAIN && all.len == 0;
}

static double x_of(double at_s)
{
    return MARGIN + at_s / (picture.end_s > 0 ? picture.end_s : 1) * (WIDTH - 2 * MARGIN);
}

static double y_of(uint64_t seq)
{
    uint64_t high = picture.top > picture.bottom ? picture.top - picture.bottom : 1;
    return HEIGHT - MARGIN - (double)(seq - picture.bottom) / (double)high * (HEIGHT - 2 * MARGIN);
}

/* mark_print draws all lines of a kind as one path; what lies on the same tenth of a pixel, once. */
static void mark_print(enum mark mark)
{
    bool stairs = mark == ACKED || mark == WINDOW, begun = false;
    char before[96] = "";

    printf("<path id=\"%s\" fill=\"none\" stroke=\"%s\" d=\"", HOLM_AT(colours, mark),
           HOLM_AT(colours, mark));
    for (size_t i = 0; i < picture.count; i++) {
        const struct line *line = &HOLM_NTH(picture.lines, picture.size, i);
        char now[96];
        if (line->mark != mark)
            continue;
        double x = x_of(line->at_s), y = y_of(line->low);
        if (stairs && begun)
            (void)snprintf(now, sizeof now, "H%.1fV%.1f", x, y);
        else
            (void)snprintf(now, sizeof now, "M%.1f %.1fV%.1f", x, y,
                           stairs ? y : y_of(line->high) - 0.5);
        if (strcmp(now, before) != 0)
            printf("%s%s", i % 8 == 7 ? "\n" : "", now);
        (void)memcpy(before, now, sizeof before);
        begun = true;
    }
    printf("\"/>\n");
}

static void axes_print(void)
{
    printf("<path fill=\"none\" stroke=\"silver\" d=\"M%d %dV%dH%d\"/>\n", MARGIN, MARGIN,
           HEIGHT - MARGIN, WIDTH - MARGIN);
    for (unsigned i = 0; i <= TICKS; i++) {
        uint64_t seq = (picture.top - picture.bottom) * i / TICKS;
        printf("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.6g s</text>\n",
               x_of(picture.end_s * i / TICKS), HEIGHT - MARGIN + 20, picture.end_s * i / TICKS);
        printf("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%llu</text>\n", MARGIN - 5,
               y_of(picture.bottom + seq), (unsigned long long)seq);
    }
}

static void endpoint_print(const struct holm_endpoint *endpoint)
{
    uint8_t memory[HOLM_TEXT_ENDPOINT_MAX];
    struct holm_buffer text = HOLM_BUFFER(memory);

    if (holm_text_endpoint_emit(&text, endpoint))
        (void)fwrite(text.ptr, 1, text.len, stdout);
}

static void picture_print(struct connection *connection, bool back)
{
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
           "font-family=\"sans-serif\" font-size=\"12\">\n",
           WIDTH, HEIGHT);
    printf("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n<text x=\"%d\" y=\"%d\">", WIDTH,
           HEIGHT, MARGIN, MARGIN / 2);
    endpoint_print(end_of(connection, back));
    printf(" to ");
    endpoint_print(end_of(connection, !back));
    printf(": %llu bytes; black: data, red: again, green: acknowledged, violet: SACK, grey: "
           "window</text>\n",
           (unsigned long long)way_of(connection, back)->bytes);
    axes_print();
    mark_print(WINDOW);
    mark_print(ACKED);
    mark_print(SACKED);
    mark_print(DATA);
    mark_print(AGAIN);
    printf("</svg>\n");
}

static int trouble(const char *about, const char *what)
{
    (void)fprintf(stderr, "holm-tcp-draw: %s: %s\n", about, what);
    return STATUS_TROUBLE;
}

/* read_all reads a file into memory; NULL: it can not be read, and *why says why. */
static uint8_t *read_all(const char *path, size_t *len, const char **why)
{
    FILE *file = fopen(path, "rb");
    uint8_t *all = NULL;
    long size = -1;

    *why = file == NULL ? strerror(errno) : "cannot be read";
    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size > 0 && size < LONG_MAX && fseek(file, 0, SEEK_SET) == 0) /* that long is a folder */
        all = malloc((size_t)size);
    if (all != NULL)
        *len = fread(all, 1, (size_t)size, file);
    if (file != NULL)
        (void)fclose(file);
    return all;
}

static int draw(const char *path, struct holm_span all, uint64_t number, bool other)
{
    struct connection *chosen = &connections[0];

    bool whole = each(all, NULL, false);
    for (size_t i = 0; i < connections_count; i++) {
        struct connection *at = &HOLM_AT(connections, i);
        if (number == 0 && bytes_of(at) > bytes_of(chosen))
            chosen = at;
    }
    if (connections_count == 0 || number > connections_count)
        return trouble(path, "no such connection in a classic pcap of Ethernet frames");
    if (number > 0)
        chosen = &HOLM_AT(connections, number - 1);
    bool back = (way_of(chosen, true)->bytes > way_of(chosen, false)->bytes) != other;
    (void)memset(chosen->ways, 0, sizeof chosen->ways);
    (void)each(all, chosen, back);
    picture_print(chosen, back);
    if (!whole)
        (void)trouble(path, "the capture ends within a frame");
    return fflush(stdout) == 0 ? STATUS_DRAWN : trouble("standard output", strerror(errno));
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    uint64_t number = 0;
    bool other = false;

    for (int i = 1; i < argc; i++) {
        char *word = HOLM_NTH(argv, (size_t)argc, (size_t)i);
        struct holm_bytes text = { (const uint8_t *)word, strlen(word) }, start = { 0 };
        if (strcmp(word, "--help") == 0)
            return fputs(help, stdout) < 0 ? STATUS_TROUBLE : STATUS_DRAWN;
        if (strcmp(word, "--back") == 0)
            other = true;
        else if (holm_bytes_take(&text, sizeof "--connection=" - 1, &start) &&
                 holm_bytes_equal(start, HOLM_TEXT("--connection=")) &&
                 holm_text_u64_parse(&number, text) == HOLM_OK)
            continue;
        else if (path == NULL && strncmp(word, "--", 2) != 0)
            path = word;
        else
            return trouble(word, "not understood; --help says how");
    }
    if (path == NULL)
        return trouble("FILE.pcap", "is missing; --help says how");
    size_t len = 0;
    const char *why = NULL;
    uint8_t *all = read_all(path, &len, &why);
    if (all == NULL)
        return trouble(path, why);
    int status = draw(path, (struct holm_span){ all, len }, number, other);
    free(all);
    free(picture.lines);
    return status;
}
