"""Print the lowest version of each requirement in settings.ini, as constraints for pip: python .ci/lowest.py > lowest.txt"""
from common import settings

for requirement in settings()['requirements'].split(): print(requirement.replace('>=', '=='))
