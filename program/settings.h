/* The program's own sections, and the table of all sections. */
#ifndef PROGRAM_SETTINGS_H
#define PROGRAM_SETTINGS_H

#include "config/reader.h"

struct stage;

/* The setting `sandbox`, in the order of its words. */
enum sandbox_choice { SANDBOX_AUTO, SANDBOX_YES, SANDBOX_NO };

/* Of [run]. */
struct run_settings {
    enum sandbox_choice sandbox;
    struct span output, state, store; /* store: "" = the state is a file */
    struct secret *store_password;
    bool publish;
    long long in_flight, threads, attempts;
    long long grace_period, deadline, revisit, remind; /* milliseconds */
};
extern const struct setting run_table[];

/* Of [http]. */
struct http_settings {
    struct span user_agent, ca_file, proxy;
};
extern const struct setting http_table[];

/* Returns the program's own sections, one section for each stage, and the named sections. An entry without a name ends
 * the table, which is static. */
const struct section_table *program_section_tables(void);
/* Returns the struct of a stage's own section, or NULL for a stage without settings. */
const void *program_stage_values(const struct config *config, const struct stage *stage);

#endif
