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
  spiral: {sigma: .08, modes: range(24, i => circle(...turn(arc((i + .5)/24))))},
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
    this.ones ??= new Float64Array(0);
    if (this.ones.length < n) this.ones = new Float64Array(n).fill(1);
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
  constructor(net) { this.net = net; this.v = new Float64Array(net.p.length); this.t = 0; this.decay = 1; }
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

// ---- the losses: [loss, its derivative] at a logit, for D at a real point and at a fake, and for G at a fake
const sigmoid = t => 1/(1 + Math.exp(-t));
const softplus = t => t > 30 ? t : Math.log1p(Math.exp(t));
const down = t => [softplus(-t), -sigmoid(-t)], up = t => [softplus(t), sigmoid(t)];
const losses = {
  bce: {real: down, fake: up, g: down},
  minimax: {real: down, fake: up, g: f => [-softplus(f), -sigmoid(f)]},
  hinge: {real: r => [Math.max(0, 1 - r), r < 1 ? -1 : 0], fake: f => [Math.max(0, 1 + f), f > -1 ? 1 : 0], g: f => [-f, -1]},
  wgan: {real: r => [-r, -1], fake: f => [f, 1], g: f => [-f, -1]},
  rp: {pairs: down},  // of real minus fake for D, of fake minus real for G
};

const defaults = {data: 'ring', loss: 'bce', gamma: .1, lrG: 1e-3, lrD: 1e-2, stepsG: 1, stepsD: 5, beta2: .99, width: 32, seed: 0};
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
    this.steps = 0; this.lossD = this.lossG = NaN; this.nearest = []; this.seen = null;
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

  pushes(l) { return this.D.back(l).subarray(2*BATCH, 4*BATCH); }  // dLoss/dfake: each fake is pushed the other way

  step() {
    for (let i = 0; i < this.set.stepsD; i++) this.stepD();
    for (let i = 0; i < this.set.stepsG; i++) this.stepG();
    if (++this.steps % EVERY == 0) this.look();
  }

  samples(averaged = false, z = this.z, n = LOOK) {  // a copy
    const {G} = this, kept = averaged && Float64Array.from(G.p);
    if (averaged) G.p.set(this.average);
    const out = G.forward(z, n).slice(0, 2*n);
    if (averaged) G.p.set(kept);
    return out;
  }

  // what tells the situations apart: modes found, share of samples near one, share of latents whose nearest mode is another
  // than 50 steps ago, and AUC: how often D gives a real point a higher logit than a fake
  look(averaged = false) {
    const {sigma, modes} = spots[this.set.data], fakes = this.samples(averaged), hits = modes.map(() => 0);
    const nearest = new Uint8Array(LOOK);
    let near = 0;
    for (let i = 0; i < LOOK; i++) {
      let best = Infinity;
      for (let k = 0; k < modes.length; k++) {
        const d = (fakes[2*i] - modes[k][0])**2 + (fakes[2*i + 1] - modes[k][1])**2;
        if (d < best) { best = d; nearest[i] = k; }
      }
      if (best < 9*sigma*sigma) { near++; hits[nearest[i]]++; }
    }
    const before = this.nearest.length > 1 ? this.nearest[this.nearest.length - 2] : null;
    const moved = before ? nearest.filter((k, i) => k != before[i]).length/LOOK : NaN;
    this.nearest = [...this.nearest.slice(-1), nearest];
    const found = hits.map(n => n >= LOOK/modes.length/5);
    return this.seen = {found, modes: found.filter(Boolean).length, of: modes.length, near: near/LOOK, most: Math.max(...hits)/LOOK, moved, auc: this.auc(fakes)};
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

// SITUATIONS
// PAGE
return {Gan, Net, defaults, losses, points, random, spots};
})();
if (typeof module == 'object') module.exports = Plane;
