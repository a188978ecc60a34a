"""Bad input leads to a clear error for the right article or line and to the documented exit code; everything else is done."""
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace, SAMPLES, files_source                          # noqa: E402


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
        for text in '[service "deepl"]\n', '[glossary]\nfile = nowhere\n', '[http]\nca_file = /nowhere\n':
            workspace = Workspace(text)
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


if __name__ == '__main__':
    unittest.main()
