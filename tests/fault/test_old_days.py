"""Changes to a day long ago, which its pages must still show."""
import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from test_pages import Case, item, setUpModule, tearDownModule           # noqa: E402, F401


class LongAgo(Case):
    """A day older than those whose pages every run checks."""
    THEN, BETWEEN, NOW = '2026-01-02 08:00', '2026-01-28 08:00', '2026-01-30 08:00'

    def setUp(self):
        super().setUp()
        self.service = FakeService(lambda number, texts: self.fault(texts))
        self.addCleanup(self.service.close)
        self.fault = lambda texts: None
        self.workspace = self.workspace_with('[source "files"]\nkind = files\npath = inbox\n')
        os.mkdir(os.path.join(self.workspace.folder, 'inbox'))

    def told(self, day='2026-01-02'):
        run = json.loads(self.page('digest.json', day))['run']
        return [len(run[what]) for what in ('waiting', 'failed')] + [self.page('digest.json', day).count('"partial"')]

    def change(self, then, kill=None):
        """Checks that the old day's pages report `then`, repairs the service, retries, and checks that they report nothing any
        more. With `kill`, the first run after that is killed when it renames a file with this in its path."""
        self.call('run', at=self.BETWEEN)
        self.assertEqual(self.told(), then)
        self.fault = lambda texts: None
        self.call('retry', at=self.NOW)
        if kill:
            self.assertEqual(self.call('run', at=self.NOW, kill=kill).returncode, -9)
        self.call('run', at=self.NOW)
        self.assertEqual(self.told(), [0, 0, 0])
        self.assert_sound()

    def test_an_article_that_waited(self):
        for kill in (None, '/articles/', 'index.html'):
            self.fault = lambda texts: (403, {}, b'{"error": "Invalid API key"}')
            self.write(item(kill is None), item(2 + (kill == '/articles/')))
            self.run_well(69, at=self.THEN)
            self.change([2, 0, 0], kill)
            shutil.rmtree(self.workspace.out)
            self.service.bills.clear()

    def test_an_article_that_failed_and_fails_again(self):
        open(os.path.join(self.workspace.folder, 'inbox', 'empty.txt'), 'w').close()
        self.write(item(0))
        self.run_well(3, at=self.THEN)
        self.change([0, 1, 0])
        self.assertEqual(self.told('2026-01-30'), [0, 1, 0])

    def test_an_article_that_was_partial(self):
        self.fault = lambda texts: (200, {}, json.dumps({'translatedText': [
            t if t.startswith('El pleno') else self.service.translate(t) for t in texts]}).encode())
        self.write(item(0))
        self.run_well(at=self.THEN)
        self.change([0, 0, self.told()[2]])


if __name__ == '__main__':
    unittest.main()
