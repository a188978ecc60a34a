#include "stages/extract/line_features.h"

#include <math.h>
#include <string.h>

#include "stages/extract/line_survey.h"

#define LINE_FEATURE_NAME(NAME) #NAME,
const char *const line_feature_names[LINE_FEATURES] = {LINE_FEATURE_LIST(LINE_FEATURE_NAME)};

/* Distances and widths are capped, so that a very long article is not unlike all that the model has seen. */
enum {
    NEAR = 2,
    WIDE = 6,
    FAR = 20,            /* lines, for windows */
    LONGEST_WAY = 40,    /* lines */
    MUCH_TEXT = 1 << 13, /* columns */
    LONG_LINE = 400,     /* columns; lines that are longer are neither a headline nor a credit */
    SHORT_LINK = 60,     /* columns */
    NO_RANK = 30
};
static const double ONLY_LINKS = 0.9;

static float scale(double amount) {
    return log2f(1 + (float)amount);
}

static float capped_scale(double amount) {
    return scale(amount < MUCH_TEXT ? amount : MUCH_TEXT);
}

static float share(double part, double all) {
    return all > 0 ? (float)(part / all) : 0;
}

/* Returns the number of lines between two lines, negative if `to` is the first. */
static float way(size_t from, size_t to) {
    double lines = (double)to - (double)from;
    return (float)fmax(-LONGEST_WAY, fmin(LONGEST_WAY, lines));
}

/* ---------------------------------------------------------------- the line */

/* Numbers of characters of some kinds. */
struct characters {
    size_t all, digits, capitals, spaces, signs, colons, questions;
};

static void count_character(uint32_t rune, struct characters *count) {
    count->all++;
    if (rune == ' ')
        count->spaces++;
    else if (rune_is_digit(rune))
        count->digits++;
    else if (rune_is_upper(rune))
        count->capitals++;
    else if (!rune_is_letter(rune))
        count->signs++;
    count->colons += rune == ':';
    count->questions += rune == '?' || rune == 0x61F || rune == 0xFF1F;
}

static struct characters count_characters(struct span text) {
    struct characters count = {0};
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        at += text_next(text, at, &rune);
        count_character(rune, &count);
    }
    return count;
}

static void read_text(const struct line_survey *survey, const struct line *line, float *row) {
    const struct marks *marks = survey->page->marks;
    struct characters count = count_characters(line->text);
    double all = (double)count.all;
    row[FEATURE_WIDTH] = scale((double)line->columns);
    row[FEATURE_LINK_SHARE] = share((double)line->link_columns, (double)line->columns);
    row[FEATURE_LINK_WIDTH] = scale((double)line->link_columns);
    row[FEATURE_ENDS] = text_ends_sentence(marks, line->text);
    row[FEATURE_CLAUSES] = text_has_clauses(marks, line->text);
    row[FEATURE_DIGITS] = share((double)count.digits, all);
    row[FEATURE_CAPITALS] = share((double)count.capitals, all);
    row[FEATURE_WORDS] = share((double)count.spaces, all);
    row[FEATURE_SIGNS] = share((double)count.signs, all);
    row[FEATURE_QUESTION] = count.questions > 0;
    row[FEATURE_COLON] = count.colons > 0;
    row[FEATURE_PROSE] = line_is_prose(line);
    if (line->columns < LONG_LINE) row[FEATURE_PHRASE] = (float)phrases_find(survey->evidence->phrases, line->text);
}

/* ---------------------------------------------------------------- its element */

static const struct {
    enum line_feature feature;
    enum tag tag;
} ancestors[] = {{FEATURE_IN_ASIDE, TAG_ASIDE},     {FEATURE_IN_FOOTER, TAG_FOOTER}, {FEATURE_IN_HEADER, TAG_HEADER},
                 {FEATURE_IN_NAV, TAG_NAV},         {FEATURE_IN_FORM, TAG_FORM},     {FEATURE_IN_ARTICLE, TAG_ARTICLE},
                 {FEATURE_IN_MAIN, TAG_MAIN},       {FEATURE_IN_TABLE, TAG_TABLE},   {FEATURE_IN_SECTION, TAG_SECTION},
                 {FEATURE_IN_ADDRESS, TAG_ADDRESS}, {FEATURE_IN_LABEL, TAG_LABEL}};

