# Makes the files of this folder with PyTorch (they were made by 1.13.1 under Python 3.11). Tests read them; nothing runs this.
import collections, copyreg, gzip, io, os, pickle, re, struct, tarfile, torch

def number(count, dtype):
    return torch.arange(count).to(dtype)

def mixed():
    state = collections.OrderedDict()
    for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
        state[str(dtype).replace('torch.', '')] = number(6, dtype).view(2, 3)
    state['bool'] = torch.tensor([True, False, True])
    state['scalar'] = torch.tensor(7)
    state['empty'] = torch.empty(0, 3)
    whole = number(24, torch.float32).view(4, 6)
    state['turned'] = whole.t()
    state['inside'] = whole[1:3, 2:5]
    state['parameter'] = torch.nn.Parameter(torch.full((2,), 1.5))
    state._metadata = collections.OrderedDict({'': {'version': 1}, 'layer': {'version': 2}})
    return state

def wrapped():
    net = torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)))
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 1, 4, 4)).sum().backward()
    optimizer.step()
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5])
    return {'epoch': 3, 'state_dict': net.state_dict(), 'optimizer': optimizer.state_dict(), 'scheduler': schedule.state_dict(), 'best': 0.5,
            'big': 1 << 70, 'names': ['a', None, ('b', True)], 'device': torch.device('cpu'), 'size': torch.Size([1, 2]), 'dtype': torch.float32}

torch.manual_seed(1)
for name, value in (('mixed', mixed()), ('wrapped', wrapped())):
    torch.save(value, f'{name}.zip.pth')
    torch.save(value, f'{name}.legacy.pth', _use_new_zipfile_serialization=False)
torch.save(mixed(), 'mixed-protocol4.zip.pth', pickle_protocol=4)
torch.save(mixed(), 'mixed-protocol4.legacy.pth', pickle_protocol=4, _use_new_zipfile_serialization=False)
torch.save(torch.nn.Sequential(torch.nn.Linear(2, 2)), 'whole-network.zip.pth')
torch.save(torch.ones(3), 'one-tensor.zip.pth')
torch.jit.script(torch.nn.Linear(2, 2)).save('torchscript.pth')

# What torch.save wrote until February 2017, by torch/serialization.py's legacy_load and tarfile; parameters as torch/autograd/variable.py saved them then.
class TarPickler(pickle.Pickler):
    def __init__(self, file, tensors):
        super().__init__(file, protocol=2)
        self.tensors = tensors

    def persistent_id(self, value):
        if type(value) is torch.Tensor:
            self.tensors[id(value)] = value
            return str(id(value))

    def reducer_override(self, value):
        if type(value) is torch.nn.Parameter:
            return copyreg.__newobj__, (torch.nn.Parameter,), (value.data, None, None, True, False)
        return NotImplemented

def tar(state, views=()):
    """Bytes of the file. Tensors of these names have as storage a view that begins at their first number."""
    def dump(value, to):
        pickle.dump(value, to, protocol=2)

    def type_of(tensor, what):
        """torch.FloatTensor or torch.FloatStorage, which pickles name."""
        return getattr(torch, tensor.type().replace('torch.', '').replace('Tensor', what))

    members = {name: io.BytesIO() for name in ('sys_info', 'pickle', 'tensors', 'storages')}
    dump(dict(protocol_version=1000, little_endian=True, type_sizes=dict(short=2, int=4, long=4)), members['sys_info'])
    tensors = collections.OrderedDict()
    kept = TarPickler(members['pickle'], tensors)
    kept.dump(state)

    storages, roots, seen = {}, [], {id(state[name]): 1 << 40 | i for i, name in enumerate(views)}
    dump(len(tensors), members['tensors'])
    for key, tensor in tensors.items():
        storage = tensor.storage()
        root = storages.setdefault((storage.data_ptr(), str(tensor.dtype)), (1 << 41 | len(storages), storage, tensor))[0]
        offset, id_ = tensor.storage_offset(), root
        if key in seen:
            roots.append((seen[key], root, offset, storage.size() - offset))
            offset, id_ = 0, seen[key]
        dump((key, id_, type_of(tensor, 'Tensor')), members['tensors'])
        sizes = list(tensor.shape) + list(tensor.stride())
        members['tensors'].write(struct.pack('<ii', tensor.dim(), 0) + struct.pack(f'<{len(sizes)}q', *sizes) + struct.pack('<q', offset))
    dump(len(storages), members['storages'])
    for key, storage, tensor in storages.values():
        dump((key, 'cpu', type_of(tensor, 'Storage')), members['storages'])
        members['storages'].write(struct.pack('<q', storage.size()) + bytes(storage.untyped()))
    dump(roots, members['storages'])

    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode='w:', format=tarfile.PAX_FORMAT) as to:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content.getvalue()), 1485907200.5
            content.seek(0)
            to.addfile(info, content)
    return file.getvalue()

