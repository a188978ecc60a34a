"""Sources that are lists (OPML, sitemaps) and standard input, from the list to the records."""
import gzip
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService                             # noqa: E402
from program import Workspace                                            # noqa: E402
from web import Web, feed, page                                          # noqa: E402


class Case(unittest.TestCase):
    def setUp(self):
        self.web, self.service = Web(), FakeService()
        for server in (self.web, self.service):
            self.addCleanup(server.close)

    def open(self, configuration):
        self.workspace = Workspace('%s[collect]\ngap = 0s\nrobots = no\n[dedupe]\ndays = 0\n[http]\nproxy = %s\n[service "fake"]\nkind = libretranslate\n'
                                   'url = %s\n[route "default"]\nservices = fake\n' % (configuration, self.web.url, self.service.url))
        self.addCleanup(self.workspace.close)

    def write(self, name, text):
        path = os.path.join(self.workspace.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf8') as f:
            f.write(text)

    def run_once(self, code=0, stdin=b''):
        result = self.workspace.call('run', stdin=stdin)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stderr.decode()

    def addresses(self):
        return sorted(record['url'] for record in self.workspace.records().values())

    def note(self):
        """Returns what the report of the last run says about its first source."""
        with open(os.path.join(self.workspace.out, self.workspace.days()[-1], 'report.json'), encoding='utf8') as f:
            return json.dumps(json.load(f), ensure_ascii=False)


class Opml(Case):
    def setUp(self):
        super().setUp()
        for name in 'costa', 'lejos', 'monte', 'valle':
            self.web.pages[name + '.example/rss'] = feed(('http://%s.example/1' % name, 'Obras en ' + name, ''))
            self.web.pages[name + '.example/1'] = page('Obras en ' + name)
        self.open('[source "list"]\nkind = opml\npath = lists/list.opml\n')

    def put_list(self, outlines):
        self.write('lists/list.opml', '<?xml version="1.0"?><opml version="2.0"><head><title>Periódicos</title></head><body>%s</body></opml>' % outlines)

    def test_feeds_in_folders_of_folders(self):
        self.put_list('<outline text="España"><outline text="Costa &amp; monte"><outline type="rss" text="Costa" xmlUrl="http://costa.example/rss"/>'
                      '<outline text="más"><outline xmlurl=" http://monte.example/rss "/></outline></outline><outline text="vacía"/></outline>'
                      '<outline type="rss" title="Lejos" xmlUrl="http://lejos.example/rss" htmlUrl="http://lejos.example/"/>'
                      '<outline text="otra vez" xmlUrl="http://lejos.example/rss"/>')
        self.run_once()
        self.assertEqual(self.addresses(), ['http://%s.example/1' % name for name in ('costa', 'lejos', 'monte')])
        self.assertEqual({record['source'] for record in self.workspace.records().values()}, {'list'})
        self.assertEqual(self.web.paths_of('valle.example'), [])
        self.run_once()                                                 # nothing is new
        self.assertEqual([self.web.paths_of(name + '.example').count('/1') for name in ('costa', 'lejos', 'monte')], [1, 1, 1])

    def test_relative_addresses_are_files_beside_the_list(self):
        self.put_list('<outline xmlUrl="beside.xml"/><outline xmlUrl="deeper/down.xml"/><outline xmlUrl="missing.xml"/>')
        self.write('lists/beside.xml', feed(('http://costa.example/1', 'Obras', '')))
        self.write('lists/deeper/down.xml', feed(('http://monte.example/1', 'Obras', '')))
        self.write('beside.xml', feed(('http://valle.example/1', 'No es esta', '')))
        self.run_once(69)
        self.assertEqual(self.addresses(), ['http://costa.example/1', 'http://monte.example/1'])
        self.assertIn('missing.xml', self.note())

    def test_a_feed_that_vanishes_does_not_hide_the_others(self):
        names = 'costa', 'lejos', 'monte'
        self.put_list(''.join('<outline xmlUrl="http://%s.example/rss"/>' % name for name in names))
        self.run_once()
        self.web.pages['lejos.example/rss'] = Answer(404, b'nothing')
        for name in 'costa', 'monte':
            self.web.pages[name + '.example/rss'] = feed(('http://%s.example/2' % name, 'Más obras en ' + name, ''))
            self.web.pages[name + '.example/2'] = page('Más obras en ' + name)
        told = self.run_once(69)
        self.assertIn('lejos.example', told)
        self.assertEqual(self.addresses(), sorted(['http://%s.example/1' % name for name in names] + ['http://costa.example/2', 'http://monte.example/2']))
        self.put_list(''.join('<outline xmlUrl="http://%s.example/rss"/>' % name for name in ('costa', 'monte', 'valle')))
        self.run_once()                                                 # without it, and with a new one
        self.assertEqual(len(self.addresses()), 6)

    def test_what_is_no_list_of_feeds(self):
        for text, said in (('<opml version="2.0"><body/></opml>', 'list.opml'), ('<html><body>Hola</body></html>', 'is not a sitemap or OPML list'),
                           ('', 'list.opml'), ('<opml><body><outline xmlUrl="http://costa.example/rss"', 'list.opml')):
            self.write('lists/list.opml', text)
            self.assertIn(said, self.run_once(69) + self.note())
        self.assertEqual(self.workspace.records(), {})

    def test_more_feeds_than_are_read(self):
        self.put_list('<outline xmlUrl="http://costa.example/rss"/>' + '<outline xmlUrl="http://same.invalid/rss"/>' * 10001)
        self.web.pages['same.invalid/rss'] = feed(('http://monte.example/1', 'Obras', ''))
        self.workspace.call('--set', 'run.deadline=20s', 'run')
        self.assertIn('lists more than 10000 addresses, so 2 were left out', self.note())


def urlset(*entries):
    """Returns a sitemap of (address, further elements)."""
    return ('<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">%s</urlset>'
            % ''.join('<url><loc>%s</loc>%s</url>' % entry for entry in entries))


def index(*addresses):
    return ('<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">%s</sitemapindex>'
            % ''.join('<sitemap><loc>%s</loc><lastmod>2026-01-05</lastmod></sitemap>' % address for address in addresses))


class Sitemap(Case):
    def setUp(self):
        super().setUp()
        for name in 'costa', 'lejos', 'monte', 'valle':
            self.web.pages[name + '.example/1'] = page('Obras en ' + name)

    def open_map(self, more=''):
        self.open('[source "map"]\nkind = sitemap\nurl = http://radio.example/sitemap.xml\n' + more)

    def test_an_index_its_lists_and_a_compressed_one(self):
        self.web.pages.update({
            'radio.example/sitemap.xml': index('http://one.example/a.xml', 'http://two.example/b.xml.gz', 'http://one.example/a.xml',
                                               'http://radio.example/sitemap.xml', 'http://three.example/deeper.xml'),
            'one.example/a.xml': urlset(('http://costa.example/1', '<image:image><image:loc>http://costa.example/photo.jpg</image:loc></image:image>')),
            'two.example/b.xml.gz': Answer(200, gzip.compress(urlset(('http://lejos.example/1', ''), ('http://costa.example/1', '')).encode()),
                                           {'Content-Type': 'application/x-gzip'}),
            'three.example/deeper.xml': index('http://four.example/c.xml', 'http://two.example/b.xml.gz'),
            'four.example/c.xml': urlset(('http://monte.example/1', ''))})
        self.open_map()
        self.run_once()
        self.assertEqual(self.addresses(), ['http://%s.example/1' % name for name in ('costa', 'lejos', 'monte')])
        lists = [visit.host + visit.path for visit in self.web.visits if visit.host not in ('costa.example', 'lejos.example', 'monte.example')]
        self.assertEqual(sorted(lists), ['four.example/c.xml', 'one.example/a.xml', 'radio.example/sitemap.xml', 'three.example/deeper.xml',
                                         'two.example/b.xml.gz'])        # each once
        self.assertNotIn('costa.example/photo.jpg', json.dumps(self.workspace.status()))

    def test_a_list_that_is_missing_does_not_hide_the_others(self):
        self.web.pages.update({'radio.example/sitemap.xml': index('http://one.example/gone.xml', 'http://two.example/cut.xml.gz', 'http://three.example/b.xml'),
                               'two.example/cut.xml.gz': Answer(200, gzip.compress(urlset(('http://lejos.example/1', '')).encode() * 50)[:60]),
                               'three.example/b.xml': urlset(('http://costa.example/1', ''))})
        self.open_map()
        for _ in range(2):                                              # as long as they are missing
            self.run_once(69)
            self.assertEqual(self.addresses(), ['http://costa.example/1'])
            for words in 'one.example answered 404', 'cut.xml.gz':
                self.assertIn(words, self.note())
        self.web.pages['one.example/gone.xml'] = urlset(('http://monte.example/1', ''))
        self.web.pages['two.example/cut.xml.gz'] = Answer(200, gzip.compress(urlset(('http://lejos.example/1', '')).encode()))
        self.run_once()
        self.assertEqual(len(self.addresses()), 3)

    def test_more_lists_and_pages_than_are_read(self):
        self.web.pages['radio.example/sitemap.xml'] = index(*('http://h%d.example/map.xml' % n for n in range(205)))
        for n in range(205):
            self.web.pages['h%d.example/map.xml' % n] = urlset(*([('http://costa.example/1', '')] if n == 198 else [('http://lejos.example/1', '')] if n == 199 else []))
        self.open_map()
        self.workspace.call('run')
        self.assertIn('leads to more than 200 sitemaps, so 6 were left out', self.note())
        self.assertEqual(self.addresses(), ['http://costa.example/1'])

    def test_pages_beyond_max_items_wait_for_the_next_runs(self):
        self.web.pages['radio.example/sitemap.xml'] = urlset(*(('http://radio.example/p%d' % n, '') for n in range(5)))
        for n in range(5):
            self.web.pages['radio.example/p%d' % n] = page('Obras del tramo %d' % n)
        self.open_map('max_items = 2\n')
        for count in 2, 4, 5:
            self.run_once()
            self.assertEqual(len(self.addresses()), count)
            self.assertEqual('lists more new pages than max_items (2)' in self.note(), count < 5)
        self.assertEqual(sorted(path for path in self.web.paths_of('radio.example') if path[1] == 'p'), ['/p%d' % n for n in range(5)])

    def test_news_and_changed_pages(self):
        def entry(changed):
            return ('http://costa.example/1', '<lastmod>%s</lastmod><news:news><news:publication><news:name>Radio</news:name>'
                    '<news:language>es</news:language></news:publication><news:publication_date>2026-01-05T08:30:00+01:00</news:publication_date>'
                    '<news:title>Obras &amp; caminos</news:title></news:news>' % changed)
        self.web.pages['radio.example/sitemap.xml'] = urlset(entry('2026-01-05T09:00:00+01:00'))
        self.open_map()
        self.run_once()
        record, = self.workspace.records().values()
        self.assertEqual((record['published'], record['language']['code']), ('2026-01-05T08:30:00+01:00', 'es'))
        self.run_once()
        self.assertEqual(self.web.paths_of('costa.example'), ['/1'])                # not changed, so not fetched
        self.web.pages['costa.example/1'] = page('Obras en costa, ampliadas')
        self.web.pages['radio.example/sitemap.xml'] = urlset(entry('2026-01-05T11:00:00+01:00'))
        self.run_once()
        self.assertEqual(self.web.paths_of('costa.example'), ['/1', '/1'])
        record, = self.workspace.records().values()
        self.assertEqual(record['title']['source'], 'Obras en costa, ampliadas')

    def test_what_is_no_sitemap(self):
        for answer in (Answer(200, b'<html><body>Bienvenidos</body></html>', {'Content-Type': 'text/html'}), Answer(404, b''), Answer(200, b''),
                       Answer(200, b'\x1f\x8b\x08garbage')):
            self.web.pages['radio.example/sitemap.xml'] = answer
            self.open_map()
            self.assertIn('radio.example', self.run_once(69))
            self.assertEqual(self.workspace.records(), {})


TEXTS = {'ru': ['Мост закрывают на ремонт', 'В четверг жители города собрались на площади и слушали мэра.', 'Старый мост через реку закроют на ремонт до конца лета.',
                'Торговцы опасаются, что покупатели не смогут до них доехать.'],
         'ja': ['橋の閉鎖', '木曜日、市民は広場に集まって市長の話を聞いた。', '川にかかる古い橋は夏の終わりまで修理のために閉鎖される。', '市は歩行者のために仮設の橋を設ける予定だ。'],
         'el': ['Κλείνει η γέφυρα', 'Την Πέμπτη οι κάτοικοι συγκεντρώθηκαν στην πλατεία και άκουσαν τον δήμαρχο.', 'Η παλιά γέφυρα θα κλείσει για επισκευές μέχρι το τέλος του καλοκαιριού.',
                'Οι έμποροι φοβούνται ότι οι πελάτες δεν θα μπορούν να έρθουν.'],
         'es': ['Cierran el puente', 'El jueves los vecinos se reunieron en la plaza y escucharon a la alcaldesa.', 'El puente viejo sobre el río se cerrará por obras hasta el final del verano.',
                'Los comerciantes temen que los clientes no puedan llegar este año.']}


class StandardInput(Case):
    def show(self, document, *words, code=0):
        result = self.workspace.call('show', '--until', 'identify', *words, '-', stdin=document)
        self.assertEqual(result.returncode, code, result.stderr)
        return [json.loads(line) for line in result.stdout.splitlines()], result.stderr.decode()

    def test_documents_in_every_encoding(self):
        self.open('')
        for number, (code, encoding) in enumerate((('ru', 'utf-8'), ('ru', 'windows-1251'), ('ru', 'koi8-r'), ('ru', 'utf-16'), ('ja', 'shift_jis'), ('ja', 'euc_jp'),
                                                   ('ja', 'iso2022_jp'), ('el', 'iso8859_7'), ('es', 'latin-1'), ('es', 'utf-8-sig'))):
            head, *paragraphs = TEXTS[code]
            html = '<html><body><article><h1>%s</h1>%s</article></body></html>' % (head, ''.join('<p>%s</p>' % text for text in paragraphs))
            document = html if number % 2 else '\n\n'.join(TEXTS[code])
            with self.subTest(code=code, encoding=encoding):
                (record,), said = self.show(document.encode(encoding))
                self.assertEqual((record['language']['code'], said), (code, ''))
                self.assertEqual([record['title']['source']] + [block['text'] for block in record['body']], TEXTS[code])

    def test_bytes_that_are_no_text(self):
        self.open('')
        for document in (b'\0' * 5000, bytes(range(256)) * 40, b'\xff\xfe', b'\xef\xbb\xbf', b' \r\n\t' * 100, gzip.compress(os.urandom(500)), b'%PDF-1.7\n\0\1\2',
                         b'\x89PNG\r\n\x1a\n' + bytes(900)):
            with self.subTest(document=document[:8]):
                result = self.workspace.call('show', '-', stdin=document)
                self.assertIn(result.returncode, (0, 3), result.stderr)
                record, = map(json.loads, result.stdout.splitlines())
                self.assertNotEqual(record['status'], 'complete')
        self.assertEqual(self.service.requests, 0)

    def test_empty_too_large_and_not_readable(self):
        self.open('[source "piped"]\nkind = stdin\nmax_bytes = 2k\n')
        self.assertEqual(self.show(b'', code=3), ([], 'dragoman: standard input is empty\n'))
        for document, said in ((b'', 'standard input is empty'), (b'x' * 2049, 'standard input is larger than max_bytes (2048)')):
            self.run_once(3, document)
            self.assertIn(said, self.note())
        command, options = self.workspace.command('run', stdin=os.open(self.workspace.folder, os.O_RDONLY), capture_output=True)
        result = subprocess.run(command, **options)
        os.close(options['stdin'])
        self.assertEqual(result.returncode, 69, result.stderr)
        self.assertIn('cannot read standard input: Is a directory', result.stderr.decode() + self.note())
        self.assertEqual(self.workspace.records(), {})

    def test_a_document_is_read_once(self):
        self.open('[source "piped"]\nkind = stdin\nlanguage = es\n')
        for count, mark in ((1, 'uno'), (1, 'uno'), (2, 'dos')):
            self.run_once(stdin=page('Obras en el puente ' + mark).encode())
            self.assertEqual(len(self.workspace.records()), count)
        records = self.workspace.records().values()
        self.assertEqual({(record['status'], record['source']) for record in records}, {('complete', 'piped')})
        self.assertEqual(sorted(record['title']['source'] for record in records), ['Obras en el puente dos', 'Obras en el puente uno'])

    def test_a_second_one_finds_nothing_left(self):
        self.open('')
        result = self.workspace.call('show', '--until', 'extract', '-', '-', stdin=page('Obras').encode())
        self.assertEqual((result.returncode, result.stdout.count(b'\n'), result.stderr), (3, 1, b'dragoman: standard input is empty\n'))


if __name__ == '__main__':
    unittest.main()
