/* The configured services, opened once per run, and the routes: lists of services for a language, in order of
 * preference. */
#ifndef STAGES_SERVICES_SERVICE_LIST_H
#define STAGES_SERVICES_SERVICE_LIST_H

#include "pipeline/base/table.h"
#include "pipeline/engine/stage.h"
#include "stages/services/service.h"
#include "stages/services/service_settings.h"

/* Prices in millionths of the currency, per million characters or tokens. */
struct prices {
    long long characters, input_tokens, output_tokens;
};

struct configured_service {
    const struct service *service;
    void *state;                /* NULL if the service could not be opened */
    struct failure unusable;    /* why the service cannot be used; the reach is REACH_NONE if it can be used */
    struct span name;           /* name of its section */
    const struct table *errors; /* borrowed from the list */
    const struct table *words;  /* borrowed from the list */
    bool implied; /* this is the embedded engine, added at the end of the list because no [service] section configures
                     it */
    struct rate_limits limits;
    struct prices prices;
    size_t request_words; /* maximum number of source words in a request, for services that take paragraphs */
};

/* The services to ask for a language, a source or a section of a newspaper. */
struct route {
    const struct word_list
        *services; /* NULL for all services in the order of the configuration, with the embedded engine last */
    enum second_opinion second_opinion;
};

struct service_list {
    struct configured_service *configured_services;
    size_t count;
    struct arena *arena;
    struct table errors; /* meaning of error messages (services/errors.tsv) */
    struct table words;  /* how models write their answers (services/answers.tsv) */
    const struct config *config;
};

/* Returns the arguments for opening the service of this section, whose kind must be known. */
struct service_context service_context_of(const struct section *section, const char *data_folder);

/* Adds a problem to the configuration for each route that names an unknown service. */
void service_list_check(const struct config *config);
/* Opens all services. A service that lacks its key or model is marked as unusable, which is not an error. */
bool service_list_open(const struct config *config, const char *data_folder, struct service_list **ret_service_list,
                       struct failure *ret_failure);
void service_list_close(struct service_list *service_list); /* accepts NULL */
/* Returns the list that all stages of a run share, so that what is learned about a service is known to all of them. The
 * first caller opens it; it is closed with the resources of the run. */
bool service_list_borrow(const struct stage_context *context, struct service_list **ret_service_list,
                         struct failure *ret_failure);
/* Returns whether every route has a usable service or, if there are no routes, whether any service is usable. Otherwise
 * sets a fatal failure that says what is wrong. */
bool service_list_can_serve(const struct service_list *service_list, struct failure *ret_failure);
/* Returns the route that fits best. A matching section outweighs a matching source, which outweighs a matching
 * language; "sr-Cyrl" outweighs "sr". [route "default"] is used if no other route fits. If several routes fit equally
 * well, the first one in the configuration is used. */
struct route service_list_route(const struct service_list *service_list, const char *language, struct span source,
                                struct span section);
/* Returns the service at index `place` among those of the route that are usable, support the task and offer the
 * language, or NULL if there are not that many. */
const struct configured_service *service_list_pick(const struct service_list *service_list, const struct route *route,
                                                   const char *language, enum service_task task, size_t place,
                                                   struct span *ret_model);
const struct configured_service *service_list_named(const struct service_list *service_list,
                                                    struct span name); /* may be NULL */
/* Returns whether a refused request must be written and sent again, because the adapter now omits or changes the
 * parameter that was refused. */
bool service_list_adapts(const struct configured_service *configured_service, const struct exchange *exchange);
/* Calls `unserved` for each code in the first column of `languages`, except "en", that is offered by no usable service
 * of its route. */
void service_list_unserved(const struct service_list *service_list, const struct table *languages,
                           void (*unserved)(void *context, struct span code), void *context);
/* Calls `dead_end` for each language of a route that none of its usable services offers, with a sentence that names
 * both. */
void service_list_dead_ends(const struct service_list *service_list, void (*dead_end)(void *context, const char *what),
                            void *context);
/* Calls service.read_reply, and removes a model's thinking from the answers. */
bool service_list_read(const struct configured_service *configured_service, const struct batch *batch,
                       const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                       struct usage *ret_usage, struct failure *ret_failure);
/* Sets the parts of an exchange that do not depend on the kind of service: limiter, limits, judge, table of errors, and
 * trust in the host. */
void service_list_address(const struct configured_service *configured_service, struct exchange *exchange);

#endif
