#include "tools/lexicon/train.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "tools/lexicon/learn.h"
#include "tools/lexicon/write.h"

bool train_lexicon(struct corpus *corpus, size_t budget, struct buffer *ret_file) {
    struct translations *learned = memory_take((corpus->count + 1) * sizeof *learned);
    for (size_t i = 0; i < corpus->count; i++) learn_translations(corpus, corpus->languages[i], &learned[i]);
    bool done = lexicon_write(corpus, learned, budget, ret_file);
    for (size_t i = 0; i < corpus->count; i++) translations_free(&learned[i]);
    free(learned);
    return done;
}
