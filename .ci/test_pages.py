"""The checks that only read pages and files. A failed one shows what it found."""
import json, re
import pytest, yaml
from nbdev.doclinks import _nbpath2html
from addresses import SITE
from common import COURSE, ENGINE, INDEX, LESSONS, LINK, PAGES, ROOT, SETTINGS
from common import cells, directives, must, prose, short, title

MB = {'.safetensors': 10, '.onnx': 5}  # of a generator that comes along; of any other file 1
DATA = {'.jpg', '.jpeg', '.npy', '.npz', '.pt', '.zip', '.tar'}
WRONG = re.compile(r'''
    (?<![\w.:])/(?:work|root|tmp|home|Users)/[\w./-]* | \w\ object\ at\ 0x\w+ | "output_type":\ "error" | \d%\|
    | np\.(?:float|int)\d+\([-\d] | "image/(?:webp|gif)" | "application/vnd\.jupyter\.widget | colab-df-
    | skip_exec:\ true | \#\|\ *(?:eval:\ false|gpu|notest)
    | PRIVATE\ KEY-{5} | gh[pousr]_\w{36} | github_pat_\w{22} | hf_[A-Za-z]{34} | AKIA[0-9A-Z]{16} | wandb_v1_\w{20}
    | (?i:key|token|secret|password|login)\W{1,6}(?:[0-9a-f]{40}|[0-9a-f]{32})\b''', re.X)
NUMBERED = re.compile('(?:fig|tbl|lst|eq|sec|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg)-')  # by Quarto
OVER = {('config', 'config'): 51, ('run', 'train-run'): 44}  # cells over the limit when it was set: these may not grow
SITE_PAGES = {'': INDEX} | {_nbpath2html(p.relative_to(ROOT/'nbs')).as_posix(): p for p in PAGES}

def test_files():
    "No data, large files, secrets, paths of a machine, cells that only nbdev skips, progress bars; a site under 15 MB."
    listed = must('git ls-files -coz --exclude-standard').split('\0')
    files = [ROOT/name for name in listed if (ROOT/name).is_file()]
    bad = [short(p) for p in files if p.suffix in DATA or p.stat().st_size > 1e6*MB.get(p.suffix, 1)]
    for p in files:
        text = p.read_text(encoding='utf-8', errors='replace')
        if '\0' in text or '.ci' in p.parts: continue  # a picture, or the list of what is wrong
        text = re.sub(r'"image/(?:png|jpeg)": "[^"]*"', '', text)
        bad += [f'{short(p)}: {m[0]}' for m in WRONG.finditer(text)]
    site = [p for p in files if p.is_relative_to(ROOT/'nbs') and p.suffix != '.onnx']
    assert not bad and sum(p.stat().st_size for p in site) < 15e6

@pytest.mark.parametrize('page', LESSONS, ids=lambda p: p.stem)
def test_page(page):
    "Title and description, badges, one set-up cell; names of their own; cells that fit on a screen; pictures in words."
    md, code, bad = cells(page, 'markdown'), cells(page, 'code'), []
    assert re.fullmatch(r'# [^\n]+\n\n> [^\n]+', md[0].source.strip()), 'title and description, and nothing else'
    assert md[1].id == 'badges' and 'setup' in [c.id for c in code]
    assert (page in ENGINE) == (page.name >= '20'), 'from 20 on in the engine room, below in the course'
    names = [c.id for c in code] + headings(page)[1:]
    assert not [name for name in names if names.count(name) > 1 or NUMBERED.match(name)]
    for c in code:
        said, data = directives(c), [kind for o in c.outputs for kind in o.get('data', ())]
        picture = any(kind.startswith('image/') for kind in data)
        told = any(re.match('fig-alt:.{22}', d) for d in said)
        lines = len(re.findall(r'^(?!#\|)', c.source.strip(), re.M))
        bad += [f'{c.id}: {what}' for what, wrong in {
            'name the fold': 'code-fold: true' in said and not any(d.startswith('code-summary: ') for d in said),
            'no fig-alt of 20 letters or more': picture and not told,
            'a course page asserts plainly, without fastcore': page in COURSE and 'fastcore' in c.source,
            'hide the cell with default_exp': c.source.startswith('#| default_exp') and 'hide' not in said,
            f'{lines} lines': lines > OVER.get((page.stem[3:], c.id), 40 if page in ENGINE else 30)}.items() if wrong]
    assert not bad

