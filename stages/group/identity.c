#include "stages/group/identity.h"

#include <stdlib.h>

#include "pipeline/base/hash_table.h"

/* How many articles of the kept story with the index `old` are now in the story `label`. */
struct part {
    size_t old, count;
    uint32_t label;
};

struct identities {
    struct edition *edition;
    struct arena *arena;
    struct hash_table kept;  /* the stories that were kept, by id */
    struct hash_table taken; /* ids that no new story may have; the values mean nothing */
    struct span *id_of;      /* for each label: the id of its story; empty = not given yet */
    struct part *largest;    /* for each kept story: its largest part; `count` is 0 if nothing is left of it */
    struct part *best;       /* for each label: the part whose id it keeps; `count` is 0 if there is none */
};

/* ---------------------------------------------------------------- parts of the stories that were kept */

static int by_old(const void *left, const void *right) {
    const struct part *a = left, *b = right;
    if (a->old != b->old) return a->old < b->old ? -1 : 1;
    return a->label < b->label ? -1 : a->label > b->label;
}

/* Lists for each article that was in a kept story that story and the present one. Returns the number of articles. */
static size_t list_articles(struct identities *identities, const uint32_t *labels, struct part *parts) {
    const struct kept_stories *kept = &identities->edition->kept;
    struct hash_table members = HASH_TABLE(identities->arena);
    size_t count = 0;
    for (size_t i = 0; i < kept->member_count; i++)
        hash_table_set(&members, span_of(kept->members[i].article), &kept->members[i]);
    for (size_t i = 0; i < identities->edition->count; i++) {
        const struct kept_member *member = hash_table_find(&members, span_of(identities->edition->articles[i]->id));
        const struct kept_story *story = member ? hash_table_find(&identities->kept, span_of(member->story)) : NULL;
        if (story)
            parts[count++] = (struct part){.old = (size_t)(story - kept->stories), .count = 1, .label = labels[i]};
    }
    return count;
}

/* Adds up the articles of each part. Returns the number of parts. */
static size_t join_parts(struct part *parts, size_t count) {
    size_t kept = 0;
    if (count) qsort(parts, count, sizeof *parts, by_old);
    for (size_t i = 0; i < count; i++)
        if (kept && by_old(&parts[kept - 1], &parts[i]) == 0)
            parts[kept - 1].count++;
        else
            parts[kept++] = parts[i];
    return kept;
}

/* The parts are sorted, so of two that are equally large the first one wins: the one that comes first in the edition,
 * or the older id. */
static void choose_ids(struct identities *identities, const struct part *parts, size_t count) {
    const struct kept_stories *kept = &identities->edition->kept;
    for (size_t i = 0; i < count; i++)
        if (parts[i].count > identities->largest[parts[i].old].count) identities->largest[parts[i].old] = parts[i];
    for (size_t i = 0; i < kept->count; i++) {
        const struct part *part = &identities->largest[i];
        if (part->count > identities->best[part->label].count) identities->best[part->label] = *part;
    }
    for (size_t i = 0; i < kept->count; i++)
        if (identities->largest[i].count && identities->best[identities->largest[i].label].old == i)
            identities->id_of[identities->largest[i].label] = span_of(kept->stories[i].id);
}

static void keep_ids(struct identities *identities, const uint32_t *labels) {
    struct part *parts = arena_take(identities->arena, (identities->edition->count + 1) * sizeof *parts);
    size_t count = join_parts(parts, list_articles(identities, labels, parts));
    choose_ids(identities, parts, count);
}

/* ---------------------------------------------------------------- new stories */

/* Every article of a new story may be one whose id a former story still has, if that fell apart; then an id is made. */
static struct span make_id(struct identities *identities, const struct article *article) {
    for (unsigned i = 2;; i++) {
        char id[33];
        article_id(arena_print(identities->arena, "story %u of %s", i, article->id), id);
        if (!hash_table_find(&identities->taken, span_of(id))) return arena_copy(identities->arena, span_of(id));
    }
}

/* Gives the label the id of the article, unless that is taken. With `any`, makes another id then. */
static void give_id(struct identities *identities, const struct article *article, uint32_t label, bool any) {
    struct span id = span_of(article->id);
    if (identities->id_of[label].length) return;
    if (hash_table_find(&identities->taken, id)) {
        if (!any) return;
        id = make_id(identities, article);
    }
    identities->id_of[label] = id;
    hash_table_set(&identities->taken, id, identities);
}

static void give_ids(struct identities *identities, const uint32_t *labels) {
    for (int any = 0; any < 2; any++)
        for (size_t i = 0; i < identities->edition->count; i++)
            give_id(identities, identities->edition->articles[i], labels[i], any != 0);
}

/* ---------------------------------------------------------------- forwards */

/* Returns the story into which a kept story has gone, or an empty span if nothing of it is left. */
static struct span find_heir(const struct identities *identities, struct span id) {
    const struct kept_story *story = hash_table_find(&identities->kept, id);
    if (!story) return (struct span){0};
    const struct part *largest = &identities->largest[story - identities->edition->kept.stories];
    return largest->count ? identities->id_of[largest->label] : (struct span){0};
}

static void add_forward(struct edition *edition, struct span from, struct span to) {
    if (!to.length || span_equal(from, to)) return;
    edition->forwards[edition->forward_count++] =
        (struct edition_forward){arena_copy(edition->arena, from), arena_copy(edition->arena, to)};
}

/* A forward to a story that has been merged since leads to the story it has become part of. */
static void make_forwards(const struct identities *identities) {
    struct edition *edition = identities->edition;
    const struct kept_stories *kept = &edition->kept;
    edition->forwards = arena_take(edition->arena, (kept->count + kept->forward_count + 1) * sizeof *edition->forwards);
    for (size_t i = 0; i < kept->forward_count; i++)
        add_forward(edition, span_of(kept->forwards[i].from), find_heir(identities, span_of(kept->forwards[i].to)));
    for (size_t i = 0; i < kept->count; i++)
        add_forward(edition, span_of(kept->stories[i].id), find_heir(identities, span_of(kept->stories[i].id)));
}

void identity_assign(struct edition *edition, const uint32_t *labels) {
    struct arena *arena = arena_new();
    const struct kept_stories *kept = &edition->kept;
    struct identities identities = {.edition = edition,
                                    .arena = arena,
                                    .kept = HASH_TABLE(arena),
                                    .taken = HASH_TABLE(arena),
                                    .id_of = arena_take(arena, (edition->count + 1) * sizeof(struct span)),
                                    .largest = arena_take(arena, (kept->count + 1) * sizeof(struct part)),
                                    .best = arena_take(arena, (edition->count + 1) * sizeof(struct part))};
    for (size_t i = 0; i < kept->count; i++) {
        hash_table_set(&identities.kept, span_of(kept->stories[i].id), &kept->stories[i]);
        hash_table_set(&identities.taken, span_of(kept->stories[i].id), &identities);
    }
    for (size_t i = 0; i < kept->forward_count; i++)
        hash_table_set(&identities.taken, span_of(kept->forwards[i].from), &identities);
    keep_ids(&identities, labels);
    give_ids(&identities, labels);
    for (size_t i = 0; i < edition->count; i++)
        edition->articles[i]->story = arena_copy(edition->articles[i]->arena, identities.id_of[labels[i]]);
    edition_list_stories(edition);
    make_forwards(&identities);
    arena_free(arena);
}
