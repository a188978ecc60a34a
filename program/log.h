/* What the program says while it works: one line an event on standard error, as text for people or as JSON for
 * machines, with the priority in front (<4>) when the journal reads it. Only the main thread logs, and only commands
 * do: everything below returns failures. Off unless asked for: cron must not get a byte of a run that went well. */
#ifndef PROGRAM_LOG_H
#define PROGRAM_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum log_format { LOG_OFF, LOG_TEXT, LOG_JSON };
/* syslog's numbers. */
enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_NOTICE = 5, LOG_LEVEL_INFO = 6 };

struct log {
    FILE *out; /* borrowed */
    enum log_format format;
    bool priorities;
};

/* One thing that is known about an event; an empty value is left out. */
struct log_field {
    const char *name;
    struct span value;
};

/* `format` is "text", "json", "off", or NULL: text when standard error is the journal's ($JOURNAL_STREAM), else off. */
bool log_open(const char *format, struct log *ret_log, struct failure *ret_failure);
/* 2026-01-29T06:00:03Z warning source-failed source=costa what="no answer" */
void log_event(const struct log *log, enum log_level level, const char *event, const struct log_field *fields,
               size_t count);
/* A sentence of the program about itself, whatever the format: "dragoman: ...". */
void log_sentence(const struct log *log, enum log_level level, const char *sentence);

#endif
