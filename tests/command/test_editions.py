"""The digest's formats for other programs: feeds, JSON, CSV and Markdown, read by programs that are not ours."""
import copy
import csv
import datetime
import glob
import html
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace                                            # noqa: E402

ATOM = '{http://www.w3.org/2005/Atom}'
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$')
URL = 'https://News.Example:8443/digest'
DOUBTFUL = 'El puerto recibe 17 barcos cada semana desde el verano.', 'The harbour receives 71 ships each week since the summer.'
DOUBTFUL_TOO = 'La feria del libro abre en marzo con 300 editores.', 'The book fair opens in August with 300 publishers.'
SOUND = 'Los vecinos piden un tren nuevo para la ciudad.', 'The residents ask for a new train for the city.'
WAITING = 'الميناء القديم يفتح أبوابه في الربيع', 'يقول سكان المدينة إن الميناء القديم سيفتح أبوابه من جديد في فصل الربيع المقبل.'


def item(name, title, sentences, language='es', **more):
    """Returns an article that is translated already; a sentence without English is not."""
    def segment(pair):
        return dict({'source': pair[0]}, **({'target': pair[1], 'status': 'ok'} if len(pair) > 1 else {}))
    return dict({'id': name, 'url': 'https://diario.example/' + name, 'collected': '2026-01-29T09:00:00Z', 'language': {'code': language},
                 'title': segment(title), 'body': [{'kind': 'paragraph', 'text': pair[0], 'segments': [segment(pair)]} for pair in sentences]}, **more)


SERVICE = '[service "down"]\nkind = libretranslate\nattempts = 1\nurl = http://127.0.0.1:9\n[route "default"]\nservices = down\n'
EMPTY = '<html lang="es"><head><title>Página vacía</title></head><body></body></html>'


class Case(unittest.TestCase):
    def workspace_with(self, items, more='', code=0):
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n' + more)
        self.addCleanup(self.workspace.close)
        self.run_over(items, code)

    def run_over(self, items, code=0):
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(json.dumps(one, ensure_ascii=False) + '\n' for one in items)
        self.call('run', code=code)

    def call(self, *words, code=0):
        result = self.workspace.call(*words)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout.decode()

    @property
    def day(self):
        return max(name for name in os.listdir(self.workspace.out) if re.fullmatch(r'\d{4}-\d\d-\d\d', name))

    def page(self, name, folder=None):
        with open(os.path.join(self.workspace.out, self.day if folder is None else folder, name), encoding='utf8', newline='') as f:
            return f.read()

    def with_troubles(self, more=''):
        """Runs over an article that is doubtful, one that waits and one that failed."""
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[source "files"]\nkind = files\npath = empty.html\n' +
                                   SERVICE + more)
        self.addCleanup(self.workspace.close)
        with open(os.path.join(self.workspace.folder, 'empty.html'), 'w', encoding='utf8') as f:
            f.write(EMPTY)
        self.run_over([item('doubtful', SOUND, [DOUBTFUL, SOUND]), item('waiting', WAITING[:1], [WAITING[1:]], 'ar')], code=3)


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


def parts(schema):
    """Yields a schema and all schemas in it."""
    yield schema
    inner = [*schema.get('properties', {}).values(), *schema.get('$defs', {}).values(), *([schema['items']] if 'items' in schema else [])]
    for part in inner:
        yield from parts(part)


