#include "program/digest/command.h"

#include <string.h>

#include "config/reader.h"
#include "pipeline/store/store_prune.h"
#include "program/digest/chosen.h"
#include "program/mail/send.h"
#include "program/publish.h"
#include "program/publish_days.h"
#include "program/say.h"
#include "program/state.h"
#include "stages/digest/settings.h"

enum { FILE_LIMIT = 256 << 20 };

/* What was asked for. */
struct wish {
    struct program *program;
    struct period period;
    struct selection selection;
    struct output output;
    struct span name; /* of the selection, for its file */
    bool is_chosen;   /* a file of what was chosen, rather than the pages of a day or week */
    bool from_store;  /* false: there is no state database */
    bool mails;
};

/* ---------------------------------------------------------------- arguments, before anything is opened */

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

static bool read_period(const struct call *call, struct period *ret_period, struct failure *ret_failure) {
    const char *today = call->program->day;
    if (call->word_count > 1) return refuse_second(call, today, ret_failure);
    return period_read(call->word_count ? call->words[0] : NULL, today, ret_period, ret_failure);
}

static void name_wish(struct wish *wish, struct arena *arena) {
    struct buffer name = BUFFER(1 << 16);
    const struct period *period = &wish->period;
    buffer_print(&name, "%s%s%s", period->first, period->kind == PERIOD_DAY ? "" : "..",
                 period->kind == PERIOD_DAY ? "" : period->last);
    selection_name(&wish->selection, &name);
    wish->name = arena_copy(arena, buffer_span(&name));
    buffer_free(&name);
}

static bool check_mail(const struct wish *wish, struct failure *ret_failure) {
    bool one_day = wish->period.kind == PERIOD_DAY && !wish->is_chosen;
    return !wish->mails || one_day ||
           failure_fatal(ret_failure, EXIT_USAGE,
                         "--mail takes one day, and none of --language, --source, --section and --output");
}

static bool read_wish(const struct call *call, struct arena *arena, struct wish *wish, struct failure *ret_failure) {
    const struct digest_settings *settings = config_values(call->program->config, stage_digest.settings.entries);
    const char *output = call_option(call, "--output");
    *wish = (struct wish){.program = call->program, .mails = call_option(call, "--mail") != NULL};
    if (!read_period(call, &wish->period, ret_failure) || !selection_read(call, arena, &wish->selection, ret_failure))
        return false;
    wish->is_chosen = wish->period.kind == PERIOD_RANGE || selection_is_given(&wish->selection) || output;
    if (!check_mail(wish, ret_failure)) return false;
    name_wish(wish, arena);
    return !wish->is_chosen || output_choose(output, wish->name, call->program->output_folder, settings->url, arena,
                                             &wish->output, ret_failure);
}

/* ---------------------------------------------------------------- answers */

/* Files of a day may be there although it was pruned, if `prune` was killed. */
static bool has_day(const struct wish *wish, const char *day) {
    char on[11];
    return !store_find_pruned(wish->program->store, day, on) && publish_has_day(wish->program, day, wish->from_store);
}

static bool has_records(const struct wish *wish) {
    char day[11] = "";
    while (period_next(&wish->period, day))
        if (has_day(wish, day)) return true;
    return false;
}

static size_t count_pruned(const struct wish *wish, char ret_on[11]) {
    char day[11] = "";
    size_t count = 0;
    while (period_next(&wish->period, day)) count += store_find_pruned(wish->program->store, day, ret_on);
    return count;
}

/* Nothing else may be printed to standard output where the digest goes there. */
static void say_nothing_there(const struct wish *wish) {
    char on[11];
    struct buffer chosen = BUFFER(1 << 16);
    const struct period *period = &wish->period;
    bool is_day = period->kind == PERIOD_DAY;
    size_t pruned = count_pruned(wish, on);
    if (is_day && pruned) {
        say("The records of %s were pruned on %s.", period->first, on);
        return;
    }
    selection_describe(&wish->selection, &chosen);
    buffer_print(&chosen, "%s", "");
    say("There are no records %s %s%s%s%s%s.", is_day ? "of" : "from", period->first, is_day ? "" : " to ",
        is_day ? "" : period->last, chosen.length ? ": " : "", chosen.at);
    if (pruned) say("%zu of these days %s pruned.", pruned, pruned == 1 ? "was" : "were");
    buffer_free(&chosen);
}

static bool make_chosen(struct wish *wish, struct failure *ret_failure) {
    struct buffer file = BUFFER(FILE_LIMIT);
    const struct output *output = &wish->output;
    size_t count;
    bool done = chosen_make(wish->program, &wish->period, &wish->selection, output, wish->name, wish->from_store, &file,
                            &count, ret_failure);
    if (done && !count) say_nothing_there(wish);
    if (done && count) done = output_write(output, buffer_span(&file), ret_failure);
    if (done && count && !output->is_stdout) say("%s/%.*s", output->folder, SPAN_ARGS(output->path));
    buffer_free(&file);
    return done;
}

static bool is_up_to_date(const struct wish *wish, const char *day) {
    struct timespec made;
    if (!has_day(wish, day)) return true;
    return wish->from_store ? !publish_day_is_stale(wish->program, day) : publish_day_made(wish->program, day, &made);
}

/* The week is made from the pages of its days. */
static bool make_week(const struct wish *wish, struct failure *ret_failure) {
    char day[11] = "";
    while (period_next(&wish->period, day))
        if (!is_up_to_date(wish, day) && !publish_day(wish->program, day, wish->from_store, ret_failure)) return false;
    if (!publish_days(wish->program, ret_failure)) return false;
    say("%s/%s.html", wish->program->output_folder, wish->period.week);
    return true;
}

static bool make_day(const struct wish *wish, struct failure *ret_failure) {
    if (!publish_day(wish->program, wish->period.first, wish->from_store, ret_failure)) return false;
    say("%s/%s/index.html", wish->program->output_folder, wish->period.first);
    return true;
}

static bool answer(struct wish *wish, struct failure *ret_failure) {
    if (wish->is_chosen) return make_chosen(wish, ret_failure);
    if (!has_records(wish))
        say_nothing_there(wish);
    else if (wish->period.kind == PERIOD_WEEK)
        return make_week(wish, ret_failure);
    else
        return make_day(wish, ret_failure);
    return true;
}

static bool check_state(const struct wish *wish, struct failure *ret_failure) {
    return !wish->mails || wish->from_store ||
           failure_fatal(ret_failure, EXIT_IO, "there is no state in %s, so it is not known what was mailed before",
                         state_name(wish->program));
}

enum exit_code digest_command(const struct call *call, struct failure *ret_failure) {
    struct wish wish;
    struct arena *arena = arena_new();
    bool done = read_wish(call, arena, &wish, ret_failure);
    wish.from_store = done && state_is_readable(call->program);
    done = done && check_state(&wish, ret_failure);
    /* Two programs that mail at the same time would send the same twice. */
    done =
        done &&
        program_open_store(call->program, !wish.from_store, wish.mails ? STORE_LOCKED : STORE_UNLOCKED, ret_failure) &&
        answer(&wish, ret_failure);
    arena_free(arena);
    if (done && wish.mails) return mail_command(call->program, wish.period.first, ret_failure);
    return done ? EXIT_DONE : ret_failure->exit_code ? ret_failure->exit_code : EXIT_IO;
}
