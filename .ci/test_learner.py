"""The check that is a learner: a notebook alone in an empty folder, Run All, with the newest Jupyter, with Colab's and Kaggle's versions.

A run of the checks takes a third of the course and a twelfth of the engine room, the next one others; `TURN=all` takes all, `-k 10_celeba` chooses.
"""
import json, os, shutil, sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
import pytest
from common import COURSE, ENGINE, ROOT, copy_checkout, must, settings

SERVICES = dict(newest={}, colab=dict(COLAB_RELEASE_TAG='release', COLAB_GPU=''), kaggle=dict(KAGGLE_KERNEL_RUN_TYPE='Interactive'))
HOME = ROOT/'.venv/learner'  # the services' packages, and the pages as they were run
SECONDS = 60  # on a CPU, without the set-up cell; by the clock, and of processor time, as others may be at work here
OWN = ('.ipython', '.jupyter', '.local/share/jupyter', '.config/matplotlib', '.cache/matplotlib', '.cache/pip', '.cache/fontconfig', '.rustup')
TORCH = ('torch', 'functorch', 'nvidia', 'cuda', 'triton', 'sympy', 'mpmath', 'networkx', 'jinja2', 'markupsafe', 'filelock', 'fsspec',
         'typing_extensions', 'setuptools', '_distutils_hack', 'pkg_resources', 'numpy', 'pil')  # of torch, torchvision and what they need

def turns():
    "(page, service) of those whose turn it is: a page of the course is run in one of three runs of the checks that follow each other."
    turn = os.environ.get('TURN') or os.environ.get('GITHUB_RUN_NUMBER') or must('git rev-list --count HEAD || date +%s')
    n, all_of_them = (0, True) if turn == 'all' else (int(turn), False)
    asked = [(page, s) for i, page in enumerate(COURSE) for j, s in enumerate(SERVICES) if all_of_them or (i + n)%3 == (j + n//3)%3 == 0]
    asked += [(page, 'newest') for i, page in enumerate(ENGINE) if all_of_them or (i + n)%12 == 0]
    return [pytest.param(page, s, id=f'{page.stem}-{s}') for page, s in asked]

@cache
def packages(service):
    "The folders of a service: its pins, then torch of .venv. Made again when the pins change."
    made, pins = HOME/service, ROOT/f'.ci/{service}.txt'
    newest = ['jupyter', 'fastcore', *(r for r in settings()['requirements'].split() if 'torch' not in r)]
    text = pins.read_text(encoding='utf-8') if service != 'newest' else '\n'.join(newest)
    if not (made/'pins.txt').exists() or (made/'pins.txt').read_text(encoding='utf-8') != text:
        shutil.rmtree(made, ignore_errors=True)
        (made/'torch').mkdir(parents=True)
        (made/'asked.txt').write_text(text, encoding='utf-8')
        must([sys.executable, '-m', 'pip', 'install', '-q', '--target', made/'pins', '-r', made/'asked.txt'], PYTHONPATH='')
        for p in Path(find_spec('torch').origin).parents[1].iterdir():
            if p.name.lower().startswith(TORCH): (made/'torch'/p.name).symlink_to(p)
        (made/'asked.txt').rename(made/'pins.txt')
    return [made/'pins', made/'torch']

@pytest.fixture(scope='session')
def repository(tmp_path_factory):
    "A folder with `copy`, a repository of the checkout, as the set-up cell asks for it, and `installed`, the library from it."
    d = tmp_path_factory.mktemp('repository')
    copy_checkout(d/'copy')
    commit = 'git -c user.name=me -c user.email=me@localhost commit -qm all'
    must(f'git init -q -b {settings()["branch"]} && git add -A && {commit}', cwd=d/'copy')
    must([sys.executable, '-m', 'pip', 'install', '-q', '--no-deps', '--target', d/'installed', d/'copy'])
    return d

@pytest.mark.skipif(sys.version_info < (3, 11), reason='the versions of Colab and Kaggle need Python 3.11')
@pytest.mark.parametrize('page, service', turns())
def test_learner(page, service, repository, tmp_path):
    "Run All works: no error or warning, under 60 s, torch stays as it is, nothing is left outside the folder."
    home, tmp, here = (tmp_path/name for name in ('home', 'tmp', 'page'))
    for folder in home, tmp, here: folder.mkdir()
    must([sys.executable, '-m', 'venv', tmp_path/'venv'])
    own = next((tmp_path/'venv').glob('lib/*/site-packages'))
    given = [*packages(service), *[repository/'installed'][:service == 'newest']]
    (own/'given.pth').write_text('\n'.join(map(str, given)), encoding='utf-8')
    shutil.copy(page, here)
    env = dict(SERVICES[service], HOME=str(home), TMPDIR=str(tmp), PYTHONPATH='')
    if service != 'newest':
        env |= dict(GIT_CONFIG_COUNT='1', GIT_CONFIG_KEY_0=f'url.file://{repository}/copy.insteadOf',
                    GIT_CONFIG_VALUE_0=settings()['git_url'])
    said = json.loads(must([tmp_path/'venv/bin/python', ROOT/'.ci/run_all.py', here/page.name], here, (0, 1), **env).splitlines()[-1])
    (HOME/service/'pages').mkdir(exist_ok=True)
    shutil.copy(here/page.name, HOME/service/'pages')
    (HOME/service/'pages'/f'{page.stem}.json').write_text(json.dumps(said), encoding='utf-8')  # seconds, and what went wrong
    left = [str(p) for folder in (home, tmp) for p in folder.rglob('*') if p.is_file() and not any(p.is_relative_to(home/o) for o in OWN)]
    assert not said['bad'] and not left and not (own/'torch').exists() and min(said['seconds'], said['cpu']) <= SECONDS
