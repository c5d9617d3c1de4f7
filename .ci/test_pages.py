"""The checks that only read pages and files. A failed one shows the list of what it found."""
import json, os, re, sys
from unittest import mock
import pytest
import addresses, write
from common import COURSE, ENGINE, FILES, LESSONS, LINK, PAGES, ROOT, cells, copy_checkout, directives, must, prose, short

MB = {'.safetensors': 10, '.onnx': 5}  # of a generator that comes along; of any other file 1
OVER = {('config', 'config'): 60, ('run', 'train-run'): 44}  # cells that were over the limit when it was set: these may not grow
BINARY = {*MB, '.png', '.webp', '.woff2'}
WRONG = re.compile(r'(?<![\w.:])/(?:work|root|tmp|home|Users)/[\w./-]*|"output_type": "error"|\w object at 0x\w+|\d%\||PRIVATE KEY-{5}|'
                   r'"image/(?:webp|gif)"|"application/vnd\.jupyter\.widget|skip_exec: true|np\.(?:float|int)\d+\([-\d]|gh[pousr]_\w{36}|github_pat_\w{22}|'
                   r'hf_[A-Za-z]{34}|AKIA[0-9A-Z]{16}|wandb_v1_\w{20}|(?i:key|token|secret|password|login)\W{1,6}(?:[0-9a-f]{40}|[0-9a-f]{32})\b')

def test_files():
    "No data, large files, secrets or paths of a machine; no error, address, progress bar or widget among saved outputs; a site of under 15 MB."
    bad = [short(p) for p in FILES if p.suffix in {'.jpg', '.jpeg', '.npy', '.npz', '.pt', '.zip', '.tar'} or p.stat().st_size > 1e6*MB.get(p.suffix, 1)]
    for p in FILES:
        if p.suffix in BINARY or '.ci' in p.parts: continue
        bad += [f'{short(p)}: {m[0]}' for m in WRONG.finditer(re.sub(r'"image/(?:png|jpeg)": "[^"]*"', '', p.read_text(encoding='utf-8')))]
    assert not bad and sum(p.stat().st_size for p in FILES if p.is_relative_to(ROOT/'nbs') and p.suffix != '.onnx') < 15e6

def test_written():
    "All that `python .ci/write.py` writes is as it would write it."
    assert not [short(p) for p in write.stale()]

def test_renamed(tmp_path):
    "settings.ini alone names user, repository and branch: changed there, `write.py` leaves no trace of the old ones, and then of the new ones."
    copy_checkout(tmp_path)
    ini, (user, repo, _) = tmp_path/'settings.ini', write.address()
    trace = rf'{user}/{repo}(?![\w-])|{user}\.github\.io'
    for end in 'one', 'two':
        ini.write_text(re.sub(r'^(user|repo|branch) = .*$', rf'\1 = \1-{end}', ini.read_text(encoding='utf-8'), flags=re.M), encoding='utf-8')
        must([sys.executable, '.ci/write.py'], cwd=tmp_path)
        assert not must([sys.executable, '.ci/write.py'], cwd=tmp_path)
        texts = [p for p in tmp_path.rglob('*') if p.is_file() and not {'.ci', '__pycache__'} & set(p.parts) and p.suffix not in BINARY]
        assert not [f'{p.relative_to(tmp_path)}: {m[0]}' for p in texts if (m := re.search(trace, p.read_text(encoding='utf-8')))]
        trace = '(?:user|repo|branch)-one'

