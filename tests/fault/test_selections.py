"""What `dragoman digest` chooses by day, language, source and section; and that it writes nowhere else."""
import csv
import glob
import hashlib
import html
import json
import os
import re
import shutil
import sys
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from program import SOURCE, Workspace                                    # noqa: E402
from test_pages import Case, read, setUpModule, tearDownModule           # noqa: E402, F401

PLACES = 'Arlund Bresk Corvo Dalmen Eskel Fornau Gralit Hesper Isborg Jarn Kelmar Lorven Mestri Norvik'.split()
ATOM = '{http://www.w3.org/2005/Atom}'


def article(number, language='es', section=None, told=None):
    """Returns an article that needs no service. Articles are about different events, unless `told` says which."""
    place = PLACES[number % len(PLACES)]
    source, target = told or ('%s %d' % (place, number), '%s opens bridge %d' % (place, number))
    one = {'id': 'a%d' % number, 'url': 'https://news.example/%d' % number, 'evidence': {'version': '1'}, 'language': {'code': language},
           'title': {'source': source, 'target': target, 'status': 'ok'},
           'body': [{'kind': 'paragraph', 'text': source + '.', 'segments': [
               {'source': source + '.', 'target': target + ' in the presence of mayor %s.' % place, 'status': 'ok'}]}]}
    return dict(one, section=section) if section else one


FERRY = [('Alda %d' % i, title) for i, title in enumerate((
    'Ferry Alda runs aground off Sarnoy with 214 passengers', 'Ferry Alda with 214 passengers aground off Sarnoy, boats on their way',
    'The 214 passengers of the ferry Alda are ashore in Sarnoy', 'Captain of the ferry Alda questioned in Sarnoy after the rescue of 214'))]


class Selections(Case):
    def setUp(self):
        self.workspace = Workspace(
            '[dedupe]\ndays = 0\n[source "wire"]\nkind = ndjson\npath = wire.ndjson\n'
            '[source "Der Bote"]\nkind = ndjson\npath = bote.ndjson\nsection = Politics\n')
        self.addCleanup(self.workspace.close)
        self.items = {'wire': [], 'bote': []}

    def publish(self, day, wire=(), bote=()):
        for name, more in (('wire', wire), ('bote', bote)):
            self.items[name] += more
            with open(os.path.join(self.workspace.folder, name + '.ndjson'), 'w', encoding='utf8') as f:
                f.writelines(json.dumps(one, ensure_ascii=False) + '\n' for one in self.items[name])
        result = self.call('run', at=day + ' 09:00')
        self.assertEqual(result.returncode, 0, result.stderr.decode())

    def month_and_year_end(self):
        """27 December 2026 to 3 January 2027, without the 29th."""
        self.publish('2026-12-27', [article(1), article(2, 'ru')], [article(3, 'zh-Hant', 'Sport')])
        self.publish('2026-12-28', [article(4, 'ru', 'Culture')], [article(5, 'ru')])
        self.publish('2026-12-30', [article(6, 'uk')])
        self.publish('2026-12-31', [article(7, 'zh')])
        self.publish('2027-01-01', [article(8, 'ru')], [article(9)])
        self.publish('2027-01-03', [article(10, 'es', 'culture')])

    def digest(self, *words, code=0, at='2027-01-03 12:00', folder=None):
        command, options = self.workspace.command('digest', *words)
        result = self.call('digest', *words, at=at)
        self.assertEqual(result.returncode, code, (words, result.stdout[:300], result.stderr))
        return (result.stderr if code else result.stdout).decode()

    def page_of(self, *words):
        path = self.digest(*words).strip()
        self.assertTrue(os.path.isfile(path), path)
        return read(path).decode(), path

    def numbers(self, page):
        """Returns the numbers of the articles of which the headline is on the page."""
        return sorted({int(n) for n in re.findall('opens bridge ([0-9]+)', page)})

    def tree(self):
        """Returns names and contents of everything in the workspace."""
        found = {}
        for folder, folders, names in os.walk(self.workspace.folder):
            found[folder] = sorted(folders)
            for name in names:
                path = os.path.join(folder, name)
                found[path] = os.readlink(path) if os.path.islink(path) else hashlib.sha256(read(path)).hexdigest()
        return found