static const struct {
    enum line_feature feature;
    enum context context;
} contexts[] = {{FEATURE_IN_QUOTE, CONTEXT_QUOTE},
                {FEATURE_IN_ITEM, CONTEXT_ITEM},
                {FEATURE_IN_FIGURE, CONTEXT_FIGURE},
                {FEATURE_IN_CAPTION, CONTEXT_CAPTION},
                {FEATURE_IN_PARAGRAPH, CONTEXT_PARAGRAPH}};

static const struct {
    enum line_feature feature;
    enum name_mark mark;
} marks[] = {{FEATURE_IS_BOILERPLATE, MARK_BOILERPLATE},
             {FEATURE_IS_COMMENTS, MARK_COMMENTS},
             {FEATURE_IS_HIDDEN, MARK_HIDDEN},
             {FEATURE_IS_CAPTION, MARK_CAPTION},
             {FEATURE_IS_BYLINE, MARK_BYLINE},
             {FEATURE_IS_STANDFIRST, MARK_STANDFIRST},
             {FEATURE_IS_TITLE, MARK_TITLE},
             {FEATURE_IS_DATE, MARK_DATE}};

static void read_bits(const struct line_survey *survey, int node, float *row) {
    const struct line_place *place = &survey->places[node];
    unsigned context = survey->page->contexts[node];
    for (size_t i = 0; i < sizeof ancestors / sizeof *ancestors; i++)
        row[ancestors[i].feature] = (place->tags >> ancestors[i].tag & 1) != 0;
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
        row[contexts[i].feature] = (context & contexts[i].context) != 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        row[marks[i].feature] = (place->marks & marks[i].mark) != 0;
}

static void read_element(const struct line_survey *survey, const struct line *line, float *row) {
    const struct line_place *place = &survey->places[line->node];
    const struct node *nodes = survey->page->tree->nodes;
    int parent = nodes[line->node].parent;
    row[FEATURE_KIND] = (float)line->kind;
    row[FEATURE_TAG] = (float)nodes[line->node].tag;
    row[FEATURE_PARENT_TAG] = parent < 0 ? 0 : (float)nodes[parent].tag;
    row[FEATURE_DEPTH] = (float)place->depth;
    row[FEATURE_RANK] = place->rank == RANK_NONE ? NO_RANK : (float)place->rank;
    row[FEATURE_ODDS_OWN] = place->own;
    row[FEATURE_ODDS_LOW] = place->low;
    row[FEATURE_ODDS_HIGH] = place->high;
    row[FEATURE_ODDS_SUM] = place->sum;
    read_bits(survey, line->node, row);
}

/* ---------------------------------------------------------------- the contest and the place */

static void read_contest(const struct line_survey *survey, size_t index, float *row) {
    const struct page *page = survey->page;
    const struct line *line = &page->lines[index];
    double all = survey->sums[page->line_count].taken;
    row[FEATURE_TAKEN] = survey->evidence->kinds[index];
    row[FEATURE_REFUSED] = survey->evidence->refusals[index];
    row[FEATURE_LEFT_OUT] = page->left_out[line->node];
    row[FEATURE_CARD] = page->cards[line->node];
    row[FEATURE_IN_CONTAINER] = index >= survey->first && index < survey->end;
    row[FEATURE_FROM_FIRST] = way(survey->first, index);
    row[FEATURE_FROM_LAST] = way(survey->end, index);
    row[FEATURE_FROM_FIRST_TAKEN] = way(survey->first_taken, index);
    row[FEATURE_FROM_LAST_TAKEN] = way(survey->last_taken, index);
    row[FEATURE_TAKEN_BEFORE] = capped_scale(survey->sums[index].taken);
    row[FEATURE_TAKEN_AFTER] = capped_scale(all - survey->sums[index + 1].taken);
}

static void read_heading(const struct line_survey *survey, size_t index, float *row) {
    size_t heading = survey->headings[index];
    row[FEATURE_FROM_HEADING] = LONGEST_WAY + 1;
    if (heading == SIZE_MAX) return;
    const struct line *line = &survey->page->lines[heading];
    row[FEATURE_FROM_HEADING] = way(heading, index);
    row[FEATURE_HEADING_TAG] = (float)survey->page->tree->nodes[line->node].tag;
    row[FEATURE_HEADING_TAKEN] = survey->evidence->kinds[heading] != 0;
    row[FEATURE_HEADING_LINKS] = share((double)line->link_columns, (double)line->columns);
}

