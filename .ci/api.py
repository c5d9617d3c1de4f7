"""nbs/api.qmd: every public name of the library with its parameters, as the cells say that define it."""
import ast, io, re, tokenize
from common import LESSONS, anchor, cells, directives, prose, title

HEAD = """---
title: API
description: Every public name of the library, its parameters, and the lesson that defines it
toc-depth: 2
# Written by `python .ci/check.py --write`
---

Modules stand in the order of the lessons. Names that begin with `cspgan_` are commands, too. A link leads to the place in a lesson where you see the name at work.

"""

def plain(text):
    "`text`, so that Markdown formats nothing in it outside of backticks."
    return re.sub(r'(`[^`]*`)|([*_$<@~^|\\[\]])', lambda m: m[1] or '\\' + m[2], text)

def item(name, kind, text):
    "A line in a list of parameters; empty if there is nothing to say."
    return f'- {name}' + (f' (`{ast.unparse(kind)}`)' if kind else '') + (f': {plain(text)}' if text else '') + '\n' if kind or text else ''

def function(f, said):
    "(signature, list of parameters) of a function; `said` are the comments of its cell by line."
    a = f.args
    if a.args and a.args[0].arg == 'self': a.args = a.args[1:]
    given = [x for x in (*a.posonlyargs, *a.args, a.vararg, *a.kwonlyargs, a.kwarg) if x]
    listed = ''.join(item(f'`{x.arg}`', x.annotation, said.get(x.end_lineno)) for x in given)
    if f.returns and f.returns.end_lineno in {x.end_lineno for x in given}: said = {}
    if f.returns: listed += item('returns', f.returns, said.get(f.returns.end_lineno))
    for x in given: x.annotation = None
    return f'({ast.unparse(a)})', listed

def fields(c, said):
    "(signature, list of fields) of a data class. A field is explained by a comment, or by the text in its annotation."
    listed, names = '', []
    for x in c.body:
        if not isinstance(x, ast.AnnAssign): continue
        kind, text = x.annotation, said.get(x.end_lineno)
        if ast.unparse(kind).startswith('Annotated['):
            kind, *rest = kind.slice.elts
            text = text or next(s.value for r in rest for s in ast.walk(r) if isinstance(s, ast.Constant) and isinstance(s.value, str))
        names.append(x.target.id)
        listed += item(f'`{x.target.id}{f" = {ast.unparse(x.value)}" if x.value else ""}`', kind, text)
    return f'({", ".join(names) if len(names) < 9 else "..."})', listed

def heading(module, name, code, doc, link):
    "What every name begins with: itself, how it is written, what it is, and where it is explained."
    said = ' '.join(filter(None, [re.sub(r'(?<=[^.?!])$', '.', plain(doc)), link]))
    level = '####' if '.' in name else '###'
    return f'{level} {name} {{#{module}-{name.replace(".", "-")}}}\n\n```python\n{code}\n```\n\n' + (said and said + '\n\n')

def entry(module, name, node, said, link=''):
    "A name: its signature, its description and its parameters."
    defined = node
    if isinstance(node, ast.ClassDef):
        defined = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == '__init__'), node)
    signature, listed = (fields if defined is node and isinstance(node, ast.ClassDef) else function)(defined, said)
    doc = (ast.get_docstring(node) or '').split('\n\n')[0].replace('\n', ' ')
    return heading(module, name, name + signature, doc, link) + (listed and listed + '\n')

def public(module, src, link):
    "The Markdown of the public names that a cell defines, and of the methods that it adds to a class."
    said = {t.start[0]: t.string.lstrip('# ') for t in tokenize.generate_tokens(io.StringIO(src).readline) if t.type == tokenize.COMMENT}
    out = ''
    for n in ast.parse(src).body:
        name = getattr(n, 'name', '')
        if isinstance(n, ast.Assign):
            code = ast.unparse(n)
            for t in n.targets:
                if isinstance(t, ast.Name) and t.id[0] != '_': out += heading(module, t.id, code if len(code) < 240 else t.id, said.get(n.lineno, ''), link)
        elif not name or name[0] == '_': continue
        elif any(ast.unparse(d).startswith('patch') for d in getattr(n, 'decorator_list', ())):
            owner = ast.unparse(n.args.args[0].annotation)
            if owner[0] != '_': out += entry(module, f'{owner}.{name}', n, said)
        else:
            out += entry(module, name, n, said, link)
            for m in getattr(n, 'body', ()) if isinstance(n, ast.ClassDef) else ():
                if isinstance(m, ast.FunctionDef) and m.name[0] != '_': out += entry(module, f'{name}.{m.name}', m, said)
    return out

def page():
    "The text of nbs/api.qmd."
    out = HEAD
    for p in LESSONS:
        module = next((d.split()[1] for c in cells(p, 'code') for d in directives(c) if d.startswith('default_exp ')), None)
        if not module: continue
        file = p.relative_to(p.parents[1] if p.parent.name == 'engine' else p.parent).as_posix()
        said = re.search(r'^> (.*)', prose(p), re.M)[1]
        out += f'## {module} {{#{module}}}\n\n[{p.stem[:2]} {title(p)}]({file}): {said}\n\n'
        section = ''
        for c in cells(p):
            if c['cell_type'] == 'markdown': section = ([section] + re.findall(r'^#+ (.*)', c['source'], re.M))[-1]
            elif {'export', 'exports'} & set(directives(c)):
                out += public(module, c['source'], f'See [{section}]({file}#{anchor(section)}).')
    return out.rstrip() + '\n'
