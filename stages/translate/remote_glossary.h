/* Glossaries that are stored at a service (remote glossaries): one for each service and source language, named after
 * its content. The run looks for the glossary at the service, and creates it if it is not there. If that fails,
 * placeholders are used instead (placeholders.h). */
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
    enum remote_glossary_state state; /* ASKED: a request that looks the glossary up or creates it is in flight */
    bool creating;                    /* in state ASKED: whether the request creates the glossary */
    struct span name, id;             /* name: chosen by Dragoman; id: assigned by the service */
    struct remote_glossary *next;
};

struct remote_glossaries;

struct remote_glossaries *remote_glossaries_new(const struct termbase *termbase); /* borrows the termbase */
void remote_glossaries_free(struct remote_glossaries *remote_glossaries);         /* accepts NULL */
/* Returns the remote glossary for this service and language, or NULL if the service does not store glossaries. */
struct remote_glossary *remote_glossary_of(struct remote_glossaries *remote_glossaries,
                                           const struct configured_service *configured_service, const char *language);
/* Composes the next request about this glossary and sets the state to ASKED. If that fails, sets the state to UNUSABLE
 * and returns false. */
bool remote_glossary_ask(struct remote_glossaries *remote_glossaries, struct remote_glossary *remote_glossary,
                         struct exchange *exchange);
/* Reads the reply to the request of remote_glossary_ask(). Sets the state to READY, MISSING (the glossary must be
 * created next) or UNUSABLE. */
void remote_glossary_answer(struct remote_glossaries *remote_glossaries, struct remote_glossary *remote_glossary,
                            const struct exchange *exchange);

#endif
