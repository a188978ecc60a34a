"""The digest as mail, delivered to a real mail server (aiosmtpd) and to a program in the place of sendmail, and read by Python's own parser."""
import contextlib
import datetime
import email
import email.policy
import json
import logging
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace                                            # noqa: E402

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, SMTP
except ImportError:
    Controller = None
logging.getLogger('mail.log').setLevel(logging.CRITICAL)                   # the server's own, of handshakes that fail as they should

PASSWORD = 'correct horse battery'
BOAT = 'El barco Estrella Polar encalla frente a Cabo Gris con 40 marineros', 'The ship Estrella Polar runs aground off Cabo Gris with 40 sailors'
RESCUE = 'Rescatan a los marineros del Estrella Polar frente a Cabo Gris', 'The sailors of the Estrella Polar are rescued off Cabo Gris'
BOAT_TEXT = ('El pesquero Estrella Polar encalló anoche frente a Cabo Gris con 40 marineros a bordo.',
             'The trawler Estrella Polar ran aground last night off Cabo Gris with 40 sailors on board.')
FAIR = 'Abre la feria del libro de Valdemora', 'The book fair of Valdemora opens'
FAIR_TEXT = 'La feria del libro de Valdemora abre hoy sus puertas a los lectores.', 'The book fair of Valdemora opens its doors to readers today.'
DOUBTFUL_TITLE = 'El puerto recibe 17 barcos cada semana', 'The harbour receives 71 ships each week'
DOUBTFUL = 'La cooperativa vendió 2300 cajas de naranjas durante el verano.', 'The cooperative sold 3200 boxes of oranges during the summer.'
ARABIC = 'الميناء القديم يفتح أبوابه في الربيع', 'The old harbour opens its gates in spring'
ARABIC_TEXT = 'يقول سكان المدينة إن الميناء القديم سيفتح أبوابه من جديد.', 'Residents of the city say that the old harbour will open its gates again.'


def item(name, title, *sentences, language='es', **more):
    """An article that is translated already."""
    def segment(pair):
        return dict({'source': pair[0]}, **({'target': pair[1], 'status': 'ok'} if len(pair) > 1 else {}))
    return dict({'id': name, 'url': 'https://%s.example/nota' % name, 'collected': '2026-01-29T09:00:00Z', 'language': {'code': language},
                 'site_name': name.title(), 'title': segment(title),
                 'body': [{'kind': 'paragraph', 'text': s[0], 'segments': [segment(s)]} for s in sentences]}, **more)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Inbox:
    """A mail server's handler: keeps what it accepts, and refuses whom it is told to refuse."""

    def __init__(self):
        self.mails, self.refused, self.before_answer, self.asked, self.hated = [], {}, None, [], None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.asked.append('EHLO')
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked.append('RCPT')
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        if self.hated and self.hated in envelope.content:
            return '554 5.7.1 no such words'
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if self.before_answer:
            self.before_answer()
        return '250 taken'

    def read(self, index=-1):
        return email.message_from_bytes(self.mails[index][2], policy=email.policy.default)


def login(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b'desk' and data.password == PASSWORD.encode(), handled=False)


class Server:
    def __init__(self, test, implicit_tls=None, **options):
        self.inbox = Inbox()
        outer, self.port = self, free_port()

        class Own(Controller):
            def factory(self):
                return SMTP(self.handler, **options)

            def _create_server(self):
                return self.loop.create_server(self._factory_invoker, host='127.0.0.1', port=outer.port, ssl=implicit_tls)

            def _trigger_server(self):
                socket.create_connection(('127.0.0.1', outer.port)).close()
        self.controller = Own(self.inbox, hostname='127.0.0.1', port=self.port)
        self.controller.start()
        self.running = True
        test.addCleanup(self.stop)
        self.url = '%s://localhost:%d' % ('smtps' if implicit_tls else 'smtp', self.port)

    def stop(self):
        if self.running:
            self.controller.stop()
        self.running = False


class Rough:
    """A server that speaks for itself, with answers by command; behave(connection, line) may do anything, and ends the talk by returning True."""

    def __init__(self, test, behave):
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.behave, self.lines = behave, []
        self.url = 'smtp://127.0.0.1:%d' % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()
        test.addCleanup(self.socket.close)

    def serve(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        connection.sendall(b'220 rough\r\n')
        try:
            for line in connection.makefile('rb'):
                self.lines.append(line)
                if self.behave(connection, line):
                    break
        except OSError:
            pass
        connection.close()


def polite(connection, line, data=None):
    """The answers of a usual server, up to the message."""
    word = line[:4].upper()
    if word == b'EHLO':
        connection.sendall(b'250-rough\r\n250 SIZE 1000000\r\n')
    elif word == b'DATA':
        connection.sendall(b'354 go on\r\n')
    elif word in (b'MAIL', b'RCPT'):
        connection.sendall(b'250 OK\r\n')


@unittest.skipUnless(Controller, 'python3-aiosmtpd is not installed')
class Case(unittest.TestCase):
    def open(self, mail, more=''):
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n' + more +
                                   '[mail]\nfrom = Desk <dragoman@desk.example>\nto = ana@desk.example\n' + mail)
        self.addCleanup(self.workspace.close)
        self.items = []
        self.write_items()

    def write_items(self):
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(json.dumps(one, ensure_ascii=False) + '\n' for one in self.items)

    def run_with(self, *items, code=0):
        self.items += items
        self.write_items()
        return self.call('run', code=code)

    def call(self, *words, code=0):
        result = self.workspace.call(*words, timeout=60)
        self.assertEqual(result.returncode, code, (words, result.stdout, result.stderr))
        self.assertNotIn(PASSWORD.encode(), result.stdout + result.stderr)
        return (result.stdout + result.stderr).decode()

    def report(self):
        day = next(name for name in os.listdir(self.workspace.out) if re.fullmatch(r'\d{4}-\d\d-\d\d', name))
        with open(os.path.join(self.workspace.out, day, 'report.json'), encoding='utf8') as f:
            return json.load(f)

    def parts(self, mail):
        """The texts of both parts; the mail has no defects, and no line is too long."""
        for part in mail.walk():
            self.assertEqual(list(part.defects), [])
            self.assertEqual([(name, value.defects) for name, value in part.items() if value.defects], [])
        self.assertTrue(all(len(line) <= 998 for line in mail.as_bytes().split(b'\n')))
        self.assertEqual([part.get_content_type() for part in mail.iter_parts()], ['text/plain', 'text/html'])
        return [part.get_content() for part in mail.iter_parts()]


