"""Every command that cannot do what it was asked says why, with the documented exit code, and prints nothing else."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import PROGRAM, SAMPLES, SOURCE, Workspace, files_source                # noqa: E402

MANY = ['--set', 'run.in_flight=1'] * 257

# Arguments, exit code, and the sentence on standard error. Nothing is opened before these are refused.
USAGE = (
    ([], 64, 'no command given; see `dragoman --help`'),
    (['runn'], 64, "unknown command 'runn'; did you mean 'run'?; see `dragoman --help`"),
    (['xyzzy'], 64, "unknown command 'xyzzy'; see `dragoman --help`"),
    (['run', '--jsonn'], 64, "unknown option '--jsonn' for run; did you mean '--json'?; see `dragoman run --help`"),
    (['--xyzzy'], 64, "unknown option '--xyzzy' for dragoman; see `dragoman --help`"),
    (['show', '--until'], 64, '--until needs a value: --until STAGE'),
    (['run', '--json=yes'], 64, '--json takes no value'),
    (['--set'], 64, '--set needs a value: --set '),
    (['run', *MANY], 64, 'more than 256 --set options; put the settings in a configuration file'),
    (['export', 'tmx', *['x'] * 4097], 64, 'more than 4096 arguments; use a pattern or a folder'),
    (['run', '--dry-run', '--json'], 64, '--json cannot be combined with --dry-run'),
    (['show', '--from', 'xml', 'x'], 64, "invalid value 'xml' for --from: expected one of: feed files mail ndjson"),
    (['import'], 64, 'no file given; write `dragoman import FILE...` with TMX or XLIFF files'),
    (['export'], 64, 'no known format given; write `dragoman export FORMAT`, where FORMAT is one of:'),
    (['export', 'docx'], 64, 'no known format given; write `dragoman export FORMAT`'),
    (['reference', 'manual'], 64, "unknown reference 'manual': expected conf, schema, digest-schema, news-schema, man, man-conf, bash, zsh or fish"),
    (['search'], 64, 'nothing to search for; write `dragoman search WORD...`'),
    (['search', '--', '...'], 64, "nothing to search for: '...' has no letters or digits"),
    (['search', '--limit', '0', 'x'], 64, "invalid value '0' for --limit: expected at least 1"),
    (['search', '--limit', '-1', 'x'], 64, "invalid value '-1' for --limit: expected a number"),
    (['search', '--limit', '2147483648', 'x'], 64, "invalid value '2147483648' for --limit: expected a number"),
    (['search', '--limit', '5x', 'x'], 64, "invalid value '5x' for --limit: expected a number"),
    (['search', '--day', '2026-01-29', '--since', '2026-01-01', 'x'], 64, '--day cannot be combined with --since'),
    (['search', '--rebuild', 'x'], 64, '--rebuild takes no words to search for'),
    (['explain'], 64, 'give one article id, or its first digits: `dragoman explain ID`'),
    (['digest', '2026-01-29', 'x'], 64, "unexpected argument 'x': digest takes one date or range"),
    (['digest', '2026-01-30', '2026-01-29'], 64, "did you mean '2026-01-29..2026-01-30'?"),
    (['digest', '2026-01-29', '2026-01-30'], 64, "did you mean '2026-01-29..2026-01-30'?"),
    (['digest', '2026-13-01'], 64, '2026-13-01'),
    (['digest', *('--source=%d' % i for i in range(65))], 64, 'more than 64 options'),
    (['digest', *('--source=%d' % i for i in range(64))], 64, "unknown source '0'"),
    (['show', 'ftp://a.example/x'], 64, "'ftp://a.example/x' is neither a readable file nor a supported address"),
    (['digest', '--language', ''], 64, '--language needs a name'),
    (['digest', '--source', ' '], 64, '--source needs a name'),
    (['digest', '--language', 'rusian'], 64, "unknown language 'rusian'; did you mean 'ru' (Russian)?"),
    (['digest', '--language', 'xyzzy'], 64, "unknown language 'xyzzy': expected a code such as ru, or a name such as Russian"),
    (['digest', '--output', ''], 64, "--output '': this is not a file name"),
    (['digest', '--output', '/tmp/'], 64, '--output /tmp/: this is a folder; add the name of a file, such as week.html'),
    (['digest', '--output', '..'], 64, '--output ..: this is a folder; add the name of a file, such as week.html'),
    (['digest', '--output', '/no/such/week.html'], 64, '--output /no/such/week.html: there is no such folder; create it first'),
    (['digest', '--output', '/tmp/week.jsn'], 64,
     "--output /tmp/week.jsn: unknown format '.jsn': expected .html, .json, .md, .csv or .xml; did you mean '.json'?"),
    (['digest', '--mail', '--language', 'ru'], 64, '--mail takes one day, and none of --language, --source, --section and --output'),
    (['--log', 'xml', 'run'], 64, 'xml'),
)


class Usage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.workspace = Workspace('')
        os.mkdir(cls.workspace.out)
        cls.workspace.call('search', '--rebuild')

    @classmethod
    def tearDownClass(cls):
        cls.workspace.close()

    def test_each_mistake_has_its_sentence(self):
        for words, code, sentence in USAGE:
            with self.subTest(words=words[:6]):
                result = self.workspace.call(*words)
                self.assertIn(sentence, result.stderr.decode())
                self.assertEqual((result.returncode, result.stdout, result.stderr.count(b'\n')), (code, b'', 1))

    def test_as_many_as_are_allowed_are_no_mistake(self):
        self.assertEqual(self.workspace.call('reference', 'conf', *MANY[2:]).returncode, 0)
        self.assertIn(b'no known format', self.workspace.call('export', 'docx', *['x'] * 4094).stderr)


class Places(unittest.TestCase):
    """What is refused because of what is there, or is not."""

    def setUp(self):
        self.workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        self.addCleanup(self.workspace.close)

    def expect(self, words, code, sentence, **options):
        command, given = self.workspace.command(*words, **{'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, **options})
        result = subprocess.run(command, **given, timeout=300)
        self.assertIn(sentence, result.stderr.decode(), words)
        self.assertEqual(result.returncode, code, (words, result.stderr))

    def test_files_that_are_not_there(self):
        self.expect(['import', '/no/such.tmx'], 74, 'cannot read /no/such.tmx: No such file or directory')
        self.expect(['export', 'tmx', '--output', '/no/such/x.tmx'], 74, 'cannot write /no/such/x.tmx: No such file or directory')
        self.expect(['show', '/no/such'], 3, 'No such file')
        self.expect(['--config', '/no/such.conf', 'run'], 78, 'cannot read the configuration file /no/such.conf: No such file')

    def test_ids_that_nothing_has(self):
        for words in (['explain', 'abc'], ['retry', 'abc'], ['accept', 'abc', '1']):
            self.expect(words, 65, "has an id that begins with 'abc'")

    def test_what_is_imported_may_not_be_readable(self):
        self.expect(['import', '/'], 74, 'cannot read /: ')
        self.expect(['import', self.workspace.config], 65, self.workspace.config)
        folder = os.open('/', os.O_RDONLY)
        self.addCleanup(os.close, folder)
        self.expect(['import', '-'], 74, 'cannot read standard input: Is a directory', stdin=folder)

    def test_a_full_disk_is_named(self):
        self.workspace.call('import', self.memory(20000))
        for words in (['export', 'tmx', '--output', '/dev/full'], ['export', 'tmx']):
            with open('/dev/full', 'wb') as full:
                self.expect(words, 74, 'No space left on device', stdout=full)

    def memory(self, count):
        """Writes a TMX file with so many pairs, far more than stdio buffers, and returns its path."""
        path = os.path.join(self.workspace.folder, 'memory.tmx')
        unit = ('<tu><tuv xml:lang="ES"><seg>La frase %d.</seg></tuv><tuv xml:lang="en_GB"><seg>Sentence %d.</seg></tuv></tu>\n')
        with open(path, 'w') as file:
            file.write('<?xml version="1.0"?>\n<tmx version="1.4"><header srclang="ES"/><body>\n')
            file.writelines(unit % (i, i) for i in range(count))
            file.write('</body></tmx>\n')
        return path

    def test_imported_codes_are_written_as_ours(self):
        result = self.workspace.call('import', self.memory(3))
        self.assertEqual((result.returncode, result.stdout), (0, b'imported 3 translation pairs; skipped 0 units without one\n'))
        exported = self.workspace.call('export', 'tmx', '--language', 'es').stdout.decode()
        self.assertEqual(exported.count('<tuv xml:lang="es">'), 3, exported)
        self.assertIn('La frase 2.', exported)

    def test_a_folder_for_selections_that_is_a_file(self):
        os.makedirs(self.workspace.out)
        path = os.path.join(self.workspace.out, 'selections')
        open(path, 'w').close()
        self.expect(['digest', '2026-01-29', '--language', 'ru'], 74, '%s is not a folder; remove it, or use --output' % path)

    def test_a_data_folder_that_lacks_a_file(self):
        command, options = self.workspace.command('reference', 'digest-schema')
        with tempfile.TemporaryDirectory() as empty:
            options['env']['DRAGOMAN_DATA'] = empty
            result = subprocess.run(command, capture_output=True, **options)
        self.assertEqual((result.returncode, result.stdout), (78, b''))
        self.assertIn(b'cannot read digest.schema.json in the data folder', result.stderr)


BROKEN_FEED = '''<?xml version="1.0"?>
<rss version="2.0"><channel><title>Quay</title>
<item><title>O barco chegou ao porto</title><description>O barco chegou ao porto de manhã.</description></item>
<item><title>A ponte abriu'''


class Archive(unittest.TestCase):
    """What is said of the records of one run, and of its sources."""

    @classmethod
    def setUpClass(cls):
        cls.workspace = Workspace(files_source('bad', os.path.join(SAMPLES, 'articles', 'pt-short.txt')) +
                                  '[source "page"]\nkind = page\nurl = ftp://a.example/1\n'
                                  '[source "feed"]\nkind = feed\nurl = feed.xml\n[source "mail"]\nkind = mail\npath = box\nmax_bytes = 2k\n'
                                  '[source "list"]\nkind = opml\npath = list.opml\n')
        folder = cls.workspace.folder
        os.mkdir(os.path.join(folder, 'bad'))
        open(os.path.join(folder, 'bad', 'empty.txt'), 'w').close()
        with open(os.path.join(folder, 'feed.xml'), 'w') as file:
            file.write(BROKEN_FEED)
        with open(os.path.join(folder, 'list.opml'), 'w') as file:
            file.write('<opml version="2.0"><head/><body><outline text="A folder"/></body></opml>')
        with open(os.path.join(folder, 'box'), 'w') as file:
            file.write('From ana Thu Jan 29 14:05:00 2026\nSubject: Carta\nMessage-ID: <1@a.example>\n\n%s\n' % ('palavra ' * 1000))
        cls.result = cls.workspace.call('run')
        cls.status = cls.workspace.status()
        cls.report = cls.workspace.call('status').stdout.decode()
        cls.whole = next(name[:-5] for name, record in cls.workspace.records().items() if record.get('url', '').endswith('pt-short.txt'))

    @classmethod
    def tearDownClass(cls):
        cls.workspace.close()

    def expect(self, words, code, sentence, **options):
        command, given = self.workspace.command(*words, **{'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, **options})
        result = subprocess.run(command, **given, timeout=300)
        self.assertIn(sentence, result.stderr.decode(), words)
        self.assertEqual(result.returncode, code, (words, result.stderr))

    def test_sources_say_what_they_could_not_take(self):
        with open(os.path.join(self.workspace.out, self.workspace.days()[-1], 'report.json'), encoding='utf8') as file:
            report = file.read()
        for words in ("invalid address 'ftp://a.example/1': expected http or https", 'feed.xml cannot be read after line ',
                      'an email in %s/box: it is larger than max_bytes' % self.workspace.folder, 'list.opml lists no usable feed'):
            self.assertIn(words, report + self.report + self.result.stderr.decode())

    def test_a_full_disk_is_named(self):
        for words in (['digest', '--output', '-'], ['show', '--until', 'decode', os.path.join(SAMPLES, 'articles')]):
            with open('/dev/full', 'wb') as full:
                self.expect(words, 74, 'cannot write to standard output', stdout=full)

    def test_an_export_does_not_replace_a_folder(self):
        self.expect(['export', 'ndjson', '--output', self.workspace.out], 74, 'cannot write %s: ' % self.workspace.out)

    def test_pages_need_their_styles(self):
        with tempfile.TemporaryDirectory() as data:
            subprocess.run(['cp', '-rs', os.path.join(SOURCE, 'config') + '/.', data], check=True)
            os.remove(os.path.join(data, 'tables', 'digest', 'story.css'))
            command, options = self.workspace.command('digest')
            options['env']['DRAGOMAN_DATA'] = data
            result = subprocess.run(command, capture_output=True, **options)
        self.assertEqual(result.returncode, 78)
        self.assertIn('cannot read %s/tables/digest/story.css: No such file' % data, result.stderr.decode())

    def test_only_a_finished_record_can_be_corrected(self):
        failed = next(article['id'] for article in self.status['articles'] if 'empty.txt' in json.dumps(article))
        self.expect(['accept', failed, '1'], 65, '%s has no finished record: it is failed' % failed)
        self.expect(['accept', self.whole, '99999'], 65, self.whole[:8])


class Addresses(unittest.TestCase):
    WRONG = """\
