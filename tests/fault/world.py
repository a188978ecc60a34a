"""The world of a simulated month: towns with newspapers in five languages, and the faults that occur there."""
import json
import random
import time

from fake_service import Answer, FakeService
from web import Web

NAMES = 'Alcoba Brezo Cardona Duero Esteva Folgar Grijalva Hontoria Ibarra Lorca Moncada Nogales'.split()

# A headline, and one sentence per paragraph. {n} is the article's number, and {k} is different in every sentence.
PAPERS = {
    'es': ('El ayuntamiento de {name} aprueba la obra número {n}',
           ['El pleno de {name} aprobó ayer el expediente {k}, que reparará la fuente de la plaza antes de las fiestas.',
            'La alcaldesa explicó a los vecinos que las obras del expediente {k} durarán hasta el final del verano.',
            'Los comerciantes del barrio temen que la calle {k} quede cerrada durante las próximas semanas.',
            'El concejal respondió que la propuesta {k} se estudiará cuando termine el invierno.']),
    'pt': ('A câmara de {name} aprova a obra número {n}',
           ['A assembleia de {name} aprovou ontem o processo {k}, que vai reparar a fonte da praça antes das festas.',
            'A presidente explicou aos moradores que as obras do processo {k} não vão acabar antes do verão.',
            'Os comerciantes do bairro receiam que a rua {k} fique fechada durante as próximas semanas.',
            'O vereador respondeu que a proposta {k} será estudada quando terminar o inverno.']),
    'fr': ('La mairie de {name} approuve le chantier numéro {n}',
           ['Le conseil de {name} a approuvé hier le dossier {k}, qui prévoit de réparer la fontaine de la place avant les fêtes.',
            'La maire a expliqué aux habitants que les travaux du dossier {k} dureront jusqu’à la fin de l’été.',
            'Les commerçants du quartier craignent que la rue {k} reste fermée pendant les prochaines semaines.',
            'Le conseiller a répondu que la proposition {k} sera étudiée dès que l’hiver sera terminé.']),
    'de': ('Die Stadt {name} genehmigt das Bauvorhaben Nummer {n}',
           ['Der Rat von {name} hat gestern die Vorlage {k} beschlossen, nach der der Brunnen auf dem Platz vor dem Fest erneuert wird.',
            'Die Bürgermeisterin erklärte den Anwohnern, dass die Arbeiten der Vorlage {k} bis zum Ende des Sommers dauern werden.',
            'Die Händler im Viertel fürchten, dass die Straße {k} in den nächsten Wochen gesperrt bleibt.',
            'Der Abgeordnete antwortete, dass der Vorschlag {k} geprüft wird, sobald der Winter vorbei ist.']),
    'it': ('Il comune di {name} approva il cantiere numero {n}',
           ['Il consiglio di {name} ha approvato ieri la pratica {k}, che riparerà la fontana della piazza prima delle feste.',
            'La sindaca ha spiegato agli abitanti che i lavori della pratica {k} dureranno fino alla fine dell’estate.',
            'I commercianti del quartiere temono che la via {k} resti chiusa durante le prossime settimane.',
            'Il consigliere ha risposto che la proposta {k} sarà studiata quando finirà l’inverno.'])}
HOSTS = {language: '%s.example' % language for language in PAPERS}
FEEDS = 'rss', 'section'     # each on a host of its own: requests for feeds to one host are a second apart
SHOWN = 40                  # items in a feed: about twenty days of one newspaper, longer than any outage


ALL_HOSTS = [*HOSTS.values(), *('%s.%s' % (name, host) for host in HOSTS.values() for name in FEEDS)]


class Article:
    """`text` is False for a page without text."""

    def __init__(self, number, language, text=True):
        headline, sentences = PAPERS[language]
        name = NAMES[number % len(NAMES)]
        self.number, self.language, self.text = number, language, text
        self.host, self.path = HOSTS[language], '/%d.html' % number
        self.url = 'http://%s%s' % (self.host, self.path)
        self.headline = headline.format(name=name, n=number) if text else ''
        self.body = [s.format(name=name, k=10 * number + i) for i, s in enumerate(sentences)] if text else []

    def page(self):
        heading = '<h1>%s</h1>' % self.headline if self.text else ''
        return ('<!DOCTYPE html><html lang="%s"><head><meta charset="utf-8"><title>%s</title></head><body><article>%s%s</article></body></html>'
                % (self.language, self.headline, heading, ''.join('<p>%s</p>' % s for s in self.body)))


