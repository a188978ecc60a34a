"""The network table: what becomes of pages, feeds, sitemaps and services when the network or a server fails or is hostile."""
import hashlib
import json
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from hostile import answer, head                                         # noqa: E402
from hostile_faults import FAULTS, SLOW, part                            # noqa: E402
from network import HTML, JSON, RSS, WITH_PROXY, XML, Network, article, translated   # noqa: E402
from network_table import TABLE                                          # noqa: E402
from web import PARAGRAPH, feed                                          # noqa: E402


class Pages(Network):
    """Each fault with a list of pages, one a host."""

    def address(self, name):
        return 'http://p-%s.example/a' % name

    def prepare(self, proxy, names):
        for name in names:
            self.publish('p-%s.example' % name, FAULTS[name](HTML, article(name)))
        return self.workspace('[source "pages"]\nkind = page\n' + ''.join('url = %s\n' % self.address(n) for n in names), proxy)

    def assert_row(self, name, row, records, states, requests):
        address = self.address(name)
        self.assertEqual(self.server.count('p-%s.example' % name, None) - self.server.count('p-%s.example' % name, '/robots.txt'), requests)
        if row.page == 'partial':
            self.assertEqual(records[address]['status'], 'partial')
            self.assertTrue(records[address]['evidence']['truncated'])
            self.assertRegex(records[address]['evidence']['note'], row.page_words)
            self.assertNotIn(address, states)
        else:
            self.assertNotIn(address, records)
            self.assertEqual(states[address][0], row.page, states[address])
            self.assertRegex(states[address][1], row.page_words)

    def assert_all(self, workspace, requests):
        records, states = self.records(workspace), self.states(workspace)
        for name, row in TABLE.items():
            with self.subTest(page=name):
                self.assert_row(name, row, records, states, requests(row))

    def test_each_fault(self):
        for proxy in WITH_PROXY:
            with self.subTest(proxy=proxy):
                self.play(proxy)

    def play(self, proxy):
        workspace = self.prepare(proxy, TABLE)
        report = self.run_workspace(workspace, 3)
        counts = {state: sum(row.page == state for row in TABLE.values()) for state in ('waits', 'failed', 'partial')}
        self.assertEqual((report['waiting'], report['failed'], report['partial'], report['complete']), (*(counts[s] for s in ('waits', 'failed', 'partial')), 0))
        self.assert_all(workspace, lambda row: row.page_requests)
        bought = len(self.service.bills)
        self.run_workspace(workspace, 69)                       # only what waits is asked for again
        self.assert_all(workspace, lambda row: row.page_requests if row.page == 'waits' else 0)
        self.assertEqual(len(self.service.bills), bought)
        self.mend(workspace)

    def mend(self, workspace):
        """Everything that waited is completed by the next run, the rest by `retry`."""
        for name in TABLE:
            self.publish('p-%s.example' % name, answer(article(name)))
        self.run_workspace(workspace, 0)
        for name, row in TABLE.items():
            self.assertEqual(self.records(workspace).get(self.address(name), {}).get('status'), {'waits': 'complete', 'partial': 'partial'}.get(row.page), name)
        self.assertEqual(self.call(workspace, 'retry').returncode, 0)
        self.run_workspace(workspace, 0)
        records = self.records(workspace)
        for name in TABLE:
            record = records[self.address(name)]
            self.assertEqual((record['status'], record['evidence'].get('note'), record['evidence'].get('truncated')), ('complete', None, None), name)
            self.assertEqual(record['evidence']['sha256'], hashlib.sha256(article(name)).hexdigest())

    def test_what_is_cut_is_completed_by_another_attempt(self):
        """Only the first reply is cut."""
        def play(fault, good):
            replies = [fault]
            return lambda connection, visit: replies.pop() if replies else good
        names = 'cut-open', 'cut-gzip', 'length-short', 'garbage', 'cut-headers'
        workspace = self.prepare(False, names)
        for name in names:
            self.server.pages['p-%s.example' % name] = play(FAULTS[name](HTML, article(name)), answer(article(name)))
        self.run_workspace(workspace, 0)
        self.assertEqual([(r['status'], r['evidence'].get('note')) for r in workspace.records().values()], [('complete', None)] * len(names))

    def test_whole_pages_without_a_length_are_complete(self):
        """Nor is a page cut off whose optional end tags are left out, if its length is known."""
        text = article('larga')
        short = text.replace(b'</body></html>', b'')
        pages = {'open': head(200, Content_Type=HTML) + b'\r\n' + text, 'old': b'HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n' + text, 'short': answer(short),
                 'tail': head(200, Content_Type=HTML) + b'\r\n' + text + b'\n<!-- cached -->\n<script>'}
        for name, given in pages.items():
            self.publish('w-%s.example' % name, given)
        workspace = self.workspace('[source "pages"]\nkind = page\n' + ''.join('url = http://w-%s.example/a\n' % n for n in pages))
        self.run_workspace(workspace, 0)
        self.assertEqual([(r['status'], r['evidence'].get('note')) for r in workspace.records().values()], [('complete', None)] * len(pages))
        self.assertEqual(len(self.server.visits), 2 * len(pages))

    def test_a_cut_page_is_told_on_the_day_s_page(self):
        workspace = self.prepare(False, ['cut-open'])
        self.assertEqual(self.run_workspace(workspace, 0)['partial'], 1)
        day = workspace.days()[0]
        for name in 'digest.md', 'digest.json':
            with open(os.path.join(workspace.out, day, name), encoding='utf8') as f:
                self.assertIn('The page is cut off: the server sent only a part of it.', f.read(), name)

    def test_the_feed_s_text_replaces_a_page_of_which_no_text_arrived(self):
        words = 'El puente se abre antes del verano, dijo ayer la alcaldesa a los vecinos que se reunieron en la plaza mayor del barrio.'
        names = 'cut-gzip', 'garbage', 'to-file', 'br-bomb'
        self.prepare(False, names)
        self.publish('feeds.example', answer(feed(*((self.address(n), 'Obras ' + n, words) for n in names)), RSS))
        workspace = self.workspace('[source "radio"]\nkind = feed\nurl = http://feeds.example/a\n')
        self.run_workspace(workspace, 0)
        for name in names:
            record = self.records(workspace)[self.address(name)]
            self.assertEqual((record['status'], record['evidence']['truncated']), ('partial', True), name)
            self.assertRegex(record['evidence']['note'], 'from the feed')

    def test_a_page_that_hangs_or_drips_waits(self):
        for name, fault in SLOW.items():
            self.publish('p-%s.example' % name, fault(HTML, article(name)))
        workspace = self.workspace('[source "pages"]\nkind = page\n' + ''.join('url = %s\n' % self.address(n) for n in SLOW), collect='timeout = 1s\nrobots = no\n')
        self.run_workspace(workspace, 69)
        states = self.states(workspace)
        for name in SLOW:
            self.assertEqual(states[self.address(name)][0], 'waits')
            self.assertIn('p-%s.example timed out: try again later' % name, states[self.address(name)][1])
            self.assert_asked('p-%s.example' % name, 3)
        self.assertEqual(self.records(workspace), {})

    def test_exit_codes(self):
        for name, code in ('reset', 69), ('cut-open', 0), ('gzip-bomb', 3):
            with self.subTest(page=name):
                self.run_workspace(self.prepare(False, [name]), code)


