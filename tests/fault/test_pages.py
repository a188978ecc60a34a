"""Pages match the records, whatever happened to the run that should have made them, and records are where the state says."""
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService, Server                     # noqa: E402
from program import Workspace                                            # noqa: E402
from web import PARAGRAPH, Web, feed, page                               # noqa: E402

PAGES = 'index.html', 'digest.md', 'digest.json', 'feed.xml'
EVENING, MORNING = '2026-01-29 23:50', '2026-01-30 06:00'
NAMES = 'puerto río puente barrio mercado hospital escuela valle monte plaza estación mina'.split()


def setUpModule():
    global FATE, folder
    folder = tempfile.TemporaryDirectory()
    FATE = os.path.join(folder.name, 'fate.so')
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fate.c')
    subprocess.run(['cc', '-shared', '-fPIC', '-o', FATE, source, '-ldl'], check=True)


def tearDownModule():
    folder.cleanup()


def item(number, more=''):
    name = NAMES[number % len(NAMES)]
    body = ['El pleno número %d aprobó ayer la obra del %s por %d votos%s.' % (number, name, 10 * number + i, more) for i in range(3)]
    return {'id': 'a%d' % number, 'url': 'https://news.example/a%d' % number, 'evidence': {'version': 'v' + more}, 'language': {'code': 'es'},
            'title': {'source': 'El %s número %d tendrá una obra' % (name, number)},
            'body': [{'kind': 'paragraph', 'text': text} for text in body]}


def read(path):
    with open(path, 'rb') as f:
        return f.read()


