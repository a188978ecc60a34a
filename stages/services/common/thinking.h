/* What of a model's answer is meant for the reader: without thinking blocks, and without marks of the template that
 * have leaked. The marks are data (tables/services/answers.tsv). */
#ifndef STAGES_SERVICES_COMMON_THINKING_H
#define STAGES_SERVICES_COMMON_THINKING_H

#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"
#include "stages/services/service.h"

#define THINKING_NOTE "the model was thinking in place of an answer"

struct visible {
    struct span text; /* in the arena */
    bool thought;     /* there was thinking, which has been left out */
    bool open;        /* the answer ended inside a thinking block: something may be missing */
};

/* A closing mark without an opening one drops all that precedes it. Marks inside a JSON text are text; so are those
 * that one of the `sources` has too, unless the answer begins with one and the source does not. Marks may be escaped
 * ("&lt;think&gt;"). */
struct visible thinking_remove(const struct table *words, struct span answer, const struct span *sources,
                               size_t source_count, struct arena *arena);
/* The same for what any service gave, as a model may stand behind it: what ends inside a block, or is nothing else, is
 * no translation (VERDICT_RETRY). Marks that are words are left alone here, as a text may say them. */
void thinking_clean(const struct table *words, const struct batch *batch, struct answer *answers, size_t count,
                    struct arena *arena);
/* The bytes of the JSON object or array at `at` (brackets balanced, strings respected; it may still be malformed); 0
 * when there is none. */
size_t thinking_json_extent(struct span text, size_t at);

#endif
