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

enum { ID_BYTES = 16 };

/* An article, kept small because there may be tens of thousands. */
struct known {
    unsigned char id[ID_BYTES];
    uint32_t day; /* 20260129; 0 = there is a newer version of the same article */
    uint32_t count;
};

struct fingerprints {
    struct slot *slots;
    size_t slot_count, used;
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

/* The position depends only on the tag, so that the table can grow without the full hashes. */
static size_t position_of(uint32_t tag, size_t slot_count) {
    uint32_t spread = (uint32_t)(tag * 0x9E3779B97F4A7C15u >> 32);
    return (size_t)((uint64_t)spread * slot_count >> 32);
}

static size_t next_of(size_t at, size_t slot_count) {
    return at + 1 < slot_count ? at + 1 : 0;
}

/* Inserts a slot, unless MAX_SHARERS entries have the same tag already. Lookups stop at that number, and walking past
 * all entries would make each insertion slower than the last. */
static void put(struct slot *slots, size_t slot_count, struct slot slot) {
    size_t sharers = 0, at = position_of(slot.tag, slot_count);
    for (; slots[at].article && sharers < MAX_SHARERS; at = next_of(at, slot_count))
        sharers += slots[at].tag == slot.tag;
    if (sharers < MAX_SHARERS) slots[at] = slot;
}

/* Enlarges the table by a quarter, because it may be the largest block of a run, and inserts all entries again. */
static void grow(struct fingerprints *fingerprints) {
    size_t slot_count = fingerprints->slot_count + fingerprints->slot_count / 4;
    struct slot *slots = memory_take(slot_count * sizeof *slots);
    for (size_t i = 0; i < fingerprints->slot_count; i++)
        if (fingerprints->slots[i].article) put(slots, slot_count, fingerprints->slots[i]);
    free(fingerprints->slots);
    fingerprints->slots = slots;
    fingerprints->slot_count = slot_count;
}

/* The id is stored like a fingerprint, so that an earlier version of an article is found without a search. */
static uint64_t id_hash(const char *id) {
    return span_hash(span_of(id));
}

/* Of "2026-01-29", the number 20260129; of anything else, a number that is earlier than all days. */
static uint32_t day_number(const char *day) {
    unsigned number = 0;
    for (; *day; day++)
        if (*day >= '0' && *day <= '9') number = number * 10 + (unsigned)(*day - '0');
    return number;
}

/* Packs the 32 hexadecimal digits of an id. */
static void pack_id(const char *id, unsigned char ret_bytes[ID_BYTES]) {
    memset(ret_bytes, 0, ID_BYTES);
    for (size_t i = 0; i < 2 * ID_BYTES && id[i]; i++) {
        unsigned digit = (unsigned)(id[i] <= '9' ? id[i] - '0' : id[i] - 'a' + 10);
        ret_bytes[i / 2] |= (unsigned char)((digit & 15) << (i % 2 ? 0 : 4));
    }
}

static void unpack_id(const unsigned char bytes[ID_BYTES], char ret_id[2 * ID_BYTES + 1]) {
    for (size_t i = 0; i < ID_BYTES; i++) snprintf(ret_id + 2 * i, 3, "%02x", bytes[i]);
}

/* Marks earlier versions of the article, so that they no longer match. */
static void mark_replaced(struct fingerprints *fingerprints, const char *id, const unsigned char packed[ID_BYTES]) {
    uint32_t tag = tag_of(mix(id_hash(id)));
    for (size_t at = position_of(tag, fingerprints->slot_count); fingerprints->slots[at].article;
         at = next_of(at, fingerprints->slot_count)) {
        struct known *known = &fingerprints->articles[fingerprints->slots[at].article - 1];
        if (fingerprints->slots[at].tag == tag && memcmp(known->id, packed, ID_BYTES) == 0) known->day = 0;
    }
}

/* Adds a fingerprint of the article that was added last. */
static void add_one(struct fingerprints *fingerprints, uint64_t hash) {
    /* Grow at three quarters full, which keeps probe sequences short. */
    if (++fingerprints->used * 4 > fingerprints->slot_count * 3) grow(fingerprints);
    put(fingerprints->slots, fingerprints->slot_count,
        (struct slot){tag_of(mix(hash)), (uint32_t)fingerprints->article_count});
}

void fingerprints_add(struct fingerprints *fingerprints, const char *id, const char *day, const uint64_t *hashes,
                      size_t count) {
    struct known known = {.day = day_number(day), .count = (uint32_t)count};
    pack_id(id, known.id);
    mark_replaced(fingerprints, id, known.id);
    if (fingerprints->article_count == fingerprints->article_capacity) {
        fingerprints->article_capacity = fingerprints->article_capacity ? fingerprints->article_capacity * 2 : 64;
        fingerprints->articles =
            memory_resize(fingerprints->articles, fingerprints->article_capacity * sizeof *fingerprints->articles);
    }
    fingerprints->articles[fingerprints->article_count++] = known;
    add_one(fingerprints, id_hash(id));
    for (size_t i = 0; i < count; i++) add_one(fingerprints, hashes[i]);
}

/* ---------------------------------------------------------------- looking up */

/* Adds the number of each article that has this fingerprint. */
static void look_up(const struct fingerprints *fingerprints, uint32_t since, uint64_t hash, uint32_t *numbers,
                    size_t *number_count) {
    uint32_t tag = tag_of(mix(hash));
    size_t sharers = 0;
    for (size_t at = position_of(tag, fingerprints->slot_count);
         fingerprints->slots[at].article && sharers < MAX_SHARERS; at = next_of(at, fingerprints->slot_count)) {
        uint32_t number = fingerprints->slots[at].article - 1;
        if (fingerprints->slots[at].tag != tag) continue;
        sharers++;
        /* Entries are never removed from the table, since that would break probe sequences; they are skipped here. */
        uint32_t day = fingerprints->articles[number].day;
        if (day && day >= since) numbers[(*number_count)++] = number;
    }
}

static int by_number(const void *a, const void *b) {
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Most shared fingerprints first; equal ones by id, so that the result does not depend on the order in the table. */
static int by_shared(const void *a, const void *b) {
    const struct fingerprint_match *left = a, *right = b;
    if (left->shared != right->shared) return left->shared < right->shared ? 1 : -1;
    return strcmp(left->id, right->id);
}

/* Counts how often each number occurs. Returns the number of different ones. */
static size_t count_numbers(const struct fingerprints *fingerprints, uint32_t *numbers, size_t count,
                            struct fingerprint_match *ret_matches) {
    size_t found = 0;
    if (count) qsort(numbers, count, sizeof *numbers, by_number);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && numbers[i] == numbers[i - 1]) {
            ret_matches[found - 1].shared++;
            continue;
        }
        const struct known *known = &fingerprints->articles[numbers[i]];
        ret_matches[found] = (struct fingerprint_match){.shared = 1, .count = known->count};
        unpack_id(known->id, ret_matches[found++].id);
    }
    return found;
}

/* The time depends on what is asked and found, not on how many articles there are. */
size_t fingerprints_match(const struct fingerprints *fingerprints, const char *since, const uint64_t *hashes,
                          size_t count, struct fingerprint_match *ret_matches, size_t room) {
    uint32_t *numbers = memory_take_many(count * MAX_SHARERS, sizeof *numbers);
    size_t number_count = 0;
    for (size_t i = 0; i < count; i++) look_up(fingerprints, day_number(since), hashes[i], numbers, &number_count);
    struct fingerprint_match *matches = memory_take_many(number_count, sizeof *matches);
    size_t found = count_numbers(fingerprints, numbers, number_count, matches);
    if (found) qsort(matches, found, sizeof *matches, by_shared);
    if (found > room) found = room;
    if (found) memcpy(ret_matches, matches, found * sizeof *matches);
    free(matches);
    free(numbers);
    return found;
}
