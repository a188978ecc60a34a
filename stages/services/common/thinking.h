/* Removes a model's thinking, and the control markers of its chat template, from an answer. The markers are listed in
 * services/answers.tsv. */
#ifndef STAGES_SERVICES_COMMON_THINKING_H
#define STAGES_SERVICES_COMMON_THINKING_H

#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"
#include "stages/services/service.h"

#define THINKING_NOTE "the model returned its thinking instead of an answer"

struct visible {
    struct span text; /* the answer without thinking and its markers, in the arena */
    bool thought;     /* thinking was found and removed */
    bool open;        /* the answer ended within thinking, so something may be missing */
};

/* Removes the model's thinking and the markers around it. If a closing marker has no opening marker, everything before
 * it is removed as well. Markers inside a JSON value are kept. Markers that one of the `sources` also contains are kept
 * too, unless the answer begins with the marker and no source does. Markers may be escaped ("&lt;think&gt;"). */
struct visible thinking_remove(const struct table *words, struct span answer, const struct span *sources,
                               size_t source_count, struct arena *arena);
/* Removes thinking and its markers from the answers of any service, because any service may use a language model. An
 * answer that ends within thinking, or consists only of thinking, gets VERDICT_RETRY. Markers that are ordinary words
 * are kept here, because a text may contain them. */
void thinking_clean(const struct table *words, const struct batch *batch, struct answer *answers, size_t count,
                    struct arena *arena);
/* Returns the length of the JSON object or array at `at`, or 0 if there is none. Only matches brackets and skips
 * strings, so the result may be invalid JSON. */
size_t thinking_json_extent(struct span text, size_t at);

#endif
