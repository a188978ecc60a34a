#!/usr/bin/python3
"""A program for Dragoman's kind of service `command`: translates with the program `apertium`.

    [service "my-apertium"]
    kind = command
    command = python3 ./apertium.py
    languages = ca=cat es=spa is=isl mk=mkd

One JSON object a line comes in, and one line goes out for each, in the same order and with the same id (docs/services-command.md).
Copy this file to plug in another engine: only translate() and languages() know Apertium."""
import json
import subprocess
import sys


def apertium(*words, text=''):
    done = subprocess.run(['apertium', *words], input=text, capture_output=True, encoding='utf8')
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or 'apertium failed')
    return done.stdout


def languages():
    """Returns the languages that are translated to English: spa for the mode spa-eng."""
    return [mode[:-len('-eng')] for mode in apertium('-l').split() if mode.endswith('-eng')]


def translate(texts, source):
    """Translates paragraphs that are separated by empty lines, which Apertium keeps; one by one if it has not kept them."""
    lines = [' '.join(text.split()) for text in texts]
    found = apertium('-u', source + '-eng', text='\n\n'.join(lines) + '\n').strip('\n').split('\n\n')
    if len(found) != len(lines):
        found = [apertium('-u', source + '-eng', text=line + '\n') for line in lines]
    return [text.strip() for text in found]


def answer(request, known):
    if request['source'] not in known:
        return {'error': 'the language %s is not installed' % request['source'], 'retry': False}
    try:
        return {'translations': translate(request['texts'], request['source'])}
    except RuntimeError as why:                 # not the fault of these texts
        return {'error': str(why), 'retry': True}


def main():
    known = languages()
    print(json.dumps({'hello': 'apertium', 'languages': known}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({'id': request['id'], **answer(request, known)}), flush=True)


if __name__ == '__main__':
    main()
