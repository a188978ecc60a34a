/* The names of network file systems. */
#include "unit/cmocka_test.h"

#include "pipeline/base/file_system.h"

static void systems_of_other_machines_have_names(void **state) {
    (void)state;
    assert_string_equal(file_system_name(0x6969), "NFS");
    assert_string_equal(file_system_name(0xFF534D42), "CIFS");
    assert_string_equal(file_system_name((unsigned long)(int)0xFF534D42), "CIFS"); /* f_type is signed */
    assert_string_equal(file_system_name(0x01021997), "9p");
    static const unsigned long local[] = {0xEF53, 0x01021994, 0x9123683E, 0x58465342, 0x794C7630, 0x65735546, 0};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) assert_null(file_system_name(local[i]));
}

static void a_path_need_not_exist(void **state) {
    (void)state;
    static const char *const paths[] = {"/proc/no/such/folder", "/", "", "not-here", "not/here/either", "/dev/null/x"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) assert_null(file_system_of_network(paths[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(systems_of_other_machines_have_names),
                                       cmocka_unit_test(a_path_need_not_exist)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
