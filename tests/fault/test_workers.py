"""Several runs over one PostgreSQL database: each article once, caps that hold for all of them together, and what a run leaves that
dies. WORKERS and ARTICLES change the size."""
import collections
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from on_server import ServerCase, stores_on                              # noqa: E402
from program import Workspace                                            # noqa: E402
from test_budget import billed, service_section, workspace_with               # noqa: E402

WORKERS, ARTICLES = int(os.environ.get('WORKERS', '3')), int(os.environ.get('ARTICLES', '240'))
SOURCES = ('north', 'south', 'east', 'west')


def start(workspace):
    command, options = workspace.command('--set', 'run.in_flight=24', 'run', '--json', stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return subprocess.Popen(command, **options)


def ended(process):
    """Returns the exit code, the report and what was said."""
    out, said = process.communicate(timeout=580)
    return process.returncode, json.loads(out) if out.strip() else {}, said.decode()


class Workers(ServerCase):
    def prepare(self, articles, service_settings='', delay=0.2):
        """Each source has as many articles."""
        self.service = FakeService(delay=delay)
        self.addCleanup(self.service.close)
        with stores_on(self.server):
            self.workspace = self.kept(workspace_with(articles, service_section('paid', self.service, service_settings), SOURCES))

    def begin(self, service_settings='', articles=ARTICLES, delay=0.2):
        self.prepare(articles // len(SOURCES), service_settings, delay)
        return [start(self.workspace) for _ in range(WORKERS)]

    def wait_for_requests(self, count, processes):
        while self.service.requests < count and any(process.poll() is None for process in processes):
            time.sleep(0.01)

    def check_whole(self, articles=ARTICLES):
        """Everything is done, once, and shown."""
        status = self.workspace.status()
        self.assertEqual((status['done'], status['waiting'], status['failed']), (articles, 0, 0))
        self.assertEqual(len(self.workspace.records()), articles)
        self.assertEqual(self.workspace.rows("SELECT count(*) FROM article WHERE claimed_by <> ''"), [('0',)])
        self.assertEqual(self.workspace.rows('SELECT count(*) FROM lease'), [('0',)])
        verified = self.workspace.call('verify').stdout.decode()
        self.assertIn('0 damaged, 0 missing, 0 foreign', verified)
        return status

    def test_each_article_is_done_once_and_by_whom_does_not_matter(self):
        runs = [ended(process) for process in self.begin()]
        for code, _, said in runs:
            self.assertEqual(code, 0, said)
        done = [report['complete'] for _, report, _ in runs]
        self.assertEqual(sum(done), ARTICLES)
        self.assertGreater(min(done), 0, done) # how much is measured by tests/long/workers.py
        status = self.check_whole()
        texts = collections.Counter(self.service.bills)
        self.assertEqual([text for text, times in texts.items() if times > 1], [])
        self.assertEqual(status['characters'], billed(self.service))
        found = sum(report['found'] for _, report, _ in runs)
        self.assertEqual(found, ARTICLES)
        self.assertNotIn(b'deadlock', self.server.output().encode())

    def test_status_names_the_runs_at_work(self):
        processes = self.begin(delay=0.5)
        status = {'runs': []}
        while len(status['runs']) < WORKERS and all(process.poll() is None for process in processes):
            status = self.workspace.status()
        self.wait_for_requests(ARTICLES // 8, processes)
        status, text = self.workspace.status(), self.workspace.call('status').stdout.decode()
        with open(os.path.join(os.environ['DRAGOMAN_SOURCE'], 'config', 'commands.schema.json'), encoding='utf8') as file:
            jsonschema.validate(status, dict(json.load(file), **{'$ref': '#/$defs/status'}))
        self.assertEqual({run['process'] for run in status['runs']}, {process.pid for process in processes})
        self.assertEqual({run['host'] for run in status['runs']}, {socket.gethostname()})
        self.assertGreater(sum(run['articles'] for run in status['runs']), 0)
        for process in processes:
            self.assertRegex(text, r'(?m)^process %d on %s has been at work since 20[0-9: -]+, with [0-9]+ articles?$'
                             % (process.pid, re.escape(socket.gethostname())))
        for process in processes:
            self.assertEqual(ended(process)[0], 0)
        self.assertEqual(self.workspace.status()['runs'], [])

    def test_a_cap_holds_for_all_runs_together(self):
        cap = 20000
        codes = {ended(process)[0] for process in self.begin('price = 20\ncharacters_per_day = %d' % cap, delay=0.02)}
        self.assertEqual(codes, {69})
        self.assertLessEqual(billed(self.service), cap)
        self.assertGreater(billed(self.service), cap * 0.9)
        status = self.workspace.status()
        self.assertEqual((status['done'] + status['waiting'], status['failed']), (ARTICLES, 0))
        self.assertEqual(status['characters'], billed(self.service))

    def test_the_work_of_a_killed_run_is_done_by_the_others(self):
        processes = self.begin()
        self.wait_for_requests(ARTICLES // 8, processes)
        processes[0].kill()
        processes[0].communicate()
        # Instead of two minutes: what the killed run has claimed and leased is over now.
        for table, name in ('article', 'claimed_by'), ('lease', 'worker'):
            self.workspace.rows("UPDATE %s SET lease_until = clock_timestamp() - interval '1 minute' WHERE %s LIKE '%d-%%'"
                                % (table, name, processes[0].pid))
        for process in processes[1:]:
            code, _, said = ended(process)
            self.assertEqual(code, 0, said)
        self.workspace.call('run') # bills what the killed run had reserved
        status = self.check_whole()
        self.assertGreaterEqual(status['characters'], billed(self.service))

    def test_a_server_that_goes_away_and_comes_back_costs_waiting_only(self):
        for how in signal.SIGINT, signal.SIGQUIT: # SIGQUIT is like a crash
            processes = self.begin()
            for times in 1, 2:
                self.wait_for_requests(times * ARTICLES // 4, processes)
                self.server.stop(how)
                time.sleep(1.5)
                self.server.start()
                processes.append(start(self.workspace)) # finds nobody else connected
            for process in processes:
                code, _, said = ended(process)
                self.assertEqual(code, 0, said)
                self.assertTrue('is back' in said or process in processes[WORKERS:], said)
            status = self.check_whole()
            self.assertEqual(status['characters'], billed(self.service))
            texts = collections.Counter(self.service.bills)
            self.assertEqual([text for text, times in texts.items() if times > 1], [])

    def test_the_pages_show_what_all_runs_have_done(self):
        for process in self.begin(articles=24, delay=0):
            code, _, said = ended(process)
            self.assertEqual(code, 0, said)
        self.check_whole(24)
        page = os.path.join(self.workspace.out, self.workspace.days()[-1], 'digest.json')
        with open(page, encoding='utf8') as file:
            self.assertEqual(json.load(file)['counts']['articles'], 24)

    def test_machines_with_folders_of_their_own_leave_the_pages_to_one(self):
        self.prepare(6)
        elsewhere = os.path.join(self.workspace.folder, 'elsewhere')
        helper = self.workspace.call('--set', 'run.publish=no', '--set', 'run.output=' + elsewhere, 'run')
        self.assertEqual(helper.returncode, 0, helper.stderr)
        self.assertFalse(os.path.exists(os.path.join(elsewhere, 'index.html')))
        self.assertEqual(len(self.workspace.records()), 0)
        made = self.workspace.call('run')
        self.assertEqual(made.returncode, 0, made.stderr)
        self.check_whole(24)

    def test_without_a_server_the_pages_cannot_be_left_to_others(self):
        workspace = self.kept(Workspace(''))
        refused = workspace.call('--set', 'run.publish=no', 'status')
        self.assertEqual(refused.returncode, 78)
        self.assertIn(b"needs a 'store' that both share", refused.stderr)


if __name__ == '__main__':
    unittest.main()
