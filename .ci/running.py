"""The checks that run something. They change nothing in the checkout but `.venv`, which README's commands make."""
import json, os, re, shutil, signal, subprocess, tempfile, zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
import addresses, write
from common import ENGINE, FILES, LESSONS, LINK, ROOT, cells, copy_checkout, directives, must, quick_start, settings, sh, short, source

ONE = dict(OMP_NUM_THREADS='1')  # thread for each of the notebooks that run at the same time
TOOLS = 'nbdev', 'execnb', 'ghapi', 'wandb', 'jupyterlab', 'ipywidgets', 'ruff'  # for development only

def snapshot():
    "The files of the checkout and when they were changed, without those that Python, pip and Jupyter keep for themselves."
    own = {'.git', '.venv', '__pycache__', '.ipynb_checkpoints', 'build'}
    return {short(p): p.stat().st_mtime_ns for p in ROOT.rglob('*')
            if p.is_file() and not own & set(p.relative_to(ROOT).parts) and '.egg-info' not in str(p)}

def difference(before, after, whose):
    "Problems: the files that are new, changed or gone."
    return [f'{whose}: {name} is {"new" if name not in before else "gone" if name not in after else "changed"}'
            for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]

def main_job():
    """README's first command runs and installs no development tool.
    It gets ` --seconds 10` behind it: its own budget takes two to four minutes, and ten seconds run the same code."""
    out = must(f'{quick_start()[0]} --seconds 10', PATH=os.environ['PATH'])
    names = '\n' + must(['pip', 'list', '--format=freeze'])
    must(['pip', 'install', '-q', 'jupyter', 'fastcore'])  # for `alone`; fastcore for the tests of the engine room
    return [f'{tool} is installed' for tool in TOOLS if f'\n{tool}==' in names] + ([] if 'verdict: ' in out else ['no verdict:', out])

def colab():
    "The set-up cell, run in a fresh environment that has all but cspgan, installs it from the repository and leaves torch alone."
    user, repo, branch = write.address()
    have = Path(must(['python', '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']).strip())
    with tempfile.TemporaryDirectory() as d:
        made, given, fresh = Path(d)/'made', Path(d)/'given', Path(d)/'fresh'
        copy_checkout(made)
        me = ['-c', 'user.name=check', '-c', 'user.email=check@localhost']
        for words in ['init', '-q', '-b', branch], ['add', '-A'], [*me, 'commit', '-q', '-m', 'all']: must(['git', *words], cwd=made)
        given.mkdir()
        for p in have.iterdir():  # what Colab has: everything but the library
            if 'cspgan' not in p.name and p.suffix != '.pth': (given/p.name).symlink_to(p)
        must(['python', '-m', 'venv', fresh])
        python = str(fresh/('Scripts' if os.name == 'nt' else 'bin')/'python')
        own = Path(must([python, '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']).strip())
        must([python, '-m', 'pip', 'uninstall', '-q', '-y', 'setuptools'])  # an old one of Python's own would hide the one given
        (own/'given.pth').write_text(f'{given}\n', encoding='utf-8')
        before = {p.name for p in own.iterdir()}
        ask = ('import cspgan, torch\nprint(cspgan.__version__, cspgan.__file__)\nprint(torch.__version__, torch.__file__)')
        env = dict(COLAB_RELEASE_TAG='release', PYTHONPATH='', GIT_CONFIG_COUNT='1', GIT_CONFIG_KEY_0=f'url.file://{made}.insteadOf',
                   GIT_CONFIG_VALUE_0=f'https://github.com/{user}/{repo}')
        out = must([python, '-c', f'{write.setup_cell()}\n{ask}'], cwd=d, **env).strip().splitlines()[-2:]
        new = sorted(p.name for p in own.iterdir() if p.name not in before and not p.name.startswith('cspgan'))
        torch = must(['python', '-c', 'import torch; print(torch.__version__)']).strip()
        bad = [f'it installs {name}, too' for name in new if name != '__pycache__']
        if out[0] != f'{settings()["version"]} {own/"cspgan"/"__init__.py"}': bad.append(f'cspgan is {out[0]}')
        if out[1] != f'{torch} {given/"torch"/"__init__.py"}': bad.append(f'torch was {torch} and is {out[1]}')
    return bad

QUEUE = []  # the notebooks that `alone` is asked for

@cache
def _alone_all():
    pool = ThreadPoolExecutor(os.cpu_count())
    return {p: pool.submit(_alone, p) for p in QUEUE or LESSONS}

def _alone(path):
    with tempfile.TemporaryDirectory() as d:
        shutil.copy(path, d)
        status, out = sh(['python', ROOT/'.ci/run_all.py', path.name], d, PYTHONPATH='', **ONE)
        if status: return [out[-3000:]]
        error, left = json.loads(out.splitlines()[-1])['error'], {p.name for p in Path(d).iterdir()} - {path.name}
    return [error]*bool(error) + [f'left behind: {sorted(left)}']*bool(left)

def alone(path):
    "The notebook runs from an empty folder, with the library and jupyter installed, in the engine room fastcore, and nothing else."
    return _alone_all()[path].result()

