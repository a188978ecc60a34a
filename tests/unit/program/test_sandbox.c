/* When a run gives up access to files, and to which. */
#include "unit/program/workspace.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/base/landlock.h"
#include "program/sandbox.h"

static char outside[] = "/tmp/dragoman-outside-XXXXXX";

static int make_outside(void **state) {
    static const char *const names[] = {"a.xml", "b.xml", "list.html", "ca.pem"};
    char path[100];
    (void)state;
    if (!mkdtemp(outside)) return -1;
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", outside, names[i]);
        FILE *file = fopen(path, "w");
        if (!file || fputs("x", file) < 0 || fclose(file) != 0) return -1;
    }
    return 0;
}

static int remove_outside(void **state) {
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", outside);
    return system(command);
}

/* ---------------------------------------------------------------- whether */

static void absent(const char *settings, const char *expected) {
    open_workspace(settings);
    const char *why = sandbox_absent(&program);
    if (expected ? !why || strcmp(why, expected) != 0 : why != NULL) fail_msg("%s: %s", settings, why ? why : "none");
    close_workspace();
}

static void it_is_off_if_a_command_may_need_more(void **state) {
    (void)state;
    if (!landlock_version()) skip();
    setenv("TEST_KEY", "s3cret", 1);
    absent("run.sandbox=no", "sandbox = no in [run]");
    absent("run.sandbox=yes;hooks.success=cat", NULL);
    absent("service.apertium.modes=/nowhere", NULL);
    absent("mail.to=a@b.example;mail.from=a@b.example;mail.command=cat",
           "the command of [mail] may need more than it allows");
    absent("mail.to=a@b.example;mail.from=a@b.example;mail.server=smtp://127.0.0.1", NULL);
    absent("hooks.success=cat", "a program of [hooks] may need more than it allows");
    absent("hooks.ping=https://a.example/", NULL);
    absent("service.s.kind=command;service.s.command=cat", "a service of kind command may need more than it allows");
    absent("service.s.kind=deepl;service.s.key_command=cat",
           "a command that prints a secret may need more than it allows");
    absent("service.s.kind=deepl;service.s.key_env=TEST_KEY", NULL);
}

/* ---------------------------------------------------------------- to what */

/* Opens a file in the way of a run that has begun so; `mode` is as for open(). % stands for the folder outside, $ for
 * the output folder. */
static bool opens(const char *name, int mode) {
    struct buffer path = BUFFER(500);
    for (const char *at = name; *at; at++)
        buffer_print(&path, *at == '%' || *at == '$' ? "%s" : "%.1s",
                     *at == '%'   ? outside
                     : *at == '$' ? workspace
                                  : at);
    int file = open(path.at, mode, 0666);
    if (file >= 0) close(file);
    buffer_free(&path);
    return file >= 0;
}

struct way {
    const char *name;
    int mode;
    bool opens;
};

/* Returns the number of the first way that is not as expected, from 1; 0 = all are. */
static int first_wrong(const struct way *ways, size_t count) {
    struct failure failure = {0};
    if (!sandbox_begin(&program, &failure)) return 99;
    for (size_t i = 0; i < count; i++)
        if (opens(ways[i].name, ways[i].mode) != ways[i].opens) return (int)i + 1;
    return 0;
}

/* Settings may contain %, for the folder outside. */
static void check(const char *settings, const struct way *ways, size_t count) {
    struct buffer text = BUFFER(2000);
    int status;
    for (const char *at = settings; *at; at++)
        buffer_print(&text, *at == '%' ? "%s" : "%.1s", *at == '%' ? outside : at);
    open_workspace(text.at);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(first_wrong(ways, count));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    int wrong = WEXITSTATUS(status);
    if (wrong) fail_msg("%s: %s", text.at, wrong <= (int)count ? ways[wrong - 1].name : "no sandbox");
    close_workspace();
    buffer_free(&text);
}

#define CHECK(settings, ...)                                                                                           \
    check(settings, (const struct way[]){__VA_ARGS__}, sizeof(const struct way[]){__VA_ARGS__} / sizeof(struct way))

static void a_run_needs_its_output_its_tables_and_the_system(void **state) {
    (void)state;
    if (!landlock_version()) skip();
    CHECK("source.a.kind=page;source.a.url=https://a.example/", {"$/new", O_WRONLY | O_CREAT, true},
          {TEST_DATA "/tables/names.tsv", O_RDONLY, true}, {TEST_DATA "/tables/names.tsv", O_WRONLY, false},
          {"/etc/passwd", O_RDONLY, true}, {"/dev/null", O_WRONLY, true}, {"%/a.xml", O_RDONLY, false},
          {"%/new", O_WRONLY | O_CREAT, false});
}

static void sources_may_be_read(void **state) {
    (void)state;
    if (!landlock_version()) skip();
    CHECK("source.a.kind=ndjson;source.a.path=%/a.xml", {"%/a.xml", O_RDONLY, true}, {"%/a.xml", O_WRONLY, false},
          {"%/b.xml", O_RDONLY, false});
    CHECK("source.a.kind=files;source.a.path=%/a.xml %/list.html", {"%/a.xml", O_RDONLY, true},
          {"%/list.html", O_RDONLY, true}, {"%/b.xml", O_RDONLY, false});
    CHECK("source.a.kind=files;source.a.path=%", {"%/a.xml", O_RDONLY, true}, {"%/b.xml", O_RDONLY, true});
    CHECK("source.a.kind=files;source.a.path=%/*.xml", {"%/a.xml", O_RDONLY, true}, {"%/b.xml", O_RDONLY, true});
    CHECK("source.a.kind=feed;source.a.url=%/a.xml", {"%/a.xml", O_RDONLY, true}, {"%/b.xml", O_RDONLY, true});
}

static void files_that_the_configuration_names_are_allowed(void **state) {
    (void)state;
    if (!landlock_version()) skip();
    CHECK("http.ca_file=%/ca.pem", {"%/ca.pem", O_RDONLY, true}, {"%/ca.pem", O_WRONLY, false},
          {"%/a.xml", O_RDONLY, false});
    CHECK("metrics.file=%/m.prom", {"%/m.prom", O_WRONLY | O_CREAT, true});
    CHECK("archive.keep=warc;archive.folder=%", {"%/w", O_WRONLY | O_CREAT, true});
    CHECK("archive.keep=none;archive.folder=%", {"%/w", O_WRONLY | O_CREAT, false});
}

static bool runs(const char *path) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        execl(path, path, (char *)NULL);
        _exit(99);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool runs_after(const char *settings, const char *path) {
    int status;
    open_workspace(settings);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct failure failure = {0};
        _exit(sandbox_begin(&program, &failure) && runs(path) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    close_workspace();
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void programs_are_started_on_request_only(void **state) {
    (void)state;
    if (!landlock_version()) skip();
    assert_false(runs_after("run.sandbox=auto", "/usr/bin/true"));
    assert_true(runs_after("run.sandbox=yes", "/usr/bin/true"));
    assert_true(runs_after("run.sandbox=no", "/usr/bin/true"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_off_if_a_command_may_need_more),
                                       cmocka_unit_test(a_run_needs_its_output_its_tables_and_the_system),
                                       cmocka_unit_test(sources_may_be_read),
                                       cmocka_unit_test(files_that_the_configuration_names_are_allowed),
                                       cmocka_unit_test(programs_are_started_on_request_only)};
    return cmocka_run_group_tests(tests, make_outside, remove_outside);
}
