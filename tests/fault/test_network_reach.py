"""What content must not reach, and whom to trust: private addresses in every notation, names that lead inside, proxies and certificates."""
import os
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from hostile import PUBLIC, Hostile, answer, redirect                    # noqa: E402
from hostile_faults import FAULTS                                        # noqa: E402
from network import HTML, RSS, WITH_PROXY, XML, Network, article, translated   # noqa: E402
from network_table import TABLE                                          # noqa: E402
from web import feed                                                     # noqa: E402


def unused_port():
    """Returns a port on which nothing listens."""
    with socket.create_server(('127.0.0.1', 0)) as listener:
        return listener.getsockname()[1]


class Inside(Network):
    """What content must not reach: this machine and private networks, by any name or notation, with a proxy or without."""

    def setUp(self):
        super().setUp()
        self.secret = Hostile()
        self.secret.pages = {}
        self.addCleanup(self.secret.close)
        self.ports[self.secret.port] = self.server.port         # the same port on the public internet is another server
        self.addresses = [a.replace('PORT', str(self.secret.port)) for a in (
            'http://127.0.0.1:PORT/s', 'http://localhost:PORT/s', 'http://localhost.:PORT/s', 'http://a.LocalHost:PORT/s', 'http://2130706433:PORT/s',
            'http://0x7f000001:PORT/s', 'http://0x7f.1:PORT/s', 'http://0177.0.0.1:PORT/s', 'http://127.1:PORT/s', 'http://0:PORT/s', 'http://0.0.0.0:PORT/s',
            'http://127.0.0.1.:PORT/s', 'http://2130706433.:PORT/s', 'http://127%2e0.0.1:PORT/s', 'http://203.0.113.10@127.0.0.1:PORT/s',
            'http://[::1]:PORT/s', 'http://[::]:PORT/s', 'http://[::ffff:127.0.0.1]:PORT/s', 'http://[::ffff:7f00:1]:PORT/s', 'http://[::127.0.0.1]:PORT/s',
            'http://[64:ff9b::7f00:1]:PORT/s', 'http://[64:ff9b:1::7f00:1]:PORT/s', 'http://[2002:7f00:1::]:PORT/s', 'http://[2001:0:7f00:1::1]:PORT/s',
            'http://[::ffff:0:7f00:1]:PORT/s', 'http://[fe80::1%25lo]:PORT/s', 'http://[fd00::1]/s', 'http://[ff02::1]/s', 'http://169.254.169.254/latest',
            'http://2852039166/latest', 'http://10.0.0.1/s', 'http://172.16.0.1/s', 'http://192.168.0.1/s', 'http://100.64.0.1/s', 'http://198.18.0.1/s',
            'http://224.0.0.1/s', 'http://255.255.255.255/s', 'https://127.0.0.1:PORT/s', '//127.0.0.1:PORT/s', 'http:\\\\127.0.0.1:PORT/s',
            'http://①②⑦.⓪.⓪.①:PORT/s', 'http://１２７.０.０.１:PORT/s', 'http://127。0。0。1:PORT/s', 'http://127.0.0.1:PORT\\@203.0.113.10/s')]

    def assert_untouched(self):
        self.assertEqual([v.path for v in self.secret.visits], [])
        self.assertEqual({v.host.split(':')[0] for v in self.server.visits if '.example' not in v.host} - {PUBLIC}, set())
        self.assertEqual(self.server.tunnels, [])

    def test_redirects_and_links_to_private_addresses(self):
        for proxy in WITH_PROXY:
            for way in self.redirected, self.linked:
                with self.subTest(proxy=proxy, way=way.__name__):
                    workspace = way(proxy)
                    report = self.run_workspace(workspace, 3)
                    self.assert_untouched()
                    self.assertEqual((report['complete'], report['partial'], report['waiting']), (0, 0, 0))

    def redirected(self, proxy):
        """Each address once soon and once after more headers than are kept."""
        text = '[source "pages"]\nkind = page\n'
        for n, address in enumerate(self.addresses):
            reply = redirect(address.encode().decode('latin-1'))
            self.publish('r%d.example' % n, reply)
            self.publish('late%d.example' % n, reply.replace(b'Location', b''.join(b'X-%d: a\r\n' % m for m in range(400)) + b'Location'))
            text += 'url = http://r%d.example/a\nurl = http://late%d.example/a\n' % (n, n)
        return self.workspace(text, proxy)

    def linked(self, proxy):
        self.publish('map.example', answer('<urlset>%s</urlset>' % ''.join('<url><loc>%s</loc></url>' % a for a in self.addresses if a.startswith('http') and a.isascii()), XML))
        return self.workspace('[source "map"]\nkind = sitemap\nurl = http://map.example/a\n', proxy)

    def test_lists_are_not_led_inside_either(self):
        for proxy in WITH_PROXY:
            with self.subTest(proxy=proxy):
                text = ''
                for kind in 'feed', 'sitemap', 'site':
                    for n, address in enumerate(self.addresses[:20]):
                        self.publish('%s%d.example' % (kind, n), redirect(address.encode().decode('latin-1')))
                        text += '[source "%s%d"]\nkind = %s\nurl = http://%s%d.example/a\n' % (kind, n, kind, kind, n)
                workspace = self.workspace(text, proxy)
                self.assertEqual(self.run_workspace(workspace, 69)['sources_failed'], 60)
                self.assert_untouched()
                for kind in 'feed', 'sitemap', 'site':
                    self.assertIn('to allow it, set local_hosts = 127.0.0.1:%d in the [source] section' % self.secret.port, self.notes(workspace)[kind + '0'])

    # ---------------------------------------------------------------- names

    GROUPS = {'here': '127.0.0.1', 'any': '0.0.0.0', 'metadata': '169.254.169.254', 'lan': '10.0.0.1'}
    if os.path.exists('/proc/net/if_inet6') and socket.has_ipv6:
        GROUPS.update({'here6': '::1', 'mapped': '::ffff:127.0.0.1', 'local6': 'fd00::1'})

    def named(self, names, http=''):
        """Lists the pages in a sitemap, because hosts that the configuration names may be inside."""
        self.publish('map.example', answer('<urlset>%s</urlset>' % ''.join('<url><loc>http://%s.example:%d/a</loc></url>' % (n, self.secret.port) for n in names), XML))
        workspace = self.workspace('[source "map"]\nkind = sitemap\nurl = http://map.example/a\n', http=http)
        for name in names:
            for path in ('/a', '/robots.txt'):
                self.server.pages['%s.example:%d%s' % (name, self.secret.port, path)] = answer(article(name)) if path == '/a' else answer('', status=404)
        return workspace

    def test_names_that_resolve_to_private_addresses(self):
        self.names = {n + '.example': group for n, group in self.GROUPS.items()}
        self.assert_refused(self.named(self.GROUPS))

    def assert_refused(self, workspace):
        self.run_workspace(workspace, 3)
        states = self.states(workspace)
        self.assertEqual(len(states), len(self.GROUPS))
        for state, reason in states.values():
            self.assertEqual(state, 'failed')
            self.assertIn('is on this machine or in a private network; to allow it, set local_hosts = ', reason)
        self.assert_untouched()

    def test_what_a_name_resolves_to_is_what_is_connected(self):
        """Public first and private later, both in one answer: only the public address is ever connected."""
        self.names = {'turns.example': PUBLIC + '|127.0.0.1', 'both.example': '127.0.0.1,' + PUBLIC, 'both2.example': PUBLIC + ',127.0.0.1'}
        workspace = self.named(('turns', 'both', 'both2'))
        self.run_workspace(workspace, 0)
        self.assertEqual([r['status'] for r in workspace.records().values()], ['complete'] * 3)
        self.assert_untouched()
        self.names = {'turns.example': '127.0.0.1|' + PUBLIC}
        self.run_workspace(self.named(['turns']), 3)
        self.assert_untouched()

    def test_a_proxy_for_other_requests_does_not_open_the_inside(self):
        """The request goes past the proxy, by its scheme or by no_proxy, so its address is checked."""
        self.names = {n + '.example': group for n, group in self.GROUPS.items()}
        proxy = 'http://127.0.0.1:%d' % unused_port()
        for more, http in ({'https_proxy': proxy}, ''), ({'http_proxy': proxy, 'no_proxy': '.example'}, ''), ({'NO_PROXY': '*'}, 'proxy = %s\n' % proxy):
            with self.subTest(more=more):
                self.more = more
                self.assert_refused(self.named(self.GROUPS, http))

    def test_a_name_that_does_not_exist_waits(self):
        workspace = self.workspace('[source "pages"]\nkind = page\nurl = http://nowhere.example/a\n[source "feed"]\nkind = feed\nurl = http://nowhere2.example/a\n')
        report = self.run_workspace(workspace, 69)
        self.assertEqual((report['waiting'], report['failed'], report['sources_failed']), (1, 0, 1))
        for words in self.states(workspace)['http://nowhere.example/a'][1], self.notes(workspace)['feed']:
            self.assertIn('was not found: check the address or region, and the network connection', words)
        for host in 'nowhere.example', 'nowhere2.example':
            self.publish(host, answer(article('aquí')) if host == 'nowhere.example' else answer(feed(), RSS))
        self.run_workspace(workspace, 0)


