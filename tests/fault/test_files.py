"""Files that somebody has prepared: links, names and special files among what is read, links among what is written, changed records,
and states that cannot be used."""
import json
import os
import socket
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService, Server                     # noqa: E402
from program import Workspace                                            # noqa: E402

SECRET = 'La clave secreta del archivo privado es muy larga y nadie fuera de esta casa debe leerla nunca.'
NEWS = 'El ayuntamiento abrió ayer la nueva biblioteca y los vecinos visitaron las salas durante toda la tarde.'


def rss(*items):
    """Each item is a link, with or without a text."""
    return '<rss version="2.0"><channel><title>Gaceta</title>%s</channel></rss>' % ''.join(
        '<item><title>Noticia número %d</title><link>%s</link><guid>g%d</guid>%s</item>'
        % (n, link, n, '<description>%s</description>' % text if text else '') for n, (link, text) in enumerate(items))


class Files(unittest.TestCase):
    def setUp(self):
        self.sent = []
        self.service = FakeService(lambda _, texts: self.sent.extend(texts))
        self.addCleanup(self.service.close)

    def workspace(self, sources):
        workspace = Workspace('[dedupe]\ndays = 0\n[service "fake"]\nkind = libretranslate\nurl = %s\n%s' % (self.service.url, sources))
        self.addCleanup(workspace.close)
        self.folder = workspace.folder
        self.write('private/secret.txt', SECRET)
        os.chmod(self.path('private/secret.txt'), 0o600)
        return workspace

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'w', encoding='utf8') as f:
            f.write(text)

    def assert_kept_secret(self, workspace, *said):
        """Nothing of the secret may have been written or sent, and the output must say what was not read."""
        written = b''
        for folder, _, names in os.walk(workspace.out):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as f:
                    written += f.read()
        self.assertNotIn(b'clave secreta', written)
        self.assertFalse(any('clave secreta' in text for text in self.sent))
        told = written + workspace.call('status').stdout
        for words in said:
            self.assertIn(words.encode(), told)

    def texts(self, workspace):
        return sorted(' '.join(s['source'] for b in r.get('body', []) for s in b['segments']) for r in workspace.records().values())


