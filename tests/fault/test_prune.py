"""prune: what is old goes, nothing leads to what is gone, and what was killed in between is completed."""
import fcntl
import glob
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from program import SOURCE                                                # noqa: E402
from fake_service import FakeService                                     # noqa: E402
from test_pages import Case, NAMES, item, read, setUpModule, tearDownModule      # noqa: E402, F401
from test_stories import FERRY, MAYOR, item as report, translate                 # noqa: E402
from test_weeks import words                                              # noqa: E402

# Thursday and Friday of one week, Tuesday of the next, and two days that are never pruned.
OLD, NEXT, LATER, YESTERDAY, TODAY = '2026-01-01', '2026-01-02', '2026-01-06', '2026-01-29', '2026-01-30'


class Prune(Case):
    made = None

    def setUp(self):
        super().setUp()
        self.told = []

    def run_on(self, day, *items):
        """Runs on that day with these articles and all earlier ones."""
        self.told += items
        self.write(*self.told)
        return self.run_well(at=day + ' 09:00')

    def five_days(self):
        """Makes the days once, and gives each test a copy."""
        days = (OLD, NEXT, LATER, YESTERDAY, TODAY)
        made = os.path.join(Prune.made.name, 'out')
        if not os.path.exists(made):
            for number, day in enumerate(days):
                self.run_on(day, item(number))
            shutil.copytree(self.workspace.out, made, symlinks=True)
        elif not os.path.exists(self.workspace.out):
            shutil.copytree(made, self.workspace.out, symlinks=True)
        self.told = [item(number) for number in range(len(days))]
        self.write(*self.told)

    @classmethod
    def setUpClass(cls):
        if not Prune.made:
            Prune.made = tempfile.TemporaryDirectory()
            unittest.addModuleCleanup(Prune.made.cleanup)

    def prune(self, *options, at=TODAY, **fate):
        return self.call('prune', *options, at=at + ' 12:00', **fate)

    def pruned(self, *options, at=TODAY):
        result = self.prune('--json', *options, at=at)
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        answer = json.loads(result.stdout)
        with open(os.path.join(SOURCE, 'config', 'commands.schema.json'), encoding='utf8') as file:
            jsonschema.validate(answer, dict(json.load(file), **{'$ref': '#/$defs/prune'}))
        return answer

    def said(self, *words, code=0):
        result = self.call(*words, at=TODAY + ' 12:00')
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return result.stdout.decode()

    def state(self, question):
        database = sqlite3.connect(os.path.join(self.workspace.out, 'state.db'))
        try:
            return [row[0] for row in database.execute(question)]
        finally:
            database.close()

    def id_on(self, day):
        return os.path.basename(glob.glob(os.path.join(self.workspace.out, day, 'articles', '*.json'))[0])[:-5]

    def files(self):
        return {path: os.stat(path).st_size for path in glob.glob(os.path.join(self.workspace.out, '**'), recursive=True)
                if os.path.isfile(path) and 'state.db' not in path}

    def assert_leads_somewhere(self):
        """Checks the links of every page, and the addresses of the feed."""
        for path in glob.glob(os.path.join(self.workspace.out, '**', '*.html'), recursive=True):
            for link in re.findall('(?:href|src)="([^"#:]+)(?:#[^"]*)?"', read(path).decode()):
                target = os.path.join(os.path.dirname(path), link)
                self.assertTrue(os.path.exists(target), (path, link))
        self.assertTrue(os.path.exists(os.path.join(self.workspace.out, 'latest', 'index.html')))

    def assert_pruned(self, *days):
        for day in days:
            self.assertFalse(os.path.exists(os.path.join(self.workspace.out, day)), day)
            for name in 'index.html', 'feed.xml':
                self.assertNotIn(day, read(os.path.join(self.workspace.out, name)).decode())
        self.assert_leads_somewhere()
        self.assert_sound()


