"""Every fault with every adapter: what happens to the article, how many requests it takes, and which service takes over.

Each run produces one fault with all services at once; each has its own article and route. If the article is not completed this
way, a second run adds a working service to every route, and that service must then have made the record."""
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeServices, FakeService, http_date, translate   # noqa: E402
from program import Workspace                                                    # noqa: E402
from protocol_fakes import KEY, PROTOCOLS                                         # noqa: E402

os.environ.update(FAKE_KEY=KEY, FAKE_IDENTITY='AKID', FAKE_TOKEN='session-4711')

TOWNS = ['Cáceres', 'Zamora', 'Lugo', 'Soria', 'Teruel', 'Cuenca', 'Huelva', 'Toledo', 'Segovia', 'Girona', 'Murcia', 'Burgos', 'Oviedo', 'Ceuta', 'Palencia', 'Zafra']
TRADES = ['sastres', 'panaderos', 'pescadores', 'maestros', 'carpinteros', 'libreros', 'taxistas', 'enfermeros', 'agricultores', 'relojeros', 'bomberos',
          'zapateros', 'jardineros', 'impresores', 'pintores', 'canteros']


def article_of(index):
    """Returns a short article in Spanish that differs from the others."""
    town, trade, number = TOWNS[index], TRADES[index], 20 + 3 * index
    return ('Los {t} de {c} piden ayuda al ayuntamiento\n\n'
            'Los {t} de {c} pidieron ayer al ayuntamiento que rebaje las tasas de los {n} puestos del mercado viejo. '
            'El concejal respondió que la propuesta se estudiará durante las próximas {m} semanas.\n\n'
            'La asociación local recuerda que {k} familias viven de este oficio y que muchas tiendas de {c} cerraron el año pasado. '
            'El alcalde visitará el barrio de los {t} cuando termine el invierno.\n').format(t=trade, c=town, n=number, m=4 + index % 5, k=number * 11)


