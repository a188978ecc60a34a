#include "stages/digest/nav.h"

#include <stdio.h>

#include "pipeline/base/clock.h"

/* Text from articles is escaped, so these can stand nowhere else in a page. */
static const char mark_begins[] = "<meta name=\"dragoman-days\" content=\"", mark_ends[] = "\">\n",
                  nav_begins[] = "<nav class=\"ui\" aria-label=\"Days\">", nav_ends[] = "</nav>\n";

enum { DAY = 10, NONE = 0 };

static void write_day(const char *day, const char *before, const char *after, struct buffer *out) {
    char name[64];
    if (!day[0]) return;
    clock_day_name(day, name);
    buffer_print(out, "<a href=\"../%s/index.html\">%s%s%s</a>", day, before, name, after);
}

void nav_write(const char *day, const struct nav *nav, struct buffer *out) {
    char week[9];
    clock_week(day, week);
    buffer_add_string(out, nav_begins);
    write_day(nav->previous, "‹ ", "", out);
    buffer_print(out, "<a href=\"../index.html\">All days</a><a href=\"../%s.html\">Week %s</a>", week, week + 6);
    write_day(nav->next, "", " ›", out);
    buffer_add_string(out, nav_ends);
}

/* A hyphen stands for no day. */
void nav_write_mark(const struct nav *nav, struct buffer *out) {
    buffer_print(out, "%s%s %s%s", mark_begins, nav->previous[0] ? nav->previous : "-", nav->next[0] ? nav->next : "-",
                 mark_ends);
}

/* Returns what stands between the two, and in *ret_from where `begins` is; an empty span if it is not there. */
static struct span between(struct span text, const char *begins, const char *ends, size_t *ret_from) {
    *ret_from = span_find(text, span_of(begins));
    if (*ret_from == SIZE_MAX) return SPAN("");
    struct span rest = span_cut(text, *ret_from + span_of(begins).length, text.length);
    size_t end = span_find(rest, span_of(ends));
    return end == SIZE_MAX ? SPAN("") : span_cut(rest, 0, end);
}

static bool read_day(struct span *rest, char ret_day[11]) {
    struct span day;
    if (!span_next(rest, ' ', &day)) return false;
    bool is_day = day.length == DAY && span_form(day, "dddd-dd-dd") == DAY;
    snprintf(ret_day, DAY + 1, "%.*s", is_day ? DAY : NONE, day.at);
    return is_day || span_is(day, "-");
}

bool nav_read_mark(struct span head, struct nav *ret_nav) {
    size_t from;
    struct span mark = between(head, mark_begins, mark_ends, &from);
    return read_day(&mark, ret_nav->previous) && read_day(&mark, ret_nav->next) && !mark.length;
}

bool nav_replace(struct span page, const char *day, const struct nav *nav, struct buffer *out) {
    size_t mark_at, nav_at;
    struct span mark = between(page, mark_begins, mark_ends, &mark_at);
    struct span old = between(page, nav_begins, nav_ends, &nav_at);
    if (!mark.length || !old.length || mark_at > nav_at) return false;
    buffer_add_span(out, span_cut(page, 0, mark_at));
    nav_write_mark(nav, out);
    buffer_add_span(out, span_cut(page, mark_at + sizeof mark_begins - 1 + mark.length + sizeof mark_ends - 1, nav_at));
    nav_write(day, nav, out);
    buffer_add_span(out,
                    span_cut(page, nav_at + sizeof nav_begins - 1 + old.length + sizeof nav_ends - 1, page.length));
    return !out->full;
}
