/* The services of a config, opened once a run, and the routes: for a language, services in order of preference. */
#ifndef STAGES_SERVICES_SERVICE_LIST_H
#define STAGES_SERVICES_SERVICE_LIST_H

#include "config/setting.h"
#include "pipeline/engine/stage.h"
#include "stages/services/service.h"

/* Millionths of the currency per million. */
struct prices {
    long long characters, input_tokens, output_tokens;
};

struct recruit {
    const struct service *service;
    void *state;             /* NULL when it could not be opened */
    struct failure unusable; /* reach NONE: it can be used; else nobody picks it */
    struct span name;        /* of the section */
    struct gate_limits limits;
    struct prices prices;
    unsigned long answer_tokens; /* longest answer, of a language model */
    size_t request_words;        /* most words of source in a request, for services that take paragraphs */
};

enum second_opinion { SECOND_NEVER, SECOND_FAILED, SECOND_SUSPECT };

/* Which services, for a language, a source or a section of a paper. */
struct route {
    const struct settings *settings;    /* NULL: every service, in the order of the file */
    enum second_opinion second_opinion; /* the least verdict of the checks that makes the next service be asked, once */
};

struct roster {
    struct recruit *recruits;
    size_t count;
    const struct config *config;
};

/* The settings that every [service "..."] takes, and those of [route "..."]. */
extern const struct setting roster_service_settings[];
extern const struct setting roster_route_settings[];
/* For the config's table of sections: the further settings of a kind of service. */
const struct setting *roster_settings_of_kind(struct span kind);

/* A service that lacks its key or model is unusable and no failure of the roster. */
bool roster_open(const struct config *config, const char *data_folder, struct roster **ret_roster,
                 struct failure *ret_failure);
void roster_close(struct roster *roster); /* accepts NULL */
/* Whether every route (without routes: the roster) has a service that can be used; fatal with what is wrong otherwise.
 */
bool roster_can_serve(const struct roster *roster, struct failure *ret_failure);
/* The route that fits best: a section counts more than a source, a source more than a language, "sr-Cyrl" more than
 * "sr", and [route "default"] least; of two that fit alike the first of the file. */
struct route roster_route(const struct roster *roster, const char *language, struct span source, struct span section);
/* The place-th service of the route that has this task and offers the pair, or NULL past the last one. */
const struct recruit *roster_pick(const struct roster *roster, const struct route *route, const char *language,
                                  enum service_task task, size_t place, struct span *ret_model);
const struct recruit *roster_named(const struct roster *roster, struct span name); /* NULL when there is none */
/* Sets kind-independent parts of an exchange: gate, limits, judge, trust. */
void roster_address(const struct recruit *recruit, struct exchange *exchange);

#endif
