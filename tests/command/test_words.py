"""The words of the command line: what is understood, what is refused, and the manual made from the same tables."""
import json
import os
import re
import subprocess
import sys
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace, PROGRAM, SOURCE                                    # noqa: E402


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

    def test_options_may_stand_before_and_behind_the_command(self):
        for words in (['--set', 'run.state=/nowhere/x', 'reference', 'conf'], ['reference', 'conf', '--set=run.state=/nowhere/x']):
            self.assertEqual(call(*words).returncode, 0, words)

    def test_behind_two_dashes_everything_is_a_word(self):
        result = call('show', '--', '--until')
        self.assertIn('./--until: No such', result.stderr.decode())

    def test_help_of_a_command_begins_with_its_examples(self):
        text = call('show', '--help').stdout.decode()
        self.assertTrue(text.startswith('Examples:\n  dragoman show'), text)
        self.assertIn('--only STAGE', text)


class Manual(unittest.TestCase):
    def test_every_command_is_in_the_manual_and_the_completions(self):
        names = re.findall(r'^  ([a-z-]+)  +\S', call('--help').stdout.decode().split('Commands')[1].split('Options')[0], re.M)
        self.assertIn('check-config', names)
        for part in ('man', 'bash', 'zsh', 'fish'):
            text = call('reference', part).stdout.decode().replace('\\-', '-')
            for name in names:
                self.assertIn(name, text, part)

    def test_the_reference_is_an_empty_configuration_as_it_stands(self):
        desk = Workspace('')
        with open(desk.config, 'ab') as f:
            f.write(call('reference', 'conf').stdout)
        result = desk.call('check-config')
        self.assertEqual(result.returncode, 0, result.stderr)
        desk.close()

    def test_the_schema_of_records_is_a_schema(self):
        result = call('reference', 'schema')
        schema = json.loads(result.stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        with open(os.path.join(SOURCE, 'config', 'article.schema.json'), 'rb') as f:
            self.assertEqual(result.stdout, f.read())

    def test_bash_reads_its_completion(self):
        script = call('reference', 'bash').stdout.decode()
        asked = script + '\nCOMP_WORDS=(dragoman show --un); COMP_CWORD=2; _dragoman; echo "${COMPREPLY[@]}"'
        self.assertEqual(subprocess.run(['bash', '-c', asked], capture_output=True).stdout, b'--until\n')


if __name__ == '__main__':
    unittest.main()
