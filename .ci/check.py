"""The checks of the project, in the files beside this one. Standard library only; the tools they call come from `.venv`, then from the path.

python .ci/check.py                         all of them, in a fresh copy of the checkout: .ci/run makes one; `alone` and `learner` by turns
python .ci/check.py links lengths           only these
python .ci/check.py alone 06_gan 44_faults  one check of some notebooks
python .ci/check.py learner 09_celeba       a notebook as Colab and Kaggle run it; without a name the pages whose turn it is
python .ci/check.py claims --list           every sentence with a measured number, by the record it rests on
python .ci/check.py --write                 write what follows from settings.ini, index.ipynb, titles and imports
"""
import sys, time
from functools import partial
import browser, claims, learner, reading, running, write
from common import COURSE, LESSONS, short, today

def all_checks():
    "(words that name it, check) in the order in which they can be made."
    def once(*fs): return [((f.__name__,), f) for f in fs]
    def each(f): return [((f.__name__, p.stem), partial(f, p)) for p in LESSONS]
    r = reading
    return [*once(r.sources, r.written, r.pages, r.links, r.figures, r.site, r.kaggle, r.imports, r.lengths, r.docments,
                  r.workflows, r.setup_cell, r.renamed, claims.claims, running.main_job, running.colab), *each(running.alone),
            *each(running.tested), *once(running.tidy, running.killed, running.modules, running.clean, running.processed,
                                         running.lint, running.wheel, browser.play), *each(learner.learner)]

def chosen(name, wanted):
    "Whether the words of the command line ask for the check: all of them, its own name, or its name and its notebook."
    notebooks = {w for w in wanted if w in {p.stem for p in LESSONS}}
    asked = not wanted or name[0] in wanted and (not notebooks or len(name) == 1 or name[1] in notebooks)
    turn = dict(alone=LESSONS, learner=COURSE).get(name[0])
    return asked and (turn is None or bool(notebooks) or name[1] in {p.stem for p in today(turn)})

def report(name, check):
    "Make one check, print its line and its problems; True if there are none, None if it could not be made here."
    start = time.time()
    try: bad = check()
    except browser.Skipped as e: return print(f'skip {"":8}  {" ".join(name)}: {e}', flush=True)
    except Exception as e: bad = [f'{type(e).__name__}: {e}']
    print(f'{"FAIL" if bad else "ok  "} {time.time()-start:6.1f} s  {" ".join(name)}', *bad, sep='\n  ', flush=True)
    return not bad

def main(words):
    "Do what the command line says; the exit status."
    if words == ['--write']:
        for p, text in write.stale().items():
            p.write_text(text, encoding='utf-8', newline='\n')
            print('wrote', short(p))
        return 0
    if words == ['claims', '--list']:
        for record, found in sorted(claims.listed().items()): print(f'\n{record}', *found, sep='\n  ')
        return 0
    checks = all_checks()
    known = {w for name, _ in checks for w in name}
    if set(words) - known: sys.exit(f'no such check: {sorted(set(words) - known)}; there are {sorted({name[0] for name, _ in checks})}')
    wanted = [(name, f) for name, f in checks if chosen(name, words)]
    for queue, check in (running.QUEUE, 'alone'), (learner.QUEUE, 'learner'):
        queue += [p for p in LESSONS if any(name == (check, p.stem) for name, _ in wanted)]
    results = [report(name, f) for name, f in wanted]
    if learner.QUEUE and sys.version_info >= (3, 11): print(learner.table())
    print(f'{results.count(True)} passed, {results.count(False)} failed')
    return int(False in results)

if __name__ == '__main__': sys.exit(main(sys.argv[1:]))
