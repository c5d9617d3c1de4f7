// Plays with the page to play on, and sends what went wrong: {bad, ms of a face}.
const one = selector => document.querySelector('#play ' + selector), bad = [], ms = [];
const pause = ms => new Promise(done => setTimeout(done, ms));
const pixels = () => [...one('canvas').getContext('2d').getImageData(0, 0, one('canvas').width, one('canvas').height).data];
const half = side => pixels().filter((_, i) => (i/4 % one('canvas').width < one('canvas').width/2) == (side == 'left')).join();
const check = (good, what) => { if (!good) bad.push(what); };
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
  check(!one('img').hidden && one('img').complete, 'no picture before the generator has arrived');
  await until(() => !one('canvas').hidden, 'the generator does not start');
  if (one('canvas').hidden) throw Error(one('[role=status]').textContent);
  check(one('canvas').width == 64, 'people are not drawn first, at 64 pixels');
  for (const input of document.querySelectorAll('#play input')) check(input.labels.length == 1, input.id + ' has no label');
  for (let i = 0; i < 10; i++) {
    await changes(() => one('#fresh').click(), 'another face is the same face');
    ms.push(parseInt(one('#speed').textContent.match(/\d+/)[0]));
  }
  await changes(() => send(one('#directions input'), 3), 'a direction changes nothing');
  await changes(() => send(one('#truncation'), .5), 'truncation changes nothing');
  const [left, right] = [half('left'), half('right')];
  await changes(() => send(one('#compare'), .5), 'before and after shows nothing');
  check(half('left') != left && half('right') == right, "the student's half is not the left one");
  await changes(() => one('#walk').click(), 'the walk stands still');
  check(one('#walk').getAttribute('aria-pressed') == 'true', 'the walk does not say that it walks');
  one('#walk').click();
  await pause(300);
  await changes(() => send(document.querySelector('[value=toys]')), 'toys do not come');
  await until(() => one('canvas').width == 32, 'toys are not 32 pixels wide');
  check(one('#compare').hidden, 'toys have a before and after');
  await changes(() => send(one('#slider-glasses'), 3), 'glasses change nothing');
  one('#reset').click();
  check([...document.querySelectorAll('#play [type=range]')].every(i => i.value == i.defaultValue), 'reset leaves a slider');
  check(document.documentElement.scrollWidth <= innerWidth, 'the page is wider than the screen');
} catch (error) { bad.push(String(error)); }
ms.sort((a, b) => a - b);
await fetch('/done', {method: 'POST', body: JSON.stringify({bad, ms: ms[5]})});
