#include "stages/extract/content.h"

#include "stages/extract/overlap.h"
#include "stages/extract/title_parts.h"
#include "stages/formats/feed.h"

/* Lengths in characters (code points) of the article's text. */
enum {
    LONGEST_WALL = 3500,
    LONGEST_ERROR = 1500,
    SHORT_WALL = 350,
    LONGEST_SCRAP = 40, /* a text shorter than this is not an article but a scrap such as "Loading" or "Menu" */
    SHORTEST_FEED = 80,
    LITTLE_TEXT = 300,
    SHORTEST_SENTENCE = 60,
    SHORT_TEASER = 800,
    LONG_TEASER = 4000
};
enum {
    SMALL_PAGE = 1000, /* columns; on a page with more text, a single phrase may belong to a banner or a menu */
    LARGE_PAGE = 4000  /* columns; on a page with more text, even several phrases may belong to a banner or a menu */
};
enum {
    FIRST_LINES = 150,     /* number of lines searched for signs if no text was found */
    LINES_AFTER = 15,      /* number of lines searched for invitations to subscribe after the end of the text */
    LAST_BLOCKS = 4,       /* number of blocks searched for an invitation to subscribe, at the end of the text */
    MIN_STATED_WORDS = 100 /* if the page gives a smaller word count, the count is ignored */
};
enum {
    TEASER_POINTS = 4, /* number of points (see is_teaser()) that make a text a teaser */
    LITTLE_ELSE = 6,   /* max. length of a wall, as a multiple of the length of the phrases that were found in it */
    MUCH_ELSE = 30,    /* the same limit for requests for consent, which are longer */
    MIN_WORDS = 10     /* texts with fewer words than this are not compared with the word count given by the page */
};
/* Shares of a text. */
static const double MOST = 0.5, SOME = 0.3;

/* What has been found so far about a page. */
struct survey {
    const struct signs *signs;
    const struct page *page;
    const struct metadata *metadata;
    struct article *article;
    bool *seen;
    size_t size;             /* characters in the body, without captions */
    size_t sign_size[SIGNS]; /* for each sign, the number of characters in the blocks that contain it */
    size_t phrases[SIGNS];   /* for each sign, the number of different phrases in the body and the headlines */
    size_t bytes[SIGNS];     /* their total length */
    bool headline[SIGNS];    /* for each sign, whether a headline consists mostly of its phrases */
};

/* ---------------------------------------------------------------- searching for signs */

static void add(struct survey *survey, const struct sign_matches *matches) {
    for (enum sign sign = 0; sign < SIGNS; sign++) {
        survey->phrases[sign] += matches->phrases[sign];
        survey->bytes[sign] += matches->bytes[sign];
    }
}

static void survey_headline(struct survey *survey, struct span title) {
    struct sign_matches matches = signs_find(survey->signs, title, survey->seen);
    add(survey, &matches);
    for (enum sign sign = 0; sign < SIGNS; sign++)
        if (matches.mostly[sign]) survey->headline[sign] = true;
}

/* Judges the title and each of its parts, because a document's title is often "Page not found - The Daily". */
static void survey_title(struct survey *survey, struct span title) {
    struct span rest = title, part;
    survey_headline(survey, title);
    while (title_next_part(&rest, &part))
        if (part.length < title.length) survey_headline(survey, part);
}

/* Judges the titles and headings, except minor ones, because a box beside the article may have the heading "Please log
 * in". */
static void survey_headlines(struct survey *survey) {
    const struct titles *titles = &survey->metadata->titles;
    survey_title(survey, titles->document);
    survey_title(survey, titles->shared);
    for (size_t i = 0; i < titles->heading_count; i++)
        if (titles->places[i] < TITLE_HEADING_SECOND) survey_headline(survey, titles->headings[i]);
}

