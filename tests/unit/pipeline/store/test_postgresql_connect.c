/* Addresses of a server, and its connections. What needs a server needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>

#include "pipeline/store/store_internal.h"
#include "unit/any_server.h"

static void a_password_in_an_address_is_seen(void **state) {
    (void)state;
    static const char *const with[] = {"postgresql://a:b@h/d",
                                       "postgres://h/d?password=b",
                                       "postgresql:///d?user=a&password=b",
                                       "postgresql://a:b@[::1]:5432,h:1/d",
                                       "postgresql://a:b?c@h/d",
                                       "postgresql://h/d?%70assword=b",
                                       "postgresql://h/d?sslpassword=b"};
    static const char *const without[] = {"postgresql://a@h:5432/d", "postgresql://h:1,i:2/d",
                                          "postgresql:///d?host=/a:b@c", "postgresql://", "postgresql://a:@h"};
    struct postgresql_address found;
    if (!database_postgresql_is_built_in()) skip();
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        if (!database_postgresql_read_address(span_of(with[i]), &found) || !found.has_password) fail_msg("%s", with[i]);
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        if (!database_postgresql_read_address(span_of(without[i]), &found) || found.has_password)
            fail_msg("%s", without[i]);
}

static void an_address_is_named_without_its_password(void **state) {
    (void)state;
    struct postgresql_address found;
    if (!database_postgresql_is_built_in()) skip();
    assert_true(database_postgresql_read_address(SPAN("postgresql://a:hunter2@h/d"), &found));
    assert_string_equal(found.name, "d on h");
    assert_false(database_postgresql_read_address(SPAN("postgresql://a:hunter2@h/d?pasword=hunter2"), &found));
    assert_string_equal(found.name, "a PostgreSQL database");
}

static void the_schema_of_an_address_is_named(void **state) {
    (void)state;
    static const char *const options[] = {
        "-csearch_path%3Dtwo", "-c%20search_path%3Dtwo,public%20-cjit%3Doff", "--search_path%3D%22two%22",
        "-cjit%3Doff%20-csearch_path%3Dtwo%20-cfsync%3Don", "-csearch_path%3Dtwo&user=a"};
    struct postgresql_address found;
    if (!database_postgresql_is_built_in()) skip();
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const char *address = arena_print(arena, "postgresql://h/d?options=%s", options[i]).at;
        assert_true(database_postgresql_read_address(span_of(address), &found));
        assert_string_equal(found.name, "d on h (schema two)");
    }
    assert_true(database_postgresql_read_address(SPAN("postgresql://h/d?options=-cjit%3Doff"), &found));
    assert_string_equal(found.name, "d on h");
}

/* The address of the server, over TCP, after what `before` says of other servers. */
static const char *over_tcp(const char *before, const char *name) {
    struct store *store = any_server_join(STORE_UNLOCKED);
    struct statement *user = database_prepare(store->database, "SELECT current_user");
    assert_true(user && statement_step(user) == STATEMENT_ROW);
    int port = (int)any_server_number(store->database, "SELECT CAST(current_setting('port') AS INTEGER)");
    const char *address = arena_print(arena, "postgresql://%.*s@%s127.0.0.1:%d/%s", SPAN_ARGS(statement_bytes(user, 0)),
                                      before, port, name)
                              .at;
    statement_free(user);
    store_close(store);
    return address;
}

static void the_address_that_answers_counts(void **state) {
    (void)state;
    struct database *database = NULL;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    assert_true(database_postgresql_open(over_tcp("127.0.0.1:1,", "postgres"), NULL, &database, NULL));
    database_close(database);
    assert_false(database_postgresql_open(over_tcp("127.0.0.1:1,", "nowhere"), NULL, &database, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "nowhere on 127.0.0.1 does not exist");
}

/* Over a socket of the file system there are no such settings. */
static void the_server_notices_that_a_client_has_gone(void **state) {
    (void)state;
    struct database *database = NULL;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    const char *address = over_tcp("", "postgres");
    if (!database_postgresql_open(address, NULL, &database, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(any_server_number(database, "SELECT CAST(current_setting('tcp_keepalives_idle') AS INTEGER)"), 30);
    assert_int_equal(any_server_number(database, "SELECT CAST(current_setting('tcp_keepalives_interval') AS INTEGER)"),
                     10);
    assert_int_equal(any_server_number(database, "SELECT CAST(current_setting('tcp_keepalives_count') AS INTEGER)"), 3);
    database_close(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVER_TEST(a_password_in_an_address_is_seen), SERVER_TEST(an_address_is_named_without_its_password),
        SERVER_TEST(the_schema_of_an_address_is_named), SERVER_TEST(the_address_that_answers_counts),
        SERVER_TEST(the_server_notices_that_a_client_has_gone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