class Proxies(Network):
    """A proxy that fails is nobody's fault but its own."""

    def play(self, words, plain=None, tunnel=None, secure=False, http=None):
        """Asks for a page and a feed. `plain` answers requests, `tunnel` those for a tunnel."""
        scheme, text, self.server.pages = 'https' if secure else 'http', '', {}
        for kind in 'page', 'feed':
            host = '%s.example' % kind
            text += '[source "%s"]\nkind = %s\nurl = %s://%s/a\n' % (kind, kind, scheme, host)
            if plain is not None:
                self.server.pages[host] = plain
            if tunnel is not None:
                self.server.pages['CONNECT %s:443' % host] = tunnel
        workspace = self.workspace(text, proxy=http is None, http=http or '')
        report = self.run_workspace(workspace, 69)
        self.assertEqual((report['waiting'], report['failed'], report['sources_failed']), (1, 0, 1))
        self.assertRegex(self.states(workspace)['%s://page.example/a' % scheme][1], words)
        self.assertRegex(self.notes(workspace)['feed'], words)
        return workspace

    def test_one_that_is_down(self):
        for secure in False, True:
            self.play(r'(page|feed)\.example was not contacted because the proxy cannot be reached: check proxy in \[http\]', secure=secure,
                      http='proxy = http://127.0.0.1:%d\n' % unused_port())

    def test_one_that_is_not_found(self):
        self.play(r'the proxy was not found: check proxy in \[http\]', http='proxy = http://nowhere.example:3128\n')

    def test_one_that_asks_for_a_password(self):
        """A page that waited for it is completed afterwards."""
        login = answer('who are you?', status=407, Proxy_Authenticate='Basic realm="x"')
        self.play(r'(page|feed)\.example was not contacted because the proxy requires a login: check proxy in \[http\]', tunnel=login, secure=True)
        workspace = self.play(r'the proxy requires a login: check proxy in \[http\]', login)
        self.publish('page.example', answer(article('uno')))
        self.publish('feed.example', answer(feed(), RSS))
        self.run_workspace(workspace, 0)
        self.assertEqual([r['status'] for r in workspace.records().values()], ['complete'])

    def test_one_that_refuses_or_cannot_connect(self):
        for status in 403, 502:
            self.play(r'(page|feed)\.example was not contacted because the proxy answered %d: check proxy in \[http\]' % status, tunnel=answer('no', status=status),
                      secure=True)

    def test_one_that_cuts_or_talks_nonsense(self):
        for name in 'cut-length', 'garbage':
            self.play(TABLE[name].page_words, FAULTS[name](HTML, article('x')))
        self.play('closed the connection|Proxy CONNECT aborted', tunnel=b'', secure=True)


