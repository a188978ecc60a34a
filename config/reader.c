#define _GNU_SOURCE /* realpath */
#include "config/reader.h"

#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/internal.h"
#include "config/nearest.h"
#include "pipeline/base/file.h"

/* MAX_FILES limits how much is read if the pattern of an `include` matches too many files. */
enum { FILE_LIMIT = 1 << 20, MAX_FILES = 1000, MAX_KINDS = 64 };

/* ---------------------------------------------------------------- files */

static bool read_file(const char *path, struct buffer *text, bool may_be_missing, struct failure *ret_failure) {
    if (!file_read(path, text))
        return (errno == ENOENT && may_be_missing) ||
               failure_fatal(ret_failure, EXIT_CONFIG, "cannot read the configuration file %s: %s", path,
                             strerror(errno));
    if (text->full)
        return failure_fatal(ret_failure, EXIT_CONFIG, "the configuration file %s is larger than 1 MiB", path);
    return true;
}

static struct span folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return SPAN(".");
    return (struct span){path, slash == path ? 1 : (size_t)(slash - path)};
}

/* Returns false if the file has been read already, or if there are too many files, which is also reported as a problem.
 * Files are compared by their real paths, so that cyclic includes end even if they use different names for a file. */
static bool is_new(struct config *config, const char *path) {
    char *real = realpath(path, NULL);
    struct span name = arena_copy(config->arena, span_of(real ? real : path));
    free(real);
    for (size_t i = 0; i < config->file_count; i++)
        if (strcmp(config->files[i], name.at) == 0) return false;
    config->files =
        arena_grow(config->arena, config->files, config->file_count, &config->file_capacity, sizeof *config->files);
    config->files[config->file_count++] = name.at;
    if (config->file_count == MAX_FILES + 1)
        config_add_problem(config, name, "the configuration has more than %d files; merge some of them", MAX_FILES);
    return config->file_count <= MAX_FILES;
}

static bool read_one(struct config *config, const char *path, const char *folder, bool may_be_missing,
                     struct failure *ret_failure) {
    struct buffer text = BUFFER(FILE_LIMIT);
    if (!is_new(config, path)) return true;
    bool done = read_file(path, &text, may_be_missing, ret_failure);
    if (done) config_parse(config, buffer_span(&text), path, folder, config->next_file_rank++);
    buffer_free(&text);
    return done;
}

/* Reads the files that match, in the order of their names, and returns their number. A file that cannot be read is
 * added to the problems, and reading continues, so that all problems are reported. Relative includes in these files are
 * relative to `folder`. */
static size_t read_matching(struct config *config, const char *pattern, const char *folder, struct span where) {
    glob_t found;
    int result = glob(pattern, 0, NULL, &found);
    if (result == GLOB_NOSPACE) memory_exhausted();
    if (result != 0) return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct failure failure = {0};
        if (!read_one(config, found.gl_pathv[i], folder, false, &failure))
            config_add_problem(config, where, "%s", failure.sentence);
    }
    size_t count = found.gl_pathc;
    globfree(&found);
    return count;
}

void config_add_include(struct config *config, struct span pattern, const char *folder, struct span where) {
    config->includes = arena_grow(config->arena, config->includes, config->include_count, &config->include_capacity,
                                  sizeof *config->includes);
    config->includes[config->include_count++] =
        (struct include){.pattern = arena_string(config->arena, pattern), .folder = folder, .where = where};
}

/* A pattern may match nothing, because its files may be added later. A name without wildcards must exist. */
static void read_include(struct config *config, struct include include) {
    if (!include.pattern[0]) {
        config_add_problem(config, include.where, "'include' is empty; name a file or a pattern");
        return;
    }
    struct span path = arena_print(config->arena, "%s%s%s", include.pattern[0] == '/' ? "" : include.folder,
                                   include.pattern[0] == '/' ? "" : "/", include.pattern);
    size_t count = read_matching(config, path.at, include.folder, include.where);
    if (count == 0 && !strpbrk(include.pattern, "*?["))
        config_add_problem(config, include.where, "there is no file %s to include", path.at);
}

/* Included files may include others. These are appended to the list while this loop runs. */
static void read_includes(struct config *config) {
    for (size_t i = 0; i < config->include_count; i++) read_include(config, config->includes[i]);
    config->include_count = 0;
}

bool config_read(struct config *config, const char *path, bool may_be_missing, struct failure *ret_failure) {
    const char *folder = arena_string(config->arena, folder_of(path));
    struct span dropped_in = arena_print(config->arena, "%s/conf.d/*.conf", folder);
    if (!read_one(config, path, folder, may_be_missing, ret_failure)) return false;
    read_matching(config, dropped_in.at, folder, SPAN(""));
    read_includes(config);
    return true;
}

/* ---------------------------------------------------------------- environment and flags */

/* Reads DRAGOMAN_<SECTION>_<KEY>. Both parts may contain underscores, so the name is compared with each section:
 * DRAGOMAN_RUN_IN_FLIGHT sets `in_flight` in [run]. Other variables, such as DRAGOMAN_DATA, are ignored. */
static void read_variable(struct config *config, struct span name, struct span text) {
    char lower[128];
    if (name.length >= sizeof lower) return;
    for (size_t i = 0; i < name.length; i++)
        lower[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] + 32) : name.at[i];
    struct span rest = {lower, name.length};
    for (const struct section_table *table = config->tables; table->name; table++) {
        size_t length = strlen(table->name);
        if (!section_fits_name(table, SPAN("")) || !span_starts(rest, span_of(table->name)) ||
            rest.length <= length + 1 || lower[length] != '_')
            continue;
        struct section *section = config_make(config, table, SPAN(""));
        struct span where = arena_print(config->arena, "environment DRAGOMAN_%.*s", SPAN_ARGS(name));
        config_add_value(section, span_cut(rest, length + 1, rest.length), text, where,
                         RANK_WITHOUT_FILE + RANK_ENVIRONMENT);
    }
}

