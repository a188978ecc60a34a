"""Bad input leads to a clear error for the right article or line and to the documented exit code; everything else is done."""
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import SOME_SOURCE, Workspace, SAMPLES, files_source                          # noqa: E402


class BadFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.workspace = Workspace(files_source('bad', os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        folder = os.path.join(cls.workspace.folder, 'bad')
        os.mkdir(folder)
        for name in ('empty.html', 'binary.html', 'half-utf8.txt'):
            with open(os.path.join(SAMPLES, 'bad', name), 'rb') as source, open(os.path.join(folder, name), 'wb') as copy:
                copy.write(source.read())
        with open(os.path.join(folder, 'huge.txt'), 'wb') as huge:
            huge.truncate(200 << 20)
        cls.result = cls.workspace.call('run')
        cls.status = cls.workspace.call('status').stdout.decode()

    @classmethod
    def tearDownClass(cls):
        cls.workspace.close()

    def test_exit_code_and_one_line_report_the_failures(self):
        self.assertEqual(self.result.returncode, 3)
        self.assertEqual(self.result.stderr.count(b'\n'), 1)

    def test_each_is_named_with_its_reason(self):
        for word in ('empty.html is empty', 'binary.html', 'huge.txt has 209715200 bytes'):
            self.assertIn(word, self.status)

    def test_the_other_articles_are_completed(self):
        done = [r['url'] for r in self.workspace.records().values()]
        self.assertTrue([u for u in done if u.endswith('pt-short.txt')])

    def test_truncated_byte_sequences_are_counted(self):
        record = next(r for r in self.workspace.records().values() if r['url'].endswith('half-utf8.txt'))
        self.assertGreaterEqual(record['encoding'].get('undecodable', 0), 1)


class BareXml(unittest.TestCase):
    def test_xml_without_an_article_is_rejected_in_a_sentence(self):
        for text in ('<?xml version="1.0"?>\n<Error><Code>NotAllowed</Code><Message>The object may not be read by you.</Message></Error>',
                     '<inventory><part number="4">A wheel of oak, made in Porto</part></inventory>',
                     '<!-- of the harbour -->\n<h:tide xmlns:h="urn:tide"><h:low>The water is low in the morning.</h:low></h:tide>\n'):
            workspace = Workspace('')
            path = os.path.join(workspace.folder, 'thing.xml')
            with open(path, 'w') as f:
                f.write(text)
            result = workspace.call('show', path)
            self.assertIn(b'the document is XML without an article', result.stdout + result.stderr)
            self.assertNotEqual(result.returncode, 0)
            workspace.close()


class BadConfiguration(unittest.TestCase):
    def test_unwritable_folders_are_all_reported_at_once_and_nothing_is_left_behind(self):
        workspace = Workspace('[archive]\nkeep = warc\nfolder = /proc/kept\n')
        before = os.listdir(workspace.folder)
        self.assertEqual(workspace.call('check-config').returncode, 78)
        result = workspace.call('--set', 'run.output=/proc/a/b', '--set', 'run.state=%s/state.db' % workspace.config, 'check-config')
        self.assertEqual(result.returncode, 78)
        for word in b"'/proc/a/b'", b"'/proc/kept'", b"dragoman.conf/state.db'":
            self.assertIn(b'cannot write to ', result.stderr)
            self.assertIn(word, result.stderr)
        self.assertEqual(os.listdir(workspace.folder), before)
        workspace.close()

    def test_an_unknown_key_is_reported_with_its_line_and_the_nearest_key(self):
        workspace = Workspace('in_flihgt = 3\n' + files_source('x'))
        result = workspace.call('run')
        self.assertEqual(result.returncode, 78)
        self.assertIn(b"dragoman.conf:4: unknown key 'in_flihgt' in [run]; did you mean 'in_flight'?", result.stderr)
        workspace.close()

    def test_old_names_of_settings_are_rejected_with_the_new_ones(self):
        for old, new, text in (('drain', 'grace_period', 'drain = 3s\n'),
                               ('days_apart', 'half_life_days', '[group]\ndays_apart = 3\n'),
                               ('longest_wait', 'max_wait', '[service "apertium"]\nlongest_wait = 3s\n')):
            workspace = Workspace(text + files_source('x'))
            result = workspace.call('run')
            self.assertEqual(result.returncode, 78)
            self.assertIn(b"the setting '%s' is now called '%s'" % (old.encode(), new.encode()), result.stderr)
            workspace.close()

    def test_a_run_needs_a_place_for_what_it_must_remember(self):
        for setting, expected in ('run.state=', b"'state': expected a file"), ('run.output=', b"'output': expected a folder"):
            workspace = Workspace(files_source('.'))
            result = workspace.call('--set', setting, 'run')
            self.assertEqual((result.returncode, expected in result.stderr), (78, True), result.stderr)
            workspace.close()

    def test_the_number_of_problems_is_said_whoever_found_them(self):
        for text in 'publish = maybe\n', '[service "deepl"]\n', '[glossary]\nfile = nowhere\n', '[http]\nca_file = /nowhere\n':
            workspace = Workspace(text + SOME_SOURCE)
            result = workspace.call('check-config')
            self.assertEqual(result.returncode, 78)
            self.assertTrue(result.stderr.endswith(b'dragoman: the configuration has 1 problem\n'), result.stderr)
            workspace.close()

    def test_a_bad_line_of_the_glossary_is_named(self):
        workspace = Workspace('[glossary]\nfile = terms.tsv\n')
        with open(os.path.join(workspace.folder, 'terms.tsv'), 'w') as f:
            f.write('# terms\nbg\t\u0433\u0440\u0430\u0434\ttown\n\nnonsense\n')
        result = workspace.call('check-config')
        self.assertEqual(result.returncode, 78)
        self.assertIn(b'/terms.tsv:4: invalid line in the glossary', result.stderr)
        workspace.close()

    def test_a_table_that_lost_rows_ends_the_run_and_check_config(self):
        workspace = Workspace(files_source('.'))
        self.addCleanup(workspace.close)
        data = os.path.join(workspace.folder, 'data')
        shutil.copytree(os.path.join(os.environ['DRAGOMAN_SOURCE'], 'config'), data)
        for name in ('calendars.tsv', 'decimals.tsv', 'check/antonyms.tsv', 'check/meaning.tsv', 'check/currencies.tsv'):
            path = os.path.join(data, 'tables', name)
            with open(path, encoding='utf8') as f:
                whole = f.readlines()
            for part in ([], whole[:len(whole) // 2]):
                with open(path, 'w', encoding='utf8') as f:
                    f.writelines(part)
                for words in (('check-config',), ('run',)):
                    command, options = workspace.command(*words, capture_output=True)
                    options['env']['DRAGOMAN_DATA'] = data
                    result = subprocess.run(command, **options)
                    self.assertEqual((name, words, result.returncode), (name, words, 78), result.stderr)
                    self.assertIn(b'tables/' + name.encode(), result.stderr)
            with open(path, 'w', encoding='utf8') as f:
                f.writelines(whole)

    def test_a_missing_source_is_reported(self):
        workspace = Workspace('')
        result = workspace.call('run')
        self.assertEqual(result.returncode, 78)
        self.assertIn(b'no [source]', result.stderr)
        self.assertIn(b'`dragoman init`', result.stderr)
        self.assertIn(b'dragoman.conf', result.stderr)
        workspace.close()

    def test_unknown_commands_and_stages_are_usage_errors(self):
        workspace = Workspace('')
        self.assertEqual(workspace.call('rnu').returncode, 64)
        self.assertEqual(workspace.call('show', '--until', 'extrakt', '-', stdin=b'x').returncode, 64)
        workspace.close()


class MissingPair(unittest.TestCase):
    def test_a_language_without_a_service_fails_with_a_remedy(self):
        workspace = Workspace(files_source('sv.txt'))
        with open(os.path.join(workspace.folder, 'sv.txt'), 'w', encoding='utf8') as f:
            f.write('Regeringen presenterade på onsdagen ett nytt förslag om skolan.\n\nLärarna är inte nöjda med förslaget. '
                    'De vill att klasserna ska bli mindre och att lönerna höjs.\n')
        self.assertEqual(workspace.call('run').returncode, 3)
        said = workspace.call('status').stdout.decode()
        self.assertIn("no configured service translates 'sv'", said)
        self.assertIn('for Swedish, install', said)
        workspace.close()


class BadLines(unittest.TestCase):
    def test_a_bad_ndjson_line_is_reported_and_the_others_are_processed(self):
        workspace = Workspace('')
        lines = b'{"id":"a","text":"Hola a todos."}\n{"id":\n{"id":"b","text":"Hasta luego."}\n'
        result = workspace.call('show', '--from', 'ndjson', '--until', 'decode', '-', stdin=lines)
        self.assertEqual(result.returncode, 3)
        self.assertIn(b'line 2 of -', result.stderr)
        self.assertEqual([b'"id":"a"' in l or b'"id":"b"' in l for l in result.stdout.splitlines()], [True, True])
        workspace.close()



class Names(unittest.TestCase):
    """Names, addresses and settings that a terminal would obey."""
    NAMES = '\x1b]0;owned\x07\x1b[31mred.txt', 'new\nline.txt', 'rtl\u202etxt.exe', 'tags\U000e0041.txt', 'c1\x9b31m.txt', 'line\u2028.txt'
    OBEYED = re.compile('[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]')

    @classmethod
    def setUpClass(cls):
        cls.workspace = Workspace(files_source('in') + '[source "sp\u202eam"]\nkind = files\npath = in/*.none\n')
        os.mkdir(os.path.join(cls.workspace.folder, 'in'))
        for name in cls.NAMES:
            open(os.path.join(cls.workspace.folder, 'in', name), 'w').close()

    @classmethod
    def tearDownClass(cls):
        cls.workspace.close()

    def outputs(self, *words):
        result = self.workspace.call(*words)
        self.assertIn(result.returncode, range(128), result.stderr)
        return result.stdout.decode() + result.stderr.decode()

    def assert_visible(self, text, words):
        found = self.OBEYED.search(text)
        self.assertIsNone(found, '%s: %r' % (words, found and text[max(0, found.start() - 80):found.end() + 20]))

    def test_nothing_is_printed_as_it_is(self):
        for form in 'text', 'json':
            log = self.outputs('--log', form, 'run')
            self.assert_visible(log, form)
            if form == 'text':
                self.assertIn('rtl\\u202etxt.exe', log)
                self.assertEqual(len([line for line in log.splitlines() if not re.match(r'\d{4}-|dragoman: ', line)]), 0, log)
        articles = json.loads(self.workspace.call('status', '--json').stdout)['articles']
        self.assertEqual({os.path.basename(a['address']) for a in articles}, set(self.NAMES))
        for words in [('status',), ('status', '--json'), ('retry',), ('check-config',), ('services',), ('run', '--dry-run')] + \
                     [(command, a['id'], *more) for a in articles for command, *more in (('explain',), ('explain', '--json'), ('retry',))]:
            self.assert_visible(self.outputs(*words), words)
        self.look_at_files_in_the_place_of_records()

    def look_at_files_in_the_place_of_records(self):
        folder = os.path.join(self.workspace.out, '2026-01-29', 'articles')
        os.makedirs(folder)
        for name in self.NAMES:
            open(os.path.join(folder, name.replace('.txt', '').replace('.exe', '') + '.json'), 'w').close()
        for words in ('verify',), ('verify', '--json'):
            text = self.outputs(*words)
            self.assertIn('rtl', text)
            self.assert_visible(text, words)

    def test_settings_and_words_of_the_command_line(self):
        wrong = Workspace('[run]\nin_flight = 1\u202e2\n[source "a\u202eb"]\nkind = fi\u2066les\n[service "\u202e"]\nkind = openai\nurl = http://\u202e/\n')
        self.addCleanup(wrong.close)
        for words in ('check-config',), ('check-config', '--json'), ('run',), ('explain', '\x1b[31m'), ('--log', '\x1b[2J', 'run'), ('\u202e',), ('run', '--\u202e'), ('digest', '\x1b[1m'):
            result = wrong.call(*words)
            self.assertNotEqual(result.returncode, 0, words)
            self.assert_visible(result.stdout.decode() + result.stderr.decode(), words)


if __name__ == '__main__':
    unittest.main()
