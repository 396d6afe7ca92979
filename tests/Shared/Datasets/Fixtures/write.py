"""Writes the files of this folder: `python3 write.py`. Needs numpy, scipy and h5py."""
import h5py
import numpy
import scipy.io


def cells(texts):
    column = numpy.empty((len(texts), 1), dtype=object)
    column[:, 0] = texts
    return column


scipy.io.savemat(
    "lists.mat",
    {
        "filelist": cells(["1_001_1_01.png", "5_049_2_10.png", "", "größe"]),
        "labels": numpy.array([[1], [1467], [3], [4]], dtype=numpy.int16),
        "mixed": cells(["a", 1.5]),
    },
    do_compression=True,
)
