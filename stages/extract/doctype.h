/* Document types. */
#ifndef STAGES_EXTRACT_DOCTYPE_H
#define STAGES_EXTRACT_DOCTYPE_H

#include "pipeline/base/text.h"

/* Returns true if a page with this declaration ("<!doctype html>") is read as pages were before there was a standard:
 * a table does not end a paragraph. */
bool doctype_is_quirky(struct span declaration);

#endif
