"""Every command: its help, options and arguments that it does not take, and the exit codes of what it is wrongly asked for."""
import functools
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import PROGRAM, SAMPLES, Workspace, files_source                    # noqa: E402


@functools.lru_cache(None)
def help_of(*words):
    return subprocess.run([PROGRAM, *words, '--help'], capture_output=True, timeout=60).stdout.decode()


def commands():
    return re.findall(r'^  ([a-z-]+)  +\S', help_of().split('\nCommands')[1].split('\nOptions')[0], re.M)


def options_of(command):
    """Returns the options in the help of a command, each with the placeholder of its value ('' for a switch)."""
    return re.findall(r'^  (?:-[a-zA-Z], )?(--[a-z-]+)(?: ([A-Z][^ ]*))?  +\S', help_of(command).split('\nOptions:\n')[1], re.M)


def setUpModule():
    global workspace, before
    workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt'), os.path.join(SAMPLES, 'articles', 'es-train.html')))
    assert workspace.call('run').returncode == 0
    before = state()


def tearDownModule():
    workspace.close()


def state():
    status = workspace.status()
    return {name: status[name] for name in ('found', 'waiting', 'done', 'failed', 'characters')}


class Case(unittest.TestCase):
    def assert_unchanged(self):
        self.assertEqual(state(), before)

    def refused(self, code, said, *words, stdin=b''):
        """Asserts that the command fails, names the mistake in one line, prints nothing else and changes nothing."""
        with self.subTest(words=words):
            result = workspace.call(*words, stdin=stdin)
            told = result.stderr.decode()
            self.assertEqual((result.returncode, result.stdout), (code, b''), told)
            self.assertIn(said, told)
            self.assertEqual(told.count('\n'), 1, told)
            self.assertTrue(told.startswith('dragoman: '), told)


class Help(Case):
    def test_every_command_shows_its_usage_and_options(self):
        self.assertGreater(len(commands()), 12)
        for command in commands():
            text = help_of(command)
            self.assertIn('Usage: dragoman [OPTION]... ' + command, text)
            names = [name for name, _ in options_of(command)]
            self.assertEqual(names[-7:], ['--config', '--set', '--log', '--quiet', '--verbose', '--help', '--version'], command)
            self.assertEqual(text, subprocess.run([PROGRAM, command, '-h'], capture_output=True).stdout.decode())
            self.assertEqual(text, subprocess.run([PROGRAM, 'help', command], capture_output=True).stdout.decode())
        self.assertEqual(help_of(), subprocess.run([PROGRAM, 'help'], capture_output=True).stdout.decode())

    def test_help_needs_no_configuration(self):
        for command in commands():
            result = subprocess.run([PROGRAM, '--config', '/no/such', command, '--help'], capture_output=True)
            self.assertEqual((result.returncode, result.stderr), (0, b''), command)


class Short(Case):
    def test_every_command_takes_the_short_options(self):
        version = subprocess.run([PROGRAM, '--version'], capture_output=True).stdout
        for command in commands():
            text = help_of(command)
            for letter, name in (('q', 'quiet'), ('v', 'verbose'), ('h', 'help'), ('V', 'version')):
                self.assertIn('  -%s, --%s ' % (letter, name), text)
            for words in (command, '-V'), ('-V', command):
                self.assertEqual(subprocess.run([PROGRAM, *words], capture_output=True).stdout, version)
            self.refused(64, '--quiet cannot be combined with --verbose', command, '-q', '-v')

    def test_quiet_leaves_out_confirmations_but_not_what_was_asked_for(self):
        for words in ('retry',), ('prune', '--days', '9999'):
            said = workspace.call(*words).stdout
            result = workspace.call('-q', *words)
            self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b'', b''), words)
            self.assertTrue(said, words)
            self.assertTrue(workspace.call('-q', *words, '--json').stdout, words)
        self.assertEqual(workspace.call('status', '-q').stdout, workspace.call('status').stdout)
        self.refused(64, "unknown option '--bogus'", '-q', 'retry', '--bogus')

    def test_verbose_says_what_is_used(self):
        said = workspace.call('status', '-v').stderr.decode()
        self.assertIn(' info started command=status output=%s state=%s/state.db ' % (workspace.out, workspace.out), said)
        self.assertEqual(said, re.sub('^[^ ]+', said[:20], workspace.call('status', '--log', 'text').stderr.decode()))

    def test_help_of_what_is_no_command(self):
        self.refused(64, "unknown command 'statsu'; did you mean 'status'?", 'help', 'statsu')
        self.refused(64, "unexpected argument 'run'", 'help', 'status', 'run')


