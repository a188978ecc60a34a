/* The table of checks and the input of a check. A check is a pure function that takes time linear in the size of the
 * texts. */
#ifndef STAGES_CHECK_CHECKS_H
#define STAGES_CHECK_CHECKS_H

#include "pipeline/article/article.h"
#include "pipeline/base/table.h"
#include "stages/check/checker.h"
#include "stages/check/english.h"
#include "stages/check/kept_titles.h"
#include "stages/check/marks_seen.h"
#include "stages/check/meaning.h"
#include "stages/check/opposites.h"
#include "stages/check/quantities.h"
#include "stages/check/sentences.h"
#include "stages/check/sounds.h"
#include "stages/check/talk_phrases.h"
#include "stages/language/chatter.h"
#include "stages/language/figures.h"
#include "stages/language/model.h"
#include "stages/language/names.h"
#include "stages/language/unicode.h"
#include "stages/services/common/recited.h"

/* Everything that a check may look at. All pointers are borrowed. */
struct pair {
    struct span source, target;
    unsigned unknown_words; /* words that the translation engine marked as unknown */
    const struct checker_question *question;
    const struct word_tables *word_tables;
    const struct marks *marks;
    struct marks_seen source_marks, target_marks;
    enum figure_marks figure_marks; /* how the source language writes numbers */
    struct reading source_reading, target_reading;
    struct quantities source_numbers, target_numbers;
    const struct length_rule *length_rule;
    double expected_length, target_length; /* both in characters */
    struct sentences source_sentences, target_sentences;
    const struct model *model;
    /* Indexes of the two languages in the model. model_source is -1 if the model does not know the source language. */
    int model_english, model_source;
    const struct english *english, *english_names, *places;
    const struct sounds *sounds;
    const struct support *support; /* the words of both texts; empty if the lexicon does not know the language */
    struct meaning_verdict meaning;
    struct kept_titles titles;
    enum chatter chatter;          /* what the English begins like */
    const struct table *languages; /* their English names; see names.h */
    const struct opposites *opposites;
    const struct talk_phrases *talk;
    const struct table *loans, *addresses; /* the tables check/loans.tsv and check/addresses.tsv */
    const struct recital *recital;         /* the words of the prompt for language models */
};

struct check {
    const char *name;
    enum severity severity;
    bool changes_meaning;  /* somebody who reads only the English would be misled */
    bool judges_summaries; /* does not compare what is said, and so also judges summaries (checker_allows()) */
    /* Returns whether the check finds a problem. If so, appends a message of one short sentence. NULL if the check
     * compares the segments of an article with each other; the check stage then makes the findings (see reused.h). */
    bool (*finds)(const struct pair *pair, struct buffer *message);
};

extern const struct check checks[]; /* the last entry has no name */

/* numbers.c: compares the numbers in source and English; each number is a set of possible values (see quantities.h). */
bool check_numbers(const struct pair *pair, struct buffer *message);
/* numbers.c, for check_units(): whether the English measure with this unit is one of the source in another unit. */
bool numbers_converted(const struct pair *pair, const struct token *unit);
/* figures.c, for check_numbers(): numbers that the English has from the source unchanged and that read differently in
 * English ("1.234 people" for the Spanish 1.234). */
bool figures_mislead(const struct pair *pair, struct buffer *message);
/* In calendars.c, for check_numbers(): finds a year that was left in the calendar of the source without saying so. */
bool calendars_mislead(const struct pair *pair, struct buffer *message);
/* omissions.c: English that says something else than the source, less, or more. */
bool check_meaning(const struct pair *pair, struct buffer *message);
bool check_truncated(const struct pair *pair, struct buffer *message);
bool check_added(const struct pair *pair, struct buffer *message);
/* measures.c: dollars that became euros, or kilometres that became miles. */
bool check_currencies(const struct pair *pair, struct buffer *message);
bool check_units(const struct pair *pair, struct buffer *message);
/* marks.c: punctuation and capital letters. */
bool check_question(const struct pair *pair, struct buffer *message);
bool check_capitals(const struct pair *pair, struct buffer *message);
bool check_marks(const struct pair *pair, struct buffer *message);
/* names.c: names in the English that do not resemble any word of the source. */
bool check_names(const struct pair *pair, struct buffer *message);
/* negations.c: a negation added or lost. */
bool check_negations(const struct pair *pair, struct buffer *message);
/* Returns whether only one of the two texts has a negation: "not good" may well be "bad". */
bool negation_on_one_side(const struct pair *pair);
/* antonyms.c: a word of which the English says the opposite. */
bool check_antonyms(const struct pair *pair, struct buffer *message);
/* Returns whether the English has a word that is the opposite of one of the source, of which the source has none. */
bool says_opposite(const struct pair *pair);
/* untranslated.c: words left in the source language. */
bool check_untranslated(const struct pair *pair, struct buffer *message);
/* repetition.c: a word or a phrase repeated once, and a few words repeated many times. */
bool check_repeated(const struct pair *pair, struct buffer *message);
bool check_loop(const struct pair *pair, struct buffer *message);
/* gaps.c: a word missing from the English, as in "a visit to the on Monday". */
bool check_gap(const struct pair *pair, struct buffer *message);
/* talk.c: refusals and remarks by the translation service. */
bool check_refusal(const struct pair *pair, struct buffer *message);
bool check_talk(const struct pair *pair, struct buffer *message);
/* links.c: addresses lost or invented. */
bool check_links(const struct pair *pair, struct buffer *message);
/* addresses.c: web addresses without "www" and addresses of streets, invented. */
bool check_addresses(const struct pair *pair, struct buffer *message);
/* markup.c: HTML, Markdown and the like, of which the source has none. */
bool check_markup(const struct pair *pair, struct buffer *message);
/* invisible.c: characters without width and those that change the direction of the text. */
bool check_invisible(const struct pair *pair, struct buffer *message);
/* mixed.c: a part of the English that is in another language. */
bool check_mixed(const struct pair *pair, struct buffer *message);
/* dates.c: months and weekdays that differ. */
bool check_dates(const struct pair *pair, struct buffer *message);
/* glossary.c: glossary terms of the segment that the English does not use. */
bool check_glossary(const struct pair *pair, struct buffer *message);

#endif
