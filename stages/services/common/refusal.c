#include "stages/services/common/refusal.h"

#include <string.h>

enum { MAX_DEPTH = 8, WORD_BYTES = 1024, REPLY_BYTES = 64 * 1024 };

/* ---------------------------------------------------------------- what an error says */

/* Whether a JSON member with this name describes the error. Other members may repeat parts of the request, and words of
 * the request must not be mistaken for words of the error. */
static bool speaks(const char *name) {
    static const char *const names[] = {"message",       "msg",         "error",      "errors",
                                        "code",          "type",        "__type",     "status",
                                        "param",         "loc",         "detail",     "details",
                                        "raw",           "reason",      "error_type", "error_description",
                                        "explanation",   "title",       "quotaId",    "description",
                                        "finish_reason", "done_reason", "error_code", "error_msg"};
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
        if (span_is_ascii_fold(span_of(name), names[i])) return true;
    return false;
}

static void add_word(struct refusal_words *words, struct span word) {
    word = text_clip(span_trim(word), WORD_BYTES);
    if (word.length && words->count < REFUSAL_WORDS) words->at[words->count++] = word;
}

static void gather(const cJSON *item, struct refusal_words *words, struct arena *arena, bool spoken, unsigned depth);

/* Adds a string. If a gateway has passed on the JSON of another server as a string, the words in that JSON are
 * collected too. */
static void gather_string(const cJSON *item, struct refusal_words *words, struct arena *arena, unsigned depth) {
    struct span text = span_trim(json_text(item));
    bool inner = text.length && (text.at[0] == '{' || text.at[0] == '[');
    cJSON *root = inner ? json_parse(text, REPLY_BYTES, "error", NULL) : NULL;
    add_word(words, arena_copy(arena, text));
    if (root) gather(root, words, arena, false, depth + 1);
    cJSON_Delete(root);
}

/* Collects the words in `item` and its children; `spoken` says whether the name of `item` is one that describes an
 * error. */
static void gather(const cJSON *item, struct refusal_words *words, struct arena *arena, bool spoken, unsigned depth) {
    const cJSON *child;
    if (depth > MAX_DEPTH) return;
    if (spoken && cJSON_IsString(item)) gather_string(item, words, arena, depth);
    if (spoken && cJSON_IsNumber(item)) add_word(words, arena_print(arena, "%.0f", item->valuedouble));
    bool array = cJSON_IsArray(item);
    cJSON_ArrayForEach(child, item) gather(child, words, arena, array ? spoken : speaks(child->string), depth + 1);
}

static struct span first_called(const cJSON *item, const char *name, unsigned depth) {
    const cJSON *child;
    struct span found = {NULL, 0};
    cJSON_ArrayForEach(child, item) {
        bool called = child->string && span_is_ascii_fold(span_of(child->string), name);
        if (called && cJSON_IsString(child) && span_trim(json_text(child)).length) return json_text(child);
        if (depth < MAX_DEPTH && !found.length) found = first_called(child, name, depth + 1);
    }
    return found;
}

/* Returns the human-readable message. The member "raw" is preferred: it is the message of the provider behind a
 * gateway, whose own message says little ("Provider returned error"). */
static struct span sentence_of(const cJSON *root) {
    static const char *const names[] = {"raw",         "message", "msg",         "error", "detail",
                                        "explanation", "title",   "description", "code",  "error_description"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct span sentence = first_called(root, names[i], 0);
        if (sentence.length) return sentence;
    }
    return (struct span){NULL, 0};
}

static long status_in(const cJSON *error) {
    double code = json_member_number(error, "code", json_member_number(error, "status", 0));
    return code >= 400 && code <= 599 ? (long)code : 0;
}

struct refusal_words refusal_read(const cJSON *root, struct span reply, struct arena *arena) {
    struct refusal_words words = {.sentence = root ? arena_copy(arena, sentence_of(root)) : span_trim(reply)};
    if (root)
        gather(root, &words, arena, false, 0);
    else if (words.sentence.length && words.sentence.at[0] != '<')
        add_word(&words, words.sentence);
    if (!words.sentence.length) words.sentence = words.count ? words.at[0] : span_trim(reply);
    words.status = status_in(json_member(root, "error"));
    if (!words.status) words.status = status_in(json_at(root, "choices.0.error"));
    return words;
}

/* ---------------------------------------------------------------- the table */

static bool names_service(struct span services, const struct refusal_asker *asker) {
    struct span name;
    while (span_next(&services, ' ', &name))
        if (span_is(name, "*") || (asker->chat && span_is(name, "chat")) || span_is(name, asker->service)) return true;
    return false;
}

