"""Which services are asked, in which order, and whose answer is kept."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace, SAMPLES, files_source                          # noqa: E402

ARTICLE = os.path.join(SAMPLES, 'articles', 'es-train.html')


def echo(_, texts):
    return 200, {}, json.dumps({'translatedText': texts}).encode()


def services(**by_name):
    return ''.join('[service "%s"]\nkind = libretranslate\nurl = %s\n' % (name, s.url) for name, s in by_name.items())


def segments(record):
    return [s for block in record['body'] for s in block['segments']]


class Routes(unittest.TestCase):
    def run_workspace(self, configuration):
        workspace = Workspace(configuration + files_source(ARTICLE))
        result = workspace.call('run')
        records = list(workspace.records().values())
        workspace.close()
        return result, records

    def providers_of(self, configuration):
        result, records = self.run_workspace(configuration)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [m['service'] for m in records[0]['providers']]

    def test_routes_for_sources_precede_those_for_languages_and_the_default(self):
        one, two, three = FakeService(), FakeService(), FakeService()
        all_three = services(one=one, two=two, three=three)
        default = '[route "default"]\nservices = one\n'
        language = '[route "es"]\nservices = two\n'
        source = '[route "mine"]\nsources = files\nservices = three\n'
        other = '[route "theirs"]\nsources = other\nservices = one\n'
        self.assertEqual(self.providers_of(all_three + default), ['one'])
        self.assertEqual(self.providers_of(all_three + default + language), ['two'])
        self.assertEqual(self.providers_of(all_three + other + default + language + source), ['three'])
        for service in one, two, three:
            service.close()

    def test_a_route_without_services_is_rejected(self):
        one = FakeService()
        result, _ = self.run_workspace(services(one=one) + '[route "es"]\nservices = oen\n')
        self.assertEqual(result.returncode, 78)
        self.assertIn(b"'oen'", result.stderr)
        self.assertEqual(one.requests, 0)
        one.close()


class SecondOpinion(unittest.TestCase):
    def run_with(self, first, second):
        one, two = FakeService(first), FakeService(second)
        workspace = Workspace(services(one=one, two=two) + '[route "default"]\nservices = one two\n' + files_source(ARTICLE))
        result = workspace.call('run')
        records = list(workspace.records().values())
        workspace.close()
        one.close()
        two.close()
        return one, two, result, records[0] if records else None

    def test_the_better_answer_is_kept_and_both_are_named(self):
        _, _, result, record = self.run_with(echo, lambda n, texts: None)
        self.assertEqual((result.returncode, record['status']), (0, 'complete'))
        self.assertEqual([m['service'] for m in record['providers']], ['one', 'two'])
        asked_twice = [s for s in segments(record) if any(f['check'] == 'second-opinion' for f in s.get('findings', []))]
        self.assertGreater(len(asked_twice), 3)
        for segment in asked_twice:
            self.assertEqual(record['providers'][segment['translated_by']]['service'], 'two')
            note = next(f['message'] for f in segment['findings'] if f['check'] == 'second-opinion')
            self.assertIn('one', note)
            self.assertIn('two', note)

    def test_a_good_answer_is_not_requested_twice(self):
        _, two, _, record = self.run_with(lambda n, texts: None, lambda n, texts: None)
        self.assertEqual(two.requests, 0)
        self.assertEqual(len(record['providers']), 1)

    def test_two_worthless_services_are_closed_and_the_article_waits(self):
        one, two, result, record = self.run_with(echo, echo)
        self.assertEqual((result.returncode, record), (69, None))
        self.assertLessEqual(two.requests, one.requests)
        self.assertIn(b"no usable translations from 'es'", result.stderr)

    def last_of_three(self, first, second):
        fakes = FakeService(first), FakeService(second), FakeService()
        workspace = Workspace(services(one=fakes[0], two=fakes[1], three=fakes[2]) +
                              '[route "default"]\nservices = one two three\n' + files_source(ARTICLE))
        for thing in (workspace,) + fakes:
            self.addCleanup(thing.close)
        result = workspace.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        record, = workspace.records().values()
        self.assertEqual(record['status'], 'complete')
        return fakes, {record['providers'][s['translated_by']]['service'] for s in segments(record) if 'translated_by' in s}

    def test_after_two_worthless_answers_the_third_service_is_used(self):
        _, by = self.last_of_three(echo, echo)
        self.assertIn('three', by)

    def test_the_third_service_is_used_after_a_wrong_text_and_an_echo(self):
        _, by = self.last_of_three(other_text, echo)
        self.assertIn('three', by)

    def test_the_third_service_is_not_used_if_the_second_is_good(self):
        fakes, by = self.last_of_three(echo, lambda n, texts: None)
        self.assertIn('two', by)
        self.assertEqual(fakes[2].requests, 0)

    def test_never_is_observed(self):
        one, two = FakeService(echo), FakeService()
        workspace = Workspace(services(one=one, two=two) + '[route "default"]\nservices = one two\nsecond_opinion = never\n' + files_source(ARTICLE))
        workspace.call('run')
        self.assertEqual(two.requests, 0)
        workspace.close()
        one.close()
        two.close()

    def test_a_bad_answer_is_not_remembered(self):
        shared = 'El ayuntamiento abrirá la piscina municipal el próximo sábado por la mañana.'
        others = ('La biblioteca del centro estrena hoy una sala de lectura para niños pequeños.',
                  'Los bomberos apagaron de madrugada un incendio en un almacén de muebles viejos.')
        bad = [True]
        one = FakeService(lambda n, texts: echo(n, texts) if bad[0] else None)
        workspace = Workspace(services(one=one))
        for number, other in enumerate(others):
            path = os.path.join(workspace.folder, '%d.txt' % number)
            with open(path, 'w', encoding='utf8') as f:
                f.write('Noticia número %s\n\n%s\n\n%s\n' % ('dos' if number else 'uno', other, shared))
            workspace.call('--set', 'source.files.kind=files', '--set', 'source.files.path=' + path, 'run')
            bad[0] = False
        self.assertIn(shared, one.bills)
        workspace.close()
        one.close()


def status(code, words='no'):
    return lambda n, texts: (code, {'Content-Type': 'application/json'}, json.dumps({'error': words}).encode())


class RejectedAndOutOfReach(unittest.TestCase):
    """The checks reject one service's answer and another service of the route is not available: the article waits for the latter."""

    def start(self, route, more='', **faults):
        self.fakes = {name: FakeService(fault) for name, fault in faults.items()}
        sections = ''.join('[service "%s"]\nkind = libretranslate\nurl = %s\nattempts = 1\nmax_wait = 0s\n%s' %
                           (name, fake.url, more if name == 'b' else '') for name, fake in self.fakes.items())
        self.workspace = Workspace(sections + '[route "default"]\nservices = %s\n%s' % (route, files_source(ARTICLE)))
        self.addCleanup(self.workspace.close)
        for fake in self.fakes.values():
            self.addCleanup(fake.close)

    def assert_waits_then_ends(self, mend, asked_again=0):
        for _ in range(2):
            result = self.workspace.call('run')
            state = self.workspace.status()
            self.assertEqual((result.returncode, state['waiting'], state['failed']), (69, 1, 0), result.stderr)
            self.assertNotIn(b'took its place', result.stderr)
        asked = self.fakes['a'].requests
        mend()
        result = self.workspace.call('run')
        record, = self.workspace.records().values()
        self.assertEqual((result.returncode, record['status']), (0, 'complete'), result.stderr)
        self.assertEqual(self.fakes['a'].requests, asked + asked_again)
        used = {record['providers'][s['translated_by']]['service'] for s in segments(record) if s.get('translated_by') is not None}
        self.assertIn('b', used)

    def test_an_unavailable_service_after_it(self):
        for code in 503, 401, 402, 429:
            with self.subTest(code):
                down = [True]
                self.start('a b', a=echo, b=lambda n, texts: status(code)(n, texts) if down[0] else None)
                self.assert_waits_then_ends(lambda: down.__setitem__(0, False))
                self.assertEqual(self.fakes['a'].requests, 1)

    def test_an_unavailable_service_before_it(self):
        down = [True]
        self.start('b a', a=echo, b=lambda n, texts: status(403)(n, texts) if down[0] else None)
        self.assert_waits_then_ends(lambda: down.__setitem__(0, False))

    def test_an_unavailable_service_between_two(self):
        down = [True]
        self.start('a b c', a=echo, b=lambda n, texts: status(500)(n, texts) if down[0] else None, c=echo)
        self.assert_waits_then_ends(lambda: down.__setitem__(0, False))

    def test_a_service_at_its_cap(self):
        self.start('a b', more='characters_per_day = 5\n', a=echo, b=lambda n, texts: None)

        def raise_cap():
            with open(self.workspace.config, encoding='utf8') as f:
                text = f.read()
            with open(self.workspace.config, 'w', encoding='utf8') as f:
                f.write(text.replace('characters_per_day = 5\n', 'characters_per_day = 50000\n'))
        self.assert_waits_then_ends(raise_cap)

    def test_a_cap_is_named_once(self):
        self.start('a b', more='characters_per_day = 5\n', a=echo, b=lambda n, texts: None)
        self.assertEqual(self.workspace.call('run').stderr.count(b'characters_per_day = 5'), 1)

    def test_a_cap_is_named_even_if_no_article_waits_for_it(self):
        self.start('b a', more='characters_per_day = 5\n', a=lambda n, texts: None, b=lambda n, texts: None)
        result = self.workspace.call('--log', 'text', 'run')
        self.assertEqual(result.returncode, 0)
        self.assertIn(b'1 complete; characters_per_day = 5 characters of', result.stderr)

    def test_a_cap_is_reported_once_if_the_embedded_engine_takes_over(self):
        service = FakeService()
        self.addCleanup(service.close)
        for cap in 'characters_per_day = 5', 'characters_per_month = 7', 'cost_per_day = 0.000001\nprice = 1000':
            with self.subTest(cap):
                workspace = Workspace('[budget]\nwhen_reached = next\n[service "b"]\nkind = libretranslate\nurl = %s\n%s\n' % (service.url, cap)
                                      + '[source "files"]\nkind = files\npath = %s\n' % ARTICLE)
                self.addCleanup(workspace.close)
                name = cap.split(' ')[0].encode()
                first, path = workspace.call('run'), os.path.join(workspace.folder, 'more.txt')
                self.assertEqual((first.returncode, first.stderr.count(name)), (0, 1), first.stderr)
                page = next(os.path.join(p, 'index.html') for p, _, names in os.walk(workspace.out) if 'check.html' in names)
                with open(page, encoding='utf8') as f:
                    self.assertIn(name.decode(), f.read())
                with open(path, 'w', encoding='utf8') as f:
                    f.write('Otra noticia del día\n\nLos vecinos esperaban desde hace meses la noticia del puente.\n')
                with open(workspace.config, 'a', encoding='utf8') as f:
                    f.write('[source "more"]\nkind = files\npath = %s\n' % path)
                again = workspace.call('run')
                self.assertEqual((again.returncode, again.stderr, len(workspace.records())), (0, b'', 2))

    def test_only_services_that_translated_are_named_as_replacements(self):
        self.start('c b a', a=lambda n, texts: None, b=echo, c=status(401))
        result = self.workspace.call('run')
        self.assertEqual(len(self.workspace.records()), 1, result.stderr)
        self.assertRegex(result.stderr, rb'service c failed 1 of 1 request: .*; (a|a, b|b, a) took its place')
        self.start('a c', a=lambda n, texts: None, c=status(401))
        self.assertNotIn(b'took its place', self.workspace.call('run').stderr)

    def test_a_good_answer_is_used_although_another_service_is_down(self):
        self.start('b a', a=lambda n, texts: None, b=status(503))
        result = self.workspace.call('run')
        self.assertEqual((result.returncode, len(self.workspace.records())), (0, 1), result.stderr)
        self.assertIn(b'; a took its place', result.stderr)


