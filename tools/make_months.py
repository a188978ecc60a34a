#!/usr/bin/env python3
"""Write config/tables/extract/months.tsv: the names of months in the languages that the language model can identify.

usage: make_months.py CLDR_MAIN GLIBC_LOCALES > config/tables/extract/months.tsv

CLDR_MAIN is the folder common/main of the Unicode CLDR (Debian package unicode-cldr-core: below /usr/share/unicode/cldr), and
GLIBC_LOCALES is the folder of the C library's locale sources (Debian package locales: /usr/share/i18n/locales). Names with a
digit are left out, because the program recognises numbered months without them.
"""
import os
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

HEADER = """\
# The names of months in the languages that the language model can identify.
# Made by tools/make_months.py from the month names of the Unicode CLDR (https://cldr.unicode.org, Unicode licence)
# and of the GNU C Library's locales. Language, month ("persian 1": of the Solar Hijri calendar), forms.
"""
LANGUAGES = """af am ar az ba be bg bn bs ca ckb cs cy da de dv el en eo es et eu fa fi fo fr fy ga gl gu ha he hi hr hu hy
id ig is it ja ka kk km kn ko ku ky lb lo lt lv mg mi mk ml mn mr ms mt my nb ne nl nn ny om pa pl ps pt ro ru rw sd si sk
sl sn so sq sr-Cyrl sr-Latn sv sw ta te tg th ti tk tl tr tt ug uk ur uz vi xh yo yue zh-Hans zh-Hant zu""".split()
CLDR_NAMES = {'nb': ['no', 'nb'], 'tl': ['fil'], 'sr-Cyrl': ['sr'], 'sr-Latn': ['sr_Latn'], 'zh-Hans': ['zh'],
              'zh-Hant': ['zh_Hant'], 'ar': ['ar', 'ar_IQ', 'ar_LB', 'ar_SY', 'ar_JO', 'ar_DZ', 'ar_MA', 'ar_TN', 'ar_SA', 'ar_LY', 'ar_MR'],
              'de': ['de', 'de_AT'], 'es': ['es', 'es_MX', 'es_PY'], 'en': ['en', 'en_CA', 'en_AU'], 'pt': ['pt', 'pt_PT'],
              'fr': ['fr', 'fr_CA'], 'uz': ['uz', 'uz_Cyrl'], 'az': ['az', 'az_Cyrl'], 'bs': ['bs', 'bs_Cyrl'], 'it': ['it', 'it_CH'],
              'ur': ['ur'], 'pa': ['pa', 'pa_Arab'], 'sd': ['sd', 'sd_Deva']}
GLIBC_NAMES = {'tl': 'tl fil', 'nb': 'nb', 'sr-Cyrl': 'sr', 'sr-Latn': 'sr', 'zh-Hans': 'zh', 'zh-Hant': 'zh'}
CALENDARS = {'gregorian': '', 'persian': 'persian ', 'ethiopic': 'ethiopic '}
FOREIGN_CALENDARS = {'persian': ('fa', 'ps'), 'ethiopic': ('am', 'ti', 'om')}


def cldr_months(folder, language, calendar):
    for name in CLDR_NAMES.get(language, [language]):
        path = os.path.join(folder, name + '.xml')
        if not os.path.exists(path):
            continue
        root = ElementTree.parse(path).getroot()
        for width in root.findall(f".//calendars/calendar[@type='{calendar}']/months/monthContext/monthWidth"):
            if width.get('type') != 'narrow':
                for month in width.findall('month'):
                    yield int(month.get('type')), month.text


def glibc_text(folder, name):
    with open(os.path.join(folder, name), encoding='utf-8', errors='replace') as file:
        text = file.read()
    text = re.sub(r'<U([0-9A-Fa-f]{4,8})>', lambda m: chr(int(m.group(1), 16)), text)
    return re.sub(r'/\n\s*', '', text)


def glibc_months(folder, language):
    wanted = GLIBC_NAMES.get(language, language).split()
    for name in sorted(os.listdir(folder)):
        latin = '@latin' in name
        if name.split('_')[0] not in wanted or (language == 'sr-Latn') != latin and language.startswith('sr'):
            continue
        for key, values in re.findall(r'^(mon|abmon|alt_mon|ab_alt_mon)\s+(.*)$', glibc_text(folder, name), re.M):
            names = re.findall(r'"([^"]*)"', values)
            if len(names) == 12:
                yield from enumerate(names, 1)


def is_name(text):
    if text in ('thu', 'sat'):  # abbreviations in isiXhosa and Hausa, but days of the week in English
        return False
    letters = sum(unicodedata.category(c)[0] in 'LM' for c in text)
    return letters >= 2 and not any(unicodedata.category(c) == 'Nd' for c in text)


def spelling(name):
    return ''.join(c for c in unicodedata.normalize('NFD', name) if not 0x300 <= ord(c) < 0x370)


def drop_ambiguous(forms):
    """Drop names that belong to two months of a language when written without accents."""
    months = {}
    for month, names in forms.items():
        for name in names:
            months.setdefault(spelling(name), set()).add(month)
    return {month: [name for name in names if len(months[spelling(name)]) == 1] for month, names in forms.items()}


def main(cldr, glibc):
    print(HEADER, end='')
    for language in LANGUAGES:
        for calendar, prefix in CALENDARS.items():
            if prefix and language not in FOREIGN_CALENDARS[calendar]:
                continue
            forms = {}
            found = list(cldr_months(cldr, language, calendar))
            if not prefix:
                found += glibc_months(glibc, language)
            for month, name in found:
                name = unicodedata.normalize('NFC', name.strip().rstrip('.').lower())
                if is_name(name) and name not in forms.setdefault(month, []):
                    forms[month].append(name)
            forms = drop_ambiguous(forms)
            for month in sorted(forms):
                print(f'{language}\t{prefix}{month}\t{"|".join(forms[month])}')


if __name__ == '__main__':
    main(*sys.argv[1:])