@pytest.mark.parametrize('page', LESSONS, ids=lambda p: p.stem)
def test_page(page):
    "Title and description, badges, one set-up cell; no cell that only nbdev skips; pictures told in words; cells that fit on a screen."
    md, code, bad = cells(page, 'markdown'), cells(page, 'code'), []
    if not re.fullmatch(r'# [^\n]+\n\n> [^\n]+', md[0]['source'].strip()): bad.append('more or less than title and description in the first cell')
    if sum(map(write.is_setup, code)) != 1: bad.append('not one set-up cell')
    if (page in ENGINE) != (page.name >= '20'): bad.append('from 20 on in the engine room, below in the course')
    if write.BADGE.search(prose(page).replace(md[1]['source'], '')): bad.append('badges outside of their cell')
    ids = [c['id'] for c in code] + [anchor(h) for h in re.findall(r'^##+ (.*)', re.sub(r'^```.*?^```', '', prose(page), flags=re.M|re.S), re.M)]
    bad += [f'{name}: an id twice' for name in {i for i in ids if ids.count(i) > 1}] + [f'{i}: numbered by Quarto' for i in ids if re.match('(?:fig|tbl|lst|eq|sec|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg)-', i)]
    for c in code:
        said, lines = directives(c), [line for line in c['source'].strip().splitlines() if not line.startswith('#|')]
        shows = {kind for o in c['outputs'] for kind in o.get('data', ()) if kind.startswith('image/')}
        alt = ''.join(d.removeprefix('fig-alt:') for d in said if d.startswith('fig-alt:'))
        html = ''.join(''.join(o.get('data', {}).get('text/html', '')) for o in c['outputs'])
        if '<table' in html and '<script' in html: bad.append(f'{c["id"]}: a script in a table')
        if 'code-fold' in c['source'] and not any(d.startswith('code-summary: ') for d in said): bad.append(f'{c["id"]}: name the fold')
        if {'eval: false', 'gpu'} & set(said): bad.append(f'{c["id"]}: Run All runs it: write a switch into its first line')
        if shows and len(alt.strip(' "')) < 20: bad.append(f'{c["id"]}: no fig-alt of 20 letters or more')
        if page in COURSE and 'fastcore' in c['source']: bad.append(f'{c["id"]}: a course page asserts plainly, without fastcore')
        if c['source'].startswith('#| default_exp') and 'hide' not in said: bad.append('hide the cell with default_exp')
        if len(lines) > OVER.get((page.stem[3:], c['id']), 40 if page in ENGINE else 30): bad.append(f'{c["id"]}: {len(lines)} lines')
    size = length(page)
    if page in COURSE and (size[0] > 1500 or size[1] > 200): bad.append(f'{size}: over 1,500 words, or 200 open lines of code')
    assert not bad

def length(page):
    "(words, open lines of code) of a page."
    words = re.sub(r'```.*?```|\$[^$]*\$|\]\([^)]*\)', ' ', write.BADGE.sub('', prose(page)), flags=re.S).split()
    code = [c['source'] for c in cells(page, 'code') if not {'hide', 'code-fold: true'} & set(directives(c))]
    return sum(bool(re.search(r'[^\W_]', w)) for w in words), sum(bool(re.match(r'[^#\s]|\s+\S|#(?!\|)', x)) for c in code for x in c.splitlines())

def test_course_is_short():
    "The course has at most 14,000 words and 1,800 open lines of code."
    words, lines = map(sum, zip(*map(length, COURSE)))
    assert words <= 14_000 and lines <= 1_800, (words, lines)

def anchor(heading): return re.sub(r'^[\W\d_]+', '', re.sub(r'[^\w. -]', '', heading.strip().lower()).replace(' ', '-'))