class Json(Case):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(os.environ['DRAGOMAN_SOURCE'], 'config', 'digest.schema.json'), encoding='utf8') as f:
            cls.schema = json.load(f)
        try:
            import jsonschema
        except ImportError:
            raise unittest.SkipTest('python3-jsonschema is not installed')
        jsonschema.Draft202012Validator.check_schema(cls.schema)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def digest(self):
        digest = json.loads(self.page('digest.json'))
        self.assertEqual([(list(e.absolute_path), e.message) for e in self.validator.iter_errors(digest)], [])
        self.assertEqual(sorted(a['id'] for a in digest['articles']), sorted(n[:-5] for n in self.workspace.records()))
        return digest

    def test_the_schema_allows_nothing_else_and_explains_everything(self):
        for part in parts(self.schema):
            if part.get('type') == 'object':
                self.assertNotEqual(part.get('additionalProperties', True), True, part)
            self.assertEqual([n for n, m in part.get('properties', {}).items() if 'description' not in m and '$ref' not in m], [])
        self.workspace = Workspace('')
        self.addCleanup(self.workspace.close)
        self.assertEqual(json.loads(self.call('reference', 'digest-schema')), self.schema)

    def test_a_wrong_member_is_noticed(self):
        self.workspace_with([item('a', SOUND, [DOUBTFUL])])
        digest = self.digest()
        for change in (lambda d: d.update(extra=1), lambda d: d['stories'][0].update(weight='4'), lambda d: d['articles'][0].pop('dated'),
                       lambda d: d['articles'][0]['flagged'][0].update(status='ok')):
            wrong = copy.deepcopy(digest)
            change(wrong)
            self.assertTrue(list(self.validator.iter_errors(wrong)))

    def test_what_analysts_need(self):
        ferry = ('El ferry de Marina chocó contra el muelle en Santa Pola', 'The Marina ferry hit the quay in Santa Pola')
        hurt = [[('Al menos %d pasajeros resultaron heridos en el ferry.' % n, 'At least %d passengers were hurt on the ferry.' % n), ferry] for n in (12, 15)]
        items = [item('1', ferry, hurt[0], site='Diario', published='2026-01-29T08:00:00+01:00', collected='2026-01-29T09:00:00Z'),
                 item('2', ferry, hurt[1], site='Costa', published='2026-01-29', collected='2026-01-29T11:00:00Z'),
                 item('3', ('مطر غزير على المدينة', 'Heavy rain over the city'), [SOUND], 'ar', published='2036-01-01', section='Tiempo')]
        self.workspace_with(items, '[watch "ferries"]\nterms = ferr*\n')
        digest = self.digest()
        story = next(s for s in digest['stories'] if len(s['articles']) == 2)
        self.assertEqual((story['outlets'], story['languages'], story['watches'], story['first'][:10]), (2, ['es'], ['ferries'], '2026-01-29'))
        self.assertEqual([(f['counts'], [(v['value'], v['publishers']) for v in f['values']]) for f in story['figures']],
                         [('passenger', [(12, ['Diario']), (15, ['Costa'])])])
        rain, = [a for a in digest['articles'] if a['story'] != story['id']]
        self.assertEqual((rain['dir'], rain['title_source'], rain['dated'], rain['lead'], rain['section']),
                         ('rtl', items[2]['title']['source'], 'impossible', True, 'Tiempo'))
        self.assertNotIn('when', rain)
        self.assertEqual({a['dated'] for a in digest['articles'] if a['story'] == story['id']}, {'time', 'date'})
        for article in digest['articles']:
            self.assertTrue(os.path.exists(os.path.join(self.workspace.out, article['record'])))
            page, _, anchor = article['page'].partition('#')
            self.assertIn('id="%s"' % anchor, self.page(page, ''))
        self.assertEqual((digest['counts']['articles'], digest['counts']['stories']), (3, 2))
        self.assertEqual([(one['code'], one['name'], one['articles']) for one in digest['languages']], [('es', 'Spanish', 2), ('ar', 'Arabic', 1)])

    def test_what_is_missing_has_its_own_headline(self):
        self.with_troubles()
        digest = self.digest()
        waiting, = digest['run']['waiting']
        self.assertEqual((waiting['title'], waiting['language'], waiting['dir'], waiting['address']),
                         (WAITING[0], 'ar', 'rtl', 'https://diario.example/waiting'))
        self.assertEqual(len(digest['run']['failed']), 1)
        doubtful, = digest['articles']
        self.assertEqual([f['source'] for f in doubtful['flagged']], [DOUBTFUL[0]])
        self.assertEqual((doubtful['suspect'], digest['counts']['stories_to_check']), (1, 1))

    def test_real_articles_fit_the_schema(self):
        self.workspace = Workspace('[source "files"]\nkind = files\npath = %s\n' % os.path.join(os.environ['DRAGOMAN_SOURCE'], 'samples', 'articles'))
        self.addCleanup(self.workspace.close)
        self.call('run')
        self.assertGreater(len(self.digest()['articles']), 10)


