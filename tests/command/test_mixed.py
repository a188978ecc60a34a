"""An article in several languages: each block has its own language and services, and English is left as it is."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace                                                 # noqa: E402

ENGLISH = 'The bridge is safe, but we will not open it before the last test is done.'
TEXTS = ['El alcalde dijo el lunes que el puente seguirá cerrado hasta finales de marzo.', ENGLISH,
         "Le maire a déclaré que le pont resterait fermé jusqu'à la fin du mois.", 'Los vecinos piden una solución antes del verano.']
ITEM = json.dumps({'id': 'mixed', 'title': {'source': 'El puente sigue cerrado'},
                   'body': [{'kind': 'paragraph', 'text': text} for text in TEXTS]}, ensure_ascii=False) + '\n'


class Mixed(unittest.TestCase):
    def setUp(self):
        self.service = FakeService()
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "paid"]\nkind = libretranslate\n'
                         'url = %s\n' % self.service.url)
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.write(ITEM)

    def tearDown(self):
        self.workspace.close()
        self.service.close()

    def test_blocks_know_their_languages(self):
        result = self.workspace.call('show', '--from', 'ndjson', '--until', 'identify', '-', stdin=ITEM.encode())
        record = json.loads(result.stdout)
        self.assertEqual(record['language']['code'], 'es')
        self.assertEqual([block.get('language') for block in record['body']], [None, 'en', 'fr', None])

    def test_english_is_kept_and_not_paid_for(self):
        self.workspace.call('run')
        record, = self.workspace.records().values()
        english, = record['body'][1]['segments']
        self.assertEqual((english['target'], english['status']), (ENGLISH, 'ok'))
        self.assertNotIn('findings', english)
        self.assertFalse(any('bridge is safe' in json.dumps(bill) for bill in self.service.bills))
        self.assertGreaterEqual(len(self.service.bills), 4)


if __name__ == '__main__':
    unittest.main()
