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


def crop(kind, pair, person, column):
    """Colors, columns, rows: MATLAB's order the other way round."""
    width, height = 4 + person, 7 + column
    color, x, y = numpy.meshgrid(numpy.arange(3), numpy.arange(width), numpy.arange(height), indexing="ij")
    return ((pair * 31 + person * 17 + column * 7 + color * 50 + x * 3 + y * 5 + len(kind)) % 256).astype(numpy.uint8)


def save_as_matlab(path, write):
    """As save(..., '-v7.3'): 512 bytes of MATLAB's own in front, then what HDF5 writes by default."""
    with h5py.File(path, "w", libver="earliest", userblock_size=512) as file:
        write(file)
    with open(path, "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64, written by h5py for tests".ljust(116) + bytes(8) + b"\x00\x02IM")


def write_cuhk03(file):
    refs = file.create_group("#refs#")
    empty = refs.create_dataset("a", data=numpy.zeros(2, dtype=numpy.uint64))
    count = iter(range(100000))

    def keep(data, **how):
        return refs.create_dataset("n%d" % next(count), data=data, **how)

    def stored(pair, column):
        packed = {1: {"chunks": (2, 3, 4), "compression": "gzip"}, 6: {"chunks": True, "compression": "gzip", "shuffle": True}}
        return packed.get(column, {}) if pair == 1 else {}

    def table(kind, pair, persons):
        cells = numpy.empty((10, persons), dtype=h5py.ref_dtype)
        for person in range(1, persons + 1):
            for column in range(1, 11):
                # As in the authors' file, filled cells lead each half.
                filled = (column - 1) % 5 < (2 if person > 1 else 1)
                cells[column - 1, person - 1] = (keep(crop(kind, pair, person, column), **stored(pair, column)) if filled else empty).ref
        return keep(cells)

    for kind in ["detected", "labeled"]:
        pairs = [table(kind, pair, 3 if pair == 1 else 1) for pair in range(1, 6)]
        file.create_dataset(kind, data=numpy.array([[pair.ref for pair in pairs]], dtype=h5py.ref_dtype))
    splits = [keep(numpy.array([[1.0, 2], [1 + split % 3, 1]])) for split in range(20)]
    file.create_dataset("testsets", data=numpy.array([[split.ref for split in splits]], dtype=h5py.ref_dtype))


def write_arrays(file):
    wide = numpy.arange(7 * 11, dtype=numpy.int32).reshape(7, 11) - 40
    file["contiguous"] = wide
    file.create_dataset("chunked", data=wide, chunks=(3, 4), compression="gzip", shuffle=True)
    file.create_dataset("plain-chunks", data=wide.astype(numpy.float64), chunks=(4, 4))
    file.create_dataset("many-chunks", data=numpy.arange(220, dtype=numpy.uint16), chunks=(3,), compression="gzip")
    file["single"] = numpy.float32(2.5)
    file["text"] = "letters"
    file.create_dataset("big-endian", data=wide.astype(">i4"))
    file.create_dataset("nothing", shape=(0, 3), dtype=numpy.uint8)
    for member in range(150):
        file["member %03d" % member] = file["single"]


save_as_matlab("cuhk-03.mat", write_cuhk03)
with h5py.File("arrays-earliest.h5", "w", libver="earliest") as arrays:
    write_arrays(arrays)
with h5py.File("arrays-latest.h5", "w", libver="latest") as arrays:
    arrays["contiguous"] = numpy.arange(5, dtype=numpy.int16)
    arrays["single"] = numpy.float64(-1)
with h5py.File("refused-earliest.h5", "w", libver="earliest") as arrays:
    arrays.create_dataset("checked", data=numpy.arange(77), chunks=(9,), fletcher32=True)
    arrays.create_dataset("unwritten", shape=(5, 5), dtype=numpy.uint8, chunks=(2, 2))
with h5py.File("refused-latest.h5", "w", libver="latest") as arrays:
    arrays.create_dataset("chunked", data=numpy.arange(50, dtype=numpy.int16), chunks=(7,), compression="gzip")
