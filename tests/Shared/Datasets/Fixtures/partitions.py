# Writes the partitions of a tiny set in each of the forms that AlignedReID's files have: NumPy's texts and bytes, lists of NumPy's texts, plain lists.
import pickle
import numpy as np

NAMES = dict(
    trainval=["00000002_0001_00000000.jpg", "00000002_0003_00000000.jpg", "00000007_0001_00000000.jpg", "00000007_0002_00000000.jpg"],
    train=["00000002_0001_00000000.jpg", "00000002_0003_00000000.jpg"],
    val=["00000007_0001_00000000.jpg", "00000007_0002_00000000.jpg"],
    test=["00000010_0001_00000000.jpg", "00000010_0001_00000001.jpg", "00000000_0002_00000000.jpg", "00000010_0006_00000000.jpg"],
)
MARKS = dict(val=[0, 1], test=[0, 2, 1, 1])
LABELS = dict(trainval={2: 0, 7: 1}, train={2: 0})


def partitions(names, marks, number):
    made = {f"{part}_im_names": names(values) for part, values in NAMES.items()}
    made.update({f"{part}_marks": marks(values) for part, values in MARKS.items()})
    made.update({f"{part}_ids2labels": {number(one): int(label) for one, label in values.items()} for part, values in LABELS.items()})
    return made


def write(name, value, protocol=2):
    with open(name, "wb") as file:
        pickle.dump(value, file, protocol)


ARRAYS = partitions(np.array, lambda values: np.array(values, dtype=np.int64), np.int64)
write("partitions.arrays.pkl", ARRAYS)
write("partitions.protocol4.pkl", ARRAYS, 4)
write("partitions.bytes.pkl", partitions(lambda values: np.array(values, dtype="S"), lambda values: np.array(values, dtype=">i2"), np.int32))
write("partitions.scalars.pkl", partitions(lambda values: list(np.array(values)), lambda values: [np.uint8(value) for value in values], int))
write("partitions.lists.pkl", partitions(list, list, int))
write("partitions.objects.pkl", partitions(lambda values: np.array(values, dtype=object), tuple, int))
write("partitions.cuhk03.pkl", {kind: {
    "train_im_names": ["00000000_0000_00000000.jpg", "00000000_0001_00000000.jpg"], "train_ids2labels": {0: 0},
    "query_im_names": [f"0000000{one}_0000_00000000.jpg"], "gallery_im_names": [f"0000000{one}_0001_00000000.jpg"]} for kind, one in (("detected", 1), ("labeled", 2))})
