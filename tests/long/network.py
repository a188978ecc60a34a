"""feeds, sitemaps and sites that hang or send a byte now and then: given up after three attempts of 30 seconds, at no other's cost"""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from hostile import answer                                               # noqa: E402
from hostile_faults import SLOW                                          # noqa: E402
from network import RSS, Network                                         # noqa: E402
from web import feed                                                     # noqa: E402


class Slow(Network):
    def test_lists_that_hang_or_drip(self):
        self.publish('good.example', answer(feed(('http://item.example/1', 'Uno', 'Un resumen.')), RSS))
        text, names = '[source "good"]\nkind = feed\nurl = http://good.example/a\ndrop = address: item.example\n', []
        for kind in 'feed', 'sitemap', 'site':
            for name, fault in SLOW.items():
                names.append('%s-%s' % (kind, name))
                self.publish(names[-1] + '.example', fault(RSS, feed().encode() * 10))
                text += '[source "%s"]\nkind = %s\nurl = http://%s.example/a\n' % (names[-1], kind, names[-1])
        workspace = self.workspace(text)
        report = self.run_workspace(workspace, 69)
        self.assertEqual((report['sources_failed'], report['found']), (len(names), 1))
        self.assertLess(report['seconds'], 300)
        for name in names:
            self.assertIn('%s.example timed out: try again later' % name, self.notes(workspace)[name])
            self.assert_asked(name + '.example', 3)


if __name__ == '__main__':
    unittest.main()
