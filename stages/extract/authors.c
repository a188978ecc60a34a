#include "stages/extract/authors.h"

#include <string.h>

#include "stages/extract/author_words.h"
#include "stages/extract/tree.h"
#include "stages/language/unicode.h"

enum {
    LONGEST_NAME = 60,   /* max. characters; a longer text is a sentence, not a name */
    MAX_NAME_WORDS = 6,  /* max. words of a name */
    LONGEST_BYLINE = 400 /* max. bytes of a by-line that are read */
};

/* ---------------------------------------------------------------- words */

/* The lower-case form is in rare cases longer than the text, hence the extra room. */
static struct span lower(struct span text, struct arena *arena) {
    char *folded = arena_take(arena, text.length + text.length / 2 + 1);
    return (struct span){folded, text_lower(text, folded)};
}

static bool is_listed(const struct author_list *list, struct span word) {
    for (size_t i = 0; i < list->count; i++)
        if (span_equal(list->words[i], word)) return true;
    return false;
}

static bool is_punctuation(char c) {
    return c == ' ' || c == ':' || c == '|' || c == '-' || c == ',' || c == '.' || c == '/' || c == '~' || c == '*' ||
           c == '\t' || c == '\n';
}

/* Keeps a final full stop, because it may belong to an initial or to "Jr.". */
static struct span strip_punctuation(struct span text) {
    while (text.length && is_punctuation(text.at[0])) text = span_cut(text, 1, text.length);
    while (text.length && is_punctuation(text.at[text.length - 1]) && text.at[text.length - 1] != '.')
        text = span_cut(text, 0, text.length - 1);
    return text;
}

static bool is_wide(struct span text, size_t at) {
    return at < text.length && (unsigned char)text.at[at] >= 0xE3; /* scripts without spaces begin with such a byte */
}

/* Returns the length in bytes of the longest listed word at the beginning of `low`, which is in lower case. The word
 * must be followed by one of `ends`, a full-width colon, a change from a script without spaces to another, or the end
 * of the text. */
static size_t leading_word(const struct author_list *list, struct span low, const char *ends) {
    size_t longest = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct span word = list->words[i];
        if (word.length <= longest || !span_starts(low, word)) continue;
        bool ended = word.length == low.length || strchr(ends, low.at[word.length]) ||
                     (is_wide(low, 0) && !is_wide(low, word.length)) ||
                     span_starts(span_cut(low, word.length, low.length), SPAN("："));
        if (ended) longest = word.length;
    }
    return longest;
}

/* Returns the length of the longest listed word that ends `low`, or 0. The word must not be all of `low`. */
static size_t trailing_word(const struct author_list *list, struct span low) {
    size_t longest = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct span word = list->words[i];
        if (word.length <= longest || word.length >= low.length || !span_ends(low, word)) continue;
        if (is_punctuation(low.at[low.length - word.length - 1]) || is_wide(word, 0)) longest = word.length;
    }
    return longest;
}

/* Returns true if a listed word of a script without spaces ends `low`, such as 新聞 or 뉴스. */
static bool ends_in_wide(const struct author_list *list, struct span low) {
    for (size_t i = 0; i < list->count; i++)
        if (is_wide(list->words[i], 0) && span_ends(low, list->words[i])) return true;
    return false;
}

/* Returns true if a word of the name, or all of it, is in the list: "Reuters" is found in "Staff, Reuters (Kyiv)". In
 * scripts without spaces, it is found at the end of a word. */
static bool has_listed(const struct author_list *list, struct span low) {
    struct span rest = low, word;
    if (is_listed(list, low) || ends_in_wide(list, low)) return true;
    for (size_t i = 0; i <= low.length; i++) {
        if (i < low.length && !is_punctuation(low.at[i]) && low.at[i] != '(' && low.at[i] != ')') continue;
        word = span_cut(low, (size_t)(rest.at - low.at), i);
        if (word.length && is_listed(list, word)) return true;
        rest = span_cut(low, i + 1, low.length);
        if (i + 1 >= low.length) break;
    }
    return false;
}

static bool has_organization(const struct author_words *words, struct span low) {
    return has_listed(&words->organizations, low) || has_listed(&words->desks, low);
}

bool authors_is_desk(const struct author_words *words, struct span name, struct arena *arena) {
    return has_listed(&words->desks, lower(name, arena));
}

static bool is_upper(struct span text, size_t at) {
    uint32_t rune;
    if (at >= text.length) return false;
    text_next(text, at, &rune);
    return rune_is_upper(rune);
}

/* Returns the length of a prefix that is written together with a full name, as in "ByAna Ruiz", or 0. The prefix must
 * begin with its only capital and be followed by another capital, so that "Bylsma" is left alone. */
