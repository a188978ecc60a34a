#include "stages/extract/content.h"

#include "stages/extract/overlap.h"
#include "stages/formats/feed.h"

/* Characters of text. */
enum {
    LONGEST_WALL = 3500,
    LONGEST_ERROR = 1500,
    SHORT_WALL = 350,
    LONGEST_SCRAP = 40, /* "Loading", "Menu" */
    SHORTEST_FEED = 80,
    LITTLE_TEXT = 300,
    SHORTEST_SENTENCE = 60,
    SHORT_TEASER = 800,
    LONG_TEASER = 4000
};
/* Bytes of a page's text: in a large one, one phrase may be a banner's or a menu's; in a very large one, several may.
 */
enum { SMALL_PAGE = 1000, LARGE_PAGE = 4000 };
/* Lines of the page that are looked at when nothing was taken, and behind what was taken. */
enum { FIRST_LINES = 150, LINES_BEHIND = 15, LAST_BLOCKS = 4, FEWEST_WORDS = 100 };
enum { TEASER_POINTS = 4, LITTLE_ELSE = 6, MUCH_ELSE = 30, MIN_WORDS = 10 };
static const double MOST = 0.5, SOME = 0.3;

struct survey {
    const struct signs *signs;
    const struct page *page;
    const struct metadata *metadata;
    struct article *article;
    bool *seen;
    size_t size;           /* characters of the body */
    size_t said[SIGNS];    /* of them in lines that say it */
    size_t phrases[SIGNS]; /* different ones, in the body and its headlines, */
    size_t bytes[SIGNS];   /* and their length */
    bool headline[SIGNS];  /* a headline says nothing else */
};

/* ---------------------------------------------------------------- what is said */

static void add(struct survey *survey, const struct said *said) {
    for (enum sign sign = 0; sign < SIGNS; sign++) {
        survey->phrases[sign] += said->phrases[sign];
        survey->bytes[sign] += said->bytes[sign];
    }
}

static void hear_headline(struct survey *survey, struct span title) {
    struct said said = signs_find(survey->signs, title, survey->seen);
    add(survey, &said);
    for (enum sign sign = 0; sign < SIGNS; sign++)
        if (said.mostly[sign]) survey->headline[sign] = true;
}

/* "Page not found - The Daily": the whole, and each part by itself. */
static void hear_title(struct survey *survey, struct span title) {
    struct span rest = title, part;
    hear_headline(survey, title);
    while (titles_next_part(&rest, &part))
        if (part.length < title.length) hear_headline(survey, part);
}

static void hear_headlines(struct survey *survey) {
    const struct titles *titles = &survey->metadata->titles;
    hear_title(survey, titles->document);
    hear_title(survey, titles->shared);
    for (size_t i = 0; i < titles->heading_count; i++)
        if (titles->places[i] < HEADING_SECOND) hear_headline(survey, titles->headings[i]);
}

static void hear_blocks(struct survey *survey) {
    for (size_t i = 0; i < survey->article->block_count; i++) {
        const struct block *block = &survey->article->body[i];
        if (block->kind == BLOCK_HEADING) hear_headline(survey, block->text);
        struct said said = signs_find(survey->signs, block->text, survey->seen);
        add(survey, &said);
        size_t size = block->kind == BLOCK_CAPTION ? 0 : text_count(block->text);
        for (enum sign sign = 0; sign < SIGNS; sign++)
            if (said.any[sign]) survey->said[sign] += size;
    }
}

static size_t size_of(const struct article *article) {
    size_t size = 0;
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].kind != BLOCK_CAPTION) size += text_count(article->body[i].text);
    return size;
}

/* ---------------------------------------------------------------- who vouches for it */

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

/* A description that is a wall's own words vouches for nothing. */
static bool says_anything(struct survey *survey, struct span text) {
    struct said said = signs_find(survey->signs, text, survey->seen);
    for (enum sign sign = 0; sign < SIGNS; sign++)
        if (said.any[sign]) return true;
    return false;
}

static bool describes(struct survey *survey, const struct overlap *body, struct span text) {
    struct span piece;
    while (span_next(&text, '\n', &piece))
        if (overlap_share(body, piece) >= MOST && !says_anything(survey, piece)) return true;
    return false;
}

/* What a feed says was not written by a wall, even where it speaks of one. */
static bool is_told_by_feed(const struct overlap *body, struct span text) {
    struct span piece;
    while (span_next(&text, '\n', &piece))
        if (overlap_share(body, piece) >= MOST) return true;
    return false;
}

