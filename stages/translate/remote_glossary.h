/* The glossaries that services keep for us: one a service and source language, called by its content. A run looks
 * whether it is there and makes it when it is not; where that fails, placeholders do its work. */
#ifndef STAGES_TRANSLATE_REMOTE_GLOSSARY_H
#define STAGES_TRANSLATE_REMOTE_GLOSSARY_H

#include "stages/language/termbase.h"
#include "stages/services/service_list.h"

enum remote_glossary_state {
    REMOTE_GLOSSARY_NEW,
    REMOTE_GLOSSARY_ASKED,
    REMOTE_GLOSSARY_MISSING,
    REMOTE_GLOSSARY_READY,
    REMOTE_GLOSSARY_UNUSABLE
};

struct remote_glossary {
    const struct configured_service *configured_service;
    char language[12];
    enum remote_glossary_state state; /* ASKED: an exchange about it is under way */
    bool creating;
    struct span name, id;
    struct remote_glossary *next;
};

struct remote_glossaries;

struct remote_glossaries *remote_glossaries_new(const struct termbase *termbase); /* borrowed */
void remote_glossaries_free(struct remote_glossaries *remote_glossaries);         /* accepts NULL */
/* The remote glossary of a service that keeps glossaries, or NULL. */
struct remote_glossary *remote_glossary_of(struct remote_glossaries *remote_glossaries,
                                           const struct configured_service *configured_service, const char *language);
/* Writes the next request about it and marks it as ASKED; false, and UNUSABLE, when that cannot be written. */
bool remote_glossary_ask(struct remote_glossaries *remote_glossaries, struct remote_glossary *remote_glossary,
                         struct exchange *exchange);
void remote_glossary_answer(struct remote_glossaries *remote_glossaries, struct remote_glossary *remote_glossary,
                            const struct exchange *exchange);

#endif
