"""k-reciprocal re-ranking by whole matrices (Zhong et al., CVPR 2017; spec of AlignedReID section 11): the peer of ReRankingBenchmark.cs.

For each line `features|distances FILE ITEMS QUERIES RESULT` on standard input it reads the items' features, or all their distances (float32, queries in front), writes the
re-ranked distances of queries to the gallery (float32), and answers with the seconds of re-ranking and this process's peak memory in bytes.
"""
import resource
import sys
import time

import numpy as np

K1, K2, LAMBDA = 20, 6, 0.3


def squared_distances(features):
    """All by all, in one matrix: |x|^2 + |y|^2 - 2xy."""
    squares = np.einsum("nd,nd->n", features, features)
    distances = features @ features.T
    distances *= -2
    distances += squares[:, None]
    distances += squares[None]
    return np.maximum(distances, 0, out=distances)


def mutual(ranks, item, first):
    """Those of an item's first that have it among their own first."""
    near = ranks[item, :first]
    return near[(ranks[near, :first] == item).any(1)]


def weights(distances, ranks):
    """The matrix V: whom each item counts among its own, and how much."""
    half = int(np.around(K1 / 2)) + 1
    halves = [mutual(ranks, item, half) for item in range(len(ranks))]
    counted = np.zeros_like(distances)
    for item in range(len(ranks)):
        own = mutual(ranks, item, K1 + 1)
        expanded = [own]
        for candidate in own:
            if np.isin(halves[candidate], own).sum() > 2 / 3 * len(halves[candidate]):
                expanded.append(halves[candidate])
        expanded = np.unique(np.concatenate(expanded))
        near = np.exp(-distances[item, expanded])
        counted[item, expanded] = near / near.sum()
    return counted


def re_ranked(distances, queries):
    """Of squared distances."""
    distances /= distances.max(1, keepdims=True)
    ranks = np.argsort(distances).astype(np.int32)
    counted = weights(distances, ranks)
    distances = distances[:queries, queries:].copy()
    averaged = np.empty_like(counted)
    for item in range(len(ranks)):
        averaged[item] = counted[ranks[item, :K2]].mean(0)
    del ranks, counted

    gallery = averaged[queries:]
    columns = [np.nonzero(gallery[:, item])[0] for item in range(len(averaged))]
    for query in range(queries):
        shared = np.zeros(len(gallery), np.float32)
        for item in np.nonzero(averaged[query])[0]:
            shared[columns[item]] += np.minimum(averaged[query, item], gallery[columns[item], item])
        distances[query] = (1 - LAMBDA) * (1 - shared / (2 - shared)) + LAMBDA * distances[query]
    return distances


def main():
    for line in sys.stdin:
        what, path, items, queries, result = line.split()
        numbers = np.fromfile(path, np.float32).reshape(int(items), -1)
        begun = time.perf_counter()
        squared = np.square(numbers) if what == "distances" else squared_distances(numbers)
        distances = re_ranked(squared, int(queries))
        seconds = time.perf_counter() - begun
        distances.tofile(result)
        print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)


main()
