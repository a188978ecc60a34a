"""Runs that are killed at random moments and started again: no article is lost or duplicated, no torn file is left, and nothing
is paid for twice."""
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
from fake_service import FakeService                                     # noqa: E402
from program import SERVER, Workspace, SAMPLES, files_source                  # noqa: E402

KILLS = int(os.environ.get('KILLS', '20'))


def kill_and_run_again(workspace, length, chance):
    """Kills KILLS runs, each after a random fraction of `length` seconds, and lets one more run finish."""
    for _ in range(KILLS):
        process = workspace.start('--set', 'run.attempts=100', 'run')
        time.sleep(chance.uniform(0, length))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for path in glob.glob(os.path.join(workspace.out, '2*', 'articles', '*.json')):
            with open(path, 'rb') as f:
                json.loads(f.read())
    return workspace.call('--set', 'run.attempts=100', 'run').returncode


class Kill(unittest.TestCase):
    def test_nothing_is_lost_or_duplicated(self):
        chance = random.Random(20260129)
        calm = Workspace(files_source(os.path.join(SAMPLES, 'articles')))
        start = time.monotonic()
        result = calm.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        length, wanted, needed = time.monotonic() - start, calm.records(), calm.status()
        calm.close()
        workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles')))
        self.assertEqual(kill_and_run_again(workspace, length, chance), 0)
        self.assertEqual(workspace.records().keys(), wanted.keys())
        status = workspace.status()
        self.assertEqual((status['done'], status['skipped'], status['found'], status['waiting'], status['failed']),
                         (needed['done'], needed['skipped'], 0, 0, 0))
        self.assertEqual(status['characters'], needed['characters'])
        self.assertEqual(workspace.call('verify').returncode, 0)
        workspace.close()


class KillWithService(unittest.TestCase):
    """With HTTP services, an answer may be in transit when the program dies. Only such a request is paid for twice."""
    ARTICLES, SENTENCES, SLOTS = 60, 5, 4

    def items(self):
        for number in range(self.ARTICLES):
            body = ['El pleno número %d aprobó ayer la obra %d.' % (number, 10 * number + i) for i in range(self.SENTENCES)]
            yield json.dumps({'id': 'a%d' % number, 'language': {'code': 'es'},
                              'body': [{'kind': 'paragraph', 'text': text} for text in body]}) + '\n'

    def workspace(self, service):
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\nurl = %s\n'
                    'concurrency = %d\n' % (service.url, self.SLOTS))
        with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(self.items())
        return workspace

    def test_bills_at_most_the_requests_in_flight_twice(self):
        calm_service = FakeService(delay=0.02)
        calm = self.workspace(calm_service)
        start = time.monotonic()
        result = calm.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        length, wanted = time.monotonic() - start, calm.records()
        largest = max(calm_service.sizes)
        self.assertEqual(len(calm_service.bills), len(set(calm_service.bills)))
        service = FakeService(delay=0.02)
        workspace = self.workspace(service)
        self.assertEqual(kill_and_run_again(workspace, length, random.Random(7)), 0)
        self.assertEqual(workspace.records().keys(), wanted.keys())
        self.assertEqual(set(service.bills), set(calm_service.bills))
        self.assertLessEqual(len(service.bills) - len(set(service.bills)), KILLS * self.SLOTS * largest)
        self.assertEqual(workspace.call('verify').returncode, 0)
        for closable in (calm, workspace, calm_service, service):
            closable.close()


class InFlight(unittest.TestCase):
    """Requests in transit when the program dies may be billed, so they are recorded in the store before they are sent."""

    def kill_in_flight(self, workspace, service):
        before = service.requests
        process = workspace.start('run')
        deadline = time.monotonic() + 30
        while service.requests == before and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertGreater(service.requests, before)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def test_requests_in_transit_count_as_spent(self):
        for settings in '', 'characters_per_day = 100000\n', 'price = 20\n':
            service = FakeService(delay=1.5)
            workspace = Workspace('[service "fake"]\nkind = libretranslate\nurl = %s\n%s[route "default"]\nservices = fake\n%s' %
                                  (service.url, settings, files_source(os.path.join(SAMPLES, 'articles', 'es-train.html'))))
            for kills in range(3):
                self.kill_in_flight(workspace, service)
                state = workspace.status()
                self.assertEqual((state['requests'], state['reserved']['requests']), (kills, 1))
            one = state['reserved']['characters']
            self.assertIn(b'for requests in progress', workspace.call('status').stdout)
            self.assertEqual(workspace.call('run').returncode, 0)
            state = workspace.status()
            self.assertEqual((state['requests'], state['characters'], state['reserved']['requests']), (4, 4 * one, 0))
            workspace.close()
            service.close()


@unittest.skipIf(SERVER, 'is about a file')
class Lock(unittest.TestCase):
    def test_a_second_run_at_the_same_time_is_refused(self):
        workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        os.mkdir(workspace.out)
        with open(os.path.join(workspace.out, 'state.db.lock'), 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = workspace.call('run')
        self.assertEqual(result.returncode, 75)
        self.assertIn(b'another run', result.stderr)
        workspace.close()


if __name__ == '__main__':
    unittest.main()
