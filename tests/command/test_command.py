"""A service of kind `command`: the example that wraps Apertium's own program, and how the program is started, kept and ended."""
import inspect
import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import WORDS, translate                                     # noqa: E402
from program import Workspace, SAMPLES, SOURCE, files_source                  # noqa: E402

EXAMPLE = os.path.join(SOURCE, 'config', 'examples', 'command', 'apertium.py')

# Notes what happens in the file `log` in the output, where the sandbox lets it; `after` is run with each request.
PROGRAM = '''
import json, os, sys
WORDS = %r
%s
LOG = %r
def note(**what):
    with open(LOG, 'a') as f:
        f.write(json.dumps(what) + '\\n')
note(start=os.getpid(), group=os.getpgid(0), environment=sorted(os.environ), arguments=sys.argv[1:])
%s
for line in sys.stdin:
    request = json.loads(line)
    note(request=request, by=os.getpid())
    print(json.dumps({'id': request['id'], 'translations': [translate(t) for t in request['texts']]}), flush=True)
    %s
'''


def article(town):
    return ('El mercado de %s abre los domingos\n\nEl ayuntamiento de %s decidió ayer que el mercado abra también los domingos. '
            'Los vecinos celebraron la noticia.\n' % (town, town))


class Programs(unittest.TestCase):
    def setUp(self):
        self.workspace = Workspace('')
        with open(self.workspace.config, encoding='utf8') as f:
            self.configuration = f.read()

    def tearDown(self):
        self.workspace.close()

    def path(self, name):
        return os.path.join(self.workspace.folder, name)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf8') as f:
            f.write(text)

    def run_with(self, settings='', before='', after='', towns=('Soria',), program='./program.py'):
        """Runs the program of this file, with the articles of these towns. Returns the notes that it made."""
        log = os.path.join(self.workspace.out, 'log')
        self.write(program, PROGRAM % (WORDS, inspect.getsource(translate), log, before, after))
        for town in towns:
            self.write(town + '.txt', article(town))
        self.write('dragoman.conf', self.configuration + "[service \"own\"]\nkind = command\ncommand = '%s' -B %s --fast 'two words' $HOME;x\n%s\n"
                   '[route "default"]\nservices = own\n%s' % (sys.executable, program, settings, files_source(*[self.path(t + '.txt') for t in towns])))
        self.result = self.workspace.call('run')
        if not os.path.exists(log):
            return []
        with open(log, encoding='utf8') as f:
            notes = [json.loads(line) for line in f]
        os.remove(log)
        return notes

    def assert_complete(self, count):
        self.assertEqual(self.result.returncode, 0, self.result.stderr)
        records = self.workspace.records().values()
        self.assertEqual([r['status'] for r in records], ['complete'] * count)
        for record in records:
            self.assertEqual([p['service'] for p in record['providers']], ['own'])

    def starts(self, notes):
        return [n for n in notes if 'start' in n]

    def requests(self, notes):
        return [n['request'] for n in notes if 'request' in n]

    def test_it_is_started_once_without_a_shell(self):
        os.environ.update(OWN_WORD='x', OWN_SECRET='y')
        notes = self.run_with('environment = OWN_WORD NOT_SET\nmodel = tiny', towns=('Soria', 'Lugo', 'Toledo'))
        self.assert_complete(3)
        start, = self.starts(notes)
        self.assertEqual(start['arguments'], ['--fast', 'two words', '$HOME;x'])
        self.assertEqual(set(start['environment']) - {'LC_CTYPE'}, {'PATH', 'LC_ALL', 'OWN_WORD'})
        self.assertEqual(start['group'], start['start'])
        requests = self.requests(notes)
        self.assertEqual(len({r['id'] for r in requests}), len(requests))
        self.assertEqual({(r['source'], r['target']) for r in requests}, {('es', 'en')})
        self.assertEqual({r['title'] for r in requests}, {'El mercado de %s abre los domingos' % t for t in ('Soria', 'Lugo', 'Toledo')})
        model, = {p['model'] for r in self.workspace.records().values() for p in r['providers']}
        self.assertEqual(model, 'tiny')

    def test_it_works_in_the_sandbox(self):
        """The script lies in a folder that is closed to a run, and is readable because it is named."""
        self.configuration = self.configuration.replace('[run]\n', '[run]\nsandbox = %s\n' % ('auto' if b'no Landlock' in self.workspace.call('check-config').stdout else 'yes'))
        with tempfile.TemporaryDirectory() as folder:
            self.run_with(program=os.path.join(folder, 'program.py'))
        self.assert_complete(1)

    def test_a_program_that_ends_after_each_answer_is_started_again(self):
        notes = self.run_with(after='sys.exit()', towns=('Soria', 'Lugo', 'Toledo'))
        self.assert_complete(3)
        self.assertEqual(len(self.starts(notes)), len(self.requests(notes)))

    def test_there_are_never_more_than_concurrency(self):
        """The first program waits for the second one before it answers."""
        towns = ('Soria', 'Lugo', 'Toledo', 'Burgos', 'Girona')
        both = 'import time\nwhile open(LOG).read().count("start") < 2: time.sleep(0.02)'
        self.assertEqual(len(self.starts(self.run_with('concurrency = 2', before=both, towns=towns))), 2)
        self.assert_complete(5)

    def test_nothing_that_it_started_is_left(self):
        notes = self.run_with(before='import subprocess\nnote(child=subprocess.Popen(["sleep", "1000"]).pid)')
        self.assert_complete(1)
        for number in [n.get('child') or n['start'] for n in notes if 'child' in n or 'start' in n]:
            try:
                with open('/proc/%d/stat' % number) as f:
                    self.assertIn(f.read().rsplit(') ', 1)[1][0], 'ZX')
            except FileNotFoundError:
                pass

    def test_the_memory_belongs_to_the_model(self):
        self.assertTrue(self.requests(self.run_with('model = one')))
        sentence = 'Los vecinos celebraron la noticia.'
        again = self.requests(self.run_with('model = one', towns=('Lugo',)))
        self.assertFalse(any(sentence in r['texts'] for r in again))
        other = self.requests(self.run_with('model = two', towns=('Toledo',)))
        self.assertTrue(any(sentence in r['texts'] for r in other))
        self.assert_complete(3)

    def test_a_greeting_with_another_model_stops_the_service(self):
        hello = 'print(json.dumps({"hello": 1, "model": "tiny-2", "languages": ["es"]}), flush=True)'
        notes = self.run_with('model = tiny-1', before=hello)
        self.assertEqual((self.result.returncode, len(self.requests(notes))), (69, 1))
        self.assertIn(b'set model = tiny-2', self.result.stderr)
        self.run_with('model = tiny-2', before=hello)
        self.assert_complete(1)

    def test_what_it_says_at_its_end_is_shown_without_control_characters(self):
        self.run_with('attempts = 1', before='sys.stderr.write("\\x1b[31mno\\tmodel\\x07 \\x80\\n" * 90 + "give it one")\nsys.exit(3)')
        self.assertEqual(self.result.returncode, 69)
        said = self.workspace.call('status').stdout
        self.assertRegex(said, rb'service own: the program exited without a reply \(.*\): .*no model.* give it one')
        self.assertFalse(any(byte < 32 and byte != 10 for byte in said), said)

    def test_a_program_that_is_missing_is_named_at_once(self):
        self.write('dragoman.conf', self.configuration + '[service "own"]\nkind = command\ncommand = ./not-here\n[route "default"]\nservices = own\n' + files_source(self.path('x.txt')))
        for words in (('check-config',), ('run',)):
            result = self.workspace.call(*words)
            self.assertEqual(result.returncode, 78)
            self.assertRegex(result.stderr, rb"dragoman.conf:\d+: \[service \"own\"\] command: '/.*/not-here' is not a program that can be run")


