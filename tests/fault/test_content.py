"""Pages that arrive with status 200 but hold no article, or only part of one: what happens, and when they are fetched again."""
import json
import os
import sys
import time
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService                                     # noqa: E402
from program import SOURCE, Workspace                                    # noqa: E402
from web import Web, feed, page                                          # noqa: E402

TEASER = 'El puente se abre antes del verano, dijo ayer la alcaldesa a los vecinos que se reunieron en la plaza mayor del barrio.'
CONSENT = ('<html lang="es"><head><meta charset="utf-8"><title>Radio</title></head><body><div><h2>Tu privacidad es importante</h2>'
           '<p>Nosotros y nuestros socios usamos cookies para mostrarte publicidad personalizada.</p>'
           '<p>Puedes aceptar todo o cambiar tus preferencias en la configuración de cookies.</p></div></body></html>')
GONE = ('<html lang="es"><head><meta charset="utf-8"><title>Error 404 - Radio</title></head><body><h1>Página no encontrada</h1>'
        '<p>La noticia que buscas ya no está disponible. Vuelve a la portada.</p></body></html>')
FRAME = '<html lang="es"><head><meta charset="utf-8"><title>Radio</title></head><body><div id="app"></div></body></html>'
ROBOT = ('<html><head><title>Just a moment...</title></head><body><h1>radio.example</h1><p>Verify you are human by completing the action below. '
         'radio.example needs to review the security of your connection before proceeding.</p></body></html>')


def source_text(record):
    return ' '.join(s['source'] for b in record.get('body', []) for s in b['segments'])


