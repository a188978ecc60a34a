"""The digest's page in a real browser: it is complete, loads and runs nothing, and its links lead where they should."""
import glob
import html.parser
import http.server
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
from program import Workspace, SAMPLES, files_source                          # noqa: E402

BROWSER = shutil.which('chromium')
HOSTILE = ('<html lang="es"><head><meta charset="utf-8"><title>El &lt;script&gt;document.title="owned"&lt;/script&gt; puerto</title></head><body>'
           '<h1>El &lt;script&gt;document.title="owned"&lt;/script&gt; puerto</h1>'
           '<p>El puerto de la ciudad &lt;img src="%(url)s/a.png" onerror="document.title=1"&gt; abrirá mañana por la mañana.</p>'
           '<p>Los vecinos &lt;a href="javascript:alert(1)"&gt;piden&lt;/a&gt; una explicación al ayuntamiento de la ciudad.</p></body></html>')


class Reader(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.names = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        self.names.add(attributes.get('id'))
        if 'href' in attributes:
            self.links.append(attributes['href'])


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
            self.assertEqual(found.count('a' + name.removesuffix('.json')), 1, name)
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

    def test_the_feed_has_one_entry_per_article(self):
        feed = ElementTree.parse(os.path.join(os.path.dirname(self.path), 'feed.xml')).getroot()
        entries = feed.findall('{http://www.w3.org/2005/Atom}entry')
        self.assertEqual(len(entries), len(self.workspace.records()))
        for entry in entries:
            for name in ('id', 'title', 'updated', 'author'):
                self.assertIsNotNone(entry.find('{http://www.w3.org/2005/Atom}' + name))


if __name__ == '__main__':
    unittest.main()
