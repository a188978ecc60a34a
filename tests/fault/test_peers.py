"""Requests are checked by third-party programs, each of which is optional:
    llmock (npm: @copilotkit/aimock) speaks OpenAI's, Ollama's, Anthropic's and Gemini's protocols;
    prism (npm: @stoplight/prism-cli) checks requests against DeepL's own description, the file $DEEPL_OPENAPI (openapi.yaml of
    github.com/DeepLcom/openapi)."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import SOME_SOURCE, Workspace                                                 # noqa: E402

os.environ['PEER_KEY'] = 'key-4711'
MODELS = {'openai': '/v1', 'ollama': '', 'anthropic': '', 'gemini': '/v1beta'}
ANSWER = json.dumps({'paragraphs': [{'n': 1, 'text': 'Madrid'}]})


def start(*command):
    """Starts a server on a free port of loopback and waits until it answers. '{port}' in the command stands for the port."""
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    process = subprocess.Popen([word.replace('{port}', str(port)) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        with socket.socket() as s:
            if s.connect_ex(('127.0.0.1', port)) == 0:
                return process, 'http://127.0.0.1:%d' % port
        time.sleep(0.1)
    process.kill()
    raise RuntimeError('%s does not answer' % command[0])


def check(configuration):
    workspace = Workspace(configuration + SOME_SOURCE)
    result = workspace.call('check-config', '--online')
    workspace.close()
    return result.returncode, result.stdout.decode(), result.stderr.decode()


@unittest.skipUnless(shutil.which('llmock'), 'llmock is not installed')
class LanguageModels(unittest.TestCase):
    def ask(self, *chaos):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'all.json'), 'w', encoding='utf8') as f:
                json.dump({'fixtures': [{'match': {'userMessage': '[1] Madrid'}, 'response': {'content': ANSWER}}]}, f)
            process, url = start('llmock', '-p', '{port}', '-f', folder, '--log-level', 'silent', '--strict', *chaos)
            try:
                return check(''.join('[service "%s"]\nurl = %s%s\nmodel = m\nkey_env = PEER_KEY\n' % (n, url, p) for n, p in MODELS.items()))
            finally:
                process.kill()
                process.wait()

    def assert_all_say(self, sentence, *chaos):
        code, _, said = self.ask(*chaos)
        self.assertEqual((code, said.count('\n')), (69, len(MODELS)), said)
        for line in said.splitlines():
            self.assertRegex(line, sentence)

    def test_requests_are_understood_and_answers_are_read(self):
        code, said, wrong = self.ask()
        self.assertEqual((code, wrong), (0, ''))
        for name in MODELS:
            self.assertIn('[service "%s"] works: es\n' % name, said)

    def test_rate_limits(self):
        self.assert_all_say(r'answered 429', '--chaos-ratelimit', '1')

    def test_malformed_answers(self):
        self.assert_all_say(r'JSON|cut off', '--chaos-malformed', '1')

    def test_broken_connections(self):
        self.assert_all_say(r'without a reply|in the middle of its reply', '--chaos-disconnect', '1')


@unittest.skipUnless(shutil.which('prism') and os.environ.get('DEEPL_OPENAPI'), 'prism or the description of DeepL is not there')
class DeepL(unittest.TestCase):
    """The mock rejects requests that the description does not allow (422 or 400) or that have no key (401)."""

    @classmethod
    def setUpClass(cls):
        cls.process, cls.url = start('prism', 'mock', '--errors', '-h', '127.0.0.1', '-p', '{port}', os.environ['DEEPL_OPENAPI'])

    @classmethod
    def tearDownClass(cls):
        cls.process.kill()
        cls.process.wait()

    def test_requests_conform_to_the_description(self):
        for more in '', 'formality = prefer_more\nenglish = EN-US\n', 'model_type = quality_optimized\nglossary_id = def3a26b-3e84-45b3-84ae-0c0aaf3525f7\n':
            code, said, wrong = check('[service "deepl"]\nurl = %s\nkey_env = PEER_KEY\n%s' % (self.url, more))
            self.assertEqual((code, wrong), (0, ''))
            self.assertIn('[service "deepl"] works: es\n', said)


if __name__ == '__main__':
    unittest.main()
