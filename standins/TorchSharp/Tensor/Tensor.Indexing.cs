using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index(i1);
            set => index_put_(value, [i1]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(i1, i2);
            set => index_put_(value, [i1, i2]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(i1, i2, i3);
            set => index_put_(value, [i1, i2, i3]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(i1, i2, i3, i4);
            set => index_put_(value, [i1, i2, i3, i4]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Array.ConvertAll(indices, position => (TensorIndex)position));
            set => index_put_(value, Array.ConvertAll(indices, position => (TensorIndex)position));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var view = View(indices, out var chosen);
            if (chosen is null) return view;
            var result = Aten.index_Tensor.Call(view, Value.Optional(chosen));
            if (view != (object)this) view.Dispose();
            return result;
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var view = View(indices, out var chosen);
            if (chosen is null) view.copy_(value);
            else Aten.index_put_.Run(view, Value.Optional(chosen), value, accumulate);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false)
            => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor), accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var filler = full([], value, dtype, device);
            return index_put_(filler, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        /// <summary>Applies what is only a view (numbers, slices, new axes) and leaves the index tensors, by dimension of the view, in <paramref name="chosen"/>.</summary>
        private Tensor View(TensorIndex[] indices, out Tensor?[]? chosen)
        {
            var view = alias();
            List<Tensor?>? tensors = null;
            var dim = 0;
            for (var i = 0; i < indices.Length; i++)
            {
                var index = indices[i];
                switch (index.kind)
                {
                    case TensorIndex.Kind.Single:
                        Next(ref view, view.select(dim, index.start.GetValueOrDefault()));
                        break;
                    case TensorIndex.Kind.Slice:
                        if (index.start is not null || index.stop is not null || index.step is not null)
                            Next(ref view, Aten.slice_Tensor.Call(view, dim, index.start, index.stop, index.step ?? 1));
                        dim++;
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        dim += (int)view.ndim - dim - indices.Skip(i + 1).Sum(later => later.Consumes);
                        break;
                    case TensorIndex.Kind.None:
                    case TensorIndex.Kind.Null:
                        Next(ref view, view.unsqueeze(dim++));
                        break;
                    case TensorIndex.Kind.Bool:
                        Next(ref view, view.unsqueeze(dim));
                        Choose(ref tensors, dim++, index.start == 0 ? empty(0, int64, device) : zeros(1, int64, device));
                        break;
                    default:
                        Choose(ref tensors, dim, index.tensor!);
                        dim += index.Consumes;
                        break;
                }
            }
            chosen = tensors?.ToArray();
            return view;
        }

        private static void Next(ref Tensor view, Tensor next)
        {
            view.Dispose();
            view = next;
        }

        private static void Choose(ref List<Tensor?>? tensors, int dim, Tensor index)
        {
            tensors ??= [];
            while (tensors.Count < dim) tensors.Add(null);
            tensors.Add(index);
        }
    }

    /// <summary>One position inside <c>tensor[…]</c>.</summary>
    public struct TensorIndex
    {
        internal enum Kind
        {
            None,
            Single,
            Null,
            Ellipsis,
            Bool,
            Tensor,
            Slice,
        }

        internal Kind kind;
        internal long? start;
        internal long? stop;
        internal long? step;
        internal Tensor? tensor;

        /// <summary>How many dimensions of the indexed tensor it stands for.</summary>
        internal readonly int Consumes => kind switch
        {
            Kind.Single or Kind.Slice => 1,
            Kind.Tensor => tensor!.dtype is ScalarType.Bool or ScalarType.Byte ? (int)tensor.ndim : 1,
            _ => 0,
        };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null)
            => new() { kind = Kind.Slice, start = start, stop = stop, step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice((long?)range.start, range.end);

        public static TensorIndex Slice(System.Range range) => Slice(Position(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : Position(range.End));

        public static TensorIndex Bool(bool value) => new() { kind = Kind.Bool, start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };

        public static TensorIndex Ellipsis = new() { kind = Kind.Ellipsis };

        public static TensorIndex None = new() { kind = Kind.None };

        public static TensorIndex Null = new() { kind = Kind.Null };

        public static TensorIndex Colon = Slice();

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(System.Range range) => Slice(range);

        public static implicit operator TensorIndex(System.Index index) => Single(Position(index));

        /// <summary>Exists so that the compiler prefers the indexer of TensorIndex; never called.</summary>
        public static implicit operator Tensor(TensorIndex value) => throw new InvalidOperationException("Should not be called.");

        private static long Position(System.Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
