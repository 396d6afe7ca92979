# Makes the files of this folder with PyTorch (they were made by 1.13.1 under Python 3.11). Tests read them; nothing runs this.
import collections, torch

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
