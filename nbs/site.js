// What every page of the site has: questions that answer at once, pictures split under the hand, films that wait. Without it all can be read.
{
const make = (name, given) => Object.assign(document.createElement(name), given);

// A question is `<div class="quiz">`: choices as a numbered list, and a folded answer with one line for each; that of the right one begins with "Right".
// Without choices it asks about the code above it: there the words are clicked that begin the lines of the answer.
for (const quiz of document.querySelectorAll('.quiz')) {
  const fold = quiz.querySelector('details'), lines = [...fold?.querySelectorAll('li') ?? []], list = quiz.querySelector(':scope > ol');
  if (!lines.length) continue;
  const status = make('p'), choice = (line, given) => {
    const right = /^(?:.{1,20}: )?Right/.test(line.textContent.trim()), button = make('button', {type: 'button', ...given});
    button.addEventListener('click', () => {
      button.className = right ? 'right' : 'wrong';
      status.innerHTML = (right ? '✓ ' : '✗ ') + line.innerHTML;
    });
    return button;
  };
  status.setAttribute('role', 'status');
  if (list) {
    list.classList.add('choices');
    list.setAttribute('role', 'list');
    [...list.children].forEach((item, i) => item.replaceChildren(choice(lines[i], {innerHTML: item.innerHTML})));
  } else {
    const code = [...document.querySelectorAll('main pre code')].filter(pre => pre.compareDocumentPosition(quiz) & 4 && !quiz.contains(pre)).pop();
    const words = new Map(lines.map(line => [line.querySelector('code').textContent, line])), parts = [];
    for (let rest = code.textContent; rest;) {
      const [at, word] = [...words.keys()].map(word => [rest.indexOf(word), word]).filter(([at]) => at >= 0).sort(([a], [b]) => a - b)[0] ?? [rest.length, ''];
      parts.push(rest.slice(0, at), ...word ? [choice(words.get(word), {textContent: word})] : []);
      rest = rest.slice(at + word.length);
    }
    code.replaceChildren(...parts);
    code.closest('pre').classList.add('clickable');
  }
  fold.replaceWith(status);
}

// Two pictures, one over the other: the pointer moves the edge, and so do the arrow keys.
for (const split of document.querySelectorAll('.split')) {
  if (!split.querySelector('input')) split.append(make('input', {type: 'range', min: 0, max: 1, step: .01, value: .5, ariaLabel: 'How much of the left picture is shown'}));
  const slider = split.querySelector('input'), move = at => { slider.value = at; slider.dispatchEvent(new Event('input', {bubbles: true})); };
  slider.addEventListener('input', () => split.style.setProperty('--at', `${100*slider.value}%`));
  split.addEventListener('pointermove', event => {
    const box = split.getBoundingClientRect();
    if (event.pointerType == 'mouse' || event.buttons) move(Math.min(1, Math.max(0, (event.clientX - box.left)/box.width)));
  });
}

// A film shows its last picture until somebody plays it. Its frames are taken from the file; where the browser cannot, it runs as it is.
const film = async image => {
  const data = await (await fetch(image.src)).arrayBuffer();
  if (String.fromCharCode(...new Uint8Array(data, 30, 4)) != 'ANIM') return;
  const canvas = make('canvas', {role: 'img', ariaLabel: image.alt}), box = make('span', {className: 'film'}), button = make('button', {type: 'button', textContent: 'Play'});
  canvas.style.width = image.width ? `${image.width}px` : '';
  if (!window.ImageDecoder) {  // one still picture of it, and the film itself
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext('2d').drawImage(image, 0, 0);
    const swap = () => { image.hidden = !(canvas.hidden = image.hidden); button.textContent = image.hidden ? 'Play' : 'Pause'; };
    (image.closest('a.lightbox') ?? image).replaceWith(box);
    box.append(image, canvas, button);
    canvas.hidden = true;
    swap();
    return button.addEventListener('click', swap);
  }
  const decoder = new ImageDecoder({type: 'image/webp', data});
  await decoder.tracks.ready;
  const count = decoder.tracks.selectedTrack.frameCount;
  let at = count - 1, playing = false;
  const draw = async () => {
    const {image: frame} = await decoder.decode({frameIndex: at});
    if (canvas.width != frame.displayWidth) [canvas.width, canvas.height] = [frame.displayWidth, frame.displayHeight];
    canvas.getContext('2d').drawImage(frame, 0, 0);
    const wait = frame.duration/1000;
    frame.close();
    if (!playing) return;
    if (at == count - 1) { playing = false; button.textContent = 'Play'; return; }
    setTimeout(() => { if (playing) { at++; draw(); } }, wait);
  };
  button.addEventListener('click', () => {
    playing = !playing;
    button.textContent = playing ? 'Pause' : 'Play';
    if (playing && at == count - 1) at = 0;
    if (playing) draw();
  });
  await draw();
  box.append(canvas, button);
  (image.closest('a.lightbox') ?? image).replaceWith(box);
};
const soon = new IntersectionObserver(seen => seen.forEach(({target, isIntersecting}) => {
  if (isIntersecting) { soon.unobserve(target); film(target).catch(() => {}); }
}), {rootMargin: '400px'});
for (const image of document.querySelectorAll('main img')) if (/\.webp$|^data:image\/webp/.test(image.src) && !image.closest('.split, .lessons')) soon.observe(image);

// A frame that stands in a page has its typeface.
const font = document.querySelector('link[href$="styles.css"]')?.href.replace('styles.css', 'figtree.woff2');
for (const frame of document.querySelectorAll('main iframe[srcdoc]')) {
  const dress = () => frame.contentDocument?.head?.append(make('style', {textContent: `@font-face { font-family: Figtree; src: url(${font}); font-weight: 300 900 }`}));
  dress();
  frame.addEventListener('load', dress);
}

// What scrolls can be reached with the keyboard, and the search has a name.
const reach = () => { for (const box of document.querySelectorAll('main pre, main table, main math[display=block]')) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; };
const nameSearch = () => { for (const element of document.querySelectorAll('.aa-DetachedSearchButton, .aa-Autocomplete, .aa-Input')) element.setAttribute('aria-label', 'Search'); };
for (const act of [reach, nameSearch]) addEventListener('load', act);
addEventListener('resize', reach);
new MutationObserver(nameSearch).observe(document.body, {childList: true});
}