def feed(articles):
    """Returns a feed with addresses and headlines only, so that the text has to be fetched."""
    items = ''.join('<item><link>%s</link><title>%s</title></item>' % (a.url, a.headline) for a in articles)
    return '<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>%s</channel></rss>' % items


class Towns(Web):
    """The newspapers. Recent articles are in the feed, some also in the feed of a section. `faults` lists the failing hosts."""

    def __init__(self, seed):
        self.chance, self.articles, self.faults = random.Random(seed), [], {}
        super().__init__()
        self.publish(0)

    def publish(self, count, without_text=0):
        for place in range(count + without_text):
            article = Article(len(self.articles) + 1, self.chance.choice(sorted(PAPERS)), place < count)
            self.articles.append(article)
            self.pages[article.host + article.path] = article.page()
        for language, host in HOSTS.items():
            mine = [a for a in reversed(self.articles) if a.language == language]
            self.pages['rss.%s/feed.xml' % host] = feed(mine[:SHOWN])
            self.pages['section.%s/feed.xml' % host] = feed(mine[:SHOWN:3])

    def answer(self, request):
        fault = self.faults.get(request.host)
        return fault() if fault else super().answer(request)

    def sources(self):
        return ''.join('[source "%s-%s"]\nkind = feed\nurl = http://%s.%s/feed.xml\n' % (language, name, name, host)
                       for language, host in HOSTS.items() for name in FEEDS)


def cut():
    raise ConnectionResetError


# Outages of a host: its name cannot be resolved, the connection is refused, it fails, access is forbidden.
HOST_FAULTS = {'no name': lambda: Answer(502, b'cannot resolve'), 'cut': cut, 'broken': lambda: Answer(500, b'trouble'),
               'busy': lambda: Answer(503, b'later')}


class Translator(FakeService):
    """A service that behaves today according to `mood` ('': it translates). It counts the characters that it bills, however bad
    the answer is, for the day that `today` returns, and keeps the texts of good answers in `bills`. `late`: characters of
    answers whose client is gone; `largest`: those of the largest request; `busy`: requests in progress."""
    SLOW, HANGS = 0.3, 4

    def __init__(self):
        self.mood, self.today, self.characters, self.late, self.largest, self.busy = '', '', {}, 0, 0, 0
        super().__init__(self.play)

    def play(self, _, texts):
        today, mood, characters = self.today, self.mood, sum(map(len, texts))
        with self.lock:
            self.busy += 1
        answer = getattr(self, 'mood_' + mood.replace(' ', '_'))(texts)
        with self.lock:
            self.busy -= 1
            self.largest = max(self.largest, characters)
            self.late += characters if mood == 'hangs' else 0
            if answer is None or answer[0] == 200:
                self.characters[today] = self.characters.get(today, 0) + characters
        return answer

    def billed(self):
        with self.lock:
            return sum(self.characters.values())

    def mood_(self, _):
        pass

    def mood_down(self, _):
        return 503, {}, b'<html>Service Unavailable</html>'

    def mood_key_refused(self, _):
        return 401, {}, b'{"error": "Invalid API key"}'

    def mood_unpaid(self, _):
        return 402, {}, b'{"error": "Insufficient balance"}'

    def mood_throttled(self, _):
        return 429, {'Retry-After': '7200'}, b'{"error": "Slowdown"}'

    def mood_nonsense(self, texts):
        return 200, {}, json.dumps({'translatedText': ['Sorry, I cannot help with this.' for _ in texts]}).encode()

    def mood_echo(self, texts):
        return 200, {}, json.dumps({'translatedText': texts}).encode()

    def mood_unreadable(self, _):
        return 200, {}, b'<html>It works!</html>'

    def mood_slow(self, _):
        time.sleep(self.SLOW)

    def mood_hangs(self, _):
        time.sleep(self.HANGS)


# Addresses without a server: a port on which nothing listens, and a name that never exists (RFC 6761).
ABSENT = {'gone': 'http://127.0.0.1:9', 'no name': 'http://translator.invalid'}
MOODS = *ABSENT, 'down', 'key refused', 'unpaid', 'throttled', 'nonsense', 'echo', 'unreadable', 'slow', 'hangs'