@cache
def tests():
    "Run README's second command: (names of the notebooks that fail, what it left behind)."
    before = snapshot()
    status, out = sh(quick_start()[1], PATH=os.environ['PATH'])
    left = difference(before, snapshot(), 'after the tests')
    if not status: return [], left
    print(out)
    return re.findall(r'^\t(\S+\.ipynb)$', out.split('nbdev Tests Failed')[-1], re.M) or [p.name for p in LESSONS], left

def tested(path):
    "The notebook passes in README's second command."
    return ['what it printed is above'] if path.name in tests()[0] else []

def tidy():
    "README's second command leaves the checkout as it was."
    return tests()[1]

def killed():
    "A test that is killed half-way leaves the checkout as it was, and the next one passes."
    notebook = next(short(p) for p in ENGINE if 'faults' in p.stem)
    before, bad = snapshot(), []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as d:
        env = {**os.environ, 'PATH': f'{ROOT}/.venv/bin:{os.environ["PATH"]}', 'TMPDIR': d, **ONE}
        run = subprocess.Popen(['nbdev_test', '--path', notebook], cwd=ROOT, env=env, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try: bad.append(f'{notebook} ended with status {run.wait(8)} before it could be killed')
        except subprocess.TimeoutExpired: os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    bad += difference(before, snapshot(), 'after the kill')
    must(['nbdev_test', '--path', notebook], **ONE)
    return bad + difference(before, snapshot(), 'after the next test')

def _copied(command, names=('cspgan', 'nbs', 'settings.ini', 'pyproject.toml')):
    "The files of a copy of the library and the notebooks, before and after `command`: two dicts {path: bytes}."
    with tempfile.TemporaryDirectory() as d:
        for n in names: (shutil.copytree if (ROOT/n).is_dir() else shutil.copy)(ROOT/n, Path(d)/n)
        read = lambda: {p.relative_to(d): p.read_bytes() for p in Path(d).rglob('*.*') if p.is_file() and '__pycache__' not in p.parts}
        before = read()
        must(command, cwd=d)
        return before, read()

def modules():
    "The modules are what the notebooks export."
    return difference(*_copied(['nbdev_export']), 'nbdev_export')

def clean():
    "The notebooks are clean."
    return difference(*_copied(['nbdev_clean']), 'nbdev_clean')

def processed():
    "What Quarto renders has every paragraph, badge and figure of the notebooks, its own pictures and pages; what is hidden is not in it."
    _, after = _copied("python -c 'from nbdev.serve import proc_nbs; proc_nbs()' && cd _proc && python ../.ci/addresses.py",
                       ('.ci', 'cspgan', 'nbs', 'settings.ini', 'pyproject.toml'))
    site, raw, _ = addresses.bases()
    bad = []
    for p in LESSONS:
        made = after.get(Path('_proc')/p.relative_to(ROOT/'nbs'))
        if not made: bad.append(f'{short(p)}: not there'); continue
        cells_made = [{**c, 'source': source(c)} for c in json.loads(made)['cells']]
        text = '\n'.join(c['source'] for c in cells_made if c['cell_type'] == 'markdown')
        bad += [f'{short(p)}: from another host: {url}' for url in LINK.findall(text)
                if url.startswith(site) or url.startswith(raw) and not url.endswith('.ipynb')]
        text = _words(text)
        for i, c in enumerate(cells(p, 'markdown')):
            parts = c['source'].split('\n\n')[0 if i else 2:]  # without title and description, which become the page's head
            bad += [f'{short(p)}: lost from {c["id"]}: {part[:60]!r}' for part in parts if _words(part) not in text]
        shown = [c for c in cells(p, 'code') if 'hide' not in directives(c)]
        pictures, pictures_made = _pictures(shown), _pictures(cells_made)
        if pictures != pictures_made: bad.append(f'{short(p)}: {len(pictures)} figures, {len(pictures_made)} on the page')
        if any(write.is_setup(c) for c in cells_made): bad.append(f'{short(p)}: the set-up cell is shown')
    return bad

def _words(text):
    "Letters and digits only: nbdev turns names into links, and wraps what it likes."
    return re.sub(r'\W+', '', re.sub(r'\]\([^)]*\)', ']', text))

def _pictures(cells): return [v for c in cells for o in c.get('outputs', ()) for k, v in o.get('data', {}).items() if k.startswith('image/')]

def lint():
    "ruff finds nothing to say; pyproject.toml has the rules."
    status, out = sh(['ruff', 'check', '--no-cache', '--output-format', 'concise', '.ci', 'cspgan'])
    return out.splitlines() if status else []

def wheel():
    "The source distribution builds a wheel with every file of the library, the records too, and no development tool."
    with tempfile.TemporaryDirectory() as d:
        copy = Path(d)/'copy'
        copy_checkout(copy)
        must(['python', '-m', 'build', '--no-isolation', '-o', d], cwd=copy)
        with zipfile.ZipFile(next(Path(d).glob('*.whl'))) as z:
            has = {n for n in z.namelist() if n.startswith('cspgan/')}
            needs = z.read(next(n for n in z.namelist() if n.endswith('METADATA'))).decode()
    want = {short(p) for p in FILES if p.is_relative_to(ROOT/'cspgan')}
    needs = re.findall(r'^Requires-Dist: (\w+)(?!.*extra ==)', needs, re.M)
    return [f'{n}: not in both the checkout and the wheel' for n in sorted(has ^ want)] + [f'requires {n}' for n in needs if n in TOOLS]
