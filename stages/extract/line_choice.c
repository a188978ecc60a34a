#include "stages/extract/line_choice.h"

#include "stages/extract/contest.h"
#include "stages/extract/line_survey.h"

enum {
    MANY_LINES = 100,  /* a text of more lines is longer than nearly all that the model was trained on */
    MAX_LINES = 300,   /* a text of more lines is left as it is */
    FEW_LINES = 30,    /* 99 of 100 pages that the model was trained on have more */
    OFTEN_REPEATED = 3 /* a text that the page has so many times is rarely the article's */
};
/* Probabilities from which lines belong to the article. */
static const double LIKELY = 0.45, CERTAIN = 0.65, /* of lines that the contest did not take for a reason */
    POSSIBLE = 0.1;                                /* of lines that it took in a very long text */

/* Returns true if the text has a letter, a digit or a symbol that is not ASCII. */
static bool says_something(struct span text) {
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        at += text_next(text, at, &rune);
        if (rune_is_word(rune) || (rune >= 0x80 && rune_is_sign(rune))) return true;
    }
    return false;
}

static bool is_doubtful(const struct line_survey *survey, size_t line) {
    const struct line_evidence *evidence = survey->evidence;
    if (evidence->kinds[line]) return false;
    return evidence->refusals[line] != REFUSED_NOT || survey->repeats[line] >= OFTEN_REPEATED;
}

static bool is_text(unsigned char kind) {
    return kind && kind != 1 + BLOCK_CAPTION;
}

static size_t count_text(const struct line_evidence *evidence) {
    size_t count = 0;
    for (size_t i = 0; i < evidence->page->line_count; i++) count += is_text(evidence->kinds[i]);
    return count;
}

static bool is_wanted(const struct line_model *model, const struct line_survey *survey, size_t line, bool long_text) {
    float row[LINE_FEATURES];
    if (!says_something(survey->page->lines[line].text) || !line_features_read(survey, line, row)) return false;
    double least = is_doubtful(survey, line)                             ? CERTAIN
                   : long_text && is_text(survey->evidence->kinds[line]) ? POSSIBLE
                                                                         : LIKELY;
    return line_model_judge(model, row) >= least;
}

const bool *line_choice_make(const struct line_model *model, const struct line_evidence *evidence) {
    const struct page *page = evidence->page;
    size_t text = count_text(evidence);
    if (page->line_count < FEW_LINES || text > MAX_LINES) return NULL;
    const struct line_survey *survey = line_features_survey(evidence);
    bool *wanted = arena_take(page->arena, page->line_count + 1);
    for (size_t i = 0; i < page->line_count; i++) wanted[i] = is_wanted(model, survey, i, text > MANY_LINES);
    return wanted;
}
