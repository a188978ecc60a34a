"""Calls and allocations that fail, and commands that are killed at one: sixty and thirty points, drawn by a fixed seed from all that tests/long/faults.py
and kills.py try, so that each function has one; and each fault that these have found, by itself."""
import errno
import os
import signal
import subprocess
import sys
import unittest
from argparse import Namespace

TESTS = os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests')
sys.path[:0] = TESTS, os.path.join(TESTS, 'fault'), os.path.join(TESTS, 'long')
from calls import Scene                                                  # noqa: E402
from faults import Faults                                                # noqa: E402
from kills import NAMES, Kills                                           # noqa: E402
from program import Workspace, files_source, SAMPLES                     # noqa: E402

SEED = 19


class Drawn(unittest.TestCase):
    def setUp(self):
        self.scene = Scene(engine=False)
        self.addCleanup(self.scene.close)

    def fail(self, begin, what, count, known=None):
        faults = Faults(self.scene, begin, Namespace(count=count, seed=SEED, all=False, known=known))
        self.assertEqual(faults.play(what == 'allocations'), [])
        self.assertGreater(faults.struck, count * 0.8)

    def test_calls_of_a_first_run_and_of_a_later_one(self):
        known = set()
        self.fail('empty', 'calls', 15, known)
        self.fail('later', 'calls', 30, known)
        self.assertGreater(len(known), 40)

    def test_allocations(self):
        self.fail('later', 'allocations', 15)

    def test_kills(self):
        known = set()
        for name in NAMES:
            kills = Kills(self.scene, name, Namespace(count=3, seed=SEED, known=known))
            self.assertEqual((name, kills.play()), (name, []))
            self.assertGreaterEqual(kills.killed, 2, name)
        self.assertGreater(len(known), 11)


class Found(unittest.TestCase):
    """What failed when every call was tried. `strike` fails one call in a later run, and the run after that completes everything."""

    def setUp(self):
        self.scene = Scene(engine=False)
        self.addCleanup(self.scene.close)
        self.faults = Faults(self.scene, 'later', Namespace(count=0, seed=SEED, all=False, known=None))

    def strike(self, function, count, error, text):
        self.scene.restore()
        first, hit = self.scene.strike_file(function, count, error, text, 'run')
        self.assertTrue(hit, (function, count, text))
        self.assertEqual(self.scene.judge(first, self.faults.wanted), [], (function, count, text, first.returncode, first.stderr))
        return first

    def test_a_file_that_cannot_be_examined_waits(self):
        for name in 'n1.html', 'n2.html':
            self.assertEqual(self.strike('fstat', 1, errno.EIO, '/inbox/' + name).returncode, 69)

    def test_a_file_whose_place_cannot_be_found_waits(self):
        for count in 2, 4:
            self.assertEqual(self.strike('readlink', count, errno.ENOMEM, '/proc/self/fd/').returncode, 69)

    def test_a_list_that_cannot_be_read_to_its_end(self):
        for error in errno.EIO, errno.EINTR:
            first = self.strike('fread', 1, error, '/items.ndjson')
            self.assertEqual(first.returncode, 69)
            self.assertIn(os.strerror(error).encode(), self.scene.call('status').stdout + first.stderr)

    def test_days_that_cannot_be_listed_are_no_days_that_are_gone(self):
        codes = [self.strike('opendir', count, errno.EMFILE, self.scene.workspace.out).returncode for count in (1, 2, 3)]
        self.assertIn(74, codes)

    def test_a_page_that_cannot_be_read_back(self):
        for count in 1, 2, 3:
            self.strike('open', count, errno.EMFILE, '/index.html')

    def test_a_page_whose_reading_is_interrupted(self):
        page = self.scene.workspace.days()[-1] + '/index.html'
        for count, fault in (2, errno.EINTR), (3, errno.EINTR), (3, 'short'):
            self.strike('read', count, fault, page)

    def test_a_record_that_the_store_did_not_keep(self):
        """The 'disk' is full for one write to the log, somewhere in the run."""
        for count in range(60, 100, 4):
            self.strike('pwrite64', count, errno.ENOSPC, 'state.db-wal')

    def test_a_correction_killed_before_its_file_is_in_place(self):
        for command, when in ('accept', 'before'), ('accept', 'after'), ('import', 'before'):
            kills = Kills(self.scene, command, Namespace(count=0, seed=SEED, known=None))
            self.scene.restore()
            first, _ = self.scene.strike_file('renameat', 1, when, '/articles/', *kills.words)
            self.assertEqual(first.returncode, -signal.SIGKILL)
            self.assertEqual(self.scene.judge(first, kills.wanted, killed=True, redo=kills.redo), [], (command, when))


    def test_an_output_file_that_was_killed_leaves_nothing_once_it_is_written(self):
        folder = os.path.join(self.scene.workspace.folder, 'pages')
        os.mkdir(folder)
        with open(os.path.join(folder, '.other.html.999999-0123456789abcdef.tmp'), 'w', encoding='utf8'):
            pass
        self.scene.restore()
        for function, name, words in (('renameat', 'day.html', ('digest',)), ('renameat', 'day.csv', ('digest',)), ('rename', 'all.ndjson', ('export', 'ndjson'))):
            words += '--output', os.path.join(folder, name)
            first, _ = self.scene.strike_file(function, 1, 'before', name, *words)
            self.assertEqual((first.returncode, len(os.listdir(folder))), (-signal.SIGKILL, 2), words)
            self.assertEqual(self.scene.call(*words).returncode, 0, words)
            self.assertEqual(sorted(os.listdir(folder)), sorted([name, '.other.html.999999-0123456789abcdef.tmp']), words)
            os.unlink(os.path.join(folder, name))
            os.unlink(self.scene.hit)


