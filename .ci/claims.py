"""The sentences of the course pages that state a measured number, each with the evidence it rests on. Standard library only."""
import csv, re
from addresses import relative
from common import COURSE, INDEX, QMDS, ROOT, cells, prose, short

RESULTS = ROOT/'cspgan/results'
RECORDS = sorted(p.name for p in RESULTS.iterdir() if p.suffix in {'.csv', '.json', '.jsonl'})
METRIC = re.compile(r'\b(?:modes|fd_mixed5|distances?|FID|recall|precision|coverage|overlap|valid|converged?|collapsed?|gap(?:_held)?|'
                    r'copies|verdict|seeds|runs|images a second|times as (?:fast|far))\b', re.I)
NUMBER = re.compile(r'(?<![\w.])\d[\d,.]*(?![\w-])')
PAGE = re.compile(r'\]\(([^)\s]*\.(?:ipynb|qmd)(?:#[^)\s]*)?|#[^)\s]+)\)')
ASSERTS = re.compile(r'^\s*(?:for .*: )?(?:assert|test_\w+\()', re.M)

def sentences(text):
    "The sentences of Markdown, without code blocks, formulas, pictures, headings, addresses of links and numbered references."
    text = re.sub(r'```.*?```|\$[^$]*\$|!\[[^\]]*\]\([^)]*\)|^#+ [^\n]*$|<[^>]+>|^\s*\d+\. ', ' ', text, flags=re.S|re.M)
    text = re.sub(r'\]\([^)]*\)', ']', re.sub(r'[A-Z][\w-]+(?: et al\.| and [A-Z]\w+)? \(?\d{4}\)?', ' ', text))
    return [' '.join(s.split()) for part in re.split(r'\n\s*\n|\n(?=[-|*] )', text) for s in re.split(r'(?<=[.:!?])\s+(?=[A-Z*`])', part)]

def states(s):
    "Whether a sentence states a measured number: a metric and a number, no question, not only how many modes there are."
    return METRIC.search(s) and NUMBER.search(re.sub(r'`[^`]*`|\b192\b', '', s)) and not s.endswith('?')

def named(text): return [r for r in RECORDS if re.search(rf'(?<![\w-]){re.escape(r.rsplit(".", 1)[0])}(?![\w-])', text)]

def places():
    "(page, Markdown, code directly beside it) of every text cell, of every section of a page or file without cells."
    for p in (INDEX, *COURSE):
        every = list(cells(p))
        for i, c in enumerate(every):
            beside = [*every[i + 1:i + 2], *every[max(i - 2, 0):i][::-1]]
            if c['cell_type'] == 'markdown': yield p, c['source'], '\n'.join(b['source'] for b in beside if b['cell_type'] == 'code')
    for p in (*QMDS, ROOT/'README.md'):
        for part in re.split(r'^(?=## )', prose(p), flags=re.M):
            if p.stem not in ('api', 'play'): yield p, part, ''

def evidence(text, code):
    "What a text rests on: records that it or the code beside it names, code beside it that asserts, pages that it links."
    return named(text) or named(code) or (['a cell beside it'] if ASSERTS.search(code) else []) or sorted(set(PAGE.findall(text)))

def stated():
    "(page, sentence, what it rests on) of every sentence that states a measured number."
    for p, text, code in places():
        text = relative(text, p.parent)
        for s in filter(states, sentences(text)): yield p, s, evidence(text, code)

def claims():
    "A sentence with a metric and a number names its record, links its page, or stands beside a cell that asserts; a quoted run has its modes."
    bad, known = [], {}
    for row in csv.DictReader((RESULTS/'catalogue_toy32.csv').open(encoding='utf-8')):
        known.setdefault(row['experiment'], []).append(float(row['modes']))
    for p, s, rests_on in stated():
        if not rests_on: bad.append(f'{short(p)}: no evidence: {s[:150]}')
        runs = [e for e in re.findall(r'`([\w.-]+)`', s) if e in known]
        modes = [int(n) for n in re.findall(r'\b(\d+)(?= (?:\w+ )?modes\b)', s) if n != '192']
        held = {round(v) for e in runs for v in (*known[e], sum(known[e])/len(known[e]))}
        if len(runs) == 1: bad += [f'{short(p)}: catalogue_toy32.csv has not {n} modes for {runs[0]}: {s[:150]}' for n in modes if n not in held]
    return bad

def listed():
    "The sentences of `claims`, by what they rest on."
    groups = {}
    for p, s, rests_on in stated():
        for e in rests_on or ['NOTHING']: groups.setdefault(e, []).append(f'{short(p)}: {s}')
    return groups
