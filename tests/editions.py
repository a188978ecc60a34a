"""What the tests of the digest's formats share: articles, one of them doubtful, one that waits and one that failed."""
import json
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace                                            # noqa: E402

URL = 'https://News.Example:8443/digest'
DOUBTFUL = 'El puerto recibe 17 barcos cada semana desde el verano.', 'The harbour receives 71 ships each week since the summer.'
DOUBTFUL_TOO = 'La feria del libro abre en marzo con 300 editores.', 'The book fair opens in August with 300 publishers.'
SOUND = 'Los vecinos piden un tren nuevo para la ciudad.', 'The residents ask for a new train for the city.'
WAITING = 'الميناء القديم يفتح أبوابه في الربيع', 'يقول سكان المدينة إن الميناء القديم سيفتح أبوابه من جديد في فصل الربيع المقبل.'


def item(name, title, sentences, language='es', **more):
    """Returns an article that is translated already; a sentence without English is not."""
    def segment(pair):
        return dict({'source': pair[0]}, **({'target': pair[1], 'status': 'ok'} if len(pair) > 1 else {}))
    return dict({'id': name, 'url': 'https://diario.example/' + name, 'collected': '2026-01-29T09:00:00Z', 'language': {'code': language},
                 'title': segment(title), 'body': [{'kind': 'paragraph', 'text': pair[0], 'segments': [segment(pair)]} for pair in sentences]}, **more)


SERVICE = '[service "down"]\nkind = libretranslate\nattempts = 1\nurl = http://127.0.0.1:9\n[route "default"]\nservices = down\n'
EMPTY = '<html lang="es"><head><title>Página vacía</title></head><body></body></html>'


class Case(unittest.TestCase):
    def workspace_with(self, items, more='', code=0):
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n' + more)
        self.addCleanup(self.workspace.close)
        self.run_over(items, code)

    def run_over(self, items, code=0):
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(json.dumps(one, ensure_ascii=False) + '\n' for one in items)
        self.call('run', code=code)

    def call(self, *words, code=0):
        result = self.workspace.call(*words)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout.decode()

    @property
    def day(self):
        return max(name for name in os.listdir(self.workspace.out) if re.fullmatch(r'\d{4}-\d\d-\d\d', name))

    def page(self, name, folder=None):
        with open(os.path.join(self.workspace.out, self.day if folder is None else folder, name), encoding='utf8', newline='') as f:
            return f.read()

    def with_troubles(self, more=''):
        """Runs over an article that is doubtful, one that waits and one that failed."""
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[source "files"]\nkind = files\npath = empty.html\n' +
                                   SERVICE + more)
        self.addCleanup(self.workspace.close)
        with open(os.path.join(self.workspace.folder, 'empty.html'), 'w', encoding='utf8') as f:
            f.write(EMPTY)
        self.run_over([item('doubtful', SOUND, [DOUBTFUL, SOUND]), item('waiting', WAITING[:1], [WAITING[1:]], 'ar')], code=3)
