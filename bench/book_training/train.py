"""Train the shape test and write `learned.npz` beside the reader; the same bubbles, seed and machine give the same file.

.venv/bin/python -m bench.book_training.collect var/first.npz --seed 51000000 --pages 1200
.venv/bin/python -m bench.book_training.collect var/second.npz --seed 61000000 --pages 1200
VIRTUAL_ENV=.venv .venv/bin/uv pip install --require-hashes -r requirements-training.txt  # PyTorch, only to train
.venv/bin/python -m bench.book_training.train var/first.npz var/second.npz --rounds 16

The shipped weights come from bubbles collected at commit 8cf473a, when the grain in `scan/lighting.py` had no least value yet:
collected anew, they differ a little. Brightness is hardly varied, so that the net sees that ink on ink is darker.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from zhucun.work.attendance.scan.learned import CONVOLUTIONS, FILE
from zhucun.work.attendance.scan.shapes import MARK, NOTHING, SCALE, STRUCK

from .letters import letters

CHANNELS, SIDES, HIDDEN = (16, 32, 48), (5, 3, 3), 48
SEED, BATCH, RATE, DECAY = 7, 512, 4e-3, 1e-3
WEIGHTS = (1.0, 1.0, 2.0)
"""How much nothing, a mark and a struck mark weigh."""
NOISE, DARK_NOISE, BLUR_CHANCE, BRIGHTER = 0.03, 0.3, 0.15, 0.04
"""Spread of the noise added, as a share of the pen: the least, and how much more in the darkest room; how often a picture is
blurred, and the spread of its brightness."""
HELD = 8
"""One page of so many is kept to judge by."""


class Net(nn.Module):
    """Three layers of small windows, every second one, then two layers over all: what `shapes.holdings` does with numpy."""

    def __init__(self) -> None:
        """Layers with random weights."""
        super().__init__()
        sizes = zip((2, *CHANNELS[:-1]), CHANNELS, SIDES, strict=True)
        self.layers = nn.ModuleList(nn.Conv2d(a, b, side, stride=2) for a, b, side in sizes)
        self.hidden = nn.Linear(CHANNELS[-1] * 4 * 5 + 1, HIDDEN)
        self.last = nn.Linear(HIDDEN, len(WEIGHTS))

    def forward(self, views: Tensor, pen: Tensor) -> Tensor:
        """Answers (bubbles by three) for views (bubbles by two by rows by columns) and the darkness of the pen."""
        for layer in self.layers:
            views = torch.relu(layer(views))
        flat = views.permute(0, 2, 3, 1).flatten(1)
        return self.last(torch.relu(self.hidden(torch.cat([flat, pen[:, None]], 1))))


class Bubbles:
    """The bubbles of several files, ready for the net."""

    def __init__(self, files: list[Path]) -> None:
        """Load and join them; pages are numbered through."""
        parts = [dict(np.load(file)) for file in files]
        first = np.cumsum([0] + [len(part["seed"]) for part in parts])
        join = lambda name: np.concatenate([part[name] for part in parts])  # noqa: E731
        self.views, self.usual = torch.from_numpy(join("views")), torch.from_numpy(join("usual"))
        self.page = np.concatenate([part["page"] + start for part, start in zip(parts, first, strict=False)])
        self.person = torch.from_numpy(self.page * (len(self.usual) // first[-1]) + join("place"))
        self.pen, self.holds = torch.from_numpy(join("pen")), torch.from_numpy(join("holds")).long()
        self.group, self.condition = join("group"), join("condition")[self.page]

    def inputs(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Views with the person's usual mark as shares of the pen, and the pen."""
        pen = self.pen[rows]
        both = torch.stack([self.views[rows], self.usual[self.person[rows]]], 1).float() / SCALE
        return both / pen.clamp(min=0.1)[:, None, None, None], pen


def varied(views: Tensor) -> Tensor:
    """The same bubbles mirrored, moved by a pixel, brighter, softer, noisier: all as likely on paper."""
    axes = [axis for axis in (2, 3) if torch.rand(1) < 0.5]
    views = torch.roll(views.flip(axes), [int(by) for by in torch.randint(-1, 2, (2,))], (2, 3))
    if torch.rand(1) < BLUR_CHANCE:
        views = nn.functional.avg_pool2d(views, 3, 1, 1, count_include_pad=False)
    own = views[:, :1] * (1 + BRIGHTER * torch.randn(len(views), 1, 1, 1))
    spread = NOISE + DARK_NOISE * torch.rand(len(views), 1, 1, 1) ** 5
    return torch.cat([own + spread * _grain(own), views[:, 1:]], 1)


