/* What is missing from the day, as HTML pages show it. */
#include "pipeline/base/clock.h"
#include "pipeline/base/json.h"
#include "stages/digest/page.h"
#include "stages/language/unicode.h"

enum { NOTES_LIMIT = 16 << 20, MAX_PROBLEMS = 50, REASON_BYTES = 600 };

/* What each kind of outage is called: while it lasts, when it is over, and in the sum. The last entry marks the end of
 * the table; it is for kinds that this version does not know. */
static const struct problem_words {
    const char *kind, *lasts, *over, *one, *many;
} problem_words[] = {{"source", "unreadable since ", "was unreadable from ", "source unreadable", "sources unreadable"},
                     {"service", "failing since ", "failed from ", "service failing", "services failing"},
                     {"money", "held back by a spending cap since ", "held back by a spending cap from ",
                      "spending cap reached", "spending caps reached"},
                     {"silence", "nothing new since ", "had nothing new from ", "source silent", "sources silent"},
                     {0, "out since ", "was failing from ", "outage", "outages"}};

static const struct problem_words *words_of(const cJSON *outage) {
    struct span kind = json_member_text(outage, "kind");
    const struct problem_words *words = problem_words;
    while (words->kind && !span_is(kind, words->kind)) words++;
    return words;
}

/* Appends a moment as "08:10" or, on another day than `day`, "2026-01-27 08:10". */
static void write_moment(struct span iso, const char *day, struct buffer *out) {
    char local[17];
    clock_local(iso.length ? iso.at : "", local); /* null-terminated, because it comes from the JSON tree */
    struct span text = local[0] ? span_of(local) : iso;
    bool today = local[0] && day[0] && span_starts(text, span_of(day)); /* the week has no day */
    buffer_add_span(out, today ? span_cut(text, 11, text.length) : text);
}

struct span page_reason(struct span reason, struct span kind, struct span name) {
    struct span rest = text_clip(reason, REASON_BYTES);
    reason = rest;
    if (!kind.length || !name.length || !span_starts(rest, kind)) return reason;
    rest = text_trim(span_cut(rest, kind.length, rest.length));
    if (!span_starts(rest, name)) return reason;
    rest = span_cut(rest, name.length, rest.length);
    return span_starts(rest, SPAN(": ")) ? span_cut(rest, 2, rest.length) : reason;
}

static void describe(const cJSON *outage, const char *day, struct buffer *what) {
    struct span until = json_member_text(outage, "until");
    buffer_add_string(what, until.length ? words_of(outage)->over : words_of(outage)->lasts);
    write_moment(json_member_text(outage, "since"), day, what);
    if (!until.length) return;
    buffer_add_string(what, " to ");
    write_moment(until, day, what);
}

/* The note that a run leaves about a source that cannot be read says what the outage says. */
static bool repeats_outage(const cJSON *notes, const cJSON *note) {
    const cJSON *outage;
    cJSON_ArrayForEach(outage,
                       json_member(notes, "outages")) if (span_equal(json_member_text(outage, "name"),
                                                                     json_member_text(note, "where")) &&
                                                          span_equal(json_member_text(outage, "reason"),
                                                                     json_member_text(note, "what"))) return true;
    return false;
}

void page_outages(const struct edition *edition, void (*show)(void *, const struct problem *), void *context) {
    if (!edition->run_notes.length) return;
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    struct buffer what = BUFFER(4096);
    size_t count = 0, known = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(notes, "outages")) {
        buffer_clear(&what);
        describe(item, edition->day, &what);
        struct span name = json_member_text(item, "name");
        struct span reason = page_reason(json_member_text(item, "reason"), json_member_text(item, "kind"), name);
        struct problem problem = {name, buffer_span(&what), reason, json_member_text(item, "until").length > 0};
        if (known++ < MAX_PROBLEMS) show(context, &problem), count++;
    }
    cJSON_ArrayForEach(item, json_member(notes, "notes")) {
        struct problem problem = {json_member_text(item, "where"), SPAN(""),
                                  text_clip(json_member_text(item, "what"), REASON_BYTES), true};
        if (repeats_outage(notes, item)) continue;
        if (known++ < MAX_PROBLEMS) show(context, &problem), count++;
    }
    buffer_clear(&what);
    page_number(&what, known - count);
    buffer_add_string(&what, " more: see `dragoman status` or digest.json");
    if (known > count) show(context, &(struct problem){.what = buffer_span(&what)});
    buffer_free(&what);
    cJSON_Delete(notes);
}

/* ---------------------------------------------------------------- the sum */

static void add_sum(struct buffer *out, size_t count, const char *one, const char *many) {
    if (!count) return;
    buffer_add_string(out, out->length ? ", " : "");
    page_count(out, count, one, many);
}

/* Counts the outages of a kind that still last. */
static size_t count_lasting(const cJSON *notes, const struct problem_words *words) {
    size_t count = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(notes, "outages")) count +=
        words_of(item) == words && !json_member_text(item, "until").length;
    return count;
}

static size_t count_over(const cJSON *notes) {
    size_t count = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(notes, "outages")) count += json_member_text(item, "until").length > 0;
    return count;
}

static size_t count_notes(const cJSON *notes) {
    size_t count = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(notes, "notes")) count += !repeats_outage(notes, item);
    return count;
}

static void sum_up_articles(const cJSON *notes, struct buffer *sum) {
    size_t failed = (size_t)cJSON_GetArraySize(json_member(notes, "failed"));
    size_t waiting = (size_t)cJSON_GetArraySize(json_member(notes, "waiting"));
    size_t more = json_member_count(notes, "more_missing", 0);
    /* The notes list only some of very many articles, so that it is not known how many of them failed. */
    if (more) {
        add_sum(sum, failed + waiting + more, "article missing", "articles missing");
    } else {
        add_sum(sum, waiting, "article waiting", "articles waiting");
        add_sum(sum, failed, "article failed", "articles failed");
    }
}

static void sum_up(const cJSON *notes, struct buffer *sum) {
    for (const struct problem_words *words = problem_words;; words++) {
        add_sum(sum, count_lasting(notes, words), words->one, words->many);
        if (!words->kind) break;
    }
    sum_up_articles(notes, sum);
    add_sum(sum, count_over(notes), "outage over", "outages over");
    add_sum(sum, count_notes(notes), "note", "notes");
}

static void write_sum(const struct edition *edition, void (*add)(const cJSON *, struct buffer *), struct buffer *out) {
    struct buffer sum = BUFFER(1024);
    if (!edition->run_notes.length) return;
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    add(notes, &sum);
    page_escape(out, buffer_span(&sum));
    buffer_free(&sum);
    cJSON_Delete(notes);
}

void page_missing_sum(const struct edition *edition, struct buffer *out) {
    write_sum(edition, sum_up, out);
}

void page_missing_articles(const struct edition *edition, struct buffer *out) {
    write_sum(edition, sum_up_articles, out);
}
