/* Lanes of segments: none is lost, and segments that belong together are requested together. */
#include "unit/stages/translate/lanes.h"

static const struct service by_sentence = {
    .name = "by-sentence", .unit = UNIT_SENTENCE, .tasks = SERVICE_TRANSLATES, .offers = lanes_offers};
static const struct service by_paragraph = {
    .name = "by-paragraph", .unit = UNIT_PARAGRAPH, .tasks = SERVICE_TRANSLATES, .offers = lanes_offers};
static const struct service by_29_characters = {.name = "by-29",
                                                .unit = UNIT_PARAGRAPH,
                                                .tasks = SERVICE_TRANSLATES,
                                                .limits = {.text_characters = 29},
                                                .offers = lanes_offers};

static const char *const first_block[] = {"Uno dos tres.", "Cuatro, ¿cinco?", "Seis siete.", NULL};
static const char *const second_block[] = {"Ocho nueve.", "Diez once.", NULL};

static void open_two_blocks(struct lanes *lanes, const struct service *service) {
    lanes_open(lanes, service);
    lanes_add(lanes, first_block);
    lanes_add(lanes, second_block);
    lanes_fill(lanes);
}

/* Asserts the segments of the lane in order, each by the first letter of its source. */
static void assert_lane(const struct lane *lane, const char *letters) {
    struct pending *const *end = &lane->first;
    for (; *end; end = &(*end)->next, letters++) assert_int_equal((*end)->segment->source.at[0], *letters);
    assert_int_equal(*letters, '\0');
    if (lane->first) assert_ptr_equal(*lane->last, NULL);
}

static struct unit cut_unit(struct lanes *lanes, struct lane *lane, struct pending **link) {
    struct unit unit = unit_form(&lanes->queue, lane, *link);
    lane_cut(lane, link, &unit);
    return unit;
}

static void segments_are_in_reading_order_and_numbers_need_no_service(void **state) {
    (void)state;
    static const char *const plain[] = {"12:30 - 14:45", "Habla el juez.", "+34 600 10 20", NULL};
    struct lanes lanes;
    lanes_open(&lanes, &by_sentence);
    lanes.article->title.source = SPAN("Ana llega hoy");
    struct block *block = lanes_add(&lanes, plain);
    lanes_add(&lanes, second_block);
    lanes_fill(&lanes);
    assert_lane(lanes_first(&lanes), "AHOD");
    assert_null(STAILQ_NEXT(lanes_first(&lanes), next));
    assert_true(block->segments[0].copied && block->segments[2].copied && !block->segments[1].copied);
    assert_int_equal(block->segments[0].status, SEGMENT_OK);
    assert_span(block->segments[0].target, "12:30 - 14:45");
    lanes_close(&lanes);
}

static void finished_segments_are_skipped_and_english_is_copied(void **state) {
    (void)state;
    struct lanes lanes;
    lanes_open(&lanes, &by_sentence);
    struct block *block = lanes_add(&lanes, first_block);
    block->segments[0].status = SEGMENT_FAILED;
    block->segments[1].target = SPAN("Four, five?");
    strcpy(block->segments[2].language, "en");
    lanes_add(&lanes, second_block);
    lanes_fill(&lanes);
    assert_lane(lanes_first(&lanes), "OD");
    assert_true(block->segments[2].copied);
    lanes_close(&lanes);
}

static void each_language_and_place_has_a_lane(void **state) {
    (void)state;
    struct lanes lanes;
    lanes_open(&lanes, &by_sentence);
    struct block *block = lanes_add(&lanes, first_block);
    strcpy(block->segments[1].language, "pt");
    block->segments[2].tried = 1;
    lanes_add(&lanes, second_block);
    lanes_fill(&lanes);
    struct lane *es = lanes_first(&lanes), *pt = STAILQ_NEXT(es, next), *later = STAILQ_NEXT(pt, next);
    assert_lane(es, "UOD");
    assert_lane(pt, "C");
    assert_lane(later, "S");
    assert_span(es->configured_service->name, "one");
    assert_span(later->configured_service->name, "two");
    assert_span(later->model, "model");
    lanes_close(&lanes);
}