static size_t joined_prefix(const struct author_words *words, struct span name, struct span low) {
    for (size_t i = 0; i < words->joined.count; i++) {
        struct span word = words->joined.words[i];
        if (!span_starts(low, word) || !is_upper(name, 0) || !is_upper(name, word.length)) continue;
        uint32_t rune;
        size_t first = text_next(name, 0, &rune);
        bool rest_is_small = span_equal(span_cut(name, first, word.length), span_cut(low, first, word.length));
        if (rest_is_small && span_count_words(name) > 1) return word.length;
    }
    return 0;
}

/* Returns the length of a word for "reporter" that is written together with a name, as in 記者王小明, or 0. */
static size_t leading_reporter(const struct author_words *words, struct span low) {
    size_t longest = 0;
    for (size_t i = 0; i < words->reporters.count; i++) {
        struct span word = words->reporters.words[i];
        if (word.length > longest && is_wide(word, 0) && span_starts(low, word)) longest = word.length;
    }
    return longest < low.length ? longest : 0;
}

static size_t trailing_role(const struct author_words *words, struct span low) {
    size_t role = trailing_word(&words->roles, low), reporter = trailing_word(&words->reporters, low);
    return role > reporter ? role : reporter;
}

/* Removes prefixes at the start and roles at the end. They are found in a lower-case copy; if its length differs from
 * that of the name, positions do not correspond, and nothing is removed. A role is kept if only one word would remain.
 */
static struct span strip_words(const struct author_words *words, struct span name, struct arena *arena) {
    for (int rounds = 0; rounds < 4; rounds++) {
        name = strip_punctuation(name);
        struct span low = lower(name, arena);
        if (low.length != name.length) break;
        size_t spaced = leading_word(&words->prefixes, low, " :|"),
               front = spaced ? spaced : joined_prefix(words, name, low) + leading_reporter(words, low),
               back = front || has_organization(words, low) ? 0 : trailing_role(words, low);
        /* the last part of a name such as "Maria Editor" must not be removed */
        if (back && !is_wide(name, 0) && span_count_words(span_trim(span_cut(name, 0, name.length - back))) < 2)
            back = 0;
        if (front == 0 && back == 0) break;
        name = span_cut(name, front, name.length - back);
        if (span_starts(name, SPAN("："))) name = span_cut(name, 3, name.length);
    }
    return strip_punctuation(name);
}

/* ---------------------------------------------------------------- names */

/* Returns true if the name has more than one word and one of them begins with a digit. A single word with a digit may
 * be a pen name. */
static bool has_number(struct span name) {
    struct span word;
    bool many = memchr(name.at, ' ', name.length);
    while (span_next(&name, ' ', &word))
        if (many && word.length && word.at[0] >= '0' && word.at[0] <= '9') return true;
    return false;
}

/* Rejects what is not a name: a text that is too long, an address, a label, a date or count, or a placeholder such as
 * "admin". */
static bool is_name(const struct author_words *words, struct span name, struct span low) {
    size_t digits = 0;
    if (name.length < 2 || name.length > LONGEST_NAME * 2 || text_count(name) > LONGEST_NAME ||
        span_count_words(name) > MAX_NAME_WORDS)
        return false;
    bool address = memchr(name.at, '@', name.length) || span_find(low, SPAN("http")) != SIZE_MAX ||
                   span_find(low, SPAN("www.")) != SIZE_MAX;
    if (address || memchr(name.at, '[', name.length) || memchr(name.at, ':', name.length)) return false;
    for (size_t i = 0; i < name.length; i++) digits += name.at[i] >= '0' && name.at[i] <= '9';
    if (digits && has_number(name)) return false; /* a date or a count */
    return digits < 4 && !is_listed(&words->placeholders, low) && !ends_in_wide(&words->placeholders, low) &&
           !leading_word(&words->controls, low, " :");
}

/* Returns false if there is no room for another name. */
static bool add_once(struct span *names, size_t *count, struct span name, struct arena *arena) {
    for (size_t i = 0; i < *count; i++)
        if (text_equal_fold(names[i], name)) return true;
    if (*count == MAX_AUTHORS) return false;
    names[(*count)++] = arena_copy(arena, name);
    return true;
}

/* Returns true if one of the names contains the other. A site that names itself as the author may omit "News" or add a
 * suffix. */
static bool is_site(struct span low, struct span site, struct arena *arena) {
    if (site.length < 3) return false;
    struct span other = lower(site, arena);
    return span_find(low, other) != SIZE_MAX ||
           (low.length > 3 && span_find(other, low) != SIZE_MAX && low.length * 2 > other.length);
}

