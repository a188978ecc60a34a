#define _GNU_SOURCE
#include "program/mail/send.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pipeline/base/clock.h"
#include "pipeline/engine/edition.h"
#include "pipeline/store/store_mail.h"
#include "program/mail/internal.h"
#include "program/mail/message.h"
#include "program/mail/view.h"
#include "stages/digest/settings.h"

/* Mail that could not be sent is tried for MAIL_DAYS. What was sent is remembered longer, for `digest DATE --mail`. */
enum { MAIL_DAYS = 7, KEPT_DAYS = 31, MESSAGE_LIMIT = 4 << 20, MAX_READERS = 1000 };

/* One section, and what of it has been sent. */
struct sending {
    struct program *program;
    const struct section *section;
    const struct mail_settings *settings;
    struct arena *arena;
    struct mail_reader *readers; /* as many as settings->to.count */
    struct mail_tables tables;
    struct span folder, url;
    struct mail_outcome outcome;
    bool *told;    /* for each reader: whether a mail was accepted for him */
    bool asked;    /* by a command, rather than due after a run */
    bool given_up; /* the server cannot be used at present */
};

/* What a reader does not know of a day. */
struct unseen {
    const char (*ids)[33];
    size_t count;
    bool handled;
};

/* ---------------------------------------------------------------- one mail */

/* The readers who are told the same. */
struct group {
    const struct unseen *unseen;
    const struct mail_reader *readers[MAX_READERS];
    struct smtp_recipient recipients[MAX_READERS];
    size_t count;
};

/* Records that could not be read are left unseen, so that they are told once they have been repaired. */
static bool see_all(struct sending *sending, const struct mail_view *view, const struct group *group,
                    struct failure *ret_failure) {
    bool done = true;
    for (size_t i = 0; i < group->count; i++)
        for (size_t j = 0; j < group->unseen->count && done && group->recipients[i].accepted; j++) {
            const char *id = group->unseen->ids[j];
            if (hash_table_find(&view->loaded, span_of(id)))
                done = store_mail_see(sending->program->store, group->readers[i], view->edition->day, id, ret_failure);
        }
    return done;
}

/* Everything that the mail has told is noted at once and flushed: whatever happens before is repeated, and nothing is
 * lost. */
static bool keep(struct sending *sending, const struct mail_view *view, const struct group *group,
                 const struct message *message, struct failure *ret_failure) {
    struct store *store = sending->program->store;
    struct mail_thread thread = *message->thread;
    struct buffer id = BUFFER(4096);
    char before[11];
    bool first = thread.mails == 0, done = true;
    clock_day_before(sending->program->day, KEPT_DAYS, before);
    message_id(message, &id);
    if (first) thread.root = buffer_span(&id);
    thread.mails++;
    if (first) done = store_mail_forget(store, before, ret_failure);
    done = done && see_all(sending, view, group, ret_failure) &&
           store_mail_put_thread(store, section_name(sending->section), view->edition->day, &thread, ret_failure) &&
           store_commit(store, ret_failure) && store_make_durable(store, ret_failure);
    buffer_free(&id);
    return done;
}

static void count_sent(struct sending *sending, const struct mail *mail, const struct group *group) {
    struct mail_outcome *outcome = &sending->outcome;
    for (size_t i = 0; i < group->count; i++) {
        bool *told = &sending->told[group->readers[i] - sending->readers];
        outcome->readers += group->recipients[i].accepted && !*told;
        *told = *told || group->recipients[i].accepted;
    }
    outcome->mails++;
    outcome->stories += mail->count;
}

static bool deliver(struct sending *sending, const struct mail_view *view, struct group *group,
                    const struct message *message, struct failure *ret_failure) {
    struct failure failure = {0};
    struct buffer text = BUFFER(MESSAGE_LIMIT);
    if (!message_write(message, &text)) {
        buffer_free(&text);
        return failure_fatal(ret_failure, EXIT_IO, "a mail is larger than %d bytes", MESSAGE_LIMIT);
    }
    bool sent = mail_way_send(sending->program, sending->section, group->recipients, group->count, buffer_span(&text),
                              &failure);
    buffer_free(&text);
    if (failure.reach != REACH_NONE) {
        sending->outcome.failed = true;
        sending->outcome.failure = failure;
    }
    /* Who refuses the mail of one day, for a word in it, may take that of the next. */
    sending->given_up = !sent && failure.reach != REACH_ARTICLE;
    if (!sent) return true;
    count_sent(sending, message->mail, group);
    return keep(sending, view, group, message, ret_failure);
}

/* What has only grown is told together with the day's next new story, or when the day is over. */
static bool waits_for_story(const struct sending *sending, const struct mail *mail) {
    if (strcmp(mail->day->edition->day, sending->program->day) < 0) return false;
    return sending->settings->when == MAIL_WHEN_NEW && !sending->asked && mail->grown == mail->count;
}

