/* SPDX-License-Identifier: ISC */
/* holm/log.h: structured log records. Pure: the clock and the sink are given by the start code. A
 * record has a level, a source, a message and fields, and becomes one line:
 *
 *     HOLM_LOG_INFO("http", "connection refused", HOLM_FIELD_ENDPOINT("peer", &peer),
 *                   HOLM_FIELD_U64("open", count));
 *     2026-11-21T14:25:15.000Z info http: connection refused peer=192.0.2.1:4711 open=1024
 *
 * Each place in the code that logs has a limit of its own, so that a peer can't drown the others. */
#pragma once

#include <holm/text.h>

/* HOLM_LOG_BURST_MAX is how many records a place may write in a period of HOLM_LOG_PERIOD_NS,
 * inclusive; the first one after it says how many were suppressed. */
#define HOLM_LOG_BURST_MAX 10
#define HOLM_LOG_PERIOD_NS 1000000000U
/* HOLM_LOG_FIELDS_MAX is how many fields a record may have, inclusive. */
#define HOLM_LOG_FIELDS_MAX 16

/* enum holm_log_level is how much a record matters, the most first. */
enum holm_log_level {
    HOLM_LOG_LEVEL_ERROR = 0, /* something that should work does not */
    HOLM_LOG_LEVEL_WARNING,   /* something is odd; all still works */
    HOLM_LOG_LEVEL_INFO,      /* what an operator wants to know */
    HOLM_LOG_LEVEL_DEBUG,     /* what a developer wants to know */
};
/* HOLM_LOG_LEVELS are their names, as the choices of a HOLM_PARAM_ENUM. */
#define HOLM_LOG_LEVELS "error|warning|info|debug"

struct holm_log_field;

/* holm_field_put_fn appends the value of a field; false if it does not fit. A field names the one of its type,
 * so that images have those alone whose types they log. */
typedef bool holm_field_put_fn(struct holm_buffer *out, const struct holm_log_field *field);
holm_field_put_fn holm_field_text_put, holm_field_u64_put, holm_field_i64_put, holm_field_bool_put,
    holm_field_duration_put, holm_field_size_put, holm_field_ip_put, holm_field_endpoint_put,
    holm_field_result_put;

/* struct holm_log_field is a key and a value; made by the macros below. A key is a word of letters,
 * digits and `_`.
 *
 * Memory:  borrows what its value points to. */
