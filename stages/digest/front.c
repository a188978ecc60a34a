#include "stages/digest/front.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "stages/digest/entry.h"
#include "stages/digest/html.h"
#include "stages/digest/nav.h"

/* A page of the day stays below 400 kB at any number of articles: the side column, the style and articles that wait
 * take the rest. */
enum { MAX_SINGLES = 300, STORIES_BYTES = 170000, PAGE_BYTES = 290000, BRIEF = 6, BRIEF_LANGUAGES = 4 };

/* ---------------------------------------------------------------- names of the day */

/* Appends "Sunday, 29 November 2026", the last day of a range after the first one, and what was chosen; not escaped. */
static void name_days(const struct edition *edition, struct buffer *out) {
    const struct edition_selection *selection = edition->selection;
    char name[64];
    if (selection && strcmp(selection->first, edition->day) != 0) {
        clock_day_name(selection->first, name);
        buffer_print(out, "%s to ", name);
    }
    clock_day_name(edition->day, name);
    buffer_add_string(out, name);
    if (selection && selection->about.length) buffer_print(out, ", %.*s", SPAN_ARGS(selection->about));
}

/* ---------------------------------------------------------------- masthead */

/* Pages that continue the day's do not lead to the next day, because they are not written again when there is one. */
static struct nav nav_of(const struct edition *edition, size_t number) {
    struct nav nav = {0};
    snprintf(nav.previous, sizeof nav.previous, "%s", edition->previous_day);
    if (number == 1) snprintf(nav.next, sizeof nav.next, "%s", edition->next_day);
    return nav;
}

static void write_nav(const struct edition *edition, size_t number, struct buffer *out) {
    struct nav nav = nav_of(edition, number);
    if (edition->selection)
        html_tagged(out, "<nav class=\"ui\" aria-label=\"Days\"><a href=\"", edition->selection->base,
                    "index.html\">All days</a></nav>\n");
    else
        nav_write(edition->day, &nav, out);
}

static void write_as_of(const struct day *day, struct buffer *out) {
    char local[26], zone[16];
    if (!day->as_of) return;
    clock_zoned(day->as_of, local);
    clock_zone_name(day->as_of, zone);
    bool today = span_starts(span_of(local), span_of(day->edition->day));
    buffer_print(out, "As of <time datetime=\"%s\"><b>", local);
    if (!today) buffer_print(out, "%.10s ", local);
    buffer_print(out, "%.5s</b> %s</time> · ", local + 11, zone);
}

static void write_size(const struct day *day, struct buffer *out) {
    if (!day->article_count) {
        buffer_add_string(out, "No articles");
        return;
    }
    page_count(out, day->article_count, "article", "articles");
    buffer_add_string(out, ", ");
    if (day->story_count || !day->single_count) {
        page_count(out, day->story_count, "story", "stories");
        buffer_add_string(out, ", ");
    }
    if (day->single_count) {
        page_count(out, day->single_count, "single report", "single reports");
        buffer_add_string(out, ", ");
    }
    page_count(out, day->language_count, "language", "languages");
}

/* Both numbers are second labels of their filters, so that a click shows what they count. */
static void write_news(const struct day *day, struct buffer *out) {
    char local[26];
    if (day->morning) {
        clock_zoned(day->morning, local);
        buffer_add_string(out, " · <b class=\"new\"><label for=\"v-new\">");
        page_number(out, day->new_count);
        buffer_print(out, " new since %.5s</label></b>", local + 11);
    }
    if (!day->last) return;
    clock_zoned(day->last, local);
    buffer_add_string(out, " · <b class=\"new\"><label for=\"v-last\">");
    page_number(out, day->latest_count);
    buffer_print(out, " since the run of %.5s</label></b>", local + 11);
}

/* The doubtful sentences of several days are on no one page. */
static void open_check_link(const struct edition *edition, struct buffer *out) {
    const struct edition_selection *selection = edition->selection;
    buffer_add_string(out, "<a class=\"flag\"");
    if (selection && strcmp(selection->first, edition->day) == 0) {
        html_tagged(out, " href=\"", selection->base, "");
        buffer_print(out, "%s/check.html\"", edition->day);
    }
    buffer_add_string(out, selection ? ">" : " href=\"check.html\">");
}