/* Returns true for a single word that looks like the name of a host, such as "nova.bg": it ends in a dot and two to
 * four letters. */
static bool looks_like_host(struct span low) {
    size_t dot = low.length;
    while (dot > 0 && low.at[dot - 1] != '.') dot--;
    return dot > 1 && low.length - dot >= 2 && low.length - dot <= 4 && !memchr(low.at, ' ', low.length) &&
           low.at[dot - 2] != ' ' && dot > 3;
}

static bool is_all(struct span name, char first, char last) {
    for (size_t i = 0; i < name.length; i++)
        if (name.at[i] < first || name.at[i] > last) return false;
    return true;
}

/* Returns true for acronyms such as "AFP" and "DPA", which news agencies use as by-lines. */
static bool is_acronym(struct span name) {
    return name.length <= 5 && is_all(name, 'A', 'Z');
}

/* Returns true for a single word without capital letters, such as a pen name. */
static bool is_handle(struct span name) {
    for (size_t i = 0; i < name.length; i++)
        if (name.at[i] == ' ' || name.at[i] & 0x80 || (name.at[i] >= 'A' && name.at[i] <= 'Z')) return false;
    return true;
}

/* Removes the name of an account behind that of its owner, as in "Ana Ruiz @anaruiz", and a bracket left behind. */
static struct span without_account(struct span name) {
    size_t at = span_find(name, SPAN(" @"));
    name = at == SIZE_MAX ? name : span_trim(span_cut(name, 0, at));
    bool open = memchr(name.at, '(', name.length); /* an opening bracket separates names; the closing one is left */
    return !open && span_ends(name, SPAN(")")) ? span_cut(name, 0, name.length - 1) : name;
}

/* Adds the name as an organization, a pen name or a person. Organizations are tested first, because many of them look
 * like a person's name. */
static void add_name(const struct author_words *words, struct span name, struct span site, struct arena *arena,
                     struct authors *authors) {
    name = strip_words(words, without_account(name), arena);
    struct span low = lower(name, arena);
    bool room;
    if (!is_name(words, name, low)) return;
    if (is_acronym(name) || has_organization(words, low) || is_site(low, site, arena) || looks_like_host(low))
        room = add_once(authors->organizations, &authors->organization_count, name, arena);
    else if (is_handle(name))
        room = add_once(authors->handles, &authors->handle_count, name, arena);
    else
        room = add_once(authors->people, &authors->person_count, name, arena);
    authors->cut |= !room;
}

/* ---------------------------------------------------------------- lists of names */

/* Returns true at a digit directly behind a letter that is not ASCII, as where a page lacks the space between a name
 * and a date. */
static bool begins_glued_number(struct span text, size_t at) {
    uint32_t rune;
    if (at == 0 || text.at[at] < '0' || text.at[at] > '9') return false;
    text_previous(text, at, &rune);
    return rune >= 0x80 && rune_is_letter(rune);
}

/* Returns the position of the next separator between names at or after `from`, or SIZE_MAX. Sets *ret_end to the
 * position after the separator. A separator is a punctuation mark or a word for "and". */
static size_t find_break(const struct author_words *words, struct span text, struct span low, size_t from,
                         size_t *ret_end) {
    static const char *const signs[] = {",",  ";",  "|",   "•",   "·",  "⋅",   "/",   "、",  "，", "；",
                                        "／", "｜", " & ", " + ", "\n", " – ", " — ", " - ", "("};
    for (size_t i = from; i < text.length; i++) {
        struct span rest = span_cut(text, i, text.length);
        for (size_t j = 0; j < sizeof signs / sizeof *signs; j++) {
            if (!span_starts(rest, span_of(signs[j]))) continue;
            if (*signs[j] == '/' && !memchr(text.at, ' ', text.length)) continue; /* initials such as "ab/cd" */
            *ret_end = i + strlen(signs[j]);
            return i;
        }
        if (begins_glued_number(text, i)) return *ret_end = i;
        if (text.at[i] != ' ' || i == from) continue;
        size_t word = leading_word(&words->ands, span_cut(low, i + 1, low.length), " ");
        if (word == 0 || i + 1 + word >= text.length || text.at[i + 1 + word] != ' ') continue;
        /* "Ortega y Gasset" is one name, "Ana Ruiz y Eva Gil" two: an "and" of one or two letters needs two words on
         * each side. */
        struct span behind = span_cut(text, i + 1 + word, text.length);
        if (word < 3 && (span_count_words(span_cut(text, from, i)) < 2 || span_count_words(behind) < 2)) continue;
        *ret_end = i + 1 + word + 1;
        return i;
    }
    return SIZE_MAX;
}

