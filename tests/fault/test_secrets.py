"""Keys are nowhere but in the requests that need them: not in cores, the process table, environments of children, logs, records, pages, the
state or messages, whatever a server says and however the user has given them."""
import base64
import gzip
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import zlib

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, Server, translate                            # noqa: E402
from program import Workspace                                                 # noqa: E402
from web import Web, feed, page                                               # noqa: E402

KEY = 'Zk/9tQ+7vLx8Rm4Wp1Ns6yBd3'
HALVES = KEY[:13], KEY[12:]
ESCAPED = urllib.parse.quote(KEY, safe='')


def encoded(text):
    """Returns base64 of the text as it is part of base64 of more, without the digits that also hold other bytes."""
    found = []
    for shift in range(3):
        digits = base64.b64encode(b'x' * shift + text.encode() + b'y' * 2).decode()
        found.append(digits[(shift * 8 + 5) // 6 + 1:(shift + len(text)) * 8 // 6 - 1])
    return found


TRACES = [t.lower().encode() for t in (*HALVES, ESCAPED, ESCAPED[-14:], KEY.encode().hex(), KEY.replace('/', '\\/'), *encoded(KEY))]


def traces_in(data):
    """Returns which traces of the key the bytes hold; compressed ones (of the state, of the archive) are unpacked."""
    data = bytes(data)
    for unpack in zlib.decompress, gzip.decompress:
        try:
            data += unpack(data)
            break
        except (zlib.error, OSError, EOFError):
            pass
    return [trace.decode() for trace in TRACES if trace in data.lower()]


def columns_of(path):
    store = sqlite3.connect(path)
    store.text_factory = bytes
    for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in store.execute('SELECT * FROM "%s"' % table.decode()):
            for value in row:
                if isinstance(value, bytes):
                    yield table.decode(), value
    store.close()


class Case(unittest.TestCase):
    def open(self, configuration, articles=1, **environment):
        self.workspace = Workspace(configuration + '[source "items"]\nkind = ndjson\npath = items.ndjson\n')
        self.addCleanup(self.workspace.close)
        with open(self.path('items.ndjson'), 'w', encoding='utf8') as f:
            for n in range(articles):
                f.write(json.dumps({'id': 'a%d' % n, 'title': {'source': 'La fuente de la plaza se reparará antes de las fiestas'}, 'language': {'code': 'es'},
                                    'body': [{'kind': 'paragraph', 'text': 'El concejo reparará la fuente de la plaza %d antes de las fiestas del pueblo.' % n}]}) + '\n')
        self.environment = environment

    def path(self, name):
        return os.path.join(self.workspace.folder, name)

    def put(self, name, text, mode=0o600):
        path = self.path(name)
        with open(path, 'w', encoding='utf8') as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def command(self, *words, **options):
        command, more = self.workspace.command(*words, stdin=subprocess.DEVNULL, cwd=self.workspace.folder, **options)
        more['env'].update(self.environment)
        return command, more

    def call(self, *words):
        command, options = self.command(*words, capture_output=True, timeout=120)
        return subprocess.run(command, **options)

    def first_id(self):
        store = sqlite3.connect(os.path.join(self.workspace.out, 'state.db'))
        row = store.execute('SELECT lower(hex(id)) FROM article').fetchone()
        store.close()
        return row[0]

    def assert_nowhere(self, result, what):
        for name, data in (('output', result.stdout), ('errors', result.stderr)):
            self.assertEqual(traces_in(data), [], '%s: %s: %s' % (what, name, data.decode(errors='replace')))

    def assert_not_in_files(self, what):
        for folder, _, names in os.walk(self.workspace.out):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, 'rb') as f:
                    self.assertEqual(traces_in(f.read()), [], '%s: %s' % (what, path))
                if name.endswith('.db'):
                    for table, value in columns_of(path):
                        self.assertEqual(traces_in(value), [], '%s: %s of %s' % (what, table, name))

    def assert_commands_are_silent(self, what):
        """Every command that tells about articles, services and settings."""
        for words in (['status'], ['status', '--json'], ['services'], ['check-config'], ['verify'], ['export', 'ndjson'], ['explain', self.first_id()]):
            self.assert_nowhere(self.call(*words), '%s: %s' % (what, ' '.join(words)))


# ---------------------------------------------------------------- what servers say

def whole_request(request):
    return ('%s %s\n' % (request.path, request.query) + ''.join('%s: %s\n' % h for h in request.headers.items())).encode() + request.body


def good(request, words):
    count = len(request.json()['q']) if b'"q"' in request.body else 1
    return Answer(200, {'translatedText': ['The council will repair the fountain before the feast. %s' % words] * count,
                        'translations': [{'text': 'The council will repair the fountain. %s' % words}],
                        'choices': [{'message': {'content': '<1>The council will repair it. %s</1>' % words}, 'finish_reason': 'stop'}]})


def error(status, text):
    return Answer(status, {'error': {'message': text, 'code': text, 'type': 'invalid'}, 'message': text})


ECHOES = {
    'plain': lambda r: error(403, 'the key %s is not valid' % KEY),
    'small letters': lambda r: error(401, 'unknown key ' + KEY.lower()),
    'first half': lambda r: error(400, 'no key begins with %s...' % HALVES[0]),
    'second half': lambda r: error(429, 'the quota of ...%s is used up' % HALVES[1]),
    'base64': lambda r: error(500, 'login ' + base64.b64encode(('me:' + KEY).encode()).decode()),
    'percent': lambda r: error(403, 'https://api.example/?key=%s is not allowed' % ESCAPED),
    'hexadecimal': lambda r: error(402, 'key ' + KEY.encode().hex()),
    'cut by our limit': lambda r: error(403, 'x' * 150 + KEY),
    'cut by theirs': lambda r: Answer(403, ('y' * 140 + KEY)[:155].encode()),
    'header': lambda r: Answer(401, b'', {'WWW-Authenticate': 'Bearer realm="%s"' % KEY, 'Retry-After': KEY, 'X-Request-Id': KEY}),
    'redirect': lambda r: Answer(302, b'', {'Location': 'http://127.0.0.1:9/?key=' + KEY}),
    'the whole request': lambda r: Answer(500, whole_request(r)),
    'the whole request as JSON': lambda r: error(400, whole_request(r).decode()),
    'no JSON': lambda r: Answer(200, ('{"translatedText": ["' + KEY).encode()),
    'a translation': lambda r: good(r, 'Use %s, %s and %s.' % (KEY, HALVES[1], base64.b64encode(KEY.encode()).decode())),
    'a page': lambda r: Answer(200, ('<html><title>%s</title>' % KEY).encode(), {'Content-Type': 'text/html'}),
}
SERVICES = ('[service "libre"]\nkind = libretranslate\n%s[service "deepl"]\n%s[service "openai"]\nmodel = m\n%s[service "gemini"]\nmodel = m\n%s'
            '[service "amazon"]\nregion = eu-central-1\naccess_key_env = IDENTITY\n%s[route "default"]\nservices = libre deepl openai gemini amazon\n')


class Services(Case):
    def test_what_a_service_repeats_is_hidden(self):
        for number, (what, echo) in enumerate(ECHOES.items()):
            with self.subTest(what):
                requests = []

                def answer(request, echo=echo, requests=requests):
                    requests.append(whole_request(request))
                    return echo(request)
                server = Server(answer)
                self.addCleanup(server.close)
                self.open(SERVICES % ((('key_env = KEY\nurl = %s\nattempts = 1\n' % server.url),) * 5), KEY=KEY, IDENTITY='AKIAEXAMPLE')
                log = ('text', 'json')[number % 2]
                self.assert_nowhere(self.call('--log', log, 'run', '--json'), what)
                self.assert_not_in_files(what)
                if what in ('plain', 'the whole request', 'a translation'):
                    self.assert_commands_are_silent(what)
                self.assertTrue(any(KEY.encode() in r or ESCAPED.encode() in r for r in requests), 'the key was sent')

    def test_a_signature_is_hidden(self):
        def answer(request):
            return Answer(403, {'message': request.headers['Authorization']})
        server = Server(answer)
        self.addCleanup(server.close)
        self.open('[service "amazon"]\nregion = eu-central-1\naccess_key_env = IDENTITY\nkey_env = KEY\nurl = %s\n[route "default"]\nservices = amazon\n' % server.url,
                  KEY=KEY, IDENTITY='AKIAEXAMPLE')
        result = self.call('--log', 'text', 'run', '--json')
        self.assertIn(b'Signature=***', result.stdout + result.stderr)
        self.assertNotRegex(result.stdout + result.stderr, rb'Signature=[0-9a-f]')

    def test_a_key_that_a_command_prints(self):
        server = Server(ECHOES['plain'])
        self.addCleanup(server.close)
        self.open('[service "deepl"]\nkey_command = cat printed\nurl = %s\n[route "default"]\nservices = deepl\n' % server.url)
        self.put('printed', KEY)
        self.assert_nowhere(self.call('--log', 'text', 'run', '--json'), 'command')
        self.assert_not_in_files('command')


class Sources(Case):
    def run_against(self, answer, source):
        web = Web()
        self.addCleanup(web.close)
        web.pages = {'club.example/rss': feed(('http://club.example/1', 'El concejo de la plaza', ''), ('http://club.example/2', 'La fuente', '')),
                     'club.example/1': answer, 'club.example/2': page('Dos')}
        self.open('[http]\nproxy = %s\n[collect]\ngap = 0s\n[archive]\nkeep = warc\n[source "club"]\nkind = feed\nurl = http://club.example/rss\nplain_http = yes\n%s' % (web.url, source))
        self.put('header', 'Authorization: Bearer %s\nCookie: lang=es; session=%s\n' % (KEY, KEY))
        self.put('password', KEY)
        result = self.call('--log', 'json', 'run', '--json')
        self.assertTrue(any(v.headers['Authorization'] for v in web.visits))
        return result

    def test_what_a_site_repeats_is_hidden(self):
        def told(visit):
            return page('Uno').replace('</article>', '<p>La sesión de los lectores es %s, y la otra es %s.</p></article>' % (KEY, visit.headers['Authorization']))
        answers = {'refused': lambda v: Answer(401, KEY.encode(), {'WWW-Authenticate': 'Bearer ' + KEY}),
                   'redirect': lambda v: Answer(302, b'', {'Location': 'http://club.example/2?t=' + ESCAPED}),
                   'a login': lambda v: Answer(302, b'', {'Location': 'http://me:%s@club.example/2' % ESCAPED}),
                   'elsewhere': lambda v: Answer(302, b'', {'Location': 'http://10.0.0.7/?t=' + KEY}),
                   'a page': told, 'its headers': lambda v: Answer(200, page('Uno').encode(), {'ETag': '"%s"' % KEY, 'X-Login': KEY, 'Content-Type': 'text/html'})}
        for what, answer in answers.items():
            for source in ['header_file = header\n'] + ['user = anna\npassword_file = password\n'] * (what in ('refused', 'a page')):
                with self.subTest(what, source=source):
                    self.assert_nowhere(self.run_against(answer, source), what)
                    self.assert_not_in_files(what)

    def records(self):
        found = {}
        for folder, _, names in os.walk(self.workspace.out):
            for name in names:
                if name.endswith('.json') and os.path.basename(folder) == 'articles':
                    with open(os.path.join(folder, name), encoding='utf8') as f:
                        record = json.load(f)
                    found[record['title']['source']] = record
        return found

    def archived(self):
        folder = os.path.join(self.workspace.out, 'archive')
        text = b''
        for name in sorted(os.listdir(folder)):
            with gzip.open(os.path.join(folder, name)) as f:
                text += f.read()
        return text.decode(errors='replace')

    def test_an_address_with_the_key_is_hidden(self):
        """A site passes it on in the query of a redirect, to itself and to another site."""
        for host, form in (('club.example', ESCAPED), ('other.example', base64.urlsafe_b64encode(KEY.encode()).decode())):
            with self.subTest(host):
                web, queries = Web(), []
                self.addCleanup(web.close)

                def inside(visit, queries=queries):
                    queries.append(visit.query)
                    return page('Dentro')
                web.pages = {'club.example/rss': feed(('http://club.example/1', 'El concejo de la plaza', '')),
                             'club.example/1': Answer(302, b'', {'Location': 'http://%s/in?sesion=%s&n=1' % (host, form)}), host + '/in': inside}
                self.open('[http]\nproxy = %s\n[collect]\ngap = 0s\n[archive]\nkeep = warc\n[source "club"]\nkind = feed\nurl = http://club.example/rss\nplain_http = yes\nheader_file = header\n' % web.url)
                self.put('header', 'Cookie: session=%s\n' % KEY)
                result = self.call('--log', 'json', 'run', '--json')
                self.assertEqual(queries, [{'sesion': urllib.parse.unquote(form), 'n': '1'}])
                self.assertIn('Dentro', self.records())
                self.assertRegex(self.archived(), r'WARC-Target-URI: http://%s/in\?sesion=\*{20,}[^*]{0,3}&n=1' % host)
                self.assert_nowhere(result, 'address')
                self.assert_not_in_files('address')

    def test_a_word_that_is_a_password_stays_in_articles(self):
        """It is hidden where a site or proxy that got it may repeat it: in headers, addresses and errors."""
        web = Web()
        self.addCleanup(web.close)
        words = page('La copa Euro2024').replace('</article>', '<p>La Euro2024 empieza el viernes, y la plaza del pueblo se prepara para la gran fiesta.</p></article>')
        web.pages = {'club.example/rss': feed(('http://club.example/1', 'La copa Euro2024', '')), 'club.example/1': Answer(200, words.encode(), {'Content-Type': 'text/html', 'X-Login': 'euro2024'}),
                     'other.example/rss': feed(('http://other.example/1', 'Otra copa', ''), ('http://other.example/2', 'Nada', '')),
                     'other.example/1': words.replace('La copa', 'Otra copa'), 'other.example/2': Answer(403, b'euro2024 is not welcome')}
        proxy = web.url.replace('//', '//desk:euro2024@')
        self.open('[http]\nproxy = %s\n[collect]\ngap = 0s\n[archive]\nkeep = warc\n[source "club"]\nkind = feed\nurl = http://club.example/rss\nplain_http = yes\nuser = anna\npassword_file = password\n'
                  '[source "other"]\nkind = feed\nurl = http://other.example/rss\n' % proxy)
        self.put('password', 'euro2024')
        result = self.call('--log', 'json', 'run', '--json')
        self.assertTrue(any(v.headers['Authorization'] for v in web.visits_of('club.example')))
        records = self.records()
        for title in 'La copa Euro2024', 'Otra copa Euro2024':
            text = json.dumps(records[title], ensure_ascii=False)
            self.assertIn('La Euro2024 empieza', text)
            self.assertNotIn('***', text)
        self.assertNotIn(b'euro2024', result.stdout + result.stderr)

    def test_the_password_of_a_proxy_is_hidden(self):
        def answer(request):
            return Answer(502, ('no route for %s, %s' % (KEY, request.headers['Proxy-Authorization'])).encode())
        server = Server(answer)
        self.addCleanup(server.close)
        address = server.url.replace('//', '//desk:%s@' % ESCAPED)
        source = '[source "club"]\nkind = feed\nurl = http://club.example/rss\n[service "deepl"]\nurl = http://api.example\nplain_http = yes\nkey_command = echo x-other-key-1\n' \
                 '[route "default"]\nservices = deepl\n'
        for settings, environment in (('[http]\nproxy = %s\n' % address, {}), ('', {'http_proxy': address}), ('', {'all_proxy': address})):
            self.open(settings + source, **environment)
            self.assert_nowhere(self.call('--log', 'text', 'run', '--json'), 'proxy')
            self.assert_not_in_files('proxy')
        self.assert_commands_are_silent('proxy')


class Mail(Case):
    def test_what_a_mail_server_repeats_is_hidden(self):
        """After the login, in answer to what the server does not like."""
        listener = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(listener.close)
        login = []

        def serve():
            while True:
                try:
                    connection = listener.accept()[0]
                except OSError:
                    return
                with connection, connection.makefile('rwb') as stream:
                    def say(text):
                        stream.write(text.encode() + b'\r\n')
                        stream.flush()
                    say('220 mail')
                    for line in stream:
                        verb = line.split()[0].upper()
                        if verb == b'EHLO':
                            say('250-mail\r\n250 AUTH PLAIN')
                        elif verb == b'AUTH':
                            say('334 ')
                            login.append(stream.readline().strip().decode())
                            say('235 welcome ' + KEY)
                        elif verb == b'QUIT':
                            say('221 bye')
                        else:
                            say('554 not for %s %s %s' % (login[-1], KEY, HALVES[1]))
        threading.Thread(target=serve, daemon=True).start()
        self.open('[mail]\nto = a@b.example\nfrom = c@d.example\nserver = smtp://127.0.0.1:%d\nstarttls = never\nuser = desk\npassword_file = password\n' % listener.getsockname()[1])
        self.put('password', KEY)
        result = self.call('--log', 'json', 'run', '--json')
        self.assertIn(base64.b64encode(b'\0desk\0' + KEY.encode()).decode(), login)
        self.assertIn(b'554', result.stdout + result.stderr)
        self.assert_nowhere(result, 'mail')
        self.assert_not_in_files('mail')
        self.assert_commands_are_silent('mail')


# ---------------------------------------------------------------- where the system shows processes

class Process(Case):
    def start(self, configuration, **environment):
        """Starts a run, and returns when the service works on its first request."""
        arrived, leave = threading.Event(), threading.Event()

        def answer(request):
            arrived.set()
            leave.wait(60)
            return Answer(200, {'translatedText': [translate(t) for t in request.json().get('q', [])]})
        server = Server(answer)
        self.addCleanup(server.close)
        self.addCleanup(leave.set)
        self.open('sandbox = no\n' + configuration + '[service "libre"]\nkind = libretranslate\nurl = %s\nkey_env = KEY\n[route "default"]\nservices = libre\n' % server.url, KEY=KEY, **environment)
        self.configure()
        command, options = self.command('run', stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        options['env']['ASAN_OPTIONS'] = 'disable_coredump=0'
        process = subprocess.Popen(command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)), **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertTrue(arrived.wait(120))
        return process

    def configure(self):
        pass

    def test_no_core_is_written(self):
        """If a process that does not forbid it leaves a core here."""
        other = subprocess.Popen(['sleep', '100'], cwd=tempfile.gettempdir(), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)))
        time.sleep(0.2)
        other.send_signal(signal.SIGABRT)
        possible = os.WCOREDUMP(os.waitpid(other.pid, 0)[1])
        other.returncode = -signal.SIGABRT
        for name in 'core', 'core.%d' % other.pid:
            if os.path.exists(os.path.join(tempfile.gettempdir(), name)):
                os.unlink(os.path.join(tempfile.gettempdir(), name))
        if not possible:
            self.skipTest('this system writes no cores')
        process = self.start('')
        process.send_signal(signal.SIGABRT)
        status = os.waitpid(process.pid, 0)[1]
        process.returncode = -signal.SIGABRT
        self.assertTrue(os.WIFSIGNALED(status))
        self.assertFalse(os.WCOREDUMP(status))
        self.assertEqual([n for n in os.listdir(self.workspace.folder) if n.startswith('core')], [])

    def test_the_process_table_shows_no_key(self):
        process = self.start('')
        for name in 'cmdline', 'environ', 'comm', 'status':
            try:
                with open('/proc/%d/%s' % (process.pid, name), 'rb') as f:
                    self.assertEqual(traces_in(f.read()), [], name)
            except PermissionError:
                self.assertNotEqual(os.getuid(), 0)
        if os.getuid():
            self.assertEqual(os.stat('/proc/%d/environ' % process.pid).st_uid, 0, 'other programs of the user may not read it')

    SPY = '#!/bin/sh\n{ tr "\\0" "\\n" </proc/$$/environ; tr "\\0" " " </proc/$$/cmdline; echo; ls -l /proc/$$/fd; } >>%s\n%s\n'

    def configure(self):
        self.spies = []

    def test_children_see_no_key(self):
        server = Server(lambda request: Answer(200, {'translatedText': [translate(t) for t in request.json()['q']]}))
        self.addCleanup(server.close)
        self.open('[service "libre"]\nkind = libretranslate\nurl = %s\nkey_env = KEY\n[service "deepl"]\nkey_command = ./printer\nurl = http://127.0.0.1:9\nattempts = 1\n'
                  '[route "default"]\nservices = deepl libre\n[mail]\nto = a@b.example\nfrom = c@d.example\ncommand = %s\n[service "openai"]\nmodel = m\nkey_file = key\n' %
                  (server.url, './mailer'), KEY=KEY)
        spied = self.path('spied')
        self.put('key', KEY)
        self.put('printer', self.SPY % (spied, 'echo another-key-5'), 0o700)
        self.put('mailer', self.SPY % (spied, 'cat >%s' % self.path('mail')), 0o700)
        self.workspace_mail(self.path('mailer'))
        result = self.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(spied, 'rb') as f:
            seen = f.read()
        self.assertIn(b'printer', seen)
        self.assertIn(b'mailer', seen)
        self.assertEqual(traces_in(seen), [], seen.decode())
        self.assertNotIn(b'another-key-5', seen)
        for line in seen.split(b'\n'):
            if b' -> ' in line:
                self.assertNotIn(b'state.db', line)

    def workspace_mail(self, path):
        with open(self.workspace.config, encoding='utf8') as f:
            text = f.read()
        with open(self.workspace.config, 'w', encoding='utf8') as f:
            f.write(text.replace('command = ./mailer', 'command = ' + path))


