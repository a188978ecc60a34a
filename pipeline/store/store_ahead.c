#include "pipeline/store/store_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/store/store_internal.h"

/* If no transaction can be begun, nothing can be written either, which is reported when that is tried. */
void store_look_up_together(struct store *store) {
    struct failure ignored = {0};
    if (!store->only_reads && !store_is_remote(store)) store_change(store, &ignored);
}

/* An id that was asked for and not found is there too. */
struct articles_ahead {
    struct arena *arena;
    struct hash_table known; /* struct known_article by id */
};

void store_forget_articles_ahead(struct store *store) {
    if (!store->articles) return;
    arena_free(store->articles->arena);
    free(store->articles);
    store->articles = NULL;
}

/* Returns the ids as the database has them. */
static struct span expect_articles(struct store *store, const char *const *ids, size_t count) {
    struct arena *arena = arena_new();
    store->articles = memory_take(sizeof *store->articles);
    *store->articles = (struct articles_ahead){.arena = arena, .known = HASH_TABLE(arena)};
    unsigned char(*keys)[DATABASE_KEY] = arena_take(arena, count * sizeof *keys);
    for (size_t i = 0; i < count; i++) {
        store_read_id(ids[i], keys[i]);
        hash_table_set(&store->articles->known, arena_copy(arena, span_of(ids[i])),
                       arena_take(arena, sizeof(struct known_article)));
    }
    return (struct span){(const char *)keys, count * sizeof *keys};
}

static void read_known(struct store *store, struct statement *statement) {
    char id[33];
    store_column_id(statement, 0, id);
    struct known_article *known = hash_table_find(&store->articles->known, span_of(id));
    if (!known) return;
    known->article_state = (enum article_state)store_column_choice(statement, 1, ARTICLE_STATE_DEAD + 1);
    known->version = store_column(statement, 2, store->articles->arena);
}

void store_look_ahead_articles(struct store *store, const char *const *ids, size_t count) {
    store_forget_articles_ahead(store);
    if (!store->worker[0] || count == 0 || !store_change(store, NULL)) return;
    struct statement *statement = store_statement(store, SQL_ARTICLE_STATES);
    statement_bind_bytes(statement, 1, expect_articles(store, ids, count));
    while (store_step(store, statement) == STATEMENT_ROW) read_known(store, statement);
    statement_reset(statement);
    /* What could not be read must not look as if it were not there. */
    if (store->broken.reach != REACH_NONE) store_forget_articles_ahead(store);
}

const struct known_article *store_find_article_ahead(const struct store *store, const char *id) {
    return store->articles ? hash_table_find(&store->articles->known, span_of(id)) : NULL;
}

void store_forget_article_ahead(struct store *store, const char *id) {
    if (store->articles) hash_table_remove(&store->articles->known, span_of(id));
}
