// A GAN in the plane, trained in the browser: typed arrays, no library. First the engine, which draws nothing; then the page.
// `Plane.Gan` can be run alone (Node: `require('./plane.js')`), `Plane.mount(element)` shows it in a page.
const Plane = (() => {
'use strict';

// ---- random numbers: mulberry32, and the normal distribution by Box and Muller
function random(seed) {
  let state = seed >>> 0, spare = null;
  const uniform = () => {
    state = state + 0x6D2B79F5 | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0)/4294967296;
  };
  const normal = () => {
    if (spare !== null) { const kept = spare; spare = null; return kept; }
    const r = Math.sqrt(-2*Math.log(1 - uniform())), angle = 2*Math.PI*uniform();
    spare = r*Math.sin(angle);
    return r*Math.cos(angle);
  };
  return {uniform, normal, below: n => Math.floor(n*uniform())};
}

// ---- the data: `n` points, and the modes that are counted. `near` is three standard deviations.
const turn = t => [.5 + 1.9*t, 4*Math.PI*t];  // radius and angle of the spiral, two turns
const circle = (r, angle) => [r*Math.cos(angle), r*Math.sin(angle)];
const range = (n, f) => Array.from({length: n}, (_, i) => f(i));
const spots = {
  ring: {sigma: .1, modes: range(8, i => circle(2, i*Math.PI/4))},
  grid: {sigma: .1, modes: range(25, i => [i % 5 - 2, Math.floor(i/5) - 2])},
  spiral: {sigma: .08, each: 10, modes: range(240, i => circle(...turn(arc((i + .5)/240))))},  // ten points in a row are one of 24 parts
};
function arc(share) {  // the t at which this share of the spiral's length is behind us
  const n = 2000, at = i => circle(...turn(i/n));
  if (!arc.table) {
    const lengths = [0];
    for (let i = 0; i < n; i++) lengths.push(lengths[i] + Math.hypot(at(i + 1)[0] - at(i)[0], at(i + 1)[1] - at(i)[1]));
    arc.table = range(n + 1, k => lengths.findIndex(length => length >= k/n*lengths[n])/n);
  }
  return arc.table[Math.floor(share*n)];
}
function points(name, n, rng, out = new Float64Array(2*n)) {
  const {sigma, modes} = spots[name];
  for (let i = 0; i < n; i++) {
    const [x, y] = name == 'spiral' ? circle(...turn(arc(rng.uniform()))) : modes[rng.below(modes.length)];
    out[2*i] = x + sigma*rng.normal();
    out[2*i + 1] = y + sigma*rng.normal();
  }
  return out;
}

// ---- out[i,j] (+)= sum over k of a[i,k] b[j,k]; what lies k, i or j apart is said by strides. Blocks of 4 x 4 stay in registers.
function multiply(out, a, ai, ak, b, bj, bk, n, m, depth, add) {
  const n4 = n & ~3, m4 = m & ~3;
  for (let i = 0; i < n4; i += 4) {
    const p0 = i*ai, p1 = p0 + ai, p2 = p1 + ai, p3 = p2 + ai;
    for (let j = 0; j < m4; j += 4) {
      const q0 = j*bj, q1 = q0 + bj, q2 = q1 + bj, q3 = q2 + bj;
      let c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0;
      let c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0;
      for (let k = 0, s = 0, t = 0; k < depth; k++, s += ak, t += bk) {
        const a0 = a[p0 + s], a1 = a[p1 + s], a2 = a[p2 + s], a3 = a[p3 + s];
        const b0 = b[q0 + t], b1 = b[q1 + t], b2 = b[q2 + t], b3 = b[q3 + t];
        c00 += a0*b0; c01 += a0*b1; c02 += a0*b2; c03 += a0*b3; c10 += a1*b0; c11 += a1*b1; c12 += a1*b2; c13 += a1*b3;
        c20 += a2*b0; c21 += a2*b1; c22 += a2*b2; c23 += a2*b3; c30 += a3*b0; c31 += a3*b1; c32 += a3*b2; c33 += a3*b3;
      }
      let o = i*m + j;
      if (!add) for (let r = 0, p = o; r < 4; r++, p += m) out[p] = out[p + 1] = out[p + 2] = out[p + 3] = 0;
      out[o] += c00; out[o + 1] += c01; out[o + 2] += c02; out[o + 3] += c03; o += m;
      out[o] += c10; out[o + 1] += c11; out[o + 2] += c12; out[o + 3] += c13; o += m;
      out[o] += c20; out[o + 1] += c21; out[o + 2] += c22; out[o + 3] += c23; o += m;
      out[o] += c30; out[o + 1] += c31; out[o + 2] += c32; out[o + 3] += c33;
    }
  }
  for (let i = 0; i < n; i++) for (let j = i < n4 ? m4 : 0; j < m; j++) {
    let sum = add ? out[i*m + j] : 0;
    for (let k = 0, s = i*ai, t = j*bj; k < depth; k++, s += ak, t += bk) sum += a[s]*b[t];
    out[i*m + j] = sum;
  }
}

// ---- a network: 2 -> width -> width -> outs, LeakyReLU .2. All its numbers lie in one array, so that Adam is one loop.
const SLOPE = .2;
class Net {
  constructor(width, outs, rng) {
    this.width = width; this.outs = outs;
    const sizes = [2*width, width, width*width, width, outs*width, outs];
    this.p = new Float64Array(sizes.reduce((a, b) => a + b));
    this.grad = new Float64Array(this.p.length);
    let at = 0;
    const cut = n => { const view = [this.p.subarray(at, at + n), this.grad.subarray(at, at + n)]; at += n; return view; };
    [this.w1, this.b1, this.w2, this.b2, this.w3, this.b3] = sizes.map(cut);
    for (const [[w], fan] of [[this.w1, 2], [this.w2, width], [this.w3, width]])  // He's initialization
      for (let i = 0; i < w.length; i++) w[i] = Math.sqrt(2/fan)*rng.normal();
    this.room = 0;
  }

  enough(n) {  // arrays for a batch of n
    if (n <= this.room) return;
    this.room = n;
    for (const name of ['a1', 'a2', 's1', 's2', 'd1', 'd2', 't1', 't2', 'mix']) this[name] = new Float64Array(n*this.width);
    this.out = new Float64Array(n*this.outs);
    this.ones = new Float64Array(n).fill(1);
    this.v = new Float64Array(n*2);
    this.mix2 = new Float64Array(n*2);
  }

  forward(x, n) {
    this.enough(n);
    const {width: h, outs: o, a1, a2, s1, s2, out} = this;
    const layer = (a, s, from, k, [w], [b]) => {
      multiply(a, from, k, 1, w, k, 1, n, h, k, false);
      for (let i = 0; i < n*h; i += h) for (let j = 0; j < h; j++) {
        const y = a[i + j] + b[j];
        s[i + j] = y > 0 ? 1 : SLOPE;
        a[i + j] = y > 0 ? y : SLOPE*y;
      }
    };
    this.x = x; this.n = n;
    layer(a1, s1, x, 2, this.w1, this.b1);
    layer(a2, s2, a1, h, this.w2, this.b2);
    multiply(out, a2, h, 1, this.w3[0], h, 1, n, o, h, false);
    for (let i = 0; i < n; i++) for (let j = 0; j < o; j++) out[i*o + j] += this.b3[0][j];
    return out;
  }

  back(delta) {  // from dLoss/dOutput to d1, d2 at the hidden layers and v at the input
    const {width: h, outs: o, n, d1, d2, s1, s2, v} = this;
    multiply(d2, delta, o, 1, this.w3[0], 1, h, n, h, o, false);
    for (let i = 0; i < n*h; i++) d2[i] *= s2[i];
    multiply(d1, d2, h, 1, this.w2[0], 1, h, n, h, h, false);
    for (let i = 0; i < n*h; i++) d1[i] *= s1[i];
    multiply(v, d1, h, 1, this.w1[0], 1, 2, n, 2, h, false);
    return v;
  }

  gradient(delta) {  // the ordinary gradient, for G
    const {width: h, outs: o, n} = this, sum = (b, d, m) => { for (let i = 0; i < n*m; i++) b[i % m] += d[i]; };
    this.back(delta);
    this.grad.fill(0);
    multiply(this.w1[1], this.d1, 1, h, this.x, 1, 2, h, 2, n, true);
    multiply(this.w2[1], this.d2, 1, h, this.a1, 1, h, h, h, n, true);
    multiply(this.w3[1], delta, 1, o, this.a2, 1, h, o, h, n, true);
    sum(this.b1[1], this.d1, h); sum(this.b2[1], this.d2, h); sum(this.b3[1], delta, o);
  }

  // D's gradient with l = dLoss/dlogit and the penalty g/2 * sum |v|^2, v = dlogit/dx, in closed form. Between its kinks D is linear,
  // so v = W1' S1 W2' S2 w3 depends on the weights alone, and its derivative is one more pass forward that starts at v.
  gradientD(l, g) {
    const {width: h, n, x, v, d1, d2, a1, a2, t1, t2, s1, s2, mix, mix2} = this;
    this.back(this.ones);
    if (g) {
      multiply(t1, v, 2, 1, this.w1[0], 2, 1, n, h, 2, false);
      for (let i = 0; i < n*h; i++) t1[i] *= s1[i];
      multiply(t2, t1, h, 1, this.w2[0], h, 1, n, h, h, false);
      for (let i = 0; i < n*h; i++) t2[i] *= s2[i];
    }
    this.grad.fill(0);
    const [, g1] = this.w1, [, g2] = this.w2, [, g3] = this.w3, [, e1] = this.b1, [, e2] = this.b2, [, e3] = this.b3;
    for (let i = 0; i < 2*n; i++) mix2[i] = l[i >> 1]*x[i] + (g ? g*v[i] : 0);
    multiply(g1, d1, 1, h, mix2, 1, 2, h, 2, n, true);
    for (let i = 0, k = 0; i < n; i++) for (let j = 0; j < h; j++, k++) {
      mix[k] = l[i]*a1[k] + (g ? g*t1[k] : 0);
      g3[j] += l[i]*a2[k] + (g ? g*t2[k] : 0);
      e1[j] += l[i]*d1[k];
      e2[j] += l[i]*d2[k];
    }
    multiply(g2, d2, 1, h, mix, 1, h, h, h, n, true);
    for (let i = 0; i < n; i++) e3[0] += l[i];
    let steep = 0;
    for (let i = 0; i < 2*n; i++) steep += v[i]*v[i];
    return g*steep/2;
  }
}

class Adam {  // beta1 is 0
  constructor(net) { this.net = net; this.v = new Float64Array(net.p.length); this.decay = 1; }
  step(lr, beta2) {
    const {p, grad} = this.net, {v} = this;
    this.decay *= beta2;
    const scale = 1/(1 - this.decay);
    for (let i = 0; i < p.length; i++) {
      v[i] += (1 - beta2)*(grad[i]*grad[i] - v[i]);
      p[i] -= lr*grad[i]/(Math.sqrt(v[i]*scale) + 1e-8);
    }
  }
}

// ---- the losses: [loss, its derivative] at a logit, for D at a real point and at a fake, and for G at a fake. `free`: only differences
// of logits count, so the map's middle is the mean of what D says.
const sigmoid = t => 1/(1 + Math.exp(-t));
const softplus = t => t > 30 ? t : Math.log1p(Math.exp(t));
const down = t => [softplus(-t), -sigmoid(-t)], up = t => [softplus(t), sigmoid(t)];
const losses = {
  bce: {real: down, fake: up, g: down},
  minimax: {real: down, fake: up, g: f => [-softplus(f), -sigmoid(f)]},
  hinge: {real: r => [Math.max(0, 1 - r), r < 1 ? -1 : 0], fake: f => [Math.max(0, 1 + f), f > -1 ? 1 : 0], g: f => [-f, -1]},
  wgan: {real: r => [-r, -1], fake: f => [f, 1], g: f => [-f, -1], free: true},
  rp: {pairs: down, free: true},  // of real minus fake for D, of fake minus real for G
};

const defaults = {data: 'ring', loss: 'bce', gamma: .1, lrG: 1e-3, lrD: 1e-2, stepsG: 1, stepsD: 3, beta2: .9, width: 32, seed: 0};
const BATCH = 64, LOOK = 400, EVERY = 25;

class Gan {
  constructor(settings = {}) {
    this.set = {...defaults, ...settings};
    const {seed, width, data} = this.set;
    this.rng = random(seed*7919 + 1);
    this.G = new Net(width, 2, this.rng);
    this.D = new Net(width, 1, this.rng);
    this.average = Float64Array.from(this.G.p);
    this.optG = new Adam(this.G); this.optD = new Adam(this.D);
    const still = random(12345);  // what is looked at stays the same
    this.z = Float64Array.from({length: 2*LOOK}, still.normal);
    this.real = points(data, LOOK, still);
    this.both = new Float64Array(4*BATCH); this.latents = new Float64Array(2*BATCH); this.l = new Float64Array(2*BATCH);
    this.steps = this.turn = 0; this.lossD = this.lossG = NaN; this.nearest = [];
    this.look();
  }

  draw(n = BATCH) { for (let i = 0; i < 2*n; i++) this.latents[i] = this.rng.normal(); return this.G.forward(this.latents, n); }

  batch() {  // real points, then fakes
    points(this.set.data, BATCH, this.rng, this.both);
    this.both.set(this.draw().subarray(0, 2*BATCH), 2*BATCH);
  }

  stepD() {
    const {D, l, set} = this;
    this.batch();
    this.lossD = this.deltasD(D.forward(this.both, 2*BATCH), l);
    D.gradientD(l, set.gamma/BATCH);
    this.optD.step(set.lrD, set.beta2);
  }

  deltasD(logits, l, n = BATCH) {  // fills l with dLoss/dlogit, returns the loss
    const loss = losses[this.set.loss];
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const r = logits[i], f = logits[n + i];
      const [a, da] = loss.pairs ? loss.pairs(r - f) : loss.real(r), [b, db] = loss.pairs ? [0, -da] : loss.fake(f);
      sum += (a + b)/n; l[i] = da/n; l[n + i] = db/n;
    }
    return sum;
  }

  stepG() {
    const {D, G, l, set} = this;
    this.batch();
    this.lossG = this.deltasG(D.forward(this.both, 2*BATCH), l);
    G.gradient(this.pushes(l));
    this.optG.step(set.lrG, set.beta2);
    for (let i = 0; i < G.p.length; i++) this.average[i] += .01*(G.p[i] - this.average[i]);
  }

  deltasG(logits, l, n = BATCH) {  // G moves only its fakes
    const loss = losses[this.set.loss];
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const [a, da] = loss.pairs ? loss.pairs(logits[n + i] - logits[i]) : loss.g(logits[n + i]);
      sum += a/n; l[i] = 0; l[n + i] = da/n;
    }
    return sum;
  }

  push(fakes, n) {  // where each of the first fakes is pushed
    const both = new Float64Array(4*n), l = new Float64Array(2*n);
    both.set(this.real.subarray(0, 2*n)); both.set(fakes.subarray(0, 2*n), 2*n);
    this.deltasG(this.D.forward(both, 2*n), l, n);
    return this.D.back(l).slice(2*n, 4*n).map(v => -n*v);
  }

  pushes(l) { return this.D.back(l).subarray(2*BATCH, 4*BATCH); }  // dLoss/dfake: each fake is pushed the other way

  update() {  // one update of one network; true if it ended a step: `stepsD` of D, then `stepsG` of G
    const {stepsD, stepsG} = this.set;
    if (this.turn < stepsD) this.stepD(); else this.stepG();
    if (++this.turn < stepsD + stepsG) return false;
    this.turn = 0;
    if (++this.steps % EVERY == 0) this.look();
    return true;
  }

  step() { while (!this.update()); }

  samples(averaged = false, z = this.z, n = LOOK) {  // a copy
    const {G} = this, kept = averaged && Float64Array.from(G.p);
    if (averaged) G.p.set(this.average);
    const out = G.forward(z, n).slice(0, 2*n);
    if (averaged) G.p.set(kept);
    return out;
  }

  // What tells the situations apart: modes found (a fifth of their share of the samples is near them), the share of samples near
  // any mode, and AUC: how often D gives a real point a higher logit than a fake.
  measure(averaged = false) {
    const {sigma, modes, each = 1} = spots[this.set.data], fakes = this.samples(averaged), of = modes.length/each;
    const hits = range(of, () => 0), nearest = new Uint8Array(LOOK);
    let near = 0;
    for (let i = 0; i < LOOK; i++) {
      let best = Infinity;
      for (let k = 0; k < modes.length; k++) {
        const d = (fakes[2*i] - modes[k][0])**2 + (fakes[2*i + 1] - modes[k][1])**2;
        if (d < best) { best = d; nearest[i] = k/each; }
      }
      if (best < 9*sigma*sigma) { near++; hits[nearest[i]]++; }
    }
    const found = hits.map(n => n >= LOOK/of/5);
    return {found, modes: found.filter(Boolean).length, of, near: near/LOOK, most: Math.max(...hits)/LOOK, auc: this.auc(fakes), nearest};
  }

  look() {  // every 25 steps: measured, with the share of latents whose nearest mode is another than 50 steps ago
    const now = this.measure(), [before] = this.nearest;
    const moved = this.nearest.length < 2 ? NaN : now.nearest.filter((k, i) => k != before[i]).length/LOOK;
    this.nearest = [...this.nearest.slice(-1), now.nearest];
    this.seen = {...now, moved};
  }

  middle(fakes) {
    if (!losses[this.set.loss].free) return 0;
    const mean = points => this.D.forward(points, LOOK).subarray(0, LOOK).reduce((a, b) => a + b)/LOOK;
    return (mean(this.real) + mean(fakes))/2;
  }

  auc(fakes) {
    const {D} = this, r = D.forward(this.real, LOOK).slice(0, LOOK).sort(), f = D.forward(fakes, LOOK).slice(0, LOOK).sort();
    let below = 0, i = 0, j = 0;
    for (const t of r) {
      while (i < LOOK && f[i] < t) i++;
      while (j < LOOK && f[j] <= t) j++;
      below += (i + j)/2;
    }
    return below/LOOK/LOOK;
  }
}

