#include "stages/digest/week_page.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/hash_table.h"
#include "stages/digest/front.h"
#include "stages/digest/html.h"
#include "stages/digest/notes.h"

/* The other stories are only counted: they are on the pages of the days. */
enum { MAX_STORIES = 60, MAX_WEEK_LANGUAGES = 8 };

/* A story over the days of the week. */
struct long_story {
    const struct listed_story *parts[WEEK_DAYS]; /* NULL on a day without it */
    const struct listed_story *heaviest;
    size_t heaviest_day, articles;
    double weight;
};

struct stories {
    struct arena *arena;
    struct long_story *items;
    size_t count;
};

/* ---------------------------------------------------------------- stories over days */

static void add_part(struct long_story *story, const struct listed_story *part, size_t day) {
    /* Two stories of a day that continue the same one are one entry, whose link leads to the heavier one. */
    if (!story->parts[day] || part->weight > story->parts[day]->weight) story->parts[day] = part;
    story->articles += part->count;
    story->weight += part->weight;
    if (story->heaviest && part->weight <= story->heaviest->weight) return;
    story->heaviest = part;
    story->heaviest_day = day;
}

static void add_day(struct stories *all, struct hash_table *by_id, const struct day_file *file, size_t day) {
    for (size_t i = 0; i < file->count; i++) {
        const struct listed_story *part = &file->stories[i];
        struct long_story *story = part->earlier.length ? hash_table_find(by_id, part->earlier) : NULL;
        if (!story) story = &all->items[all->count++];
        add_part(story, part, day);
        hash_table_set(by_id, part->id, story);
    }
}

static int by_weight(const void *left, const void *right) {
    const struct long_story *a = left, *b = right;
    if (a->weight != b->weight) return a->weight < b->weight ? 1 : -1;
    if (a->heaviest_day != b->heaviest_day) return a->heaviest_day < b->heaviest_day ? 1 : -1;
    return span_compare(a->heaviest->id, b->heaviest->id);
}

static struct stories join_days(const struct week *week, struct arena *arena) {
    struct stories all = {.arena = arena};
    struct hash_table by_id = HASH_TABLE(arena);
    size_t room = 1;
    for (size_t i = 0; i < WEEK_DAYS; i++) room += week->days[i].file.count;
    all.items = arena_take(arena, room * sizeof *all.items);
    for (size_t i = 0; i < WEEK_DAYS; i++) add_day(&all, &by_id, &week->days[i].file, i);
    if (all.count) qsort(all.items, all.count, sizeof *all.items, by_weight);
    return all;
}

/* ---------------------------------------------------------------- stories */

static void write_address(const struct week *week, size_t day, const struct listed_story *part, struct buffer *out) {
    buffer_print(out, "%s/", week->days[day].day);
    html_story_address(out, part->id);
}

/* Appends "Mon, Tue", each of which leads to that day's part of the story. */
static void write_days(const struct week *week, const struct long_story *story, struct buffer *out) {
    char name[64];
    bool first = true;
    for (size_t i = 0; i < WEEK_DAYS; i++) {
        if (!story->parts[i]) continue;
        clock_day_name(week->days[i].day, name);
        buffer_add_string(out, first ? " · <a href=\"" : ", <a href=\"");
        write_address(week, i, story->parts[i], out);
        buffer_print(out, "\">%.3s</a>", name);
        first = false;
    }
}

/* Appends the languages of all days, each once. */
static void write_languages(const struct long_story *story, struct buffer *out) {
    struct span seen[MAX_WEEK_LANGUAGES];
    size_t count = 0;
    for (size_t i = 0; i < WEEK_DAYS; i++)
        for (size_t j = 0; story->parts[i] && j < story->parts[i]->language_count && count < MAX_WEEK_LANGUAGES; j++) {
            struct span code = story->parts[i]->languages[j];
            bool known = false;
            for (size_t k = 0; k < count; k++) known = known || span_equal(seen[k], code);
            if (known) continue;
            html_tagged(out, count ? " " : " · <span class=\"lang\">", code, "");
            seen[count++] = code;
        }
    buffer_add_string(out, count ? "</span>" : "");
}