/* Says in one line how the day stands; each problem links to what is known about it. */
static void write_state(const struct page *page, struct buffer *out) {
    const struct day *day = page->day;
    struct buffer missing = BUFFER(1024);
    page_missing_sum(page->edition, &missing);
    buffer_add_string(out, "<p class=\"state ui\">");
    write_as_of(day, out);
    write_size(day, out);
    write_news(day, out);
    const char *here = page->edition->selection ? "" : "index.html";
    if (missing.length) buffer_print(out, " · <a class=\"bad\" href=\"%s#missing\">%s</a>", here, missing.at);
    if (day->flags.suspect || day->flags.failed) {
        buffer_add_string(out, " · ");
        open_check_link(page->edition, out);
        page_doubts(out, day->flags.suspect, day->flags.failed);
        buffer_add_string(out, "</a>");
    }
    buffer_add_string(out, "</p>\n");
    buffer_free(&missing);
}

static void write_masthead(const struct page *page, size_t number, struct buffer *out) {
    buffer_add_string(out, "<a class=\"skip\" href=\"#stories\">To the stories</a>\n<div class=\"page\"><header>\n<div "
                           "class=\"mast\"><h1>");
    struct buffer days = BUFFER(1 << 16);
    name_days(page->edition, &days);
    page_escape(out, buffer_span(&days));
    buffer_free(&days);
    if (number > 1) buffer_print(out, ", page %zu", number);
    buffer_add_string(out, "</h1>\n");
    write_nav(page->edition, number, out);
    buffer_add_string(out, "</div>\n");
    write_state(page, out);
    buffer_add_string(out, "</header></div>\n");
}

/* ---------------------------------------------------------------- filters */

static void write_choice(struct buffer *out, const char *group, const char *id, const char *label, size_t count) {
    buffer_print(out, "<input type=\"radio\" name=\"%s\" id=\"%s\"><label for=\"%s\">%s<span class=\"n\">", group, id,
                 id, label);
    page_number(out, count);
    buffer_add_string(out, "</span></label>");
}

static void write_language_choices(const struct day *day, struct buffer *out) {
    buffer_add_string(out, "<span class=\"sep\"></span><input type=\"radio\" name=\"l\" id=\"l-all\" checked><label "
                           "for=\"l-all\">All languages</label>");
    for (size_t i = 0; i < day->language_count; i++) {
        const struct language_count *language = &day->language_counts[i];
        if (!language->code.length) continue;
        buffer_add_string(out, "<input type=\"radio\" name=\"l\" id=\"l-");
        html_name(out, language->code);
        buffer_add_string(out, "\"><label for=\"l-");
        html_name(out, language->code);
        html_tagged(out, "\">", language->name, "<span class=\"n\">");
        page_number(out, language->count);
        buffer_add_string(out, "</span></label>");
    }
}

static size_t count_watched(const struct day *day) {
    size_t watched = 0;
    for (size_t i = 0; i < day->count; i++) watched += day->entries[i].watched != 0;
    return watched;
}

/* The filters are radio buttons: the style hides what the checked ones do not want, so no script is needed, and the
 * keyboard works. They are in no form, which Enter would send. */
static void write_bar(const struct day *day, struct buffer *out) {
    buffer_add_string(out, "<div class=\"bar\"><div class=\"page\"><section "
                           "aria-label=\"Show only\">\n<input type=\"radio\" "
                           "name=\"v\" id=\"v-all\" checked><label for=\"v-all\">Everything</label>");
    if (day->morning) write_choice(out, "v", "v-new", "New", day->new_count);
    if (day->last) write_choice(out, "v", "v-last", "Latest", day->latest_count);
    if (day->watches && day->watches->count) write_choice(out, "v", "v-watch", "Watch-list", count_watched(day));
    if (day->check_count) write_choice(out, "v", "v-check", "To check", day->check_count);
    if (day->language_count > 1) write_language_choices(day, out);
    buffer_add_string(out, "\n</section></div></div>\n");
}

/* Appends a rule for a language: `before`, the language, `middle`, the language, `after`. */
static void write_rule(struct buffer *out, struct span code, const char *before, const char *middle,
                       const char *after) {
    buffer_add_string(out, before);
    html_name(out, code);
    buffer_add_string(out, middle);
    html_name(out, code);
    buffer_add_string(out, after);
}

/* Appends rules for each language: they hide the rest, and say so if nothing is left, with each of the other filters.
 * The rules for these alone are in the style sheet. */