// ---- settings for the other data, and a word on them
const recipes = {
  ring: {},
  grid: {loss: 'rp', gamma: 10**-1.5, lrG: 10**-2.75, stepsD: 2, beta2: .99},
  spiral: {gamma: .01, lrD: 10**-2.5, stepsD: 2, beta2: .99},
};
const notes = {
  grid: 'Twenty-five clouds are too many for these networks. After 10,000 steps 20 to 23 are found, and half of the samples are near one.',
  spiral: 'One curve instead of separate clouds. G bends its own cloud along it: after 2,000 steps 21 or more of its 24 parts are found.',
};

// ---- five situations, each one or two settings away from the first
const situations = {
  converges: {name: 'It converges', set: {}, pace: 2,
    say: 'G spreads its points over all eight clouds. D can hardly tell them from real ones any more, so its map turns pale and the arrows shorten.'},
  collapses: {name: 'It collapses', set: {gamma: 0, lrD: 10**-1.75}, pace: 2,
    say: 'No penalty, and D learns faster: it may be as steep as it likes. G keeps a few clouds and stays there. The others lie in deep blue, and no point goes to them.'},
  slow: {name: 'D is too slow', set: {lrD: 10**-4.5}, pace: 2,
    say: 'D learns three hundred times more slowly. G climbs a map that hardly answers: its points run past the clouds, and almost none is near one.'},
  wins: {name: 'D wins', set: {loss: 'minimax', gamma: 0}, pace: 2,
    say: 'No penalty, and G minimises the value itself. D recognises nearly every fake, and where it is sure, this loss has no gradient: in deep orange the arrows vanish.'},
  hops: {name: 'It hops', set: {stepsG: 50, stepsD: 1}, pace: .5,
    say: 'G takes fifty steps for each step of D. All points run to the place that D likes best, D marks that place as fake, and they run on, round and round.'},
};

