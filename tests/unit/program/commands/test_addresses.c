/* Addresses and paths of a configuration that cannot be right. */
#include "unit/program/config_problems.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/commands/addresses.h"

static char place[] = "/tmp/dragoman-test-XXXXXX";

static int set_up(void **state) {
    char path[100];
    (void)state;
    if (!mkdtemp(place)) return -1;
    snprintf(path, sizeof path, "%s/a.xml", place);
    FILE *file = fopen(path, "w");
    return file && fclose(file) == 0 ? 0 : -1;
}

static int tear_down(void **state) {
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", place);
    return system(command);
}

static void check_all(const struct config *config, const char *data_folder) {
    (void)data_folder;
    addresses_check(config);
}

/* A % in the settings and in the problem stands for the folder in which there is a file a.xml. */
static void check(const char *settings, const char *problem) {
    struct buffer text = BUFFER(2000), expected = BUFFER(2000);
    for (const char *at = settings; *at; at++) buffer_print(&text, *at == '%' ? "%s" : "%.1s", *at == '%' ? place : at);
    for (const char *at = problem ? problem : ""; *at; at++)
        buffer_print(&expected, *at == '%' ? "%s" : "%.1s", *at == '%' ? place : at);
    assert_checked(check_all, text.at, problem ? expected.at : NULL);
    buffer_free(&text);
    buffer_free(&expected);
}

static void a_source_needs_an_address(void **state) {
    (void)state;
    check("source.a.kind=feed;source.a.url=https://a.example/", NULL);
    check("source.a.kind=feed", "the source has no address; write url = ADDRESS");
    check("source.a.kind=page", "the source has no address; write url = ADDRESS");
    check("source.a.kind=page;source.a.url=https://a.example/ https://b.example/", NULL);
    check("source.a.kind=page;source.a.url=https://a.example/ b.example",
          "'b.example' is not a valid address: it does not begin with http:// or https://");
    check("source.a.kind=site;source.a.url=ftp://a.example/",
          "'ftp://a.example/' is not a valid address: it does not begin with http:// or https://");
}

static void a_feed_may_be_a_file(void **state) {
    (void)state;
    check("source.a.kind=feed;source.a.url=%/a.xml", NULL);
    check("source.a.kind=feed;source.a.url=file://%/a.xml", NULL);
    check("source.a.kind=feed;source.a.url=%/b.xml",
          "cannot read the file %/b.xml: No such file or directory; if this is an address, begin it with https://");
    check("source.a.kind=site;source.a.url=%/a.xml",
          "'%/a.xml' is not a valid address: it does not begin with http:// or https://");
}

static void paths_lead_to_files(void **state) {
    (void)state;
    check("source.a.kind=files;source.a.path=%", NULL);
    check("source.a.kind=files;source.a.path=%/a.xml", NULL);
    check("source.a.kind=files;source.a.path=%/*.xml", NULL);
    check("source.a.kind=files;source.a.path=%/*.html", "no such file or folder: %/*.html");
    check("source.a.kind=files;source.a.path=%/a.xml %/b", "no such file or folder: %/b");
    check("source.a.kind=files", "the source has no path; write path = FILE");
    check("source.a.kind=ndjson;source.a.path=%/a.xml", NULL);
    check("source.a.kind=ndjson;source.a.path=-", NULL);
    check("source.a.kind=ndjson;source.a.path=%/b", "no such file or folder: %/b");
}

#define HOSTS "source.a.kind=feed;source.a.url=https://a.example/;source.a.local_hosts="

static void hosts_are_hosts(void **state) {
    (void)state;
    check(HOSTS "nas.lan", NULL);
    check(HOSTS "nas.lan:8080 127.0.0.1", NULL);
    check(HOSTS "http://nas.lan:8080/x", NULL);
    check(HOSTS "nas.lan nas.lan:", "'nas.lan:' is not a host; write HOST or HOST:PORT");
    check(HOSTS "nas.lan:0", "'nas.lan:0' is not a host; write HOST or HOST:PORT");
    check(HOSTS "nas.lan/x", "'nas.lan/x' is not a host; write HOST or HOST:PORT");
    check(HOSTS "nas.lan:x", "'nas.lan:x' is not a host; write HOST or HOST:PORT");
}

static void services_have_addresses(void **state) {
    (void)state;
    check("service.s.kind=libretranslate;service.s.url=http://127.0.0.1:1", NULL);
    check("service.s.kind=libretranslate;service.s.url=127.0.0.1:1",
          "'127.0.0.1:1' is not a valid address: it does not begin with http:// or https://");
}

static void what_is_written_to_can_be_written(void **state) {
    (void)state;
    check("run.output=%", NULL);
    check("run.output=%/new/folders", NULL);
    check("run.output=/dev/null/x", "cannot write to '/dev/null/x': Not a directory");
    check("run.output=%;run.state=%/state.db", NULL);
    check("run.output=%;run.state=%/new/state.db", NULL);
    check("run.output=%;run.state=%", "cannot write to '%': Is a directory");
    check("run.output=%;run.state=/dev/null/state.db", "cannot write to '/dev/null/state.db': Not a directory");
    check("run.output=%;archive.keep=warc;archive.folder=%/a", NULL);
    check("run.output=%;archive.keep=warc;archive.folder=/dev/null/a",
          "cannot write to '/dev/null/a': Not a directory");
    check("run.output=%;archive.folder=/dev/null/a", NULL); /* nothing is written there */
    check("run.output=%;http.ca_file=%/a.xml", NULL);
    check("run.output=%;http.ca_file=%/b", "cannot read the file %/b: No such file or directory");
    char path[100];
    snprintf(path, sizeof path, "%s/new", place);
    assert_int_equal(access(path, F_OK), -1); /* nothing was made */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_needs_an_address), cmocka_unit_test(a_feed_may_be_a_file),
        cmocka_unit_test(paths_lead_to_files),       cmocka_unit_test(hosts_are_hosts),
        cmocka_unit_test(services_have_addresses),   cmocka_unit_test(what_is_written_to_can_be_written)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
