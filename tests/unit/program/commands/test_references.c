/* What a configuration names that must exist: languages, sources, prices. */
#include "unit/program/config_problems.h"

#include <stdlib.h>

#include "program/commands/references.h"

static void check(const char *settings, const char *problem) {
    assert_checked(references_check, settings, problem);
}

static void languages_are_known(void **state) {
    (void)state;
    check("source.a.kind=page;source.a.language=bg", NULL);
    check("source.a.kind=page;source.a.language=zh", NULL);
    check("source.a.kind=page;source.a.language=zh-Hans", NULL);
    check("source.a.kind=page;source.a.language=pt-BR", NULL);
    check("source.a.kind=page;source.a.language=bgx", "unknown language code 'bgx'; expected, e.g., bg or zh-Hans");
    check("source.a.kind=page", NULL);
    check("identify.skip=bg xq", "unknown language code 'xq'; expected, e.g., bg or zh-Hans");
    check("mail.to=a@b.example;mail.from=a@b.example;mail.languages=bg qq",
          "unknown language code 'qq'; expected, e.g., bg or zh-Hans");
}

#define APY "service.s.kind=apy;service.s.url=http://127.0.0.1:1;service.s.languages="

static void a_service_may_have_its_own_names_of_languages(void **state) {
    (void)state;
    check(APY "bg", NULL);
    check(APY "bg=bul es=x", NULL);
    check(APY "bq=bul", "unknown language code 'bq'; expected, e.g., bg or zh-Hans");
    check(APY "=bul", "expected CODE or CODE=NAME, not '=bul'");
    check(APY "bg=", "expected CODE or CODE=NAME, not 'bg='");
}

#define PAID "service.s.kind=deepl;service.s."

static void a_cap_on_cost_needs_a_price(void **state) {
    (void)state;
    check(PAID "cost_per_run=1",
          "'cost_per_run' has no effect without a price; set price, or input_price and output_price");
    check(PAID "cost_per_day=1",
          "'cost_per_day' has no effect without a price; set price, or input_price and output_price");
    check(PAID "cost_per_month=1",
          "'cost_per_month' has no effect without a price; set price, or input_price and output_price");
    check(PAID "cost_per_day=1;" PAID "price=1", NULL);
    check(PAID "cost_per_day=1;" PAID "input_price=1", NULL);
    check(PAID "cost_per_day=1;" PAID "output_price=1", NULL);
    check(PAID "characters_per_day=1", NULL);
    check("service.s.kind=apertium;service.s.cost_per_day=1", NULL); /* it is free of charge anyway */
}

#define KEY "service.s.kind=libretranslate;service.s.key_env=TEST_KEY;service.s.url="

static void a_key_is_not_sent_unencrypted(void **state) {
    (void)state;
    setenv("TEST_KEY", "s3cret", 1);
    check(KEY "https://a.example/", NULL);
    setenv("TEST_KEY", "s3cret", 1);
    check(KEY "HTTPS://a.example/", NULL);
    setenv("TEST_KEY", "s3cret", 1);
    check(KEY "http://127.0.0.1:5000/", NULL);
    setenv("TEST_KEY", "s3cret", 1);
    check(KEY "http://a.example/;service.s.plain_http=yes", NULL);
    setenv("TEST_KEY", "s3cret", 1);
    check(KEY "http://a.example/", "the key would be sent unencrypted; use https, or set plain_http = yes to allow it");
    check("service.s.kind=libretranslate;service.s.url=http://a.example/", NULL);
}

static void a_route_leads_somewhere(void **state) {
    (void)state;
    check("service.s.kind=apertium;route.bg.services=s", NULL);
    check("service.s.kind=apertium;route.default.services=s", NULL);
    check("service.s.kind=apertium;route.xq.services=s",
          "unknown language code 'xq'; name the route after a language, or set languages, sources or section");
    check("service.s.kind=apertium;route.x.services=s;route.x.languages=bg", NULL);
    check("service.s.kind=apertium;route.x.services=s;route.x.languages=xq",
          "unknown language code 'xq'; expected, e.g., bg or zh-Hans");
    check("route.bg.languages=bg", "the route has no service; write services = NAME");
    check("service.s.kind=apertium;source.a.kind=page;route.x.services=s;route.x.sources=a", NULL);
    check("service.s.kind=apertium;route.x.services=s;route.x.sources=a",
          "[route \"x\"] names the source 'a', but there is no [source \"a\"]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_are_known), cmocka_unit_test(a_service_may_have_its_own_names_of_languages),
        cmocka_unit_test(a_cap_on_cost_needs_a_price), cmocka_unit_test(a_key_is_not_sent_unencrypted),
        cmocka_unit_test(a_route_leads_somewhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
