"""Mailboxes: every mail becomes an article, and known mails are recognised in the next run."""
import gzip
import json
import os
import subprocess
import tempfile
import unittest

DRAGOMAN = os.environ['DRAGOMAN']

MAIL = """From paper@a.example Thu Jan 29 14:05:0{n} 2026
From: The Paper <paper@a.example>
Date: Thu, 29 Jan 2026 14:05:0{n} +0100
Subject: Puerto {n} abierto
Message-ID: <{n}@a.example>
Content-Type: text/plain; charset=utf-8

El puerto {n} abrió el jueves después de tres semanas de obras en el muelle.

>From now on: la segunda línea que parece un comienzo.

"""

INNER = """From: {name} <{name}@b.example>
Date: Thu, 29 Jan 2026 0{n}:00:00 +0100
Subject: Mensaje {n}

El mensaje {n} cuenta que el transbordador vuelve a salir el lunes a las seis.
"""

HEAD = """From: lista@b.example
Date: Thu, 29 Jan 2026 12:00:00 +0100
Subject: Resumen
Message-ID: <resumen@b.example>
MIME-Version: 1.0
Content-Type: multipart/{kind}; boundary=x

"""


def digest(kind, type_line):
    """Returns a digest of two mails. Each has `type_line`; if empty, the type is the default for a digest."""
    parts = ''.join(f'--x\n{type_line}\n' + INNER.format(n=n, name=name) for n, name in ((1, 'ana'), (2, 'luis')))
    return (HEAD.format(kind=kind) + parts + '--x--\nEpilogue\n').encode()


class Mailbox(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        box = ''.join(MAIL.format(n=n) for n in range(3)).encode()
        with gzip.open(os.path.join(self.folder.name, 'box.mbox.gz'), 'wb') as file:
            file.write(box)

    def show(self, *words):
        done = subprocess.run([DRAGOMAN, 'show', *words], cwd=self.folder.name, capture_output=True, timeout=120)
        return [json.loads(line) for line in done.stdout.splitlines()], done

    def test_each_mail_is_an_article(self):
        records, done = self.show('--until', 'extract', 'box.mbox.gz')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([record['title']['source'] for record in records], [f'Puerto {n} abierto' for n in range(3)])
        self.assertEqual(records[1]['published'], '2026-01-29T14:05:01+01:00')
        self.assertEqual(records[1]['site'], 'The Paper')
        self.assertTrue(records[2]['body'][-1]['text'].startswith('From now on'))
        self.assertEqual(len({record['id'] for record in records}), 3)

    def test_a_digest_is_several_articles(self):
        nested = HEAD.format(kind='mixed') + '--x\n\nIn this digest: two.\n--x\n'
        inner = digest('digest', '').decode().replace('--x', '--y').replace('=x', '=y').split('\n', 5)[5]
        mails = {'digest.eml': digest('digest', ''), 'attached.eml': digest('mixed', 'Content-Type: message/rfc822\n'),
                 'nested.eml': (nested + inner + '--x--\n').encode()}
        for name, mail in mails.items():
            with open(os.path.join(self.folder.name, name), 'wb') as file:
                file.write(mail)
            records, done = self.show('--until', 'extract', name)
            self.assertEqual([record['title']['source'] for record in records], ['Mensaje 1', 'Mensaje 2'], name)
            self.assertEqual([record['site'] for record in records], ['ana', 'luis'], name)
            self.assertEqual([len(record['body']) for record in records], [1, 1], name)
            self.assertEqual(records[1]['published'], '2026-01-29T02:00:00+01:00', name)
            self.assertEqual(len({record['id'] for record in records}), 2, name)

    def test_a_subject_alone_is_an_article(self):
        head = 'From: Redacción <a@b.example>\nDate: Thu, 29 Jan 2026 09:00:00 +0100\nMIME-Version: 1.0\n'
        picture = 'Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgoAAAANSUhEUg\n'
        mails = {
            'Cierra el puerto': head + 'Subject: Cierra el puerto\n\n',
            'Пожар в порту': head + 'Subject: =?koi8-r?B?8M/WwdIg1yDQz9LU1Q==?=\n' + picture,
            'Abre el muelle': head + 'Subject: Fwd: Abre el muelle\nContent-Type: multipart/mixed; boundary="z"\n\n'
                              '--z\n' + picture + '--z--\n',
        }
        for title, mail in mails.items():
            with open(os.path.join(self.folder.name, 'alone.eml'), 'w') as file:
                file.write(mail)
            records, done = self.show('--until', 'extract', 'alone.eml')
            self.assertEqual((done.returncode, records[0]['title']['source']), (0, title))
            self.assertEqual(records[0]['published'], '2026-01-29T09:00:00+01:00')
            self.assertNotIn('body', records[0])
            self.assertTrue(records[0]['evidence']['truncated'])
            self.assertIn('subject', records[0]['evidence']['note'])
        with open(os.path.join(self.folder.name, 'none.eml'), 'w') as file:
            file.write(head + 'To: c@d.example\n' + picture)
        records, done = self.show('--until', 'extract', 'none.eml')
        self.assertEqual((done.returncode, records[0]['error']), (3, 'the email contains no text'))

    def test_two_digit_years(self):
        for written, read in (('97', '1997'), ('50', '1950'), ('03', '2003')):
            with open(os.path.join(self.folder.name, 'old.eml'), 'w') as file:
                file.write(f'From: a@b.example\nSubject: El muelle\nDate: 21 Jan {written} 09:55:06 GMT\n\n'
                           'El muelle viejo cierra el lunes.\n')
            records, _ = self.show('--until', 'extract', 'old.eml')
            self.assertEqual(records[0].get('published'), f'{read}-01-21T09:55:06Z')


if __name__ == '__main__':
    unittest.main()