static bool names_status(struct span statuses, long status) {
    struct span one;
    long long number;
    bool success = status < 300;
    if (span_is(statuses, "*")) return !success;
    while (span_next(&statuses, ',', &one)) {
        if (one.length == 3 && one.at[1] == 'x' && one.at[0] - '0' == status / 100) return true;
        if (span_number(one, &number) && number == status) return true;
    }
    return false;
}

/* Whether the error matches one part of a table row: "=text" must be a whole string of the error, "^text" the beginning
 * of a string, and any other text may occur anywhere. */
static bool is_said(struct span part, const struct refusal_words *words) {
    struct span rest = span_cut(part, 1, part.length);
    for (size_t i = 0; i < words->count; i++) {
        struct span word = words->at[i];
        bool said = part.at[0] == '='   ? span_equal_ascii_fold(word, rest)
                    : part.at[0] == '^' ? span_starts_ascii_fold(word, rest)
                                        : span_contains_ascii_fold(word, part);
        if (said) return true;
    }
    return false;
}

static bool are_said(struct span parts, const struct refusal_words *words) {
    if (span_is(parts, "-")) return true;
    while (parts.length) {
        size_t plus = span_find(parts, SPAN(" + "));
        struct span part = span_cut(parts, 0, plus);
        if (!is_said(part, words)) return false;
        parts = plus == SIZE_MAX ? (struct span){NULL, 0} : span_cut(parts, plus + 3, parts.length);
    }
    return true;
}

const struct row *refusal_find(const struct table *table, const struct refusal_asker *asker, long status,
                               const struct refusal_words *words) {
    for (size_t i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];
        if (names_service(row->cells[0], asker) && names_status(row->cells[1], status) &&
            are_said(row->cells[2], words))
            return row;
    }
    return NULL;
}

static const struct {
    const char *word;
    enum exchange_verdict verdict;
} kinds[] = {[REFUSAL_NONE] = {"", EXCHANGE_GOOD},
             [REFUSAL_KEY] = {"key", EXCHANGE_CLOSED},
             [REFUSAL_MONEY] = {"money", EXCHANGE_CLOSED},
             [REFUSAL_SETTING] = {"setting", EXCHANGE_CLOSED},
             [REFUSAL_BUSY] = {"busy", EXCHANGE_THROTTLED},
             [REFUSAL_TROUBLE] = {"trouble", EXCHANGE_TRANSIENT},
             [REFUSAL_SIZE] = {"size", EXCHANGE_FINAL},
             [REFUSAL_TEXT] = {"text", EXCHANGE_FINAL},
             [REFUSAL_LANGUAGE] = {"language", EXCHANGE_FINAL},
             [REFUSAL_PARAMETER] = {"parameter", EXCHANGE_FINAL},
             [REFUSAL_USELESS] = {"useless", EXCHANGE_TRANSIENT},
             [REFUSAL_UNKNOWN] = {"unknown", EXCHANGE_FINAL}};

enum exchange_refusal refusal_kind(const struct row *row) {
    for (size_t i = REFUSAL_KEY; i < sizeof kinds / sizeof *kinds; i++)
        if (span_is(row->cells[3], kinds[i].word)) return (enum exchange_refusal)i;
    return REFUSAL_UNKNOWN;
}

enum exchange_verdict refusal_verdict(enum exchange_refusal kind) {
    return kinds[kind].verdict;
}

/* ---------------------------------------------------------------- how long to wait */

/* Parses a duration such as "1m30.5s" at the beginning of the text, in milliseconds. */
static long duration(struct span text) {
    double total = -1;
    for (size_t i = 0, end; i < text.length; i = end) {
        for (end = i; end < text.length && strchr("0123456789.", text.at[end]);) end++;
        long milliseconds = exchange_milliseconds(span_cut(text, i, end));
        struct span unit = span_cut(text, end, text.length);
        if (end == i || milliseconds < 0) break;
        double factor = span_starts(unit, SPAN("ms")) ? 0.001 : unit.length && unit.at[0] == 'm' ? 60 : 1;
        if (!unit.length || !strchr(" ms", unit.at[0])) break;
        total = (total < 0 ? 0 : total) + factor * (double)milliseconds;
        end += span_starts(unit, SPAN("ms")) ? 2 : 1;
    }
    return total > 1e7 ? -1 : (long)total;
}

long refusal_wait(struct span sentence) {
    static const char *const leads[] = {"try again in ", "retry in ", "retry after "};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        size_t at = span_find(sentence, span_of(leads[i]));
        if (at != SIZE_MAX) return duration(span_cut(sentence, at + strlen(leads[i]), sentence.length));
    }
    return -1;
}
