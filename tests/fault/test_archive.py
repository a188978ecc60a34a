"""Raw bytes as evidence: the archive holds requests and answers but no secrets, and is intact after any interruption."""
import gzip
import hashlib
import json
import os
import signal
import sys
import tempfile
import time
import unittest
import zlib

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService                             # noqa: E402
from program import Workspace                                            # noqa: E402
from web import PARAGRAPH, Web, feed, page                               # noqa: E402

WHOLE = ''.join('<p>%s</p>' % (PARAGRAPH % name) for name in ('romano', 'colgante', 'de madera', 'del tren'))


class Record:
    """A WARC record: its `type` and `headers`, and the `head` and `body` of its HTTP message."""

    def __init__(self, member):
        head, block = member.split(b'\r\n\r\n', 1)
        first, *lines = head.decode().split('\r\n')
        self.headers = dict(line.split(': ', 1) for line in lines)
        assert first == 'WARC/1.1' and block.endswith(b'\r\n\r\n') and len(block) - 4 == int(self.headers['Content-Length'])
        self.type, self.block = self.headers['WARC-Type'], block[:-4]
        self.head, _, self.body = self.block.partition(b'\r\n\r\n')


def members(data):
    """Yields each gzip member separately. Fails if one is torn."""
    while data:
        unpacker = zlib.decompressobj(31)
        text = unpacker.decompress(data) + unpacker.flush()
        assert unpacker.eof, 'a torn member'
        data = unpacker.unused_data
        yield text


