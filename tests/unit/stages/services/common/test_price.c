/* What a request is taken to cost after its reply, when the service counts all, some or none of its tokens. */
#include "unit/cmocka_test.h"

#include "stages/services/common/price.h"

enum { MOST_INPUT = 3000, MOST_OUTPUT = 8192 };

static struct bill_line billed(struct usage usage, long long input_price, long long output_price) {
    struct configured_service service = {.prices = {.input_tokens = input_price, .output_tokens = output_price}};
    struct bill_line most = {
        .requests = 1, .characters = 500, .input_tokens = MOST_INPUT, .output_tokens = MOST_OUTPUT};
    return price_billed(&service, &most, &usage);
}

static void assert_tokens(struct usage usage, unsigned long input, unsigned long output) {
    struct bill_line line = billed(usage, 10000000, 30000000);
    assert_int_equal(line.input_tokens, input);
    assert_int_equal(line.output_tokens, output);
    assert_int_equal(line.cost, input * 10 + output * 30);
}

/* Otherwise a server that counts only the request would lower the cost below the real bill, past a cap. */
static void test_what_is_not_counted_stays_reserved(void **state) {
    (void)state;
    assert_tokens((struct usage){.input_tokens = 900, .output_tokens = 400}, 900, 400);
    assert_tokens((struct usage){.input_tokens = 900}, 900, MOST_OUTPUT);
    assert_tokens((struct usage){.output_tokens = 400}, MOST_INPUT, 400);
    assert_tokens((struct usage){0}, MOST_INPUT, MOST_OUTPUT);
}

static void test_no_answer_costs_no_tokens_of_an_answer(void **state) {
    (void)state;
    assert_tokens((struct usage){.input_tokens = 900, .unanswered = true}, 900, 0);
    assert_tokens((struct usage){.input_tokens = 900, .output_tokens = 70, .unanswered = true}, 900, 70);
    assert_tokens((struct usage){.unanswered = true}, MOST_INPUT, MOST_OUTPUT);
}

static void test_tokens_without_a_price_are_as_told(void **state) {
    (void)state;
    struct bill_line line = billed((struct usage){.input_tokens = 900}, 0, 0);
    assert_int_equal(line.input_tokens, 900);
    assert_int_equal(line.output_tokens, 0);
    assert_int_equal(line.cost, 0);
}

/* Two texts of 13 characters in a request of 400 bytes. */
static void check_request(struct configured_service service, bool expected, unsigned long input, unsigned long output,
                          long long cost) {
    const struct span texts[] = {SPAN("Seis siete ñ."), SPAN("Cuatro cinco.")};
    const struct batch batch = {.texts = texts, .count = 2};
    struct exchange exchange = {.body = {.length = 400}};
    service.name = SPAN("mine");
    struct bill_line line = (expected ? price_expected : price_most)(&service, &batch, &exchange);
    assert_span(line.service, "mine");
    assert_int_equal(line.requests, 1);
    assert_int_equal(line.segments, 2);
    assert_int_equal(line.characters, 26);
    assert_int_equal(line.input_tokens, input);
    assert_int_equal(line.output_tokens, output);
    assert_int_equal(line.cost, cost);
}

static unsigned long seven_hundred(const void *state) {
    (void)state;
    return 700;
}

static const struct service unlimited = {.name = "unlimited"},
                            limited = {.name = "limited", .longest_answer = seven_hundred};

static void test_characters_have_a_price(void **state) {
    (void)state;
    const struct configured_service service = {.service = &unlimited, .prices = {.characters = 20000000}};
    check_request(service, false, 0, 0, 520);
    check_request(service, true, 0, 0, 520);
}

static void test_tokens_have_a_price(void **state) {
    (void)state;
    struct configured_service service = {.service = &unlimited,
                                         .prices = {.input_tokens = 10000000, .output_tokens = 30000000}};
    check_request(service, false, 400, 400, 400 * 10 + 400 * 30);
    check_request(service, true, 100, 6, 100 * 10 + 6 * 30);
    service.service = &limited;
    check_request(service, false, 400, 400, 400 * 10 + 400 * 30); /* it could not be opened, so it is not asked */
    service.state = &service;
    check_request(service, false, 400, 700, 400 * 10 + 700 * 30);
    service.prices.output_tokens = 0;
    check_request(service, false, 400, 700, 400 * 10);
    service.prices = (struct prices){.output_tokens = 30000000};
    check_request(service, false, 400, 700, 700 * 30);
    service.prices = (struct prices){0};
    check_request(service, false, 0, 0, 0);
    check_request(service, true, 0, 0, 0);
}

static void test_fractions_are_rounded_up(void **state) {
    (void)state;
    const struct configured_service service = {.service = &unlimited, .prices = {.characters = 1}};
    check_request(service, false, 0, 0, 1);
}

static void test_the_bill_replaces_the_estimate(void **state) {
    (void)state;
    const struct configured_service service = {.prices = {.characters = 20000000}};
    const struct bill_line most = {.requests = 1, .segments = 2, .characters = 500, .cost = 10000};
    struct bill_line line = price_billed(&service, &most, &(struct usage){.characters = 300});
    assert_int_equal(line.characters, 300);
    assert_int_equal(line.cost, 6000);
    assert_int_equal(line.segments, 2);
    line = price_billed(&service, &most, &(struct usage){0});
    assert_int_equal(line.characters, 500);
    assert_int_equal(line.cost, 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_not_counted_stays_reserved),
        cmocka_unit_test(test_no_answer_costs_no_tokens_of_an_answer),
        cmocka_unit_test(test_tokens_without_a_price_are_as_told),
        cmocka_unit_test(test_characters_have_a_price),
        cmocka_unit_test(test_tokens_have_a_price),
        cmocka_unit_test(test_fractions_are_rounded_up),
        cmocka_unit_test(test_the_bill_replaces_the_estimate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
