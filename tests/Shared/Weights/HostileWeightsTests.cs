using System.Text;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Weights;

/// <summary>Files made to run something, to hang, to fill memory, or to read what is not theirs: each is refused with its place and a remedy.</summary>
public sealed class HostileWeightsTests
{
    private const long MostMemory = 512L << 20;

    /// <summary>Bytes read for one of the file: a directory and its headers are looked at more than once, nothing is read over and over.</summary>
    private const int MostReads = 8;

    private static readonly Dictionary<string, (byte[] File, string Why)> Corpus = new()
    {
        ["os.system by REDUCE"] = Pickle(p => p.Global("os", "system").Text("touch /tmp/owned").Add(0x85).Add("R"), "asks for os.system"),
        ["posix.system"] = Pickle(p => p.Global("posix", "system").Text("id").Add(0x85).Add("R"), "asks for posix.system"),
        ["nt.system"] = Pickle(p => p.Global("nt", "system").Text("id").Add(0x85).Add("R"), "asks for nt.system"),
        ["subprocess.Popen"] = Pickle(p => p.Global("subprocess", "Popen").Text("id").Add(0x85).Add("R"), "asks for subprocess.Popen"),
        ["builtins.eval by STACK_GLOBAL"] = Pickle(p => p.Text("builtins").Text("eval").Add(0x93).Text("1").Add(0x85).Add("R"), "asks for builtins.eval"),
        ["builtins.getattr"] = Pickle(p => p.Global("builtins", "getattr"), "asks for builtins.getattr"),
        ["__builtin__.exec"] = Pickle(p => p.Global("__builtin__", "exec"), "asks for __builtin__.exec"),
        ["runpy"] = Pickle(p => p.Global("runpy", "_run_code"), "asks for runpy._run_code"),
        ["a dotted name"] = Pickle(p => p.Global("torch", "serialization.os.system"), "asks for torch.serialization.os.system"),
        ["a name with a dot moved"] = Pickle(p => p.Text("collections.OrderedDict").Text("__init__").Add(0x93), "asks for collections.OrderedDict.__init__"),
        ["torch.load again"] = Pickle(p => p.Global("torch", "load").Text("other").Add(0x85).Add("R"), "asks for torch.load"),
        ["torch.hub.load"] = Pickle(p => p.Global("torch.hub", "load"), "asks for torch.hub.load"),
        ["numpy"] = Pickle(p => p.Global("numpy.core.multiarray", "_reconstruct"), "asks for numpy.core.multiarray._reconstruct"),
        ["INST"] = Pickle(p => p.Add("(").Text("id").Add("ios\nsystem\n"), "(INST)"),
        ["OBJ"] = Pickle(p => p.Add("(").Global("collections", "OrderedDict").Add("o"), "(OBJ)"),
        ["NEWOBJ"] = Pickle(p => p.Global("collections", "OrderedDict").Add(")").Add(0x81), "(NEWOBJ)"),
        ["NEWOBJ_EX"] = Pickle(p => p.Global("collections", "OrderedDict").Add(")}").Add(0x92), "(NEWOBJ_EX)"),
        ["EXT1"] = Pickle(p => p.Add(0x82, 1), "(EXT1)"),
        ["PERSID"] = Pickle(p => p.Add("Pstorage\n"), "(PERSID)"),
        ["NEXT_BUFFER"] = Pickle(p => p.Add(0x97), "(NEXT_BUFFER)"),
        ["an opcode that does not exist"] = Pickle(p => p.Add(0xFF), "opcode 0xff"),
        ["protocol 0"] = (PickleBytes.Zip([.. "(dp0\n."u8]), "opcode 0x64 (DICT)"),
        ["a call of a text"] = Pickle(p => p.Text("eval").Text("1").Add(0x85).Add("R"), "a call of something that is no name"),
        ["a call of what a call gave"] = Pickle(p => p.Global("collections", "OrderedDict").Add(")R)R"), "a call of something that is no name"),
        ["a call of a type"] = Pickle(p => p.Global("torch", "FloatStorage").Number(1L << 40).Add(0x85).Add("R"), "called with 1 arguments in a way that PyTorch does not"),
        ["attributes for a list"] = Pickle(p => p.Add("]}b"), "attributes for something that has none"),
        ["attributes that are a call"] = Pickle(p => p.Add("}").Text("x").Add("b"), "attributes for something that has none"),
        ["a whole network"] = Pickle(p => p.Add("(").Text("module").Global("torch", "Size").Text("x.py").Text("import os").Add("tQ"), "a whole network with its program"),

        ["a number of two gigabytes"] = Pickle(p => p.Add(0x8B).Add(BitConverter.GetBytes(int.MaxValue)), "a number of 2147483647 bytes"),
        ["a number of minus one byte"] = Pickle(p => p.Add(0x8B).Add(BitConverter.GetBytes(-1)), "a number of 4294967295 bytes"),
        ["bytes of 2^63"] = Pickle(p => p.Add(0x8E).Add(BitConverter.GetBytes(1UL << 63)), "of length 9223372036854775808"),
        ["bytes of 2^64-1"] = Pickle(p => p.Add(0x8E).Add(BitConverter.GetBytes(ulong.MaxValue)), "of length 18446744073709551615"),
        ["a text of four gigabytes"] = Pickle(p => p.Add("X").Add(BitConverter.GetBytes(-1)), "of length 4294967295"),
        ["a text of 2^62"] = Pickle(p => p.Add(0x8D).Add(BitConverter.GetBytes(1UL << 62)), "of length 4611686018427387904"),
        ["a frame of 2^63"] = Pickle(p => p.Add(0x95).Add(BitConverter.GetBytes(1UL << 63)), "a frame is said to have 9223372036854775808 bytes"),
        ["a name without end"] = Pickle(p => p.Add("c").Add(Encoding.ASCII.GetBytes(new string('a', 5000))), "a name is longer"),
        ["a text that is no UTF-8"] = Pickle(p => p.Add("U").Add(1, 0xFF), "not UTF-8"),
        ["a mark that nobody closes"] = (PickleBytes.Zip(PickleBytes.Dict(p => p.Number(1)).Add("(").Done()), "ends with 1 values"),
        ["marks in marks"] = Pickle(p => p.Add(Enumerable.Repeat((byte)'(', 100_000).ToArray()), "nested more than"),
        ["tuples in tuples"] = (PickleBytes.Zip(new PickleBytes().Add(")").Add(Enumerable.Repeat((byte)0x85, 900_000).ToArray()).Done()), "holds no dictionary"),
        ["more steps than any list needs"] = Pickle(p => p.Add(Enumerable.Repeat((byte)'N', 1_000_001).ToArray()), "longer than 1000000 steps"),
        ["a stack that runs empty"] = Pickle(p => p.Add("sssss"), "a value is wanted where there is none"),
        ["a tuple without a beginning"] = Pickle(p => p.Add("t"), "the end of a list that has no beginning"),
        ["a value taken from under a mark"] = Pickle(p => p.Add("(s"), "a value is wanted where there is none"),
        ["a recall of nothing"] = Pickle(p => p.Add("j").Add(BitConverter.GetBytes(-1)), "recalled before it was remembered"),
        ["a memo of chosen numbers"] = Pickle(p => p.Add("Nr").Add(BitConverter.GetBytes(-1)), "a value is remembered as number 4294967295"),
        ["a text after the end of the file"] = (PickleBytes.Zip([0x80, 2, (byte)'X', 9, 0, 0, 0, (byte)'a']), "where 1 bytes are left"),
        ["no end"] = (PickleBytes.Zip([0x80, 2, (byte)'}']), "truncated or damaged"),
        ["two values at the end"] = Pickle(p => p.Add("N"), "ends with 2 values", keep: true),
        ["bytes behind the end"] = (PickleBytes.Zip([.. Good, 1, 2, 3]), "3 bytes stand behind its end"),
        ["a dictionary in itself, under the name of a wrap"] = (PickleBytes.Zip(new PickleBytes().Add("}q\0").Text("model").Add("h\0s").Done()), "no tensor is in it"),
        ["wraps in a circle"] = (PickleBytes.Zip(new PickleBytes().Add("}q\0").Text("model").Add("}q\u0001").Text("state_dict").Add("h\0ss").Done()), "nested more than 4 deep"),
        ["a list of itself where networks should be"] = (PickleBytes.Zip(new PickleBytes().Add("}").Text("state_dicts").Add("]q\0h\0as").Done()), "no tensor is in it"),
        ["a network that lists itself"] = (PickleBytes.Zip(new PickleBytes().Add("}q\0").Text("state_dicts").Add("]h\0as").Done()), "no tensor is in it"),
        ["networks in networks"] = (
            PickleBytes.Zip(new PickleBytes().Add("}q\0(").Text("w").Tensor([4], [1]).Text("state_dicts").Add("]h\0au").Done()), "nested more than 4 deep"),
        ["a list in itself"] = (PickleBytes.Zip(PickleBytes.Dict(p => p.Add("]q\0h\0a")).Done()), "no tensor is in it"),
        ["a tuple of itself by way of a list"] = (PickleBytes.Zip(PickleBytes.Dict(p => p.Add("]q\0h\0").Add(0x85).Add("a")).Done()), "no tensor is in it"),
        ["a billion laughs"] = (PickleBytes.Zip(Laughs()), "no tensor is in it"),
        ["a long list made a dictionary again and again"] = (PickleBytes.Zip(Copies()), "more pairs than"),
        ["a long dictionary looked through again and again"] = (PickleBytes.Zip(LookedThrough()), "no tensor is in it"),

        ["a storage beyond the file"] = Tensor(p => p.Tensor([8], [1], count: 8), "bytes where its tensors expect 8 numbers"),
        ["a storage of 2^61 numbers"] = Tensor(p => p.Tensor([4], [1], count: 1L << 61), "a storage is not described as PyTorch does"),
        ["a storage of minus one"] = Tensor(p => p.Tensor([4], [1], count: -1), "a storage is not described as PyTorch does"),
        ["a storage that is not there"] = Tensor(p => p.Tensor([4], [1], key: "1"), "lacks data/1"),
        ["a storage with a path"] = Tensor(p => p.Tensor([4], [1], key: "../../etc/passwd"), "lacks data/../../etc/passwd"),
        ["a storage described twice"] = Tensor(p => p.Tensor([4], [1]).Add("s").Text("v").Tensor([2], [1], count: 2), "is described twice, differently"),
        ["a tensor behind its storage"] = Tensor(p => p.Tensor([2], [1], offset: 3), "does not lie in its storage"),
        ["an offset that overflows"] = Tensor(p => p.Tensor([4], [1], offset: long.MaxValue), "does not lie in its storage"),
        ["a negative offset"] = Tensor(p => p.Tensor([1], [1], offset: -1), "does not lie in its storage"),
        ["a negative size"] = Tensor(p => p.Tensor([-4], [1]), "does not lie in its storage"),
        ["a negative stride"] = Tensor(p => p.Tensor([4], [-1], offset: 3), "does not lie in its storage"),
        ["sizes that overflow"] = Tensor(p => p.Tensor([1L << 32, 1L << 32], [0, 0]), "does not lie in its storage"),
        ["sizes that overflow to what fits"] = Tensor(p => p.Tensor([(1L << 62) + 1, 4], [0, 1]), "does not lie in its storage"),
        ["strides that overflow"] = Tensor(p => p.Tensor([long.MaxValue, 2], [long.MaxValue, 1]), "does not lie in its storage"),
        ["one number repeated a billion times"] = Tensor(p => p.Tensor([1_000_000_000], [0]), "does not lie in its storage"),
        ["strides of another count"] = Tensor(p => p.Tensor([2, 2], [1]), "does not lie in its storage"),
        ["seventeen dimensions"] = Tensor(p => p.Tensor([.. Enumerable.Repeat(1L, 17)], [.. Enumerable.Repeat(1L, 17)]), "are not numbers, or more than 16"),
        ["a shape of texts"] = Tensor(
            p => p.Global("torch._utils", "_rebuild_tensor_v2").Add("(").Storage().Number(0).Add("(").Text("4").Add("t").Tuple(1).Add(0x89).Add("}tR"), "are not numbers, or more than 16"),
        ["an offset that is a long text, which moves the cursor"] = Tensor(
            p => p.Global("torch._utils", "_rebuild_tensor_v2").Add("(").Storage().Text($"\u001b[2J{new string('a', 100_000)}").Tuple(4).Tuple(1).Add(0x89).Add("}tR"), "are not numbers"),
        ["the same name twice"] = Tensor(p => p.Tensor([4], [1]).Add("s").Text("w").Tensor([4], [1]), "two tensors are called 'w'"),
        ["a name that moves the cursor"] = (PickleBytes.Zip(new PickleBytes().Add("}").Text("\u001b[2J").Tensor([4], [1]).Add("s").Done()), "plain characters"),
        ["a tensor under a number"] = (PickleBytes.Zip(new PickleBytes().Add("}").Number(1).Tensor([4], [1]).Add("s").Done()), "plain characters"),
        ["more tensors than any list needs"] = (PickleBytes.Zip(ManyTensors()), "more than 10000 tensors"),

        ["entries that share bytes"] = (
            HandmadeZip.Write([new ZipPart("a/data.pkl", Good), new ZipPart("a/data/0", PickleBytes.Floats), new ZipPart("a/data/1", PickleBytes.Floats) { Offset = 40 }]), "share bytes"),
        ["a storage outside the zip"] = (
            HandmadeZip.Write([new ZipPart("a/data.pkl", Good), new ZipPart("a/data/0", PickleBytes.Floats) { Length = 1 << 30, Compressed = 1 << 30 }]), "does not lie inside"),
        ["a zip that unpacks to gigabytes"] = (
            HandmadeZip.Write([new ZipPart("a/data.pkl", new byte[64 << 20]) { Method = 8 }, new ZipPart("a/data/0", PickleBytes.Floats)]), "at most 16777216 are read"),
        ["a pickle outside the zip"] = (
            HandmadeZip.Write([new ZipPart("a/data.pkl", Good) { Offset = 1 << 30 }, new ZipPart("a/data/0", PickleBytes.Floats)]), "does not lie inside"),
        ["an absolute name"] = (PickleBytes.Zip(Good, new ZipPart("/etc/passwd", Good)), "'/etc/passwd'"),
        ["a name that climbs"] = (PickleBytes.Zip(Good, new ZipPart("a/../../b", Good)), "'a/../../b'"),
        ["a name that moves the cursor, in the zip"] = (PickleBytes.Zip(Good, new ZipPart("a/\u001b[2J\\", Good)), "has a backslash"),
        ["a pickle that is folder and file"] = (HandmadeZip.Write([new ZipPart("a/data.pkl/", []), new ZipPart("a/data/0", PickleBytes.Floats)]), "a zip with 0 files data.pkl"),
        ["more entries than any list needs"] = (HandmadeZip.Write([new ZipPart("a/data.pkl", Good)], wideEnd: true, entries: 2_000_000_000), "2000000000 entries"),
        ["a compressed storage"] = (
            HandmadeZip.Write([new ZipPart("a/data.pkl", Good), new ZipPart("a/data/0", PickleBytes.Floats) { Method = 8 }]), "is compressed, as torch.save does not"),
        ["two pickles"] = (PickleBytes.Zip(Good, new ZipPart("b/data.pkl", Good)), "a zip with 2 files data.pkl"),
        ["the same storage twice"] = (PickleBytes.Zip(Good, new ZipPart("a/data/0", PickleBytes.Floats)), "is there twice"),
        ["another byte order"] = (
            HandmadeZip.Write([new ZipPart("a/data.pkl", Good), new ZipPart("a/byteorder", "big"u8.ToArray()), new ZipPart("a/data/0", PickleBytes.Floats)]), "another byte order"),

        ["a legacy storage beyond the file"] = (PickleBytes.Legacy(PickleBytes.Dict(p => p.Tensor([8], [1], count: 8)).Done(), count: 8), "truncated or damaged"),
        ["a legacy storage of another length"] = (PickleBytes.Legacy(Good, count: 3), "has 3 numbers where its tensors expect 4"),
        ["a legacy storage of 2^64-1"] = (PickleBytes.Legacy(Good, count: -1), "has 18446744073709551615 numbers"),
        ["a legacy storage of another name"] = (PickleBytes.Legacy(Good, key: "9"), "names one that no tensor has"),
        ["bytes behind a legacy file"] = ([.. PickleBytes.Legacy(Good), 0], "1 bytes behind them"),
        ["another magic number"] = ([.. new PickleBytes().Number(1).Done(), .. PickleBytes.Legacy(Good)], "none of torch.save"),
        ["os.system where the magic number should be"] = (new PickleBytes().Global("os", "system").Text("id").Add(0x85).Add("R").Done(), "asks for os.system"),
        ["os.system where the storages should be"] = (
            [.. PickleBytes.LegacyHead, .. Good, .. new PickleBytes().Global("os", "system").Text("id").Add(0x85).Add("R").Done()], "asks for os.system"),
        ["a tar cut off in its header"] = (HandmadeTar.Pytorch()[..300], "it is truncated"),
        ["a tar without an end"] = (HandmadeTar.Pytorch()[..^1024], "it is truncated"),
        ["a tar whose header is changed"] = (Changed(HandmadeTar.Pytorch(), 0, (byte)'S'), "no header of a tar"),
        ["a tar of something else"] = (HandmadeTar.Write(("images/\u001b[2J.jpg", [1])), "it holds 'images/?[2J.jpg'"),
        ["a tar with a path"] = (HandmadeTar.Write(("../pickle", [1])), "it holds '../pickle'"),
        ["a tar with a link"] = ([.. HandmadeTar.Member("pickle", [], '2'), .. HandmadeTar.Pytorch()], "it holds 'pickle'"),
        ["a tar without tensors"] = (HandmadeTar.Write(("sys_info", [1]), ("pickle", Good), ("storages", [1])), "a tar without 'tensors'"),
        ["a tar with a member twice"] = ([.. HandmadeTar.Member("pickle", Good), .. HandmadeTar.Pytorch()], "holds 'pickle' twice"),
        ["a tar with a member beyond the file"] = ([.. HandmadeTar.Member("pickle", Good, size: 8L << 30), .. new byte[1024]], "does not lie inside the file"),
        ["a tar with a size that is none"] = (Sized("pickle", "99999999999"), "does not lie inside the file"),
        ["a tar that renames a member"] = ([.. HandmadeTar.Member("x", "20 path=../../pickle\n"u8.ToArray(), 'x'), .. HandmadeTar.Pytorch()], "another name or size"),
        ["a tar with a long extended header"] = ([.. HandmadeTar.Member("x", new byte[1 << 20], 'x'), .. HandmadeTar.Pytorch()], "an extended header of 1048576 bytes"),
        ["a tar of very many extended headers"] = ([.. Enumerable.Repeat(HandmadeTar.Member("x", [], 'x'), 10_000).SelectMany(header => header)], "more than 32 members"),
        ["a tar with a pickle longer than any"] = (HandmadeTar.Pytorch(pickle: new byte[(16 << 20) + 1]), "at most 16777216 are read"),
        ["a tar of another byte order"] = (HandmadeTar.Pytorch(machine: new PickleBytes().Add("}").Text("little_endian").Add(0x89).Add("s").Done()), "another byte order"),
        ["os.system in a tar"] = (HandmadeTar.Pytorch(pickle: PickleBytes.Dict(p => p.Global("os", "system").Text("id").Add(0x85).Add("R")).Done()), "asks for os.system"),
        ["os.system among the storages of a tar"] = (HandmadeTar.Pytorch(storages: new PickleBytes().Global("os", "system").Text("id").Add(0x85).Add("R").Done()), "asks for os.system"),
        ["os.system among the tensors of a tar"] = (HandmadeTar.Pytorch(tensors: new PickleBytes().Global("os", "system").Text("id").Add(0x85).Add("R").Done()), "asks for os.system"),
        ["a tar's pickle that describes a storage"] = (HandmadeTar.Pytorch(pickle: Good), "names a tensor that is not there"),
        ["a tar's pickle that names no tensor"] = (HandmadeTar.Pytorch(pickle: PickleBytes.Dict(p => p.Text("8").Add("Q")).Done()), "names a tensor that is not there"),
        ["bytes behind a tar's pickle"] = (HandmadeTar.Pytorch(pickle: [.. PickleBytes.Dict(p => p.Text("7").Add("Q")).Done(), 0]), "1 bytes stand behind its end"),
        ["bytes behind a tar's tensors"] = (HandmadeTar.Pytorch(tensors: [.. HandmadeTar.Tensors(), 0]), "1 bytes stand behind its end"),
        ["bytes behind a tar's storages"] = (HandmadeTar.Pytorch(storages: [.. HandmadeTar.Storages(), 0]), "1 bytes stand behind its end"),
        ["minus one storages in a tar"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(count: -1)), "begin with a count of at most 10000"),
        ["more storages in a tar than any list needs"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(count: 2_000_000_000)), "begin with a count of at most 10000"),
        ["more storages in a tar than there are"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(count: 2)), "a storage is not described as PyTorch does"),
        ["a storage of a tar of 2^62 numbers"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(numbers: 1L << 62)), "a storage of 4611686018427387904 numbers"),
        ["a storage of a tar of minus one"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(numbers: -1)), "a storage of 18446744073709551615 numbers"),
        ["a storage of a tar that is there twice"] = (HandmadeTar.Pytorch(storages: [.. HandmadeTar.Storages(count: 2, views: []), .. HandmadeTar.Storages()[13..]]), "two storages have the same key"),
        ["a view of a tar behind its storage"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(views: HandmadeTar.View(6, 5, 3, 2))), "a view of a storage does not lie in it"),
        ["a view of a tar that overflows"] = (
            HandmadeTar.Pytorch(storages: HandmadeTar.Storages(views: HandmadeTar.View(6, 5, long.MaxValue, long.MaxValue))), "a view of a storage does not lie in it"),
        ["a view of a tar before its storage"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(views: HandmadeTar.View(6, 5, -1, 2))), "a view of a storage does not lie in it"),
        ["a view of a tar of nothing"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(views: HandmadeTar.View(6, 9, 0, 1))), "a view of a storage does not lie in it"),
        ["a view of a tar under the key of its storage"] = (HandmadeTar.Pytorch(storages: HandmadeTar.Storages(views: HandmadeTar.View(5, 5, 0, 1))), "two storages have the same key"),
        ["more tensors in a tar than any list needs"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(count: 10_001)), "begin with a count of at most 10000"),
        ["a tensor of a tar twice"] = (HandmadeTar.Pytorch(tensors: [.. HandmadeTar.Tensors(count: 2), .. HandmadeTar.Tensors()[13..]]), "two tensors have the same key"),
        ["a tensor of a tar behind its storage"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(offset: 1)), "does not lie in its storage"),
        ["a tensor of a tar of a negative size"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(shape: [-2, 2])), "does not lie in its storage"),
        ["a tensor of a tar of a negative stride"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(strides: [-2, 1])), "does not lie in its storage"),
        ["a tensor of a tar of a negative offset"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(offset: -1)), "does not lie in its storage"),
        ["a tensor of a tar of minus one dimensions"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(dimensions: -1)), "a tensor of -1 dimensions"),
        ["a tensor of a tar of two billion dimensions"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(dimensions: int.MaxValue)), "a tensor of 2147483647 dimensions"),
        ["a tensor of a tar without a storage"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(storage: 9)), "its storage is not there"),
        ["a tensor of a tar of another type"] = (HandmadeTar.Pytorch(tensors: HandmadeTar.Tensors(type: "DoubleTensor")), "a tensor is not described as PyTorch does"),
        ["a parameter that is never filled"] = (HandmadeTar.Pytorch(pickle: PickleBytes.Dict(Parameter).Done()), "no tensor is in it"),
        ["a parameter made of something"] = (
            HandmadeTar.Pytorch(pickle: PickleBytes.Dict(p => p.Global("torch.nn.parameter", "Parameter").Text("7").Add("Q").Add(0x85, 0x81)).Done()), "made in a way that PyTorch does not"),
        ["a parameter with hooks"] = (
            HandmadeTar.Pytorch(pickle: PickleBytes.Dict(p => Parameter(p).Add("(").Text("7").Add("QN}NNs").Add(0x88, 0x89).Add("tb")).Done()), "attributes for something that has none"),
        ["a parameter filled twice"] = (HandmadeTar.Pytorch(pickle: PickleBytes.Dict(p => Fill(Fill(Parameter(p)))).Done()), "attributes for something that has none"),
        ["a parameter with a text for what it requires"] = Pickle(p => p.Tensor([4], [1]).Add("(").Add(0x88).Text("no").Add("Ntb"), "attributes for something that has none"),
        ["a tensor with a program for attributes"] = Pickle(p => p.Tensor([4], [1]).Add("}b"), "attributes for something that has none"),
        ["a number that is none"] = Pickle(p => p.Add("I1e9\n"), "a number that is none"),
        ["a number that is a truth value"] = Pickle(p => p.Add("I01\n"), "a number that is none"),
        ["a number of very many digits"] = Pickle(p => p.Add($"I{new string('9', 60)}\n"), "a number that is none"),
        ["a plain pickle"] = (new PickleBytes().Add("}").Done(), "none of torch.save"),
    };

    /// <summary>A parameter of PyTorch 0.1 before it is filled, and its filling.</summary>
    private static PickleBytes Parameter(PickleBytes pickle) => pickle.Global("torch.nn.parameter", "Parameter").Add(")").Add(0x81);

    private static PickleBytes Fill(PickleBytes pickle) => pickle.Add("(").Text("7").Add("QNN").Add(0x88, 0x89).Add("tb");

    private static byte[] Good => PickleBytes.Dict(p => p.Tensor([2, 2], [2, 1])).Done();

    public static TheoryData<string> Names => [.. Corpus.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_with_its_place_and_a_remedy(string name)
    {
        var (file, why) = Corpus[name];
        Refuse(new MemoryStream(file), why);
    }

    [Theory]
    [InlineData("a/data.pkl")]
    [InlineData("a/byteorder")]
    public void A_gigabyte_that_is_said_to_unpack_to_a_few_bytes_is_not_fetched(string packed)
    {
        const uint Hole = 1 << 30;
        var zip = HandmadeZip.Write(
        [
            new ZipPart("a/data/0", PickleBytes.Floats),
            .. packed == "a/byteorder" ? [new ZipPart("a/data.pkl", Good)] : Array.Empty<ZipPart>(),
            new ZipPart(packed, "little"u8.ToArray()) { Method = 8, Compressed = Hole },
        ]);
        var end = zip.AsSpan(^22..);
        var directory = BitConverter.ToInt32(end[16..]);
        BitConverter.TryWriteBytes(end[16..], (uint)directory + Hole);
        var path = Path.GetTempFileName();
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
            file.Write(zip.AsSpan(..directory));
            file.Position += Hole;
            file.Write(zip.AsSpan(directory..));

            Refuse(file, $"entry '{packed}' declares 6 bytes from {Hole}, which cannot be");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Bounded in what it reads and takes, not in seconds: what grows faster than the file fails on every machine.</summary>
    private static void Refuse(Stream file, string why)
    {
        using var counted = new CountedReads(file);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = Assert.Throws<WeightsException>(() => WeightsFile.Read(counted, "theirs.pth"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
        Assert.InRange(counted.Count, 0, (MostReads * file.Length) + (1 << 20));
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("theirs.pth", fault.Message, StringComparison.Ordinal);
        Assert.True(
            fault.Message.EndsWith(WeightsException.SaveAgain, StringComparison.Ordinal) || fault.Message.EndsWith(WeightsException.UploadAgain, StringComparison.Ordinal),
            fault.Message);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        Assert.InRange(fault.Message.Length, 0, 2000);
    }

    [Fact]
    public void A_tensor_that_repeats_its_numbers_to_gigabytes_is_not_gathered()
    {
        var tensor = new StoredTensor("w", TensorType.Float32, [1L << 29], [0], 0, 4);

        Assert.Contains("at most", Assert.Throws<WeightsException>(() => TensorBytes.Read(new MemoryStream(PickleBytes.Floats), tensor)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_corpus_is_made_of_is_read_where_it_is_honest()
    {
        // PyTorch 2 puts more beside the tensors.
        ZipPart[] newer = [new("a/.format_version", "1"u8.ToArray()), new("a/.storage_alignment", "64"u8.ToArray()), new("a/.data/serialization_id", "1"u8.ToArray())];
        foreach (var file in (byte[][])[PickleBytes.Zip(Good), PickleBytes.Zip(Good, newer), PickleBytes.Legacy(Good), .. Tars()])
        {
            using var stream = new MemoryStream(file);
            var tensor = Assert.Single(WeightsFile.Read(stream, "ours.pth").Tensors);
            Assert.Equal([2, 2], tensor.Shape);
            Assert.Equal([1, 2, 3, 4], TensorBytes.ReadFloats(stream, tensor));
        }
    }

    /// <summary>Also as Python 2 names tensors, with the tensor in a view of a storage, and as a parameter.</summary>
    private static IEnumerable<byte[]> Tars() =>
    [
        HandmadeTar.Pytorch(),
        HandmadeTar.Pytorch(pickle: PickleBytes.Dict(p => p.Add("I7\nQ")).Done(), tensors: HandmadeTar.Tensors(storage: 6), storages: HandmadeTar.Storages(views: HandmadeTar.View(6, 5, 0, 4))),
        HandmadeTar.Pytorch(pickle: PickleBytes.Dict(p => Fill(Parameter(p))).Done()),
        [.. HandmadeTar.Member("x", "28 mtime=1485907200.1234567\n"u8.ToArray(), 'x'), .. HandmadeTar.Pytorch()],
    ];

    [Theory]
    [InlineData("mixed.zip.pth")]
    [InlineData("mixed.legacy.pth")]
    [InlineData("wrapped.zip.pth")]
    [InlineData("wrapped.legacy.pth")]
    public void A_file_that_ends_at_any_byte_before_its_end_is_refused(string file)
    {
        var whole = File.ReadAllBytes(WeightsFileTests.PathOf(file));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<WeightsException>(() => WeightsFile.Read(new MemoryStream(whole, 0, length), file));
        }
    }

    [Theory]
    [InlineData("mixed.zip.pth")]
    [InlineData("mixed.legacy.pth")]
    [InlineData("mixed-protocol4.legacy.pth")]
    [InlineData("mixed-parameters-0.3.legacy.pth")]
    [InlineData("wrapped.zip.pth")]
    [InlineData("wrapped.legacy.pth")]
    public void Whatever_is_changed_in_a_file_it_is_refused_or_every_tensor_lies_in_it(string file)
    {
        var whole = File.ReadAllBytes(WeightsFileTests.PathOf(file));

        Assert.InRange(RefusedOf(Enumerable.Range(0, 3000).Select(seed => Mutation.Of(whole, seed))), 300, 3000);
    }

    /// <summary>In what a tar says, not in the padding between.</summary>
    [Fact]
    public void A_tar_that_ends_before_its_end_or_is_changed_is_refused_or_every_tensor_lies_in_it()
    {
        var whole = File.ReadAllBytes(WeightsFileTests.PathOf("mixed.tar.pth"));
        var end = whole.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        for (var length = 0; length < end; length++)
        {
            Assert.Throws<WeightsException>(() => WeightsFile.Read(new MemoryStream(whole, 0, length), "theirs"));
        }

        Assert.InRange(RefusedOf(Enumerable.Range(0, 3000).Select(seed => Mutation.Of(whole, seed))), 300, 3000);

        // Behind the headers, whose sums forbid nearly every change.
        var inside = HandmadeTar.Pytorch();
        Assert.InRange(RefusedOf(Enumerable.Range(0, inside.Length).Where(at => at % 512 < 200 && at / 512 % 2 == 1).SelectMany(at => Enumerable.Range(0, 8).Select(bit => Changed([.. inside], at, (byte)(inside[at] ^ (1 << bit)))))), 300, 6400);
    }

    /// <summary>How many of the files are refused; of the others every tensor is read.</summary>
    private static int RefusedOf(IEnumerable<byte[]> files)
    {
        var refused = 0;
        foreach (var file in files)
        {
            using var changed = new MemoryStream(file);
            try
            {
                foreach (var tensor in WeightsFile.Read(changed, "theirs").Tensors)
                {
                    Assert.InRange(tensor.Offset, 0, changed.Length);
                    Assert.InRange(tensor.Length, 0, changed.Length - tensor.Offset);
                    Assert.Equal(tensor.Count * tensor.Type.Bytes(), TensorBytes.Read(changed, tensor).Length);
                }
            }
            catch (WeightsException)
            {
                refused++;
            }
        }

        return refused;
    }

    [Fact]
    public void Whatever_is_changed_in_safetensors_they_are_refused_or_every_tensor_lies_in_them()
    {
        var header = new MemoryStream();
        SafetensorsHeader.Write(header, new Dictionary<string, string> { ["format"] = "pt" }, [("module.w", TensorType.Float32, [2, 2]), ("module.n", TensorType.Int64, [])]);
        byte[] whole = [.. header.ToArray(), .. PickleBytes.Floats, .. BitConverter.GetBytes(7L)];
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<WeightsException>(() => WeightsFile.Read(new MemoryStream(whole, 0, length), "theirs"));
        }

        Assert.InRange(RefusedOf(Enumerable.Range(0, 3000).Select(seed => Mutation.Of(whole, seed))), 300, 3000);
    }

    /// <summary>Up to its names and shapes, with what a network is recognized by.</summary>
    [Fact]
    public void Whatever_is_changed_in_a_networks_names_and_shapes_it_is_refused_or_still_a_network()
    {
        var whole = WeightsFileTests.Unpacked("vkd-resnet18.legacy.pth").ToArray();
        const int Pickles = 20_000;
        var refused = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            var changed = Mutation.Of(whole[..Pickles], seed);
            if (changed.Length != Pickles)
            {
                continue;
            }

            var kept = whole[..Pickles];
            changed.CopyTo(whole, 0);
            try
            {
                var match = WeightsManifest.Of(new MemoryStream(whole), "theirs.pth", "", null, null, default);
                Assert.Equal(BackboneName.ResNet18, match.Model.Backbone);
            }
            catch (WeightsException)
            {
                refused++;
            }

            kept.CopyTo(whole, 0);
        }

        Assert.InRange(refused, 50, 500);
    }

    /// <summary>A state dict in a zip whose value is made by these opcodes.</summary>
    private static (byte[] File, string Why) Pickle(Func<PickleBytes, PickleBytes> value, string why, bool keep = false) =>
        (PickleBytes.Zip((keep ? value(new PickleBytes().Add("}")) : PickleBytes.Dict(value)).Done()), why);

    private static (byte[] File, string Why) Tensor(Func<PickleBytes, PickleBytes> value, string why) => (PickleBytes.Zip(PickleBytes.Dict(value).Done()), why);

    private static byte[] Changed(byte[] file, int at, byte value)
    {
        file[at] = value;
        return file;
    }

    /// <summary>A tar whose only member's size is this text, with the right sum.</summary>
    private static byte[] Sized(string name, string size)
    {
        var header = HandmadeTar.Member(name, []);
        Encoding.ASCII.GetBytes(size).CopyTo(header, 124);
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0')).CopyTo(header, 148);
        return [.. header, .. new byte[1024]];
    }

    /// <summary>Each list holds the one before ten times, thirty lists deep.</summary>
    private static byte[] Laughs()
    {
        var pickle = new PickleBytes().Add("}").Text("w").Add("]]q\0a");
        for (byte level = 1; level < 30; level++)
        {
            pickle.Add("](");
            for (var i = 0; i < 10; i++)
            {
                pickle.Add((byte)'h', (byte)(level - 1));
            }

            pickle.Add((byte)'e', (byte)'q', level, (byte)'a');
        }

        return pickle.Add("s").Done();
    }

    /// <summary>One list of pairs, of which a dictionary is made as often as there is room: each of them as long as the list.</summary>
    private static byte[] Copies()
    {
        var pickle = new PickleBytes().Add("}").Text("w").Global("collections", "OrderedDict").Add("q\0").Add("](NN\u0086q\u0002");
        pickle.Add([.. Enumerable.Repeat<byte[]>([(byte)'h', 2], 100_000).SelectMany(recall => recall)]).Add("e\u0085q\u0001");
        for (var i = 0; i < 250_000; i++)
        {
            pickle.Add("h\0h\u0001R");
        }

        return pickle.Done();
    }

    /// <summary>One dictionary of very many values, which another holds under very many names.</summary>
    private static byte[] LookedThrough()
    {
        byte[] many = [.. Enumerable.Repeat((byte)'N', 400_000)];
        var pickle = new PickleBytes().Add("}(").Text("w").Add("q\0}(").Add(many).Add("uq\u0001");
        for (var i = 0; i < 200_000; i++)
        {
            pickle.Add("h\0h\u0001");
        }

        return pickle.Add("u").Done();
    }

    private static byte[] ManyTensors()
    {
        var pickle = new PickleBytes().Global("torch._utils", "_rebuild_tensor_v2").Add("q\0").Add("(").Storage().Number(0).Tuple(4).Tuple(1).Add(0x89).Add("}tq\u0001").Add("]");
        for (var i = 0; i <= 10_000; i++)
        {
            pickle.Add("h\0h\u0001Ra");
        }

        return pickle.Done();
    }
}