struct holm_log_field {
    struct holm_bytes key;
    holm_field_put_fn *put; /* NULL: the field is not written */
    union {
        struct holm_bytes text;
        uint64_t u64;
        int64_t i64;
        bool yes;
        const struct holm_ip_address *ip;
        const struct holm_endpoint *endpoint;
        enum holm_result result;
    };
};
#define HOLM_FIELD_TEXT(name, value) HOLM_FIELD__(name, text, text, value)
#define HOLM_FIELD_U64(name, value) HOLM_FIELD__(name, u64, u64, value)
#define HOLM_FIELD_I64(name, value) HOLM_FIELD__(name, i64, i64, value)
#define HOLM_FIELD_BOOL(name, value) HOLM_FIELD__(name, bool, yes, value)
#define HOLM_FIELD_DURATION(name, value_ns) HOLM_FIELD__(name, duration, u64, value_ns)
#define HOLM_FIELD_SIZE(name, value_bytes) HOLM_FIELD__(name, size, u64, value_bytes)
#define HOLM_FIELD_IP(name, pointer) HOLM_FIELD__(name, ip, ip, pointer)
#define HOLM_FIELD_ENDPOINT(name, pointer) HOLM_FIELD__(name, endpoint, endpoint, pointer)
#define HOLM_FIELD_RESULT(name, value) HOLM_FIELD__(name, result, result, value)
#define HOLM_FIELD__(name, type, member, is)                                                       \
    { .key = HOLM_TEXT(name), .put = holm_field_##type##_put, .member = (is) }

/* struct holm_log_record is what a sink gets. utc_ns is 0 when the time of day is not known;
 * suppressed is how many records of the same place were left out before this one. */
struct holm_log_record {
    enum holm_log_level level;
    uint64_t utc_ns;
    uint64_t suppressed;
    struct holm_bytes source;
    struct holm_bytes message;
    const struct holm_log_field *fields;
    size_t fields_count;
};

/* holm_log_record_emit appends the record as one line with its newline, whatever bytes it holds;
 * false, and nothing changes, if it does not fit. */
HOLM_MUST_USE bool holm_log_record_emit(struct holm_buffer *out,
                                        const struct holm_log_record *record);

struct holm_log_sink;

/* holm_log_write_fn takes a record. It can not fail: what it can not keep it drops and counts.
 *
 * Memory:  borrows record and all in it.
 * Calls:   must not log. */
typedef void holm_log_write_fn(struct holm_log_sink *sink, const struct holm_log_record *record);

/* struct holm_log_sink is where records go; context is the implementation's own. */
struct holm_log_sink {
    holm_log_write_fn *write;
    void *context;
};

/* holm_log_open makes sink the place where records of level and those that matter more go; before,
 * and with NULL, they are dropped.
 *
 * Memory:  keeps sink until the next holm_log_open. */
void holm_log_open(struct holm_log_sink *sink, enum holm_log_level level);

/* holm_log_tick gives the time that records are counted and stamped by, once a turn: monotonic, and
 * of day (0: not known). */
void holm_log_tick(uint64_t now_ns, uint64_t utc_ns);

/* struct holm_log_site is one place in the code that logs. */
struct holm_log_site {
    struct holm_bytes source;
    struct holm_bytes message;
    enum holm_log_level level;
    uint32_t count; /* of this period */
    uint64_t period_start_ns;
    uint64_t suppressed;
};

/* holm_log_site_pass counts a record of the site at that time, and answers whether it is within the
 * site's limit. */
bool holm_log_site_pass(struct holm_log_site *site, uint64_t now_ns);

/* holm_log_wanted answers whether a record of the site would be written now; it counts. */
bool holm_log_wanted(struct holm_log_site *site);

/* holm_log_site_write hands a record of the site, with these fields, to the sink. */
void holm_log_site_write(struct holm_log_site *site, const struct holm_log_field *fields,
                         size_t fields_count);

/* These log; their fields are made only if the record is wanted. source and message are literals. */
#define HOLM_LOG_ERROR(source, message, ...)                                                       \
    HOLM_LOG__(HOLM_LOG_LEVEL_ERROR, source, message, __VA_ARGS__)
#define HOLM_LOG_WARNING(source, message, ...)                                                     \
    HOLM_LOG__(HOLM_LOG_LEVEL_WARNING, source, message, __VA_ARGS__)
#define HOLM_LOG_INFO(source, message, ...)                                                        \
    HOLM_LOG__(HOLM_LOG_LEVEL_INFO, source, message, __VA_ARGS__)
#define HOLM_LOG_DEBUG(source, message, ...)                                                       \
    HOLM_LOG__(HOLM_LOG_LEVEL_DEBUG, source, message, __VA_ARGS__)
#define HOLM_LOG__(site_level, site_source, site_message, ...)                                     \
    do {                                                                                           \
        static struct holm_log_site holm_log__site = {                                             \
            .level = (site_level),                                                                 \
            .source = { (const uint8_t *)"" site_source, sizeof(site_source) - 1 },                \
            .message = { (const uint8_t *)"" site_message, sizeof(site_message) - 1 },             \
        };                                                                                         \
        if (holm_log_wanted(&holm_log__site)) {                                                    \
            const struct holm_log_field holm_log__fields[] = { { .put = NULL }, __VA_ARGS__ };     \
            _Static_assert(HOLM_COUNT(holm_log__fields) <= HOLM_LOG_FIELDS_MAX + 1,                \
                           "too many fields");                                                     \
            holm_log_site_write(&holm_log__site, &holm_log__fields[0],                             \
                                HOLM_COUNT(holm_log__fields));                                     \
        }                                                                                          \
    } while (0)
