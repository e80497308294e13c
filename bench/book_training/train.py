"""Train the shape test and write `learned.npz` beside the reader; the same bubbles, seeds and machine give the same file.

for seed in 11 21 31 41 51 61; do
  .venv/bin/python -m bench.book_training.collect var/$seed.npz --seed ${seed}000000 --pages PAGES
done
VIRTUAL_ENV=.venv .venv/bin/uv pip install --require-hashes -r requirements-training.txt  # PyTorch, only to train
.venv/bin/python -m bench.book_training.train var/51.npz var/61.npz var/11.npz var/21.npz var/31.npz var/41.npz

The shipped weights come from 1,200 pages each of 51 and 61, 800 each of 11 and 21, 750 each of 31 and 41, collected with readers
between commits 5db3810 and 8cf473a: collected anew, they differ a little. Brightness is hardly varied, so that the nets see that
ink on ink is darker. Steps are computed in half precision, which the machine must know to be quick (about a minute a round).
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from zhucun.work.attendance.scan.learned import CONVOLUTIONS, FILE
from zhucun.work.attendance.scan.shapes import MARK, NOTHING, SCALE, STRUCK

from .letters import letters

CHANNELS, SIDES, HIDDEN = (24, 48, 64), (5, 3, 3), 64
SEEDS, BATCH, RATE, DECAY = {7: 30, 8: 24}, 512, 4e-3, 1e-3
"""Layers of each net; the seeds of the nets with the rounds each is trained; bubbles a step, the highest rate, decay of weights."""
GRAINS = 8192
"""So many pictures of grain are made beforehand; every bubble gets one of them, somehow moved."""
OTHERS, SELDOM = 0.5, ("scribble", "wavy")
"""Share of the bubbles not struck out that a round sees, others each time; the strikes that are seldom and so are seen twice."""
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
        self.last = nn.Linear(HIDDEN, 3)

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


def varied(views: Tensor, grains: Tensor) -> Tensor:
    """The same bubbles mirrored, moved by a pixel, brighter, softer, noisier: all as likely on paper."""
    axes = [axis for axis in (2, 3) if torch.rand(1) < 0.5]
    views = torch.roll(views.flip(axes), [int(by) for by in torch.randint(-1, 2, (2,))], (2, 3))
    if torch.rand(1) < BLUR_CHANCE:
        views = nn.functional.avg_pool2d(views, 3, 1, 1, count_include_pad=False)
    own = views[:, :1] * (1 + BRIGHTER * torch.randn(len(views), 1, 1, 1))
    spread = NOISE + DARK_NOISE * torch.rand(len(views), 1, 1, 1) ** 5
    some = torch.roll(grains[torch.randint(len(grains), (len(views),))], int(torch.randint(views.shape[3], (1,))), 3)
    return torch.cat([own + spread * some, views[:, 1:]], 1)


def grain(views: Tensor) -> Tensor:
    """Pictures of noise of spread 1 like `views`, half of it in grains larger than a pixel, as cameras make it in the dark."""
    fine = torch.randn(GRAINS, 1, *views.shape[1:])
    coarse = nn.functional.avg_pool2d(torch.randn_like(fine), 3, 1, 1) * 3
    return (fine + coarse) / 2**0.5


def train(bubbles: Bubbles, rows: np.ndarray, seed: int, rounds: int) -> Net:
    """Fit a net by Adam with a rate that rises and falls."""
    torch.manual_seed(seed)
    net = Net().to(memory_format=torch.channels_last)
    grains = grain(bubbles.views)
    struck = bubbles.holds.numpy()[rows] == STRUCK
    seldom = struck & np.array([any(one in group for one in SELDOM) for group in bubbles.group[rows]])
    always, others = torch.from_numpy(np.concatenate([rows[struck], rows[seldom]])), torch.from_numpy(rows[~struck])
    count = int(OTHERS * len(others))
    batches = (len(always) + count) // BATCH
    adam = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, total_steps=rounds * batches)
    loss = nn.CrossEntropyLoss()
    for number in range(rounds):
        order = torch.cat([always, others[torch.randperm(len(others))[:count]]])
        order, total = order[torch.randperm(len(order))][: batches * BATCH], 0.0
        for some in order.split(BATCH):
            views, pen = bubbles.inputs(some)
            views = varied(views, grains).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                answers = net(views, pen)
            wrong = loss(answers.float(), bubbles.holds[some])
            adam.zero_grad()
            wrong.backward()
            adam.step()
            rate.step()
            total += wrong.item()
        print(f"net {seed}, round {number + 1}: {total / batches:.4f}", flush=True)
    return net.eval()


def odds(net: Net, bubbles: Bubbles, rows: np.ndarray) -> np.ndarray:
    """What a net says of bubbles, as `shapes.holdings`: each answer beside the other two."""
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


def write(nets: list[Net]) -> None:
    """Write the weights as the reader wants them: windows by rows, columns, channels, each layer inputs by outputs."""
    kept: dict[str, np.ndarray] = {"letters": letters()}
    for number, net in enumerate(nets):
        for name, layer in zip(CONVOLUTIONS, net.layers, strict=True):
            # the reader's windows come as rows by columns by channels
            weights = layer.weight.detach().permute(2, 3, 1, 0).flatten(0, 2)
            kept[f"{number}_{name}_weights"] = weights.numpy()
            kept[f"{number}_{name}_bias"] = layer.bias.detach().numpy()
            kept[f"{number}_{name}_side"] = np.array(layer.kernel_size[0])
        for name, layer in (("hidden", net.hidden), ("last", net.last)):
            kept[f"{number}_{name}_weights"] = layer.weight.detach().numpy().T
            kept[f"{number}_{name}_bias"] = layer.bias.detach().numpy()
    small = {name: values.astype(np.float16) if name.endswith("weights") else values for name, values in kept.items()}
    np.savez_compressed(FILE, **small)


def main() -> None:
    """Train the nets on all pages but those kept, print the figures of all together on these, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--try", action="store_true", dest="trial", help="write nothing")
    wanted = parser.parse_args()
    bubbles = Bubbles(wanted.files)
    held = bubbles.page % HELD == 0
    nets = [train(bubbles, np.flatnonzero(~held), seed, rounds) for seed, rounds in SEEDS.items()]
    rows = np.flatnonzero(held)
    table(bubbles, rows, np.mean([odds(net, bubbles, rows) for net in nets], axis=0))
    if not wanted.trial:
        write(nets)


if __name__ == "__main__":
    main()
