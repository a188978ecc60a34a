"""init: a first configuration from options, and from answers on a terminal, with which the program then works."""
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from program import PROGRAM, SOURCE  # noqa: E402
from web import Web, feed, page  # noqa: E402


class Init(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.config = os.path.join(self.folder, 'etc', 'dragoman.conf')
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith('DRAGOMAN')}
        self.environment.update(DRAGOMAN_DATA=os.path.join(SOURCE, 'config'), HOME=self.folder)

    def call(self, *words):
        return subprocess.run([PROGRAM, '--config', self.config, *words], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=300)

    def text(self):
        with open(self.config, encoding='utf8') as file:
            return file.read()

    def answer(self, *answers):
        """Runs init on a terminal; returns its exit code and all that it showed."""
        child, terminal = pty.fork()
        if child == 0:
            os.execve(PROGRAM, [PROGRAM, '--config', self.config, 'init'], self.environment)
        shown = b''
        for answer in (*answers, None):
            while select.select([terminal], [], [], 60)[0]:
                try:
                    part = os.read(terminal, 65536)
                except OSError:
                    part = b''
                shown += part
                if not part or (answer is not None and shown.endswith(b': ')):
                    break
            if answer is not None:
                os.write(terminal, answer.encode() + b'\n')
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.close(terminal)
        return code, shown.decode()

    def test_the_first_digest_of_a_feed(self):
        web = Web({'costa.example/rss.xml': feed(('https://costa.example/1', 'El puente nuevo', 'Abre en mayo.', page('El puente nuevo'))),
                   'costa.example/1': page('El puente nuevo')})
        self.addCleanup(web.close)
        out = os.path.join(self.folder, 'news')
        result = self.call('init', '--source', 'http://costa.example/rss.xml', '--output', out)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn(f'--config {self.config} run ', result.stdout)
        self.assertIn(out + '/latest/index.html', result.stdout)
        result = self.call('--set', 'http.proxy=' + web.url, 'run')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        with open(os.path.join(out, 'latest', 'index.html'), encoding='utf8') as file:
            self.assertIn('El puente nuevo', file.read())

    def test_the_first_digest_of_a_site(self):
        page_of_site = '<html><head><link rel="alternate" type="application/rss+xml" href="/noticias.xml"></head><body>Costa</body></html>'
        web = Web({'costa.example/': page_of_site, 'costa.example/noticias.xml': feed(('https://costa.example/1', 'El puente nuevo', 'Abre en mayo.', page('El puente nuevo'))),
                   'costa.example/1': page('El puente nuevo')})
        self.addCleanup(web.close)
        out = os.path.join(self.folder, 'news')
        self.assertEqual(self.call('init', '--source', 'http://costa.example', '--output', out).returncode, 0)
        result = self.call('--set', 'http.proxy=' + web.url, 'run')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        with open(os.path.join(out, 'latest', 'index.html'), encoding='utf8') as file:
            self.assertIn('El puente nuevo', file.read())

    def test_a_service_on_this_machine_needs_no_key(self):
        for url, local in (('http://127.0.0.1:8080/v1', True), ('http://localhost:8080/v1', True), ('http://192.168.1.7/v1', True), ('https://llm.example/v1', False)):
            with self.subTest(url=url):
                self.config = os.path.join(self.folder, url.split('/')[2] + '.conf')
                result = self.call('init', '--service', 'openai', '--url', url, '--source', 'costa.example')
                self.assertEqual((result.returncode, result.stderr), (0, ''))
                for key in ('key_file', 'price', 'gpt'):
                    self.assertEqual(key in self.text(), not local, key)
                self.assertEqual('put the key' in result.stdout, not local)
                self.assertEqual('set model in the file' in result.stdout, local)
                if local:
                    self.assertEqual(self.call('check-config').returncode, 0)
        self.config = os.path.join(self.folder, 'with-key.conf')
        self.call('init', '--service', 'openai', '--url', 'http://127.0.0.1:1/v1', '--key-file', '/k', '--model', 'small')
        self.assertIn('key_file = /k\n', self.text())
        self.assertIn('model = small\n', self.text())

    @unittest.skipUnless(os.geteuid() == 0, 'needs root')
    def test_what_root_writes_can_be_read_by_the_user_of_the_service(self):
        mask = os.umask(0o077)
        self.addCleanup(os.umask, mask)
        self.assertEqual(self.call('init', '--source', 'costa.example').returncode, 0)
        self.assertEqual(os.stat(self.config).st_mode & 0o777, 0o644)
        self.assertEqual(os.stat(os.path.dirname(self.config)).st_mode & 0o777, 0o755)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which('unshare'), 'needs root')
    def test_root_is_told_to_start_the_service(self):
        """On a machine with the package's user, whose /etc is replaced for this test."""
        script = ('mkdir "$1/etc" && mount --bind "$1/etc" /etc && echo "root:x:0:0::/root:/bin/sh" >/etc/passwd && echo "$3" >>/etc/passwd && '
                  '"$2" init --source costa.example --service deepl && cat /etc/dragoman/dragoman.conf')
        if subprocess.run(['unshare', '-m', 'true'], capture_output=True).returncode != 0:
            self.skipTest('cannot make a mount namespace')
        for user, said in (('dragoman:x:990:990::/var/lib/dragoman:/bin/false', True), ('', False)):
            with tempfile.TemporaryDirectory() as folder:
                result = subprocess.run(['unshare', '-m', 'sh', '-c', script, 'sh', folder, PROGRAM, user], env=self.environment,
                                        stdin=subprocess.DEVNULL, capture_output=True, text=True)
            self.assertEqual((result.returncode, result.stderr), (0, ''))
            self.assertEqual('runuser -u dragoman -- dragoman' in result.stdout, said)
            self.assertEqual('(chown dragoman, chmod 600)' in result.stdout, said)
            self.assertEqual('  dragoman run ' in result.stdout, not said)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which('unshare'), 'needs root')
    def test_root_does_not_write_into_the_folder_of_the_service(self):
        if subprocess.run(['unshare', '-m', 'true'], capture_output=True).returncode != 0:
            self.skipTest('cannot make a mount namespace')
        with open(os.path.join(self.folder, 'a.txt'), 'w', encoding='utf8') as file:
            file.write('El puente nuevo abre en mayo.\n')
        os.mkdir(os.path.dirname(self.config))
        with open(self.config, 'w', encoding='utf8') as file:
            file.write('[run]\noutput = %s/out\n[source "a"]\nkind = files\npath = %s/a.txt\n' % (self.folder, self.folder))
        script = 'cat /etc/passwd >"$1/passwd"; echo "dragoman:x:4242:4242::/:/bin/false" >>"$1/passwd"; mount --bind "$1/passwd" /etc/passwd; "$2" --config "$3" run'
        for owner, code in ((4242, 77), (4243, 0)):
            out = os.path.join(self.folder, 'out')
            os.makedirs(out, exist_ok=True)
            os.chown(out, owner, owner)
            result = subprocess.run(['unshare', '-m', 'sh', '-c', script, 'sh', self.folder, PROGRAM, self.config], env=self.environment, capture_output=True, text=True)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertEqual('`runuser -u dragoman -- dragoman run`' in result.stderr, code == 77)
            self.assertEqual(os.listdir(out) == [], code == 77)

    def test_paths_start_at_the_configuration_or_the_home_folder(self):
        os.makedirs(os.path.dirname(self.config))
        text = os.path.join(self.folder, 'a.txt')
        with open(text, 'w', encoding='utf8') as file:
            file.write('El puente nuevo abre en mayo.\n\nEl alcalde dijo que las obras duraron tres años.\n')
        for output, wanted in (('output = news\n', 'etc/news'), ('output = ~/b\n', 'b'), ('', 'news')):
            with self.subTest(output=output):
                with open(self.config, 'w', encoding='utf8') as file:
                    file.write('[run]\n%s[source "a"]\nkind = files\npath = ~/a.txt\n' % output)
                result = subprocess.run([PROGRAM, '--config', self.config, 'run'], env=self.environment, cwd='/', capture_output=True, timeout=300)
                self.assertEqual((result.returncode, result.stderr), (0, b''))
                self.assertTrue(os.path.exists(os.path.join(self.folder, wanted, 'latest', 'index.html')))
                self.assertTrue(os.path.exists(os.path.join(self.folder, wanted, 'state.db')))

    def test_answers_on_a_terminal(self):
        code, shown = self.answer('costa.example', 'no address', 'https://tagblatt.example/rss', '', 'depl', 'deepl', '~/keys/deepl', '~/news')
        self.assertEqual(code, 0, shown)
        text = self.text()
        for part in ('url = https://costa.example\n', 'url = https://tagblatt.example/rss\n', '[service "deepl"]\n',
                     f'key_file = {self.folder}/keys/deepl\n', f'output = "{self.folder}/news"\n'):
            self.assertIn(part, text)
        for part in ("'no address' is not an address", "did you mean 'deepl'?", 'put the key of deepl into'):
            self.assertIn(part, shown)
        self.assertNotIn('key_env', text)

    def test_the_usual_answers(self):
        code, shown = self.answer('', '', '')
        self.assertEqual(code, 0, shown)
        self.assertIn('add a source to the file', shown)
        self.assertNotIn('\n[service', self.text())

    def test_questions_that_are_not_answered_write_nothing(self):
        code, shown = self.answer('costa.example', '\x04')
        self.assertEqual(code, 64, shown)
        self.assertIn('nothing was written', shown)
        self.assertFalse(os.path.exists(self.config))

    def test_nothing_is_overwritten(self):
        self.assertEqual(self.call('init', '--source', 'costa.example').returncode, 0)
        before = self.text()
        result = self.call('init', '--source', 'other.example')
        self.assertEqual((result.returncode, self.text()), (64, before))
        self.assertIn(self.config + ' exists and was not changed', result.stderr)

    def test_wrong_answers(self):
        for words, said in (((), 'there is nobody to ask'), (('--service', 'depl'), "did you mean 'deepl'?"),
                            (('--source', 'ftp://a.example'), "'ftp://a.example' is not an address"), (('x',), "unexpected argument 'x'"),
                            (('--output', 'a"b'), 'quotation mark')):
            with self.subTest(words=words):
                result = self.call('init', *words)
                self.assertEqual((result.returncode, result.stdout), (64, ''))
                self.assertIn(said, result.stderr)
                self.assertFalse(os.path.exists(self.config))
        self.config = '/proc/dragoman.conf'
        result = self.call('init', '--source', 'costa.example')
        self.assertIn(result.returncode, (74, 77))
        self.assertIn('cannot write /proc/dragoman.conf', result.stderr)

    def test_too_many_sources_are_refused(self):
        # A command takes 64 options, and the questions take any number of answers.
        code, shown = self.answer(*['costa%d.example' % number for number in range(1001)], '', '', '')
        self.assertEqual(code, 0, shown)
        self.assertIn('more than 1000 sources; use a list (kind = opml)', shown)
        self.assertIn('[source "costa999"]', self.text())
        self.assertNotIn('costa1000', self.text())

    def test_without_its_data_the_program_says_what_it_cannot_read(self):
        self.environment['DRAGOMAN_DATA'] = os.path.join(self.folder, 'nowhere')
        result = self.call('init', '--source', 'costa.example')
        self.assertEqual((result.returncode, result.stdout), (74, ''))
        self.assertIn('cannot read %s/nowhere/examples/services.conf: No such file or directory' % self.folder, result.stderr)
        self.assertFalse(os.path.exists(self.config))

    def test_any_question_may_stay_unanswered(self):
        for answers, parts in ((('costa.example', '', 'openai', 'small', '/k', '~/news'), ('model = small\n', 'key_file = /k\n')),
                               (('costa.example', '', 'libretranslate', 'http://127.0.0.1:5000'), ('url = http://127.0.0.1:5000\n',))):
            for count in range(len(answers)):
                with self.subTest(service=answers[2], count=count):
                    code, shown = self.answer(*answers[:count], '\x04')
                    self.assertEqual(code, 64, shown)
                    self.assertIn('the questions were not answered; nothing was written', shown)
                    self.assertFalse(os.path.exists(self.config))
            code, shown = self.answer(*answers, *('',) * (6 - len(answers)))
            self.assertEqual(code, 0, shown)
            for part in parts:
                self.assertIn(part, self.text())
            os.remove(self.config)

    @unittest.skipUnless(os.geteuid() == 0, 'needs root')
    def test_a_user_writes_into_the_home_folder(self):
        """Without --config; paths are relative to the working folder, or begin with the home folder."""
        os.chmod(self.folder, 0o777)
        for base, where in (('', '.config'), (os.path.join(self.folder, 'xdg'), 'xdg')):
            with self.subTest(base=base):
                self.environment['XDG_CONFIG_HOME'] = base
                result = subprocess.run([PROGRAM, 'init', '--source', 'costa.example', '--output', 'out'], env=self.environment, user=65534, cwd=self.folder,
                                        stdin=subprocess.DEVNULL, capture_output=True, text=True)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.config = os.path.join(self.folder, where, 'dragoman', 'dragoman.conf')
                self.assertIn('output = "%s/out"\n' % self.folder, self.text())
                self.assertIn('  dragoman run ', result.stdout)
        result = subprocess.run([PROGRAM, 'init', '--source', 'costa.example'], env=dict(self.environment, XDG_CONFIG_HOME=self.folder + '/b'), user=65534,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.config = os.path.join(self.folder, 'b', 'dragoman', 'dragoman.conf')
        self.assertIn('output = "%s/news"\n' % self.folder, self.text())

    def test_every_service_can_be_chosen(self):
        with open(os.path.join(SOURCE, 'docs', 'services.md'), encoding='utf8') as file:
            names = [line[3:].strip() for line in file if line.startswith('## ')][1:]
        self.assertGreater(len(names), 12)
        for name in names:
            with self.subTest(service=name):
                self.config = os.path.join(self.folder, name + '.conf')
                key = os.path.join(self.folder, 'key')
                with open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), 'w', encoding='utf8') as file:
                    file.write('abc')
                words = () if name in ('apertium', 'apy', 'command', 'mtran', 'ollama') else ('--key-file', key)
                result = self.call('init', '--service', name, '--source', 'costa.example', *words)
                self.assertEqual((result.returncode, result.stderr), (0, ''))
                result = self.call('check-config')
                self.assertNotIn('unknown', result.stderr)
                self.assertNotIn('missing', result.stderr)

    def test_the_program_of_a_command_can_be_given(self):
        result = self.call('init', '--service', 'command', '--command', "cat -u '~/two words'", '--source', 'costa.example')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        with open(self.config, encoding='utf8') as file:
            self.assertRegex(file.read(), r"(?m)^command = cat -u '~/two words'$")
        self.assertEqual(self.call('check-config').returncode, 0)


if __name__ == '__main__':
    unittest.main()
