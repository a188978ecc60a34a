/* The side column of the day's page. */
#include <stdio.h>

#include "stages/digest/front.h"
#include "stages/digest/html.h"
#include "stages/language/unicode.h"

enum { MAX_LANGUAGES_SHOWN = 12 };

/* ---------------------------------------------------------------- watch-list */

/* Returns the heaviest story of the watch, or NULL. */
static const struct entry *first_watched(const struct day *day, size_t watch) {
    for (size_t i = 0; i < day->count; i++)
        if (day->entries[i].watched >> watch & 1) return &day->entries[i];
    return NULL;
}

static void write_watch(const struct day *day, size_t watch, struct buffer *out) {
    struct span name = day->watches->items[watch].name;
    const struct entry *entry = first_watched(day, watch);
    buffer_add_string(out, "<li class=\"row\">");
    if (entry) {
        struct buffer address = BUFFER(1 << 16);
        html_entry_address(day, entry, &address);
        html_open_link(buffer_span(&address), out);
        buffer_free(&address);
        html_tagged(out, "", name, "</a>");
        buffer_add_string(out, "<span class=\"num\">");
        page_count(out, day->watch_count[watch], "story", "stories");
        buffer_add_string(out, "</span>");
        if (day->watch_new[watch]) {
            buffer_add_string(out, "<span class=\"new\">");
            page_number(out, day->watch_new[watch]);
            buffer_add_string(out, " new</span>");
        }
    } else {
        html_tagged(out, "<span class=\"num\">", name, "</span><span class=\"num\">nothing</span>");
    }
    buffer_add_string(out, "</li>\n");
}

static void write_watches(const struct day *day, struct buffer *out) {
    if (!day->watches || !day->watches->count) return;
    buffer_add_string(out, "<section><h2>Watch-list</h2><ul>\n");
    for (size_t i = 0; i < day->watches->count; i++) write_watch(day, i, out);
    buffer_add_string(out, "</ul><p class=\"num\"><small>Looked for in headlines, summaries and the first six "
                           "paragraphs.</small></p></section>\n");
}

/* ---------------------------------------------------------------- what is missing */

static void show_problem(void *context, const struct problem *problem) {
    struct buffer *out = context;
    buffer_add_string(out, problem->is_over ? "<li class=\"over\">" : "<li>");
    if (problem->where.length) {
        buffer_add_string(out, text_is_right_to_left(problem->where) ? "<b dir=\"rtl\">" : "<b>");
        html_clipped(out, problem->where, 300);
        buffer_add_string(out, "</b> ");
    }
    page_escape(out, problem->what);
    if (problem->reason.length) html_tagged(out, "<small>", problem->reason, "</small>");
    buffer_add_string(out, "</li>\n");
}

static void write_missing(const struct edition *edition, struct buffer *out) {
    size_t count = page_missing_count(edition), articles = waiting_count(edition);
    buffer_print(out, "<section id=\"missing\" class=\"miss\"><h2>What is missing</h2>\n");
    if (!count)
        buffer_add_string(out, "<p class=\"num\">Nothing: every source could be read, and no article waits.</p>\n");
    if (count) buffer_add_string(out, "<ul>\n");
    page_outages(edition, show_problem, out);
    if (articles) {
        buffer_add_string(out, "<li><a href=\"#waiting\">");
        page_missing_articles(edition, out);
        buffer_add_string(out, "</a></li>\n");
    }
    buffer_add_string(out, count ? "</ul></section>\n" : "</section>\n");
}

/* ---------------------------------------------------------------- hours and languages */

static size_t highest_hour(const struct day *day, size_t *ret_last) {
    size_t highest = 0;
    *ret_last = 0;
    for (size_t i = 0; i < 24; i++) {
        if (day->hours[i] > highest) highest = day->hours[i];
        if (day->hours[i]) *ret_last = i;
    }
    return highest;
}

static void write_hours(const struct day *day, struct buffer *out) {
    size_t last, highest = highest_hour(day, &last);
    if (!highest) return;
    buffer_print(
        out,
        "<section><h2>By hour</h2><div class=\"hours\" role=\"img\" aria-label=\"Articles by hour from midnight to "
        "%zu:",
        last + 1);
    for (size_t i = 0; i <= last; i++) buffer_print(out, " %zu", day->hours[i]);
    buffer_add_string(out, "\">");
    for (size_t i = 0; i <= last; i++)
        buffer_print(out, "<i style=\"height:%zu%%\"></i>", day->hours[i] * 100 / highest);
    buffer_print(out, "</div><div class=\"axis\"><span>midnight</span><span>%zu:00</span></div></section>\n", last + 1);
}

/* A language's name is a second label of its filter, so that a click on it shows only this language. */
static void write_language(struct span code, struct span name, struct buffer *out) {
    buffer_add_string(out, code.length ? "<label for=\"l-" : "<span>");
    html_name(out, code);
    html_tagged(out, code.length ? "\">" : "", name, code.length ? "</label>" : "</span>");
}

static void write_meter(struct span language, struct span name, size_t count, size_t highest, struct buffer *out) {
    buffer_add_string(out, "<div class=\"meter\">");
    write_language(language, name, out);
    buffer_print(out, "<i><b style=\"width:%zu%%\"></b></i><span class=\"num\">",
                 count >= highest ? 100 : count * 100 / highest);
    page_number(out, count);
    buffer_add_string(out, "</span></div>\n");
}

static void write_languages(const struct day *day, struct buffer *out) {
    size_t rest = 0;
    if (!day->language_count) return;
    buffer_add_string(out, "<section><h2>By language</h2>\n");
    for (size_t i = 0; i < day->language_count; i++) {
        const struct language_count *language = &day->language_counts[i];
        if (i < MAX_LANGUAGES_SHOWN)
            write_meter(day->language_count > 1 ? language->code : SPAN(""), language->name, language->count,
                        day->language_counts[0].count, out);
        else
            rest += language->count;
    }
    if (rest) write_meter(SPAN(""), SPAN("others"), rest, day->language_counts[0].count, out);
    buffer_add_string(out, "</section>\n");
}

void side_html(const struct page *page, struct buffer *out) {
    buffer_add_string(out, "<aside class=\"side\" id=\"about\" aria-label=\"About the day\">\n");
    write_watches(page->day, out);
    write_missing(page->edition, out);
    names_html(page->day, out);
    write_hours(page->day, out);
    write_languages(page->day, out);
    buffer_add_string(out, "</aside>\n");
}
