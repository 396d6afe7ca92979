using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>One module after the other. What is between two of them is disposed on the way.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string name, nn.IModule<Tensor, Tensor> module)> _sequence = [];

        internal Sequential() : base(nameof(Sequential))
        {
        }

        protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : this()
        {
            foreach (var (name, module) in modules) append(name, module);
        }

        protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : this()
        {
            foreach (var module in modules) append(module);
        }

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            _sequence.Add((name, module));
            return this;
        }

        public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(), module);

        public override Tensor forward(Tensor tensor)
        {
            if (Count == 0) return tensor.alias();
            var result = _sequence[0].module.call(tensor);
            foreach (var (_, module) in _sequence.Skip(1))
            {
                var next = module.call(result);
                result.Dispose();
                result = next;
            }
            return result;
        }

        public int Count => _sequence.Count;

        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => _sequence[index].module;

        [IndexerName("SequentialItems")]
        public Sequential this[(int? start, int? end) index]
        {
            get
            {
                var (start, end) = (index.start ?? 0, index.end ?? Count);
                if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
                if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
                var part = new Sequential();
                for (var i = start; i < end; i++) part.append(_sequence[i].name, _sequence[i].module);
                return part;
            }
        }

        [IndexerName("SequentialItems")]
        public Sequential this[System.Range index] => this[((int?)index.Start.GetOffset(Count), (int?)index.End.GetOffset(Count))];

        public override IEnumerable<(string name, nn.Module module)> named_children() => _sequence.Select(entry => (entry.name, (nn.Module)entry.module));

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            => recurse ? Below(module => module.named_parameters()) : [];

        public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            => recurse ? Below(module => module.named_buffers(true, include_nonpersistent)) : [];

        private IEnumerable<(string name, T tensor)> Below<T>(Func<nn.Module, IEnumerable<(string name, T tensor)>> members) where T : Tensor
            => named_children().SelectMany(child => members(child.module).Select(member => ($"{child.name}.{member.name}", member.tensor)))
                .DistinctBy(member => member.tensor.handle);

        public override nn.Module apply(Action<nn.Module> fn)
        {
            foreach (var module in children()) module.apply(fn);
            fn(this);
            return this;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => Sequential(modules.AsEnumerable());

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                var result = Sequential();
                foreach (var (name, module) in modules) result.append(name, module);
                return result;
            }

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential(modules.AsEnumerable());

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var result = Sequential();
                foreach (var module in modules) result.append(module);
                return result;
            }
        }
    }
}
