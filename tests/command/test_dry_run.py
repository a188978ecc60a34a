"""`run --dry-run` says what would be sent, which a real run then sends; it sends nothing itself and changes nothing."""
import hashlib
import json
import os
import re
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace                                                 # noqa: E402

SHARED = 'La biblioteca municipal abrirá también los domingos por la mañana.'


def article(number, language):
    texts = ['El barrio número %d estrena hoy un huerto con %d parcelas.' % (number, number + 20), SHARED, 'Lo anunció la alcaldesa.']
    return json.dumps({'id': '%s%d' % (language, number), 'title': {'source': 'El barrio %d estrena un huerto' % number},
                       'language': {'code': language}, 'body': [{'kind': 'paragraph', 'text': t} for t in texts]}, ensure_ascii=False)


class DryRun(unittest.TestCase):
    def setUp(self):
        self.service = FakeService()
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[budget]\ncurrency = EUR\n[service "paid"]\n'
                         'kind = libretranslate\nurl = %s\nprice = 20\n' % self.service.url)
        self.write(6)

    def tearDown(self):
        self.workspace.close()
        self.service.close()

    def write(self, count):
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(article(n, 'es' if n % 3 else 'gl') + '\n' for n in range(count))

    def dry_run(self, *words, code=0):
        result = self.workspace.call(*words, 'run', '--dry-run')
        self.assertEqual(result.returncode, code, result.stderr)
        rows = [line.split() for line in result.stdout.decode().splitlines()]
        return {row[1]: [float(n) for n in row[2:]] for row in rows if row and row[0] == 'paid'}, result.stdout.decode()

    def everything(self):
        found = {}
        for folder, _, names in os.walk(self.workspace.out):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as f:
                    found[os.path.join(folder, name)] = hashlib.sha256(f.read()).hexdigest()
        return found

    def state(self):
        return list(sqlite3.connect(os.path.join(self.workspace.out, 'state.db')).iterdump())

    def test_a_source_that_cannot_be_read_is_named_with_the_reason(self):
        os.unlink(os.path.join(self.workspace.folder, 'items.ndjson'))
        self.assertRegex(self.dry_run(code=69)[1], '1 source failed; source items failed: .*items.ndjson')

    def test_nothing_is_sent_or_left_behind(self):
        self.dry_run()
        self.assertEqual(self.service.requests, 0)
        self.assertFalse(os.path.exists(self.workspace.out))

    def test_an_existing_state_is_not_changed(self):
        self.workspace.call('run')
        before, files = self.state(), self.everything()
        self.write(9)
        self.dry_run()
        self.assertEqual(self.state(), before)
        self.assertEqual({p for p in self.everything() if p.endswith('.json')}, {p for p in files if p.endswith('.json')})

    def test_the_forecast_is_what_a_run_sends(self):
        rows, text = self.dry_run()
        self.assertEqual(set(rows), {'es', 'gl'})
        self.assertEqual((rows['es'][0], rows['gl'][0]), (4, 2))
        self.workspace.call('run')
        self.assertEqual(sum(row[3] for row in rows.values()), sum(map(len, self.service.bills)))
        self.assertEqual(sum(row[2] for row in rows.values()), len(self.service.bills))
        self.assertEqual(sum(row[1] for row in rows.values()), self.service.requests)
        cost = float(re.search(r'Estimated cost: ([0-9.]+) EUR', text).group(1))
        self.assertAlmostEqual(cost, self.workspace.status()['cost'], places=3)

    def test_the_memory_is_used(self):
        self.workspace.call('run')
        self.write(9)
        rows, _ = self.dry_run()
        self.assertEqual(rows['es'][0], 2)
        self.assertGreaterEqual(rows['es'][4], 4)
        sent = len(self.service.bills)
        self.workspace.call('run')
        self.assertEqual(sum(row[2] for row in rows.values()), len(self.service.bills) - sent)

    def test_summaries_by_a_model_are_foreseen(self):
        result = self.workspace.call('--set', 'service.model.kind=openai', '--set', 'service.model.model=m', '--set', 'service.model.input_price=2',
                                     '--set', 'service.model.url=http://127.0.0.1:9/v1', '--set', 'route.default.services=paid', '--set',
                                     'summary.services=model', '--set', 'summary.sentences=2', 'run', '--dry-run')
        self.assertEqual(result.returncode, 0, result.stderr)
        row = next(line.split() for line in result.stdout.decode().splitlines() if line.startswith('model'))
        self.assertEqual(row[1:4], ['summary', '6', '6'])
        self.assertGreater(float(row[-1]), 0)

    def test_a_cap_is_foreseen(self):
        _, text = self.dry_run('--set', 'route.default.services=paid', '--set', 'budget.characters_per_run=500', code=69)
        self.assertIn('characters_per_run = 500 characters of [budget] is reached', text)
        self.assertIn('waiting', text)


if __name__ == '__main__':
    unittest.main()
