"""The checks that only read pages and files. A failed one shows the list of what it found."""
import json, re
import pytest
import addresses, write
from common import COURSE, ENGINE, FILES, LESSONS, LINK, PAGES, ROOT, cells, directives, prose, short

MB = {'.safetensors': 8, '.onnx': 5}  # of a generator that comes along; of any other file 1
BINARY = {*MB, '.png', '.webp', '.woff2'}
WRONG = re.compile(r'(?<![\w.:])/(?:work|root|tmp|home|Users)/[\w./-]*|"output_type": "error"|\w object at 0x\w+|\d%\||PRIVATE KEY-{5}|'
                   r'"image/(?:webp|gif)"|"application/vnd\.jupyter\.widget|skip_exec: true')

def test_files():
    "No data and no large files; no path of a machine, no error, address, progress bar or widget among saved outputs."
    bad = [short(p) for p in FILES if p.suffix in {'.jpg', '.jpeg', '.npy', '.npz', '.pt', '.zip', '.tar'} or p.stat().st_size > 1e6*MB.get(p.suffix, 1)]
    for p in FILES:
        if p.suffix in BINARY or '.ci' in p.parts: continue
        bad += [f'{short(p)}: {m[0]}' for m in WRONG.finditer(re.sub(r'"image/(?:png|jpeg)": "[^"]*"', '', p.read_text(encoding='utf-8')))]
    assert not bad

def test_written():
    "All that `python .ci/write.py` writes is as it would write it."
    assert not [short(p) for p in write.stale()]

def test_renamed():
    "settings.ini alone names user, repository and branch: after a change there, no page leads to the old ones."
    old, now = write.address(), ('user-one', 'repo-one', 'branch-one')
    text = '\n'.join(write.moved(prose(p), old, now) for p in PAGES)
    assert not re.search(rf'{old[0]}/{old[1]}(?![\w-])|{old[0]}\.github\.io', text) and 'user-one/repo-one' in text

@pytest.mark.parametrize('page', LESSONS, ids=lambda p: p.stem)
def test_page(page):
    "Title and description, badges, one set-up cell; no cell that only nbdev skips; pictures told in words; cells that fit on a screen."
    md, code, bad = cells(page, 'markdown'), cells(page, 'code'), []
    if not re.fullmatch(r'# [^\n]+\n\n> [^\n]+', md[0]['source'].strip()): bad.append('more or less than title and description in the first cell')
    if sum(map(write.is_setup, code)) != 1: bad.append('not one set-up cell')
    if len({c['id'] for c in cells(page)}) < len(cells(page)): bad.append('an id twice')
    for c in code:
        said, lines = directives(c), [line for line in c['source'].strip().splitlines() if not line.startswith('#|')]
        shows = {kind for o in c['outputs'] for kind in o.get('data', ()) if kind.startswith('image/')}
        alt = ''.join(d.removeprefix('fig-alt:') for d in said if d.startswith('fig-alt:'))
        if {'eval: false', 'gpu'} & set(said): bad.append(f'{c["id"]}: Run All runs it: write a switch into its first line')
        if shows and len(alt.strip(' "')) < 20: bad.append(f'{c["id"]}: no fig-alt of 20 letters or more')
        if page in COURSE and 'fastcore' in c['source']: bad.append(f'{c["id"]}: a course page asserts plainly, without fastcore')
        if len(lines) > (62 if c['id'] == 'config' else 46 if page in ENGINE else 30): bad.append(f'{c["id"]}: {len(lines)} lines')
    words = re.sub(r'```.*?```|\$[^$]*\$|\]\([^)]*\)', ' ', write.BADGE.sub('', prose(page)), flags=re.S).split()
    if page in COURSE and sum(bool(re.search(r'[^\W_]', w)) for w in words) > 2000: bad.append('over 2,000 words')
    assert not bad

def anchor(heading): return re.sub(r'^[\W\d_]+', '', re.sub(r'[^\w. -]', '', heading.strip().lower()).replace(' ', '-'))

def test_links():
    "Links lead to files, and to headings in them; numbers of pages differ; every page is in the sidebar once."
    user, repo, branch = write.address()
    ours = re.compile(rf'(?:.*github(?:\.com)?/{re.escape(user)}/{re.escape(repo)}/(?:blob|tree|raw)/({re.escape(branch)})/)?([^#]*)#?(.*)')
    headings = {p: {anchor(h) for h in re.findall(r'^#+ (.*)', re.sub(r'^```.*?^```', '', prose(p), flags=re.M|re.S), re.M)} for p in PAGES}
    bad = []
    for p in (*ROOT.glob('*.md'), *PAGES):
        for url in LINK.findall(addresses.relative(prose(p), p.parent)):
            here, file, name = ours.fullmatch(url).groups()
            if not here and re.match(r'\w+:', url) and not url.startswith(addresses.bases()[0]): continue
            target = ((ROOT if here else p.parent)/file if file else p).resolve()
            if not target.exists(): bad.append(f'{short(p)}: leads nowhere: {url}')
            elif name and target in headings and name not in headings[target] and p.stem != 'api': bad.append(f'{short(p)}: no such heading: {url}')
    listed = re.findall(r'href: (\S+)', (ROOT/'nbs/sidebar.yml').read_text(encoding='utf-8'))
    bad += [f'{p.name} is not in sidebar.yml once' for p in PAGES if p.stem != '404' and listed.count(p.relative_to(ROOT/'nbs').as_posix()) != 1]
    assert not bad and len({p.stem[:2] for p in LESSONS}) == len(LESSONS)

def test_kaggle():
    "What `kaggle kernels push -p kaggle` sends is there."
    said = json.loads((ROOT/'kaggle/kernel-metadata.json').read_text(encoding='utf-8'))
    assert (ROOT/'kaggle'/said['code_file']).resolve() in LESSONS and said['enable_gpu'] is said['enable_internet'] is True

def test_workflows():
    "Every action is pinned by its commit, every workflow states its permissions."
    for p in (ROOT/'.github/workflows').glob('*.yml'):
        text = p.read_text(encoding='utf-8')
        assert all(re.search(r'@[0-9a-f]{40}$', a) for a in re.findall(r'uses: *(\S+)', text)) and 'permissions:\n  contents: read' in text