class Case(unittest.TestCase):
    def setUp(self):
        self.service = FakeService()
        self.addCleanup(self.service.close)
        self.workspace = self.workspace_with('')

    def workspace_with(self, more, service=None):
        workspace = Workspace('grace_period = 1s\n[dedupe]\ndays = 0\n[source "items"]\nkind = ndjson\npath = items.ndjson\n'
                              '[service "fake"]\nkind = libretranslate\nattempts = 1\nurl = %s\n[route "default"]\nservices = fake\n%s'
                              % (service or self.service.url, more))
        self.addCleanup(workspace.close)
        return workspace

    def write(self, *items):
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(json.dumps(one) + '\n' for one in items)

    def call(self, *words, at=None, kill=None, removal=None, count=1, **more):
        """`kill`: the program is killed at the rename number `count` of a file with this in its path; `removal`: at such a removal."""
        command, options = self.workspace.command(*words, capture_output=True, timeout=120)
        environment = options['env']
        environment.update(LD_PRELOAD=FATE, ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0', FATE_COUNT=str(count))
        environment.update(more)
        if at:
            environment['FATE_SECONDS'] = str(int(time.mktime(time.strptime(at, '%Y-%m-%d %H:%M')) - time.time()))
        if kill:
            environment['FATE_PATH'] = kill
        if removal:
            environment['FATE_REMOVED'] = removal
        return subprocess.run(command, **options)

    def run_well(self, code=0, at=None):
        result = self.call('run', at=at)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return result

    def days(self):
        return sorted(os.path.basename(path) for path in glob.glob(os.path.join(self.workspace.out, '2*-*-*')))

    def page(self, name, day=None):
        return read(os.path.join(self.workspace.out, day or self.days()[-1], name)).decode()

    def snapshot(self):
        return {os.path.relpath(path, self.workspace.out): read(path)
                for pattern in ('2*/articles/*.json', '2*/stories/*.html', *('2*/' + page for page in PAGES))
                for path in glob.glob(os.path.join(self.workspace.out, pattern))}

    def on_story_pages(self, day=None):
        """Returns the number of articles on the pages of the day's stories, all of which index.html must link to."""
        found = 0
        for path in glob.glob(os.path.join(self.workspace.out, day or self.days()[-1], 'stories', '*.html')):
            self.assertIn('href="stories/%s"' % os.path.basename(path), self.page('index.html', day))
            found += read(path).count(b'<article class="text"')
        return found

    def counts(self, day=None):
        """Returns the number of articles on each of the four pages."""
        root = ElementTree.fromstring(self.page('feed.xml', day))
        return [self.on_story_pages(day), self.page('digest.md', day).count('\n## ') +
                self.page('digest.md', day).count('\n### '), len(json.loads(self.page('digest.json', day))['articles']),
                len(root.findall('{http://www.w3.org/2005/Atom}entry'))]

    def temporary(self):
        return [name for _, _, names in os.walk(self.workspace.out) for name in names if name.endswith('.tmp')]

    def assert_sound(self):
        result = self.call('verify')
        self.assertEqual(result.returncode, 0, (result.stdout + result.stderr).decode())




class FoldersInThePlaceOfFiles(Case):
    """Somebody has made a folder under the name of a file: the file is written, and the folder is kept beside it."""

    def replace(self, path):
        before = read(path)
        os.remove(path)
        os.mkdir(path)
        with open(os.path.join(path, 'mine.txt'), 'w', encoding='utf8') as file:
            file.write('mine')
        return before

    def assert_in_place(self, path, before, number=1):
        self.assertEqual(read(path), before)
        self.assertEqual(read('%s.folder-%d/mine.txt' % (path, number)), b'mine')

    def test_of_a_record(self):
        self.write(item(1), item(2))
        self.run_well(at=MORNING)
        path = sorted(glob.glob(os.path.join(self.workspace.out, '2*', 'articles', '*.json')))[0]
        before = self.replace(path)
        result = self.call('verify', at=MORNING)
        self.assertEqual(result.returncode, 65)
        self.assertIn(b': damaged: a folder is in its place\n', result.stdout)
        result = self.call('verify', '--repair', at=MORNING)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(b'a folder is in the place of the record', result.stderr)
        self.assert_in_place(path, before)
        self.replace(path)
        self.call('run', at=MORNING)
        self.assert_in_place(path, before, 2)
        self.assert_in_place(path, before)
        self.assertEqual(self.call('verify', at=MORNING).returncode, 0)

    def test_of_pages(self):
        self.write(item(1))
        self.run_well(at=MORNING)
        paths = [os.path.join(self.workspace.out, name) for name in ('2026-01-30/index.html', '2026-01-30/digest.json', 'index.html', 'feed.xml')]
        before = [self.replace(path) for path in paths]
        self.assertEqual(self.call('verify', '--repair', at=MORNING).returncode, 0)
        for path, text in zip(paths, before):
            self.assertEqual(len(read(path)) > 0, len(text) > 0)
            self.assertEqual(read(path + '.folder-1/mine.txt'), b'mine')
        for path in paths:
            self.replace(path)
        self.write(item(1), item(2))
        self.run_well(at=MORNING)
        for path in paths:
            self.assertTrue(os.path.isfile(path))
            self.assertEqual(read(path + '.folder-2/mine.txt'), b'mine')

class NetworkFileSystem(Case):
    def test_a_run_says_it_once_and_check_config_each_time(self):
        self.write(item(1))
        for name, number in (('NFS', '6969'), ('CIFS', 'FF534D42'), ('9p', '1021997')):
            said = ('state.db is on a network file system (%s)' % name).encode()
            for _ in range(2):
                result = self.call('check-config', FATE_FILE_SYSTEM=number)
                self.assertEqual((result.returncode, result.stderr.count(said)), (0, 1))
            answer = json.loads(self.call('check-config', '--json', FATE_FILE_SYSTEM=number).stdout)
            self.assertEqual((answer['sound'], len(answer['warnings'])), (True, 1))
            for times in (1, 0):
                result = self.call('run', FATE_FILE_SYSTEM=number)
                self.assertEqual((result.returncode, result.stderr.count(said)), (0, times))
        result = self.call('check-config', FATE_FILE_SYSTEM='EF53')
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        self.assertEqual(self.call('run').stderr, b'')

class Stale(Case):
    def test_a_kill_at_any_rename_is_repaired_by_the_next_run(self):
        for page in ('report.json', *PAGES):
            with self.subTest(page=page):
                self.workspace = self.workspace_with('')
                self.write(*map(item, range(2)))
                self.run_well()
                self.write(*map(item, range(5)))
                self.assertEqual(self.call('run', kill='/' + page).returncode, -9)
                asked = self.service.requests
                self.run_well()
                self.assertEqual(self.counts(), [5] * 4)
                self.assertEqual(self.temporary(), [])
                self.assertEqual(self.service.requests, asked)
                self.assert_sound()

    def test_records_that_do_not_say_when_they_were_collected_are_new_once_read(self):
        """Their dates are judged, too: none is later than the moment at which it was read."""
        future, given = dict(item(3), published='9999-12-31T23:59:59Z'), dict(item(4), collected='2026-01-28T08:00:00Z')
        impossible = [dict(item(5 + i), collected=c) for i, c in enumerate(('9999-12-31T23:59:59Z', '2026-13-45T99:99:99Z', '0001-01-01T00:00:00Z'))]
        self.write(item(1))
        self.run_well(at='2026-01-29 09:00')
        self.write(item(1), item(2), future, given, *impossible)
        self.run_well(at='2026-01-29 12:00')
        articles = {a['url'][-2:]: a for a in json.loads(self.page('digest.json'))['articles']}
        self.assertEqual({url: (a['new'], a['new_in_last_run']) for url, a in articles.items()},
                         {'a1': (True, False), 'a4': (False, False), **dict.fromkeys(('a2', 'a3', 'a5', 'a6', 'a7'), (True, True))})
        self.assertEqual(articles['a3']['dated'], 'impossible')
        self.assertNotIn('9999', self.page('feed.xml'))
        self.assertIn('dated 9999-12-31?', self.page('index.html'))
        for url in 'a2', 'a3', 'a5', 'a6', 'a7':
            self.assertRegex(articles[url]['collected'], '^2026-01-29T1(1:59|2:0)')
        for wrong in '0001-', '2026-13':
            self.assertNotIn('<published>' + wrong, self.page('feed.xml'))

    def test_missing_and_stale_pages_are_rebuilt_and_current_ones_left_alone(self):
        self.write(*map(item, range(3)))
        self.run_well()
        whole, day = self.snapshot(), self.days()[0]
        for page in PAGES:
            path = os.path.join(self.workspace.out, day, page)
            for spoil in (os.unlink, lambda name: open(name, 'w').close()):
                with self.subTest(page=page):
                    spoil(path)
                    self.assertEqual(self.call('verify').returncode, 65)
                    self.run_well()
                    self.assertEqual(self.snapshot(), whole)
        before = {page: os.stat(os.path.join(self.workspace.out, day, page)).st_ino for page in PAGES}
        self.run_well()
        self.assertEqual({page: os.stat(os.path.join(self.workspace.out, day, page)).st_ino for page in PAGES}, before)

    def test_digest_makes_the_same_pages_as_a_run(self):
        self.write(*map(item, range(3)))
        self.run_well()
        whole = self.snapshot()
        self.assertEqual(self.call('digest').returncode, 0)
        self.assertEqual(self.snapshot(), whole)


class Days(Case):
    def test_a_run_killed_in_the_evening_is_completed_in_the_morning(self):
        for count in (1, 4, 7):
            with self.subTest(count=count):
                self.workspace = self.workspace_with('')
                self.write(*map(item, range(12)))
                self.assertEqual(self.call('run', at=EVENING, kill='/articles/', count=count).returncode, -9)
                self.run_well(at=MORNING)
                names = [os.path.basename(path) for path in glob.glob(os.path.join(self.workspace.out, '2*', 'articles', '*.json'))]
                self.assertEqual((len(names), len(set(names))), (12, 12))
                self.assertEqual(self.temporary(), [])
                for day in self.days():
                    records = len(glob.glob(os.path.join(self.workspace.out, day, 'articles', '*.json')))
                    self.assertEqual(self.counts(day), [records] * 4)
                self.assertGreater(self.counts('2026-01-29')[0], 0)
                self.assertEqual(self.workspace.status()['done'], 12)
                self.assert_sound()

    def test_a_changed_item_moves_and_both_days_are_rebuilt(self):
        self.write(*map(item, range(3)))
        self.run_well(at=EVENING)
        self.write(item(0), item(1, ' a favor'), item(2))
        self.run_well(at=MORNING)
        self.assertEqual((self.counts('2026-01-29'), self.counts('2026-01-30')), ([2] * 4, [1] * 4))
        self.assertEqual(len(glob.glob(os.path.join(self.workspace.out, '2026-01-29', 'articles', '*.json'))), 2)
        self.assert_sound()

    def test_a_kill_while_an_item_moves_leaves_it_once(self):
        for kill in ('/articles/', '2026-01-30/index.html', '2026-01-29/index.html'):
            with self.subTest(kill=kill):
                self.workspace = self.workspace_with('')
                self.write(item(0), item(1))
                self.run_well(at=EVENING)
                self.write(item(0), item(1, ' a favor'))
                self.assertEqual(self.call('run', at=MORNING, kill=kill).returncode, -9)
                self.run_well(at=MORNING)
                self.assertEqual((self.counts('2026-01-29'), self.counts('2026-01-30')), ([1] * 4, [1] * 4))
                self.assertEqual(len(self.workspace.records()), 2)
                self.assert_sound()

    def test_an_item_of_a_day_that_runs_no_longer_check_moves_too(self):
        self.write(item(0), item(1))
        self.run_well(at='2026-01-01 08:00')
        self.write(item(0), item(1, ' a favor'))
        self.run_well(at=MORNING)
        self.assertEqual(self.counts('2026-01-01'), [1] * 4)
        self.assert_sound()


class Deleted(Case):
    def setUp(self):
        super().setUp()
        self.write(*map(item, range(5)))
        self.run_well()
        self.whole, self.asked = self.snapshot(), self.service.requests
        self.day = os.path.join(self.workspace.out, self.days()[0])
        self.files = sorted(glob.glob(os.path.join(self.day, 'articles', '*.json')))

    def assert_whole(self):
        self.assertEqual(self.snapshot(), self.whole)
        self.assertEqual(self.service.requests, self.asked)
        self.assert_sound()

    def test_the_next_run_restores_deleted_files_byte_for_byte(self):
        for lose in (lambda: shutil.rmtree(self.day), lambda: os.unlink(self.files[2]),
                     lambda: shutil.rmtree(os.path.join(self.day, 'articles'))):
            lose()
            self.run_well()
            self.assert_whole()

    def test_the_next_run_restores_modified_files(self):
        def spoil(write):
            def act():
                with open(self.files[1], 'r+b') as f:
                    write(f)
            return act

        def keep_times(write):
            def act():
                before = os.stat(self.files[1])
                spoil(write)()
                os.utime(self.files[1], ns=(before.st_atime_ns, before.st_mtime_ns))
            return act
        for damage in (spoil(lambda f: f.truncate()), spoil(lambda f: f.truncate(100)), spoil(lambda f: f.write(b'[')),
                       keep_times(lambda f: (f.seek(200), f.write(b'X'))), lambda: shutil.copy(self.files[0], self.files[1])):
            damage()
            self.assertNotEqual(self.snapshot(), self.whole)
            self.run_well()
            self.assert_whole()

    def test_verify_names_the_repair_command_and_it_fixes_everything(self):
        shutil.copy(self.files[0], self.files[1])
        os.unlink(self.files[2])
        with open(self.files[3], 'r+b') as f:
            f.write(b'[')
        result = self.call('verify')
        self.assertEqual(result.returncode, 65)
        self.assertIn(b'verify --repair', result.stderr)
        self.assertEqual((result.stdout.count(b': damaged'), result.stdout.count(b': missing')), (2, 1))
        result = self.call('verify', '--repair')
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assert_whole()

    def test_days_that_runs_leave_alone_are_repaired_on_request(self):
        later = time.strftime('%Y-%m-%d %H:%M', time.localtime(time.time() + 30 * 86400))
        self.run_well(at=later)                 # leads from the old day to the new one
        whole = self.snapshot()
        self.assertNotEqual(whole, self.whole)
        shutil.rmtree(self.day)
        self.run_well(at=later)                 # repairs up to a week before the last run
        self.assertFalse(os.path.exists(self.day))
        self.assertEqual(self.call('verify', '--repair', at=later).returncode, 0)
        self.assertEqual(self.snapshot(), whole)

    def test_a_foreign_file_is_reported_and_on_no_page(self):
        stray = os.path.join(self.day, 'articles', 'f' * 32 + '.json')
        shutil.copy(self.files[0], stray)
        result = self.call('verify')
        self.assertEqual(result.returncode, 65)
        self.assertIn(b'foreign', result.stdout)
        self.call('digest')
        os.unlink(stray)
        self.assert_whole()

    def test_a_record_of_an_older_state_is_rebuilt_from_source_and_memory(self):
        with sqlite3.connect(os.path.join(self.workspace.out, 'state.db')) as state:
            state.execute("UPDATE kept SET hash = '', bytes = x''")
        os.unlink(self.files[2])
        self.run_well()
        self.assertEqual(sorted(glob.glob(os.path.join(self.day, 'articles', '*.json'))), self.files)
        self.assertEqual(self.service.requests, self.asked)
        self.assertEqual(self.counts(), [5] * 4)
        self.assert_sound()
        shutil.rmtree(self.day)                 # by now the store has all of them
        self.run_well()
        self.assertEqual(len(self.workspace.records()), 5)
        self.assert_sound()


class Leftovers(Case):
    def test_temporary_files_of_dead_processes_are_removed_and_others_kept(self):
        self.write(item(0))
        self.run_well()
        day = os.path.join(self.workspace.out, self.days()[0])
        dead = subprocess.Popen(['true'])
        dead.wait()
        own = '.index.html.%d-0123456789abcdef.tmp' % os.getpid()
        gone = ['.index.html.%d-0123456789abcdef.tmp' % dead.pid, 'feed.xml.%d.tmp' % dead.pid,
                'articles/.x.json.%d-00000000000000ff.tmp' % dead.pid]
        stay = [own, 'notes.tmp', '.x.tmp', 'articles/mine.0x1.tmp']
        for name in gone + stay:
            open(os.path.join(day, name), 'w').close()
        self.run_well()
        self.assertEqual([os.path.exists(os.path.join(day, name)) for name in gone + stay],
                         [False] * len(gone) + [True] * len(stay))
        os.utime(os.path.join(day, own), (time.time() - 2 * 86400,) * 2)
        self.run_well()
        self.assertFalse(os.path.exists(os.path.join(day, own)))


class Outages(Case):
    """Outages begin and end on the page when they really do, even if no article was finished in that run."""

    def faces(self):
        return [self.page(name) for name in PAGES]

    def assert_told(self, *words):
        for name, text in zip(PAGES, self.faces()):
            for word in words:
                self.assertIn(word, text.replace('\\', ''), name)

    def test_a_source_is_out_and_comes_back(self):
        good = feed(('http://costa.example/1', 'Obras', PARAGRAPH))
        web = Web({'costa.example/rss': good, 'costa.example/1': page('Uno')})
        self.addCleanup(web.close)
        self.workspace = self.workspace_with('[source "costa"]\nkind = feed\nurl = http://costa.example/rss\n[collect]\ngap = 0s\n[http]\nproxy = %s\n' % web.url)
        self.write(item(0))
        self.run_well()
        self.assertEqual(json.loads(self.page('digest.json'))['run']['outages'], [])
        web.pages['costa.example/rss'] = Answer(404, b'gone')
        result = self.call('run')
        self.assertIn(result.returncode, (3, 69), result.stderr)
        self.assert_told('costa')
        self.assertIn('</b> unreadable since ', self.page('index.html'))
        self.assertEqual(json.loads(self.page('digest.json'))['run']['outages'][0]['kind'], 'source')
        web.pages['costa.example/rss'] = good
        self.run_well()
        self.assertIn('</b> was unreadable from ', self.page('index.html'))
        self.assertIn('until', json.loads(self.page('digest.json'))['run']['outages'][0])

    def test_a_service_outage_and_waiting_articles_are_shown_until_it_ends(self):
        down = [True]
        service = Server(lambda request: Answer(403, b'{"error":"the key was refused"}') if down[0] else
                         Answer(200, {'translatedText': ['The works on that quiet street went well for all who live there %s.'
                                                         % ''.join(c if c.isdigit() else ' ' for c in text)
                                                         for text in json.loads(request.body)['q']]}))
        self.addCleanup(service.close)
        self.workspace = self.workspace_with('', service.url)
        self.write(item(0), item(3))
        result = self.call('run')
        self.assertIn(result.returncode, (3, 69), result.stderr)
        self.assert_told('El puerto número 0', 'El barrio número 3', 'the key was refused')
        self.assertIn('</b> failing since ', self.page('index.html'))
        waiting = json.loads(self.page('digest.json'))['run']['waiting']
        self.assertEqual(len(waiting), 2)
        self.assertTrue(all(one['id'] and one['since'] and one['reason'] for one in waiting))
        down[0] = False
        self.call('retry')
        self.call('run')
        self.assertIn('</b> failed from ', self.page('index.html'))
        self.assertEqual(json.loads(self.page('digest.json'))['run']['waiting'], [])

    def test_a_cap_holds_articles_back_until_it_is_raised(self):
        self.write(item(0))
        self.call('--set', 'service.fake.characters_per_day=10', 'run')
        self.assertIn('held back by a spending cap since ', self.page('index.html'))
        self.assert_told('characters_per_day')
        self.run_well()
        self.assertIn('held back by a spending cap from ', self.page('index.html'))

    def test_failed_articles_are_listed_in_every_later_edition_of_the_day(self):
        self.workspace = self.workspace_with('[source "files"]\nkind = files\npath = bad.html\n')
        self.write(item(0))
        with open(os.path.join(self.workspace.folder, 'bad.html'), 'w', encoding='utf8') as f:
            f.write('<html><body></body></html>')
        for _ in range(2):
            self.call('run')
            failed = json.loads(self.page('digest.json'))['run']['failed']
            self.assertEqual([bool(one['reason']) for one in failed], [True])
            self.assert_told('bad.html')


if __name__ == '__main__':
    unittest.main()
