/* What of an article still has to be translated: segments in lanes, one lane for each language and place in its route,
 * each lane in reading order. A segment that one service could not translate moves to the lane of the next. Every
 * segment is looked at once a request or less, so an article costs time in proportion to its size. Everything belongs
 * to the article's arena. */
#ifndef STAGES_TRANSLATE_QUEUE_H
#define STAGES_TRANSLATE_QUEUE_H

#include <sys/queue.h>

#include "pipeline/article/article.h"
#include "stages/language/termbase.h"
#include "stages/services/service_list.h"

/* An answer that may become the segment's. */
struct candidate {
    struct span target;
    unsigned unknown_words;
    int translated_by; /* index into article.providers */
    bool from_memory;
    struct span objection;          /* as of its unit */
    unsigned place;                 /* in the route, of the service that gave it */
    unsigned score;                 /* the checks': less is better */
    bool worthless;                 /* the checks rejected it */
    const struct finding *findings; /* theirs too */
    size_t finding_count;
};

struct lane;

struct pending {
    struct segment *segment; /* its `tried` is the place in the route */
    struct block *block;     /* NULL: the title */
    const char *language;
    bool alone;                /* asked for in a request of its own: an answer for several came back mixed up */
    bool single;               /* a unit of its own: its paragraph was too long for a service */
    bool plain;                /* asked for without placeholders: an answer had lost one */
    struct candidate *kept;    /* the best answer so far that the checks did not like, or NULL */
    const struct lane *empty;  /* whose service gave nothing for it, as the last one that answered; or NULL */
    bool outage;               /* a service that offers the language cannot be had for the moment */
    const struct failure *why; /* the last service's reason for not translating it, or NULL */
    struct pending *next;
};

struct lane {
    const char *language;
    unsigned place;
    struct route route;
    const struct configured_service *configured_service; /* NULL: past the route's last service */
    struct span model, prompt;
    bool dry_run; /* in a dry run: something of it stands in the plan */
    struct pending *first, **last;
    STAILQ_ENTRY(lane) next;
};

struct queue {
    struct arena *arena;
    const struct service_list *service_list;
    const struct termbase *termbase;
    struct span source, section; /* of the article: with the language they choose the route */
    STAILQ_HEAD(, lane) lanes;
};

/* Consecutive segments of a block that are sent as one text. */
struct unit {
    struct pending *first, *last;
    size_t count;
    struct span text;         /* source, from the first segment to the last */
    struct term_match *terms; /* of the glossary, in the text */
    size_t term_count;
    struct span objection; /* what speaks against its English beside the checks; or empty */
};

/* Puts every segment that is new and has letters into its lane; what has none is its own translation. */
void queue_fill(struct queue *queue, const struct service_list *service_list, const struct termbase *termbase,
                struct article *article);
/* Appends to the lane that segment.tried says. */
void queue_put(struct queue *queue, struct pending *pending);
/* The unit that begins at `first`: one segment, or, for a service that takes paragraphs, as much of the block as lies
 * together in the lane, up to the service's limits. */
struct unit unit_form(const struct queue *queue, const struct lane *lane, struct pending *first);
/* Whether the route goes on behind the lane's service. */
bool lane_has_next(const struct queue *queue, const struct lane *lane);
/* Takes a unit out; *link points at its first segment. */
void lane_cut(struct lane *lane, struct pending **link, const struct unit *unit);
/* Puts it in front of the lane it came from. */
void lane_put_back(struct lane *lane, const struct unit *unit);
/* The source of consecutive segments as it stands in the block (NULL for the title, which is one segment). */
struct span source_of_run(const struct block *block, const struct segment *first, const struct segment *last,
                          struct arena *arena);
/* Words as people count them; scripts without spaces by their characters. */
size_t queue_count_words(struct span text);

#endif