static void survey_blocks(struct survey *survey) {
    for (size_t i = 0; i < survey->article->block_count; i++) {
        const struct block *block = &survey->article->body[i];
        if (block->kind == BLOCK_HEADING) survey_headline(survey, block->text);
        struct sign_matches matches = signs_find(survey->signs, block->text, survey->seen);
        add(survey, &matches);
        size_t size = block->kind == BLOCK_CAPTION ? 0 : text_count(block->text);
        for (enum sign sign = 0; sign < SIGNS; sign++)
            if (matches.any[sign]) survey->sign_size[sign] += size;
    }
}

static size_t size_of(const struct article *article) {
    size_t size = 0;
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].kind != BLOCK_CAPTION) size += text_count(article->body[i].text);
    return size;
}

/* ---------------------------------------------------------------- what confirms that the text is an article */

static struct span body_text(const struct article *article, struct arena *arena) {
    struct buffer text = BUFFER(1 << 20);
    for (size_t i = 0; i < article->block_count; i++) {
        buffer_add_span(&text, article->body[i].text);
        buffer_add_string(&text, "\n");
    }
    struct span all = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return all;
}

/* Used to ignore descriptions with signs of a wall, because a wall may describe itself in its metadata. */
static bool has_any_sign(struct survey *survey, struct span text) {
    struct sign_matches matches = signs_find(survey->signs, text, survey->seen);
    for (enum sign sign = 0; sign < SIGNS; sign++)
        if (matches.any[sign]) return true;
    return false;
}

static bool describes(struct survey *survey, const struct overlap *body, struct span text) {
    struct span piece;
    while (span_next(&text, '\n', &piece))
        if (overlap_share(body, piece) >= MOST && !has_any_sign(survey, piece)) return true;
    return false;
}

/* Returns true if the feed has the same text. The text is then an article, because feeds do not contain walls. */
static bool matches_feed(const struct overlap *body, struct span text) {
    struct span piece;
    while (span_next(&text, '\n', &piece))
        if (overlap_share(body, piece) >= MOST) return true;
    return false;
}

static struct span feed_text(const struct survey *survey) {
    const struct feed_entry *feed = &survey->article->feed;
    return feed_plain(feed->content.length ? feed->content : feed->summary, survey->page->arena);
}

static bool is_confirmed(struct survey *survey) {
    struct overlap body = overlap_make(body_text(survey->article, survey->page->arena), survey->page->arena);
    return describes(survey, &body, survey->metadata->descriptions) || matches_feed(&body, feed_text(survey));
}

/* Returns true if the page's metadata gives a publication date. Articles have one, error pages do not. */
static bool is_marked_as_article(const struct survey *survey) {
    const struct linked_article *linked = &survey->metadata->linked;
    const struct article *article = survey->article;
    if (linked->headline.length && linked->published.length) return true;
    return article->published.length &&
           (article->author_count ||
            span_starts(article->metadata_evidence[FIELD_PUBLISHED], SPAN("meta article:published")));
}

/* ---------------------------------------------------------------- walls and error pages */

static double share(const struct survey *survey, enum sign sign) {
    return survey->size ? (double)survey->sign_size[sign] / (double)survey->size : 0;
}

/* Returns whether the text is short and consists mostly of phrases of this sign. A single phrase is then enough. */
static bool says_little_else(const struct survey *survey, enum sign sign) {
    return survey->size < SHORT_WALL && survey->bytes[sign] * LITTLE_ELSE >= survey->size;
}

/* Returns the max. length of a wall as a multiple of the length of its phrases. Requests for consent are longer. */
static size_t much_else(enum sign sign) {
    return sign == SIGN_CONSENT ? MUCH_ELSE : LITTLE_ELSE;
}

/* Returns whether the text contains several different phrases of this sign and little else. */
static bool says_several(const struct survey *survey, enum sign sign) {
    return survey->phrases[sign] > 1 && survey->bytes[sign] * much_else(sign) >= survey->size;
}