class Lists(Network):
    """Each fault with feeds and sitemaps. A pattern keeps what they list from being fetched, so that it is only counted."""
    KINDS = {'feed': RSS, 'sitemap': XML}

    def body(self, kind, name, count=3):
        links = ['http://item.example/%s/%s/%d' % (kind, name, n) for n in range(count)]
        if kind == 'feed':
            return feed(*((link, 'Nota ' + name, 'Un resumen.') for link in links)).encode()
        return ('<urlset>%s</urlset>' % ''.join('<url><loc>%s</loc><lastmod>2026-01-05</lastmod></url>' % link for link in links)).encode()

    def prepare(self, proxy, names, kinds=tuple(KINDS)):
        text = ''
        for kind in kinds:
            for name in names:
                self.publish('%s-%s.example' % (kind, name), FAULTS[name](self.KINDS[kind], self.body(kind, name)))
                text += '[source "%s-%s"]\nkind = %s\nurl = http://%s-%s.example/a\nmax_bytes = 1M\ndrop = address: item.example\n' % (kind, name, kind, kind, name)
        return self.workspace(text, proxy)

    def taken(self, report):
        return {s['source']: s['articles'] for s in report['skipped_for']}

    def assert_all(self, workspace, report, again=False):
        notes, taken = self.notes(workspace), self.taken(report)
        for kind in self.KINDS:
            for name, row in TABLE.items():
                with self.subTest(source='%s-%s' % (kind, name)):
                    source = '%s-%s' % (kind, name)
                    self.assertEqual(self.server.count(source + '.example'), row.list_requests)
                    before = int(re.search(r'the (\d)', row.list_words).group(1)) if row.list == 'cut' else 3 if row.list == 'read' else 0
                    self.assertEqual(taken.get(source, 0), 0 if again else before)
                    self.assertEqual(source in notes, row.list != 'read', notes.get(source))
                    if row.list != 'read':
                        self.assertRegex(notes[source], row.list_words)

    def test_each_fault(self):
        for proxy in WITH_PROXY:
            with self.subTest(proxy=proxy):
                self.play(proxy)

    def play(self, proxy):
        workspace = self.prepare(proxy, TABLE)
        counts = [len(self.KINDS) * sum(row.list == state for row in TABLE.values()) for state in ('fails', 'cut')]
        for again in False, True:
            report = self.run_workspace(workspace, 69 if again else 3)
            self.assertEqual([report['sources_failed'], report['items_unusable']], counts)
            self.assert_all(workspace, report, again)
        for kind in self.KINDS:
            for name in TABLE:
                self.publish('%s-%s.example' % (kind, name), answer(self.body(kind, name), self.KINDS[kind]))
        report = self.run_workspace(workspace, 0)
        self.assertEqual((report['sources_failed'], report['items_unusable'], report['notes']), (0, 0, []))
        self.assertEqual(sum(self.taken(report).values()) + report['known'], 3 * len(self.KINDS) * len(TABLE))

    def test_exit_codes(self):
        for name, code in ('garbage', 69), ('cut-open', 3):
            with self.subTest(source=name):
                self.run_workspace(self.prepare(False, [name]), code)

    def test_what_followed_a_cut_is_asked_for_again(self):
        """The validators of a feed that was cut would hide the rest."""
        tags = {'ETag': '"v1"', 'Last-Modified': 'Mon, 05 Jan 2026 10:00:00 GMT'}
        whole, replies = self.body('feed', 'tagged'), []

        def tagged(connection, visit):
            if 'if-none-match' in visit.headers or 'if-modified-since' in visit.headers:
                return head(304, **tags) + b'\r\n'
            replies.append(visit)
            return head(200, Content_Type=RSS, **tags) + b'\r\n' + (part(whole) if len(replies) == 1 else whole)
        workspace = self.prepare(False, [])
        self.publish('tagged.example', tagged)
        workspace = self.workspace('[source "tagged"]\nkind = feed\nurl = http://tagged.example/a\ndrop = address: item.example\n')
        self.assertEqual(self.taken(self.run_workspace(workspace, 3)), {'tagged': 1})
        self.assertEqual(self.taken(self.run_workspace(workspace, 0)), {'tagged': 2})
        self.run_workspace(workspace, 0)
        self.assertEqual(len(replies), 2)

    def test_a_thousand_feeds_of_which_a_tenth_fail(self):
        names = sorted(n for n, row in TABLE.items() if row.list == 'fails' and row.list_requests == 1 and 'bomb' not in n and 'header' not in n)
        text, failing, whole = '', [], '<p>%s</p>' % '</p><p>'.join(PARAGRAPH % n for n in ('viejo', 'nuevo', 'alto', 'de hierro'))
        for n in range(1000):
            host = 'f%d.example' % n
            if n % 10 == 3:
                failing.append('f%d' % n)
                self.server.pages[host] = FAULTS[names[n // 10 % len(names)]](RSS, self.body('feed', str(n), 1))
            elif n % 100 == 50:
                self.server.pages[host] = answer(feed(('http://f%d.example/b' % n, 'Obras %d' % n, '', whole.replace('verano', 'verano %d' % n))), RSS)
            else:
                self.server.pages[host] = answer(self.body('feed', str(n), 1), RSS)
            text += '[source "f%d"]\nkind = feed\nurl = http://%s/a\ndrop = address: item.example\n' % (n, host)
        workspace = self.workspace(text, True)
        for found in 900, 0:
            report = self.run_workspace(workspace, 69)
            self.assertEqual((report['sources_failed'], report['found'], report['known'], report['items_unusable']), (100, found, 900 - found, 0))
            self.assertEqual(sorted(set(n['where'] for n in report['notes'])), sorted(failing))
            for n in range(1000):
                self.assertEqual(self.server.count('f%d.example' % n, '/a'), 1 + 5 * (self.fault_of(n, names) in ('loop', 'loop-growing')), n)
        self.assertEqual([r['status'] for r in workspace.records().values()], ['complete'] * 10)
        self.assertEqual(len(self.service.bills), len(set(self.service.bills)))

    @staticmethod
    def fault_of(n, names):
        return names[n // 10 % len(names)] if n % 10 == 3 else None


class Services(Network):
    """Each fault with a service, each with an article and a route of its own."""

    def prepare(self, proxy, names):
        text, body = '', json.dumps({'translatedText': ['Works on their quiet street went well enough.']}).encode()
        for name in names:
            self.publish('s-%s.example' % name, (FAULTS.get(name) or SLOW[name])(JSON, body), robots=False)
            text += ('[service "%s"]\nkind = libretranslate\nurl = http://s-%s.example\nattempts = 3\ntimeout = %s\n[source "for-%s"]\nkind = files\npath = %s.txt\n'
                     '[route "%s"]\nsources = for-%s\nservices = %s\n' % (name, name, '1s' if name in SLOW else '30s', name, name, name, name, name))
        workspace = self.workspace(text, proxy)
        for number, name in enumerate(names):
            with open(os.path.join(workspace.folder, name + '.txt'), 'w', encoding='utf8') as f:
                f.write('Los vecinos de la calle %d piden al ayuntamiento %s que abra el mercado antes del verano.' % (number, name))
        return workspace

    def test_each_fault(self):
        for proxy in WITH_PROXY:
            with self.subTest(proxy=proxy):
                self.play(proxy)

    def play(self, proxy):
        workspace = self.prepare(proxy, TABLE)
        good = {name for name, row in TABLE.items() if row.service_words is None}
        for again in False, True:
            report = self.run_workspace(workspace, 69)
            self.assertEqual((report['waiting'], report['failed'], report['partial']), (len(TABLE) - len(good), 0, 0))
            self.assert_all(workspace, again, good)
        for name in TABLE:
            self.publish('s-%s.example' % name, lambda connection, visit: translated(visit), robots=False)
        self.run_workspace(workspace, 0)
        providers = {os.path.basename(url)[:-4]: (r['status'], [p['service'] for p in r['providers']]) for url, r in self.records(workspace).items()}
        self.assertEqual(providers, {name: ('complete', [name]) for name in TABLE})

    def assert_all(self, workspace, again, good):
        waits = {group['on']: group for group in workspace.status()['waits_for']}
        self.assertEqual(waits.keys(), TABLE.keys() - good)
        for name, row in TABLE.items():
            with self.subTest(service=name):
                self.assertEqual(self.server.count('s-%s.example' % name), 0 if again and name in good else row.service_requests)
                if name not in good:
                    self.assertEqual((waits[name]['for'], waits[name]['articles']), ('service', 1))
                    self.assertRegex(waits[name]['reason'], row.service_words)

    def test_one_that_hangs_or_drips_is_given_up(self):
        workspace = self.prepare(False, SLOW)
        self.assertEqual(self.run_workspace(workspace, 69)['waiting'], len(SLOW))
        for group in workspace.status()['waits_for']:
            self.assertIn('timed out: try again later, or increase the timeout', group['reason'])
            self.assert_asked('s-%s.example' % group['on'], 3)


if __name__ == '__main__':
    unittest.main()