static void write_story(const struct week *week, const struct long_story *story, struct buffer *out) {
    buffer_add_string(out, "<li><a href=\"");
    write_address(week, story->heaviest_day, story->heaviest, out);
    buffer_add_string(out, "\">");
    html_marked(out, story->heaviest->title, story->heaviest->doubt.length > 0);
    buffer_add_string(out, "</a><br><span class=\"meta\">");
    page_count(out, story->articles, "article", "articles");
    write_languages(story, out);
    write_days(week, story, out);
    buffer_add_string(out, "</span>");
    if (story->heaviest->doubt.length)
        html_tagged(out, "<br><small class=\"flag\">Check the headline: ", text_clip(story->heaviest->doubt, 400),
                    "</small>");
    buffer_add_string(out, "</li>\n");
}

static void write_stories(const struct week *week, const struct stories *all, struct buffer *out) {
    if (!all->count) return;
    buffer_add_string(out,
                      "<section class=\"list\" aria-labelledby=\"t\"><h2 id=\"t\">The stories of the week</h2>\n<ol "
                      "class=\"plain\">\n");
    for (size_t i = 0; i < all->count && i < MAX_STORIES; i++) write_story(week, &all->items[i], out);
    buffer_add_string(out, "</ol>\n");
    if (all->count > MAX_STORIES) {
        buffer_add_string(out, "<p class=\"meta\">");
        page_count(out, all->count - MAX_STORIES, "other story is", "other stories are");
        buffer_add_string(out, " on the pages of the days.</p>\n");
    }
    buffer_add_string(out, "</section>\n");
}

/* ---------------------------------------------------------------- days */

static struct edition edition_of(const struct week_day *day) {
    return (struct edition){.run_notes = day->file.notes};
}

static void write_day_state(const struct week_day *day, struct buffer *out) {
    struct edition edition = edition_of(day);
    size_t missing = page_missing_count(&edition);
    if (day->about.length) {
        buffer_add_string(out, "<br><span class=\"meta\">");
        buffer_add_span(out, day->about);
        buffer_add_string(out, "</span>");
    }
    if (missing)
        buffer_print(out, "<br><a class=\"bad\" href=\"%s/index.html#missing\">%zu missing</a>", day->day, missing);
}

static void write_day(const struct week_day *day, struct buffer *out) {
    char name[64];
    clock_day_name(day->day, name);
    if (day->has_pages) {
        buffer_print(out, "<li><a href=\"%s/index.html\">%s</a>", day->day, name);
        write_day_state(day, out);
        buffer_add_string(out, "</li>\n");
    } else {
        const char *why = day->is_to_come ? "Still to come" : "No records of this day";
        buffer_print(out, "<li>%s<br><span class=\"meta\">%s%s</span></li>\n", name,
                     day->pruned[0] ? "The records of this day were pruned on " : why, day->pruned);
    }
}

static void write_days_of_week(const struct week *week, struct buffer *out) {
    buffer_add_string(
        out, "<section class=\"list\" aria-labelledby=\"d\"><h2 id=\"d\">The days</h2>\n<ul class=\"plain\">\n");
    for (size_t i = 0; i < WEEK_DAYS; i++) write_day(&week->days[i], out);
    buffer_add_string(out, "</ul></section>\n");
}

/* ---------------------------------------------------------------- what was missing */

struct missing {
    struct buffer *out;
    size_t count;
};

static void show_problem(void *context, const struct problem *problem) {
    struct missing *missing = context;
    missing->count++;
    buffer_add_string(missing->out, "<li>");
    if (problem->where.length) {
        buffer_add_string(missing->out, "<b><bdi>");
        html_clipped(missing->out, problem->where, 300);
        buffer_add_string(missing->out, "</bdi></b>: ");
    }
    page_escape(missing->out, problem->what);
    if (problem->what.length && problem->reason.length) buffer_add_string(missing->out, ": ");
    html_clipped(missing->out, problem->reason, 600);
    buffer_add_string(missing->out, "</li>\n");
}

static void write_outages(const struct week *week, struct arena *arena, struct missing *missing) {
    struct span notes[WEEK_DAYS];
    for (size_t i = 0; i < WEEK_DAYS; i++) notes[i] = week->days[i].file.notes;
    struct edition edition = {.run_notes = notes_join(notes, WEEK_DAYS, NULL, arena)};
    page_outages(&edition, show_problem, missing);
}

