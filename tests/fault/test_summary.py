"""Summaries by a language model: kept if the article supports them, else replaced by sentences of the article."""
import json
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService, Server                     # noqa: E402
from program import Workspace                                                 # noqa: E402

TEXTS = ['La obra %d de la calle %d avanza según lo previsto en el plan.' % (n, n * 7) for n in range(1, 9)]


class Model(Server):
    """Uses OpenAI's protocol and answers every request with `say(texts)`: sentences with the numbers of the segments they cite."""

    def __init__(self, say):
        self.prompts = []

        def answer(request):
            body = request.json()
            self.prompts.append(body['messages'][1]['content'])
            sentences = say(self.texts(body['messages'][1]['content']))
            if isinstance(sentences, Answer):
                return sentences
            content = json.dumps({'sentences': [{'text': t, 'from': f} for t, f in sentences]})
            return Answer(200, {'choices': [{'finish_reason': 'stop', 'message': {'content': content}}],
                                'usage': {'prompt_tokens': 900, 'completion_tokens': 60}})
        super().__init__(answer)

    @staticmethod
    def texts(prompt):
        return [line.split('] ', 1)[1] for line in prompt.splitlines() if line.startswith('[') and '] ' in line]


class Summary(unittest.TestCase):
    def run_with(self, say, more='', others='', services='model', times=1, fault=lambda n, texts: None):
        model, fake = Model(say), FakeService(fault)
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\nurl = %s\n[service "model"]\n'
                    'kind = openai\nmodel = m\nurl = %s/v1\n%s\n%s[route "default"]\nservices = fake\n[summary]\nservices = %s\n'
                    % (fake.url, model.url, more, others, services))
        with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': 'a', 'title': {'source': 'Avanzan las obras'}, 'language': {'code': 'es'},
                                'body': [{'kind': 'paragraph', 'text': t} for t in TEXTS]}, ensure_ascii=False) + '\n')
        for _ in range(times):
            result = workspace.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.workspace, self.model = workspace, model
        self.addCleanup(workspace.close)
        for server in model, fake:
            self.addCleanup(server.close)
        record = list(workspace.records().values())[0]
        return record, record['summary']

    def test_supported_sentences_are_kept_with_their_citations(self):
        record, summary = self.run_with(lambda texts: [('The first said: ' + texts[0].lower(), [1]), ('Then came 2 and 14.', [2, 3])])
        self.assertEqual((summary['method'], record['providers'][summary['summarized_by']]['service']), ('model', 'model'))
        self.assertNotIn('note', summary)
        segments = {s['id']: s for b in record['body'] for s in b['segments']}
        self.assertEqual([s['segments'] for s in summary['sentences']], [[1], [2, 3]])
        self.assertIn(segments[1]['target'].lower(), summary['sentences'][0]['text'])

    def test_an_invented_number_is_not_shown(self):
        _, summary = self.run_with(lambda texts: [('It cost 4711 euros.', [1])])
        self.assertEqual(summary['method'], 'extractive')
        self.assertIn("the number '4711' is not in the cited sentences", summary['note'])

    def test_reasoning_within_a_sentence_is_never_shown(self):
        for said in ('<think>It cost 4711.</think>Work goes on.', '[THINK]It cost 4711.[/THINK] Work goes on.'):
            _, summary = self.run_with(lambda texts: [(said, [1])])
            self.assertEqual((summary['method'], [s['text'] for s in summary['sentences']]), ('model', ['Work goes on.']))
        _, summary = self.run_with(lambda texts: [('<reasoning>Work goes on, but does it', [1])])
        self.assertEqual(summary['method'], 'extractive')
        self.assertNotIn('but does it', json.dumps(summary))

    def test_an_unsupported_later_sentence_is_left_out_and_noted(self):
        _, summary = self.run_with(lambda texts: [('Then came 2 and 14.', [2]), ('Later Valdemar Quist resigned.', [3])])
        self.assertEqual((summary['method'], len(summary['sentences'])), ('model', 1))
        self.assertIn("1 sentence of the model's summary was left out", summary['note'])

    def test_a_sentence_inherits_the_doubts_of_its_citations(self):
        """All but the first two texts lose their numbers, so there are too few sound sentences, and doubtful ones are offered too."""
        def lose(n, texts):
            told = [FakeService.translate(t) if re.search(r'obra [12] ', t) else re.sub(r'\d+', 'some', FakeService.translate(t)) for t in texts]
            return 200, {'Content-Type': 'application/json'}, json.dumps({'translatedText': told}).encode()
        record, summary = self.run_with(lambda texts: [('Work goes on.', [1]), ('Later it went on.', [2, 5]), ('It goes on.', [2])], fault=lose)
        self.assertEqual(summary['method'], 'model')
        self.assertEqual([bool(s.get('doubt')) for s in summary['sentences']], [False, True, False])
        segments = {s['id']: s for b in record['body'] for s in b['segments']}
        self.assertIn(summary['sentences'][1]['doubt'], [f['message'] for f in segments[5]['findings']])

    def test_the_model_is_offered_sound_sentences_if_there_are_enough(self):
        def lose(n, texts):
            told = [re.sub(r'\d+', 'some', FakeService.translate(t)) if 'obra 1 ' in t else FakeService.translate(t) for t in texts]
            return 200, {'Content-Type': 'application/json'}, json.dumps({'translatedText': told}).encode()
        record, summary = self.run_with(lambda texts: [('Work goes on.', [1])], fault=lose)
        self.assertEqual(([s['segments'] for s in summary['sentences']], len(Model.texts(self.model.prompts[0]))), ([[2]], len(TEXTS) - 1))

    def test_a_sentence_without_valid_citations_is_rejected(self):
        for cites in ([], [99]):
            _, summary = self.run_with(lambda texts: [('Work goes on.', cites)])
            self.assertEqual(summary['method'], 'extractive')

    def test_only_usable_segments_are_shown_to_the_model(self):
        self.run_with(lambda texts: [('Work goes on.', [1])])
        self.assertEqual(len(Model.texts(self.model.prompts[0])), len(TEXTS))
        self.assertNotIn('avanza', self.model.prompts[0])

    def test_without_an_answer_the_article_s_sentences_are_used(self):
        for answer in (Answer(401, {'error': {'message': 'no'}}), Answer(200, b'<html>'), Answer(200, {'choices': []})):
            _, summary = self.run_with(lambda texts: answer)
            self.assertEqual(summary['method'], 'extractive')
            self.assertIn("the summary was extracted from the article, not written by a model", summary['note'])
            self.assertGreater(len(summary['sentences']), 0)

    def test_an_empty_answer_counts_against_the_service(self):
        for answer in (Answer(200, {'choices': []}), Answer(200, b'null'), Answer(200, {'x': 1})):
            self.run_with(lambda texts: answer)
            day = max(n for n in os.listdir(self.workspace.out) if os.path.isdir(os.path.join(self.workspace.out, n)))
            with open(os.path.join(self.workspace.out, day, 'report.json'), encoding='utf8') as f:
                model = [entry for entry in json.load(f)['limiters'] if entry['name'] == 'service model'][0]
            self.assertEqual((model['requests'], model['good'], model['failed']), (1, 0, 1), model)

    def test_parameters_learned_while_translating_are_used(self):
        """The same service translates and summarizes: a parameter that it rejects is sent only once."""
        bodies = []

        def answer(request):
            body = request.json()
            bodies.append(body)
            if body['messages'][0]['role'] == 'system':
                return Answer(400, {'error': {'message': 'System role not supported'}})
            if 'temperature' in body:
                return Answer(400, {'error': {'message': 'temperature is not supported'}})
            summary, texts = 'sentences' in json.dumps(body['response_format']), Model.texts(body['messages'][0]['content'])
            content = {'sentences': [{'text': 'Work goes on.', 'from': [1]}]} if summary else \
                {'paragraphs': [{'n': n + 1, 'text': FakeService.translate(t)} for n, t in enumerate(texts)]}
            return Answer(200, {'choices': [{'finish_reason': 'stop', 'message': {'content': json.dumps(content)}}]})
        server = Server(answer)
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "model"]\nkind = openai\nmodel = m\nurl = %s/v1\n'
                              '[route "default"]\nservices = model\n[summary]\nservices = model\n' % server.url)
        with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': 'a', 'title': {'source': 'Avanzan las obras'}, 'language': {'code': 'es'},
                                'body': [{'kind': 'paragraph', 'text': t} for t in TEXTS]}, ensure_ascii=False) + '\n')
        result, records = workspace.call('run'), list(workspace.records().values())
        workspace.close()
        server.close()
        self.assertEqual((result.returncode, records[0]['summary']['method']), (0, 'model'), result.stderr)
        self.assertEqual((sum('temperature' in b for b in bodies), sum(b['messages'][0]['role'] == 'system' for b in bodies)), (2, 1))

    def test_it_is_billed_and_capped(self):
        _, summary = self.run_with(lambda texts: [('Work goes on.', [1])], more='input_price = 2\noutput_price = 10\n')
        spent = {s['service']: s['day'] for s in self.workspace.status()['spent']['services']}
        self.assertAlmostEqual(spent['model']['cost'], (900 * 2 + 60 * 10) / 1e6, places=6)
        _, summary = self.run_with(lambda texts: [('Work goes on.', [1])], more='input_price = 2\noutput_price = 10\ncost_per_day = 0.01\n')
        self.assertEqual((summary['method'], len(self.model.prompts)), ('extractive', 0))
        self.assertIn('cost_per_day', summary['note'])

    def test_it_is_remembered(self):
        self.run_with(lambda texts: [('Work goes on.', [1])])
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), encoding='utf8') as f:
            text = f.read()
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.write(text.replace('"id": "a"', '"id": "a", "evidence": {"version": "2"}'))
        self.workspace.call('run')
        self.assertEqual(len(self.model.prompts), 1)
        self.assertEqual(list(self.workspace.records().values())[0]['summary']['method'], 'model')
        self.assertNotIn(b'Work goes on', self.workspace.call('export', 'tmx').stdout)

    def test_a_service_that_is_not_a_language_model_is_rejected(self):
        workspace = Workspace('[service "fake"]\nkind = libretranslate\n[summary]\nservices = fake\n[source "x"]\nkind = files\npath = .\n')
        result = workspace.call('check-config')
        self.assertEqual(result.returncode, 78)
        self.assertIn(b"'fake', which cannot write summaries", result.stderr)
        workspace.close()


if __name__ == '__main__':
    unittest.main()
