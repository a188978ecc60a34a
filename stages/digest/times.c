#include "stages/digest/times.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "stages/digest/page.h"

enum { DAY = 86400, FIRST = 631152000 /* 1990 */, ZONES = 14 * 3600, SLACK = 2 * 3600 };

/* Returns whether the date exists: reading "2026-02-30" and writing it again gives another day. */
static bool exists(const char *iso) {
    char day[11], again[11];
    snprintf(day, sizeof day, "%.10s", iso);
    clock_day_before(day, 0, again);
    return strcmp(day, again) == 0;
}

static bool has_zone(struct span iso) {
    struct span time = span_cut(iso, 11, iso.length);
    return span_ends(iso, SPAN("Z")) || span_find(time, SPAN("+")) != SIZE_MAX ||
           span_find(time, SPAN("-")) != SIZE_MAX;
}

int64_t when_collected(const struct article *article) {
    char iso[32];
    int64_t seconds = 0;
    snprintf(iso, sizeof iso, "%.*s", SPAN_ARGS(text_clip(article->origin.collected, 31)));
    return clock_parse(iso, &seconds) ? seconds : 0;
}

struct when when_of(const struct article *article) {
    static const struct when impossible = {.kind = WHEN_IMPOSSIBLE};
    struct span published = article->published;
    char iso[32];
    if (!published.length) return (struct when){.kind = WHEN_UNKNOWN};
    snprintf(iso, sizeof iso, "%.*s", SPAN_ARGS(text_clip(published, 31)));
    bool date_only = published.length <= 10;
    int64_t at = clock_seconds(iso), latest = when_collected(article);
    int64_t early = date_only ? at - DAY + 1 : at, slack = has_zone(published) ? SLACK : ZONES;
    if (at < FIRST || !exists(iso) || (latest > 0 && early > latest + slack)) return impossible;
    /* What seems to be a little later than the moment at which it was read must not come before all other news. */
    if (latest > 0 && at > latest) at = latest;
    return (struct when){.kind = date_only ? WHEN_DATE : WHEN_TIME, .at = at};
}

const char *when_kind_name(enum when_kind kind) {
    static const char *const names[] = {
        [WHEN_TIME] = "time", [WHEN_DATE] = "date", [WHEN_UNKNOWN] = "undated", [WHEN_IMPOSSIBLE] = "impossible"};
    return names[kind];
}

bool when_is_exact(const struct article *article, const struct when *when) {
    return when->kind == WHEN_TIME && has_zone(article->published);
}

int when_compare(const struct when *a, const struct when *b) {
    int one = a->kind == WHEN_DATE ? WHEN_TIME : (int)a->kind, other = b->kind == WHEN_DATE ? WHEN_TIME : (int)b->kind;
    if (one != other) return one < other ? -1 : 1;
    return (a->at < b->at) - (a->at > b->at);
}

void when_zoned(const struct article *article, const struct when *when, char ret_text[26]) {
    ret_text[0] = '\0';
    if (when->kind == WHEN_TIME) clock_zoned(when->at, ret_text);
    if (when->kind == WHEN_DATE) snprintf(ret_text, 26, "%.*s", SPAN_ARGS(span_cut(article->published, 0, 10)));
}

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* Appends "27 Nov" for "2026-11-27". The year is added if it is not that of `day`: what is old must not look recent. */
static void write_date(struct span iso, const char *day, struct buffer *out) {
    long long month = 1, number = 1;
    span_number(span_cut(iso, 5, 7), &month);
    span_number(span_cut(iso, 8, 10), &number);
    buffer_print(out, "%lld %s", number, months[month >= 1 && month <= 12 ? month - 1 : 0]);
    if (!span_equal(span_cut(iso, 0, 4), span_cut(span_of(day), 0, 4)))
        buffer_print(out, " %.*s", SPAN_ARGS(span_cut(iso, 0, 4)));
}

/* In a list, a time of the day itself needs no machine-readable form beside it: the page says the day and the zone. */
static void write_known(const struct article *article, const struct when *when, const char *day, bool in_list,
                        struct buffer *out) {
    char local[26];
    struct span date = span_cut(article->published, 0, 10);
    if (when->kind == WHEN_TIME) {
        clock_zoned(when->at, local);
        date = span_cut(span_of(local), 0, 10);
        if (in_list && span_is(date, day))
            buffer_add_string(out, "<time>");
        else
            buffer_print(out, "<time datetime=\"%.16s%s\">", local, local + 19);
    } else {
        buffer_print(out, "<time datetime=\"%.*s\">", SPAN_ARGS(date));
    }
    if (when->kind == WHEN_TIME && span_is(date, day))
        buffer_print(out, "%.5s", local + 11);
    else
        write_date(date, day, out);
    buffer_add_string(out, "</time>");
}

void when_write(const struct article *article, const struct when *when, const char *day, bool in_list,
                struct buffer *out) {
    if (when->kind == WHEN_TIME || when->kind == WHEN_DATE) {
        write_known(article, when, day, in_list, out);
    } else if (when->kind == WHEN_UNKNOWN) {
        buffer_add_string(out, "<em class=\"t\">undated</em>");
    } else {
        buffer_add_string(out, "<em class=\"t bad\" title=\"this date cannot be true\">dated ");
        page_escape(out, text_clip(article->published, 10));
        buffer_add_string(out, "?</em>");
    }
}