def test_course_is_short():
    "A page has at most 1,500 words and 200 open lines of code, the course 14,000 and 1,800."
    words, lines = {}, {}
    for page in COURSE:
        text = '\n\n'.join(c.source for c in cells(page, 'markdown') if c.id != 'badges')
        text = re.sub(r'```.*?```|\$[^$]*\$|\]\([^)]*\)', ' ', text, flags=re.S)
        code = [c.source for c in cells(page, 'code') if not {'hide', 'code-fold: true'} & {*directives(c)}]
        words[page.stem] = len(re.findall(r'\w\S*', text))
        lines[page.stem] = len(re.findall(r'^(?!#\|).*\S', '\n'.join(code), re.M))
    assert max(words.values()) <= 1500 and sum(words.values()) <= 14_000, words
    assert max(lines.values()) <= 200 and sum(lines.values()) <= 1_800, lines

def headings(page):
    "The anchors of a page's headings, as pandoc makes them."
    found = re.findall(r'^##* (.*)', re.sub(r'^```.*?^```', '', prose(page), flags=re.M|re.S), re.M)
    found = [re.sub(r'[^\w. -]', '', h.strip().lower()).replace(' ', '-') for h in found]
    return [re.sub(r'^[\W\d_]+', '', h) for h in found]

@pytest.mark.parametrize('page', [*ROOT.glob('*.md'), *PAGES], ids=short)
def test_links(page):
    "Links lead to files, and to headings in them; a notebook has whole addresses, for copies; pictures have words."
    text, dead = prose(page), []
    assert page not in PAGES or not re.findall(r'!\[.{0,9}\]\(\S+', text), 'a picture told in fewer than ten letters'
    for url in LINK.findall(text):
        file, _, name = url.partition('#')
        here = re.fullmatch(rf'.*{SETTINGS.git_url}/(?:blob|tree|raw)/[^/]+/(.*)', file)
        if here: target = ROOT/here[1]
        elif file.startswith(SITE): target = SITE_PAGES.get(file.removeprefix(SITE), ROOT/'nowhere')
        elif ':' in file: continue
        else: target = (page.parent/file).resolve() if file else page
        whole = page.suffix != '.ipynb' or ':' in file or not file
        known = not name or target not in PAGES or page.stem[:3] == 'api' or name in headings(target)
        if not (target.exists() and whole and known): dead.append(url)
    assert not dead

def test_sidebar():
    "Every page is in the sidebar once by its title, in the order of its number, the course as in index's table."
    listed = yaml.safe_load((ROOT/'nbs/sidebar.yml').read_text(encoding='utf-8'))['website']['sidebar']['contents']
    found = {e['href']: e['text'] for part in listed for e in part.get('contents', [part])}
    names = {p.relative_to(ROOT/'nbs').as_posix(): (f'{p.stem[:2]} ' if p in LESSONS else '') + title(p)
             for p in PAGES if p.stem != '404'}
    assert found == names and [f for f in found if re.search(r'\d_', f)] == [*names][1:len(LESSONS) + 1]
    table = re.findall(r'^\|.*?\[([^]]*)\]\(\S+\) \| (\d+ minutes)', prose(INDEX), re.M)
    assert table == [(names[p.name], re.search(r'\d+ minutes', prose(p))[0]) for p in COURSE]

def test_kaggle():
    "The notebook that `kaggle kernels push -p kaggle` names is there, and its title gives its id."
    said = json.loads((ROOT/'kaggle/kernel-metadata.json').read_text(encoding='utf-8'))
    assert (ROOT/'kaggle'/said['code_file']).resolve() in LESSONS
    assert said['id'].split('/')[-1] == said['title'].lower().replace(' ', '-')
