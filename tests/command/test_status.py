"""`status` reports failing and silent sources, and articles that wait, failed or were left out. The output of `--json` of all
commands that have it matches the schema."""
import html
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService, Server                     # noqa: E402
from program import SOURCE, Workspace                                    # noqa: E402
from web import PARAGRAPH, Web, feed, page                               # noqa: E402

HOUR, START = 3600, time.mktime((2026, 1, 5, 8, 0, 0, 0, 0, -1))


def setUpModule():
    global FATE, folder
    folder = tempfile.TemporaryDirectory()
    FATE = os.path.join(folder.name, 'fate.so')
    subprocess.run(['cc', '-shared', '-fPIC', '-o', FATE, os.path.join(SOURCE, 'tests', 'fault', 'fate.c'), '-ldl'], check=True)


def tearDownModule():
    folder.cleanup()


def at(hours):
    return START + hours * HOUR


def local(hours):
    return time.strftime('%Y-%m-%d %H:%M', time.localtime(at(hours)))


def shown(hours):
    """Returns a pattern for the moment as the day's page shows it: without its date if it is of that day."""
    return '(?:%s )?%s' % tuple(local(hours).split())


def rss(count):
    """Returns a feed in English, so that every article is skipped at once."""
    text = 'The bridge reopened on Thursday after two years of works. The mayor said that traffic would return soon. ' * 6
    return '<rss version="2.0"><channel>%s</channel></rss>' % ''.join(
        '<item><title>Bridge %d is open again</title><guid>g%d</guid><description>%s</description></item>' % (n, n, text)
        for n in range(count))


def read(path):
    with open(path, encoding='utf8') as f:
        return f.read()


