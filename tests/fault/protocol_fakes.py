"""The protocols of all kinds of services, written from their documentation and not from the adapters: the contents of a request,
a good answer, and the messages for errors. A request that violates the protocol is answered with a 400 that says why."""
import hashlib
import hmac
import json
import os
import re
import sys
import urllib.parse

KEY = 'key-4711'


class Bad(Exception):
    """The request violates the protocol."""


def need(condition, why):
    if not condition:
        raise Bad(why)


class Protocol:
    """One service's protocol. `settings` are lines for [service "..."] in addition to those of `where`."""
    settings = ''
    key = True          # requires a key
    single = False      # one text per request
    model = False       # a language model
    local = False       # a program and not a server: it has no address, and answers with a status end it
    header, prefix = 'Authorization', ''

    def where(self, url):
        """Returns the settings by which the service is found; the fake listens at `url`."""
        return 'url = %s\n' % url

    def read(self, request):
        """Returns the texts of the request."""
        if self.key:
            need(request.headers.get(self.header) == self.prefix + KEY, 'no key')
        return self.texts(request)

    def good(self, translations, request):
        """Returns the bytes of a good answer."""
        raise NotImplementedError

    def words(self, fault):
        """Returns (status, body) for the named fault, or None if the service has no message for it."""
        return self.faults.get(fault)

    faults = {}


class LibreTranslate(Protocol):
    settings = 'key_env = FAKE_KEY\n'
    path = '/translate'
    faults = {'wrong key': (403, {'error': 'Invalid API key'}),
              'quota': (403, {'error': 'Too many request limits violations'}),
              'throttled': (429, {'error': 'Slowdown: 80 per 1 minute'}),
              'trouble': (500, {'error': 'Cannot translate text: worker died'}),
              'language': (400, {'error': 'es is not supported'})}

    def read(self, request):
        body = request.json()
        need(body.get('api_key') == KEY, 'no key')
        need(isinstance(body['q'], list) and body['format'] == 'text', 'form')
        return body['q']

    def good(self, translations, request):
        return {'translatedText': translations}


class DeepL(Protocol):
    settings = 'key_env = FAKE_KEY\n'
    path = '/v2/translate'
    prefix = 'DeepL-Auth-Key '
    faults = {'wrong key': (403, {'message': 'Forbidden'}),
              'quota': (456, {'message': 'Quota Exceeded'}),
              'throttled': (429, {'message': 'Too many requests'}),
              'trouble': (500, {'message': 'Internal Server Error'}),
              'language': (400, {'message': "Value for 'source_lang' not supported."})}

    def texts(self, request):
        body = request.json()
        need(body['source_lang'].isupper() and body['target_lang'] in ('EN-GB', 'EN-US'), 'languages')
        need(len(body['text']) <= 50 and len(request.body) <= 131072, 'size')
        return body['text']

    def good(self, translations, request):
        return {'translations': [{'detected_source_language': 'ES', 'text': t, 'billed_characters': len(t)} for t in translations]}


def google_error(code, reason, status, message='m', details=()):
    return code, {'error': {'code': code, 'message': message, 'status': status, 'details': list(details),
                            'errors': [{'message': message, 'domain': 'global', 'reason': reason}]}}


