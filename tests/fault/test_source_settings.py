"""What users say of a source: which local hosts it may reach, what of it is wanted, how it logs in."""
import json
import os
import socket
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService                             # noqa: E402
from program import Workspace                                            # noqa: E402
from web import Web, feed, page                                          # noqa: E402

TEASER = 'El mercado vuelve a abrir el lunes por la tarde, dijo ayer la concejala a los comerciantes que esperaban en la calle.'


class SourceSettings(unittest.TestCase):
    def setUp(self):
        self.web, self.service = Web(), FakeService()
        self.addCleanup(self.service.close)
        self.addCleanup(self.web.close)

    def local_web(self):
        """A server on this machine, and its 'host:port'."""
        web = Web()
        self.addCleanup(web.close)
        return web, web.url[len('http://'):].rstrip('/')

    def desk(self, sources, collect='gap = 0s\n', proxy=False, more=''):
        desk = Workspace('grace_period = 1s\n%s%s[dedupe]\ndays = 0\n[collect]\n%s[service "fake"]\nkind = libretranslate\nurl = %s\n%s'
                         % (more, '[http]\nproxy = %s\n' % self.web.url if proxy else '', collect, self.service.url, sources))
        self.addCleanup(desk.close)
        return desk

    def run_desk(self, desk, code=0):
        result = desk.call('run', timeout=120)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return {r['url']: r for r in desk.records().values()}

    def notes(self, desk):
        day = [name for name in os.listdir(desk.out) if name.startswith('2')][0]
        with open(os.path.join(desk.out, day, 'report.json'), encoding='utf8') as f:
            return {note['where']: note['what'] for note in json.load(f)['notes']}

    # ---------------------------------------------------------------- local hosts

    def hub(self, *links):
        """A feed on this machine, its address and the web that it is on."""
        web, host = self.local_web()
        web.pages = {host + '/feed': feed(*((link or 'http://%s/%d' % (host, n), 'Obra %d' % n, TEASER) for n, link in enumerate(links)))}
        web.pages.update({host + '/%d' % n: page('Obra %d' % n) for n in range(len(links))})
        return web, host

    def test_a_feed_on_this_machine_that_the_configuration_names_is_read_with_its_items(self):
        _, host = self.hub(None, None)
        records = self.run_desk(self.desk('[source "hub"]\nkind = feed\nurl = http://%s/feed\n' % host))
        self.assertEqual({url: r['status'] for url, r in records.items()},
                         {'http://%s/%d' % (host, n): 'complete' for n in range(2)})
        for record in records.values():
            self.assertNotIn('note', record['evidence'])

    def test_the_same_through_a_proxy_that_is_not_asked_for_it(self):
        web, host = self.hub(None)
        web.pages[host + '/0'] = Answer(302, b'', {'Location': '/moved'})
        web.pages[host + '/moved'] = page('Obra 0')
        records = self.run_desk(self.desk('[source "hub"]\nkind = feed\nurl = http://%s/feed\n' % host, proxy=True))
        self.assertNotIn('note', records['http://%s/0' % host]['evidence'])
        self.assertEqual(self.web.visits, [])

    def test_another_port_of_the_machine_is_refused_until_it_is_named(self):
        other, port = self.local_web()
        other.pages = {port + '/a': page('Obra 0'), port + '/b': page('Obra 1')}
        web, host = self.hub('http://%s/a' % port, None)
        web.pages[host + '/1'] = Answer(302, b'', {'Location': 'http://%s/b' % port})
        source = '[source "hub"]\nkind = feed\nurl = http://%s/feed\n' % host
        records = self.run_desk(self.desk(source))
        self.assertEqual(other.visits, [])
        self.assertEqual(len(records), 2)
        for record in records.values():                         # the feed's own text, and why
            self.assertEqual(record['status'], 'partial')
            self.assertIn('%s is this machine' % port, record['evidence']['note'])
            self.assertIn('local_hosts = %s' % port, record['evidence']['note'])
        records = self.run_desk(self.desk(source + 'local_hosts = %s\n' % port))
        self.assertEqual([r['evidence'].get('note') for r in records.values()], [None, None])
        self.assertEqual(set(other.paths_of(port)), {'/robots.txt', '/a', '/b'})

    def test_what_one_source_may_reach_another_may_not(self):
        _, host = self.hub(None)
        self.web.pages = {'news.example/rss': feed(('http://%s/0' % host, 'Robada', TEASER))}
        desk = self.desk('[source "hub"]\nkind = page\nurl = http://%s/0\n[source "news"]\nkind = feed\nurl = http://news.example/rss\n'
                         '[source "hook"]\nkind = sitemap\nurl = http://news.example/map.xml\n' % host, proxy=True)
        self.web.pages['news.example/map.xml'] = ('<urlset><url><loc>http://[::1]:9/x</loc></url><url><loc>http://%s/feed</loc></url></urlset>' % host)
        self.run_desk(desk, 3)
        notes = self.notes(desk)
        self.assertIn('local_hosts = [::1]:9', notes['http://[::1]:9/x'])
        self.assertIn('local_hosts = %s' % host, notes['http://%s/feed' % host])
        self.assertEqual({v.host for v in self.web.visits}, {'news.example'})

    def test_a_refused_address_costs_no_waiting(self):
        names = ['127.0.0.1:9', 'localhost:9', '[::1]:9', '10.1.2.3:9', '192.168.3.4', socket.gethostname() + ':9']
        _, host = self.hub(*('http://%s/%d' % (name, n) for name in names for n in range(15)))
        desk = self.desk('[source "hub"]\nkind = feed\nurl = http://%s/feed\n' % host, collect='')
        started = time.monotonic()
        records = self.run_desk(desk)
        self.assertLess(time.monotonic() - started, 45)          # each in its turn of a second would be 90 s
        self.assertEqual(len(records), 15 * len(names))
        for url, record in records.items():
            self.assertIn('local_hosts = ' + url.split('/')[2], record['evidence']['note'])


if __name__ == '__main__':
    unittest.main()
