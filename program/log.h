/* The log: one line per event on standard error, as text or as JSON, preceded by its priority (<4>) if the systemd
 * journal reads it. Only commands log, and only on the main thread, except that whichever thread waits for a server
 * says so; the code in lower layers returns failures instead.
 * The log is off by default, so that cron sends no email about a run that went well. */
#ifndef PROGRAM_LOG_H
#define PROGRAM_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum log_format { LOG_OFF, LOG_TEXT, LOG_JSON };
/* The numbers are syslog's. */
enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_NOTICE = 5, LOG_LEVEL_INFO = 6 };

struct log {
    FILE *out; /* borrowed */
    enum log_format format;
    bool priorities, quiet; /* quiet: only errors are written */
};

/* One detail of an event. Fields with an empty value are left out. */
struct log_field {
    const char *name;
    struct span value;
};

/* `format` is "text", "json", "off", or NULL for text if standard error is connected to the systemd journal
 * ($JOURNAL_STREAM) and off otherwise. */
bool log_open(const char *format, struct log *ret_log, struct failure *ret_failure);
/* Writes a line such as: 2026-01-29T06:00:03Z warning source-failed source=costa what="no answer" */
void log_event(const struct log *log, enum log_level level, const char *event, const struct log_field *fields,
               size_t count);
/* Prints "dragoman: SENTENCE", or an event named "message" if the format is JSON, even if the log is off (LOG_OFF). */
void log_sentence(const struct log *log, enum log_level level, const char *sentence);

#endif
