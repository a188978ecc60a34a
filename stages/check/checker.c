/* checker.h explains how the verdict follows from the findings. */
#include "stages/check/checker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stages/check/checks.h"
#include "stages/check/fold.h"
#include "stages/services/common/prompt.h"

enum { MAX_BYTES = 1 << 16, MESSAGE = 512 };
/* Each check finds at most one thing in a segment, so with these weights any number of notes scores less than a
 * warning, and any number of warnings less than an error. */
static const unsigned weights[] = {[SEVERITY_NOTE] = 1, [SEVERITY_WARNING] = 10, [SEVERITY_ERROR] = 1000};

struct checker {
    struct arena *arena;
    struct word_tables *word_tables;
    struct lengths *lengths;
    const struct segmenter *segmenter;
    struct model *model;
    unsigned english;
    int model_english;
    struct english *words, *names, *places;
    struct sounds *sounds;
    struct table phrases, loans, addresses, decimals, languages;
    struct talk_phrases *talk;
    struct recital *recital;
    struct opposites *opposites;
    struct word_units *units;
    struct lexicon *lexicon;
    struct meaning *meaning;
};

static void checker_close(void *thing) {
    struct checker *checker = thing;
    model_close(checker->model);
    lexicon_close(checker->lexicon);
    arena_free(checker->arena);
    free(checker);
}

/* Reads the prompts that come with the program. The adapters themselves look for other prompts in their answers. */
static bool read_prompts(struct checker *checker, const char *data_folder, struct failure *ret_failure) {
    static const char *const names[] = {"translate", "summarize"};
    enum { COUNT = sizeof names / sizeof *names };
    struct prompt prompts[COUNT];
    const struct prompt *read[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        struct span path = arena_print(checker->arena, "%s/prompts/%s.prompt", data_folder, names[i]);
        if (!prompt_read(path.at, checker->arena, &prompts[i], ret_failure)) return false;
        read[i] = &prompts[i];
    }
    checker->recital = prompt_recital(read, COUNT, checker->arena);
    return true;
}

/* Reads all tables once. If one cannot be read, the caller releases the others with checker_close(). */
static bool checker_open(struct resources *box, const char *data_folder, void **ret_checker,
                         struct failure *ret_failure) {
    struct checker *checker = memory_take(sizeof *checker);
    checker->arena = arena_new();
    bool done = (checker->word_tables = resources_borrow(box, &word_tables_resource, ret_failure)) != NULL &&
                lengths_read(data_folder, checker->arena, &checker->lengths, ret_failure) &&
                table_read(data_folder, "services/refusals.tsv", checker->arena, &checker->phrases, ret_failure) &&
                talk_phrases_read(data_folder, checker->arena, &checker->talk, ret_failure) &&
                language_names_read(data_folder, checker->arena, &checker->languages, ret_failure) &&
                figures_read(data_folder, checker->arena, &checker->decimals, ret_failure) &&
                english_read(data_folder, "english.txt", checker->arena, &checker->words, ret_failure) &&
                english_read(data_folder, "names.txt", checker->arena, &checker->names, ret_failure) &&
                english_read(data_folder, "places.txt", checker->arena, &checker->places, ret_failure) &&
                table_read(data_folder, "check/loans.tsv", checker->arena, &checker->loans, ret_failure) &&
                table_read(data_folder, "check/addresses.tsv", checker->arena, &checker->addresses, ret_failure) &&
                read_prompts(checker, data_folder, ret_failure) &&
                sounds_read(data_folder, checker->arena, &checker->sounds, ret_failure) &&
                opposites_read(data_folder, checker->word_tables, checker->arena, &checker->opposites, ret_failure) &&
                model_open(data_folder, &checker->model, ret_failure) &&
                word_units_read(data_folder, checker->arena, &checker->units, ret_failure) &&
                lexicon_open(data_folder, &checker->lexicon, ret_failure) &&
                meaning_read(data_folder, checker->arena, &checker->meaning, ret_failure) &&
                (checker->segmenter = resources_borrow(box, &segmenter_resource, ret_failure)) != NULL;
    if (!done) {
        checker_close(checker);
        return false;
    }
    checker->english = word_tables_language(checker->word_tables, SPAN("en"));
    checker->model_english = model_find(checker->model, SPAN("en"));
    *ret_checker = checker;
    return true;
}

const struct resource checker_resource = {.name = "checker", .open = checker_open, .close = checker_close};

/* Returns whether a check made the finding. Findings of other stages have other names, and are kept when a segment is
 * judged again. */
