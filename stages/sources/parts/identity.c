#include "stages/sources/parts/identity.h"

#include <stdint.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/base/sha256.h"
#include "pipeline/net/url.h"

/* Returns half of a hash over the parts. Each part is followed by a NUL, so that moving text between parts changes the
 * hash. */
static struct span hash_parts(const struct span *parts, size_t count, struct arena *arena) {
    struct buffer all = BUFFER(SIZE_MAX / 2);
    char hex[65];
    for (size_t i = 0; i < count; i++) {
        buffer_add_span(&all, parts[i]);
        buffer_add(&all, "", 1);
    }
    sha256_hex(buffer_span(&all), hex);
    buffer_free(&all);
    return arena_copy(arena, span_cut(span_of(hex), 0, 32));
}

static struct span text_of(const struct feed_entry *entry) {
    return entry->summary.length ? entry->summary : entry->content;
}

static struct span canonical(struct span address, const struct identity_rules *rules, struct arena *arena) {
    return url_canonical(address, rules->tracking, rules->tracking_count, arena);
}

static struct span within_feed(const struct identity_rules *rules, struct span name, struct arena *arena) {
    return arena_print(arena, "%.*s %.*s", SPAN_ARGS(rules->feed), SPAN_ARGS(name));
}

/* A GUID that is an address, a tag: or a urn: is unique everywhere; any other GUID is unique only within its feed. */
static struct span usual_identity(const struct feed_item *item, const struct identity_rules *rules,
                                  struct arena *arena) {
    struct span guid = item->guid, said[] = {item->entry.title, text_of(&item->entry)};
    if (url_is_remote(guid) || (!guid.length && item->link.length))
        return canonical(guid.length ? guid : item->link, rules, arena);
    if (span_starts(guid, SPAN("tag:")) || span_starts(guid, SPAN("urn:"))) return guid;
    return within_feed(rules, guid.length ? guid : hash_parts(said, 2, arena), arena);
}

static struct span with_fragment(struct span address, const struct identity_rules *rules, struct arena *arena) {
    size_t at = span_find(address, SPAN("#"));
    struct span fragment = at == SIZE_MAX ? SPAN("") : span_cut(address, at, address.length);
    struct span whole = canonical(address, rules, arena);
    return arena_print(arena, "%.*s%.*s", SPAN_ARGS(whole), SPAN_ARGS(fragment));
}

static struct item_identity possible_identities(const struct feed_item *item, const struct identity_rules *rules,
                                                struct arena *arena) {
    const struct feed_entry *entry = &item->entry;
    struct span dated[] = {entry->title, entry->published.length ? entry->published : entry->modified},
                version[] = {entry->title, text_of(entry), entry->modified},
                all[] = {entry->title, text_of(entry), entry->published, item->link, item->guid, entry->enclosure};
    struct item_identity identity = {.by[IDENTITY_USUAL] = usual_identity(item, rules, arena),
                                     .version = hash_parts(version, 3, arena)};
    bool guid_has_fragment = url_is_remote(item->guid) && span_find(item->guid, SPAN("#")) != SIZE_MAX;
    if (guid_has_fragment) identity.by[IDENTITY_GUID] = with_fragment(item->guid, rules, arena);
    if (item->link.length) identity.by[IDENTITY_ADDRESS] = with_fragment(item->link, rules, arena);
    if (entry->title.length && dated[1].length)
        identity.by[IDENTITY_TITLE] = within_feed(rules, hash_parts(dated, 2, arena), arena);
    identity.by[IDENTITY_ALL] = within_feed(rules, hash_parts(all, 6, arena), arena);
    return identity;
}

/* ---------------------------------------------------------------- uniqueness */

/* Returns a hash that stays the same when an item is edited: it covers everything but the text and the time of
 * modification. Items with the same identity and the same hash are versions of one item, and not two items that share
 * an identity. */
static struct span sign(const struct feed_item *item, const struct item_identity *identity, struct arena *arena) {
    const struct feed_entry *entry = &item->entry;
    struct span heading = entry->title.length ? entry->title : text_of(entry),
                parts[] = {item->guid, identity->by[IDENTITY_ADDRESS], heading, entry->published};
    return hash_parts(parts, 4, arena);
}

/* What is known about an identity: the hash from sign() of the first item that has it, and whether other items have it
 * too. */
struct holder {
    struct span sign;
    bool shared;
};

static void note_holder(struct hash_table *holders, struct span identity, struct span own, struct arena *arena) {
    struct holder *holder = hash_table_find(holders, identity);
    if (holder) {
        holder->shared = holder->shared || !span_equal(holder->sign, own);
        return;
    }
    holder = arena_take(arena, sizeof *holder);
    holder->sign = own;
    hash_table_set(holders, identity, holder);
}

enum identity_level identity_next(const struct item_identity *identity, enum identity_level level) {
    do level++;
    while (level < IDENTITY_ALL && !identity->by[level].length);
    return level;
}

/* Goes through the levels one by one: an item moves to the next level only if its identity at this one is missing or
 * shared. */
struct item_identity *identity_find(const struct feed *feed, const struct identity_rules *rules, struct arena *arena) {
    struct item_identity *found = arena_take(arena, (feed->count + 1) * sizeof *found);
    struct arena *scratch = arena_new();
    struct span *signs = arena_take(scratch, (feed->count + 1) * sizeof *signs);
    for (size_t i = 0; i < feed->count; i++) {
        found[i] = possible_identities(&feed->items[i], rules, arena);
        signs[i] = sign(&feed->items[i], &found[i], scratch);
    }
    for (enum identity_level level = IDENTITY_USUAL; level < IDENTITY_ALL; level++) {
        struct hash_table holders = HASH_TABLE(scratch);
        for (size_t i = 0; i < feed->count; i++)
            if (found[i].by[level].length) note_holder(&holders, found[i].by[level], signs[i], scratch);
        for (size_t i = 0; i < feed->count; i++) {
            const struct holder *holder = hash_table_find(&holders, found[i].by[level]);
            if (found[i].level == level && (!holder || holder->shared))
                found[i].level = identity_next(&found[i], level);
        }
    }
    arena_free(scratch);
    return found;
}