class GoogleBasic(Protocol):
    settings = 'key_env = FAKE_KEY\n'
    path = '/language/translate/v2'
    header = 'X-goog-api-key'
    faults = {'wrong key': google_error(400, 'badRequest', 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
              'quota': google_error(403, 'dailyLimitExceeded', 'PERMISSION_DENIED', 'Daily Limit Exceeded'),
              'throttled': google_error(403, 'userRateLimitExceeded', 'PERMISSION_DENIED', 'User Rate Limit Exceeded'),
              'trouble': google_error(500, 'backendError', 'INTERNAL'),
              'language': google_error(400, 'invalid', 'INVALID_ARGUMENT', 'Invalid Value')}

    def texts(self, request):
        body = request.json()
        need(body.get('format') == 'text', 'html is the default')
        need(len(body['q']) <= 128, 'segments')
        return body['q']

    def good(self, translations, request):
        return {'data': {'translations': [{'translatedText': t, 'model': 'nmt'} for t in translations]}}


class GoogleAdvanced(GoogleBasic):
    settings = 'api = v3\nproject = p\ntoken_command = echo %s\n' % KEY
    path = '/v3/projects/p/locations/global:translateText'
    header, prefix = 'Authorization', 'Bearer '
    faults = dict(GoogleBasic.faults, **{
        'wrong key': google_error(401, 'authError', 'UNAUTHENTICATED'),
        'no model': google_error(404, 'notFound', 'NOT_FOUND', 'Model not found'),
        'throttled': google_error(429, 'rateLimitExceeded', 'RESOURCE_EXHAUSTED')})

    def texts(self, request):
        body = request.json()
        need(body.get('mimeType') == 'text/plain', 'html is the default')
        return body['contents']

    def good(self, translations, request):
        return {'translations': [{'translatedText': t} for t in translations]}


class Azure(Protocol):
    settings = 'key_env = FAKE_KEY\nregion = westeurope\n'
    path = '/translate'
    header = 'Ocp-Apim-Subscription-Key'
    faults = {'wrong key': (401, {'error': {'code': 401000, 'message': 'credentials are missing or invalid'}}),
              'quota': (403, {'error': {'code': 403001, 'message': 'exceeded its free quota'}}),
              'throttled': (429, {'error': {'code': 429001, 'message': 'too many characters'}}),
              'trouble': (500, {'error': {'code': 500000, 'message': 'unexpected'}}),
              'language': (400, {'error': {'code': 400035, 'message': 'The source language is not valid.'}})}

    def texts(self, request):
        need(request.query.get('api-version') == '3.0' and request.query.get('to') == 'en' and 'from' in request.query, 'query')
        need(request.headers.get('Ocp-Apim-Subscription-Region') == 'westeurope', 'region')
        texts = [item['Text'] for item in request.json()]
        need(sum(map(len, texts)) <= 33300, 'the sliding minute')
        return texts

    def good(self, translations, request):
        return [{'translations': [{'text': t, 'to': 'en'}]} for t in translations]


def hmac_of(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Amazon(Protocol):
    settings = 'region = eu-central-1\naccess_key_env = FAKE_IDENTITY\nkey_env = FAKE_KEY\n'
    path = '/'
    single = True
    faults = {'wrong key': (400, {'__type': 'UnrecognizedClientException', 'message': 'The security token included in the request is invalid.'}),
              'throttled': (400, {'__type': 'ThrottlingException', 'Message': 'Rate exceeded'}),
              'no model': (400, {'__type': 'ResourceNotFoundException', 'Message': 'no terminology'}),
              'trouble': (500, {'__type': 'InternalServerException', 'Message': 'm'}),
              'language': (400, {'__type': 'UnsupportedLanguagePairException', 'Message': 'm'})}

    def check_signature(self, request):
        """Checks the signature (version 4) against one computed from the bytes that arrived."""
        sent = request.headers.get('Authorization', '')
        parts = dict(re.findall(r'(Credential|SignedHeaders|Signature)=([^,\s]+)', sent))
        need(sent.startswith('AWS4-HMAC-SHA256 ') and len(parts) == 3, 'no signature')
        identity, day, region, service, ending = parts['Credential'].split('/')
        need((identity, region, service, ending) == ('AKID', 'eu-central-1', 'translate', 'aws4_request'), 'credential')
        signed = parts['SignedHeaders'].split(';')
        need(all(name in request.headers for name in signed), 'a signed header was not sent')
        need({'content-type', 'host', 'x-amz-date', 'x-amz-target'} <= set(signed), 'signed headers')
        lines = ''.join('%s:%s\n' % (name, ' '.join(request.headers[name].split())) for name in signed)
        canonical = '\n'.join(['POST', urllib.parse.quote(request.whole_path), '', lines, parts['SignedHeaders'], hashlib.sha256(request.body).hexdigest()])
        to_sign = '\n'.join(['AWS4-HMAC-SHA256', request.headers['x-amz-date'], '/'.join([day, region, service, ending]),
                             hashlib.sha256(canonical.encode()).hexdigest()])
        key = ('AWS4' + KEY).encode()
        for part in (day, region, service, ending):
            key = hmac_of(key, part)
        need(hmac_of(key, to_sign).hex() == parts['Signature'], 'signature')

    def read(self, request):
        self.check_signature(request)
        need(request.headers['X-Amz-Target'] == 'AWSShineFrontendService_20170701.TranslateText', 'target')
        need(request.headers['Content-Type'] == 'application/x-amz-json-1.1', 'type')
        text = request.json()['Text']
        need(1 <= len(text.encode()) <= 10000, 'size')
        return [text]

    def good(self, translations, request):
        return {'TranslatedText': translations[0], 'SourceLanguageCode': 'es', 'TargetLanguageCode': 'en'}


class AmazonSession(Amazon):
    """Amazon with temporary keys, whose session token must be signed as well."""
    settings = Amazon.settings + 'token_env = FAKE_TOKEN\n'

    def check_signature(self, request):
        super().check_signature(request)
        need(request.headers.get('X-Amz-Security-Token') == 'session-4711', 'token')
        need('x-amz-security-token' in request.headers['Authorization'], 'the token is not signed')


class Yandex(Protocol):
    settings = 'key_env = FAKE_KEY\n'
    path = '/translate/v2/translate'
    prefix = 'Api-Key '
    faults = {'wrong key': (401, {'code': 16, 'message': 'Unknown api key'}),
              'quota': (429, {'code': 8, 'message': 'The limit on units was exceeded. Limit: 1000000, Interval: 1h0m0s'}),
              'throttled': (429, {'code': 8, 'message': 'The limit on requests was exceeded. Limit: 20, Interval: 1s'}),
              'trouble': (500, {'code': 13, 'message': 'internal'}),
              'language': (400, {'code': 3, 'message': 'unsupported source_language_code: es'})}

    def texts(self, request):
        body = request.json()
        need(body['format'] == 'PLAIN_TEXT' and sum(map(len, body['texts'])) <= 10000, 'form')
        return body['texts']

    def good(self, translations, request):
        return {'translations': [{'text': t} for t in translations]}


class ModernMT(Protocol):
    settings = 'key_env = FAKE_KEY\n'
    path = '/translate'
    header = 'MMT-ApiKey'
    faults = {'wrong key': (200, {'status': 401, 'error': {'type': 'AuthenticationException', 'message': 'm'}}),
              'quota': (402, {'status': 402, 'error': {'type': 'ApiException', 'message': 'payment'}}),
              'throttled': (429, {'status': 429, 'error': {'type': 'TooManyRequests', 'message': 'm'}}),
              'trouble': (200, {'status': 500, 'error': {'type': 'Internal', 'message': 'm'}}),
              'language': (400, {'status': 400, 'error': {'type': 'ApiException', 'message': 'unsupported language'}})}

    def texts(self, request):
        need(request.headers.get('X-HTTP-Method-Override') == 'GET', 'method')
        return request.json()['q']

    def good(self, translations, request):
        return {'status': 200, 'data': [{'translation': t, 'characters': len(t), 'billedCharacters': len(t)} for t in translations]}


class MTran(Protocol):
    settings = 'key_env = FAKE_KEY\n'
    path = '/translate/batch'
    prefix = 'Bearer '
    faults = {'wrong key': (401, {'error': 'Unauthorized'}),
              'trouble': (500, {'error': 'Translation failed', 'requestId': 'r'})}

    def texts(self, request):
        body = request.json()
        need(body['to'] == 'en' and body['html'] is False, 'form')
        return body['texts']

    def good(self, translations, request):
        return {'results': translations}


class Apy(Protocol):
    path = '/translate'
    key = False
    faults = {'trouble': (500, {'status': 'error', 'code': 500, 'explanation': 'internal'}),
              'language': (400, {'status': 'error', 'code': 400, 'explanation': 'That pair is not installed'})}

    def texts(self, request):
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        need(form['langpair'] == 'spa|eng' and form['format'] == 'txt', 'form')
        return form['q'].split('\n\n')[:-1]

    def good(self, translations, request):
        text = '\n\n'.join(translations + [dict(urllib.parse.parse_qsl(request.body.decode()))['q'].split('\n\n')[-1]])
        return {'responseData': {'translatedText': text}, 'responseStatus': 200}


class Command(Protocol):
    settings = 'model = m\n'
    path = '/line'
    key = False
    local = True
    faults = {'trouble': (200, {'error': 'not enough memory', 'retry': True}),
              'text': (200, {'error': 'cannot read this', 'retry': False}),
              'language': (200, {'error': 'unknown language es', 'retry': False})}

    def where(self, url):
        return "command = '%s' -SE '%s' %s%s\n" % (sys.executable, os.path.join(os.path.dirname(__file__), 'fake_program.py'), url, self.path)

    def texts(self, request):
        need(request.body.count(b'\n') == 1 and request.body.endswith(b'\n'), 'one line')
        body = request.json()
        need(isinstance(body['id'], int) and body['target'] == 'en' and body['source'] in ('es', 'bg'), 'members')
        return body['texts']

    def good(self, translations, request):
        return {'id': request.json()['id'], 'translations': translations}


class Chat(Protocol):
    """A language model. The texts are the numbered paragraphs between the last two delimiters of the prompt."""
    settings = 'model = m\nkey_env = FAKE_KEY\n'
    prefix = 'Bearer '
    model = True

    def texts(self, request):
        parts = re.split(r'(?m)^=====[0-9a-f]+=====$', self.prompt(request.json()))
        need(len(parts) >= 3 and not parts[-1].strip(), 'no delimiters')
        found = re.findall(r'(?m)^\[(\d+)\] (.*)$', parts[-2])
        need([int(n) for n, _ in found] == list(range(1, len(found) + 1)), 'numbers')
        return [text for _, text in found]

    def good(self, translations, request):
        paragraphs = [{'n': i + 1, 'text': t} for i, t in enumerate(translations)]
        return self.reply(json.dumps({'paragraphs': paragraphs}), 'good')


class OpenAI(Chat):
    path = '/chat/completions'
    faults = {'wrong key': (401, {'error': {'message': 'Incorrect API key provided', 'type': 'invalid_request_error', 'code': 'invalid_api_key'}}),
              'no model': (404, {'error': {'message': 'The model m does not exist', 'type': 'invalid_request_error', 'code': 'model_not_found'}}),
              'quota': (429, {'error': {'message': 'You exceeded your current quota', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}),
              'throttled': (429, {'error': {'message': 'Rate limit reached', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}),
              'trouble': (500, {'error': {'message': 'The server had an error', 'type': 'server_error', 'code': None}})}

    def prompt(self, body):
        need(body['response_format']['json_schema']['strict'] is True and not body['stream'], 'form')
        return body['messages'][-1]['content']

    def reply(self, text, end):
        reason = {'good': 'stop', 'cut': 'length', 'refused': 'content_filter'}[end]
        return {'choices': [{'index': 0, 'finish_reason': reason, 'message': {'role': 'assistant', 'content': text, 'refusal': None}}],
                'usage': {'prompt_tokens': 900, 'completion_tokens': 90}}


class Ollama(Chat):
    path = '/api/chat'
    faults = {'wrong key': (401, {'error': 'unauthorized'}),
              'no model': (404, {'error': "model 'm' not found"}),
              'throttled': (503, {'error': 'server busy, please try again.  maximum pending requests exceeded'}),
              'trouble': (500, {'error': 'llama runner process has terminated'})}

    def prompt(self, body):
        need(body['stream'] is False and body['options']['num_ctx'] >= 1024 and body['format']['type'] == 'object', 'form')
        return body['messages'][-1]['content']

    def reply(self, text, end):
        reason = {'good': 'stop', 'cut': 'length', 'refused': 'stop'}[end]
        return {'message': {'role': 'assistant', 'content': text if end != 'refused' else "I'm sorry, but I can't help with that."},
                'done': True, 'done_reason': reason, 'prompt_eval_count': 900, 'eval_count': 90}


class Anthropic(Chat):
    path = '/v1/messages'
    header, prefix = 'x-api-key', ''

    @staticmethod
    def error(status, kind, message='m'):
        return status, {'type': 'error', 'error': {'type': kind, 'message': message}, 'request_id': 'r'}

    faults = {'wrong key': error.__func__(401, 'authentication_error'),
              'no model': error.__func__(404, 'not_found_error', 'model: m'),
              'quota': error.__func__(400, 'invalid_request_error', 'Your credit balance is too low to access the API'),
              'throttled': error.__func__(429, 'rate_limit_error'),
              'trouble': error.__func__(500, 'api_error')}

    def prompt(self, body):
        need(body['max_tokens'] > 0 and body['output_config']['format']['type'] == 'json_schema', 'form')
        return body['messages'][-1]['content']

    def texts(self, request):
        need(request.headers.get('anthropic-version') == '2023-06-01', 'version')
        return super().texts(request)

    def reply(self, text, end):
        reason = {'good': 'end_turn', 'cut': 'max_tokens', 'refused': 'refusal'}[end]
        return {'type': 'message', 'role': 'assistant', 'content': [{'type': 'text', 'text': text}] if end != 'refused' else [],
                'stop_reason': reason, 'usage': {'input_tokens': 900, 'output_tokens': 90}}


class Gemini(Chat):
    path = '/models/m:generateContent'
    header, prefix = 'x-goog-api-key', ''
    faults = {'wrong key': google_error(400, '', 'INVALID_ARGUMENT', 'API key not valid.', [{'reason': 'API_KEY_INVALID'}]),
              'no model': google_error(404, '', 'NOT_FOUND', 'models/m is not found'),
              'quota': google_error(429, '', 'RESOURCE_EXHAUSTED', 'quota', [{'violations': [{'quotaId': 'GenerateRequestsPerDayPerProjectPerModel-FreeTier'}]}]),
              'throttled': google_error(429, '', 'RESOURCE_EXHAUSTED', 'quota', [{'violations': [{'quotaId': 'PerMinute'}]}, {'retryDelay': '1s'}]),
              'trouble': google_error(500, '', 'INTERNAL')}

    def prompt(self, body):
        need(body['generationConfig']['responseMimeType'] == 'application/json', 'form')
        return body['contents'][-1]['parts'][0]['text']

    def reply(self, text, end):
        if end == 'refused':
            return {'promptFeedback': {'blockReason': 'PROHIBITED_CONTENT'}, 'usageMetadata': {'promptTokenCount': 900}}
        return {'candidates': [{'content': {'role': 'model', 'parts': [{'text': text}]}, 'index': 0,
                                'finishReason': {'good': 'STOP', 'cut': 'MAX_TOKENS'}[end]}],
                'usageMetadata': {'promptTokenCount': 900, 'candidatesTokenCount': 90}}


PROTOCOLS = {'libretranslate': LibreTranslate(), 'deepl': DeepL(), 'google': GoogleBasic(), 'google-v3': GoogleAdvanced(), 'azure': Azure(),
             'amazon': Amazon(), 'amazon-session': AmazonSession(), 'yandex': Yandex(), 'modernmt': ModernMT(), 'mtran': MTran(), 'apy': Apy(),
             'command': Command(), 'openai': OpenAI(), 'ollama': Ollama(), 'anthropic': Anthropic(), 'gemini': Gemini()}


def kind_of(name):
    return name.split('-')[0]
