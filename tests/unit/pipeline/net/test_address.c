#include "unit/cmocka_test.h"

#include "pipeline/net/address.h"

static void non_public_addresses_are_private(void **state) {
    (void)state;
    static const char *const private[] = {"127.0.0.1",
                                          "127.8.8.8",
                                          "0.0.0.0",
                                          "10.1.2.3",
                                          "172.16.0.1",
                                          "172.31.255.255",
                                          "192.168.0.1",
                                          "169.254.169.254",
                                          "100.64.0.1",
                                          "198.18.0.1",
                                          "192.0.0.8",
                                          "224.0.0.1",
                                          "255.255.255.255",
                                          "::",
                                          "::1",
                                          "::127.0.0.1",
                                          "::ffff:127.0.0.1",
                                          "::ffff:10.0.0.1",
                                          "64:ff9b::10.0.0.1",
                                          "2002:7f00:1::",
                                          "2002:a00:1::",
                                          "fe80::1%eth0",
                                          "fc00::1",
                                          "fd12::1",
                                          "ff02::1",
                                          "64:ff9b::a9fe:a9fe",
                                          "64:ff9b:1::7f00:1",
                                          "2001:0:7f00:1::1",
                                          "2001:10::1",
                                          "100::1",
                                          "::ffff:0:7f00:1",
                                          "5f00::1",
                                          "",
                                          "localhost"};
    for (size_t i = 0; i < sizeof private / sizeof *private; i++)
        if (!address_private(private[i])) fail_msg("%s counts as public", private[i]);
}

static void public_addresses_are_not_private(void **state) {
    (void)state;
    static const char *const public[] = {
        "8.8.8.8",          "172.15.0.1",   "172.32.0.1",    "192.167.1.1",          "100.63.0.1",
        "100.128.0.1",      "198.17.0.1",   "223.255.255.1", "2001:4860:4860::8888", "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8", "2a00:1450::1", "2001:200::1",   "2002:808:808::1"};
    for (size_t i = 0; i < sizeof public / sizeof *public; i++)
        if (address_private(public[i])) fail_msg("%s counts as private", public[i]);
}

static void a_url_with_a_private_address_is_recognised(void **state) {
    (void)state;
    static const char *const private[] = {"http://127.0.0.1/",
                                          "http://localhost:80/a",
                                          "http://LOCALHOST./",
                                          "http://\xEF\xBC\x91\xEF\xBC\x90.0.0.1/",
                                          "http://localhost\xE3\x80\x82/",
                                          "http://a.ⓛocalhost/",
                                          "http://a.localhost/",
                                          "http://169.254.169.254/latest",
                                          "http://[::1]/",
                                          "http://[fe80::1]/",
                                          "http://user@10.0.0.1/",
                                          "http://2130706433/",
                                          "http://0x7f.1/",
                                          "http://[::ffff:10.0.0.1]/",
                                          "http://0177.0.0.1/",
                                          "http://127.1/",
                                          "http://0/",
                                          "http://0x7f000001:80/",
                                          "http://127.0.0.1./",
                                          "http://2130706433./",
                                          "http://[::ffff:7f00:1]/",
                                          "http://[64:ff9b::7f00:1]/",
                                          "http://[2002:7f00:1::]/",
                                          "http://[::127.0.0.1]/",
                                          "http://a:b@127.0.0.1/",
                                          "http://127.0.0.1?@radio.example/",
                                          "http://127%2e0.0.1/"};
    static const char *const public[] = {"http://radio.example/",
                                         "http://127.radio.example/",
                                         "http://localhost.example/",
                                         "http://8.8.8.8/",
                                         "http://8.8.2056/",
                                         "http://köln.example/",
                                         "http://127.0.0.1@radio.example/",
                                         "/moved",
                                         "?a=b",
                                         ""};
    for (size_t i = 0; i < sizeof private / sizeof *private; i++)
        if (!address_url_private(private[i])) fail_msg("%s counts as public", private[i]);
    for (size_t i = 0; i < sizeof public / sizeof *public; i++)
        if (address_url_private(public[i])) fail_msg("%s counts as private", public[i]);
}

static void only_this_machine_is_loopback(void **state) {
    (void)state;
    assert_true(address_url_loopback("http://127.0.0.1:8080/v1"));
    assert_true(address_url_loopback("http://localhost/"));
    assert_true(address_url_loopback("http://[::1]/"));
    assert_false(address_url_loopback("http://127.radio.example/"));
    assert_false(address_url_loopback("http://10.0.0.1/"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(non_public_addresses_are_private), cmocka_unit_test(public_addresses_are_not_private),
        cmocka_unit_test(a_url_with_a_private_address_is_recognised), cmocka_unit_test(only_this_machine_is_loopback)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
