/* SPDX-License-Identifier: ISC */
/* start_log.c: where log records go: the error console, a line each. One that is too long is said to
 * be, rather than lost. */
#include "start_impl.h"

#include <holm/console.h>

#define LINE_MAX 2048

static bool told_error;

static void write_record(struct holm_log_sink *sink, const struct holm_log_record *record)
{
    static uint8_t room[LINE_MAX];
    struct holm_buffer line = HOLM_BUFFER(room);
    struct holm_log_record cut = *record;

    (void)sink;
    told_error = told_error || record->level == HOLM_LOG_LEVEL_ERROR;
    if (!holm_log_record_emit(&line, record)) {
        static const struct holm_log_field why[] = { HOLM_FIELD_TEXT("cut",
                                                                     HOLM_TEXT("too long")) };
        cut.fields = &why[0];
        cut.fields_count = HOLM_COUNT(why);
        if (!holm_log_record_emit(&line, &cut))
            return;
    }
    holm_console_error(holm_buffer_filled(&line));
}

bool holm_start__log_told_error(void)
{
    return told_error;
}

void holm_start__log_open(enum holm_log_level level)
{
    static struct holm_log_sink sink = { .write = write_record };

    holm_log_open(&sink, level);
}
