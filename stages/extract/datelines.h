/* Finds reporters who are named in the text itself, as agencies and newspapers of East Asia do: "（记者 王小明）",
 * "〔記者王小明／台北報導〕", "(서울=연합) 김하늘 기자 =", "【ソウル＝山田花子】". */
#ifndef STAGES_EXTRACT_DATELINES_H
#define STAGES_EXTRACT_DATELINES_H

#include "stages/extract/authors.h"
#include "stages/extract/page.h"

/* Adds the names at the beginning of the first paragraphs below the headline or, if there are none, those in the first
 * short line that consists of a name, a word for "reporter" and perhaps an address, or in brackets at the end of a
 * paragraph. */
void datelines_add(const struct page *page, const struct author_words *words, struct span site,
                   struct authors *authors);

#endif
