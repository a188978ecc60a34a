/* The database itself: statements, transactions, errors. */
#include "pipeline/store/store.h"

#include <stdio.h>

#include "pipeline/store/store_internal.h"

/* The columns in the order in which read_row() in store_articles.c reads them; the record and the sequence follow. */
#define ROW                                                                                                            \
    "id, state, kills, version, source, address, note, day, waits_for, waits_on, since, path, unfinished, suspected, " \
    "cut, pruned"
/* The articles that `retry` reopens. ?1 and ?2 are the first and last id, ?3 is true if waiting articles are
 * included. */
#define REOPENED                                                                                                       \
    "id >= ?1 AND id <= ?2 AND pruned = '' AND (state = 6 OR (state = 2 AND ?3 <> 0) OR (state = 3 AND "               \
    "(unfinished > 0 OR cut <> 0)))"
/* The amounts of several lines of the bill together. */
#define SUMS                                                                                                           \
    "CAST(sum(requests) AS BIGINT), CAST(sum(characters) AS BIGINT), CAST(sum(input_tokens) AS BIGINT), "              \
    "CAST(sum(output_tokens) AS BIGINT), CAST(sum(segments) AS BIGINT), CAST(sum(cost) AS BIGINT)"
/* Adds the amounts to the line of the same day, service and source. */
#define ADD_TO(table)                                                                                                  \
    "ON CONFLICT (day, service, source) DO UPDATE SET requests = " table ".requests + excluded.requests, characters "  \
    "= " table ".characters + excluded.characters, input_tokens = " table                                              \
    ".input_tokens + excluded.input_tokens, output_tokens = " table                                                    \
    ".output_tokens + excluded.output_tokens, segments = " table ".segments + excluded.segments, cost = " table        \
    ".cost + excluded.cost"
/* Whether an article is still waiting for the same reason as before. */
#define STILL_WAITS                                                                                                    \
    "article.state = 2 AND excluded.state = 2 AND article.waits_for = excluded.waits_for AND article.waits_on = "      \
    "excluded.waits_on AND article.since <> ''"
/* Puts an article. One that is still waiting for the same reason keeps its time and day, so that pages show how long it
 * has waited. */
#define PUT(number, more)                                                                                              \
    "INSERT INTO article (id, sequence, state, kills, version, source, address, note, day, record, waits_for, "        \
    "waits_on, since, path, unfinished, cut) VALUES (?1, " number                                                      \
    ", ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (id) DO UPDATE SET since = CASE "     \
    "WHEN " STILL_WAITS " THEN article.since ELSE excluded.since END, day = CASE WHEN " STILL_WAITS                    \
    " THEN article.day ELSE excluded.day END, sequence = excluded.sequence, state = excluded.state, kills = "          \
    "excluded.kills, version = excluded.version, source = excluded.source, address = excluded.address, note = "        \
    "excluded.note, record = excluded.record, waits_for = excluded.waits_for, waits_on = excluded.waits_on, path = "   \
    "excluded.path, unfinished = excluded.unfinished, suspected = 0, cut = excluded.cut, pruned = ''" more

/* Selects the rows of a table whose key is one of many, which are given one behind the other. */
#define SELECT_ALL(columns, table, key, keys)                                                                          \
    "WITH RECURSIVE place (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i + 1 < length(" keys               \
    ") / 16) SELECT " columns " FROM " table " WHERE " key " IN (SELECT substr(" keys ", 16 * i + 1, 16) FROM place)"
#define RECALL_ALL(keys)                                                                                               \
    SELECT_ALL("key, source, target, language, service, model, unknown, only_for, used", "memory", "key", keys)
#define ARTICLE_STATES(ids) SELECT_ALL("id, state, version", "article", "id", ids)
/* The columns of a claim. Not EXISTS, for which PostgreSQL may read the whole table once. */
#define CLAIMED                                                                                                        \
    ROW ", record, sequence, coalesce((SELECT 1 FROM revisit WHERE revisit.id = article.id), 0), coalesce((SELECT 1 "  \
        "FROM kept WHERE kept.id = article.id), 0)"

/* On a server: whether nobody is working on an article; and whether the run that made a reservation is no longer there.
 */
#define FREE(worker) "(claimed_by = '' OR (claimed_by <> " worker " AND lease_until < clock_timestamp()))"
#define LEFT_BEHIND                                                                                                    \
    "NOT EXISTS (SELECT 1 FROM lease WHERE name = 'worker ' || reserved.worker AND lease_until >= clock_timestamp())"

