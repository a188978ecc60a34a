/* Reports which services translated texts in place of preferred services that had failed. */
#include "pipeline/article/verdict.h"
#include "stages/translate/task.h"

/* Whether the segment was translated in this run, by a service other than the first in its route. */
static bool is_translated_now(const struct segment *segment) {
    return segment->judged && segment->tried > 0 && segment->translated_by >= 0 && segment->target.length &&
           !segment_is_rejected(segment);
}

/* Reports every service that comes before the segment's service in the route. */
static void tell(const struct translator *translator, const struct queue *queue, const char *language,
                 const struct segment *segment, struct span service) {
    struct route route = service_list_route(queue->service_list, language, queue->source, queue->section);
    struct span model;
    for (size_t place = 0; place <= segment->tried; place++) {
        const struct configured_service *missed =
            service_list_pick(queue->service_list, &route, language, SERVICE_TRANSLATES, place, &model);
        if (!missed || span_equal(missed->name, service)) return;
        translator->stood_in(translator->stood_in_context, missed->name, service);
    }
}

void stand_ins_tell(const struct translator *translator, const struct article *article, const struct task *task) {
    if (!translator->stood_in) return;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (is_translated_now(walk.segment))
            tell(translator, &task->queue, segment_walk_language(article, &walk), walk.segment,
                 article->providers[walk.segment->translated_by].service);
}
