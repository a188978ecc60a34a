#include "program/log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/json.h"
#include "pipeline/base/visible.h"

/* LINE_LIMIT is in bytes. A single field may use at most an eighth of it. */
enum { LINE_LIMIT = 16 * 1024 };

/* systemd sets $JOURNAL_STREAM to the "device:inode" of the stream that it has connected to the journal. */
static bool is_journal(void) {
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat status;
    char mine[64];
    if (!stream || fstat(STDERR_FILENO, &status) != 0) return false;
    snprintf(mine, sizeof mine, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    return strcmp(stream, mine) == 0;
}

bool log_open(const char *format, struct log *ret_log, struct failure *ret_failure) {
    struct log log = {.out = stderr, .priorities = is_journal()};
    /* The log is on by default if standard error is connected to the systemd journal. */
    log.format = log.priorities ? LOG_TEXT : LOG_OFF;
    if (format && strcmp(format, "json") == 0)
        log.format = LOG_JSON;
    else if (format && strcmp(format, "text") == 0)
        log.format = LOG_TEXT;
    else if (format && strcmp(format, "off") == 0)
        log.format = LOG_OFF;
    else if (format)
        return failure_fatal(ret_failure, EXIT_USAGE, "invalid value '%s' for --log: expected text, json or off",
                             format);
    *ret_log = log;
    return true;
}

static const char *level_name(enum log_level level) {
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "error";
    case LOG_LEVEL_WARNING:
        return "warning";
    case LOG_LEVEL_NOTICE:
        return "notice";
    case LOG_LEVEL_INFO:
        return "info";
    }
    return "info";
}

/* A plain word is written without quotes, anything else as a JSON string, so that no value can break the line or
 * imitate another field. */
static void add_value(struct buffer *line, struct span value) {
    bool plain = value.length > 0;
    for (size_t i = 0; i < value.length && plain; i++) {
        unsigned char c = (unsigned char)value.at[i];
        plain = c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
    }
    if (plain)
        buffer_add(line, value.at, value.length);
    else
        json_quote(line, value);
}

static void write_text(const char *time, enum log_level level, const char *event, const struct log_field *fields,
                       size_t count, struct buffer *line) {
    buffer_print(line, "%s %s %s", time, level_name(level), event);
    for (size_t i = 0; i < count; i++) {
        if (!fields[i].value.length) continue;
        buffer_print(line, " %s=", fields[i].name);
        /* The value is truncated, because a reason may quote a service's whole answer. */
        add_value(line, text_clip(fields[i].value, LINE_LIMIT / 8));
    }
}

static void write_json(const char *time, enum log_level level, const char *event, const struct log_field *fields,
                       size_t count, struct buffer *line) {
    cJSON *root = cJSON_CreateObject();
    json_add(root, "time", span_of(time));
    json_add(root, "level", span_of(level_name(level)));
    json_add(root, "event", span_of(event));
    for (size_t i = 0; i < count; i++)
        json_add_filled(root, fields[i].name, text_clip(fields[i].value, LINE_LIMIT / 8));
    json_print_free(root, line);
}

static void print_line(const struct log *log, enum log_level level, const struct buffer *line) {
    /* The journal removes this prefix and uses it as the line's priority. */
    if (log->priorities) fprintf(log->out, "<%d>", (int)level);
    fprintf(log->out, "%.*s\n", (int)line->length, line->at ? line->at : "");
}

void log_event(const struct log *log, enum log_level level, const char *event, const struct log_field *fields,
               size_t count) {
    if (log->format == LOG_OFF || (log->quiet && level > LOG_LEVEL_ERROR)) return;
    struct buffer line = BUFFER(LINE_LIMIT * 8);
    char time[32];
    clock_iso_now(time);
    if (log->format == LOG_JSON)
        write_json(time, level, event, fields, count, &line);
    else
        write_text(time, level, event, fields, count, &line);
    print_line(log, level, &line);
    buffer_free(&line);
}

/* The sentence is printed even if the log is off, because warnings and the final error are meant for the user. */
void log_sentence(const struct log *log, enum log_level level, const char *sentence) {
    if (log->quiet && level > LOG_LEVEL_ERROR) return;
    if (log->format == LOG_JSON) {
        log_event(log, level, "message", &(struct log_field){"what", span_of(sentence)}, 1);
        return;
    }
    struct buffer line = BUFFER(3 * LINE_LIMIT);
    buffer_add_string(&line, "dragoman: ");
    visible_add(&line, text_clip(span_of(sentence), LINE_LIMIT));
    print_line(log, level, &line);
    buffer_free(&line);
}
