using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private unsafe TensorDescription Describe()
        {
            TensorDescription description;
            Native.rt_tensor_describe(Handle, &description);
            return description;
        }

        public long Dimensions => Describe().Dimensions;

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => Describe().Elements;

        public long numel() => NumberOfElements;

        public long ElementSize => Describe().ElementSize;

        public long element_size() => ElementSize;

        public unsafe long[] shape
        {
            get
            {
                var description = Describe();
                return new ReadOnlySpan<long>(description.Sizes, (int)description.Dimensions).ToArray();
            }
        }

        public long[] size() => shape;

        public unsafe long size(int dim)
        {
            var description = Describe();
            return description.Sizes[Wrap(dim, description.Dimensions)];
        }

        public unsafe long[] stride()
        {
            var description = Describe();
            return new ReadOnlySpan<long>(description.Strides, (int)description.Dimensions).ToArray();
        }

        public unsafe long stride(int dim)
        {
            var description = Describe();
            return description.Strides[Wrap(dim, description.Dimensions)];
        }

        private static long Wrap(long dim, long dimensions)
        {
            var range = Math.Max(dimensions, 1);
            if (dim < -range || dim >= range || dimensions == 0)
                throw new ExternalException($"Dimension out of range (expected to be in range of [{-range}, {range - 1}], but got {dim})");
            return dim < 0 ? dim + dimensions : dim;
        }

        public ScalarType dtype => (ScalarType)Native.rt_tensor_scalar_type(Handle);

        public Device device
        {
            get
            {
                var description = Describe();
                return new Device((DeviceType)description.DeviceType, description.DeviceType == 0 ? -1 : description.DeviceIndex);
            }
        }

        public DeviceType device_type => (DeviceType)Describe().DeviceType;

        public int device_index => Describe().DeviceIndex;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_sparse => Native.rt_tensor_is_sparse(Handle) != 0;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_nonzero() => numel() == 1
            ? Aten.is_nonzero.CallBool(this)
            : throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");

        public bool is_contiguous() => Native.rt_tensor_is_contiguous(Handle) != 0;

        public bool is_pinned() => Aten.is_pinned.CallBool(this);

        public long storage_offset() => Native.rt_tensor_storage_offset(Handle);
    }
}
