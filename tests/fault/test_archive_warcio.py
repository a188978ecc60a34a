"""The archive can be read with warcio, a common library for web archives."""
import importlib.util
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from test_archive import Archive                                         # noqa: E402


@unittest.skipUnless(importlib.util.find_spec('warcio'), 'warcio is not installed: pip install warcio')
class Warcio(unittest.TestCase):
    setUp, workspace, run_workspace, path = Archive.setUp, Archive.workspace, Archive.run_workspace, Archive.path

    def test_warcio_reads_it_and_confirms_the_digests(self):
        from warcio.archiveiterator import ArchiveIterator
        workspace = self.workspace()
        self.run_workspace(workspace)
        with open(self.path(workspace), 'rb') as f:
            kinds = []
            for record in ArchiveIterator(f, check_digests=True):
                body = record.content_stream().read()
                kinds.append(record.rec_type)
                if record.rec_type == 'response':
                    self.assertEqual(record.http_headers.get_statuscode(), '200')
                    self.assertEqual(len(body), int(record.http_headers.get_header('Content-Length')))
                self.assertIsNot(record.digest_checker.passed, False)
        self.assertEqual(kinds, ['warcinfo'] + ['response', 'request'] * 2)
        done = subprocess.run([sys.executable, '-m', 'warcio.cli', 'check', '-v', self.path(workspace)], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        self.assertNotIn(b'digest failed', done.stdout)


del Archive                     # its own tests are in their own file

if __name__ == '__main__':
    unittest.main()
