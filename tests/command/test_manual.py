"""The reference: manual pages, the configuration, schemas and completions are generated from the tables that the program uses."""
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import SOME_SOURCE, Workspace, PROGRAM, SOURCE                                    # noqa: E402

GROFF = shutil.which('groff')
MANDOC = shutil.which('mandoc')
PARTS = 'conf', 'schema', 'digest-schema', 'news-schema', 'man', 'man-conf', 'bash', 'zsh', 'fish'


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
            f.write(call('reference', 'conf').stdout + SOME_SOURCE.encode())
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

    def test_the_schemas_of_the_digest_and_of_news_are_valid(self):
        for name in 'digest', 'news':
            schema = reference(name + '-schema')
            jsonschema.Draft202012Validator.check_schema(json.loads(schema))
            with open(os.path.join(SOURCE, 'config', name + '.schema.json'), encoding='utf8') as f:
                self.assertEqual(schema, f.read())

    def test_the_configuration_is_what_is_printed_without_a_word(self):
        self.assertEqual(call('reference').stdout.decode(), reference('conf'))

    def test_what_there_is_none_of_names_the_parts(self):
        result = call('reference', 'manual')
        self.assertEqual((result.returncode, result.stdout), (64, b''))
        for part in PARTS:
            self.assertRegex(result.stderr.decode(), r'\b%s\b' % part)


def worked(test):
    """Returns a workspace with one article, a source with a strange name and a service, and the article's id."""
    workspace = Workspace('[source "items"]\nkind = ndjson\npath = %s\n[source "de $(exit)"]\nkind = ndjson\npath = none.ndjson\n'
                          '[service "own"]\nkind = libretranslate\nurl = http://127.0.0.1:9\n' % os.devnull)
    test.addCleanup(workspace.close)
    with open(os.path.join(workspace.folder, 'a.txt'), 'w', encoding='utf8') as f:
        f.write('Los vecinos volverán a cruzar el puente viejo antes del verano, dijo la alcaldesa.')
    workspace.call('--set', 'source.items.kind=files', '--set', 'source.items.path=' + f.name, '--set', 'route.default.services=apertium', 'run')
    record, = workspace.records()
    return workspace, record


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
        workspace, record = worked(self)
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


class Shells:
    """What a shell other than bash offers for the last word of a line, when it is really asked."""

    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.folder = keep.name

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf8') as file:
            file.write(text)
        return path

    def check(self, cases):
        lines = [' '.join(map(shlex.quote, (PROGRAM, *words[:-1]))) + ' ' + words[-1] for words, _ in cases]
        for (words, wanted), offered in zip(cases, self.offers(lines), strict=True):
            with self.subTest(words=words):
                self.assertEqual(offered, set(wanted))

    def test_it_offers_commands_options_and_files(self):
        self.check([(('ex',), ['explain', 'export']), (('--set', 'run.threads=1', 'ret'), ['retry']), (('help', 'ver'), ['verify']),
                    (('show', '--un'), ['--until']), (('verify', '--re'), ['--repair']), (('search', '--re'), ['--rebuild']),
                    (('status', '--re'), []), (('--config', 'x', 'status', '--js'), ['--json']), (('show', '--until', 'se'), ['segment']),
                    (('--config', 'README'), ['README.md']), (('import', 'CHANGE'), ['CHANGELOG.md']), (('status', 'CHANGE'), []),
                    (('--log', ''), ['text', 'json', 'off']), (('show', '--format='), ['--format=' + form for form in ('text', 'markdown', 'json')]),
                    (('show', '--format', 'm'), ['markdown']), (('reference', 'z'), ['zsh']), (('status', '--limit', ''), []), (('status', ''), [])])

    def test_it_asks_the_program_for_the_rest(self):
        workspace, record = worked(self)
        given = '--config', workspace.config
        self.check([*(((*given, command, ''), [record[:12]]) for command in ('explain', 'retry', 'accept')),
                    ((*given, 'explain', record[:3]), [record[:12]]), ((*given, 'accept', record[:12], ''), []), ((*given, 'explain', 'zz'), []),
                    (('--config=' + workspace.config, 'search', '--source', 'it'), ['items']), ((*given, 'search', '--source', 'de'), ['de $(exit)']),
                    ((*given, 'search', '--language', 'pt'), ['pt', 'pt-BR']), ((*given, 'export', 'ndjson', '20'), workspace.days()),
                    ((*given, 'export', 'tm'), ['tmx'])])


@unittest.skipUnless(shutil.which('zsh'), 'zsh is not installed')
class Zsh(Shells, unittest.TestCase):
    SETTINGS = """fpath=(%s $fpath); autoload -Uz compinit; compinit -u -D
offer() { _main_complete; count=$compstate[nmatches]; compstate[insert]=all; compstate[list]= }
zle -C offer complete-word offer
answer() { for BUFFER in ${(f)"$(<asked)"}; do CURSOR=$#BUFFER; count=0; zle offer; print -r -- $count "$BUFFER"; done >answers; exit }
zle -N answer
bindkey '^X' answer
cd %s
"""

    def offers(self, lines):
        """Presses a key in a zsh on a terminal, which has all that fits inserted into each line."""
        self.write('_dragoman', reference('zsh'))
        self.write('.zshrc', self.SETTINGS.replace('asked', self.write('asked', '\n'.join(lines))).replace('answers', self.folder + '/answers') % (self.folder, SOURCE))
        process, terminal = pty.fork()
        if process == 0:
            os.execvpe('zsh', ['zsh', '-i', '-d'], {**os.environ, 'ZDOTDIR': self.folder, 'TERM': 'dumb'})
        os.write(terminal, b'\x18')
        try:
            while os.read(terminal, 4096):
                pass
        except OSError:                                                     # the end: the other side is closed
            pass
        os.waitpid(process, 0)
        with open(self.folder + '/answers', encoding='utf8') as file:
            for line, answer in zip(lines, file.read().splitlines(), strict=True):
                count, _, whole = answer.partition(' ')
                yield set(shlex.split(whole[line.rindex(' '):])) if count != '0' else set()


@unittest.skipUnless(shutil.which('fish'), 'fish is not installed')
class Fish(Shells, unittest.TestCase):
    def offers(self, lines):
        script = 'source %s\nwhile read -l line\n echo =\n complete -C "$line"\nend <%s\n' % (
            self.write('dragoman.fish', reference('fish')), self.write('asked', '\n'.join(lines) + '\n'))
        result = subprocess.run(['fish', '--no-config', '-c', script], capture_output=True, text=True, timeout=300, cwd=SOURCE,
                                env={**os.environ, 'HOME': self.folder})
        self.assertEqual(result.stderr, '')
        return [set(line.split('\t')[0] for line in part.splitlines()) for part in result.stdout.split('=\n')[1:]]


REFERENCE = {shell: reference(shell) for shell in ('bash', 'zsh', 'fish')}

if __name__ == '__main__':
    unittest.main()