# ---------------------------------------------------------------- mistakes of the user

class Mistakes(Case):
    def test_a_key_in_the_wrong_place_is_not_quoted(self):
        plain = 'k' + KEY.replace('/', 'a').replace('+', 'b')
        everything = '[service "deepl"]\nkey = %(key)s\n[service "other"]\nkind = deepl\nkey_env = %(key)s\n[service "third"]\nkind = deepl\nkeyy = %(key)s\n' \
            '[service "fourth"]\nkind = deepl\nkey_file = %(name)s\n[service "libre"]\nkind = libretranslate\nurl = http://me:%(url)s@api.example\nkey_env = NONE\n' \
            '[source "a"]\nkind = feed\nurl = http://me:%(url)s@a.example/rss\n[source "b"]\nkind = feed\nurl = http://me:%(url)s@a.example:port/rss\n' \
            '[source "c"]\nkind = page\nurl = me:%(key)s@a.example\n[mail]\nto = a@b.example\nfrom = c@d.example\nserver = smtp://me:%(url)s@mail.example\npassword = %(key)s\n' \
            'unsubscribe = https://me:%(url)s@a.example/\n[digest]\nmain_language = https://me:%(url)s@a.example/\n'
        proxy = '[http]\nproxy = http://me:%(url)s@proxy.example:port\n[source "a"]\nkind = feed\nurl = http://a.example\n'
        for key in KEY, plain:
            for text in everything, proxy:
                self.open(text % {'key': key, 'name': plain, 'url': urllib.parse.quote(key, safe='')})
                for words in ['check-config'], ['--log', 'json', 'run', '--json']:
                    result = self.call(*words)
                    self.assertNotEqual(result.stdout + result.stderr, b'')
                    for half in key[:13], key[13:], plain[:13]:
                        self.assertNotIn(half.encode(), result.stdout + result.stderr, (words, result.stdout + result.stderr))

    def test_a_key_in_the_wrong_place_of_the_command_line(self):
        self.open('')
        for words, environment in ((['--set', 'service.deepl.key=' + KEY], {}), (['--set', 'mail.password=' + KEY], {}), ([], {'DRAGOMAN_MAIL_PASSWORD': KEY}),
                                   (['--set', 'service.deepl.key_env=' + KEY], {})):
            self.environment = environment
            for command in 'check-config', 'run':
                result = self.call(*words, command)
                self.assertNotIn(HALVES[0].encode(), result.stdout + result.stderr, result.stderr)
                self.assertNotIn(HALVES[1].encode(), result.stdout + result.stderr, result.stderr)


