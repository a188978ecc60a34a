#include "stages/extract/tables.h"

bool extract_tables_open(const char *data, struct extract_tables *tables, struct failure *ret_failure) {
    struct table names = {0}, odds = {0}, lines = {0}, phrases = {0}, comments = {0}, bylines = {0}, signs = {0},
                 data_names = {0}, weights = {0};
    struct arena *arena = tables->arena = arena_new();
    return table_read(data, "extract/names.tsv", arena, &names, ret_failure) &&
           table_read(data, "extract/odds.tsv", arena, &odds, ret_failure) &&
           table_read(data, "extract/lines.model", arena, &lines, ret_failure) &&
           table_read(data, "extract/phrases.tsv", arena, &phrases, ret_failure) &&
           table_read(data, "extract/comments.tsv", arena, &comments, ret_failure) &&
           table_read(data, "extract/bylines.tsv", arena, &bylines, ret_failure) &&
           table_read(data, "extract/content.tsv", arena, &signs, ret_failure) &&
           table_read(data, "extract/page_data.tsv", arena, &data_names, ret_failure) &&
           table_read(data, "extract/candidates.tsv", arena, &weights, ret_failure) &&
           candidate_weights_make(&weights, &tables->weights, ret_failure) &&
           data_names_make(&data_names, arena, &tables->data_names, ret_failure) &&
           signs_make(&signs, arena, &tables->signs, ret_failure) && table_require_rows(&odds, ret_failure) &&
           table_require_rows(&lines, ret_failure) &&
           vocabulary_make(&names, &odds, arena, &tables->names, ret_failure) &&
           line_model_make(&lines, arena, &tables->lines, ret_failure) &&
           phrases_make(&phrases, arena, &tables->phrases, ret_failure) &&
           phrases_make(&comments, arena, &tables->comments, ret_failure) &&
           author_words_make(&bylines, arena, &tables->authors, ret_failure) &&
           date_words_read(data, arena, &tables->dates, ret_failure) &&
           plain_words_open(data, tables->dates, &tables->phrases, arena, &tables->plain, ret_failure);
}

void extract_tables_close(struct extract_tables *tables) {
    plain_words_close(&tables->plain);
    arena_free(tables->arena);
}

struct body_tables extract_tables_body(const struct extract_tables *tables) {
    return (struct body_tables){&tables->phrases, tables->plain.marks, &tables->lines};
}
