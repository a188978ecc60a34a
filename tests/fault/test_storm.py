"""A service of which 30 % of the answers are 429 or 503: nothing is lost or paid for twice, and hardly any request is wasted. Also
runs with a deadline: articles that they do not reach wait."""
import hashlib
import json
import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace                                                 # noqa: E402

SHARE, ARTICLES = 0.3, 200


def storm(number, _texts):
    """Fails depending on the number of the request, in a pattern that looks random."""
    dice = int(hashlib.sha256(b'%d' % number).hexdigest()[:8], 16) / 2 ** 32
    if dice >= SHARE:
        return None
    return (429, {'Retry-After': '0'}, b'{"error":"Slowdown"}') if dice < SHARE / 2 else (503, {}, b'busy')


def article(number, sentences):
    texts = ['La fuente %d de la plaza %d vuelve a manar tras las obras.' % (number, number * 50 + i) for i in range(sentences)]
    return json.dumps({'id': 'a%d' % number, 'title': {'source': 'La fuente %d vuelve' % number}, 'language': {'code': 'es'},
                       'body': [{'kind': 'paragraph', 'text': t} for t in texts]}, ensure_ascii=False)


def workspace_with(service, articles, sentences=5, more=''):
    workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\nurl = %s\nconcurrency = 16\n%s'
                % (service.url, more))
    with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
        f.writelines(article(n, sentences) + '\n' for n in range(articles))
    return workspace


class Storm(unittest.TestCase):
    def test_nothing_is_lost_and_few_requests_are_wasted(self):
        service = FakeService(storm)
        workspace = workspace_with(service, ARTICLES)
        runs = 0
        while workspace.call('run').returncode != 0 and runs < 12:
            runs += 1
            self.assertEqual(workspace.status()['failed'], 0)
        status = workspace.status()
        self.assertEqual((status['done'], status['waiting'], status['failed']), (ARTICLES, 0, 0))
        self.assertTrue(all(r['status'] == 'complete' for r in workspace.records().values()))
        self.assertEqual(len(service.bills), len(set(service.bills)))
        self.assertEqual(len(service.bills), 6 * ARTICLES)
        needed = ARTICLES / (1 - SHARE)
        print('storm: %d requests where %d would do without it, %.0f with it: %.2f times; %d runs'
              % (service.requests, ARTICLES, needed, service.requests / needed, runs + 1))
        self.assertLessEqual(service.requests, 1.1 * needed)
        workspace.close()
        service.close()


class Packing(unittest.TestCase):
    def test_small_segments_share_requests_and_answers_are_assigned_correctly(self):
        service = FakeService()
        workspace = workspace_with(service, 1, sentences=70)
        self.assertEqual(workspace.call('run').returncode, 0)
        record = list(workspace.records().values())[0]
        segments = [record['title']] + [s for b in record['body'] for s in b['segments']]
        self.assertEqual([s['target'] for s in segments], [service.translate(s['source']) for s in segments])
        print('packing: %d texts in %d requests of at most 32' % (len(service.bills), service.requests))
        self.assertEqual(service.requests, -(-len(segments) // 32))
        workspace.close()
        service.close()


class Deadline(unittest.TestCase):
    def test_articles_not_reached_wait_and_are_completed_in_the_next_run(self):
        service = FakeService(delay=1)
        workspace = workspace_with(service, 200)                           # 16 at a time: 12 s at least
        start = time.monotonic()
        result = workspace.call('--set', 'run.deadline=5s', '--set', 'run.grace_period=20s', 'run')
        self.assertLess(time.monotonic() - start, 25)
        service.delay = 0
        first = workspace.status()
        self.assertEqual((result.returncode, result.stderr), (0, b''))     # it waits for the next run and for nothing else
        self.assertGreater(first['done'], 0)
        self.assertGreater(first['found'] + first['waiting'], 0)
        self.assertEqual(first['failed'], 0)
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual(workspace.status()['done'], 200)
        self.assertEqual(len(service.bills), len(set(service.bills)))
        workspace.close()
        service.close()

    def test_after_a_signal_requests_in_progress_may_finish(self):
        for number, period, finishes in ((signal.SIGTERM, '60s', True), (signal.SIGINT, '0s', False)):
            service = FakeService(delay=2 if finishes else 12)
            workspace = workspace_with(service, 8)
            process = workspace.start('--set', 'service.fake.concurrency=2', '--set', 'run.in_flight=4', '--set', 'run.grace_period=' + period, 'run')
            while service.requests < 2:
                time.sleep(0.02)
            begin = time.monotonic()
            process.send_signal(number)
            self.assertEqual(process.wait(30), 130)
            taken = time.monotonic() - begin
            status = workspace.status()
            self.assertEqual((status['failed'], status['done'] + status['waiting'] + status['found']), (0, 8))
            if finishes:                                                 # both requests were finished, and no other was started
                self.assertEqual(service.requests, 2)
                self.assertGreaterEqual(status['done'], 2)
            else:
                self.assertEqual(status['done'], 0)
                self.assertLess(taken, 10)                                # it does not wait for them
            service.delay = 0
            self.assertEqual(workspace.call('run').returncode, 0)
            self.assertEqual(workspace.status()['done'], 8)
            workspace.close()
            service.close()

    def test_there_is_no_pause_between_single_articles(self):
        service = FakeService()
        workspace = workspace_with(service, 100)
        begin = time.monotonic()
        self.assertEqual(workspace.call('--set', 'run.in_flight=1', 'run').returncode, 0)
        self.assertLess(time.monotonic() - begin, 18)                    # 100 times the loop's longest wait would be 20 s
        self.assertEqual(len(workspace.records()), 100)
        workspace.close()
        service.close()


if __name__ == '__main__':
    unittest.main()
