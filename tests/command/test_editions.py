"""The digest as JSON, as a table and as linked data, read by programs that are not ours; what is wrong is in every edition."""
import copy
import csv
import glob
import html
import html.parser
import io
import json
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from editions import Case, DOUBTFUL, DOUBTFUL_TOO, SOUND, URL, WAITING, item      # noqa: E402
from program import Workspace                                            # noqa: E402


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
