#include "stages/summarize/leaning.h"

#include <stdlib.h>

#include "pipeline/base/table.h"
#include "stages/language/unicode.h"
#include "stages/summarize/phrase_list.h"
#include "stages/summarize/quoting.h"

/* Maximum length in bytes of a phrase before the subject: "In the summer of 2010, he ...". */
enum { LONGEST_LEAD_IN = 40 };
/* Number of words at the beginning among which a name tells what "the" refers to: "The port of Lorven". */
enum { NAMED_WITHIN = 4 };
/* Number of words among which a pronoun cannot refer to anything in the sentence: "The look he gave". */
enum { EARLY_WORDS = 3 };
/* Words after "the" of which one is the noun, and letters by which a noun is found again: "researchers", "research". */
enum { NOUN_WITHIN = 3, STEM = 5 };
/* Length in bytes of a name; shorter ones are abbreviations. */
enum { SHORTEST_NAME = 3 };

enum kind {
    OPENING,
    INDEPENDENT,
    FORWARD,
    SPEAKER,
    NOUN,
    DEFINING,
    PERSON,
    NAMELESS,
    DEFINITE,
    REFERRING,
    ATTRIBUTION,
    OBJECT,
    POSSESSIVE,
    NO_NAME,
    OWN,
    CLAUSE,
    ARTICLE,
    UNIQUE,
    OWNER,
    KINDS
};

struct leaning {
    struct arena *arena;
    const struct marks *marks;
    struct phrase_list phrases[KINDS];
};

struct leaning *leaning_open(const char *data_folder, const struct marks *marks, struct failure *ret_failure) {
    static const char *const names[KINDS] = {[OPENING] = "opening",
                                             [INDEPENDENT] = "independent",
                                             [FORWARD] = "forward",
                                             [SPEAKER] = "speaker",
                                             [NOUN] = "noun",
                                             [DEFINING] = "defining",
                                             [PERSON] = "person",
                                             [NAMELESS] = "nameless",
                                             [DEFINITE] = "definite",
                                             [REFERRING] = "referring",
                                             [ATTRIBUTION] = "attribution",
                                             [OBJECT] = "object",
                                             [POSSESSIVE] = "possessive",
                                             [NO_NAME] = "no-name",
                                             [OWN] = "own",
                                             [CLAUSE] = "clause",
                                             [ARTICLE] = "article",
                                             [UNIQUE] = "unique",
                                             [OWNER] = "owner"};
    struct leaning *leaning = memory_take(sizeof *leaning);
    leaning->arena = arena_new();
    leaning->marks = marks;
    if (phrase_lists_read(data_folder, "summarize/leaning.tsv", names, KINDS, leaning->arena, leaning->phrases,
                          ret_failure))
        return leaning;
    leaning_close(leaning);
    return NULL;
}

void leaning_close(struct leaning *leaning) {
    if (!leaning) return;
    arena_free(leaning->arena);
    free(leaning);
}

/* Returns the text without spaces and signs at its beginning. */
static struct span from_first_word(struct span text) {
    uint32_t rune;
    size_t at = 0, size;
    for (; at < text.length; at += size) {
        size = text_next(text, at, &rune);
        if (rune_is_word(rune)) break;
    }
    return span_cut(text, at, text.length);
}

static bool has_pronoun(const struct leaning *leaning, struct span rest) {
    return phrase_list_begins(&leaning->phrases[SPEAKER], from_first_word(rest));
}

/* Whether the speaker of a quotation is a pronoun: "'We were lucky,' he said". The mark before the closing quote tells
 * that a quotation ends and not a single word in quotes. */
static bool is_said_by_pronoun(const struct leaning *leaning, struct span sentence) {
    enum mark before = MARK_NONE;
    uint32_t rune;
    for (size_t at = 0; at < sentence.length;) {
        at += text_next(sentence, at, &rune);
        enum mark mark = marks_of(leaning->marks, rune);
        bool closes = (mark == MARK_QUOTE || rune == '\'' || rune == 0x2019) &&
                      (before == MARK_COMMA || before == MARK_CALL || before == MARK_POINT || before == MARK_PAUSE);
        if (closes && has_pronoun(leaning, span_cut(sentence, at, sentence.length))) return true;
        before = mark;
    }
    return false;
}

