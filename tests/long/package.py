"""the Debian package in a fresh root: install, run, upgrade over 0.1.0, remove, purge; lintian (root, debootstrap)"""
import argparse
import glob
import os
import shutil
import subprocess
import sys
import tarfile

SOURCE = os.environ['DRAGOMAN_SOURCE']
BUILD = os.path.join(SOURCE, 'build', 'package')
LATER = '99.0-1'
CONFIGURATION = '[run]\noutput = /var/lib/dragoman\n[source "inbox"]\nkind = files\npath = /srv/inbox\n'
TEXT = 'El puente nuevo abre en mayo\n\nEl alcalde dijo el lunes que las obras duraron tres años.\n'


def say(text):
    print(text, flush=True)


def call(*words, **options):
    result = subprocess.run(words, capture_output=True, text=True, **options)
    if result.returncode:
        sys.exit('%s: exit code %d\n%s%s' % (' '.join(words), result.returncode, result.stdout, result.stderr))
    return result.stdout


def check(condition, what):
    if not condition:
        sys.exit('not true: ' + what)
    say('  ' + what)


def build():
    say('Building the package ...')
    call('cmake', '--preset', 'package', cwd=SOURCE)
    call('cmake', '--build', BUILD)
    for old in glob.glob(BUILD + '/*.deb'):
        os.remove(old)
    call('cpack', cwd=BUILD)
    package, = glob.glob(BUILD + '/*.deb')
    if shutil.which('lintian'):
        result = subprocess.run(['lintian', package], capture_output=True, text=True)
        check(result.returncode == 0 and not result.stdout, 'lintian finds nothing that is not overridden' + result.stdout)
    else:
        say('  lintian is not installed')
    return package


