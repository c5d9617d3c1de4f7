"""What nbdev, build and a killed test make of the checkout. `.ci/run` has run README's two commands."""
import re, subprocess, zipfile
import pytest
from common import LESSONS, MADE, ROOT, copy_checkout, files, must, short

def test_killed():
    "A test that is killed half-way leaves the checkout as it was, and the next one passes."
    command = ['nbdev_test', '--path', next(short(p) for p in LESSONS if 'faults' in p.stem)]
    state = lambda: {p: p.stat().st_mtime_ns for p in files(but=MADE - {'runs', 'wandb'})}
    before = state()
    with pytest.raises(subprocess.TimeoutExpired): must(command, timeout=8, OMP_NUM_THREADS='1')
    assert state() == before
    must(command, OMP_NUM_THREADS='1')
    assert state() == before

@pytest.mark.parametrize('command', ['nbdev_export', 'nbdev_clean', 'python .ci/write.py'])
def test_written(command, tmp_path):
    "The modules are what the notebooks export, the notebooks are clean, and what `python .ci/write.py` writes is as it would write it."
    copy_checkout(tmp_path)
    read = lambda: {p: p.read_bytes() for p in files(tmp_path)}
    before = read()
    must(command, cwd=tmp_path, PYTHONPATH='')
    assert [short(ROOT/p.relative_to(tmp_path)) for p, text in read().items() if before.get(p) != text] == []

def test_wheel(tmp_path):
    "The source distribution builds a wheel with every file of the library, the records too, and no tool of development."
    must(['python', '-m', 'build', '--no-isolation', '-o', tmp_path], cwd=copy_checkout(tmp_path/'copy'))
    with zipfile.ZipFile(next(tmp_path.glob('*.whl'))) as z:
        has = {n for n in z.namelist() if n.startswith('cspgan/')}
        needs = z.read(next(n for n in z.namelist() if n.endswith('METADATA'))).decode()
    assert has == {short(p) for p in files() if p.is_relative_to(ROOT/'cspgan')}
    assert not re.search(r'^Requires-Dist: (?:nbdev|execnb|fastcore|ghapi|wandb|jupyterlab|ipywidgets|ruff)\b(?!.*extra ==)', needs, re.M)
