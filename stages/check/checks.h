/* The checks: one table entry each. Pure, linear in the size of the texts. */
#ifndef STAGES_CHECK_CHECKS_H
#define STAGES_CHECK_CHECKS_H

#include "pipeline/article/article.h"
#include "pipeline/base/table.h"
#include "stages/check/checker.h"
#include "stages/check/english.h"
#include "stages/check/quantities.h"
#include "stages/check/sentences.h"
#include "stages/check/sounds.h"
#include "stages/language/model.h"
#include "stages/language/unicode.h"

/* What a check looks at. */
struct pair {
    struct span source, target;
    unsigned unknown_words; /* that the engine marked */
    const struct checker_question *question;
    const struct word_tables *word_tables;
    const struct marks *marks;
    struct reading source_reading, target_reading;
    struct quantities source_numbers, target_numbers;
    const struct length_rule *length_rule;
    double expected_length, target_length; /* characters of English */
    struct sentences source_sentences, target_sentences;
    const struct model *model;
    int model_english, model_source; /* both languages in the model; -1 when it does not know the source's */
    const struct english *english, *english_names;
    const struct sounds *sounds;
    const struct table *phrases, *talk; /* services/refusals.tsv, check/talk.tsv */
};

struct check {
    const char *name;
    enum severity severity;
    bool changes_meaning; /* a reader who trusts the English is told something else than the source says */
    /* Whether there is something to tell, and what, as a sentence for the reader. */
    bool (*finds)(const struct pair *pair, struct buffer *message);
};

extern const struct check checks[]; /* ended by an entry without name */

/* numbers.c: numbers of both sides as sets of possible values, see quantities.h. */
bool check_numbers(const struct pair *pair, struct buffer *message);
/* omissions.c: what is missing, what has been added. */
bool check_truncated(const struct pair *pair, struct buffer *message);
bool check_added(const struct pair *pair, struct buffer *message);
/* measures.c: dollars that became euros, kilometres that became miles. */
bool check_currencies(const struct pair *pair, struct buffer *message);
bool check_units(const struct pair *pair, struct buffer *message);
/* marks.c: signs and capitals. */
bool check_question(const struct pair *pair, struct buffer *message);
bool check_capitals(const struct pair *pair, struct buffer *message);
bool check_marks(const struct pair *pair, struct buffer *message);
/* names.c: names that the source does not have. */
bool check_names(const struct pair *pair, struct buffer *message);
/* negations.c: a negation added. */
bool check_negations(const struct pair *pair, struct buffer *message);
/* untranslated.c: words left as they were. */
bool check_untranslated(const struct pair *pair, struct buffer *message);
/* repetition.c: a word or a phrase twice in a row; the same words over and over. */
bool check_repeated(const struct pair *pair, struct buffer *message);
bool check_loop(const struct pair *pair, struct buffer *message);
/* talk.c: a machine's own talk. */
bool check_refusal(const struct pair *pair, struct buffer *message);
bool check_talk(const struct pair *pair, struct buffer *message);
/* links.c: addresses lost or invented. */
bool check_links(const struct pair *pair, struct buffer *message);
/* dates.c: months and weekdays. */
bool check_dates(const struct pair *pair, struct buffer *message);
/* glossary.c: the terms that the question came with. */
bool check_glossary(const struct pair *pair, struct buffer *message);

#endif
