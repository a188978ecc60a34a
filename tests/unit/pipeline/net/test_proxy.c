/* Which proxy a request goes to, by the configuration and the environment. */
#include "unit/cmocka_test.h"

#include <stdlib.h>

#include "pipeline/net/proxy.h"

static const char *const variables[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                        "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};

static int clear(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) unsetenv(variables[i]);
    return 0;
}

static void assert_proxy(const char *configured, const char *url, const char *wanted) {
    const char *proxy = proxy_for(configured, url);
    if (!wanted && proxy) fail_msg("%s goes to %s", url, proxy);
    if (wanted && (!proxy || strcmp(proxy, wanted) != 0)) fail_msg("%s goes to %s", url, proxy ? proxy : "none");
}

static void without_settings_there_is_none(void **state) {
    (void)state;
    setenv("HTTP_PROXY", "http://never:1", 1);
    setenv("http_proxy", "", 1);
    assert_proxy(NULL, "http://radio.example/", NULL);
    assert_proxy(NULL, "https://radio.example/", NULL);
}

static void the_scheme_decides(void **state) {
    (void)state;
    setenv("https_proxy", "http://secure:1", 1);
    assert_proxy(NULL, "http://radio.example/", NULL);
    assert_proxy(NULL, "https://radio.example/", "http://secure:1");
    setenv("ALL_PROXY", "http://all:1", 1);
    assert_proxy(NULL, "http://radio.example/", "http://all:1");
    setenv("http_proxy", "http://plain:1", 1);
    assert_proxy(NULL, "http://radio.example/", "http://plain:1");
    assert_proxy("http://mine:1", "https://radio.example/", "http://mine:1");
}

static void hosts_can_be_excluded(void **state) {
    (void)state;
    static const char *const excluded[] = {"http://radio.example/", "http://a.RADIO.example./", "http://lan/",
                                           "http://10.2.3.4:80/",   "http://192.168.7.7/",      "http://[fd00::1]/",
                                           "http://[2001:db8::9]/", "http://0xA000001/"};
    static const char *const others[] = {"http://noradio.example/", "http://example/",     "http://wlan/",
                                         "http://11.0.0.1/",        "http://192.168.7.8/", "http://[fe00::1]/"};
    setenv("NO_PROXY", "other.example,.radio.example., lan 10.0.0.0/8,192.168.7.7 fd00::/8,2001:db8::9", 1);
    for (size_t i = 0; i < sizeof excluded / sizeof *excluded; i++) assert_proxy("http://mine:1", excluded[i], NULL);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_proxy("http://mine:1", others[i], "http://mine:1");
    setenv("no_proxy", "*", 1);
    assert_proxy("http://mine:1", "http://noradio.example/", NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup(without_settings_there_is_none, clear),
                                       cmocka_unit_test_setup(the_scheme_decides, clear),
                                       cmocka_unit_test_setup(hosts_can_be_excluded, clear)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
