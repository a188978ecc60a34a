/* Document types of old pages. */
#include "unit/cmocka_test.h"

#include "stages/extract/doctype.h"

static void complete_declarations_are_not_quirky(void **state) {
    (void)state;
    static const char *const declarations[] = {
        "<!doctype html>",
        "<!DOCTYPE HTML >",
        "<!DOCTYPE\nhtml\n>",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"xhtml1-strict.dtd\">",
        "<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        "<!DOCTYPE html SYSTEM \"about:legacy-compat\">",
        "<!doctype html system 'x' y>"};
    for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++)
        if (doctype_is_quirky(span_of(declarations[i]))) fail_msg("%s", declarations[i]);
}

static void others_are(void **state) {
    (void)state;
    static const char *const declarations[] = {"<!doctype>",
                                               "<!doctype",
                                               "<!doctype html",
                                               "<!doctype htm>",
                                               "<!doctype html5>",
                                               "<!doctype html x>",
                                               "<!doctype html public>",
                                               "<!doctype html public x>",
                                               "<!doctype html public 'x>",
                                               "<!doctype html public 'x' y>",
                                               "<!doctype html system>"};
    for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++)
        if (!doctype_is_quirky(span_of(declarations[i]))) fail_msg("%s", declarations[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete_declarations_are_not_quirky),
        cmocka_unit_test(others_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
