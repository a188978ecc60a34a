/* Decides which sentences of a translated article are suitable for a summary. A table contains phrases that occur in
 * sentences that are not part of the story (tables/summarize/unfit.tsv). The sources are compared with the phrases that
 * the extract stage knows (tables/extract/phrases.tsv). */
#ifndef STAGES_SUMMARIZE_FITNESS_H
#define STAGES_SUMMARIZE_FITNESS_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "stages/language/marks.h"

struct fitness; /* does not change after fitness_open(), so threads can share it */

enum fit {
    FIT_NEVER,  /* not a statement of the story */
    FIT_POORLY, /* for an article that has nothing better: a fragment, such as a line without a final full stop */
    FIT_WELL
};

/* `marks` must outlive the result. NULL on failure. */
struct fitness *fitness_open(const char *data_folder, const struct marks *marks, struct failure *ret_failure);
void fitness_close(struct fitness *fitness); /* accepts NULL */
/* Returns how suitable the sentence is. Captions, credits, by-lines, notices, questions, remarks in brackets and
 * invitations such as "Read more" never are; those that only announce what the page contains ("Below, we look at ...")
 * are poor. `standfirst` says that it is from the introduction below the headline,
 * which often has no full stop. Whether it is a fragment is judged by its form, not its grammar. */
enum fit fitness_of(const struct fitness *fitness, struct span sentence, bool standfirst);
/* Returns whether the sentence ends by announcing the rest of the page: "..., here's all you need to know". */
bool fitness_teases(const struct fitness *fitness, struct span sentence);
bool fitness_is_question(const struct fitness *fitness, struct span sentence);
/* Returns whether the sentence, in its own language, leads to another article ("Lire aussi : ..."), is a by-line or
 * a notice of the site (tables/summarize/notices.tsv). Translators may turn these into something else. */
bool fitness_is_notice(const struct fitness *fitness, struct span source);
/* Returns whether this is a credit in brackets. Then the sentence before it is a caption. */
bool fitness_is_credit(const struct fitness *fitness, struct span sentence);
/* Returns whether the paragraph below this heading repeats what somebody claims, perhaps falsely, as in articles that
 * check claims. */
bool fitness_announces_claim(const struct fitness *fitness, struct span heading);
/* Returns whether most words of the sentence also occur in the other one, so that it adds little. */
bool fitness_repeats(struct span sentence, struct span other);
/* Returns whether the sentence says again what the headline says: all or nearly all of its words occur there. */
bool fitness_repeats_title(struct span sentence, struct span title);
/* Returns whether the sentence reports what the headline reports: most of the headline's words occur in it. */
bool fitness_is_about(struct span sentence, struct span title);

#endif
