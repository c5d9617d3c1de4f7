"""The checks that only read pages and files. A failed one shows the list of what it found."""
import json, re
import pytest
import yaml
import write
from addresses import bases, relative
from common import COURSE, ENGINE, INDEX, LESSONS, LINK, PAGES, ROOT, cells, directives, files, prose, settings, short, title

MB = {'.safetensors': 10, '.onnx': 5}  # of a generator that comes along; of any other file 1
OVER = {('config', 'config'): 60, ('run', 'train-run'): 44}  # cells that were over the limit when it was set: these may not grow
BINARY = {*MB, '.png', '.webp', '.woff2'}
NUMBERED = 'fig tbl lst eq sec thm lem cor prp cnj def exm exr sol rem alg'.split()  # Quarto takes fig-x for the name of a figure
WRONG = re.compile(r'(?<![\w.:])/(?:work|root|tmp|home|Users)/[\w./-]*|"output_type": "error"|\w object at 0x\w+|\d%\||PRIVATE KEY-{5}|'
                   r'"image/(?:webp|gif)"|"application/vnd\.jupyter\.widget|skip_exec: true|np\.(?:float|int)\d+\([-\d]|gh[pousr]_\w{36}|'
                   r'github_pat_\w{22}|hf_[A-Za-z]{34}|AKIA[0-9A-Z]{16}|wandb_v1_\w{20}|'
                   r'(?i:key|token|secret|password|login)\W{1,6}(?:[0-9a-f]{40}|[0-9a-f]{32})\b')

def test_files():
    "No data, large files, secrets, paths of a machine; no error, address, progress bar or widget in saved outputs; a site under 15 MB."
    data = {'.jpg', '.jpeg', '.npy', '.npz', '.pt', '.zip', '.tar'}
    bad = [short(p) for p in files() if p.suffix in data or p.stat().st_size > 1e6*MB.get(p.suffix, 1)]
    for p in files():
        if p.suffix in BINARY or '.ci' in p.parts: continue
        bad += [f'{short(p)}: {m[0]}' for m in WRONG.finditer(re.sub(r'"image/(?:png|jpeg)": "[^"]*"', '', p.read_text(encoding='utf-8')))]
    assert not bad and sum(p.stat().st_size for p in files() if p.is_relative_to(ROOT/'nbs') and p.suffix != '.onnx') < 15e6

@pytest.mark.parametrize('page', LESSONS, ids=lambda p: p.stem)
def test_page(page):
    "Title and description, badges, one set-up cell; no cell that only nbdev skips; pictures told in words; cells that fit on a screen."
    md, code, bad = cells(page, 'markdown'), cells(page, 'code'), []
    if not re.fullmatch(r'# [^\n]+\n\n> [^\n]+', md[0].source.strip()): bad.append('not title and description in the first cell')
    if md[1].id != 'badges' or sum(map(write.is_setup, code)) != 1: bad.append('not badges behind the title, and one set-up cell')
    if (page in ENGINE) != (page.name >= '20'): bad.append('from 20 on in the engine room, below in the course')
    ids = [c.id for c in code] + headings(page)[1:]
    bad += [f'{i}: an id twice, or numbered by Quarto' for i in ids if ids.count(i) > 1 or i.split('-')[0] in NUMBERED and '-' in i]
    for c in code:
        said, lines = directives(c), [line for line in c.source.strip().splitlines() if not line.startswith('#|')]
        shown = [o.get('data', {}) for o in c.outputs]
        kinds = {kind.split('/')[0] for data in shown for kind in data}
        alt = ''.join(d.removeprefix('fig-alt:') for d in said if d.startswith('fig-alt:'))
        html = ''.join(''.join(data.get('text/html', '')) for data in shown)
        limit = OVER.get((page.stem[3:], c.id), 40 if page in ENGINE else 30)
        bad += [f'{c.id}: {what}' for what, wrong in {
            'a script in a table': '<table' in html and '<script' in html,
            'name the fold': 'code-fold: true' in said and not any(d.startswith('code-summary: ') for d in said),
            'Run All runs it: write a switch into its first line': {'eval: false', 'gpu'} & set(said),
            'no fig-alt of 20 letters or more': 'image' in kinds and len(alt.strip(' "')) < 20,
            'a course page asserts plainly, without fastcore': page in COURSE and 'fastcore' in c.source,
            'hide the cell with default_exp': c.source.startswith('#| default_exp') and 'hide' not in said,
            f'{len(lines)} lines': len(lines) > limit}.items() if wrong]
    words, lines = length(page)
    assert not bad and (page in ENGINE or words <= 1500 and lines <= 200), (bad, words, lines)

