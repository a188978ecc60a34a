#include "program/mail/view.h"

#include "pipeline/article/article.h"
#include "pipeline/engine/edition.h"
#include "pipeline/store/budget_settings.h"
#include "program/day_notes.h"
#include "stages/language/names.h"

enum { NOTES_LIMIT = 16 << 20 };

bool mail_tables_read(const struct program *program, struct arena *arena, struct mail_tables *ret_tables,
                      struct failure *ret_failure) {
    const char *folder = program->data_folder;
    watches_read(program->config, arena, &ret_tables->watches);
    return table_read(folder, "digest/findings.tsv", arena, &ret_tables->checks, ret_failure) &&
           language_names_read(folder, arena, &ret_tables->languages, ret_failure);
}

/* Whether a comma-separated list is empty or has this word. */
static bool lists(struct span list, struct span word) {
    struct span item;
    bool empty = true;
    while (span_next(&list, ',', &item)) {
        item = span_trim(item);
        if (item.length && span_equal_ascii_fold(item, word)) return true;
        empty = empty && !item.length;
    }
    return empty;
}

static bool wants(const struct mail_settings *settings, const struct article *article) {
    return (!settings->languages.count || word_list_has(&settings->languages, span_of(article->language.code))) &&
           (!settings->sources.count || word_list_has(&settings->sources, article->origin.source)) &&
           lists(settings->sections, article->section);
}

static void keep_wanted(const struct mail_settings *settings, struct mail_view *view) {
    struct edition *edition = view->edition;
    size_t kept = 0;
    for (size_t i = 0; i < edition->count; i++) {
        struct article *article = edition->articles[i];
        hash_table_set(&view->loaded, arena_copy(edition->arena, span_of(article->id)), edition);
        if (wants(settings, article))
            edition->articles[kept++] = article;
        else
            article_free(article);
    }
    edition->count = kept;
}

/* The stories are those that the day's pages show. */
static void set_stories(struct edition *edition) {
    struct hash_table stories = HASH_TABLE(edition->arena);
    for (size_t i = 0; i < edition->kept.member_count; i++)
        hash_table_set(&stories, span_of(edition->kept.members[i].article), edition->kept.members[i].story);
    for (size_t i = 0; i < edition->count; i++)
        edition->articles[i]->story = span_of(hash_table_find(&stories, span_of(edition->articles[i]->id)));
}

struct mail_view mail_view_open(struct program *program, const struct mail_settings *settings,
                                const struct mail_tables *tables, const char *day) {
    size_t damaged;
    struct buffer notes = BUFFER(NOTES_LIMIT);
    struct mail_view view = {.edition = edition_load(program->store, program->output_folder, day, &damaged)};
    struct span currency = budget_settings_of(program->config)->currency;
    view.loaded = HASH_TABLE(view.edition->arena);
    json_print_free(day_notes_json(program->store, day, currency), &notes);
    view.edition->run_notes = arena_copy(view.edition->arena, buffer_span(&notes));
    keep_wanted(settings, &view);
    set_stories(view.edition);
    view.day = day_new(view.edition, &tables->languages, &tables->checks, &tables->watches, 0);
    buffer_free(&notes);
    return view;
}