class Table(Case):
    def rows(self):
        text = self.page('digest.csv')
        self.assertTrue(text.endswith('\r\n'))
        rows = list(csv.reader(io.StringIO(text, newline=''), strict=True))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        return [dict(zip(rows[0], row)) for row in rows[1:]]

    def test_it_says_what_the_json_says(self):
        self.workspace_with([item('1', DOUBTFUL, [DOUBTFUL_TOO, SOUND], section='"Mar", y\n más', published='2026-01-29T08:00:00+01:00', site='Diario; "uno"'),
                             item('2', SOUND, [SOUND], published='2026-01-28'), item('3', DOUBTFUL_TOO, [SOUND])], '[watch "ships"]\n')
        digest = json.loads(self.page('digest.json'))
        rows = {row['id']: row for row in self.rows()}
        self.assertEqual(list(rows), [article['id'] for article in digest['articles']])
        for article in digest['articles']:
            row = rows[article['id']]
            for name in ('story', 'status', 'title', 'title_doubt', 'title_source', 'language', 'publisher', 'source', 'section', 'country', 'published', 'dated',
                         'when', 'collected', 'url', 'record', 'page'):
                self.assertEqual(row[name], article.get(name, ''), name)
            for name in 'suspect', 'failed':
                self.assertEqual(int(row[name]), article[name])
            for name in 'lead', 'new', 'new_in_last_run':
                self.assertEqual(row[name], 'yes' if article[name] else 'no')
            self.assertEqual(row['watches'], ', '.join(article.get('watches', [])))
            self.assertEqual(row['day'], digest['day'])
            self.assertEqual(row['summary'], ' '.join(s['text'] + (' [to check: %s]' % s['doubt'] if 'doubt' in s else '') for s in article['summary']))
            self.assertEqual(row['doubts'], ' | '.join('%d: %s' % (f['id'], '; '.join(m['message'] for m in f['findings'])) for f in article['flagged']))
        self.assertIn('71', next(row['doubts'] for row in rows.values() if row['title'] == DOUBTFUL[1]))

    def test_no_cell_is_a_formula(self):
        signs = '=', '+', '-', '@', '＝', '＋', '－', '＠', ' =', '\u200b+', '\u3000@', '\t='
        items = [item(str(i), ('%sSUM(A%d:A9) título' % (sign, i), '%sHYPERLINK("http://x.example";"y%d")' % (sign, i)), [SOUND], site='%sx' % sign)
                 for i, sign in enumerate(signs)]
        self.workspace_with([*items, item('x', ('a=b', 'plain - text'), [SOUND])])
        rows = self.rows()
        self.assertEqual(len(rows), len(signs) + 1)
        for row in rows:
            for name, cell in row.items():
                self.assertNotRegex(cell, r'^[\s\u200b]*[=+@＝＋－＠-]', name)
        self.assertEqual(sum(row['title'][0] == "'" for row in rows), len(signs))
        self.assertIn('plain - text', [row['title'] for row in rows])

    def test_what_is_missing_has_rows(self):
        self.with_troubles()
        rows = {row['status']: row for row in self.rows()}
        self.assertEqual(set(rows), {'complete', 'waiting', 'failed'})
        self.assertEqual([rows['waiting'][n] for n in ('title_source', 'language', 'url')], [WAITING[0], 'ar', 'https://diario.example/waiting'])
        self.assertIn('waiting for service down since', rows['waiting']['reason'])
        self.assertIn('empty.html', rows['failed']['url'])
        self.assertIn('71', rows['complete']['doubts'])

    def test_a_lost_table_is_made_again(self):
        self.workspace_with([item('1', SOUND, [SOUND])])
        before = self.page('digest.csv')
        os.remove(os.path.join(self.workspace.out, self.day, 'digest.csv'))
        self.call('run')
        self.assertEqual(self.page('digest.csv'), before)