/* Returns 0 for a line in no <article>, 1 for one in the same as the headline or in one around it, 2 for one in another
 * article: a teaser, or the next article of a page with endless scrolling. */
static float read_article(const struct line_survey *survey, int node) {
    int article = survey->places[node].article, headline = survey->page->headline;
    if (article < 0) return 0;
    return headline < 0 || (article <= headline && headline < survey->page->tree->nodes[article].end) ? 1 : 2;
}

static void read_position(const struct line_survey *survey, size_t index, float *row) {
    const struct line_sums *sums = survey->sums;
    size_t headline = survey->headline;
    bool below = headline != SIZE_MAX && headline <= index;
    row[FEATURE_ARTICLE] = read_article(survey, survey->page->lines[index].node);
    row[FEATURE_FROM_HEADLINE] = headline == SIZE_MAX ? -LONGEST_WAY - 1 : way(headline, index);
    row[FEATURE_WIDTH_FROM_HEADLINE] = below ? capped_scale(sums[index].width - sums[headline].width) : -1;
    row[FEATURE_BEFORE] = capped_scale(sums[index].width);
    row[FEATURE_BEFORE_SHARE] = share(sums[index].width, sums[survey->page->line_count].width);
    read_heading(survey, index, row);
}

/* ---------------------------------------------------------------- the lines around it */

/* Returns 2 if both lines are in the same element, 1 if their elements have the same parent, else 0. */
static float kinship(const struct page *page, const struct line *a, const struct line *b) {
    if (a->node == b->node) return 2;
    return page->tree->nodes[a->node].parent == page->tree->nodes[b->node].parent;
}

/* Writes five features, in the order of the list. */
static void read_neighbour(const struct line_survey *survey, size_t index, size_t other, float *ret_features) {
    const struct page *page = survey->page;
    if (other >= page->line_count) return;
    const struct line *line = &page->lines[other];
    ret_features[0] = scale((double)line->columns);
    ret_features[1] = share((double)line->link_columns, (double)line->columns);
    ret_features[2] = survey->evidence->kinds[other] != 0;
    ret_features[3] = (float)line->kind;
    ret_features[4] = kinship(page, line, &page->lines[index]);
}

/* Writes four features, in the order of the list. */
static void read_window(const struct line_survey *survey, size_t index, size_t reach, float *ret_features) {
    size_t count = survey->page->line_count;
    const struct line_sums *from = &survey->sums[index > reach ? index - reach : 0];
    const struct line_sums *to = &survey->sums[index + reach + 1 < count ? index + reach + 1 : count];
    double width = to->width - from->width;
    ret_features[0] = scale(to->prose - from->prose);
    ret_features[1] = share(to->links - from->links, width);
    ret_features[2] = scale(width);
    ret_features[3] = share(to->taken - from->taken, width);
}

/* Writes four features, in the order of the list. */
static void read_weight(const struct line_survey *survey, int node, float *ret_features) {
    if (node < 0) return;
    const struct weight *weight = &survey->page->weights[node];
    ret_features[0] = share((double)weight->link_columns, (double)weight->columns);
    ret_features[1] = capped_scale((double)weight->prose);
    ret_features[2] = scale((double)weight->lines);
    ret_features[3] = share(survey->taken[node], (double)weight->columns);
}

static void read_group(const struct line_survey *survey, size_t index, float *row) {
    const struct line_group *group = line_survey_group(survey, index);
    row[FEATURE_GROUP_LINES] = scale(group->lines);
    row[FEATURE_GROUP_SHARE] = share(group->width, survey->sums[survey->page->line_count].width);
    row[FEATURE_GROUP_WIDTH] = scale(group->width / group->lines);
    row[FEATURE_GROUP_LINKS] = share(group->links, group->width);
    row[FEATURE_GROUP_TAKEN] = share(group->taken, group->width);
}

