#include "stages/language/names.h"

bool language_names_read(const char *data_folder, struct arena *arena, struct table *ret_names,
                         struct failure *ret_failure) {
    return table_read(data_folder, "names.tsv", arena, ret_names, ret_failure);
}

struct span language_name(const struct table *names, struct span code) {
    size_t script = span_find(code, SPAN("-"));
    struct span base = span_cut(code, 0, script == SIZE_MAX ? code.length : script), name = base;
    for (size_t i = 0; i < names->count; i++) {
        const struct row *row = &names->rows[i];
        if (span_equal_ascii_fold(row->cells[0], code)) return row->cells[1];
        if (span_equal_ascii_fold(row->cells[0], base)) name = row->cells[1];
    }
    return name;
}