class Rendered(html.parser.HTMLParser):
    """What a reader of Markdown sees: the elements, the addresses of links, and the text of each block."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.blocks = set(), [], ['']
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [dict(attributes).get('href')] if tag == 'a' else []
        self.blocks += [''] if tag in ('h1', 'h2', 'h3', 'p', 'li') else []

    def handle_data(self, data):
        self.blocks[-1] += data


# No two of them are told in the same words, so that each is a story of its own.
HOSTILE = ['[click](https://evil.example/a) one', '![img](https://evil.example/b.png) two', '# heading three', '####### four #', '<script>alert(5)</script>',
           '<img src=x onerror=alert(6)>', '`code` ``seven``', '```', '~~~ eight', '1. nine', '10) ten', '- eleven', '+ twelve', '* thirteen', '=====', '-----', '***',
           '> fourteen', 'https://evil.example/fifteen', 'see http://evil.example/x and HTTPS://EVIL.example', 'www.evil.example sixteen', 'WWW.evil.example seventeen',
           'mail evil@evil.example eighteen', 'mailto:evil@evil.example', 'xmpp:evil@evil.example/x', '<https://evil.example>', '<evil@evil.example>', '| a | b |', '&lt;b&gt; nineteen',
           '&#60;i&#62; twenty', '&copy;', 'line\nfeed # x', 'carriage\r# return', 'unit\u2028# separator', 'next\u0085- line', 'para\u2029> graph', 'a\n---', 'b\n===',
           'rtl \u202egnirts\u202c', 'isolate \u2067x\u2069', 'zero\u200bwidth', 'ht\u200btps://evil.example/z', 'w\u2060ww.evil.example', '\u200b# hidden heading', '\u3000- wide space',
           '    indented code', '\ttab code', 'hard break  ', 'ends with backslash\\', '[ref]: https://evil.example', '[^1]: note', '- [ ] task', '_under_ *star* **bold**',
           '~~gone~~ $math$', '*a*b_c_', ': definition', '!', '"quoted" (text)', '{{template}}', '<!-- comment', '<![CDATA[x', '<?php', '</p></div>', 'ftp://evil.example/f', '3.5 % of 4:30',
           'می‌خواهم', '1\u2024 x', '\\[x](https://evil.example)', '\\\\# y', 'a|b\n-|-\n', 'émail: x@y.example']


def shown(text):
    """What is left of a text: without what is not displayed, on one line."""
    kept = ''.join(c for c in re.sub('[\\s\x85\u2028\u2029]', lambda m: m[0] if m[0] == '\u3000' else ' ', text)
                   if c in '\u200c\u200d' or not re.match('[\\x00-\\x1f\\x7f-\\x9f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]', c))
    return re.sub(' +', ' ', kept).strip(' \u3000')


class Markdown(Case):
    def render(self, text):
        if not shutil.which('cmark-gfm'):
            self.skipTest('cmark-gfm is not installed')
        command = ['cmark-gfm', '--unsafe', *(w for e in ('table', 'strikethrough', 'autolink', 'tasklist', 'footnotes') for w in ('-e', e))]
        return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout.decode()

    def test_hostile_text_stays_text(self):
        for place in 'title', 'site', 'summary':
            items = []
            for i, text in enumerate(HOSTILE):
                sentence = ('Frase %d de la oficina.' % i, text) if place == 'summary' else SOUND
                items.append(item(str(i), (text, text) if place == 'title' else SOUND, [sentence], url='https://diario.example/%d' % i,
                                  **({'site': text} if place == 'site' else {})))
            self.workspace_with(items, '[dedupe]\ndays = 0\n')
            rendered = Rendered(self.render(self.page('digest.md')))
            self.assertLessEqual(rendered.tags, {'h1', 'h2', 'h3', 'p', 'ul', 'li', 'strong', 'em', 'blockquote', 'hr', 'a'}, place)
            self.assertEqual({link for link in rendered.links if not re.fullmatch(r'https://diario\.example/\d+', link)}, set(), place)
            self.assertEqual(len(rendered.links), len(HOSTILE))
            if place == 'title':
                headings = {block.strip() for block in rendered.blocks}
                self.assertEqual([text for text in HOSTILE if shown(text) and shown(text) not in headings], [])
            if place == 'site':
                self.assertEqual([text for text in HOSTILE if shown(text) and not any(b.startswith(shown(text) + ', Spanish') for b in rendered.blocks)], [])

    def test_a_link_leads_to_the_original_whatever_its_address_holds(self):
        for address, wanted in (('https://x.example/?a=1&copy=2&copy;=3', None), ('https://x.example/a b>c<d"e', 'https://x.example/a%20b%3Ec%3Cd%22e'),
                                ('https://x.example/*a*_b_[c](d)', None), ('https://x.example/\u202e\u200bx', 'https://x.example/%E2%80%AE%E2%80%8Bx')):
            self.workspace_with([item('1', SOUND, [SOUND], url=address)])
            rendered = Rendered(self.render(self.page('digest.md')))
            wanted = (wanted or address).replace('[', '%5B').replace(']', '%5D')
            self.assertEqual([link.replace('[', '%5B').replace(']', '%5D') for link in rendered.links], [wanted])
            self.assertEqual(rendered.tags & {'script', 'em'}, set())

    def test_what_is_missing_is_listed_with_its_own_headline(self):
        self.with_troubles()
        rendered = Rendered(self.render(self.page('digest.md')))
        waiting, = [block for block in rendered.blocks if WAITING[0] in block]
        self.assertRegex(waiting, 'waiting for service down since .*https://diario.example/waiting')
        self.assertTrue(any('(files) failed on' in block for block in rendered.blocks))
        self.assertIn('https://diario.example/waiting', rendered.links)

    def test_a_date_that_cannot_be_true_is_marked(self):
        for published, wanted in ('2036-01-01', 'Spanish, dated 2036-01-01?, '), ('2026-01-28T10:00:00Z', 'Spanish, 2026-01-28, '), (None, 'Spanish, undated, '):
            self.workspace_with([item('1', SOUND, [SOUND], **({'published': published} if published else {}))])
            self.assertTrue(any(wanted in block for block in Rendered(self.render(self.page('digest.md'))).blocks), published)

    def test_a_headline_stands_in_both_languages(self):
        self.workspace_with([item('1', ('مطر غزير على المدينة', 'Heavy rain over the city'), [SOUND], 'ar')])
        rendered = Rendered(self.render(self.page('digest.md')))
        self.assertLess({'Heavy rain over the city', 'مطر غزير على المدينة'}, {block.strip() for block in rendered.blocks})


class Scripts(html.parser.HTMLParser):
    """The script elements of a page: their types and what they hold."""

    def __init__(self, text):
        super().__init__()
        self.found, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.inside = tag == 'script'
        self.found += [[dict(attributes), '']] if self.inside else []

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.found[-1][1] += data


class LinkedData(Case):
    def graph(self, path):
        found = Scripts(read_text(path)).found
        self.assertEqual([attributes for attributes, _ in found], [{'type': 'application/ld+json'}])
        data = json.loads(found[0][1])
        self.assertEqual(data['@context'], 'https://schema.org')
        return data['@graph']

    def stories(self):
        return glob.glob(os.path.join(self.workspace.out, self.day, 'stories', '*.html'))

    def test_each_article_of_a_story_is_described(self):
        ferry = ('El ferry de Marina chocó contra el muelle en Santa Pola', 'The Marina ferry hit the quay in Santa Pola')
        for more, start in ('', ''), ('[digest]\nurl = %s\n' % URL, URL + '/'):
            self.workspace_with([item('1', ferry, [SOUND], site='Diario', published='2026-01-29T08:00:00+01:00', authors=['Ana Río']),
                                 item('2', ferry, [ferry], site='Costa', published='2026-01-29')], more)
            page, = self.stories()
            graph = self.graph(page)
            self.assertEqual({g['publisher']['name'] for g in graph}, {'Diario', 'Costa'})
            for article in graph:
                self.assertEqual((article['@type'], article['headline'], article['inLanguage']), ('NewsArticle', ferry[1], 'en'))
                original = article['translationOfWork']
                self.assertEqual((original['headline'], original['inLanguage'], original['url']), (ferry[0], 'es', article['isBasedOn']))
                self.assertEqual(article['datePublished'], {'Diario': '2026-01-29T07:00:00Z', 'Costa': '2026-01-29'}[article['publisher']['name']])
                address, _, anchor = article['url'].partition('#')
                self.assertIn('id="%s"' % anchor, read_text(page))
                self.assertEqual(address, start and start + os.path.relpath(page, self.workspace.out))
                self.assertEqual(article['isPartOf']['name'], ferry[1])

    def test_a_doubt_and_a_missing_translation_are_told(self):
        self.workspace_with([item('1', DOUBTFUL, [SOUND])])
        page, = self.stories()
        self.assertRegex(self.graph(page)[0]['headline'], r'71 ships.* \[to check: ')

    def test_no_text_leaves_the_data(self):
        hostile = '</script><script>alert(1)</script> <!-- <script> ]]> \u2028 \u2029 &lt; " \\ \' </SCRIPT >'
        self.workspace_with([item('1', (hostile, hostile), [SOUND], site=hostile, authors=[hostile], url='https://x.example/</script><b>')])
        page, = self.stories()
        text = read_text(page)
        article, = self.graph(page)
        self.assertEqual(article['headline'].partition(' [to check')[0].split(), hostile.split())
        self.assertEqual(text.lower().count('<script'), 1)
        self.assertEqual(text.lower().count('</script'), 1)
        data = re.search('<script[^>]*>(.*?)</script>', text, re.S)[1]
        self.assertFalse(set(data) & set('<>&\u2028\u2029'))
        self.assertIn("default-src 'none'", text)


def read_text(path):
    with open(path, encoding='utf8', newline='') as f:
        return f.read()


class Troubles(Case):
    def test_what_waits_failed_or_is_doubtful_is_in_every_edition(self):
        self.with_troubles()
        reason = json.loads(self.page('digest.json'))['articles'][0]['flagged'][0]['findings'][0]['message']
        self.assertIn('71', reason)
        for folder, name in (self.day, 'index.html'), (self.day, 'digest.md'), (self.day, 'digest.json'), (self.day, 'digest.csv'), (self.day, 'feed.xml'), ('', 'feed.xml'):
            text = html.unescape(html.unescape(self.page(name, folder))).replace('\\', '')
            with self.subTest(name):
                self.assertIn(WAITING[0], text)
                self.assertIn('https://diario.example/waiting', text)
                self.assertRegex(text, 'wait(ing|s) for service down' if name != 'digest.json' else '"on":"down"')
                self.assertIn('Página vacía', text)
                self.assertRegex(text, 'no article text was found in the page')
                self.assertIn(reason if name != 'index.html' else '1 sentence to check', text)
        self.assertIn(reason, html.unescape(self.page('check.html')))


if __name__ == '__main__':
    unittest.main()
