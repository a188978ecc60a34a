#include "stages/extract/fields.h"

#include "pipeline/net/url.h"
#include "stages/extract/date_trust.h"
#include "stages/extract/title_parts.h"

/* Takes an address that the page gives. Relative addresses are resolved; addresses of schemes other than http: and
 * https: are ignored. */
static void take_address(struct article *article, enum metadata_field field, struct stated value) {
    struct span base = article->origin.landed.length ? article->origin.landed : article->origin.address;
    if (!url_is_remote(base)) base = SPAN("");
    struct span address = value.text.length ? url_resolve(base, value.text, article->arena) : value.text;
    if (url_is_remote(address)) article_take_field(article, field, address, value.from);
}

/* Takes a date, unless the value is not a date or cannot be true. A number of seconds since 1970 is accepted only from
 * metadata, because such a number in visible text means something else. */
static void take_date(struct article *article, enum metadata_field field, struct stated value, struct span language,
                      const struct date_words *dates) {
    struct date date;
    bool written = !span_is(value.from, METADATA_NEAR);
    if (!(written && date_epoch(value.text, &date)) && !date_find(dates, value.text, language, &date)) return;
    if (date_is_credible(span_of(date.iso), article->origin.collected))
        article_take_field(article, field, span_of(date.iso), value.from);
}

/* Takes people, organizations and pen names in this order. Usually only one kind is present. */
void fields_take_authors(const struct authors *authors, struct article *article) {
    if (article->author_count) return;
    article_note_field(article, FIELD_AUTHORS, authors->from);
    for (size_t i = 0; i < authors->person_count; i++) article_add_author(article, authors->people[i]);
    for (size_t i = 0; i < authors->organization_count; i++) article_add_author(article, authors->organizations[i]);
    for (size_t i = 0; i < authors->handle_count; i++) article_add_author(article, authors->handles[i]);
}

/* Takes all fields except the authors. If the page's title is the feed's title followed by a separator and more text,
 * that text is the site's name, and the feed's title is used. */
void fields_take_metadata(const struct date_words *dates, const struct metadata *metadata, struct article *article) {
    struct span language = article->feed.language.length ? article->feed.language : metadata->language.text;
    bool feed = title_extends(metadata->title.text, article->feed.title);
    struct stated title = feed ? (struct stated){article->feed.title, SPAN("feed")} : metadata->title;
    article_take_field(article, FIELD_TITLE, title.text, title.from);
    for (size_t i = 0; i < metadata->date_count && article->published.length == 0; i++)
        take_date(article, FIELD_PUBLISHED, metadata->dates[i], language, dates);
    take_date(article, FIELD_MODIFIED, metadata->modified, language, dates);
    article_take_field(article, FIELD_SECTION, metadata->section.text, metadata->section.from);
    take_address(article, FIELD_IMAGE, metadata->image);
    take_address(article, FIELD_CANONICAL, metadata->canonical);
    article_take_field(article, FIELD_SITE, metadata->site.text, metadata->site.from);
    if (metadata->linked.paywalled) article->paywalled = true;
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
