"""Sources in a run: a failing source delays no other, items beyond the limit wait, and known lines are recognised."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

DRAGOMAN = os.environ['DRAGOMAN']
TEXT = 'The bridge reopened on Thursday after two years of works. The mayor said that traffic would return soon. '


def item(number):
    return f'<item><title>Bridge {number} is open again</title><guid>g{number}</guid><description>{TEXT * 12}</description></item>'


class Sources(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, text):
        with open(os.path.join(self.folder, name), 'w') as file:
            file.write(text)

    def run_with(self, sources):
        self.write('dragoman.conf', '[run]\noutput = out\n' + sources)
        done = subprocess.run([DRAGOMAN, '--config', 'dragoman.conf', 'run'], cwd=self.folder, capture_output=True, timeout=120)
        days = [day for day in os.listdir(os.path.join(self.folder, 'out')) if day[0] == '2' and 'W' not in day]
        with open(os.path.join(self.folder, 'out', days[0], 'report.json')) as file:
            return done.returncode, json.load(file), file.name

    def test_a_source_that_fails_delays_no_other(self):
        self.write('a.txt', 'The bridge is open again\n\n' + TEXT)
        code, report, _ = self.run_with('[source "gone"]\nkind = feed\nurl = missing.xml\n'
                                        '[source "inside"]\nkind = feed\nurl = http://127.0.0.1:9/feed\n'
                                        '[source "here"]\nkind = files\npath = a.txt\n')
        self.assertEqual(code, 69)
        self.assertEqual(report['sources_failed'], 2)
        self.assertEqual(report['skipped'], 1)
        notes = json.dumps(report)
        self.assertIn('missing.xml', notes)
        self.assertIn('inside', notes)

    def test_a_path_that_matches_nothing_is_reported(self):
        self.write('a.txt', 'The bridge is open again\n\n' + TEXT)
        folder = os.path.join(self.folder, 'news')
        os.mkdir(folder)
        os.symlink('gone.txt', os.path.join(self.folder, 'link.txt'))
        os.symlink('../gone.txt', os.path.join(folder, 'inside.txt'))
        os.symlink('gone', os.path.join(folder, '.#hidden'))
        os.mkfifo(os.path.join(self.folder, 'pipe'))
        for path, told in ('link.txt a.txt', 'link.txt'), ('a.txt li*.txt', 'link.txt'), ('news a.txt', 'inside.txt'), ('pipe a.txt', 'pipe'):
            with self.subTest(path):
                shutil.rmtree(os.path.join(self.folder, 'out'), ignore_errors=True)
                code, report, _ = self.run_with('[source "here"]\nkind = files\npath = %s\n' % path)
                notes = json.dumps(report)
                self.assertRegex(notes, r'cannot read \S*%s: it is ' % told)
                self.assertNotIn('hidden', notes)
                self.assertEqual((code, report['skipped']), (69, 1), notes)

    def test_items_beyond_the_limit_are_read_in_later_runs(self):
        self.write('feed.xml', '<rss version="2.0"><channel>' + ''.join(map(item, range(5))) + '</channel></rss>')
        feed = '[source "feed"]\nkind = feed\nurl = feed.xml\nmax_items = 2\n'
        found = []
        for _ in range(4):
            code, report, _ = self.run_with(feed)
            self.assertEqual(code, 0)
            self.assertEqual(report['items_unusable'], 0)
            found.append((report['found'], bool(re.search('waits? for the next', json.dumps(report)))))
        self.assertEqual(found, [(2, True), (2, True), (1, False), (0, False)])

    def test_known_lines_are_recognised_and_broken_ones_reported(self):
        lines = [json.dumps({'url': f'https://a.example/{n}', 'title': {'source': f'Bridge {n}'}, 'text': TEXT}) for n in range(3)]
        self.write('a.ndjson', '\n'.join(lines) + '\n{"url": "https://a.example/4", \n')
        source = '[source "lines"]\nkind = ndjson\npath = a.ndjson\n'
        first, second = self.run_with(source), self.run_with(source)
        self.assertEqual((first[1]['found'], first[1]['known'], first[1]['items_unusable']), (3, 0, 1))
        self.assertEqual((second[1]['found'], second[1]['known'], second[1]['items_unusable']), (0, 3, 1))


if __name__ == '__main__':
    unittest.main()
