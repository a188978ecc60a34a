"""A run with Apertium's own HTTP server, which is started here and bound to loopback."""
import os
import socket
import subprocess
import sys
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace, SAMPLES, files_source                          # noqa: E402

# The server has no option for the address to listen on.
SERVE = '''
import sys, tornado.httpserver
bind = tornado.httpserver.HTTPServer.bind
tornado.httpserver.HTTPServer.bind = lambda self, port, address=None, **more: bind(self, port, "127.0.0.1", **more)
sys.argv = ["apertium-apy", "-l", "/usr/share/apertium-apy/langNames.db", "-p", sys.argv[1], "/usr/share/apertium/modes"]
from apertium_apy.apy import main
main()
'''


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Apy:
    def __init__(self):
        self.url = 'http://127.0.0.1:%d' % free_port()
        self.process = subprocess.Popen([sys.executable, '-c', SERVE, self.url.rsplit(':', 1)[1]], start_new_session=True,
                                        env=dict(os.environ, LC_ALL='C.UTF-8'), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                urllib.request.urlopen(self.url + '/listPairs', timeout=1).read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError('APy does not answer')

    def close(self):
        self.process.terminate()
        self.process.wait(30)


class EndToEnd(unittest.TestCase):
    def test_articles_are_the_same_as_with_the_embedded_engine(self):
        """Engine and pairs are the same, so answers differ in few segments, where texts packed together influence each other."""
        apy = Apy()
        paths = [os.path.join(SAMPLES, 'articles', name) for name in ('bg-budget.txt', 'es-train.html', 'sr-media-law.html')]
        try:
            served = Workspace('[service "apy"]\nurl = %s\n%s' % (apy.url, files_source(*paths)))
            result = served.call('run')
            self.assertEqual(result.returncode, 0, result.stderr)
            embedded = Workspace(files_source(*paths))
            self.assertEqual(embedded.call('run').returncode, 0)
            records, wanted = served.records(), embedded.records()
        finally:
            apy.close()
        self.assertEqual(records.keys(), wanted.keys())
        self.assertEqual(len(records), 3)
        same = total = 0
        for name in records:
            self.assertEqual({m['kind'] for m in records[name]['providers']}, {'apy'})
            for block, other in zip(records[name]['body'], wanted[name]['body']):
                for segment, twin in zip(block['segments'], other['segments']):
                    self.assertEqual(bool(segment.get('target')), bool(twin.get('target')), segment)
                    total += 1
                    same += segment.get('target') == twin.get('target')
        self.assertGreater(same / total, 0.9, '%d of %d segments are the same' % (same, total))
        served.close()
        embedded.close()


if __name__ == '__main__':
    unittest.main()
