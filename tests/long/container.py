"""cmake/Containerfile, built by buildah without a registry, and the demonstration in the image (root, debootstrap, buildah)"""
import argparse
import glob
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from package import SOURCE, Root, call, check, say                       # noqa: E402

PLACE = os.path.join(SOURCE, 'build', 'container')
IMAGE = 'localhost/dragoman'


def buildah(*words):
    return call('buildah', '--root', PLACE + '/store', '--runroot', PLACE + '/run', '--storage-driver', 'vfs', *words).strip()


def make_base():
    """Puts a fresh Debian into the place of the two images that the Containerfile begins with."""
    root = Root('container-root')
    container = buildah('from', 'scratch')
    call('cp', '-a', root.path + '/.', buildah('mount', container))
    buildah('umount', container)
    buildah('commit', '-q', container, 'localhost/debian:bookworm')
    buildah('tag', 'localhost/debian:bookworm', 'localhost/debian:bookworm-slim')
    buildah('rm', container)
    shutil.rmtree(root.path)


def build_image():
    say('Building the image (many minutes) ...')
    make_base()
    buildah('build', '--isolation', 'chroot', '--pull-never', '-f', os.path.join(SOURCE, 'cmake', 'Containerfile'), '-t', IMAGE, SOURCE)


class Container:
    """The image with two folders of this machine, as `podman run -v` would start it."""

    def __init__(self):
        self.name = buildah('from', '--pull-never', IMAGE)
        config = json.loads(buildah('inspect', '--type', 'image', IMAGE))['OCIv1']['config']
        self.start, self.user = config['Entrypoint'], config['User']
        self.news = os.path.join(PLACE, 'news')
        shutil.rmtree(self.news, ignore_errors=True)
        os.makedirs(self.news)
        # buildah would mount the volume that the image declares over the folder.
        buildah('config', '--volume', '/var/lib/dragoman-', self.name)
        os.chown(self.news, int(self.run('id', '-u')), -1)

    def run(self, *words):
        return buildah('run', '--isolation', 'chroot', '-v', self.news + ':/var/lib/dragoman', '-v', SOURCE + '/samples:/etc/dragoman:ro', self.name, '--', *words)

    def dragoman(self, *words):
        return self.run(*self.start, '--set', 'run.output=/var/lib/dragoman', *words)


def demonstrate(container):
    say('The demonstration')
    say('  ' + container.run('dragoman', '--version'))
    check(container.user == 'dragoman' and container.run('id', '-un') == 'dragoman', 'the program runs as the user dragoman')
    container.dragoman('run')
    records = glob.glob(container.news + '/2*/articles/*.json')
    check(len(records) == 21, 'the samples are 21 records in the folder outside')
    check(os.path.exists(container.news + '/latest/index.html'), 'and a digest')
    container.dragoman('run')
    check(len(glob.glob(container.news + '/2*/articles/*.json')) == 21, 'a second run adds nothing')
    check('21 records are sound' in container.dragoman('verify'), 'verify finds them sound')


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    if os.geteuid() != 0 or not all(map(shutil.which, ('debootstrap', 'buildah'))):
        say('Skipped: this needs root, debootstrap and buildah.')
        sys.exit(77)
    shutil.rmtree(PLACE, ignore_errors=True)
    build_image()
    demonstrate(Container())
    subprocess.run(['rm', '-rf', PLACE], check=True)
    say('The image is sound.')


if __name__ == '__main__':
    main()