class Certificates(Network):
    """Nothing is read from, and nothing is sent to, a server that cannot prove who it is."""
    BAD = 'selfsigned', 'expired', 'wronghost', 'foreign'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.internet.tools.name
        cls.authority = cls.make('authority', signed=False)
        other = cls.make('other', signed=False)
        cls.certificates = {'good.example': cls.make('good'), 'selfsigned.example': cls.make('selfsigned', signed=False), 'expired.example': cls.make('expired', days=-1),
                            'wronghost.example': cls.make('wronghost', host='another.example'), 'foreign.example': cls.make('foreign', by=other)}

    @classmethod
    def make(cls, name, signed=True, by=None, host=None, days=30):
        """Makes a certificate with its key in one file."""
        path, host, by = os.path.join(cls.folder, name), host or name + '.example', by or getattr(cls, 'authority', None)
        with open(path + '.ext', 'w', encoding='utf8') as f:
            f.write('subjectAltName = DNS:%s\nbasicConstraints = CA:%s\n' % (host, 'FALSE' if signed else 'TRUE'))
        subprocess.run(['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path + '.key', '-out', path + '.csr',
                        '-subj', '/CN=' + host], check=True, capture_output=True)
        signer = ['-CA', by, '-CAkey', by, '-CAcreateserial'] if signed else ['-signkey', path + '.key']
        subprocess.run(['openssl', 'x509', '-req', '-in', path + '.csr', '-out', path + '.crt', '-days', str(days), '-extfile', path + '.ext', *signer],
                       check=True, capture_output=True)
        with open(path + '.pem', 'w', encoding='utf8') as out:
            for end in '.crt', '.key':
                with open(path + end, encoding='utf8') as f:
                    out.write(f.read())
        return path + '.pem'

    def setUp(self):
        super().setUp()
        self.secure = Hostile(certificates=self.certificates)
        self.server.certificates = self.certificates            # as a proxy it makes tunnels to itself
        self.addCleanup(self.secure.close)
        self.ports[443] = self.secure.port
        for host in self.certificates:
            self.names[host] = PUBLIC
            for server in self.server, self.secure:
                server.pages.update({host + '/a': answer(article(host)), host + '/robots.txt': answer('', status=404),
                                     host + '/translate': lambda connection, visit: translated(visit)})

    def test_pages_and_feeds(self):
        for proxy in WITH_PROXY:
            with self.subTest(proxy=proxy):
                self.play(proxy)

    def play(self, proxy):
        hosts = [name + '.example' for name in (*self.BAD, 'good')]
        text = '[source "pages"]\nkind = page\n' + ''.join('url = https://%s/a\n' % host for host in hosts)
        text += ''.join('[source "%s"]\nkind = feed\nurl = https://%s.example/a\n' % (name, name) for name in self.BAD)
        workspace = self.workspace(text, proxy, 'ca_file = %s\n' % self.authority)
        report = self.run_workspace(workspace, 69)
        self.assertEqual((report['waiting'], report['failed'], report['sources_failed'], report['complete']), (len(self.BAD), 0, len(self.BAD), 1))
        states, notes = self.states(workspace), self.notes(workspace)
        for name in self.BAD:
            for words in states['https://%s.example/a' % name][1], notes[name]:
                self.assertRegex(words, r"^(the host's robots.txt could not be read: )?%s\.example has a certificate that cannot be verified: check the address; if the certificate was issued by a private "
                                 r'authority, set ca_file in \[http\] \(.+\)$' % name)
        self.assertIn('expired', notes['expired'])
        self.assertEqual({v.host for v in self.secure.visits + self.server.visits}, {'good.example'})
        self.secure.visits.clear()

    def test_services(self):
        for proxy in WITH_PROXY:
            with self.subTest(proxy=proxy):
                self.play_services(proxy)

    def play_services(self, proxy):
        text = ''
        for name in (*self.BAD, 'good'):
            text += ('[service "%s"]\nkind = libretranslate\nurl = https://%s.example\nkey_env = NETWORK_KEY\n[source "for-%s"]\nkind = files\npath = %s.txt\n'
                     '[route "%s"]\nsources = for-%s\nservices = %s\n' % (name, name, name, name, name, name, name))
        self.more['NETWORK_KEY'] = 'never-to-be-seen'
        workspace = self.workspace(text, proxy, 'ca_file = %s\n' % self.authority)
        for name in (*self.BAD, 'good'):
            with open(os.path.join(workspace.folder, name + '.txt'), 'w', encoding='utf8') as f:
                f.write('Los vecinos de la calle %s piden al ayuntamiento que abra el mercado antes del verano.' % name)
        report = self.run_workspace(workspace, 69)
        self.assertEqual((report['waiting'], report['failed'], report['complete']), (len(self.BAD), 0, 1))
        waits = {group['on']: group['reason'] for group in workspace.status()['waits_for']}
        self.assertEqual(waits.keys(), set(self.BAD))
        for reason in waits.values():
            self.assertIn('has a certificate that cannot be verified', reason)
        self.assertEqual({v.host for v in self.secure.visits + self.server.visits}, {'good.example'})
        self.secure.visits.clear()


if __name__ == '__main__':
    unittest.main()
