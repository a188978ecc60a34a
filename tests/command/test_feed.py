"""The feeds of the digest: valid, stable, and complete."""
import datetime
import glob
import os
import re
import shutil
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from editions import Case, DOUBTFUL, DOUBTFUL_TOO, SOUND, URL, WAITING, item      # noqa: E402
from program import Workspace                                            # noqa: E402

ATOM = '{http://www.w3.org/2005/Atom}'
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$')


class Feed(Case):
    def entries(self, folder=''):
        return ElementTree.fromstring(self.page('feed.xml', folder)).findall(ATOM + 'entry')

    def blocks(self, folder=''):
        """Returns the bytes of each entry, by its id."""
        return {re.search('<id>(.*?)</id>', block)[1]: block for block in re.findall('<entry>.*?</entry>', self.page('feed.xml', folder), re.S)}

    def assert_valid(self, text):
        """Checks what RFC 4287 demands of a feed."""
        root = ElementTree.fromstring(text)
        for place in [root, *root.findall(ATOM + 'entry')]:
            for name in 'id', 'title', 'updated':
                self.assertEqual(len(place.findall(ATOM + name)), 1, name)
            for name in 'updated', 'published':
                for found in place.findall(ATOM + name):
                    self.assertRegex(found.text, TIME)
            self.assertRegex(place.find(ATOM + 'id').text, r'^tag:[a-z0-9.-]+,2026:[A-Za-z0-9/._-]+$')
            for link in place.findall(ATOM + 'link'):
                self.assertRegex(link.get('href'), r'^https?://[!-~\u0080-\U0010FFFF]+$')
                self.assertFalse(set('<>"{}|\\^`') & set(link.get('href')))
                self.assertNotEqual(link.get('hreflang'), '')
            for category in place.findall(ATOM + 'category'):
                self.assertTrue(category.get('term'))
            self.assertLessEqual(len(place.findall(ATOM + 'content')), 1)
        for entry in root.findall(ATOM + 'entry'):
            self.assertTrue(entry.find(ATOM + 'author/' + ATOM + 'name').text)
            links = [link for link in entry.findall(ATOM + 'link') if link.get('rel') == 'alternate']
            self.assertTrue(links or entry.find(ATOM + 'content') is not None)
            self.assertLessEqual(len(links), 1)
        ids = [entry.find(ATOM + 'id').text for entry in root.findall(ATOM + 'entry')]
        self.assertEqual(len(set(ids)), len(ids))
        newest = [entry.find(ATOM + 'updated').text for entry in root.findall(ATOM + 'entry')]
        self.assertEqual(newest, sorted(newest, reverse=True))
        return root

    def test_every_feed_is_valid_with_any_text(self):
        hostile = 'A </title><script>alert(1)</script> ]]> & "q" \u2028 \u202e tail \ufffe \uffff \x01 &lt;b&gt;'
        for more in '', '[digest]\nurl = %s/\n' % URL, '[digest]\nfeed = summaries\n', '[digest]\nurl = http://[::1]:80/x\n':
            self.workspace_with([item('a', (hostile, hostile), [(hostile, hostile)], url='https://x.example/a b"<>{}|`%zz?q=1&r=é'),
                                 item('b', ('3 : 1',), [('42 % 17.30',)], ''),
                                 item('c', ('',), [SOUND], section='<i>', published='2026-01-29T10:00:00+03:00')], more, 3)
            for folder in '', self.day:
                root = self.assert_valid(self.page('feed.xml', folder))
                self.assertEqual(len(root.findall(ATOM + 'entry')), 3)
                for entry in root.findall(ATOM + 'entry'):
                    content = entry.findtext(ATOM + 'content') or ''
                    self.assertNotIn('<script', content)

    def test_it_names_its_own_address_and_that_of_the_pages(self):
        self.workspace_with([item('a', SOUND, [SOUND])], '[digest]\nurl = %s/\n' % URL)
        for folder, start in ('', URL + '/'), (self.day, '%s/%s/' % (URL, self.day)):
            root = self.assert_valid(self.page('feed.xml', folder))
            links = {link.get('rel'): link.get('href') for link in root.findall(ATOM + 'link')}
            self.assertEqual(links, {'self': start + 'feed.xml', 'alternate': start + 'index.html'})
            self.assertIn('<a href="feed.xml">Feed</a>', self.page('index.html', folder))
            entry = root.find(ATOM + 'entry')
            self.assertTrue(entry.find(ATOM + 'id').text.startswith('tag:news.example,2026:'))
            links = {link.get('rel'): link.get('href') for link in entry.findall(ATOM + 'link')}
            self.assertEqual(links['alternate'], 'https://diario.example/a')
            page, _, anchor = links['related'].removeprefix(URL + '/').partition('#')
            self.assertIn('id="%s"' % anchor, self.page(page, ''))
            self.assertIn('href="%s"' % links['related'], entry.find(ATOM + 'content').text)

    def test_an_entry_shows_both_headlines_and_every_doubt(self):
        self.workspace_with([item('a', DOUBTFUL, [DOUBTFUL_TOO]), item('b', ('مطر غزير على المدينة', 'Heavy rain over the city'), [SOUND], 'ar')])
        first, second = sorted(self.entries(), key=lambda e: e.findtext(ATOM + 'title'))[::-1]
        content = first.findtext(ATOM + 'content')
        self.assertIn('<h2><mark class="doubt">%s</mark></h2>' % DOUBTFUL[1], content)
        self.assertIn('Check the headline:</b> ', content)
        self.assertIn('<p lang="es">%s</p>' % DOUBTFUL[0], content)
        self.assertRegex(content, '<mark class="doubt">%s</mark> <b>.to check: ' % DOUBTFUL_TOO[1])
        self.assertIn('<a href="https://diario.example/a">Original</a>', content)
        self.assertIn('<p lang="ar" dir="rtl">مطر غزير على المدينة</p>', second.findtext(ATOM + 'content'))
        self.assertRegex(first.findtext(ATOM + 'summary'), r'in August.* \[to check: ')

    def test_what_waits_and_what_failed_are_entries(self):
        self.with_troubles()
        for folder in '', self.day:
            self.assert_valid(self.page('feed.xml', folder))
            found = {entry.findtext(ATOM + 'title').partition(':')[0]: entry for entry in self.entries(folder)}
            waiting, failed = found['Waiting'], found['Failed']
            self.assertIn('<p lang="ar" dir="rtl">%s</p>' % WAITING[0], waiting.findtext(ATOM + 'content'))
            self.assertIn('waiting for service down since', waiting.findtext(ATOM + 'content'))
            self.assertEqual(waiting.find(ATOM + 'link').get('href'), 'https://diario.example/waiting')
            self.assertIn('failed on', failed.findtext(ATOM + 'content'))
        before = self.page('feed.xml', '')
        self.call('run', code=69)
        self.assertEqual(self.page('feed.xml', ''), before)

    def test_summaries_only(self):
        self.workspace_with([item('a', SOUND, [DOUBTFUL])], '[digest]\nfeed = summaries\n')
        entry, = self.entries()
        self.assertIsNone(entry.find(ATOM + 'content'))
        self.assertIn('[to check: ', entry.findtext(ATOM + 'summary'))

    def test_nothing_changes_until_an_article_does(self):
        items = [item('a', DOUBTFUL, [DOUBTFUL, SOUND]), item('b', SOUND, [SOUND])]
        self.workspace_with(items)
        before, stat = self.blocks(), os.stat(os.path.join(self.workspace.out, 'feed.xml'))
        self.run_over(items)
        self.assertEqual(os.stat(os.path.join(self.workspace.out, 'feed.xml')).st_ino, stat.st_ino)
        shutil.rmtree(self.workspace.out + '/' + self.day)
        os.remove(self.workspace.out + '/feed.xml')
        self.run_over(items)
        self.assertEqual(self.blocks(), before)
        time.sleep(1.1)
        third = item('c', SOUND, [SOUND])
        self.run_over(items + [third])
        after = self.blocks()
        self.assertEqual({id: after[id] for id in before}, before)
        self.assertEqual(len(after), 3)
        name = next(name[:-5] for name, record in self.workspace.records().items() if record['title']['source'] == DOUBTFUL[0])
        self.call('accept', name, '0')
        again = self.blocks()
        changed, = [id for id in after if after[id] != again[id]]
        self.assertEqual(changed, 'tag:dragoman.invalid,2026:article/' + name)
        old, new = (re.search('<updated>(.*?)<', text)[1] for text in (after[changed], again[changed]))
        self.assertLess(old, new)
        self.assertEqual(*(re.search('<published>(.*?)<', text)[1] for text in (after[changed], again[changed])))

    def test_a_changed_text_is_an_update(self):
        first = item('a', SOUND, [SOUND], evidence={'version': '1'})
        self.workspace_with([first, item('b', DOUBTFUL, [SOUND])])
        before = self.blocks()
        time.sleep(1.1)
        self.run_over([item('a', ('Otro título', 'Another title'), [SOUND], evidence={'version': '2'}), item('b', DOUBTFUL, [SOUND])])
        after = self.blocks()
        self.assertEqual(set(before), set(after))
        changed, = [id for id in before if before[id] != after[id]]
        self.assertIn('Another title', after[changed])
        old, new = (re.search('<updated>(.*?)<', blocks[changed])[1] for blocks in (before, after))
        self.assertLess(old, new)

    def test_published_is_the_articles_own_date_if_that_is_a_moment(self):
        for published, wanted in (('2026-01-29T10:30:00+03:00', '2026-01-29T07:30:00Z'), ('2026-01-29', None), ('2026-01-29T10:30:00', None),
                                  ('2036-01-29T10:30:00Z', None), ('2026-02-30T10:30:00Z', None), (None, None)):
            self.workspace_with([item('a', SOUND, [SOUND], **({'published': published} if published else {}))])
            entry, = self.entries()
            self.assertEqual(entry.findtext(ATOM + 'published'), wanted or '2026-01-29T09:00:00Z', published)

    def test_stories_and_languages_are_categories(self):
        told = ['El ferry de Marina chocó contra el muelle en Santa Pola', 'The Marina ferry hit the quay in Santa Pola'], [
            'Un ferry llamado Marina choca contra el muelle de Santa Pola', 'A ferry called Marina hits the quay of Santa Pola']
        self.workspace_with([item(str(i), title, [title]) for i, title in enumerate(told)])
        for entry in self.entries():
            found = {c.get('scheme').rpartition(':')[2]: c for c in entry.findall(ATOM + 'category')}
            self.assertEqual((found['language'].get('term'), found['language'].get('label')), ('es', 'Spanish'))
            self.assertTrue(glob.glob('%s/%s/stories/%s.html' % (self.workspace.out, self.day, found['story'].get('term'))))
            self.assertIn('erry', found['story'].get('label'))

    def test_it_has_the_newest_entries_of_the_last_days(self):
        items = [item(str(i), ('Título %d' % i, 'Title %d' % i), [SOUND]) for i in range(6)]
        self.workspace_with(items, '[digest]\nfeed_entries = 5\n')
        self.assertEqual((len(self.entries()), len(self.entries(self.day))), (5, 6))
        day = self.day
        old = (datetime.date.fromisoformat(day) - datetime.timedelta(1)).isoformat()
        for count, broken in (2, False), (2, True):
            shutil.copytree(os.path.join(self.workspace.out, day), os.path.join(self.workspace.out, old), dirs_exist_ok=True)
            path = os.path.join(self.workspace.out, old, 'feed.xml')
            text = self.page('feed.xml', day)
            with open(path, 'w', encoding='utf8') as f:
                f.write(text.replace('article/', 'article/x').replace('<updated>20', '<updated>19') + ('<entry>\n<id>tag:a:b</id><updated>1999-01-01T00:00:00Z</updated><b>\n</entry>\n' * broken))
            self.workspace.call('--set', 'digest.feed_entries=8', 'run')
            found = [e.findtext(ATOM + 'id').rpartition('/')[2][0] == 'x' for e in self.entries()]
            self.assertEqual(found, [False] * 6 + [True] * count)
            self.assert_valid(self.page('feed.xml', ''))

    def test_wrong_settings_are_refused(self):
        for wrong in 'url = news.example', 'url = ftp://news.example/', 'url = https://news.example/?a', 'feed = all', 'feed_entries = 0':
            self.workspace = Workspace('[digest]\n%s\n' % wrong)
            self.addCleanup(self.workspace.close)
            self.call('check-config', code=78)

if __name__ == '__main__':
    unittest.main()
