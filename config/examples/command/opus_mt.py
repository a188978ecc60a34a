#!/usr/bin/python3
"""A program for Dragoman's kind of service `command`: translates with CTranslate2 and a model of OPUS-MT.

Not run here: the machines that test Dragoman have neither the library nor a model. Written from the documentation of CTranslate2.

    pip install ctranslate2 sentencepiece transformers torch
    ct2-transformers-converter --model Helsinki-NLP/opus-mt-bg-en --output_dir ~/models/bg-en --quantization int8 \\
        --copy_files source.spm target.spm

    [service "opus"]
    kind = command
    command = ~/venv/bin/python ./opus_mt.py ~/models/bg-en
    model = opus-mt-bg-en
    languages = bg
    profile = slow-local

One JSON object a line comes in, and one line goes out for each, in the same order and with the same id (docs/services-command.md)."""
import json
import os
import sys


class Model:
    def __init__(self, folder):
        import ctranslate2
        import sentencepiece
        self.name = 'opus-mt-' + os.path.basename(os.path.abspath(folder))
        self.translator = ctranslate2.Translator(folder, device='auto')
        self.source = sentencepiece.SentencePieceProcessor(os.path.join(folder, 'source.spm'))
        self.target = sentencepiece.SentencePieceProcessor(os.path.join(folder, 'target.spm'))

    def translate(self, texts):
        pieces = [self.source.encode(text, out_type=str) + ['</s>'] for text in texts]
        return [self.target.decode(found.hypotheses[0]) for found in self.translator.translate_batch(pieces)]


def main():
    model = Model(sys.argv[1])                  # a failure ends the program; what it writes to standard error is reported
    print(json.dumps({'hello': 'ctranslate2', 'model': model.name}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({'id': request['id'], 'translations': model.translate(request['texts'])}), flush=True)


if __name__ == '__main__':
    main()