class Root:
    """A fresh Debian below build/, from a base that is kept."""

    def __init__(self, name='package-root'):
        base = os.path.join(SOURCE, 'build', 'package-base')
        self.path = os.path.join(SOURCE, 'build', name)
        if not os.path.exists(base + '/.complete'):
            say('Making a Debian (some minutes) ...')
            shutil.rmtree(base, ignore_errors=True)
            call('debootstrap', '--variant=minbase', 'bookworm', base)
            call('chroot', base, 'apt-get', 'update', '-q')
            open(base + '/.complete', 'w', encoding='utf8').close()
        shutil.rmtree(self.path, ignore_errors=True)
        call('cp', '-a', base, self.path)

    def call(self, *words, user=None):
        command = ['chroot', *(('--userspec=' + user,) if user else ()), self.path, *words]
        return call(*command, env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/var/lib/dragoman' if user else '/root', 'DEBIAN_FRONTEND': 'noninteractive'})

    def fails(self, *words, user):
        return subprocess.run(['chroot', '--userspec=' + user, self.path, *words], capture_output=True).returncode != 0

    def at(self, path):
        return self.path + path

    def write(self, path, text):
        os.makedirs(os.path.dirname(self.at(path)), exist_ok=True)
        with open(self.at(path), 'w', encoding='utf8') as file:
            file.write(text)

    def install(self, package, *more):
        shutil.copy(package, self.at('/tmp/'))
        return self.call('apt-get', 'install', '-y', '-q', '--no-install-recommends', '/tmp/' + os.path.basename(package), *more)


def install(root, package):
    say('Install')
    said = root.install(package, 'apertium', 'apertium-eng-spa')
    check('dragoman init' in said, 'says what to do next')
    for path in ('/usr/bin/dragoman', '/usr/share/man/man1/dragoman.1.gz', '/usr/share/man/man5/dragoman.conf.5.gz',
                 '/usr/lib/systemd/system/dragoman.timer', '/usr/share/doc/dragoman/examples/crontab', '/usr/share/doc/dragoman/copyright',
                 '/usr/share/bash-completion/completions/dragoman'):
        check(os.path.exists(root.at(path)), path)
    check('dragoman' in root.call('getent', 'passwd', 'dragoman'), 'the user dragoman exists')
    check(not glob.glob(root.at('/etc/systemd/system/*/dragoman*')), 'nothing starts by itself')
    check(root.call('dragoman', '--version').startswith('dragoman '), root.call('dragoman', '--version').strip())


def run(root):
    say('Run')
    root.call('dragoman', 'init', '--source', 'https://costa.example/rss.xml')
    root.call('dragoman', 'check-config')
    check('https://costa.example/rss.xml' in open(root.at('/etc/dragoman/dragoman.conf'), encoding='utf8').read(), 'init writes /etc/dragoman/dragoman.conf')
    root.write('/etc/dragoman/dragoman.conf', CONFIGURATION)
    root.write('/srv/inbox/puente.txt', TEXT)
    root.call('dragoman', 'run', user='dragoman')
    check('done       1' in root.call('dragoman', 'status', user='dragoman'), 'an article is done, as the user dragoman')
    page = '/var/lib/dragoman/latest/index.html'
    check('puente' in root.call('cat', page, user='nobody:nogroup'), 'a web server can read the digest')
    check(root.fails('cat', '/var/lib/dragoman/state.db', user='nobody:nogroup'), 'but not the state')


def upgrade_from_first(root):
    say('Upgrade over 0.1.0')
    for name in os.listdir(root.at('/var/lib/dragoman')):
        path = root.at('/var/lib/dragoman/') + name
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
    with tarfile.open(os.path.join(SOURCE, 'tests', 'golden', 'upgrade', '0.1.0.tar.gz')) as archive:
        archive.extractall(root.at('/tmp/old'))
    call('cp', '-a', root.at('/tmp/old/out/.'), root.at('/var/lib/dragoman/'))
    root.call('chown', '-R', 'dragoman:dragoman', '/var/lib/dragoman')
    root.call('dragoman', 'run', user='dragoman')
    said = root.call('dragoman', 'verify', user='dragoman')
    check('3 records are sound, 0 damaged, 0 missing, 0 foreign; the pages of 0' in said, 'records of 0.1.0 are sound beside the new one')
    check(os.path.exists(root.at('/var/lib/dragoman/state.db.format-3')), 'a copy of the state of 0.1.0 stays')


def upgrade(root, package):
    say('Upgrade to a later package')
    folder = os.path.join(BUILD, 'later')
    shutil.rmtree(folder, ignore_errors=True)
    call('dpkg-deb', '-R', package, folder)
    control = os.path.join(folder, 'DEBIAN', 'control')
    with open(control, encoding='utf8') as file:
        lines = ['Version: %s\n' % LATER if line.startswith('Version:') else line for line in file]
    with open(control, 'w', encoding='utf8') as file:
        file.writelines(lines)
    later = os.path.join(BUILD, 'dragoman_%s_amd64.later' % LATER)
    call('dpkg-deb', '--root-owner-group', '-b', folder, later + '.deb')
    root.install(later + '.deb')
    os.remove(later + '.deb')
    check(open(root.at('/etc/dragoman/dragoman.conf'), encoding='utf8').read() == CONFIGURATION, 'the configuration stays')
    root.call('dragoman', 'run', user='dragoman')
    check('3 records are sound' in root.call('dragoman', 'verify', user='dragoman'), 'records and state stay')


def remove(root):
    say('Remove')
    root.call('apt-get', 'remove', '-y', '-q', 'dragoman')
    check(not os.path.exists(root.at('/usr/bin/dragoman')) and not glob.glob(root.at('/usr/lib/systemd/system/dragoman*')), 'program and units are gone')
    check(not os.path.exists(root.at('/usr/share/dragoman')), 'tables are gone')
    check(os.path.exists(root.at('/etc/dragoman/dragoman.conf')) and os.path.exists(root.at('/var/lib/dragoman/state.db')),
          'configuration, records and state stay')
    say('Purge')
    said = root.call('apt-get', 'purge', '-y', '-q', 'dragoman')
    check(not os.path.exists(root.at('/etc/dragoman')), 'the configuration is gone')
    check(os.path.exists(root.at('/var/lib/dragoman/state.db')) and 'rm -r /var/lib/dragoman' in said, 'what was paid for stays, and how to delete it is said')


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    if os.geteuid() != 0 or not shutil.which('debootstrap'):
        say('Skipped: this needs root and debootstrap.')
        sys.exit(77)
    package = build()
    root = Root()
    install(root, package)
    run(root)
    upgrade_from_first(root)
    upgrade(root, package)
    remove(root)
    shutil.rmtree(root.path)
    say('The package is sound.')


if __name__ == '__main__':
    main()
