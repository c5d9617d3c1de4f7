// node axe.js CHROMIUM FOLDER PAGE...: looks at pages in two widths, light and dark; prints what is wrong as JSON, a line each.
const {createServer} = require('http'), {readFileSync, existsSync} = require('fs'), path = require('path');
const npm = process.env.SITE_NPM, {chromium} = require(path.join(npm, 'playwright-core')), axe = readFileSync(path.join(npm, 'axe-core/axe.min.js'), 'utf8');
const [executablePath, folder, ...pages] = process.argv.slice(2), shots = process.env.SHOTS, types = {html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', json: 'application/json'};
const server = createServer((asked, reply) => {
  const file = path.join(folder, decodeURIComponent(new URL(asked.url, 'http://x').pathname));
  if (!existsSync(file)) return reply.writeHead(404).end();
  const sent = readFileSync(file);
  reply.writeHead(200, {'content-length': sent.length, 'content-type': types[file.split('.').pop()] ?? 'application/octet-stream'}).end(sent);
});
server.listen(0, async () => {
  const here = `http://localhost:${server.address().port}`, browser = await chromium.launch({executablePath, args: ['--no-sandbox']}), bad = [], weights = {};
  const context = await browser.newContext({reducedMotion: 'reduce'});
  for (const page of pages) {
    const tab = await context.newPage(), sizes = {}, say = what => bad.push(`${page}: ${what}`);
    tab.on('pageerror', error => say(error.message));
    tab.on('request', asked => { if (!asked.url().startsWith(here) && !/^(?:data|blob|about):/.test(asked.url())) say(`asks for ${asked.url()}`); });
    tab.on('response', got => { if (got.status() >= 400) say(`${got.status()} ${got.url()}`); sizes[got.url()] = +(got.headers()['content-length'] ?? 0); });
    await tab.goto(`${here}/${page}`);
    await tab.evaluate(axe);
    await tab.evaluate(async () => { for (let y = 0; y < document.body.scrollHeight; y += 700) { scrollTo(0, y); await new Promise(done => setTimeout(done, 20)); } scrollTo(0, 0); });
    await tab.waitForLoadState('networkidle');
    const silent = await tab.evaluate(() => [...document.querySelectorAll('.quiz')].filter(quiz => {
      (quiz.querySelector('button') ?? document.querySelector('.clickable button'))?.click();
      return !quiz.querySelector('[role=status]')?.textContent;
    }).length);
    const stuck = await tab.evaluate(() => [...document.querySelectorAll('.split')].filter(split => {
      const slider = split.querySelector('input'), edge = () => getComputedStyle(split.querySelector('.over')).clipPath, before = edge();
      Object.assign(slider, {value: .3}).dispatchEvent(new Event('input'));
      return edge() == before;
    }).length);
    if (silent || stuck) say('a question or a split picture does not answer');
    weights[page] = Object.values(sizes).reduce((sum, size) => sum + size);
    for (const colorScheme of ['light', 'dark']) for (const width of [1400, 390]) {
      await tab.setViewportSize({width, height: width > 1000 ? 900 : 844});
      await tab.emulateMedia({colorScheme});
      await tab.waitForTimeout(600);  // what looks for the light every half second has seen it
      const here = what => say(`${what} (${width}, ${colorScheme})`);
      if (await tab.evaluate(() => document.documentElement.scrollWidth > innerWidth)) here('wider than the screen');
      if (shots) await tab.screenshot({path: `${shots}/${page.replace(/\W/g, '_')}_${width}_${colorScheme}.png`});
      for (const v of (await tab.evaluate(() => axe.run({resultTypes: ['violations']}))).violations)
        if (['serious', 'critical'].includes(v.impact)) for (const n of v.nodes) here(`${v.id} ${n.target} ${n.failureSummary.split('\n')[1]}`);
    }
    await tab.close();
  }
  console.log(JSON.stringify({bad, weights}));
  await browser.close();
  server.close();
});