/* Returns true if most of the text is in blocks that contain the sign and there is at least one other indication. */
static bool is_wall(const struct survey *survey, enum sign sign) {
    if (survey->size > LONGEST_WALL || !survey->phrases[sign] || share(survey, sign) < MOST) return false;
    return says_several(survey, sign) || survey->headline[sign] || says_little_else(survey, sign);
}

/* Returns true for an error page. It must be short and have no publication date, because news may quote error messages.
 */
static bool is_error(const struct survey *survey, enum sign sign) {
    if (survey->size > LONGEST_ERROR || is_marked_as_article(survey)) return false;
    if (survey->headline[sign]) return share(survey, sign) >= SOME || survey->size < SHORT_WALL;
    return share(survey, sign) >= MOST && (says_several(survey, sign) || says_little_else(survey, sign));
}

static const struct {
    enum sign sign;
    enum content content;
    bool (*is)(const struct survey *survey, enum sign sign);
} stand_ins[] = {
    {SIGN_NOT_FOUND, CONTENT_NOT_FOUND, is_error}, {SIGN_SERVER_ERROR, CONTENT_SERVER_ERROR, is_error},
    {SIGN_CAPTCHA, CONTENT_CAPTCHA, is_wall},      {SIGN_REFUSED, CONTENT_REFUSED, is_wall},
    {SIGN_SCRIPT, CONTENT_SCRIPT, is_wall},        {SIGN_CONSENT, CONTENT_CONSENT, is_wall},
    {SIGN_LOGIN, CONTENT_LOGIN, is_wall},          {SIGN_SUBSCRIBE, CONTENT_LOGIN, is_wall},
};
enum { STAND_INS = sizeof stand_ins / sizeof *stand_ins };

/* Returns the kind of a page that is not an article. The table's order matters, because an error page may also have a
 * login. */
static enum content find_stand_in(struct survey *survey) {
    if (survey->size > LONGEST_WALL) return CONTENT_WHOLE;
    survey_headlines(survey);
    survey_blocks(survey);
    for (size_t i = 0; i < STAND_INS; i++)
        if (stand_ins[i].is(survey, stand_ins[i].sign))
            return is_confirmed(survey) ? CONTENT_WHOLE : stand_ins[i].content;
    return CONTENT_WHOLE;
}

/* Looks for an explanation in the first lines of a page on which no text was found. On a larger page a single phrase is
 * not enough, because it may belong to a banner; on a very large page only the headline counts. */
static enum content explain_empty_page(struct survey *survey) {
    size_t columns = survey->page->weights[0].columns, most = columns < SMALL_PAGE   ? 0
                                                              : columns < LARGE_PAGE ? 1
                                                                                     : SIZE_MAX;
    enum content content = CONTENT_EMPTY;
    for (size_t i = 0; i < survey->page->line_count && i < FIRST_LINES; i++) {
        struct sign_matches matches = signs_find(survey->signs, survey->page->lines[i].text, survey->seen);
        add(survey, &matches);
    }
    survey_headlines(survey);
    for (size_t i = 0; i < STAND_INS; i++) {
        if (survey->headline[stand_ins[i].sign]) return stand_ins[i].content;
        if (survey->phrases[stand_ins[i].sign] <= most) continue;
        most = survey->phrases[stand_ins[i].sign];
        content = stand_ins[i].content;
    }
    return content;
}

/* ---------------------------------------------------------------- too little text */

/* Returns true if the text ends in a letter, digit, comma or hyphen, so that the sentence is unfinished. */
static bool ends_in_letter(struct span text) {
    uint32_t rune = 0;
    for (size_t size = 1; size && (rune == 0 || rune == ' ' || rune == 0xA0); text.length -= size)
        size = text.length ? text_previous(text, text.length, &rune) : 0;
    bool letter = rune > 127 ? rune < 0x2000 || rune > 0x303F : rune == ',' || rune == '-';
    return letter || (rune >= '0' && rune <= '9') || ((rune | 32) >= 'a' && (rune | 32) <= 'z');
}

