"""Killed at random points of a run and run again: no article is lost or doubled, no torn file is left, and what was
paid for is not paid for again."""
import fcntl
import glob
import json
import os
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Desk, SAMPLES, files_source                          # noqa: E402

KILLS = int(os.environ.get('KILLS', '20'))


class Kill(unittest.TestCase):
    def test_nothing_is_lost_or_doubled(self):
        chance = random.Random(20260129)
        calm = Desk(files_source(os.path.join(SAMPLES, 'articles')))
        start = time.monotonic()
        self.assertEqual(calm.call('run').returncode, 0)
        length, wanted, needed = time.monotonic() - start, calm.records(), calm.status()
        calm.close()
        desk = Desk(files_source(os.path.join(SAMPLES, 'articles')))
        for _ in range(KILLS):
            process = desk.start('--set', 'run.attempts=100', 'run')
            time.sleep(chance.uniform(0, length))
            process.send_signal(signal.SIGKILL)
            process.wait()
            for path in glob.glob(os.path.join(desk.out, '*', 'articles', '*.json')):
                with open(path, 'rb') as f:
                    json.loads(f.read())
        self.assertEqual(desk.call('--set', 'run.attempts=100', 'run').returncode, 0)
        self.assertEqual(desk.records().keys(), wanted.keys())
        status = desk.status()
        self.assertEqual((status['done'], status['skipped'], status['found'], status['waiting'], status['failed']),
                         (needed['done'], needed['skipped'], 0, 0, 0))
        self.assertEqual(status['characters'], needed['characters'])
        self.assertEqual(desk.call('verify').returncode, 0)
        desk.close()


class Lock(unittest.TestCase):
    def test_a_second_run_at_the_same_time_is_refused(self):
        desk = Desk(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        os.mkdir(desk.out)
        with open(os.path.join(desk.out, 'state.db.lock'), 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = desk.call('run')
        self.assertEqual(result.returncode, 75)
        self.assertIn(b'another run', result.stderr)
        desk.close()


if __name__ == '__main__':
    unittest.main()