static bool is_ours(const char *name) {
    for (const struct check *check = checks; check->name; check++)
        if (span_is(span_of(name), check->name)) return true;
    return false;
}

/* Removes the findings of an earlier judgement, which may be about another translation. */
static void forget_earlier(struct segment *segment) {
    size_t kept = 0;
    for (size_t i = 0; i < segment->finding_count; i++)
        if (!is_ours(segment->findings[i].check)) segment->findings[kept++] = segment->findings[i];
    segment->finding_count = kept;
}

/* Derives the verdict from all findings of a segment, including those of other stages. */
static struct checker_verdict verdict_of(const struct segment *segment) {
    struct checker_verdict verdict = {.status = SEGMENT_OK, .worst = SEVERITY_NOTE};
    for (size_t i = 0; i < segment->finding_count; i++) {
        enum severity severity = segment->findings[i].severity;
        if (severity > verdict.worst) verdict.worst = severity;
        verdict.score += weights[severity];
    }
    if (verdict.worst == SEVERITY_ERROR)
        verdict.status = SEGMENT_FAILED;
    else if (verdict.worst == SEVERITY_WARNING)
        verdict.status = SEGMENT_SUSPECT;
    return verdict;
}

/* Returns whether the first letter of the text is Latin. */
static bool is_latin(struct span text) {
    enum { LAST_LATIN = 0x24F };
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (fold_class(rune) == LETTER_SPACED) return rune <= LAST_LATIN;
    }
    return false;
}

/* Returns the index of the language of the source in the tables. A code without a script ("sr") may come with text in
 * either; the tables have a language for each. */
static unsigned language_in_tables(const struct checker *checker, const struct pair *pair) {
    struct span code = span_of(pair->question->language);
    char latin[16];
    snprintf(latin, sizeof latin, "%.*s-Latn", SPAN_ARGS(text_clip(code, 8)));
    unsigned found = word_tables_language(checker->word_tables, span_of(latin));
    unsigned usual = word_tables_language(checker->word_tables, code);
    return found != WORD_TABLES_NONE && found != usual && is_latin(pair->source) ? found : usual;
}

/* Divides both texts into tokens and finds the numbers in them. */
static void read_numbers(const struct checker *checker, struct pair *pair) {
    unsigned language = language_in_tables(checker, pair);
    pair->word_tables = checker->word_tables;
    pair->figure_marks = figures_marks(&checker->decimals, span_of(pair->question->language));
    pair->source_reading = reading_make(checker->word_tables, language, pair->source);
    pair->target_reading = reading_make(checker->word_tables, checker->english, pair->target);
    quantities_read(checker->word_tables, &pair->source_reading, false, &pair->source_numbers);
    quantities_read(checker->word_tables, &pair->target_reading, true, &pair->target_numbers);
    quantities_compare(&pair->source_numbers, &pair->target_numbers);
}

/* Finds the sentences of both texts and the expected length of the English. */
static void read_lengths(const struct checker *checker, struct pair *pair) {
    pair->length_rule = lengths_of(checker->lengths, span_of(pair->question->language));
    pair->expected_length = length_expected(pair->length_rule, span_trim(pair->source));
    pair->target_length = (double)text_count(span_trim(pair->target));
    sentences_read(checker->segmenter, pair->question->language, pair->source, pair->length_rule,
                   &pair->source_sentences);
    sentences_read(checker->segmenter, "en", pair->target, NULL, &pair->target_sentences);
}

/* Returns what is known of the words of a language; without a part of the lexicon if that does not know it. */
static struct support_language language_of(const struct checker *checker, struct span code) {
    return (struct support_language){checker->lexicon, lexicon_find_language(checker->lexicon, code), checker->units,
                                     word_units_rules(checker->units, code), checker->sounds};
}

static void read_evidence(const struct checker *checker, const struct pair *pair, struct support *support,
                          struct meaning_evidence *ret_evidence) {
    struct support_language language = language_of(checker, span_of(pair->question->language));
    evidence_read(pair, &language, support, ret_evidence);
}

/* Runs one check. Returns true if it failed the segment, in which case the remaining checks are skipped. */
static bool run_check(struct article *article, struct segment *segment, const struct pair *pair,
                      const struct check *check) {
    struct buffer message = BUFFER(MESSAGE);
    bool found = check->finds(pair, &message);
    if (found) article_add_finding(article, segment, check->name, check->severity, buffer_span(&message));
    buffer_free(&message);
    return found && check->severity == SEVERITY_ERROR;
}