def same(words):
    return lambda n, texts: (200, {}, json.dumps({'translatedText': [words] * len(texts)}).encode())


def other_text(_, texts):
    return 200, {}, json.dumps({'translatedText': ['Совсем другой текст о погоде на море.' for _ in texts]}).encode()


class Worthless(unittest.TestCase):
    """A service with worthless answers costs few requests and no article, in this run and in later ones."""

    ARTICLES = 12

    def start(self, fault, more='', route='one'):
        self.fault = fault
        self.one = FakeService(lambda n, texts: self.fault and self.fault(n, texts), delay=0.02)
        self.two = FakeService()
        self.workspace = Workspace(services(one=self.one, two=self.two) + '[route "default"]\nservices = %s\n%s' % (route, more))
        for thing in self.workspace, self.one, self.two:
            self.addCleanup(thing.close)
        os.makedirs(os.path.join(self.workspace.folder, 'news'))
        for n in range(self.ARTICLES):
            self.add(n)
        with open(self.workspace.config, 'a', encoding='utf8') as f:
            f.write('[source "files"]\nkind = files\npath = %s\n' % os.path.join(self.workspace.folder, 'news'))

    def add(self, n):
        places = 'plaza puente mercado museo estadio teatro parque puerto hospital colegio cine archivo jardín faro'.split()
        with open(os.path.join(self.workspace.folder, 'news', '%02d.txt' % n), 'w', encoding='utf8') as f:
            f.write('El %s abre de nuevo sus puertas al público\n\nLos vecinos esperaban desde hace %d meses la noticia.\n\n'
                    'Según la alcaldesa, las obras del %s costaron menos de lo previsto gracias a la ayuda de todos.\n' %
                    (places[n], n + 3, places[n]))

    def run_it(self, code, waiting, most, done=0):
        before = self.one.requests
        result = self.workspace.call('--set', 'run.in_flight=4', 'run')
        state = self.workspace.status()
        self.assertEqual((result.returncode, state['waiting'], state['failed'], state['done']), (code, waiting, 0, done), result.stderr)
        self.assertLessEqual(self.one.requests - before, most)
        return result, state

    def last_through(self, fault):
        self.start(fault)
        result, _ = self.run_it(69, self.ARTICLES, 8)
        self.assertRegex(result.stderr, b"service one (gives|has given) no usable translations from 'es'")
        for run in range(2):
            result, state = self.run_it(69, self.ARTICLES, 1)
            closing, = state['closed_services']
            self.assertEqual((closing['service'], closing['language']), ('one', 'es'))
        self.assertIn(b"service one gets only one request per run for 'es' since", self.workspace.call('status').stdout)
        page = next(os.path.join(p, 'index.html') for p, _, names in os.walk(self.workspace.out) if 'check.html' in names)
        with open(page, encoding='utf8') as f:
            self.assertIn('<b>one</b> failing since ', f.read())
        self.fault = None
        self.run_it(0, 0, 3 * self.ARTICLES, done=self.ARTICLES)
        self.assertEqual(self.workspace.status()['closed_services'], [])
        for record in self.workspace.records().values():
            self.assertEqual(record['status'], 'complete')
            self.assertNotIn('Yes.', [s['target'] for s in segments(record)])

    def test_an_echo(self):
        self.last_through(echo)

    def test_a_different_text(self):
        self.last_through(other_text)

    def test_a_canned_answer(self):
        self.last_through(same('Yes.'))

    def test_a_canned_sentence(self):
        self.last_through(same('I am glad to be of help to you today'))

    def test_the_rest_of_the_route_is_used(self):
        self.start(echo, more='second_opinion = never\n', route='one two')
        self.workspace.call('--set', 'run.in_flight=4', 'run')
        result = self.workspace.call('--set', 'run.in_flight=4', 'run')
        state = self.workspace.status()
        self.assertEqual((state['waiting'], state['failed'], state['done']), (0, 0, self.ARTICLES), result.stderr)

    def test_its_replacement_is_reported(self):
        self.start(echo, route='one two')
        result, _ = self.run_it(0, 0, self.ARTICLES, done=self.ARTICLES)
        self.assertRegex(result.stderr, b"; service one gives no usable translations from 'es': .*; two took its place")