def _grain(views: Tensor) -> Tensor:
    """Noise of spread 1, half of it in grains larger than a pixel, as cameras make it in the dark."""
    fine, coarse = torch.randn_like(views), nn.functional.avg_pool2d(torch.randn_like(views), 3, 1, 1) * 3
    return (fine + coarse) / 2**0.5


def train(bubbles: Bubbles, rows: np.ndarray, rounds: int) -> Net:
    """Fit the net by Adam with a rate that rises and falls."""
    torch.manual_seed(SEED)
    net = Net()
    known = torch.from_numpy(rows)
    steps = rounds * (len(known) // BATCH)
    adam = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, total_steps=steps)
    loss = nn.CrossEntropyLoss(weight=torch.tensor(WEIGHTS))
    for number in range(rounds):
        order, total = known[torch.randperm(len(known))], 0.0
        for at in range(0, len(order) - BATCH + 1, BATCH):
            some = order[at : at + BATCH]
            views, pen = bubbles.inputs(some)
            wrong = loss(net(varied(views), pen), bubbles.holds[some])
            adam.zero_grad()
            wrong.backward()
            adam.step()
            rate.step()
            total += wrong.item()
        print(f"round {number + 1}: {total * BATCH / len(order):.4f}", flush=True)
    return net.eval()


def odds(net: Net, bubbles: Bubbles, rows: np.ndarray) -> np.ndarray:
    """What the net says of bubbles, as `shapes.holdings`: each answer beside the other two."""
    with torch.no_grad():
        parts = [net(*bubbles.inputs(torch.from_numpy(some))) for some in np.array_split(rows, len(rows) // 4096 + 1)]
    answers = torch.cat(parts)
    others = [torch.logsumexp(answers[:, [one for one in range(3) if one != at]], 1) for at in range(3)]
    return (answers - torch.stack(others, 1)).numpy()


def table(bubbles: Bubbles, rows: np.ndarray, said: np.ndarray) -> None:
    """Print what passes at which bar, on the pages kept."""
    holds, group, condition = bubbles.holds.numpy()[rows], bubbles.group[rows], bubbles.condition[rows]
    for name, wanted, against in (("struck", STRUCK, MARK), ("mark", MARK, NOTHING), ("nothing", NOTHING, MARK)):
        print(f"{name}: wrongly said of {('nothing', 'a mark', 'a struck mark')[against]}, missed")
        for bar in (-2, -1, 0, 1, 2, 3, 4, 5, 6, 8):
            wrong, missed = (said[holds == against, wanted] > bar).mean(), (said[holds == wanted, wanted] <= bar).mean()
            print(f"  {bar:+d}: {wrong:.3%}, {missed:.2%}")
    for part in (group, condition):
        for value in sorted(set(part)):
            here = part == value
            struck, marks = said[here & (holds == STRUCK), STRUCK], said[here & (holds == MARK), STRUCK]
            print(
                f"{value}: struck {len(struck)}, missed {(struck <= 0).mean() if len(struck) else 0:.2%}; "
                f"marks {len(marks)}, taken for struck {(marks > 0).mean() if len(marks) else 0:.2%}"
            )


def write(net: Net) -> None:
    """Write the weights as the reader wants them: windows by rows, columns, channels, each layer inputs by outputs."""
    kept: dict[str, np.ndarray] = {"letters": letters()}
    for name, layer in zip(CONVOLUTIONS, net.layers, strict=True):
        # the reader's windows come as channels by rows by columns
        kept[f"{name}_weights"] = layer.weight.detach().numpy().reshape(layer.out_channels, -1).T
        kept[f"{name}_bias"], kept[f"{name}_side"] = layer.bias.detach().numpy(), np.array(layer.kernel_size[0])
    for name, layer in (("hidden", net.hidden), ("last", net.last)):
        kept[f"{name}_weights"], kept[f"{name}_bias"] = layer.weight.detach().numpy().T, layer.bias.detach().numpy()
    small = {name: values.astype(np.float16) if name.endswith("weights") else values for name, values in kept.items()}
    np.savez_compressed(FILE, **small)


def main() -> None:
    """Train on all pages but those kept, print the figures on these, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--try", action="store_true", dest="trial", help="write nothing")
    wanted = parser.parse_args()
    bubbles = Bubbles(wanted.files)
    held = bubbles.page % HELD == 0
    net = train(bubbles, np.flatnonzero(~held), wanted.rounds)
    rows = np.flatnonzero(held)
    table(bubbles, rows, odds(net, bubbles, rows))
    if not wanted.trial:
        write(net)


if __name__ == "__main__":
    main()
