"""Training steps of a ResNet-50 re-identification network on a CUDA device in PyTorch eager: the peer of GpuBenchmark.cs, with the same network, losses and optimizer.

Channels-last, and with bfloat16 autocast. The images lie in the device's memory and are the same in every step, so nothing is loaded. For each line on standard input it makes so many steps as the
line says and prints the seconds of all of them together. Usage: gpu_training.py bfloat16|tensor-float32|float32 IDENTITIES TRACKLETS CLASSES
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


class ReidModel(nn.Module):
    def __init__(self, classes):
        super().__init__()
        layers, inplanes = [], 64
        for stage, (blocks, stride) in enumerate(zip((3, 4, 6, 3), (1, 2, 2, 1))):
            for block in range(blocks):
                layers.append(Bottleneck(inplanes, 64 << stage, stride if block == 0 else 1, not (stage == 3 and block == blocks - 1)))
                inplanes = 256 << stage
        self.backbone = nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1), *layers)
        self.bottleneck = nn.BatchNorm1d(2048)
        self.bottleneck.bias.requires_grad_(False)
        self.classifier = nn.Linear(2048, classes, bias=False)

    def forward(self, images):
        feature = F.adaptive_avg_pool2d(self.backbone(images), 1).flatten(1)
        return feature, self.classifier(self.bottleneck(feature))


def triplet(feature, labels):
    distance = ((feature[:, None] - feature[None]).pow(2).sum(2) + 1e-12).sqrt()
    same = (labels[:, None] == labels[None]).float()
    positive = (distance * (same - torch.eye(len(labels), device=labels.device))).max(1)[0]
    negative = (distance + 1e5 * same).min(1)[0]
    return F.softplus(positive - negative).mean()


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


main()
