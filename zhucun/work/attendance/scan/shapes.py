"""The shape test: what a bubble holds, nothing, a mark, or a mark struck out; small nets that also see the person's usual mark."""

import numpy as np

from .arrays import Floats
from .learned import Layer, Net, learned

NOTHING, MARK, STRUCK = range(3)
"""What a bubble may hold, in the order of a net's answers."""
SCALE = 200
"""Steps of ink between paper and black that the nets were trained on."""
_LEAST_PEN = 0.1
_SURE = 7.0
"""Odds, as a logarithm, from which the first net's answer stands as it is."""
_WAYS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
"""How a bubble is turned to be looked at: a step of -1 mirrors its rows or columns."""


def holdings(views: Floats, usual: Floats, pen: Floats) -> Floats:
    """Odds of what bubbles hold, as logarithms, each beside the other two: bubbles by (nothing, mark, struck).

    `views` is ink around each bubble (bubbles by rows by columns), `usual` the same of the person's middle mark, `pen` how
    dark the person's pen is. Where the first net is not sure, the mean of what all nets say of the bubble counts,
    however it is mirrored.
    """
    pen = pen.astype(np.float32)
    both = np.clip(np.stack([views, usual], axis=3), 0, 255 / SCALE) / np.maximum(pen, _LEAST_PEN)[:, None, None, None]
    nets = learned().nets
    odds = _answers(nets[0], both, pen)
    doubtful = odds.max(1) < _SURE
    both, pen = both[doubtful], pen[doubtful]
    odds[doubtful] = np.mean(
        [_answers(net, both[:, ::down, ::across], pen) for net in nets for down, across in _WAYS], axis=0
    )
    return odds


def _answers(net: Net, pictures: Floats, pen: Floats) -> Floats:
    """What a net says of pictures, bubbles by rows by columns by (bubble, usual mark) as shares of the pen."""
    if not len(pictures):
        return np.zeros((0, 3), np.float32)
    values = np.asarray(pictures, np.float32)
    for layer in net.convolutions:
        values = _convolved(values, layer)
    flat = np.concatenate([values.reshape(len(values), -1), pen[:, None]], axis=1)
    hidden = np.maximum(flat @ net.hidden.weights + net.hidden.bias, 0)
    return _apart(hidden @ net.last.weights + net.last.bias)


def _convolved(values: Floats, layer: Layer) -> Floats:
    """A layer of small windows, every second one, over pictures by rows by columns by channels; nothing below zero.

    Columns and channels are taken as one axis: a row of a window then lies in one piece, and is copied three times as fast.
    """
    side, channels = layer.side, values.shape[3]
    lines = values.reshape(*values.shape[:2], -1)
    windows = np.lib.stride_tricks.sliding_window_view(lines, (side, side * channels), axis=(1, 2))
    windows = windows[:, ::2, :: 2 * channels]
    answers = windows.reshape(-1, side * side * channels) @ layer.weights
    answers += layer.bias
    np.maximum(answers, 0, out=answers)
    return answers.reshape(*windows.shape[:3], -1)


def _apart(answers: Floats) -> Floats:
    """How far each answer lies above what the others together say."""
    others = [np.logaddexp(answers[:, first], answers[:, second]) for first, second in ((1, 2), (0, 2), (0, 1))]
    return np.asarray(answers - np.stack(others, axis=1))
