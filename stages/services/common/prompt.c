#include "stages/services/common/prompt.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum { PROMPT_LIMIT = 64 * 1024, VERSION_BYTES = 6, MARK_BYTES = 8 };

/* Returns the first bytes of a SHA-256 in hexadecimal. The length of each part is hashed too, so that moving text from
 * one part to the next changes the hash. */
static struct span hex_digest(const struct span *texts, size_t count, size_t bytes, struct arena *arena) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    char *hex = arena_take(arena, 2 * bytes + 1);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) memory_exhausted();
    for (size_t i = 0; i < count; i++) {
        EVP_DigestUpdate(context, &texts[i].length, sizeof texts[i].length);
        if (texts[i].length) EVP_DigestUpdate(context, texts[i].at, texts[i].length);
    }
    EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    for (size_t i = 0; i < bytes; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return (struct span){hex, 2 * bytes};
}

struct span prompt_mark(const struct span *texts, size_t count, struct arena *arena) {
    struct span hex = hex_digest(texts, count, MARK_BYTES, arena);
    return arena_print(arena, "=====%.*s=====", SPAN_ARGS(hex));
}

static struct span *section_of(struct prompt *prompt, struct span name) {
    return span_is(name, "[system]")   ? &prompt->system
           : span_is(name, "[user]")   ? &prompt->user
           : span_is(name, "[schema]") ? &prompt->schema
           : span_is(name, "[fences]") ? &prompt->fences
                                       : NULL;
}

/* Finds the sections. Each extends from the line with its name to the line with the next name. */
static void cut_sections(struct span text, struct prompt *prompt) {
    struct span rest = text, line, *section = NULL;
    while (span_next(&rest, '\n', &line)) {
        struct span *next = section_of(prompt, span_trim(line));
        if (next) {
            section = next;
            section->at = line.at + line.length;
        } else if (section) {
            section->length = (size_t)(line.at + line.length - section->at);
        }
    }
}

/* Reads one byte more than allowed, to find out whether the file is too large. */
static bool read_text(const char *path, struct arena *arena, struct span *ret_text, struct failure *ret_failure) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return failure_fatal(ret_failure, EXIT_CONFIG, "cannot read the prompt file %s: %s", path, strerror(errno));
    char *at = arena_take(arena, PROMPT_LIMIT + 1);
    size_t length = fread(at, 1, PROMPT_LIMIT + 1, file);
    fclose(file);
    *ret_text = (struct span){at, length};
    if (length <= PROMPT_LIMIT && text_valid(*ret_text)) return true;
    return failure_fatal(ret_failure, EXIT_CONFIG, "the prompt file %s is larger than %d bytes or not UTF-8", path,
                         PROMPT_LIMIT);
}

bool prompt_read(const char *path, struct arena *arena, struct prompt *ret_prompt, struct failure *ret_failure) {
    struct span text;
    struct prompt prompt = {0};
    if (!read_text(path, arena, &text, ret_failure)) return false;
    cut_sections(text, &prompt);
    if (!prompt.system.length || !prompt.user.length || !prompt.schema.length || !prompt.fences.length)
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "the prompt file %s lacks one of the sections [system], [user], [schema], [fences]", path);
    if (span_find(prompt.user, SPAN("{{texts}}")) == SIZE_MAX)
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "the section [user] of the prompt file %s does not contain {{texts}}", path);
    prompt.version = hex_digest(&text, 1, VERSION_BYTES, arena);
    *ret_prompt = prompt;
    return true;
}

struct recital *prompt_recital(const struct prompt *const *prompts, size_t count, struct arena *arena) {
    enum { SECTIONS = 4 };
    struct span *sections = arena_take(arena, count * SECTIONS * sizeof *sections);
    for (size_t i = 0; i < count; i++) {
        const struct span those[SECTIONS] = {prompts[i]->system, prompts[i]->user, prompts[i]->schema,
                                             prompts[i]->fences};
        memcpy(sections + i * SECTIONS, those, sizeof those);
    }
    return recital_read(sections, count * SECTIONS, arena);
}

static struct span find_filling(struct span name, const struct filling *fillings) {
    for (; fillings->name; fillings++)
        if (span_is(name, fillings->name)) return fillings->text;
    return (struct span){NULL, 0};
}

/* Appends a paragraph with its placeholders replaced. If a placeholder has no value, removes the paragraph again and
 * returns false. */
static bool fill_paragraph(struct span paragraph, const struct filling *fillings, struct buffer *out) {
    size_t start = out->length;
    while (paragraph.length) {
        size_t open = span_find(paragraph, SPAN("{{")), close = span_find(paragraph, SPAN("}}"));
        if (open == SIZE_MAX || close == SIZE_MAX || close < open) break;
        struct span text = find_filling(span_cut(paragraph, open + 2, close), fillings);
        if (text.length == 0) {
            out->length = start;
            return false;
        }
        buffer_add_span(out, span_cut(paragraph, 0, open));
        buffer_add_span(out, text);
        paragraph = span_cut(paragraph, close + 2, paragraph.length);
    }
    return buffer_add_span(out, paragraph);
}

struct span prompt_fill(struct span section, const struct filling *fillings, struct arena *arena) {
    struct buffer out = BUFFER(SIZE_MAX / 4);
    struct span rest = span_trim(section);
    while (rest.length) {
        size_t end = span_find(rest, SPAN("\n\n")), before = out.length;
        if (before) buffer_add_string(&out, "\n\n");
        if (!fill_paragraph(span_trim(span_cut(rest, 0, end)), fillings, &out)) out.length = before;
        rest = end == SIZE_MAX ? (struct span){NULL, 0} : span_trim(span_cut(rest, end, rest.length));
    }
    struct span filled = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return filled;
}
