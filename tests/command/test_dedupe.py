"""Wire copy: three editions of one agency report, and what happens to them."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace                                                 # noqa: E402

LEAD = ['El transbordador Alda encalló el martes por la mañana frente a la isla de Sarnoy con 214 pasajeros a bordo.',
        'Todos fueron llevados a tierra en botes salvavidas, según informó la guardia costera.',
        'El capitán habló de una avería en el timón y pidió paciencia a las familias.',
        'Los buzos examinarán el casco en cuanto el mar se calme.',
        'La isla no tiene otra conexión con tierra firme durante el invierno.',
        'El alcalde pidió a la naviera un segundo barco antes del fin de semana.']
MORE = ['Una comisión del parlamento estudiará si el barco debía haber salido del puerto aquel día.']
OTHER = ['El embalse de Telm ha bajado al nueve por ciento tras la primavera más seca de la que hay registro.',
         'Los agricultores del valle solo pueden regar sus campos durante la noche.',
         'El gobierno regional estudia traer agua en camiones desde la costa.',
         'Las asociaciones de vecinos piden que se cierren primero las piscinas privadas.',
         'No se espera lluvia en las próximas tres semanas, según el servicio meteorológico.']


def item(name, title, sentences):
    return {'id': name * 32, 'title': {'source': title}, 'language': {'code': 'es'},
            'body': [{'kind': 'paragraph', 'text': s} for s in sentences]}


class Copies(unittest.TestCase):
    def setUp(self):
        self.workspace = Workspace('[source "wire"]\nkind = ndjson\npath = wire.ndjson\n')

    def tearDown(self):
        self.workspace.close()

    def run_over(self, *items):
        path = os.path.join(self.workspace.folder, 'wire.ndjson')
        with open(path, 'w', encoding='utf8') as f:
            f.writelines(json.dumps(i, ensure_ascii=False) + '\n' for i in items)
        result = self.workspace.call('run')
        self.assertEqual((result.returncode, result.stderr), (0, b''))

    def by_title(self):
        return {r['title']['source']: r for r in self.workspace.records().values()}

    def test_the_same_text_is_dropped_and_counted(self):
        self.run_over(item('a', 'Encalla un transbordador', LEAD))
        self.run_over(item('b', 'Encalla un transbordador', LEAD))
        self.assertEqual(len(self.workspace.records()), 1)
        self.assertEqual(self.workspace.status()['duplicate'], 1)

    def test_a_copy_is_linked_and_only_its_differences_are_translated(self):
        self.run_over(item('a', 'Encalla un transbordador', LEAD))
        before = self.workspace.status()
        self.run_over(item('c', 'Susto en Sarnoy: 214 rescatados', [s.upper() if i == 2 else s for i, s in enumerate(LEAD)][:5] + MORE))
        records, after = self.by_title(), self.workspace.status()
        copy, lead = records['Susto en Sarnoy: 214 rescatados'], records['Encalla un transbordador']
        self.assertEqual(copy['duplicate_of'], lead['id'])
        self.assertGreater(copy['containment'], 0.5)
        self.assertLess(copy['containment'], 1)
        remembered = [s for b in copy['body'] for s in b['segments'] if s.get('from_memory')]
        self.assertEqual(len(remembered), 4)
        self.assertNotIn('duplicate_of', lead)
        self.assertGreater(after['requests'], before['requests'])

    def test_a_report_of_something_else_is_not_linked(self):
        self.run_over(item('a', 'Encalla un transbordador', LEAD), item('d', 'El embalse se vacía', OTHER))
        self.assertFalse([r for r in self.workspace.records().values() if 'duplicate_of' in r])

    def test_a_copy_is_in_the_story_of_its_lead(self):
        items = [dict(item('a', 'Ferry', []), title={'target': 'Ferry runs aground near Sarnoy'}),
                 dict(item('b', 'Pay', []), title={'target': 'Bakers want money'}, duplicate_of='a' * 32, containment=0.8),
                 dict(item('c', 'Rain', []), title={'target': 'Rain falls on Telm'}, duplicate_of='a' * 32, containment=0.2)]
        text = ''.join(json.dumps(i) + '\n' for i in items).encode()
        result = self.workspace.call('show', '--from', 'ndjson', '--only', 'group', '-', stdin=text)
        stories = [json.loads(line)['story'] for line in result.stdout.splitlines()]
        self.assertEqual(stories, ['a' * 32, 'a' * 32, 'c' * 32])

    def test_zero_days_turn_comparison_off(self):
        with open(self.workspace.config, 'a', encoding='utf8') as f:
            f.write('[dedupe]\ndays = 0\n')
        self.run_over(item('a', 'Encalla un transbordador', LEAD), item('b', 'Encalla un transbordador', LEAD))
        self.assertEqual(len(self.workspace.records()), 2)


if __name__ == '__main__':
    unittest.main()