static bool is_cut(struct span text) {
    text = span_trim(text);
    return span_ends(text, SPAN("...")) || span_ends(text, SPAN("…")) || span_ends(text, SPAN("[…]")) ||
           span_ends(text, SPAN("[...]"));
}

static const struct block *last_text(const struct article *article) {
    for (size_t i = article->block_count; i-- > 0;)
        if (article->body[i].kind != BLOCK_CAPTION && article->body[i].kind != BLOCK_HEADING) return &article->body[i];
    return NULL;
}

/* Returns true if the page does not show the article. This is the case if the feed's text is more than twice as long,
 * or if the page has only a fragment that breaks off, no publication date, and no words that the feed also has. */
static bool is_too_little(const struct survey *survey) {
    struct span feed = feed_text(survey);
    size_t told = text_count(feed);
    if (survey->size >= LITTLE_TEXT && survey->size * 2 >= told) return false;
    if (told >= SHORTEST_FEED && survey->size * 2 < told) return true;
    const struct block *last = last_text(survey->article);
    if (survey->size >= LONGEST_SCRAP || !last || is_marked_as_article(survey)) return false;
    return (is_cut(last->text) || ends_in_letter(last->text)) && span_find(feed, last->text) == SIZE_MAX;
}

/* ---------------------------------------------------------------- teasers of paid articles */

static bool says(const struct survey *survey, struct span text, enum sign sign) {
    return signs_find(survey->signs, text, survey->seen).any[sign];
}

/* Returns the number of the line with the last block of the text, or SIZE_MAX. */
static size_t find_end(const struct survey *survey) {
    const struct block *last = last_text(survey->article);
    for (size_t i = survey->page->line_count; last && i-- > 0;)
        if (span_equal(survey->page->lines[i].text, last->text)) return i;
    return SIZE_MAX;
}

/* Returns true for a long link that does not consist mostly of an invitation to subscribe. It is the headline of
 * another article, labelled "subscribers only". */
static bool is_label_of_another(const struct survey *survey, const struct line *line) {
    if (line->link_columns * 2 <= line->columns || line->columns < SHORTEST_SENTENCE) return false;
    bool *seen = arena_take(survey->page->arena, survey->signs->count * sizeof *seen);
    return !signs_find(survey->signs, line->text, seen).mostly[SIGN_SUBSCRIBE];
}

/* Counts the different invitations to subscribe after the end of the text. A single one may be the label of another
 * article; a subscription box has several. */
static size_t count_invitations(const struct survey *survey) {
    size_t end = find_end(survey), count = 0;
    bool *seen = arena_take(survey->page->arena, survey->signs->count * sizeof *seen);
    if (end == SIZE_MAX) return 0;
    for (size_t i = end + 1; i < survey->page->line_count && i <= end + LINES_AFTER; i++)
        if (!is_label_of_another(survey, &survey->page->lines[i]))
            count += signs_find(survey->signs, survey->page->lines[i].text, seen).phrases[SIGN_SUBSCRIBE];
    return count;
}

/* Looks for an invitation to subscribe in the last few blocks. Drops its block and all that follow. */
static bool drop_invitation(const struct survey *survey, struct article *article) {
    size_t count = article->block_count, from = count > LAST_BLOCKS ? count - LAST_BLOCKS : 1;
    for (size_t i = from; i < count; i++)
        if (says(survey, article->body[i].text, SIGN_SUBSCRIBE)) {
            article->block_count = i;
            return true;
        }
    return false;
}

static size_t words_of(const struct article *article) {
    size_t words = 0;
    for (size_t i = 0; i < article->block_count; i++) words += span_count_words(article->body[i].text);
    return words;
}

/* Returns true if the text ends in an ellipsis or in the middle of a sentence. The latter is not tested for long
 * articles, which may end in credits without a full stop. */
static bool breaks_off(const struct survey *survey, const struct block *block) {
    bool long_enough =
        block->kind == BLOCK_PARAGRAPH && survey->size <= LONG_TEASER && text_count(block->text) >= SHORTEST_SENTENCE;
    return is_cut(block->text) || (long_enough && ends_in_letter(block->text));
}

