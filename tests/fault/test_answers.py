"""Model servers that refuse, think too long or chat: how many requests that costs, and what happens to the articles."""
import json
import os
import re
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService, FakeServices, Server, translate, write_articles          # noqa: E402
from protocol_fakes import KEY                                             # noqa: E402
from program import SAMPLES, Workspace, files_source                     # noqa: E402

os.environ.update(FAKE_KEY=KEY, FAKE_IDENTITY='AKID', FAKE_TOKEN='session-4711')
ARTICLE = os.path.join(SAMPLES, 'articles', 'es-train.html')
OPEN_THOUGHT = '<think>\nFirst draft: {"paragraphs":[{"n":1,"text":"DRAFT"}]}'


def chat(content, reason='stop', **message):
    return {'choices': [{'finish_reason': reason, 'message': dict(role='assistant', content=content, **message)}],
            'usage': {'prompt_tokens': 900, 'completion_tokens': 90, 'total_tokens': 990}}


def error(status, message, **more):
    return Answer(status, {'error': dict(message=message, **more)})


class Model(Server):
    """Chat completions. `play(body, texts, number)` returns an Answer, or None for a good one."""

    def __init__(self, play):
        self.bodies, self.lock = [], threading.Lock()

        def answer(request):
            body = request.json()
            with self.lock:
                self.bodies.append(body)
                number = len(self.bodies)
            parts = re.split(r'(?m)^=====[0-9a-f]+=====$', body['messages'][-1]['content'])
            texts = re.findall(r'(?m)^\[\d+\] (.*)$', parts[-2])
            return play(body, texts, number) or Answer(200, chat(self.good(texts)))

        super().__init__(answer)

    @staticmethod
    def good(texts):
        return json.dumps({'paragraphs': [{'n': n + 1, 'text': translate(t)} for n, t in enumerate(texts)]})

    def section(self, more=''):
        return '[service "svc"]\nkind = openai\nurl = %s/v1\nmodel = m\n%s' % (self.url, more)


