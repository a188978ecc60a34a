"""Articles about towns, and a service that fails on request."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace, files_source                              # noqa: E402

TEXT = ('Los {t} de {c} piden ayuda al ayuntamiento\n\n'
        'Los {t} de {c} pidieron ayer al ayuntamiento que rebaje las tasas de los puestos del mercado viejo. '
        'El concejal respondió que la propuesta se estudiará durante las próximas semanas.\n\n'
        'La asociación local recuerda que muchas familias viven de este oficio en {c}. '
        'El alcalde visitará el barrio de los {t} cuando termine el invierno.\n')
PLACES = [('sastres', 'Alcoba'), ('panaderos', 'Brezo'), ('maestros', 'Cardona'), ('libreros', 'Duero')]


# Without a route, the embedded engine would translate what a service refuses (test_routes.py).
ONLY_FAKE = '[route "default"]\nservices = fake\n'


def section(service, more=''):
    return ONLY_FAKE + '[service "fake"]\nkind = libretranslate\nurl = %s\nattempts = 1\n%s' % (service.url, more)


class Waiting(unittest.TestCase):
    def setUp(self):
        self.service = FakeService(lambda number, texts: self.fault(texts))
        self.addCleanup(self.service.close)
        self.fault = lambda texts: None

    def workspace(self, count=2, configuration=None, more=''):
        self.articles = count
        names = ['%s.txt' % town for _, town in PLACES[:count]]
        workspace = Workspace(more + files_source(*names) + (section(self.service) if configuration is None else configuration))
        self.addCleanup(workspace.close)
        for trade, town in PLACES[:count]:
            with open(os.path.join(workspace.folder, town + '.txt'), 'w', encoding='utf8') as f:
                f.write(TEXT.format(t=trade, c=town))
        return workspace

    def add(self, workspace, text):
        with open(workspace.config, 'a', encoding='utf8') as f:
            f.write(text)

    def run_workspace(self, workspace, code, *options):
        result = workspace.call(*options, 'run')
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return result.stderr.decode()

    def only_waits(self, workspace):
        """Returns the only thing that articles are waiting for."""
        status = workspace.status()
        self.assertEqual((status['failed'], len(status['waits_for'])), (0, 1), status)
        return status['waits_for'][0]

    def assert_all_complete(self, workspace, count):
        records = workspace.records().values()
        self.assertEqual([r['status'] for r in records], ['complete'] * count)
        self.assertEqual(workspace.status()['done'], count)
