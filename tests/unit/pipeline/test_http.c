#include "unit/cmocka_test.h"

#include "pipeline/http.h"

static void what_is_not_public_is_private(void **state) {
    (void)state;
    static const char *const private[] = {"127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
                                          "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.0.8", "224.0.0.1", "255.255.255.255",
                                          "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1",
                                          "2002:7f00:1::", "2002:a00:1::", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "", "localhost"};
    for (size_t i = 0; i < sizeof private / sizeof *private; i++)
        if (!http_address_private(private[i])) fail_msg("%s counts as public", private[i]);
}

static void what_is_public_is_not(void **state) {
    (void)state;
    static const char *const public[] = {"8.8.8.8", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.63.0.1", "100.128.0.1", "198.17.0.1",
                                         "223.255.255.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"};
    for (size_t i = 0; i < sizeof public / sizeof *public; i++)
        if (http_address_private(public[i])) fail_msg("%s counts as private", public[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_not_public_is_private), cmocka_unit_test(what_is_public_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