static struct span feed_text(const struct survey *survey) {
    const struct feed_entry *feed = &survey->article->feed;
    return feed_plain(feed->content.length ? feed->content : feed->summary, survey->page->arena);
}

static bool is_vouched_for(struct survey *survey) {
    struct overlap body = overlap_make(body_text(survey->article, survey->page->arena), survey->page->arena);
    return describes(survey, &body, survey->metadata->descriptions) || is_told_by_feed(&body, feed_text(survey));
}

/* Articles say when they were published; error pages do not. */
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
    return survey->size ? (double)survey->said[sign] / (double)survey->size : 0;
}

/* One phrase, but little else. */
static bool says_little_else(const struct survey *survey, enum sign sign) {
    return survey->size < SHORT_WALL && survey->bytes[sign] * LITTLE_ELSE >= survey->size;
}

/* Consent walls explain at length what they ask for; others say what they want and little else. */
static size_t much_else(enum sign sign) {
    return sign == SIGN_CONSENT ? MUCH_ELSE : LITTLE_ELSE;
}

static bool says_several(const struct survey *survey, enum sign sign) {
    return survey->phrases[sign] > 1 && survey->bytes[sign] * much_else(sign) >= survey->size;
}

static bool is_wall(const struct survey *survey, enum sign sign) {
    if (survey->size > LONGEST_WALL || !survey->phrases[sign] || share(survey, sign) < MOST) return false;
    return says_several(survey, sign) || survey->headline[sign] || says_little_else(survey, sign);
}

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

static enum content find_stand_in(struct survey *survey) {
    if (survey->size > LONGEST_WALL) return CONTENT_WHOLE;
    hear_headlines(survey);
    hear_blocks(survey);
    for (size_t i = 0; i < STAND_INS; i++)
        if (stand_ins[i].is(survey, stand_ins[i].sign))
            return is_vouched_for(survey) ? CONTENT_WHOLE : stand_ins[i].content;
    return CONTENT_WHOLE;
}

/* Nothing was taken: what the page says around it tells why. */
static enum content name_empty_page(struct survey *survey) {
    size_t columns = survey->page->weights[0].columns, most = columns < SMALL_PAGE   ? 0
                                                              : columns < LARGE_PAGE ? 1
                                                                                     : SIZE_MAX;
    enum content content = CONTENT_EMPTY;
    for (size_t i = 0; i < survey->page->line_count && i < FIRST_LINES; i++) {
        struct said said = signs_find(survey->signs, survey->page->lines[i].text, survey->seen);
        add(survey, &said);
    }
    hear_headlines(survey);
    for (size_t i = 0; i < STAND_INS; i++) {
        if (survey->headline[stand_ins[i].sign]) return stand_ins[i].content;
        if (survey->phrases[stand_ins[i].sign] <= most) continue;
        most = survey->phrases[stand_ins[i].sign];
        content = stand_ins[i].content;
    }
    return content;
}

/* ---------------------------------------------------------------- too little */

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

/* Less than the feed tells is not what the feed tells of; a word or two are no article, unless they are the feed's. */
static bool is_too_little(const struct survey *survey) {
    struct span feed = feed_text(survey);
    size_t told = text_count(feed);
    if (survey->size >= LITTLE_TEXT && survey->size * 2 >= told) return false;
    if (told >= SHORTEST_FEED && survey->size * 2 < told) return true;
    const struct block *last = last_text(survey->article);
    if (survey->size >= LONGEST_SCRAP || !last || is_marked_as_article(survey)) return false;
    return (is_cut(last->text) || ends_in_letter(last->text)) && span_find(feed, last->text) == SIZE_MAX;
}

/* ---------------------------------------------------------------- teasers */

static bool says(const struct survey *survey, struct span text, enum sign sign) {
    return signs_find(survey->signs, text, survey->seen).any[sign];
}

/* The line of the page that is the last that was taken, or SIZE_MAX. */
static size_t find_end(const struct survey *survey) {
    const struct block *last = last_text(survey->article);
    for (size_t i = survey->page->line_count; last && i-- > 0;)
        if (span_equal(survey->page->lines[i].text, last->text)) return i;
    return SIZE_MAX;
}

/* A link that says more than "subscribe": the headline of another article, with its label. */
static bool labels_another(const struct survey *survey, const struct line *line) {
    if (line->link_columns * 2 <= line->columns || line->columns < SHORTEST_SENTENCE) return false;
    bool *seen = arena_take(survey->page->arena, survey->signs->count * sizeof *seen);
    return !signs_find(survey->signs, line->text, seen).mostly[SIGN_SUBSCRIBE];
}