def test_links():
    "Links lead to files, and to headings in them; pictures are told in words; every page is in the sidebar once, in the order of its number."
    user, repo, branch = write.address()
    ours = re.compile(rf'(?:.*github(?:\.com)?/{re.escape(user)}/{re.escape(repo)}/(?:blob|tree|raw)/({re.escape(branch)})/)?([^#]*)#?(.*)')
    headings = {p: {anchor(h) for h in re.findall(r'^#+ (.*)', re.sub(r'^```.*?^```', '', prose(p), flags=re.M|re.S), re.M)} for p in PAGES}
    bad = []
    for p in (*ROOT.glob('*.md'), *PAGES):
        if p in PAGES: bad += [f'{short(p)}: {image} says too little' for image in re.findall(r'!\[.{0,9}\]\(\S+', prose(p))]
        for url in LINK.findall(addresses.relative(prose(p), p.parent)):
            here, file, name = ours.fullmatch(url).groups()
            if not here and re.match(r'\w+:', url) and not url.startswith(addresses.bases()[0]): continue
            target = ((ROOT if here else p.parent)/file if file else p).resolve()
            if not target.exists(): bad.append(f'{short(p)}: leads nowhere: {url}')
            elif name and target in headings and name not in headings[target] and p.stem[:3] != 'api': bad.append(f'{short(p)}: no such heading: {url}')
    listed = re.findall(r'href: (\S+)', (ROOT/'nbs/sidebar.yml').read_text(encoding='utf-8'))
    bad += [f'{p.name} is not in sidebar.yml once' for p in PAGES if p.stem != '404' and listed.count(p.relative_to(ROOT/'nbs').as_posix()) != 1]
    numbered = [f for f in listed if re.match(r'(?:engine/)?\d\d_', f)]
    assert not bad and numbered == [p.relative_to(ROOT/'nbs').as_posix() for p in LESSONS] and len({p.stem[:2] for p in LESSONS}) == len(LESSONS)

def test_kaggle():
    "What `kaggle kernels push -p kaggle` needs is said, with the types that Kaggle documents, and its notebook is there."
    said = json.loads((ROOT/'kaggle/kernel-metadata.json').read_text(encoding='utf-8'))
    types = dict(dict.fromkeys('id title code_file language kernel_type machine_shape'.split(), str), **dict.fromkeys(('is_private', 'enable_gpu', 'enable_internet'), bool),
                 **dict.fromkeys((f'{kind}_sources' for kind in ('dataset', 'competition', 'kernel', 'model')), list))
    assert {name: type(v) for name, v in said.items()} == types
    assert said['id'].split('/')[-1] == said['title'].lower().replace(' ', '-') and (said['language'], said['kernel_type']) == ('python', 'notebook')
    assert (ROOT/'kaggle'/said['code_file']).resolve() in LESSONS and all(re.fullmatch(r'[\w-]+/[\w-]+', d) for d in said['dataset_sources'])

@pytest.mark.parametrize('env', [{'COLAB_RELEASE_TAG': 'x'}, {'KAGGLE_KERNEL_RUN_TYPE': 'Interactive'}, {}], ids=str)
@pytest.mark.parametrize('installed', [False, True])
def test_setup_cell(env, installed):
    "The set-up cell installs the repository on Colab and Kaggle if the library is not there, and nothing anywhere else."
    cell, calls = next(c['source'] for c in cells(LESSONS[0], 'code') if write.is_setup(c)), []
    def run(cmd, **kw): calls.append(cmd); return mock.Mock(returncode=0)
    with mock.patch.dict(os.environ, env, clear=True), mock.patch('importlib.util.find_spec', lambda name: installed or None), \
         mock.patch.dict(sys.modules, dict.fromkeys(('cspgan', 'cspgan.training', 'cspgan.training.device', 'matplotlib', 'matplotlib.pyplot', 'matplotlib_inline',
                                                    'matplotlib_inline.backend_inline'), mock.MagicMock())), \
         mock.patch('subprocess.run', run): exec(cell, {})
    package = 'cspgan @ git+https://github.com/{}/{}@{}'.format(*write.address())
    assert calls == ([[sys.executable, '-m', 'pip', 'install', '-q', package]] if env and not installed else [])

def test_workflows():
    "Every action is pinned by its commit, every workflow states its permissions."
    for p in (ROOT/'.github/workflows').glob('*.yml'):
        text = p.read_text(encoding='utf-8')
        assert all(re.search(r'@[0-9a-f]{40}$', a) for a in re.findall(r'uses: *(\S+)', text)) and 'permissions:\n  contents: read' in text
