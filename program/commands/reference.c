/* `dragoman reference WHAT`: prints the reference configuration, the schema of records, of digest.json or of news, a
 * manual page or the completions for a shell. */
#include "program/commands/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/article/record.h"
#include "pipeline/base/file.h"
#include "program/command.h"

static void write_config(struct buffer *out) {
    config_write_reference(program_section_tables(), out);
}

/* What the digest and news hold is said in more than one place of the code, so their schemas are kept as files. */
static void write_file(const char *name, struct buffer *out) {
    struct buffer path = BUFFER(1 << 16);
    char *folder = program_find_data_folder();
    buffer_print(&path, "%s/%s", folder, name);
    file_read(path.at, out);
    buffer_free(&path);
    free(folder);
}

static void write_digest_schema(struct buffer *out) {
    write_file("digest.schema.json", out);
}

static void write_news_schema(struct buffer *out) {
    write_file("news.schema.json", out);
}

static const struct part {
    const char *name;
    void (*write)(struct buffer *out);
} parts[] = {{"conf", write_config},
             {"schema", record_schema},
             {"digest-schema", write_digest_schema},
             {"news-schema", write_news_schema},
             {"man", manual_write_program},
             {"man-conf", manual_write_settings},
             {"bash", completion_write_bash},
             {"zsh", completion_write_zsh},
             {"fish", completion_write_fish}};

static enum exit_code do_reference(struct call *call, struct failure *ret_failure) {
    const char *name = call->word_count ? call->words[0] : "conf";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(parts[i].name, name) != 0) continue;
        struct buffer out = BUFFER(4u << 20);
        parts[i].write(&out);
        bool done =
            out.length > 0 || failure_fatal(ret_failure, EXIT_CONFIG, "cannot read %.*s.schema.json in the data folder",
                                            (int)strcspn(name, "-"), name);
        if (done) fwrite(out.at, 1, out.length, stdout);
        buffer_free(&out);
        return done ? EXIT_DONE : EXIT_CONFIG;
    }
    failure_fatal(
        ret_failure, EXIT_USAGE,
        "unknown reference '%s': expected conf, schema, digest-schema, news-schema, man, man-conf, bash, zsh or fish",
        name);
    return EXIT_USAGE;
}

static const char *const reference_examples[] = {"dragoman reference conf", "every setting with its default", NULL};

const struct subcommand command_reference = {.name = "reference",
                                             .takes =
                                                 "[conf|schema|digest-schema|news-schema|man|man-conf|bash|zsh|fish]",
                                             .max_words = 1,
                                             .help = "print all settings as a configuration file, the schema of "
                                                     "records, of digest.json or of news, a manual page, or shell "
                                                     "completions",
                                             .examples = reference_examples,
                                             .without_config = true,
                                             .run = do_reference};
