/* Judges one segment: runs every check in stages/check on a pair of source and target, and derives the verdict.
 *
 * A checker is created once per run from the data folder and is const afterwards, so any number of threads may use it
 * at the same time, each on its own article. Judging is a pure function of the pair, its language and its glossary
 * terms: it does no I/O, keeps no state, and takes time linear in the size of the texts. Only the first 64 KiB of each
 * text is read.
 *
 * The rule for the verdict (defined only here; docs/checks.md explains it to users) is that the worst finding decides:
 * an ERROR makes the segment FAILED, a WARNING makes it SUSPECT, and NOTEs leave it OK. */
#ifndef STAGES_CHECK_CHECKER_H
#define STAGES_CHECK_CHECKER_H

#include "pipeline/article/article.h"
#include "pipeline/base/failure.h"
#include "pipeline/engine/resources.h"
#include "stages/language/termbase.h"

struct checker;

/* A term of the user's glossary that occurs in the segment's source. The English must contain its translation.
 * Inflected forms of the translation also count ("minister" matches "ministers" and "minister's"), and letter case is
 * ignored. */
struct checker_term {
    struct span source, target;
};

struct checker_question {
    /* Language of the source: a BCP 47 code as in config/tables/names.tsv; "" or NULL if unknown. */
    const char *language;
    bool heading; /* the segment is a title or a heading, not a sentence */
    const struct checker_term *terms;
    size_t term_count;
};

/* Finds the glossary terms that occur in a source text, for use in a struct checker_question. Lists each term once and
 * returns the number of terms. */
size_t checker_terms(const struct termbase *termbase, const char *language, struct span source,
                     struct checker_term ret_terms[TERM_MATCHES]);

/* The verdict on a segment, derived from all its findings. Of two translations of the same source, the one with the
 * lower score is better. */
struct checker_verdict {
    enum segment_status status; /* OK, SUSPECT or FAILED */
    enum severity worst;        /* NOTE if there are no findings */
    unsigned score;             /* sum over the findings: note 1, warning 10, error 1000 */
};

extern const struct resource checker_resource; /* the run's checker; borrow it through pipeline/engine/resources.h */

/* Judges segment->target as a translation of segment->source. Replaces the findings of earlier judgements, keeps those
 * of other stages, and sets segment->status by the rule above. The findings are allocated in the article's arena. A
 * segment with an empty source is OK. A segment that has FAILED and has no target is left unchanged, and its verdict is
 * FAILED. */
struct checker_verdict checker_judge(const struct checker *checker, struct article *article, struct segment *segment,
                                     const struct checker_question *question);

/* Returns whether a reader may be shown a sentence that a model wrote about the cited English sentences: it is English,
 * no refusal, remark, repetition or part of a prompt, and has no address, markup or invisible character that they lack.
 * If not, appends the reason to *why. Whether it says what they say is not judged. */
bool checker_allows(const struct checker *checker, struct span cited, struct span sentence, struct buffer *why);

/* Fills in the evidence on which the checks of meaning are based, for tools/meaning_evidence.c. */
struct meaning_evidence;
void checker_evidence(const struct checker *checker, const struct segment *segment,
                      const struct checker_question *question, struct meaning_evidence *ret_evidence);

/* Sets the status of a segment that has been judged before (segment->judged) from its existing findings, without
 * running the checks again. */
struct checker_verdict checker_confirm(struct segment *segment);

/* Adds a finding of a check that looks at the whole article (those in checks.h without a function), and removes such
 * findings. Both set the segment's status by the rule above. */
void checker_add(struct article *article, struct segment *segment, const char *name, struct span message);
void checker_forget(struct segment *segment, const char *name);

/* Returns the English name of the language with this code, for messages. */
struct span checker_language_name(const struct checker *checker, const char *code);

/* Returns whether a finding of this check means that the English says something different from the source (see
 * `changes_meaning` in checks.h). The check is given by name so that this also works for records read back from disk.
 * Returns false for unknown names. */
bool checker_changes_meaning(const char *name);

/* Returns why the English of a suspect segment may say something different from its source: the message of the first
 * finding that changes the meaning. Returns an empty span if there is none. The message belongs to the segment. */
struct span checker_doubt(const struct segment *segment);

/* Returns the message to show wherever the English of a suspect segment is shown: its doubt or, if the meaning is not
 * in doubt, the message of another finding ("'kraj' was left untranslated"). Empty if the segment is not suspect. */
struct span checker_warning(const struct segment *segment);

#endif
