"""Caps on money and characters: never exceeded, whatever is in progress, dropped or killed; and what happens at a cap."""
import glob
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace                                                 # noqa: E402


def article(number, sentences=6):
    texts = ['El concejo número %d reparará la fuente de la plaza %d antes de las fiestas.' % (number, number * 9 + i) for i in range(sentences)]
    return json.dumps({'id': 'a%d' % number, 'title': {'source': 'La fuente de la plaza %d' % number}, 'language': {'code': 'es'},
                       'body': [{'kind': 'paragraph', 'text': t} for t in texts]}, ensure_ascii=False)


def workspace_with(articles, configuration, sources=('items',)):
    """Returns a workspace whose route leaves out the embedded engine. Otherwise it would take over, free of charge, at a cap; here
    the articles have to wait."""
    configuration += '' if '[route' in configuration else '[route "default"]\nservices = %s\n' % ' '.join(re.findall(r'\[service "(\w+)"', configuration))
    workspace = Workspace(''.join('[source "%s"]\nkind = ndjson\npath = %s.ndjson\n' % (s, s) for s in sources) + configuration)
    for place, source in enumerate(sources):
        with open(os.path.join(workspace.folder, source + '.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(article(1000 * place + n) + '\n' for n in range(articles))
    return workspace


def service_section(name, service, more=''):
    return '[service "%s"]\nkind = libretranslate\nurl = %s\nconcurrency = 16\n%s\n' % (name, service.url, more)


def billed(service):
    with service.lock:
        return sum(len(text) for text in service.bills)


def report(workspace):
    with open(glob.glob(os.path.join(workspace.out, '2*', 'report.json'))[0], encoding='utf8') as f:
        return json.load(f)


class Caps(unittest.TestCase):
    CAP = 6000

    def setUp(self):
        self.service = FakeService(delay=0.02)

    def tearDown(self):
        self.service.close()

    def test_sixteen_slots_use_up_the_cap_but_do_not_exceed_it(self):
        workspace = workspace_with(60, service_section('paid', self.service, 'characters_per_day = %d' % self.CAP))
        result = workspace.call('run')
        self.assertLessEqual(billed(self.service), self.CAP)
        self.assertGreater(billed(self.service), self.CAP * 0.85)
        status = workspace.status()
        self.assertEqual((result.returncode, status['done'] + status['waiting'], status['failed']), (69, 60, 0))
        self.assertIn(b'characters_per_day = 6000 characters of [service "paid"] is reached', result.stderr)
        self.assertEqual(len(report(workspace)['caps_reached']), 1)
        self.assertEqual(status['characters'], billed(self.service))
        workspace.close()

    def test_a_kill_does_not_reset_the_cap(self):
        chance = random.Random(5)
        self.service.close()
        self.service = FakeService(delay=0.4)           # requests in progress when the program is killed are billed, although nobody reads their answers
        workspace = workspace_with(60, service_section('paid', self.service, 'characters_per_day = %d' % self.CAP))
        for _ in range(6):
            process, before = workspace.start('run'), self.service.requests
            while process.poll() is None and self.service.requests == before:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.2))
            process.send_signal(signal.SIGKILL)
            process.wait()
        workspace.call('run')
        time.sleep(0.5)
        self.assertLessEqual(billed(self.service), self.CAP)
        self.assertGreater(billed(self.service), self.CAP / 3)
        self.assertGreaterEqual(workspace.status()['characters'], billed(self.service))
        self.assertLessEqual(workspace.status()['characters'], self.CAP)
        workspace.close()

    def test_truncated_answers_count(self):
        received = []
        self.service.close()

        def cut(_, texts):
            received.extend(texts)
            return 200, {'Content-Length': '9000'}, b'{"translatedText":["wor'
        self.service = FakeService(cut)
        workspace = workspace_with(3, service_section('paid', self.service, 'characters_per_run = 1200'))
        workspace.call('run')
        self.assertGreater(self.service.requests, 1)
        self.assertLessEqual(sum(map(len, received)), 1200)
        workspace.close()

    def test_a_source_can_have_its_own_cap(self):
        workspace = workspace_with(10, service_section('paid', self.service), sources=('rich', 'poor'))
        workspace.call('--set', 'source.poor.characters_per_day=1000', 'run')
        rows = workspace.status()
        self.assertGreaterEqual(rows['done'], 11)
        self.assertGreaterEqual(rows['waiting'], 7)
        self.assertTrue(all(a['source'] == 'poor' for a in self.waiting(workspace)))
        workspace.close()

    def waiting(self, workspace):
        return [{'source': source} for source, in workspace.rows('SELECT source FROM article WHERE state = 2')]