void config_read_environment(struct config *config, char *const *environment) {
    for (; *environment; environment++) {
        struct span variable = span_of(*environment);
        size_t equals = span_find(variable, SPAN("="));
        if (equals == SIZE_MAX || !span_starts(variable, SPAN("DRAGOMAN_"))) continue;
        read_variable(config, span_cut(variable, sizeof "DRAGOMAN_" - 1, equals),
                      span_cut(variable, equals + 1, variable.length));
    }
}

static size_t last_dot(struct span path) {
    size_t position = path.length;
    while (position > 0 && path.at[position - 1] != '.') position--;
    return position ? position - 1 : SIZE_MAX;
}

/* The name of a section may contain dots (service.api.example.com.key); its type and the key may not. So the type ends
 * at the first dot and the key begins after the last one. */
void config_set(struct config *config, const char *assignment) {
    struct span text = span_of(assignment);
    size_t equals = span_find(text, SPAN("="));
    struct span path = span_cut(text, 0, equals);
    /* Without the value, which may be a secret that does not belong there. */
    struct span where = arena_print(config->arena, "--set %.*s", SPAN_ARGS(path));
    size_t first = span_find(path, SPAN(".")), last = last_dot(path);
    if (equals == SIZE_MAX || first == SIZE_MAX) {
        config_add_problem(config, where, "expected SECTION.KEY=VALUE, e.g. run.in_flight=32");
        return;
    }
    const struct section_table *table = config_table(config, span_cut(path, 0, first));
    struct span name = last > first ? span_cut(path, first + 1, last) : SPAN("");
    if (!table) {
        config_add_unknown_section(config, where, span_cut(path, 0, first));
        return;
    }
    if (!section_fits_name(table, name)) {
        struct span example = arena_print(config->arena, "needs a name: --set %s.NAME.KEY=VALUE", table->name);
        config_add_problem(config, where, "[%s] %s", table->name, table->named ? example.at : "takes no name");
        return;
    }
    config_add_value(config_make(config, table, name), span_cut(path, last + 1, path.length),
                     span_cut(text, equals + 1, text.length), where, RANK_WITHOUT_FILE + RANK_FLAG);
}

/* ---------------------------------------------------------------- finishing and looking up */

static void add_kind_names(const struct section_table *table, const char **names, size_t *ret_count,
                           struct buffer *ret_list) {
    for (*ret_count = 0; *ret_count < MAX_KINDS && table->kind_at && table->kind_at(*ret_count).name; ++*ret_count) {
        names[*ret_count] = table->kind_at(*ret_count).name;
        buffer_print(ret_list, "%s%s", *ret_count ? ", " : "", names[*ret_count]);
    }
}

/* Reports a section of an unknown kind and lists the known kinds. `kind` is the value of the section's key `kind`; if
 * it is NULL, the section has no such key, and its name is not a known kind either. */
static void unknown_kind(struct section *section, const struct value *kind) {
    const char *names[MAX_KINDS], *nearest;
    size_t count;
    struct buffer list = BUFFER(4096);
    add_kind_names(section->table, names, &count, &list);
    nearest = nearest_name(kind ? kind->text : section->name, names, count);
    config_add_problem(
        section->config, kind ? kind->where : section->where, "[%s \"%.*s\"] has %s%.*s%s%s%s%s; expected one of: %.*s",
        section->table->name, SPAN_ARGS(section->name), kind ? "an unknown kind '" : "no kind",
        SPAN_ARGS(kind ? text_clip(kind->text, 60) : SPAN("")), kind ? "'" : "", nearest ? "; did you mean '" : "",
        nearest ? nearest : "", nearest ? "'?" : "", SPAN_ARGS(buffer_span(&list)));
    buffer_free(&list);
}

static void find_kind(struct section *section) {
    struct section_kind (*kind_at)(size_t) = section->table->kind_at;
    if (!kind_at) return;
    const struct value *written = section_value(section, "kind");
    section->kind = written ? written->text : section->name;
    for (size_t i = 0; kind_at(i).name; i++)
        if (span_is(section->kind, kind_at(i).name)) section->own_kind = kind_at(i);
    if (!section->own_kind.name) unknown_kind(section, written);
}

static void finish_section(struct section *section) {
    section->finished = true;
    find_kind(section);
    /* If the kind is unknown, every setting in the section would also be reported as unknown. */
    if (section_kind_known(section)) section_check(section);
    section_fill(section);
}

void config_finish(struct config *config) {
    /* Adds the sections that the user did not write, so that their structs hold the defaults. */
    for (const struct section_table *table = config->tables; table->name; table++)
        if (!table->named) config_make(config, table, SPAN(""));
    struct section *section;
    STAILQ_FOREACH(section, &config->sections, next)
        if (!section->finished) finish_section(section);
    STAILQ_FOREACH(section, &config->sections, next) section_forget_variables(section);
}

const struct section *config_add_section(struct config *config, const struct setting *table, const char *kind,
                                         const char *key, struct span value) {
    const struct section_table *found = config_table_of(config, table);
    if (!found) return NULL;
    struct section *section = config_make_another(config, found, SPAN(""));
    config_add_value(section, SPAN("kind"), span_of(kind), SPAN(""), 0);
    if (key) config_add_value(section, span_of(key), value, SPAN(""), 0)->whole = true;
    finish_section(section);
    return section;
}