static bool begins_large(struct span word) {
    uint32_t rune = 0;
    if (word.length) text_next(word, 0, &rune);
    return rune_is_upper(rune);
}

/* Whether there is a capitalized word, which may be a name, among the first `most` words but the very first. */
static bool has_name(struct span text, size_t most) {
    struct span word;
    for (size_t count = 0; count < most && span_next(&text, ' ', &word); count++)
        if (count && begins_large(word)) return true;
    return false;
}

/* Whether the subject after a short phrase is a pronoun: "In 2010, he moved". A name in the phrase may be the subject:
 * "When Ana Petkova came, she", but not "According to Lorven's mayor, they". */
static bool has_pronoun_after_comma(const struct leaning *leaning, struct span sentence) {
    size_t comma = span_find(text_clip(sentence, LONGEST_LEAD_IN), SPAN(", "));
    bool attributed = phrase_list_begins(&leaning->phrases[ATTRIBUTION], sentence);
    return comma != SIZE_MAX && (attributed || !has_name(span_cut(sentence, 0, comma), SIZE_MAX)) &&
           has_pronoun(leaning, span_cut(sentence, comma, sentence.length));
}

/* Whether a short phrase at the beginning refers to somebody whom the subject does not name either: "Shaken by their
 * letter, the owners gave up", but "In her letter, Hedda Quist". */
static bool has_possessive_before_noun(const struct leaning *leaning, struct span sentence) {
    size_t comma = span_find(text_clip(sentence, LONGEST_LEAD_IN), SPAN(", "));
    return comma != SIZE_MAX && phrase_list_occurs(&leaning->phrases[POSSESSIVE], span_cut(sentence, 0, comma)) &&
           phrase_list_begins(&leaning->phrases[ARTICLE], from_first_word(span_cut(sentence, comma, sentence.length)));
}

/* Returns the letters and digits at the beginning of the word. */
static struct span letters_of(struct span word) {
    uint32_t rune;
    size_t at = 0, size;
    for (; at < word.length; at += size) {
        size = text_next(word, at, &rune);
        if (!rune_is_word(rune)) break;
    }
    return span_cut(word, 0, at);
}

/* Whether the sentence begins with a noun such as "the statement", without anything that tells which one. */
static bool has_unclear_noun(const struct leaning *leaning, struct span text) {
    size_t length = phrase_list_length(&leaning->phrases[NOUN], text);
    struct span rest = span_cut(text, length, text.length);
    return length &&
           !(rest.length && rest.at[0] == ' ' && phrase_list_begins(&leaning->phrases[DEFINING], span_trim(rest)));
}

/* Whether the subject of a short phrase at the beginning is a pronoun: "Police said he fled", "The look she gave". The
 * pronouns are of the kind PERSON or OWN. */
static bool has_early_pronoun(const struct leaning *leaning, struct span text, enum kind pronouns) {
    struct span word;
    if (!phrase_list_begins(&leaning->phrases[NAMELESS], text)) return false;
    for (size_t count = 0; count < EARLY_WORDS && span_next(&text, ' ', &word); count++) {
        if (count && phrase_list_has(&leaning->phrases[pronouns], letters_of(word))) return true;
        if (count && begins_large(word)) return false;
    }
    return false;
}

/* Whether the sentence is half of one, "Because nobody asked them." */
static bool is_clause(const struct leaning *leaning, struct span text) {
    return phrase_list_begins(&leaning->phrases[CLAUSE], text) && span_find(text, SPAN(",")) == SIZE_MAX;
}

/* Whether the sentence needs others because it is not the first one of the article. It is compared with its quotation
 * marks: what somebody says in them names its speaker. */
static bool is_continued(const struct leaning *leaning, struct span sentence) {
    struct span text = from_first_word(sentence);
    return has_unclear_noun(leaning, text) || has_possessive_before_noun(leaning, text) ||
           has_early_pronoun(leaning, text, OWN) ||
           phrase_list_occurs(&leaning->phrases[OBJECT], text_clip(text, LONGEST_LEAD_IN)) ||
           phrase_list_begins(&leaning->phrases[OWN], sentence) || quoting_is_only(leaning->marks, sentence);
}

