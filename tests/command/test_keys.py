"""A service without its key or model is reported in one sentence and left out. Other services of the route are used; without any,
the run stops."""
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace, SAMPLES, files_source                          # noqa: E402

ARTICLE = os.path.join(SAMPLES, 'articles', 'es-train.html')


class Keys(unittest.TestCase):
    def setUp(self):
        self.service = FakeService()

    def tearDown(self):
        self.service.close()

    def run_with(self, section, rescue=True, command='run', mode=0o600, key=b'secret-4711\n'):
        rest = '[service "good"]\nkind = libretranslate\nurl = %s\n' % self.service.url if rescue else ''
        workspace = Workspace(section + rest + files_source(ARTICLE))
        path = os.path.join(workspace.folder, 'key')
        with open(path, 'wb') as f:
            f.write(key)
        os.chmod(path, mode)
        result = workspace.call(command)
        providers = [m['service'] for r in workspace.records().values() for m in r['providers']]
        workspace.close()
        return result, providers

    def assert_others_serve(self, section, sentence, **options):
        result, providers = self.run_with(section, **options)
        self.assertEqual((result.returncode, providers), (0, ['good']), result.stderr)
        self.assertRegex(result.stderr.decode(), 'dragoman: service \\S+ is not used: .*' + sentence)
        self.assertEqual(result.stderr.count(b'\n'), 1)
        self.assertNotIn(b'secret-4711', result.stderr)
        for command in 'run', 'check-config':
            only = '[route "default"]\nservices = %s\n' % section.split('"')[1]
            alone, _ = self.run_with(section + only, rescue=False, command=command, **options)
            self.assertEqual(alone.returncode, 78, alone.stderr)
            self.assertRegex(alone.stderr.decode(), sentence)

    def test_no_key_is_named(self):
        self.assert_others_serve('[service "deepl"]\n', r'\[service "deepl"\] needs a key: set key_file')

    def test_no_model_is_named(self):
        self.assert_others_serve('[service "ollama"]\n', r'\[service "ollama"\] needs model')

    def test_no_such_variable(self):
        self.assert_others_serve('[service "deepl"]\nkey_env = NO_SUCH_KEY\n', r'dragoman.conf:5: the environment variable NO_SUCH_KEY is not set')

    def test_no_such_file(self):
        self.assert_others_serve('[service "deepl"]\nkey_file = nowhere\n', r'cannot read the key from \S*nowhere: No such file')

    def test_a_file_that_others_can_read(self):
        self.assert_others_serve('[service "deepl"]\nkey_file = key\n', r'other users can read the key; run chmod 600 \S*key', mode=0o644)

    def test_an_empty_file(self):
        for key in (b'', b'\n', b' \r\n\t'):
            self.assert_others_serve('[service "deepl"]\nkey_file = key\n', r'the file \S*key is empty', key=key)

    def test_summaries_fall_back(self):
        result, providers = self.run_with('[service "openai"]\nmodel = m\nkey_env = NO_SUCH_KEY\n[summary]\nservices = openai\n')
        self.assertEqual((result.returncode, providers), (0, ['good']), result.stderr)
        self.assertIn(b'NO_SUCH_KEY', result.stderr)

    def test_the_configuration_is_not_reported_as_sound(self):
        result, _ = self.run_with('[service "deepl"]\n', command='check-config')
        self.assertEqual(result.returncode, 78)
        self.assertIn(b'needs a key', result.stderr)

    def test_a_failing_command_is_run_once_and_the_next_service_is_used(self):
        section = '[service "deepl"]\nkey_command = echo once >> calls; echo secret-4711; exit 3\n'
        workspace = Workspace(section + '[service "good"]\nkind = libretranslate\nurl = %s\n' % self.service.url + files_source(ARTICLE))
        command, options = workspace.command('run', capture_output=True, cwd=workspace.folder)
        result = subprocess.run(command, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([m['service'] for r in workspace.records().values() for m in r['providers']], ['good'])
        with open(os.path.join(workspace.folder, 'calls')) as f:
            self.assertEqual(f.read(), 'once\n')
        workspace.close()

    def test_without_a_route_the_embedded_engine_is_used(self):
        result, providers = self.run_with('[service "deepl"]\n', rescue=False)
        self.assertEqual((result.returncode, providers), (0, ['apertium']))
        self.assertIn(b'service deepl is not used', result.stderr)

    def test_without_another_service_a_failing_command_makes_articles_wait(self):
        result, providers = self.run_with('[route "default"]\nservices = deepl\n[service "deepl"]\nkey_command = echo secret-4711; exit 3\n', rescue=False)
        self.assertEqual((result.returncode, providers), (69, []))
        self.assertNotIn(b'secret-4711', result.stderr)


if __name__ == '__main__':
    unittest.main()
