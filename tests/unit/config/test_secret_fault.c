/* What must not be in a key: whatever would cut it, end its header or cannot be seen. */
#include "unit/cmocka_test.h"

#include "config/secret_fault.h"

struct damaged {
    struct span text;
    const char *fault; /* NULL: sound */
    size_t byte;
};
#define BYTES(text)                                                                                                    \
    { (text), sizeof(text) - 1 }

static void assert_faults(const struct damaged *cases, size_t count, bool many_lines) {
    for (size_t i = 0; i < count; i++) {
        size_t byte = 0;
        const char *fault = secret_fault(cases[i].text, many_lines, &byte);
        if (!cases[i].fault != !fault) fail_msg("case %zu: %s", i, fault ? fault : "sound");
        if (fault && !strstr(fault, cases[i].fault)) fail_msg("case %zu: '%s' is not '%s'", i, fault, cases[i].fault);
        assert_int_equal(byte, cases[i].byte);
    }
}

static void a_key_is_one_line_that_can_be_seen(void **state) {
    (void)state;
    static const struct damaged cases[] = {{BYTES(""), NULL, 0},
                                           {BYTES("sk-4f/7+a=_~"), NULL, 0},
                                           {BYTES("two words"), NULL, 0},
                                           {BYTES("gr\xC3\xBC\xC3\x9F \xE6\x97\xA5\xE6\x9C\xAC"), NULL, 0},
                                           {BYTES("sk-4\0f7"), "a NUL byte", 5},
                                           {BYTES("\xFF\xFEs\0k\0"), "a NUL byte", 4},
                                           {BYTES("sk-4\nf7"), "a line break", 5},
                                           {BYTES("sk-4\r\nf7"), "a line break", 5},
                                           {BYTES("sk-4\rf7"), "a line break", 5},
                                           {BYTES("sk\tf7"), "a control character", 3},
                                           {BYTES("sk\x1B[0m"), "a control character", 3},
                                           {BYTES("sk\x7F"), "a control character", 3},
                                           {BYTES("\xEF\xBB\xBFsk-4"), "an invisible character", 1},
                                           {BYTES("sk-4\xC2\xA0"), "an invisible character", 5},
                                           {BYTES("sk\xE2\x80\x8B-4"), "an invisible character", 3}};
    assert_faults(cases, sizeof cases / sizeof *cases, false);
}

static void headers_have_lines_and_nothing_else(void **state) {
    (void)state;
    static const struct damaged cases[] = {{BYTES("Cookie: a=1\nX-Key:\tb\r\nX-Other: c"), NULL, 0},
                                           {BYTES("Cookie: a=1\0\nX-Key: b"), "a NUL byte", 12},
                                           {BYTES("Cookie: a=1\rX-Key: b"), "a line break", 12},
                                           {BYTES("Cookie: a=1\n\xEF\xBB\xBFX-Key: b"), "an invisible character", 13},
                                           {BYTES("Cookie: \v"), "a control character", 9}};
    assert_faults(cases, sizeof cases / sizeof *cases, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_key_is_one_line_that_can_be_seen),
                                       cmocka_unit_test(headers_have_lines_and_nothing_else)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
