"""The reference: manual pages, the configuration, schemas and completions are generated from the tables that the program uses."""
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace, PROGRAM, SOURCE                                    # noqa: E402

GROFF = shutil.which('groff')
MANDOC = shutil.which('mandoc')
PARTS = 'conf', 'schema', 'digest-schema', 'man', 'man-conf', 'bash', 'zsh', 'fish'


def call(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, timeout=60)


def reference(part):
    result = call('reference', part)
    assert (result.returncode, result.stderr) == (0, b''), result
    return result.stdout.decode()


def rendered(part):
    """Returns the text of a manual page as a reader sees it, without line breaks, and what groff has to complain about."""
    result = subprocess.run([GROFF, '-ww', '-man', '-Tutf8', '-P-cbou', '-rLL=1000n', '-rHY=0'], input=reference(part).encode(), capture_output=True,
                            timeout=60)
    return ' '.join(result.stdout.decode().replace('\u2010', '-').replace('\u2212', '-').replace('\u2019', "'").split()), result.stderr.decode()


def joined(text):
    return ' '.join(text.split())


@unittest.skipUnless(GROFF, 'groff is not installed')
class Pages(unittest.TestCase):
    def test_they_are_set_without_a_warning(self):
        for part in 'man', 'man-conf':
            self.assertEqual(rendered(part)[1], '')
            if MANDOC:
                lint = subprocess.run([MANDOC, '-T', 'lint', '-W', 'warning'], input=reference(part).encode(), capture_output=True)
                self.assertEqual(lint.stdout, b'')

    def test_the_page_of_the_program_says_what_the_help_says(self):
        page, _ = rendered('man')
        help_text = call('--help').stdout.decode()
        names = re.findall(r'^  ([a-z-]+)  +\S', help_text.split('\nCommands')[1].split('\nOptions')[0], re.M)
        self.assertGreater(len(names), 12)
        for name in names:
            text = call(name, '--help').stdout.decode()
            usage = re.search(r'Usage: dragoman \[OPTION\]... (.*)\n\n  (.*)\n', text)
            self.assertIn(joined(usage.group(1) + ' ' + usage.group(2)), page)
            for option, words in re.findall(r'^  (--[a-z-]+(?: [A-Z][^ ]*)?)  +(\S.*)$', text.split('\nOptions:\n')[1], re.M):
                self.assertIn(joined(option + ' ' + words), page)
        examples = re.findall(r'^  (dragoman .*?)\s\s+(\S.*)$', help_text.split('\nUsage')[0], re.M)
        self.assertGreater(len(examples), 20)
        for command, words in examples:
            self.assertIn(joined(command + ' ' + words), page)
        codes = re.findall(r'^  (\d+) +(\S.*)$', help_text.split('\nExit codes:\n')[1], re.M)
        self.assertEqual([int(code) for code, _ in codes], [0, 3, 64, 65, 69, 71, 74, 75, 77, 78, 130])
        for code, words in codes:
            self.assertIn('%s %s' % (code, words), page)

    def test_the_page_of_the_configuration_says_what_the_reference_says(self):
        page, _ = rendered('man-conf')
        settings, words, place = 0, '', 0
        for line in reference('conf').splitlines():
            if line.startswith('# '):
                words = joined(line[2:])
            elif line.startswith(';['):
                heading = line[1:]
                if not words.endswith(heading) and heading + ' ' + words in page:     # a kind has its own words below the section's name
                    place = page.index(heading + ' ' + words)
            elif line.startswith(';kind = ') and line != ';kind = ':
                place = page.index(joined(line[1:] + ' ' + words), place)
            elif line.startswith(';'):
                name, value = line[1:].split('=', 1)
                name, value = name.strip(), value.strip()
                if name.endswith(('_env', '_command')) and not value and name != 'unsubscribe_command':
                    self.assertIn(name, page)
                    continue
                wanted = '%s, %s, %s %s' % (name, name[:-5] + '_env', name[:-5] + '_command', words) if name.endswith('_file') and (
                    name[:-5] + '_env, ') in page else joined('%s%s %s' % (name, ' = ' + value if value else '', words))
                found = page.find(wanted, place)
                self.assertGreaterEqual(found, place, wanted)
                place, settings = found, settings + 1
        self.assertGreater(settings, 150)


