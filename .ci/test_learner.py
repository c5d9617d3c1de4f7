"""The check that is a learner: a notebook alone in an empty folder, Run All, with the newest Jupyter, and with Colab's and Kaggle's versions.

One of the three takes its turn with every fourth of its pages, the next one with the next commit; `TURN=all` takes all, `-k 10_celeba` chooses among them.
"""
import json, os, shutil, sys
from functools import cache
from pathlib import Path
import pytest
import write
from common import COURSE, LESSONS, ROOT, copy_checkout, must, settings

SERVICES = dict(newest={}, colab=dict(COLAB_RELEASE_TAG='release', COLAB_GPU=''), kaggle=dict(KAGGLE_KERNEL_RUN_TYPE='Interactive'))
HOME = ROOT/'.venv'/'learner'  # the services' environments, and the pages as they were run
SECONDS = 60  # on a CPU, without the set-up cell; by the clock, and of processor time, as others may be at work here
OWN = '.ipython', '.jupyter', '.local/share/jupyter', '.config/matplotlib', '.cache/matplotlib', '.cache/pip', '.cache/fontconfig', '.rustup'
TORCH = '''
import re
from importlib.metadata import PackageNotFoundError, distribution
todo, seen, parts = ['torch', 'torchvision', 'setuptools'], set(), set()
while todo:
    name = todo.pop()
    try: d = distribution(name)
    except PackageNotFoundError: continue
    if name in seen: continue
    seen.add(name)
    todo += [re.match(r'[\\w.-]+', r)[0] for r in d.requires or () if 'extra ==' not in r]
    parts |= {d.locate_file(f.parts[0]) for f in d.files}
print(*{p for p in parts if p.name not in ('', '..', '__pycache__')}, sep='\\n')
'''  # the paths of the packages that torch and torchvision need

def turns():
    "(page, service) of those whose turn it is."
    turn = os.environ.get('TURN') or os.environ.get('GITHUB_RUN_NUMBER') or must('git rev-list --count HEAD || echo 0', ok=(0, 128)).split()[-1]
    asked = {s: LESSONS if s == 'newest' else COURSE for s in SERVICES}
    if turn != 'all':
        which, first = int(turn)%3, int(turn)//3%4
        asked = {s: asked[s][first::4] for s in [*SERVICES][which:which + 1]}
    return [pytest.param(p, s, id=f'{p.stem}-{s}') for s, pages in asked.items() for p in pages]

def purelib(python): return Path(must([python, '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']).strip())

@cache
def environment(service):
    "The folders of packages of a service: its pins, then torch of .venv. Made again when the pins change."
    made, pins = HOME/service, ROOT/f'.ci/{service}.txt'
    newest = ['jupyter', 'fastcore', *(r for r in settings()['requirements'].split() if 'torch' not in r)]  # fastcore: tests of the engine room
    text = pins.read_text(encoding='utf-8') if pins.exists() else '\n'.join(newest)
    if not (made/'pins.txt').exists() or (made/'pins.txt').read_text(encoding='utf-8') != text:
        shutil.rmtree(made, ignore_errors=True)
        must(['python', '-m', 'venv', made])
        (made/'asked.txt').write_text(text, encoding='utf-8')
        must([made/'bin'/'python', '-m', 'pip', 'install', '-q', '-r', made/'asked.txt'], PYTHONPATH='')
        (made/'torch').mkdir()
        for p in map(Path, must(['python', '-c', TORCH]).splitlines()):
            if p.exists(): (made/'torch'/p.name).symlink_to(p)
        (made/'asked.txt').rename(made/'pins.txt')
    return [purelib(made/'bin'/'python'), made/'torch']

@pytest.fixture(scope='session')
def repository(tmp_path_factory):
    "A folder with `bare`, a bare repository of the checkout, as the set-up cell asks for it, and `installed`, the library from it."
    d = tmp_path_factory.mktemp('repository')
    copy_checkout(d/'copy')
    me = ['-c', 'user.name=check', '-c', 'user.email=check@localhost']
    for words in ['init', '-q', '-b', write.address()[2]], ['add', '-A'], [*me, 'commit', '-q', '-m', 'all']: must(['git', *words], cwd=d/'copy')
    must(['git', 'clone', '-q', '--bare', 'copy', 'bare'], cwd=d)
    must(['python', '-m', 'pip', 'install', '-q', '--no-deps', '--target', d/'installed', d/'copy'])
    return d

@pytest.mark.skipif(sys.version_info < (3, 11), reason='the versions of Colab and Kaggle need Python 3.11')
@pytest.mark.parametrize('page, service', turns())
def test_learner(page, service, repository, tmp_path):
    "Run All works: no error or warning, under 60 s, torch stays as it is, nothing is left outside the folder."
    home, tmp, here = (tmp_path/name for name in ('home', 'tmp', 'page'))
    for folder in home, tmp, here: folder.mkdir()
    must(['python', '-m', 'venv', '--without-pip', tmp_path/'venv'])
    python = tmp_path/'venv'/'bin'/'python'
    given = [*environment(service), repository/'installed'] if service == 'newest' else environment(service)
    (purelib(python)/'given.pth').write_text('\n'.join(map(str, given)), encoding='utf-8')
    shutil.copy(page, here)
    user, repo, _ = write.address()
    env = dict(SERVICES[service], HOME=str(home), TMPDIR=str(tmp), PYTHONPATH='', GIT_CONFIG_COUNT='1', GIT_CONFIG_KEY_0=f'url.file://{repository}/bare.insteadOf',
               GIT_CONFIG_VALUE_0=f'https://github.com/{user}/{repo}')
    said = json.loads(must([python, ROOT/'.ci'/'run_all.py', here/page.name], cwd=here, **env).splitlines()[-1])
    (HOME/service/'pages').mkdir(exist_ok=True)
    shutil.copy(here/page.name, HOME/service/'pages')
    (HOME/service/'pages'/f'{page.stem}.json').write_text(json.dumps(said), encoding='utf-8')  # seconds, and what went wrong
    print(f'{page.stem} {service}: {said["seconds"]} s, {said["cpu"]} s of processors')
    left = [str(p) for folder in (home, tmp) for p in folder.rglob('*') if p.is_file() and not any(p.is_relative_to(home/own) for own in OWN)]
    assert not said['bad'] and not left and not (purelib(python)/'torch').exists() and min(said['seconds'], said['cpu']) <= SECONDS
