/* Describes each line of a page by numbers that mean the same on every site and in every language: its width and links,
 * its element and the enclosing ones, its neighbours, the lines in elements of the same kind, its position, the page's
 * metadata, and the decisions of the contest (container.h). These numbers are the input of the line model
 * (line_model.h), both in the program and in the tool that trains the model (tools/line_features.c). */
#ifndef STAGES_EXTRACT_LINE_FEATURES_H
#define STAGES_EXTRACT_LINE_FEATURES_H

#include "stages/extract/overlap.h"
#include "stages/extract/page.h"
#include "stages/extract/phrases.h"

/* The features by group. The model is a table of their names, so one can be added without training anew, but none may
 * be renamed or get another meaning. Widths are in columns and, unlike shares, logarithms to the base 2. */
/* clang-format off */
#define LINE_FEATURE_LIST(X) \
    /* the text of the line */ \
    X(WIDTH) X(LINK_SHARE) X(LINK_WIDTH) X(ENDS) X(CLAUSES) X(DIGITS) X(CAPITALS) X(WORDS) X(SIGNS) X(QUESTION) \
    X(COLON) X(PROSE) X(PHRASE) X(REPEATED) \
    /* its element and the elements around it */ \
    X(KIND) X(TAG) X(PARENT_TAG) X(DEPTH) X(IN_QUOTE) X(IN_ITEM) X(IN_FIGURE) X(IN_CAPTION) X(IN_PARAGRAPH) \
    X(IN_ASIDE) X(IN_FOOTER) X(IN_HEADER) X(IN_NAV) X(IN_FORM) X(IN_ARTICLE) X(IN_MAIN) X(IN_TABLE) X(IN_SECTION) \
    X(IN_ADDRESS) X(IN_LABEL) \
    /* the meanings of their names (vocabulary.h) */ \
    X(IS_BOILERPLATE) X(IS_COMMENTS) X(IS_HIDDEN) X(IS_CAPTION) X(IS_BYLINE) X(IS_STANDFIRST) X(IS_TITLE) X(IS_DATE) \
    X(RANK) \
    /* the odds of the words in their names: the innermost, the lowest, the highest, the sum */ \
    X(ODDS_OWN) X(ODDS_LOW) X(ODDS_HIGH) X(ODDS_SUM) \
    /* what the contest made of the line and of the page */ \
    X(TAKEN) X(REFUSED) X(LEFT_OUT) X(CARD) X(IN_CONTAINER) X(FROM_FIRST) X(FROM_LAST) X(FROM_FIRST_TAKEN) X(FROM_LAST_TAKEN) \
    X(TAKEN_BEFORE) X(TAKEN_AFTER) X(CONTAINER_LINKS) X(CONTAINER_PROSE) X(CONTAINER_SHARE) \
    /* its place */ \
    X(ARTICLE) X(FROM_HEADLINE) X(WIDTH_FROM_HEADLINE) X(BEFORE) X(BEFORE_SHARE) X(FROM_HEADING) X(HEADING_TAG) X(HEADING_TAKEN) \
    X(HEADING_LINKS) \
    /* the line before and the line after, and all lines up to 2, 6 and 20 lines away */ \
    X(PREVIOUS_WIDTH) X(PREVIOUS_LINKS) X(PREVIOUS_TAKEN) X(PREVIOUS_KIND) X(PREVIOUS_SAME) \
    X(NEXT_WIDTH) X(NEXT_LINKS) X(NEXT_TAKEN) X(NEXT_KIND) X(NEXT_SAME) \
    X(NEAR_PROSE) X(NEAR_LINKS) X(NEAR_WIDTH) X(NEAR_TAKEN) X(WIDE_PROSE) X(WIDE_LINKS) X(WIDE_WIDTH) X(WIDE_TAKEN) \
    X(FAR_PROSE) X(FAR_LINKS) X(FAR_WIDTH) X(FAR_TAKEN) \
    /* lines in elements with the same tag, class and kind of parent */ \
    X(GROUP_LINES) X(GROUP_SHARE) X(GROUP_WIDTH) X(GROUP_LINKS) X(GROUP_TAKEN) \
    /* the parent of its element and the parent's parent */ \
    X(PARENT_LINKS) X(PARENT_PROSE) X(PARENT_LINES) X(PARENT_TAKEN) X(GRAND_LINKS) X(GRAND_PROSE) X(GRAND_LINES) \
    X(GRAND_TAKEN) \
    /* what the page's data say */ \
    X(IN_DESCRIPTION) X(IN_KNOWN) X(HAS_KNOWN) X(IN_TITLE) \
    /* the page, the same for all its lines */ \
    X(PAGE_WIDTH) X(PAGE_LINES) X(PAGE_TAKEN) X(PAGE_TAKEN_SHARE) X(PAGE_PROSE) X(PAGE_LINKS)
/* clang-format on */

#define LINE_FEATURE_ENUM(NAME) FEATURE_##NAME,
enum line_feature { LINE_FEATURE_LIST(LINE_FEATURE_ENUM) LINE_FEATURES };
extern const char *const line_feature_names[LINE_FEATURES];

/* What the contest found, and what the page's data say. */
struct line_evidence {
    const struct page *page;
    const struct phrases *phrases;
    const struct overlap *description, *known; /* known: see container.h; empty if the page has no such text */
    struct span title;
    int container;                 /* the contest's, or -1 */
    const unsigned char *kinds;    /* for each line: 0, or 1 + the kind of block that the contest took it as */
    const unsigned char *refusals; /* for each line: enum refusal (contest.h) */
};

struct line_survey;

/* Returns the sums from which features are made (line_survey.h), in the page's arena. Takes linear time. */
struct line_survey *line_features_survey(const struct line_evidence *evidence);
/* Writes the LINE_FEATURES numbers of a line. Returns false, with undefined numbers, for a short link near which the
 * contest took nothing (half of the lines of a typical page). Such a line is never part of the article. */
bool line_features_read(const struct line_survey *survey, size_t line, float *ret_row);

#endif
