/* `dragoman init`: writes a first configuration, from options or from answers to three questions. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/nearest.h"
#include "pipeline/base/file.h"
#include "pipeline/net/address.h"
#include "program/command.h"
#include "program/init/draft.h"
#include "program/owner.h"
#include "program/say.h"
#include "stages/services/service_list.h"

extern const struct service service_apertium; // the embedded engine

enum { EXAMPLES_LIMIT = 1 << 20, LINE_LIMIT = 4096, NAMES_LIMIT = 64 };

struct init {
    const struct call *call;
    struct arena *arena;
    struct span examples; /* the text of config/examples/services.conf */
    bool asks;            /* on a terminal, without options */
    const char *path;     /* of the configuration */
    struct draft draft;
    const struct service *service; /* NULL: the embedded engine alone */
    struct span key_file;          /* empty: no key is needed */
    bool any_model;                /* the model of a server on this machine is not known */
    struct failure *failure;
};

/* ---------------------------------------------------------------- questions */

/* Returns the answer, or `otherwise` if it is empty. Returns false at the end of the input. */
static bool ask(struct init *init, const char *question, struct span otherwise, struct span *ret_answer) {
    char line[LINE_LIMIT];
    printf(otherwise.length ? "%s [%.*s]: " : "%s: ", question, SPAN_ARGS(otherwise));
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin))
        return failure_fatal(init->failure, EXIT_USAGE, "the questions were not answered; nothing was written");
    struct span answer = span_trim(span_of(line));
    *ret_answer = answer.length ? arena_copy(init->arena, answer) : otherwise;
    return true;
}

/* Cron and systemd begin in another folder. */
static struct span absolute(struct init *init, struct span path) {
    const char *home = getenv("HOME");
    char here[PATH_MAX];
    if (span_is(path, "~") || span_starts(path, SPAN("~/")))
        return arena_print(init->arena, "%s%.*s", home ? home : "", SPAN_ARGS(span_cut(path, 1, path.length)));
    if (span_starts(path, SPAN("/")) || !getcwd(here, sizeof here)) return path;
    return arena_print(init->arena, "%s/%.*s", here, SPAN_ARGS(path));
}

/* ---------------------------------------------------------------- sources */

static bool add_source(struct init *init, struct span written) {
    struct span address = draft_address(written, init->arena);
    if (!address.length)
        return failure_fatal(init->failure, EXIT_USAGE,
                             "'%.*s' is not an address; write one such as https://costa.example/rss.xml",
                             SPAN_ARGS(written));
    if (init->draft.source_count == DRAFT_SOURCES)
        return failure_fatal(init->failure, EXIT_USAGE, "more than %d sources; use a list (kind = opml)",
                             DRAFT_SOURCES);
    init->draft.sources[init->draft.source_count++] = address;
    return true;
}

static bool ask_sources(struct init *init) {
    struct span answer;
    puts("Which feeds or sites? An address such as https://costa.example/rss.xml or costa.example, one per line; an "
         "empty line ends the list.");
    for (;;) {
        if (!ask(init, "address", SPAN(""), &answer)) return false;
        if (!answer.length) return true;
        /* A slip of the pen is no reason to begin again. */
        if (!add_source(init, answer)) say("%s", init->failure->sentence);
        *init->failure = (struct failure){.reach = REACH_NONE};
    }
}

static bool take_sources(struct init *init) {
    init->draft.sources = arena_take(init->arena, DRAFT_SOURCES * sizeof *init->draft.sources);
    for (size_t i = 0; i < init->call->option_count; i++)
        if (strcmp(init->call->options[i].name, "--source") == 0 &&
            !add_source(init, span_of(init->call->options[i].value)))
            return false;
    return !init->asks || ask_sources(init);
}

/* ---------------------------------------------------------------- the service */

static bool find_service(struct init *init, struct span name) {
    const char *names[NAMES_LIMIT], *nearest;
    size_t count = 0;
    for (; services[count] && count < NAMES_LIMIT; count++) names[count] = services[count]->name;
    init->service = service_of(name);
    if (init->service) return true;
    nearest = nearest_name(name, names, count);
    return failure_fatal(init->failure, EXIT_USAGE, "unknown service '%.*s'%s%s%s; `dragoman services` lists them",
                         SPAN_ARGS(name), nearest ? "; did you mean '" : "", nearest ? nearest : "",
                         nearest ? "'?" : "");
}

static void list_services(void) {
    puts("\nWhich service translates?");
    for (size_t i = 0; services[i]; i++)
        printf("  %-15s %s%s\n", services[i]->name, services[i]->help, services[i]->free_of_charge ? " (free)" : "");
}

static bool ask_service(struct init *init) {
    struct span answer;
    list_services();
    for (;;) {
        if (!ask(init, "service", span_of(service_apertium.name), &answer)) return false;
        if (find_service(init, answer)) return true;
        say("%s", init->failure->sentence);
        *init->failure = (struct failure){.reach = REACH_NONE};
    }
}

