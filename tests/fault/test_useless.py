"""Successful answers without the translations: none, of another form, too few or too many, or the same for all texts."""
import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeServices, translate, write_articles      # noqa: E402
from program import Workspace, files_source                                   # noqa: E402
from protocol_fakes import KEY                                                # noqa: E402

os.environ.update(FAKE_KEY=KEY, FAKE_IDENTITY='AKID', FAKE_TOKEN='session-4711')


def segments_of(record):
    """Returns the source and target of the title and of each segment."""
    return [(s['source'], s.get('target')) for s in [record['title']] + [s for b in record['body'] for s in b['segments']]]


class Useless(unittest.TestCase):
    NOTHING = (b'null', b'[]', b'{"x":1}', b'{"choices":[]}', b'{"choices":null}', b'{"choices":[{"finish_reason":"stop","message":{}}]}', b'', b'OK',
               b'{"object":"list","data":[{"id":"m"}]}', b'{"message":{"content":null}}', b'{"translatedText":null}', b'{"translations":{}}',
               b'<html><body>Welcome</body></html>', b'<!DOCTYPE html><p>Welcome')

    def run_with(self, name, play, after='', articles=1):
        service = FakeServices(play)
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        workspace = Workspace(service.sections((name,), 'concurrency = 1\n') + (after or '[route "default"]\nservices = %s\n' % name)
                              + files_source(*write_articles(folder, articles)))
        result = workspace.call('--log', 'text', 'run')
        run = service, result, workspace.status(), list(workspace.records().values()), self.limiter(workspace, name)
        workspace.close()
        service.close()
        return run

    @staticmethod
    def limiter(workspace, name):
        day = max(n for n in os.listdir(workspace.out) if os.path.isdir(os.path.join(workspace.out, n)))
        with open(os.path.join(workspace.out, day, 'report.json'), encoding='utf8') as f:
            return [entry for entry in json.load(f)['limiters'] if entry['name'] == 'service ' + name][0]

    def assert_closed(self, name, play, most, *says, articles=1, believed=0):
        service, result, status, records, report = self.run_with(name, play, articles=articles)
        said = '%s: %s' % (name, result.stderr.decode())
        self.assertEqual((result.returncode, status['waiting'], status['failed'], records), (69, articles, 0, []), said)
        self.assertLessEqual(service.requests[name], most, said)
        self.assertEqual((report['requests'], report['good'] + report['failed']), (service.requests[name], report['requests']), said)
        self.assertLessEqual(report['good'], believed, said)
        for words in (name,) + says:
            self.assertIn(words, said)

    def test_an_empty_success_closes_the_service(self):
        for name in ('openai', 'libretranslate', 'azure', 'deepl', 'apy'):
            for body in self.NOTHING if name == 'openai' else self.NOTHING[::4]:
                self.assert_closed(name, lambda *_: Answer(200, body), 2, articles=3)

    def test_the_other_model_servers(self):
        for name in ('anthropic', 'gemini', 'ollama'):
            for body in self.NOTHING[1:5:2]:
                self.assert_closed(name, lambda *_: Answer(200, body), 2)

    def test_the_next_service_takes_over_and_is_reported(self):
        for body in (b'{"x":1}', b'null', b'{"choices":[]}'):
            service, result, status, records, _ = self.run_with(
                'openai', lambda *_: Answer(200, body), '[service "apertium"]\n[route "default"]\nservices = openai apertium\n', 4)
            self.assertEqual((result.returncode, status['waiting'], len(records)), (0, 0, 4), result.stderr)
            self.assertLessEqual(service.requests['openai'], 2)
            self.assertIn('closed where="service openai"', result.stderr.decode())

    def test_a_single_bad_answer_costs_one_more_request(self):
        for body in (b'{"x":1}', b'null', b'', b'{"choices":[]}'):
            service, result, status, records, _ = self.run_with('openai', lambda protocol, number, texts, request: Answer(200, body) if number == 1 else None)
            self.assertEqual((result.returncode, [r['status'] for r in records], service.requests), (0, ['complete'], {'openai': 2}), result.stderr)

    def test_the_last_resort_does_not_take_over_from_garbage(self):
        for body in (b'{"x":1}', b'null', b'{"choices":[]}'):
            _, result, status, records, _ = self.run_with('openai', lambda *_: Answer(200, body), '\n')
            self.assertEqual((result.returncode, status['waiting'], records), (69, 1, []), body)

    # ---------------------------------------------------------------- too few or too many translations

    def counted(self, change):
        """Returns a fault that changes the number of translations; `change` gets the good ones."""
        return lambda protocol, number, texts, request: Answer(200, protocol.good(change([translate(t) for t in texts]), request))

    MANY = ('libretranslate', 'deepl', 'google', 'azure', 'yandex', 'modernmt', 'mtran')

    def test_a_wrong_number_of_translations_is_never_accepted(self):
        for name in self.MANY:
            for change in (lambda good: good[:1], lambda good: good + ['And one more comes here.'], lambda good: good[:-1]):
                service, result, status, records, _ = self.run_with(name, self.counted(change))
                for record in records:
                    for source, target in segments_of(record):
                        self.assertIn(target, (None, translate(source)), name)
                if not records:
                    self.assertRegex(result.stderr.decode(), r'returned (no|\d+) translations')
                    self.assertEqual(status['waiting'], 1)
                self.assertLessEqual(service.requests[name], 12)

    def test_the_same_translation_for_every_request_is_rejected(self):
        for name in self.MANY:
            for articles in (1, 3) if name == 'deepl' else (1,):
                self.assert_closed(name, self.counted(lambda good: ['The only one there is.']), 5 * articles, 'the same translation', believed=9, articles=articles)

    def test_the_same_translation_for_every_text_is_rejected(self):
        for name in self.MANY + ('openai', 'amazon', 'apy'):
            self.assert_closed(name, self.counted(lambda good: ['The only one there is.' for _ in good]), 3, 'the same translation', believed=2)

    def test_a_model_that_translates_only_the_first_text(self):
        self.assert_closed('openai', self.counted(lambda good: ['The only one there is.']), 4, 'the same translation', believed=1)
        _, result, _, records, _ = self.run_with('openai', self.counted(lambda good: good[:1]))
        self.assertEqual((result.returncode, [r['status'] for r in records]), (0, ['complete']), result.stderr)

    def test_the_next_service_is_not_blamed_for_it(self):
        for name, change in (('deepl', lambda good: ['The only one there is.' for _ in good]), ('azure', lambda good: ['The only one there is.']),
                             ('amazon', lambda good: ['The only one there is.']), ('openai', lambda good: ['The only one there is.'])):
            _, result, status, records, _ = self.run_with(name, self.counted(change), '[service "apertium"]\n[route "default"]\nservices = %s apertium\n' % name)
            said = name + result.stderr.decode()
            self.assertNotIn('closed where="service apertium"', said)
            for record in records:
                self.assertNotIn('The only one', json.dumps(record['title']) + json.dumps(record['body']), said)
            self.assertEqual(len(records) + status['waiting'], 1, said)

    def test_rejected_answers_are_not_remembered(self):
        """Once the service has been repaired, all texts that it had answered with the same translation are requested again."""
        broken = [True]

        def play(protocol, number, texts, request):
            return Answer(200, protocol.good(['The only one there is.' for _ in texts], request)) if broken[0] else None
        for name in ('amazon', 'deepl', 'openai'):
            service, folder = FakeServices(play), tempfile.mkdtemp()
            workspace = Workspace(service.sections((name,), 'concurrency = 1\n') + '[route "default"]\nservices = %s\n' % name
                                  + files_source(*write_articles(folder, 1)))
            for broken[0], code in ((True, 69), (True, 69), (False, 0)):
                self.assertEqual(workspace.call('run').returncode, code, name)
            self.assertEqual([r['status'] for r in workspace.records().values()], ['complete'], name)
            self.assertNotIn('The only one', json.dumps(list(workspace.records().values())))
            workspace.close()
            service.close()
            shutil.rmtree(folder)

    def test_the_same_applies_to_a_small_article(self):
        service = FakeServices(self.counted(lambda good: ['The only one there is.']))
        workspace = Workspace(service.sections(('libretranslate',)) + '[route "default"]\nservices = libretranslate\n[source "i"]\nkind = ndjson\npath = i.ndjson\n')
        with open(os.path.join(workspace.folder, 'i.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': 'a', 'title': {'source': 'Avanzan las obras del puerto'}, 'language': {'code': 'es'},
                                'body': [{'kind': 'paragraph', 'text': 'El alcalde visitó la escuela nueva el lunes.'}]}) + '\n')
        for _ in range(2):
            workspace.call('run')
            self.assertEqual(list(workspace.records().values()), [])
        self.assertEqual(workspace.status()['waiting'], 1)
        workspace.close()
        service.close()

    def test_one_miscounted_answer_is_retried_in_smaller_requests(self):
        sizes = []

        def play(protocol, number, texts, request):
            sizes.append(len(texts))
            return Answer(200, protocol.good([translate(texts[0])], request)) if number == 1 else None
        _, result, _, records, _ = self.run_with('libretranslate', play)
        self.assertEqual((result.returncode, [r['status'] for r in records]), (0, ['complete']), result.stderr)
        self.assertLessEqual(max(sizes[1:]), sizes[0] // 2)
        for source, target in segments_of(records[0]):
            self.assertEqual(target, translate(source))


if __name__ == '__main__':
    unittest.main()
