"""The embedded engine stays the last resort of the default route when services are added."""
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import SOME_SOURCE, Workspace, SAMPLES, files_source                     # noqa: E402

SPANISH = os.path.join(SAMPLES, 'articles', 'es-train.html')
QUICK = 'attempts = 1\nmax_wait = 0s\n'


def status(code, words='no'):
    return lambda n, texts: (code, {'Content-Type': 'application/json'}, json.dumps({'error': words}).encode())


class LastResort(unittest.TestCase):
    def run_with(self, fault=lambda n, texts: None, more='', service=QUICK, sources=files_source(SPANISH)):
        fake = FakeService(fault)
        workspace = Workspace('[service "fake"]\nkind = libretranslate\nurl = %s\n%s%s%s' % (fake.url, service, more, sources))
        self.addCleanup(fake.close)
        self.addCleanup(workspace.close)
        self.result, self.fake = workspace.call('run'), fake
        return workspace

    def services(self, workspace):
        return sorted(p['service'] for r in workspace.records().values() for p in r.get('providers', []))

    def test_while_a_service_works_the_embedded_engine_is_not_used(self):
        workspace = self.run_with()
        self.assertEqual((self.result.returncode, self.services(workspace)), (0, ['fake']))

    def test_a_refusal_goes_on_to_the_embedded_engine(self):
        for code in 400, 401, 403:
            with self.subTest(code):
                workspace = self.run_with(status(code))
                self.assertEqual(self.services(workspace), ['apertium'])
                self.assertGreater(self.fake.requests, 0)

    def test_a_worthless_answer_goes_on_to_the_embedded_engine(self):
        for fault in (lambda n, texts: (200, {}, json.dumps({'translatedText': texts}).encode()),
                      lambda n, texts: (200, {}, json.dumps({'translatedText': ['Совсем другой текст о погоде на море.'] * len(texts)}).encode())):
            self.assertIn('apertium', self.services(self.run_with(fault)))

    def test_at_a_cap_the_embedded_engine_takes_over_unless_configured_to_wait(self):
        cap = QUICK + 'characters_per_day = 60\n'
        workspace = self.run_with(service=cap)
        self.assertIn('apertium', self.services(workspace))
        self.assertEqual(self.result.returncode, 0)
        self.assertEqual(self.run_with(service=cap, more='[budget]\nwhen_reached = wait\n').status()['waiting'], 1)

    def test_in_an_outage_the_article_waits(self):
        for code in 500, 503, 429:
            with self.subTest(code):
                workspace = self.run_with(status(code))
                self.assertEqual((self.services(workspace), workspace.status()['waiting']), ([], 1))

    def test_a_web_page_is_reported_as_a_wrong_address_and_the_engine_used(self):
        self.assertEqual(self.services(self.run_with(lambda n, texts: (200, {}, b'<html>maintenance</html>'))), ['apertium'])

    def test_garbage_is_an_outage(self):
        workspace = self.run_with(lambda n, texts: (200, {}, b'{"translatedText": ["wor'))
        self.assertEqual((self.services(workspace), workspace.status()['waiting']), ([], 1))

    def test_when_nobody_answers_the_article_waits(self):
        fake = FakeService()
        fake.close()
        workspace = Workspace('[service "fake"]\nkind = libretranslate\nurl = %s\n%s%s' % (fake.url, QUICK, files_source(SPANISH)))
        self.addCleanup(workspace.close)
        workspace.call('run')
        self.assertEqual((self.services(workspace), workspace.status()['waiting']), ([], 1))

    def test_a_route_that_names_the_engine_uses_it_in_an_outage_as_well(self):
        workspace = self.run_with(status(503), more='[route "default"]\nservices = fake apertium\n')
        self.assertEqual(self.services(workspace), ['apertium'])

    def test_a_route_that_leaves_the_engine_out_never_uses_it(self):
        workspace = self.run_with(status(403), more='[route "default"]\nservices = fake\n')
        self.assertEqual(self.services(workspace), [])

    def test_a_section_written_by_the_user_keeps_its_position(self):
        for name in 'apertium', 'local':
            workspace = self.run_with(more='[service "%s"]\nkind = apertium\n' % name)
            self.assertEqual(self.services(workspace), ['fake'])
            listed = workspace.call('services').stdout.decode().split('configured:')[1]
            self.assertEqual([line.split()[0] for line in listed.strip().splitlines()], ['fake', name])

    def test_another_service_with_that_name_does_not_displace_it(self):
        fake = FakeService(status(403))
        self.addCleanup(fake.close)
        workspace = Workspace('[service "apertium"]\nkind = libretranslate\nurl = %s\n%s%s' % (fake.url, QUICK, files_source(SPANISH)))
        self.addCleanup(workspace.close)
        workspace.call('run')
        self.assertEqual(self.services(workspace), ['embedded'])

    def test_a_failing_service_after_a_working_one_is_named(self):
        for code in 400, 403, 503:
            with self.subTest(code):
                good = FakeService()
                self.addCleanup(good.close)
                workspace = self.run_with(status(code, 'out of order'), more='[service "good"]\nkind = libretranslate\nurl = %s\n' % good.url)
                self.assertEqual((self.result.returncode, self.services(workspace)), (0, ['good']))
                wanted = r'service fake failed (\d+) of \1 requests?: .*%d.*; good took its place' % code
                self.assertRegex(self.result.stderr.decode(), wanted)
                day = os.path.join(workspace.out, workspace.days()[0])
                with open(os.path.join(day, 'report.json'), encoding='utf8') as f:
                    report = json.load(f)
                limiter = next(l for l in report['limiters'] if l['name'] == 'service fake')
                self.assertEqual((limiter['failed'], limiter['good']), (self.fake.requests, 0))
                self.assertIn('service fake', [n['where'] for n in report['notes']])
                with open(os.path.join(day, 'index.html'), encoding='utf8') as f:
                    self.assertRegex(f.read(), r'<b>fake</b> failing since .* answered %d' % code)

    def test_a_successful_retry_is_not_reported(self):
        self.run_with(lambda n, texts: (503, {}, b'busy') if n == 1 else None, service='')
        self.assertEqual((self.result.returncode, self.result.stderr), (0, b''))

    def test_an_unreliable_service_is_named_with_its_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, '%d.txt' % n) for n in range(12)]
            for n, path in enumerate(paths):
                with open(path, 'w', encoding='utf8') as f:
                    f.write('El barrio %d estrena su plaza\n\nLa plaza %d del barrio abre hoy después de muchos meses de obras.\n' % (n, n))
            workspace = self.run_with(lambda n, texts: (503, {'Retry-After': '0'}, b'busy') if n in (3, 6, 9, 12) else None,
                                      service='concurrency = 1\n', sources=files_source(*paths))
        self.assertEqual((self.result.returncode, self.result.stderr), (0, b''))
        told = r'4 of 16 requests failed; the last error was: service fake answered 503 \(the service has an internal error\): busy'
        day = os.path.join(workspace.out, workspace.days()[0])
        with open(os.path.join(day, 'index.html'), encoding='utf8') as f:
            self.assertRegex(f.read(), r'<b>fake</b> .*' + told)
        with open(os.path.join(day, 'report.json'), encoding='utf8') as f:
            notes = json.load(f)['notes']
        self.assertIn('failed 4 of 16 requests', next(n['what'] for n in notes if n['where'] == 'service fake'))

    def check(self, configuration):
        workspace = Workspace(configuration + SOME_SOURCE)
        self.addCleanup(workspace.close)
        return workspace.call('check-config')

    def test_check_config_names_languages_without_a_service(self):
        told = self.check('[service "fake"]\nkind = libretranslate\nurl = http://127.0.0.1:1\n')
        self.assertEqual(told.returncode, 0, told.stderr)
        line = next(l for l in told.stdout.decode().splitlines() if l.startswith('no service translates: '))
        codes = line.split(': ')[1].split(' (')[0].split()
        self.assertIn('am', codes)
        for served in 'uk', 'pl', 'es', 'bg', 'en':
            self.assertNotIn(served, codes)
        self.assertNotIn('pt-BR', codes)        # as pt is served
        self.assertIn('(%d languages)' % len(codes), line)
        self.assertIn(b'1 service and the embedded engine', told.stdout)

    def test_check_config_is_silent_if_every_language_has_a_service(self):
        told = self.check('[service "m"]\nkind = ollama\nmodel = m\n')
        self.assertEqual((told.returncode, b'no service translates' in told.stdout), (0, False), told.stderr)

    def test_check_config_reports_routes_that_lead_nowhere(self):
        for route, code in (('[route "am"]\nservices = apertium\n', 'am'), ('[route "x"]\nlanguages = es th\nservices = apertium\n', 'th'),
                            ('[route "x"]\nlanguages = uk\nservices = fake\n[service "fake"]\nkind = apy\nlanguages = pl\nurl = http://127.0.0.1:1\n', 'uk')):
            told = self.check(route)
            self.assertEqual(told.returncode, 78, told.stdout)
            self.assertIn("translates '%s' to English" % code, told.stderr.decode())


if __name__ == '__main__':
    unittest.main()