[source "no-url"]
kind = feed
[source "file"]
kind = feed
url = gone.xml
[source "file-url"]
kind = feed
url = file:///no/such.xml
[source "no-urls"]
kind = page
[source "urls"]
kind = page
url = https://a.example/1
url = ftp://a.example/2
url = "https://a<b/"
[source "no-paths"]
kind = files
[source "paths"]
kind = files
path = gone.txt
path = gone-*.txt
path = here-*.txt
[source "no-path"]
kind = ndjson
[source "path"]
kind = warc
path = gone.warc
[source "standard input"]
kind = ndjson
path = -
[source "hosts"]
kind = page
url = https://a.example/
local_hosts = nas.lan nas.lan:8080 http://nas.lan:1 nas.lan:0 nas.lan: nas.lan/x
[glossary]
file = gone.tsv
[http]
ca_file = gone.pem
"""
    SAID = (':4: the source has no address; write url = ADDRESS', ':12: the source has no address; write url = ADDRESS',
            'cannot read the file {0}/gone.xml: No such file or directory; if this is an address, begin it with https://',
            "'ftp://a.example/2' is not a valid address: it does not begin with http:// or https://",
            "'https://a<b/' is not a valid address: it contains a space, a quote or an angle bracket",
            'the source has no path; write path = FILE', 'no such file or folder: {0}/gone.txt', 'no such file or folder: {0}/gone-*.txt',
            'cannot read the file /no/such.xml: No such file', 'no such file or folder: {0}/gone.warc', "'nas.lan:0' is not a host; write HOST or HOST:PORT",
            "'nas.lan:' is not a host", "'nas.lan/x' is not a host", 'cannot read the glossary {0}/gone.tsv: No such file',
            'cannot read the file {}/gone.pem: No such file')
    NOT_SAID = ('here-', "'nas.lan'", "'nas.lan:8080'", "'http://nas.lan:1'", "'-'", "'https://a.example/1'")

    def test_every_address_and_path_is_looked_at(self):
        workspace = Workspace(self.WRONG)
        self.addCleanup(workspace.close)
        open(os.path.join(workspace.folder, 'here-1.txt'), 'w').close()
        result = workspace.call('check-config')
        self.assertEqual(result.returncode, 78)
        said = (result.stdout + result.stderr).decode()
        for words in self.SAID:
            self.assertIn(words.format(workspace.folder), said)
        for words in self.NOT_SAID:
            self.assertNotIn(words, said)

    def test_what_cannot_be_written_is_named(self):
        for setting, said in (('run.output=/proc/x', "cannot write to '/proc/x': "), ('run.output=/dev/null/x', "cannot write to '/dev/null/x': "),
                              ('run.state=/tmp', "cannot write to '/tmp': Is a directory")):
            workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
            self.addCleanup(workspace.close)
            result = workspace.call('--set', setting, 'check-config')
            self.assertIn(said, (result.stdout + result.stderr).decode())
            self.assertEqual(result.returncode, 78)


if __name__ == '__main__':
    unittest.main()
