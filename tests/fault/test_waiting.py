"""Which articles fail or wait, and how the exit code and the line on standard error report it."""
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from waiting import section, Waiting                                     # noqa: E402


class Outages(Waiting):
    """An article never fails because of an outage."""
    RUNS = 7

    def outlast(self, workspace, what, name):
        told = [self.run_workspace(workspace, 69) for _ in range(self.RUNS)]
        self.assertEqual([bool(line) for line in told], [True] + [False] * (self.RUNS - 1))
        self.assertIn('2 articles wait for', told[0])
        group = self.only_waits(workspace)
        self.assertEqual((group['for'], group['on'], group['articles']), (what, name, 2))
        self.assertTrue(group['reason'] and group['since'])
        return told[0]

    def end(self, workspace):
        self.fault = lambda texts: None
        self.assertEqual(self.run_workspace(workspace, 0), '')
        self.assert_all_complete(workspace, 2)

    def play(self, status, body, what='service', headers=None):
        self.fault = lambda texts: (status, dict(headers or {}), body)
        workspace = self.workspace()
        line = self.outlast(workspace, what, 'fake')
        self.end(workspace)
        return line

    def test_a_key_that_is_refused(self):
        self.assertIn('Invalid API key', self.play(403, b'{"error": "Invalid API key"}'))

    def test_a_quota_that_is_used_up(self):
        self.assertIn('quota', self.play(456, b'{"message": "Quota Exceeded"}', 'money'))

    def test_a_server_error(self):
        self.play(500, b'<html>Internal Server Error</html>')

    def test_a_request_that_is_refused_for_no_known_reason(self):
        self.play(422, b'{"error": "the parameter format is not known"}')

    def test_too_many_requests_for_an_hour(self):
        self.play(429, b'{"error": "Slowdown"}', headers={'Retry-After': '3600'})

    def test_answers_that_cannot_be_read(self):
        self.play(200, b'{"result": "hello"}')

    def test_connection_refused(self):
        workspace = self.workspace(configuration='[service "fake"]\nkind = libretranslate\nurl = http://127.0.0.1:9\nattempts = 1\n')
        self.outlast(workspace, 'service', 'fake')
        with open(workspace.config, encoding='utf8') as f:
            text = f.read()
        with open(workspace.config, 'w', encoding='utf8') as f:
            f.write(text.replace('http://127.0.0.1:9\n', self.service.url + '\n'))
        self.end(workspace)

    def test_a_cap(self):
        workspace = self.workspace(configuration=section(self.service, 'characters_per_day = 60\n'))
        self.outlast(workspace, 'money', 'characters_per_day of fake')
        self.assertEqual(self.run_workspace(workspace, 0, '--set', 'service.fake.characters_per_day=100000'), '')
        self.assert_all_complete(workspace, 2)

    def unreadable(self, workspace, path, mode):
        """Runs the program as a user who cannot read the file; root can read everything."""
        os.chmod(path, 0)
        for folder in workspace.folder, workspace.out:
            os.makedirs(folder, exist_ok=True)
            os.chmod(folder, 0o777)
        nobody = dict(user=65534, group=65534, extra_groups=[]) if os.getuid() == 0 else {}
        command, options = workspace.command('run', capture_output=True, timeout=60, **nobody)
        told = []
        for _ in range(2):
            result = subprocess.run(command, **options)
            self.assertEqual(result.returncode, 69, result.stderr.decode())
            told.append(result.stderr.decode())
        os.chmod(path, mode)
        self.assertIn('Permission denied', told[0])
        self.assertEqual(told[1], '')
        self.assertEqual(workspace.status()['failed'], 0)
        result = subprocess.run(command, **options)
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        self.assert_all_complete(workspace, 2)

    def test_an_unreadable_file(self):
        workspace = self.workspace()
        self.unreadable(workspace, os.path.join(workspace.folder, 'Alcoba.txt'), 0o644)

    def test_an_unreadable_folder(self):
        workspace = self.workspace()
        inbox = os.path.join(workspace.folder, 'inbox')
        os.makedirs(inbox)
        for name in 'Alcoba.txt', 'Brezo.txt':
            os.rename(os.path.join(workspace.folder, name), os.path.join(inbox, name))
        with open(workspace.config, encoding='utf8') as f:
            text = f.read().replace('path = Alcoba.txt\npath = Brezo.txt\n', 'path = inbox\n')
        with open(workspace.config, 'w', encoding='utf8') as f:
            f.write(text)
        self.unreadable(workspace, inbox, 0o755)

    def test_a_day_folder_that_cannot_be_created(self):
        workspace = self.workspace()
        os.makedirs(workspace.out)
        day = time.strftime('%Y-%m-%d')
        with open(os.path.join(workspace.out, day), 'w', encoding='utf8') as f:
            f.write('in the way')
        self.assertEqual(workspace.call('run').returncode, 74)
        self.assertEqual((workspace.status()['failed'], workspace.status()['done']), (0, 0))
        os.unlink(os.path.join(workspace.out, day))
        self.assertEqual(self.run_workspace(workspace, 0), '')
        self.assert_all_complete(workspace, 2)

    def test_killed_repeatedly_while_a_service_hangs(self):
        self.fault = lambda texts: time.sleep(20)
        workspace = self.workspace()
        for _ in range(self.RUNS):
            before = self.service.requests
            process = workspace.start('run')
            limit = time.monotonic() + 20
            while self.service.requests == before and time.monotonic() < limit:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.fault = lambda texts: None
        self.run_workspace(workspace, 0)
        self.assert_all_complete(workspace, 2)


