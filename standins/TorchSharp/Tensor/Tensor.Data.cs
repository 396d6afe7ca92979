using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        internal unsafe void* DataPointer()
        {
            void* data;
            Native.Check(Native.rt_tensor_data(Handle, &data));
            return data;
        }

        /// <summary>The elements where they lie, whatever the strides; a tensor of another device is copied first.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged => NumberOfElements == 1
            ? data<T>()[0]
            : throw new ArgumentException("Number of elements in the tensor must be 1");

        public Scalar ToScalar() => Aten.item.CallScalar(this);

        internal void ValidateType(Type dotnetType)
        {
            if (dtype == ScalarType.BFloat16) throw new ArgumentException($"No support for {dtype} in TorchSharp");
            if (TypeOf(dtype) != dotnetType) throw new ArgumentException($"{dotnetType.Name} is not compatible with {dtype}");
        }

        /// <summary>The memory of a contiguous CPU tensor, writable: nothing is copied.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var total = NumberOfElements * ElementSize;
                Validate(total);
                return new Span<byte>(DataPointer(), (int)total);
            }
            set
            {
                if (!is_contiguous()) throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (NumberOfElements * ElementSize != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(bytes);
            }
        }

        private void Validate(long total)
        {
            if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (total > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }

        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            Validate(0);
            using var memory = new UnmanagedMemoryStream((byte*)DataPointer(), NumberOfElements * ElementSize);
            memory.CopyTo(stream, bufferSize);
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            Validate(0);
            var data = (byte*)DataPointer();
            for (var left = NumberOfElements * ElementSize; left > 0;)
            {
                var part = new Span<byte>(data, (int)Math.Min(left, bufferSize));
                stream.ReadExactly(part);
                data += part.Length;
                left -= part.Length;
            }
        }

        public double ReadCpuDouble(long i) => data<double>()[i];

        public float ReadCpuSingle(long i) => data<float>()[i];

        public int ReadCpuInt32(long i) => data<int>()[i];

        public long ReadCpuInt64(long i) => data<long>()[i];

        public byte ReadCpuByte(long i) => data<byte>()[i];

        public bool ReadCpuBool(long i) => data<bool>()[i];

        public T ReadCpuValue<T>(long i) where T : unmanaged => data<T>()[i];
    }
}
