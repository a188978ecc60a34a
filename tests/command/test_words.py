"""The command line and `check-config`: what is accepted and rejected."""
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace, PROGRAM                                    # noqa: E402


def call(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, timeout=60)


class Words(unittest.TestCase):
    def test_mistakes_are_usage_errors_that_name_the_word(self):
        for words, named in ((['--bogus', 'run'], '--bogus'), (['run', '--until', 'x'], '--until'), (['shwo'], 'shwo'),
                             (['show', '--until'], '--until STAGE'), (['show', '--from', 'xml', '-'], 'xml'), ([], 'no command')):
            result = call(*words)
            self.assertEqual(result.returncode, 64, words)
            self.assertIn(named, result.stderr.decode())
            self.assertEqual(result.stdout, b'')

    def test_options_may_precede_or_follow_the_command(self):
        for words in (['--set', 'run.state=/nowhere/x', 'reference', 'conf'], ['reference', 'conf', '--set=run.state=/nowhere/x']):
            self.assertEqual(call(*words).returncode, 0, words)

    def test_after_two_dashes_nothing_is_an_option(self):
        result = call('show', '--', '--until')
        self.assertIn('./--until: No such', result.stderr.decode())

    def test_help_of_a_command_begins_with_its_examples(self):
        text = call('show', '--help').stdout.decode()
        self.assertTrue(text.startswith('Examples:\n  dragoman show'), text)
        self.assertIn('--only STAGE', text)


class CheckConfig(unittest.TestCase):
    WRONG = """\
threads = 999
grace_period = 5d
[source "one"]
kind = feed
url = https://one.example/feed
header_file = head
[source "two"]
kind = fead
url = https://two.example/
[service "deepl"]
kind = deepl
timeout = soon
[service "model"]
kind = openai
temperature = 3
[service "nobody"]
kind = deppl
[route "de"]
services = deepl gone
[route "fr"]
services = lost
[summary]
services = deepl absent
[route "el"]
services = local
sources = nowhere
[route "klingon"]
services = local
[route "mk"]
services =
[service "local"]
kind = libretranslate
url = http://mt.example
key_env = PATH
languages = bg=bul =x qq
cost_per_day = 5
[identify]
skip = english
[glossary]
file = nowhere.tsv
"""
    SAID = ("'threads' must be between 0 and 256, not 999",
            "'grace_period' must be between 0s and 1h, not 5d",
            '[source "one"] header: line 2 is not of the form',
            '[source "one"] header: line 3 sets a header',
            '[source "two"] has an unknown kind \'fead\'; did you mean \'feed\'?',
            "invalid value 'soon' for 'timeout': expected a time",
            "invalid value '3' for 'temperature': expected a number from 0 to 2, or none",
            '[service "nobody"] has an unknown kind',
            '[route "de"] names the service \'gone\', but there is no [service "gone"]',
            '[route "fr"] names the service \'lost\'',
            "[summary] names the service 'deepl', which cannot write summaries",
            "[summary] names the service 'absent', but there is no such [service]",
            'cannot read the glossary',
            '[service "deepl"] needs a key',
            '[service "model"] needs model',
            '[route "el"] names the source \'nowhere\', but there is no [source "nowhere"]',
            "unknown language code 'klingon'; name the route after a language",
            'the route has no service; write services = NAME',
            'the key would be sent unencrypted; use https, or set plain_http = yes',
            "expected CODE or CODE=NAME, not '=x'",
            "unknown language code 'qq'",
            "'cost_per_day' has no effect without a price",
            "unknown language code 'english'")

    def setUp(self):
        self.workspace = Workspace(self.WRONG)
        self.addCleanup(self.workspace.close)
        with open(os.path.join(self.workspace.folder, 'head'), 'w') as f:
            f.write('Cookie: very-secret\nno header\nHost: elsewhere\n')
        os.chmod(os.path.join(self.workspace.folder, 'head'), 0o600)

    def test_all_problems_are_reported_at_once(self):
        result = self.workspace.call('check-config')
        said = result.stderr.decode()
        self.assertEqual(result.returncode, 78, said)
        for words in self.SAID:
            self.assertEqual(said.count(words), 1, (words, said))
        self.assertNotIn('very-secret', said)
        for line in said.splitlines()[:-1]:
            self.assertRegex(line, r'\S/dragoman\.conf:\d+: ')
        self.assertTrue(said.endswith('the configuration has %d problems\n' % (said.count('\n') - 1)), said)
        self.assertEqual(result.stdout, b'')

    def test_all_problems_are_in_the_list(self):
        result = self.workspace.call('check-config', '--json')
        self.assertEqual(result.returncode, 78)
        verdict = json.loads(result.stdout)
        self.assertFalse(verdict['sound'])
        for words in self.SAID:
            self.assertEqual(len([problem for problem in verdict['problems'] if words in problem]), 1, (words, verdict))

    def test_a_service_that_is_left_out_is_in_the_list(self):
        workspace = Workspace('[service "deepl"]\n[service "model"]\nkind = openai\n')
        self.addCleanup(workspace.close)
        result = workspace.call('check-config', '--json')
        self.assertEqual(result.returncode, 78)
        problems = json.loads(result.stdout)['problems']
        self.assertEqual([any(words in problem for problem in problems) for words in
                          ('[service "deepl"] needs a key', '[service "model"] needs model')], [True, True], problems)
        self.assertEqual(result.stderr.decode().count('is not used'), 2)

    def test_other_commands_stop_at_once(self):
        result = self.workspace.call('run')
        said = result.stderr.decode()
        self.assertEqual(result.returncode, 78)
        self.assertIn("names the service 'gone'", said)
        self.assertIn("expected a number from 0 to 2, or none", said)
        self.assertRegex(said, r'the configuration has \d+ problems; nothing was done')


if __name__ == '__main__':
    unittest.main()