/* Returns true if another name may follow the separator. After separators such as "|", a place or an agency follows. */
static bool continues_list(struct span text, size_t at) {
    return text.at[at] == ',' || text.at[at] == ';' || text.at[at] == ' ' || text.at[at] == '/' || (text.at[at] & 0x80);
}

/* Returns true for what follows a full name but is none: a single word, as in "Ana Ruiz, Berlin", which is a place or a
 * department, or a position, as in "Ana Ruiz, Review Editor". */
static bool is_place_or_position(const struct author_words *words, struct span piece, size_t names,
                                 struct arena *arena) {
    piece = span_trim(piece);
    if (names == 0 || is_wide(piece, 0)) return false;
    struct span low = lower(piece, arena);
    size_t role = is_listed(&words->roles, low) ? low.length : trailing_word(&words->roles, low);
    return span_count_words(piece) < 2 || (role && span_count_words(span_cut(low, 0, low.length - role)) < 2);
}

/* Removes the "and" in "Ana Ruiz, Jan Vos, and Nora Field". Some of these words are also names, so it must be in lower
 * case ("Dan" is "and" in Indonesian), and a single letter may be an initial. */
static struct span without_and(const struct author_words *words, struct span piece, struct arena *arena) {
    piece = span_trim(piece);
    struct span low = lower(piece, arena);
    size_t length = leading_word(&words->ands, low, " ");
    bool is_small = span_equal(span_cut(piece, 0, length), span_cut(low, 0, length));
    return length > 1 && length < piece.length && is_small ? span_trim(span_cut(piece, length, piece.length)) : piece;
}

/* Splits the text at separators. The list of names ends at "|", "-" or the like, after which a place or an agency
 * follows, and at words for those who did something else than write. */
void authors_add(const struct author_words *words, struct span text, struct span site, struct arena *arena,
                 struct authors *authors) {
    text = strip_words(words, text_plain_spaces(span_cut(text, 0, LONGEST_BYLINE), arena), arena);
    struct span low = lower(text, arena);
    if (low.length != text.length) low = text;
    size_t from = 0, names = 0;
    for (bool wanted = true; from < text.length && wanted;) {
        size_t end = text.length, at = find_break(words, text, low, from, &end);
        struct span piece = without_and(words, span_cut(text, from, at == SIZE_MAX ? text.length : at), arena);
        if (authors_credited(words, piece, arena)) break;
        if (!is_place_or_position(words, piece, names, arena)) add_name(words, piece, site, arena, authors);
        names += span_count_words(piece) > 1 || looks_like_host(lower(piece, arena));
        wanted = at == SIZE_MAX || continues_list(text, at) ? true : text.at[at] == '|' && names == 0;
        from = at == SIZE_MAX ? text.length : end;
    }
}

bool authors_is_reporter(const struct author_words *words, struct span text, struct arena *arena) {
    size_t at = 0;
    while (at < text.length && !is_wide(text, at)) at++;
    if (at == text.length) return false; /* all these words are wide, and most lines of most pages are not */
    struct span low = lower(strip_punctuation(span_cut(text, 0, LONGEST_BYLINE)), arena);
    return leading_reporter(words, low) > 0 || trailing_word(&words->reporters, low) > 0;
}

bool authors_announced(const struct author_words *words, struct span line, struct arena *arena) {
    struct span low = lower(span_cut(line, 0, LONGEST_BYLINE), arena);
    size_t length = leading_word(&words->prefixes, low, " :");
    return length > 0 && length < low.length;
}

bool authors_is_prefix(const struct author_words *words, struct span line, struct arena *arena) {
    struct span low = lower(strip_punctuation(span_cut(line, 0, LONGEST_BYLINE)), arena);
    return low.length && leading_word(&words->prefixes, low, "") == low.length;
}

bool authors_credited(const struct author_words *words, struct span line, struct arena *arena) {
    struct span low = lower(span_cut(line, 0, LONGEST_BYLINE), arena);
    return leading_word(&words->credits, low, " :") > 0;
}

bool authors_labelled(const struct author_words *words, struct span line, struct arena *arena) {
    bool bracket = span_starts(line, SPAN("(")) || span_starts(line, SPAN("["));
    struct span head = span_cut(line, bracket, LONGEST_BYLINE);
    if (span_find(head, SPAN(":")) == SIZE_MAX && span_find(head, SPAN("：")) == SIZE_MAX)
        return false; /* most lines */
    struct span low = lower(head, arena);
    size_t length = leading_word(&words->labels, low, " :");
    struct span rest = span_trim(span_cut(low, length, low.length));
    return length > 0 && (span_starts(rest, SPAN(":")) || span_starts(rest, SPAN("：")));
}