// ---- the page
const CSS = `
:host{display:block;color-scheme:light;--ink:#20242a;--soft:#5b6167;--line:#d5d9de;--card:#fff;--accent:#b0410e;--real:#1b4f91;--fake:#93400a;
--halo:#ffffffd9;--sea:75,134,201;--sand:224,138,60;--mid:248,247,244;--d:#7a5aa8;--g:#c2640f;--arrow:#20242a;
font:15px/1.45 Figtree,system-ui,sans-serif;color:var(--ink);font-variant-numeric:tabular-nums;container-type:inline-size}
:host([data-dark]){color-scheme:dark;--ink:#e6e9ec;--soft:#b4bac0;--line:#43484e;--card:#1c1f23;--accent:#ff9d66;--real:#9cc7ff;--fake:#ffb570;
--halo:#0f1114cc;--sea:58,122,196;--sand:200,112,40;--mid:30,33,38;--d:#c3a6ec;--g:#ffa657;--arrow:#e6e9ec}
*{box-sizing:border-box}
[role=group]{display:flex;flex-wrap:wrap;gap:.4rem}
button,.link{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.4rem .8rem;cursor:pointer;text-decoration:none}
button:hover,.link:hover{border-color:var(--accent)}
button[aria-pressed=true],.go{background:var(--accent);border-color:var(--accent);color:var(--card)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.say{margin:.6rem 0 .8rem;min-height:2.9em;max-width:62rem}
.two{display:grid;grid-template-columns:minmax(0,1fr) minmax(20rem,38%);max-width:66rem;gap:1rem 1.6rem;align-items:start}
canvas{display:block;width:100%}
.stage{aspect-ratio:1;border-radius:.6rem;border:1px solid var(--line)}
figure{margin:0}
figcaption{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin-top:.5rem;color:var(--soft);font-size:.87rem}
figcaption i{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.4em}
figcaption i.wide{width:3.6em;border-radius:.2em;margin:0 .4em}
.run{display:flex;flex-wrap:wrap;gap:.35rem;margin-bottom:.8rem;max-width:26rem}
.run>*{flex:1 1 auto;padding:.4rem .35rem;text-align:center;white-space:nowrap}
.run #play{min-width:4.2rem}
dl{display:grid;grid-template-columns:repeat(3,1fr);gap:.5rem .8rem;margin:0 0 .8rem}
dl div{display:flex;flex-direction:column;justify-content:end}
dt{color:var(--soft);font-size:.8rem;line-height:1.25}
dd{margin:0;font-size:1.3rem;font-weight:600;white-space:nowrap}
dd small{font-size:.8rem;font-weight:400;color:var(--soft)}
.curve{height:7.5rem;margin-bottom:.8rem}
form{display:grid;grid-template-columns:auto minmax(0,1fr) 3.6rem;gap:.35rem .7rem;align-items:center;font-size:.93rem}
form output{text-align:right}
form select{grid-column:2/-1;font:inherit;padding:.2rem;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.4rem;min-width:0;width:100%}
input[type=range]{width:100%;accent-color:var(--accent);margin:0}
.check{grid-column:1/-1}
.check input{accent-color:var(--accent);margin:0 .5rem 0 0}
@container(max-width:45rem){.two{grid-template-columns:minmax(0,1fr)}figure{display:contents}.stage{position:sticky;top:.5rem;z-index:1}figcaption{margin:0}[role=group] button{padding:.45rem .65rem}.run{max-width:none}.run>*{padding:.45rem .35rem}.say{min-height:5.8em;margin:.5rem 0}}`;

