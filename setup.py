"""The package as `settings.ini` describes it: every field that `pyproject.toml` calls dynamic is set here."""
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup

ini = ConfigParser(delimiters='=')
ini.read('settings.ini', encoding='utf-8')
cfg = ini['DEFAULT']

setup(
    version=cfg['version'],
    description=cfg['description'],
    long_description=Path('README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    author=cfg['author'],
    license='Apache-2.0',
    keywords=cfg['keywords'].split(),
    classifiers=['Intended Audience :: Education', 'Topic :: Scientific/Engineering :: Artificial Intelligence'],
    project_urls={'Source': cfg['git_url'], 'Documentation': cfg['doc_host'] + cfg['doc_baseurl']},
    packages=find_packages(include=[cfg['lib_path'], f"{cfg['lib_path']}.*"]),
    package_data={cfg['lib_path']: ['results/**/*', 'plane.js', 'course.mplstyle']},
    install_requires=cfg['requirements'].split(),
    extras_require={'dev': f"{cfg['dev_requirements']} {cfg['onnx_requirements']}".split(),
                    'metrics': cfg['metrics_requirements'].split(), 'onnx': cfg['onnx_requirements'].split()},
    entry_points={'console_scripts': cfg['console_scripts'].split()},
)
