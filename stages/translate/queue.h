/* The queue of an article's segments that still have to be translated. The queue consists of lanes: one lane for each
 * language and each service in its route (the services to ask, in order of preference). A lane is in reading order. If
 * a service cannot translate a segment, the segment moves to the lane of the next service. Each request visits a
 * segment at most once, so the time is proportional to the size of the article. Everything is allocated in the
 * article's arena. */
#ifndef STAGES_TRANSLATE_QUEUE_H
#define STAGES_TRANSLATE_QUEUE_H

#include <sys/queue.h>

#include "pipeline/article/article.h"
#include "stages/language/termbase.h"
#include "stages/services/service_list.h"

/* A translation that may become the target of a segment. */
struct candidate {
    struct span target;
    unsigned unknown_words;
    int translated_by; /* index into article.providers */
    bool from_memory;
    struct span objection;          /* unit.objection of the unit that was translated */
    unsigned place;                 /* index, in the route, of the service that gave this translation */
    unsigned score;                 /* score given by the checks; lower is better */
    bool worthless;                 /* the checks rejected the translation */
    const struct finding *findings; /* from the checks */
    size_t finding_count;
};

struct lane;

/* A segment that waits for its translation. */
struct pending {
    struct segment *segment; /* segment->tried is the index, in the route, of the service to ask next */
    struct block *block;     /* NULL for the title */
    const char *language;
    bool alone;  /* must be sent alone in a request, because a service mixed it up with other texts */
    bool single; /* must not be joined with other segments, because its paragraph was too long for a service */
    bool plain;  /* must be sent without placeholders, because an earlier answer had lost one */
    struct candidate *kept;    /* best answer so far; the checks found problems in it. NULL if there is none */
    const struct lane *empty;  /* lane of the last service that answered, if the answer contained nothing for this text;
                                  otherwise NULL */
    bool outage;               /* a service that could translate this segment is temporarily unavailable */
    const struct failure *why; /* why the last service did not translate this segment, or NULL */
    struct pending *next;
};

/* The segments in one language that wait for the same service of the route. */
struct lane {
    const char *language;
    unsigned place;
    struct route route;
    const struct configured_service *configured_service; /* NULL if `place` is beyond the last service of the route */
    struct span model, prompt;
    struct store_question *question; /* for the translations of the next units, first for those that people have made of
                                        single sentences (set_apart); NULL = none */
    size_t units_ahead;              /* for how many units the next question asks; 0 = the usual number */
    bool set_apart;                  /* sentences that people have translated are marked as such */
    bool dry_run; /* the plan of the dry run already counts this article for this service and language */
    struct pending *first, **last;
    STAILQ_ENTRY(lane) next;
};

struct queue {
    struct arena *arena;
    const struct service_list *service_list;
    const struct termbase *termbase;
    struct span source, section; /* source and section of the article; the route depends on them and on the language */
    STAILQ_HEAD(, lane) lanes;
};

/* Consecutive segments of a block that are sent as one text: a sentence, or a paragraph if the service takes
 * paragraphs. */
struct unit {
    struct pending *first, *last;
    size_t count;
    struct span text;         /* the source text, from the first segment to the last */
    struct term_match *terms; /* glossary terms found in the text */
    size_t term_count;
    struct span objection; /* says that the translation is canned (canned.h), which no check can notice; or empty */
};

/* Queues every new segment that contains letters and is not in English. The target of all other new segments is a copy
 * of the source. */
void queue_fill(struct queue *queue, const struct service_list *service_list, const struct termbase *termbase,
                struct article *article);
/* Appends the segment to the lane for its language and segment->tried, creating the lane if necessary. */
void queue_put(struct queue *queue, struct pending *pending);
/* Returns the unit that begins at `first`: a single segment or, for a service that takes paragraphs, consecutive
 * segments of the same block, up to the service's limits. */
struct unit unit_form(const struct queue *queue, const struct lane *lane, struct pending *first);
/* Returns whether the route has a service after the service of this lane. */
bool lane_has_next(const struct queue *queue, const struct lane *lane);
/* Removes a unit from its lane; *link must point to its first segment. */
void lane_cut(struct lane *lane, struct pending **link, const struct unit *unit);
/* Puts a unit back at the front of its lane. */
void lane_put_back(struct lane *lane, const struct unit *unit);
/* Returns the source text of consecutive segments as it appears in the block. `block` may be NULL for the title, which
 * has one segment. */
struct span source_of_run(const struct block *block, const struct segment *first, const struct segment *last,
                          struct arena *arena);
/* Counts words. In scripts without spaces, two characters count as a word. */
size_t queue_count_words(struct span text);

#endif