const tens = (from, to, each = 4) => range((to - from)*each + 1, i => 10**(from + i/each));
const sliders = {  // setting: [label, values]
  gamma: ['gamma, the penalty', [0, ...tens(-3, 2)]],
  lrG: ['learning rate of G', tens(-5, -1)],
  lrD: ['learning rate of D', tens(-5, -1)],
  stepsG: ['steps of G', [1, 2, 3, 5, 10, 20, 50]],
  stepsD: ['steps of D', [1, 2, 3, 5, 10]],
  beta2: ['Adam’s beta2', [0, .5, .9, .95, .99, .999]],
};
const choices = {
  data: ['data', {ring: 'ring of eight', grid: 'grid of twenty-five', spiral: 'spiral'}],
  loss: ['loss', {bce: 'non-saturating', minimax: 'minimax (saturating)', hinge: 'hinge', wgan: 'Wasserstein', rp: 'pairing (RpGAN)'}],
};
const PACES = [.1, .5, 1, 2, 5, 10, Infinity];  // steps a frame, thirty frames a second
const REACH = 3.1, CELLS = 49, FINE = 144, ARROWS = 56, FRAME = 33;
const short = v => v == 0 ? '0' : v >= .001 ? String(+v.toPrecision(2)) : v.toExponential(1).replace('.0', '').replace('e-', 'e−');
const nearest = (values, v) => values.reduce((best, w, i) => Math.abs(w - v) < Math.abs(values[best] - v) ? i : best, 0);

