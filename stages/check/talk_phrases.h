/* The phrases of config/tables/check/talk.tsv, by which a text shows that it comes from the machine and not from the
 * article. All are looked for in one pass over the text. */
#ifndef STAGES_CHECK_TALK_PHRASES_H
#define STAGES_CHECK_TALK_PHRASES_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* The kinds of the table, which explains them. */
enum talk_kind { TALK_JOB, TALK_TALK, TALK_LEAK, TALK_KINDS };

struct talk_phrases;

/* Reads the table into the arena; it is const afterwards. Fails if it cannot be read or has a phrase of less than three
 * letters. */
bool talk_phrases_read(const char *data_folder, struct arena *arena, struct talk_phrases **ret_phrases,
                       struct failure *ret_failure);
/* Sets ret_first to the first phrase of each kind, in the order of the table, that the text has and the source has not.
 * It is empty where there is none. The case of ASCII letters in the text is ignored. The phrases belong to the table.
 * Takes linear time. */
void talk_phrases_find(const struct talk_phrases *phrases, struct span text, struct span source,
                       struct span ret_first[TALK_KINDS]);

#endif
