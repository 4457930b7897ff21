"""Many small networks trained at once on one device.

On a GPU a step of such a network is a few hundred short kernels: starting them takes longer than
running them. Some steps are therefore recorded as a CUDA graph, and the graphs of several networks
run on streams of their own. On a CPU the networks are trained one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from train.fit.lessons import Structures, Teaching

STEPS = 4  # of one launch: one disturbance of spectra serves them all

# How a network descends, by one-cycle AdamW: batch, learning_rate (the highest), warm_up (the share
# of the steps in which it rises), weight_decay_body and weight_decay_head.
How = Mapping[str, Any]


class Fit:
    """One network with its lessons; ``launch`` makes STEPS steps."""

    def __init__(self, network: nn.Module, lessons: Structures | Teaching, how: How) -> None:
        self.lessons, self.how = lessons, how
        self.device = lessons.rows.device
        self.network = network.to(self.device).train()
        self.launches = len(lessons.rows)
        self.rates = one_cycle(self.launches * STEPS, how).to(self.device)
        self.rate = torch.zeros((), device=self.device)
        self.turn = torch.zeros(1, dtype=torch.long, device=self.device)
        self.loss = torch.zeros((), device=self.device)
        cuda = self.device.type == "cuda"
        self.optimiser = torch.optim.AdamW(
            parameter_groups(network, how), lr=self.rate, fused=True, capturable=cuda
        )
        self.graph: torch.cuda.CUDAGraph | None = None

    def launch(self) -> None:
        """STEPS steps on one lesson."""
        lesson, batch = self.lessons.lesson(self.turn), self.how["batch"]
        for step in range(STEPS):
            part = slice(step * batch, (step + 1) * batch)
            self.rate.copy_(self.rates.index_select(0, self.turn * STEPS + step)[0])
            cuda = self.device.type == "cuda"
            with torch.autocast(
                self.device.type, torch.bfloat16, enabled=cuda, cache_enabled=False
            ):
                logits = self.network(lesson.spectra[part])[0]
            loss, groups = lesson.judge(logits.float(), part)
            self.loss.copy_(groups.detach())
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            self.optimiser.step()
        self.turn += 1

    def record(self) -> None:
        """Make one launch, then record the next as a CUDA graph."""
        self.stream = torch.cuda.Stream()
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            self.launch()
        torch.cuda.current_stream().wait_stream(self.stream)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, stream=self.stream):
            self.launch()

    def replay(self) -> None:
        """Start the recorded launch, without waiting for it."""
        assert self.graph is not None
        with torch.cuda.stream(self.stream):
            self.graph.replay()

    def finish(self) -> nn.Module:
        """The network, in evaluation mode; frees what training needed."""
        del self.graph, self.optimiser
        return self.network.eval()


def train_side_by_side(fits: list[Fit]) -> list[nn.Module]:
    """Train them all; their networks in evaluation mode."""
    if fits[0].device.type == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
        for fit in fits:
            fit.record()
        for launch in range(1, max(fit.launches for fit in fits)):
            for fit in fits:
                if launch < fit.launches:
                    fit.replay()
        torch.cuda.synchronize()
    else:
        for fit in fits:
            for _ in range(fit.launches):
                fit.launch()
    return [fit.finish() for fit in fits]


def one_cycle(steps: int, how: How) -> Tensor:
    """The learning rate of every step: up to its highest by a cosine, and down to nothing."""
    up = max(int(how["warm_up"] * steps), 1)
    at = np.arange(steps)
    peak = how["learning_rate"]
    first, last = peak / 25, peak / 2e4
    rising = first + (peak - first) * (1 - np.cos(np.pi * np.minimum(at / up, 1))) / 2
    along = np.clip((at - up) / max(steps - up, 1), 0, 1)
    falling = last + (peak - last) * (1 + np.cos(np.pi * along)) / 2
    return torch.tensor(np.where(at < up, rising, falling), dtype=torch.float32)


def parameter_groups(network: nn.Module, how: How) -> list[dict[str, object]]:
    """The head, where nearly all parameters are, decays on its own."""
    body = list(network.body.parameters())
    own = {id(parameter) for parameter in body}
    head = [parameter for parameter in network.parameters() if id(parameter) not in own]
    return [
        {"params": body, "weight_decay": how["weight_decay_body"]},
        {"params": head, "weight_decay": how["weight_decay_head"]},
    ]
