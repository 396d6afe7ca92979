"""One VKD teacher step (ResNet-50, 8 x 3 x 256 x 128, triplet + cross-entropy, Adam) in PyTorch: the peer of StepBenchmark.

Prints one line per timed step: seconds. Usage: training_step.py THREADS WARMUP STEPS
"""
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F


class Bottleneck(nn.Module):
    def __init__(self, inplanes, planes, stride, final_relu):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, planes * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes * 4)
        self.relu = nn.ReLU(inplace=True) if final_relu else nn.Identity()
        self.downsample = None
        if stride != 1 or inplanes != planes * 4:
            self.downsample = nn.Sequential(nn.Conv2d(inplanes, planes * 4, 1, stride, bias=False), nn.BatchNorm2d(planes * 4))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return self.relu(self.bn3(self.conv3(x)) + identity)


class Teacher(nn.Module):
    def __init__(self, classes):
        super().__init__()
        layers, inplanes = [], 64
        for stage, (blocks, stride) in enumerate(zip((3, 4, 6, 3), (1, 2, 2, 1))):
            for block in range(blocks):
                last = stage == 3 and block == blocks - 1
                layers.append(Bottleneck(inplanes, 64 << stage, stride if block == 0 else 1, not last))
                inplanes = 256 << stage
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1), *layers,
            nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.bottleneck = nn.BatchNorm1d(2048)
        self.bottleneck.bias.requires_grad_(False)
        self.classifier = nn.Linear(2048, classes, bias=False)

    def forward(self, x):
        feature = self.features(x)
        return feature, self.classifier(self.bottleneck(feature))


def triplet(feature, labels):
    distance = ((feature[:, None] - feature[None]).pow(2).sum(2) + 1e-12).sqrt()
    same = (labels[:, None] == labels[None]).float()
    positive = (distance * (same - torch.eye(len(labels)))).max(1)[0]
    negative = (distance + 1e5 * same).min(1)[0]
    return F.softplus(positive - negative).mean()


def main():
    threads, warmup, steps = (int(argument) for argument in sys.argv[1:4])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = Teacher(625).train()
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-4, weight_decay=1e-5)
    images, labels = torch.randn(8, 3, 256, 128), torch.arange(8) // 4
    for step in range(warmup + steps):
        begun = time.perf_counter()
        optimizer.zero_grad()
        feature, logits = model(images)
        (triplet(feature, labels) + F.cross_entropy(logits, labels)).backward()
        optimizer.step()
        if step >= warmup:
            print(f"{time.perf_counter() - begun:.4f}", flush=True)


main()