class PowerCut(unittest.TestCase):
    """The program is killed while the service works on a request, and whatever it had not flushed to disk is gone from its log, as
    after a power cut: the hardest one there is, since a kernel usually writes some of it by itself."""
    CAP = 6000

    def setUp(self):
        self.keep = tempfile.TemporaryDirectory()
        self.addCleanup(self.keep.cleanup)
        self.fate, self.flushed = os.path.join(self.keep.name, 'fate.so'), os.path.join(self.keep.name, 'flushed')
        subprocess.run(['cc', '-shared', '-fPIC', '-o', self.fate, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fate.c'), '-ldl'], check=True)

    def cut(self, workspace, service, request):
        """Runs until the service has received that many requests more; then the power fails."""
        # what was flushed is noted outside of the output folder
        command, options = workspace.command('--set', 'run.sandbox=no', 'run', stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        options['env'].update(LD_PRELOAD=self.fate, ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0', FATE_FLUSHED=self.flushed)
        before, process = service.requests, subprocess.Popen(command, **options)
        while process.poll() is None and service.requests < before + request:
            time.sleep(0.002)
        process.kill()
        process.wait()
        log = os.path.join(workspace.out, 'state.db-wal')
        if os.path.exists(self.flushed) and os.path.exists(log):
            with open(self.flushed, encoding='utf8') as f:
                os.truncate(log, min(int(f.read()), os.path.getsize(log)))
            if os.path.exists(log[:-3] + 'shm'):       # not if it was closing the state
                os.unlink(log[:-3] + 'shm')

    def test_no_cap_is_exceeded_and_no_record_lost(self):
        for seed, request in enumerate([1, 2, 5, 9, 14, 20]):
            chance, service = random.Random(seed), FakeService(delay=0.05)
            workspace = workspace_with(60, service_section('paid', service, 'price = 20\ncharacters_per_day = %d' % self.CAP))
            self.cut(workspace, service, request)
            self.cut(workspace, service, chance.randint(1, 6))
            records = set(workspace.records())
            workspace.call('run')
            status = workspace.status()
            self.assertLessEqual(billed(service), self.CAP, request)
            self.assertGreater(billed(service), self.CAP / 3, request)
            self.assertGreaterEqual(status['characters'], billed(service), request)
            self.assertEqual((status['done'] + status['waiting'], status['failed']), (60, 0), request)
            self.assertLessEqual(records, set(workspace.records()), request)
            self.assertEqual(len(workspace.records()), status['done'], request)
            self.assertIn(b'0 damaged, 0 missing, 0 foreign', workspace.call('verify').stdout)
            service.close()
            workspace.close()


class WhenReached(unittest.TestCase):
    def run_with(self, more):
        dear, cheap = FakeService(), FakeService()
        workspace = workspace_with(20, service_section('dear', dear, 'price = 20') + service_section('cheap', cheap) +
                                   '[route "default"]\nservices = dear cheap\n[budget]\ncost_per_day = 0.05\ncurrency = EUR\n' + more)
        result = workspace.call('run')
        for service in dear, cheap:
            service.close()
        self.assertLessEqual(billed(dear) * 20e-6, 0.05)
        self.assertGreater(billed(dear) * 20e-6, 0.03)
        return workspace, result, cheap

    def test_the_next_service_takes_over(self):
        workspace, result, cheap = self.run_with('')
        self.assertEqual((result.returncode, workspace.status()['done']), (0, 20))
        self.assertGreater(cheap.requests, 0)
        self.assertIn('cost_per_day = 0.0500 of [budget] is reached', report(workspace)['caps_reached'][0])
        workspace.close()

    def test_without_another_service_the_article_waits(self):
        workspace, result, cheap = self.run_with('when_reached = wait\n')
        self.assertEqual((result.returncode, cheap.requests), (69, 0))
        self.assertGreater(workspace.status()['waiting'], 0)
        workspace.close()

    def test_status_and_digest_report_spending(self):
        workspace, _, _ = self.run_with('')
        spent = {s['service']: s['day'] for s in workspace.status()['spent']['services']}
        self.assertAlmostEqual(spent['dear']['cost'], spent['dear']['characters'] * 20e-6, places=4)
        self.assertEqual(spent['cheap']['cost'], 0)
        self.assertIn(b'spent in EUR', workspace.call('status').stdout)
        self.assertEqual(workspace.call('digest').returncode, 0)
        for name in 'index.html', 'digest.md':
            with open(glob.glob(os.path.join(workspace.out, '2*', name))[0], encoding='utf8') as f:
                page = f.read()
            self.assertIn('dear: {:.4f} EUR for {:,} characters'.format(spent['dear']['cost'], spent['dear']['characters']), page)
        workspace.close()


if __name__ == '__main__':
    unittest.main()
