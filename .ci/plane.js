// The engine of nbs/plane.js in Node: `gradients` prints cases to be compared with PyTorch, `endings` how the situations end.
const {Gan, losses, situations} = require('../nbs/plane.js');
const cases = () => Object.keys(losses).flatMap(loss => [0, .3].map(gamma => {
  const gan = new Gan({loss, gamma, data: 'grid', seed: 3}), {D, G, l} = gan;
  for (let i = 0; i < 20; i++) gan.step();
  gan.batch();
  const logits = D.forward(gan.both, 128), start = {D: [...D.p], G: [...G.p], both: [...gan.both], z: [...gan.latents]};
  gan.deltasD(logits, l);
  D.gradientD(l, gamma/64);
  gan.deltasG(D.forward(gan.both, 128), l);
  G.gradient(gan.pushes(l));
  return {loss, gamma, ...start, gradD: [...D.grad], gradG: [...G.grad]};
}));
const endings = () => Object.fromEntries(Object.entries(situations).map(([name, {set}]) => [name, [0, 1, 2].map(seed => {
  const gan = new Gan({...set, seed}), moved = [];
  while (gan.steps < ({hops: 200, converges: 1500}[name] ?? 1000)) if (gan.update() && gan.steps >= 50 && gan.steps % 25 == 0) moved.push(gan.seen.moved);
  const {modes, near, auc} = gan.seen;
  return {modes, near, auc, moved: moved.slice(-6).reduce((a, b) => a + b)/6};
})]));
console.log(JSON.stringify({gradients: cases, endings}[process.argv[2]]()));
