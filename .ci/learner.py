"""The check that is a learner: notebooks as Run All runs them where Colab's or Kaggle's versions are installed."""
import json, os, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
import browser, write
from common import ROOT, cells, copy_checkout, must

SERVICES = dict(colab=dict(COLAB_RELEASE_TAG='release', COLAB_GPU=''), kaggle=dict(KAGGLE_KERNEL_RUN_TYPE='Interactive'))
HOME = ROOT/'.venv'/'learner'  # the services' environments, and the pages as they were run
SECONDS = 60  # on a CPU, without the set-up cell; by the clock, and of processor time, as others may be at work here
OWN = '.ipython', '.jupyter', '.local/share/jupyter', '.config/matplotlib', '.cache/matplotlib', '.cache/pip', '.cache/fontconfig', '.rustup'
# the packages that torch and torchvision need, by the names of their files
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
'''

def _purelib(python): return Path(must([python, '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']).strip())

@cache
def repository():
    "A folder, gone at the end, with `bare`: a bare repository of the checkout, as the set-up cell asks for it."
    folder = tempfile.TemporaryDirectory()
    d = Path(folder.name)
    copy_checkout(d/'copy')
    me = ['-c', 'user.name=check', '-c', 'user.email=check@localhost']
    for words in ['init', '-q', '-b', write.address()[2]], ['add', '-A'], [*me, 'commit', '-q', '-m', 'all']: must(['git', *words], cwd=d/'copy')
    must(['git', 'clone', '-q', '--bare', 'copy', 'bare'], cwd=d)
    return folder

@cache
def environment(service):
    "The folders of packages of a service: its pins, then torch of .venv. Made once, and again when the pins change."
    pins, made = (ROOT/f'.ci/{service}.txt').read_text(encoding='utf-8'), HOME/service
    if not (made/'pins.txt').exists() or (made/'pins.txt').read_text(encoding='utf-8') != pins:
        shutil.rmtree(made, ignore_errors=True)
        must(['python', '-m', 'venv', made])
        must([made/'bin'/'python', '-m', 'pip', 'install', '-q', '-r', ROOT/f'.ci/{service}.txt'])
        (made/'torch').mkdir()
        for p in map(Path, must(['python', '-c', TORCH]).splitlines()):
            if p.exists(): (made/'torch'/p.name).symlink_to(p)
        (made/'pins.txt').write_text(pins, encoding='utf-8')
    return [_purelib(made/'bin'/'python'), made/'torch']

def visit(path, service):
    "Run one notebook as a learner does; (seconds, problems)."
    user, repo, _ = write.address()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as d:
        home, tmp, page = (Path(d)/name for name in ('home', 'tmp', 'page'))
        for folder in home, tmp, page: folder.mkdir()
        must(['python', '-m', 'venv', '--without-pip', Path(d)/'venv'])
        python = Path(d)/'venv'/'bin'/'python'
        (_purelib(python)/'given.pth').write_text('\n'.join(map(str, environment(service))), encoding='utf-8')
        shutil.copy(path, page)
        env = {**os.environ, **SERVICES[service], 'HOME': str(home), 'TMPDIR': str(tmp), 'PYTHONPATH': '', 'GIT_CONFIG_COUNT': '1',
               'GIT_CONFIG_KEY_0': f'url.file://{repository().name}/bare.insteadOf', 'GIT_CONFIG_VALUE_0': f'https://github.com/{user}/{repo}'}
        run = subprocess.run([python, ROOT/'.ci'/'run_all.py', page/path.name], cwd=page, env=env, text=True, encoding='utf-8',
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        kept = HOME/service/'pages'
        kept.mkdir(exist_ok=True)
        shutil.copy(page/path.name, kept)
        if run.returncode: return 0, [run.stderr[-2000:]]
        said = json.loads(run.stdout.splitlines()[-1])
        left = [f'{p.relative_to(d)}' for folder in (home, tmp) for p in sorted(folder.rglob('*')) if p.is_file()
                and not any(p.is_relative_to(home/own) for own in OWN)]
    setup = next(c['id'] for c in cells(path, 'code') if write.is_setup(c))
    seconds = sum(s for name, s in said['seconds'].items() if name != setup)
    bad = [said['error']]*bool(said['error']) + said['odd'] + [f'left behind: {left[:9]}']*bool(left)
    return seconds, bad + [f'{seconds:.0f} s, over {SECONDS}']*(min(seconds, said['cpu']) > SECONDS)

QUEUE = []  # the notebooks that are asked for

@cache
def _visits():
    for service in SERVICES: environment(service)
    repository()
    pool = ThreadPoolExecutor(max(1, os.cpu_count()//2))  # Colab gives two cores
    return {(p, service): pool.submit(visit, p, service) for p in QUEUE for service in SERVICES}

def learner(path):
    "Run All works where Colab's and Kaggle's versions are: no error or warning, under 60 s, nothing left outside the folder."
    if sys.version_info < (3, 11): raise browser.Skipped('the versions of Colab and Kaggle need Python 3.11')
    return [f'{service}: {problem}' for service in SERVICES for problem in _visits()[path, service].result()[1]]

def table():
    "The seconds of each notebook that was run, here or before, as Markdown; kept in .venv/learner."
    kept = HOME/'seconds.json'
    seconds = json.loads(kept.read_text(encoding='utf-8')) if kept.exists() else {}
    for (p, service), run in _visits().items(): seconds.setdefault(p.stem, {})[service] = run.result()[0]
    kept.write_text(json.dumps(seconds, indent=1, sort_keys=True), encoding='utf-8')
    rows = [f'| {name} | ' + ' | '.join(f'{took.get(s, 0):.0f} s' for s in SERVICES) + ' |' for name, took in sorted(seconds.items())]
    return '\n'.join(['| page | ' + ' | '.join(SERVICES) + ' |', '|---'*(1 + len(SERVICES)) + '|', *rows])