bool leaning_needs_predecessor(const struct leaning *leaning, struct span sentence, bool opens) {
    struct span text = from_first_word(sentence);
    if (phrase_list_begins(&leaning->phrases[INDEPENDENT], text)) return false;
    if (opens && phrase_list_begins(&leaning->phrases[FORWARD], text)) return false;
    if ((!opens && is_continued(leaning, sentence)) || is_clause(leaning, text)) return true;
    return phrase_list_begins(&leaning->phrases[OPENING], text) || has_early_pronoun(leaning, text, PERSON) ||
           is_said_by_pronoun(leaning, sentence) || has_pronoun_after_comma(leaning, text);
}

bool leaning_changes_speaker(const struct leaning *leaning, struct span sentence, struct span before) {
    bool own = phrase_list_begins(&leaning->phrases[OWN], sentence) || has_early_pronoun(leaning, sentence, OWN);
    return own && !phrase_list_occurs(&leaning->phrases[OWN], before);
}

/* Whether the name follows another capitalized word in the text: "Quist" in "Valdemar Quist". */
static bool is_last_name_in(struct span text, struct span name) {
    struct span word, before = SPAN("");
    for (; span_next(&text, ' ', &word); before = word)
        if (begins_large(before) && letters_of(before).length == before.length && span_equal(letters_of(word), name))
            return true;
    return false;
}

static bool has_part_of_name(struct span sentence, struct span lead) {
    struct span word, before = SPAN("");
    for (; span_next(&sentence, ' ', &word); before = word)
        if (begins_large(word) && !begins_large(before) && is_last_name_in(lead, letters_of(from_first_word(word))))
            return true;
    return false;
}

/* ---------------------------------------------------------------- short names of what was left out */

/* Whether a word of the text begins like this one, in any case. */
static bool has_word_like(struct span text, struct span stem) {
    struct span word;
    while (span_next(&text, ' ', &word))
        if (span_starts_ascii_fold(from_first_word(word), stem)) return true;
    return false;
}

static bool is_known(struct span word, const struct span *known, size_t count) {
    struct span stem = text_clip(letters_of(word), STEM);
    for (size_t i = 0; i < count; i++)
        if (has_word_like(known[i], stem)) return true;
    return false;
}

/* Whether the words after "the" tell which one: by a name, "the port of ...", or because there is only one. */
static bool tells_which(const struct leaning *leaning, struct span noun) {
    struct span word, rest = noun;
    if (phrase_list_begins(&leaning->phrases[UNIQUE], noun)) return true;
    for (size_t i = 0; i <= NOUN_WITHIN && span_next(&rest, ' ', &word); i++) {
        if (begins_large(from_first_word(word))) return true;
        if (i > 0 && phrase_list_has(&leaning->phrases[i == 1 ? DEFINING : OWNER], letters_of(word))) return true;
    }
    return false;
}

bool leaning_has_unknown_noun(const struct leaning *leaning, struct span sentence, const struct span *known,
                              size_t count) {
    struct span word, text = from_first_word(sentence);
    size_t article = phrase_list_length(&leaning->phrases[ARTICLE], text);
    struct span noun = span_trim(span_cut(text, article, text.length));
    if (!article || tells_which(leaning, noun)) return false;
    for (size_t i = 0; i < NOUN_WITHIN && span_next(&noun, ' ', &word); i++)
        if (letters_of(word).length > NOUN_WITHIN && is_known(word, known, count)) return false;
    return true;
}

bool leaning_shortens_name(const struct leaning *leaning, struct span sentence, struct span left_out,
                           const struct span *known, size_t count) {
    struct span word, before = SPAN("");
    for (; span_next(&sentence, ' ', &word); before = word) {
        struct span name = letters_of(from_first_word(word));
        if (begins_large(name) && name.length >= SHORTEST_NAME && !begins_large(from_first_word(before)) &&
            !phrase_list_has(&leaning->phrases[NO_NAME], name) && is_last_name_in(left_out, name) &&
            !is_known(name, known, count))
            return true;
    }
    return false;
}

bool leaning_can_lead(const struct leaning *leaning, struct span sentence, struct span lead) {
    struct span text = from_first_word(sentence);
    bool unclear = phrase_list_begins(&leaning->phrases[DEFINITE], text) && !has_name(text, NAMED_WITHIN);
    return !unclear && !leaning_needs_predecessor(leaning, sentence, false) &&
           !phrase_list_occurs(&leaning->phrases[REFERRING], sentence) && !has_part_of_name(sentence, lead);
}