class BesideTheDays(Prune):
    """Selections, and copies of the state that upgrades made, go with the days of their time."""

    def put(self, name, day):
        path = os.path.join(self.workspace.out, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf8') as file:
            file.write('x' * 1000000)
        moment = time.mktime(time.strptime(day, '%Y-%m-%d'))
        os.utime(path, (moment, moment))
        return path

    def test_what_is_old_goes(self):
        self.five_days()
        old = [self.put(name, OLD) for name in ('selections/2025-12-30..2026-01-01-ru.html', 'selections/2026-W01-es.html', 'state.db.format-11', 'state.db.format-3')]
        stay = [self.put(name, OLD) for name in ('selections/mine.html', 'selections/2026-01-01.txt', 'state.db.format-x', 'state.db.format-', 'other.db.format-3')]
        stay += [self.put(name, YESTERDAY) for name in ('selections/2026-01-28.html', 'state.db.format-10')]
        os.symlink('/etc/passwd', os.path.join(self.workspace.out, 'state.db.format-5'))
        self.assertEqual(self.pruned()['aside'], [])
        for dry in (True, False):
            answer = self.pruned('--days', '20', *['--dry-run'] * dry)
            self.assertEqual(sorted(answer['aside']), sorted(old))
            self.assertEqual([os.path.exists(path) for path in old], [dry] * len(old))
            self.assertGreaterEqual(answer['bytes'], 40000)
        self.assertTrue(all(map(os.path.exists, stay)))
        self.assertTrue(os.path.islink(os.path.join(self.workspace.out, 'state.db.format-5')))

    def test_they_go_before_days_if_there_is_no_room(self):
        self.five_days()
        old, new = self.put('state.db.format-11', LATER), self.put('selections/2026-01-29.html', YESTERDAY)
        size = sum(os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(self.workspace.out) for name in names)
        self.assertIn(old, self.said('--set', 'prune.size=%d' % (size - 500000), 'prune', '--dry-run'))
        self.said('--set', 'prune.size=%d' % (size - 500000), 'prune')
        self.assertEqual((os.path.exists(old), os.path.exists(new), self.days()), (False, True, [OLD, NEXT, LATER, YESTERDAY, TODAY]))


class Days(Prune):
    def test_old_days_go_and_nothing_leads_to_them(self):
        self.five_days()
        ids = self.id_on(OLD), self.id_on(LATER)
        asked = self.service.requests
        result = self.pruned('--days', '27')
        self.assertEqual([(d['day'], d['records']) for d in result['days']], [(OLD, 1), (NEXT, 1)])
        self.assertEqual(result['bytes'], sum(d['bytes'] for d in result['days']))
        self.assertGreater(result['days'][0]['bytes'], 5000)
        self.assert_pruned(OLD, NEXT)
        self.assertFalse(os.path.exists(os.path.join(self.workspace.out, '2026-W01.html')))
        self.assertEqual(self.days(), [LATER, YESTERDAY, TODAY])
        found = [json.loads(self.said('search', '--json', NAMES[number])) for number in range(5)]
        self.assertEqual([(one['matches'], one['gone']) for one in found], [(0, 0), (0, 0), (1, 0), (1, 0), (1, 0)])
        # What is said of it.
        self.assertIn('its record was pruned on 2026-01-30', self.said('explain', ids[0]))
        self.assertEqual(json.loads(self.said('explain', '--json', ids[0]))['pruned'], TODAY)
        self.assertNotIn('pruned', self.said('explain', ids[1]))
        self.assertIn('nothing to retry: the record of %s was pruned on 2026-01-30' % ids[0], self.said('retry', ids[0]))
        self.assertEqual(self.said('digest', OLD), 'The records of 2026-01-01 were pruned on 2026-01-30.\n')
        self.assertIn('2 of these days were pruned', self.said('digest', '2026-W01'))
        self.assertFalse(os.path.exists(os.path.join(self.workspace.out, OLD)))
        # The source still lists them: nothing is bought again, and no day comes back.
        self.run_well(at=TODAY + ' 13:00')
        self.assertEqual(self.service.requests, asked)
        self.assert_pruned(OLD, NEXT)

    def test_a_week_says_which_of_its_days_were_pruned(self):
        self.five_days()
        self.pruned('--days', '28')
        self.assert_pruned(OLD)
        week = words(read(os.path.join(self.workspace.out, '2026-W01.html')).decode())
        self.assertIn('Thursday, 1 January 2026|The records of this day were pruned on 2026-01-30|', week)
        self.assertIn('Wednesday, 31 December 2025|No records of this day|', week)
        self.assertIn('1 day was pruned: what was missing then is no longer known.', week)
        self.assertNotIn('Nothing: every source', week)

    def test_a_dry_run_says_the_same_and_changes_nothing(self):
        self.five_days()
        before, rows = self.files(), self.state('SELECT count(*) FROM kept')
        would = self.pruned('--dry-run', '--days', '10')
        self.assertEqual((self.files(), self.state('SELECT count(*) FROM kept')), (before, rows))
        self.assertEqual(self.state('SELECT count(*) FROM pruned'), [0])
        self.assertEqual([d['day'] for d in would['days']], [OLD, NEXT, LATER])
        self.assertEqual(dict(self.pruned('--days', '10'), state_bytes=0), dict(would, dry_run=False))
        self.assertEqual(would['bytes'], sum(size for path, size in before.items() if re.search('/2026-01-0./', path)))

    def test_a_story_does_not_lead_to_a_day_that_is_gone(self):
        self.service.close()
        self.service = FakeService(translate)
        self.workspace = self.workspace_with('')
        self.run_on(OLD, report('0', FERRY[0]))
        self.run_on(NEXT, report('1', FERRY[1]))
        self.run_on(TODAY, report('2', MAYOR[0]))
        self.assertIn(OLD, self.story_pages(NEXT))
        self.pruned('--days', '28')
        self.assert_pruned(OLD)
        self.assertNotIn(OLD, self.story_pages(NEXT))
        self.assertEqual(len(json.loads(self.page('digest.json', NEXT))['articles']), 1)

    def story_pages(self, day):
        return ''.join(read(path).decode() for path in glob.glob(os.path.join(self.workspace.out, day, 'stories', '*.html')))

    def test_when_no_day_is_left_nothing_leads_anywhere(self):
        self.run_on(OLD, item(0))
        asked = self.service.requests
        self.pruned('--days', '5')
        self.assertEqual(self.days(), [])
        self.assertFalse(os.path.lexists(os.path.join(self.workspace.out, 'latest')))
        self.assertNotIn(OLD, read(os.path.join(self.workspace.out, 'index.html')).decode())
        self.assert_sound()
        self.run_well(at=TODAY + ' 13:00')
        self.assertEqual(self.service.requests, asked)

    def test_files_of_others_stay_and_are_named(self):
        self.five_days()
        mine = 'notes.txt', 'articles/ffffffffffffffffffffffffffffffff.json', 'articles/draft.json', 'stories/mine.html', 'more-of.html', 'pictures/a.png'
        for name in mine:
            path = os.path.join(self.workspace.out, OLD, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, 'w').close()
        os.symlink('/etc/hostname', os.path.join(self.workspace.out, OLD, 'more-3.html'))
        result = self.prune('--days', '28')
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        for name in (*mine[:-1], 'pictures', 'more-3.html'):
            self.assertIn('/out/%s/%s stays: not written by dragoman' % (OLD, name), result.stdout.decode())
            self.assertTrue(os.path.lexists(os.path.join(self.workspace.out, OLD, name)))
        left = [path for path in self.files() if '/%s/' % OLD in path]
        self.assertEqual(len(left), len(mine) + 1)

    def test_a_link_in_the_place_of_a_folder_is_not_followed(self):
        self.five_days()
        other = os.path.join(self.workspace.folder, 'other')
        os.rename(os.path.join(self.workspace.out, OLD, 'articles'), other)
        os.symlink(other, os.path.join(self.workspace.out, OLD, 'articles'))
        self.assertEqual(self.prune('--days', '28').returncode, 0)
        self.assertEqual(len(os.listdir(other)), 1)


class Rows(Prune):
    def test_a_day_stays_while_an_article_with_a_record_of_it_waits(self):
        self.five_days()
        changed = dict(item(0, ' sí'), id='a0', url=item(0)['url'])
        self.service.close()
        self.told[0] = changed
        self.write(*self.told)
        self.run_well(69, at=TODAY + ' 10:00')
        result = self.pruned('--days', '27')
        self.assertEqual(([d['day'] for d in result['days']], [d['day'] for d in result['unfinished']]), ([NEXT], [OLD]))
        self.assertTrue(os.path.exists(os.path.join(self.workspace.out, OLD, 'index.html')))
        self.assertIn(OLD + ' stays, because', self.said('prune', '--days', '27'))
        self.assertEqual(self.state('SELECT count(*) FROM article WHERE state = 2'), [1])

    def test_old_failures_are_told_no_more_and_not_tried(self):
        self.service.close()
        self.service = FakeService()
        self.workspace = self.workspace_with('[source "files"]\nkind = files\npath = inbox\n')
        os.mkdir(os.path.join(self.workspace.folder, 'inbox'))
        open(os.path.join(self.workspace.folder, 'inbox', 'empty.txt'), 'w').close()
        self.write(item(0))
        self.run_well(3, at=OLD + ' 09:00')
        self.run_on(TODAY, item(0), item(1))
        self.assertEqual(json.loads(self.said('status', '--json'))['failed'], 1)
        self.pruned('--days', '20')
        status = json.loads(self.said('status', '--json'))
        self.assertEqual((status['failed'], status['done']), (0, 1))
        self.assertIn('0 articles', self.said('retry'))
        self.assertEqual(json.loads(self.call('run', '--json', at=TODAY + ' 13:00').stdout)['found'], 0)

    def test_an_id_is_known_for_a_time_and_then_forgotten(self):
        self.five_days()
        self.pruned('--days', '10')
        asked = self.service.requests
        self.assertEqual(self.pruned(at='2027-02-20')['forgotten'], 0)
        self.run_on('2027-02-21')
        self.assertEqual(self.service.requests, asked)
        self.assertEqual(self.pruned(at='2027-03-10')['forgotten'], 3)
        run = json.loads(self.call('run', '--json', at='2027-03-11 09:00').stdout)
        self.assertEqual(run['found'], 3)

    def test_a_new_version_of_a_pruned_article_is_news(self):
        self.five_days()
        self.pruned('--days', '10')
        self.told[0] = item(0, ' ayer')
        self.run_on(TODAY)
        self.assertEqual(len(json.loads(self.page('digest.json', TODAY))['articles']), 2)
        self.assertEqual(self.state("SELECT count(*) FROM article WHERE pruned <> ''"), [2])
        self.assert_sound()

    def test_translations_go_when_they_have_not_been_used(self):
        self.run_on('2025-10-05', item(0))
        with sqlite3.connect(os.path.join(self.workspace.out, 'state.db')) as database:
            count = database.execute('SELECT count(*) FROM memory').fetchone()[0]
            database.execute("UPDATE memory SET service = 'memory' WHERE key = (SELECT min(key) FROM memory)")
        database.close()
        self.assertGreater(count, 2)
        self.assertEqual(self.state('SELECT DISTINCT used FROM memory'), ['2025-10'])
        # The same sentences in another article: the second use counts.
        again = dict(item(0), id='b0', url='https://news.example/b0', body=item(0)['body'][:1], title={'source': 'Otra noticia del puerto'})
        self.told = [item(0), again]
        self.run_on('2025-12-05')
        used = self.state("SELECT count(*) FROM memory WHERE used = '2025-12'")[0]
        self.assertGreaterEqual(used, 2)
        self.assertEqual(self.pruned('--memory', '121')['translations'], 0)
        unused = self.state("SELECT count(*) FROM memory WHERE used = '2025-10' AND service <> 'memory'")[0]
        self.assertGreater(unused, 0)
        self.assertEqual(self.pruned('--memory', '90', '--dry-run')['translations'], unused)
        self.assertEqual(self.pruned('--memory', '90')['translations'], unused)
        self.pruned('--memory', '29')
        self.assertEqual(self.state('SELECT DISTINCT service FROM memory'), ['memory'])

    def test_translations_of_an_earlier_version_count_as_used_now(self):
        self.run_on('2025-10-05', item(0))
        with sqlite3.connect(os.path.join(self.workspace.out, 'state.db')) as database:
            database.executescript('DROP TRIGGER event_of_none; DROP TRIGGER event_of_pruned; DROP TABLE event; '
                                   'ALTER TABLE memory DROP COLUMN used; DROP INDEX article_pruned; ALTER TABLE article DROP COLUMN pruned; DROP TABLE pruned; '
                                   'DROP TABLE removal; PRAGMA user_version = 11;')
        database.close()
        result = self.call('prune', '--json', '--memory', '40')
        self.assertEqual((result.returncode, json.loads(result.stdout)['translations']), (0, 0))
        self.assertEqual(self.state("SELECT count(*) FROM memory WHERE used = ''"), [0])
        self.assertTrue(os.path.exists(os.path.join(self.workspace.out, 'state.db.format-11')))

    def test_the_state_file_shrinks_unless_another_program_reads_it(self):
        self.five_days()
        state = os.path.join(self.workspace.out, 'state.db')
        with sqlite3.connect(state) as database:
            database.execute('CREATE TABLE filling (bytes BLOB)')
            database.execute('INSERT INTO filling VALUES (zeroblob(3000000))')
            database.execute('DROP TABLE filling')
        database.close()
        before = os.stat(state).st_size
        reader = sqlite3.connect(state)
        reader.execute('SELECT count(*) FROM article').fetchone()
        self.assertEqual(self.pruned('--days', '20')['state_bytes'], 0)
        self.assertGreaterEqual(os.stat(state).st_size, before)
        reader.close()
        self.assertGreater(self.pruned()['state_bytes'], 2000000)
        self.assertLess(os.stat(state).st_size, before - 2000000)
        self.assertEqual(self.pruned()['state_bytes'], 0)
        self.assert_sound()
        self.assertEqual(self.state('PRAGMA journal_mode'), ['wal'])


class Limits(Prune):
    def test_the_oldest_days_go_until_the_folder_fits(self):
        self.five_days()
        sizes = {day: sum(size for path, size in self.files().items() if '/%s/' % day in path) for day in (OLD, NEXT, LATER)}
        # The last one is what SQLite adds while the state is open.
        whole = sum(os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(self.workspace.out) for name in names) + (32 << 10)
        limit = lambda more: self.pruned('--dry-run', '--set', 'prune.size=%d' % (whole - more))['days']
        self.assertEqual(limit(-100000), [])
        self.assertEqual([d['day'] for d in limit(sizes[OLD] // 2)], [OLD])
        self.assertEqual([d['day'] for d in limit(sizes[OLD] + sizes[NEXT] // 2)], [OLD, NEXT])
        # However small the limit is, today and yesterday stay.
        self.pruned('--set', 'prune.size=1k')
        self.assert_pruned(OLD, NEXT, LATER)
        self.assertEqual(self.days(), [YESTERDAY, TODAY])

    def test_old_archive_files_go(self):
        self.five_days()
        for place, setting in (('out/archive', ()), ('elsewhere', ('--set', 'archive.folder=' + os.path.join(self.workspace.folder, 'elsewhere')))):
            folder = os.path.join(self.workspace.folder, place)
            os.mkdir(folder)
            for name in (OLD + '.warc.gz', LATER + '.warc.gz', TODAY + '.warc.gz', OLD + '.tar.gz', 'mine-' + OLD + '.warc.gz'):
                with open(os.path.join(folder, name), 'w', encoding='ascii') as file:
                    file.write('x' * 1000)
            for dry in ('--dry-run',), ():
                result = self.pruned('--archive', '27', *setting, *dry)
                self.assertEqual((result['archive_files'], result['bytes'], result['days']), (1, 1000, []))
                self.assertEqual(len(os.listdir(folder)), 5 if dry else 4)
            self.assertFalse(os.path.exists(os.path.join(folder, OLD + '.warc.gz')))

    def test_nothing_is_removed_unless_it_is_asked_for(self):
        self.five_days()
        before = self.files()
        self.assertIn('pruned 0 days with 0 records, 0 archive files and 0 translations: 0 bytes', self.said('prune'))
        self.assertEqual(self.files(), before)
        self.assertIn(b'there is no limit, so days, archive and memory are kept; set one in [prune]', self.workspace.call('prune').stderr)
        self.assertEqual(self.workspace.call('prune', '--days', '300').stderr, b'')

    def test_auto_prunes_in_the_first_run_of_a_day(self):
        self.workspace = self.workspace_with('[prune]\ndays = 10\nauto = yes\n')
        self.run_on(OLD, item(0))
        self.run_on(NEXT, item(1))
        self.assertEqual(self.days(), [OLD, NEXT])
        self.assertEqual(self.run_on('2026-01-12', item(2)).stderr, b'')
        self.assertEqual(self.days(), [NEXT, '2026-01-12'])
        self.assert_pruned(OLD)
        # The second run of this day does not look again.
        self.assertEqual(self.call('run', '--set', 'prune.days=5', at='2026-01-12 10:00').returncode, 0)
        self.assertEqual(self.days(), [NEXT, '2026-01-12'])

    def test_what_is_refused(self):
        missing = self.prune()
        self.assertEqual(missing.returncode, 74)
        self.assertIn('there is no state in', missing.stderr.decode())
        self.assertFalse(os.path.exists(self.workspace.out))
        for code, more in ((64, ['now']), (64, ['--days', '99999']), (64, ['--days', 'x']), (78, ['--set', 'prune.known=0'])):
            self.assertEqual(self.prune(*more).returncode, code, more)

    def test_a_run_in_progress(self):
        self.five_days()
        lock = open(os.path.join(self.workspace.out, 'state.db.lock'), 'a', encoding='ascii')
        fcntl.flock(lock, fcntl.LOCK_EX)
        for more in (), ('--dry-run',):
            self.assertEqual(self.prune('--days', '10', *more).returncode, 75)
        self.assertEqual(len(self.days()), 5)
        lock.close()


class Kills(Prune):
    def check(self, **fate):
        """Kills `prune`; whatever it left, the next run completes it, and `verify` and the next `prune` agree."""
        with self.subTest(**fate):
            self.workspace, self.told = self.workspace_with(''), []
            self.five_days()
            self.assertEqual(self.prune('--days', '27', **fate).returncode, -9)
            self.assertNotEqual(self.days(), [LATER, YESTERDAY, TODAY])
            self.assert_sound()
            self.run_well(at=TODAY + ' 12:30')
            self.assertNotIn(OLD, read(os.path.join(self.workspace.out, 'index.html')).decode())
            self.assertEqual(self.said('digest', OLD), 'The records of 2026-01-01 were pruned on 2026-01-30.\n')
            self.assertEqual(self.days(), [LATER, YESTERDAY, TODAY])
            self.assert_pruned(OLD, NEXT)
            self.pruned()
            self.assertEqual(self.state('SELECT count(*) FROM removal'), [0])
            self.assertEqual(self.temporary(), [])

    def test_before_the_pages_that_lead_there_are_in_place(self):
        self.check(kill='/out/index.html')

    def test_between_the_files(self):
        for path in OLD + '/index.html', NEXT + '/articles/':
            self.check(removal=path)


if __name__ == '__main__':
    unittest.main()
