"""backup and restore: what a backup holds is enough to have everything again but the archive, also if it was made during a run, and a
restore loses nothing that is there."""
import json
import os
import shutil
import sqlite3
import stat
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace, files_source  # noqa: E402

TEXT = '''Nova cesta u Lipovcu

Radovi na novoj cesti počeli su u ponedjeljak. Gradonačelnik je rekao da će trajati %d mjeseci.
'''


class Backup(unittest.TestCase):
    def setUp(self):
        self.space = Workspace('')
        self.addCleanup(self.space.close)
        inbox = os.path.join(self.space.folder, 'inbox')
        os.mkdir(inbox)
        with open(self.space.config, 'a', encoding='utf8') as file:
            file.write(files_source(inbox))
        for number in range(2, 6):
            with open(os.path.join(inbox, '%d.txt' % number), 'w', encoding='utf8') as file:
                file.write(TEXT % number)
        self.state = os.path.join(self.space.out, 'state.db')
        self.copy = os.path.join(self.space.folder, 'copy.db')
        result = self.space.call('run')
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        self.records = self.space.records()
        self.assertEqual(len(self.records), 4)

    def back_up(self):
        result = self.space.call('backup', self.copy)
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        return result.stdout.decode()

    def refused(self, code, words, *call):
        result = self.space.call(*call)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertIn(words, result.stderr.decode())
        self.assertEqual(result.stdout, b'')

    def test_everything_is_back(self):
        said = self.back_up()
        self.assertIn('copy.db: 4 articles, ', said)
        self.assertEqual(stat.S_IMODE(os.stat(self.copy).st_mode), 0o600)
        pages = os.path.join(self.space.out, self.space.days()[0])
        names = sorted(set(os.listdir(pages)) - {'report.json'})  # what a run told is not kept
        shutil.rmtree(self.space.out)
        result = self.space.call('restore', self.copy)
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        self.assertIn(b'4 records are sound, 0 damaged, 0 missing', result.stdout)
        self.assertEqual(self.space.records(), self.records)
        self.assertEqual(sorted(os.listdir(pages)), names)
        # Nothing is translated anew.
        report = json.loads(self.space.call('run', '--json').stdout)
        self.assertEqual((report['found'], report['known'], report['limiters']), (0, 4, []))
        self.assertEqual(len(self.space.records()), 4)

    def test_a_folder_gets_a_copy_named_after_the_time(self):
        folder = os.path.join(self.space.folder, 'copies')
        os.mkdir(folder)
        result = json.loads(self.space.call('backup', '--json', folder).stdout)
        self.assertRegex(result['path'], r'/copies/dragoman-\d{4}-\d\d-\d\dT\d{6}Z\.db$')
        self.assertEqual(result['articles'], 4)
        self.assertEqual(os.listdir(folder), [os.path.basename(result['path'])])
        self.assertEqual(result['bytes'], os.stat(result['path']).st_size)

    def test_a_state_that_is_there_is_put_aside_only_when_asked(self):
        self.back_up()
        before = self.space.status()
        self.refused(64, 'add --replace', 'restore', self.copy)
        self.assertEqual(self.space.status(), before)
        with sqlite3.connect(self.state) as database:
            database.execute('DELETE FROM article')
        database.close()
        result = self.space.call('restore', '--replace', self.copy)
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        self.assertEqual(self.space.status()['done'], before['done'])
        with sqlite3.connect(self.state + '.replaced') as database:
            self.assertEqual(database.execute('SELECT count(*) FROM article').fetchone(), (0,))
        database.close()

    def test_the_log_of_the_former_state_is_not_applied(self):
        self.back_up()
        # A program that was killed leaves its last changes in the log.
        database = sqlite3.connect(self.state)
        database.execute('DELETE FROM article')
        database.commit()
        log = self.state + '-wal'
        shutil.copy(log, log + '.kept')
        database.close()
        shutil.move(log + '.kept', log)
        result = self.space.call('restore', '--replace', self.copy)
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        self.assertEqual(self.space.records(), self.records)
        self.assertEqual(self.space.status()['done'], 4)

    def test_what_is_no_backup_is_refused(self):
        self.back_up()
        with open(self.copy, 'r+b') as file:
            file.truncate(10000)
        text = os.path.join(self.space.folder, 'text')
        with open(text, 'w', encoding='utf8') as file:
            file.write('no backup')
        other = os.path.join(self.space.folder, 'other.db')
        with sqlite3.connect(other) as database:
            database.execute('CREATE TABLE a (b)')
        database.close()
        before = self.space.status()
        for file, code in ((self.copy, 74), (text, 74), (other, 78), (self.space.folder + '/missing', 74)):
            with self.subTest(file=os.path.basename(file)):
                self.refused(code, file, 'restore', '--replace', file)
        self.assertEqual(self.space.status(), before)

    def test_a_newer_backup_is_refused(self):
        self.back_up()
        with sqlite3.connect(self.copy) as database:
            database.execute('PRAGMA user_version = 999')
        database.close()
        self.refused(78, 'format 999', 'restore', '--replace', self.copy)
        self.assertEqual(self.space.status()['done'], 4)

    def test_places_that_cannot_be_written(self):
        self.refused(74, '/missing/copy.db', 'backup', self.space.folder + '/missing/copy.db')
        self.refused(64, 'FOLDER', 'backup')
        self.refused(64, 'restore FILE', 'restore')


if __name__ == '__main__':
    unittest.main()
