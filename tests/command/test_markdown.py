"""digest.md, read by a real parser of Markdown: no text of an article becomes anything but text."""
import html.parser
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from editions import Case, SOUND, WAITING, item      # noqa: E402


class Rendered(html.parser.HTMLParser):
    """What a reader of Markdown sees: the elements, the addresses of links, and the text of each block."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.blocks = set(), [], ['']
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [dict(attributes).get('href')] if tag == 'a' else []
        self.blocks += [''] if tag in ('h1', 'h2', 'h3', 'p', 'li') else []

    def handle_data(self, data):
        self.blocks[-1] += data


# No two of them are told in the same words, so that each is a story of its own.
HOSTILE = ['[click](https://evil.example/a) one', '![img](https://evil.example/b.png) two', '# heading three', '####### four #', '<script>alert(5)</script>',
           '<img src=x onerror=alert(6)>', '`code` ``seven``', '```', '~~~ eight', '1. nine', '10) ten', '- eleven', '+ twelve', '* thirteen', '=====', '-----', '***',
           '> fourteen', 'https://evil.example/fifteen', 'see http://evil.example/x and HTTPS://EVIL.example', 'www.evil.example sixteen', 'WWW.evil.example seventeen',
           'mail evil@evil.example eighteen', 'mailto:evil@evil.example', 'xmpp:evil@evil.example/x', '<https://evil.example>', '<evil@evil.example>', '| a | b |', '&lt;b&gt; nineteen',
           '&#60;i&#62; twenty', '&copy;', 'line\nfeed # x', 'carriage\r# return', 'unit\u2028# separator', 'next\u0085- line', 'para\u2029> graph', 'a\n---', 'b\n===',
           'rtl \u202egnirts\u202c', 'isolate \u2067x\u2069', 'zero\u200bwidth', 'ht\u200btps://evil.example/z', 'w\u2060ww.evil.example', '\u200b# hidden heading', '\u3000- wide space',
           '    indented code', '\ttab code', 'hard break  ', 'ends with backslash\\', '[ref]: https://evil.example', '[^1]: note', '- [ ] task', '_under_ *star* **bold**',
           '~~gone~~ $math$', '*a*b_c_', ': definition', '!', '"quoted" (text)', '{{template}}', '<!-- comment', '<![CDATA[x', '<?php', '</p></div>', 'ftp://evil.example/f', '3.5 % of 4:30',
           'می‌خواهم', '1\u2024 x', '\\[x](https://evil.example)', '\\\\# y', 'a|b\n-|-\n', 'émail: x@y.example']


def shown(text):
    """What is left of a text: without what is not displayed, on one line."""
    kept = ''.join(c for c in re.sub('[\\s\x85\u2028\u2029]', lambda m: m[0] if m[0] == '\u3000' else ' ', text)
                   if c in '\u200c\u200d' or not re.match('[\\x00-\\x1f\\x7f-\\x9f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]', c))
    return re.sub(' +', ' ', kept).strip(' \u3000')


class Markdown(Case):
    def render(self, text):
        if not shutil.which('cmark-gfm'):
            self.skipTest('cmark-gfm is not installed')
        command = ['cmark-gfm', '--unsafe', *(w for e in ('table', 'strikethrough', 'autolink', 'tasklist', 'footnotes') for w in ('-e', e))]
        return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout.decode()

    def test_hostile_text_stays_text(self):
        for place in 'title', 'site', 'summary':
            items = []
            for i, text in enumerate(HOSTILE):
                sentence = ('Frase %d de la oficina.' % i, text) if place == 'summary' else SOUND
                items.append(item(str(i), (text, text) if place == 'title' else SOUND, [sentence], url='https://diario.example/%d' % i,
                                  **({'site': text} if place == 'site' else {})))
            self.workspace_with(items, '[dedupe]\ndays = 0\n')
            rendered = Rendered(self.render(self.page('digest.md')))
            self.assertLessEqual(rendered.tags, {'h1', 'h2', 'h3', 'p', 'ul', 'li', 'strong', 'em', 'blockquote', 'hr', 'a'}, place)
            self.assertEqual({link for link in rendered.links if not re.fullmatch(r'https://diario\.example/\d+', link)}, set(), place)
            self.assertEqual(len(rendered.links), len(HOSTILE))
            if place == 'title':
                headings = {block.strip() for block in rendered.blocks}
                self.assertEqual([text for text in HOSTILE if shown(text) and shown(text) not in headings], [])
            if place == 'site':
                self.assertEqual([text for text in HOSTILE if shown(text) and not any(b.startswith(shown(text) + ', Spanish') for b in rendered.blocks)], [])

    def test_a_link_leads_to_the_original_whatever_its_address_holds(self):
        for address, wanted in (('https://x.example/?a=1&copy=2&copy;=3', None), ('https://x.example/a b>c<d"e', 'https://x.example/a%20b%3Ec%3Cd%22e'),
                                ('https://x.example/*a*_b_[c](d)', None), ('https://x.example/\u202e\u200bx', 'https://x.example/%E2%80%AE%E2%80%8Bx')):
            self.workspace_with([item('1', SOUND, [SOUND], url=address)])
            rendered = Rendered(self.render(self.page('digest.md')))
            wanted = (wanted or address).replace('[', '%5B').replace(']', '%5D')
            self.assertEqual([link.replace('[', '%5B').replace(']', '%5D') for link in rendered.links], [wanted])
            self.assertEqual(rendered.tags & {'script', 'em'}, set())

    def test_what_is_missing_is_listed_with_its_own_headline(self):
        self.with_troubles()
        rendered = Rendered(self.render(self.page('digest.md')))
        waiting, = [block for block in rendered.blocks if WAITING[0] in block]
        self.assertRegex(waiting, 'waiting for service down since .*https://diario.example/waiting')
        self.assertTrue(any('(files) failed on' in block for block in rendered.blocks))
        self.assertIn('https://diario.example/waiting', rendered.links)

    def test_a_date_that_cannot_be_true_is_marked(self):
        for published, wanted in ('2036-01-01', 'Spanish, dated 2036-01-01?, '), ('2026-01-28T10:00:00Z', 'Spanish, 2026-01-28, '), (None, 'Spanish, undated, '):
            self.workspace_with([item('1', SOUND, [SOUND], **({'published': published} if published else {}))])
            self.assertTrue(any(wanted in block for block in Rendered(self.render(self.page('digest.md'))).blocks), published)

    def test_a_headline_stands_in_both_languages(self):
        self.workspace_with([item('1', ('مطر غزير على المدينة', 'Heavy rain over the city'), [SOUND], 'ar')])
        rendered = Rendered(self.render(self.page('digest.md')))
        self.assertLess({'Heavy rain over the city', 'مطر غزير على المدينة'}, {block.strip() for block in rendered.blocks})

if __name__ == '__main__':
    unittest.main()