static void write_waiting(const struct week_day *day, struct missing *missing) {
    char name[64];
    struct edition edition = edition_of(day);
    size_t count = waiting_count(&edition);
    if (!count) return;
    clock_day_name(day->day, name);
    buffer_print(missing->out, "<li><a href=\"%s/index.html#waiting\">%s</a>: ", day->day, name);
    page_count(missing->out, count, "article waits or has failed", "articles wait or have failed");
    buffer_add_string(missing->out, "</li>\n");
    missing->count++;
}

/* What was missing on a day is known only as long as its pages are there. */
static void write_pruned(const struct week *week, struct missing *missing) {
    size_t count = 0;
    for (size_t i = 0; i < WEEK_DAYS; i++) count += week->days[i].pruned[0] != '\0';
    if (!count) return;
    buffer_add_string(missing->out, "<li>");
    page_count(missing->out, count, "day was pruned", "days were pruned");
    buffer_add_string(missing->out, ": what was missing then is no longer known.</li>\n");
    missing->count++;
}

static void write_missing(const struct week *week, struct arena *arena, struct buffer *out) {
    struct missing missing = {.out = out};
    buffer_add_string(out, "<section class=\"list\" id=\"missing\"><h2>What was missing</h2>\n<ul class=\"plain\">\n");
    write_outages(week, arena, &missing);
    for (size_t i = 0; i < WEEK_DAYS; i++) write_waiting(&week->days[i], &missing);
    write_pruned(week, &missing);
    if (!missing.count) buffer_add_string(out, "<li>Nothing: every source could be read, and no article waits.</li>\n");
    buffer_add_string(out, "</ul></section>\n");
}

/* ---------------------------------------------------------------- the page */

static void write_size(const struct week *week, const struct stories *all, struct buffer *out) {
    size_t articles = 0, days = 0, past = 0;
    for (size_t i = 0; i < all->count; i++) articles += all->items[i].articles;
    for (size_t i = 0; i < WEEK_DAYS; i++) {
        days += week->days[i].has_pages;
        past += !week->days[i].is_to_come;
    }
    page_count(out, articles, "article", "articles");
    buffer_add_string(out, ", ");
    page_count(out, all->count, "story", "stories");
    buffer_print(out, ", %zu of ", days);
    page_count(out, past, "day", "days");
}

static void write_masthead(const struct week *week, const struct stories *all, struct buffer *out) {
    char first[64], last[64];
    clock_day_name(week->days[0].day, first);
    clock_day_name(week->days[WEEK_DAYS - 1].day, last);
    buffer_print(out,
                 "<div class=\"page\"><header>\n<div class=\"mast\"><h1>Week %s of %.4s</h1>\n<nav class=\"ui\" "
                 "aria-label=\"Days\"><a href=\"index.html\">All days</a></nav>\n</div>\n<p class=\"state ui\">%s to "
                 "%s · ",
                 week->name + 6, week->name, first, last);
    write_size(week, all, out);
    buffer_add_string(out, "</p>\n</header>\n<main>\n");
}

static void write_head(const struct week *week, const struct stories *all, struct span style, struct buffer *out) {
    struct buffer title = BUFFER(256), about = BUFFER(1024);
    buffer_print(&title, "Week %s of %.4s – Dragoman", week->name + 6, week->name);
    write_size(week, all, &about);
    html_head(out, week->version, buffer_span(&title), buffer_span(&about), style);
    buffer_free(&title);
    buffer_free(&about);
}

bool week_page_write(const struct week *week, struct span style, struct arena *arena, struct buffer *out) {
    struct stories all = join_days(week, arena);
    write_head(week, &all, style, out);
    write_masthead(week, &all, out);
    write_stories(week, &all, out);
    write_days_of_week(week, out);
    write_missing(week, arena, out);
    buffer_add_string(out,
                      "</main>\n<footer><p>Translated by machine. What is marked may be wrong; what is not marked may "
                      "still be wrong.</p></footer></div>\n</body>\n</html>\n");
    return !out->full;
}