def empty(_, texts):
    return 200, {}, json.dumps({'translatedText': ['' for _ in texts]}).encode()


def but_for(number, fault):
    """Returns a fault that sets in after this request."""
    return lambda n, texts: fault(n, texts) if n > number else None


class FewTexts(Worthless):
    """Articles with few texts per run, which only together show that a service is useless."""

    ARTICLES = 0
    RUNS = 6

    def run_each(self, most, state=lambda number: (69, number, 0)):
        """Adds an article before each run. `state` returns exit code, waiting and failed for a number of articles."""
        said = b''
        for number in range(1, self.RUNS + 1):
            self.add(number)
            before = self.one.requests
            result = self.workspace.call('run')
            status = self.workspace.status()
            self.assertEqual((result.returncode, status['waiting'], status['failed']), state(number), result.stderr)
            self.assertLessEqual(self.one.requests - before, most(number))
            said += result.stderr
        return said, status

    def wait_for(self, fault, most=lambda number: number, last=1):
        self.start(fault)
        said, status = self.run_each(lambda number: most(number) if number < 5 else last)
        self.assertIn(b"service one has given no usable translations from 'es' so far (", said)
        self.assertIn(b"service one gives no usable translations from 'es': ", said)
        self.assertEqual([c['service'] for c in status['closed_services']], ['one'])
        self.fault = None
        self.run_it(0, 0, 3 * self.RUNS, done=self.RUNS)
        for record in self.workspace.records().values():
            self.assertEqual(record['status'], 'complete')

    def test_an_echo(self):
        self.wait_for(echo)

    def test_a_different_text(self):
        self.wait_for(other_text)

    def test_an_empty_answer(self):
        self.wait_for(empty, most=lambda number: 4 * number, last=4)

    def test_a_service_that_was_good_before_lets_articles_fail_until_it_is_closed(self):
        for fault in echo, other_text, empty:
            with self.subTest(fault.__name__):
                self.start(but_for(1, fault))
                self.add(0)
                self.assertEqual(self.workspace.call('run').returncode, 0)
                self.add(1)
                result = self.workspace.call('run')
                status = self.workspace.status()
                self.assertEqual((result.returncode, status['waiting'], status['failed']), (3, 0, 1), result.stderr)

    def test_articles_that_failed_before_it_was_closed_wait(self):
        """The same with empty answers, in one run of articles that alone have too few texts to show it."""
        for fault in echo, empty:
            with self.subTest(fault.__name__):
                self.start(but_for(1, fault))
                self.add(0)
                self.assertEqual(self.workspace.call('run').returncode, 0)
                for number in range(1, 8):
                    self.add(number)
                result = self.workspace.call('--set', 'run.in_flight=1', 'run')
                status = self.workspace.status()
                self.assertEqual((result.returncode, status['waiting'], status['failed']), (69, 7, 0), result.stderr)

    def test_unchanged_names_prove_nothing(self):
        self.start(echo)
        for number in range(2):
            with open(os.path.join(self.workspace.folder, 'news', 'names%d.txt' % number), 'w', encoding='utf8') as f:
                f.write('Real Murcia – Osasuna\n\nLos vecinos de la calle %d esperaban la noticia con mucha ilusión.\n' % number)
            self.assertEqual(self.workspace.call('run').returncode, 69)
        self.assertEqual((self.workspace.status()['waiting'], self.workspace.status()['failed']), (2, 0))

    # the tests of the class above use many articles
    test_a_canned_answer = test_a_canned_sentence = test_the_rest_of_the_route_is_used = test_its_replacement_is_reported = None


if __name__ == '__main__':
    unittest.main()
