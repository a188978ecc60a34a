"""The digest's pages as people meet them in a browser: readable by everybody, with the keyboard, on a phone, and on paper."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser, CHROMIUM                                         # noqa: E402
from program import SOURCE, Workspace                                         # noqa: E402

NOW = time.time()
LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen' * 4
MORE = '[digest]\nmorning = 00:00\n[watch "harbour"]\nterms = harbour\n[watch "nobody"]\n'
AXE = [os.path.join(folder, 'axe-core', 'axe.min.js')
       for folder in (os.environ.get('NODE_PATH', ''), os.path.join(SOURCE, 'build', 'npm', 'node_modules'), '/usr/local/lib/node_modules',
                      '/usr/lib/node_modules', '/usr/share/nodejs') if folder]


def moment(minutes):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(NOW - 60 * minutes))


def sentence(source, target, **more):
    return {'source': source, 'target': target, 'status': 'ok', **more}


def article(number, language, title, sentences, **more):
    return {'url': 'https://paper.example/%d' % number, 'collected': moment(0), 'published': moment(number),
            'language': {'code': language}, 'title': title, 'site': 'Paper %d' % (number % 7), 'section': 'Economy', 'country': 'Egypt',
            'body': [{'kind': 'paragraph', 'text': ' '.join(s['source'] for s in sentences), 'segments': sentences}], **more}


def finding(check, message, severity='warning'):
    return {'check': check, 'severity': severity, 'message': message}


def articles():
    """Returns a day with all that a page can show: two scripts, doubts, a failed headline, long words, no dates, many reports."""
    yield article(1, 'ar', sentence('الميناء يرفع رسومه', 'The port of Mersa raises its fees'),
                  [sentence('ترفع هيئة ميناء مرسى رسومها بنسبة 12 في المئة.', 'The port authority of Mersa raises its fees by 12 per cent.'),
                   sentence('وتنتظر 40 سفينة في الميناء.', 'Some 45 ships wait in the port.')], site='نهار اليوم')
    yield article(2, 'tr', sentence('Mersa limanı ücretleri artırıyor', 'The port of Mersa raises its fees again'),
                  [sentence('Mersa limanı ücretlerini yüzde 15 artırıyor.', 'The port authority of Mersa raises its fees by 15 per cent.'),
                   sentence('Liman eski.', '', status='failed', findings=[finding('empty', 'the translation is empty', 'error')])])
    yield article(3, 'zh', sentence('新桥周日开放', '', status='failed'), [sentence('大桥周日向车辆开放。', 'The bridge opens to cars on Sunday.')])
    yield article(4, 'de', sentence(LONG, LONG), [sentence(LONG + '.', LONG + '.')], published='2031-01-01T00:00:00Z')
    yield article(5, 'es', sentence('El puerto abre', 'The harbour opens'), [sentence('El puerto abre el lunes.', 'The harbour opens on Monday.')],
                  published=None)
    for number in range(6, 340):
        yield article(number, 'es', sentence('Oficina %d' % number, 'Office %d opens' % number),
                      [sentence('La oficina %d abre.' % number, 'Office %d opens in the street.' % number)])


@unittest.skipUnless(CHROMIUM, 'needs Chromium')
class Look(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[source "gone"]\nkind = feed\nurl = nowhere.xml\n' + MORE)
        with open(os.path.join(cls.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(json.dumps({k: v for k, v in item.items() if v is not None}, ensure_ascii=False) + '\n' for item in articles())
        result = cls.workspace.call('run')
        assert result.returncode == 69, result.stderr
        cls.folder = glob.glob(os.path.join(cls.workspace.out, '2???-??-??'))[0]
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.workspace.close()

    def story_with(self, text):
        for path in sorted(glob.glob(os.path.join(self.folder, 'stories', '*.html'))):
            with open(path, encoding='utf8') as f:
                if text in f.read():
                    return path
        raise AssertionError('no story has ' + text)

    def pages(self):
        week, = glob.glob(os.path.join(self.workspace.out, '2???-W??.html'))
        return [os.path.join(self.folder, name) for name in ('index.html', 'more-2.html', 'check.html', '../index.html')] + [
            week,             self.story_with('by 12 per cent'), self.story_with('新桥周日开放'), self.story_with(LONG), self.story_with('Office 200 opens')]

    def shown(self):
        return self.browser.run('[...document.querySelectorAll(".e")].filter(e => e.offsetParent).length')

    def test_a_story_leads_back_to_the_page_with_its_entry(self):
        places = set()
        for path in glob.glob(os.path.join(self.folder, 'stories', '*.html')):
            with open(path, encoding='utf8') as f:
                page, entry = re.search(r'aria-label="Day"><a href="../([a-z0-9-]+\.html)#(s-[0-9a-f]+)"', f.read()).groups()
            with open(os.path.join(self.folder, page), encoding='utf8') as f:
                self.assertIn('id="%s"' % entry, f.read(), path)
            places.add(page)
        self.assertEqual(places, {'index.html', 'more-2.html'})

    def test_axe_finds_no_barrier_in_light_or_dark(self):
        script = next(filter(os.path.exists, AXE), None)
        if not script:
            self.skipTest('axe-core is not installed (npm install axe-core)')
        with open(script, encoding='utf8') as f:
            axe = f.read()
        for path in self.pages():
            for dark in False, True:
                with self.subTest(path=path, dark=dark):
                    self.browser.open(path, 390 if dark else 1280, dark)
                    self.browser.run('document.querySelectorAll("details").forEach(d => d.open = true)')
                    self.browser.run(axe + ';0')
                    found = self.browser.run('axe.run().then(r => r.violations.map(v => v.id + ": " + v.nodes[0].html))')
                    self.assertEqual(found, [])

    @unittest.skipUnless(shutil.which('tidy'), 'needs tidy')
    def test_the_pages_are_valid_html(self):
        for path in [*self.pages(), os.path.join(self.folder, 'digest.html')]:
            with self.subTest(path=path):
                result = subprocess.run(['tidy', '-quiet', '-errors', '-utf8', '--drop-empty-elements', 'no', path], capture_output=True, timeout=60)
                self.assertEqual(result.stderr.decode(), '')

    def test_no_page_is_wider_than_the_window(self):
        for path in self.pages():
            for width in 320, 800:
                with self.subTest(path=path, width=width):
                    self.browser.open(path, width)
                    self.assertLessEqual(self.browser.run('document.documentElement.scrollWidth'), width)

    def test_figures_stand_one_below_the_other_on_a_phone_and_side_by_side_on_a_desk(self):
        lines = '''[...document.querySelectorAll(".figs tr")].map(r => new Set([...r.cells].map(c => Math.round(c.getBoundingClientRect().top))).size)'''
        cells = '[...document.querySelectorAll(".figs tr")].map(r => r.cells.length)'
        for width, stacked in (390, True), (1280, False):
            with self.subTest(width):
                self.browser.open(os.path.join(self.folder, 'index.html'), width)
                count = self.browser.run(cells)
                self.assertGreater(len(count), 0)
                self.assertEqual(self.browser.run(lines), count if stacked else [1] * len(count))
                least = self.browser.run('Math.min(...[...document.querySelectorAll(".figs td")].map(c => c.clientWidth))')
                self.assertGreaterEqual(least, 90)

    def test_the_keyboard_reaches_the_filters_and_skips_to_the_stories(self):
        for name in 'index.html', 'more-2.html':
            with self.subTest(name):
                self.browser.open(os.path.join(self.folder, name))
                self.browser.press('Tab')
                self.assertEqual(self.browser.run('document.activeElement.className'), 'skip')
                self.assertGreater(self.browser.run('document.activeElement.getBoundingClientRect().right'), 0)
                self.browser.press('Enter')
                self.assertEqual(self.browser.run('location.hash'), '#stories')
                self.browser.open(os.path.join(self.folder, name))
                for _ in range(20):
                    self.browser.press('Tab')
                    if self.browser.run('document.activeElement.id') == 'v-all':
                        break
                self.assertEqual(self.browser.run('document.activeElement.id'), 'v-all')
                everything = self.shown()
                self.browser.press('ArrowRight')
                self.assertEqual(self.browser.run('document.querySelector("input[name=v]:checked").id'), 'v-new')
                self.browser.press('ArrowRight')
                self.assertEqual(self.browser.run('document.querySelector("input[name=v]:checked").id'), 'v-watch')
                self.assertLess(self.shown(), everything)
                self.browser.press('Enter')
                self.assertNotIn('?', self.browser.run('location.href'))
                self.assertEqual(self.browser.run('document.querySelector("input[name=v]:checked").id'), 'v-watch')

    def test_filters_agree_with_their_counts_and_say_when_nothing_is_left(self):
        self.browser.open(os.path.join(self.folder, 'index.html'))
        none = 'document.querySelector(".none").offsetParent !== null'
        for identifier in 'v-watch', 'v-check', 'l-ar':
            count = int(self.browser.run('document.querySelector("[for=%s] .n").textContent' % identifier))
            self.browser.run('document.querySelectorAll("[id$=-all]").forEach(i => i.checked = true)')
            self.browser.run('document.getElementById("%s").click()' % identifier)
            self.assertEqual((self.shown(), self.browser.run(none)), (count, False), identifier)
        self.browser.run('document.getElementById("v-watch").click()')
        self.assertEqual((self.shown(), self.browser.run(none)), (0, True))
        self.browser.run('document.getElementById("l-all").click()')
        self.assertEqual((self.shown(), self.browser.run(none)), (1, False))

    def test_a_click_on_a_language_in_the_side_column_shows_only_it(self):
        self.browser.open(os.path.join(self.folder, 'index.html'))
        self.browser.run('[...document.querySelectorAll("aside label")].find(l => l.textContent == "Turkish").click()')
        self.assertEqual(self.browser.run('document.querySelector("input[name=l]:checked").id'), 'l-tr')
        self.assertEqual(self.shown(), 1)

    @unittest.skipUnless(shutil.which('pdftotext'), 'needs pdftotext')
    def test_pages_print_with_their_texts(self):
        wanted = {self.story_with('by 12 per cent'): ('Some 45 ships wait in the port.', 'by 15 per cent', 'Liman eski.', 'check before you use it'),
                  self.story_with('Office 200 opens'): ('Office 200 opens in the street.', 'La oficina 200 abre.', 'https://paper.example/200'),
                  os.path.join(self.folder, 'index.html'): ('The day in half a minute', 'The bridge opens to cars on Sunday', 'Office 300 opens'),
                  os.path.join(self.folder, 'check.html'): ('Some 45 ships wait in the port.', 'Not translated')}
        for path, texts in wanted.items():
            self.browser.open(path)
            result = subprocess.run(['pdftotext', '-layout', '-', '-'], input=self.browser.print(), capture_output=True, timeout=60, check=True)
            printed = ' '.join(result.stdout.decode().split()).lower()
            for text in texts:
                self.assertIn(text.lower(), printed, path)
            self.assertNotIn('all languages', printed, path)


if __name__ == '__main__':
    unittest.main()
