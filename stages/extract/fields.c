#include "stages/extract/fields.h"

#include "pipeline/net/url.h"
#include "stages/extract/date_local.h"
#include "stages/extract/date_trust.h"
#include "stages/extract/page_dates.h"
#include "stages/extract/title_parts.h"

/* Takes an address that the page gives. Relative addresses are resolved; addresses of schemes other than http: and
 * https: are ignored. */
static void take_address(struct article *article, enum metadata_field field, struct stated value) {
    struct span base = article->origin.landed.length ? article->origin.landed : article->origin.address;
    if (!url_is_remote(base)) base = SPAN("");
    struct span address = value.text.length ? url_resolve(base, value.text, article->arena) : value.text;
    if (url_is_remote(address)) article_take_field(article, field, address, value.from);
}

/* Reads a date, unless the value is not a date or cannot be true. A number of seconds since 1970 is accepted only from
 * metadata, because such a number in visible text means something else. */
static bool read_date(const struct article *article, struct stated value, struct span language,
                      const struct date_words *dates, struct date *ret_date) {
    bool written = !span_is(value.from, METADATA_NEAR);
    if (!(written && date_epoch(value.text, ret_date)) && !date_find(dates, value.text, language, ret_date))
        return false;
    return date_is_credible(span_of(ret_date->iso), article->origin.collected);
}

static void take_date(struct article *article, enum metadata_field field, struct stated value, struct span language,
                      const struct date_words *dates) {
    struct date date;
    if (read_date(article, value, language, dates, &date))
        article_take_field(article, field, span_of(date.iso), value.from);
}

/* Replaces a moment in UTC by the local date, if a date shown on the page tells it. Dates after one of the same day
 * belong to other articles. */
static void localize(const struct article *article, const struct metadata *metadata, struct span language,
                     const struct date_words *dates, struct date *date) {
    enum { MOST_SHOWN = 10 };
    for (size_t i = metadata->shown; i < metadata->date_count && i < metadata->shown + MOST_SHOWN; i++) {
        struct date shown;
        if (!read_date(article, metadata->dates[i], language, dates, &shown)) continue;
        if (date_is_same_day(date, &shown)) return;
        if (date_localize(date, &shown, span_is(metadata->dates[i].from, METADATA_ADDRESS), date)) return;
    }
}

/* Returns the year in an address such as "/2026/ferries" or "/2026/01/ferries", or 0. *ret_month is the month or 0. */
static int year_in(struct span address, int *ret_month) {
    for (size_t at = 0; at < address.length; at++) {
        struct span rest = span_cut(address, at, address.length);
        bool month = span_form(rest, "/dddd/dd/");
        if (!month && !span_form(rest, "/dddd/")) continue;
        long long year = 0, number = 0;
        span_number(span_cut(rest, 1, 5), &year);
        if (month) span_number(span_cut(rest, 6, 8), &number);
        *ret_month = (int)number;
        return year > 1990 && year < 2100 && number <= 12 ? (int)year : 0;
    }
    return 0;
}

/* Completes a date without a year on the page, such as "29 January", with the year in the address. If the address has
 * the month too, the date must be of that month. */
static void take_without_year(const struct date_words *dates, const struct metadata *metadata, struct span language,
                              struct article *article) {
    struct span collected = article->origin.collected;
    int month = 0, year = year_in(article->origin.address, &month);
    for (size_t i = metadata->shown; i < metadata->date_count && year; i++) {
        struct date date;
        if (!date_find_in_year(dates, metadata->dates[i].text, language, year, &date)) continue;
        bool fits = !month || (date.iso[5] - '0') * 10 + date.iso[6] - '0' == month;
        if (!fits || !date_is_credible(span_of(date.iso), collected)) continue;
        article_take_field(article, FIELD_PUBLISHED, span_of(date.iso), metadata->dates[i].from);
        return;
    }
}

/* Takes the first date that can be true. With `changes`, those of lines that tell of the last change alone are taken
 * too.
 */
