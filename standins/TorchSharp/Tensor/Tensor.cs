using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A reference to a libtorch tensor. Native memory is not seen by the garbage collector: dispose it, or create it in a dispose scope.</summary>
    public partial class Tensor : IDisposable
    {
        internal nint handle;

        private static long _totalCount;
        private static long _peakCount;

        internal DisposeScope? OwningDisposeScope { get; set; }

        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            var total = Interlocked.Increment(ref _totalCount);
            if (total > _peakCount) _peakCount = total;
            if (register) OwningDisposeScope = DisposeScopeManager.ThreadSingleton.RegisterOnCurrentDisposeScope(this);
        }

        ~Tensor() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (handle == 0) return;
            DisposeScopeManager.ThreadSingleton.DisposingOnCurrentScope(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref _totalCount);
            Native.rt_tensor_release(handle);
            handle = 0;
        }

        /// <summary>How many tensors C# holds, in the whole process.</summary>
        public static long TotalCount => _totalCount;

        public static long PeakCount => _peakCount;

        public string? name { get; set; }

        public bool IsInvalid => handle == 0;

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        /// <summary>Gives the native reference away: a Parameter takes over its tensor.</summary>
        internal nint MoveHandle()
        {
            var moved = handle;
            handle = 0;
            return moved;
        }

        public nint DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            var decoupled = Handle;
            Interlocked.Decrement(ref _totalCount);
            handle = 0;
            return decoupled;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is null) other?.Attach(this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => base.GetHashCode();

        public override string ToString() => handle == 0 ? "" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";
    }
}
