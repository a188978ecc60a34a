"""A service that misbehaves in every known way: nothing is lost, mixed up or paid for twice, and only translations are shown as
translations."""
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


if __name__ == '__main__':
    unittest.main()