/* Fills in everything that the checks look at, except the evidence of the meaning. */
static void read_pair(const struct checker *checker, const struct segment *segment,
                      const struct checker_question *question, struct pair *pair) {
    /* the limit keeps a huge block from occupying a thread for long; errors beyond it are not found */
    pair->source = text_clip(segment->source, MAX_BYTES);
    pair->target = text_clip(segment->target, MAX_BYTES);
    pair->unknown_words = segment->unknown_words;
    pair->question = question;
    pair->marks = checker->segmenter->marks;
    pair->model = checker->model;
    pair->model_english = checker->model_english;
    pair->model_source = model_find(checker->model, span_of(question->language));
    pair->english = checker->words;
    pair->english_names = checker->names;
    pair->sounds = checker->sounds;
    pair->talk = checker->talk;
    pair->chatter = chatter_of(&checker->phrases, pair->target);
    pair->places = checker->places;
    pair->loans = &checker->loans;
    pair->addresses = &checker->addresses;
    pair->languages = &checker->languages;
    pair->recital = checker->recital;
    pair->opposites = checker->opposites;
    kept_titles_find(pair->marks, pair->source, pair->target, &pair->titles);
    pair->source_marks = marks_count(pair->marks, pair->source);
    pair->target_marks = marks_count(pair->marks, pair->target);
    read_numbers(checker, pair);
    read_lengths(checker, pair);
}

static void pair_free(struct pair *pair) {
    quantities_free(&pair->source_numbers);
    quantities_free(&pair->target_numbers);
    reading_free(&pair->source_reading);
    reading_free(&pair->target_reading);
}

struct checker_verdict checker_judge(const struct checker *checker, struct article *article, struct segment *segment,
                                     const struct checker_question *question) {
    /* there is nothing to compare the source with */
    if (segment->status == SEGMENT_FAILED && !segment->target.length)
        return (struct checker_verdict){SEGMENT_FAILED, SEVERITY_ERROR, weights[SEVERITY_ERROR]};
    forget_earlier(segment);
    UNINITIALIZED struct pair pair;
    UNINITIALIZED struct support support;
    struct meaning_evidence evidence;
    support_init(&support);
    read_pair(checker, segment, question, &pair);
    pair.support = &support;
    read_evidence(checker, &pair, &support, &evidence);
    meaning_judge(checker->meaning, span_of(question->language), &evidence, &pair.meaning);
    bool failed = false;
    for (const struct check *check = checks; check->name && segment->source.length && !failed; check++)
        failed = check->finds && run_check(article, segment, &pair, check);
    support_free(&support);
    pair_free(&pair);
    return checker_confirm(segment);
}

bool checker_allows(const struct checker *checker, struct span cited, struct span sentence, struct buffer *why) {
    UNINITIALIZED struct pair pair;
    const struct checker_question question = {.language = "en"};
    const struct segment segment = {.source = cited, .target = sentence};
    bool found = false;
    read_pair(checker, &segment, &question, &pair);
    for (const struct check *check = checks; check->name && !found; check++)
        found = check->judges_summaries && check->finds(&pair, why);
    pair_free(&pair);
    return !found;
}

void checker_evidence(const struct checker *checker, const struct segment *segment,
                      const struct checker_question *question, struct meaning_evidence *ret_evidence) {
    UNINITIALIZED struct pair pair;
    UNINITIALIZED struct support support;
    support_init(&support);
    read_pair(checker, segment, question, &pair);
    read_evidence(checker, &pair, &support, ret_evidence);
    support_free(&support);
    pair_free(&pair);
}

struct span checker_language_name(const struct checker *checker, const char *code) {
    return language_name(&checker->languages, span_of(code));
}

void checker_add(struct article *article, struct segment *segment, const char *name, struct span message) {
    for (const struct check *check = checks; check->name; check++)
        if (strcmp(check->name, name) == 0)
            article_add_finding(article, segment, check->name, check->severity, message);
    checker_confirm(segment);
}

void checker_forget(struct segment *segment, const char *name) {
    size_t kept = 0;
    for (size_t i = 0; i < segment->finding_count; i++)
        if (strcmp(segment->findings[i].check, name) != 0) segment->findings[kept++] = segment->findings[i];
    if (kept == segment->finding_count) return;
    segment->finding_count = kept;
    checker_confirm(segment);
}

struct checker_verdict checker_confirm(struct segment *segment) {
    struct checker_verdict verdict = verdict_of(segment);
    segment->status = verdict.status;
    return verdict;
}