static void after_the_last_service_of_the_route_there_is_none(void **state) {
    (void)state;
    struct lanes lanes;
    lanes_open(&lanes, &by_sentence);
    struct block *block = lanes_add(&lanes, second_block);
    block->segments[0].tried = 2;
    strcpy(block->segments[1].language, "xx");
    lanes_fill(&lanes);
    assert_null(lanes_first(&lanes)->configured_service);
    assert_null(STAILQ_NEXT(lanes_first(&lanes), next)->configured_service);
    lanes_close(&lanes);
}

static void a_unit_is_a_sentence_or_adjacent_sentences_of_a_block(void **state) {
    (void)state;
    struct lanes lanes;
    open_two_blocks(&lanes, &by_sentence);
    struct unit unit = unit_form(&lanes.queue, lanes_first(&lanes), lanes_first(&lanes)->first);
    assert_int_equal(unit.count, 1);
    assert_span(unit.text, "Uno dos tres.");
    lanes_close(&lanes);
    open_two_blocks(&lanes, &by_paragraph);
    unit = unit_form(&lanes.queue, lanes_first(&lanes), lanes_first(&lanes)->first);
    assert_int_equal(unit.count, 3);
    assert_span(unit.text, "Uno dos tres. Cuatro, ¿cinco? Seis siete.");
    unit = unit_form(&lanes.queue, lanes_first(&lanes), unit.last->next);
    assert_int_equal(unit.count, 2);
    assert_span(unit.text, "Ocho nueve. Diez once.");
    lanes_close(&lanes);
}

/* "Uno dos tres. Cuatro, ¿cinco?" has 29 characters and 30 bytes. */
static void a_unit_has_as_many_characters_as_the_service_allows(void **state) {
    (void)state;
    struct lanes lanes;
    open_two_blocks(&lanes, &by_29_characters);
    struct unit unit = unit_form(&lanes.queue, lanes_first(&lanes), lanes_first(&lanes)->first);
    assert_int_equal(unit.count, 2);
    lanes_first(&lanes)->first->single = true;
    assert_int_equal(unit_form(&lanes.queue, lanes_first(&lanes), lanes_first(&lanes)->first).count, 1);
    lanes_close(&lanes);
}

/* Segments that must be requested alone, or that have an answer already, are not joined with their neighbours. */
static void separated_segments_stay_separate(void **state) {
    (void)state;
    struct lanes lanes;
    struct candidate kept = {0};
    open_two_blocks(&lanes, &by_paragraph);
    struct pending *first = lanes_first(&lanes)->first, *second = first->next;
    struct pending plain = *second;
    second->single = true;
    assert_int_equal(unit_form(&lanes.queue, lanes_first(&lanes), first).count, 1);
    *second = plain;
    second->alone = true;
    assert_int_equal(unit_form(&lanes.queue, lanes_first(&lanes), first).count, 1);
    *second = plain;
    second->kept = &kept;
    assert_int_equal(unit_form(&lanes.queue, lanes_first(&lanes), first).count, 1);
    *second = plain;
    assert_int_equal(unit_form(&lanes.queue, lanes_first(&lanes), first).count, 3);
    lanes_close(&lanes);
}

static void a_unit_is_put_back_in_front_and_the_lane_continues(void **state) {
    (void)state;
    struct lanes lanes;
    open_two_blocks(&lanes, &by_paragraph);
    struct lane *lane = lanes_first(&lanes);
    struct unit unit = cut_unit(&lanes, lane, &lane->first);
    assert_lane(lane, "OD");
    lane_put_back(lane, &unit);
    assert_lane(lane, "UCSOD");
    lanes_close(&lanes);
}

