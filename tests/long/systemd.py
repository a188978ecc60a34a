"""the units under a systemd that is booted in a container: timer, users, web server, key, failure, removal (root, debootstrap, systemd-container)"""
import argparse
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
sys.path[:0] = os.path.join(TESTS, 'long'), os.path.join(TESTS, 'fault')
from fake_service import Answer, Server, translate                       # noqa: E402
from package import TEXT, Root, build, check, say                        # noqa: E402

PAGE, STATE = '/latest/index.html', '/state.db'
KEY = 'a-key-that-only-root-can-read'
WEB = 'server.document-root = "/var/lib/dragoman"\nserver.port = %d\nserver.bind = "127.0.0.1"\nserver.username = "www-data"\nserver.groupname = "www-data"\n'


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


PORT = free_port()


class Machine(Root):
    """A Debian with systemd. It shares the network of this machine."""

    def __init__(self):
        super().__init__('systemd-root')
        self.process = self.leader = None

    def boot(self):
        # Without systemd here, nobody could register the machine or make a unit for it.
        more = () if os.path.isdir('/run/systemd/system') else ('--keep-unit',)
        self.process = subprocess.Popen(['systemd-nspawn', '-q', '-D', self.path, '-b', '--register=no', '--console=pipe', '--resolv-conf=off', *more],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env={**os.environ, 'SYSTEMD_NSPAWN_UNIFIED_HIERARCHY': '1'})
        self.wait('it boots', lambda: self.find_leader() and self.ask('systemctl', 'is-system-running') in ('running', 'degraded'))

    def find_leader(self):
        found = subprocess.run(['pgrep', '-P', str(self.process.pid)], capture_output=True, text=True).stdout.split()
        self.leader = found[0] if found else None
        return self.leader

    def tell(self, *words):
        """Runs a command within the machine."""
        return subprocess.run(['nsenter', '-t', self.leader, '-m', '-u', '-i', '-p', '-C', *words], capture_output=True, text=True, timeout=600,
                              env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND': 'noninteractive'})

    def ask(self, *words):
        return self.tell(*words).stdout.strip()

    def shows(self, unit, *properties):
        return [self.ask('systemctl', 'show', '-P', name, unit) for name in properties]

    def wait(self, what, condition, seconds=120):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                sys.exit('did not happen: ' + what)
            time.sleep(0.5)
        say('  ' + what)

    def drop_in(self, unit, name, text):
        self.write('/etc/systemd/system/%s.d/%s.conf' % (unit, name), text)
        self.tell('systemctl', 'daemon-reload')

    def fetch(self, path):
        """Returns the status that the web server answers with, and the page."""
        answer = self.tell('curl', '-s', '-w', '\n%{http_code}', 'http://127.0.0.1:%d%s' % (PORT, path)).stdout
        page, _, status = answer.rpartition('\n')
        return int(status), page

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Paid(Server):
    """LibreTranslate, which answers only those who have the key."""

    def __init__(self):
        self.refused, self.answered = 0, 0
        super().__init__(self.play)

    def play(self, request):
        asked = request.json()
        if asked.get('api_key') != KEY:
            self.refused += 1
            return Answer(403, {'error': 'Invalid API key'})
        self.answered += 1
        return Answer(200, {'translatedText': [translate(text) for text in asked['q']]})


def configuration(paid):
    return ('[run]\noutput = /var/lib/dragoman\n[source "inbox"]\nkind = files\npath = /srv/inbox\n[budget]\ncurrency = EUR\n'
            '[service "own"]\nkind = libretranslate\nurl = %s\nprice = 20\ncharacters_per_day = 100000\n[route "default"]\nservices = own\n' % paid.url)


def prepare(machine, package, paid):
    say('Install')
    machine.install(package, 'systemd', 'systemd-sysv', 'dbus', 'lighttpd', 'curl', 'dma', 'python3', 'apertium', 'apertium-eng-spa')
    machine.write('/etc/lighttpd/lighttpd.conf', WEB % PORT)
    machine.write('/etc/dragoman/dragoman.conf', configuration(paid))
    machine.write('/etc/dragoman/own.key', KEY + '\n')
    os.chmod(machine.at('/etc/dragoman/own.key'), 0o600)
    machine.write('/srv/inbox/1.txt', TEXT)
    machine.boot()
    check('dragoman' not in machine.ask('systemctl', 'list-timers', '--no-pager'), 'nothing starts by itself')


def started(machine):
    return machine.shows('dragoman.service', 'ExecMainStartTimestampMonotonic')[0]


def timer(machine, paid):
    """The timer makes up for a run that was missed. Only the delay by chance is left out."""
    say('The timer starts a run, which gets its key')
    machine.drop_in('dragoman.service', 'key', '[Service]\nLoadCredential=service.own.key:/etc/dragoman/own.key\n')
    machine.drop_in('dragoman.timer', 'delay', '[Timer]\nRandomizedDelaySec=0\n')
    stamp = machine.at('/var/lib/systemd/timers/stamp-dragoman.timer')
    os.makedirs(os.path.dirname(stamp), exist_ok=True)
    open(stamp, 'w', encoding='ascii').close()
    os.utime(stamp, (time.time() - 3 * 24 * 3600,) * 2)
    machine.tell('systemctl', 'enable', '--now', 'dragoman.timer')
    machine.wait('the run that was missed is made up for', lambda: started(machine) != '0' and machine.shows('dragoman.service', 'ActiveState')[0] == 'inactive')
    check(machine.shows('dragoman.service', 'Result', 'ExecMainStatus') == ['success', '0'], 'it succeeds')
    check(paid.answered > 0 and not paid.refused, 'the service was given the key')
    check('05:30:00' in machine.shows('dragoman.timer', 'NextElapseUSecRealtime')[0], 'the next run is at 05:30')
    check(KEY not in machine.ask('journalctl', '--no-pager') + machine.ask('systemctl', 'show', 'dragoman.service'), 'the key is not in the journal')
    check(machine.tell('runuser', '-u', 'dragoman', '--', 'cat', '/etc/dragoman/own.key').returncode != 0, 'the user dragoman cannot read its file')


def records(machine, folder='/var/lib/dragoman'):
    found = glob.glob(machine.at(folder + '/2*/articles/*.json'))
    texts = []
    for path in found:
        with open(path, encoding='utf8') as file:
            texts.append(json.load(file)['status'])
    return texts


def owner(machine, path):
    return machine.ask('stat', '-L', '-c', '%U', path)


def static(machine):
    say('A user of its own: the web server reads the digest')
    check(owner(machine, '/var/lib/dragoman/latest/index.html') == 'dragoman', 'the pages belong to dragoman')
    check(records(machine) == ['complete'], 'the record is complete')
    process = machine.shows('lighttpd.service', 'MainPID')[0]
    check(machine.ask('stat', '-c', '%U', '/proc/' + process) == 'www-data', 'the web server is another user')
    status, page = machine.fetch(PAGE)
    check(status == 200 and 'puente' in page, 'it serves the digest')
    check(machine.fetch(STATE)[0] == 403, 'but not the state')


def run_again(machine, number):
    """Starts the service by hand with one more article, and returns its result and exit code."""
    machine.write('/srv/inbox/%d.txt' % number, TEXT.replace('mayo', 'el mes %d' % number).replace('tres', '%d' % (number + 10)))
    machine.tell('systemctl', 'start', 'dragoman.service')
    return machine.shows('dragoman.service', 'Result', 'ExecMainStatus')


def dynamic(machine):
    say('DynamicUser: only root reads the digest')
    example = machine.at('/usr/share/doc/dragoman/examples/dynamic-user.conf')
    with open(example, encoding='utf8') as file:
        machine.drop_in('dragoman.service', 'dynamic-user', file.read())
    check(run_again(machine, 2) == ['success', '0'], 'a run succeeds')
    folder = '/var/lib/private/dragoman'
    check(records(machine, folder) == ['complete'] * 2, 'the records have moved to ' + folder)
    uid = os.stat(machine.at(folder + STATE)).st_uid
    check(61184 <= uid <= 65519, 'the state belongs to a dynamic user (%d)' % uid)
    check(machine.fetch(PAGE)[0] in (403, 404), 'the web server cannot read the digest')


def package_again(machine, package):
    say('The package is installed again')
    name = '/tmp/' + os.path.basename(package)
    shutil.copy(package, machine.at('/var/tmp/'))
    result = machine.tell('apt-get', 'install', '-y', '-q', '--reinstall', '/var' + name)
    check(result.returncode == 0, 'over the folder of a dynamic user: ' + (result.stderr if result.returncode else 'done'))
    check(run_again(machine, 3) == ['success', '0'] and len(records(machine, '/var/lib/private/dragoman')) == 3, 'and a run goes on')


def static_again(machine):
    say('Back to a user of its own')
    os.remove(machine.at('/etc/systemd/system/dragoman.service.d/dynamic-user.conf'))
    machine.tell('systemctl', 'daemon-reload')
    check(run_again(machine, 4) == ['success', '0'], 'a run succeeds')
    check(records(machine) == ['complete'] * 4, 'the records are back')
    check(machine.fetch(PAGE)[0] == 200, 'the web server reads the digest')


def add_example(machine, name):
    shutil.copy(machine.at('/usr/share/doc/dragoman/examples/' + name), machine.at('/etc/systemd/system/dragoman.service.d/'))
    machine.tell('systemctl', 'daemon-reload')


def programs(machine, paid):
    say('The drop-in for programs: a service of kind `command`')
    add_example(machine, 'programs.conf')
    machine.write('/etc/dragoman/dragoman.conf', configuration(paid) + '[service "local"]\nkind = command\n'
                  'command = python3 /usr/share/doc/dragoman/examples/command/apertium.py\nlanguages = es=spa\n[route "es"]\nservices = local\n')
    answered = paid.answered
    check(run_again(machine, 5) == ['success', '0'], 'a run succeeds')
    check(len(records(machine)) == 5 and paid.answered == answered, 'the program has translated')
    os.remove(machine.at('/etc/systemd/system/dragoman.service.d/programs.conf'))


def mail(machine, paid):
    say('The drop-in for sendmail')
    add_example(machine, 'sendmail.conf')
    machine.write('/etc/dragoman/dragoman.conf', configuration(paid) + '[mail]\nfrom = dragoman@localhost\nto = root@localhost\ncommand = sendmail -t -i\n')
    check(run_again(machine, 8) == ['success', '0'], 'a run succeeds')
    check('Content-Type: multipart/' in letters(machine), 'the digest is in the mailbox')
    machine.tell('rm', '/var/mail/root', '/etc/systemd/system/dragoman.service.d/sendmail.conf')
    machine.tell('systemctl', 'daemon-reload')
    machine.write('/etc/dragoman/dragoman.conf', configuration(paid))


def letters(machine):
    """Returns the mailbox of root, as soon as it holds something."""
    box = machine.at('/var/mail/root')
    machine.wait('root gets a letter', lambda: os.path.exists(box) and os.path.getsize(box))
    with open(box, encoding='utf8', errors='replace') as file:
        return file.read()


def waiting(machine, paid):
    say('What waits is no failure of the unit')
    machine.write('/etc/dragoman/own.key', 'another\n')
    check(run_again(machine, 6) == ['success', '69'] and paid.refused > 0, 'a refused key: exit code 69, and the unit has not failed')
    machine.write('/etc/dragoman/own.key', KEY + '\n')


def failure(machine):
    say('OnFailure')
    machine.drop_in('dragoman.service', 'failure', '[Unit]\nOnFailure=dragoman-failure@%n.service\n')
    with open(machine.at('/etc/dragoman/dragoman.conf'), 'a', encoding='utf8') as file:
        file.write('[rum]\n')
    check(run_again(machine, 7) == ['exit-code', '78'], 'a wrong configuration fails the unit')
    text = letters(machine)
    check('Subject: dragoman.service failed' in text and "[rum]" in text, 'which says what failed and why')


def removal(machine):
    say('Remove, while the timer is active')
    check(machine.ask('systemctl', 'is-active', 'dragoman.timer') == 'active', 'the timer is active')
    result = machine.tell('apt-get', 'purge', '-y', '-q', 'dragoman')
    check(result.returncode == 0, 'the package is purged')
    check(machine.ask('systemctl', 'is-active', 'dragoman.timer') == 'inactive', 'the timer has stopped')
    check('dragoman' not in machine.ask('systemctl', 'list-timers', '--all', '--no-pager'), 'nothing is scheduled')
    check(os.path.exists(machine.at('/var/lib/dragoman' + STATE)), 'records and state stay')


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    if os.geteuid() != 0 or not all(map(shutil.which, ('debootstrap', 'systemd-nspawn', 'nsenter', 'pgrep'))):
        say('Skipped: this needs root, debootstrap, systemd-container, util-linux and procps.')
        sys.exit(77)
    package, paid = build(), Paid()
    machine = Machine()
    try:
        prepare(machine, package, paid)
        timer(machine, paid)
        static(machine)
        dynamic(machine)
        package_again(machine, package)
        static_again(machine)
        programs(machine, paid)
        mail(machine, paid)
        waiting(machine, paid)
        failure(machine)
        removal(machine)
    except SystemExit:
        say(machine.ask('journalctl', '--no-pager', '-u', 'dragoman*', '-n', '40'))
        raise
    finally:
        machine.stop()
        paid.close()
    shutil.rmtree(machine.path)
    say('The units are sound.')


if __name__ == '__main__':
    main()
