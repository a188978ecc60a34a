#include "stages/services/common/key.h"

#include <openssl/evp.h>
#include <string.h>

/* Writes the length in a fixed byte order, so that a translation memory can be moved between machines. */
static void add_part(EVP_MD_CTX *digest, struct span part) {
    unsigned char length[8];
    for (size_t i = 0; i < sizeof length; i++) length[i] = (unsigned char)((unsigned long long)part.length >> (8 * i));
    EVP_DigestUpdate(digest, length, sizeof length);
    if (part.length) EVP_DigestUpdate(digest, part.at, part.length);
}

/* Returns whether all whitespace is single spaces between words. */
static bool is_folded(struct span source) {
    bool space = true;
    for (size_t i = 0; i < source.length; i++) {
        bool here = (unsigned char)source.at[i] <= ' ' && text_is_space(source.at[i]);
        if (here && (space || source.at[i] != ' ')) return false;
        space = here;
    }
    return !space;
}

/* Replaces runs of whitespace with one space, so that the key does not depend on where the lines of a text are broken.
 */
static void add_source(EVP_MD_CTX *digest, struct span source) {
    if (is_folded(source)) {
        add_part(digest, source);
        return;
    }
    struct buffer folded = BUFFER(SIZE_MAX / 4);
    for (size_t i = 0, word; i < source.length; i++) {
        for (word = i; i < source.length && !text_is_space(source.at[i]);) i++;
        if (i > word && folded.length) buffer_add(&folded, " ", 1);
        buffer_add_span(&folded, span_cut(source, word, i));
    }
    add_part(digest, buffer_span(&folded));
    buffer_free(&folded);
}

static struct memory_key hash(struct span source, const struct span *parts, size_t count) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    struct memory_key key;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (!digest || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1) memory_exhausted();
    add_source(digest, source);
    for (size_t i = 0; i < count; i++) add_part(digest, parts[i]);
    EVP_DigestFinal_ex(digest, bytes, NULL);
    EVP_MD_CTX_free(digest);
    memcpy(key.bytes, bytes, sizeof key.bytes);
    return key;
}

struct memory_key key_of(struct span source, const char *language, const struct configured_service *configured_service,
                         struct span model, struct span prompt, struct span glossary) {
    const struct span parts[] = {span_of(language),
                                 SPAN("en"),
                                 configured_service->name,
                                 span_of(configured_service->service->name),
                                 model,
                                 prompt,
                                 glossary};
    return hash(source, parts, sizeof parts / sizeof *parts);
}

struct memory_key key_of_import(struct span source, const char *language) {
    const struct span parts[] = {{language, strcspn(language, "-_")}, SPAN("en"), SPAN("imported")};
    return hash(source, parts, sizeof parts / sizeof *parts);
}
