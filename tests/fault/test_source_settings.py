"""The settings of a source: which local hosts it may reach, which articles are wanted, and how it logs in."""
import base64
import email.utils
import ipaddress
import json
import os
import socket
import sqlite3
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService                             # noqa: E402
from program import Workspace                                            # noqa: E402
from web import PARAGRAPH, Web, feed, page                                        # noqa: E402

TEASER = 'El mercado vuelve a abrir el lunes por la tarde, dijo ayer la concejala a los comerciantes que esperaban en la calle.'


def own_name():
    """Returns this machine's host name if it resolves to a private address, else None (as in a minimal container)."""
    try:
        name = socket.gethostname()
        return name if ipaddress.ip_address(socket.gethostbyname(name)).is_private else None
    except OSError:
        return None


class SourceSettings(unittest.TestCase):
    def setUp(self):
        self.web, self.service = Web(), FakeService()
        self.addCleanup(self.service.close)
        self.addCleanup(self.web.close)

    def local_web(self):
        """Starts a server on this machine and returns it with its 'host:port'."""
        web = Web()
        self.addCleanup(web.close)
        return web, web.url[len('http://'):].rstrip('/')

    def workspace(self, sources, collect='gap = 0s\n', proxy=False, more=''):
        workspace = Workspace('grace_period = 1s\n%s%s[dedupe]\ndays = 0\n[collect]\n%s[service "fake"]\nkind = libretranslate\nurl = %s\n%s'
                              % (more, '[http]\nproxy = %s\n' % self.web.url if proxy else '', collect, self.service.url, sources))
        self.addCleanup(workspace.close)
        return workspace

    def run_workspace(self, workspace, code=0):
        result = workspace.call('run', timeout=120)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return {r['url']: r for r in workspace.records().values()}

    def notes(self, workspace):
        day = workspace.days()[0]
        with open(os.path.join(workspace.out, day, 'report.json'), encoding='utf8') as f:
            return {note['where']: note['what'] for note in json.load(f)['notes']}

    # ---------------------------------------------------------------- local hosts

    def hub(self, *links):
        """Returns a feed on this machine, with its address and the web that serves it."""
        web, host = self.local_web()
        web.pages = {host + '/feed': feed(*((link or 'http://%s/%d' % (host, n), 'Obra %d' % n, TEASER) for n, link in enumerate(links)))}
        web.pages.update({host + '/%d' % n: page('Obra %d' % n) for n in range(len(links))})
        return web, host

    def test_a_feed_on_this_machine_that_the_configuration_names_is_read_with_its_items(self):
        _, host = self.hub(None, None)
        records = self.run_workspace(self.workspace('[source "hub"]\nkind = feed\nurl = http://%s/feed\n' % host))
        self.assertEqual({url: r['status'] for url, r in records.items()},
                         {'http://%s/%d' % (host, n): 'complete' for n in range(2)})
        for record in records.values():
            self.assertNotIn('note', record['evidence'])

    def test_local_hosts_bypass_the_proxy(self):
        web, host = self.hub(None)
        web.pages[host + '/0'] = Answer(302, b'', {'Location': '/moved'})
        web.pages[host + '/moved'] = page('Obra 0')
        records = self.run_workspace(self.workspace('[source "hub"]\nkind = feed\nurl = http://%s/feed\n' % host, proxy=True))
        self.assertNotIn('note', records['http://%s/0' % host]['evidence'])
        self.assertEqual(self.web.visits, [])

    def test_another_port_of_the_machine_is_refused_until_it_is_named(self):
        other, port = self.local_web()
        other.pages = {port + '/a': page('Obra 0'), port + '/b': page('Obra 1')}
        web, host = self.hub('http://%s/a' % port, None)
        web.pages[host + '/1'] = Answer(302, b'', {'Location': 'http://%s/b' % port})
        source = '[source "hub"]\nkind = feed\nurl = http://%s/feed\n' % host
        records = self.run_workspace(self.workspace(source))
        self.assertEqual(other.visits, [])
        self.assertEqual(len(records), 2)
        for record in records.values():                         # the record has the feed's own text and the reason
            self.assertEqual(record['status'], 'partial')
            self.assertIn('%s is on this machine' % port, record['evidence']['note'])
            self.assertIn('local_hosts = %s' % port, record['evidence']['note'])
        records = self.run_workspace(self.workspace(source + 'local_hosts = %s\n' % port))
        self.assertEqual([r['evidence'].get('note') for r in records.values()], [None, None])
        self.assertEqual(set(other.paths_of(port)), {'/robots.txt', '/a', '/b'})

    def test_local_hosts_are_allowed_per_source(self):
        _, host = self.hub(None)
        self.web.pages = {'news.example/rss': feed(('http://%s/0' % host, 'Robada', TEASER))}
        workspace = self.workspace('[source "hub"]\nkind = page\nurl = http://%s/0\n[source "news"]\nkind = feed\nurl = http://news.example/rss\n'
                                   '[source "hook"]\nkind = sitemap\nurl = http://news.example/map.xml\n' % host, proxy=True)
        self.web.pages['news.example/map.xml'] = ('<urlset><url><loc>http://[::1]:9/x</loc></url><url><loc>http://%s/feed</loc></url></urlset>' % host)
        self.run_workspace(workspace, 3)
        notes = self.notes(workspace)
        self.assertIn('local_hosts = [::1]:9', notes['http://[::1]:9/x'])
        self.assertIn('local_hosts = %s' % host, notes['http://%s/feed' % host])
        self.assertEqual({v.host for v in self.web.visits}, {'news.example'})

    def test_a_refused_address_causes_no_delay(self):
        names = ['127.0.0.1:9', 'localhost:9', '[::1]:9', '10.1.2.3:9', '192.168.3.4']
        links = ['http://%s/%d' % (name, n) for name in names for n in range(8)]
        own = own_name()                                         # found to be private when the connection is made
        links += ['http://%s:9/%d' % (own, n) for n in range(40 if own else 0)]
        _, host = self.hub(*links)
        workspace = self.workspace('[source "hub"]\nkind = feed\nurl = http://%s/feed\n' % host, collect='')
        started = time.monotonic()
        records = self.run_workspace(workspace)
        self.assertLess(time.monotonic() - started, 30)          # at one request per second these would take 40 s
        self.assertEqual(len(records), len(links))
        for url, record in records.items():
            self.assertIn('local_hosts = ' + url.split('/')[2], record['evidence']['note'])

    # ---------------------------------------------------------------- which articles are wanted

    def feeds(self, *items):
        """Returns a feed made from (name, headline, age in days, words of the page), and its pages."""
        def item(name, headline, days):
            date = email.utils.formatdate(time.time() - days * 86400) if days is not None else ''
            return ('<item><link>http://radio.example/%s</link><title>%s</title><description>%s</description>%s</item>'
                    % (name, headline, TEASER, date and '<pubDate>%s</pubDate>' % date))
        self.web.pages = {'radio.example/' + name: page(headline).replace('puente viejo', words) for name, headline, _, words in items}
        self.web.pages['feeds.example/rss'] = ('<rss version="2.0"><channel><title>Radio</title>%s</channel></rss>'
                                               % ''.join(item(*rest[:3]) for rest in items))

    def wanted(self, settings, code=0):
        workspace = self.workspace('[source "radio"]\nkind = feed\nurl = http://feeds.example/rss\n' + settings, proxy=True)
        taken = {url.split('radio.example/')[1] for url in self.run_workspace(workspace, code)}
        return workspace, taken, {p[1:] for p in self.web.paths_of('radio.example')} - {'robots.txt'}

    def reasons(self, workspace):
        day = workspace.days()[0]
        with open(os.path.join(workspace.out, day, 'report.json'), encoding='utf8') as f:
            return {(s['source'], s['why']): s['articles'] for s in json.load(f)['skipped_for']}

    def test_old_items_are_reported_and_skipped_without_fetching(self):
        self.feeds(('new', 'Uno', 1, 'a'), ('old', 'Dos', 8, 'b'), ('older', 'Tres', 800, 'c'), ('dateless', 'Cuatro', None, 'd'))
        workspace, taken, fetched = self.wanted('since = 7d\n')
        self.assertEqual((taken, fetched), ({'new', 'dateless'}, {'new', 'dateless'}))
        self.assertEqual(self.reasons(workspace), {('radio', 'it is older than its source allows (since = 7d)'): 2})
        self.assertEqual(self.run_workspace(workspace).keys(), {'http://radio.example/' + name for name in taken})  # known the next time
        self.assertEqual(len(self.web.visits_of('radio.example', '/new')), 1)

    def test_the_page_s_date_is_used_if_the_feed_has_none(self):
        self.feeds(('old', 'Uno', None, 'a'), ('new', 'Dos', None, 'b'))
        for name, days in (('old', 30), ('new', 0)):
            stamp = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() - days * 86400))
            path = 'radio.example/' + name
            self.web.pages[path] = self.web.pages[path].replace('<title>', '<meta property="article:published_time" content="%s"><title>' % stamp)
        self.assertEqual(self.wanted('since = 36h\n')[1], {'new'})

    def test_a_sitemap_s_old_pages_do_not_take_the_place_of_new_ones(self):
        def entry(name, days):
            return '<url><loc>http://radio.example/%s</loc><lastmod>%s</lastmod></url>' % (name, time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime(time.time() - days * 86400)))
        self.web.pages = {'radio.example/map.xml': '<urlset>%s%s<url><loc>http://radio.example/dateless</loc></url></urlset>'
                          % (''.join(entry('old%d' % n, 20 + n) for n in range(30)), entry('new', 2)),
                          'radio.example/new': page('Uno'), 'radio.example/dateless': page('Dos')}
        workspace = self.workspace('[source "radio"]\nkind = sitemap\nurl = http://radio.example/map.xml\nmax_items = 5\nsince = 7d\n', proxy=True)
        self.assertEqual({url.rsplit('/', 1)[1] for url in self.run_workspace(workspace)}, {'new', 'dateless'})
        self.assertIn('30 pages of http://radio.example/map.xml are too old (since = 7d)', self.notes(workspace)['radio'])

    def test_drop_matches_headline_address_and_text_before_anything_is_paid(self):
        self.feeds(('deportes/1', 'Uno', 1, 'a'), ('2', 'HORÓSCOPO de hoy', 1, 'b'), ('3', 'Tres', 1, 'Boletín meteorológico'), ('4', 'Cuatro', 1, 'd'))
        workspace, taken, fetched = self.wanted('drop = /deportes/\ndrop = ^horóscopo\ndrop = "text: boletín +meteo(ro)?lógico"\n')
        self.assertEqual((taken, fetched), ({'4'}, {'3', '4'}))   # pages that the feed alone rules out are not fetched
        self.assertEqual(set(self.reasons(workspace)), {('radio', 'it matches a drop pattern of its source (drop = %s)' % pattern)
                                                        for pattern in ('/deportes/', '^horóscopo', 'text: boletín +meteo(ro)?lógico')})
        alone = self.service.requests
        self.assertGreater(alone, 0)
        self.feeds(('5', 'Cinco', 1, 'Boletín meteorológico'))
        self.assertEqual(self.wanted('drop = boletín\n')[1], set())
        self.assertEqual(self.service.requests, alone)

    def test_keep_takes_only_matching_articles(self):
        self.feeds(('a', 'Выборы в городе', 1, 'a'), ('b', 'Погода', 1, 'b'), ('c', 'Tres', 1, 'los ВЫБОРЫ'), ('politica/d', 'Cuatro', 1, 'd'))
        workspace, taken, fetched = self.wanted('keep = выбор\nkeep = address: ^https?://[^/]+/politica/\n')
        self.assertEqual(taken, {'a', 'c', 'politica/d'})
        self.assertEqual(list(self.reasons(workspace).values()), [1])
        self.web.visits.clear()
        self.feeds(('politica/e', 'Cinco', 1, 'e'), ('f', 'Seis', 1, 'f'))
        _, taken, fetched = self.wanted('keep = "address: /politica/"\ndrop = headline: seis\n')
        self.assertEqual((taken, fetched), ({'politica/e'}, {'politica/e'}))

    def test_the_title_of_a_source_is_in_record_and_digest(self):
        self.feeds(('a', 'Uno', 1, 'a'))
        self.web.pages['radio.example/a'] = self.web.pages['radio.example/a'].replace(
            '<title>', '<meta property="article:section" content="Local"><meta property="og:site_name" content="Radio Uno"><title>')
        workspace, _, _ = self.wanted('title = La Radio de la Costa\nsection = Economía\ncountry = España\n')
        record, = workspace.records().values()
        self.assertEqual([record[k] for k in ('source', 'source_title', 'section', 'country')], ['radio', 'La Radio de la Costa', 'Economía', 'España'])
        self.assertEqual(record['metadata_evidence']['section'], 'configuration')
        with open(os.path.join(workspace.out, 'latest', 'digest.json') if os.path.exists(os.path.join(workspace.out, 'latest')) else
                  os.path.join(workspace.out, workspace.days()[0], 'digest.json'), encoding='utf8') as f:
            article, = json.load(f)['articles']
        self.assertEqual([article[k] for k in ('source_title', 'section', 'country')], ['La Radio de la Costa', 'Economía', 'España'])
        self.assertEqual(workspace.call('verify').returncode, 0)

    def test_the_title_of_a_source_of_lines_is_in_its_records(self):
        workspace = Workspace('[source "wire"]\nkind = ndjson\npath = wire.ndjson\ntitle = La Agencia\nsection = Economía\n')
        self.addCleanup(workspace.close)
        lines = [{'url': 'https://wire.example/1', 'title': {'source': 'Abre una oficina'}, 'text': 'La oficina abre el lunes.', 'country': 'Chile'},
                 {'url': 'https://wire.example/2', 'title': {'source': 'Cierra el puente'}, 'text': 'El puente cierra el martes.', 'country': 'Perú',
                  'source_title': 'Otra', 'section': 'Local'}]
        with open(os.path.join(workspace.folder, 'wire.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(json.dumps(line, ensure_ascii=False) + '\n' for line in lines)
        workspace.call('run')
        got = sorted((r['source_title'], r['section'], r['country']) for r in workspace.records().values())
        self.assertEqual(got, [('La Agencia', 'Economía', 'Chile'), ('La Agencia', 'Economía', 'Perú')])

    def test_an_invalid_pattern_is_reported_with_its_line(self):
        workspace = self.workspace('[source "radio"]\nkind = page\nurl = http://radio.example/\nkeep = (a\ndrop = [z-a]\ndrop = %s\nkeep = text:\n' % ('x' * 1001))
        result = workspace.call('check-config')
        self.assertEqual(result.returncode, 78)
        lines = result.stderr.decode()
        for words in ("invalid pattern '(a' for 'keep': ", "invalid pattern '[z-a]' for 'drop': ", 'longer than 1000 bytes', 'the pattern is empty'):
            self.assertIn(words, lines)

    def test_a_selector_locates_the_article(self):
        def odd_page(body):
            return '<!DOCTYPE html><html lang="es"><head><title>Obra</title></head><body>%s</body></html>' % body
        hidden = ''.join('<p>%s</p>' % (PARAGRAPH % name) for name in ('romano', 'viejo'))
        decoy = ''.join('<p>%s</p>' % (PARAGRAPH % name).replace('ayuntamiento', 'anunciante') for name in 'abcdef')
        body = ('<main class="promo"><article>%s</article></main><div class="related-comments x"><ul class="sidebar"><li data-role="body">%s<blockquote>Una cita breve.</blockquote>'
                '</li></ul><p>Pie.</p></div>' % (decoy, hidden))
        for selector in ('.related-comments li', 'ul.sidebar', '[data-role=body]', 'div [data-role="body"], #gone', '#gone,DIV.x ul li[data-role]'):
            self.web.pages = {'radio.example/1': odd_page(body)}
            workspace = self.workspace('[source "radio"]\nkind = page\nurl = http://radio.example/1\narticle = "%s"\n' % selector.replace('"', '\\"'), proxy=True)
            record, = self.run_workspace(workspace).values()
            blocks = [' '.join(s['source'] for s in b['segments']) for b in record['body']]
            self.assertEqual(len(blocks), 3, selector)
            self.assertEqual(blocks[2], 'Una cita breve.')
            self.assertIn('puente romano', blocks[0])
            self.assertNotIn('note', record['evidence'])
        workspace = self.workspace('[source "radio"]\nkind = page\nurl = http://radio.example/1\narticle = .gone\n', proxy=True)
        record, = self.run_workspace(workspace).values()
        self.assertIn("the selector 'article = .gone' matches nothing on this page", record['evidence']['note'])
        self.assertGreater(len(record['body']), 1)
        result = self.workspace('[source "radio"]\nkind = page\nurl = http://radio.example/1\narticle = div > p\n').call('check-config')
        self.assertIn("invalid selector 'div > p' for 'article': only TAG, .class", result.stderr.decode())

    # ---------------------------------------------------------------- logging in

    SECRET = 'Token abc-123-very-secret'

    def secret_file(self, text, mode=0o600):
        handle, path = tempfile.mkstemp()
        self.addCleanup(os.unlink, path)
        with os.fdopen(handle, 'w') as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def assert_nowhere(self, workspace, *secrets):
        for folder, _, names in os.walk(workspace.folder):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as f:
                    text = f.read()
                for secret in secrets:
                    self.assertNotIn(secret.encode(), text, name)

    def test_headers_go_to_the_source_s_own_hosts_and_nowhere_else(self):
        self.web.pages = {'paid.example/rss': feed(('http://paid.example/1', 'Uno', TEASER), ('http://www.paid.example/2', 'Dos', TEASER),
                                                   ('http://other.example/3', 'Tres', TEASER), ('http://paid.example/moved', 'Cuatro', TEASER)),
                          'paid.example/1': page('Uno'), 'www.paid.example/2': page('Dos'), 'other.example/3': page('Tres'),
                          'paid.example/moved': Answer(302, b'', {'Location': 'http://other.example/4'}), 'other.example/4': page('Cuatro')}
        path = self.secret_file('Authorization: %s\n\nX-Reader: anna\nCookie: session=%s\n' % (self.SECRET, 'sesame-77'))
        workspace = self.workspace('[source "paid"]\nkind = feed\nurl = http://paid.example/rss\nheader_file = %s\nlogin_hosts = www.paid.example\n'
                                   'plain_http = yes\n' % path, proxy=True)
        records = self.run_workspace(workspace)
        self.assertEqual([r['evidence'].get('note') for r in records.values()], [None] * 4)
        for visit in self.web.visits:
            own = visit.host != 'other.example'
            self.assertEqual([visit.headers[name] for name in ('Authorization', 'X-Reader', 'Cookie')],
                             [self.SECRET, 'anna', 'session=sesame-77'] if own else [None] * 3, visit.host + visit.path)
        self.assertEqual(len(self.web.visits), 1 + 3 + 5)        # the feed, each host's robots.txt, pages and a redirect
        self.assert_nowhere(workspace, 'abc-123', 'sesame-77')

    def test_user_and_password_are_used_to_log_in(self):
        def members_only(visit):
            if visit.headers['Authorization'] != 'Basic ' + base64.b64encode(b'anna:open sesame').decode():
                return Answer(401, b'not without open sesame', {'WWW-Authenticate': 'Basic realm="members"'})
            return page('Uno')
        self.web.pages = {'club.example/1': members_only}
        source = '[source "club"]\nkind = page\nurl = http://club.example/1\nplain_http = yes\n'
        password = self.secret_file('open sesame\n')
        for user in ('user = anna\n', 'user_file = %s\n' % self.secret_file('anna')):
            workspace = self.workspace(source + user + 'password_file = %s\n' % password, proxy=True)
            self.assertEqual(list(self.run_workspace(workspace)), ['http://club.example/1'])
            self.assert_nowhere(workspace, 'open sesame')
        credentials = tempfile.TemporaryDirectory()
        self.addCleanup(credentials.cleanup)
        for name, text in (('user', 'anna'), ('password', 'open sesame')):
            with open(os.path.join(credentials.name, 'source.club.' + name), 'w', encoding='utf8') as f:
                f.write(text)
        os.environ['CREDENTIALS_DIRECTORY'] = credentials.name
        workspace = self.workspace(source, proxy=True)
        try:
            self.assertEqual(list(self.run_workspace(workspace)), ['http://club.example/1'])
        finally:
            del os.environ['CREDENTIALS_DIRECTORY']
        self.assert_nowhere(workspace, 'open sesame')
        workspace = self.workspace(source, proxy=True)
        self.run_workspace(workspace, 3)
        self.assertIn('login required: set user and password_file', self.notes(workspace)['http://club.example/1'])
        workspace = self.workspace(source + 'user = bert\npassword_file = %s\n' % password, proxy=True)
        self.run_workspace(workspace, 3)
        self.assertIn('login required', self.notes(workspace)['http://club.example/1'])
        self.assert_nowhere(workspace, 'open sesame')            # although the host repeats it

    def test_secrets_do_not_go_over_plain_http(self):
        self.web.pages = {'club.example/rss': feed(('http://club.example/1', 'Uno', TEASER))}
        path = self.secret_file('X-Key: %s' % self.SECRET)
        workspace = self.workspace('[source "club"]\nkind = feed\nurl = http://club.example/rss\nheader_file = %s\n' % path, proxy=True)
        self.run_workspace(workspace, 69)
        self.assertIn('plain_http = yes', self.notes(workspace)['club'])
        self.assertEqual(self.web.visits, [])

    def test_without_its_secret_a_source_sends_no_request(self):
        self.web.pages = {'club.example/rss': feed(('http://club.example/1', 'Uno', TEASER)), 'club.example/2': page('Dos')}
        open_to_all, bad = self.secret_file('X-Key: a', 0o644), self.secret_file('X-Key: a\njust-the-secret\n')
        source = '[source "%s"]\nkind = %s\nurl = http://club.example/%s\nplain_http = yes\nheader_file = %s\n'
        workspace = self.workspace(source % ('a', 'feed', 'rss', open_to_all) + source % ('b', 'page', '2', '/nowhere/at/all')
                                   + source % ('c', 'sitemap', 'map.xml', bad), proxy=True)
        self.run_workspace(workspace, 69)
        self.assertEqual(self.web.visits, [])
        notes = self.notes(workspace)
        self.assertIn('other users can read', notes['a'])
        self.assertIn('cannot read', notes['http://club.example/2'])
        self.assertIn('line 2 is not of the form', notes['c'])
        self.assertNotIn('just-the-secret', json.dumps(notes))
        self.assertEqual(workspace.status()['waiting'], 1)

    def test_headers_that_control_message_framing_are_rejected(self):
        names = ['Content-Length: 5', 'host: other.example', 'Transfer-Encoding: chunked', 'Connection: close', 'TE: trailers', 'Trailer: X-A', 'Upgrade: h2c',
                 'Expect: 100-continue', 'Proxy-Authorization: Basic YTpi']
        self.web.pages = {'club.example/rss': feed(('http://club.example/1', 'Uno', TEASER))}
        workspace = self.workspace(''.join('[source "s%d"]\nkind = feed\nurl = http://club.example/rss?%d\nplain_http = yes\nheader_file = %s\n'
                                           % (n, n, self.secret_file('X-Key: a\n%s\n' % line)) for n, line in enumerate(names)), proxy=True)
        self.run_workspace(workspace, 69)
        self.assertEqual(self.web.visits, [])
        notes = self.notes(workspace)
        for n, line in enumerate(names):
            self.assertIn('line 2 sets a header that Dragoman sets itself', notes['s%d' % n], line)

    # ---------------------------------------------------------------- the configuration

    def test_check_config_reports_all_problems_at_once(self):
        wrong = [('kind = fed', "unknown kind 'fed'; did you mean 'feed'?"), ('kind = sitmap', "did you mean 'sitemap'?"), ('kind = gopher', 'expected one of: feed, files'),
                 ('kind = page\nurl = htp://a.example/', "'htp://a.example/' is not a valid address: it does not begin with http:// or https://"),
                 ('kind = page\nurl = https://a.example/ https:///b', "'https:///b' is not a valid address: check the host"),
                 ('kind = page\nurl = https://good.example/\nurl = https://a..example/', 'check the host'),
                 ('kind = sitemap\nurl = www.a.example/sitemap.xml', 'does not begin with'), ('kind = sitemap', 'has no address'),
                 ('kind = feed\nurl = https://a.example:99999/', 'check the host and port'), ('kind = feed\nurl = https://a.example/x y', 'contains a space'),
                 ('kind = feed\nurl = www.a.example/rss', 'if this is an address, begin it with https://'), ('kind = feed\nurl = gone.xml', 'cannot read the file'),
                 ('kind = feed\nurl = https://anna:sesame@a.example/', 'use user and password_file'), ('kind = feed\nurl = ftp://a.example/', 'does not begin'),
                 ('kind = files\npath = /nowhere/news', 'no such file or folder: /nowhere/news'), ('kind = files\npath = dragoman.conf other/*.txt', 'other/*.txt'),
                 ('kind = opml\npath = list.opml', 'list.opml'), ('kind = warc\npath = a.warc.gz', 'a.warc.gz'), ('kind = mail', 'has no path'),
                 ('kind = page\nurl = https://a.example/\nlocal_hosts = a/b', "'a/b' is not a host"), ('kind = page\nurl = https://a.example/\nsince = soon', 'expected a time'),
                 ('kind = page\nurl = https://a.example/\npassword_file = /nowhere/key', ': cannot read the password from /nowhere/key')]
        right = ['kind = feed\nurl = https://b.example/rss', 'kind = feed\nurl = dragoman.conf', 'kind = files\npath = *.conf', 'kind = page\nurl = http://[::1]:80/ http://müller.example/ä',
                 'kind = ndjson\npath = -', 'kind = page\nurl = http://127.0.0.1:8000/\nlocal_hosts = nas.lan 10.0.0.2:8080']
        sections = ''.join('[source "s%d"]\n%s\n' % (n, text) for n, text in enumerate([w for w, _ in wrong] + right))
        workspace = self.workspace(sections)
        result = workspace.call('check-config')
        self.assertEqual(result.returncode, 78)
        lines = result.stderr.decode().splitlines()
        with open(workspace.config, encoding='utf8') as f:
            written = f.read().splitlines()
        for number, (text, said) in enumerate(wrong):
            start = written.index('[source "s%d"]' % number) + 1
            own = [line for line in lines if line.startswith(workspace.config) and start <= int(line.split(':')[1]) <= start + text.count('\n') + 1]
            self.assertEqual(len(own), 1, (text, own))
            self.assertIn(said, own[0])
            self.assertEqual(own[0].count(workspace.config + ':'), 1, own[0])
        self.assertEqual(len(lines), len(wrong) + 1)             # the last says how many there are
        result = self.workspace('[service "deepl"]\nurl = api.deepl.example\n').call('check-config')
        self.assertEqual(result.returncode, 78)
        self.assertIn(b"dragoman.conf:13: 'api.deepl.example' is not a valid address", result.stderr)
        self.assertEqual(self.workspace(''.join('[source "s%d"]\n%s\n' % pair for pair in enumerate(right))).call('check-config').returncode, 0)

    def test_files_are_included_once_and_in_order(self):
        workspace = self.workspace('include = more/*.conf\ninclude = one.conf\n')
        os.mkdir(os.path.join(workspace.folder, 'more'))
        for name, text in (('more/20.conf', 'include = dragoman.conf\n[source "b"]\nkind = files\npath = texts\n'),
                           ('more/10.conf', 'include = nothing/*.conf\ninclude = one.conf\n[source "b"]\nkind = files\npath = nowhere\n'),
                           ('one.conf', '[source "a"]\nkind = feed\nurl = a.xml\n'), ('a.xml', feed(('', 'Uno', TEASER)))):
            with open(os.path.join(workspace.folder, name), 'w', encoding='utf8') as f:
                f.write(text)
        os.mkdir(os.path.join(workspace.folder, 'texts'))
        result = workspace.call('check-config')
        self.assertIn(b'valid: 2 sources', result.stdout, result.stderr)
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual([r['source'] for r in workspace.records().values()], ['a'])
        with open(workspace.config, 'a', encoding='utf8') as f:
            f.write('include = missing.conf\n')
        result = workspace.call('run')
        self.assertEqual(result.returncode, 78)
        self.assertRegex(result.stderr.decode(), r'dragoman.conf:\d+: there is no file .*missing.conf to include')

    # ---------------------------------------------------------------- how often

    def an_hour_passes(self, workspace, hours=1.1):
        """Moves the times that the state has for the sources back by this many hours."""
        with sqlite3.connect(os.path.join(workspace.out, 'state.db')) as state:
            state.execute("UPDATE told SET at = strftime('%Y-%m-%dT%H:%M:%SZ', at, ?) WHERE key LIKE 'source %'", ('-%d seconds' % (hours * 3600),))
        state.close()

    def asked(self, workspace, code=0):
        """Runs the program and returns how often it requested the feed."""
        before = len(self.web.visits_of('feeds.example'))
        self.run_workspace(workspace, code)
        return len(self.web.visits_of('feeds.example')) - before

    def write_more(self, workspace, text):
        with open(workspace.config, 'a', encoding='utf8') as f:
            f.write(text)

    def test_a_source_is_read_no_more_often_than_every(self):
        self.feeds(('a', 'Uno', 1, 'a'))
        workspace = self.workspace('[source "radio"]\nkind = feed\nurl = http://feeds.example/rss\nevery = 1h\n', proxy=True)
        self.assertEqual([self.asked(workspace) for _ in range(3)], [1, 0, 0])
        self.assertIn('not read in this run (every = 1h)', self.notes(workspace)['radio'])
        self.an_hour_passes(workspace, 0.95)                     # timers are not exact to the second
        self.assertEqual([self.asked(workspace), self.asked(workspace)], [1, 0])
        self.assertEqual(workspace.call('run', '--set', 'source.radio.every=0s').returncode, 0)
        self.assertEqual(len(self.web.visits_of('feeds.example')), 3)
        self.write_more(workspace, 'max_items = 7\n')           # another configuration: at once
        self.assertEqual([self.asked(workspace), self.asked(workspace)], [1, 0])

    def test_a_source_that_keeps_failing_is_read_less_often(self):
        self.web.pages = {'feeds.example/rss': Answer(403, b'no')}
        workspace = self.workspace('[source "radio"]\nkind = feed\nurl = http://feeds.example/rss\n', proxy=True)
        self.assertEqual([self.asked(workspace, 69) for _ in range(5)], [1, 1, 1, 0, 0])
        self.assertIn('the source has failed 3 times in a row and is now read less often; the next attempt is in 60 minutes', self.notes(workspace)['radio'])
        self.an_hour_passes(workspace)
        self.assertEqual([self.asked(workspace, 69), self.asked(workspace, 69)], [1, 0])
        self.an_hour_passes(workspace)                           # the interval is now two hours
        self.assertEqual(self.asked(workspace, 69), 0)
        self.an_hour_passes(workspace)
        self.feeds(('a', 'Uno', 1, 'a'))
        self.assertEqual([self.asked(workspace), self.asked(workspace)], [1, 1])

    def test_an_outage_of_this_machine_does_not_count_against_sources(self):
        sources = ''.join('[source "s%d"]\nkind = feed\nurl = http://s%d.example/rss\n' % (n, n) for n in range(2))
        workspace = self.workspace(sources, proxy=True)
        with open(workspace.config, encoding='utf8') as f:
            right = f.read()
        with open(workspace.config, 'w', encoding='utf8') as f:  # the proxy cannot be reached
            f.write(right.replace(self.web.url, 'http://127.0.0.1:9'))
        for _ in range(4):
            self.run_workspace(workspace, 69)
        with open(workspace.config, 'w', encoding='utf8') as f:
            f.write(right)
        self.web.pages = {'s%d.example/rss' % n: feed() for n in range(2)}
        self.run_workspace(workspace)
        self.assertEqual(sorted(v.host for v in self.web.visits), ['s0.example', 's1.example'])

    def test_a_feed_that_moved_permanently_is_read_at_its_new_address(self):
        self.feeds(('a', 'Uno', 1, 'a'))
        self.web.pages['old.example/rss'] = Answer(301, b'', {'Location': 'http://feeds.example/rss'})
        self.web.pages['elsewhere.example/rss'] = Answer(302, b'', {'Location': 'http://feeds.example/rss'})
        workspace = self.workspace(''.join('[source "%s"]\nkind = feed\nurl = http://%s.example/rss\n' % (n, n) for n in ('old', 'elsewhere')), proxy=True)
        self.run_workspace(workspace)
        self.assertIn('http://old.example/rss has moved permanently and is requested at its new address; set url = http://feeds.example/rss', self.notes(workspace)['old'])
        self.assertNotIn('elsewhere', self.notes(workspace))
        self.run_workspace(workspace)
        self.assertEqual((len(self.web.visits_of('old.example')), len(self.web.visits_of('elsewhere.example'))), (1, 2))
        self.assertNotIn('old', self.notes(workspace))           # reported once

    def test_addresses_that_are_gone_are_not_requested_again(self):
        self.web.pages = {'feeds.example/rss': Answer(410, b'gone'), 'map.example/map.xml': Answer(410, b'gone'), 'list.example/rss': Answer(410, b'gone')}
        workspace = self.workspace('', proxy=True)
        with open(os.path.join(workspace.folder, 'list.opml'), 'w') as f:
            f.write('<opml><body><outline xmlUrl="http://list.example/rss"/></body></opml>')
        self.write_more(workspace, '[source "list"]\nkind = opml\npath = list.opml\n[source "map"]\nkind = sitemap\nurl = http://map.example/map.xml\n'
                        '[source "radio"]\nkind = feed\nurl = http://feeds.example/rss\n')
        for _ in range(2):
            self.run_workspace(workspace, 69)
            for name in ('radio', 'map', 'list'):
                self.assertRegex(self.notes(workspace)[name], r'is permanently gone \(410, 20..-.*remove it from the configuration')
        self.assertEqual(sorted(v.host for v in self.web.visits), ['feeds.example', 'list.example', 'map.example'])
        self.feeds(('a', 'Uno', 1, 'a'))
        self.write_more(workspace, 'title = Radio\n')
        self.run_workspace(workspace, 69)
        self.assertEqual(len(self.web.visits_of('feeds.example')), 2)
        self.assertEqual(len(workspace.records()), 1)

    def test_a_permanent_move_to_an_address_that_is_gone_is_remembered(self):
        """Both if the move is new and if the feed was once read at the new address. A temporary redirect may change tomorrow."""
        self.feeds(('a', 'Uno', 1, 'a'))
        moved = {'once': 301, 'later': 308, 'now': 302}
        self.web.pages.update({name + '.example/rss': Answer(status, b'', {'Location': 'http://feeds.example/%s' % name}) for name, status in moved.items()})
        self.web.pages.update({'feeds.example/later': self.web.pages['feeds.example/rss'], 'feeds.example/once': Answer(410), 'feeds.example/now': Answer(410)})
        workspace = self.workspace(''.join('[source "%s"]\nkind = feed\nurl = http://%s.example/rss\n' % (n, n) for n in moved), proxy=True)
        self.run_workspace(workspace, 69)
        self.web.pages['feeds.example/later'] = Answer(410)
        for _ in range(2):
            self.run_workspace(workspace, 69)
        for name in ('once', 'later'):
            self.run_workspace(workspace, 69)
            self.assertRegex(self.notes(workspace)[name], r'http://%s.example/rss is permanently gone' % name)
        self.assertEqual([len(self.web.visits_of(name + '.example')) for name in moved], [1, 2, 3])


if __name__ == '__main__':
    unittest.main()