static void write_rules(const struct day *day, struct buffer *out) {
    for (size_t i = 0; i < day->language_count; i++) {
        struct span code = day->language_counts[i].code;
        if (!code.length) continue;
        write_rule(out, code, "body:has(#l-", ":checked) .e:not(.l-", "){display:none}\n");
        write_rule(out, code, "body:has(#l-", ":checked):not(:has(.l-", ")) .none,");
        write_rule(out, code, "body:has(#l-", ":checked):has(#v-new:checked):not(:has(.n.l-", ")) .none,");
        write_rule(out, code, "body:has(#l-", ":checked):has(#v-last:checked):not(:has(.m.l-", ")) .none,");
        write_rule(out, code, "body:has(#l-", ":checked):has(#v-watch:checked):not(:has(.w.l-", ")) .none,");
        write_rule(out, code, "body:has(#l-", ":checked):has(#v-check:checked):not(:has(.c.l-",
                   ")) .none{display:block}\n");
    }
}

/* ---------------------------------------------------------------- the day in half a minute */

static void write_brief_entry(const struct entry *entry, struct buffer *out) {
    buffer_add_string(out, entry->new_count ? "<li><span class=\"dot\" title=\"new\">●</span><a href=\"#s-"
                                            : "<li><span></span><a href=\"#s-");
    html_name(out, entry->id);
    buffer_add_string(out, "\">");
    html_headline(out, entry->takes[0].article);
    buffer_add_string(out, "</a><span class=\"ui\">");
    page_count(out, entry->outlets, "outlet", "outlets");
    buffer_add_string(out, "<span class=\"lang\">");
    for (size_t i = 0; i < entry->language_count && i < BRIEF_LANGUAGES; i++) {
        buffer_add_string(out, " ");
        page_escape(out, entry->languages[i]);
    }
    if (entry->language_count > BRIEF_LANGUAGES) buffer_print(out, " +%zu", entry->language_count - BRIEF_LANGUAGES);
    buffer_add_string(out, "</span></span></li>\n");
}

/* Says what follows on the page, which may be long, with links. */
static void write_jumps(const struct day *day, struct buffer *out) {
    buffer_add_string(out, "<p class=\"jump\">Below: <a href=\"#t\">");
    page_count(out, day->story_count, "story", "stories");
    if (day->single_count) {
        buffer_add_string(out, "</a> · <a href=\"#r\">");
        page_count(out, day->single_count, "single report", "single reports");
    }
    buffer_add_string(out, "</a> · <a href=\"#about\">about the day</a></p>\n");
}

static void write_brief(const struct day *day, struct buffer *out) {
    if (!day->story_count) return;
    buffer_add_string(
        out, day->edition->selection
                 ? "<section class=\"brief\" aria-labelledby=\"b\"><h2 id=\"b\">In half a minute</h2>\n<ol>\n"
                 : "<section class=\"brief\" aria-labelledby=\"b\"><h2 id=\"b\">The day in half a minute</h2>\n<ol>\n");
    for (size_t i = 0; i < day->story_count && i < BRIEF; i++) write_brief_entry(day->stories[i], out);
    buffer_add_string(out, "</ol>\n");
    write_jumps(day, out);
    buffer_add_string(out, "</section>\n");
}

/* ---------------------------------------------------------------- stories and single reports */

static void write_stories(const struct day *day, struct front_place *place, struct buffer *out) {
    if (place->story >= day->story_count) return;
    buffer_add_string(out, "<section aria-labelledby=\"t\"><h2 class=\"hidden\" id=\"t\">Stories</h2>\n");
    while (place->story < day->story_count && (out->length < STORIES_BYTES || day->edition->selection))
        entry_story(day, day->stories[place->story++], out);
    buffer_add_string(out, "</section>\n");
}

/* A page that does not show all stories shows no single reports, except for the first page. */
static void write_singles(const struct day *day, struct front_place *place, struct buffer *out) {
    size_t first = place->single;
    bool waits = place->page > 1 && place->story < day->story_count;
    if (place->single >= day->single_count || waits) return;
    buffer_add_string(
        out, "<section class=\"more\" aria-labelledby=\"r\"><h2 id=\"r\">Single reports, newest first</h2>\n<ul "
             "class=\"takes\">\n");
    while (place->single < day->single_count &&
           (day->edition->selection || (place->single - first < MAX_SINGLES && out->length < PAGE_BYTES)))
        entry_single(day, day->singles[place->single++], out);
    buffer_add_string(out, "</ul></section>\n");
}

bool front_has_more(const struct page *page, const struct front_place *place) {
    return place->story < page->day->story_count || place->single < page->day->single_count;
}

