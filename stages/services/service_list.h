/* The configured services, opened once per run, and the routes. A route is the list of services to ask for a language,
 * source or newspaper section, in order of preference. */
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
    struct failure unusable;    /* why the service cannot be used; unusable.reach is REACH_NONE if it can */
    struct span name;           /* name of its section */
    const struct table *errors; /* borrowed from the list */
    const struct table *words;  /* borrowed from the list */
    bool implied; /* the embedded engine, added at the end of the list because no [service] section configures it */
    struct rate_limits limits;
    struct prices prices;
    size_t request_words; /* maximum number of source words in a request, for services that take paragraphs */
};

/* The services to ask, in order of preference, for a language, a source or a section of a newspaper. */
struct route {
    const struct word_list
        *services; /* NULL: all services in the order of the configuration, with the embedded engine last */
    enum second_opinion second_opinion;
};

struct service_list {
    struct configured_service *configured_services;
    size_t count;
    struct arena *arena;
    struct table errors; /* what error messages mean (services/errors.tsv) */
    struct table words;  /* the names and markers that models use in their answers (services/answers.tsv) */
    const struct config *config;
};

/* Returns the arguments for opening the service of this section, whose kind must be known. */
struct service_context service_context_of(const struct section *section, const char *data_folder);

/* Adds a problem to the configuration for each route that names an unknown service. */
void service_list_check(const struct config *config);
/* Opens all services. A service whose key or model is missing is marked as unusable; that is not an error. */
bool service_list_open(const struct config *config, const char *data_folder, struct service_list **ret_service_list,
                       struct failure *ret_failure);
void service_list_close(struct service_list *service_list); /* accepts NULL */
/* Returns the list that all stages of a run share, so that they also share what is learned about a service. The first
 * call opens the list; it is closed together with the other resources of the run. */
bool service_list_borrow(const struct stage_context *context, struct service_list **ret_service_list,
                         struct failure *ret_failure);
/* Returns whether every route has a usable service or, if there are no routes, whether any service is usable. If not,
 * sets a fatal failure. */
bool service_list_can_serve(const struct service_list *service_list, struct failure *ret_failure);
/* Returns the best route. A matching section outweighs a matching source, which outweighs a matching language;
 * "sr-Cyrl" outweighs "sr". [route "default"] is used if no other route matches. Of several equally good routes, the
 * first one in the configuration is used. */
struct route service_list_route(const struct service_list *service_list, const char *language, struct span source,
                                struct span section);
/* Returns a service of the route. `place` counts only the services that are usable, support the task and offer the
 * language. Returns NULL if there are not that many. */
const struct configured_service *service_list_pick(const struct service_list *service_list, const struct route *route,
                                                   const char *language, enum service_task task, size_t place,
                                                   struct span *ret_model);
const struct configured_service *service_list_named(const struct service_list *service_list,
                                                    struct span name); /* may be NULL */
/* Returns whether a refused request must be composed and sent again, because the adapter now omits or changes the
 * refused parameter. */
bool service_list_adapts(const struct configured_service *configured_service, const struct exchange *exchange);
/* Calls `unserved` for each code in the first column of `languages`, except "en", that no usable service of the
 * matching route offers. */
void service_list_unserved(const struct service_list *service_list, const struct table *languages,
                           void (*unserved)(void *context, struct span code), void *context);
/* For each route, calls `dead_end` for each of its languages that none of its usable services offers, with a sentence
 * that names the route and the language. */
void service_list_dead_ends(const struct service_list *service_list, void (*dead_end)(void *context, const char *what),
                            void *context);
/* Calls service.read_reply, and removes a model's thinking from the answers. */
bool service_list_read(const struct configured_service *configured_service, const struct batch *batch,
                       const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                       struct usage *ret_usage, struct failure *ret_failure);
/* Sets the members of an exchange that do not depend on the kind of service: limiter, limits, judge, table of errors,
 * and permission to connect to private addresses. */
void service_list_address(const struct configured_service *configured_service, struct exchange *exchange);

#endif
