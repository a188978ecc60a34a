"""Which articles fail, wait or are retried, and how the exit code and the line on standard error report it."""
import glob
import json
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
from fake_service import FakeService, translate                          # noqa: E402
from program import Workspace, files_source                              # noqa: E402

TEXT = ('Los {t} de {c} piden ayuda al ayuntamiento\n\n'
        'Los {t} de {c} pidieron ayer al ayuntamiento que rebaje las tasas de los puestos del mercado viejo. '
        'El concejal respondió que la propuesta se estudiará durante las próximas semanas.\n\n'
        'La asociación local recuerda que muchas familias viven de este oficio en {c}. '
        'El alcalde visitará el barrio de los {t} cuando termine el invierno.\n')
PLACES = [('sastres', 'Alcoba'), ('panaderos', 'Brezo'), ('maestros', 'Cardona'), ('libreros', 'Duero')]


# Without a route, the embedded engine would translate what a service refuses (test_routes.py).
ONLY_FAKE = '[route "default"]\nservices = fake\n'


def section(service, more=''):
    return ONLY_FAKE + '[service "fake"]\nkind = libretranslate\nurl = %s\nattempts = 1\n%s' % (service.url, more)


class Waiting(unittest.TestCase):
    def setUp(self):
        self.service = FakeService(lambda number, texts: self.fault(texts))
        self.addCleanup(self.service.close)
        self.fault = lambda texts: None

    def workspace(self, count=2, configuration=None, more=''):
        self.articles = count
        names = ['%s.txt' % town for _, town in PLACES[:count]]
        workspace = Workspace(more + files_source(*names) + (section(self.service) if configuration is None else configuration))
        self.addCleanup(workspace.close)
        for trade, town in PLACES[:count]:
            with open(os.path.join(workspace.folder, town + '.txt'), 'w', encoding='utf8') as f:
                f.write(TEXT.format(t=trade, c=town))
        return workspace

    def add(self, workspace, text):
        with open(workspace.config, 'a', encoding='utf8') as f:
            f.write(text)

    def run_workspace(self, workspace, code, *options):
        result = workspace.call(*options, 'run')
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return result.stderr.decode()

    def only_waits(self, workspace):
        """Returns the only thing that articles are waiting for."""
        status = workspace.status()
        self.assertEqual((status['failed'], len(status['waits_for'])), (0, 1), status)
        return status['waits_for'][0]

    def assert_all_complete(self, workspace, count):
        records = workspace.records().values()
        self.assertEqual([r['status'] for r in records], ['complete'] * count)
        self.assertEqual(workspace.status()['done'], count)


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


