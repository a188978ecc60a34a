"""Mailboxes: every mail is an article, known ones are known in the next run."""
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


if __name__ == '__main__':
    unittest.main()
