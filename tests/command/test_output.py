"""Output that cannot be written is an error of every command, and never goes into another file."""
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import SAMPLES, Workspace, files_source                    # noqa: E402

PARTS = 'conf', 'schema', 'digest-schema', 'news-schema', 'man', 'man-conf', 'bash', 'zsh', 'fish'


class Case(unittest.TestCase):
    def setUp(self):
        self.workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        self.addCleanup(self.workspace.close)
        self.call('run')
        self.record, = self.workspace.records()
        self.record = self.record[:-len('.json')]

    def call(self, *words, code=0):
        result = self.workspace.call(*words)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout


class FullDisk(Case):
    def commands(self):
        """Every command that prints, in every form of its output."""
        yield from (['--help'], ['--version'], ['status', '--help'], ['services'], ['services', '--markdown'])
        yield from (['reference', part] for part in PARTS)
        for command in ('status', 'verify', 'retry', 'check-config', 'run'):
            yield [command, '--json']
        yield from (['status'], ['verify'], ['retry'], ['check-config'], ['run', '--dry-run'], ['digest'], ['digest', 'week'],
                    ['digest', '--language', 'pt', '--output', '-'])
        yield from (['explain', self.record], ['explain', self.record, '--json'], ['retry', self.record], ['search', 'a*'], ['search', '--json', 'a*'],
                    ['search', '--rebuild'], ['accept', self.record, '1'], ['import', self.tmx, '--json'], ['import', self.tmx],
                    ['show', '--until', 'decode', self.workspace.config])
        for form in 'jsonfeed', 'ndjson', 'ninjs', 'tmx', 'xliff':
            yield ['export', form, '--language', 'pt']

    def test_a_full_disk_is_a_failure_of_every_command_that_prints(self):
        self.tmx = os.path.join(self.workspace.folder, 'memory.tmx')
        self.call('export', 'tmx', '--output', self.tmx)
        with open(self.workspace.config, 'a') as f:
            f.write('[service "model"]\nkind = ollama\nmodel = m\n')        # for `services` to list
        with open('/dev/full', 'wb') as full:
            for words in self.commands():
                command, options = self.workspace.command(*words, stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
                result = subprocess.run(command, timeout=120, **options)
                self.assertEqual((words, result.returncode), (words, 74), result.stderr)
                self.assertEqual(result.stderr.count(b'dragoman: cannot write '), 1, (words, result.stderr))
        self.call('verify')

    def test_a_full_disk_under_the_file_of_an_export(self):
        for form in 'ndjson', 'tmx':
            result = self.workspace.call('export', form, '--output', '/dev/full')
            self.assertEqual((result.returncode, result.stdout), (74, b''))
            self.assertIn(b'cannot write the export: No space left on device', result.stderr)


class Closed(Case):
    """Some programs start others with standard files closed. The next file that is opened would then get such a number."""

    def closed(self, numbers, *words):
        command, options = self.workspace.command(*words, capture_output=True, timeout=120)
        return subprocess.run(['sh', '-c', 'exec "$@" %s' % ' '.join('%d>&-' % n for n in numbers), 'sh', *command], **options)

    def test_nothing_is_printed_into_a_file(self):
        more = 'es-train.html', 'it-harvest.html'
        for number, numbers in enumerate(([2], [0, 1, 2])):
            with open(self.workspace.config, 'a') as f:
                f.write('[source "more%d"]\nkind = files\npath = %s\n' % (number, os.path.join(SAMPLES, 'articles', more[number])))
            result = self.closed(numbers, '--log', 'text', 'run', '--json')
            self.assertEqual(result.returncode, 74 if 1 in numbers else 0, result.stderr)
            self.assertEqual(len(self.workspace.records()), number + 2)
            self.assertIn(b'%d records are sound, 0 damaged, 0 missing, 0 foreign' % (number + 2), self.call('verify'))

    def test_closed_output_is_an_error_and_closed_input_too(self):
        for words in ['status'], ['--version'], ['export', 'ndjson'], ['reference', 'conf']:
            self.assertEqual(self.closed([1], *words).returncode, 74, words)
        result = self.closed([0], 'show', '--until', 'decode', '-')
        self.assertEqual((result.returncode, result.stdout), (3, b''))
        self.assertEqual(result.stderr, b'dragoman: cannot read standard input: Bad file descriptor\n')


if __name__ == '__main__':
    unittest.main()