class Retry(Waiting):
    def retry(self, workspace, *words, code=0):
        result = workspace.call('retry', *words)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return result.stdout.decode() + result.stderr.decode()

    def test_a_service_is_added(self):
        workspace = self.workspace(configuration=section(self.service, 'languages = de\n'))
        self.run_workspace(workspace, 3)
        self.add(workspace, 'languages = es\n')
        self.assertIn('2 articles will be tried again in the next run: 2 failed', self.retry(workspace))
        self.run_workspace(workspace, 0)
        self.assert_all_complete(workspace, 2)

    def test_a_line_that_needs_no_translation_makes_no_record(self):
        for line in ('+34 600 10 20 30', '"We are not going to wait for another winter in this place," she said in English.', '12:30 - 14:45'):
            workspace = self.workspace(count=1, configuration=section(self.service, 'languages = de\n'))
            with open(os.path.join(workspace.folder, 'Alcoba.txt'), 'a', encoding='utf8') as f:
                f.write('\n%s\n' % line)
            self.run_workspace(workspace, 3)
            self.assertEqual((workspace.status()['failed'], len(workspace.records())), (1, 0), line)
            self.add(workspace, 'languages = es\n')
            self.retry(workspace)
            self.run_workspace(workspace, 0)
            self.assert_all_complete(workspace, 1)
            workspace.close()

    def echo(self, word):
        """Translates everything except sentences with this word."""
        self.fault = lambda texts: (200, {}, json.dumps({'translatedText': [t if word in t else translate(t) for t in texts]}).encode())

    def partial_workspace(self):
        workspace = self.workspace()
        self.echo('concejal')
        self.run_workspace(workspace, 0)
        self.assertEqual({r['status'] for r in workspace.records().values()}, {'partial'})
        paths = sorted(glob.glob(os.path.join(workspace.out, '2*', 'articles', '*')))
        self.fault = lambda texts: None
        self.service.bills.clear()
        return workspace, paths

    def test_retry_requests_only_the_missing_parts_of_a_partial_record(self):
        workspace, paths = self.partial_workspace()
        self.run_workspace(workspace, 0)
        self.assertEqual(self.service.bills, [])
        self.assertIn('2 articles will be tried again in the next run: 2 partial with 2 sentences missing', self.retry(workspace))
        self.run_workspace(workspace, 0)
        self.assertEqual([b for b in self.service.bills if 'concejal' not in b], [])
        self.assertEqual(len(self.service.bills), 1)                       # the sentence is the same in both articles
        self.assert_all_complete(workspace, 2)
        self.assertEqual(sorted(glob.glob(os.path.join(workspace.out, '2*', 'articles', '*'))), paths)

    def test_retry_of_one_article_leaves_the_others_alone(self):
        workspace, paths = self.partial_workspace()
        name = os.path.basename(paths[0])[:-5]
        self.retry(workspace, name[:8])
        self.run_workspace(workspace, 0)
        self.assertEqual({n: r['status'] for n, r in workspace.records().items()},
                         {os.path.basename(paths[0]): 'complete', os.path.basename(paths[1]): 'partial'})
        self.assertIn('nothing to retry: %s is done' % name, self.retry(workspace, name))

    def test_a_deleted_record_is_rebuilt_from_the_source(self):
        workspace, paths = self.partial_workspace()
        for path in paths:
            os.unlink(path)
        self.retry(workspace)
        self.run_workspace(workspace, 0)
        self.assertEqual([b for b in self.service.bills if 'concejal' not in b], [])
        self.assert_all_complete(workspace, 2)

    def test_when_it_fails_again_nothing_is_lost(self):
        workspace, paths = self.partial_workspace()
        self.retry(workspace)
        self.fault = lambda texts: (403, {}, b'{"error": "Invalid API key"}')
        self.run_workspace(workspace, 69)
        self.assertEqual({r['status'] for r in workspace.records().values()}, {'partial'})
        self.fault = lambda texts: None
        self.run_workspace(workspace, 0)
        self.assert_all_complete(workspace, 2)
        self.assertEqual(sorted(glob.glob(os.path.join(workspace.out, '2*', 'articles', '*'))), paths)

    def test_a_copy_of_a_failed_article_is_not_a_duplicate(self):
        workspace = self.workspace(count=1, configuration='')
        text = '\n\n'.join('En el pueblo número %d los vecinos esperan desde hace %d meses la respuesta del ministerio.' % (i, i + 3) for i in range(12))
        for name, more in ('a.json', 'eu'), ('b.json', 'es'):
            self.item(workspace, name, text, more)
        with open(workspace.config, 'w', encoding='utf8') as f:
            f.write('[run]\noutput = %s\nstate = %s/state.db\n[source "a"]\nkind = ndjson\npath = a.json\n' % (workspace.out, workspace.out)
                    + section(self.service, 'languages = es\n'))
        self.run_workspace(workspace, 3)
        self.add(workspace, '[source "b"]\nkind = ndjson\npath = b.json\n')
        self.run_workspace(workspace, 0)
        self.assertEqual((workspace.status()['failed'], workspace.status()['done'], workspace.status()['duplicate']), (1, 1, 0))

    def item(self, workspace, name, text, language):
        with open(os.path.join(workspace.folder, name), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': name, 'language': {'code': language},
                                'body': [{'kind': 'paragraph', 'text': t} for t in text.split('\n\n')]}, ensure_ascii=False) + '\n')

    def test_an_unknown_id(self):
        workspace = self.workspace(count=1)
        self.run_workspace(workspace, 0)
        for word in 'xyz', '0123456789abcdef0123456789abcdef':
            self.assertIn("no article has an id that begins with '%s'" % word, self.retry(workspace, word, code=65))


if __name__ == '__main__':
    unittest.main()
