// Plays with the page to play on, and returns what went wrong: {bad, ms of a face}.
const one = selector => document.querySelector('#play ' + selector), bad = [], ms = [];
const pause = ms => new Promise(done => setTimeout(done, ms));
const drawn = id => { const c = one(id); return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].join(); };
const pixels = () => drawn('#after'), check = (good, what) => { if (!good) bad.push(what); };
const until = async (good, what) => { for (let i = 0; i < 400 && !good(); i++) await pause(50); check(good(), what); };
const send = (input, value, event='input') => {
  if (input.type == 'radio') input.checked = true; else input.value = value;
  input.dispatchEvent(new Event(event, {bubbles: true}));
};
const changes = async (action, what, of=pixels) => {
  const before = String(of());
  action();
  await until(() => String(of()) != before, what);
};
try {
  const edge = () => getComputedStyle(one('.over')).clipPath;
  await until(() => one('img').complete, 'no picture before the generator has arrived');
  check(one('#compare').value == .5 && edge().includes('50%'), 'the edge is not in the middle');
  await changes(() => one('.split').dispatchEvent(new PointerEvent('pointermove', {clientX: 60, pointerType: 'mouse', bubbles: true})), 'the edge does not follow the hand', edge);
  check(performance.getEntriesByType('resource').every(r => !r.name.includes('ort')), 'the runtime is fetched before anybody asked for it');
  one('#go').click();
  await until(() => !one('#after').hidden, 'the generator does not start');
  if (one('#after').hidden) throw Error(one('[role=status]').textContent);
  check(one('#after').width == one('#before').width && drawn('#after') != drawn('#before'), 'the two halves are not two faces of one size');
  for (const input of document.querySelectorAll('#play input')) check(input.labels.length == 1, input.id + ' has no label');
  for (let i = 0; i < 10; i++) {
    await changes(() => one('#fresh').click(), 'another face is the same face');
    ms.push(parseInt(one('#speed').textContent.match(/\d+/)[0]));
  }
  await changes(() => send(one('#directions input'), 3), 'a direction changes nothing');
  await changes(() => send(one('#truncation'), .5), 'truncation changes nothing');
  await changes(() => send(one('#compare'), .25), 'the slider does not move the edge', edge);
  await changes(() => one('#fresh').click(), 'the student gets other numbers', () => drawn('#before'));
  await changes(() => one('#walk').click(), 'the walk stands still');
  check(one('#walk').getAttribute('aria-pressed') == 'true', 'the walk does not say that it walks');
  one('#walk').click();
  await pause(300);
  await changes(() => send(document.querySelector('[value=toys]')), 'toys do not come');
  await until(() => one('#after').width == 32, 'toys are not 32 pixels wide');
  check(one('#compare').hidden && one('#before').hidden, 'toys have a before and after');
  check([...document.querySelectorAll('#directions label')].every(label => !/\d/.test(label.textContent)), 'a direction has no name');
  await changes(() => send(one('#slider-glasses'), 3), 'glasses change nothing');
  one('#reset').click();
  check([...document.querySelectorAll('#play form [type=range]')].every(i => i.value == i.defaultValue), 'reset leaves a slider');
  check(document.documentElement.scrollWidth <= innerWidth, 'the page is wider than the screen');
} catch (error) { bad.push(String(error)); }
ms.sort((a, b) => a - b);
return {bad, ms: ms[5]};