class Content(Case):
    def setUp(self):
        self.server = Server(self)
        self.inbox = self.server.inbox

    def test_a_day_is_one_thread_and_each_mail_tells_what_is_new(self):
        self.open('server = %s\n' % self.server.url)
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        self.run_with()
        self.assertEqual(len(self.inbox.mails), 1)
        first = self.inbox.read()
        self.assertEqual(self.inbox.mails[0][:2], ('dragoman@desk.example', ['ana@desk.example']))
        self.run_with(item('valle', FAIR, FAIR_TEXT))
        second = self.inbox.read()
        self.assertEqual(len(self.inbox.mails), 2)
        self.assertEqual([second['In-Reply-To'], second['References']], [first['Message-ID']] * 2)
        self.assertNotEqual(second['Message-ID'], first['Message-ID'])
        self.assertEqual(second['Subject'], 'Re: ' + first['Subject'])
        self.assertRegex(first['Subject'], r'^Dragoman: \w+day, \d+ \w+ 20\d\d$')
        self.assertEqual([first['List-Id'], first['Auto-Submitted']], ['<dragoman.desk.example>', 'auto-generated'])
        self.assertEqual(str(first['From']), 'Desk <dragoman@desk.example>')
        self.assertLess(abs(first['Date'].datetime.timestamp() - time.time()), 120)
        self.assertIsNone(first['List-Unsubscribe'])
        for text in self.parts(second):
            self.assertIn(FAIR[1], text)
            self.assertIn(FAIR[0], text)
            self.assertNotIn(BOAT[1], text)
            self.assertIn('https://valle.example/nota', text)
            self.assertIn('1 new article in 1 story', text)
        self.assertIn('mail: nothing new', self.call('digest', '--mail'))
        self.assertEqual(len(self.inbox.mails), 2)
        self.assertEqual(self.report()['mails'], [{'name': 'mail', 'sent': 1, 'stories': 1}])

    def test_a_story_that_grew_says_so(self):
        self.open('server = %s\n' % self.server.url)
        self.run_with(item('costa', BOAT, BOAT_TEXT, BOAT_TEXT), item('valle', FAIR, FAIR_TEXT))
        self.run_with(item('sur', RESCUE, BOAT_TEXT, BOAT_TEXT))
        self.assertEqual(len(self.inbox.mails), 2)
        for text in self.parts(self.inbox.read()):
            self.assertIn('Grown: 1 of 2 articles is new', text)
            self.assertIn('1 new article in 1 story (1 has grown)', text)
            self.assertIn(RESCUE[1], text)
            self.assertNotIn(FAIR[1], text)

    def test_growth_can_wait_for_the_next_new_story(self):
        self.open('server = %s\nwhen = new\n' % self.server.url)
        self.run_with(item('costa', BOAT, BOAT_TEXT, BOAT_TEXT), item('uno', ('Nieva en la sierra', 'It snows in the mountains'), FAIR_TEXT))
        self.run_with(item('sur', RESCUE, BOAT_TEXT, BOAT_TEXT))
        self.assertEqual(len(self.inbox.mails), 1)
        self.run_with(item('kita', ('Dimite la alcaldesa de Ronda', 'The mayor of Ronda resigns'),
                           ('La alcaldesa dejó el cargo por motivos de salud.', 'The mayor left her post for reasons of health.')))
        for text in self.parts(self.inbox.read()):
            self.assertIn(RESCUE[1], text)
            self.assertIn('2 new articles in 2 stories (1 has grown)', text)

    def test_watched_stories_come_first(self):
        self.open('server = %s\n' % self.server.url, '[watch "fair"]\nterms = Valdemora\n')
        self.run_with(item('costa', BOAT, BOAT_TEXT), item('sur', RESCUE, BOAT_TEXT), item('valle', FAIR, FAIR_TEXT))
        text, page = self.parts(self.inbox.read())
        for part, headings in (text, ('WATCH-LIST', 'OTHER STORIES')), (page, ('Watch-list', 'Other stories')):
            places = [part.index(word) for word in (headings[0], FAIR[1], headings[1], BOAT[1])]
            self.assertEqual(places, sorted(places))
            self.assertIn('New, watch-list: fair', part)

    def test_doubts_stand_where_they_belong_in_both_parts(self):
        self.open('server = %s\n' % self.server.url)
        self.run_with(item('costa', DOUBTFUL_TITLE, DOUBTFUL))
        text, page = self.parts(self.inbox.read())
        self.assertRegex(text, re.escape(DOUBTFUL_TITLE[1]) + r' \[to check: [^\]]*17')
        self.assertRegex(text, re.escape(DOUBTFUL[1]) + r' \[to check: [^\]]*2300')
        self.assertIn('The source: ' + DOUBTFUL[0], text)
        self.assertRegex(page, '<mark [^>]*>' + re.escape(DOUBTFUL_TITLE[1]) + '</mark>')
        self.assertRegex(page, 'Check the headline:</b> [^<]*17')
        self.assertRegex(page, '<mark [^>]*>' + re.escape(DOUBTFUL[1]) + '</mark>')
        self.assertRegex(page, r'Check before you use it:</b> [^<]*2300[^<]*\. The source: <bdi lang="es">' + re.escape(DOUBTFUL[0]))
        self.assertIn('2 sentences to check', text)

    def test_the_source_keeps_its_script(self):
        self.open('server = %s\n' % self.server.url)
        self.run_with(item('bahr', ARABIC, ARABIC_TEXT, language='ar'))
        text, page = self.parts(self.inbox.read())
        self.assertIn('<p style="margin:2px 0" lang="ar" dir="rtl">%s</p>' % ARABIC[0], page)
        self.assertIn('\u2068%s\u2069' % ARABIC[0], text)

    def test_what_waits_and_what_is_missing_is_told(self):
        service = '[service "down"]\nkind = libretranslate\nattempts = 1\nurl = http://127.0.0.1:9\n[route "default"]\nservices = down\n'
        self.open('server = %s\n' % self.server.url, service)
        self.run_with(item('costa', BOAT, BOAT_TEXT), item('bahr', ARABIC[:1], ARABIC_TEXT[:1], language='ar'), code=69)
        text, page = self.parts(self.inbox.read())
        self.assertIn('MISSING, WAITING OR FAILED', text)
        self.assertRegex(page, '<bdi lang="ar" dir="rtl">%s</bdi><br>.*waiting for service down' % ARABIC[0])
        self.assertIn('service down', text)

    def test_what_failed_is_told_in_its_own_script(self):
        self.open('server = %s\n' % self.server.url)
        self.run_with(item('costa', BOAT, BOAT_TEXT),
                      item('kita', ('古い港が春に開く',), ('市民によると、古い港は春に再び開かれる予定だという。',), language='ja'), code=3)
        text, page = self.parts(self.inbox.read())
        self.assertRegex(page, '<bdi lang="ja">古い港が春に開く</bdi><br>.*failed on .* · <a [^>]*href="https://kita.example/nota">original')
        self.assertRegex(text, '古い港が春に開く: .*failed on')

    def test_no_text_gets_into_the_header(self):
        evil = 'Puerto\r\nBcc: eva@evil.example\r\n\r\nX-Evil: 1\x01\x1b[31m', 'Harbour\r\nBcc: eva@evil.example\r\n\r\nX-Evil: 1\x01\x1b[31m'
        self.open('server = %s\nsubject_prefix = "Küste, Norden und noch ein langer Vorspann, der nicht in eine Zeile passt:"\n' % self.server.url)
        self.run_with(item('costa', evil, ('<script>alert(1)</script> ' + evil[0], '<script>alert(1)</script> \u202e' + evil[1])),
                      item('puntos', ('Espera ' + '.' * 200, 'Wait ' + '.' * 200), FAIR_TEXT))
        mail = self.inbox.read()
        text, page = self.parts(mail)
        self.assertEqual(self.inbox.mails[0][1], ['ana@desk.example'])
        for part in text, page:
            self.assertIn('Wait ' + '.' * 200, part)
            self.assertNotIn('\u202e', text)
        self.assertEqual(sorted(mail.keys()), sorted(['Date', 'From', 'To', 'Subject', 'Message-ID', 'List-Id', 'Auto-Submitted',
                                                      'MIME-Version', 'Content-Type']))
        self.assertTrue(mail['Subject'].startswith('Küste, Norden und noch ein langer Vorspann, der nicht in eine Zeile passt: '), mail['Subject'])
        self.assertNotRegex(text + page, '[\x01\x1b]')
        self.assertNotIn('<script', page)
        self.assertNotRegex(page, r'(?i)<(img|link|iframe|object|base)|url\(|@import| src=| on\w+=')

    def test_no_address_becomes_a_story(self):
        self.open('server = %s\n' % self.server.url)
        hostile = 'https://x.example/a\r\n\r\n* The minister resigns\u2028* The bank fails\u202egnp"><b>'
        self.run_with(item('costa', BOAT, BOAT_TEXT, BOAT_TEXT, url=hostile), item('sur', RESCUE, BOAT_TEXT, BOAT_TEXT, url=hostile + '/2'))
        text, page = self.parts(self.inbox.read())
        self.assertEqual(len(re.findall(r'https://x\.example/a%0D%0A%0D%0A\*%20The%20minister%20resigns%E2%80%A8\*%20The', text)), 2)
        self.assertEqual(len(re.findall(r'(?m)^\* ', text)), 1)
        self.assertNotRegex(text, '[\u2028\u202e]')
        self.assertNotIn('<b>', re.sub('<b>(New|Not translated:)', '', page))

    def test_a_long_day_is_counted_not_listed(self):
        self.open('server = %s\nstories = 3\n' % self.server.url)
        pairs = [('Cierra el puente de Alba', 'The bridge of Alba closes'), ('Gana el equipo de Ronda', 'The team of Ronda wins'),
                 ('Sube el precio del pan', 'The price of bread rises'), ('Nieva en la sierra', 'It snows in the mountains'),
                 ('Dimite la alcaldesa', 'The mayor resigns'), ('Hallan una moneda romana', 'A Roman coin is found'),
                 ('Los médicos van a la huelga', 'The doctors go on strike'), ('Arde un almacén de muebles', 'A furniture store burns')]
        self.run_with(*[item('n%d' % i, pair, (pair[0] + ' según la radio.', pair[1] + ', the radio says.')) for i, pair in enumerate(pairs)])
        for text in self.parts(self.inbox.read()):
            self.assertIn('8 new articles in 8 stories', text)
            self.assertIn('and 5 more', text)
            self.assertIn('index.html', text)
            self.assertEqual(sum(pair[1] + ', the radio says.' in text for pair in pairs), 3)
        self.run_with()
        self.assertEqual(len(self.inbox.mails), 1)

    def test_links_lead_to_the_pages_on_the_web(self):
        self.open('server = %s\nunsubscribe = mailto:off@desk.example\nlist_id = desk.news.example\n' % self.server.url,
                  '[digest]\nurl = https://news.example/d/\n')
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        text, page = self.parts(self.inbox.read())
        story = re.search(r'https://news\.example/d/(20[\d-]+/stories/\w+\.html)', text)
        self.assertTrue(os.path.exists(os.path.join(self.workspace.out, story[1])))
        self.assertIn('href="%s"' % story[0], page)
        mail = self.inbox.read()
        self.assertEqual([mail['List-Id'], mail['List-Unsubscribe']], ['<desk.news.example>', '<mailto:off@desk.example>'])

    def test_lists_get_what_they_want(self):
        self.open('server = %s\n' % self.server.url,
                  '[mail "arabic"]\nfrom = a@desk.example\nto = omar@desk.example\nlanguages = ar\nserver = %s\n'
                  '[mail "never"]\nfrom = a@desk.example\nto = nil@desk.example\nsections = Sport, Weather\nserver = %s\n'
                  '[mail "later"]\nfrom = a@desk.example\nto = leo@desk.example\nwhen = asked\nserver = %s\n' % ((self.server.url,) * 3))
        self.run_with(item('costa', BOAT, BOAT_TEXT), item('bahr', ARABIC, ARABIC_TEXT, language='ar'))
        got = {mail[1][0]: self.inbox.read(i) for i, mail in enumerate(self.inbox.mails)}
        self.assertEqual(sorted(got), ['ana@desk.example', 'omar@desk.example'])
        self.assertEqual(got['omar@desk.example']['List-Id'], '<arabic.desk.example>')
        self.assertNotIn(BOAT[1], self.parts(got['omar@desk.example'])[0])
        self.assertIn(ARABIC[1], self.parts(got['omar@desk.example'])[1])
        said = self.call('digest', '--mail')
        self.assertIn('mail later: sent 2 stories to 1 reader', said)
        self.assertIn('mail never: nothing new', said)
        self.assertEqual(self.inbox.mails[-1][1], ['leo@desk.example'])
        self.assertEqual(len(self.inbox.mails), 3)

    def test_lists_choose_as_the_digest_does(self):
        """A language stands for its scripts, a source's section for articles without one, and case does not matter."""
        lists = {'zh': 'languages = zh', 'ar': 'languages = ar', 'sea': 'sections = Sport, МОРЕ', 'port': 'sections = harbour'}
        self.open('server = %s\nwhen = asked\n' % self.server.url,
                  '[source "port"]\nkind = ndjson\npath = port.ndjson\nsection = Harbour\n' +
                  ''.join('[mail "%s"]\nfrom = a@desk.example\nto = %s@desk.example\nserver = %s\n%s\n' %
                          (name, name, self.server.url, wish) for name, wish in lists.items()))
        with open(os.path.join(self.workspace.folder, 'port.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps(item('costa', BOAT, BOAT_TEXT), ensure_ascii=False) + '\n')
        self.run_with(item('hai', ('老港口春天开放', 'The old harbour opens in spring'), ('居民说老港口将再次开放。', 'Residents say the old harbour will open again.'),
                           language='zh-Hans'),
                      item('gang', ('博物館舉辦展覽', 'The museum holds a show'), ('博物館下週舉辦展覽。', 'The museum holds a show next week.'), language='zh-Hant'),
                      item('valle', FAIR, FAIR_TEXT, section='Море'),
                      item('bahr', ARABIC[:1], ARABIC_TEXT[:1], language='ar'), code=3)
        got = {mail[1][0].split('@')[0]: self.parts(self.inbox.read(i))[0] for i, mail in enumerate(self.inbox.mails)}
        self.assertEqual(sorted(got), ['port', 'sea', 'zh'])
        told = {name: [title for title in ('The old harbour opens in spring', 'The museum holds a show', FAIR[1], BOAT[1]) if title in text]
                for name, text in got.items()}
        self.assertEqual({name: len(titles) for name, titles in told.items()}, {'zh': 2, 'sea': 1, 'port': 1}, told)
        self.assertEqual([told['sea'], told['port']], [[FAIR[1]], [BOAT[1]]])
        self.assertNotIn(ARABIC[0], got['zh'])                             # it failed, and is not in their language
        self.assertIn(ARABIC[0], got['sea'])

    def test_the_morning_brings_one_mail_a_day(self):
        self.open('server = %s\nwhen = morning\n' % self.server.url, '[digest]\nmorning = 00:00\n')
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        self.run_with(item('valle', FAIR, FAIR_TEXT))
        self.assertEqual(len(self.inbox.mails), 1)
        self.call('--set', 'mail.when=run', 'run')
        self.assertEqual(len(self.inbox.mails), 2)

    def test_a_mail_that_was_asked_for_does_not_replace_the_morning(self):
        self.open('server = %s\nwhen = asked\n' % self.server.url, '[digest]\nmorning = 00:00\n')
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        self.call('digest', '--mail')
        self.assertEqual(len(self.inbox.mails), 1)
        self.items.append(item('valle', FAIR, FAIR_TEXT))
        self.write_items()
        self.call('--set', 'mail.when=morning', 'run')
        self.assertEqual(len(self.inbox.mails), 2)
        self.assertIn(FAIR[1], self.parts(self.inbox.read())[0])


class Delivery(Case):
    def test_whom_the_server_refuses_is_named_and_the_others_get_theirs(self):
        server = Server(self)
        server.inbox.refused['bob@desk.example'] = '550 5.1.1 no such mailbox'
        self.open('server = %s\nto = bob@desk.example\nto = cleo@desk.example ana@desk.example\n' % server.url)
        said = self.run_with(item('costa', BOAT, BOAT_TEXT), code=69)
        self.assertEqual([mail[1] for mail in server.inbox.mails], [['ana@desk.example', 'cleo@desk.example']])
        self.assertIn('refused bob@desk.example (550 5.1.1 no such mailbox)', said)
        self.assertIn('bob@desk.example', self.workspace.status()['mail'][0]['reason'])
        server.inbox.refused.clear()
        self.run_with(item('valle', FAIR, FAIR_TEXT))
        got = [(mail[1], *(word[1] in self.parts(server.inbox.read(i))[0] for word in (BOAT, FAIR))) for i, mail in enumerate(server.inbox.mails)]
        others = ['ana@desk.example', 'cleo@desk.example']
        self.assertEqual(got, [(others, True, False), (others, False, True), (['bob@desk.example'], True, True)])
        self.assertEqual(self.workspace.status()['mail'], [])
        self.assertEqual(len({server.inbox.read(i)['Message-ID'] for i in range(3)}), 3)

    def test_all_who_got_a_mail_are_counted(self):
        server = Server(self)
        server.inbox.refused['bob@desk.example'] = '450 4.2.1 later'
        self.open('server = %s\nto = bob@desk.example, cleo@desk.example\nwhen = asked\n' % server.url)
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        self.assertIn('mail: sent 1 story to 2 readers\n', self.call('digest', '--mail', code=69))
        server.inbox.refused.clear()
        self.run_with(item('valle', FAIR, FAIR_TEXT))
        self.assertIn('mail: sent 3 stories in 2 mails to 3 readers\n', self.call('digest', '--mail'))

    def test_a_server_that_is_down_gets_it_later(self):
        server = Server(self)
        self.open('server = %s\n' % server.url)
        server.stop()
        said = self.run_with(item('costa', BOAT, BOAT_TEXT), code=69)
        self.assertIn('mail waits: mail server %s cannot be reached; check that it is running' % server.url, said)
        self.assertIn('cannot be reached', self.report()['mails'][0]['waits'])
        self.assertIn('mail has been waiting since', self.call('status'))
        self.assertEqual([self.workspace.status()[name] for name in ('waiting', 'failed', 'done')], [0, 0, 1])
        self.assertEqual(self.run_with(code=69), '')                      # said already
        self.assertIn('cannot be reached', self.call('digest', '--mail', code=69))
        again = Server(self)
        self.call('--set', 'mail.server=' + again.url, 'run')
        self.assertIn(BOAT[1], self.parts(again.inbox.read())[0])
        self.assertNotIn('waiting since', self.call('status'))

    def kill_after_acceptance(self):
        """A run mails one article and is killed after the server has taken the mail, before the run knows."""
        server = Server(self)
        self.open('server = %s\n' % server.url)
        self.items = [item('costa', BOAT, BOAT_TEXT)]
        self.write_items()
        process = self.workspace.start('run')
        server.inbox.before_answer = lambda: (process.kill(), process.wait())
        self.assertEqual(process.wait(60), -signal.SIGKILL)
        server.inbox.before_answer = None
        return server

    def test_a_kill_after_the_server_accepted_doubles_one_mail_at_most(self):
        server = self.kill_after_acceptance()
        self.call('run')
        self.call('run')
        self.assertEqual(len(server.inbox.mails), 2)
        self.assertEqual(server.inbox.read(0)['Message-ID'], server.inbox.read(1)['Message-ID'])

    def test_a_kill_and_something_new_is_another_mail(self):
        server = self.kill_after_acceptance()
        self.run_with(item('valle', FAIR, FAIR_TEXT))
        self.assertNotEqual(server.inbox.read(0)['Message-ID'], server.inbox.read(1)['Message-ID'])
        self.assertIn(FAIR[1], self.parts(server.inbox.read(1))[0])

    def test_a_mail_that_is_refused_for_a_word_does_not_hold_up_other_days(self):
        server = Server(self)
        server.inbox.hated = BOAT[1].encode()
        self.open('server = smtp://127.0.0.1:1\n')
        self.run_with(item('costa', BOAT, BOAT_TEXT), item('valle', FAIR, FAIR_TEXT), code=69)
        yesterday = (datetime.date.today() - datetime.timedelta(days=1)).isoformat()
        boat = next(name for name, record in self.workspace.records().items() if record['title']['source'] == BOAT[0])
        with contextlib.closing(sqlite3.connect(os.path.join(self.workspace.out, 'state.db'))) as state, state:
            state.execute('UPDATE kept SET day = ? WHERE id = ?', (yesterday, bytes.fromhex(boat[:-5])))
            state.execute('UPDATE mail_reader SET since = ?', (yesterday,))
        said = self.call('--set', 'mail.server=' + server.url, 'run', code=69)
        self.assertIn("refused the message: 554 5.7.1 no such words; ask the server's administrator", said)
        self.assertEqual([FAIR[1] in self.parts(server.inbox.read(i))[0] for i in range(len(server.inbox.mails))], [True])
        server.inbox.hated = None
        self.call('--set', 'mail.server=' + server.url, 'run')
        self.assertIn(BOAT[1], self.parts(server.inbox.read())[0])
        self.assertEqual(len({server.inbox.read(i)['Subject'] for i in range(2)}), 2)
        self.assertIsNone(server.inbox.read()['In-Reply-To'])

    def test_servers_that_hang_drip_or_leave(self):
        def hang(connection, line):
            time.sleep(30)

        def drip(connection, line):
            for _ in range(300):
                connection.sendall(b'250-x\r\n')
                time.sleep(.1)

        def leave(connection, line):
            polite(connection, line)
            return line.startswith(b'Subject:')

        def busy(connection, line):
            polite(connection, line)
            if line == b'.\r\n':
                connection.sendall(b'452 4.3.1 the disk is full\r\n')
        for behave, word in (hang, 'in time'), (drip, 'in time'), (leave, 'closed the connection'), (busy, '452 4.3.1 the disk is full'):
            with self.subTest(behave.__name__):
                server = Rough(self, behave)
                self.open('server = %s\ntimeout = 2s\n' % server.url)
                begun = time.monotonic()
                said = self.run_with(item('costa', BOAT, BOAT_TEXT), code=69)
                self.assertLess(time.monotonic() - begun, 15)
                self.assertIn(word, said)
                good = Server(self)
                self.call('--set', 'mail.server=' + good.url, 'run')
                self.assertEqual(len(good.inbox.mails), 1)

    def test_an_interrupted_run_does_not_wait_for_the_server(self):
        server = Rough(self, lambda connection, line: time.sleep(30))
        self.open('server = %s\n' % server.url)
        self.items = [item('costa', BOAT, BOAT_TEXT)]
        self.write_items()
        process = self.workspace.start('run')
        while not server.lines and process.poll() is None:
            time.sleep(.05)
        begun = time.monotonic()
        process.terminate()
        self.assertEqual(process.wait(60), 130)
        self.assertLess(time.monotonic() - begun, 10)
        good = Server(self)
        self.call('--set', 'mail.server=' + good.url, 'run')
        self.assertEqual(len(good.inbox.mails), 1)

    def test_who_hangs_after_accepting_is_not_asked_again(self):
        def behave(connection, line):
            polite(connection, line)
            if line == b'.\r\n':
                connection.sendall(b'250 taken\r\n')
            if line.startswith(b'QUIT'):
                time.sleep(30)
        server = Rough(self, behave)
        self.open('server = %s\n' % server.url)
        begun = time.monotonic()
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        self.run_with()
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual(server.lines.count(b'.\r\n'), 1)

    def test_every_recipient_is_refused(self):
        server = Server(self)
        server.inbox.refused['ana@desk.example'] = '550 5.7.1 go away\x07'
        self.open('server = %s\n' % server.url)
        said = self.run_with(item('costa', BOAT, BOAT_TEXT), code=69)
        self.assertIn('refused every recipient: 550 5.7.1 go away', said)
        self.assertEqual(server.inbox.mails, [])


class Encryption(Case):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        cls.folder = cls.keep.name
        cls.make('ca', ['-x509', '-subj', '/CN=Desk CA', '-addext', 'basicConstraints=critical,CA:true'])
        cls.make('other', ['-x509', '-subj', '/CN=Other CA', '-addext', 'basicConstraints=critical,CA:true'])
        cls.make('server', ['-subj', '/CN=localhost'])
        with open(cls.path('names'), 'w') as f:
            f.write('subjectAltName=DNS:localhost\n')
        subprocess.run(['openssl', 'x509', '-req', '-in', cls.path('server.pem'), '-CA', cls.path('ca.pem'), '-CAkey', cls.path('ca.key'),
                        '-CAcreateserial', '-days', '2', '-extfile', cls.path('names'), '-out', cls.path('server.crt')], check=True, capture_output=True)
        cls.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.context.load_cert_chain(cls.path('server.crt'), cls.path('server.key'))
        for name, text in ('password', PASSWORD), ('wrong', PASSWORD + '!'):
            with open(cls.path(name), 'w') as f:
                f.write(text + '\n')
            os.chmod(cls.path(name), 0o600)

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def make(cls, name, options):
        subprocess.run(['openssl', 'req', '-new', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', cls.path(name + '.key'),
                        '-out', cls.path(name + '.pem'), *options], check=True, capture_output=True)

    def serve(self, **options):
        return Server(self, tls_context=self.context, require_starttls=True, auth_required=True, authenticator=login, **options)

    def open_with(self, server, password='password', ca='ca', more=''):
        self.open('server = %s\nuser = desk\npassword_file = %s\n%s' % (server.url, self.path(password), more),
                  '[http]\nca_file = %s\n' % self.path(ca + '.pem'))

    def test_starttls_and_a_login(self):
        server = self.serve()
        self.open_with(server, more='starttls = required\n')
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        self.assertEqual(len(server.inbox.mails), 1)

    def test_the_password_may_be_a_credential_or_printed_by_a_command(self):
        for way in 'credential', 'command':
            server = self.serve()
            self.open('server = %s\nuser = desk\nstarttls = required\n' % server.url + ('password_command = cat %s\n' % self.path('password')
                      if way == 'command' else ''), '[http]\nca_file = %s\n' % self.path('ca.pem'))
            if way == 'credential':
                os.symlink(self.path('password'), os.path.join(self.workspace.folder, 'mail.password'))
                os.environ['CREDENTIALS_DIRECTORY'] = self.workspace.folder
                self.addCleanup(os.environ.pop, 'CREDENTIALS_DIRECTORY', None)
            self.run_with(item('costa', BOAT, BOAT_TEXT))
            self.assertEqual(len(server.inbox.mails), 1)
            os.environ.pop('CREDENTIALS_DIRECTORY', None)

    def test_encrypted_from_the_start(self):
        server = Server(self, implicit_tls=self.context, auth_required=True, authenticator=login, auth_require_tls=False)
        self.open_with(server)
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        self.assertEqual(len(server.inbox.mails), 1)

    def test_what_is_wrong_is_said_and_nothing_is_lost(self):
        plain = Server(self, auth_required=True, authenticator=login, auth_require_tls=False)
        elsewhere = self.serve()
        elsewhere.url = elsewhere.url.replace('localhost', '127.0.0.1')    # not what its certificate says
        for server, words, said in ((elsewhere, {}, 'certificate that cannot be verified'), (self.serve(), dict(password='wrong'), 'refused the login: 535'),
                                    (self.serve(), dict(ca='other'), 'certificate that cannot be verified'),
                                    (plain, {}, 'does not offer STARTTLS, which is required')):
            with self.subTest(said):
                self.open_with(server, more='starttls = required\n', **words)
                self.assertIn(said, self.run_with(item('costa', BOAT, BOAT_TEXT), code=69))
                self.assertEqual(server.inbox.mails, [])
                self.assertIn(said, self.call('status'))
                for name in os.listdir(self.workspace.out):
                    if name.startswith('state.db'):
                        with open(os.path.join(self.workspace.out, name), 'rb') as f:
                            self.assertNotIn(PASSWORD.encode(), f.read())

    def test_a_server_that_repeats_the_password_is_not_quoted(self):
        """Neither in its answer to the login nor to anything else, where the rest of an answer is quoted."""
        for refused, said in (b'AUTH', 'refused the login: 535'), (b'MAIL', 'refused the sender: 535'), (b'RCPT', 'refused every recipient: 535'):
            def behave(connection, line, refused=refused):
                if line[:4] == refused:
                    connection.sendall(b'535-5.7.8 no\r\n535 5.7.8 not with ' + PASSWORD.encode() + b'\r\n')
                elif line[:4] == b'EHLO':
                    connection.sendall(b'250-rough\r\n250 AUTH PLAIN\r\n')
                elif line[:4] == b'AUTH':
                    connection.sendall(b'334 \r\n')
                elif line[:4] in (b'MAIL', b'RCPT'):
                    polite(connection, line)
                elif line[:4] == b'QUIT':
                    return True
                else:
                    connection.sendall(b'235 2.7.0 welcome\r\n')
                return False
            with self.subTest(refused=refused):
                self.open('server = %s\nuser = desk\npassword_file = %s\n' % (Rough(self, behave).url, self.path('password')))
                self.assertIn(said, self.run_with(item('costa', BOAT, BOAT_TEXT), code=69))  # call() looks for the password
                self.assertNotIn(PASSWORD, json.dumps(self.report()) + json.dumps(self.workspace.status()))

    def test_check_config_online_logs_in_and_sends_nothing(self):
        server = self.serve()
        self.open_with(server, more='starttls = required\n')
        self.assertIn('[mail] works', self.call('check-config', '--online'))
        self.assertIn('EHLO', server.inbox.asked)
        self.assertNotIn('RCPT', server.inbox.asked)
        self.open_with(server, password='wrong', more='starttls = required\n')
        self.assertIn('refused the login', self.call('check-config', '--online', code=69))
        deaf = Server(self)
        self.open_with(deaf)
        self.assertIn('offers no login', self.call('check-config', '--online', code=69))


class Command(Case):
    def sendmail(self, text):
        path = os.path.join(self.workspace.folder, 'send mail'.replace(' ', '-'))
        with open(path, 'w') as f:
            f.write('#!/bin/sh\nhere=%s\n%s\n' % (self.workspace.folder, text))
        os.chmod(path, 0o755)
        return path

    def open_with(self, text, more='timeout = 2s\n'):
        self.open(more)
        self.path = self.sendmail(text)
        with open(self.workspace.config, 'a') as f:
            f.write('command = %s -t -i $HOME;touch|x\n' % self.path)

    def read(self, name):
        with open(os.path.join(self.workspace.folder, name), 'rb') as f:
            return f.read()

    def test_a_program_gets_the_mail_without_a_shell(self):
        self.open_with('printf "%s\\n" "$@" >$here/words; env >$here/environment; cat >>$here/mail')
        os.environ['DRAGOMAN_TEST_SECRET'] = PASSWORD
        self.addCleanup(os.environ.pop, 'DRAGOMAN_TEST_SECRET')
        self.run_with(item('costa', BOAT, BOAT_TEXT))
        self.run_with()
        self.assertEqual(self.read('words').decode().split('\n'), ['-t', '-i', '$HOME;touch|x', ''])
        self.assertNotIn(PASSWORD.encode(), self.read('environment'))
        self.assertNotIn(b'\r', self.read('mail'))
        mail = email.message_from_bytes(self.read('mail'), policy=email.policy.default)
        self.assertEqual(str(mail['To']), 'ana@desk.example')
        self.assertIn(BOAT[1], self.parts(mail)[0])

    def test_a_program_that_fails_or_hangs_gets_it_again(self):
        hanging = 'sleep 60 & echo $! >$here/child; cat >/dev/null; wait'
        for text, said in (('cat >/dev/null; echo "postdrop: no space" >&2; exit 75', 'ended with exit code 75: postdrop: no space'),
                           ('kill -9 $$', 'ended with signal 9'), (hanging, 'did not end in time and was killed')):
            with self.subTest(text):
                self.open_with(text)
                self.assertIn(said, self.run_with(item('costa', BOAT, BOAT_TEXT), code=69))
                self.sendmail('cat >$here/mail')
                self.run_with()
                self.assertIn(b'Subject: Dragoman', self.read('mail'))
        child = int(self.read('child'))
        with contextlib.suppress(FileNotFoundError):                       # killed, whether or not somebody has waited for it
            with open('/proc/%d/stat' % child) as f:
                self.assertIn(' Z ', f.read())

    def test_a_program_that_is_not_there(self):
        self.open('command = /nowhere/sendmail -t\n')
        self.assertIn("'/nowhere/sendmail' is not a program that can be run", self.run_with(item('costa', BOAT, BOAT_TEXT), code=69))


class Configuration(Case):
    def problems(self, text):
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = /dev/null\n' + text)
        self.addCleanup(self.workspace.close)
        return self.call('check-config', code=78)

    def test_all_problems_are_found_at_once(self):
        said = self.problems('[mail]\nto = ana@desk.example, Bob <bob@desk.example>\nserver = imap://desk.example\ncommand = sendmail -t\n'
                             '[mail "desk"]\nserver = smtp://desk.example:587\nstarttls = never\nuser = x\nlist_id = nodots\nunsubscribe = ftp://x\n'
                             'sources = nobody\nlanguages = arabic\n[mail "url"]\nfrom = a@b.example\nto = a@b..example\nserver = smtp://x:y@desk.example\n')
        for words in ("'Bob' is not a mail address", 'the mail has no sender', 'there is a server and a command',
                      "'imap://desk.example' is not a mail server", 'nobody gets this mail', "'x' needs a password",
                      'a password would be sent without encryption', "'nodots' is not a list's id", "'ftp://x' is not an address",
                      "'nobody' is not the name of a [source]", "'a@b..example' is not a mail address", 'must not contain a login', "'arabic'"):
            self.assertIn(words, said)
        self.assertIn('dragoman.conf:7: ', said)

    def test_a_mistake_waits_and_is_said_by_the_run(self):
        self.open('server = smtp://\n')
        self.assertIn("'smtp://' must be smtp:// or smtps:// and HOST:PORT", self.run_with(item('costa', BOAT, BOAT_TEXT), code=69))

    def test_no_section_no_mail(self):
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n')
        self.addCleanup(self.workspace.close)
        self.items = []
        self.write_items()
        self.call('run')
        self.assertIn('no [mail] section is configured', self.call('digest', '--mail', code=78))
        self.assertIn('--mail takes one day', self.call('digest', '--mail', 'week', code=64))
        self.assertIn('--mail takes one day', self.call('digest', '--mail', '--language', 'es', code=64))
        for name in os.listdir(self.workspace.out):
            if name.startswith('state.db'):
                os.unlink(os.path.join(self.workspace.out, name))
        self.assertIn('there is no state in', self.call('digest', '--mail', code=74))


if __name__ == '__main__':
    unittest.main()
