/* SPDX-License-Identifier: ISC */
/* log.c: from a place that logs to the sink, and a record as a line. The sink, its level and the
 * time are the only state of core: every library logs, and none is given a log. */
#include "log_impl.h"
#include <holm/log.h>
#include <holm/time.h>

static struct holm_log_sink *log_sink;
static enum holm_log_level log_level;
static uint64_t log_now_ns;
static uint64_t log_utc_ns;

void holm_log_open(struct holm_log_sink *sink, enum holm_log_level level)
{
    log_sink = sink;
    log_level = level;
}

void holm_log_tick(uint64_t now_ns, uint64_t utc_ns)
{
    log_now_ns = now_ns;
    log_utc_ns = utc_ns;
}

bool holm_log_site_pass(struct holm_log_site *site, uint64_t now_ns)
{
    if (site->count == 0 || now_ns < site->period_start_ns ||
        now_ns - site->period_start_ns >= HOLM_LOG_PERIOD_NS) {
        site->period_start_ns = now_ns;
        site->count = 0;
    }
    if (site->count >= HOLM_LOG_BURST_MAX) {
        site->suppressed += 1;
        return false;
    }
    site->count += 1;
    return true;
}

bool holm_log_wanted(struct holm_log_site *site)
{
    return log_sink != NULL && site->level <= log_level && holm_log_site_pass(site, log_now_ns);
}

void holm_log_site_write(struct holm_log_site *site, const struct holm_log_field *fields,
                         size_t fields_count)
{
    struct holm_log_record record = {
        .level = site->level,
        .utc_ns = log_utc_ns,
        .suppressed = site->suppressed,
        .source = site->source,
        .message = site->message,
        .fields = fields,
        .fields_count = fields_count,
    };
    site->suppressed = 0;
    if (log_sink != NULL)
        log_sink->write(log_sink, &record);
}

static struct holm_bytes level_name(enum holm_log_level level)
{
    switch (level) {
    case HOLM_LOG_LEVEL_ERROR:
        return HOLM_TEXT(" error ");
    case HOLM_LOG_LEVEL_WARNING:
        return HOLM_TEXT(" warning ");
    case HOLM_LOG_LEVEL_INFO:
        return HOLM_TEXT(" info ");
    case HOLM_LOG_LEVEL_DEBUG:
        return HOLM_TEXT(" debug ");
    }
    return HOLM_TEXT(" ? ");
}

bool holm_field_text_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_log__text_put(out, field->text);
}

bool holm_field_u64_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_text_u64_emit(out, field->u64);
}

bool holm_field_i64_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_text_i64_emit(out, field->i64);
}

bool holm_field_bool_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_buffer_bytes(out, field->yes ? HOLM_TEXT("true") : HOLM_TEXT("false"));
}

bool holm_field_duration_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_text_duration_emit(out, field->u64);
}

bool holm_field_size_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_text_size_emit(out, field->u64);
}

bool holm_field_ip_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_text_ip_emit(out, field->ip);
}

bool holm_field_endpoint_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_text_endpoint_emit(out, field->endpoint);
}

bool holm_field_result_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    return holm_log__text_put(out, holm_text_result(field->result));
}

static bool field_put(struct holm_buffer *out, const struct holm_log_field *field)
{
    if (field->put == NULL)
        return true;
    return holm_buffer_u8(out, ' ') && holm_buffer_bytes(out, field->key) &&
           holm_buffer_u8(out, '=') && field->put(out, field);
}

static bool time_put(struct holm_buffer *out, uint64_t utc_ns)
{
    return utc_ns == 0 ? holm_buffer_u8(out, '-') : holm_text_time_emit(out, utc_ns);
}

static bool line_put(struct holm_buffer *out, const struct holm_log_record *record)
{
    struct holm_log_field suppressed = HOLM_FIELD_U64("suppressed", record->suppressed);
    bool fits =
        time_put(out, record->utc_ns) && holm_buffer_bytes(out, level_name(record->level)) &&
        holm_log__message_put(out, record->source) && holm_buffer_bytes(out, HOLM_TEXT(": ")) &&
        holm_log__message_put(out, record->message);
    for (size_t i = 0; fits && i < record->fields_count; i++)
        fits = field_put(out, &HOLM_NTH(record->fields, record->fields_count, i));
    if (fits && record->suppressed > 0)
        fits = field_put(out, &suppressed);
    return fits && holm_buffer_u8(out, '\n');
}

bool holm_log_record_emit(struct holm_buffer *out, const struct holm_log_record *record)
{
    size_t before = out->len;
    if (line_put(out, record))
        return true;
    out->len = before;
    return false;
}
