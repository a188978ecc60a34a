"""A program of today over what version 0.1.0 left (tests/golden/upgrade): nothing is lost, bought again or shown twice."""
import json
import os
import sqlite3
import sys
import subprocess
import tarfile
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import PROGRAM, SOURCE  # noqa: E402

CONFIGURATION = '[run]\noutput = out\nstate = out/state.db\n[source "inbox"]\nkind = files\npath = inbox\n'
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith('DRAGOMAN')}, 'DRAGOMAN_DATA': os.path.join(SOURCE, 'config')}


class Upgrade(unittest.TestCase):
    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.folder = keep.name
        with tarfile.open(os.path.join(SOURCE, 'tests', 'golden', 'upgrade', '0.1.0.tar.gz')) as archive:
            archive.extractall(self.folder, filter='data') if hasattr(tarfile, 'data_filter') else archive.extractall(self.folder)
        with open(os.path.join(self.folder, 'd.conf'), 'w', encoding='utf8') as file:
            file.write(CONFIGURATION)
        # The state knows a file by its size and time; the archive keeps only the seconds.
        with sqlite3.connect(os.path.join(self.folder, 'out', 'state.db')) as state:
            for address, version in state.execute('SELECT address, version FROM article'):
                seconds, nanoseconds = version.split()[1].split('.')
                os.utime(os.path.join(self.folder, address), ns=(int(seconds + nanoseconds),) * 2)
        state.close()
        self.day, = [name for name in os.listdir(os.path.join(self.folder, 'out')) if name[0] == '2']

    def call(self, *words):
        return subprocess.run([PROGRAM, '--config', 'd.conf', *words], env=ENVIRONMENT, cwd=self.folder, capture_output=True, text=True, timeout=300)

    def records(self):
        folder = os.path.join(self.folder, 'out', self.day, 'articles')
        found = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), 'rb') as file:
                found[name] = file.read()
        return found

    def test_what_was_there_stays(self):
        before = self.records()
        self.assertEqual(len(before), 2)
        result = self.call('run', '--json')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        report = json.loads(result.stdout)
        self.assertEqual((report['found'], report['known']), (0, 2))
        self.assertEqual(self.records(), before)
        result = self.call('verify')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn('2 records are sound', result.stdout)
        with open(os.path.join(self.folder, 'out', self.day, 'index.html'), encoding='utf8') as file:
            page = file.read()
        for words in ('Vilamar', 'Речица'):
            self.assertIn(words, page)

    def test_the_state_of_before_stays_beside_it(self):
        old = os.path.join(self.folder, 'out', 'state.db')
        with open(old, 'rb') as file:
            before = file.read()
        self.assertEqual(self.call('status').returncode, 0)
        with open(old, 'rb') as file:
            self.assertEqual(file.read(), before)         # what only reads upgrades nothing
        self.assertEqual(self.call('retry').returncode, 0)
        with sqlite3.connect(old + '.format-3') as copy:
            self.assertEqual(copy.execute('PRAGMA user_version').fetchone(), (3,))
            self.assertEqual(copy.execute('SELECT count(*) FROM article').fetchone(), (2,))
        copy.close()
        # The way back: the copy in place of the new state is the old one.
        os.replace(old + '.format-3', old)
        with open(old, 'rb') as file:
            self.assertEqual(len(file.read()), len(before))
        self.assertEqual(self.call('verify').returncode, 65)  # its pages are those of 0.1.0
        self.assertEqual(self.call('run').returncode, 0)
        self.assertEqual(self.call('verify').returncode, 0)


if __name__ == '__main__':
    unittest.main()