static void write_pages(const struct page *page, const struct front_place *place, struct buffer *out) {
    bool more = front_has_more(page, place);
    if (place->page == 1 && !more) return;
    buffer_add_string(out, "<nav class=\"pages ui\" aria-label=\"Pages\">");
    if (place->page > 1) buffer_add_string(out, "<a href=\"index.html\">First page</a>");
    if (place->page > 2)
        buffer_print(out, "<a href=\"more-%zu.html\">‹ Page %zu</a>", place->page - 1, place->page - 1);
    if (more) {
        size_t left = page->day->story_count - place->story + page->day->single_count - place->single;
        buffer_print(out, "<a href=\"more-%zu.html\">Page %zu: ", place->page + 1, place->page + 1);
        page_count(out, left, "more story", "more stories");
        buffer_add_string(out, " ›</a>");
    }
    buffer_add_string(out, "</nav>\n");
}

/* ---------------------------------------------------------------- the page */

static void spending_line(void *context, struct span text) {
    html_tagged(context, "<br>", text, "");
}

static void write_footer(const struct page *page, struct buffer *out) {
    buffer_add_string(out, "<div class=\"page\"><footer>\n<p>Translated by machine.");
    page_spending(page->edition, spending_line, out);
    buffer_add_string(
        out, "</p>\n<p>Every sentence was checked against its source. What is marked may be wrong; what is not "
             "marked may still be wrong.</p>\n<p>");
    if (!page->edition->selection)
        buffer_add_string(out, "<a href=\"feed.xml\">Feed</a> · <a href=\"digest.json\">JSON</a> · <a "
                               "href=\"digest.md\">Markdown</a> · <a href=\"check.html\">To check</a>. ");
    buffer_add_string(out, "Nothing on this page is loaded from elsewhere.</p>\n</footer></div>\n</body>\n</html>\n");
}

static void write_head(const struct page *page, size_t number, struct buffer *out) {
    struct buffer title = BUFFER(1 << 16), about = BUFFER(1024), style = BUFFER(1 << 20), mark = BUFFER(256);
    struct nav nav = nav_of(page->edition, number);
    name_days(page->edition, &title);
    if (number > 1) buffer_print(&title, ", page %zu", number);
    buffer_add_string(&title, " – Dragoman");
    write_size(page->day, &about);
    if (page->day->story_count) {
        buffer_add_string(&about, ". ");
        buffer_add_span(&about, text_clip(page_title(page->day->stories[0]->takes[0].article), 300));
    }
    buffer_add_span(&style, page->style);
    write_rules(page->day, &style);
    if (!page->edition->selection) nav_write_mark(&nav, &mark);
    html_head_with(out, page->edition->version, buffer_span(&title), buffer_span(&about), buffer_span(&mark),
                   buffer_span(&style));
    buffer_free(&mark);
    buffer_free(&title);
    buffer_free(&about);
    buffer_free(&style);
}

bool front_write(const struct page *page, struct front_place *place, struct buffer *out) {
    write_head(page, place->page, out);
    write_masthead(page, place->page, out);
    if (page->day->article_count) write_bar(page->day, out);
    buffer_add_string(out, "<div class=\"page grid\">\n<main id=\"stories\">\n");
    if (!page->day->article_count)
        buffer_add_string(out, "<p class=\"empty\">No article of this day has been translated yet.</p>\n");
    if (place->page == 1) write_brief(page->day, out);
    write_stories(page->day, place, out);
    write_singles(page->day, place, out);
    if (place->page == 1) waiting_html(page->edition, out);
    buffer_add_string(out, "<p class=\"none\">Nothing on this page fits this choice.</p>\n");
    write_pages(page, place, out);
    buffer_add_string(out, "</main>\n");
    if (place->page == 1) side_html(page, out);
    buffer_add_string(out, "</div>\n");
    write_footer(page, out);
    place->page++;
    return !out->full;
}

/* ---------------------------------------------------------------- where entries stand */

const size_t *front_pages(const struct page *page, struct buffer *buffer) {
    const struct day *day = page->day;
    const struct front_place end = {.story = day->story_count, .single = day->single_count};
    size_t *pages = arena_take(page->edition->arena, (day->count + 1) * sizeof *pages);
    struct front_place from = {.page = 1};
    while (front_has_more(page, &from)) {
        struct front_place to = from;
        buffer_clear(buffer);
        const struct front_place *last = front_write(page, &to, buffer) ? &to : &end;
        for (size_t i = from.story; i < last->story; i++) pages[day->stories[i] - day->entries] = from.page;
        for (size_t i = from.single; i < last->single; i++) pages[day->singles[i] - day->entries] = from.page;
        from = *last;
    }
    return pages;
}