@unittest.skipUnless(shutil.which('apertium'), 'apertium is not installed')
class Apertium(unittest.TestCase):
    def test_articles_are_the_same_as_with_the_embedded_engine(self):
        """Engine and pairs are the same; texts that are packed together influence each other in a few segments."""
        sources = files_source(*[os.path.join(SAMPLES, 'articles', name) for name in ('es-train.html', 'mk-health.html')])
        wrapped = Workspace('[service "own"]\nkind = command\ncommand = %s %s\nlanguages = es=spa mk=mkd\n[route "default"]\nservices = own\n%s'
                            % (sys.executable, EXAMPLE, sources))
        result = wrapped.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        embedded = Workspace(sources)
        self.assertEqual(embedded.call('run').returncode, 0)
        records, wanted = wrapped.records(), embedded.records()
        self.assertEqual(set(records), set(wanted))
        pairs = []
        for name, record in records.items():
            self.assertEqual((record['status'], [p['service'] for p in record['providers']]), (wanted[name]['status'], ['own']))
            pairs += zip(*[[s.get('target') for b in r['body'] for s in b['segments']] for r in (record, wanted[name])])
        self.assertGreater(sum(a == b for a, b in pairs), len(pairs) * 0.8)
        wrapped.close()
        embedded.close()

    def test_a_language_that_is_not_installed_is_named(self):
        workspace = Workspace('[service "own"]\nkind = command\ncommand = %s %s\nlanguages = es=spa nb\n[route "nb"]\nservices = own\n'
                              % (sys.executable, EXAMPLE))
        result = workspace.call('check-config', '--online')
        workspace.close()
        self.assertEqual(result.returncode, 69)
        self.assertRegex(result.stderr.decode(), r'\[service "own"\] nb: answered with an error \(the program does not support this language')


if __name__ == '__main__':
    unittest.main()