// `link`: the page that shares settings in its address; `address`: this is that page; `framed`: it lies alone in a frame
function mount(element, {link = '', address = false, framed = false} = {}) {
  const root = element.shadowRoot ?? element.attachShadow({mode: 'open'});
  const pick = (name, [label, names]) => `<label for="${name}">${label}</label><select id="${name}">${Object.entries(names).map(([k, n]) => `<option value="${k}">${n}</option>`).join('')}</select>`;
  const slide = (name, label, n) => `<label for="${name}">${label}</label><input type="range" id="${name}" min="0" max="${n - 1}" step="1"><output for="${name}" id="${name}-is"></output>`;
  root.innerHTML = `<style>${CSS}</style>
<div role="group" aria-label="Situations">${Object.entries(situations).map(([k, s]) => `<button type="button" data-situation="${k}" aria-pressed="false">${s.name}</button>`).join('')}</div>
<p class="say" role="status"></p>
<div class="two"><figure><canvas class="stage" role="img" aria-label="The plane: real points, the points that G generates, and D’s logit as colour"></canvas>
<figcaption><span><i style="background:var(--real)"></i>real points</span><span><i style="background:var(--fake)"></i>samples of G; arrows: where D’s gradient pushes them</span>
<span>D says<i class="wide" style="background:linear-gradient(90deg,rgb(var(--sand)),rgb(var(--mid)),rgb(var(--sea)))"></i>fake to real</span></figcaption></figure>
<div><div class="run"><button type="button" class="go" id="play">Play</button><button type="button" id="one">One step</button><button type="button" id="again">New seed</button><a class="link" id="share" ${framed ? 'target="_blank" rel="noopener">Enlarge' : '>Copy link'}</a></div>
<dl><div><dt>step</dt><dd id="steps"></dd></div><div><dt>modes found</dt><dd id="modes"></dd></div><div><dt>samples near a mode</dt><dd id="near"></dd></div>
<div><dt>changed their mode in 50 steps</dt><dd id="moved"></dd></div><div><dt>D tells real from fake (AUC)</dt><dd id="auc"></dd></div><div><dt>random seed</dt><dd id="seed"></dd></div></dl>
<canvas class="curve" role="img" aria-label="The losses of D and G, and the modes found, over the last steps"></canvas>
<form>${Object.entries(choices).map(([k, c]) => pick(k, c)).join('')}${Object.entries(sliders).map(([k, [label, values]]) => slide(k, label, values.length)).join('')}${slide('pace', 'speed', PACES.length)}
<label class="check"><input type="checkbox" id="averaged">show the averaged G</label></form></div></div>`;
  const $ = id => root.getElementById(id), one = selector => root.querySelector(selector);
  const stage = one('.stage'), curve = one('.curve'), map = document.createElement('canvas');
  map.width = map.height = FINE;
  const calm = matchMedia('(prefers-reduced-motion: reduce)'), grid = new Float64Array(2*CELLS*CELLS);
  for (let i = 0; i < CELLS*CELLS; i++) {
    grid[2*i] = REACH*(2*(i % CELLS)/(CELLS - 1) - 1);
    grid[2*i + 1] = REACH*(1 - 2*Math.floor(i/CELLS)/(CELLS - 1));
  }
  let gan, settings, pace = 2, owed = 0, playing = false, visible = true, awaited = false, last = 0, drawing = 6, past = [], colours, where = '';

  // -- settings and controls
  const base = (data = 'ring') => ({...defaults, data, ...recipes[data]}), paces = {ring: 2, spiral: 5, grid: 10};
  const show = () => {
    for (const [k, [, values]] of Object.entries(sliders)) {
      $(k).value = nearest(values, settings[k]);
      $(k + '-is').textContent = short(settings[k]);
      $(k).setAttribute('aria-valuetext', short(settings[k]));
    }
    for (const k of Object.keys(choices)) $(k).value = settings[k];
    $('pace').value = PACES.indexOf(pace);
    $('pace-is').textContent = pace == Infinity ? 'full' : `${+(30*pace).toFixed()}/s`;
    $('pace').setAttribute('aria-valuetext', pace == Infinity ? 'as fast as it goes' : `${+(30*pace).toFixed()} steps a second`);
    where = Object.keys(situations).find(k => Object.entries({...base(), ...situations[k].set}).every(([s, v]) => s == 'seed' || settings[s] == v)) ?? '';
    for (const button of root.querySelectorAll('[data-situation]')) button.setAttribute('aria-pressed', button.dataset.situation == where);
    const note = situations[where]?.say ?? notes[settings.data] ?? 'Settings of your own. Compare the numbers with those of the five situations.';
    if (one('.say').textContent != note) one('.say').textContent = note;
    const differs = Object.entries(settings).filter(([k, v]) => k != 'width' && v != base(settings.data)[k] || k == 'data' && v != 'ring');
    $('share').href = `${link}?${differs.map(([k, v]) => `${k}=${typeof v == 'number' ? +v.toPrecision(6) : v}`).join('&') || 'data=ring'}`;
    if (address && differs.length) history.replaceState(null, '', $('share').href);
  };
  const begin = () => { gan = new Gan(settings); past = []; owed = 0; show(); draw(); };
  const play = on => { playing = on; $('play').textContent = on ? 'Pause' : 'Play'; tick(); };
  const tick = () => { if (playing && visible && !awaited) { awaited = true; requestAnimationFrame(frame); } };
  const read = () => {  // settings in the page's address
    const given = Object.fromEntries(new URLSearchParams(location.search)), data = given.data in spots ? given.data : 'ring';
    settings = base(data);
    pace = paces[data];
    for (const [k, v] of Object.entries(given)) {
      if (k in sliders && v !== '') settings[k] = sliders[k][1][nearest(sliders[k][1], +v)];
      if (k == 'loss' && v in losses) settings[k] = v;
      if (k == 'seed') settings[k] = Math.abs(+v) >>> 0;
    }
    begin();
  };

  // -- drawing
  const style = () => {
    const css = getComputedStyle(element), get = name => css.getPropertyValue('--' + name).trim();
    colours = Object.fromEntries(['ink', 'soft', 'line', 'card', 'real', 'fake', 'halo', 'd', 'g', 'arrow'].map(k => [k, get(k)]));
    for (const k of ['sea', 'sand', 'mid']) colours[k] = get(k).split(',').map(Number);
  };
  const fit = canvas => {  // the canvas in the pixels of the screen; returns [context, width, height] in CSS pixels
    const {width, height} = canvas.getBoundingClientRect(), sharp = Math.min(2, devicePixelRatio || 1);
    const [w, h] = [Math.round(width*sharp), Math.round(height*sharp)];
    if (canvas.width != w || canvas.height != h) { canvas.width = w; canvas.height = h; }
    const c = canvas.getContext('2d');
    c.setTransform(sharp, 0, 0, sharp, 0, 0);
    return [c, width, height];
  };
  const landscape = fakes => {  // D between the nodes of a grid, which is nearly linear there, and only then the colour
    const middle = gan.middle(fakes), logit = gan.D.forward(grid, CELLS*CELLS), image = new ImageData(FINE, FINE), pixels = image.data, {mid, sea, sand} = colours;
    for (let y = 0, at = 0; y < FINE; y++) {
      const v = (y + .5)/FINE*(CELLS - 1), i = Math.floor(v), fy = v - i;
      for (let x = 0; x < FINE; x++, at += 4) {
        const u = (x + .5)/FINE*(CELLS - 1), j = Math.floor(u), fx = u - j, k = i*CELLS + j;
        const d = (1 - fy)*((1 - fx)*logit[k] + fx*logit[k + 1]) + fy*((1 - fx)*logit[k + CELLS] + fx*logit[k + CELLS + 1]) - middle;
        const share = Math.abs(d)/(Math.abs(d) + 1), to = d > 0 ? sea : sand;
        for (let c = 0; c < 3; c++) pixels[at + c] = mid[c] + share*(to[c] - mid[c]);
        pixels[at + 3] = 255;
      }
    }
    map.getContext('2d').putImageData(image, 0, 0);
  };
  const drawPlane = found => {
    const [c, width] = fit(stage), to = x => width*(x + REACH)/REACH/2, toY = y => width*(REACH - y)/REACH/2, dot = Math.max(1.7, width/250);
    const {sigma, modes, each = 1} = spots[settings.data], fakes = gan.samples($('averaged').checked), n = LOOK;
    landscape(fakes);
    c.imageSmoothingEnabled = true; c.imageSmoothingQuality = 'high';
    c.drawImage(map, 0, 0, width, width);
    const round = (x, y, r) => { c.moveTo(x + r, y); c.arc(x, y, r, 0, 2*Math.PI); };
    for (let k = 0; k < modes.length; k += each) {  // a mode: three standard deviations around its centre, or a part of the spiral
      const on = found[k/each], reach = 3*sigma*width/REACH/2;
      c.globalAlpha = on ? .95 : .5; c.lineWidth = on ? 2 : 1.2; c.setLineDash(on ? [] : [3, 4]); c.strokeStyle = colours.real;
      c.beginPath();
      if (each == 1) round(to(modes[k][0]), toY(modes[k][1]), reach);
      else for (const [x, y] of modes.slice(k, k + each + 1)) c.lineTo(to(x), toY(y));
      c.stroke();
    }
    c.setLineDash([]); c.globalAlpha = .75; c.fillStyle = colours.real; c.beginPath();
    for (let i = 0; i < n; i++) round(to(gan.real[2*i]), toY(gan.real[2*i + 1]), dot*.62);
    c.fill(); c.globalAlpha = 1;
    const push = gan.push(fakes, ARROWS);  // where G's loss falls
    c.strokeStyle = c.fillStyle = colours.arrow; c.lineWidth = 1.3; c.beginPath();
    for (let i = 0; i < ARROWS; i++) {
      const [u, v] = [push[2*i], -push[2*i + 1]], size = Math.hypot(u, v), long = Math.min(width*.075, width*.055*Math.sqrt(size));
      if (long < 1.5) continue;
      const [x, y, ux, uy] = [to(fakes[2*i]), toY(fakes[2*i + 1]), u/size, v/size], [x2, y2] = [x + long*ux, y + long*uy], head = Math.min(5, .5*long);
      c.moveTo(x, y); c.lineTo(x2, y2);
      c.moveTo(x2 - head*(ux - .6*uy), y2 - head*(uy + .6*ux)); c.lineTo(x2, y2); c.lineTo(x2 - head*(ux + .6*uy), y2 - head*(uy - .6*ux));
    }
    c.globalAlpha = .7; c.stroke(); c.globalAlpha = 1;
    for (const [colour, r] of [[colours.halo, dot*1.45], [colours.fake, dot]]) {
      c.fillStyle = colour; c.beginPath();
      for (let i = 0; i < n; i++) round(to(fakes[2*i]), toY(fakes[2*i + 1]), r);
      c.fill();
    }
  };
  const drawCurve = () => {
    const [c, width, height] = fit(curve), low = height*.62, right = width - 46, shown = past.slice(-Math.floor(right)), n = shown.length;
    c.clearRect(0, 0, width, height);
    c.font = '12px system-ui, sans-serif'; c.lineWidth = 1.6; c.textBaseline = 'middle';
    const all = shown.flatMap(h => [h.d, h.g]).filter(Number.isFinite).sort((a, b) => a - b), at = q => all[Math.floor(q*(all.length - 1))] ?? 0;
    const top = Math.max(1.5, at(.99)), bottom = Math.min(0, at(.01)), y = v => 6 + (low - 12)*(1 - (Math.min(top, Math.max(bottom, v)) - bottom)/(top - bottom));
    c.strokeStyle = colours.line; c.beginPath(); c.moveTo(0, y(0)); c.lineTo(right, y(0)); c.moveTo(0, height - 1); c.lineTo(right, height - 1); c.stroke();
    const line = (f, colour) => { c.strokeStyle = colour; c.beginPath(); shown.forEach((h, i) => c.lineTo(right - n + i, f(h))); c.stroke(); };
    line(h => y(h.d), colours.d); line(h => y(h.g), colours.g);
    line(h => height - 2 - (height - low - 8)*h.modes, colours.real);
    const end = shown[n - 1], ends = end && [y(end.d), y(end.g)];
    if (end && Math.abs(ends[0] - ends[1]) < 13) { const m = (ends[0] + ends[1])/2, s = ends[0] < ends[1] ? -6.5 : 6.5; ends[0] = m + s; ends[1] = m - s; }
    for (const [text, colour, height] of [['loss D', colours.d, ends?.[0] ?? 14], ['loss G', colours.g, ends?.[1] ?? 30]]) { c.fillStyle = colour; c.fillText(text, right + 5, height); }
    c.fillStyle = colours.real; c.fillText('modes', right + 5, height - 8);
    };
  const percent = v => Number.isFinite(v) ? `${Math.round(100*v)} %` : '–';
  const say = (id, text, small = '') => { const now = `${text}${small && ` <small>${small}</small>`}`; if ($(id).dataset.now != now) { $(id).innerHTML = now; $(id).dataset.now = now; } };
  const draw = () => {
    const begun = performance.now();
    if (!colours) style();
    const {found, modes, of, near, auc} = gan.measure($('averaged').checked);
    drawPlane(found); drawCurve();
    say('steps', gan.steps.toLocaleString('en')); say('modes', modes, `of ${of}`); say('near', percent(near)); say('moved', percent(gan.seen.moved)); say('auc', auc.toFixed(2)); say('seed', settings.seed);
    drawing = .8*drawing + .2*(performance.now() - begun);
  };

  // -- time: as many updates as are due, or as fit into what is left of a frame
  const frame = now => {
    awaited = false;
    if (!playing || !visible) return;
    tick();
    if (now - last < FRAME - 4) return;
    const until = performance.now() + Math.max(4, FRAME - drawing - 5);
    last = now; owed = Math.min(owed + pace, Math.max(pace, 1));
    while (owed >= 1 && performance.now() < until) if (gan.update()) owed--;
    if (gan.steps) past.push({d: gan.lossD, g: gan.lossG, modes: gan.seen.modes/gan.seen.of});
    if (past.length > 2000) past = past.slice(-1000);
    draw();
    api.frames++;
  };
  const api = {frames: 0, get gan() { return gan; }, play, get settings() { return settings; }};

  root.addEventListener('click', event => {
    const button = event.target.closest('button, #share');
    if (!button) return;
    if (button.dataset.situation) { const s = situations[button.dataset.situation]; settings = {...base(), ...s.set}; pace = s.pace; begin(); play(true); }
    else if (button.id == 'play') play(!playing);
    else if (button.id == 'one') { play(false); while (!gan.update()); past.push({d: gan.lossD, g: gan.lossG, modes: gan.seen.modes/gan.seen.of}); draw(); }
    else if (button.id == 'again') { settings = {...settings, seed: settings.seed + 1}; begin(); }
    else if (!framed && navigator.clipboard) {
      event.preventDefault();
      navigator.clipboard.writeText(button.href).then(() => { button.textContent = 'Copied'; setTimeout(() => { button.textContent = 'Copy link'; }, 1500); }, () => {});
    }
  });
  root.addEventListener('input', ({target}) => {
    if (target.id == 'averaged') return draw();
    if (target.id == 'pace') pace = PACES[target.value];
    else if (target.id == 'data') { settings = {...base(target.value), seed: settings.seed}; pace = paces[target.value]; return begin(); }
    else settings = {...settings, [target.id]: target.id in sliders ? sliders[target.id][1][target.value] : target.value};
    gan.set = settings;
    show(); draw();
  });
  root.addEventListener('submit', event => event.preventDefault());
  new ResizeObserver(() => {
    if (gan) draw();
    const frame = framed && frameOf(window);
    if (frame) frame.style.height = `${Math.ceil(element.getBoundingClientRect().height)}px`;
  }).observe(element);
  new IntersectionObserver(([entry]) => { visible = entry.isIntersecting; tick(); }).observe(stage);
  const frameOf = page => { try { return page.frameElement; } catch { return null; } };  // null in a frame of another origin
  const lit = () => {  // light or dark as what lies behind
    let dark = matchMedia('(prefers-color-scheme: dark)').matches;
    for (let at = element; at; at = at.parentElement ?? frameOf(at.ownerDocument.defaultView)) {
      const [r, g, b, a = 1] = at.ownerDocument.defaultView.getComputedStyle(at).backgroundColor.match(/[\d.]+/g).map(Number);
      if (a > .5) { dark = .3*r + .6*g + .1*b < 110; break; }
    }
    const frame = framed && frameOf(window);
    if (frame) document.documentElement.style.colorScheme = frame.ownerDocument.defaultView.getComputedStyle(frame).colorScheme;  // else it is opaque
    if (element.hasAttribute('data-dark') == dark && colours) return;
    element.toggleAttribute('data-dark', dark);
    style();
    if (gan) draw();
  };
  lit();
  setInterval(lit, 500);
  if (address) read(); else { settings = base(); begin(); }
  if (!calm.matches) play(true);
  return api;
}

return {Gan, losses, mount, recipes, situations};
})();
if (typeof module == 'object') module.exports = Plane;
