"""The last line of the checks: `N passed, N failed`."""
def pytest_configure(config): config.option.verbose = max(config.option.verbose, 1)

def pytest_unconfigure(config):
    stats = config.pluginmanager.get_plugin('terminalreporter').stats
    count = lambda *names: sum(len(stats.get(name, ())) for name in names)
    print(f'{count("passed")} passed, {count("failed", "error")} failed')