class Killers(Waiting):
    """An article is blamed for a crash only if it was the only one being processed."""

    def kill_one_run(self, workspace):
        """Kills a run while a request is in progress and after all articles have been found."""
        self.fault = lambda texts: time.sleep(20)
        before = self.service.requests
        process = workspace.start('run')
        limit = time.monotonic() + 30
        while (self.service.requests == before or len(self.ids(workspace)) < self.articles) and time.monotonic() < limit:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.fault = lambda texts: None

    def ids(self, workspace):
        database = sqlite3.connect(os.path.join(workspace.out, 'state.db'))
        found = [row[0] for row in database.execute("SELECT lower(hex(id)) FROM article ORDER BY id")]
        database.close()
        return found

    def mark(self, workspace, ids, boot=None):
        """Leaves the marks of a process that died while it was processing these articles."""
        if boot is None:
            with open('/proc/sys/kernel/random/boot_id', 'rb') as f:
                boot = f.read()
        slots = b''.join(struct.pack('i33s3x', 1, i.encode()) for i in ids)
        with open(os.path.join(workspace.out, 'state.db.marks'), 'wb') as f:
            f.write(b'dragoman-marks1\0' + boot[:39].ljust(40, b'\0') + slots)

    def test_an_article_that_ended_two_runs_alone_fails_and_the_others_continue(self):
        workspace = self.workspace(count=4)
        self.kill_one_run(workspace)
        ids = self.ids(workspace)
        self.mark(workspace, ids[1:2])
        self.kill_one_run(workspace)
        self.assertEqual(workspace.status()['failed'], 0)
        self.mark(workspace, ids[1:2])
        self.assertIn('died 2 times', self.run_workspace(workspace, 3))
        self.assertEqual((workspace.status()['failed'], workspace.status()['done']), (1, 3))
        self.assertEqual(workspace.call('retry', ids[1]).returncode, 0)
        self.run_workspace(workspace, 0)
        self.assert_all_complete(workspace, 4)

    def test_articles_processed_together_are_never_blamed(self):
        workspace = self.workspace(count=4)
        self.kill_one_run(workspace)
        for _ in range(4):
            self.mark(workspace, self.ids(workspace)[:3])
            self.kill_one_run(workspace)
        self.run_workspace(workspace, 0)
        self.assert_all_complete(workspace, 4)

    def test_marks_from_before_the_last_boot_are_ignored(self):
        workspace = self.workspace()
        self.kill_one_run(workspace)
        for _ in range(3):
            self.mark(workspace, self.ids(workspace)[:1], boot=b'00000000-1111-2222-3333-444444444444')
            self.kill_one_run(workspace)
        self.run_workspace(workspace, 0)
        self.assert_all_complete(workspace, 2)


class TheLine(Waiting):
    def test_a_reminder_comes_when_it_is_due(self):
        self.fault = lambda texts: (403, {}, b'{"error": "Invalid API key"}')
        workspace = self.workspace()
        self.assertIn('since', self.run_workspace(workspace, 69))
        self.assertEqual(self.run_workspace(workspace, 69), '')
        self.assertIn('Invalid API key', self.run_workspace(workspace, 69, '--set', 'run.remind=0s'))
        self.assertEqual(self.run_workspace(workspace, 69), '')

    def test_a_new_reason_is_reported_and_an_old_one_again_after_a_good_run(self):
        workspace = self.workspace()
        self.fault = lambda texts: (403, {}, b'{"error": "Invalid API key"}')
        self.assertIn('answered 403', self.run_workspace(workspace, 69))
        self.fault = lambda texts: (456, {}, b'{"error": "Quota"}')
        self.assertIn('answered 456', self.run_workspace(workspace, 69))
        self.fault = lambda texts: None
        self.assertEqual(self.run_workspace(workspace, 0), '')
        with open(os.path.join(workspace.folder, 'Brezo.txt'), 'a', encoding='utf8') as f:
            f.write('\nLos vecinos volvieron a la plaza para escuchar la respuesta del concejal.\n')
        self.fault = lambda texts: (456, {}, b'{"error": "Quota"}')
        self.assertIn('answered 456', self.run_workspace(workspace, 69))

    def test_a_source_that_fails_is_named(self):
        workspace = self.workspace(more='[source "gone"]\nkind = feed\nurl = http://127.0.0.1:9/rss\n')
        self.assertIn('source gone failed', self.run_workspace(workspace, 69))
        self.assertEqual(self.run_workspace(workspace, 69), '')

    def test_permanent_failures_are_reported_once(self):
        workspace = self.workspace(configuration=section(self.service, 'languages = de\n'))
        self.assertIn("no configured service translates 'es'", self.run_workspace(workspace, 3))
        self.assertEqual(self.run_workspace(workspace, 0), '')
        self.assertEqual(workspace.status()['failed'], 2)

    def test_exit_code_3_for_failures_and_then_69_while_articles_wait(self):
        workspace = self.workspace()
        with open(os.path.join(workspace.folder, 'Brezo.txt'), 'w', encoding='utf8') as f:
            f.write('Os moradores da vila pediram ontem à câmara que baixe as taxas do mercado velho.\n\n'
                    'O vereador respondeu que a proposta não será estudada durante as próximas semanas, nem depois.\n')
        self.add(workspace, 'languages = es\n')
        self.fault = lambda texts: (503, {}, b'later')
        self.run_workspace(workspace, 3)
        self.run_workspace(workspace, 69)
        self.assertEqual((workspace.status()['failed'], workspace.status()['waiting']), (1, 1))

if __name__ == '__main__':
    unittest.main()
