"""Files that somebody has prepared: links, names and special files among what is read, links among what is written, changed records,
and states that cannot be used."""
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
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

    def read(self, path):
        with open(path, 'rb') as f:
            return f.read()

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

    def test_folders_in_which_a_pattern_cannot_look_are_named(self):
        """glob() passes over them in silence: those that the sandbox closes, because a link leads out."""
        for name, pattern in ('holder', 'inbox/*/*.txt'), ('deep/sub', 'inbox/*/s?b/n*'):
            for sandbox in 'no', 'auto':
                workspace = self.workspace('[source "inbox"]\nkind = files\npath = %s\n' % pattern)
                self.write('inbox/deep/news.txt', NEWS)
                self.write('inbox/other/sub/news.txt', NEWS)
                self.write('private/news.txt', SECRET)
                os.symlink(self.path('private'), self.path('inbox/' + name))
                result = workspace.call('--set', 'run.sandbox=' + sandbox, 'run')
                with self.subTest(pattern=pattern, sandbox=sandbox):
                    self.assertEqual(result.returncode, 3, result.stderr)
                    self.assertIn(b': a link leads out of the folder', result.stderr)
                    self.assertEqual(self.texts(workspace), [NEWS])
                    self.assert_kept_secret(workspace, 'inbox/' + name)

    def test_a_folder_that_may_not_be_read_is_named(self):
        if os.getuid() == 0:                # root may read every folder
            return
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox/*/*.txt\n')
        self.write('inbox/a/news.txt', NEWS)
        self.write('inbox/b/news.txt', NEWS.replace('biblioteca', 'escuela'))
        os.chmod(self.path('inbox/b'), 0)
        self.addCleanup(os.chmod, self.path('inbox/b'), 0o700)
        result = workspace.call('run')
        self.assertIn(b'inbox/b: Permission denied', result.stderr)
        self.assertEqual(self.texts(workspace), [NEWS])
        os.chmod(self.path('inbox/b'), 0o700)
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual(len(workspace.records()), 2)

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
        self.assert_kept_secret(workspace, 'names a file on this computer, file://' + secret, 'leads out of the folder')
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
        self.assert_kept_secret(workspace, 'The record names a file on this computer, ' + secret)

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
        self.assert_kept_secret(workspace, 'names 3 files on this computer', 'link.xml: a link leads out of the folder')

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
        self.assert_kept_secret(workspace, 'The feed names a file on this computer, file://' + secret, 'sitemap.xml names 1 file on this computer')

    def test_special_files_are_refused_without_waiting(self):
        kinds = ('feed', 'url'), ('opml', 'path'), ('ndjson', 'path'), ('mail', 'path'), ('warc', 'path'), ('files', 'path')
        for kind, setting in kinds:
            for name in ('pipe', 'socket', '/dev/zero', '/proc/self/environ') if kind in ('feed', 'files') else ('pipe',):
                with self.subTest(kind=kind, name=name), socket.socket(socket.AF_UNIX) as listening:
                    workspace = self.workspace('[source "s"]\nkind = %s\n%s = %s\n' % (kind, setting, name))
                    os.mkfifo(self.path('pipe'))
                    listening.bind(self.path('socket'))
                    result = workspace.call('run', timeout=20)
                    self.assertIn(result.returncode, (3, 69), result.stderr)
                    self.assertRegex(json.dumps(workspace.status()) + result.stderr.decode(), 'cannot read|regular file|of the kernel|neither')
                    self.assertEqual(workspace.records(), {})


class Written(Files):
    """Links that somebody has planted among what is written: nothing behind them is written, replaced or removed."""

    def prepared(self, more=''):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n' + more)
        self.write('inbox/a.txt', NEWS)
        os.makedirs(workspace.out)
        os.makedirs(self.path('elsewhere/stories'))
        os.makedirs(self.path('elsewhere/articles'))
        for name in 'more-2.html', 'stories/old.html', 'index.html', '.page.4711.tmp', '.index.html.999999-0123456789abcdef.tmp':
            self.write('elsewhere/' + name, 'KEEP')
        return workspace

    def found_elsewhere(self):
        found = {}
        for folder, _, names in os.walk(self.path('elsewhere')):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as f:
                    found[os.path.join(folder, name)] = f.read()
        return found

    def test_folders_that_are_links_are_refused(self):
        day = time.strftime('%Y-%m-%d')
        for place, target in (day, ''), (day + '/stories', 'stories'), (day + '/articles', 'articles'), (day + '/stories', 'gone'):
            with self.subTest(place=place):
                workspace = self.prepared()
                before = self.found_elsewhere()
                os.makedirs(os.path.dirname(os.path.join(workspace.out, place)), exist_ok=True)
                os.symlink(os.path.join(self.path('elsewhere'), target), os.path.join(workspace.out, place))
                for command in ['run'], ['verify', '--repair']:
                    result = workspace.call(*command)
                    self.assertEqual(result.returncode, 74, (command, result.stderr))
                    self.assertIn(b'links below the output folder are not followed', result.stderr)
                    self.assertIn(os.path.join(workspace.out, place).encode(), result.stderr)
                workspace.call('digest', day)
                self.assertEqual(self.found_elsewhere(), before)
                os.unlink(os.path.join(workspace.out, place))
                self.assertEqual(workspace.call('run').returncode, 0)
                self.assertEqual(workspace.call('verify').returncode, 0)

    def test_files_that_are_links_are_replaced(self):
        day = time.strftime('%Y-%m-%d')
        names = ['index.html', 'feed.xml', 'latest', 'search.db'] + [os.path.join(day, name) for name in (
            'index.html', 'report.json', 'digest.md', 'digest.json', 'feed.xml')]
        workspace = self.prepared()
        os.makedirs(os.path.join(workspace.out, day))
        for name in names:
            os.symlink(self.path('elsewhere/index.html'), os.path.join(workspace.out, name))
        before = self.found_elsewhere()
        result = workspace.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.found_elsewhere(), before)
        for name in names:
            if name != 'latest':
                self.assertFalse(os.path.islink(os.path.join(workspace.out, name)), name)
        self.assertEqual(os.readlink(os.path.join(workspace.out, 'latest')), day)

    def test_the_archive_is_not_written_through_a_link(self):
        day = time.strftime('%Y-%m-%d')
        web = Server(lambda request: Answer(404) if request.path == '/robots.txt' else Answer(
            200, ('<html lang="es"><body><article><h1>Obras</h1><p>%s</p></article></body></html>' % NEWS).encode(), {'Content-Type': 'text/html'}))
        self.addCleanup(web.close)
        for place, target in ('archive', ''), ('archive/%s.warc.gz' % day, 'index.html'):
            with self.subTest(place=place):
                workspace = self.prepared('[archive]\nkeep = warc\n[source "page"]\nkind = page\nurl = %s/a\n' % web.url)
                before = self.found_elsewhere()
                os.makedirs(os.path.dirname(os.path.join(workspace.out, place)), exist_ok=True)
                os.symlink(os.path.join(self.path('elsewhere'), target), os.path.join(workspace.out, place))
                self.assertNotEqual(workspace.call('run').returncode, 0)
                self.assertEqual(self.found_elsewhere(), before)
                os.unlink(os.path.join(workspace.out, place))
                self.assertEqual(workspace.call('run').returncode, 0)
                self.assertTrue(os.path.isfile(os.path.join(workspace.out, 'archive/%s.warc.gz' % day)))

    def test_the_output_folder_itself_may_be_a_link(self):
        workspace = self.prepared()
        os.rmdir(workspace.out)
        os.mkdir(self.path('disk'))
        os.symlink('disk', workspace.out)
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual(workspace.call('verify').returncode, 0)
        self.assertIn('state.db', os.listdir(self.path('disk')))


class Verified(Files):
    """What was changed in the output folder is found, named and mended."""

    def test_changed_records_are_named_and_mended(self):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        for n in range(9):
            self.write('inbox/%d.txt' % n, NEWS.replace('biblioteca', 'escuela número %d' % n))
        self.assertEqual(workspace.call('run').returncode, 0)
        whole = workspace.records()
        folder = os.path.dirname(os.path.join(workspace.out, 'latest', 'articles', 'x'))
        names = sorted(os.listdir(folder))
        paths = [os.path.join(folder, name) for name in names]
        data = [self.read(path) for path in paths]
        edited = data[0].replace(b'Spanish', b'Catalan').replace(b'"es"', b'"ca"')
        self.assertNotEqual(edited, data[0])
        for path, changed in zip(paths, (edited, data[2], data[1], data[3] + b'\n', data[4][:-20], data[5].replace(b'{', b' {', 1))):
            with open(path, 'wb') as f:
                f.write(changed)
        os.unlink(paths[6])
        os.rename(paths[7], self.path('moved'))
        os.symlink(self.path('moved'), paths[7])
        os.unlink(paths[8])
        os.mkfifo(paths[8])
        other_day = os.path.join(workspace.out, '2020-02-02', 'articles')
        os.makedirs(other_day)
        foreign = [os.path.join(folder, 'f' * 32 + '.json'), os.path.join(folder, 'notes.json'), os.path.join(other_day, names[0])]
        for path in foreign:
            with open(path, 'wb') as f:
                f.write(data[0])
        result = workspace.call('verify', '--json', timeout=60)
        self.assertEqual(result.returncode, 65, result.stderr)
        told = json.loads(result.stdout)
        found = {os.path.realpath(os.path.dirname(f['path'])) + '/' + os.path.basename(f['path']): f['state'] for f in told['files']}
        for state, expected in ('missing', paths[6:7]), ('foreign', foreign), ('damaged', paths[:6] + paths[7:]):
            self.assertEqual(sorted(path for path, value in found.items() if value == state),
                             sorted(os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path)) for path in expected))
        self.assertEqual((told['sound'], told['damaged'], told['missing'], told['foreign']), (0, 8, 1, 3))
        self.assertEqual(workspace.call('verify', '--repair', timeout=60).returncode, 65)      # the foreign files are not ours to remove
        for path in foreign:
            os.unlink(path)
        os.removedirs(other_day)
        self.assertEqual(workspace.call('verify').returncode, 0)
        self.assertEqual(workspace.records(), whole)
        self.assertTrue(os.path.isfile(paths[8]) and not os.path.islink(paths[7]))

    def test_nothing_is_said_of_what_a_run_is_writing(self):
        """Records without a row yet would be called foreign, to be removed."""
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        for n in range(30):
            self.write('inbox/%d.txt' % n, NEWS.replace('biblioteca', 'casa %d' % n))
        self.service.delay = 0.1
        answers = []
        with workspace.start('run') as run:
            while run.poll() is None:
                answers.append(workspace.call('verify'))
        for result in answers[:-1]:
            if b'there is no state' not in result.stderr and result.returncode != 0:
                self.assertEqual((result.returncode, result.stdout), (75, b''), result.stderr)
                self.assertRegex(result.stderr, rb'another run( \(process \d+\))? is using')
        self.assertIn(75, [result.returncode for result in answers])
        self.assertEqual(workspace.call('verify').returncode, 0)

    def test_pages_edited_by_hand_are_named_and_mended(self):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        self.write('inbox/a.txt', NEWS)
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual(workspace.call('verify').returncode, 0)
        day = os.path.realpath(os.path.join(workspace.out, 'latest'))
        for name, change in (('index.html', lambda page: page.replace(b'</body>', b'<p>Not so.</p></body>')), ('digest.md', lambda page: page + b'More\n'),
                             ('feed.xml', lambda page: page[:-20])):
            with self.subTest(name=name):
                path = os.path.join(day, name)
                page = self.read(path)
                with open(path, 'wb') as f:
                    f.write(change(page))
                self.assertNotEqual(self.read(path), page)
                result = workspace.call('verify')
                self.assertEqual(result.returncode, 65)
                self.assertIn(('%s/%s: changed: its pages were changed, or some are missing' % (workspace.out, os.path.basename(day))).encode(), result.stdout)
                self.assertEqual(workspace.call('verify', '--repair').returncode, 0)
                self.assertEqual(self.read(path), page)
                self.assertEqual(workspace.call('verify').returncode, 0)

    def test_missing_lists_are_named_and_made_again(self):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        self.assertEqual(workspace.call('verify').returncode, 0)                # there is nothing to list yet
        self.write('inbox/a.txt', NEWS)
        self.assertEqual(workspace.call('run').returncode, 0)
        for name in 'index.html', 'feed.xml':
            path = os.path.join(workspace.out, name)
            os.unlink(path)
            result = workspace.call('verify')
            self.assertEqual((result.returncode, result.stdout.splitlines()[0]), (65, ('%s: missing' % path).encode()))
            self.assertIn(b'`dragoman verify --repair` restores it', result.stderr)
            self.assertEqual(workspace.call('verify', '--repair').returncode, 0)
            self.assertTrue(os.path.exists(path))

    def test_missing_pages_of_stories_are_named_and_made_again(self):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        self.write('inbox/a.txt', NEWS)
        self.write('inbox/b.txt', NEWS.replace('biblioteca', 'escuela'))
        self.assertEqual(workspace.call('run').returncode, 0)
        day = os.path.join(workspace.out, workspace.days()[0])
        stories = {name: self.read(os.path.join(day, 'stories', name)) for name in os.listdir(os.path.join(day, 'stories'))}
        self.assertTrue(stories)
        for damage in lambda: os.unlink(os.path.join(day, 'stories', min(stories))), lambda: shutil.rmtree(os.path.join(day, 'stories')):
            damage()
            result = workspace.call('verify')
            self.assertEqual(result.returncode, 65)
            self.assertIn(b'changed: its pages were changed, or some are missing', result.stdout)
            result = workspace.call('verify', '--repair')
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(b'rebuilt the pages of 1 day\n', result.stdout)
            self.assertEqual({name: self.read(os.path.join(day, 'stories', name)) for name in os.listdir(os.path.join(day, 'stories'))}, stories)

    def test_a_run_does_not_wait_for_a_pipe_in_the_place_of_a_file(self):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        self.write('inbox/a.txt', NEWS)
        self.assertEqual(workspace.call('run').returncode, 0)
        whole = workspace.records()
        latest = os.path.realpath(os.path.join(workspace.out, 'latest'))
        for path in (os.path.join(workspace.out, 'index.html'), os.path.join(workspace.out, 'feed.xml'), os.path.join(latest, 'index.html'),
                     os.path.join(latest, 'articles', list(whole)[0])):
            with self.subTest(path=path):
                os.unlink(path)
                os.mkfifo(path)
                self.write('inbox/a.txt', NEWS + ' ' + os.path.basename(path))
                result = workspace.call('run', timeout=60)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertTrue(os.path.isfile(path))
                self.assertEqual(workspace.call('verify', timeout=60).returncode, 0)


class State(Files):
    """Every command that opens a state that cannot be used says the same and changes nothing."""
    COMMANDS = (['run'], ['run', '--dry-run'], ['status'], ['explain', '0' * 32], ['retry'], ['verify'], ['verify', '--repair'], ['digest'],
                ['export', 'tmx'], ['import', 'in.tmx'], ['accept', '0' * 32, '1'])

    def filled(self, count=3):
        workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
        self.workspace_of_test = workspace
        for n in range(count):
            self.write('inbox/%d.txt' % n, NEWS.replace('biblioteca', 'escuela número %d' % n))
        self.write('in.tmx', '<tmx version="1.4"><header srclang="es"/><body/></tmx>')
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual(len(workspace.records()), count)
        self.state = os.path.join(workspace.out, 'state.db')
        self.sent.clear()
        return workspace

    def assert_refused(self, workspace, code, *words, commands=COMMANDS, call=None):
        before = self.bytes_of_state()
        for command in commands:
            command = [self.path(word) if word == 'in.tmx' else word for word in command]
            with self.subTest(command=command):
                result = (call or workspace.call)(*command)
                told = result.stderr.decode()
                self.assertEqual(result.returncode, code, told)
                for word in words:
                    self.assertIn(word, told)
                self.assertIn(self.state, told)
        self.assertEqual(self.sent, [])
        self.assertEqual(self.bytes_of_state(), before)

    def bytes_of_state(self):
        if not os.path.isfile(self.state):
            return None
        with open(self.state, 'rb') as f:
            return f.read()

    def replace_state(self, content):
        for name in os.listdir(os.path.dirname(self.state)):
            if name.startswith('state.db'):
                os.unlink(os.path.join(os.path.dirname(self.state), name))
        with open(self.state, 'wb') as f:
            f.write(content)

    def test_an_empty_state_is_not_a_new_one(self):
        workspace = self.filled()
        self.replace_state(b'')
        self.assert_refused(workspace, 74, 'is an empty file', 'backup', 'verify --repair')
        self.replace_state(b'')
        with sqlite3.connect(self.state) as database:
            database.executescript('PRAGMA user_version = 0; VACUUM;')
        database.close()
        self.assert_refused(workspace, 74, 'is an empty', 'backup', commands=(['run'], ['status']))

    def test_another_file_is_not_a_state(self):
        workspace = self.filled()
        self.replace_state(b'these are notes of mine, which nobody shall overwrite\n' * 9)
        self.assert_refused(workspace, 74, 'is another kind of file', 'backup')
        for version in 0, 3, 10, 99:
            self.replace_state(b'')
            with sqlite3.connect(self.state) as database:
                database.executescript('CREATE TABLE bookmark (id INTEGER); PRAGMA user_version = %d;' % version)
            database.close()
            self.assert_refused(workspace, 78, 'another program', 'run.state', commands=self.COMMANDS if version == 3 else (['run'], ['status']))
        self.replace_state(b'')
        os.unlink(self.state)
        os.mkdir(self.state)
        self.assert_refused(workspace, 78, 'is a folder', 'run.state')

    def test_a_damaged_state_is_told_by_every_command(self):
        workspace = self.filled(40)
        with open(self.state, 'rb') as f:
            whole = f.read()
        self.replace_state(whole[:len(whole) // 2])
        self.assert_refused(workspace, 74, 'is damaged', 'backup')
        for page in 1, len(whole) // 8192:
            self.replace_state(whole[:page * 4096] + bytes(4096) + whole[page * 4096 + 4096:])
            self.assert_refused(workspace, 74, 'is damaged', 'backup', commands=(['run'], ['status'], ['digest'], ['verify']))
        self.replace_state(b'\0' * 64 + whole[64:])
        self.assert_refused(workspace, 74, 'its beginning is damaged', commands=(['run'], ['status']))

    def test_a_newer_state_is_left_alone(self):
        workspace = self.filled()
        with sqlite3.connect(self.state) as database:
            database.execute('PRAGMA user_version = 999')
        database.close()
        self.assert_refused(workspace, 78, 'newer version of dragoman')

    def test_a_state_that_cannot_be_written(self):
        workspace = self.filled()

        def call(*words):
            command, options = workspace.command(*words, capture_output=True, timeout=60)
            other = dict(user=65534, group=65534, extra_groups=[]) if os.geteuid() == 0 else {}
            return subprocess.run(command, **other, **options)

        if os.geteuid() == 0:
            for folder, _, names in os.walk(self.folder):
                os.chown(folder, 65534, 65534)
                for name in names:
                    os.chown(os.path.join(folder, name), 65534, 65534)
        if call('--version').returncode:
            self.skipTest('another user cannot run the program')
        os.chmod(self.state, 0o400)
        reading = (['status'], ['explain', '0' * 32], ['export', 'tmx'])
        self.assert_refused(workspace, 77, 'cannot write the state', 'write permission', call=call,
                            commands=[command for command in self.COMMANDS if command not in reading])
        for command, code in zip(reading, (0, 65, 0)):
            self.assertEqual(call(*command).returncode, code, command)
        os.chmod(self.state, 0o600)
        os.chmod(workspace.out, 0o500)
        self.assert_refused(workspace, 77, 'cannot write the state', 'write permission', call=call, commands=(['run'], ['verify']))
        self.assertEqual(call('status').returncode, 0)
        os.chmod(workspace.out, 0o700)
        self.assertEqual(call('run').returncode, 0)

    def test_a_locked_state(self):
        workspace = self.filled()
        lock = 'import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute("BEGIN EXCLUSIVE"); print(flush=True); input()'
        # another process, because a lock ends when any descriptor of its owner for that file is closed
        with subprocess.Popen([sys.executable, '-c', lock, self.state], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            other.stdout.readline()
            self.assert_refused(workspace, 75, 'locked', commands=(['run'], ['retry'], ['verify', '--repair']))
            other.communicate(b'\n')

    def test_a_lost_state_is_made_again_from_the_records(self):
        workspace = self.filled()
        records = workspace.records()
        for name in os.listdir(workspace.out):
            if name.startswith('state.db'):
                os.unlink(os.path.join(workspace.out, name))
        commands = [command for command in self.COMMANDS if command not in (['verify', '--repair'], ['run', '--dry-run'], ['digest'])]
        for command in [['run', '--dry-run'], *commands, ['run', '--dry-run'], ['digest']]:
            command = [self.path(word) if word == 'in.tmx' else word for word in command]
            with self.subTest(command=command):
                result = workspace.call(*command)
                self.assertEqual(result.returncode, 74, result.stderr)
                self.assertIn(b'it was lost or moved', result.stderr)
        self.assertEqual(self.sent, [])
        result = workspace.call('verify', '--repair')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(b'made a new state from 3 records', result.stdout)
        for lost in b'caps count from zero', b'the translation memory', b'waiting or had failed':
            self.assertIn(lost, result.stdout)
        self.assertEqual(workspace.call('verify').returncode, 0)
        result = workspace.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.sent, [])
        self.assertEqual(workspace.records(), records)
        self.assertEqual(workspace.status()['done'], 3)

    def test_a_log_without_its_database_is_not_mixed_with_a_new_one(self):
        workspace = self.filled()
        os.rename(self.state, self.path('kept'))
        with open(self.state + '-wal', 'wb') as f:
            f.write(b'x' * 4128)
        self.assert_refused(workspace, 74, 'is missing, but its log', commands=(['run'], ['status'], ['verify', '--repair']))

    def test_only_its_owner_can_read_a_new_state(self):
        workspace = self.filled()
        process = workspace.start('run')
        process.wait()
        self.assertEqual(os.stat(self.state).st_mode & 0o777, 0o600)

    def test_a_planted_link_is_not_followed(self):
        for name in 'state.db', 'state.db.lock', 'state.db-wal', 'state.db.marks':
            with self.subTest(name=name):
                workspace = self.workspace('[source "inbox"]\nkind = files\npath = inbox\n')
                self.write('inbox/a.txt', NEWS)
                self.write('victim', 'KEEP')
                os.makedirs(workspace.out)
                self.state = os.path.join(workspace.out, 'state.db')
                os.symlink(self.path('victim'), os.path.join(workspace.out, name))
                self.assertNotEqual(workspace.call('run').returncode, 0)
                with open(self.path('victim'), encoding='utf8') as f:
                    self.assertEqual(f.read(), 'KEEP')


if __name__ == '__main__':
    unittest.main()
