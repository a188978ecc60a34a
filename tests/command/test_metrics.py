"""Metrics for Prometheus: read with its own client library, after runs that succeed, wait and fail."""
import os
import stat
import sys
import time
import unittest

from prometheus_client.parser import text_string_to_metric_families

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService  # noqa: E402
from program import Workspace, files_source  # noqa: E402

TEXT = '''El puente nuevo

El alcalde dijo el lunes que el puente nuevo abre en mayo y que las obras duraron tres años.
'''


class Metrics(unittest.TestCase):
    def setUp(self):
        self.service = FakeService()
        self.addCleanup(self.service.close)
        self.space = Workspace('')
        self.addCleanup(self.space.close)
        self.file = os.path.join(self.space.folder, 'metrics', 'dragoman.prom')
        os.mkdir(os.path.dirname(self.file))
        self.inbox = os.path.join(self.space.folder, 'in"box\\')
        os.mkdir(self.inbox)
        with open(os.path.join(self.inbox, 'a.txt'), 'w', encoding='utf8') as file:
            file.write(TEXT)
        self.configure(files_source('"%s"' % self.inbox.replace('\\', '\\\\').replace('"', '\\"')))

    def configure(self, more):
        with open(self.space.config, 'a', encoding='utf8') as file:
            file.write('[metrics]\nfile = %s\n[budget]\ncurrency = EUR\ncost_per_day = 5\n[service "fake"]\nkind = libretranslate\nurl = %s\nprice = 20\n'
                       '[route "default"]\nservices = fake\n%s' % (self.file, self.service.url, more))

    def run_and_read(self, code):
        result = self.space.call('run')
        self.assertEqual(result.returncode, code, result.stderr)
        with open(self.file, encoding='utf8') as file:
            families = list(text_string_to_metric_families(file.read()))
        found = {}
        for family in families:
            self.assertTrue(family.documentation, family.name)
            self.assertIn(family.type, ('gauge', 'counter'))
            self.assertEqual(family.name.endswith('_total'), False)
            for sample in family.samples:
                key = (sample.name.removeprefix('dragoman_'), *sorted(sample.labels.values()))
                self.assertNotIn(key, found)
                found[key] = sample.value
        return found

    def test_a_run_that_is_done(self):
        begun = time.time()
        found = self.run_and_read(0)
        self.assertEqual(found['run_exit_code', ], 0)
        self.assertEqual(found['run_articles', 'complete'], 1)
        self.assertEqual(found['articles', 'done'], 1)
        self.assertEqual(found['articles', 'waiting'], 0)
        self.assertEqual(found['source_up', 'files'], 1)
        self.assertGreaterEqual(found['run_end_timestamp_seconds', ], int(begun))
        self.assertLessEqual(found['run_end_timestamp_seconds', ], time.time())
        self.assertGreater(found['run_duration_seconds', ], 0)
        self.assertEqual(found['requests_total', 'fake'], self.service.requests)
        self.assertGreater(found['cost_total', 'EUR', 'fake'], 0)
        self.assertAlmostEqual(found['cap_used_ratio', '', 'all', 'cost_per_day'], found['cost_total', 'EUR', 'fake'] / 5)
        self.assertFalse([key for key in found if key[0].endswith('since_timestamp_seconds')])
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode) & 0o444, 0o444 & ~self.umask())
        # A later run has nothing new; what was spent stays.
        later = self.run_and_read(0)
        self.assertEqual(later['run_articles', 'complete'], 0)
        self.assertEqual(later['cost_total', 'EUR', 'fake'], found['cost_total', 'EUR', 'fake'])
        self.assertEqual(os.listdir(os.path.dirname(self.file)), ['dragoman.prom'])

    @staticmethod
    def umask():
        mask = os.umask(0)
        os.umask(mask)
        return mask

    def test_a_service_that_is_down(self):
        self.service.close()
        found = self.run_and_read(69)
        self.assertEqual(found['run_exit_code', ], 69)
        self.assertEqual(found['articles', 'waiting'], 1)
        self.assertEqual(found['articles_waiting', 'fake', 'service'], 1)
        self.assertIn(('service_failing_since_timestamp_seconds', 'fake'), found)

    def test_a_place_that_cannot_be_written_is_told_once(self):
        os.rmdir(os.path.dirname(self.file))
        with open(os.path.dirname(self.file), 'w', encoding='utf8'):
            pass
        result = self.space.call('run')
        self.assertEqual(result.returncode, 0)
        self.assertIn(b'metrics are not written to ' + self.file.encode(), result.stderr)
        self.assertEqual(self.space.call('run').stderr, b'')


if __name__ == '__main__':
    unittest.main()
