/* Writes the configuration reference from the tables that are also used to check the values, so that the two agree. */
#include "config/internal.h"

/* Comments begin with "# ", and settings that are commented out begin with ";", so a setting is uncommented by removing
 * one character. */
static void write_entry(const struct setting *entry, struct buffer *out) {
    buffer_add_string(out, "# ");
    setting_write_help(entry, out);
    if (entry->type == SETTING_SECRET)
        buffer_print(out, "\n;%s_file =\n;%s_env =\n;%s_command =\n", entry->name, entry->name, entry->name);
    else
        buffer_print(out, "\n;%s = %s\n", entry->name, entry->default_value ? entry->default_value : "");
}

void setting_write_help(const struct setting *entry, struct buffer *out) {
    buffer_add_string(out, entry->help);
    if (entry->choices) buffer_print(out, "; one of: %s", entry->choices);
    if (entry->max > entry->min) {
        char min[SETTING_NUMBER_ROOM], max[SETTING_NUMBER_ROOM];
        buffer_print(out, "; %.*s to %.*s", SPAN_ARGS(setting_write_number(entry->type, entry->min, min)),
                     SPAN_ARGS(setting_write_number(entry->type, entry->max, max)));
    }
}

static void write_entries(const struct setting *entries, struct buffer *out) {
    for (; entries && entries->name; entries++) write_entry(entries, out);
}

void config_write_reference(const struct section_table *tables, struct buffer *out) {
    for (const struct section_table *table = tables; table->name; table++) {
        if (!table->named && !table->settings.entries) continue;
        buffer_print(out, "# %s\n;[%s%s]\n", table->help, table->name,
                     table->named && !table->name_optional ? " \"NAME\"" : "");
        write_entries(table->settings.entries, out);
        buffer_add_string(out, "\n");
        for (size_t i = 0; table->kind_at && table->kind_at(i).name; i++) {
            struct section_kind kind = table->kind_at(i);
            buffer_print(out, "# %s\n;[%s \"NAME\"]\n;kind = %s\n", kind.help, table->name, kind.name);
            write_entries(kind.settings.entries, out);
            buffer_add_string(out, "\n");
        }
    }
}
