#!/usr/bin/env python3
"""Write config/tables/check/english.txt or names.txt from the English word lists of SCOWL.

usage: make_english.py words|names TABLE ADDITIONS LIST... [--long WORDFREQ LIST...] > TABLE

TABLE is the current table, whose comment lines (source and licence) are kept. ADDITIONS holds words in the news that the lists
lack (english_additions.txt, name_additions.txt). The lists are american-english and british-english (Debian packages wamerican
and wbritish). Words that begin with a capital are names. Words with an apostrophe or fewer than three characters are left
out. Of the lists after --long (Debian packages wamerican-large and wbritish-large) only words of at least LONG letters are taken,
and of those with fewer than SAFE letters, which other languages may have too, only words that are in use. None is taken that is
a common word of another language (difficile). Both are judged by the frequencies in WORDFREQ, the data folder of the Python
package wordfreq; this requires msgpack."""
import sys

LONG, SAFE = 5, 7
IN_USE = 200  # hundredths of a power of ten: 100 times in 10^9 words


def lines_of(path):
    with open(path, encoding='utf-8') as file:
        return file.read().splitlines()


def words_of(lists, shortest):
    return {word for path in lists for word in lines_of(path) if "'" not in word and len(word) >= shortest}


def rare_words(folder, lists):
    from word_frequencies import frequencies, is_common
    known = frequencies(folder)
    words = {word for word in words_of(lists, LONG) if not is_common(known.get(word, {}))}
    return {word for word in words if len(word) >= SAFE or known.get(word, {}).get('en', 0) >= IN_USE}


def main(kind, table, additions, *lists):
    split = lists.index('--long') if '--long' in lists else len(lists)
    words = words_of(lists[:split], 3)
    if split < len(lists):
        words |= rare_words(lists[split + 1], lists[split + 2:])
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
        sys.exit('usage: make_english.py words|names TABLE ADDITIONS LIST... [--long WORDFREQ LIST...] > TABLE')
    main(*sys.argv[1:])
