"""Training steps of a ResNet-50 re-identification network on a CUDA device in PyTorch eager: the peer of GpuBenchmark.cs, with the same network, losses and optimizer.

Channels-last, and with bfloat16 autocast. The images lie in the device's memory and are the same in every step, so nothing is loaded. For each line on standard input it makes so many steps as the
line says and prints the seconds of all of them together. Usage: gpu_training.py bfloat16|tensor-float32|float32 IDENTITIES TRACKLETS CLASSES
"""
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F

from training_step import resnet50, triplet


class ReidModel(nn.Module):
    def __init__(self, classes):
        super().__init__()
        width, self.backbone = resnet50()
        self.bottleneck = nn.BatchNorm1d(width)
        self.bottleneck.bias.requires_grad_(False)
        self.classifier = nn.Linear(width, classes, bias=False)

    def forward(self, images):
        feature = F.adaptive_avg_pool2d(self.backbone(images), 1).flatten(1)
        return feature, self.classifier(self.bottleneck(feature))


def main():
    precision, identities, tracklets, classes = sys.argv[1], *map(int, sys.argv[2:5])
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tensor-float32"
    torch.manual_seed(0)
    model = ReidModel(classes).cuda().to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-4, weight_decay=1e-5)
    images = torch.randn(identities * tracklets, 3, 256, 128, device="cuda").to(memory_format=torch.channels_last)
    labels = torch.arange(identities * tracklets, device="cuda") // tracklets
    for line in sys.stdin:
        torch.cuda.synchronize()
        begun = time.perf_counter()
        for _ in range(int(line)):
            optimizer.zero_grad()
            with torch.autocast("cuda", torch.bfloat16, enabled=precision == "bfloat16"):
                feature, logits = model(images)
            (triplet(feature.float(), labels) + F.cross_entropy(logits.float(), labels)).backward()
            optimizer.step()
        torch.cuda.synchronize()
        print(f"{time.perf_counter() - begun:.4f}", flush=True)


if __name__ == "__main__":
    main()
