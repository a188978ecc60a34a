#include "stages/language/calendars.h"

#include <stdint.h>

/* The kinds of rows: how many numbers follow the kind, and whether the third column has words. */
static const struct {
    const char *name;
    size_t numbers;
    bool words;
} kinds[] = {{"era", 1, true},   {"calendar", 0, true}, {"years", 3, false}, {"marked", 3, false},
             {"after", 0, true}, {"year", 1, true},     {"named", 0, true},  {"beside", 0, true}};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Returns the index of the row's kind, or KINDS if the row is invalid. */
static size_t kind_of(const struct row *row) {
    struct span rest = row->cells[1], name = {0}, part;
    size_t kind = 0, numbers = 0;
    long long number;
    span_next(&rest, ' ', &name);
    while (kind < KINDS && !span_is(name, kinds[kind].name)) kind++;
    while (span_next(&rest, ' ', &part)) {
        if (!span_number(part.length && part.at[0] == '-' ? span_cut(part, 1, part.length) : part, &number))
            return KINDS;
        numbers++;
    }
    if (kind == KINDS || numbers != kinds[kind].numbers || row->cells[0].length == 0) return KINDS;
    return kinds[kind].words && row->cells[2].length == 0 ? KINDS : kind;
}

bool calendars_read(const char *data_folder, struct arena *arena, struct table *ret_table,
                    struct failure *ret_failure) {
    uint32_t seen = 0;
    if (!table_read(data_folder, "calendars.tsv", arena, ret_table, ret_failure)) return false;
    for (size_t i = 0; i < ret_table->count; i++) {
        const struct row *row = &ret_table->rows[i];
        size_t kind = kind_of(row);
        if (kind == KINDS)
            return failure_fatal(ret_failure, EXIT_CONFIG, "tables/calendars.tsv: invalid row '%.*s %.*s'",
                                 SPAN_ARGS(row->cells[0]), SPAN_ARGS(row->cells[1]));
        seen |= (uint32_t)1 << kind;
    }
    for (size_t kind = 0; kind < KINDS; kind++)
        if (!(seen >> kind & 1))
            return failure_fatal(ret_failure, EXIT_CONFIG,
                                 "tables/calendars.tsv has no row of the kind '%s'; reinstall dragoman",
                                 kinds[kind].name);
    return table_require_rows(ret_table, ret_failure);
}
