using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>The process: threads, CUDA, versions.</summary>
public static partial class torch
{
    public static unsafe string __version__ => Native.Text(Native.rt_version());

    public static int get_num_threads() => Native.rt_num_threads();

    public static void set_num_threads(int num) => Native.Check(Native.rt_set_num_threads(num));

    public static int get_num_interop_threads() => Native.rt_num_interop_threads();

    public static void set_num_interop_threads(int num) => Native.Check(Native.rt_set_num_interop_threads(num));

    public static bool cuda_is_available() => cuda.is_available();

    public static bool mps_is_available() => false;

    public static partial class cuda
    {
        public static bool is_available() => Native.rt_cuda_is_available() != 0;

        public static bool is_cudnn_available() => Native.rt_cudnn_is_available() != 0;

        public static int device_count() => Native.rt_cuda_device_count();

        public static void manual_seed(long seed) => Native.Check(Native.rt_cuda_manual_seed(seed, 0));

        public static void manual_seed_all(long seed) => Native.Check(Native.rt_cuda_manual_seed(seed, 1));

        public static void synchronize(Device? device = null) => Native.Check(Native.rt_cuda_synchronize(device?.index ?? -1));
    }

    public static partial class backends
    {
        public static partial class cuda
        {
            public static partial class matmul
            {
                public static bool allow_tf32
                {
                    get => Native.rt_allow_tf32(0) != 0;
                    set => Native.Check(Native.rt_set_allow_tf32(0, value ? 1 : 0));
                }
            }
        }

        public static partial class cudnn
        {
            public static bool allow_tf32
            {
                get => Native.rt_allow_tf32(1) != 0;
                set => Native.Check(Native.rt_set_allow_tf32(1, value ? 1 : 0));
            }
        }
    }
}
