"""Stories keep their ids from run to run, whatever happens to a run."""
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from receiver import Receiver                                            # noqa: E402
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


class Stories(Case):
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


class Ids(Stories):
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


class News(Stories):
    """News for others: stories that are new on a watch-list, and stories that grow fast."""

    WATCH = '[watch "ships"]\nterms = alda\n'
    NO_GROWTH = 'growth_outlets = 0\ngrowth_articles = 0\n'

    def setUp(self):
        super().setUp()
        with open(os.path.join(os.environ['DRAGOMAN_SOURCE'], 'config', 'news.schema.json'), encoding='utf8') as f:
            self.schema = jsonschema.Draft202012Validator(json.load(f))

    def configure(self, hooks, more=WATCH):
        with open(self.workspace.config, encoding='utf8') as f:
            self.plain = getattr(self, 'plain', None) or f.read()
        with open(self.workspace.config, 'w', encoding='utf8') as f:
            f.write('%s[hooks]\n%s\n%s' % (self.plain, hooks, more))

    def receiver(self, *script, **options):
        receiver = Receiver(*script, **options)
        self.addCleanup(receiver.close)
        return receiver

    def sent(self, receiver):
        """Returns the bodies that were sent, each of which is valid."""
        bodies = [json.loads(body) for _, body in receiver.got]
        for body in bodies:
            self.schema.validate(body)
        return bodies

    def what(self, receiver):
        return [(body['what'], body.get('watch') or body['growth']['level']) for body in self.sent(receiver)]

    def waiting(self):
        return self.workspace.status()['news']

    def test_a_story_is_news_for_a_watch_list_once(self):
        receiver = self.receiver()
        self.configure('webhook = %s\n%s' % (receiver.url, self.NO_GROWTH), self.WATCH + '[digest]\nurl = https://desk.example/news/\n')
        self.publish(MAYOR[0])
        self.assertEqual(receiver.got, [])
        self.publish(FERRY[0], MAYOR[0], at='2026-01-29 09:00')
        (path, _), body = receiver.got[0], self.sent(receiver)[0]
        self.assertEqual((path, body['what'], body['watch'], body['day'], body['count']), ('', 'watch', 'ships', '2026-01-29', 1))
        story, article = body['story'], body['articles'][0]
        self.assertEqual((story['title'], story['title_source'], story['outlets'], story['suspect']), (FERRY[0][1], FERRY[0][0], 1, 0))
        self.assertTrue(os.path.exists(os.path.join(self.workspace.out, story['page'])))
        self.assertEqual(story['page_url'], 'https://desk.example/news/' + story['page'])
        self.assertEqual((article['title'], article['link'], article['status']), (FERRY[0][1], 'https://news.example/0', 'complete'))
        # Neither another run, nor more reports on the same story, nor the next day makes it news again.
        self.publish(FERRY[0], at='2026-01-29 10:00')
        self.publish(FERRY[0], FERRY[1], MAYOR[1], at='2026-01-29 11:00')
        self.publish(FERRY[2], at='2026-01-30 08:00')
        self.publish(FERRY[3], at='2026-01-31 08:00')
        digest = json.loads(self.page('digest.json'))
        self.assertIn('earlier', digest['stories'][0])
        self.assertEqual(len(receiver.got), 1)

    def test_a_doubt_goes_with_the_text(self):
        receiver = self.receiver()
        wrong = dict(ENGLISH, **{FERRY[0][2]: FERRY[0][3].replace('214', '412')})
        service = FakeService(lambda _, texts: (200, {}, json.dumps({'translatedText': [wrong[text] for text in texts]}).encode()))
        self.addCleanup(service.close)
        self.configure('webhook = %s\n' % receiver.url)
        self.plain = self.plain.replace(self.service.url, service.url)
        self.configure('webhook = %s\n' % receiver.url)
        self.publish(FERRY[0])
        body = self.sent(receiver)[0]
        article = body['articles'][0]
        self.assertEqual((body['story']['suspect'] + body['story']['failed'], article['suspect'] + article['failed']), (1, 1))
        self.assertEqual(article['status'], json.loads(self.page('digest.json'))['articles'][0]['status'])
        self.assertEqual(article['summary'], json.loads(self.page('digest.json'))['articles'][0]['summary'])

    def test_what_could_not_be_sent_is_sent_by_the_next_run(self):
        for script, options in (([500], ''), (['hang'], 'request_timeout = 300ms\n'), ([403], '')):
            with self.subTest(script):
                receiver = self.receiver(*script, 200)
                self.workspace = self.workspace_with('')
                self.plain = None
                self.configure('webhook = %s\n%s' % (receiver.url, self.NO_GROWTH + options), self.WATCH + '[watch "rocks"]\nterms = ferry\n')
                self.publish(FERRY[0])
                self.assertEqual(len(receiver.got), 1)              # a server that fails is not asked again in the same run
                waiting, = self.waiting()
                self.assertEqual((waiting['hook'], waiting['count'], waiting['since']), ('webhook', 2, waiting['since']))
                self.assertIn('127.0.0.1', waiting['reason'])
                self.assertRegex(self.call('status').stdout.decode(), '2 pieces of news for the webhook waiting since .*: .hooks. webhook: 127')
                self.publish(at='2026-01-29 09:00')
                self.publish(at='2026-01-29 10:00')
                ids = [body['id'] for body in self.sent(receiver)]
                self.assertEqual((len(ids), len(set(ids)), ids[0] in ids[1:]), (3, 2, True))
                self.assertEqual(self.waiting(), [])

    def test_what_the_server_does_not_take_keeps_back_nothing_else_and_is_given_up(self):
        receiver = self.receiver(400, 200)
        self.configure('webhook = %s\n%s' % (receiver.url, self.NO_GROWTH), self.WATCH + '[watch "rocks"]\nterms = ferry\n')
        self.publish(FERRY[0])
        self.assertEqual([waiting['count'] for waiting in self.waiting()], [1])
        self.assertEqual(len(receiver.got), 2)
        receiver.script = [400]
        self.publish(at='2026-01-30 08:00')
        self.publish(at='2026-02-05 08:00')
        self.publish(at='2026-02-05 09:00')
        self.assertEqual((len(receiver.got), self.waiting()), (3, []))

    def test_a_killed_run_repeats_what_it_was_sending_and_loses_nothing(self):
        running = []
        receiver = self.receiver(200, seen=lambda: running and running.pop().send_signal(signal.SIGKILL))
        self.configure('webhook = %s\n%s' % (receiver.url, self.NO_GROWTH), self.WATCH + '[watch "rocks"]\nterms = ferry\n')
        self.write(item('0', FERRY[0]))
        command, options = self.workspace.command('run')
        killed = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
        running.append(killed)
        self.assertEqual(killed.wait(120), -9)
        self.publish(at=None)
        self.publish(at=None)
        ids = [body['id'] for body in self.sent(receiver)]
        self.assertEqual((len(ids), len(set(ids))), (3, 2))

    def test_growth_is_news_once_for_each_size(self):
        receiver = self.receiver()
        self.configure('webhook = %s\ngrowth_outlets = 0\ngrowth_articles = 2\n' % receiver.url, '')
        self.publish(FERRY[0], MAYOR[0])
        self.publish(FERRY[1], at='2026-01-29 09:00')
        self.assertEqual(self.what(receiver), [('growth', 1)])
        self.assertEqual(self.sent(receiver)[0]['growth']['articles'], 2)
        self.publish(FERRY[2], at='2026-01-29 10:00')
        self.publish(at='2026-01-29 11:00')
        self.assertEqual(len(receiver.got), 1)
        self.publish(FERRY[3], at='2026-01-29 12:00')
        self.assertEqual(self.what(receiver), [('growth', 1), ('growth', 2)])
        # The other story has as many reports, but not in a short time.
        self.publish(MAYOR[1], at='2026-01-29 20:00')
        self.assertEqual(len(receiver.got), 2)

    def test_one_outlet_is_no_growth_in_outlets(self):
        receiver = self.receiver()
        self.configure('webhook = %s\ngrowth_outlets = 2\ngrowth_articles = 0\n' % receiver.url,
                       '[source "other"]\nkind = ndjson\npath = other.ndjson\n')
        other = os.path.join(self.workspace.folder, 'other.ndjson')
        open(other, 'w', encoding='utf8').close()
        self.publish(FERRY[0], FERRY[1], FERRY[2])
        self.assertEqual(receiver.got, [])
        with open(other, 'w', encoding='utf8') as f:
            f.write(json.dumps(item('3', FERRY[3])) + '\n')
        self.publish(at='2026-01-29 09:00')
        body, = self.sent(receiver)
        self.assertEqual((body['what'], body['growth']['outlets'], body['story']['outlets']), ('growth', 2, 2))

    def test_a_program_gets_the_same_and_is_asked_again_until_it_works(self):
        path = os.path.join(self.workspace.folder, 'tell')
        with open(path, 'w', encoding='utf8') as f:
            f.write('#!/bin/sh\necho "$DRAGOMAN_EVENT $DRAGOMAN_NEWS_ID" >>%s.ids\ntest -e %s.ok || exit 9\ncat >%s.got\n' % (path, path, path))
        os.chmod(path, 0o755)
        self.configure('news = ./tell\n')
        self.publish(FERRY[0])
        waiting, = self.waiting()
        self.assertEqual((waiting['hook'], waiting['count']), ('news', 1))
        self.assertIn('ended with exit code 9', waiting['reason'])
        open(path + '.ok', 'w', encoding='utf8').close()
        self.publish(at='2026-01-29 09:00')
        self.publish(at='2026-01-29 10:00')
        self.assertEqual(self.waiting(), [])
        with open(path + '.got', encoding='utf8') as f:
            body = json.load(f)
        self.schema.validate(body)
        with open(path + '.ids', encoding='utf8') as f:
            self.assertEqual(f.read().splitlines(), ['news ' + body['id']] * 2)


if __name__ == '__main__':
    unittest.main()
