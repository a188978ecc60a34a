#include "program/mail/view.h"

#include "pipeline/article/article.h"
#include "pipeline/engine/edition.h"
#include "pipeline/store/budget_settings.h"
#include "program/day_notes.h"
#include "program/digest/selection.h"
#include "stages/digest/notes.h"
#include "stages/language/names.h"

enum { NOTES_LIMIT = 16 << 20 };

bool mail_tables_read(const struct program *program, struct arena *arena, struct mail_tables *ret_tables,
                      struct failure *ret_failure) {
    const char *folder = program->data_folder;
    watches_read(program->config, arena, &ret_tables->watches);
    return table_read(folder, "digest/findings.tsv", arena, &ret_tables->checks, ret_failure) &&
           language_names_read(folder, arena, &ret_tables->languages, ret_failure);
}

static void keep_wanted(struct selection *wanted, struct mail_view *view) {
    struct edition *edition = view->edition;
    size_t kept = 0;
    for (size_t i = 0; i < edition->count; i++) {
        struct article *article = edition->articles[i];
        hash_table_set(&view->loaded, arena_copy(edition->arena, span_of(article->id)), edition);
        if (selection_takes(wanted, article))
            edition->articles[kept++] = article;
        else
            article_free(article);
    }
    edition->count = kept;
}

/* Keeps the notes on what is missing, waits or has failed, unless they are surely on what nobody on this list wants. */
static void keep_wanted_notes(struct program *program, const struct selection *wanted, struct edition *edition) {
    struct buffer notes = BUFFER(NOTES_LIMIT);
    struct notes_filter filter = {selection_takes_note, wanted};
    json_print_free(day_notes_json(program->store, edition->day, budget_settings_of(program->config)->currency),
                    &notes);
    struct span all = buffer_span(&notes);
    edition->run_notes = notes_join(&all, 1, &filter, edition->arena);
    buffer_free(&notes);
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
    struct mail_view view = {.edition = edition_load(program->store, program->output_folder, day, &damaged)};
    struct edition *edition = view.edition;
    struct selection wanted = selection_of_lists(program->config, edition->arena, &settings->languages,
                                                 &settings->sources, settings->sections);
    view.loaded = HASH_TABLE(edition->arena);
    keep_wanted(&wanted, &view);
    keep_wanted_notes(program, &wanted, edition);
    set_stories(edition);
    view.day = day_new(edition, &tables->languages, &tables->checks, &tables->watches, 0);
    return view;
}
