"""The check that is a learner: Run All, alone in an empty folder, with the newest Jupyter, on Colab, on Kaggle."""
import json, os, shutil, sys
from functools import cache
from pathlib import Path
from timeit import timeit
import pytest, torch
from common import COURSE, ENGINE, ROOT, SETTINGS, must

SERVICES = dict(newest={}, colab=dict(COLAB_RELEASE_TAG='release', COLAB_GPU=''), kaggle=dict(KAGGLE_KERNEL_RUN_TYPE='Interactive'))
HOME = ROOT/'.venv/learner'  # the services' packages, and the pages as they were run
SECONDS = 60  # on two cores, without the set-up cell; by the clock or of processor time, as others may be at work here
# what other programs keep in a home
OWN = ('.ipython', '.jupyter', '.local/share/jupyter', '.config/matplotlib', '.cache/matplotlib', '.cache/pip', '.cache/fontconfig', '.rustup')
# torch, torchvision and what they need
TORCH = ('torch', 'functorch', 'nvidia', 'cuda', 'triton', 'sympy', 'mpmath', 'networkx', 'jinja2', 'markupsafe', 'filelock', 'fsspec',
         'typing_extensions', 'setuptools', '_distutils_hack', 'pkg_resources', 'numpy', 'pil')

def turns():
    "(page, service) of those whose turn it is: every ninth, from the number of the run on, or with `TURN=all` all."
    turn = os.environ.get('TURN', os.environ.get('GITHUB_RUN_NUMBER')) or must('git rev-list --count HEAD')
    runs = [(page, service) for service in SERVICES for page in COURSE] + [(page, 'newest') for page in ENGINE]
    return runs if turn == 'all' else runs[int(turn)%9::9]

@cache
def packages(service, checkout):
    "The folders of a service's packages: its pins, with the library for the newest Jupyter; then torch of .venv."
    asked = ['jupyter', 'fastcore', checkout] if service == 'newest' else ['-r', f'.ci/{service}.txt']
    env, links = HOME/service/'env', HOME/service/'torch'
    must([sys.executable, '-m', 'venv', env])
    shutil.rmtree(links, ignore_errors=True)
    links.mkdir()
    for p in Path(torch.__file__).parents[1].iterdir():
        if p.name.lower().startswith(TORCH): (links/p.name).symlink_to(p)
    must([env/'bin/pip', 'install', '-q', *asked], PYTHONPATH=str(links))  # which has torch already
    return [next(env.glob('lib/*/site-packages')), links]

@pytest.mark.skipif(sys.version_info < (3, 11), reason='the versions of Colab and Kaggle need Python 3.11')
@pytest.mark.parametrize('page, service', turns(), ids=lambda x: getattr(x, 'stem', x))
def test_learner(page, service, checkout, tmp_path):
    "Run All works: no error or warning, in a minute, torch stays as it is, nothing is left outside the folder."
    home, tmp, here, env, git = (tmp_path/name for name in ('home', 'tmp', 'page', 'env', 'gitconfig'))
    for folder in home, tmp, here: folder.mkdir()
    must([sys.executable, '-m', 'venv', env])
    own = next(env.glob('lib/*/site-packages'))
    (own/'given.pth').write_text('\n'.join(map(str, packages(service, checkout))), encoding='utf-8')
    must(['git', 'config', '-f', git, f'url.file://{checkout}.insteadOf', SETTINGS.git_url])  # for the set-up cell
    shutil.copy(page, here)
    places = dict(HOME=str(home), TMPDIR=str(tmp), PYTHONPATH='', GIT_CONFIG_GLOBAL=str(git))
    told = must([env/'bin/python', ROOT/'.ci/run_all.py', here/page.name], here, (0, 1), **places, **SERVICES[service])
    shutil.copy(here/page.name, HOME/service)
    last = told.splitlines()[-1]
    (HOME/service/f'{page.stem}.json').write_text(last, encoding='utf-8')
    said = json.loads(last)
    left = [p for folder in (home, tmp) for p in folder.rglob('*') if p.is_file() and not any(p.is_relative_to(home/o) for o in OWN)]
    net, x = torch.nn.Conv2d(32, 64, 4, 2, 1), torch.randn(16, 32, 16, 16)
    slow = max(1, timeit(lambda: net(x).sum().backward(), number=1000)/1.3)  # two good cores need 1.3 s for them
    assert not said['bad'] and not left and not (own/'torch').exists()
    assert min(said['seconds'], said['cpu']) <= SECONDS*slow
