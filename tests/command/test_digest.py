"""The digest's page in a real browser: it is complete, loads and runs nothing, and its links lead where they should."""
import csv
import glob
import html.parser
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import SOME_SOURCE, Workspace, SAMPLES, files_source                          # noqa: E402

BROWSER = shutil.which('chromium')
HOSTILE = ('<html lang="es"><head><meta charset="utf-8"><title>El &lt;script&gt;document.title="owned"&lt;/script&gt; puerto</title></head><body>'
           '<h1>El &lt;script&gt;document.title="owned"&lt;/script&gt; puerto</h1>'
           '<p>El puerto de la ciudad &lt;img src="%(url)s/a.png" onerror="document.title=1"&gt; abrirá mañana por la mañana.</p>'
           '<p>Los vecinos &lt;a href="javascript:alert(1)"&gt;piden&lt;/a&gt; una explicación al ayuntamiento de la ciudad.</p></body></html>')


def read(path):
    with open(path, encoding='utf8') as f:
        return f.read()


class Reader(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.names, self.labels = [], [], set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        self.names.add(attributes.get('id'))
        if 'href' in attributes:
            self.links.append(attributes['href'])
        if tag == 'label':
            self.labels.add(attributes['for'])


class Trap:
    """A web server that must not receive any request."""

    def __init__(self):
        trap = self
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                trap.asked.append(self.path)
                self.send_error(404)

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = 'http://127.0.0.1:%d' % self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def browse(path):
    """Returns the document that the browser has after loading the page."""
    with tempfile.TemporaryDirectory() as profile:
        command = [BROWSER, '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--user-data-dir=' + profile,
                   '--dump-dom', 'file://' + path]
        return subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode()


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trap = Trap()
        cls.workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles'), 'hostile.html'))
        with open(os.path.join(cls.workspace.folder, 'hostile.html'), 'w', encoding='utf8') as f:
            f.write(HOSTILE % {'url': cls.trap.url})
        result = cls.workspace.call('run')
        assert result.returncode == 0, result.stderr
        cls.path = glob.glob(os.path.join(cls.workspace.out, '2*', 'index.html'))[0]
        cls.text = browse(cls.path)
        cls.reader = Reader(cls.text)

    @classmethod
    def tearDownClass(cls):
        cls.trap.close()
        cls.workspace.close()

    def page(self, name):
        with open(os.path.join(os.path.dirname(self.path), name), encoding='utf8') as f:
            return Reader(f.read())

    def test_every_article_is_on_the_page_of_its_story_to_which_the_day_links(self):
        anchors = [link.partition('#')[2] for link in self.reader.links if link.startswith('stories/')]
        pages = {link.partition('#')[0] for link in self.reader.links if link.startswith('stories/')}
        found = [name for page in pages for name in self.page(page).names]
        for name in self.workspace.records():
            self.assertEqual(found.count('a' + name[:12]), 1, name)
        self.assertGreater(len([a for a in anchors if a]), 10)

    def test_nothing_of_an_article_is_run_or_loaded(self):
        self.assertIn(' – Dragoman</title>', self.text)
        self.assertEqual({'script', 'img', 'iframe', 'link', 'object'} & set(self.reader.tags), set())
        self.assertEqual(self.trap.asked, [])

    def test_links_lead_to_what_exists_or_to_the_web(self):
        folder = os.path.dirname(self.path)
        for name in ['index.html', 'check.html', *sorted('stories/' + n for n in os.listdir(os.path.join(folder, 'stories')))]:
            for link in self.page(name).links:
                if re.match('https?://', link) or link == '../index.html':
                    continue
                target, _, anchor = link.partition('#')
                target = os.path.normpath(os.path.join(os.path.dirname(name), target)) if target else name
                self.assertTrue(os.path.exists(os.path.join(folder, target)), (name, link))
                if anchor:
                    self.assertIn(anchor, self.page(target).names, (name, link))

    def test_the_files_for_programs_name_places_that_are_on_the_pages(self):
        folder = os.path.dirname(self.path)
        paths = [article['page'] for article in json.loads(read(os.path.join(folder, 'digest.json')))['articles']]
        with open(os.path.join(folder, 'digest.csv'), encoding='utf-8-sig', newline='') as f:
            paths += [row['page'] for row in csv.DictReader(f) if row['page']]
        self.assertGreaterEqual(len(paths), 2 * len(self.workspace.records()))
        for path in paths:
            name, _, anchor = path.partition('#')
            self.assertTrue(os.path.exists(os.path.join(self.workspace.out, name)), path)
            self.assertIn(anchor, Reader(read(os.path.join(self.workspace.out, name))).names, path)

    def test_headings_are_in_order_and_every_control_has_a_label(self):
        for name in ['index.html', 'check.html', *sorted('stories/' + n for n in os.listdir(os.path.join(os.path.dirname(self.path), 'stories')))]:
            reader = self.page(name)
            levels = [int(tag[1]) for tag in reader.tags if re.fullmatch('h[1-6]', tag)]
            self.assertEqual(levels[0], 1, name)
            self.assertEqual(levels.count(1), 1, name)
            self.assertTrue(all(b <= a + 1 for a, b in zip(levels, levels[1:])), (name, levels))
            self.assertEqual([reader.tags.count('main'), reader.tags.count('html')], [1, 1])
            self.assertLess({n for n in reader.labels}, reader.names | {''})
        self.assertEqual(self.reader.tags.count('input'), len(self.reader.labels))

    def test_the_feed_has_one_entry_per_article(self):
        feed = ElementTree.parse(os.path.join(os.path.dirname(self.path), 'feed.xml')).getroot()
        entries = feed.findall('{http://www.w3.org/2005/Atom}entry')
        self.assertEqual(len(entries), len(self.workspace.records()))
        for entry in entries:
            for name in ('id', 'title', 'updated', 'author'):
                self.assertIsNotNone(entry.find('{http://www.w3.org/2005/Atom}' + name))


def item(number, day='2026-01-29', title=None, text=None):
    """Returns an article that needs no service."""
    pairs = text or [('La oficina %d abre el lunes en la calle nueva.' % number, 'Office %d opens on Monday in the new street.' % number)]
    segments = [{'source': s, 'target': t, 'status': 'ok'} for s, t in pairs]
    source, target = title or ('La oficina %d abre' % number, 'Office %d opens' % number)
    return {'url': 'https://diario.example/%d' % number, 'collected': '%sT09:00:00Z' % day, 'published': '%sT08:%02d:00Z' % (day, number % 60),
            'language': {'code': 'es'}, 'title': {'source': source, 'target': target, 'status': 'ok'},
            'body': [{'kind': 'paragraph', 'text': ' '.join(s for s, _ in pairs), 'segments': segments}]}


class Days(unittest.TestCase):
    def workspace(self, items, more=''):
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n' + more)
        self.addCleanup(workspace.close)
        self.run_over(workspace, items)
        return workspace

    def run_over(self, workspace, items, code=0):
        with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(json.dumps(i, ensure_ascii=False) + '\n' for i in items)
        result = workspace.call('run')
        self.assertEqual(result.returncode, code, result.stderr)

    def read(self, workspace, name):
        with open(os.path.join(glob.glob(os.path.join(workspace.out, '2*-*-*'))[0], name), encoding='utf8') as f:
            return f.read()

    def test_no_number_of_articles_changes_what_the_page_is(self):
        sizes = []
        for count in 200, 201, 202:
            workspace = self.workspace([item(i) for i in range(count)])
            pages = glob.glob(os.path.join(workspace.out, '2*', 'stories', '*.html'))
            texts = [read(page) for page in pages]
            found = set(re.findall('Office ([0-9]+) opens on Monday', ' '.join(texts)))
            self.assertEqual(found, {str(i) for i in range(count)})
            self.assertEqual(sum(text.count('<article class="text"') for text in texts), count)
            sizes.append(len(self.read(workspace, 'index.html')))
        self.assertLess(max(sizes), 1.05 * min(sizes))

    def test_only_pages_of_stories_that_changed_are_written(self):
        first = [item(1, title=('Un puente en Ruse', 'A bridge in Ruse'), text=[('El puente cierra.', 'The bridge closes.')]),
                 item(2, title=('Vino de Mendoza', 'Wine of Mendoza'), text=[('La cosecha empieza.', 'The harvest begins.')])]
        workspace = self.workspace(first)
        before = {path: os.stat(path).st_ino for path in glob.glob(os.path.join(workspace.out, '2*', 'stories', '*'))}
        self.assertEqual(len(before), 2)
        third = item(3, title=('Nieve en Sapporo', 'Snow in Sapporo'), text=[('Nieva mucho.', 'It snows heavily.')])
        self.run_over(workspace, [*first, third])
        after = {path: os.stat(path).st_ino for path in glob.glob(os.path.join(workspace.out, '2*', 'stories', '*'))}
        self.assertEqual({path: after[path] for path in before}, before)
        self.assertEqual(len(after), 3)

    def test_the_watch_list_finds_words_of_any_script(self):
        watches = ('[watch "harbour"]\nterms = puerto, مرفأ\n[watch "Sapporo"]\nterms = 札幌\n[watch "Danube"]\nterms = дунав*\n'
                   '[watch "port"]\n[watch "nobody"]\n')
        items = [item(1, title=('EL PUERTO cierra', 'It closes')), item(2, title=('今日札幌下雪', 'Snow today')),
                 item(3, title=('Кораби по ДУНАВА', 'Ships')), item(4, title=('x', 'A portrait and a report')),
                 item(5, title=('x y', 'Far ahead'), text=[('Uno.', 'One.')] * 2 + [('المرفأ مرفأ كبير', 'It is big.')])]
        page = self.read(self.workspace(items, watches), 'index.html')
        rows = re.findall('<li class="row">(.*?)</li>', page)
        found = [re.sub('<[^>]*>', ' ', row).split()[:2] for row in rows]
        self.assertEqual(found, [['harbour', '2'], ['Sapporo', '1'], ['Danube', '1'], ['port', 'nothing'], ['nobody', 'nothing']])
        self.assertIn('Watch-list<span class="n">4</span>', page)

    def test_a_watch_that_would_find_nothing_is_refused(self):
        many = ['[watch "w%d"]\n' % i for i in range(66)]
        for watches, said in ((many[:64], None), (many[:65], ':132: there are more than 64 [watch] sections'), (many, ':132: '),
                              (['[watch "*"]\n'], 'no term to look for'), (['[watch "x"]\n', 'terms = , *,\n'], ':5: this [watch] has no term')):
            workspace = Workspace(''.join(line + '\n' * (line[0] == '[' and len(watches) > 9) for line in watches) + SOME_SOURCE)
            self.addCleanup(workspace.close)
            for command in ('check-config', 'run') if said else ('check-config',):
                result = workspace.call(command)
                self.assertEqual(result.returncode, 78 if said else 0, (command, said, result.stderr))
                self.assertIn((said or '').encode(), result.stderr)
                self.assertLessEqual(result.stderr.count(b'[watch]'), 1)

    def test_a_change_of_the_watch_list_reaches_the_page(self):
        workspace = self.workspace([item(1)])
        self.assertNotIn('Watch-list', self.read(workspace, 'index.html'))
        with open(workspace.config, 'a', encoding='utf8') as f:
            f.write('[watch "oficina"]\n')
        self.run_over(workspace, [item(1)])
        self.assertIn('Watch-list', self.read(workspace, 'index.html'))

    def test_a_wrong_time_of_the_morning_is_refused(self):
        for wrong in '8', '25:00', '08:60', 'morning':
            workspace = Workspace('[digest]\nmorning = %s\n' % wrong)
            self.addCleanup(workspace.close)
            result = workspace.call('check-config')
            self.assertEqual(result.returncode, 78, wrong)
            self.assertIn(b'a time of day such as 08:00', result.stdout + result.stderr)

    def test_the_list_of_days_and_the_link_lead_to_the_newest(self):
        workspace = self.workspace([item(1)])
        day = os.path.basename(glob.glob(os.path.join(workspace.out, '2*-*-*'))[0])
        self.assertEqual(os.readlink(os.path.join(workspace.out, 'latest')), day)
        days = read(os.path.join(workspace.out, 'index.html'))
        self.assertIn('<a href="%s/index.html">' % day, days)
        self.assertIn('1 article, 1 story, 1 language. Office 1 opens', days)
        os.unlink(os.path.join(workspace.out, 'index.html'))
        self.run_over(workspace, [item(1)])
        self.assertEqual(read(os.path.join(workspace.out, 'index.html')), days)

    def test_an_outage_at_noon_and_its_end_are_on_the_page(self):
        workspace = self.workspace([item(1)])
        self.assertIn('Nothing: every source could be read', self.read(workspace, 'index.html'))
        with open(workspace.config, 'a', encoding='utf8') as f:
            f.write('[source "gone"]\nkind = feed\nurl = nowhere.xml\n')
        self.run_over(workspace, [item(1)], 69)
        self.assertIn('<b>gone</b> unreadable since', self.read(workspace, 'index.html'))
        self.assertIn('>1 source unreadable</a>', self.read(workspace, 'index.html'))
        with open(os.path.join(workspace.folder, 'nowhere.xml'), 'w', encoding='utf8') as f:
            f.write('<rss version="2.0"><channel><title>Gone</title></channel></rss>')
        self.run_over(workspace, [item(1)])
        self.assertIn('<b>gone</b> was unreadable from', self.read(workspace, 'index.html'))


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= .04045 else ((p + .055) / 1.055) ** 2.4 for p in parts)
    return .2126 * red + .7152 * green + .0722 * blue


class Style(unittest.TestCase):
    def test_texts_have_enough_contrast_in_light_dark_and_print(self):
        css = read(os.path.join(os.environ['DRAGOMAN_SOURCE'], 'config', 'tables', 'digest', 'base.css'))
        themes = re.findall(r':root\{([^}]*--paper[^}]*)\}', css)
        self.assertEqual(len(themes), 3)
        colours = {}
        for theme in themes:
            for name, value in re.findall(r'--([a-z]+):(#[0-9a-f]+)', theme):
                colours[name] = value if len(value) == 7 else '#' + ''.join(2 * c for c in value[1:])
            pairs = [(ink, paper) for ink in ('ink', 'soft', 'faint', 'new', 'flag', 'bad') for paper in ('paper', 'card')]
            for ink, paper in pairs + [('ink', 'flagwash'), ('flag', 'flagwash'), ('bad', 'flagwash'), ('ink', 'wash'), ('soft', 'wash')]:
                light, dark = sorted((luminance(colours[ink]), luminance(colours[paper])), reverse=True)
                self.assertGreaterEqual((light + .05) / (dark + .05), 4.5, (ink, paper, theme[:40]))


if __name__ == '__main__':
    unittest.main()
