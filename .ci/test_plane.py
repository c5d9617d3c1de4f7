"""The GAN in the plane: its gradients against PyTorch's and how it ends, in Node; its page in a headless Chromium. Skipped without them."""
import json, shutil
import pytest
import torch
import torch.nn.functional as F
from cspgan.training.losses import Loss, losses
from common import must
from test_play import CHROMIUM, drive

node = pytest.mark.skipif(not shutil.which('node'), reason='no Node on the path')
LOSSES = losses | dict(minimax=Loss(losses['bce'].d, lambda real, fake: -F.softplus(fake).mean()))

def net(p, outs, x):
    w1, b1, w2, b2, w3, b3 = p.split([64, 32, 1024, 32, 32*outs, outs])
    for w, b in (w1, b1), (w2, b2): x = F.leaky_relu(x @ w.view(32, -1).T + b, .2)
    return x @ w3.view(outs, 32).T + b3

@node
def test_gradients():
    "D's gradient with R1 + R2, in closed form there and by double backward here, and G's, for every loss."
    for case in json.loads(must(['node', '.ci/plane.js', 'gradients'])):
        D, G, both, z = (torch.tensor(case[k], dtype=torch.double, requires_grad=True) for k in ('D', 'G', 'both', 'z'))
        (x, y), loss = both.view(2, 64, 2), LOSSES[case['loss']]
        steep, = torch.autograd.grad(net(D, 1, both.view(128, 2)).sum(), both, create_graph=True)
        loss_d = loss.d(net(D, 1, x), net(D, 1, y)) + case['gamma']/2*steep.square().sum()/64
        loss_g = loss.g(net(D, 1, x), net(D, 1, net(G, 2, z.view(64, 2))))
        for loss, p, found in (loss_d, D, case['gradD']), (loss_g, G, case['gradG']):
            want, = torch.autograd.grad(loss, p, retain_graph=True)
            assert (want - torch.tensor(found, dtype=torch.double)).abs().max() < 1e-9*max(1, want.abs().max()) and want.abs().max() > .01

@node
def test_endings():
    "Each of the five situations ends as page 02 says, with three seeds."
    runs = json.loads(must(['node', '.ci/plane.js', 'endings']))
    def all_of(name, test): return all(test(**run) for run in runs[name])
    assert all_of('converges', lambda modes, near, auc, moved: modes == 8 and near > .4 and auc < .8 and moved < .1)
    assert all_of('collapses', lambda modes, near, auc, moved: modes <= 5 and near > .4 and auc > .75 and moved < .1)
    assert all_of('slow', lambda modes, near, auc, moved: modes <= 2 and near < .1)
    assert all_of('wins', lambda modes, near, auc, moved: modes <= 5 and near < .5 and auc > .88)
    assert all_of('hops', lambda modes, near, auc, moved: modes <= 2 and auc < .6 and moved > .4)

@pytest.mark.skipif(not CHROMIUM, reason='no Chromium on the path')
@pytest.mark.parametrize('motion', ['no-preference', 'reduce'])
def test_page(motion):
    "The page moves, or waits for those who want less motion; buttons, sliders and address work at the width of a phone; nothing leaves it."
    said = drive('plane.qmd', 'plane_page.js', reduced_motion=motion)
    assert not said['bad'] and (motion == 'reduce' or said['frames'] > 20)