static bool tell_group(struct sending *sending, const struct mail_view *view, struct group *group,
                       const struct mail *mail, struct arena *arena, struct failure *ret_failure) {
    struct span list = section_name(sending->section), *to = arena_take(arena, group->count * sizeof *to);
    const struct unseen *unseen = group->unseen;
    for (size_t i = 0; i < group->count; i++) to[i] = group->recipients[i].address;
    struct mail_thread thread = store_mail_thread(sending->program->store, list, view->edition->day, arena);
    struct message message = {.section = sending->section,
                              .mail = mail,
                              .to = to,
                              .to_count = group->count,
                              .thread = &thread,
                              .content = {(const char *)unseen->ids, unseen->count * sizeof *unseen->ids}};
    return deliver(sending, view, group, &message, ret_failure);
}

/* If nothing of it is for this section, it need not be looked at again. */
static bool skip_group(struct sending *sending, const struct mail_view *view, struct group *group,
                       struct failure *ret_failure) {
    for (size_t i = 0; i < group->count; i++) group->recipients[i].accepted = true;
    return see_all(sending, view, group, ret_failure) && store_commit(sending->program->store, ret_failure);
}

static bool send_group(struct sending *sending, const struct mail_view *view, struct group *group,
                       struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct hash_table fresh = HASH_TABLE(arena);
    struct mail mail = {.day = view->day,
                        .languages = &sending->tables.languages,
                        .fresh = &fresh,
                        .url = sending->url,
                        .folder = sending->folder,
                        .max_stories = (size_t)sending->settings->stories};
    for (size_t i = 0; i < group->unseen->count; i++)
        hash_table_set(&fresh, span_of(group->unseen->ids[i]), view->edition);
    mail_list(&mail);
    bool done = true;
    if (!mail.count)
        done = skip_group(sending, view, group, ret_failure);
    else if (!waits_for_story(sending, &mail))
        done = tell_group(sending, view, group, &mail, arena, ret_failure);
    arena_free(arena);
    return done;
}

/* ---------------------------------------------------------------- the readers of a day */

static bool is_same(const struct unseen *a, const struct unseen *b) {
    return a->count == b->count && memcmp(a->ids, b->ids, a->count * sizeof *a->ids) == 0;
}

/* Whether the reader has been gathered: an address may be listed twice. */
static bool is_in(const struct group *group, const struct mail_reader *reader) {
    for (size_t i = 0; i < group->count; i++)
        if (group->readers[i]->id == reader->id) return true;
    return false;
}

/* Gathers the readers who do not know the same as the reader `first`. */
static void gather(const struct sending *sending, struct unseen *unseen, size_t first, struct group *ret_group) {
    *ret_group = (struct group){.unseen = &unseen[first]};
    for (size_t i = first; i < sending->settings->to.count && ret_group->count < MAX_READERS; i++) {
        if (unseen[i].handled || !is_same(&unseen[i], &unseen[first])) continue;
        unseen[i].handled = true;
        if (is_in(ret_group, &sending->readers[i])) continue;
        ret_group->readers[ret_group->count] = &sending->readers[i];
        ret_group->recipients[ret_group->count++] = (struct smtp_recipient){.address = sending->settings->to.items[i]};
    }
}

static bool send_unseen(struct sending *sending, const char *day, struct unseen *unseen, struct failure *ret_failure) {
    bool done = true;
    struct mail_view view = mail_view_open(sending->program, sending->settings, &sending->tables, day);
    struct group *group = memory_take(sizeof *group);
    for (size_t i = 0; i < sending->settings->to.count && done && !sending->given_up; i++) {
        if (unseen[i].handled || !unseen[i].count) continue;
        gather(sending, unseen, i, group);
        done = send_group(sending, &view, group, ret_failure);
    }
    free(group);
    edition_free(view.edition);
    return done;
}

/* A reader is not told of the days before he was on the list, unless somebody asks for that day. */
static bool send_day(struct sending *sending, const char *day, struct failure *ret_failure) {
    bool done = true;
    size_t count = sending->settings->to.count, total = 0;
    struct arena *arena = arena_new();
    struct unseen *unseen = arena_take(arena, count * sizeof *unseen);
    for (size_t i = 0; i < count; i++) {
        bool known = sending->asked || strcmp(day, sending->readers[i].since) >= 0;
        if (known)
            unseen[i].ids =
                store_mail_unseen(sending->program->store, &sending->readers[i], day, arena, &unseen[i].count);
        total += unseen[i].count;
    }
    if (total) done = send_unseen(sending, day, unseen, ret_failure);
    arena_free(arena);
    return done;
}

static bool send_days(struct sending *sending, struct failure *ret_failure) {
    char since[11];
    size_t count;
    bool done = true;
    clock_day_before(sending->program->day, MAIL_DAYS, since);
    struct span *days = store_mail_days(sending->program->store, since, sending->arena, &count);
    for (size_t i = 0; i < count && done && !sending->given_up && !program_interrupted(); i++)
        done = send_day(sending, arena_string(sending->arena, days[i]), ret_failure);
    return done;
}