/* Takes the value of a setting from its option or, if the example has the setting, from the user. */
static bool take_value(struct init *init, struct span *section, const char *key, const char *option,
                       const char *question) {
    const char *given = call_option(init->call, option);
    struct span value = draft_value(*section, span_of(key)), answer = value;
    if (given)
        answer = span_of(given);
    else if (init->asks && value.length && !ask(init, question, value, &answer))
        return false;
    if (answer.length) *section = draft_with(*section, span_of(key), span_of(key), answer, init->arena);
    return true;
}

/* The names of models in the examples are those of the vendors, which a server on this machine does not have. */
static void make_local(struct init *init, struct span *section) {
    *section = draft_local(*section, init->arena);
    if (!draft_value(*section, SPAN("model")).length || call_option(init->call, "--model")) return;
    *section = draft_with(*section, SPAN("model"), SPAN("model"), SPAN("any"), init->arena);
    init->any_model = true;
}

/* Examples take keys from the environment, which cron does not have. A server on this machine needs no key unless the
 * user names one. */
static bool take_key(struct init *init, struct span *section) {
    const char *given = call_option(init->call, "--key-file"), *url = call_option(init->call, "--url");
    if (url && !given && address_url_private(url)) make_local(init, section);
    struct span file = given ? span_of(given) : arena_print(init->arena, "/etc/dragoman/%s.key", init->service->name);
    if (!given && !draft_value(*section, SPAN("key_env")).length) return true;
    if (init->asks && !given && !ask(init, "file with the key (chmod 600)", file, &file)) return false;
    init->key_file = file = absolute(init, file);
    *section = draft_with(*section, SPAN("key_env"), SPAN("key_file"), file, init->arena);
    return true;
}

static bool take_service(struct init *init) {
    const char *given = call_option(init->call, "--service");
    if (given ? !find_service(init, span_of(given)) : init->asks && !ask_service(init)) return false;
    if (!init->service || init->service == &service_apertium) return true;
    struct span section = draft_service(init->examples, span_of(init->service->name));
    bool done = take_value(init, &section, "url", "--url", "address of the server") &&
                take_value(init, &section, "command", "--command", "program and its arguments") &&
                take_value(init, &section, "model", "--model", "model") && take_key(init, &section);
    init->draft.service = section;
    return done;
}

/* ---------------------------------------------------------------- places */

static bool take_output(struct init *init) {
    const char *given = call_option(init->call, "--output");
    struct span folder = given ? span_of(given) : geteuid() == 0 ? SPAN("/var/lib/dragoman") : SPAN("~/news");
    if (init->asks && !given) puts("");
    if (init->asks && !given && !ask(init, "Folder for the digest", folder, &folder)) return false;
    init->draft.output = absolute(init, folder);
    return span_find(init->draft.output, SPAN("\"")) == SIZE_MAX ||
           failure_fatal(init->failure, EXIT_USAGE, "the folder's name must not contain a quotation mark");
}

static bool choose_path(struct init *init) {
    const char *config = init->call->config_path, *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config)
        init->path = config;
    else if (geteuid() == 0)
        init->path = "/etc/dragoman/dragoman.conf";
    else if (base && *base)
        init->path = arena_print(init->arena, "%s/dragoman/dragoman.conf", base).at;
    else
        init->path = arena_print(init->arena, "%s/.config/dragoman/dragoman.conf", home ? home : "").at;
    return access(init->path, F_OK) != 0 ||
           failure_fatal(init->failure, EXIT_USAGE,
                         "%s exists and was not changed; edit it, or choose another file with --config", init->path);
}

/* ---------------------------------------------------------------- the file */