/* States are written as numbers (enum article_state): 1 found, 2 waiting, 3 done, 4 skipped, 5 duplicate, 6 dead. */
static const char *const sql[SQL_LAST] = {
    [SQL_ARTICLE_STATE] = "SELECT state, version FROM article WHERE id = ?1",
    [SQL_ARTICLE_STATES] = ARTICLE_STATES("?1"),
    [SQL_PUT] = PUT("?16", ""),
    /* ?2 is the last number that may be claimed, ?3 the one claimed last (see store_claim). */
    [SQL_CLAIM] =
        "SELECT " CLAIMED " FROM article WHERE state = ?1 AND suspected = 0 AND sequence > ?3 AND sequence <= ?2 "
        "ORDER BY sequence LIMIT 1",
    [SQL_CLAIM_SUSPECTED] =
        "SELECT " CLAIMED " FROM article WHERE suspected = 1 AND state IN (1, 2) ORDER BY sequence LIMIT 1",
    [SQL_HAS_SUSPECTED] = "SELECT 1 FROM article WHERE suspected = 1 AND state IN (1, 2) LIMIT 1",
    [SQL_BLAME] = "UPDATE article SET suspected = 1, kills = kills + ?2 WHERE id = ?1 AND state IN (1, 2)",
    [SQL_LIST] = "SELECT " ROW ", NULL FROM article WHERE state = ?1 AND pruned = '' ORDER BY sequence DESC LIMIT ?2",
    [SQL_LIST_PARTIAL] = "SELECT " ROW ", NULL FROM article WHERE state = 3 AND (unfinished > 0 OR cut <> 0) AND "
                         "pruned = '' ORDER BY sequence DESC LIMIT ?1",
    [SQL_COUNT_PARTIAL] =
        "SELECT count(*) FROM article WHERE state = 3 AND (unfinished > 0 OR cut <> 0) AND pruned = ''",
    [SQL_FIND] = "SELECT " ROW ", record FROM article WHERE id >= ?1 AND id <= ?2 LIMIT 2",
    /* Both counts need an index only. */
    [SQL_COUNTS] = "SELECT state, sum(articles) FROM (SELECT state, count(*) AS articles FROM article GROUP BY state "
                   "UNION ALL SELECT state, -count(*) FROM article INDEXED BY article_pruned WHERE pruned <> '' GROUP "
                   "BY state) GROUP BY state",
    [SQL_COUNT_RETRIED] = "SELECT state, count(*), CAST(sum(CASE WHEN unfinished > 0 THEN unfinished ELSE 0 END) AS "
                          "BIGINT), CAST(sum(cut) AS BIGINT) FROM article WHERE " REOPENED " GROUP BY state",
    /* memory.only_for has the id as hex digits, article.id as bytes. */
    [SQL_FORGET_WORTHLESS] =
        "DELETE FROM memory WHERE only_for IN (SELECT lower(hex(id)) FROM article WHERE " REOPENED ")",
    [SQL_RETRY] = "UPDATE article SET state = 1, kills = 0, suspected = 0 WHERE " REOPENED,
    [SQL_UNFINISHED] = "UPDATE article SET unfinished = ?2, cut = ?3 WHERE id = ?1",
    [SQL_WAITING] = "SELECT waits_for, waits_on, min(since), note, count(*) FROM article WHERE state = 2 GROUP BY "
                    "waits_for, waits_on ORDER BY count(*) DESC, waits_for, waits_on",
    [SQL_TOLD] = "SELECT value, at FROM told WHERE key = ?1",
    [SQL_TELL] =
        "INSERT INTO told VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at",
    [SQL_EACH_TOLD] = "SELECT key, value, at FROM told WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key",
    [SQL_UNTELL] = "DELETE FROM told WHERE key = ?1",
    [SQL_UNTELL_OLD] = "DELETE FROM told WHERE substr(key, 1, length(?1)) = ?1 AND at < ?2",
    [SQL_REMEMBER] =
        "INSERT INTO memory (key, source, target, language, service, model, unknown, only_for, used) VALUES (?1, ?2, "
        "?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (key) DO UPDATE SET source = excluded.source, target = "
        "excluded.target, language = excluded.language, service = excluded.service, model = excluded.model, unknown = "
        "excluded.unknown, only_for = excluded.only_for, used = excluded.used",
    [SQL_RECALL] =
        "SELECT key, source, target, language, service, model, unknown, only_for, used FROM memory WHERE key = ?1 AND "
        "(only_for = '' OR only_for = ?2)",
    /* ?1 is all keys, one behind the other. */
    [SQL_RECALL_ALL] = RECALL_ALL("?1"),
    [SQL_FORGET_ANSWERS] = "DELETE FROM memory WHERE service = ?1 AND language = ?2 AND ((?4 <> 0 AND only_for NOT IN "
                           "('', 'summary')) OR (target = ?3 AND target <> ''))",
    [SQL_EACH_MEMORY] =
        "SELECT key, source, target, language, service, model, unknown, only_for FROM memory WHERE only_for = '' "
        "ORDER BY key",
    [SQL_PUT_FINGERPRINTS] = "INSERT INTO fingerprints VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET day = "
                             "excluded.day, hashes = excluded.hashes",
    [SQL_EACH_FINGERPRINTS] = "SELECT id, day, hashes FROM fingerprints ORDER BY id",
    [SQL_FORGET] = "DELETE FROM fingerprints WHERE day < ?1",
    [SQL_KEEP] = "INSERT INTO kept (id, day, path, version, hash, in_place, bytes, made) VALUES (?1, ?2, ?3, ?4, ?5, "
                 "0, ?6, ?7) ON CONFLICT (id) DO UPDATE SET day = excluded.day, path = excluded.path, version = "
                 "excluded.version, hash = excluded.hash, in_place = 0, bytes = excluded.bytes, made = CASE WHEN "
                 "kept.hash = excluded.hash THEN kept.made ELSE excluded.made END",
    [SQL_LEAVE_OVER] =
        "INSERT INTO leftover SELECT path, id FROM kept WHERE id = ?1 AND path <> ?2 ON CONFLICT DO NOTHING",
    [SQL_NOT_LEFT_OVER] = "DELETE FROM leftover WHERE path = ?1",
    [SQL_IN_PLACE] = "UPDATE kept SET in_place = 1 WHERE id = ?1",
    [SQL_DONE_ON] = "UPDATE article SET day = (SELECT kept.day FROM kept WHERE kept.id = ?1) WHERE id = ?1",
    [SQL_KEPT] = "SELECT id, day, path, version, hash, in_place, made FROM kept WHERE id = ?1",
    [SQL_KEPT_BYTES] = "SELECT bytes FROM kept WHERE id = ?1 AND hash <> ''",
    [SQL_KEPT_OF_DAY] =
        "SELECT id, day, path, version, hash, in_place, made FROM kept WHERE day = ?1 AND in_place = 1 ORDER BY id",
    [SQL_KEPT_UNPLACED] =
        "SELECT id, day, path, version, hash, in_place, made FROM kept WHERE in_place = 0 ORDER BY id",
    [SQL_FORGET_VERSION] = "UPDATE article SET version = 'lost' WHERE id = ?1 AND state = 3",
    /* Rows with a permanent redirect are kept, because the redirect is still valid. */
    [SQL_FORGET_VALIDATORS] = "DELETE FROM validator WHERE moved_to = ''",
    [SQL_LEFTOVERS] = "SELECT leftover.path FROM leftover JOIN kept USING (id) WHERE in_place = 1 ORDER BY 1",
    [SQL_CLEAR_LEFTOVERS] = "DELETE FROM leftover WHERE id IN (SELECT id FROM kept WHERE in_place = 1)",
    [SQL_BEGIN_DAY] = "INSERT INTO edition VALUES (?1, 0) ON CONFLICT DO NOTHING",
    [SQL_BEGIN_PAGES] = "UPDATE edition SET ended = 2 WHERE ended = 0",
    [SQL_END_DAY] = "UPDATE edition SET ended = 1 WHERE day <= ?1 AND ended = 2",
    [SQL_LAST_ENDED_DAY] = "SELECT coalesce(max(day), '') FROM edition WHERE ended = 1",
    [SQL_DAYS] = "SELECT day FROM edition WHERE day >= ?1 OR ended <> 1 ORDER BY day",
    [SQL_NOTE] = "INSERT INTO day_note VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    [SQL_NOTES] = "SELECT place, what FROM day_note WHERE day = ?1 ORDER BY place, what",
    [SQL_MISSING] = "SELECT id, state, source, address, note, coalesce(nullif(since, ''), day), record, waits_for, "
                    "waits_on FROM article WHERE (state = 2 AND day <= ?1) "
                    "OR (state = 6 AND day = ?1) ORDER BY state, sequence LIMIT ?2",
    [SQL_COUNT_MISSING] = "SELECT count(*) FROM article WHERE (state = 2 AND day <= ?1) OR (state = 6 AND day = ?1)",
    [SQL_BEGIN_OUTAGE] = "INSERT INTO outage VALUES (?1, ?2, ?3, '', ?4, ?5) ON CONFLICT DO NOTHING",
    [SQL_RENEW_OUTAGE] = "UPDATE outage SET reason = ?3 WHERE kind = ?1 AND name = ?2 AND until = ''",
    [SQL_END_OUTAGE] = "UPDATE outage SET until = ?3 WHERE kind = ?1 AND name = ?2 AND until = ''",
    /* Outages that overlap the time from ?1 to ?2. */
    [SQL_OUTAGES] = "SELECT kind, name, since, until, reason FROM outage WHERE since < ?2 AND noticed < ?2 AND (until "
                    "= '' OR until > ?1) ORDER BY since, kind, name",
    [SQL_OPEN_OUTAGES] =
        "SELECT kind, name, since, until, reason FROM outage WHERE until = '' ORDER BY since, kind, name",
    [SQL_SOURCE] = "SELECT * FROM source_health WHERE name = ?1",
    [SQL_PUT_SOURCE] =
        "INSERT INTO source_health VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (name) DO UPDATE SET failing_since "
        "= excluded.failing_since, failures = excluded.failures, reason = excluded.reason, last_success = "
        "excluded.last_success, last_new = excluded.last_new, gaps = excluded.gaps",
    [SQL_PLAN_REVISIT] = "INSERT INTO revisit VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET state = "
                         "excluded.state, times = excluded.times, due = excluded.due",
    [SQL_FIND_REVISIT] = "SELECT times FROM revisit WHERE id = ?1",
    [SQL_FORGET_REVISIT] = "DELETE FROM revisit WHERE id = ?1",
    [SQL_FORGET_REVISITS] = "DELETE FROM revisit WHERE id IN (SELECT id FROM article WHERE " REOPENED ")",
    /* Only done and dead articles, because an article that is being processed must not be queued twice. */
    [SQL_BEGIN_REVISITS] = "UPDATE article SET state = 1 WHERE state IN (3, 6) AND id IN (SELECT id FROM revisit WHERE "
                           "due <= ?1)",
    [SQL_END_REVISIT] =
        "UPDATE article SET state = (SELECT state FROM revisit WHERE id = ?1), suspected = 0 WHERE id = "
        "?1 AND id IN (SELECT id FROM revisit)",
    [SQL_MAIL_ADD_READER] = "INSERT INTO mail_reader (list, address, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    [SQL_MAIL_READER] = "SELECT id, since FROM mail_reader WHERE list = ?1 AND address = ?2",
    [SQL_MAIL_DAYS] = "SELECT DISTINCT day FROM kept WHERE day >= ?1 AND in_place = 1 ORDER BY day",
    [SQL_MAIL_UNSEEN] = "SELECT id FROM kept WHERE day = ?1 AND in_place = 1 AND NOT EXISTS (SELECT 1 FROM mail_seen "
                        "WHERE mail_seen.reader = ?2 AND mail_seen.article = kept.id) ORDER BY id",
    [SQL_MAIL_SEE] = "INSERT INTO mail_seen (reader, article, day) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    [SQL_MAIL_FORGET] = "DELETE FROM mail_seen WHERE day < ?1",
    [SQL_MAIL_THREAD] = "SELECT root, mails FROM mail_thread WHERE list = ?1 AND day = ?2",
    [SQL_MAIL_PUT_THREAD] = "INSERT INTO mail_thread (list, day, root, mails) VALUES (?1, ?2, ?3, ?4) ON CONFLICT "
                            "(list, day) DO UPDATE SET root = excluded.root, mails = excluded.mails",
    [SQL_STORIES] = "SELECT id, signature FROM story WHERE day = ?1 ORDER BY born",
    [SQL_STORY_MEMBERS] = "SELECT article, story FROM story_member WHERE day = ?1 ORDER BY article",
    [SQL_STORY_FORWARDS] = "SELECT old, story FROM story_forward WHERE day = ?1 ORDER BY old",
    [SQL_EARLIER_STORY_DAY] = "SELECT max(day) FROM story WHERE day < ?1 AND day >= ?2",
    [SQL_KEEP_STORY] = "INSERT INTO story VALUES (?1, ?2, ?4, ?3)",
    [SQL_KEEP_STORY_MEMBER] = "INSERT INTO story_member VALUES (?1, ?2, ?3)",
    [SQL_KEEP_STORY_FORWARD] = "INSERT INTO story_forward VALUES (?1, ?2, ?3)",
    [SQL_FORGET_STORIES] = "DELETE FROM story WHERE day = ?1",
    [SQL_FORGET_STORY_MEMBERS] = "DELETE FROM story_member WHERE day = ?1",
    [SQL_FORGET_STORY_FORWARDS] = "DELETE FROM story_forward WHERE day = ?1",
    [SQL_VALIDATOR] = "SELECT etag, last_modified, moved_to FROM validator WHERE address = ?1",
    [SQL_PUT_VALIDATOR] = "INSERT INTO validator VALUES (?1, ?2, ?3, ?4) ON CONFLICT (address) DO UPDATE SET etag = "
                          "excluded.etag, last_modified = excluded.last_modified, moved_to = excluded.moved_to",
    [SQL_BILL] = "INSERT INTO bill VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) " ADD_TO("bill"),
    [SQL_SPENT] =
        "SELECT " SUMS
        " FROM bill WHERE substr(day, 1, length(?1)) = ?1 AND (?2 = '' OR service = ?2) AND (?3 = '' OR source = ?3)",
    [SQL_EACH_BILL] =
        "SELECT day, service, source, requests, characters, input_tokens, output_tokens, segments, cost FROM bill "
        "WHERE substr(day, 1, length(?1)) = ?1 ORDER BY day, service, source",
    [SQL_RESERVE] = "INSERT INTO reserved VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) " ADD_TO("reserved"),
    /* Reservations that have been settled are left as rows of zeros. */
    [SQL_SUM_RESERVED] = "SELECT " SUMS " FROM reserved WHERE requests > 0",
    [SQL_BILL_RESERVED] = "INSERT INTO bill SELECT * FROM reserved WHERE requests > 0 " ADD_TO("bill"),
    [SQL_CLEAR_RESERVED] = "DELETE FROM reserved",
    [SQL_USE_MEMORY] = "UPDATE memory SET used = ?2 WHERE key = ?1",
    [SQL_NOT_PRUNED] = "DELETE FROM pruned WHERE day = ?1",
    [SQL_OLD_DAYS] =
        "SELECT day, (SELECT count(*) FROM kept WHERE kept.day = old.day), EXISTS (SELECT 1 FROM kept JOIN article "
        "USING (id) WHERE kept.day = old.day AND state IN (1, 2)) FROM (SELECT day FROM edition UNION SELECT day FROM "
        "kept) AS old WHERE day < ?1 ORDER BY day",
    [SQL_PLAN_REMOVALS] = "INSERT INTO removal SELECT path, day FROM kept WHERE day = ?1 UNION SELECT path, ?1 FROM "
                          "leftover WHERE substr(path, 1, 11) = ?1 || '/' ON CONFLICT DO NOTHING",
    /* The plus sign makes SQLite find the others by id, not by state. */
    [SQL_PRUNE_ARTICLES] = "UPDATE article SET pruned = ?2, record = ?3 WHERE pruned = '' AND ((state IN (3, 4, 5, 6) "
                           "AND day = ?1) OR (+state = 3 AND id IN (SELECT id FROM kept WHERE day = ?1)))",
    [SQL_PRUNE_PATHS] = "UPDATE article SET path = '', note = CASE state WHEN 3 THEN '' ELSE note END WHERE id IN "
                        "(SELECT id FROM kept WHERE day = ?1)",
    [SQL_PRUNE_REVISITS] = "DELETE FROM revisit WHERE id IN (SELECT id FROM article WHERE day = ?1 AND pruned <> '')",
    [SQL_PRUNE_LEFTOVERS] = "DELETE FROM leftover WHERE substr(path, 1, 11) = ?1 || '/'",
    [SQL_PRUNE_KEPT] = "DELETE FROM kept WHERE day = ?1",
    [SQL_PRUNE_EDITION] = "DELETE FROM edition WHERE day = ?1",
    [SQL_PRUNE_NOTES] = "DELETE FROM day_note WHERE day = ?1",
    [SQL_PRUNE_TOLD] = "DELETE FROM told WHERE key IN ('pages of ' || ?1, 'shown on ' || ?1)",
    [SQL_PRUNE_MAIL_THREADS] = "DELETE FROM mail_thread WHERE day = ?1",
    [SQL_PRUNE_OUTAGES] = "DELETE FROM outage WHERE until <> '' AND substr(until, 1, 10) < ?1",
    [SQL_FIRST_DAY] = "SELECT min(day) FROM edition",
    [SQL_PRUNED] = "INSERT INTO pruned VALUES (?1, ?2, 0) ON CONFLICT (day) DO UPDATE SET at = excluded.at, done = 0",
    /* The pages of the next day with stories may link to stories of this day. */
    [SQL_REOPEN_NEXT] =
        "UPDATE edition SET ended = 0 WHERE day = (SELECT min(day) FROM story WHERE day > ?1 AND day <= ?2)",
    [SQL_PRUNED_BEFORE] = "SELECT max(day) FROM pruned WHERE day < ?1 AND day >= ?2 AND NOT EXISTS (SELECT 1 FROM "
                          "story WHERE story.day > pruned.day AND story.day < ?1)",
    [SQL_FIND_PRUNED] = "SELECT at FROM pruned WHERE day = ?1",
    [SQL_REMOVAL_DAYS] = "SELECT day FROM pruned WHERE done = 0 ORDER BY day",
    [SQL_IS_LEAVING] = "SELECT 1 FROM pruned WHERE day = ?1 AND done = 0",
    [SQL_REMOVALS] = "SELECT path FROM removal WHERE day = ?1 ORDER BY path",
    [SQL_CLEAR_REMOVALS] = "DELETE FROM removal WHERE day = ?1",
    [SQL_END_REMOVAL] = "UPDATE pruned SET done = 1 WHERE day = ?1",
    [SQL_PRUNE_MEMORY] = "DELETE FROM memory WHERE used < ?1 AND service <> 'memory'",
    [SQL_FORGET_PRUNED] = "DELETE FROM article WHERE pruned <> '' AND pruned < ?1",
    /* An event is first added with nothing in it, unless the last one is of the same kind; then the last one is added
     * to. So nothing need be asked before. */
    [SQL_PUT_EVENT] = "INSERT INTO event SELECT ?1, (SELECT coalesce(max(number), 0) + 1 FROM event WHERE id = ?1), "
                      "?2, ?3, ?3, 0, ?4, ?5, 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = ?1 AND number = "
                      "(SELECT max(number) FROM event WHERE id = ?1) AND kind = ?2 AND service = ?4 AND note = ?5)",
    [SQL_ADD_TO_EVENT] =
        "UPDATE event SET until = ?2, times = times + 1, requests = requests + ?3, characters = characters + ?4, cost "
        "= cost + ?5 WHERE id = ?1 AND number = (SELECT max(number) FROM event WHERE id = ?1)",
    [SQL_FORGET_EVENTS] =
        "DELETE FROM event WHERE id = ?1 AND number <= (SELECT max(number) FROM event WHERE id = ?1) - ?2",
    [SQL_RETRY_EVENTS] = "INSERT INTO event SELECT id, coalesce((SELECT max(number) FROM event WHERE event.id = "
                         "article.id), 0) + 1, 8, ?4, ?4, 1, '', '', 0, 0, 0 FROM article WHERE " REOPENED,
    [SQL_EVENTS] = "SELECT kind, at, until, times, service, note, requests, characters, cost FROM (SELECT * FROM event "
                   "WHERE id = ?1 ORDER BY number DESC LIMIT ?2) AS latest ORDER BY number",

};