class Arguments(Case):
    def test_unknown_options(self):
        for command in commands():
            self.refused(64, "unknown option '--bogus' for %s" % command, command, '--bogus')
        self.refused(64, "unknown option '-x' for status", 'status', '-x')
        self.refused(64, "did you mean '--config'?; see `dragoman verify --help`", 'verify', '--confg=x')

    def test_options_with_a_value_need_one_and_switches_take_none(self):
        for command in commands():
            for name, value in options_of(command)[:-7] if command != 'run' else options_of(command):
                if value:
                    self.refused(64, '%s needs a value: %s %s' % (name, name, value), command, name)
                else:
                    self.refused(64, '%s takes no value' % name, command, name + '=1')

    def test_arguments_that_a_command_does_not_take(self):
        for command in 'run', 'status', 'verify', 'services', 'check-config':
            self.refused(64, "unexpected argument 'more': %s takes none" % command, command, 'more')
        self.refused(64, "unexpected argument '--dry-run': run takes none", 'run', '--', '--dry-run')
        self.refused(64, "unexpected argument 'b': retry takes only one", 'retry', 'a', 'b')
        self.refused(64, "unexpected argument 'zsh': reference takes only one", 'reference', 'conf', 'zsh')
        self.refused(64, "unexpected argument 'b': digest takes one", 'digest', 'a', 'b')
        self.refused(64, 'give one article id', 'explain', 'a', 'b')

    def test_a_command_line_that_is_wrong_is_refused_before_the_configuration_is_read(self):
        for words in (['run', 'x'], ['status', '--limit'], ['reference', 'conf', 'x'], ['shwo']):
            result = subprocess.run([PROGRAM, '--config', '/no/such', *words], capture_output=True)
            self.assertEqual((result.returncode, result.stderr.count(b'\n')), (64, 1), words)

    def test_arguments_that_are_missing(self):
        for command, said in (('explain', 'give one article id'), ('search', 'nothing to search for'), ('accept', 'accept ID SEGMENT'),
                              ('export', 'no known format given'), ('import', 'no file given')):
            self.refused(64, said, command)

    def test_arguments_that_are_empty(self):
        """As from a variable of a script that is not set."""
        self.refused(64, 'the id is empty; without an argument, all articles are retried', 'retry', '')
        self.refused(64, 'give one article id', 'explain', '')
        self.refused(64, 'accept ID SEGMENT', 'accept', '', '1')
        self.refused(64, "'' has no letters or digits", 'search', '')
        self.refused(64, "invalid date ''", 'digest', '')
        self.refused(64, "invalid date ''", 'export', 'ndjson', '')
        self.refused(64, "unknown reference ''", 'reference', '')
        self.refused(64, "unknown command ''", '')
        self.refused(64, "unknown stage ''", 'show', '--until', '', '-')
        self.refused(64, "unknown language ''", 'export', 'ndjson', '--language', '')
        self.refused(74, 'cannot read', 'import', '')
        self.refused(74, 'cannot write', 'export', 'ndjson', '--output', '')
        self.assert_unchanged()

    def test_days_and_languages_that_do_not_exist_are_not_empty_days(self):
        for day in 'monday', '2026-02-30', '../..', '2026-01-1':
            self.refused(64, "invalid date '%s'" % day, 'export', 'ndjson', day)
        self.refused(64, "invalid date '2026-13-01'", 'digest', '2026-13-01')
        self.refused(64, "'2999-01-01' is in the future", 'export', 'tmx', '2999-01-01')
        for language, said in (('klingon', 'expected a code'), ('portugese', "did you mean 'pt' (Portuguese)?"), ('qq', "unknown language 'qq'")):
            self.refused(64, said, 'export', 'ndjson', '--language', language)
        self.refused(64, said, 'search', 'x', '--language', language)
        self.refused(64, said, 'digest', '--language', language)

    def test_days_and_languages_as_users_write_them(self):
        everything = workspace.call('export', 'ndjson').stdout
        self.assertEqual(everything.count(b'\n'), 2)
        for words in (['today'], ['week'], ['1999-01-01', 'today'], ['yesterday..today'], [workspace.days()[0]]):
            self.assertEqual(workspace.call('export', 'ndjson', *words).stdout, everything, words)
        for language in 'pt', 'PT', 'Portuguese', 'portuguese':
            result = workspace.call('export', 'ndjson', '--language', language)
            self.assertEqual((result.returncode, result.stdout.count(b'\n')), (0, 1), language)

    def test_options_that_exclude_each_other(self):
        self.refused(64, '--until cannot be combined with --only', 'show', '--until', 'decode', '--only', 'segment', '-')
        self.refused(64, '--json cannot be combined with --dry-run', 'run', '--json', '--dry-run')
        self.refused(64, '--day cannot be combined with --since', 'search', 'x', '--day', '2026-01-01', '--since', '2026-01-01')
        self.refused(64, '--rebuild takes no words', 'search', 'x', '--rebuild')

    def test_what_cannot_be_read(self):
        self.refused(74, 'cannot read /no/such.tmx: No such file', 'import', '/no/such.tmx')
        self.refused(74, 'cannot read /no/such.xlf: No such file', 'import', '/no/such.xlf')
        self.refused(78, 'cannot read the configuration file /no/such: No such file', '--config', '/no/such', 'status')
        self.refused(78, 'Is a directory', '--config', workspace.folder, 'status')
        self.refused(3, 'cannot read /no/such.html: No such file', 'show', '/no/such.html')
        for words in (['import', workspace.folder], ['import', workspace.config], ['import', '-']):
            result = workspace.call(*words, stdin=b'neither TMX nor XLIFF')
            self.assertIn(result.returncode, (65, 74), words)
            self.assertRegex(result.stderr.decode(), '^dragoman: cannot read [^\n]*\n$')
        self.assert_unchanged()

    def test_places_that_are_no_folders(self):
        inside = os.path.join(workspace.config, 'inside')
        self.refused(74, 'Not a directory', '--set', 'run.state=' + inside, 'status')
        self.refused(74, 'Not a directory', '--set', 'run.state=%s/deeper/state.db' % inside, 'status')
        self.refused(74, 'Not a directory', '--set', 'run.output=' + inside, '--set', 'run.state=%s/new.db' % workspace.folder, 'run')
        self.refused(78, 'is a folder', '--set', 'run.state=' + workspace.folder, 'status')


