# Makes the files of this folder with PyTorch (they were made by 1.13.1 under Python 3.11). Tests read them; nothing runs this.
import collections, gzip, io, os, re, torch

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
    with gzip.GzipFile(file, 'wb', 9, mtime=0) as to:
        to.write(bytes.getvalue())

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
