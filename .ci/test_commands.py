"""README's two commands, run to the letter, and what they leave; what nbdev, build and pip make of the checkout. `.ci/run` has run the first."""
import os, re, signal, subprocess, zipfile
from importlib.metadata import distributions
import pytest
import addresses, write
from common import FILES, INDEX, LESSONS, LINK, ROOT, cells, copy_checkout, directives, must, short

TOOLS = {'nbdev', 'execnb', 'ghapi', 'wandb', 'jupyterlab', 'ipywidgets', 'ruff'}  # for development only
ONE = dict(OMP_NUM_THREADS='1')

def snapshot():
    "The files of the checkout and when they were changed, without those that Python, pip, pytest and Jupyter keep for themselves."
    own = {'.git', '.venv', '__pycache__', '.ipynb_checkpoints', 'build', '.pytest_cache'}
    return {short(p): p.stat().st_mtime_ns for p in ROOT.rglob('*') if p.is_file() and not own & set(p.relative_to(ROOT).parts) and '.egg-info' not in str(p)}

@pytest.mark.skipif('FIRST' not in os.environ, reason='.ci/run runs the first command')
def test_first_command():
    "The first command of README brings no tool of development."
    assert not TOOLS & {d.name for d in distributions()}

@pytest.fixture(scope='session')
def tested():
    "What README's second command printed, and the files before and after it."
    before, command = snapshot(), re.findall(r'^```sh\n(.*?)\n```$', (ROOT/'README.md').read_text().split('\n## Quick start\n')[1], re.M|re.S)[1]
    return must(command, ok=(0, 1)), before, snapshot()

@pytest.mark.parametrize('page', [INDEX, *LESSONS], ids=lambda p: p.stem)
def test_notebook(tested, page):
    "The notebook passes in README's second command."
    out = tested[0]
    failed = re.findall(r'^\t(\S+\.ipynb)$', out.split('nbdev Tests Failed')[-1], re.M)
    assert f'Completed {page}' in out and page.name not in failed, out[-6000:]

def test_tidy(tested):
    "README's second command leaves the checkout as it was."
    assert tested[1] == tested[2]

def test_killed(tested):
    "A test that is killed half-way leaves the checkout as it was, and the next one passes."
    notebook, before = next(short(p) for p in LESSONS if 'faults' in p.stem), snapshot()
    run = subprocess.Popen(['nbdev_test', '--path', notebook], cwd=ROOT, start_new_session=True, stdout=-3, stderr=-3,
                           env={**os.environ, **ONE, 'PATH': f'{ROOT}/.venv/bin:{os.environ["PATH"]}'})
    with pytest.raises(subprocess.TimeoutExpired): run.wait(8)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert snapshot() == before
    must(['nbdev_test', '--path', notebook], **ONE)
    assert snapshot() == before

@pytest.mark.parametrize('command', ['nbdev_export', 'nbdev_clean'])
def test_unchanged(tested, command, tmp_path):
    "The modules are what the notebooks export, and the notebooks are clean."
    copy_checkout(tmp_path)
    read = lambda: {p: p.read_bytes() for p in tmp_path.rglob('*.*') if p.is_file() and '__pycache__' not in p.parts}
    before = read()
    must([command], cwd=tmp_path)
    assert [str(p) for p, text in read().items() if before.get(p) != text] == []

def words(text): return re.sub(r'\W+', '', re.sub(r'\]\([^)]*\)', ']', text))  # nbdev turns names into links, and wraps what it likes

def pictures(cells): return [v for c in cells for o in c.get('outputs', ()) for k, v in o.get('data', {}).items() if k.startswith('image/')]

def test_processed(tested, tmp_path):
    "What Quarto renders has every paragraph and figure of the notebooks, its own pictures and pages; what is hidden is not in it."
    copy_checkout(tmp_path)
    must("python -c 'from nbdev.serve import proc_nbs; proc_nbs()' && cd _proc && python ../.ci/addresses.py", cwd=tmp_path)
    (site, raw, _), bad = addresses.bases(), []
    for p in LESSONS:
        made = cells(tmp_path/'_proc'/p.relative_to(ROOT/'nbs'))
        text = '\n'.join(c['source'] for c in made if c['cell_type'] == 'markdown')
        bad += [f'{short(p)}: from another host: {url}' for url in LINK.findall(text) if url.startswith((site, raw)) and not url.endswith('.ipynb')]
        for i, c in enumerate(cells(p, 'markdown')):
            parts = c['source'].split('\n\n')[0 if i else 2:]  # without title and description, which become the page's head
            bad += [f'{short(p)}: lost from {c["id"]}: {part[:60]!r}' for part in parts if words(part) not in words(text)]
        if pictures(made) != pictures([c for c in cells(p, 'code') if 'hide' not in directives(c)]): bad.append(f'{short(p)}: other figures')
        if any(map(write.is_setup, made)): bad.append(f'{short(p)}: the set-up cell is shown')
    assert not bad

def test_wheel(tested, tmp_path):
    "The source distribution builds a wheel with every file of the library, the records too, and no tool of development."
    copy_checkout(tmp_path/'copy')
    must(['python', '-m', 'build', '--no-isolation', '-o', tmp_path], cwd=tmp_path/'copy')
    with zipfile.ZipFile(next(tmp_path.glob('*.whl'))) as z:
        has = {n for n in z.namelist() if n.startswith('cspgan/')}
        needs = z.read(next(n for n in z.namelist() if n.endswith('METADATA'))).decode()
    assert has == {short(p) for p in FILES if p.is_relative_to(ROOT/'cspgan')}
    assert not TOOLS & set(re.findall(r'^Requires-Dist: (\w+)(?!.*extra ==)', needs, re.M))
