"""The house: linters, what programs write, how long a module is and what it says of itself, what claims rest on."""
import ast, csv, inspect, json, re, subprocess, textwrap
from functools import cache
from pkgutil import resolve_name
from zipfile import ZipFile
import pandas as pd
import pytest
from fastcore.docments import docments
from common import INDEX, LESSONS, ROOT, SETTINGS, cells, must, short
from cspgan._modidx import d as known

CLAIMS = list(csv.DictReader((ROOT/'nbs/claims.csv').open(encoding='utf-8')))

@pytest.mark.parametrize('command', [
    'ruff check .ci cspgan', 'lint-imports', 'zizmor --offline --min-severity=medium .github/workflows', 'nbdev_export',
    'nbdev_clean', 'python .ci/write.py'])
def test_lint_and_written(command, checkout):
    "Linters have nothing to say (their rules: pyproject.toml), and what programs write lies here as they write it."
    must('git reset -q --hard', checkout)
    must(command, checkout, PYTHONPATH=str(checkout))
    assert not must('git status --short', checkout)

def test_wheel(checkout):
    "The source distribution builds a wheel with all files of the library, records too, and no tool of development."
    must('python -m build --no-isolation', checkout)
    with ZipFile(next(checkout.glob('dist/*.whl'))) as z: has = {n for n in z.namelist() if n.startswith('cspgan/')}
    assert has == {*must('git ls-files cspgan', checkout).split()}
    asked = SETTINGS.requirements, SETTINGS.dev_requirements
    library, tools = ({re.match(r'[\w-]+', r)[0] for r in requirements.split()} for requirements in asked)
    assert not library & tools

def test_killed(checkout):
    "A test that is killed half-way leaves the checkout as it was, and the next one passes."
    command = ['nbdev_test', '--path', next(short(p) for p in LESSONS if 'faults' in p.stem)]
    env = dict(OMP_NUM_THREADS='1', PYTHONPATH=str(checkout), PYTHONDONTWRITEBYTECODE='1')
    def state(): return must('git status --short --ignored', checkout)
    before = state()
    with pytest.raises(subprocess.TimeoutExpired): must(command, checkout, timeout=8, **env)
    assert state() == before
    must(command, checkout, **env)
    assert state() == before

def test_lengths():
    "A module has at most 250 lines, training/gan 150, and .ci 500 together."
    files = *ROOT.glob('cspgan/**/[!_]*.py'), *ROOT.glob('.ci/*.py')
    lines = {short(p): len(p.read_text(encoding='utf-8').splitlines()) for p in files}
    assert not {name: n for name, n in lines.items() if n > (150 if name.endswith('/gan.py') else 250)}
    assert sum(n for name, n in lines.items() if name.startswith('.ci')) <= 500

@pytest.mark.parametrize('module', known['syms'])
def test_documented(module):
    "A public function explains each parameter in a comment on its line; a method of two statements has a docstring."
    bad = []
    for name in known['syms'][module]:
        f = inspect.unwrap(resolve_name(name))
        if '._' in name.removesuffix('.__init__') or not inspect.isfunction(f): continue
        said = docments(f, returns=False, args_kwargs=True)
        bad += [f'{name}: {k} is not explained' for k in said if not said[k] and k not in ('self', '_')]
        body = ast.parse(textwrap.dedent(inspect.getsource(f))).body[0].body
        if not f.__doc__ and f.__name__ != '__init__' and len(body) > 1: bad.append(f'{name} has no docstring')
    assert not bad

@cache
def record(name):
    "A record of cspgan/results: a table as a DataFrame, JSON as it is."
    path = ROOT/'cspgan/results'/name
    if path.suffix == '.json': return json.loads(path.read_text(encoding='utf-8'))
    return pd.read_csv(path) if path.suffix == '.csv' else pd.read_json(path, lines=True)

@pytest.mark.parametrize('claim', CLAIMS, ids=lambda c: f'{c["page"]}-{c["cell"]}')
def test_claim(claim):
    "The cell says what it is held to say, and the record gives that number."
    path = next(p for p in (*LESSONS, INDEX) if p.stem == claim['page'])
    assert claim['says'] in next(c.source for c in cells(path) if c.id == claim['cell'])
    got = str(eval(claim['value'], dict(r=record(claim['record']))))
    assert got in claim['says'] and re.search(r'\d', got)
