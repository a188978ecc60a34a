#include "pipeline/store/fingerprints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

enum { MIN_SLOTS = 1024, MAX_SHARERS = 50 /* per fingerprint */ };

struct slot {
    uint32_t tag;     /* the part of the fingerprint that is kept */
    uint32_t article; /* index of the article plus 1; 0 = free */
};

struct known {
    char id[33], day[11];
    size_t count;
    bool replaced; /* there is a newer version of the same article */
};

struct fingerprints {
    struct slot *slots;
    size_t slot_count, used; /* slot_count is a power of two */
    struct known *articles;
    size_t article_count, article_capacity;
};

struct fingerprints *fingerprints_new(void) {
    struct fingerprints *fingerprints = memory_take(sizeof *fingerprints);
    fingerprints->slot_count = MIN_SLOTS;
    fingerprints->slots = memory_take(MIN_SLOTS * sizeof *fingerprints->slots);
    return fingerprints;
}

void fingerprints_free(struct fingerprints *fingerprints) {
    if (!fingerprints) return;
    free(fingerprints->slots);
    free(fingerprints->articles);
    free(fingerprints);
}

/* The hashes come from text that an outsider writes, so mix them before they select a slot. */
static uint64_t mix(uint64_t hash) {
    hash ^= hash >> 32;
    hash *= 0xD6E8FEB86659FD93u;
    return hash ^ hash >> 32;
}

/* Returns the 32 bits of a fingerprint that the index keeps. */
static uint32_t tag_of(uint64_t mixed) {
    return (uint32_t)(mixed >> 32);
}

/* Inserts a slot, unless MAX_SHARERS entries have the same tag already. Lookups stop at that number, and walking past
 * all entries would make each insertion slower than the last. */
static void put(struct slot *slots, size_t slot_count, size_t at, struct slot slot) {
    size_t sharers = 0;
    at &= slot_count - 1;
    for (; slots[at].article && sharers < MAX_SHARERS; at = (at + 1) & (slot_count - 1))
        sharers += slots[at].tag == slot.tag;
    if (sharers < MAX_SHARERS) slots[at] = slot;
}

/* The position depends only on the tag, so that the table can grow without the full hashes. */
static size_t position_of(uint32_t tag) {
    return (size_t)(tag * 0x9E3779B97F4A7C15u >> 24);
}

/* Doubles the table and inserts all entries again. */
static void grow(struct fingerprints *fingerprints) {
    size_t slot_count = fingerprints->slot_count * 2;
    struct slot *slots = memory_take(slot_count * sizeof *slots);
    for (size_t i = 0; i < fingerprints->slot_count; i++)
        if (fingerprints->slots[i].article)
            put(slots, slot_count, position_of(fingerprints->slots[i].tag), fingerprints->slots[i]);
    free(fingerprints->slots);
    fingerprints->slots = slots;
    fingerprints->slot_count = slot_count;
}

/* The id is stored like a fingerprint, so that an earlier version of an article is found without a search. */
static uint64_t id_hash(const char *id) {
    return span_hash(span_of(id));
}

/* Marks earlier versions of the article, so that they no longer match. */
static void mark_replaced(struct fingerprints *fingerprints, const char *id) {
    uint32_t tag = tag_of(mix(id_hash(id)));
    for (size_t at = position_of(tag) & (fingerprints->slot_count - 1); fingerprints->slots[at].article;
         at = (at + 1) & (fingerprints->slot_count - 1)) {
        struct known *known = &fingerprints->articles[fingerprints->slots[at].article - 1];
        if (fingerprints->slots[at].tag == tag && strcmp(known->id, id) == 0) known->replaced = true;
    }
}

/* Adds a fingerprint of the article that was added last. */
static void add_one(struct fingerprints *fingerprints, uint64_t hash) {
    /* Grow at two thirds full, which keeps probe sequences short. */
    if (++fingerprints->used * 3 > fingerprints->slot_count * 2) grow(fingerprints);
    uint32_t tag = tag_of(mix(hash));
    put(fingerprints->slots, fingerprints->slot_count, position_of(tag),
        (struct slot){tag, (uint32_t)fingerprints->article_count});
}

void fingerprints_add(struct fingerprints *fingerprints, const char *id, const char *day, const uint64_t *hashes,
                      size_t count) {
    mark_replaced(fingerprints, id);
    if (fingerprints->article_count == fingerprints->article_capacity) {
        fingerprints->article_capacity = fingerprints->article_capacity ? fingerprints->article_capacity * 2 : 64;
        fingerprints->articles =
            memory_resize(fingerprints->articles, fingerprints->article_capacity * sizeof *fingerprints->articles);
    }
    struct known *known = &fingerprints->articles[fingerprints->article_count++];
    *known = (struct known){.count = count};
    snprintf(known->id, sizeof known->id, "%s", id);
    snprintf(known->day, sizeof known->day, "%s", day);
    add_one(fingerprints, id_hash(id));
    for (size_t i = 0; i < count; i++) add_one(fingerprints, hashes[i]);
}

/* ---------------------------------------------------------------- looking up */

/* Increments `shared` for each article that has this fingerprint, and adds those seen for the first time to `seen`.
 * Returns the new number of articles in `seen`. */
static size_t look_up(const struct fingerprints *fingerprints, const char *since, uint64_t hash, uint32_t *shared,
                      uint32_t *seen, size_t seen_count) {
    uint32_t tag = tag_of(mix(hash));
    size_t sharers = 0;
    for (size_t at = position_of(tag) & (fingerprints->slot_count - 1);
         fingerprints->slots[at].article && sharers < MAX_SHARERS; at = (at + 1) & (fingerprints->slot_count - 1)) {
        uint32_t number = fingerprints->slots[at].article - 1;
        const struct known *known = &fingerprints->articles[number];
        if (fingerprints->slots[at].tag != tag) continue;
        sharers++;
        /* Entries are never removed from the table, since that would break probe sequences; they are skipped here. */
        if (known->replaced || strcmp(known->day, since) < 0) continue;
        if (shared[number]++ == 0) seen[seen_count++] = number;
    }
    return seen_count;
}

/* Most shared fingerprints first; equal ones by id, so that the result does not depend on the order in the table. */
static int by_shared(const void *a, const void *b) {
    const struct fingerprint_match *left = a, *right = b;
    if (left->shared != right->shared) return left->shared < right->shared ? 1 : -1;
    return strcmp(left->id, right->id);
}

size_t fingerprints_match(const struct fingerprints *fingerprints, const char *since, const uint64_t *hashes,
                          size_t count, struct fingerprint_match *ret_matches, size_t room) {
    /* One counter per article; `seen` lists the articles that share anything, so that only these are sorted. */
    uint32_t *shared = memory_take(fingerprints->article_count * sizeof *shared);
    uint32_t *seen = memory_take(fingerprints->article_count * sizeof *seen);
    size_t seen_count = 0;
    for (size_t i = 0; i < count; i++) seen_count = look_up(fingerprints, since, hashes[i], shared, seen, seen_count);
    struct fingerprint_match *matches = memory_take(seen_count * sizeof *matches);
    for (size_t i = 0; i < seen_count; i++) {
        const struct known *known = &fingerprints->articles[seen[i]];
        matches[i] = (struct fingerprint_match){.shared = shared[seen[i]], .count = known->count};
        memcpy(matches[i].id, known->id, sizeof known->id);
    }
    qsort(matches, seen_count, sizeof *matches, by_shared);
    size_t found = seen_count < room ? seen_count : room;
    if (found) memcpy(ret_matches, matches, found * sizeof *matches);
    free(matches);
    free(seen);
    free(shared);
    return found;
}