/* Returns true if the word count given by the page is more than twice that of the text. */
static bool states_more_words(const struct survey *survey) {
    size_t told = survey->metadata->linked.words, words = told > MIN_STATED_WORDS ? words_of(survey->article) : 0;
    return words >= MIN_WORDS && words * 2 < told;
}

/* Adds up the evidence that the text continues behind a paywall. A long text counts as a teaser only if it breaks off
 * or the page states a much higher word count. The weights were chosen so that no single weak clue is enough. */
static bool is_teaser(const struct survey *survey) {
    struct article *article = survey->article;
    size_t count = article->block_count, invitations = 0;
    bool more = states_more_words(survey), is_long = survey->size > LONG_TEASER;
    /* in a long article, a mention of subscriptions in the last paragraph is not evidence */
    if (!is_long) invitations = drop_invitation(survey, article) ? 2 : count_invitations(survey);
    const struct block *last = last_text(article);
    bool cut = last && breaks_off(survey, last);
    int points = (survey->metadata->linked.paywalled ? 2 : 0) + (int)(invitations > 1 ? 3 : 2 * invitations) +
                 (cut ? 2 : 0) + (more ? 3 : 0) + (survey->size < SHORT_TEASER);
    if (last && points >= TEASER_POINTS && (cut || more || !is_long)) return true;
    /* the text is not a teaser, so the invitation that was dropped is restored */
    article->block_count = count;
    return false;
}

/* ---------------------------------------------------------------- the result */

/* Returns whether a page is a video or a gallery. A page with enough text is an article, whatever else it contains. */
static enum content classify_media(const struct survey *survey) {
    if (survey->size >= LITTLE_TEXT) return CONTENT_WHOLE;
    if (survey->metadata->linked.video) return CONTENT_VIDEO;
    return survey->metadata->linked.gallery ? CONTENT_GALLERY : CONTENT_WHOLE;
}

/* The order of the tests matters: a wall can look like a teaser, and a live blog or video may have little text. */
enum content content_judge(const struct signs *signs, const struct page *page, const struct metadata *metadata,
                           struct article *article) {
    struct survey survey = {.signs = signs,
                            .page = page,
                            .metadata = metadata,
                            .article = article,
                            .seen = arena_take(page->arena, signs->count * sizeof *survey.seen),
                            .size = size_of(article)};
    if (survey.size == 0) return explain_empty_page(&survey);
    enum content content = find_stand_in(&survey);
    if (content != CONTENT_WHOLE) return content;
    if (is_too_little(&survey)) return explain_empty_page(&survey);
    if (metadata->linked.live) return CONTENT_LIVE;
    return is_teaser(&survey) ? CONTENT_TEASER : classify_media(&survey);
}

struct span content_sentence(enum content content) {
    static const char *const sentences[] = {
        [CONTENT_WHOLE] = "",
        [CONTENT_EMPTY] = "The page does not contain an article",
        [CONTENT_CONSENT] = "The page shows only a request for consent",
        [CONTENT_CAPTCHA] = "The page shows a CAPTCHA instead of the article",
        [CONTENT_LOGIN] = "The page requires a login or a subscription",
        [CONTENT_SCRIPT] = "The page shows no text without JavaScript",
        [CONTENT_REFUSED] = "The page denies access",
        [CONTENT_NOT_FOUND] = "The page reports that the article was not found",
        [CONTENT_SERVER_ERROR] = "The page reports a server error",
        [CONTENT_TEASER] = "Only the beginning of the article can be read without a subscription",
        [CONTENT_PART] = "The article continues on further pages that were not read",
        [CONTENT_LIVE] = "This is a live blog; it may have changed since it was read",
        [CONTENT_VIDEO] = "The page is a video; this is the accompanying text",
        [CONTENT_GALLERY] = "The page is a picture gallery; this is the accompanying text",
    };
    return span_of(sentences[content]);
}
