/* The services of a config, opened once a run, and the routes: for a language, services in order of preference. */
#ifndef STAGES_SERVICES_SERVICE_LIST_H
#define STAGES_SERVICES_SERVICE_LIST_H

#include "pipeline/base/table.h"
#include "pipeline/engine/stage.h"
#include "stages/services/service.h"
#include "stages/services/service_settings.h"

/* Millionths of the currency per million. */
struct prices {
    long long characters, input_tokens, output_tokens;
};

struct configured_service {
    const struct service *service;
    void *state;                /* NULL when it could not be opened */
    struct failure unusable;    /* reach NONE: it can be used; else nobody picks it */
    struct span name;           /* of the section */
    const struct table *errors; /* the list's */
    const struct table *words;  /* the list's: how models write their answers */
    bool implied;               /* the embedded engine, which no [service] names: the last one of the list */
    struct rate_limits limits;
    struct prices prices;
    size_t request_words; /* most words of source in a request, for services that take paragraphs */
};

/* Which services, for a language, a source or a section of a paper. */
struct route {
    const struct word_list *services; /* NULL: every service, in the order of the file, the embedded engine last */
    enum second_opinion second_opinion;
};

struct service_list {
    struct configured_service *configured_services;
    size_t count;
    struct arena *arena;
    struct table errors; /* what services say when they refuse */
    struct table words;  /* how models write their answers */
    const struct config *config;
};

/* What the service of a section (of a known kind) is opened with. */
struct service_context service_context_of(const struct section *section, const char *data_folder);

/* Adds a problem to the configuration for each name in a route that is not a service's. */
void service_list_check(const struct config *config);
/* A service that lacks its key or model is unusable and no failure of the service list. */
bool service_list_open(const struct config *config, const char *data_folder, struct service_list **ret_service_list,
                       struct failure *ret_failure);
void service_list_close(struct service_list *service_list); /* accepts NULL */
/* The run's, which all stages share, so that what one has learned about a service is known to the others; opened when
 * nobody has done so yet. It is closed with the run's resources. */
bool service_list_borrow(const struct stage_context *context, struct service_list **ret_service_list,
                         struct failure *ret_failure);
/* Whether every route (without routes: the service list) has a usable service; otherwise fatal, with what is wrong. */
bool service_list_can_serve(const struct service_list *service_list, struct failure *ret_failure);
/* The route that fits best: a section counts more than a source, a source more than a language, "sr-Cyrl" more than
 * "sr", and [route "default"] least; of two that fit alike the first of the file. */
struct route service_list_route(const struct service_list *service_list, const char *language, struct span source,
                                struct span section);
/* The place-th service of the route that has this task and offers the pair, or NULL past the last one. */
const struct configured_service *service_list_pick(const struct service_list *service_list, const struct route *route,
                                                   const char *language, enum service_task task, size_t place,
                                                   struct span *ret_model);
const struct configured_service *service_list_named(const struct service_list *service_list,
                                                    struct span name); /* NULL when there is none */
/* Whether a refused request is to be written and sent again, because what was refused is left out from now on. */
bool service_list_adapts(const struct configured_service *configured_service, const struct exchange *exchange);
/* Calls for each code of `languages` (a column of codes) that is not "en" and that no usable service of its route
 * offers. */
void service_list_unserved(const struct service_list *service_list, const struct table *languages,
                           void (*unserved)(void *context, struct span code), void *context);
/* Calls for each language of a [route] that none of its usable services offers, with a sentence that names both. */
void service_list_dead_ends(const struct service_list *service_list, void (*dead_end)(void *context, const char *what),
                            void *context);
/* service.read_reply, without what a model tells itself. */
bool service_list_read(const struct configured_service *configured_service, const struct batch *batch,
                       const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                       struct usage *ret_usage, struct failure *ret_failure);
/* Sets kind-independent parts of an exchange: limiter, limits, judge, trust. */
void service_list_address(const struct configured_service *configured_service, struct exchange *exchange);

#endif