/* ---------------------------------------------------------------- a section */

static struct span told_key(struct sending *sending, const char *what) {
    return arena_print(sending->arena, "%s %.*s", what, SPAN_ARGS(section_name(sending->section)));
}

static const struct digest_settings *digest_settings_of(const struct program *program) {
    return config_values(program->config, stage_digest.settings.entries);
}

/* What is due after a run. */
static bool is_due(struct sending *sending) {
    struct span day, at;
    struct program *program = sending->program;
    if (sending->settings->when != MAIL_WHEN_MORNING) return sending->settings->when != MAIL_WHEN_ASKED;
    bool sent = store_told(program->store, told_key(sending, "mailed"), sending->arena, &day, &at) &&
                span_is(day, program->day);
    return !sent && (int64_t)time(NULL) >= clock_moment(program->day, digest_morning(digest_settings_of(program)));
}

static bool find_readers(struct sending *sending, struct failure *ret_failure) {
    const struct word_list *to = &sending->settings->to;
    bool done = true;
    sending->readers = arena_take(sending->arena, (to->count + 1) * sizeof *sending->readers);
    sending->told = arena_take(sending->arena, to->count + 1);
    for (size_t i = 0; i < to->count && done; i++)
        done = store_mail_reader(sending->program->store, section_name(sending->section), to->items[i],
                                 sending->program->day, &sending->readers[i], ret_failure);
    /* A mail server may be slow, and on a server of databases nobody may have to wait for this transaction. */
    return done && store_commit(sending->program->store, ret_failure);
}

static void find_places(struct sending *sending) {
    char *folder = realpath(sending->program->output_folder, NULL);
    struct span url = digest_settings_of(sending->program)->url;
    sending->folder = arena_copy(sending->arena, span_of(folder ? folder : sending->program->output_folder));
    while (span_ends(url, SPAN("/"))) url.length--;
    sending->url = url;
    free(folder);
}

static bool open_sending(struct sending *sending, struct failure *ret_failure) {
    find_places(sending);
    return mail_tables_read(sending->program, sending->arena, &sending->tables, ret_failure) &&
           find_readers(sending, ret_failure);
}

/* Keeps for `status` what waits, and since when; a wait for another reason is the same wait. */
static bool note_end(struct sending *sending, struct failure *ret_failure) {
    char now[21];
    struct span reason = SPAN(""), since = SPAN(""), key = told_key(sending, "mail waits");
    struct store *store = sending->program->store;
    struct span sentence = span_of(sending->outcome.failed ? sending->outcome.failure.sentence : "");
    bool known = store_told(store, key, sending->arena, &reason, &since), done = true;
    clock_iso_now(now);
    if (known || sentence.length)
        done = store_tell(store, key, sentence, known && reason.length ? since : span_of(now), ret_failure);
    if (sending->outcome.mails && !sending->asked)
        done = done && store_tell(store, told_key(sending, "mailed"), span_of(sending->program->day), span_of(now),
                                  ret_failure);
    return done && store_commit(store, ret_failure);
}

static bool send_all(struct sending *sending, const char *day, struct failure *ret_failure) {
    if (!mail_way_sound(sending->program, sending->section, &sending->outcome.failure)) {
        sending->outcome.failed = true;
        return note_end(sending, ret_failure);
    }
    return open_sending(sending, ret_failure) &&
           (day ? send_day(sending, day, ret_failure) : send_days(sending, ret_failure)) &&
           note_end(sending, ret_failure);
}

/* `day` NULL: what is due after a run. */
static bool send_section(struct program *program, const struct section *section, const char *day, mail_done *done,
                         void *context, struct failure *ret_failure) {
    struct sending sending = {.program = program,
                              .section = section,
                              .settings = section_values(section),
                              .arena = arena_new(),
                              .asked = day != NULL};
    sending.outcome.label = mail_label(section, sending.arena);
    bool fine = (!day && !is_due(&sending)) || send_all(&sending, day, ret_failure);
    if (fine && (day || sending.outcome.mails || sending.outcome.failed)) done(context, &sending.outcome);
    arena_free(sending.arena);
    return fine;
}

bool mail_send_sections(struct program *program, const char *day, mail_done *done, void *context,
                        struct failure *ret_failure) {
    bool fine = true;
    for (size_t i = 0; i < config_section_count(program->config, mail_table) && fine; i++)
        fine =
            send_section(program, config_section_at(program->config, mail_table, i), day, done, context, ret_failure);
    return fine;
}

bool mail_after_run(struct program *program, mail_done *done, void *context, struct failure *ret_failure) {
    return program_interrupted() || mail_send_sections(program, NULL, done, context, ret_failure);
}
