/* The day as all formats show it: its stories with their articles, and what is known about the whole. Computed once,
 * from the edition; the formats only print it. */
#ifndef STAGES_DIGEST_DAY_H
#define STAGES_DIGEST_DAY_H

#include "pipeline/base/hash_table.h"
#include "pipeline/base/table.h"
#include "pipeline/engine/edition.h"
#include "stages/check/sounds.h"
#include "stages/check/word_tables.h"
#include "stages/digest/times.h"
#include "stages/digest/watch.h"

struct flags {
    size_t suspect, failed;
};

/* One article of a story. */
struct take {
    struct article *article;
    struct when when;
    struct flags flags;
    size_t grave;     /* number of sentences that failed or of which the meaning may have changed */
    size_t letters;   /* bytes of source text */
    uint64_t watched; /* see watches_match() */
    bool is_new;      /* since the morning */
    bool is_latest;   /* since the run before the last one that brought news */
};

/* A story: the articles about one event. */
struct entry {
    struct span id;
    const struct edition_story *story; /* related stories and the story of the day before; may be NULL */
    /* The first one is the lead: the one with the fewest findings that change the meaning, then the earliest, then the
     * longest. The others follow, the newest first. */
    struct take *takes;
    size_t count;
    size_t outlets; /* number of different publishers, without copies of others' text */
    size_t new_count;
    struct span *languages; /* codes of its languages, in the order of the alphabet */
    size_t language_count;
    struct flags flags;
    uint64_t watched;
    bool is_latest;
    long weight;
    struct when newest; /* of its articles */
};

/* What is needed to read the English of articles. */
struct english_tables {
    const struct word_tables *words;
    const struct sounds *sounds;
    const struct table *counted; /* digest/counted.tsv */
};

struct language_count {
    struct span code, name;
    size_t count;
};

struct story_figures;

struct day {
    struct arena *arena;
    const struct edition *edition;
    const struct table *languages; /* columns: code, English name */
    const struct watches *watches;
    const struct english_tables *english; /* set by the caller; NULL = figures and names are left out */
    size_t watch_count[MAX_WATCHES], watch_new[MAX_WATCHES]; /* number of stories */
    struct entry *entries;                                   /* the heaviest first, then the newest */
    size_t count;
    struct hash_table by_id; /* entries */
    /* What the articles of each entry count (figures.c), read when it is first asked for, because several formats show
     * it. In the order of `entries`; NULL = not read yet. */
    const struct story_figures **figures;
    /* The entries shown in full: those with several articles or on the watch-list, and the heaviest others if these are
     * few. The others are single reports, the newest first. */
    const struct entry **stories, **singles;
    size_t story_count, single_count;
    size_t article_count, new_count, latest_count; /* the last two count stories */
    size_t check_count;                            /* number of stories with doubts */
    struct flags flags;
    int64_t as_of;                          /* when the newest article was collected; 0 if there is none */
    int64_t morning;                        /* what was collected since then is new; 0 = nothing is marked */
    int64_t last;                           /* what was collected after this came with the last run; 0 = not known */
    struct language_count *language_counts; /* the most frequent first */
    size_t language_count;
    size_t hours[24]; /* number of articles published in each hour of the day, local time */
};

/* Computes the day. `checks` is the table digest/findings.tsv; `morning` counts minutes after midnight. Everything is
 * allocated in the edition's arena. */
struct day *day_new(struct edition *edition, const struct table *languages, const struct table *checks,
                    const struct watches *watches, int morning);
/* Returns the entry of a story; NULL if the day has none. */
const struct entry *day_find_entry(const struct day *day, struct span id);
/* Returns whether the story is new since the morning, rather than only some of its articles. */
bool entry_is_new(const struct entry *entry);
/* Counts the suspect and the failed segments of an article. A segment whose findings are all notes is not suspect. */
struct flags article_flags(const struct article *article);

#endif
