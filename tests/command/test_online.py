"""`check-config --online` says which services work, and for each of the others, in one sentence, what to do about it."""
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

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeServices                            # noqa: E402
from program import Workspace                                                 # noqa: E402
from protocol_fakes import KEY, PROTOCOLS                                      # noqa: E402

os.environ.update(FAKE_KEY=KEY, FAKE_IDENTITY='AKID', FAKE_TOKEN='session-4711')

SERVERS = [name for name, protocol in PROTOCOLS.items() if not protocol.local]


class Asking(unittest.TestCase):
    def check(self, configuration):
        workspace = Workspace(configuration)
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
            workspace = Workspace(services.sections(['google', 'deepl']))
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
