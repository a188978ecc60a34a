/* Codes of languages (BCP 47). */
#ifndef STAGES_LANGUAGE_LANGUAGE_CODE_H
#define STAGES_LANGUAGE_LANGUAGE_CODE_H

#include "pipeline/base/text.h"

/* Cuts off the last part of the code: "zh-Hans-CN" becomes "zh-Hans", and that "zh". Returns false, and changes
 * nothing, if it has only one part. What is known of a language is looked up under the whole code and then under the
 * wider ones, until something is found. */
static inline bool language_code_widen(struct span *code) {
    size_t end = code->length;
    while (end > 0 && code->at[end - 1] != '-') end--;
    if (end > 0) code->length = end - 1;
    return end > 0;
}

#endif
