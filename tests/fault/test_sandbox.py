"""A page that takes over the parser reaches none of the user's files (burglar.c plays it), while everything that a run needs still works."""
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                          # noqa: E402
from program import Workspace                                                 # noqa: E402
from web import feed, page                                            # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


def landlock_version():
    """Returns the version that the kernel offers, or 0."""
    code = 'import ctypes; print(max(0, ctypes.CDLL(None).syscall(444, None, 0, 1)))'
    return int(subprocess.run([sys.executable, '-c', code], capture_output=True, check=True).stdout)


VERSION = landlock_version()
MODE = '/usr/share/apertium/modes/cat-eng.mode'
ALWAYS = {'read-key', 'read-beside', 'list-home', 'write-new', 'append', 'write-source', 'remove', 'make-folder', 'make-link', 'make-pipe', 'environment-of-another', 'shell',
          'own-program'}
LATER = {'truncate': 3, 'listen': 4, 'signal': 6}


class Sandbox(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = tempfile.TemporaryDirectory()
        cls.library = os.path.join(cls.tools.name, 'burglar.so')
        subprocess.run(['cc', '-O1', '-shared', '-fPIC', '-o', cls.library, os.path.join(HERE, 'burglar.c'), '-ldl'], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.tools.cleanup()

    def open(self, sandbox='', more='', language='es', service=True):
        self.service = FakeService()
        self.addCleanup(self.service.close)
        paid = '[service "libre"]\nkind = libretranslate\nurl = %s\n[route "default"]\nservices = libre\n' % self.service.url if service else ''
        self.workspace = Workspace('%s[source "inbox"]\nkind = files\npath = inbox/*.html\n%s%s' % (sandbox, paid, more))
        self.addCleanup(self.workspace.close)
        self.home = self.path('home')
        os.makedirs(os.path.join(self.home, '.ssh'))
        os.mkdir(self.path('inbox'))
        for name in '.ssh/id_rsa', 'letters.txt', 'notes.txt', 'diary.txt':
            with open(os.path.join(self.home, name), 'w', encoding='utf8') as f:
                f.write('private')
        with open(self.path('inbox/1.html'), 'w', encoding='utf8') as f:
            f.write(page('El puente nuevo').replace('lang="es"', 'lang="%s"' % language))
        shutil.copy('/bin/true', self.path('inbox/program'))

    def path(self, name):
        return os.path.join(self.workspace.folder, name)

    def run_program(self, *words, burgled=True, whose=None, **more):
        """The burglar breaks into `home`, which is that of the user unless `whose` is."""
        command, options = self.workspace.command(*words, stdin=subprocess.DEVNULL, capture_output=True, cwd=self.workspace.folder, timeout=120)
        options['env'].update(HOME=whose or self.home, BURGLAR_HOME=self.home, **more)
        self.report = self.path('out/burglar')
        if burgled:
            os.makedirs(self.path('out'), exist_ok=True)
            options['env'].update(LD_PRELOAD=self.library, BURGLAR_REPORT=self.report, BURGLAR_SOURCE=self.path('inbox/1.html'), BURGLAR_PIPE=self.path('out/pipe'),
                                  BURGLAR_PROGRAM=self.path('inbox/program'), ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0')
        return subprocess.run(command, **options)

    def attempts(self):
        with open(self.report, encoding='utf8') as f:
            return {name: int(number) for name, number in map(str.split, f)}

    def assert_complete(self, result):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([r['status'] for r in self.workspace.records().values()], ['complete'])

    @unittest.skipIf(VERSION < 2, 'this kernel has no Landlock')
    def test_an_intruder_reaches_nothing(self):
        for sandbox in '', 'sandbox = yes\n':
            self.open(sandbox)
            self.assert_complete(self.run_program('run'))
            attempts = self.attempts()
            wanted = ALWAYS | {name for name, version in LATER.items() if VERSION >= version}
            if sandbox:                                     # it runs, but with the same limits
                self.assertEqual(attempts['shell'], 0)
                wanted -= {'shell'}
            self.assertEqual({name for name in wanted if attempts[name] not in (errno.EACCES, errno.EPERM)}, set(), attempts)
            self.assertEqual(attempts['privileges'], 1)
            self.assertEqual(sorted(os.listdir(self.home)), ['.ssh', 'diary.txt', 'letters.txt', 'notes.txt'])
            with open(os.path.join(self.home, 'letters.txt'), encoding='utf8') as f:
                self.assertEqual(f.read(), 'private')

    @unittest.skipIf(VERSION < 2, 'this kernel has no Landlock')
    def test_sources_open_nothing_but_themselves(self):
        """One that is missing, a single file, and patterns beside the private files."""
        for kind, path in ('ndjson', 'home/later.ndjson'), ('files', 'home/later.html'), ('mail', 'home/.ssh/mbox'), ('files', 'home/drafts/one.html'), ('files', 'home/drafts/o*.html'):
            with self.subTest(kind=kind, path=path):
                self.open(more='[source "more"]\nkind = %s\npath = %s\n' % (kind, path))
                os.mkdir(os.path.join(self.home, 'drafts'))
                for name in 'one.html', 'letters.txt':
                    shutil.copy(self.path('inbox/1.html'), os.path.join(self.home, 'drafts', name))
                self.run_program('run')
                attempts = self.attempts()
                self.assertEqual({name for name in ('read-key', 'read-beside', 'list-home') if attempts[name] != errno.EACCES}, set(), attempts)

    @unittest.skipIf(VERSION < 2, 'this kernel has no Landlock')
    def test_a_single_file_opens_none_beside_it(self):
        for kind, path in ('files', 'home/letters.html'), ('ndjson', 'home/items.ndjson'):
            with self.subTest(kind=kind):
                self.open(more='[source "more"]\nkind = %s\npath = %s\n' % (kind, path))
                os.mkdir(self.path('whose'))                    # so that `home` is any folder
                for name in 'letters.html', 'items.ndjson':
                    shutil.copy(self.path('inbox/1.html'), os.path.join(self.home, name))
                self.run_program('run', whose=self.path('whose'))
                self.assertEqual({n: e for n, e in self.attempts().items() if n in ('read-key', 'read-beside', 'list-home') and e != errno.EACCES}, {})

    @unittest.skipIf(VERSION < 2, 'this kernel has no Landlock')
    def test_a_feed_names_files_beside_it_also_through_a_link(self):
        self.open(more='[source "paper"]\nkind = feed\nurl = links/paper.xml\n')
        for folder in 'papers', 'links':
            os.mkdir(self.path(folder))
        with open(self.path('papers/paper.xml'), 'w', encoding='utf8') as f:
            f.write(feed(('a.html', 'Las obras', 'Un resumen.')))
        with open(self.path('papers/a.html'), 'w', encoding='utf8') as f:
            f.write(page('Las obras de la plaza').replace('puente', 'mercado'))
        os.symlink(self.path('papers/paper.xml'), self.path('links/paper.xml'))
        result = self.run_program('run', burgled=False)
        self.assertEqual([(r['status'], r['evidence'].get('note')) for r in self.workspace.records().values()], [('complete', None)] * 2, result.stderr)

    def test_without_it_an_intruder_would(self):
        """Otherwise the test above would prove nothing."""
        self.open('sandbox = no\n')
        self.assert_complete(self.run_program('run'))
        attempts = self.attempts()
        self.assertEqual({name for name in ALWAYS - {'environment-of-another'} if attempts[name]}, set(), attempts)
        self.assertIn('started', os.listdir(self.home))

    @unittest.skipIf(VERSION < 2, 'this kernel has no Landlock')
    def test_what_a_run_needs_works(self):
        """Folders that it makes, an archive elsewhere, a source in the home, the embedded engine."""
        self.open(service=False, language='ca', more='[archive]\nkeep = warc\nfolder = %(f)s/kept\n[source "letters"]\nkind = ndjson\npath = home/items.ndjson\n')
        with open(self.workspace.config, encoding='utf8') as f:
            text = f.read().replace('%(f)s', self.workspace.folder).replace('state = ' + self.workspace.out, 'state = ' + self.path('state'))
        with open(self.workspace.config, 'w', encoding='utf8') as f:
            f.write(text)
        with open(os.path.join(self.home, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': 'a', 'language': {'code': 'ca'}, 'title': {'source': 'El concell arreglarà la font de la plaça'},
                                'body': [{'kind': 'paragraph', 'text': 'El consell repararà la font de la plaça abans de les festes del poble.'}]}) + '\n')
        result = self.run_program('run', burgled=False)
        self.assertEqual(len(self.workspace.records()), 2, result.stderr)
        self.assertEqual({m['service'] for r in self.workspace.records().values() for m in r['providers']}, {'apertium'})
        self.assertEqual(self.run_program('run', burgled=False).returncode, 0)
        self.assertEqual(self.run_program('verify', burgled=False).returncode, 0)

    @unittest.skipIf(VERSION < 2, 'this kernel has no Landlock')
    def test_language_pairs_in_the_home_work(self):
        """Their mode files name the files that the engine's programs read."""
        self.open(service=False, more='[service "apertium"]\nmodes = home/pairs/modes\n')
        shutil.copytree('/usr/share/apertium/apertium-eng-spa', self.path('home/pairs/apertium-eng-spa'))
        os.mkdir(self.path('home/pairs/modes'))
        with open('/usr/share/apertium/modes/spa-eng.mode', encoding='utf8') as f:
            mode = f.read().replace('/usr/share/apertium/', self.path('home/pairs/'))
        with open(self.path('home/pairs/modes/spa-eng.mode'), 'w', encoding='utf8') as f:
            f.write(mode)
        result = self.run_program('run')
        self.assertEqual([{m['model'] for m in r['providers']} for r in self.workspace.records().values()], [{'spa-eng'}], result.stderr)
        self.assertEqual(self.attempts()['read-key'], errno.EACCES)

    @unittest.skipUnless(os.path.exists(MODE), 'the embedded engine is not installed')
    def test_an_engine_of_the_user_s_own_works(self):
        """Its modes and their data lie in the home, and so does a program that only PATH leads to."""
        self.open(service=False, language='ca', more='[service "own"]\nkind = apertium\nmodes = home/modes\n[route "default"]\nservices = own\n')
        with open(MODE, encoding='utf8') as f:
            text = f.read()
        for folder in 'modes', 'data', 'bin':
            os.mkdir(os.path.join(self.home, folder))
        for path in set(re.findall(r"'(/[^']+)'", text)):
            shutil.copy(path, os.path.join(self.home, 'data'))
            text = text.replace(path, os.path.join(self.home, 'data', os.path.basename(path)))
        shutil.copy(shutil.which('lt-proc'), os.path.join(self.home, 'bin', 'own-proc'))
        with open(os.path.join(self.home, 'modes', os.path.basename(MODE)), 'w', encoding='utf8') as f:
            f.write(text.replace('lt-proc', 'own-proc'))
        with open(self.workspace.config, encoding='utf8') as f:
            text = f.read().replace('modes = home', 'modes = ' + self.home)
        with open(self.workspace.config, 'w', encoding='utf8') as f:
            f.write(text)
        with open(self.path('inbox/1.html'), 'w', encoding='utf8') as f:
            text = ''.join('<p>El consell repararà %s abans de les festes del poble, segons va dir ahir l\'alcaldessa.</p>' % what
                           for what in ('la font de la plaça', 'el pont vell', 'les voreres del mercat', 'l\'enllumenat del parc'))
            f.write('<html lang="ca"><meta charset="utf-8"><title>La plaça nova</title><article><h1>La plaça nova</h1>%s</article></html>' % text)
        result = self.run_program('run', burgled=False, PATH=os.path.join(self.home, 'bin') + ':' + os.environ['PATH'])
        records = self.workspace.records().values()
        self.assertEqual([m['service'] for r in records for m in r['providers']], ['own'], result.stderr)

    def script_modes(self):
        """Returns a folder of modes of which one starts a script."""
        folder = os.path.join(self.tools.name, 'modes')
        os.makedirs(folder, exist_ok=True)
        for name, text in ('start', '#!/bin/sh\nexec cat\n'), ('cat-eng.mode', "'%s/start' -w '/dev/null'\n" % folder):
            with open(os.path.join(folder, name), 'w', encoding='utf8') as f:
                f.write(text)
        return folder

    def test_it_is_said_whether_there_is_one(self):
        for sandbox, more, said in (('', '', 'on' if VERSION >= 2 else 'off: this kernel'), ('sandbox = no\n', '', 'off: sandbox = no in [run]'),
                                    ('', '[mail]\nto = a@b.example\nfrom = c@d.example\ncommand = /bin/true\n', 'off: the command of [mail]'),
                                    ('', '[hooks]\nsuccess = true\n', 'off: a program of [hooks]'),
                                     ('', '[service "command"]\ncommand = cat\n', 'off: a service of kind command'),
                                    ('', '[service "deepl"]\nkey_command = echo k-1\n', 'off: a command that prints a secret'),
                                    ('', '[service "own"]\nkind = apertium\nmodes = %s\n' % self.script_modes(), 'off: a program of the embedded engine is a script'),
                                    ('sandbox = yes\n', '[service "deepl"]\nkey_command = echo k-1\n', 'on')):
            if VERSION < 2 and more:
                continue
            self.open(sandbox, more)
            result = self.run_program('check-config', burgled=False)
            self.assertRegex(result.stdout.decode(), r'(?m)^sandbox of runs: ' + said.replace('[', r'\['))
            self.assertRegex(json.loads(self.run_program('check-config', '--json', burgled=False).stdout)['sandbox'], '^' + said.replace('[', r'\['))

    @unittest.skipIf(VERSION < 2, 'this kernel has no Landlock')
    def test_a_kernel_without_it(self):
        """Played by a filter that answers as an older kernel: `auto` goes without, `yes` refuses to run."""
        filtered = ('import ctypes, os, struct, sys\n'
                    'code = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (6, 0, 0, 0x50000 | 38), (6, 0, 0, 0x7fff0000)]\n'
                    'text = b"".join(struct.pack("HBBI", *c) for c in code)\n'
                    'buffer = ctypes.create_string_buffer(text, len(text))\n'
                    'program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(buffer))\n'
                    'libc = ctypes.CDLL(None)\n'
                    'assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.c_char_p(program), 0, 0) == 0\n'
                    'os.execv(sys.argv[1], sys.argv[1:])\n')
        for sandbox, code, said in (('', 0, b''), ('sandbox = yes\n', 78, b'sandbox = yes in [run], but no sandbox is available: this kernel has no Landlock')):
            self.open(sandbox)
            command, options = self.workspace.command('run', stdin=subprocess.DEVNULL, capture_output=True)
            result = subprocess.run([sys.executable, '-c', filtered, *command], **options)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(said, result.stderr)
            self.assertEqual(len(self.workspace.records()), code == 0)


if __name__ == '__main__':
    unittest.main()
