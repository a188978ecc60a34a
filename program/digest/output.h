/* Where `dragoman digest` writes what was chosen: OUT/selections/NAME.html, or --output FILE. */
#ifndef PROGRAM_DIGEST_OUTPUT_H
#define PROGRAM_DIGEST_OUTPUT_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"

struct output {
    const char *format; /* ".html", ".json", ".md", ".csv" or ".xml" */
    bool is_stdout;
    const char *folder; /* without links, unless it is the output folder */
    struct span path;   /* in this folder */
    struct span base;   /* how links from the file to the output folder begin */
};

/* Reads the value of --output; NULL gives `name`.html in the folder for selections. A file that is not to be replaced
 * (a folder, a link, a device; one of a day's folder, or another one that the program itself writes), an unknown format
 * and a folder that does not exist are failures with EXIT_USAGE. Creates nothing. `web` is the address of the output
 * folder on the web, or empty. */
bool output_choose(const char *given, struct span name, const char *output_folder, struct span web, struct arena *arena,
                   struct output *ret_output, struct failure *ret_failure);
/* Writes the file, or to standard output. */
bool output_write(const struct output *output, struct span bytes, struct failure *ret_failure);

#endif
