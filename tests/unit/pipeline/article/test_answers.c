/* An editor's answers: what is accepted, what is a new doubt, and what a remade article gets back. */
#include "unit/cmocka_test.h"

#include "pipeline/article/answers.h"

static struct segment *add(struct article *article, const char *source, const char *target) {
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(source));
    struct segment *segment = article_add_segment(article, block, block->text);
    segment->target = span_of(target);
    segment->status = SEGMENT_SUSPECT;
    return segment;
}

static struct segment *add_doubtful(struct article *article, const char *source, const char *target) {
    struct segment *segment = add(article, source, target);
    article_add_finding(article, segment, "numbers", SEVERITY_WARNING, SPAN("17 became 71"));
    article_add_finding(article, segment, "length", SEVERITY_NOTE, SPAN("short"));
    article_add_finding(article, segment, "names", SEVERITY_WARNING, SPAN("a name is gone"));
    return segment;
}

static void warnings_are_accepted_and_notes_stay(void **state) {
    (void)state;
    struct article *article = article_new();
    struct segment *segment = add_doubtful(article, "Uno 17.", "One 71.");
    assert_int_equal(article_accept(article, segment, "2026-01-29T12:00:00Z"), 2);
    assert_int_equal(segment->status, SEGMENT_OK);
    assert_span(segment->accepted_at, "2026-01-29T12:00:00Z");
    assert_int_equal(segment->accepted_count, 2);
    assert_string_equal(segment->accepted[0].check, "numbers");
    assert_string_equal(segment->accepted[1].check, "names");
    assert_int_equal(segment->finding_count, 1);
    assert_string_equal(segment->findings[0].check, "length");
    article_free(article);
}

/* What was accepted before counts, too, but is not counted again. */
static void a_second_answer_is_added_to_the_first(void **state) {
    (void)state;
    struct article *article = article_new();
    struct segment *segment = add_doubtful(article, "Uno 17.", "One 71.");
    article_accept(article, segment, "2026-01-29T12:00:00Z");
    assert_int_equal(article_accept(article, segment, "2026-01-30T12:00:00Z"), 0);
    assert_span(segment->accepted_at, "2026-01-29T12:00:00Z");
    segment->status = SEGMENT_SUSPECT;
    article_add_finding(article, segment, "negation", SEVERITY_WARNING, SPAN("a no is gone"));
    assert_int_equal(article_accept(article, segment, "2026-01-30T12:00:00Z"), 1);
    assert_int_equal(segment->accepted_count, 3);
    assert_string_equal(segment->accepted[2].check, "negation");
    article_free(article);
}

static void only_a_finding_of_another_check_is_a_new_doubt(void **state) {
    (void)state;
    struct article *article = article_new();
    struct segment *segment = add_doubtful(article, "Uno 17.", "One 71.");
    segment_settle_accepted(segment);
    assert_int_equal(segment->finding_count, 3); /* nothing was accepted */
    article_accept(article, segment, "2026-01-29T12:00:00Z");
    article_add_finding(article, segment, "negation", SEVERITY_WARNING, SPAN("a no is gone"));
    article_add_finding(article, segment, "names", SEVERITY_WARNING, SPAN("a name is gone"));
    segment_settle_accepted(segment);
    assert_int_equal(segment->finding_count, 2);
    assert_string_equal(segment->findings[0].check, "length");
    assert_string_equal(segment->findings[1].check, "negation");
    segment_forget_accepted(segment);
    assert_int_equal(segment->accepted_at.length, 0);
    assert_int_equal(segment->accepted_count, 0);
    article_add_finding(article, segment, "names", SEVERITY_WARNING, SPAN("a name is gone"));
    segment_settle_accepted(segment);
    assert_int_equal(segment->finding_count, 3);
    article_free(article);
}

/* The earlier record has gone by the time that the answers are given back. */
static void an_article_that_is_made_again_gets_its_answers(void **state) {
    (void)state;
    struct article *earlier = article_new(), *article = article_new();
    article_accept(earlier, add_doubtful(earlier, "Uno 17.", "One 71."), "2026-01-29T12:00:00Z");
    add(earlier, "Dos.", "Two.");
    struct segment *replaced = add(earlier, "Tres.", "Three.");
    replaced->replaced = SPAN("Tree.");
    replaced->replaced_at = SPAN("2026-01-29T13:00:00Z");
    article_take_answers(article, earlier);
    article_free(earlier);
    assert_int_equal(article->answered_count, 2);
    add(article, "Tres.", "Three.");
    add(article, "Uno 17.", "One 17.");
    add(article, "Uno 71.", "One 71.");
    add(article, "Dos.", "Two.");
    add(article, "Uno 17.", "One 71.");
    struct segment *own = add(article, "Tres.", "Three.");
    own->replaced_at = SPAN("2026-01-30T13:00:00Z");
    article_recall_answers(article);
    assert_span(article->body[0].segments[0].replaced, "Tree.");
    assert_span(article->body[0].segments[0].replaced_at, "2026-01-29T13:00:00Z");
    for (size_t i = 1; i < 4; i++) assert_int_equal(article->body[i].segments[0].accepted_at.length, 0);
    struct segment *accepted = &article->body[4].segments[0];
    assert_span(accepted->accepted_at, "2026-01-29T12:00:00Z");
    assert_int_equal(accepted->accepted_count, 2);
    assert_string_equal(accepted->accepted[1].check, "names");
    assert_span(accepted->accepted[1].message, "a name is gone");
    assert_span(article->body[5].segments[0].replaced_at, "2026-01-30T13:00:00Z");
    article_free(article);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(warnings_are_accepted_and_notes_stay),
                                       cmocka_unit_test(a_second_answer_is_added_to_the_first),
                                       cmocka_unit_test(only_a_finding_of_another_check_is_a_new_doubt),
                                       cmocka_unit_test(an_article_that_is_made_again_gets_its_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