static bool take_first(const struct line_words *lines, const struct date_words *dates, const struct metadata *metadata,
                       struct span language, bool changes, struct article *article) {
    struct date date;
    for (size_t i = 0; i < metadata->date_count; i++) {
        struct stated value = metadata->dates[i];
        bool near = span_is(value.from, METADATA_NEAR);
        if (near && !changes && page_dates_is_change(lines, value.text)) continue;
        if (near) value.text = page_dates_behind_label(lines, value.text, article->arena);
        if (!read_date(article, value, language, dates, &date)) continue;
        localize(article, metadata, language, dates, &date);
        article_take_field(article, FIELD_PUBLISHED, span_of(date.iso), value.from);
        return true;
    }
    return false;
}

static void take_published(const struct line_words *lines, const struct date_words *dates,
                           const struct metadata *metadata, struct span language, struct article *article) {
    bool taken = take_first(lines, dates, metadata, language, false, article) ||
                 take_first(lines, dates, metadata, language, true, article);
    if (!taken && !article->feed.published.length) take_without_year(dates, metadata, language, article);
}

/* Takes people, organizations and pen names in this order. Usually only one kind is present. */
void fields_take_authors(const struct authors *authors, struct article *article) {
    if (article->author_count) return;
    article_note_field(article, FIELD_AUTHORS, authors->from);
    article->authors_cut = authors->cut;
    for (size_t i = 0; i < authors->person_count; i++) article_add_author(article, authors->people[i]);
    for (size_t i = 0; i < authors->organization_count; i++) article_add_author(article, authors->organizations[i]);
    for (size_t i = 0; i < authors->handle_count; i++) article_add_author(article, authors->handles[i]);
}

void fields_replace_authors(const struct authors *authors, struct article *article) {
    article->author_count = 0;
    article->metadata_evidence[FIELD_AUTHORS] = (struct span){NULL, 0};
    fields_take_authors(authors, article);
}

static struct span language_of(const struct article *article, const struct metadata *metadata) {
    return article->feed.language.length ? article->feed.language : metadata->language.text;
}

/* Takes all fields except the authors. If the page's title is the feed's title followed by a separator and more text,
 * that text is the site's name, and the feed's title is used. */
void fields_take_metadata(const struct line_words *lines, const struct date_words *dates,
                          const struct metadata *metadata, struct article *article) {
    struct span language = language_of(article, metadata);
    bool feed = title_extends(metadata->title.text, article->feed.title);
    struct stated title = feed ? (struct stated){article->feed.title, SPAN("feed")} : metadata->title;
    article_take_field(article, FIELD_TITLE, title.text, title.from);
    if (!article->published.length) take_published(lines, dates, metadata, language, article);
    take_date(article, FIELD_MODIFIED, metadata->modified, language, dates);
    article_take_field(article, FIELD_SECTION, metadata->section.text, metadata->section.from);
    take_address(article, FIELD_IMAGE, metadata->image);
    take_address(article, FIELD_CANONICAL, metadata->canonical);
    article_take_field(article, FIELD_SITE, metadata->site.text, metadata->site.from);
    if (metadata->linked.paywalled) article->paywalled = true;
}

void fields_take_late_date(const struct line_words *lines, const struct date_words *dates,
                           const struct metadata *metadata, const struct page *page, struct article *article) {
    struct span language = language_of(article, metadata);
    struct stated value;
    if (article->published.length || article->feed.published.length) return;
    if (page_dates_search(page, lines, dates, language, &value))
        take_date(article, FIELD_PUBLISHED, value, language, dates);
}

/* Keeps fields that the page has filled, because feeds are often less precise. */
void fields_take_feed(const struct date_words *dates, struct article *article) {
    const struct feed_entry *feed = &article->feed;
    const struct span from = SPAN("feed");
    article_take_field(article, FIELD_TITLE, feed->title, from);
    take_date(article, FIELD_PUBLISHED, (struct stated){feed->published, from}, feed->language, dates);
    take_date(article, FIELD_MODIFIED, (struct stated){feed->modified, from}, feed->language, dates);
    article_take_field(article, FIELD_SECTION, feed->section, from);
    if (article->author_count || !feed->author.length) return;
    struct span rest = feed->author, name;
    while (span_next(&rest, '\n', &name)) article_add_author(article, name);
    article_note_field(article, FIELD_AUTHORS, from);
}
