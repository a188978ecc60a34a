"""`check-config --online` says which services work, and for each of the others, in one sentence, what to do about it."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeServices                            # noqa: E402
from program import SOME_SOURCE, Workspace                                              # noqa: E402
from web import Web, feed                                                  # noqa: E402
from protocol_fakes import KEY, PROTOCOLS                                      # noqa: E402

os.environ.update(FAKE_KEY=KEY, FAKE_IDENTITY='AKID', FAKE_TOKEN='session-4711')

SERVERS = [name for name, protocol in PROTOCOLS.items() if not protocol.local]


class Asking(unittest.TestCase):
    def check(self, configuration):
        workspace = Workspace(configuration + SOME_SOURCE)
        result = workspace.call('check-config', '--online')
        self.assertFalse(os.path.exists(workspace.out))
        workspace.close()
        self.assertNotIn(KEY.encode(), result.stdout + result.stderr)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def assert_says(self, configuration, sentence, lines=1, expected=69):
        code, _, said = self.check(configuration)
        self.assertEqual(code, expected, said)
        self.assertRegex(said, sentence)
        self.assertEqual(said.count('\n'), lines, said)


class Sources(unittest.TestCase):
    """Each source is read as a run would read it, all problems are said at once, and nothing is stored."""

    def check(self, pages, configuration, *words):
        web = Web(pages)
        workspace = Workspace('[http]\nproxy = %s\n%s' % (web.url, configuration))
        with open(os.path.join(workspace.folder, 'l.opml'), 'w', encoding='utf8') as file:
            file.write('<opml version="2.0"><body>%s</body></opml>' % ''.join('<outline type="rss" xmlUrl="http://%s.example/rss"/>' % n for n in 'abc'))
        result = workspace.call('check-config', '--online', *words)
        self.assertFalse(os.path.exists(workspace.out))
        workspace.close()
        web.close()
        self.web = web
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def source(self, kind, address, name='s'):
        return '[source "%s"]\nkind = %s\n%s = %s\n' % (name, kind, 'path' if kind == 'opml' else 'url', address)

    two = feed(('http://a.example/1', 'Uno', 'Uno.'), ('http://a.example/2', 'Dos', 'Dos.')).replace(
        '<link>http://a.example/1</link>', '<link>http://a.example/1</link><pubDate>Thu, 29 Jan 2026 08:00:00 GMT</pubDate>')

    def test_what_a_feed_has(self):
        code, said, wrong = self.check({'a.example/rss': self.two}, self.source('feed', 'http://a.example/rss'))
        self.assertEqual((code, wrong), (0, ''))
        self.assertIn('[source "s"] works: feed, 2 entries, the newest of 2026-01-29, language es\n', said)
        self.assertIn('the configuration is valid', said)
        self.assertEqual(self.web.paths_of('a.example'), ['/rss'])

    def test_all_problems_at_once(self):
        code, said, wrong = self.check(
            {'a.example/rss': self.two, 'a.example/': '<html><link rel="alternate" type="application/rss+xml" href="/rss"><p>A'},
            self.source('feed', 'http://a.example/', 'page') + self.source('feed', 'http://b.example/none', 'gone') +
            self.source('site', 'http://a.example/', 'site') + self.source('opml', 'l.opml', 'list'))
        self.assertEqual(code, 69)
        self.assertRegex(wrong, r'(?m)^\[source "page"\]: http://a.example/ is a web page, not a feed')
        self.assertRegex(wrong, r'(?m)^\[source "gone"\]: .*404')
        for name in 'bc':
            self.assertRegex(wrong, r'(?m)^\[source "list"\] http://%s.example/rss: .*404' % name)
        self.assertEqual(wrong.count('\n'), 4, wrong)
        self.assertIn('[source "list"] http://a.example/rss works: feed, 2 entries', said)
        self.assertIn('[source "site"] works: site, 2 entries', said)
        self.assertNotIn('is valid', said)

    def test_a_language_that_nobody_translates(self):
        faroese = self.two.replace('<language>es', '<language>fo-FO')
        code, _, wrong = self.check({'a.example/rss': faroese}, self.source('feed', 'http://a.example/rss'))
        self.assertEqual((code, wrong), (69, '[source "s"] no service translates \'fo\', the language that it states\n'))
        english = self.two.replace('<language>es', '<language>en-GB')
        self.assertEqual(self.check({'a.example/rss': english}, self.source('feed', 'http://a.example/rss'))[::2], (0, ''))

    def test_services_are_asked_for_the_languages_of_the_sources(self):
        services = FakeServices()
        code, said, wrong = self.check({'a.example/rss': self.two, 'b.example/rss': self.two.replace('<language>es', '<language>PT_br')},
                                       self.source('feed', 'http://a.example/rss') + self.source('feed', 'http://b.example/rss', 't') +
                                       services.sections(['google', 'deepl']))
        services.close()
        self.assertEqual((code, wrong), (0, ''))
        for name in ('google', 'deepl'):
            self.assertIn('[service "%s"] works: es pt\n' % name, said)

    def test_json(self):
        for pages, works in (({'a.example/rss': self.two}, True), ({}, False)):
            code, said, _ = self.check(pages, self.source('feed', 'http://a.example/rss') + '[service "apertium"]\n', '--json')
            answer = json.loads(said)
            with open(os.path.join(os.environ['DRAGOMAN_SOURCE'], 'config', 'commands.schema.json'), encoding='utf8') as file:
                jsonschema.validate(answer, dict(json.load(file), **{'$ref': '#/$defs/check-config'}))
            self.assertEqual((code, [s['works'] for s in answer['online_sources']]), (0 if works else 69, [works]))
            self.assertEqual([(s['service'], s['language'], s['works']) for s in answer['online_services']], [('apertium', 'es', True)])
            self.assertEqual('reason' in answer['online_sources'][0], not works)


class Money(unittest.TestCase):
    """The words that are asked for are announced, count against the caps, and are on the bill."""

    def setUp(self):
        self.services = FakeServices()
        self.addCleanup(self.services.close)

    def workspace(self, more):
        workspace = Workspace('[budget]\ncurrency = EUR\n' + self.services.sections(['google'], more) + '[source "f"]\nkind = files\npath = *.txt\n')
        self.addCleanup(workspace.close)
        with open(os.path.join(workspace.folder, 'a.txt'), 'w', encoding='utf8') as file:
            file.write('12345')
        return workspace

    def test_the_price_is_said_and_billed(self):
        workspace = self.workspace('price = 1000\n')
        first = workspace.call('check-config', '--online')
        self.assertEqual((first.returncode, first.stderr), (0, b''))
        self.assertIn(b'asking services for 1 word, which costs at most 0.0060 EUR\n', first.stdout)
        self.assertFalse(os.path.exists(workspace.out))
        self.assertEqual(workspace.call('run').returncode, 3)
        self.assertEqual(workspace.call('check-config', '--online').returncode, 0)
        self.assertAlmostEqual(workspace.status()['spent']['services'][0]['day']['cost'], 0.006)

    def test_a_cap_that_is_reached(self):
        for cap in ('cost_per_day = 0.005', 'characters_per_month = 5'):
            workspace = self.workspace('price = 1000\n%s\n' % cap)
            for _ in range(2):
                result = workspace.call('check-config', '--online')
                self.assertEqual((result.returncode, self.services.requests.get('google', 0)), (69, 0))
                self.assertIn(cap.split()[0].encode(), result.stderr)
                workspace.call('run')
        workspace = self.workspace('price = 1000\ncost_per_day = 0.01\n')
        workspace.call('run')
        codes = [workspace.call('check-config', '--online').returncode for _ in range(3)]
        self.assertEqual((codes, self.services.requests.get('google', 0)), ([0, 69, 69], 1))

    def test_what_cannot_be_counted_is_not_asked(self):
        workspace = self.workspace('price = 1000\n')
        os.mkdir(workspace.out)
        with open(os.path.join(workspace.out, 'state.db'), 'w', encoding='utf8') as file:
            file.write('no state')
        result = workspace.call('check-config', '--online')
        self.assertEqual((result.returncode, self.services.requests.get('google', 0)), (69, 0))
        self.assertIn(b'could not be recorded', result.stderr)


class Online(Asking):
    def play(self, answer, names, sentence):
        services = FakeServices(lambda protocol, number, texts, request: answer(protocol))
        self.assert_says(services.sections(names), sentence, len(names))
        self.assertEqual({n: services.requests[n] for n in names}, {n: 1 for n in names})
        services.close()

    def test_everything_works(self):
        services = FakeServices()
        code, said, wrong = self.check(services.sections() + '[service "apertium"]\n')
        services.close()
        self.assertEqual((code, wrong, services.complaints), (0, '', []))
        for name in [*PROTOCOLS, 'apertium']:
            self.assertIn('[service "%s"] works: es\n' % name, said)
        self.assertIn('the configuration is valid', said)

    def test_the_languages_of_the_routes_are_tested(self):
        services = FakeServices(lambda protocol, number, texts, request: Answer(*protocol.words('language')) if b'"ru"' in request.body else None)
        code, said, wrong = self.check(services.sections(['yandex']) + '[route "bg"]\nservices = yandex\n'
                                       '[route "east"]\nlanguages = ru uk ckb\nservices = yandex\n')
        services.close()
        self.assertEqual(code, 69)
        self.assertEqual(said, '[service "yandex"] works: bg uk\n')
        self.assertRegex(wrong, r'\[service "yandex"\] ru: .*remove it from languages')
        self.assertRegex(wrong, r"\[service \"yandex\"\] ckb: a route uses this service for 'ckb', which it does not offer")

    def test_a_working_service_does_not_hide_a_failing_one(self):
        services = FakeServices(lambda protocol, number, texts, request: Answer(*protocol.words('wrong key')) if request.name == 'deepl' else None)
        code, said, wrong = self.check(services.sections(['google', 'deepl']))
        services.close()
        self.assertEqual((code, said), (69, '[service "google"] works: es\n'))
        self.assertRegex(wrong, r'^\[service "deepl"\] es: answered 403 \(the key was refused: check key_file\)')

    def test_wrong_key(self):
        names = [n for n, s in PROTOCOLS.items() if s.words('wrong key')]
        self.play(lambda protocol: Answer(*protocol.words('wrong key')), names, r'check (access_key_file|key_file|that token_command)|set key_file')

    def test_wrong_model(self):
        names = [n for n, s in PROTOCOLS.items() if s.model]
        self.play(lambda protocol: Answer(*protocol.words('no model')), names, r'check model')

    def test_wrong_region(self):
        self.play(lambda protocol: Answer(*protocol.words('wrong key')), ['azure'], r'check key_file and region')
        self.assert_says('[service "amazon"]\nregion = no-such-region-1\naccess_key_env = FAKE_IDENTITY\nkey_env = FAKE_KEY\n',
                         r'translate.no-such-region-1.amazonaws.com (was not found: check the address or region|was not contacted|cannot be reached|timed out)')

    def test_a_url_that_is_a_web_page(self):
        self.play(lambda protocol: Answer(200, b'<!doctype html><html><body>Welcome</body></html>'), SERVERS, r'the reply is a web page: check url')

    def test_a_url_that_has_moved(self):
        self.play(lambda protocol: Answer(301, b'<html>Moved</html>', {'Location': 'https://mt.example/'}), SERVERS,
                  r'answered 301 \(redirects are not followed: set url to the new address\): https://mt.example/')

    def test_a_server_that_stops_half_way(self):
        self.play(lambda protocol: Answer(200, b'{"translations":[', length=500), SERVERS, r'closed the connection in the middle of its reply: try again later')

    def test_an_answer_that_is_not_a_translation(self):
        services = FakeServices(lambda protocol, number, texts, request: Answer(200, protocol.good(['\U0001F600'], request)))
        self.assert_says(services.sections(['google']), r'a translation: the translation contains no words')
        services.close()

    def test_a_program_that_does_not_work(self):
        dies = 'the program exited without a reply \\(.*\\): the service behind the program answered 503'
        for answer, sentence in ((Answer(503), dies), (Answer(200, b'loading'), 'the program wrote something that is no reply'),
                                 (Answer(200, {'error': 'unknown language es'}), r'remove it from languages\): unknown language es')):
            self.play(lambda protocol: answer, ['command'], r'\[service "command"\] es: (answered with an error .*)?' + sentence)
        self.assert_says('[service "c"]\nkind = command\ncommand = ./not-here --fast\n', r"command: '/.*/not-here' is not a program that can be run: check command", 2, 78)

    def test_nothing_listens(self):
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            self.assert_says('[service "mtran"]\nurl = http://127.0.0.1:%d\n' % s.getsockname()[1],
                             r'\[service "mtran"\] es: 127.0.0.1:\d+ cannot be reached: check that the server is running')

    def test_an_address_that_is_none_is_not_asked(self):
        self.assert_says('[service "mtran"]\nurl = ftp://127.0.0.1/\n',
                         r"dragoman.conf:5: 'ftp://127.0.0.1/' is not a valid address: it does not begin with http", 2, 78)

    def test_a_key_is_not_sent_unencrypted(self):
        self.assert_says('[service "deepl"]\nurl = http://mt.example\nkey_env = FAKE_KEY\n', 
                         r'dragoman.conf:5: the key would be sent unencrypted; use https, or set plain_http = yes', 2, 78)


class Interruption(unittest.TestCase):
    def test_an_interruption_prints_what_is_known_and_does_not_wait(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            services = FakeServices(lambda protocol, number, texts, request: Answer(200, b'', hang=20) if request.name == 'deepl' else None)
            workspace = Workspace(services.sections(['google', 'deepl']) + SOME_SOURCE)
            command, options = workspace.command('check-config', '--online', stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process = subprocess.Popen(command, **options)
            while len(services.requests) < 2:
                time.sleep(0.02)
            time.sleep(1)                                                # waiting for the other service's answer
            begin = time.monotonic()
            process.send_signal(number)
            said, wrong = process.communicate(timeout=30)
            self.assertLess(time.monotonic() - begin, 5)
            self.assertEqual((process.returncode, said), (130, b'[service "google"] works: es\n'))
            self.assertRegex(wrong, rb'^\[service "deepl"\] es: interrupted before the service answered\n$')
            workspace.close()
            services.close()


@unittest.skipUnless(shutil.which('openssl'), 'openssl makes the certificates')
class Certificates(Asking):
    def setUp(self):
        self.keep = tempfile.TemporaryDirectory()
        self.pem = os.path.join(self.keep.name, 'server.pem')

    def tearDown(self):
        self.keep.cleanup()

    def serve(self, name):
        """Serves over HTTPS with a self-signed certificate for `name`."""
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                        '-subj', '/CN=test', '-addext', 'subjectAltName=' + name, '-keyout', self.pem, '-out', self.pem + '.crt'],
                       check=True, capture_output=True)
        services = FakeServices()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem + '.crt', self.pem)
        services.server.socket = context.wrap_socket(services.server.socket, server_side=True)
        services.url = services.url.replace('http:', 'https:')
        return services

    def test_an_unknown_authority(self):
        services = self.serve('IP:127.0.0.1')
        self.assert_says(services.sections(['deepl']), r'has a certificate that cannot be verified: .*set ca_file')
        self.assertEqual(self.check('[http]\nca_file = %s.crt\n' % self.pem + services.sections(['deepl']))[0], 0)
        services.close()

    def test_a_certificate_of_another_host(self):
        services = self.serve('DNS:elsewhere.example')
        self.assert_says('[http]\nca_file = %s.crt\n' % self.pem + services.sections(['deepl']), r'127.0.0.1:\d+ has a certificate that cannot be verified: check the address')
        services.close()

    def test_an_https_address_without_encryption(self):
        services = FakeServices()
        services.url = services.url.replace('http:', 'https:')
        self.assert_says(services.sections(['deepl']), r'could not negotiate encryption: check that this port expects https:')
        services.close()


if __name__ == '__main__':
    unittest.main()