class Answers(unittest.TestCase):
    def run_with(self, play, more='', after='[route "default"]\nservices = svc\n', articles=(ARTICLE,), model=None):
        model = model or Model(play)
        workspace = Workspace(model.section(more) + after + files_source(*articles))
        result = workspace.call('--log', 'text', 'run')
        status, records = workspace.status(), list(workspace.records().values())
        self.assertNotIn('DRAFT', json.dumps(records))
        workspace.close()
        model.close()
        return model, result, status, records

    def assert_waits(self, run, requests, *says, code=69):
        model, result, status, records = run
        self.assertEqual((result.returncode, status['waiting'], status['failed'], len(records)), (code, 1, 0, 0), result.stderr)
        self.assertEqual(len(model.bodies), requests)
        for words in says:
            self.assertIn(words, result.stderr.decode())

    def assert_complete(self, run, requests):
        model, result, _, records = run
        self.assertEqual((result.returncode, [r['status'] for r in records]), (0, ['complete']), result.stderr)
        self.assertEqual(len(model.bodies), requests)

    # ---------------------------------------------------------------- tokens that run out

    def test_an_empty_answer_costs_one_request_and_names_the_setting(self):
        for answer in (chat('', 'length', reasoning_content='x x'), chat(None, 'length'), chat([], 'max_tokens')):
            self.assert_waits(self.run_with(lambda *_: Answer(200, answer)), 1, 'answer_tokens')

    def test_only_reasoning_costs_one_request(self):
        self.assert_waits(self.run_with(lambda *_: Answer(200, chat(None, reasoning='Hm. ' + OPEN_THOUGHT))), 1, 'only reasoning', 'think')

    def test_unfinished_reasoning_is_retried_once_with_a_larger_limit(self):
        run = self.run_with(lambda body, *_: Answer(200, chat(OPEN_THOUGHT, 'length')))
        self.assert_waits(run, 2, 'answer_tokens')
        self.assertEqual([b['max_tokens'] for b in run[0].bodies], [8192, 32768])

    def test_the_larger_limit_helps(self):
        run = self.run_with(lambda body, *_: Answer(200, chat(OPEN_THOUGHT, 'length')) if body['max_tokens'] <= 8192 else None)
        self.assert_complete(run, 2)

    def test_the_larger_limit_is_reserved_before_the_request(self):
        run = self.run_with(lambda body, *_: Answer(200, chat(OPEN_THOUGHT, 'length')) if body['max_tokens'] <= 8192 else None,
                            more='output_price = 100\ncost_per_day = 2\n')
        self.assert_waits(run, 1, 'cost_per_day', 'may cost 3.2768', code=run[1].returncode)

    def test_reasoning_without_an_answer_names_the_setting(self):
        """Reasoning as text and as parts. Asked once more, with a larger limit, if the tokens had run out."""
        draft = json.dumps({'paragraphs': [{'n': n, 'text': 'DRAFT'} for n in range(1, 30)]})
        alone = [chat('<think>%s</think>' % draft), chat('[THINK]%s[/THINK]\n' % draft), chat([{'type': 'thinking', 'thinking': draft}]),
                 chat([{'type': 'reasoning', 'text': draft}])]
        for answer in alone:
            self.assert_waits(self.run_with(lambda *_: Answer(200, answer)), 1, 'only reasoning', 'think')
        run = self.run_with(lambda *_: Answer(200, chat('<reasoning>%s</reasoning>' % draft, 'length')))
        self.assert_waits(run, 2, 'answer_tokens', '90 tokens')

    def test_reasoning_within_the_texts_is_never_shown(self):
        for opens, closes in (('<think>', '</think>'), ('[THINK]', '[/THINK]'), ('<reasoning>', '</reasoning>'), ('', '</thought>')):
            def play(body, texts, number):
                paragraphs = [{'n': n + 1, 'text': opens + 'DRAFT of it' + closes + translate(t)} for n, t in enumerate(texts)]
                return Answer(200, chat(json.dumps({'paragraphs': paragraphs})))
            self.assert_complete(self.run_with(play), 1)

    def test_unclosed_reasoning_fails_its_text(self):
        def play(body, texts, number):
            paragraphs = [{'n': n + 1, 'text': ('<think>DRAFT of it ' if '2' in t.split()[-1] + t[:60] else '') + translate(t)} for n, t in enumerate(texts)]
            return Answer(200, chat(json.dumps({'paragraphs': paragraphs})))
        with tempfile.TemporaryDirectory() as folder:
            _, result, _, records = self.run_with(play, articles=self.articles(folder, 1))
        self.assertEqual([r['status'] for r in records], ['partial'], result.stderr)
        self.assertNotIn('DRAFT', json.dumps(records))

    def test_a_truncated_answer_is_split_once_and_names_the_setting(self):
        def cut(body, texts, number):
            return Answer(200, chat(Model.good(texts)[:-30], 'length'))
        self.assert_waits(self.run_with(cut), 2, 'answer_tokens')
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_with(lambda body, texts, number: cut(body, texts, number) if len(texts) > 1 else None, articles=self.articles(folder, 1))
        self.assert_complete(run, 6)

    def test_a_token_limit_is_read_from_the_error_or_guessed_twice(self):
        cases = [('max_tokens is too large: %d. This model supports at most 3,000 completion tokens.', [8192, 3000]),
                 ('max_tokens: %d > 4096, which is the maximum for model-20240229', [8192, 4096]),
                 ('Invalid max_tokens value, the valid range of max_tokens is [1, 2000]', [8192, 2000]),
                 ('max_tokens is too large', [8192, 4096, 2048])]
        for said, wanted in cases:
            run = self.run_with(lambda body, *_: error(400, said % body['max_tokens'] if '%' in said else said)
                                if body['max_tokens'] > wanted[-1] else None)
            self.assert_complete(run, len(wanted))
            self.assertEqual([b['max_tokens'] for b in run[0].bodies], wanted)

    def test_a_limit_that_stays_too_large_closes_the_service(self):
        for said, most in (('max_tokens is too large', 3), ('max_tokens is too large: %d. At most 4096 are taken.', 2),
                           ("max_tokens is too large: %d. This model's maximum context length is 8192 tokens and your request has 514 input tokens.", 4)):
            run = self.run_with(lambda body, *_: error(400, said % body['max_tokens'] if '%' in said else said, code=400))
            self.assertLessEqual(len(run[0].bodies), most, said)
            self.assert_waits(run, len(run[0].bodies), 'answer_tokens')

    # ---------------------------------------------------------------- parameters

    def test_a_rejected_parameter_is_dropped_and_the_request_repeated_once(self):
        cases = [('max_tokens', error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")),
                 ('temperature', error(400, "Unsupported value: 'temperature' does not support 0 with this model.")),
                 ('response_format', error(422, "Failed to deserialize: response_format: `json_schema` is unavailable now")),
                 ('response_format', Answer(400, {'error': "'response_format.type' must be 'text'"}))]
        for name, answer in cases:
            run = self.run_with(lambda body, *_: answer if name in body else None)
            self.assert_complete(run, 2)

    def test_without_a_system_role_everything_is_in_the_user_message(self):
        for answer in (error(400, "'messages[0].role' does not support 'system' with this model."),
                       error(500, 'Jinja Exception: System role not supported'),
                       error(400, 'Developer instruction is not enabled for models/small-it', type='INVALID_ARGUMENT'),
                       error(500, 'Only user and assistant roles are supported!'),
                       error(400, 'Conversation roles must alternate user/assistant/user/assistant/...'),
                       error(400, 'Unexpected role "system". Did you mean "user"?'),
                       error(422, "Invalid role: 'system'"), error(400, 'System messages are not supported by this model'),
                       error(400, "'system' is not one of ['user', 'assistant'] - 'messages.0.role'"),
                       Answer(422, {'detail': [{'type': 'literal_error', 'loc': ['body', 'messages', 0, 'role'],
                                                'msg': "Input should be 'user' or 'assistant'", 'input': 'system'}]})):
            run = self.run_with(lambda body, *_: answer if body['messages'][0]['role'] == 'system' else None)
            self.assert_complete(run, 2)
            self.assertIn('translation engine', run[0].bodies[1]['messages'][0]['content'])

    def test_a_model_that_keeps_rejecting_it_is_closed_and_the_setting_named(self):
        for said in ('System role not supported', 'Developer instruction is not enabled for models/small-it'):
            self.assert_waits(self.run_with(lambda *_: error(400, said)), 2, 'check model')

    def test_several_parameters_are_learned_in_turn_for_the_whole_run(self):
        def play(body, *_):
            return (error(400, "'temperature' is deprecated for this model.") if 'temperature' in body else
                    error(400, 'max_tokens is too large: 8192. This model supports at most 4096 completion tokens.')
                    if body['max_tokens'] > 4096 else None)
        with tempfile.TemporaryDirectory() as folder:
            model, result, _, records = self.run_with(play, more='concurrency = 1\n', articles=self.articles(folder, 2))
        self.assertEqual((result.returncode, len(records)), (0, 2), result.stderr)
        self.assertEqual(sum('temperature' in b or b['max_tokens'] > 4096 for b in model.bodies), 2)

    def test_a_second_rejection_closes_the_service_and_names_the_setting(self):
        run = self.run_with(lambda *_: error(400, "response_format is not known here"), more='format = fences\n')
        self.assert_waits(run, 1, 'format = fences', 'not known here')

    # ---------------------------------------------------------------- refusals

    def test_an_unknown_refusal_closes_the_service_but_fails_no_article(self):
        for answer in (Answer(400, {'object': 'error', 'message': 'not like this'}), Answer(422, {'detail': 'not like this'}),
                       Answer(418, b'not like this')):
            self.assert_waits(self.run_with(lambda *_: answer), 1, 'not like this')

    def test_the_next_service_takes_over(self):
        _, result, _, records = self.run_with(lambda *_: error(400, 'not like this'), after='[service "apertium"]\n[route "default"]\n'
                                                                                             'services = svc apertium\n')
        self.assertEqual(result.returncode, 0)
        self.assertEqual([p['service'] for p in records[0]['providers']], ['apertium'])
        self.assertRegex(result.stderr.decode(), r'closed where="service svc" what=".*not like this')

    def test_a_filtered_text_fails_only_its_paragraph(self):
        answers = (error(400, 'The prompt was filtered by the content management policy.', code='content_filter'),
                   error(403, 'The input was flagged: violence', code=403), Answer(200, chat('', 'content_filter')),
                   Answer(200, chat(None, refusal='I will not.')))
        for answer in answers:
            with tempfile.TemporaryDirectory() as folder:
                model, result, status, records = self.run_with(lambda body, texts, number: answer if any('estación 2' in t for t in texts) else None,
                                                               articles=self.articles(folder, 1))
            segments = [s for r in records for b in r['body'] for s in b['segments']]
            self.assertEqual([r['status'] for r in records], ['partial'], result.stderr)
            self.assertEqual(['estación 2' in s['source'] for s in segments if s['status'] == 'failed'], [True])
            self.assertNotIn(b'service svc failed', result.stderr)

    def test_requests_are_split_to_fit_a_small_context(self):
        refused = []

        def play(body, texts, number):
            if len(texts) > 2:
                refused.append(number)
                return error(400, 'request (%d tokens) exceeds the available context size' % (400 * len(texts)))
        model, result, _, records = self.run_with(play)
        self.assertEqual((result.returncode, [r['status'] for r in records]), (0, ['complete']), result.stderr)
        self.assertTrue(1 <= len(refused) <= 4)

    def test_a_streamed_answer_is_reported_as_such(self):
        run = self.run_with(lambda *_: Answer(200, b'data: {"choices":[]}\n\ndata: [DONE]\n\n', {'Content-Type': 'text/event-stream'}))
        self.assert_waits(run, 1, 'only as a stream')

    # ---------------------------------------------------------------- useless answers

    def articles(self, folder, count):
        return write_articles(folder, count)

    def echo(self, body, texts, number):
        return Answer(200, chat(json.dumps({'paragraphs': [{'n': n + 1, 'text': t} for n, t in enumerate(texts)]})))

    def test_a_worthless_service_is_closed(self):
        for play in (self.echo, lambda *_: Answer(200, chat('What a lovely day it is.'))):
            with tempfile.TemporaryDirectory() as folder:
                model, result, status, records = self.run_with(play, more='concurrency = 1\n', articles=self.articles(folder, 20))
            self.assertLessEqual(len(model.bodies), 13)
            self.assertIn('gives no usable translations', result.stderr.decode())
            self.assertGreaterEqual(status['waiting'], 4)

    def test_its_articles_go_to_the_next_service_of_the_route(self):
        with tempfile.TemporaryDirectory() as folder:
            model, result, status, records = self.run_with(
                self.echo, more='concurrency = 1\n', after='[service "apertium"]\n[route "default"]\nservices = svc apertium\n',
                articles=self.articles(folder, 20))
        self.assertEqual((result.returncode, status['waiting'], len(records)), (0, 0, 20), result.stderr)
        self.assertLessEqual(len(model.bodies), 4)

    def test_a_service_with_mostly_good_answers_stays_open(self):
        def play(body, texts, number):
            return None if number % 2 else self.echo(body, texts, number)
        with tempfile.TemporaryDirectory() as folder:
            _, result, _, _ = self.run_with(play, more='concurrency = 1\n', articles=self.articles(folder, 8))
        self.assertNotIn('no usable translations', result.stderr.decode())


class Batches(unittest.TestCase):
    """Servers that accept fewer texts at a time than the service in general, such as LibreTranslate with --batch-limit."""

    def run_with(self, sentence, most):
        def fault(number, texts):
            said = sentence % {'sent': len(texts), 'most': most}
            return (400, {}, json.dumps({'error': said}).encode()) if len(texts) > most else None
        service = FakeService(fault)
        workspace = Workspace('[service "fake"]\nkind = libretranslate\nurl = %s\nconcurrency = 1\n[route "default"]\nservices = fake\n%s'
                              % (service.url, files_source(ARTICLE)))
        result, records = workspace.call('run'), list(workspace.records().values())
        workspace.close()
        service.close()
        self.assertEqual((result.returncode, [r['status'] for r in records], result.stderr), (0, ['complete'], b''))
        return service

    def test_a_limit_named_in_the_error_is_observed(self):
        service = self.run_with('Invalid request: request (%(sent)d) exceeds text limit (%(most)d)', 4)
        self.assertEqual(service.requests - len(service.sizes), 1)
        self.assertEqual(max(service.sizes), 4)

    def test_a_limit_of_one(self):
        service = self.run_with('Invalid request: request (%(sent)d) exceeds text limit (%(most)d)', 1)
        self.assertEqual(service.requests - len(service.sizes), 1)

    def test_an_unnamed_limit_is_found_by_trial(self):
        service = self.run_with('Too much: over the text limit', 3)
        self.assertLessEqual(service.requests - len(service.sizes), 4)


class Thoughts(unittest.TestCase):
    """Any kind of service may use a reasoning model. Its reasoning must never be shown."""

    SERVICES = 'libretranslate', 'deepl', 'amazon', 'apy', 'openai'

    def run_with(self, name, change):
        service = FakeServices(lambda protocol, number, texts, request: Answer(200, protocol.good([change(translate(t)) for t in texts], request)))
        workspace = Workspace(service.sections((name,)) + '[route "default"]\nservices = %s\n' % name + files_source(ARTICLE))
        result, status, records = workspace.call('run'), workspace.status(), list(workspace.records().values())
        for folder, _, names in os.walk(workspace.out):
            for file in names:
                with open(os.path.join(folder, file), 'rb') as f:
                    self.assertNotIn(b'DRAFT', f.read(), '%s: %s' % (name, file))
        workspace.close()
        service.close()
        return result, status, records

    def test_reasoning_at_the_start_or_in_the_middle_is_removed(self):
        for name in self.SERVICES:
            for change in (lambda t: '<think>DRAFT of it</think>' + t, lambda t: '&lt;think&gt;DRAFT of it&lt;/think&gt;\n' + t,
                           lambda t: 'DRAFT of it</think>' + t, lambda t: t.replace(' ', ' <reasoning>DRAFT</reasoning>', 1)):
                with self.subTest(name=name, answer=change('Yes it is.')):
                    result, _, records = self.run_with(name, change)
                    self.assertEqual((result.returncode, [r['status'] for r in records]), (0, ['complete']), result.stderr)

    def test_unclosed_reasoning_is_not_a_translation(self):
        for name in self.SERVICES:
            for change in (lambda t: '<think>DRAFT ' + t, lambda t: '&lt;thinking&gt;DRAFT ' + t):
                with self.subTest(name=name, answer=change('Yes.')):
                    result, status, records = self.run_with(name, change)
                    self.assertEqual((result.returncode, status['waiting'], status['failed'], records), (69, 1, 0, []), result.stderr)


if __name__ == '__main__':
    unittest.main()
