"""Feeds over HTTP: how the feed of a site is found, and how its items are told apart from run to run."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService                             # noqa: E402
from program import Workspace                                            # noqa: E402
from web import Web, feed, page                                          # noqa: E402

TEASER = 'El puente se abre antes del verano, dijo ayer la alcaldesa a los vecinos que se reunieron en la plaza mayor del barrio.'
NEWS = feed(('/1', 'Uno', TEASER), ('/2', 'Dos', TEASER))
XML = {'Content-Type': 'application/rss+xml'}


def rss(text):
    return Answer(200, text.encode() if isinstance(text, str) else text, XML)


def site_page(*links):
    return '<!DOCTYPE html><html><head><title>Radio</title>%s</head><body><p>Portada</p></body></html>' % ''.join(
        '<link rel="alternate" type="application/rss+xml" title="x" href="%s">' % link for link in links)


class Bench(unittest.TestCase):
    def setUp(self):
        self.web, self.service = Web(), FakeService()
        self.addCleanup(self.service.close)
        self.addCleanup(self.web.close)

    def workspace(self, sources):
        workspace = Workspace('grace_period = 1s\n[http]\nproxy = %s\n[dedupe]\ndays = 0\n[collect]\ngap = 0s\n[service "fake"]\nkind = libretranslate\n'
                              'url = %s\n%s' % (self.web.url, self.service.url, sources))
        self.addCleanup(workspace.close)
        return workspace

    def run_workspace(self, workspace, code=0):
        result = workspace.call('run', timeout=120)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return sorted(r['title']['source'] for r in workspace.records().values())

    def notes(self, workspace):
        day = workspace.days()[0]
        with open(os.path.join(workspace.out, day, 'report.json'), encoding='utf8') as f:
            return json.dumps(json.load(f), ensure_ascii=False)


class Sites(Bench):
    def setUp(self):
        super().setUp()
        self.web.pages = {'radio.example/1': page('Uno'), 'radio.example/2': page('Dos')}

    def site(self, address='http://radio.example/'):
        return self.workspace('[source "radio"]\nkind = site\nurl = %s\n' % address)

    def test_the_feed_that_the_page_names_is_read_and_remembered(self):
        self.web.pages.update({'radio.example/': site_page('/comments/feed', '/noticias.xml', '/cultura.xml'), 'radio.example/noticias.xml': rss(NEWS)})
        workspace = self.site()
        self.assertEqual(self.run_workspace(workspace), ['Dos', 'Uno'])
        self.assertIn('http://radio.example/ links to the feed http://radio.example/noticias.xml, which will be used from now on; '
                      'it also links to http://radio.example/cultura.xml, http://radio.example/comments/feed', self.notes(workspace))
        self.run_workspace(workspace)
        self.assertEqual(self.web.paths_of('radio.example').count('/'), 1)
        self.assertEqual(self.web.paths_of('radio.example').count('/noticias.xml'), 2)
        self.assertNotIn('which will be used from now on', self.notes(workspace))

    def test_a_feed_in_a_comment_is_ignored_and_the_usual_paths_are_tried(self):
        self.web.pages.update({'radio.example/': '<html><head><!-- %s --></head><body>x</body></html>' % site_page('/old.xml'), 'radio.example/rss.xml': rss(NEWS)})
        workspace = self.site()
        self.assertEqual(self.run_workspace(workspace), ['Dos', 'Uno'])
        self.assertIn('links to no usable feed, but has one at http://radio.example/rss.xml', self.notes(workspace))
        self.assertNotIn('/old.xml', self.web.paths_of('radio.example'))

    def test_if_a_named_feed_is_gone_the_next_one_is_used(self):
        self.web.pages.update({'radio.example/': site_page('/gone.xml', '/atom'), 'radio.example/atom': rss(NEWS)})
        self.assertEqual(self.run_workspace(self.site()), ['Dos', 'Uno'])

    def test_the_address_may_be_the_feed_itself(self):
        self.web.pages['radio.example/news'] = rss(NEWS)
        workspace = self.site('http://radio.example/news')
        self.assertEqual(self.run_workspace(workspace), ['Dos', 'Uno'])
        self.assertIn('is itself a feed', self.notes(workspace))

    def test_a_feed_that_moves_away_is_looked_for_again(self):
        self.web.pages.update({'radio.example/': site_page('/a.xml'), 'radio.example/a.xml': rss(NEWS)})
        workspace = self.site()
        self.run_workspace(workspace)
        del self.web.pages['radio.example/a.xml']
        self.web.pages.update({'radio.example/': site_page('/b.xml'), 'radio.example/b.xml': rss(feed(('/1', 'Uno', TEASER), ('/3', 'Tres', TEASER))),
                               'radio.example/3': page('Tres')})
        self.assertEqual(self.run_workspace(workspace), ['Dos', 'Tres', 'Uno'])
        self.assertIn('links to the feed http://radio.example/b.xml', self.notes(workspace))

    def test_a_site_without_a_feed_says_so(self):
        self.web.pages['radio.example/'] = site_page()
        workspace = self.site()
        self.run_workspace(workspace, 69)
        self.assertIn('no feed was found for http://radio.example/', self.notes(workspace))
        self.assertIn('/feed', self.web.paths_of('radio.example'))

    def test_a_feed_that_fails_temporarily_is_not_replaced(self):
        self.web.pages.update({'radio.example/': site_page('/a.xml', '/cultura.xml'), 'radio.example/a.xml': Answer(503), 'radio.example/cultura.xml': rss(NEWS)})
        self.assertEqual(self.run_workspace(self.site(), 69), [])
        self.assertNotIn('/cultura.xml', self.web.paths_of('radio.example'))


def item(*parts):
    return '<item>%s</item>' % ''.join(parts)


def channel(*items):
    return '<rss version="2.0"><channel><title>Avisos</title><language>es</language>%s</channel></rss>' % ''.join(items)


def notice(number, title, guid='<guid isPermaLink="false">N/A</guid>'):
    return item('<title>%s</title><link>http://radio.example/avisos#%d</link><description>%s</description>' % (title, number, TEASER), guid)


class Items(Bench):
    def setUp(self):
        super().setUp()
        self.web.pages = {'radio.example/avisos': Answer(404)}

    def read(self, workspace, text, code=0):
        self.web.pages['feeds.example/rss'] = rss(text)
        return self.run_workspace(workspace, code)

    def feed_workspace(self):
        return self.workspace('[source "avisos"]\nkind = feed\nurl = http://feeds.example/rss\n')

    def test_not_modified_is_no_redirect_whatever_address_it_names(self):
        """Some servers repeat the feed's address, others name that of the site."""
        for location in '/rss', 'http://radio.example/rss', 'http://elsewhere.example/', 'http://127.0.0.1/':
            asked = []

            def answer(visit):
                asked.append(visit.headers['If-None-Match'])
                if asked[-1]:
                    return Answer(304, b'', {'ETag': '"1"', 'Location': location})
                return Answer(200, NEWS.encode(), dict(XML, ETag='"1"'))
            self.web.pages = {'radio.example/rss': answer, 'radio.example/1': page('Uno'), 'radio.example/2': page('Dos')}
            workspace = self.workspace('[source "radio"]\nkind = feed\nurl = http://radio.example/rss\n')
            with self.subTest(location=location):
                self.assertEqual(self.run_workspace(workspace), ['Dos', 'Uno'])
                self.assertEqual(self.run_workspace(workspace), ['Dos', 'Uno'])
                self.assertEqual(asked, [None, '"1"'])

    def test_every_item_is_taken_once_even_if_guids_repeat(self):
        workspace = self.feed_workspace()
        three = channel(notice(1, 'Agua'), notice(2, 'Autobuses'), notice(3, 'Mercado'))
        self.assertEqual(self.read(workspace, three), ['Agua', 'Autobuses', 'Mercado'])
        asked = self.service.requests
        self.assertEqual(self.read(workspace, three), ['Agua', 'Autobuses', 'Mercado'])
        self.assertEqual(self.read(workspace, channel(notice(3, 'Mercado'), notice(4, 'Feria'))), ['Agua', 'Autobuses', 'Feria', 'Mercado'])
        self.assertEqual(self.service.requests, asked + 1)
        self.assertEqual(self.read(workspace, channel(notice(5, 'Cine'))), ['Agua', 'Autobuses', 'Cine', 'Feria', 'Mercado'])

    def test_items_without_a_guid_differ_by_the_fragment(self):
        self.assertEqual(self.read(self.feed_workspace(), channel(notice(1, 'Agua', ''), notice(2, 'Autobuses', ''))), ['Agua', 'Autobuses'])

    def test_items_with_one_address_differ_by_title_and_date(self):
        same = '<link>http://radio.example/avisos</link><description>%s</description>' % TEASER
        items = [item('<title>Marea</title><pubDate>Thu, %d Jan 2026 08:00:00 +0100</pubDate>' % day, same) for day in (22, 29)]
        self.assertEqual(self.read(self.feed_workspace(), channel(*items)), ['Marea', 'Marea'])

    def test_a_headline_alone_is_a_partial_article(self):
        workspace = self.feed_workspace()
        only = channel(item('<title>El puerto reabre hoy</title><guid isPermaLink="false">k1</guid>'),
                       item('<title>Entrevista con la capitana</title><enclosure url="http://radio.example/p.mp3" type="audio/mpeg" length="1"/>'
                            '<guid isPermaLink="false">k2</guid><description/>'))
        self.assertEqual(self.read(workspace, only), ['El puerto reabre hoy', 'Entrevista con la capitana'])
        records = {r['title']['source']: r for r in workspace.records().values()}
        self.assertEqual({r['status'] for r in records.values()}, {'partial'})
        self.assertIn('headline', records['El puerto reabre hoy']['evidence']['note'])
        self.assertEqual(records['Entrevista con la capitana']['enclosure'], {'url': 'http://radio.example/p.mp3', 'type': 'audio/mpeg'})
        exported = json.loads(workspace.call('export', 'jsonfeed').stdout)['items']
        self.assertEqual([i['attachments'] for i in exported if 'attachments' in i], [[{'url': 'http://radio.example/p.mp3', 'mime_type': 'audio/mpeg'}]])
        self.assertEqual(self.read(workspace, only), ['El puerto reabre hoy', 'Entrevista con la capitana'])

    def test_a_page_that_is_gone_leaves_the_headline(self):
        workspace = self.feed_workspace()
        gone = channel(item('<title>El faro se apaga</title><link>http://radio.example/gone</link>'))
        self.assertEqual(self.read(workspace, gone), ['El faro se apaga'])
        self.assertEqual([r['status'] for r in workspace.records().values()], ['partial'])

    def test_an_empty_item_is_reported_once(self):
        workspace = self.feed_workspace()
        self.read(workspace, channel(notice(1, 'Agua', ''), item('<guid isPermaLink="false">x</guid>')), 3)
        self.assertIn('it has no headline, address or text', self.notes(workspace))
        self.read(workspace, channel(item('<guid isPermaLink="false">x</guid>'), notice(1, 'Agua', '')))
        self.read(workspace, channel(notice(2, 'Luz', ''), item('<guid isPermaLink="false">y</guid>'), notice(1, 'Agua', '')))

    def test_the_encoding_of_an_unlabelled_feed_is_detected(self):
        workspace = self.feed_workspace()
        text = ('<rss version="2.0"><channel><title>Пристаниште</title><item><title>Ќе се отвори мостот кај Ѓорче</title><guid>m1</guid><description>'
                'Градоначалникот рече дека мостот ќе се отвори во вторник, по две години градење, а трошоците се три милиони евра.</description></item></channel></rss>')
        self.assertEqual(self.read(workspace, text.encode('cp1251')), ['Ќе се отвори мостот кај Ѓорче'])
        record, = workspace.records().values()
        self.assertEqual((record['encoding']['name'], record['language']['code']), ('windows-1251', 'mk'))
        self.assertEqual(record['encoding']['evidence'], [{'from': 'model', 'says': 'windows-1251'}])
        self.assertNotIn('repairs', record['encoding'])


if __name__ == '__main__':
    unittest.main()
