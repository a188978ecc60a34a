/* Lists what is missing from the digest of a day (failed sources, services and articles), one line per problem. */
#include "pipeline/base/clock.h"
#include "pipeline/base/json.h"
#include "stages/digest/page.h"

/* Maximum number of problems to list; any others are only counted. */
enum { NOTES_LIMIT = 16 << 20, MAX_LINES = 50 };

struct lines {
    void (*line)(void *context, struct span where, struct span what);
    void *context;
    size_t count;
};

static void add_line(struct lines *lines, struct span where, const struct buffer *what) {
    if (lines->count++ < MAX_LINES) lines->line(lines->context, where, buffer_span(what));
}

/* Adds a timestamp as local time ("2026-01-29 08:10"). If only the day is known, adds it unchanged. */
static void add_time(struct buffer *out, struct span time) {
    char local[17];
    clock_local(time.length ? time.at : "", local); /* null-terminated, because it comes from the JSON tree */
    buffer_add_span(out, local[0] ? span_of(local) : time);
}

/* The texts for each kind of outage: one for an outage that lasts, one for an outage that has ended. The last entry
 * marks the end of the table; it is for kinds that this version does not know. */
static const struct outage_words {
    const char *kind, *lasts, *ended;
} outage_words[] = {
    {"source", "this source has been unreadable since ", "this source could not be read from "},
    {"service", "this service has been failing since ", "this service failed from "},
    {"money", "a spending cap has been holding articles back since ", "a spending cap held articles back from "},
    {"silence", "this source has given nothing new since ", "this source gave nothing new from "},
    {0, "out since ", "was out from "}};

/* Reports an outage (of a source or a service, or because of a spending cap) and when it began and ended. */
static void report_outage(struct lines *lines, const cJSON *outage) {
    struct buffer what = BUFFER(4096);
    struct span kind = json_member_text(outage, "kind"), until = json_member_text(outage, "until");
    const struct outage_words *words = outage_words;
    while (words->kind && !span_is(kind, words->kind)) words++;
    buffer_add_string(&what, until.length ? words->ended : words->lasts);
    add_time(&what, json_member_text(outage, "since"));
    if (until.length) {
        buffer_add_string(&what, " to ");
        add_time(&what, until);
    }
    buffer_print(&what, ": %.*s", SPAN_ARGS(text_clip(json_member_text(outage, "reason"), 1000)));
    add_line(lines, json_member_text(outage, "name"), &what);
    buffer_free(&what);
}

/* Returns the headline of an article, or its address or id if it has none. */
static struct span headline(const cJSON *article) {
    struct span title = json_member_text(article, "title"), address = json_member_text(article, "address");
    return title.length ? title : address.length ? address : json_member_text(article, "id");
}

/* Adds, for example, "waiting for service deepl since " or "failed on ". */
static void add_state(struct buffer *out, const cJSON *article) {
    struct span cause = json_member_text(article, "for"), name = json_member_text(article, "on");
    if (cause.length)
        buffer_print(out, "waiting for %.*s%s%.*s since ", SPAN_ARGS(cause), name.length ? " " : "",
                     SPAN_ARGS(text_clip(name, 200)));
    else
        buffer_add_string(out, "failed on ");
}

void page_missing_state(const cJSON *article, struct buffer *out) {
    struct span source = json_member_text(article, "source");
    if (source.length) buffer_print(out, "(%.*s) ", SPAN_ARGS(text_clip(source, 200)));
    add_state(out, article);
    add_time(out, json_member_text(article, "since"));
    buffer_print(out, ": %.*s", SPAN_ARGS(text_clip(json_member_text(article, "reason"), 1000)));
}

static void report_article(struct lines *lines, const cJSON *article) {
    struct buffer what = BUFFER(4096);
    page_missing_state(article, &what);
    add_line(lines, headline(article), &what);
    buffer_free(&what);
}

static void report_note(struct lines *lines, const cJSON *note) {
    struct buffer what = BUFFER(4096);
    buffer_add_span(&what, text_clip(json_member_text(note, "what"), 1000));
    add_line(lines, json_member_text(note, "where"), &what);
    buffer_free(&what);
}

/* Reports how many problems are not listed. `more` is the number that the run's notes had already left out. */
static void report_rest(struct lines *lines, size_t more) {
    struct buffer what = BUFFER(256);
    size_t left_out = (lines->count > MAX_LINES ? lines->count - MAX_LINES : 0) + more;
    if (left_out) {
        buffer_print(&what, "and %zu more: see `dragoman status` or digest.json", left_out);
        lines->line(lines->context, SPAN(""), buffer_span(&what));
    }
    buffer_free(&what);
}

static void report_articles(struct lines *lines, const cJSON *notes) {
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(notes, "failed")) report_article(lines, item);
    cJSON_ArrayForEach(item, json_member(notes, "waiting")) report_article(lines, item);
}

static void report_all(const struct edition *edition, bool with_articles, struct lines *lines) {
    if (!edition->run_notes.length) return;
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(notes, "outages")) report_outage(lines, item);
    if (with_articles) report_articles(lines, notes);
    cJSON_ArrayForEach(item, json_member(notes, "notes")) report_note(lines, item);
    report_rest(lines, with_articles ? json_member_count(notes, "more_missing", 0) : 0);
    cJSON_Delete(notes);
}

void page_missing(const struct edition *edition, void (*line)(void *, struct span, struct span), void *context) {
    struct lines lines = {.line = line, .context = context};
    report_all(edition, true, &lines);
}

void page_outage_lines(const struct edition *edition, void (*line)(void *, struct span, struct span), void *context) {
    struct lines lines = {.line = line, .context = context};
    report_all(edition, false, &lines);
}

size_t page_missing_count(const struct edition *edition) {
    static const char *const lists[] = {"outages", "waiting", "failed", "notes"};
    if (!edition->run_notes.length) return 0;
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    size_t count = json_member_count(notes, "more_missing", 0);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        count += (size_t)cJSON_GetArraySize(json_member(notes, lists[i]));
    cJSON_Delete(notes);
    return count;
}
