using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers whose whole state can be read and put back.</summary>
    public class Generator : IDisposable
    {
        public nint Handle { get; private set; }

        public Device device { get; private set; }

        private Generator(nint handle, Device device) => (Handle, this.device) = (handle, device);

        public unsafe Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            nint result;
            Native.Check(Native.rt_generator_new((long)seed, Value.Encode(this.device), &result));
            Handle = result;
        }

        ~Generator() => Dispose(false);

        public static unsafe Generator Default
        {
            get
            {
                nint result;
                Native.Check(Native.rt_generator_default(Value.Encode(CPU), &result));
                return new Generator(result, CPU);
            }
        }

        public unsafe Tensor get_state()
        {
            nint result;
            Native.Check(Native.rt_generator_state(Handle, &result));
            return new Tensor(result);
        }

        public void set_state(Tensor value) => Native.Check(Native.rt_generator_set_state(Handle, value.Handle));

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.rt_generator_seed(Handle, seed));
            return this;
        }

        public long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        public long initial_seed() => Native.rt_generator_initial_seed(Handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle == 0) return;
            Native.rt_generator_release(Handle);
            Handle = 0;
        }
    }

    public static long seed() => random.seed();

    public static long initial_seed() => random.initial_seed();

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static partial class random
    {
        public static long seed() => Generator.Default.seed();

        public static long initial_seed() => Generator.Default.initial_seed();

        /// <summary>Seeds the default generators of every device and returns the CPU's.</summary>
        public static Generator manual_seed(long seed)
        {
            Native.Check(Native.rt_manual_seed(seed));
            return Generator.Default;
        }

        public static Tensor get_rng_state() => Generator.Default.get_state();

        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }
}