class Choosing(Selections):
    def test_each_choice_alone_and_together(self):
        self.month_and_year_end()
        everything = '2026-12-27..2027-01-03'
        cases = [((everything,), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ''),
                 ((everything, '--language', 'ru'), [2, 4, 5, 8], '-ru'),
                 (('--language', 'Russian', everything), [2, 4, 5, 8], '-ru'),
                 (('--language=ru,uk', everything), [2, 4, 5, 6, 8], '-ru-uk'),
                 ((everything, '--language', 'ru', '--language', 'ukrainian'), [2, 4, 5, 6, 8], '-ru-uk'),
                 ((everything, '--language', 'ZH'), [3, 7], '-zh'),
                 ((everything, '--language', 'zh-Hant'), [3], None),
                 ((everything, '--source', 'wire'), [1, 2, 4, 6, 7, 8, 10], '-wire'),
                 ((everything, '--source', 'Der Bote'), [3, 5, 9], None),
                 ((everything, '--source', 'wire', '--source', 'der bote'), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], None),
                 ((everything, '--section', 'culture'), [4, 10], None),
                 ((everything, '--section', 'Politics'), [3, 5, 9], None),      # the setting overrides what 3 says
                 ((everything, '--language', 'ru', '--source', 'wire'), [2, 4, 8], '-ru-wire'),
                 ((everything, '--language', 'ru', '--source', 'wire', '--section', 'Culture'), [4], None),
                 (('2026-12-28', '--language', 'ru'), [4, 5], '-ru'),
                 (('2026-12-30..2027-01-01', '--language', 'ru', '--language', 'uk'), [6, 8], '-ru-uk'),
                 (('2026-W53', '--language', 'ru'), [4, 5, 8], '-ru'),
                 (('week', '--source', 'wire'), [4, 6, 7, 8, 10], '-wire'),
                 (('yesterday..today',), [10], ''),
                 (('--source', 'wire'), [10], '-wire')]
        for words, expected, name in cases:
            with self.subTest(words=words):
                page, path = self.page_of(*words)
                self.assertEqual(self.numbers(page), expected)
                self.assertEqual(os.path.dirname(path), os.path.join(self.workspace.out, 'selections'))
                if name is not None:
                    self.assertRegex(os.path.basename(path), r'^[-.0-9]*%s\.html$' % name)

    def test_the_pages_of_days_are_never_changed(self):
        self.month_and_year_end()
        before = self.tree()
        for words in (('2026-12-28', '--language', 'ru'), ('2026-12-27..2027-01-03',), ('2026-12-28', '--output', 'x.html')):
            self.digest(*(os.path.join(self.workspace.folder, w) if w == 'x.html' else w for w in words))
        after = self.tree()
        added = set(after) - set(before)
        self.assertEqual({os.path.basename(path) for path in added},
                         {'selections', '2026-12-28-ru.html', '2026-12-27..2027-01-03.html', 'x.html'})
        changed = {path for path in before if before[path] != after[path]}
        self.assertEqual(changed, {self.workspace.folder, self.workspace.out} & changed)

    def test_a_story_of_several_days_is_one_entry_that_leads_to_each_day(self):
        self.publish('2026-12-30', [article(1, told=FERRY[0]), article(2, told=FERRY[1])])
        self.publish('2026-12-31', [article(3, told=FERRY[2]), article(4)])
        self.publish('2027-01-01', [article(5, told=FERRY[3])])
        page, path = self.page_of('2026-12-30..2027-01-01')
        entries = re.findall('<article class="e.*?</article>', page, re.S)
        self.assertEqual([entry.count('Sarnoy') > 3 for entry in entries], [True, False])
        links = {link.partition('#')[0] for link in re.findall('href="([^"]*)', entries[0]) if 'stories' in link}
        self.assertEqual({link.split('/')[1] for link in links}, {'2026-12-30', '2026-12-31', '2027-01-01'})
        for link in re.findall('href="([^"]*)"', page):
            if link.startswith('https:'):
                continue
            target, _, anchor = html.unescape(link).partition('#')
            text = read(os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path).decode()
            if anchor:
                self.assertIn('id="%s"' % anchor, text, link)

    def test_articles_whose_day_has_no_pages_are_shown_without_links_to_them(self):
        self.publish('2026-12-30', [article(1), article(2)])
        for name in glob.glob(os.path.join(self.workspace.out, '2026-12-30', '*')):
            if not name.endswith('articles'):
                shutil.rmtree(name) if os.path.isdir(name) else os.unlink(name)
        page, _ = self.page_of('2026-12-30..2026-12-31')
        self.assertEqual(self.numbers(page), [1, 2])
        self.assertNotIn('stories/', page)

    def test_a_day_whose_file_is_damaged_says_that_what_was_missing_is_not_known(self):
        self.month_and_year_end()
        self.assertNotIn('is not known', self.page_of('2026-12-27..2026-12-31')[0])
        path = os.path.join(self.workspace.out, '2026-12-28', 'digest.json')
        whole = read(path)
        for damaged in whole[:len(whole) // 8], b'', b'[]', None:
            os.unlink(path)
            if damaged is not None:
                with open(path, 'wb') as f:
                    f.write(damaged)
            with self.subTest(damaged=damaged):
                page = self.page_of('2026-12-27..2026-12-31')[0]
                self.assertIn('What was missing on 2026-12-28 is not known', page)
                self.assertIn('Eskel opens bridge 4', page)    # its articles are there
                self.assertNotIn('on 2026-12-27 is not known', page)
            with open(path, 'wb') as f:
                f.write(whole)

    def test_what_is_missing_is_said_of_what_is_chosen(self):
        with open(self.workspace.config, 'a', encoding='utf8') as f:
            f.write('[source "gone"]\nkind = files\npath = nothing.html\n')
        self.items['wire'] = [article(1)]
        with open(os.path.join(self.workspace.folder, 'wire.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps(article(1)) + '\n')
        open(os.path.join(self.workspace.folder, 'bote.ndjson'), 'w').close()
        self.call('run', at='2026-12-30 09:00')
        everything, _ = self.page_of('2026-12-29..2026-12-30')
        self.assertIn('<b>gone</b>', everything)
        self.assertIn('1 of these days has no records: 2026-12-29', everything)
        chosen, _ = self.page_of('2026-12-30', '--source', 'wire')
        self.assertNotIn('gone', chosen)

    def test_names_of_files_are_safe_and_bounded(self):
        names = ['A & B', '../../x', 'a/b', 'Коммерсантъ', 'x' * 300, '北京', 'q"<b>']
        with open(self.workspace.config, 'a', encoding='utf8') as f:
            f.writelines('[source "%s"]\nkind = ndjson\npath = s%d.ndjson\n' % (n.replace('"', ''), i) for i, n in enumerate(names))
        for i in range(len(names)):
            with open(os.path.join(self.workspace.folder, 's%d.ndjson' % i), 'w', encoding='utf8') as f:
                f.write(json.dumps(article(20 + i)) + '\n')
        self.publish('2026-12-30', [article(1)])
        found = set()
        for i, name in enumerate(names):
            page, path = self.page_of('2026-12-30', '--source', name.replace('"', ''))
            self.assertEqual(self.numbers(page), [20 + i])
            self.assertRegex(os.path.basename(path), '^[-.a-z0-9]{1,120}$')
            self.assertIn('<title>Wednesday, 30 December 2026, from ' + html.escape(name.replace('"', ''))[:40], page)
            self.assertNotIn('&amp;amp;', page)
            self.assertEqual(os.path.dirname(path), os.path.join(self.workspace.out, 'selections'))
            found.add(path)
        self.assertEqual(len(found), len(names))


class Outputs(Selections):
    def test_each_format_holds_what_is_chosen(self):
        self.month_and_year_end()
        with open(os.path.join(SOURCE, 'config', 'digest.schema.json'), encoding='utf8') as f:
            schema = json.load(f)
        paths = {}
        for suffix in 'html', 'json', 'md', 'csv', 'xml':
            paths[suffix] = os.path.join(self.workspace.folder, 'chosen.' + suffix)
            said = self.digest('2026-12-27..2027-01-03', '--language', 'ru', '--output', paths[suffix])
            self.assertEqual(said.strip(), paths[suffix])
            self.assertEqual(self.numbers(read(paths[suffix]).decode()), [2, 4, 5, 8])
        chosen = json.loads(read(paths['json']))
        self.assertEqual([chosen['first_day'], chosen['day'], chosen['selection']],
                         ['2026-12-27', '2027-01-03', '2026-12-27..2027-01-03-ru'])
        try:
            import jsonschema
            jsonschema.validate(chosen, schema)
        except ImportError:
            pass
        for one in chosen['articles']:
            self.assertTrue(os.path.exists(os.path.join(self.workspace.out, one['record'])))
            self.assertTrue(os.path.exists(os.path.join(self.workspace.out, one['page'].partition('#')[0])))
        with open(paths['csv'], encoding='utf8', newline='') as f:
            rows = list(csv.DictReader(f))
        self.assertEqual(sorted(row['day'] for row in rows), ['2026-12-27', '2026-12-28', '2026-12-28', '2027-01-01'])
        self.assertEqual(len(ElementTree.parse(paths['xml']).getroot().findall(ATOM + 'entry')), 4)
        page = self.digest('2026-12-28', '--language', 'ru', '--output', '-')
        self.assertEqual((page[:15], self.numbers(page)), ('<!doctype html>', [4, 5]))

    def test_links_fit_where_the_file_is(self):
        self.publish('2026-12-30', [article(1)])
        os.makedirs(os.path.join(self.workspace.out, 'mine', 'of december'))
        for name, base in (('a.html', ''), ('mine/a.html', '../'), ('mine/of december/a.html', '../../')):
            page, path = self.page_of('2026-12-30', '--output', os.path.join(self.workspace.out, name))
            links = [link for link in re.findall('href="([^"]*)', page) if '/stories/' in link]
            self.assertTrue(links and all(link.startswith(base + '2026-12-30/') for link in links), links)
        outside = os.path.join(self.workspace.folder, 'a.html')
        page, _ = self.page_of('2026-12-30', '--output', outside)
        link = re.search('href="(file:[^"#]*/stories/[^"#]*)', page).group(1)
        self.assertTrue(os.path.exists(urllib.parse.unquote(urllib.parse.urlsplit(link).path)))
        with open(self.workspace.config, 'a', encoding='utf8') as f:
            f.write('[digest]\nurl = https://news.example/daily\n')
        page, _ = self.page_of('2026-12-30', '--output', outside)
        self.assertIn('href="https://news.example/daily/2026-12-30/stories/', page)
        self.assertNotIn('file:', page)

    def test_files_that_are_not_to_be_replaced(self):
        self.month_and_year_end()
        out, folder = self.workspace.out, self.workspace.folder
        os.symlink(os.path.join(out, '2026-12-28'), os.path.join(folder, 'link'))
        os.symlink(os.path.join(out, '2026-12-28', 'index.html'), os.path.join(folder, 'file.html'))
        os.symlink('/nowhere', os.path.join(folder, 'dangling.html'))
        os.mkdir(os.path.join(folder, 'sub'))
        os.rename(os.path.join(out, '2026-12-27'), os.path.join(folder, 'sub', 'moved'))
        os.symlink(os.path.join(folder, 'sub', 'moved'), os.path.join(out, '2026-12-27'))
        before = self.tree()
        day = "in a day's folder"
        for name, why in ((os.path.join(out, '2026-12-28', 'index.html'), day), (os.path.join(out, '2026-12-28', 'new.html'), day),
                          (os.path.join(out, '2026-12-28', 'stories', 'x.html'), day), (os.path.join(out, 'latest', 'x.html'), day),
                          (os.path.join(out, 'selections', '..', '2026-12-28', 'x.html'), 'folder'), (os.path.join(folder, 'link', 'x.html'), day),
                          (os.path.join(out, '2027-01-01', '..', '2026-12-28', 'x.html'), day), (os.path.join(folder, 'sub', 'moved', 'x.html'), day),
                          (os.path.join(folder, 'file.html'), 'symbolic link'), (os.path.join(folder, 'dangling.html'), 'symbolic link'),
                          (out, 'folder'), (out + '/', 'folder'), (os.path.join(folder, 'sub'), 'folder'), ('/dev/null', 'not a regular file'),
                          (os.path.join(out, 'index.html'), 'every run'), (os.path.join(out, '2026-W53.html'), 'every run'),
                          (os.path.join(out, 'feed.xml'), 'every run'), (os.path.join(folder, 'no', 'x.html'), 'no such folder'),
                          (os.path.join(folder, 'x.pdf'), '.html, .json, .md, .csv or .xml'), ('', 'not a file name')):
            with self.subTest(name=name):
                self.assertIn(why, self.digest('2026-12-28', '--output', name, code=64))
        self.assertEqual(self.tree(), before)
        os.unlink(os.path.join(out, 'latest'))                             # the next run makes it again
        self.assertIn('every run', self.digest('2026-12-28', '--output', os.path.join(out, 'latest'), code=64))

    def test_a_link_in_place_of_the_folder_for_selections_is_not_followed(self):
        self.publish('2026-12-30', [article(1)])
        os.mkdir(os.path.join(self.workspace.folder, 'elsewhere'))
        os.symlink('../elsewhere', os.path.join(self.workspace.out, 'selections'))
        before = self.tree()
        self.assertIn('is not a folder', self.digest('2026-12-30', '--language', 'es', code=74))
        self.assertEqual(self.tree(), before)


class Nothing(Selections):
    def test_wrong_arguments_are_refused_with_the_nearest_and_leave_no_trace(self):
        cases = [(('../x',), 'expected a day'), (('2026-99-99',), '2026-12-31'), (('2026-02-30',), '2026-02-28'),
                 (('yesteday',), "'yesterday'"), (('2027-01-04',), 'in the future'), (('2027-W02',), "'2026-W53'"),
                 (('2026-12-30..2026-12-28',), '2026-12-28..2026-12-30'), (('2024-01-01..2027-01-01',), 'more than 400 days'),
                 (('2026-12-28', '2026-12-30'), '2026-12-28..2026-12-30'), (('2026-12-28', '--language', 'rusian'), "'ru' (Russian)"),
                 (('2026-12-28', '--language', 'Espanish'), "'es' (Spanish)"), (('2026-12-28', '--language', ''), 'needs a name'),
                 (('2026-12-28', '--language', 'es,qqq'), "unknown language 'qqq'"), (('2026-12-28', '--source', 'wir'), "'wire'"),
                 (('2026-12-28', '--source', 'Der Bot'), "'Der Bote'"), (('2026-12-28', '--section', 'Cultur'), "'Culture'"),
                 (('2026-12-28', '--section', 'Politic'), "'Politics'"), (('2026-12-28', '--source', ''), 'needs a name'),
                 (('2026-12-28', '--sourc', 'wire'), "'--source'"), (('2026-12-28', '--source'), 'needs a value')]
        for made in False, True:
            if made:
                self.month_and_year_end()
            before = self.tree()
            for words, why in cases:
                with self.subTest(words=words, made=made):
                    said = self.digest(*words, code=64)
                    if made or words[-1] != 'Cultur':
                        self.assertIn(why, said)
                    self.assertEqual(self.tree(), before)

    def test_days_without_records_get_one_sentence_and_no_files(self):
        for made in False, True:
            if made:
                self.month_and_year_end()
            before = self.tree()
            for words in (('2026-12-29',), ('2026-12-20..2026-12-22',), ('2026-W50',), ('2026-12-29', '--language', 'ru'),
                          ('2026-12-29', '--output', os.path.join(self.workspace.folder, 'x.html')), ('2026-12-20', '--source', 'wire'),
                          ('2026-12-29', '--section', 'Politics')):
                with self.subTest(words=words, made=made):
                    said = self.digest(*words)
                    self.assertRegex(said, r'^There are no records (of|from) .*\.\n$')
                    self.assertEqual(self.tree(), before)
        said = self.digest('2026-12-30', '--language', 'sr')
        self.assertEqual(said, 'There are no records of 2026-12-30: Serbian.\n')

    def test_a_folder_without_a_state_database_is_read_as_it_is(self):
        self.month_and_year_end()
        for name in glob.glob(os.path.join(self.workspace.out, 'state.db*')):
            os.unlink(name)
        page, _ = self.page_of('2026-12-27..2027-01-03', '--language', 'ru')
        self.assertEqual(self.numbers(page), [2, 4, 5, 8])
        self.assertFalse(os.path.exists(os.path.join(self.workspace.out, 'state.db')))
        self.assertIn('no records', self.digest('2026-12-29'))


if __name__ == '__main__':
    unittest.main()