/* Those of the statements that PostgreSQL needs in other words. Several workers share a database, so its own sequence
 * numbers the articles, and an article that is being processed belongs to a worker (?3) for as long as its lease. */
/* NOLINTBEGIN(bugprone-suspicious-missing-comma): long statements are divided into lines */
static const char *const postgresql_sql[SQL_LAST] = {
    /* ?16 is the worker. Nothing is put into what another one has claimed, and what was found is left alone if it is
     * known by now (see store_knows). */
    [SQL_PUT] = PUT("nextval('article_sequence')",
                    ", claimed_by = '' WHERE article.claimed_by = ?16 OR ((article.claimed_by = '' OR "
                    "article.lease_until < clock_timestamp()) AND (excluded.state <> 1 OR (article.version <> "
                    "excluded.version AND article.state NOT IN (1, 2))))"),
    /* What is claimed is said by a statement of its own, which can be repeated (database_keep_journal). */
    [SQL_CLAIM] = "SELECT " CLAIMED
                  " FROM article WHERE state = ?1 AND suspected = 0 AND sequence > ?3 AND sequence <= ?2 AND " FREE(
                      "?4") " ORDER BY sequence LIMIT ?5 FOR UPDATE SKIP LOCKED",
    [SQL_HOLD] =
        "UPDATE article SET claimed_by = ?2, " STORE_LEASE " WHERE id = ?1 AND (claimed_by = ?2 OR " FREE("?2") ")",
    [SQL_HAND_BACK] = "UPDATE article SET claimed_by = '' WHERE id = ?1 AND claimed_by = ?2",
    [SQL_CLAIM_SUSPECTED] = "SELECT " CLAIMED " FROM article WHERE suspected = 1 AND state IN (1, 2) AND " FREE(
        "?1") " ORDER BY sequence LIMIT 1 FOR UPDATE SKIP LOCKED",
    [SQL_ARTICLE_STATES] = ARTICLE_STATES("CAST(?1 AS BYTEA)"),
    [SQL_RECALL_ALL] = RECALL_ALL("CAST(?1 AS BYTEA)"),
    /* What a worker that is at work has finished is still to be put in place by itself. */
    [SQL_KEPT_UNPLACED] =
        "SELECT id, day, path, version, hash, in_place, made FROM kept WHERE in_place = 0 AND NOT EXISTS (SELECT 1 "
        "FROM article WHERE article.id = kept.id AND claimed_by <> '' AND lease_until >= clock_timestamp()) ORDER BY "
        "id",
    [SQL_SUM_LEFT_BEHIND] = "SELECT " SUMS " FROM reserved WHERE " LEFT_BEHIND,
    [SQL_BILL_RESERVED] =
        "WITH left_behind AS (DELETE FROM reserved WHERE " LEFT_BEHIND
        " RETURNING *) INSERT INTO bill SELECT day, service, source, " SUMS
        " FROM left_behind GROUP BY day, service, source ORDER BY day, service, source " ADD_TO("bill"),
    [SQL_END_REVISIT] = "UPDATE article SET state = (SELECT state FROM revisit WHERE id = ?1), suspected = 0, "
                        "claimed_by = '' WHERE id = ?1 AND id IN (SELECT id FROM revisit)",
    [SQL_TAKE_LEASE] = "INSERT INTO lease VALUES (?1, ?2, clock_timestamp() + " STORE_LEASE_TIME
                       ") ON CONFLICT (name) DO UPDATE SET worker = excluded.worker, lease_until = "
                       "excluded.lease_until WHERE lease.worker = excluded.worker OR lease.lease_until < "
                       "clock_timestamp() RETURNING 1",
    [SQL_END_LEASE] = "DELETE FROM lease WHERE name = ?1 AND worker = ?2",
    /* What is claimed in a transaction that has not ended yet looks as if it were free, so all that is to be done
     * counts, and ?2 is the last number of an article that may be waiting. */
    [SQL_OTHERS_WORK] =
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM article WHERE suspected = 0 AND (state = 1 OR (state = 2 AND sequence <= "
        "?2))) OR EXISTS (SELECT 1 FROM article WHERE claimed_by NOT IN ('', ?1) AND lease_until >= clock_timestamp()) "
        "OR EXISTS (SELECT 1 FROM lease WHERE substr(name, 1, 8) = 'reading ' AND worker <> ?1 AND lease_until >= "
        "clock_timestamp())",
    [SQL_HOLDS] = "SELECT 1 FROM article WHERE id = ?1 AND claimed_by = ?2",
    [SQL_RESERVE_WITHIN] = "SELECT verdict, spent, held FROM reserve_within(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                           "?11, ?12, ?13, ?14)",
    /* The same row once more, as a statement that is repeated if the server loses it (database_keep_journal). */
    [SQL_RESERVE] =
        "INSERT INTO reserved (worker, number, times, day, service, source, requests, characters, input_tokens, "
        "output_tokens, segments, cost) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT "
        "(worker, number) DO UPDATE SET times = excluded.times, requests = excluded.requests, characters = "
        "excluded.characters, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, segments = "
        "excluded.segments, cost = excluded.cost",
    [SQL_RELEASE] = "DELETE FROM reserved WHERE worker = ?1 AND number = ?2",
    [SQL_COUNTS] = "SELECT state, CAST(sum(articles) AS BIGINT) FROM (SELECT state, count(*) AS articles FROM article "
                   "GROUP BY state UNION ALL SELECT state, -count(*) FROM article WHERE pruned <> '' GROUP BY state) "
                   "AS counts GROUP BY state",
    [SQL_FORGET_WORTHLESS] =
        "DELETE FROM memory WHERE only_for IN (SELECT encode(id, 'hex') FROM article WHERE " REOPENED ")",
    /* SQLite takes `note` from the row with the smallest `since`. */
    [SQL_WAITING] = "SELECT waits_for, waits_on, min(since), (array_agg(note ORDER BY since, sequence))[1], count(*) "
                    "FROM article WHERE state = 2 GROUP BY waits_for, waits_on ORDER BY count(*) DESC, waits_for, "
                    "waits_on",
    /* The index is over the hash, as an address or a key may be too long for one. */
    [SQL_TOLD] = "SELECT value, at FROM told WHERE md5(key) = md5(?1) AND key = ?1",
    [SQL_TELL] = "INSERT INTO told VALUES (?1, ?2, ?3) ON CONFLICT (md5(key)) DO UPDATE SET value = excluded.value, at "
                 "= excluded.at",
    [SQL_UNTELL] = "DELETE FROM told WHERE md5(key) = md5(?1) AND key = ?1",
    [SQL_PRUNE_TOLD] = "DELETE FROM told WHERE md5(key) IN (md5('pages of ' || ?1), md5('shown on ' || ?1)) AND key IN "
                       "('pages of ' || ?1, 'shown on ' || ?1)",
    [SQL_VALIDATOR] = "SELECT etag, last_modified, moved_to FROM validator WHERE md5(address) = md5(?1) AND address = "
                      "?1",
    [SQL_PUT_VALIDATOR] =
        "INSERT INTO validator VALUES (?1, ?2, ?3, ?4) ON CONFLICT (md5(address)) DO UPDATE SET etag = excluded.etag, "
        "last_modified = excluded.last_modified, moved_to = excluded.moved_to",
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */

bool store_fail(const struct store *store, struct failure *ret_failure) {
    return database_fail(store->database, store->path, store->only_reads, ret_failure);
}

/* Clears the bindings, so that no text of an earlier call stays referenced. */
struct statement *store_statement(struct store *store, enum statement_name name) {
    struct statement *statement = store->statements[name];
    statement_reset(statement);
    statement_clear(statement);
    return statement;
}

enum statement_result store_step(struct store *store, struct statement *statement) {
    enum statement_result result = statement_step(statement);
    if (result == STATEMENT_FAILED && store->broken.reach == REACH_NONE) store_fail(store, &store->broken);
    return result;
}

bool store_is_readable(const struct store *store, struct failure *ret_failure) {
    if (!store_read_is_unchanged(store)) return store_read_check(store, ret_failure);
    if (store->broken.reach == REACH_NONE) return true;
    if (ret_failure) *ret_failure = store->broken;
    return false;
}

bool store_run(struct store *store, struct statement *statement, struct failure *ret_failure) {
    return statement_queue(statement) || store_fail(store, ret_failure);
}

bool store_change(struct store *store, struct failure *ret_failure) {
    if (store->in_transaction) return true;
    /* A caller that takes no failure takes the article for a new one. */
    struct failure *failure = ret_failure ? ret_failure : &store->broken;
    store->in_transaction = database_begin(store->database) || store_fail(store, failure);
    return store->in_transaction;
}

bool store_is_remote(const struct store *store) {
    return database_dialect(store->database) == DATABASE_POSTGRESQL;
}

void store_on_outage(struct store *store, bool (*function)(void *context, const char *why), void *context) {
    database_on_outage(store->database, function, context);
}

bool store_is_empty(const struct store *store) {
    return store->sequence == 0;
}

void store_keep_nothing(struct store *store) {
    store->keeps_nothing = true;
}

static bool end_transaction(struct store *store, bool (*commit)(struct database *), struct failure *ret_failure) {
    /* With keeps_nothing the transaction stays open, and closing the database rolls it back. */
    if (!store_is_readable(store, ret_failure)) return false;
    if (store->keeps_nothing) return true;
    bool done = store_write_bills(store, ret_failure) && store_renew_in_time(store, ret_failure);
    store->in_transaction = false;
    if (done && (commit(store->database) || store_fail(store, ret_failure))) return true;
    /* After some errors SQLite leaves the transaction open, and none could be begun any more. */
    database_roll_back(store->database);
    return false;
}

bool store_commit(struct store *store, struct failure *ret_failure) {
    return end_transaction(store, database_commit, ret_failure);
}

bool store_queue_commit(struct store *store, struct failure *ret_failure) {
    return end_transaction(store, database_queue_commit, ret_failure);
}

/* Ids are stored as 16 bytes, half the size of their hex digits. */
static unsigned char nibble(char c) {
    return (unsigned char)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void store_read_id(const char *id, unsigned char ret_bytes[DATABASE_KEY]) {
    for (size_t i = 0; i < DATABASE_KEY; i++)
        ret_bytes[i] = (unsigned char)(nibble(id[2 * i]) << 4 | nibble(id[2 * i + 1]));
}

void store_bind_id(struct statement *statement, int index, const char *id) {
    unsigned char bytes[DATABASE_KEY];
    store_read_id(id, bytes);
    statement_bind_key(statement, index, bytes);
}

struct span store_column(struct statement *statement, int index, struct arena *arena) {
    struct span text = statement_bytes(statement, index);
    return arena && text.length ? arena_copy(arena, text) : text;
}

int store_column_choice(struct statement *statement, int index, int count) {
    int64_t value = statement_integer(statement, index);
    return value >= 0 && value < count ? (int)value : 0;
}

void store_column_id(struct statement *statement, int index, char ret_id[33]) {
    struct span bytes = store_column(statement, index, NULL);
    ret_id[0] = '\0';
    for (size_t i = 0; i < bytes.length && i < 16; i++) snprintf(ret_id + 2 * i, 3, "%02x", (unsigned char)bytes.at[i]);
}

void store_column_string(struct statement *statement, int index, char *ret_string, size_t room) {
    struct span text = statement_bytes(statement, index);
    snprintf(ret_string, room, "%.*s", SPAN_ARGS(text));
}

static const char *sql_of(const struct store *store, enum statement_name name) {
    bool differs = store_is_remote(store) && postgresql_sql[name];
    return differs ? postgresql_sql[name] : sql[name];
}

bool store_prepare(struct store *store, struct failure *ret_failure) {
    for (size_t i = 0; i < SQL_LAST; i++) {
        const char *text = sql_of(store, (enum statement_name)i);
        /* Some are for a server only. */
        if (!text) continue;
        store->statements[i] = database_prepare(store->database, text);
        if (!store->statements[i]) return store_fail(store, ret_failure);
    }
    return true;
}
