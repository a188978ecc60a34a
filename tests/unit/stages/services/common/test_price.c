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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_not_counted_stays_reserved),
        cmocka_unit_test(test_no_answer_costs_no_tokens_of_an_answer),
        cmocka_unit_test(test_tokens_without_a_price_are_as_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