class Archive(unittest.TestCase):
    def setUp(self):
        self.web, self.service = Web(), FakeService()
        self.addCleanup(self.service.close)
        self.addCleanup(self.web.close)
        self.web.pages = {'feeds.example/rss': feed(('http://radio.example/1', 'Uno', 'Lo de ayer.'), ('http://radio.example/2', 'Dos', 'Lo de hoy.', WHOLE),
                                                    ('http://radio.example/gone', 'Tres', 'El mercado vuelve a abrir el lunes, dijo ayer la concejala.')),
                          'radio.example/1': Answer(302, b'', {'Location': '/one', 'Set-Cookie': 'visit=hop-secret'}),
                          'radio.example/one': Answer(200, gzip.compress(page('Uno').encode()),
                                                      {'Content-Type': 'text/html; charset=utf-8', 'Content-Encoding': 'gzip', 'Set-Cookie': 'visit=jar-secret', 'X-Served-By': 'a7'})}

    def workspace(self, settings='', source='', archive='keep = warc\n', attempts=2):
        workspace = Workspace('grace_period = 1s\nattempts = %d\n[http]\nproxy = %s\n[dedupe]\ndays = 0\n[collect]\ngap = 0s\n[archive]\n%s[service "fake"]\nkind = libretranslate\nurl = %s\n'
                              '[source "radio"]\nkind = feed\nurl = http://feeds.example/rss\n%s%s' % (attempts, self.web.url, archive, self.service.url, source, settings))
        self.addCleanup(workspace.close)
        return workspace

    def run_workspace(self, workspace, code=0):
        result = workspace.call('run', timeout=60)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return {r['url'].rsplit('/', 1)[1]: r for r in workspace.records().values()}

    def path(self, workspace, folder=None):
        folder = folder or os.path.join(workspace.out, 'archive')
        name, = os.listdir(folder)
        self.assertRegex(name, r'^\d{4}-\d\d-\d\d\.warc\.gz$')
        return os.path.join(folder, name)

    def bytes_of(self, path):
        with open(path, 'rb') as f:
            return f.read()

    def read(self, path):
        return [Record(member) for member in members(self.bytes_of(path))]

    def test_every_page_of_an_article_is_archived_as_received(self):
        workspace = self.workspace()
        records = self.run_workspace(workspace)
        path = self.path(workspace)
        found = self.read(path)
        self.assertEqual([r.type for r in found], ['warcinfo'] + ['response', 'request'] * 2)
        self.assertEqual(found[0].headers['WARC-Filename'], os.path.basename(path))
        self.assertIn(b'software: Dragoman/', found[0].block)
        by_id = {r.headers['WARC-Record-ID']: r for r in found}
        self.assertEqual(len(by_id), len(found))
        for name, target in (('1', 'http://radio.example/one'), ('2', 'http://feeds.example/rss'), ('gone', 'http://feeds.example/rss')):
            evidence = records[name]['evidence']
            self.assertEqual(evidence['archive']['file'], 'archive/' + os.path.basename(path))
            self.assertEqual(by_id['<%s>' % evidence['archive']['record']].headers['WARC-Target-URI'], target)
        answer = by_id['<%s>' % records['1']['evidence']['archive']['record']]
        self.assertEqual(answer.body.decode(), page('Uno'))
        self.assertEqual(hashlib.sha256(answer.body).hexdigest(), records['1']['evidence']['sha256'])
        self.assertEqual(answer.headers['WARC-Payload-Digest'], 'sha256:' + records['1']['evidence']['sha256'])
        self.assertLess(abs(time.time() - time.mktime(time.strptime(answer.headers['WARC-Date'] + ' UTC', '%Y-%m-%dT%H:%M:%SZ %Z')) + time.timezone), 60)
        head = answer.head.decode().split('\r\n')
        self.assertEqual(head[0], 'HTTP/1.1 200 OK')
        self.assertIn('X-Served-By: a7', head)
        self.assertIn('X-Archive-Orig-Content-Encoding: gzip', head)
        self.assertIn('Content-Length: %d' % len(page('Uno').encode()), head)
        request = found[found.index(answer) + 1]
        self.assertEqual(request.headers['WARC-Concurrent-To'], answer.headers['WARC-Record-ID'])
        self.assertRegex(request.head.decode(), r'^GET (http://radio\.example)?/one HTTP/1\.1\r\n')
        self.assertIn('User-Agent: Dragoman/', request.head.decode())
        self.assertEqual(workspace.call('verify').returncode, 0)

    def test_the_archive_can_be_read_as_a_source(self):
        workspace = self.workspace()
        first = self.run_workspace(workspace)['1']
        shown = [json.loads(line) for line in workspace.call('show', '--until', 'extract', '--from', 'warc', self.path(workspace)).stdout.splitlines()]
        self.assertEqual([r['url'] for r in shown], ['http://radio.example/one'])
        self.assertEqual(shown[0]['evidence']['sha256'], first['evidence']['sha256'])
        self.assertEqual(len(shown[0]['body']), len(first['body']))
        result = workspace.call('show', '--from', 'wark', 'x')
        self.assertEqual(result.returncode, 64)
        self.assertIn(b'expected one of: feed files', result.stderr)

    def test_it_holds_no_secret(self):
        handle, path = tempfile.mkstemp()
        self.addCleanup(os.unlink, path)
        os.write(handle, b'Authorization: Bearer key-secret\nCookie: a=cookie-secret\nX-Pass: pass-secret\n')
        os.close(handle)
        workspace = self.workspace(source='header_file = %s\nuser = anna\npassword_env = FAKE_PASSWORD\nplain_http = yes\nlogin_hosts = radio.example\n' % path)
        os.environ['FAKE_PASSWORD'] = 'word-secret'
        self.addCleanup(os.environ.pop, 'FAKE_PASSWORD')
        self.run_workspace(workspace)
        self.assertTrue(all(v.headers['X-Pass'] for v in self.web.visits))
        found = self.read(self.path(workspace))
        self.assertEqual(len(found), 5)
        for record in found[1:]:
            self.assertNotRegex(record.block.decode().replace(record.body.decode(), ''), r'(?i)secret|authorization|cookie|x-pass|YW5uYT')

    def test_neither_user_info_nor_tokens_of_an_answer_are_kept(self):
        self.web.pages['radio.example/1'] = Answer(302, b'', {'Location': 'http://anna:word-hidden@radio.example/one'})
        heads = {'X-Auth-Token': 'a-hidden', 'Authentication-Info': 'b-hidden', 'X-Session-Id': 'c-hidden', 'X-CSRF-Token': 'd-hidden',
                 'Content-Location': 'http://bert:e-hidden@radio.example/one', 'Content-Type': 'text/html', 'X-Path': 'http://radio.example/a//b@c'}
        self.web.pages['radio.example/one'] = Answer(200, page('Uno').encode(), heads)
        workspace = self.workspace()
        self.run_workspace(workspace)
        found = self.read(self.path(workspace))
        self.assertIn('http://radio.example/one', [r.headers.get('WARC-Target-URI') for r in found])
        for record in found:
            self.assertNotIn('hidden', str(record.headers) + record.head.decode())
        self.assertIn('X-Path: http://radio.example/a//b@c', ''.join(r.head.decode() for r in found))

    def test_runs_of_a_day_share_a_file_and_the_folder_can_be_set(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        workspace = self.workspace(archive='keep = warc\nfolder = %s/deep/er\n' % folder.name)
        records = self.run_workspace(workspace)
        path = self.path(workspace, folder.name + '/deep/er')
        self.assertEqual(records['1']['evidence']['archive']['file'], path)
        before = self.bytes_of(path)
        self.run_workspace(workspace)                            # nothing new: nothing is written
        self.assertEqual(self.bytes_of(path), before)
        self.web.pages['feeds.example/rss'] = feed(('http://radio.example/one?b', 'Cinco', ''))
        self.web.pages['radio.example/one?b'] = self.web.pages['radio.example/one']
        self.run_workspace(workspace)
        after = self.bytes_of(path)
        self.assertTrue(after.startswith(before))
        self.assertEqual([r.type for r in self.read(path)].count('warcinfo'), 2)
        self.assertEqual(os.path.exists(os.path.join(workspace.out, 'archive')), False)

    def test_nothing_is_archived_by_default(self):
        for archive in ('', 'keep = none\n'):
            workspace = self.workspace(archive=archive)
            records = self.run_workspace(workspace)
            self.assertFalse(os.path.exists(os.path.join(workspace.out, 'archive')))
            self.assertNotIn('archive', records['1']['evidence'])

    # ---------------------------------------------------------------- torn

    def test_a_torn_tail_is_cut_off_and_whole_records_stay(self):
        workspace = self.workspace()
        self.run_workspace(workspace)
        path = self.path(workspace)
        whole = self.bytes_of(path)
        ends = [0]
        for text in members(whole):
            unpacker = zlib.decompressobj(31)
            unpacker.decompress(whole[ends[-1]:])
            ends.append(len(whole) - len(unpacker.unused_data))
        damaged = whole[:ends[-2] + 40] + bytes(len(whole) - ends[-2] - 40)          # after a power failure, a file may have its new length but not its bytes
        cases = [(whole[:-1], ends[-2]), (whole[:ends[-2] + 5], ends[-2]), (whole + b'\x1f\x8b\x08\x04', ends[-1]), (whole + bytes(5000), ends[-1]),
                 (damaged, ends[-2]), (whole[:10], 0), (whole + gzip.compress(b'WARC/1.1 of another program'), None), (b'', 0)]
        for number, (torn, kept) in enumerate(cases):
            with open(path, 'wb') as f:
                f.write(torn)
            self.web.pages['feeds.example/rss'] = feed(('http://radio.example/again%d' % number, 'Seis', ''))
            self.web.pages['radio.example/again%d' % number] = page('Seis %d' % number)
            self.run_workspace(workspace)
            with open(path, 'rb') as f:
                now = f.read()
            kept = len(torn) if kept is None else kept
            self.assertEqual(now[:kept], torn[:kept], number)
            self.assertEqual([Record(m).type for m in members(now[kept:])], ['warcinfo', 'response', 'request', 'response', 'request'], number)

    def test_kills_leave_an_archive_that_can_be_read(self):
        self.web.pages['feeds.example/rss'] = feed(*(('http://radio.example/k%d' % n, 'Obra %d' % n, '') for n in range(30)))
        for n in range(30):
            self.web.pages['radio.example/k%d' % n] = page('Obra %d' % n)
        workspace = self.workspace(attempts=20)                # by chance, three kills can meet the same article alone, which would then count as failed
        for wait in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
            process = workspace.start('run')
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            process.wait()
        records = self.run_workspace(workspace)
        self.assertEqual(len(records), 30)
        by_id = {r.headers['WARC-Record-ID']: r for r in self.read(self.path(workspace))}
        for record in records.values():
            answer = by_id['<%s>' % record['evidence']['archive']['record']]
            self.assertEqual(answer.headers['WARC-Target-URI'], record['url'])

    def test_an_archive_that_cannot_be_written_makes_articles_wait(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        workspace = self.workspace(archive='keep = warc\nfolder = %s/file/below\n' % folder.name, settings='[source "page"]\nkind = page\nurl = http://radio.example/one\n')
        with open(folder.name + '/file', 'w') as f:
            f.write('in the way')
        self.run_workspace(workspace, 69)
        self.assertEqual(workspace.records(), {})
        waits, = workspace.status()['waits_for']
        self.assertIn('cannot write the archive', json.dumps(waits))
        os.unlink(folder.name + '/file')
        self.assertEqual(len(workspace.records()), 0)
        records = self.run_workspace(workspace)
        self.assertEqual(len(records), 4)
        by_id = {r.headers['WARC-Record-ID']: r for r in self.read(folder.name + '/file/below/' + os.listdir(folder.name + '/file/below')[0])}
        for record in records.values():                          # articles that waited are archived too
            answer = by_id['<%s>' % record['evidence']['archive']['record']]
            if not answer.headers['WARC-Target-URI'].endswith('/rss'):
                self.assertEqual(hashlib.sha256(answer.body).hexdigest(), record['evidence']['sha256'])

    def test_a_page_that_changed_while_it_waited_is_kept_as_it_is_now(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.web.pages['feeds.example/rss'] = feed()
        workspace = self.workspace(archive='keep = warc\nfolder = %s/file/below\n' % folder.name, settings='[source "page"]\nkind = page\nurl = http://radio.example/p\n')
        for text in (page('Antes'), page('Antes').replace('</article>', '<p>%s</p></article>' % (PARAGRAPH % 'del norte'))):
            self.web.pages['radio.example/p'] = text
            with open(folder.name + '/file', 'w') as f:
                f.write('in the way')
            self.run_workspace(workspace, 69)
            os.unlink(folder.name + '/file')
        record = self.run_workspace(workspace)['p']
        self.assertEqual(record['evidence']['sha256'], hashlib.sha256(text.encode()).hexdigest())
        answer, = [r for r in self.read(self.path(workspace, folder.name + '/file/below')) if r.type == 'response']
        self.assertEqual((answer.body.decode(), '<%s>' % record['evidence']['archive']['record']), (text, answer.headers['WARC-Record-ID']))


if __name__ == '__main__':
    unittest.main()
