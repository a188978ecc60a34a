#include "program/digest/command.h"

#include <string.h>
#include <unistd.h>

#include "pipeline/store/store.h"
#include "program/digest/period.h"
#include "program/mail/send.h"
#include "program/publish.h"
#include "program/say.h"

/* What was asked for; checked before anything is opened. */
struct wish {
    struct program *program;
    struct period period;
    bool from_store; /* false: there is no state database */
    bool mails;
};

static bool refuse_second(const struct call *call, const char *today, struct failure *ret_failure) {
    struct period first, second;
    bool days = period_read(call->words[0], today, &first, NULL) && period_read(call->words[1], today, &second, NULL);
    if (!days)
        return failure_fatal(ret_failure, EXIT_USAGE, "unexpected argument '%.80s': digest takes one date or range",
                             call->words[1]);
    bool ordered = strcmp(first.first, second.first) <= 0;
    return failure_fatal(ret_failure, EXIT_USAGE,
                         "unexpected argument '%.80s': digest takes one date or range; did you mean '%s..%s'?",
                         call->words[1], ordered ? first.first : second.first, ordered ? second.last : first.last);
}

static bool read_wish(const struct call *call, struct wish *wish, struct failure *ret_failure) {
    const char *today = call->program->day;
    wish->program = call->program;
    if (call->word_count > 1) return refuse_second(call, today, ret_failure);
    wish->mails = call_option(call, "--mail") != NULL;
    if (!period_read(call->word_count ? call->words[0] : NULL, today, &wish->period, ret_failure)) return false;
    return !wish->mails || wish->period.kind == PERIOD_DAY ||
           failure_fatal(ret_failure, EXIT_USAGE, "--mail takes one day, not '%.80s'", call->words[0]);
}

static bool has_records(const struct wish *wish) {
    char day[11] = "";
    while (period_next(&wish->period, day))
        if (publish_has_day(wish->program, day, wish->from_store)) return true;
    return false;
}

static void say_nothing_there(const struct period *period) {
    if (period->kind == PERIOD_DAY)
        say("There are no records of %s.", period->first);
    else
        say("There are no records from %s to %s.", period->first, period->last);
}

static bool make(const struct wish *wish, struct failure *ret_failure) {
    char day[11] = "";
    while (period_next(&wish->period, day)) {
        if (!publish_has_day(wish->program, day, wish->from_store)) continue;
        if (!publish_day(wish->program, day, wish->from_store, ret_failure)) return false;
        say("%s/%s/index.html", wish->program->output_folder, day);
    }
    return true;
}

enum exit_code digest_command(const struct call *call, struct failure *ret_failure) {
    struct wish wish = {0};
    if (!read_wish(call, &wish, ret_failure)) return EXIT_USAGE;
    wish.from_store = access(wish.program->settings->state.at, R_OK) == 0;
    /* Two programs that mail at the same time would send the same twice. */
    bool done = program_open_store(wish.program, !wish.from_store, wish.mails, ret_failure);
    if (done && !has_records(&wish))
        say_nothing_there(&wish.period);
    else
        done = done && make(&wish, ret_failure);
    if (done && wish.mails) return mail_command(wish.program, wish.period.first, ret_failure);
    return done ? EXIT_DONE : ret_failure->exit_code ? ret_failure->exit_code : EXIT_IO;
}
