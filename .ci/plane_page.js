// Plays with the GAN in the plane, and returns what went wrong: {bad, frames a second}.
const root = document.getElementById('gan-in-the-plane').shadowRoot, $ = id => root.getElementById(id), bad = [];
const pause = ms => new Promise(done => setTimeout(done, ms)), check = (good, what) => { if (!good) bad.push(what); };
const step = () => +$('steps').textContent.replace(',', ''), press = name => root.querySelector(`[data-situation=${name}]`).click();
const send = (id, value, event='input') => { $(id).value = value; $(id).dispatchEvent(new Event(event, {bubbles: true})); };
let frames = 0;
addEventListener('error', event => bad.push(event.message));
try {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  await pause(1000);
  check(calm ? step() == 0 && $('play').textContent == 'Play' : step() > 0 && $('play').textContent == 'Pause', 'it does not start as it should');
  if (!calm) {
    for (const [name, setting, value] of [['collapses', 'gamma', '0'], ['slow', 'lrD', '3.2e−5'], ['wins', 'loss', 'minimax'], ['hops', 'stepsG', '50'], ['converges', 'gamma', '0.1']]) {
      press(name);
      check(($(setting + '-is')?.textContent ?? $(setting).value) == value, `${name} does not set ${setting}`);
      check(root.querySelectorAll('[aria-pressed=true]').length == 1, `${name} is not the one that is pressed`);
      const before = root.querySelector('.stage').toDataURL();
      await pause(name == 'hops' ? 3000 : 400);
      check(step() > 0 && root.querySelector('.stage').toDataURL() != before, `${name} stands still`);
    }
    const [start, from] = [performance.now(), step()], drawn = root.querySelector('.stage').getContext('2d'), draw = drawn.drawImage;
    drawn.drawImage = function(...given) { frames++; return draw.apply(this, given); };
    await pause(3000);
    frames /= (performance.now() - start)/1000;
    check(step() > from, 'no steps were taken');
    $('play').click();
    const paused = step();
    await pause(200);
    check(step() == paused, 'pause does not hold it');
    $('one').click();
    check(step() == paused + 1, 'one step is not one step');
    send('data', 'spiral');
    check(step() == 0 && $('modes').textContent.endsWith('of 24'), 'the spiral does not come');
    send('gamma', 0);
    $('again').click();
    check(new URLSearchParams(location.search).get('seed') == 1 && location.search.includes('data=spiral') && location.search.includes('gamma=0'), 'the address does not hold the settings');
    check(root.host.scrollWidth <= 390, 'it is wider than a phone');
    check(performance.getEntriesByType('resource').every(r => new URL(r.name).origin == location.origin), 'a request left the page');
  }
} catch (error) { bad.push(String(error)); }
return {bad, frames};
