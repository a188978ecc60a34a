"""`show`: files and addresses of any name, standard input, and an interruption."""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unicodedata
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from program import Workspace                                            # noqa: E402
from web import PARAGRAPH, Web                                           # noqa: E402

# None of these could be written as `path = NAME`, or it would mean something else there.
NAMES = ['two words', 'a,b', 'new\nline', 'key = value', "it's \"quoted\"", 'ends with a space ', ' begins with one', 'tab\tinside', '#7; hash',
         '[section]', 'back\\slash', '100%25', '$HOME', '*', 'año', '-dash', '--set', 'caf\udce9']


def html(mark):
    return '<html lang="es"><head><title>Obras en el puente</title></head><body><article><h1>Obras en el puente</h1><p>%s</p><p>%s</p></article></body></html>' % (
        PARAGRAPH % mark, PARAGRAPH % 'viejo')


def rss(mark):
    return ('<rss version="2.0"><channel><title>Radio</title><item><title>%s</title><guid>%s</guid><description>%s</description></item></channel></rss>'
            % (mark, mark, PARAGRAPH % mark))


def warc(mark):
    page = ('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + html(mark)).encode()
    head = ('WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://radio.example/%s\r\nWARC-Date: 2026-01-29T08:00:00Z\r\n'
            'WARC-Record-ID: <urn:uuid:3b0d7bb2-43f9-4c53-8d3b-7f0f1f6f1a11>\r\nContent-Type: application/http; msgtype=response\r\n'
            'Content-Length: %d\r\n\r\n' % (mark, len(page)))
    return head.encode() + page + b'\r\n\r\n'


CONTENTS = {
    '.html': lambda mark: html(mark).encode(),
    '.eml': lambda mark: ('From: Ana <ana@radio.example>\nMessage-ID: <%s@radio.example>\nSubject: Obras\nContent-Type: text/plain; charset=utf-8\n\n%s\n'
                          % (mark, PARAGRAPH % mark)).encode(),
    '.ndjson': lambda mark: json.dumps({'url': 'http://radio.example/' + mark, 'body': [{'kind': 'paragraph', 'text': PARAGRAPH % mark}]}).encode() + b'\n',
    '.warc': warc,
    '.xml': lambda mark: rss(mark).encode(),
    '.opml': lambda mark: ('<opml version="2.0"><body><outline xmlUrl="feed-%s.xml"/></body></opml>' % mark).encode(),
}


class Show(unittest.TestCase):
    def setUp(self):
        self.workspace = Workspace('[source "show0"]\nkind = files\npath = other.html\n')
        self.addCleanup(self.workspace.close)

    def put(self, name, content):
        with open(os.path.join(self.workspace.folder, name), 'wb') as f:
            f.write(content)

    def call(self, *words, stdin=b''):
        command, options = self.workspace.command('show', *words, cwd=self.workspace.folder, input=stdin, capture_output=True, timeout=120)
        return subprocess.run(command, **options)

    def on_terminal(self, columns, *words):
        """Returns what is shown on a terminal of so many columns."""
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        command, options = self.workspace.command('show', *words, cwd=self.workspace.folder, stdin=subprocess.DEVNULL, stdout=slave)
        process, text = subprocess.Popen(command, **options), b''
        os.close(slave)
        while select.select([master], [], [], 60)[0]:
            try:
                text += os.read(master, 65536)
            except OSError:
                break
        self.assertEqual(process.wait(60), 0)
        return text.decode().replace('\r\n', '\n')

    def test_text_fits_the_terminal(self):
        """The characters of the second article take two columns."""
        self.put('es.html', html('nuevo').encode())
        self.put('zh.ndjson', json.dumps({'language': {'code': 'zh'}, 'title': {'source': '大桥重新开放'}, 'body': [
            {'kind': 'paragraph', 'text': '市长星期四表示，这座大桥经过两年的施工之后重新开放。' * 6}]}).encode() + b'\n')
        def width(line):
            return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line)
        for columns in 30, 61, 200:
            for name in 'es.html', 'zh.ndjson':
                text = self.on_terminal(columns, '--format', 'text', '--until', 'segment', name)
                lines = text.splitlines()
                self.assertLessEqual(max(map(width, lines)), columns, text)
                self.assertGreater(max(map(width, lines)), columns - 20 if name == 'zh.ndjson' else columns // 2, text)
        self.assertFalse([line for line in self.on_terminal(30, '--format', 'text', '--until', 'segment', 'zh.ndjson').splitlines() if line[:1] in ('。', '，')])
        piped = self.call('--format', 'text', '--until', 'segment', 'zh.ndjson').stdout.decode()
        self.assertLessEqual(max(map(width, piped.splitlines())), 80)

    def test_formats(self):
        self.put('a.html', html('nuevo').encode())
        text, markdown, record, plain = (self.call(*words, 'a.html').stdout.decode() for words in (
            ('--format', 'text'), ('--format=markdown',), ('--format', 'json'), ()))
        title = json.loads(record)['title']
        self.assertEqual(title, json.loads(plain)['title'])
        self.assertTrue(text.startswith('%s\n  > %s\n\n' % (title['target'], title['source'])), text)
        self.assertTrue(markdown.startswith('# %s\n\n> %s\n\n' % (title['target'], title['source'])), markdown)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80)
        two = self.call('--format', 'text', '--until', 'segment', 'a.html', 'a.html').stdout.decode()
        one = self.call('--format', 'text', '--until', 'segment', 'a.html').stdout.decode()
        self.assertEqual(two, one + '----\n\n' + one)
        for wrong, said in (('txt', "did you mean 'text'?"), ('', 'expected text, markdown or json'), ('html', 'expected text')):
            result = self.call('--format', wrong, 'a.html')
            self.assertEqual((result.returncode, result.stdout), (64, b''))
            self.assertIn(said, result.stderr.decode())

    def test_doubts_are_visible(self):
        echo, good = 'El ayuntamiento anunció ayer 17 obras en el puente.', 'La alcaldesa lo explicó a los vecinos.'
        self.put('d.ndjson', json.dumps({'language': {'code': 'es'}, 'title': {'source': 'Obras'}, 'body': [{'kind': 'paragraph', 'text': echo + ' ' + good, 'segments': [
            {'source': echo, 'target': 'The council announced 71 works on the bridge yesterday.', 'status': 'ok', 'translated_by': 0},
            {'source': good, 'target': 'The mayor explained it to the residents.', 'status': 'ok', 'translated_by': 0}]}],
            'providers': [{'service': 'x', 'kind': 'apy'}]}).encode() + b'\n')
        for style, mark in (('text', '[?] '), ('markdown', '**[?]** ')):
            said = self.call('--format', style, '--only', 'check', '--from', 'ndjson', 'd.ndjson').stdout.decode()
            self.assertIn('\n' + mark + 'The council announced 71 works', said)
            self.assertRegex(said, r'\n(    |- ).*17')
            self.assertIn('\nThe mayor explained it to the residents.\n', said)

    def show(self, *words, **options):
        result = self.call(*words, **options)
        self.assertEqual((result.returncode, result.stderr), (0, b''), words)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def assert_shows(self, name, mark):
        records = self.show('--until', 'extract', '--', name)
        self.assertEqual(len(records), 1, name)
        self.assertIn(mark, json.dumps(records[0], ensure_ascii=False), name)

    def test_files_may_have_any_name(self):
        for number in range(len(NAMES)):
            self.put('feed-n%d.xml' % number, rss('n%d' % number).encode())
        for ending, content in CONTENTS.items():
            for number, name in enumerate(NAMES):
                self.put(name + ending, content('n%d' % number))
            with self.subTest(ending=ending):
                texts = [json.dumps(r) for r in self.show('--until', 'extract', '--', *(name + ending for name in NAMES))]
                self.assertEqual([sum(' n%d ' % number in text for text in texts) for number in range(len(NAMES))], [1] * len(NAMES))
                self.assertEqual(len(texts), len(NAMES))

    def test_a_name_with_brackets_is_not_the_file_that_it_matches(self):
        for names in (['notes1.html', 'notes[1].html'], ['ab.html', 'a?.html'], ['x.html', '\\x.html'], ['q\\.html', 'q\\\\.html']):
            for number, name in enumerate(names):
                self.put(name, html('n%d' % number).encode())
            for number, name in enumerate(names):
                self.assert_shows(name, 'n%d' % number)

    def test_a_pattern_works_if_no_file_has_that_name(self):
        self.put('a1.html', html('uno').encode())
        self.put('a2.html', html('dos').encode())
        self.assertEqual([r['url'] for r in self.show('--until', 'decode', 'a[12].html')], ['./a1.html', './a2.html'])

    def test_several_files_are_printed_in_order(self):
        names = ['%d, %d.html' % (i, i) for i in range(20)]
        for i, name in enumerate(names):
            self.put(name, html('n%d' % i).encode())
        self.assertEqual([r['url'] for r in self.show('--until', 'extract', *names)], ['./' + name for name in names])

    def test_a_section_of_the_user_is_not_used(self):
        self.put('mine.html', html('mio').encode())
        self.put('other.html', html('ajeno').encode())
        self.assert_shows('mine.html', 'mio')

    def test_a_missing_file_is_named_as_written(self):
        result = self.call('--until', 'extract', 'no such, file.html')
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stdout, b'')
        self.assertEqual(result.stderr, b'dragoman: cannot read ./no such, file.html: No such file or directory\n')

    def test_standard_input(self):
        for words in ([], ['-']):
            self.assertIn('nuevo', json.dumps(self.show('--until', 'extract', *words, stdin=html('nuevo').encode())[0]))
        lines = b''.join(CONTENTS['.ndjson']('n%d' % i) for i in range(600))        # more than can be in flight at a time
        records = self.show('--from', 'ndjson', '--until', 'identify', '-', stdin=lines)
        self.assertEqual([r['url'] for r in records], ['http://radio.example/n%d' % i for i in range(600)])

    def test_a_list_of_records_is_repaired_and_says_so(self):
        broken = {'url': 'http://radio.example/1', 'title': {'source': 'L\u2019Ã‰tÃ© arrive'}, 'text': 'La rÃ©union a Ã©tÃ© annulÃ©e hier soir.'}
        zawgyi = {'url': 'http://radio.example/2', 'title': {'source': 'ေက်ာင္းမ်ား ျပန္ဖြင့္မည္'}, 'body': [{'kind': 'paragraph', 'text': 'သူသည္ ေဈးသို႔ သြားသည္။'}]}
        sound = {'url': 'http://radio.example/3', 'title': {'source': 'L\u2019été'}, 'text': 'La réunion a été annulée hier soir.'}
        lines = b''.join(json.dumps(record).encode() + b'\n' for record in (broken, zawgyi, sound))
        records = self.show('--from', 'ndjson', '--until', 'segment', '-', stdin=lines)
        self.assertEqual([r['title']['source'] for r in records], ['L\u2019Été arrive', 'ကျောင်းများ ပြန်ဖွင့်မည်', 'L\u2019été'])
        self.assertEqual([r['body'][0]['segments'][0]['source'] for r in records],
                         ['La réunion a été annulée hier soir.', 'သူသည် ဈေးသို့ သွားသည်။', 'La réunion a été annulée hier soir.'])
        self.assertEqual([[repair['kind'] for repair in r.get('encoding', {}).get('repairs', [])] for r in records],
                         [['mojibake utf-8 as windows-1252'], ['zawgyi'], []])

    def test_an_address_may_contain_a_comma(self):
        web = Web({'radio.example/2,puente.html': html('coma'), 'radio.example/a;b=c&d=%22e%22,': html('todo')})
        self.addCleanup(web.close)
        for path, mark in (('/2,puente.html', 'coma'), ('/a;b=c&d=%22e%22,', 'todo')):
            records = self.show('--from', 'page', '--until', 'extract', 'http://radio.example' + path, '--set', 'http.proxy=' + web.url,
                                '--set', 'collect.gap=0s')
            self.assertEqual([r['url'] for r in records], ['http://radio.example' + path])
            self.assertIn(mark, json.dumps(records[0]))

    def test_an_interruption_ends_it_at_once(self):
        web = Web()
        web.pages = {'radio.example/1': web.hang}
        self.addCleanup(web.close)
        self.put('first.html', html('nuevo').encode())
        for number in (signal.SIGINT, signal.SIGTERM):
            web.visits.clear()
            command, options = self.workspace.command('--set', 'http.proxy=' + web.url, 'show', '--until', 'extract', 'first.html', 'http://radio.example/1',
                                                      cwd=self.workspace.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process = subprocess.Popen(command, **options)
            while not web.visits_of('radio.example', '/1'):
                time.sleep(0.02)
            time.sleep(1)                                                # of the first article, which is being processed meanwhile
            begin = time.monotonic()
            process.send_signal(number)
            rest, said = process.communicate(timeout=30)
            self.assertLess(time.monotonic() - begin, 5)
            self.assertEqual((process.returncode, said), (130, b''))
            records = [json.loads(text) for text in rest.splitlines()]
            self.assertEqual([r['url'] for r in records], ['./first.html'])


class Figures(unittest.TestCase):
    """The embedded engine leaves numbers as the source writes them; an English reader would take 1.234 for little more than one."""

    def english(self, text):
        workspace = Workspace('')
        self.addCleanup(workspace.close)
        path = os.path.join(workspace.folder, 'figures.txt')
        with open(path, 'w', encoding='utf8') as f:
            f.write('Informe\n\n' + text + '\n')
        segments = [s for b in json.loads(workspace.call('show', path).stdout)['body'] for s in b['segments']]
        return ' '.join(s['target'] for s in segments), [f['message'] for s in segments for f in s.get('findings', [])]

    def test_figures_are_written_as_in_english(self):
        target, findings = self.english('La obra costó 1.850 euros, un 2,75 por ciento más, para 12.500 vecinos.')
        for figure in '1,850', '2.75', '12,500':
            self.assertIn(figure, target)
        self.assertFalse([f for f in findings if 'left as' in f], findings)

    def test_dates_times_and_versions_are_left_alone(self):
        target, _ = self.english('El puente del puerto sigue cerrado porque las obras no han terminado todavía. La empresa informó de que la '
                                 'versión 2.4.123 del programa salió a la venta el 14.06.2024 a las 19.30 horas en todas sus tiendas.')
        for figure in '2.4.123', '14.06.2024', '19.30':
            self.assertIn(figure, target)


if __name__ == '__main__':
    unittest.main()