class Read(Files):
    def test_links_in_a_folder_may_not_lead_out_of_it(self):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        self.write('inbox/news.txt', NEWS)
        self.write('inbox/sub/more.txt', NEWS.replace('biblioteca', 'escuela'))
        os.symlink('sub/more.txt', self.path('inbox/inside.txt'))
        os.symlink(self.path('private/secret.txt'), self.path('inbox/letter.txt'))
        os.symlink('../../private/secret.txt', self.path('inbox/sub/deep.txt'))
        os.symlink('../private', self.path('inbox/folder'))
        result = workspace.call('run')
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertEqual(len(workspace.records()), 3)
        self.assert_kept_secret(workspace, *('cannot read %s: a link leads out of the folder' % self.path('inbox/' + name)
                                             for name in ('letter.txt', 'sub/deep.txt', 'folder')))

    def test_a_pattern_may_not_match_links_that_lead_out(self):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox/*.txt\npath = other/?older\n')
        self.write('inbox/news.txt', NEWS)
        os.symlink('../private/secret.txt', self.path('inbox/letter.txt'))
        os.mkdir(self.path('other'))
        os.symlink('../private', self.path('other/folder'))
        os.symlink('../private', self.path('other/holder'))
        workspace.call('run')
        self.assertEqual(self.texts(workspace), [NEWS])
        self.assert_kept_secret(workspace, 'inbox/letter.txt: a link', 'other/folder: a link')

    def test_what_is_configured_may_be_a_link(self):
        workspace = self.workspace('[source "a"]\nkind = files\npath = box\npath = one.txt\n[source "b"]\nkind = feed\nurl = feed.xml\n')
        self.write('real/news.txt', NEWS)
        self.write('real/one.txt', NEWS.replace('biblioteca', 'escuela'))
        self.write('feeds/feed.xml', rss(('page.txt', '')))
        self.write('feeds/page.txt', NEWS.replace('biblioteca', 'piscina'))
        os.symlink('real', self.path('link'))
        os.symlink('link', self.path('box'))
        os.symlink('link/one.txt', self.path('one.txt'))
        os.symlink('feeds/feed.xml', self.path('feed.xml'))
        result = workspace.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(set(self.texts(workspace))), 3)

    def test_an_exchanged_file_is_not_read(self):
        """The article was found as a file; before it is read, a link takes its place."""
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        self.write('inbox/a.txt', '')
        self.assertEqual(workspace.call('run').returncode, 3)
        os.unlink(self.path('inbox/a.txt'))
        os.symlink('../private/secret.txt', self.path('inbox/a.txt'))
        workspace.call('retry')
        workspace.call('run')
        self.assertEqual(workspace.status()['failed'], 1)
        self.assertEqual(workspace.records(), {})
        found = workspace.status()['articles'][0]
        self.assertIn('leads out of the folder', json.dumps(found))
        self.assert_kept_secret(workspace, 'leads out of the folder')

    def test_a_local_feed_may_only_name_files_beside_it(self):
        workspace = self.workspace('[source "feed"]\nkind = feed\nurl = feeds/feed.xml\n[source "json"]\nkind = feed\nurl = feeds/feed.json\n')
        secret = self.path('private/secret.txt')
        beside = self.path('feeds/secret.txt')
        self.write('feeds/page.txt', NEWS)
        self.write('feeds/secret.txt', SECRET)
        os.symlink('../private/secret.txt', self.path('feeds/link.txt'))
        os.symlink('../private', self.path('feeds/folder'))
        self.write('feeds/feed.xml', rss(('page.txt', ''), ('file://' + secret, NEWS.replace('biblioteca', 'escuela')), (secret, ''),
                                         ('FILE://localhost' + beside, ''), (beside, ''), ('../private/secret.txt', ''),
                                         ('link.txt', ''), ('folder/secret.txt', ''), ('x/../../private/secret.txt', '')))
        self.write('feeds/feed.json', json.dumps({'version': 'https://jsonfeed.org/version/1.1', 'title': 'Gaceta', 'items': [
            {'id': 'j1', 'url': 'file://' + beside, 'content_text': NEWS.replace('biblioteca', 'piscina')}]}))
        workspace.call('run')
        texts = [text for text in self.texts(workspace) if text]
        self.assertEqual(texts, sorted(NEWS.replace('biblioteca', word) for word in ('biblioteca', 'escuela', 'piscina')))
        self.assert_kept_secret(workspace, 'names a file of this computer, file://' + secret, 'leads out of the folder')
        notes = [r['evidence'].get('note', '') for r in workspace.records().values()]
        self.assertEqual(sum('which was not read' in note for note in notes), 7)

    def test_a_record_may_not_name_a_file_but_may_be_about_one(self):
        workspace = self.workspace('[source "in"]\nkind = ndjson\npath = in.ndjson\n[source "box"]\nkind = files\npath = private/*.md\n')
        self.write('private/a.md', NEWS.replace('biblioteca', 'escuela'))
        secret = self.path('private/secret.txt')
        lines = [{'id': '%032x' % n, 'url': url, **more} for n, (url, more) in enumerate([
            ('file://' + secret, {}), (secret, {}), ('private/secret.txt', {}), ('file://' + secret, {'source': 'box'}),
            ('file://' + self.path('gone.html'), {'body': [{'kind': 'paragraph', 'segments': [{'source': NEWS}]}]})], 1)]
        self.write('in.ndjson', ''.join(json.dumps(line) + '\n' for line in lines))
        result = workspace.call('run')
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertEqual(self.texts(workspace), sorted([NEWS, NEWS.replace('biblioteca', 'escuela')]))
        self.assertEqual(workspace.status()['failed'], 4)
        self.assert_kept_secret(workspace, 'The record names a file of this computer, ' + secret)

    def test_a_list_may_only_name_feeds_beside_it(self):
        workspace = self.workspace('[source "list"]\nkind = opml\npath = lists/list.opml\n')
        hidden = rss(('http://127.0.0.1:9/x', SECRET))
        self.write('private/feed.xml', hidden)
        self.write('lists/beside.xml', rss(('page.txt', '')))
        self.write('lists/page.txt', NEWS)
        self.write('lists/named.xml', hidden)
        os.symlink('../private/feed.xml', self.path('lists/link.xml'))
        self.write('lists/list.opml', '<opml><body>%s</body></opml>' % ''.join('<outline xmlUrl="%s"/>' % url for url in (
            'beside.xml', 'link.xml', 'file://' + self.path('lists/named.xml'), self.path('lists/named.xml'), '../private/feed.xml')))
        workspace.call('run')
        self.assertEqual(self.texts(workspace), [NEWS])
        self.assert_kept_secret(workspace, 'names 3 files of this computer', 'link.xml: a link leads out of the folder')

    def test_nothing_from_the_web_names_a_file(self):
        """A feed, a sitemap and a redirect that name the secret; the two lists are read in all other respects."""
        def answer(request):
            if request.path == '/moved':
                return Answer(302, b'', {'Location': 'file://' + secret})
            if request.path == '/robots.txt':
                return Answer(404)
            text = (rss(('file://' + secret, NEWS), ('file:' + secret, '')) if request.path == '/feed' else
                    '<urlset><url><loc>file://%s</loc></url></urlset>' % secret)
            return Answer(200, text.encode(), {'Content-Type': 'application/xml'})

        web = Server(answer)
        self.addCleanup(web.close)
        workspace = self.workspace(''.join('[source "%s"]\nkind = %s\nurl = %s/%s\n' % (kind, kind, web.url, path) for kind, path in (
            ('feed', 'feed'), ('sitemap', 'sitemap.xml'), ('page', 'moved'))))
        secret = self.path('private/secret.txt')
        workspace.call('run')
        self.assertEqual([text for text in self.texts(workspace) if text], [NEWS])
        self.assert_kept_secret(workspace, 'The feed names a file of this computer, file://' + secret, 'sitemap.xml names 1 file of this computer')

    def test_special_files_are_refused_without_waiting(self):
        kinds = ('feed', 'url'), ('opml', 'path'), ('ndjson', 'path'), ('mail', 'path'), ('warc', 'path'), ('files', 'path')
        for kind, setting in kinds:
            for name in 'pipe', 'socket', '/dev/zero', '/proc/self/environ':
                with self.subTest(kind=kind, name=name), socket.socket(socket.AF_UNIX) as listening:
                    workspace = self.workspace('[source "s"]\nkind = %s\n%s = %s\n' % (kind, setting, name))
                    os.mkfifo(self.path('pipe'))
                    listening.bind(self.path('socket'))
                    result = workspace.call('run', timeout=20)
                    self.assertIn(result.returncode, (3, 69), result.stderr)
                    self.assertRegex(json.dumps(workspace.status()) + result.stderr.decode(), 'cannot read|regular file|of the kernel|neither')
                    self.assertEqual(workspace.records(), {})


if __name__ == '__main__':
    unittest.main()
