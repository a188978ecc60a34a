"""Sources over HTTP, from a fake web behind a proxy: what is requested, how often and when, and what happens on bad answers."""
import gzip
import itertools
import json
import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService, http_date                  # noqa: E402
from program import Workspace                                                 # noqa: E402
from web import PARAGRAPH, Web, feed, page                               # noqa: E402

TEASER = 'El puente se abre antes del verano, dijo ayer la alcaldesa a los vecinos que se reunieron en la plaza mayor del barrio.'
MOST_MEMORY = 250000            # KiB, with the overhead of sanitizers
SLACK = 0.05                    # seconds by which a request may be delayed relative to the next one


def feed_source(*urls):
    return ''.join('[source "feed%d"]\nkind = feed\nurl = %s\n' % (n, url) for n, url in enumerate(urls))


def page_source(*urls):
    return '[source "pages"]\nkind = page\n' + ''.join('url = %s\n' % url for url in urls)


class Sources(unittest.TestCase):
    def setUp(self):
        self.web, self.service = Web(), FakeService()
        self.addCleanup(self.service.close)
        self.addCleanup(self.web.close)

    def workspace(self, sources, collect='gap = 0s\n', more=''):
        workspace = Workspace('grace_period = 1s\n%s[http]\nproxy = %s\n[dedupe]\ndays = 0\n[collect]\n%s[service "fake"]\nkind = libretranslate\nurl = %s\n%s'
                    % (more, self.web.url, collect, self.service.url, sources))
        self.addCleanup(workspace.close)
        return workspace

    def run_workspace(self, workspace, code=0):
        result = workspace.call('run', timeout=60)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return {r['url']: r for r in workspace.records().values()}

    def report(self, workspace):
        day = workspace.days()[0]
        with open(os.path.join(workspace.out, day, 'report.json'), encoding='utf8') as f:
            return json.load(f)

    def source_text(self, record):
        return ' '.join(s['source'] for b in record['body'] for s in b['segments'])

    # ---------------------------------------------------------------- robots.txt

    def test_robots_txt_is_fetched_once_and_obeyed(self):
        self.web.pages = {'radio.example/robots.txt': 'User-agent: other\nDisallow: /\n\nUser-agent: Dragoman\nDisallow: /closed/\n',
                          'feeds.example/rss.xml': feed(*(('http://radio.example' + path, 'Obras', TEASER) for path in ('/open/1', '/closed/2', '/open/3'))),
                          'radio.example/open/1': page('Uno'), 'radio.example/closed/2': page('Dos'), 'radio.example/open/3': page('Tres')}
        records = self.run_workspace(self.workspace(feed_source('http://feeds.example/rss.xml')))
        first, *others = self.web.paths_of('radio.example')
        self.assertEqual((first, sorted(others)), ('/robots.txt', ['/open/1', '/open/3']))
        kept_away = records['http://radio.example/closed/2']
        self.assertIn('robots.txt', kept_away['evidence']['note'])
        self.assertEqual(self.source_text(kept_away), TEASER)

    def test_a_host_whose_robots_txt_fails_is_not_read_but_one_without_it_is(self):
        self.web.pages = {'broken.example/robots.txt': Answer(503), 'broken.example/1': page('Uno'), 'free.example/2': page('Dos')}
        workspace = self.workspace(page_source('http://broken.example/1', 'http://free.example/2'))
        self.assertEqual(list(self.run_workspace(workspace, 69)), ['http://free.example/2'])
        self.assertEqual(set(self.web.paths_of('broken.example')), {'/robots.txt'})
        self.assertEqual(workspace.status()['waiting'], 1)

    # ---------------------------------------------------------------- how often

    def test_the_gap_also_applies_after_the_feed(self):
        self.web.pages = {'radio.example/rss.xml': feed(('/1', 'Uno', TEASER), ('/2', 'Dos', TEASER)),
                          'radio.example/1': page('Uno'), 'radio.example/2': page('Dos'),
                          'quick.example/1': page('Tres'), 'quick.example/2': page('Cuatro')}
        self.run_workspace(self.workspace(feed_source('http://radio.example/rss.xml') + page_source('http://quick.example/1', 'http://quick.example/2'),
                                          'gap = 1300ms\n'))
        for host, count in (('radio.example', 3), ('quick.example', 2)):
            gaps = self.web.gaps_of(host)
            self.assertEqual(len(gaps), count)
            self.assertGreaterEqual(min(gaps), 1.3 - SLACK)
        first = [self.web.visits_of(host)[0].time for host in ('radio.example', 'quick.example')]
        self.assertLess(abs(first[0] - first[1]), 1)             # hosts do not wait for each other

    def test_few_pages_of_a_host_are_fetched_at_a_time(self):
        def slow(_visit):
            time.sleep(0.3)
            return page('Lento')
        names = ['/%d' % n for n in range(6)]
        self.web.pages = {'slow.example' + name: slow for name in names}
        self.run_workspace(self.workspace(page_source(*('http://slow.example' + name for name in names)), 'gap = 0s\nconcurrency = 2\n'))
        self.assertEqual((self.web.peaks['slow.example'], len(self.web.visits)), (2, 7))

    # ---------------------------------------------------------------- what is remembered

    def test_an_unchanged_feed_is_not_transferred_again(self):
        def tagged(visit):
            same = visit.headers['If-None-Match'] == '"v1"' and visit.headers['If-Modified-Since'] == 'Mon, 05 Jan 2026 10:00:00 GMT'
            validators = {'ETag': '"v1"', 'Last-Modified': 'Mon, 05 Jan 2026 10:00:00 GMT'}
            return Answer(304, b'', validators) if same else Answer(200, feed(('http://radio.example/1', 'Uno', TEASER)).encode(), validators)
        self.web.pages = {'feeds.example/rss.xml': tagged, 'radio.example/1': page('Uno')}
        workspace = self.workspace(feed_source('http://feeds.example/rss.xml'))
        self.run_workspace(workspace)
        self.run_workspace(workspace)
        first, second = self.web.visits_of('feeds.example', '/rss.xml')
        self.assertEqual((first.headers['If-None-Match'], first.headers['If-Modified-Since']), (None, None))
        self.assertEqual(second.headers['If-None-Match'], '"v1"')
        report = self.report(workspace)
        self.assertEqual((report['found'], report['known'], report['sources_failed'], len(workspace.records())), (0, 0, 0, 1))

    def test_only_a_permanent_move_is_remembered(self):
        there = feed(('http://new.example/1', 'Uno', TEASER))
        self.web.pages = {'old.example/rss.xml': Answer(301, b'', {'Location': 'http://new.example/rss.xml'}),
                          'new.example/rss.xml': there, 'new.example/1': page('Uno'),
                          'away.example/rss.xml': Answer(302, b'', {'Location': 'http://guest.example/rss.xml'}),
                          'guest.example/rss.xml': there,
                          'mixed.example/rss.xml': Answer(308, b'', {'Location': 'http://away.example/rss.xml'})}
        workspace = self.workspace(feed_source(*('http://%s.example/rss.xml' % name for name in ('old', 'away', 'mixed'))))
        self.run_workspace(workspace)
        self.run_workspace(workspace)
        asked = {host: len(self.web.visits_of(host + '.example', '/rss.xml')) for host in ('old', 'new', 'away', 'guest', 'mixed')}
        self.assertEqual(asked, {'old': 1, 'new': 2, 'away': 4, 'guest': 4, 'mixed': 2})

    def test_a_remembered_move_that_leads_nowhere_is_forgotten(self):
        self.web.pages = {'old.example/rss.xml': Answer(301, b'', {'Location': 'http://new.example/rss.xml'}),
                          'new.example/rss.xml': feed(('http://new.example/1', 'Uno', TEASER)), 'new.example/1': page('Uno')}
        workspace = self.workspace(feed_source('http://old.example/rss.xml'))
        self.run_workspace(workspace)
        self.web.pages['old.example/rss.xml'] = self.web.pages.pop('new.example/rss.xml')
        self.run_workspace(workspace, 69)
        self.run_workspace(workspace)
        self.assertEqual(len(self.web.visits_of('old.example', '/rss.xml')), 2)

    # ---------------------------------------------------------------- Retry-After

    def test_a_short_retry_after_is_waited_for(self):
        def once(status, wait):
            answers = iter([Answer(status, b'busy', {'Retry-After': wait})])
            return lambda _visit: next(answers, page('Uno'))
        hosts = {'many.example': (429, '2'), 'dated.example': (429, http_date(3)), 'down.example': (503, '2')}
        for host, (status, wait) in hosts.items():
            self.web.pages.update({host + '/1': once(status, wait), host + '/2': page('Dos')})
        self.run_workspace(self.workspace(page_source(*('http://%s/%d' % (host, n) for n in (1, 2) for host in hosts)), 'gap = 0s\nconcurrency = 1\n'))
        for host in hosts:
            first = self.web.visits_of(host, '/1')
            self.assertEqual(len(first), 2, host)
            later = [v for v in self.web.visits_of(host) if v.time > first[0].time]
            self.assertGreaterEqual(min(v.time for v in later) - first[0].time, 1, host)   # nor anything else of this host

    def test_after_a_long_retry_after_the_host_is_not_read_in_this_run(self):
        busy = Answer(429, b'busy', {'Retry-After': '3600'})
        self.web.pages = {'far.example/%d' % n: busy for n in range(8)}
        workspace = self.workspace(page_source(*('http://far.example/%d' % n for n in range(8))), 'gap = 0s\nconcurrency = 1\n')
        self.run_workspace(workspace, 69)
        self.assertEqual(len(self.web.visits_of('far.example')), 2)            # robots.txt, and one page
        self.assertEqual(workspace.status()['waiting'], 8)

    # ---------------------------------------------------------------- who asks

    def test_every_request_has_the_user_agent(self):
        self.web.pages = {'feeds.example/rss.xml': feed(('http://radio.example/1', 'Uno', TEASER)), 'radio.example/1': page('Uno')}
        version = self.workspace('').call('--version').stdout.decode().split()[1]
        self.run_workspace(self.workspace(feed_source('http://feeds.example/rss.xml')))
        self.assertEqual({v.headers['User-Agent'] for v in self.web.visits}, {'Dragoman/' + version})
        self.assertEqual(len(self.web.visits), 3)

    def test_a_service_on_this_machine_bypasses_the_proxy(self):
        self.web.pages = {'radio.example/1': page('Uno')}
        self.run_workspace(self.workspace(page_source('http://radio.example/1')))
        self.assertGreater(self.service.requests, 0)
        self.assertEqual({v.host for v in self.web.visits}, {'radio.example'})

    # ---------------------------------------------------------------- feed or page

    def test_a_teaser_is_not_taken_for_the_article(self):
        whole = ''.join('<p>%s</p>' % (PARAGRAPH % name) for name in ('romano', 'colgante', 'de madera', 'del tren'))
        items = [('/teaser', 'Uno', TEASER), ('/whole', 'Dos', TEASER, whole), ('/gone', 'Tres', TEASER)]
        self.web.pages = {'feeds.example/rss.xml': feed(*(('http://radio.example' + path, *rest) for path, *rest in items)),
                          'radio.example/teaser': page('Uno'), 'radio.example/whole': page('Dos')}
        records = self.run_workspace(self.workspace(feed_source('http://feeds.example/rss.xml')))
        texts = {url.rsplit('/', 1)[1]: self.source_text(record) for url, record in records.items()}
        self.assertIn('puente de hierro', texts['teaser'])
        self.assertIn('puente romano', texts['whole'])
        self.assertEqual(self.web.visits_of('radio.example', '/whole'), [])
        self.assertEqual(texts['gone'], TEASER)
        evidence = records['http://radio.example/gone']['evidence']
        self.assertTrue(evidence['truncated'])
        self.assertIn('404', evidence['note'])

    def test_the_end_of_a_run_does_not_make_the_feed_s_text_the_article(self):
        """A page that the run did not come to is fetched by the next one."""
        names = 'abcdef'
        self.web.pages = {'radio.example/%s' % n: page(n) for n in names}
        self.web.pages['feeds.example/rss.xml'] = feed(*[('http://radio.example/%s' % n, n, TEASER) for n in names])
        workspace = self.workspace(feed_source('http://feeds.example/rss.xml'), collect='gap = 1s\n')
        workspace.call('--set', 'run.deadline=2s', 'run', timeout=60)
        self.assertEqual({r['status'] for r in workspace.records().values()} - {'complete'}, set())
        self.assertLess(workspace.status()['done'], 6)
        workspace.call('--set', 'collect.gap=0s', 'run', timeout=60)
        self.assertEqual([r['status'] for r in workspace.records().values()], ['complete'] * 6)

    # ---------------------------------------------------------------- hostile hosts

    def test_a_host_that_hangs_delays_no_other(self):
        self.web.pages = {'hung.example/rss.xml': self.web.hang, 'silent.example/robots.txt': self.web.hang, 'slow.example/1': self.web.hang,
                          'feeds.example/rss.xml': feed(('http://radio.example/1', 'Uno', TEASER)), 'radio.example/1': page('Uno')}
        workspace = self.workspace(feed_source('http://hung.example/rss.xml', 'http://feeds.example/rss.xml')
                                   + page_source('http://silent.example/1', 'http://slow.example/1'))
        started, process = time.monotonic(), workspace.start('run')
        while not workspace.records() and time.monotonic() - started < 20:
            time.sleep(0.05)
        taken = time.monotonic() - started
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        self.assertEqual([r['url'] for r in workspace.records().values()], ['http://radio.example/1'])
        self.assertLess(taken, 10)                               # a request to a host that hangs lasts 30 s
        self.assertEqual({v.host for v in self.web.visits}, {name + '.example' for name in ('hung', 'silent', 'slow', 'feeds', 'radio')})

    def test_private_addresses_are_not_requested_through_a_proxy_either(self):
        self.web.pages = {'169.254.169.254/latest': page('Uno'), '127.0.0.1/secret': page('Dos'), 'radio.example/good': page('Tres'),
                          'radio.example/moved': Answer(302, b'', {'Location': 'http://127.0.0.1/secret'})}
        self.web.pages['feeds.example/rss.xml'] = feed(('http://169.254.169.254/latest', 'Uno', ''), ('http://radio.example/moved', 'Dos', ''))
        workspace = self.workspace(feed_source('http://feeds.example/rss.xml') + page_source('http://radio.example/good'))
        records = self.run_workspace(workspace)
        self.assertEqual({url: r['status'] for url, r in records.items()},
                         {'http://radio.example/good': 'complete', 'http://169.254.169.254/latest': 'partial', 'http://radio.example/moved': 'partial'})
        self.assertIn('local_hosts = 127.0.0.1', records['http://radio.example/moved']['evidence']['note'])
        self.assertEqual({v.host for v in self.web.visits}, {'feeds.example', 'radio.example'})

    def test_hosts_in_any_alphabet_are_requested_in_ascii(self):
        """Also after a redirect, and under the rules for private addresses. Records keep the spelling of the source."""
        self.web.pages = {'xn--bcher-kva.example/rss': feed(('http://bücher.example/1', 'Uno', ''), ('/2', 'Dos', ''), ('http://новини.example/3', 'Tres', ''),
                                                            ('http://xn--bcher-kva.example/1', 'Uno', ''), ('http://\uff11\uff12\uff17.0.0.1/4', 'Cuatro', ''), ('http://-ü.example/5', 'Cinco', '')),
                          'xn--bcher-kva.example/1': page('Uno'), 'xn--bcher-kva.example/2': Answer(302, b'', {'Location': '/dos'}), 'xn--bcher-kva.example/dos': page('Dos'),
                          'xn--b1amarcd.example/3': Answer(302, b'', {'Location': 'http://новини.example/tres'.encode().decode('latin-1')}), 'xn--b1amarcd.example/tres': page('Tres'),
                          '127.0.0.1/4': page('Cuatro')}
        records = self.run_workspace(self.workspace(feed_source('http://Bücher.example/rss')))
        self.assertEqual({url: r['status'] for url, r in records.items()},
                         {'http://bücher.example/1': 'complete', 'http://Bücher.example/2': 'complete', 'http://новини.example/3': 'complete',
                          'http://\uff11\uff12\uff17.0.0.1/4': 'partial', 'http://-ü.example/5': 'partial'})
        self.assertIn('local_hosts = 127.0.0.1', records['http://\uff11\uff12\uff17.0.0.1/4']['evidence']['note'])
        self.assertIn('the host -ü.example is not a valid internet name', records['http://-ü.example/5']['evidence']['note'])
        self.assertEqual({v.host for v in self.web.visits}, {'xn--bcher-kva.example', 'xn--b1amarcd.example'})
        self.assertEqual(len(self.web.visits_of('xn--bcher-kva.example', '/robots.txt')), 1)

    def test_endless_bodies_are_cut_off(self):
        sent = []

        def endless(_visit):
            def parts():
                for part in itertools.repeat(b'<p>' + b'agua ' * 13000):
                    sent.append(len(part))
                    yield part
            return Answer(200, b'<html>', {'Content-Type': 'text/html'}, length=1 << 40, more=parts())
        bomb = Answer(200, gzip.compress(bytes(256 << 20), 1), {'Content-Type': 'text/html', 'Content-Encoding': 'gzip'})
        self.web.pages = {'endless.example/1': endless, 'bomb.example/1': bomb, 'bomb.example/rss.xml': bomb, 'radio.example/2': page('Dos')}
        workspace = self.workspace(page_source('http://endless.example/1', 'http://bomb.example/1', 'http://radio.example/2')
                                   + feed_source('http://bomb.example/rss.xml'), 'gap = 0s\nmax_bytes = 1M\ntimeout = 5s\n')
        process = workspace.start('run')
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 3)
        self.assertLess(usage.ru_maxrss, MOST_MEMORY)
        self.assertEqual([r['url'] for r in workspace.records().values()], ['http://radio.example/2'])
        notes = {note['where']: note['what'] for note in self.report(workspace)['notes']}
        for where in ('http://endless.example/1', 'http://bomb.example/1', 'feed0'):
            self.assertIn('larger than', notes[where])
        self.assertLess(sum(sent), 32 << 20)                     # the limit, and what sockets hold
        self.assertEqual(len(self.web.visits_of('endless.example', '/1')), 1)


if __name__ == '__main__':
    unittest.main()