static bool write_whole(int file, struct span text) {
    while (text.length) {
        ssize_t written = write(file, text.at, text.length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text = span_cut(text, (size_t)written, text.length);
    }
    return fsync(file) == 0;
}

static bool write_file(struct init *init, struct span text) {
    char *folder = memory_string(span_of(init->path));
    bool made = file_make_folders(folder);
    free(folder);
    int file = made ? open(init->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644) : -1;
    bool done = file >= 0 && write_whole(file, text);
    int error = errno;
    if (file >= 0) close(file);
    if (file >= 0 && !done) unlink(init->path);
    return done || failure_fatal(init->failure, error == EACCES || error == EPERM ? EXIT_PERMISSION : EXIT_IO,
                                 "cannot write %s: %s", init->path, strerror(error));
}

/* ---------------------------------------------------------------- what comes next */

/* Files that root writes into the folder of the service's user would be closed to it. */
static bool is_for_service(const struct init *init) {
    return !init->call->config_path && geteuid() == 0 && getpwnam(SERVICE_USER) != NULL;
}

static void tell_what_is_missing(const struct init *init) {
    const char *name = init->service ? init->service->name : "";
    if (init->key_file.length && access(arena_string(init->arena, init->key_file), R_OK) != 0)
        say("  put the key of %s into %.*s (%schmod 600)", name, SPAN_ARGS(init->key_file),
            is_for_service(init) ? "chown " SERVICE_USER ", " : "");
    if (init->any_model)
        say("  set model in the file to a model of your server, unless it takes any name (llama.cpp does)");
    if (!init->draft.source_count) say("  add a source to the file");
}

/* systemd makes /var/lib/dragoman only; any other folder has to be made for the user of the service. */
static void tell_service(const struct init *init) {
    bool systemd = access("/run/systemd/system", F_OK) == 0, usual = span_is(init->draft.output, "/var/lib/dragoman");
    const char *as_user = "runuser -u " SERVICE_USER " -- dragoman";
    if (!usual) say("  install -d -o " SERVICE_USER " -g " SERVICE_USER " '%.*s'", SPAN_ARGS(init->draft.output));
    if (!usual && systemd)
        say("  systemctl edit dragoman       add [Service] and ReadWritePaths=%.*s", SPAN_ARGS(init->draft.output));
    say("  %s check-config --online   test sources and services", as_user);
    say(systemd ? "  systemctl start dragoman      the first digest, as the user of the service: %.*s/latest/index.html"
                : "  runuser -u " SERVICE_USER " -- dragoman run   the first digest: %.*s/latest/index.html",
        SPAN_ARGS(init->draft.output));
    if (systemd) say("  systemctl enable --now dragoman.timer   and then every morning");
}

static void tell_commands(const struct init *init) {
    bool usual = !init->call->config_path;
    const char *config = usual ? "" : "--config ", *file = usual ? "" : init->path, *space = usual ? "" : " ";
    say("  dragoman %s%s%scheck-config --online   test sources and services", config, file, space);
    say("  dragoman %s%s%srun                     the first digest: %.*s/latest/index.html", config, file, space,
        SPAN_ARGS(init->draft.output));
}

static void tell_next(const struct init *init) {
    puts("");
    say("%s is written.", init->path);
    puts("Next:");
    tell_what_is_missing(init);
    if (is_for_service(init))
        tell_service(init);
    else
        tell_commands(init);
}

/* ---------------------------------------------------------------- the command */

static bool read_examples(struct init *init) {
    char *folder = program_find_data_folder();
    struct span path = arena_print(init->arena, "%s/examples/services.conf", folder);
    struct buffer text = BUFFER(EXAMPLES_LIMIT);
    bool done = file_read(path.at, &text);
    if (!done) failure_fatal(init->failure, EXIT_IO, "cannot read %s: %s", path.at, strerror(errno));
    init->examples = arena_copy(init->arena, buffer_span(&text));
    buffer_free(&text);
    free(folder);
    return done;
}

/* A machine that asks for no answers is told how to give them. */
static bool can_begin(struct init *init) {
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    init->asks = init->call->option_count == 0 && terminal;
    return init->asks || init->call->option_count > 0 ||
           failure_fatal(init->failure, EXIT_USAGE,
                         "this is not a terminal, so no questions can be asked; give the answers as options, e.g. "
                         "--source https://costa.example/rss.xml");
}

static enum exit_code do_init(struct call *call, struct failure *ret_failure) {
    struct init init = {.call = call, .arena = arena_new(), .failure = ret_failure};
    struct buffer text = BUFFER(1 << 20);
    /* The user of the service reads what root writes here, whatever root's shell says. It names keys and holds none. */
    if (geteuid() == 0) umask(022);
    bool done = can_begin(&init) && choose_path(&init) && read_examples(&init) && take_sources(&init) &&
                take_service(&init) && take_output(&init);
    if (done) draft_write(&init.draft, &text);
    done = done && write_file(&init, buffer_span(&text));
    if (done) tell_next(&init);
    buffer_free(&text);
    arena_free(init.arena);
    return done ? EXIT_DONE : ret_failure->exit_code;
}

static const struct option init_options[] = {
    {"--source", "ADDRESS", "a feed, or a site that names its feed (may be repeated)"},
    {"--service", "KIND", "the service that translates (default: apertium, the embedded engine)"},
    {"--url", "ADDRESS", "address of the service's server"},
    {"--command", "WORDS", "program of a service of kind command, with its arguments"},
    {"--model", "NAME", "model of the service"},
    {"--key-file", "FILE", "file with the service's key"},
    {"--output", "FOLDER", "folder for records and digest"},
    OPTIONS_END};

static const char *const init_examples[] = {"dragoman init", "ask three questions and write a configuration",
                                            "dragoman init --source https://costa.example/rss.xml --service ollama",
                                            "the same without questions", NULL};

const struct subcommand command_init = {.name = "init",
                                        .takes = "",
                                        .help = "write a first configuration",
                                        .options = init_options,
                                        .examples = init_examples,
                                        .without_config = true,
                                        .run = do_init};
