#include "stages/extract/prepared.h"

#include "pipeline/net/url.h"
#include "stages/extract/comments.h"
#include "stages/extract/fields.h"
#include "stages/extract/headlines.h"
#include "stages/extract/page_authors.h"
#include "stages/extract/page_dates.h"

bool prepared_is_page(const struct article *article) {
    bool is_mail = article->origin.content_type.length && !url_is_remote(article->origin.address);
    return article->text.length && !article->origin.is_feed_text && !is_mail;
}

/* Titles are read first, because the other searches need the headline. */
void prepared_read(const struct extract_tables *tables, struct span document, struct attribute_names more,
                   struct article *article, struct arena *arena, struct prepared *ret_prepared) {
    struct tree *tree = &ret_prepared->tree;
    struct page *page = &ret_prepared->page;
    struct metadata *metadata = &ret_prepared->metadata;
    *tree = tree_parse_keeping(document, more, arena);
    *metadata = metadata_read(tree, article->origin.address, arena);
    *page = page_read(tree, &tables->names, tables->plain.marks, arena);
    headlines_read(page, &metadata->titles);
    metadata->title.text = titles_choose(&metadata->titles, &tables->weights, arena, &metadata->title.from);
    page_find_headline(page, metadata->title.text);
    comments_leave_out(page, &tables->comments, metadata->linked.comments);
    ret_prepared->bylines = (struct byline_words){tables->authors, tables->dates, &tables->plain.lines};
    ret_prepared->authors = page_authors(metadata, page, &ret_prepared->bylines);
    page_dates_add(metadata, page, article->origin.address);
    fields_take_metadata(&tables->plain.lines, tables->dates, metadata, article);
    fields_take_late_date(&tables->plain.lines, tables->dates, metadata, page, article);
    ret_prepared->named = article->author_count || ret_prepared->authors.person_count;
    fields_take_authors(&ret_prepared->authors, article); /* the body leaves out the lines that name them */
    ret_prepared->clues = (struct body_clues){metadata->descriptions, metadata->linked.body, prepared_is_page(article)};
}