class Ids(Case):
    """An id may be cut to the digits that no other article has."""

    def test_what_begins_several_ids_is_none_of_them(self):
        files = Workspace('[source "inbox"]\nkind = files\npath = *.html\n')
        self.addCleanup(files.close)
        for number in range(17):                                    # so that two ids have the same first digit
            open(os.path.join(files.folder, '%d.html' % number), 'w').close()
        files.call('run')
        ids = sorted(article['id'] for article in files.status()['articles'])
        self.assertEqual(len(ids), 17)
        digit = next(one[0] for one, other in zip(ids, ids[1:]) if one[0] == other[0])
        for words in (['explain', digit], ['retry', digit], ['accept', digit, '1']):
            result = files.call(*words)
            self.assertEqual((result.returncode, result.stdout), (65, b''), words)
            self.assertIn("more than one article has an id that begins with '%s'; give more digits of it" % digit, result.stderr.decode())
        self.assertEqual((files.status()['failed'], files.status()['found']), (17, 0))
        shortest = next(ids[0][:length] for length in range(1, 33) if not ids[1].startswith(ids[0][:length]))
        self.assertIn('id        %s\n' % ids[0], files.call('explain', shortest).stdout.decode())
        self.assertEqual(files.call('retry', shortest).stdout, b'1 article will be tried again in the next run: 1 failed\n')
        self.assertEqual((files.status()['failed'], files.status()['found']), (16, 1))

    def test_what_begins_no_id(self):
        for word in 'g', '0' * 32, '0' * 33, '%', 'Ф', '-':
            self.refused(65, "no article has an id that begins with '%s'" % word, 'retry', word)
        for words in (['explain', 'xyz'], ['accept', 'xyz', '1']):
            self.refused(65, "no article has an id that begins with 'xyz'", *words)
        self.assert_unchanged()


if __name__ == '__main__':
    unittest.main()