static void read_surroundings(const struct line_survey *survey, size_t index, float *row) {
    const struct node *nodes = survey->page->tree->nodes;
    int parent = nodes[survey->page->lines[index].node].parent;
    read_neighbour(survey, index, index - 1, &row[FEATURE_PREVIOUS_WIDTH]);
    read_neighbour(survey, index, index + 1, &row[FEATURE_NEXT_WIDTH]);
    read_window(survey, index, WIDE, &row[FEATURE_WIDE_PROSE]);
    read_window(survey, index, FAR, &row[FEATURE_FAR_PROSE]);
    read_group(survey, index, row);
    read_weight(survey, parent, &row[FEATURE_PARENT_LINKS]);
    read_weight(survey, parent < 0 ? -1 : nodes[parent].parent, &row[FEATURE_GRAND_LINKS]);
}

/* ---------------------------------------------------------------- data and page */

/* Returns the share of the line that is also in the text. Returns 0 at once if there is no text, and for links. */
static float share_in(const struct overlap *overlap, const struct line *line) {
    if (overlap->columns < OVERLAP_WINDOW / 2 || line->link_columns * 2 > line->columns) return 0;
    return (float)overlap_share(overlap, line->text);
}

static float title_share(const struct line_survey *survey, const struct line *line) {
    struct span title = survey->evidence->title;
    if (line->text.length > 2 * title.length) return 0;
    return text_equal_fold(line->text, title) ? 2 : share_in(&survey->title, line);
}

static void read_data(const struct line_survey *survey, const struct line *line, float *row) {
    const struct line_evidence *evidence = survey->evidence;
    row[FEATURE_IN_DESCRIPTION] = share_in(evidence->description, line);
    row[FEATURE_IN_KNOWN] = evidence->known->columns ? share_in(evidence->known, line) : -1;
    row[FEATURE_IN_TITLE] = title_share(survey, line);
}

/* Reads what is the same for all lines. */
static void read_page(const struct line_survey *survey, float *row) {
    size_t count = survey->page->line_count;
    const struct line_sums *all = &survey->sums[count];
    row[FEATURE_PAGE_WIDTH] = scale(all->width);
    row[FEATURE_PAGE_LINES] = scale((double)count);
    row[FEATURE_PAGE_TAKEN] = scale(all->taken);
    row[FEATURE_PAGE_TAKEN_SHARE] = share(all->taken, all->prose);
    row[FEATURE_PAGE_PROSE] = scale(all->prose);
    row[FEATURE_PAGE_LINKS] = share(all->links, all->width);
    row[FEATURE_HAS_KNOWN] = capped_scale((double)survey->evidence->known->columns);
    if (survey->evidence->container < 0) return;
    const struct weight *weight = &survey->page->weights[survey->evidence->container];
    row[FEATURE_CONTAINER_LINKS] = share((double)weight->link_columns, (double)weight->columns);
    row[FEATURE_CONTAINER_PROSE] = capped_scale((double)weight->prose);
    row[FEATURE_CONTAINER_SHARE] = share((double)weight->prose, (double)survey->page->weights[0].prose);
}

static bool is_hopeless(const struct line_survey *survey, size_t index, const float *row) {
    const struct line *line = &survey->page->lines[index];
    bool link = line->columns < SHORT_LINK && (double)line->link_columns > ONLY_LINKS * (double)line->columns;
    return link && !survey->evidence->kinds[index] && row[FEATURE_NEAR_TAKEN] <= 0;
}

struct line_survey *line_features_survey(const struct line_evidence *evidence) {
    struct line_survey *survey = arena_take(evidence->page->arena, sizeof *survey);
    *survey = line_survey_make(evidence);
    read_page(survey, survey->row);
    return survey;
}

bool line_features_read(const struct line_survey *survey, size_t index, float *ret_row) {
    const struct line *line = &survey->page->lines[index];
    memcpy(ret_row, survey->row, sizeof survey->row);
    read_window(survey, index, NEAR, &ret_row[FEATURE_NEAR_PROSE]);
    if (is_hopeless(survey, index, ret_row)) return false;
    read_text(survey, line, ret_row);
    ret_row[FEATURE_REPEATED] = survey->repeats[index];
    read_element(survey, line, ret_row);
    read_contest(survey, index, ret_row);
    read_position(survey, index, ret_row);
    read_surroundings(survey, index, ret_row);
    read_data(survey, line, ret_row);
    return true;
}
