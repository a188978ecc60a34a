/* The glossaries that services keep for us: one a service and source language, called by its content. A run looks
 * whether it is there and makes it when it is not; where that fails, placeholders do its work. */
#ifndef STAGES_TRANSLATE_REMOTE_GLOSSARY_H
#define STAGES_TRANSLATE_REMOTE_GLOSSARY_H

#include "stages/language/termbase.h"
#include "stages/services/service_list.h"

enum shelf_state { SHELF_NEW, SHELF_ASKED, SHELF_MISSING, SHELF_READY, SHELF_UNUSABLE };

struct shelf {
    const struct recruit *recruit;
    char language[12];
    enum shelf_state state; /* ASKED: an exchange about it is under way */
    bool creating;
    struct span name, id;
    struct shelf *next;
};

struct shelves;

struct shelves *shelves_new(const struct termbase *termbase); /* borrowed */
void shelves_free(struct shelves *shelves);                   /* accepts NULL */
/* The shelf of a service that keeps glossaries, or NULL. */
struct shelf *shelf_of(struct shelves *shelves, const struct recruit *recruit, const char *language);
/* Writes the next request about it and marks it as ASKED; false, and UNUSABLE, when that cannot be written. */
bool shelf_ask(struct shelves *shelves, struct shelf *shelf, struct exchange *exchange);
void shelf_answer(struct shelves *shelves, struct shelf *shelf, const struct exchange *exchange);

#endif