class Content(unittest.TestCase):
    def setUp(self):
        self.web, self.service = Web(), FakeService()
        self.addCleanup(self.service.close)
        self.addCleanup(self.web.close)

    def workspace(self, sources, more='', gap='0s'):
        workspace = Workspace('%s[http]\nproxy = %s\n[dedupe]\ndays = 0\n[collect]\ngap = %s\n[service "fake"]\nkind = libretranslate\nurl = %s\n%s'
                              % (more, self.web.url, gap, self.service.url, sources))
        self.addCleanup(workspace.close)
        return workspace

    def feed_workspace(self, pages, title='Obras', more=''):
        """Returns a workspace with a feed of one item per page, with the feed's own headline and text."""
        self.web.pages = {'radio.example/%d' % n: text for n, text in enumerate(pages)}
        self.web.pages['radio.example/rss.xml'] = feed(*(('http://radio.example/%d' % n, '%s %d' % (title, n), TEASER) for n in range(len(pages))))
        return self.workspace('[source "radio"]\nkind = feed\nurl = http://radio.example/rss.xml\n', more)

    def run_workspace(self, workspace, code=0):
        result = workspace.call('run', timeout=60)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return {r['url'].rsplit('/', 1)[1]: r for r in workspace.records().values()}

    def output(self, workspace, name):
        day = workspace.days()[0]
        with open(os.path.join(workspace.out, day, name), encoding='utf8') as f:
            return f.read()

    # ---------------------------------------------------------------- substitutes for the page

    def test_the_feed_replaces_walls_error_pages_and_frames(self):
        workspace = self.feed_workspace([CONSENT, GONE, FRAME, ROBOT, page('Cuatro')])
        records = self.run_workspace(workspace)
        with open(os.path.join(SOURCE, 'config', 'article.schema.json'), encoding='utf8') as f:
            schema = json.load(f)
        wanted = {'0': ('consent-wall', 'The page shows only a request for consent'), '1': ('not-found', 'The page reports that the article was not found'),
                  '2': ('empty', 'The page does not contain an article'), '3': ('captcha', 'The page shows a CAPTCHA instead of the article')}
        for name, (content, sentence) in wanted.items():
            record = records[name]
            note = sentence + "; this text is from the feed."
            self.assertEqual((record['content'], record['status'], record['evidence']['note']), (content, 'partial', note))
            self.assertEqual((record['title']['source'], source_text(record)), ('Obras ' + name, TEASER))
            jsonschema.validate(record, schema)
            self.assertIn(note.replace("'", '&#39;'), self.output(workspace, 'index.html').replace("'", '&#39;'))
            self.assertIn(note, self.output(workspace, 'digest.md'))
        self.assertEqual((records['4']['status'], records['4']['title']['source']), ('complete', 'Cuatro'))
        self.assertNotIn('content', records['4'])
        self.assertNotIn('cookies', self.output(workspace, 'index.html'))

    def test_without_text_in_the_feed_they_fail_with_the_reason(self):
        self.web.pages = {'radio.example/1': GONE, 'radio.example/2': FRAME}
        workspace = self.workspace('[source "pages"]\nkind = page\nurl = http://radio.example/1\nurl = http://radio.example/2\n')
        self.assertEqual(self.run_workspace(workspace, 3), {})
        self.assertEqual(workspace.status()['failed'], 2)
        self.assertIn('The page reports that the article was not found, and no other text of the article is available', self.output(workspace, 'digest.md'))

    # ---------------------------------------------------------------- several pages

    def pages(self, count, following='/obras/%d', gap='0s'):
        """Publishes an article on several pages, the first at /obras, each linking to the next, and returns a workspace for it."""
        def write(n):
            link = '<link rel="next" href="%s">' % (following % (n + 1)) if n < count else ''
            text = ''.join('<p>La página %d cuenta, en su párrafo %d, cómo avanzan las obras del puente viejo del pueblo.</p>' % (n, m) for m in (1, 2, 3))
            return ('<html lang="es"><head><meta charset="utf-8"><title>Obras</title>%s</head><body><article><h1>Obras</h1>%s</article></body></html>'
                    % (link, text))
        self.web.pages = {'radio.example' + ('/obras' if n == 1 else following % n): write(n) for n in range(1, count + 1)}
        return self.workspace('[source "pages"]\nkind = page\nurl = http://radio.example/obras\n', gap=gap)

    def record(self, workspace):
        return self.run_workspace(workspace)['obras']

    def told(self, record):
        """Returns the numbers of the pages whose text is in the record, in order."""
        numbers = [int(b['segments'][0]['source'].split()[2]) for b in record['body']]
        return [n for n, m in zip(numbers, [0] + numbers) if n != m]

    def test_further_pages_are_appended_at_the_host_s_pace(self):
        record = self.record(self.pages(3, gap='300ms'))
        self.assertEqual((record['status'], record.get('content'), self.told(record), len(record['body'])), ('complete', None, [1, 2, 3], 9))
        self.assertEqual(self.web.paths_of('radio.example'), ['/robots.txt', '/obras', '/obras/2', '/obras/3'])
        self.assertGreaterEqual(min(self.web.gaps_of('radio.example')[1:]), 0.25)

    def test_ten_pages_are_read_and_a_missing_one_is_reported(self):
        many = self.record(self.pages(12))
        self.assertEqual((many['status'], many['content'], self.told(many)), ('partial', 'part', list(range(1, 11))))
        self.assertEqual(len(self.web.visits_of('radio.example')), 11)
        workspace = self.pages(3)
        del self.web.pages['radio.example/obras/3']
        missing = self.record(workspace)
        self.assertEqual((missing['status'], missing['content'], self.told(missing)), ('partial', 'part', [1, 2]))
        self.assertEqual(missing['evidence']['note'], 'The article continues on further pages that were not read.')

    def test_a_further_page_behind_robots_txt_or_a_wall_is_reported(self):
        workspace = self.pages(2)
        self.web.pages['radio.example/robots.txt'] = 'User-agent: *\nDisallow: /obras/\n'
        self.assertEqual((self.record(workspace)['content'], self.web.paths_of('radio.example')), ('part', ['/robots.txt', '/obras']))
        workspace = self.pages(2)
        self.web.pages['radio.example/obras/2'] = CONSENT
        walled = self.record(workspace)
        self.assertEqual((walled['status'], walled['content'], self.told(walled)), ('partial', 'part', [1]))

    def moved(self, target):
        workspace = self.pages(2)
        self.web.pages['radio.example/obras/2'] = Answer(302, b'', {'Location': target})
        self.web.pages['radio.example/'] = self.web.pages['elsewhere.example/obras/2'] = page('Portada')
        return self.record(workspace)

    def test_a_further_page_that_has_moved_away_is_reported_and_the_rest_kept(self):
        for target in ('/', '/obras', 'http://elsewhere.example/obras/2', 'http://127.0.0.1:9/obras/2', 'http://10.0.0.7/obras/2'):
            record = self.moved(target)
            self.assertEqual((record['status'], record['content'], self.told(record)), ('partial', 'part', [1]), target)
        workspace = self.pages(2)
        self.web.pages['radio.example/obras/2/'] = self.web.pages['radio.example/obras/2']
        self.web.pages['radio.example/obras/2'] = Answer(301, b'', {'Location': '/obras/2/'})
        self.assertEqual(self.told(self.record(workspace)), [1, 2])

    def test_further_pages_are_relative_to_the_final_address(self):
        """The first page has moved, in one case to another host, whose robots.txt then applies to the second page."""
        for host in ('radio.example', 'costa.example', 'www.radio.example'):
            self.pages(2, '/2026/obras-%d.html')
            first, second = self.web.pages['radio.example/obras'], self.web.pages['radio.example/2026/obras-2.html']
            self.web.pages = {'radio.example/obras': Answer(302, b'', {'Location': 'http://%s/2026/obras.html' % host}),
                              host + '/2026/obras.html': first, host + '/2026/obras-2.html': second}
            record = self.record(self.workspace('[source "pages"]\nkind = page\nurl = http://radio.example/obras\n'))
            self.assertEqual((record['status'], self.told(record)), ('complete', [1, 2]), host)
            self.web.pages[host + '/robots.txt'] = 'User-agent: *\nDisallow: /2026/obras-2\n'
            record = self.record(self.workspace('[source "pages"]\nkind = page\nurl = http://radio.example/obras\n'))
            self.assertEqual((record['content'], self.told(record)), ('part', [1]), host)

    def test_a_link_to_the_next_article_is_not_a_further_page(self):
        workspace = self.pages(2, '/mercado-%d00')
        record = self.record(workspace)
        self.assertEqual((record['status'], record.get('content'), self.told(record)), ('complete', None, [1]))
        self.assertEqual(self.web.paths_of('radio.example'), ['/robots.txt', '/obras'])

    # ---------------------------------------------------------------- fetched again

    def pass_time(self, seconds=1):
        time.sleep(seconds + 1.1)                   # due times are whole seconds

    def test_a_wall_is_fetched_again_and_the_article_replaces_it(self):
        workspace = self.feed_workspace([CONSENT, GONE], more='revisit = 1s\n')
        before = self.run_workspace(workspace)
        paths, bought = sorted(workspace.records()), len(self.service.bills)
        self.web.pages['radio.example/0'] = page('El puente').replace('</h1>', '</h1><p>%s</p>' % TEASER)
        self.pass_time()
        after = self.run_workspace(workspace)
        self.assertEqual((after['0']['status'], after['0'].get('content'), after['0']['title']['source']), ('complete', None, 'El puente'))
        self.assertEqual((after['1'], sorted(workspace.records())), (before['1'], paths))
        self.assertIn(TEASER, source_text(after['0']))
        self.assertNotIn(TEASER, self.service.bills[bought:])
        self.assertNotIn('request for consent', self.output(workspace, 'index.html'))

    def test_fetching_again_is_limited_in_number_and_frequency(self):
        workspace = self.feed_workspace([CONSENT], more='revisit = 1h\nattempts = 2\n')
        self.run_workspace(workspace)
        self.run_workspace(workspace)
        self.assertEqual(len(self.web.visits_of('radio.example', '/0')), 1)
        workspace = self.feed_workspace([GONE], more='revisit = 100ms\nattempts = 2\n')
        first = self.run_workspace(workspace)
        bought = len(self.service.bills)
        for seconds in (1, 4, 0):
            self.pass_time(seconds)
            self.assertEqual(self.run_workspace(workspace), first)
        self.assertEqual(len(self.web.visits_of('radio.example', '/0')), 1 + 1 + 2)
        self.assertEqual(len(self.service.bills), bought)

    def test_a_page_whose_host_was_down_replaces_the_feed_s_text_later(self):
        """A run that finds the host still down changes nothing, and buys nothing."""
        workspace = self.feed_workspace([Answer(503)], more='revisit = 1s\n')
        first = self.run_workspace(workspace)
        self.assertEqual((first['0']['status'], source_text(first['0'])), ('partial', TEASER))
        self.assertIn('503', first['0']['evidence']['note'])
        bought = len(self.service.bills)
        self.pass_time()
        self.assertEqual(self.run_workspace(workspace), first)
        self.assertEqual(len(self.service.bills), bought)
        self.web.pages['radio.example/0'] = page('El puente')
        self.pass_time(4)
        after = self.run_workspace(workspace)
        self.assertEqual((after['0']['status'], after['0']['title']['source']), ('complete', 'El puente'))
        self.assertEqual(workspace.status()['done'], 1)

    def test_a_failed_page_can_become_an_article_later(self):
        self.web.pages = {'radio.example/1': FRAME}
        workspace = self.workspace('[source "pages"]\nkind = page\nurl = http://radio.example/1\n', 'revisit = 1s\nattempts = 9\n')
        self.run_workspace(workspace, 3)
        self.pass_time()
        self.web.pages['radio.example/1'] = Answer(503)
        self.run_workspace(workspace, 0)            # nothing new to report
        self.assertEqual((workspace.status()['failed'], workspace.status()['waiting']), (1, 0))
        self.pass_time(4)
        self.web.pages['radio.example/1'] = page('Uno')
        records = self.run_workspace(workspace)
        self.assertEqual((records['1']['status'], workspace.status()['failed']), ('complete', 0))


if __name__ == '__main__':
    unittest.main()
