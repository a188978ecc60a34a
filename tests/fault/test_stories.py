"""Stories keep their ids from run to run, whatever happens to a run."""
import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from test_pages import Case, setUpModule, tearDownModule                 # noqa: E402, F401

# Headline and sentence, in Spanish and English.
FERRY = [
    ('El ferry Alda encalla frente a Sarnoy', 'Ferry Alda runs aground off Sarnoy',
     'El ferry Alda encalló frente a Sarnoy y los 214 pasajeros fueron llevados a tierra en botes.',
     'The ferry Alda ran aground off Sarnoy and the 214 passengers were taken ashore in boats.'),
    ('Rescatan a 214 pasajeros del ferry Alda', '214 passengers rescued from the ferry Alda',
     'Los botes llevaron a tierra a 214 pasajeros cuando el ferry Alda chocó con las rocas cerca de Sarnoy.',
     'Boats took 214 passengers ashore when the ferry Alda ran on the rocks near Sarnoy.'),
    ('Interrogan al capitán del ferry Alda', 'Captain of the ferry Alda questioned',
     'La policía interrogó al capitán del ferry Alda, que encalló frente a Sarnoy con 214 pasajeros.',
     'The police questioned the captain of the ferry Alda, which ran aground off Sarnoy with 214 passengers.'),
    ('Remolcan el ferry Alda hasta Sarnoy', 'Ferry Alda towed to Sarnoy',
     'Los remolcadores llevaron el ferry Alda al puerto de Sarnoy después de salvar a los 214 pasajeros.',
     'The tugs took the ferry Alda to the port of Sarnoy after saving the 214 passengers.'),
    ('El timón del ferry Alda había fallado', 'The rudder of the ferry Alda had failed',
     'El timón falló y el ferry Alda encalló en las rocas de Sarnoy con sus 214 pasajeros.',
     'The rudder failed and the ferry Alda ran aground on the rocks of Sarnoy with its 214 passengers.'),
]
MAYOR = [
    ('Eligen a Ines Haldane alcaldesa de Lorven', 'Ines Haldane elected mayor of Lorven',
     'Ines Haldane ganó las elecciones municipales en Lorven contra su rival Pavel Strunz.',
     'Ines Haldane won the municipal elections in Lorven against her rival Pavel Strunz.'),
    ('Pavel Strunz reconoce la derrota en Lorven', 'Pavel Strunz concedes defeat in Lorven',
     'Pavel Strunz perdió las elecciones municipales en Lorven y felicitó a Ines Haldane.',
     'Pavel Strunz lost the municipal elections in Lorven and congratulated Ines Haldane.'),
]
ENGLISH = {source: target for told in FERRY + MAYOR for source, target in (told[:2], told[2:])}


def translate(_, texts):
    return 200, {}, json.dumps({'translatedText': [ENGLISH[text] for text in texts]}).encode()


def item(name, told):
    return {'id': name, 'url': 'https://news.example/' + name, 'evidence': {'version': '1'}, 'language': {'code': 'es'},
            'title': {'source': told[0]}, 'body': [{'kind': 'paragraph', 'text': told[2]}]}


class Ids(Case):
    def setUp(self):
        super().setUp()
        self.service = FakeService(translate)
        self.addCleanup(self.service.close)
        self.workspace = self.workspace_with('')

    def stories(self, day=None):
        """Returns the headlines of each story, by its id."""
        digest = json.loads(self.page('digest.json', day))
        title = {article['id']: article['title']['source'] if isinstance(article['title'], dict) else article['title']
                 for article in digest['articles']}
        return {story['id']: {title[article] for article in story['articles']} for story in digest['stories']}

    def publish(self, *told, at='2026-01-29 08:00', kill=None):
        self.write(*(item(str(FERRY.index(one) if one in FERRY else 10 + MAYOR.index(one)), one) for one in told))
        result = self.call('run', at=at, kill=kill)
        self.assertEqual(result.returncode, -9 if kill else 0, result.stderr.decode())

    def assert_grown(self, before):
        for story, titles in before.items():
            self.assertLessEqual(titles, self.stories()[story])

    def test_a_growing_story_keeps_its_id(self):
        self.publish(FERRY[0], MAYOR[0])
        for hour, told in enumerate((FERRY[1], FERRY[2], MAYOR[1], FERRY[3], FERRY[4])):
            before = self.stories()
            self.assertEqual(len(before), 2)
            self.publish(FERRY[0], MAYOR[0], told, at='2026-01-29 %02d:00' % (9 + hour))
            self.assert_grown(before)
        self.assertEqual(sorted(map(len, self.stories().values())), [2, 5])

    def test_a_killed_run_does_not_change_ids(self):
        for page in 'digest.html', 'digest.json':
            self.publish(FERRY[0], FERRY[1], MAYOR[0])
            before = self.stories()
            self.publish(*FERRY, *MAYOR, at='2026-01-29 10:00', kill=page)
            self.publish(*FERRY, *MAYOR, at='2026-01-29 11:00')
            self.assert_grown(before)
            shutil.rmtree(self.workspace.out)
            os.remove(os.path.join(self.workspace.folder, 'items.ndjson'))

    def test_pages_made_again_have_the_same_ids(self):
        self.publish(FERRY[3], MAYOR[0])
        self.publish(*FERRY, *MAYOR, at='2026-01-29 10:00')
        before = self.stories()
        for words in (('digest', '2026-01-29'), ('run',)):
            for name in 'digest.html', 'digest.json':
                os.remove(os.path.join(self.workspace.out, '2026-01-29', name))
            self.assertEqual(self.call(*words, at='2026-01-29 11:00').returncode, 0)
            self.assertEqual(self.stories(), before)


if __name__ == '__main__':
    unittest.main()