def length(page):
    "(words, open lines of code) of a page."
    text = '\n\n'.join(c.source for c in cells(page, 'markdown') if c.id != 'badges')
    words = re.sub(r'```.*?```|\$[^$]*\$|\]\([^)]*\)', ' ', text, flags=re.S).split()
    code = [c.source for c in cells(page, 'code') if not {'hide', 'code-fold: true'} & {*directives(c)}]
    lines = [line for text in code for line in text.splitlines() if line.strip() and not line.startswith('#|')]
    return sum(bool(re.search(r'[^\W_]', word)) for word in words), len(lines)

def test_course_is_short():
    "The course has at most 14,000 words and 1,800 open lines of code."
    words, lines = map(sum, zip(*map(length, COURSE)))
    assert words <= 14_000 and lines <= 1_800, (words, lines)

def headings(page):
    "The anchors of a page's headings, as pandoc makes them."
    found = re.findall(r'^##* (.*)', re.sub(r'^```.*?^```', '', prose(page), flags=re.M|re.S), re.M)
    return [re.sub(r'^[\W\d_]+', '', re.sub(r'[^\w. -]', '', h.strip().lower()).replace(' ', '-')) for h in found]

def test_links():
    "Links lead to files, and to headings in them; notebooks have whole addresses, for their copies; pictures are told in words."
    git, bad = settings()['git_url'], []
    for p in (*ROOT.glob('*.md'), *PAGES):
        if p in PAGES: bad += [f'{short(p)}: {image} says too little' for image in re.findall(r'!\[.{0,9}\]\(\S+', prose(p))]
        if p.suffix == '.ipynb': bad += [f'{short(p)}: not whole: {url}' for url in LINK.findall(prose(p)) if not re.match(r'\w+:|#', url)]
        for url in LINK.findall(relative(prose(p), p.parent)):
            here = re.fullmatch(rf'.*{git.split(":")[1]}/(?:blob|tree|raw)/[^/]+/(.*)', url)
            if not here and re.match(r'\w+:', url) and not url.startswith(bases()[0]): continue
            file, _, name = (here[1] if here else url).partition('#')
            target = ((ROOT if here else p.parent)/file).resolve() if file else p
            known = not name or target not in PAGES or p.stem[:3] == 'api' or name in headings(target)
            if not (target.exists() and known): bad.append(f'{short(p)}: leads nowhere: {url}')
    assert not bad

def test_sidebar():
    "Every page is in the sidebar once by its title, in the order of its number, the course as in index's table."
    listed = yaml.safe_load((ROOT/'nbs/sidebar.yml').read_text(encoding='utf-8'))['website']['sidebar']['contents']
    found = {e['href']: e['text'] for part in listed for e in part.get('contents', [part])}
    names = {p.relative_to(ROOT/'nbs').as_posix(): (f'{p.stem[:2]} ' if p in LESSONS else '') + title(p) for p in PAGES if p.stem != '404'}
    assert found == names and [f for f in found if re.search(r'\d_', f)] == [*names][1:len(LESSONS) + 1]
    table = re.findall(r'^\|.*?\[([^]]*)\]\(\S+\) \| (\d+ minutes)', prose(INDEX), re.M)
    assert table == [(names[p.name], re.search(r'\d+ minutes', prose(p))[0]) for p in COURSE]

def test_kaggle():
    "The notebook and the data that `kaggle kernels push -p kaggle` names are there, or can be."
    said = json.loads((ROOT/'kaggle/kernel-metadata.json').read_text(encoding='utf-8'))
    assert said['id'].split('/')[-1] == said['title'].lower().replace(' ', '-') and (ROOT/'kaggle'/said['code_file']).resolve() in LESSONS

def test_workflows():
    "Every action is pinned by its commit, every workflow states its permissions."
    for p in (ROOT/'.github/workflows').glob('*.yml'):
        text = p.read_text(encoding='utf-8')
        assert all(re.search(r'@[0-9a-f]{40}$', a) for a in re.findall(r'uses: *(\S+)', text)) and 'permissions:\n  contents: read' in text
