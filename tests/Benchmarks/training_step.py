"""VKD training steps in PyTorch: the peer of TrainingStepBenchmark.cs, with the same networks, losses and optimizer (spec of VKD sections 2 to 6).

Makes one step for each line on standard input and prints its seconds. Usage: training_step.py resnet50|mobilenet teacher|student THREADS
"""
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F

IDENTITIES, TRACKLETS, TEACHER_VIEWS, STUDENT_VIEWS, CLASSES = 2, 2, 4, 2, 625


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


def resnet50():
    layers, inplanes = [], 64
    for stage, (blocks, stride) in enumerate(zip((3, 4, 6, 3), (1, 2, 2, 1))):
        for block in range(blocks):
            last = stage == 3 and block == blocks - 1
            layers.append(Bottleneck(inplanes, 64 << stage, stride if block == 0 else 1, not last))
            inplanes = 256 << stage
    return 2048, nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1), *layers)


def convolution(inplanes, planes, size, stride=1, groups=1, rectified=True):
    layers = [nn.Conv2d(inplanes, planes, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(planes)]
    return nn.Sequential(*layers, *([nn.ReLU6(inplace=True)] if rectified else []))


class InvertedResidual(nn.Module):
    def __init__(self, inplanes, planes, expansion, stride):
        super().__init__()
        hidden = inplanes * expansion
        self.joined = stride == 1 and inplanes == planes
        self.conv = nn.Sequential(
            *([convolution(inplanes, hidden, 1)] if expansion > 1 else []),
            convolution(hidden, hidden, 3, stride, groups=hidden),
            nn.Conv2d(hidden, planes, 1, bias=False),
            nn.BatchNorm2d(planes))

    def forward(self, x):
        return x + self.conv(x) if self.joined else self.conv(x)


def mobilenet():
    layers, inplanes = [convolution(3, 32, 3, 2)], 32
    for expansion, planes, blocks, stride in (
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 1), (6, 320, 1, 1)):
        for block in range(blocks):
            layers.append(InvertedResidual(inplanes, planes, expansion, stride if block == 0 else 1))
            inplanes = planes
    return 1280, nn.Sequential(*layers, convolution(inplanes, 1280, 1, rectified=False))


class ReidModel(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        width, self.backbone = backbone()
        self.bottleneck = nn.BatchNorm1d(width)
        self.bottleneck.bias.requires_grad_(False)
        self.classifier = nn.Linear(width, CLASSES, bias=False)

    def forward(self, images):
        sets, views = images.shape[:2]
        feature = F.adaptive_avg_pool2d(self.backbone(images.flatten(0, 1)), 1).flatten(1)
        logits = self.classifier(self.bottleneck(feature))
        return feature.view(sets, views, -1).mean(1), logits.view(sets, views, -1).mean(1)


def triplet(feature, labels):
    distance = ((feature[:, None] - feature[None]).pow(2).sum(2) + 1e-12).sqrt()
    same = (labels[:, None] == labels[None]).float()
    positive = (distance * (same - torch.eye(len(labels), device=labels.device))).max(1)[0]
    negative = (distance + 1e5 * same).min(1)[0]
    return F.softplus(positive - negative).mean()


def supervised(feature, logits, labels):
    return triplet(feature, labels) + F.cross_entropy(logits, labels)


def squared_distances(feature):
    return (feature[:, None] - feature[None]).pow(2).sum(2)


def distilled(student, teacher, labels, temperature=10):
    preservation = 0.5 * (squared_distances(teacher[0]) - squared_distances(student[0])).pow(2).mean()
    distillation = temperature ** 2 * F.kl_div(
        F.log_softmax(student[1] / temperature, 1), F.softmax(teacher[1] / temperature, 1), reduction="batchmean")
    return supervised(*student, labels) + 1e-4 * preservation + 0.1 * distillation


def batch_statistics(model):
    for module in model.train().modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.track_running_stats = False
    return model


def main():
    backbone, role = {"resnet50": resnet50, "mobilenet": mobilenet}[sys.argv[1]], sys.argv[2]
    torch.set_num_threads(int(sys.argv[3]))
    torch.manual_seed(0)
    model = ReidModel(backbone).train()
    teacher = batch_statistics(ReidModel(backbone)) if role == "student" else None
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-4, weight_decay=1e-5)
    sets = IDENTITIES * TRACKLETS
    images = torch.randn(sets, TEACHER_VIEWS if teacher else STUDENT_VIEWS, 3, 256, 128)
    labels = torch.arange(sets) // TRACKLETS
    for _ in sys.stdin:
        begun = time.perf_counter()
        optimizer.zero_grad()
        if teacher:
            with torch.no_grad():
                taught = teacher(images)
            views = torch.stack([torch.randperm(TEACHER_VIEWS)[:STUDENT_VIEWS] for _ in range(sets)])
            distilled(model(images[torch.arange(sets)[:, None], views]), taught, labels).backward()
        else:
            supervised(*model(images), labels).backward()
        optimizer.step()
        print(f"{time.perf_counter() - begun:.4f}", flush=True)


if __name__ == "__main__":
    main()
