#include "pipeline/base/failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "pipeline/base/logins.h"

/* These names are shown to users and used in JSON output. */
static const char *const causes[FAILURE_CAUSES] = {[CAUSE_ARTICLE] = "article",
                                                   [CAUSE_SERVICE] = "service",
                                                   [CAUSE_NETWORK] = "network",
                                                   [CAUSE_MONEY] = "money",
                                                   [CAUSE_MACHINE] = "machine"};

/* Error messages from servers may contain any bytes. Those that are not UTF-8 are replaced with question marks. */
static void mark_invalid(char *sentence) {
    struct span text = span_of(sentence);
    for (size_t i = 0, size; i < text.length; i += size) {
        uint32_t rune;
        size = text_next(text, i, &rune);
        if (rune == RUNE_INVALID && size == 1) sentence[i] = '?';
    }
}

/* Makes the sentence safe for the log, the record and the report, which show it on one line. vsnprintf() may have cut
 * it inside a UTF-8 sequence; such a remainder is removed. Control characters become spaces. */
static void tidy_sentence(char *sentence, size_t size) {
    size_t length = strnlen(sentence, size);
    if (length + 1 >= size) {
        size_t start = length;
        while (start > 0 && ((unsigned char)sentence[start - 1] & 0xC0) == 0x80) start--;
        if (start > 0 && (unsigned char)sentence[start - 1] >= 0xC0) sentence[start - 1] = '\0';
    }
    for (char *c = sentence; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F) *c = ' ';
    mark_invalid(sentence);
}

/* Shared by failure_set() and failure_fatal(): `head` is the failure without its sentence. */
__attribute__((format(printf, 3, 0))) static bool fill(struct failure *ret_failure, struct failure head,
                                                       const char *format, va_list arguments) {
    if (!ret_failure) return false;
    *ret_failure = head;
    vsnprintf(ret_failure->sentence, sizeof ret_failure->sentence, format, arguments);
    tidy_sentence(ret_failure->sentence, sizeof ret_failure->sentence);
    logins_hide(ret_failure->sentence, strlen(ret_failure->sentence));
    return false;
}

/* Returns the usual cause of a failure with this reach; failure_blame() can set another one. */
static enum failure_cause cause_of_reach(enum failure_reach reach) {
    return reach == REACH_SERVICE ? CAUSE_SERVICE : reach == REACH_RUN ? CAUSE_MACHINE : CAUSE_ARTICLE;
}

enum exit_code failure_exit_code(int error) {
    return error == EACCES || error == EPERM || error == EROFS ? EXIT_PERMISSION : EXIT_IO;
}

bool failure_set(struct failure *ret_failure, enum failure_reach reach, enum failure_remedy remedy, const char *format,
                 ...) {
    va_list arguments;
    va_start(arguments, format);
    /* A run that cannot continue must not exit with 0. */
    enum exit_code code = reach == REACH_RUN ? EXIT_SYSTEM : EXIT_DONE;
    fill(ret_failure,
         (struct failure){.reach = reach, .remedy = remedy, .exit_code = code, .cause = cause_of_reach(reach)}, format,
         arguments);
    va_end(arguments);
    return false;
}

bool failure_fatal(struct failure *ret_failure, enum exit_code code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fill(ret_failure,
         (struct failure){.reach = REACH_RUN, .remedy = REMEDY_NONE, .exit_code = code, .cause = CAUSE_MACHINE}, format,
         arguments);
    va_end(arguments);
    return false;
}

bool failure_blame(struct failure *failure, enum failure_cause cause, struct span name) {
    if (!failure) return false;
    /* Cut at a character boundary, since the name appears in JSON. */
    name = text_clip(name, sizeof failure->blamed - 1);
    failure->cause = cause;
    if (name.length) memcpy(failure->blamed, name.at, name.length);
    failure->blamed[name.length] = '\0';
    tidy_sentence(failure->blamed, sizeof failure->blamed);
    return false;
}

bool failure_waits(const struct failure *failure) {
    if (failure->reach == REACH_NONE) return false;
    /* Only a failure that the article itself caused, and that no attempt can change, is final. */
    return failure->reach == REACH_RUN || failure->cause != CAUSE_ARTICLE || failure->remedy != REMEDY_NONE;
}

/* Rows written by a newer version may have a cause that we do not know. */
const char *failure_cause_name(enum failure_cause cause) {
    return cause < FAILURE_CAUSES ? causes[cause] : "unknown";
}
