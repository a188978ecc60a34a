#include "stages/summarize/doubts.h"

#include "stages/check/checker.h"

/* Returns the doubt about the first doubtful segment on which the sentence is based. One doubtful segment is enough,
 * because the sentence may repeat exactly the part that is wrong. */
static struct span doubt_of(const struct article *article, const struct summary_sentence *sentence) {
    for (size_t i = 0; i < sentence->rests_on_count; i++) {
        const struct segment *segment = article_segment(article, sentence->rests_on[i]);
        struct span doubt = segment ? checker_doubt(segment) : SPAN("");
        if (doubt.length) return doubt;
    }
    return SPAN("");
}

void summary_mark_doubts(struct article *article) {
    article->title_doubt = checker_doubt(&article->title);
    for (size_t i = 0; i < article->summary.count; i++)
        article->summary.sentences[i].doubt = doubt_of(article, &article->summary.sentences[i]);
}