class Reference(unittest.TestCase):
    def test_every_command_is_in_the_manual_and_the_completions(self):
        names = re.findall(r'^  ([a-z-]+)  +\S', call('--help').stdout.decode().split('Commands')[1].split('Options')[0], re.M)
        self.assertIn('check-config', names)
        for part in ('man', 'bash', 'zsh', 'fish'):
            text = reference(part).replace('\\-', '-')
            for name in names:
                self.assertIn(name, text, part)

    def test_the_reference_is_a_valid_configuration_without_settings(self):
        workspace = Workspace('')
        with open(workspace.config, 'ab') as f:
            f.write(call('reference', 'conf').stdout)
        result = workspace.call('check-config')
        self.assertEqual(result.returncode, 0, result.stderr)
        workspace.close()

    def test_the_reference_shows_ranges_as_users_write_them(self):
        lines = call('reference', 'conf').stdout.decode().split('\n')
        for setting, ending in (('grace_period', '; 0s to 1h'), ('timeout', '; 100ms to 10m'), ('max_bytes', '; 1k to 1G'),
                                ('price', '; 0 to 1000000'), ('threads', '; 0 to 256')):
            helps = [lines[i - 1] for i, line in enumerate(lines) if line.startswith(';%s =' % setting)]
            self.assertTrue(any(text.endswith(ending) for text in helps), (setting, helps))
        self.assertFalse([line for line in lines if re.search(r'[0-9]e\+', line)])

    def test_the_schema_of_records_is_valid(self):
        result = call('reference', 'schema')
        schema = json.loads(result.stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        with open(os.path.join(SOURCE, 'config', 'article.schema.json'), 'rb') as f:
            self.assertEqual(result.stdout, f.read())

    def test_the_schema_of_the_digest_is_valid(self):
        schema = reference('digest-schema')
        jsonschema.Draft202012Validator.check_schema(json.loads(schema))
        with open(os.path.join(SOURCE, 'config', 'digest.schema.json'), encoding='utf8') as f:
            self.assertEqual(schema, f.read())

    def test_the_configuration_is_what_is_printed_without_a_word(self):
        self.assertEqual(call('reference').stdout.decode(), reference('conf'))

    def test_what_there_is_none_of_names_the_parts(self):
        result = call('reference', 'manual')
        self.assertEqual((result.returncode, result.stdout), (64, b''))
        for part in PARTS:
            self.assertRegex(result.stderr.decode(), r'\b%s\b' % part)


class Completions(unittest.TestCase):
    def complete(self, *words):
        """Returns what bash offers for the last of the words."""
        script = reference('bash')
        asked = script + '\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dragoman; printf "%s\\n" "${COMPREPLY[@]}"'
        result = subprocess.run(['bash', '-c', asked, 'bash', PROGRAM, *words], capture_output=True, timeout=60, cwd=SOURCE)
        self.assertEqual(result.stderr, b'')
        return set(result.stdout.decode().split())

    def test_bash_completes_commands_options_stages_and_files(self):
        self.assertEqual(self.complete('show', '--un'), {'--until'})
        self.assertEqual(self.complete('ex'), {'explain', 'export'})
        self.assertEqual(self.complete('--set', 'run.threads=1', 'ret'), {'retry'})
        self.assertEqual(self.complete('show', '--until', 'se'), {'segment'})
        self.assertEqual(self.complete('--config', 'README'), {'README.md'})
        self.assertEqual(self.complete('import', 'CHANGE'), {'CHANGELOG.md'})
        self.assertEqual(self.complete('verify', '--re'), {'--repair'})
        self.assertEqual(self.complete('search', '--re'), {'--rebuild'})
        self.assertEqual(self.complete('status', '--re'), set())

    def test_bash_offers_what_fits(self):
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = %s\n[source "de $(exit)"]\nkind = ndjson\npath = none.ndjson\n'
                              '[service "own"]\nkind = libretranslate\nurl = http://127.0.0.1:9\n' % os.devnull)
        self.addCleanup(workspace.close)
        with open(os.path.join(workspace.folder, 'a.txt'), 'w', encoding='utf8') as f:
            f.write('Los vecinos volverán a cruzar el puente viejo antes del verano, dijo la alcaldesa.')
        workspace.call('--set', 'source.items.kind=files', '--set', 'source.items.path=' + f.name, '--set', 'route.default.services=apertium', 'run')
        record, = workspace.records()
        asked = lambda *words: self.complete('--config', workspace.config, *words)       # noqa: E731
        for command in 'explain', 'retry', 'accept':
            self.assertEqual(asked(command, ''), {record[:12]})
        self.assertEqual(asked('explain', record[:3]), {record[:12]})
        self.assertEqual(asked('accept', record[:12], ''), set())
        self.assertEqual(asked('explain', 'zz'), set())
        self.assertLessEqual({'today', *workspace.days()}, asked('digest', ''))
        self.assertLessEqual(set(workspace.days()), asked('export', 'ndjson', '20'))
        self.assertLessEqual({'tmx', 'ndjson', 'xliff'}, asked('export', ''))
        self.assertEqual(asked('search', '--source', 'it'), {'items'})
        self.assertEqual(asked('search', '--source', 'de'), {'de\\', '\\$\\(exit\\)'})            # one word for the shell
        self.assertEqual(asked('search', '--language', 'pt'), {'pt', 'pt-BR'})
        self.assertEqual(asked('show', '--format', '='), {'text', 'markdown', 'json'})
        self.assertEqual(asked('show', '--format', '=', 'm'), {'markdown'})
        self.assertEqual(asked('show', '--from', 'wa'), {'warc'})
        self.assertEqual(self.complete('--log', ''), {'text', 'json', 'off'})
        self.assertEqual(self.complete('help', 'ver'), {'verify'})
        self.assertEqual(self.complete('reference', 'z'), {'zsh'})
        self.assertEqual(self.complete('status', '--limit', ''), set())
        self.assertEqual(self.complete('status', ''), set())
        self.assertEqual(self.complete('--config', '=', 'README'), {'README.md'})
        self.assertIn(b'own\n', workspace.call('complete', 'services').stdout)
        self.assertEqual(workspace.call('complete', 'nonsense').returncode, 64)

    def test_the_shells_that_are_installed_accept_theirs(self):
        for shell in 'bash', 'zsh', 'fish':
            if shutil.which(shell):
                result = subprocess.run([shell, '-n'], input=reference(shell).encode(), capture_output=True, timeout=60)
                self.assertEqual((result.returncode, result.stderr), (0, b''), shell)

    def test_every_option_is_in_every_completion(self):
        for name in re.findall(r'^  ([a-z-]+)  +\S', call('--help').stdout.decode().split('Commands')[1].split('Options')[0], re.M):
            for option in re.findall(r'^  --([a-z-]+)', call(name, '--help').stdout.decode(), re.M):
                for shell, form in (('bash', '--%s '), ('zsh', '--%s '), ('fish', '-l %s ')):
                    self.assertIn(form % option, REFERENCE[shell], (name, shell))


REFERENCE = {shell: reference(shell) for shell in ('bash', 'zsh', 'fish')}

if __name__ == '__main__':
    unittest.main()
