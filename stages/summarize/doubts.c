#include "stages/summarize/doubts.h"

#include "stages/check/checker.h"

typedef struct span warning_of(const struct segment *segment);

static struct span first_of(const struct article *article, const struct summary_sentence *sentence,
                            warning_of *warning) {
    struct span found = SPAN("");
    for (size_t i = 0; i < sentence->rests_on_count && !found.length; i++) {
        const struct segment *segment = article_segment(article, sentence->rests_on[i]);
        if (segment) found = warning(segment);
    }
    return found;
}

/* One suspect segment is enough, because the sentence may repeat exactly the part that is wrong. */
static struct span doubt_of(const struct article *article, const struct summary_sentence *sentence) {
    struct span doubt = first_of(article, sentence, checker_doubt);
    return doubt.length ? doubt : first_of(article, sentence, checker_warning);
}

void summary_mark_doubts(struct article *article) {
    article->title_doubt = checker_warning(&article->title);
    for (size_t i = 0; i < article->summary.count; i++)
        article->summary.sentences[i].doubt = doubt_of(article, &article->summary.sentences[i]);
}