class Leftovers(unittest.TestCase):
    def test_no_temporary_file_stays_in_any_folder_of_any_day(self):
        workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        self.addCleanup(workspace.close)
        workspace.call('run')
        places = ['2026-01-05/stories', '2026-01-05/articles', '2026-01-05', 'selections', os.path.join(workspace.days()[-1], 'stories'), '']
        for place in places:
            os.makedirs(os.path.join(workspace.out, place), exist_ok=True)
            for name in '.x.html.999999-0123456789abcdef.tmp', 'notes.tmp':
                with open(os.path.join(workspace.out, place, name), 'w', encoding='utf8'):
                    pass
        workspace.call('run')
        for place in places:
            self.assertEqual([name for name in os.listdir(os.path.join(workspace.out, place)) if name.endswith('.tmp')], ['notes.tmp'], place)


class FullOutput(unittest.TestCase):
    """Nothing that a command prints may be lost in silence: exit code 74."""

    def test_every_command_that_prints(self):
        workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        self.addCleanup(workspace.close)
        workspace.call('run')
        record = next(iter(workspace.records().values()))['id']
        commands = [['status'], ['status', '--json'], ['explain', record], ['show', os.path.join(SAMPLES, 'articles', 'pt-short.txt')], ['export', 'ndjson'],
                    ['export', 'jsonfeed'], ['export', 'tmx'], ['export', 'xliff'], ['search', 'a'], ['search', '--json', 'a'], ['verify'], ['verify', '--json'],
                    ['retry'], ['retry', '--json'], ['services'], ['check-config'], ['run', '--json'], ['run', '--dry-run'], ['reference', 'conf'],
                    ['reference', 'schema'], ['reference', 'man'], ['reference', 'man-conf'], ['reference', 'bash'], ['--help'], ['run', '--help'], ['--version']]
        for words in commands:
            with open('/dev/full', 'wb') as full:
                command, options = workspace.command(*words)
                result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, **options)
            with self.subTest(words=words):
                self.assertIn(b'cannot write', result.stderr)
                self.assertEqual(result.returncode, 74)
        self.assertEqual(workspace.call('verify').returncode, 0)


if __name__ == '__main__':
    unittest.main()
