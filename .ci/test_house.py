"""The house: what ruff and import-linter find, how long a module may be, what a public function says of itself, what claims rest on."""
import ast, csv, io, json, re, tokenize
from functools import cache, partial
import pandas as pd
import pytest
from common import INDEX, LESSONS, ROOT, cells, must, short

MODULES = sorted((ROOT/'cspgan').rglob('[!_]*.py'))

@pytest.mark.parametrize('command', ['ruff check --no-cache --output-format concise .ci cspgan', 'lint-imports --no-cache --no-logo'])
def test_lint(command):
    "Linters find nothing to say; pyproject.toml has their rules: mistakes, what is imported where, which folder may use which."
    must(command, PYTHONPATH=str(ROOT))

def test_lengths():
    "A module has at most 250 lines, training/gan 150, and .ci 609 together."
    lines = {short(p): len(p.read_text(encoding='utf-8').splitlines()) for p in (*MODULES, *(ROOT/'.ci').glob('*.py'))}
    assert not {name: n for name, n in lines.items() if n > (150 if name.endswith('/gan.py') else 250)}
    assert sum(n for name, n in lines.items() if name.startswith('.ci')) <= 609

@pytest.mark.parametrize('path', MODULES, ids=lambda p: p.stem)
def test_documented(path):
    "A public function says in its docstring what it does, and explains each parameter in a comment on its line."
    text, bad = path.read_text(encoding='utf-8'), []
    said = {t.start[0] for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT}
    tops = ast.parse(text).body
    methods = [n for c in tops if isinstance(c, ast.ClassDef) and c.name[0] != '_' for n in c.body if isinstance(n, ast.FunctionDef)]
    for f in (n for n in (*tops, *methods) if isinstance(n, ast.FunctionDef) and (n.name[0] != '_' or n.name == '__init__')):
        a = f.args
        given = [x for x in (*a.posonlyargs, *a.args, a.vararg, *a.kwonlyargs, a.kwarg) if x and x.arg not in ('self', 'cls', '_')]
        lines = [x.end_lineno for x in given]
        bad += [f'{f.name}: {x.arg} is not explained' for x in given if x.end_lineno not in said or lines.count(x.end_lineno) > 1]
        if not ast.get_docstring(f) and f.name != '__init__' and len(f.body) > 1: bad.append(f'{f.name} has no docstring')
    assert not bad

CLAIMS = list(csv.DictReader((ROOT/'nbs/claims.csv').open(encoding='utf-8')))

@cache
def record(name):
    "A record of cspgan/results: a table as a DataFrame, JSON as it is."
    read = dict(csv=pd.read_csv, jsonl=partial(pd.read_json, lines=True), json=lambda p: json.loads(p.read_text(encoding='utf-8')))
    return read[name.rpartition('.')[2]](ROOT/'cspgan/results'/name)

@pytest.mark.parametrize('claim', CLAIMS, ids=lambda c: f'{c["page"]}-{c["cell"]}')
def test_claim(claim):
    "The cell says what it is held to say, and the record gives that number."
    path = next(p for p in (*LESSONS, INDEX) if p.stem == claim['page'])
    assert claim['says'] in next(c.source for c in cells(path) if c.id == claim['cell'])
    got = str(eval(claim['value'], dict(r=record(claim['record']))))
    assert got in claim['says'] and re.search(r'\d', got)
