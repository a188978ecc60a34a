"""A service that misbehaves in every known way: nothing is lost, mixed up or paid for twice, and only translations are shown as
translations."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace, SAMPLES, files_source, is_sentence             # noqa: E402

ARTICLE = os.path.join(SAMPLES, 'articles', 'es-train.html')


def workspace_for(service, more=''):
    return Workspace('[service "fake"]\nkind = libretranslate\nurl = %s\nconcurrency = 4\n%s%s%s'
                     % (service.url, more, '' if '[route' in more else '[route "default"]\nservices = fake\n', files_source(ARTICLE)))


class Faults(unittest.TestCase):
    def run_with(self, fault, **options):
        service = FakeService(fault)
        workspace = workspace_for(service, options.get('more', ''))
        result = workspace.call('run')
        status, records = workspace.status(), list(workspace.records().values())
        workspace.close()
        service.close()
        return service, result, status, records

    def assert_complete(self, service, result, records):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(records[0]['status'], 'complete')
        self.assertEqual(len(service.bills), len(set(service.bills)))

    def test_without_a_fault(self):
        service, result, _, records = self.run_with(lambda n, texts: None)
        self.assert_complete(service, result, records)
        for block in records[0]['body']:
            for segment in block['segments']:
                if any(c.isalpha() for c in segment['source']):
                    self.assertEqual(segment['target'], service.translate(segment['source']))

    def test_503_and_429_are_retried(self):
        answers = {1: (503, {}, b'busy'), 2: (429, {'Retry-After': '0'}, b'{"error":"Slowdown"}')}
        service, result, _, records = self.run_with(lambda n, texts: answers.get(n))
        self.assert_complete(service, result, records)

    def test_a_truncated_answer_is_retried(self):
        service, result, _, records = self.run_with(
            lambda n, texts: (200, {'Content-Length': '5000'}, b'{"translatedText":["wor') if n == 1 else None)
        self.assert_complete(service, result, records)

    def test_a_web_page_with_200_is_not_a_translation(self):
        _, result, status, records = self.run_with(lambda n, texts: (200, {}, b'<html>maintenance</html>'))
        self.assertEqual((result.returncode, status['waiting'], records), (69, 1, []))

    def test_one_emoji_is_not_a_translation(self):
        _, _, status, records = self.run_with(lambda n, texts: (200, {}, '{"translatedText":"\U0001F600"}'.encode()))
        self.assertEqual((status['waiting'], records), (1, []))

    def test_a_dropped_tail_is_requested_one_by_one(self):
        import json
        service, result, _, records = self.run_with(
            lambda n, texts: (200, {}, json.dumps({'translatedText': ['x'] * (len(texts) - 1)}).encode()) if len(texts) > 1 else None)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(records[0]['status'], 'complete')

    def test_an_echo_is_not_shown_as_a_translation(self):
        import json
        _, _, _, records = self.run_with(lambda n, texts: (200, {}, json.dumps({'translatedText': texts}).encode()))
        for record in records:
            for block in record['body']:
                for segment in block['segments']:
                    self.assertFalse(is_sentence(segment['source']) and segment['status'] == 'ok')

    def test_a_wrong_key_closes_the_service_and_the_article_waits(self):
        service, result, status, _ = self.run_with(lambda n, texts: (403, {}, b'{"error":"Invalid API key"}'))
        self.assertEqual((result.returncode, status['waiting'], service.requests), (69, 1, 1))

    def test_waiting_articles_are_completed_in_the_next_run(self):
        down = [True]
        service = FakeService(lambda n, texts: (403, {}, b'{"error":"no"}') if down[0] else None)
        workspace = workspace_for(service)
        self.assertEqual(workspace.call('run').returncode, 69)
        down[0] = False
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual(list(workspace.records().values())[0]['status'], 'complete')
        workspace.close()
        service.close()

    def test_the_next_service_of_the_route_takes_over(self):
        service, result, _, records = self.run_with(
            lambda n, texts: (403, {}, b'{"error":"no"}'),
            more='[service "apertium"]\n[route "default"]\nservices = fake apertium\n')
        self.assertEqual(result.returncode, 0)
        self.assertEqual([m['service'] for m in records[0]['providers']], ['apertium'])



class Long(unittest.TestCase):
    """Articles that would use up a run: what is left out is told, and what is sent has a limit."""

    def run_with(self, more, article, service=None):
        service = service or FakeService()
        self.addCleanup(service.close)
        workspace = Workspace('[source "list"]\nkind = ndjson\npath = list.ndjson\n[dedupe]\ndays = 0\n[service "fake"]\nkind = libretranslate\nurl = %s\n'
                              '[route "default"]\nservices = fake\n%s' % (service.url, more))
        self.addCleanup(workspace.close)
        with open(os.path.join(workspace.folder, 'list.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps(dict({'id': 'long', 'language': {'code': 'es'}, 'title': {'source': 'El puente de la ciudad'}}, **article)) + '\n')
        result = workspace.call('run')
        return workspace, service, result, list(workspace.records().values())[0]

    @staticmethod
    def paragraphs(count):
        return [{'kind': 'paragraph', 'text': 'La obra número %d del puente avanza según el plan de la ciudad.' % n} for n in range(count)]

    def sources(self, record):
        return [s['source'] for b in record['body'] for s in b['segments']]

    def page_of(self, workspace):
        with open(os.path.join(workspace.out, workspace.days()[0], 'digest.md'), encoding='utf8') as f:
            return f.read()

    def test_paragraphs(self):
        workspace, service, result, record = self.run_with('[segment]\nmax_paragraphs = 20\n', {'body': self.paragraphs(5000)})
        note = 'The article has 5000 paragraphs, of which only 20 are kept (segment.max_paragraphs).'
        self.assertEqual((result.returncode, record['status'], record['evidence']['note']), (0, 'partial', note))
        self.assertEqual(len(self.sources(record)), 20)
        self.assertEqual(len(service.bills), 21)
        self.assertIn('max\\_paragraphs', self.page_of(workspace))

    def test_the_default_is_enough_for_any_article_and_too_little_for_a_book(self):
        _, service, _, record = self.run_with('', {'body': [{'kind': 'paragraph', 'text': ' '.join(p['text'] for p in self.paragraphs(12000))}]})
        self.assertEqual(record['status'], 'partial')
        self.assertIn('more than 300000 characters', record['evidence']['note'])
        self.assertTrue(290000 < sum(len(t) for t in self.sources(record)) <= 300000)
        self.assertLess(sum(len(t) for t in service.bills), 301000)

    def test_headline_and_authors(self):
        _, service, _, record = self.run_with('', {'body': self.paragraphs(2), 'title': {'source': 'puente ' * 150000},
                                                   'authors': ['Ana Rey %d' % n for n in range(10000)]})
        self.assertEqual((record['status'], len(record['authors'])), ('partial', 100))
        self.assertLessEqual(len(record['title']['source']), 1000)
        self.assertIn('The headline has 1050000 characters', record['evidence']['note'])
        self.assertIn('The article names 10000 authors', record['evidence']['note'])
        self.assertLess(sum(len(t) for t in service.bills), 1200)

    def test_a_page_with_many_authors(self):
        """Authors that are taken from a page have a limit of their own."""
        names = [first + ' ' + last for first in ('Ana', 'Luis', 'Eva', 'Juan') for last in ('Rey', 'Mar', 'Sol', 'Paz')]
        for count in 3, 16:
            workspace = Workspace(files_source('page.html') + '[route "default"]\nservices = apertium\n')
            self.addCleanup(workspace.close)
            with open(os.path.join(workspace.folder, 'page.html'), 'w', encoding='utf8') as f:
                f.write('<html lang="es"><head><title>El puente</title><script type="application/ld+json">%s</script></head><body><article><h1>El puente</h1>%s'
                        '</article></body></html>' % (json.dumps({'@type': 'NewsArticle', 'author': [{'@type': 'Person', 'name': n} for n in names[:count]]}),
                                                      ''.join('<p>%s</p>' % p['text'] for p in self.paragraphs(3))))
            record = json.loads(workspace.call('show', '--until', 'segment', os.path.join(workspace.folder, 'page.html')).stdout)
            self.assertEqual(record['authors'], names[:count][:12])
            self.assertEqual('more authors than are listed' in record['evidence'].get('note', ''), count > 12)

    def test_requests(self):
        """A service that refuses everything but single texts, and an article that may send four requests."""
        service = FakeService(lambda n, texts: (413, {}, b'{"error":"too many texts"}') if len(texts) > 1 else None)
        _, service, result, record = self.run_with('[translate]\nmax_requests = 9\n', {'body': self.paragraphs(40)}, service)
        self.assertEqual((service.requests, record['status']), (9, 'partial'))
        statuses = [s['status'] for b in record['body'] for s in b['segments']]
        self.assertTrue(0 < len(service.bills) < 9 and statuses.count('failed') > 30)
        reasons = {f['message'] for b in record['body'] for s in b['segments'] if s['status'] == 'failed' for f in s['findings']}
        self.assertEqual(reasons, {'this article has used up its 9 requests (translate.max_requests)'})
        self.assertEqual(result.returncode, 0)

    def test_a_retry_asks_for_the_rest(self):
        workspace, service, _, record = self.run_with('[translate]\nmax_requests = 1\n', {'body': self.paragraphs(200)})
        self.assertEqual((service.requests, record['status']), (1, 'partial'))
        with open(workspace.config, encoding='utf8') as f:
            text = f.read()
        with open(workspace.config, 'w', encoding='utf8') as f:
            f.write(text.replace('max_requests = 1\n', 'max_requests = 100\n'))
        self.assertIn(b'1 article will be tried again', workspace.call('retry').stdout)
        self.assertEqual(workspace.call('run').returncode, 0)
        record = list(workspace.records().values())[0]
        self.assertEqual((record['status'], len(service.bills), len(set(service.bills))), ('complete', 201, 201))


if __name__ == '__main__':
    unittest.main()