# ---------------------------------------------------------------- systemd's credentials

class Credentials(Case):
    def serve(self, name='service.libre.key', **put):
        """Runs with a folder of credentials and returns the result and the keys that the service was sent."""
        sent = []

        def answer(request):
            sent.append(request.json().get('api_key'))
            return Answer(200, {'translatedText': [translate(t) for t in request.json()['q']]})
        server = Server(answer)
        self.addCleanup(server.close)
        self.open('[service "libre"]\nkind = libretranslate\nurl = %s\n[service "deepl"]\nurl = %s\n[route "default"]\nservices = deepl libre\n' % (server.url, server.url))
        folder = self.path('credentials')
        os.mkdir(folder, 0o700)
        self.environment = {'CREDENTIALS_DIRECTORY': folder}
        path = os.path.join(folder, name)
        for how, text in put.items():
            getattr(self, 'put_' + how)(path, text)
        return self.call('--log', 'text', 'run'), sent

    def put_file(self, path, text):
        with open(path, 'wb') as f:
            f.write(text)
        os.chmod(path, 0o440)                    # as systemd makes them

    def put_link(self, path, text):
        self.put_file(self.path('elsewhere'), text)
        os.symlink(self.path('elsewhere'), path)

    def put_folder(self, path, _):
        os.mkdir(path)

    def put_loop(self, path, _):
        os.symlink(path, path)

    def test_a_credential_is_the_key(self):
        for put in (dict(file=KEY.encode()), dict(file=KEY.encode() + b'\n'), dict(file=b' ' + KEY.encode() + b'\r\n'), dict(link=KEY.encode() + b'\n')):
            result, sent = self.serve(**put)
            self.assertEqual((result.returncode, set(sent)), (0, {KEY}), result.stderr)
            self.assert_nowhere(result, 'credential')
            self.assert_not_in_files('credential')
            self.assertRegex(result.stderr, rb'service deepl is not used: .*needs a key')

    def test_none_is_no_key(self):
        result, sent = self.serve()
        self.assertEqual((result.returncode, set(sent)), (0, {None}), result.stderr)

    def test_one_that_cannot_be_used_is_named(self):
        for put, said in ((dict(file=b''), rb'service\.libre\.key is empty'), (dict(file=b' \n'), rb'service\.libre\.key is empty'), (dict(file=b'k' * 16384), rb'too large for a secret'),
                          (dict(file=KEY.encode() + b'\0x'), rb'contains a NUL byte'), (dict(file=KEY.encode() + b'\nx\n'), rb'contains a line break at byte 26 of the key'),
                          (dict(folder=b''), rb'cannot be read: Is a directory'), (dict(loop=b''), rb'Too many levels of symbolic links')):
            result, sent = self.serve(**put)
            self.assertEqual((result.returncode, sent), (78, []), result.stderr)
            checked = self.call('check-config')
            self.assertEqual(checked.returncode, 78)
            self.assertRegex(checked.stderr, rb'\S*service\.libre\.key: .*' + said)
        if os.getuid():
            result, sent = self.serve(file=KEY.encode())
            os.chmod(self.path('credentials/service.libre.key'), 0)
            self.assertIn(b'cannot read the key', self.call('run').stderr)

    def test_the_configuration_overrides_it(self):
        result, sent = self.serve(file=b'an-old-key-1')
        self.put('key', KEY)
        with open(self.workspace.config, encoding='utf8') as f:
            text = f.read()
        with open(self.workspace.config, 'w', encoding='utf8') as f:
            f.write(text.replace('kind = libretranslate\n', 'kind = libretranslate\nkey_file = key\n'))
        sent.clear()
        with open(self.path('items.ndjson'), 'a', encoding='utf8') as f:
            f.write('{"id": "b", "language": {"code": "es"}, "title": {"source": "El tren nuevo llega al puerto por la tarde"}}\n')
        result = self.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(set(sent), {KEY})


hard = resource.getrlimit(resource.RLIMIT_CORE)[1]

if __name__ == '__main__':
    unittest.main()
