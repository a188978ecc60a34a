/* The reference, written from the same tables that check the values. */
#include "config/internal.h"

static void write_entries(const struct setting *entries, struct buffer *out) {
    for (; entries && entries->name; entries++) {
        buffer_print(out, "# %s", entries->help);
        if (entries->type == SETTING_CHOICE) buffer_print(out, " (one of: %s)", entries->choices);
        if (entries->most > entries->least) buffer_print(out, " (%g to %g)", entries->least, entries->most);
        if (entries->type == SETTING_SECRET) buffer_print(out, "\n;%s_file =\n;%s_env =\n", entries->name, entries->name);
        else buffer_print(out, "\n;%s = %s\n", entries->name, entries->preset ? entries->preset : "");
    }
}

void config_write_reference(const struct section_table *tables, struct buffer *out) {
    for (const struct section_table *table = tables; table->name; table++) {
        buffer_print(out, "# %s\n[%s%s]\n", table->help, table->name, table->named ? " \"NAME\"" : "");
        write_entries(table->settings, out);
        buffer_add_string(out, "\n");
    }
}
