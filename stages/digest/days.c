#include "stages/digest/days.h"

#include <string.h>

#include "pipeline/base/clock.h"
#include "stages/digest/html.h"

struct span days_page_about(struct span head) {
    static const struct span open = {"<meta name=\"description\" content=\"",
                                     sizeof "<meta name=\"description\" content=\"" - 1};
    size_t from = span_find(head, open);
    if (from == SIZE_MAX) return SPAN("");
    struct span rest = span_cut(head, from + open.length, head.length);
    size_t end = span_find(rest, SPAN("\""));
    struct span about = span_cut(rest, 0, end == SIZE_MAX ? 0 : end);
    return span_find(about, SPAN("<")) == SIZE_MAX && text_valid(about) ? about : SPAN("");
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
    buffer_print(out, "<section class=\"list\" aria-label=\"Week %s\"><h2>Week %s of %.4s</h2><ul class=\"plain\">\n",
                 week, week + 6, week);
    do {
        write_day(&days[done++], out);
        if (done < count) clock_week(days[done].day, other);
    } while (done < count && strcmp(week, other) == 0);
    buffer_add_string(out, "</ul></section>\n");
    return done;
}

bool days_page_write(const struct listed_day *days, size_t count, struct span style, struct buffer *out) {
    html_head(out, "1", SPAN("All days – Dragoman"), SPAN(""), style);
    buffer_add_string(out, "<div class=\"page\"><main>\n<div class=\"mast\"><h1>All days</h1></div>\n");
    if (!count) buffer_add_string(out, "<p>There are no days yet.</p>\n");
    for (size_t i = 0; i < count;) i += write_week(days + i, count - i, out);
    return buffer_add_string(out, "</main></div>\n</body>\n</html>\n");
}
