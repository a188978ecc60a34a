#!/usr/bin/env python3
"""Write config/tables/check/english.txt or names.txt from the English word lists of SCOWL.

usage: make_english.py words|names TABLE ADDITIONS LIST... > TABLE

TABLE is the current table, whose comment lines (source and licence) are kept. ADDITIONS holds words in the news that the lists
lack (english_additions.txt, name_additions.txt). The lists are american-english and british-english (Debian packages wamerican
and wbritish). Words that begin with a capital are names. Words with an apostrophe or fewer than three characters are left
out."""
import sys


def lines_of(path):
    with open(path, encoding='utf-8') as file:
        return file.read().splitlines()


def main(kind, table, additions, *lists):
    words = {word for path in lists for word in lines_of(path) if "'" not in word and len(word) >= 3}
    if kind == 'names':
        chosen = {word.lower() for word in words if word[0].isupper()}
    else:
        chosen = {word for word in words if word == word.lower()}
    chosen |= {word for word in lines_of(additions) if not word.startswith('#')}
    sys.stdout.reconfigure(encoding='utf-8')
    for line in lines_of(table):
        if line.startswith('#'):
            print(line)
    for word in sorted(chosen, key=lambda word: word.encode()):
        print(word)


if __name__ == '__main__':
    if len(sys.argv) < 5 or sys.argv[1] not in ('words', 'names'):
        sys.exit('usage: make_english.py words|names TABLE ADDITIONS LIST... > TABLE')
    main(*sys.argv[1:])