# Parameters as PyTorch saved them after that and up to 0.3.
class ParametersOf03:
    class Pickler(pickle.Pickler):
        def reducer_override(self, value):
            if type(value) is torch.nn.Parameter:
                return torch.nn.Parameter, (value.data,), (True, False, collections.OrderedDict())
            return NotImplemented

    dump = pickle.dump

with open('mixed.tar.pth', 'wb') as to:
    to.write(tar(mixed(), views=['inside']))
torch.save(mixed(), 'mixed-parameters-0.3.legacy.pth', pickle_module=ParametersOf03, _use_new_zipfile_serialization=False)

# Whole networks under the names and in the shapes that their programs give them, every number of the i-th tensor being i + 1: almost nothing once packed.
def entries(network):
    """VKD's names (tests/Golden/Cases/names) with shapes; heads of 7 identities."""
    for row in list(open(os.path.join(os.path.dirname(__file__), '../../../Golden/Cases/names', f'vkd.{network}.tsv')))[1:]:
        name, _, shape, _ = row.rstrip('\n').split('\t')
        yield name, [] if shape == 'scalar' else [int(size) for size in shape.split('x')]

def numbered(entries):
    state = collections.OrderedDict()
    for i, (name, shape) in enumerate(entries):
        state[name] = torch.full(shape, i + 1, dtype=torch.float32 if shape else torch.int64)
    modules = sorted({name.rsplit('.', part)[0] for name in state for part in range(1, name.count('.') + 1)} | {''})
    state._metadata = collections.OrderedDict((name, {'version': 2 if f'{name}.running_mean' in state else 1}) for name in modules)
    return state

def packed(file, state, **options):
    bytes = io.BytesIO()
    torch.save(state, bytes, **options)
    pack(file, bytes.getvalue())

def pack(file, bytes):
    with gzip.GzipFile(file, 'wb', 9, mtime=0) as to:
        to.write(bytes)

def resnet():
    """torchvision's resnet18 as its file of 2017 has it: parameters, and no counters."""
    for name, shape in entries('resnet18'):
        if name.startswith('backbone.') and shape:
            stage, part, rest = re.fullmatch(r'backbone\.features_layers\.(\d)\.(\d)\.(.*)', name).groups()
            yield f"{('conv1', 'bn1')[int(part)] if stage == '0' else f'layer{stage}'}.{rest}", shape
    yield 'fc.weight', [1000, 512]
    yield 'fc.bias', [1000]

def mobilenet():
    """torchvision's mobilenet_v2."""
    for name, shape in entries('mobilenet'):
        if name.startswith('backbone.'):
            yield name.replace('backbone.features_layers.', 'features.'), shape
    yield 'classifier.1.weight', [1000, 1280]
    yield 'classifier.1.bias', [1000]

def densenet():
    """torchvision's densenet121 as its file of 2017 has it: layers numbered behind a dot, no counters."""
    parts = 'conv0 norm0 relu0 pool0 denseblock1 transition1 denseblock2 transition2 denseblock3 transition3 denseblock4 norm5'.split()
    for name, shape in entries('densenet121'):
        if name.startswith('backbone.') and shape:
            number, rest = re.fullmatch(r'backbone\.features_layers\.(\d+)\.(.*)', name).groups()
            yield re.sub(r'(denselayer\d+\.(?:norm|conv))', r'\1.', f'features.{parts[int(number)]}.{rest}'), shape
    yield 'classifier.weight', [1000, 1024]
    yield 'classifier.bias', [1000]

packed('vkd-resnet18.legacy.pth.gz', numbered(entries('resnet18')), _use_new_zipfile_serialization=False)
packed('torchvision-mobilenet.zip.pth.gz', numbered(mobilenet()))
packed('torchvision-densenet121.legacy.pth.gz', numbered(densenet()), _use_new_zipfile_serialization=False)

imagenet = collections.OrderedDict((name, value if 'running' in name else torch.nn.Parameter(value)) for name, value in numbered(resnet()).items())
pack('torchvision-resnet18.tar.pth.gz', tar(imagenet))