class Matrix(unittest.TestCase):
    ONCE, NEVER = 1, 10 ** 9

    def run_all(self, play, rescue=False, names=tuple(PROTOCOLS), more='timeout = 20s\nattempts = 3\n'):
        """Runs all services with the faults of `play`. Returns {name: (outcome, requests, service that made it, note)}."""
        services, second = FakeServices(play), FakeService()
        text = services.sections(names, more) + '[service "rescue"]\nkind = libretranslate\nurl = %s\n' % second.url
        for name in names:
            text += '[source "for-%s"]\nkind = files\npath = %s.txt\n' % (name, name)
            text += '[route "%s"]\nsources = for-%s\nservices = %s%s\n' % (name, name, name, ' rescue' if rescue else '')
        workspace = Workspace(text)
        for index, name in enumerate(PROTOCOLS):
            with open(os.path.join(workspace.folder, name + '.txt'), 'w', encoding='utf8') as f:
                f.write(article_of(index))
        result = workspace.call('run')
        status, records = workspace.call('status').stdout.decode(), workspace.records().values()
        found = {name: self.outcome_of(name, records, status) for name in names}
        self.assertNotIn(KEY.encode(), result.stderr + result.stdout)
        self.assert_no_secret(workspace.out)
        workspace.close()
        services.close()
        second.close()
        self.assertEqual(services.complaints, [])
        return {name: (outcome, services.requests.get(name, 0), providers, note) for name, (outcome, providers, note) in found.items()}

    def outcome_of(self, name, records, status):
        for record in records:
            if record['url'].endswith('/%s.txt' % name):
                self.assert_honest(record)
                return record['status'], [m['service'] for m in record['providers']], ''
        waiting, _, dead = status.partition('failed (`dragoman retry')
        for outcome, text in ('waits', waiting), ('failed', dead):
            found = re.search(r'/%s\.txt\n +(.*)' % name, text)
            if found:
                return outcome, [], found.group(1)
        return 'lost', [], ''

    def assert_honest(self, record):
        """Asserts that nothing from a faulty answer is shown as a translation."""
        for block in record['body']:
            for segment in block['segments']:
                if segment['status'] == 'ok':
                    self.assertRegex(segment['target'], r'[Ww]orks')

    def assert_no_secret(self, folder):
        for path, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(path, name), 'rb') as f:
                    self.assertNotIn(KEY.encode(), f.read(), name)

    # ------------------------------------------------------------------ expectations

    def needed(self):
        """Returns the number of requests without a fault."""
        if not hasattr(Matrix, 'needs'):
            found = self.run_all(lambda *_: None)
            for name, (outcome, _, providers, note) in found.items():
                self.assertEqual((outcome, providers), ('complete', [name]), note)
            Matrix.needs = {name: requests for name, (_, requests, _, _) in found.items()}
        return Matrix.needs

    def assert_healed(self, answer, **options):
        """Asserts that a fault of the first request only is overcome by a retry."""
        needed = self.needed()
        found = self.run_all(lambda protocol, number, texts, request: answer(protocol) if number == 1 else None, **options)
        for name, (outcome, requests, providers, note) in found.items():
            with self.subTest(service=name):
                fault = answer(PROTOCOLS[name])
                self.assertEqual((outcome, providers), ('complete', [name]), note)
                self.assertEqual(requests, needed[name] + (1 if fault else 0))

    def assert_lasting(self, answer, outcome, requests=None, note=None, only=lambda protocol: True):
        """Asserts the outcome if every request has the fault, and that a second service in the route then makes the record."""
        names = tuple(n for n, s in PROTOCOLS.items() if only(s))
        play = lambda protocol, number, texts, request: answer(protocol, texts, request)  # noqa: E731
        for name, (got, count, _, said) in self.run_all(play, names=names).items():
            with self.subTest(service=name):
                self.assertEqual(got, outcome, said)
                if requests:
                    self.assertEqual(count, requests)
                if note:
                    self.assertRegex(said, note)
        for name, (got, _, providers, said) in self.run_all(play, rescue=True, names=names).items():
            with self.subTest(service=name, route='rescue'):
                self.assertEqual((got, providers[-1:]), ('complete', ['rescue']), said)

    @staticmethod
    def says(fault, headers=None):
        def answer(protocol, *_):
            words = protocol.words(fault)
            return Answer(words[0], words[1], dict(headers() if headers else {})) if words else None
        return answer

    @staticmethod
    def knows(fault):
        return lambda protocol: protocol.words(fault) is not None

    # ------------------------------------------------------------------ the matrix

    def test_no_fault(self):
        self.needed()

    def test_wrong_key(self):
        self.assert_lasting(self.says('wrong key'), 'waits', 1, 'refused|token|check', self.knows('wrong key'))

    def test_wrong_model(self):
        self.assert_lasting(self.says('no model'), 'waits', 1, 'check (model|terminology|project)|no such model', self.knows('no model'))

    def test_wrong_address(self):
        self.assert_lasting(lambda *_: Answer(404, b'<html>Not Found</html>'), 'waits', 1, 'check', lambda protocol: not protocol.local)

    def test_quota(self):
        self.assert_lasting(self.says('quota'), 'waits', 1, 'quota|credit|used up|characters|banned', self.knows('quota'))

    def test_unsupported_language(self):
        self.assert_lasting(self.says('language'), 'failed', None, 'languages', self.knows('language'))

    def test_throttled_for_seconds(self):
        self.assert_healed(self.says('throttled', lambda: {'Retry-After': '1'}))

    def test_throttled_until_a_date(self):
        self.assert_healed(self.says('throttled', lambda: {'Retry-After': http_date(1)}))

    def test_too_many_requests_in_plain_http(self):
        self.assert_healed(lambda protocol: Answer(429, b'', {'Retry-After': '1'}))

    def test_server_error(self):
        self.assert_healed(self.says('trouble'))

    def test_lasting_server_error(self):
        self.assert_lasting(self.says('trouble'), 'waits', 3, only=lambda protocol: not protocol.single)

    def test_unavailable(self):
        self.assert_healed(lambda protocol: Answer(503, b'Service Unavailable'))

    def test_timeout(self):
        self.assert_healed(lambda protocol: Answer(200, b'{}', hang=6), more='timeout = 3s\nattempts = 3\n')

    def test_truncated_body(self):
        self.assert_healed(lambda protocol: Answer(200, b'{"translations":[{"text":"wor', length=5000))

    def test_truncated_without_a_length(self):
        self.assert_healed(lambda protocol: Answer(200, b'{"translations":[{"text":"wor'))

    def test_web_page(self):
        self.assert_lasting(lambda *_: Answer(200, b'<!doctype html><title>Welcome</title>'), 'waits', 1, 'web page.*check url',
                            lambda protocol: not protocol.local)

    def test_empty_answer(self):
        self.assert_healed(lambda protocol: Answer(200, b''))

    def test_malformed_answer(self):
        self.assert_healed(lambda protocol: Answer(200, b'{malformed json: <<<chaos>>>'))

    def test_empty_translations(self):
        self.assert_lasting(lambda protocol, texts, request: Answer(200, protocol.good([''] * len(texts), request)), 'waits', None, 'empty|no translations')

    def test_one_emoji(self):
        self.assert_lasting(lambda protocol, texts, request: Answer(200, protocol.good(['\U0001F600'] * len(texts), request)), 'waits')

    def test_echo(self):
        self.assert_lasting(lambda protocol, texts, request: Answer(200, protocol.good(texts, request)), 'waits')

    def test_refusal(self):
        """One of the three texts may be the reason: each is asked for alone."""
        self.assert_lasting(lambda protocol, texts, request: Answer(200, protocol.reply('', 'refused')), 'failed', 4, 'refused|stopped with',
                            lambda protocol: protocol.model)

    def test_refusal_in_the_text(self):
        self.assert_lasting(lambda protocol, texts, request: Answer(200, protocol.reply("I'm sorry, but I can't help with that.", 'good')),
                            'failed', 4, 'refused', lambda protocol: protocol.model)

    def test_lasting_chatter_around_a_translation(self):
        self.assert_lasting(lambda protocol, texts, request: Answer(200, protocol.good(['Here is the translation: ' + t for t in texts], request)),
                            'waits', None, 'added remarks', lambda protocol: protocol.model)

    def test_wrong_count(self):
        """One translation is missing whenever several are requested, so they are requested one by one."""
        def play(protocol, number, texts, request):
            return Answer(200, protocol.good([translate(t) for t in texts[:-1]], request)) if len(texts) > 1 else None
        for name, (outcome, _, providers, note) in self.run_all(play).items():
            with self.subTest(service=name):
                self.assertEqual((outcome, providers), ('complete', [name]), note)

    # ------------------------------------------------------------------ programs

    @staticmethod
    def is_local(protocol):
        return protocol.local

    def test_a_program_that_always_dies(self):
        self.assert_lasting(lambda *_: Answer(500), 'waits', 3, r'exited without a reply \(.*\): the service behind the program answered 500', self.is_local)

    def test_a_program_that_writes_something_else(self):
        self.assert_lasting(lambda *_: Answer(200, b'loading: 30 %'), 'waits', 3, 'wrote something that is no reply', self.is_local)

    def test_a_program_that_answers_another_request(self):
        self.assert_lasting(lambda protocol, texts, request: Answer(200, {'id': 4711, 'translations': [translate(t) for t in texts]}), 'waits', 3,
                            'wrote something that is no reply', self.is_local)

    def test_a_program_that_writes_without_end(self):
        self.assert_lasting(lambda *_: Answer(200, b'x' * (1 << 20)), 'waits', 3, 'wrote a reply that is too large', self.is_local)

    def test_a_program_that_refuses_the_text(self):
        """One of the five sentences may be the reason: each is asked for alone."""
        self.assert_lasting(self.says('text'), 'failed', 6, 'refused this text', self.is_local)


def in_slices(count):
    """Most of the time is spent waiting for retries and timeouts, so slices of the tests run in parallel."""
    names = ['Matrix.' + name for name in unittest.defaultTestLoader.getTestCaseNames(Matrix)]
    slices = [subprocess.Popen([sys.executable, '-B', __file__, *names[i::count]]) for i in range(count)]
    return max([process.wait() for process in slices])


if __name__ == '__main__':
    if [word for word in sys.argv[1:] if not word.startswith('-')]:
        unittest.main()
    else:
        sys.exit(in_slices(5))