/* Different phrases behind the text that invite: one may be the label of another article, a box says several. */
static size_t count_invitations(const struct survey *survey) {
    size_t end = find_end(survey), count = 0;
    bool *seen = arena_take(survey->page->arena, survey->signs->count * sizeof *seen);
    if (end == SIZE_MAX) return 0;
    for (size_t i = end + 1; i < survey->page->line_count && i <= end + LINES_BEHIND; i++)
        if (!labels_another(survey, &survey->page->lines[i]))
            count += signs_find(survey->signs, survey->page->lines[i].text, seen).phrases[SIGN_SUBSCRIBE];
    return count;
}

/* From the first of the last blocks that invites. */
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

/* In the middle of a sentence, or with the dots that say so. Long articles end in credits. */
static bool breaks_off(const struct survey *survey, const struct block *block) {
    bool long_enough =
        block->kind == BLOCK_PARAGRAPH && survey->size <= LONG_TEASER && text_count(block->text) >= SHORTEST_SENTENCE;
    return is_cut(block->text) || (long_enough && ends_in_letter(block->text));
}

static bool tells_of_more_words(const struct survey *survey) {
    size_t told = survey->metadata->linked.words, words = told > FEWEST_WORDS ? words_of(survey->article) : 0;
    return words >= MIN_WORDS && words * 2 < told;
}

/* How much speaks for a text that goes on where it cannot be read. A long one is a teaser only when it breaks off. */
static bool is_teaser(const struct survey *survey) {
    struct article *article = survey->article;
    size_t count = article->block_count, invitations = 0;
    bool more = tells_of_more_words(survey), is_long = survey->size > LONG_TEASER;
    if (!is_long) invitations = drop_invitation(survey, article) ? 2 : count_invitations(survey);
    const struct block *last = last_text(article);
    bool cut = last && breaks_off(survey, last);
    int points = (survey->metadata->linked.paywalled ? 2 : 0) + (int)(invitations > 1 ? 3 : 2 * invitations) +
                 (cut ? 2 : 0) + (more ? 3 : 0) + (survey->size < SHORT_TEASER);
    if (last && points >= TEASER_POINTS && (cut || more || !is_long)) return true;
    article->block_count = count;
    return false;
}

/* ---------------------------------------------------------------- the verdict */

static enum content name_media(const struct survey *survey) {
    if (survey->size >= LITTLE_TEXT) return CONTENT_WHOLE;
    if (survey->metadata->linked.video) return CONTENT_VIDEO;
    return survey->metadata->linked.gallery ? CONTENT_GALLERY : CONTENT_WHOLE;
}

enum content content_judge(const struct signs *signs, const struct page *page, const struct metadata *metadata,
                           struct article *article) {
    struct survey survey = {.signs = signs,
                            .page = page,
                            .metadata = metadata,
                            .article = article,
                            .seen = arena_take(page->arena, signs->count * sizeof *survey.seen),
                            .size = size_of(article)};
    if (survey.size == 0) return name_empty_page(&survey);
    enum content content = find_stand_in(&survey);
    if (content != CONTENT_WHOLE) return content;
    if (is_too_little(&survey)) return name_empty_page(&survey);
    if (metadata->linked.live) return CONTENT_LIVE;
    return is_teaser(&survey) ? CONTENT_TEASER : name_media(&survey);
}

struct span content_sentence(enum content content) {
    static const char *const sentences[] = {
        [CONTENT_WHOLE] = "",
        [CONTENT_EMPTY] = "The page holds no article",
        [CONTENT_CONSENT] = "The page is a consent wall",
        [CONTENT_CAPTCHA] = "The page asks for proof that a person is reading it",
        [CONTENT_LOGIN] = "The page asks to log in or to subscribe",
        [CONTENT_SCRIPT] = "The page shows nothing without JavaScript",
        [CONTENT_REFUSED] = "The page refuses to be read from here",
        [CONTENT_NOT_FOUND] = "The page says that it was not found",
        [CONTENT_SERVER_ERROR] = "The page reports an error of its server",
        [CONTENT_TEASER] = "Only the beginning of the article can be read without a subscription",
        [CONTENT_PART] = "The article continues on further pages that were not read",
        [CONTENT_LIVE] = "This is a live blog, as it stood when it was read",
        [CONTENT_VIDEO] = "The page is a video; this is the text beside it",
        [CONTENT_GALLERY] = "The page is a gallery of pictures; this is the text beside it",
    };
    return span_of(sentences[content]);
}
