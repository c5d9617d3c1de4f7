"""A copy of the checkout, for the checks that write into one."""
import pytest
from common import ROOT, SETTINGS, must

@pytest.fixture(scope='session')
def checkout(tmp_path_factory):
    "A repository with one commit: the files as they lie here, without those that .gitignore leaves out."
    top = tmp_path_factory.mktemp('checkout')
    must(['git', 'init', '-q', '-b', SETTINGS.branch, top])
    must(['git', f'--git-dir={top}/.git', f'--work-tree={ROOT}', 'add', '-A'])
    must('git -c user.name=me -c user.email=me@localhost commit -qm all && git reset -q --hard', top)
    return top
