#include "stages/digest/days.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "stages/digest/html.h"

/* Returns what stands in the head of a page between `open` and the next quotation mark; empty if that is nothing. */
static struct span find_content(struct span head, const char *open) {
    size_t from = span_find(head, span_of(open));
    if (from == SIZE_MAX) return SPAN("");
    struct span rest = span_cut(head, from + strlen(open), head.length);
    size_t end = span_find(rest, SPAN("\""));
    return span_cut(rest, 0, end == SIZE_MAX ? 0 : end);
}

struct span days_page_about(struct span head) {
    struct span about = find_content(head, "<meta name=\"description\" content=\"");
    return span_find(about, SPAN("<")) == SIZE_MAX && text_valid(about) ? about : SPAN("");
}

void days_page_version(struct span head, char ret_version[33]) {
    struct span version = find_content(head, "<meta name=\"dragoman-version\" content=\"");
    snprintf(ret_version, 33, "%.*s", SPAN_ARGS(span_cut(version, 0, 32)));
}

static void write_day(const struct listed_day *day, struct buffer *out) {
    char name[64];
    clock_day_name(day->day, name);
    buffer_print(out, "<li><a href=\"%s/index.html\">%s</a>", day->day, name);
    if (day->about.length) {
        buffer_add_string(out, "<br><span class=\"meta\">");
        buffer_add_span(out, day->about);
        buffer_add_string(out, "</span>");
    }
    buffer_add_string(out, "</li>\n");
}

/* Appends the days of one week. Returns their number. */
static size_t write_week(const struct listed_day *days, size_t count, struct buffer *out) {
    char week[9], other[9];
    size_t done = 0;
    clock_week(days[0].day, week);
    buffer_print(out,
                 "<section class=\"list\" aria-label=\"Week %s\"><h2><a href=\"%s.html\">Week %s of %.4s</a></h2><ul "
                 "class=\"plain\">\n",
                 week, week, week + 6, week);
    do {
        write_day(&days[done++], out);
        if (done < count) clock_week(days[done].day, other);
    } while (done < count && strcmp(week, other) == 0);
    buffer_add_string(out, "</ul></section>\n");
    return done;
}

bool days_page_write(const struct listed_day *days, size_t count, struct span style, struct buffer *out) {
    html_head(out, "1", SPAN("All days – Dragoman"), SPAN(""), style);
    buffer_add_string(out, "<div class=\"page\"><main>\n<div class=\"mast\"><h1>All days</h1><nav class=\"ui\" "
                           "aria-label=\"Subscribe\"><a href=\"feed.xml\">Feed</a></nav></div>\n");
    if (!count) buffer_add_string(out, "<p>There are no days yet.</p>\n");
    for (size_t i = 0; i < count;) i += write_week(days + i, count - i, out);
    return buffer_add_string(out, "</main></div>\n</body>\n</html>\n");
}