static void a_unit_is_put_back_into_an_empty_lane_which_continues(void **state) {
    (void)state;
    struct lanes lanes;
    open_two_blocks(&lanes, &by_paragraph);
    struct lane *lane = lanes_first(&lanes);
    struct unit first = cut_unit(&lanes, lane, &lane->first), second = cut_unit(&lanes, lane, &lane->first);
    assert_lane(lane, "");
    struct pending *late = second.last;
    second.last = second.first;
    second.first->next = NULL;
    lane_put_back(lane, &second);
    queue_put(&lanes.queue, late);
    assert_lane(lane, "OD");
    lane_put_back(lane, &first);
    assert_lane(lane, "UCSOD");
    lanes_close(&lanes);
}

static void segments_added_after_a_unit_was_put_back_come_last(void **state) {
    (void)state;
    struct lanes lanes;
    open_two_blocks(&lanes, &by_sentence);
    struct lane *lane = lanes_first(&lanes);
    struct unit first = cut_unit(&lanes, lane, &lane->first), second = cut_unit(&lanes, lane, &lane->first);
    lane_put_back(lane, &second);
    queue_put(&lanes.queue, first.first);
    assert_lane(lane, "CSODU");
    lanes_close(&lanes);
}

static void the_last_unit_can_be_cut_out_and_others_put(void **state) {
    (void)state;
    struct lanes lanes;
    open_two_blocks(&lanes, &by_paragraph);
    struct lane *lane = lanes_first(&lanes);
    struct unit last = cut_unit(&lanes, lane, &lane->first->next->next->next);
    assert_lane(lane, "UCS");
    queue_put(&lanes.queue, last.last);
    queue_put(&lanes.queue, last.first);
    assert_lane(lane, "UCSDO");
    lanes_close(&lanes);
}

static void words_are_also_counted_in_scripts_without_spaces(void **state) {
    (void)state;
    assert_int_equal(queue_count_words(SPAN("")), 0);
    assert_int_equal(queue_count_words(SPAN("  dos\tpalabras\n")), 2);
    assert_int_equal(queue_count_words(SPAN("das\xC2\xA0Haus")), 2);
    assert_int_equal(queue_count_words(SPAN("市議会は橋の工事を承認")), 5);
    assert_int_equal(queue_count_words(SPAN("สภาเมืองอนุมัติ")), 7);
}

/* Segments of a record that was read back are not parts of one string. */
static void a_run_of_segments_that_lie_apart_is_joined(void **state) {
    (void)state;
    struct lanes lanes;
    open_two_blocks(&lanes, &by_paragraph);
    struct block *block = lanes.article->body;
    struct segment *segments = block->segments;
    assert_span(source_of_run(block, &segments[0], &segments[1], lanes.article->arena),
                "Uno dos tres. Cuatro, ¿cinco?");
    segments[0].source = SPAN("Uno");
    assert_span(source_of_run(block, &segments[0], &segments[1], lanes.article->arena), "Uno Cuatro, ¿cinco?");
    assert_span(source_of_run(NULL, &segments[2], &segments[2], lanes.article->arena), "Seis siete.");
    lanes_close(&lanes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_in_reading_order_and_numbers_need_no_service),
        cmocka_unit_test(finished_segments_are_skipped_and_english_is_copied),
        cmocka_unit_test(each_language_and_place_has_a_lane),
        cmocka_unit_test(after_the_last_service_of_the_route_there_is_none),
        cmocka_unit_test(a_unit_is_a_sentence_or_adjacent_sentences_of_a_block),
        cmocka_unit_test(a_unit_has_as_many_characters_as_the_service_allows),
        cmocka_unit_test(separated_segments_stay_separate),
        cmocka_unit_test(a_unit_is_put_back_in_front_and_the_lane_continues),
        cmocka_unit_test(a_unit_is_put_back_into_an_empty_lane_which_continues),
        cmocka_unit_test(segments_added_after_a_unit_was_put_back_come_last),
        cmocka_unit_test(the_last_unit_can_be_cut_out_and_others_put),
        cmocka_unit_test(words_are_also_counted_in_scripts_without_spaces),
        cmocka_unit_test(a_run_of_segments_that_lie_apart_is_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
