// node look.js CHROMIUM FOLDER PAGE...: looks at pages in two widths, light and dark; prints what is wrong as JSON, a line each.
// With $PLAY it plays that script on a page instead, as on a phone, and prints what it returns.
const {createServer} = require('http'), {readFileSync, existsSync} = require('fs'), path = require('path');
const npm = process.env.SITE_NPM, {chromium} = require(path.join(npm, 'playwright-core')), axe = readFileSync(path.join(npm, 'axe-core/axe.min.js'), 'utf8');
const [executablePath, folder, ...pages] = process.argv.slice(2), {SHOTS: shots, PLAY: play, MOTION: reducedMotion = 'reduce'} = process.env;
const runtime = path.join(npm, 'onnxruntime-web/dist'), types = {html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', json: 'application/json', mjs: 'text/javascript', wasm: 'application/wasm'};
const server = createServer((asked, reply) => {
  const name = decodeURIComponent(new URL(asked.url, 'http://x').pathname), file = name.startsWith('/ort/') ? path.join(runtime, name.slice(5)) : path.join(folder, name);
  if (!existsSync(file)) return reply.writeHead(404).end();
  let sent = readFileSync(file);
  if (play && file.endsWith('html')) sent = Buffer.from(String(sent).replace(/https:\/\/cdn[^\s']+\/dist\//g, '/ort/'));  // without a CDN
  reply.writeHead(200, {'content-length': sent.length, 'content-type': types[file.split('.').pop()] ?? 'application/octet-stream'}).end(sent);
});
server.listen(0, async () => {
  const here = `http://localhost:${server.address().port}`, browser = await chromium.launch({executablePath, args: ['--no-sandbox']}), bad = [], weights = {};
  const context = await browser.newContext({reducedMotion, viewport: {width: 390, height: 844}});
  if (play) {
    const tab = await context.newPage();
    await tab.goto(`${here}/${pages[0]}`);
    console.log(JSON.stringify(await tab.evaluate(`(async () => {${readFileSync(path.join(__dirname, play), 'utf8')}})()`)));
  } else for (const page of pages) {
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
  if (!play) console.log(JSON.stringify({bad, weights}));
  await browser.close();
  server.close();
});