class Case(unittest.TestCase):
    def workspace_with(self, configuration):
        self.workspace = Workspace(configuration)
        self.addCleanup(self.workspace.close)

    def write(self, name, text):
        with open(os.path.join(self.workspace.folder, name), 'w', encoding='utf8') as f:
            f.write(text)

    def call(self, *words, hours=None):
        command, options = self.workspace.command(*words, capture_output=True, timeout=120)
        options['env'].update(LD_PRELOAD=FATE, ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0')
        if hours is not None:
            options['env']['FATE_SECONDS'] = str(int(at(hours) - time.time()))
        return subprocess.run(command, **options)

    def status(self, hours, *words):
        """Returns the status in words and as JSON."""
        text, data = self.call('status', *words, hours=hours), self.call('status', '--json', *words, hours=hours)
        self.assertEqual((text.returncode, data.returncode), (0, 0), text.stderr + data.stderr)
        return text.stdout.decode(), json.loads(data.stdout)

    def page(self, name='index.html'):
        day = self.workspace.days()[-1]
        return read(os.path.join(self.workspace.out, day, name))


SAME = ['El ayuntamiento anunció ayer que las obras del puente viejo terminarán antes del verano.',
        'La alcaldesa lo explicó a los vecinos reunidos en la plaza mayor.', 'Los comerciantes del barrio piden un aparcamiento.',
        'La empresa que lleva las obras promete trabajar también de noche.', 'El mercado abrirá de nuevo en cuanto pasen los coches.']


def item(number, title=None):
    text = SAME if title else ['El pleno número %d aprobó ayer la obra del puente por %d votos.' % (number, 10 * number + i) for i in range(3)]
    return json.dumps({'id': 'a%d' % number, 'url': 'https://news.example/a%d' % number, 'evidence': {'version': 'v'},
                       'language': {'code': 'es'}, 'title': {'source': title or 'El puente número %d tendrá una obra' % number},
                       'body': [{'kind': 'paragraph', 'text': one} for one in text]}) + '\n'


class Json(Case):
    """Standard output is always one JSON object that matches the schema, whatever the outcome."""

    @classmethod
    def setUpClass(cls):
        with open(os.path.join(SOURCE, 'config', 'commands.schema.json'), encoding='utf8') as f:
            cls.schema = json.load(f)

    def json(self, *words, code=0):
        result = self.call(*words, '--json', hours=0)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        self.assertEqual(result.stdout.count(b'\n'), 1, words)
        data = json.loads(result.stdout)
        jsonschema.Draft202012Validator({**self.schema, '$ref': '#/$defs/' + words[0]}).validate(data)
        return data

    def service(self):
        service = FakeService()
        self.addCleanup(service.close)
        return service.url

    def refusing(self):
        service = Server(lambda request: Answer(403, b'{"error":"the key was refused"}'))
        self.addCleanup(service.close)
        return service.url

    def mixed(self, service):
        """Returns a workspace with two articles to translate, one in English, one without text, and a missing feed."""
        self.workspace_with('[source "items"]\nkind = ndjson\npath = items.ndjson\n[source "files"]\nkind = files\npath = *.html\n'
                            '[source "gone"]\nkind = feed\nurl = gone.xml\n[service "fake"]\nkind = libretranslate\nurl = %s\nattempts = 1\n'
                            'characters_per_day = 5000\ncharacters_per_run = 4000\ncost_per_month = 2\n[route "default"]\nservices = fake\n' % service)
        english = 'The bridge reopened on Thursday after two years of works. The mayor said that traffic would return soon.'
        self.write('items.ndjson', item(1, 'El puente viejo') + item(3))
        self.write('english.html', '<html lang="en"><body><h1>The bridge is open</h1><p>%s</p></body></html>' % (english * 3))
        self.write('empty.html', '')

    def test_unfinished_skipped_and_duplicate_articles_have_id_and_reason(self):
        self.mixed(self.refusing())
        report, data = self.json('run', code=3), self.json('status')
        for articles in (report['articles'], data['articles']):
            state = {article['state']: article for article in articles}
            self.assertIn('the key was refused', state['waiting']['reason'])
            self.assertTrue(state['failed']['address'].endswith('empty.html'))
            self.assertIn('is empty', state['failed']['reason'])
            self.assertTrue(state['skipped']['address'].endswith('english.html'))
            self.assertEqual(len({article['id'] for article in articles}), len(articles))
        waiting = [article for article in data['articles'] if article['state'] == 'waiting']
        self.assertEqual({(article['for'], article['on']) for article in waiting}, {('service', 'fake')})
        group, = data['waits_for']
        self.assertEqual((group['articles'], group['since']), (len(waiting), min(article['since'] for article in waiting)))
        service, = data['services']
        self.assertEqual(service['name'], 'fake')
        self.assertIn('the key was refused', service['reason'])
        self.assertIn('gone.xml', data['sources'][2]['reason'])
        text = self.call('status', hours=0).stdout.decode()
        self.assertEqual(text.count('service fake has been failing since %s: ' % local(0)), 1)

    def test_duplicates_name_the_other_article_and_caps_the_amount_spent(self):
        self.mixed(self.service())
        self.json('run', code=3)
        self.write('items.ndjson', item(2, 'El puente viejo'))
        report, data = self.json('run', code=69), self.json('status')
        for articles in (report['articles'], data['articles']):
            double, = (article for article in articles if article['state'] == 'duplicate')
            self.assertIn(double['duplicate_of'] + '.json', self.workspace.records())
        caps = {cap['cap']: (cap['of'], cap['name'], cap['max'], cap['spent']) for cap in data['caps']}
        self.assertEqual(caps, {'characters_per_day': ('service', 'fake', 5000, data['characters']),
                                'cost_per_month': ('service', 'fake', 2, 0)})
        self.assertGreater(data['characters'], 0)
        self.assertIn('cap characters_per_day of service fake: %d of 5000' % data['characters'],
                      self.call('status', hours=0).stdout.decode())

    def test_a_list_has_a_limit_and_says_what_it_leaves_out(self):
        self.workspace_with('[source "files"]\nkind = files\npath = *.html\n')
        for number in range(5):
            self.write('%d.html' % number, '')
        self.json('run', code=3)
        data = self.json('status', '--limit', '2')
        self.assertEqual((len(data['articles']), data['left_out']), (2, {'failed': 3}))
        self.assertIn('and 3 more', self.call('status', '--limit', '2').stdout.decode())
        self.assertEqual((len(self.json('status')['articles']), self.json('status')['left_out']), (5, {}))
        self.assertEqual(self.json('status', '--limit', '0')['left_out'], {'failed': 5})
        for wrong in ('', '-1', '2x', 'x', '99999999999999999999'):
            result = self.call('status', '--limit', wrong)
            self.assertEqual((result.returncode, result.stdout), (64, b''), wrong)

    def test_retry_verify_explain_and_check_config(self):
        self.workspace_with('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\n'
                            'url = %s\n[route "default"]\nservices = fake\n' % self.refusing())
        self.write('items.ndjson', item(1))
        self.write('empty.html', '')
        self.assertEqual(self.json('check-config')['sound'], True)
        self.json('run', code=69)
        article = self.json('status')['articles'][0]
        explained = self.json('explain', article['id'])
        self.assertEqual([event['event'] for event in explained.pop('events')], ['found', 'waiting'])
        self.assertEqual(explained, article)
        self.assertEqual(self.json('retry')['articles'], 0)
        self.assertEqual(self.json('retry', article['id'][:6]), {'articles': 1, 'failed': 0, 'waiting': 1, 'partial': 0, 'missing': 0, 'cut': 0})
        self.assertEqual(self.json('retry', article['id'][:6])['articles'], 0)
        self.call('--set', 'service.fake.url=' + self.service(), 'run', hours=0)
        self.assertEqual(self.json('verify')['sound'], 1)
        record, = (os.path.join(root, name) for root, _, names in os.walk(self.workspace.out) for name in names
                   if os.path.basename(root) == 'articles')
        os.unlink(record)
        broken = self.json('verify', code=65)
        self.assertEqual(([file['state'] for file in broken['files']], broken['missing']), (['missing'], 1))
        self.assertTrue(record.endswith(broken['files'][0]['path'][-40:]))
        mended = self.json('verify', '--repair')
        self.assertEqual((mended['repaired']['records'], mended['files'], mended['sound']), (1, [], 1))
        self.write('dragoman.conf', read(self.workspace.config) + '[route "xx"]\nservices = fake\n')
        broken = self.json('check-config', code=78)
        self.assertEqual(broken['sound'], False)
        self.assertIn('xx', broken['problems'][0])

    def test_a_dry_run_has_no_json(self):
        self.workspace_with('[source "files"]\nkind = files\npath = *.html\n')
        self.assertEqual(self.call('run', '--dry-run', '--json').returncode, 64)


READING = (['status'], ['status', '--json'], ['explain', 'ID'], ['services'], ['search', 'puente'], ['export', 'ndjson'], ['export', 'tmx'])
IS_ROOT = os.getuid() == 0


class Reading(Case):
    """Commands that only read need no write access, and make and change nothing."""

    def setUp(self):
        service = FakeService()
        self.addCleanup(service.close)
        self.workspace_with('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\nurl = %s\n'
                            '[route "default"]\nservices = fake\n' % service.url)
        self.write('items.ndjson', item(1) + item(2))
        self.assertEqual(self.call('run').returncode, 0)
        self.state = os.path.join(self.workspace.out, 'state.db')
        for root, _, names in os.walk(self.workspace.folder):
            os.chmod(root, 0o755)
            for name in names:
                os.chmod(os.path.join(root, name), 0o644)

    def tree(self):
        return sorted((path, os.stat(path).st_mtime_ns) for root, _, names in os.walk(self.workspace.folder)
                      for path in [root] + [os.path.join(root, name) for name in names])

    def read_with(self, call):
        """Calls every command that only reads, and returns what they printed."""
        before, printed = self.tree(), []
        for words in READING:
            result = call(*(next(iter(self.workspace.records()))[:8] if word == 'ID' else word for word in words))
            self.assertEqual((result.returncode, result.stderr), (0, b''), words)
            self.assertEqual(self.tree(), before, words)
            printed.append(result.stdout)
        return printed

    def as_nobody(self, *words):
        command, options = self.workspace.command(*words, capture_output=True, timeout=120)
        return subprocess.run(command, user=65534, group=65534, extra_groups=[], **options)

    def on_a_mount(self, *words):
        command, options = self.workspace.command(*words, capture_output=True, timeout=120)
        script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        return subprocess.run(['unshare', '-m', 'sh', '-c', script, self.workspace.folder, *command], **options)

    def test_by_the_owner(self):
        self.read_with(self.workspace.call)

    @unittest.skipUnless(IS_ROOT, 'only root can become somebody else')
    def test_by_somebody_else(self):
        if self.as_nobody('--version').returncode:
            self.skipTest('nobody may not start the program here')
        self.assertEqual(self.read_with(self.as_nobody), self.read_with(self.workspace.call))
        os.chmod(self.state, 0o600)
        result = self.as_nobody('status')
        self.assertEqual(result.returncode, 77)
        self.assertIn(b'dragoman: cannot read the state %s: Permission denied' % self.state.encode(), result.stderr)

    @unittest.skipUnless(IS_ROOT, 'only root can mount')
    def test_on_a_read_only_mount(self):
        if self.on_a_mount('--version').returncode:
            self.skipTest('mounting is not permitted here')
        self.assertEqual(self.read_with(self.on_a_mount), self.read_with(self.workspace.call))

    def test_before_the_first_run_there_is_nothing(self):
        self.workspace_with('[source "items"]\nkind = ndjson\npath = items.ndjson\n')
        result = self.workspace.call('status')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(b'done       0', result.stdout)
        self.assertEqual(os.listdir(self.workspace.folder), ['dragoman.conf'])

    def test_while_a_run_writes(self):
        """Whatever moment it is, the articles are all there, in some state."""
        go = threading.Event()
        service = FakeService(lambda *_: go.wait(100) and None)
        self.addCleanup(service.close)
        self.addCleanup(go.set)
        self.write('items.ndjson', ''.join(item(n) for n in range(10, 50)))
        process = self.workspace.start('--set', 'service.fake.url=' + service.url, 'run')
        self.addCleanup(process.kill)
        call = self.as_nobody if IS_ROOT and not self.as_nobody('--version').returncode else self.workspace.call

        def read():
            result = call('status', '--json')
            self.assertEqual(result.returncode, 0, result.stderr)
            return json.loads(result.stdout)

        end = time.monotonic() + 100
        while read()['found'] < 40 and time.monotonic() < end:
            self.assertIsNone(process.poll())
        go.set()
        while process.poll() is None:
            status = read()
            self.assertEqual(status['found'] + status['done'], 42, status)
        self.assertEqual(self.workspace.status()['done'], 42)


class Texts(Case):
    def test_untrusted_text_cannot_move_the_cursor_or_begin_a_line(self):
        self.workspace_with('[source "files"]\nkind = files\npath = *.html\n')
        for name in ('a\x1b[2Jb.html', 'c\nfailed 0.html', 'd\u202eevil.html', 'e\u009bf.html', 'línea.html'):
            self.write(name, '')
        self.call('run')
        status = self.call('status').stdout.decode()
        ids = [line.split()[0] for line in status.splitlines() if line.startswith('  ') and line[2:10].strip() and '.html' in line and line[2] != ' ']
        self.assertEqual(len(ids), 5, status)
        for text in (status, *(self.call('explain', one).stdout.decode() for one in ids)):
            self.assertFalse(set(text) & set('\x1b\u202e\u009b'), text)
            self.assertFalse([line for line in text.splitlines() if line.startswith('failed 0')], text)
        self.assertIn('línea.html', status)


class Cut(Case):
    """Records that are partial because only the feed's teaser was available."""

    def setUp(self):
        self.translator, self.web = FakeService(), Web()
        for server in (self.translator, self.web):
            self.addCleanup(server.close)

    def run_over(self, *missing, code=0, source=''):
        """Runs over a feed of two articles, of whose pages some are missing."""
        addresses = ['http://costa.example/%d' % n for n in (1, 2)]
        self.web.pages['costa.example/rss'] = feed(*((address, 'Obras en el puente %s' % address[-1], PARAGRAPH % address[-1])
                                                     for address in addresses))
        for n in (1, 2):
            self.web.pages['costa.example/%d' % n] = missing[n - 1] or page('Obras en el puente %d' % n)
        if not hasattr(self, 'workspace'):
            self.workspace_with('[source "costa"]\nkind = feed\nurl = http://costa.example/rss\n%s[collect]\ngap = 0s\nrobots = no\n[dedupe]\n'
                                'days = 0\n[http]\nproxy = %s\n[service "fake"]\nkind = libretranslate\nurl = %s\n[route "default"]\n'
                                'services = fake\n' % (source, self.web.url, self.translator.url))
        result = self.call('run', hours=0)
        self.assertEqual(result.returncode, code, result.stderr)
        return {record['url'][-1]: record for record in self.workspace.records().values()}

    def retry(self, *words):
        return self.call('retry', *words, hours=0).stdout.decode()

    def test_retry_fetches_the_page_again_and_completes_the_record(self):
        gone = Answer(404, b'')
        before = self.run_over(gone, None)
        self.assertEqual((before['1']['status'], before['2']['status']), ('partial', 'complete'))
        text, data = self.status(0)
        article, = data['articles']
        self.assertEqual((article['id'], article['state'], article['cut']), (before['1']['id'], 'partial', True))
        self.assertIn('from the feed. The page could not be read: ', text)
        self.assertNotIn('a part of the page', text)
        visits = len(self.web.visits)
        self.run_over(gone, None)                          # a run without a preceding `retry` does not fetch it
        self.assertEqual(self.web.paths_of('costa.example')[visits:], ['/rss'])
        self.assertIn('1 article will be tried again in the next run: 1 partial with 1 page cut\n', self.retry())
        visits = len(self.web.visits)
        after = self.run_over(None, None)
        self.assertEqual(self.web.paths_of('costa.example')[visits:].count('/2'), 0)
        self.assertEqual((after['1']['status'], after['1']['id']), ('complete', before['1']['id']))
        self.assertGreater(len(after['1']['body']), len(before['1']['body']))
        self.assertEqual(after['2'], before['2'])
        self.assertEqual(self.status(0)[1]['articles'], [])
        self.assertEqual(self.call('verify', hours=0).returncode, 0)
        self.assertIn('0 articles will be tried again', self.retry())
        self.assertIn('nothing to retry: %s' % after['1']['id'], self.retry(after['1']['id']))

    def test_if_the_page_is_gone_the_record_is_kept_at_no_cost(self):
        for answer in (Answer(404, b''), Answer(403, b'no'), ''):
            with self.subTest(answer=answer):
                before = self.run_over(Answer(404, b''), None)
                asked = self.translator.requests
                self.retry(before['1']['id'][:8])
                after = self.run_over(answer or Answer(200, b''), None)
                self.assertEqual(self.translator.requests, asked)
                def english(record):
                    return [record['title']['target']] + [one['target'] for block in record['body'] for one in block['segments']]
                self.assertEqual((after['1']['id'], after['1']['status']), (before['1']['id'], 'partial'))
                self.assertEqual(english(after['1']), english(before['1']))
                self.assertEqual(len(self.workspace.records()), 2)

    def test_a_teaser_that_waits_for_a_service_is_not_fetched_again(self):
        self.translator.close()
        self.translator = Server(lambda request: Answer(403, b'{"error":"the key was refused"}'))
        self.addCleanup(self.translator.close)
        self.run_over(Answer(404, b''), Answer(404, b''), code=69)
        visits = len(self.web.visits)
        self.run_over(None, None, code=69)
        self.assertEqual(self.web.paths_of('costa.example')[visits:], ['/rss'])

    def test_records_that_cannot_be_completed_say_so(self):
        self.run_over(None, None, source='[source "items"]\nkind = ndjson\npath = items.ndjson\n', code=69)
        self.write('items.ndjson', json.dumps({'url': 'https://news.example/a', 'language': {'code': 'es'},
                                               'title': {'source': 'El puente viejo tendrá una obra'}, 'body': []}) + '\n')
        record, = (record for record in self.run_over(None, None).values() if record['url'].endswith('/a'))
        self.assertEqual(record['status'], 'partial')
        self.assertIn('0 articles', self.retry())
        self.assertIn('%s is partial, and retrying cannot help: ' % record['id'], self.retry(record['id']))


class Notes(Case):
    """Notes that explain an article's status appear wherever the status does."""

    def assert_told(self, note):
        for name in 'index.html', 'digest.md', 'digest.json':
            self.assertIn(note, html.unescape(self.page(name).replace('\\', '')), name)
        for name in 'ninjs', 'jsonfeed', 'ndjson':
            self.assertIn(note[1:], self.call('export', name).stdout.decode(), name)

    def test_an_article_without_anything_to_translate(self):
        for body in (['+34 555 0147', '17.30', '42 %'], ['2026', '555 0148'], ['88 : 74']):
            with self.subTest(body=body):
                self.workspace_with('[source "items"]\nkind = ndjson\npath = items.ndjson\n')
                self.write('items.ndjson', json.dumps({'id': 'a', 'language': {'code': 'es'}, 'title': {'source': '3 : 1'},
                                                       'body': [{'kind': 'paragraph', 'text': text} for text in body]}) + '\n')
                self.assertEqual(self.call('run').returncode, 0)
                record, = self.workspace.records().values()
                self.assertEqual((record['status'], record['note']), ('complete', 'nothing needed translation'))
                self.assert_told('nothing needed translation')

    def test_an_article_with_only_a_teaser(self):
        translator, web = FakeService(), Web({'costa.example/rss': feed(('http://costa.example/1', 'Obras', PARAGRAPH % 'viejo'))})
        for server in (translator, web):
            self.addCleanup(server.close)
        self.workspace_with('[source "costa"]\nkind = feed\nurl = http://costa.example/rss\n[http]\nproxy = %s\n[service "fake"]\n'
                            'kind = libretranslate\nurl = %s\n' % (web.url, translator.url))
        self.assertEqual(self.call('run').returncode, 0)
        self.assert_told("This is the text from the feed. The page could not be read: ")


class Sources(Case):
    def test_a_source_that_fails_is_named_until_it_recovers(self):
        good = feed(('http://costa.example/1', 'Obras', PARAGRAPH))
        web = Web({'costa.example/rss': good, 'costa.example/1': page('Uno'), 'lejos.example/rss': Answer(404, b'nothing')})
        service = FakeService()
        self.addCleanup(web.close)
        self.addCleanup(service.close)
        costa, lejos = ('[source "%s"]\nkind = feed\nurl = http://%s.example/rss\n' % (name, name) for name in ('costa', 'lejos'))
        self.workspace_with('[collect]\ngap = 0s\n[http]\nproxy = %s\n[service "fake"]\nkind = libretranslate\nurl = %s\n%s%s'
                            % (web.url, service.url, costa, lejos))
        self.call('run', hours=0)
        web.pages['costa.example/rss'] = Answer(404, b'gone')
        self.call('run', hours=2)
        web.pages['costa.example/rss'] = Answer(403, b'no')
        self.call('run', hours=4)
        text, data = self.status(4)
        line, = (line for line in text.splitlines() if line.startswith('source costa '))
        for part in ('has been unreadable since ' + local(2), '2 runs in a row', 'last read ' + local(0), '403'):
            self.assertIn(part, line)
        line, = (line for line in text.splitlines() if line.startswith('source lejos '))
        for part in ('has been unreadable since ' + local(0), '3 runs in a row', 'never read', '404'):
            self.assertIn(part, line)
        first, second = data['sources']
        self.assertEqual((first['name'], first['failures'], second['name'], second['failures']), ('costa', 2, 'lejos', 3))
        self.assertIn('403', first['reason'])
        self.assertTrue(first['last_success'] < first['failing_since'])
        self.assertNotIn('last_success', second)
        self.assertRegex(self.page(), '<b>costa</b> unreadable since ' + shown(2))
        web.pages['costa.example/rss'] = good
        self.call('run', hours=6)
        text, data = self.status(6)
        self.assertNotIn('source costa', text)
        self.assertEqual((data['sources'][0]['failures'], 'reason' in data['sources'][0]), (0, False))
        self.write('dragoman.conf', read(self.workspace.config).replace(lejos, ''))
        text, data = self.status(6)
        self.assertNotIn('lejos', text)
        self.assertEqual([source['name'] for source in data['sources']], ['costa'])

    def test_a_list_fails_while_one_of_its_feeds_cannot_be_read(self):
        good = feed(('http://costa.example/1', 'Obras', PARAGRAPH))
        web = Web({'costa.example/rss': good, 'costa.example/1': page('Uno'), 'lejos.example/rss': Answer(404, b'nothing')})
        service = FakeService()
        self.addCleanup(web.close)
        self.addCleanup(service.close)
        self.workspace_with('[collect]\ngap = 0s\n[http]\nproxy = %s\n[service "fake"]\nkind = libretranslate\nurl = %s\n'
                            '[source "list"]\nkind = opml\npath = list.opml\n' % (web.url, service.url))
        self.write('list.opml', '<opml version="2.0"><body><outline type="rss" xmlUrl="http://lejos.example/rss"/>'
                                '<outline type="rss" xmlUrl="http://costa.example/rss"/></body></opml>')
        for hours in (0, 2):
            result = self.call('run', hours=hours)
            text, data = self.status(hours)
            self.assertEqual(result.returncode, 69, (hours, result.stderr, text))
            line, = (line for line in text.splitlines() if line.startswith('source list '))
            for part in ('has been unreadable since ' + local(0), '404'):
                self.assertIn(part, line)
        self.assertEqual((data['done'], data['sources'][0]['failures']), (1, 2))
        web.pages['lejos.example/rss'] = feed()
        self.assertEqual(self.call('run', hours=4).returncode, 0)
        self.assertNotIn('source list', self.status(4)[0])

    def test_a_source_fails_while_one_of_its_files_cannot_be_read(self):
        service = FakeService()
        self.addCleanup(service.close)
        mail = 'From: Nora Vidal <nora@costa.example>\nSubject: Obras\nMessage-ID: <N@costa.example>\n\n' + PARAGRAPH + '\n'
        kinds = (('files', 'missing.txt'), ('mail', 'missing.eml'), ('mail', 'folder.eml'))
        for kind, name in kinds:
            with self.subTest(kind=kind, name=name):
                self.workspace_with('[service "fake"]\nkind = libretranslate\nurl = %s\n[source "inbox"]\nkind = %s\npath = there.eml %s\n'
                                    % (service.url, kind, name))
                self.write('there.eml', mail.replace('N@', '1@'))
                missing = os.path.join(self.workspace.folder, name)
                if name.startswith('folder'):
                    os.mkdir(missing)
                for hours in (0, 2):
                    result = self.call('run', hours=hours)
                    text, data = self.status(hours)
                    self.assertEqual(result.returncode, 69, result.stderr)
                    self.assertIn('source inbox has been unreadable since ' + local(0), text)
                    self.assertIn(name, data['sources'][0]['reason'])
                self.assertEqual((data['done'], data['sources'][0]['failures']), (1, 2))
                self.assertRegex(self.page(), '<b>inbox</b> unreadable since ' + shown(0))
                if os.path.isdir(missing):
                    os.rmdir(missing)
                self.write(name, mail.replace('N@', '2@'))
                self.assertEqual(self.call('run', hours=4).returncode, 0)
                text, data = self.status(4)
                self.assertNotIn('source inbox', text)
                self.assertEqual((data['done'] + data['duplicate'], data['sources'][0]['failures']), (2, 0))

    def test_a_silent_source_is_named_with_its_usual_pace(self):
        for usual, words, quiet, silent in ((6, '6 hours', 23, 25), (24, '24 hours', 71, 73), (72, '3 days', 215, 217)):
            with self.subTest(usual=usual):
                self.workspace_with('[source "radio"]\nkind = feed\nurl = radio.xml\n[source "otro"]\nkind = feed\nurl = otro.xml\n')
                self.write('otro.xml', rss(1))
                for visit in range(7):
                    self.write('radio.xml', rss(visit + 1))
                    self.call('run', hours=visit * usual)
                last = 6 * usual
                self.call('run', hours=last + quiet)
                text, data = self.status(last + quiet)
                self.assertNotIn('source radio', text)
                self.assertNotIn('nothing new', self.page())
                self.call('run', hours=last + silent)
                text, data = self.status(last + silent)
                self.assertIn('source radio has had nothing new since %s: it usually has something new every %s\n' % (local(last), words), text)
                self.assertNotIn('source otro', text)
                radio, otro = data['sources']
                self.assertEqual((radio['silent'], radio['usual_minutes'], otro['silent'], otro.get('usual_minutes')),
                                 (True, usual * 60, False, None))
                self.assertIn('this source has had nothing new since %s: it usually has' % local(last), self.page('digest.md'))
                self.assertRegex(self.page(), '<b>radio</b> nothing new since %s<small>it usually has' % shown(last))
                self.assertEqual(self.call('verify', hours=last + silent).returncode, 0)
                self.write('radio.xml', rss(8))
                self.call('run', hours=last + silent + 1)
                text, data = self.status(last + silent + 1)
                self.assertNotIn('source radio', text)
                self.assertFalse(data['sources'][0]['silent'])
                self.assertRegex(self.page(), '<b>radio</b> had nothing new from ' + shown(last))

    def test_a_silent_source_removed_from_the_configuration_is_not_reported(self):
        radio = '[source "radio"]\nkind = feed\nurl = radio.xml\n'
        self.workspace_with(radio + '[source "otro"]\nkind = feed\nurl = otro.xml\n')
        self.write('otro.xml', rss(1))
        for visit in range(7):
            self.write('radio.xml', rss(visit + 1))
            self.call('run', hours=visit)
        self.call('run', hours=100)
        self.assertIn('source radio has had nothing new', self.status(100)[0])
        self.write('dragoman.conf', read(self.workspace.config).replace(radio, ''))
        self.assertNotIn('radio', self.status(100)[0])
        self.call('run', hours=101)
        self.assertNotIn('radio</b> nothing new', self.page())
        self.call('run', hours=130)
        self.assertNotIn('nothing new', self.page())


if __name__ == '__main__':
    unittest.main()
