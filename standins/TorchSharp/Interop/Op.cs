using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>One ATen operator: looked up by name and overload on its first call, called through the dispatcher ever after.</summary>
/// <remarks>Arguments are positional and may stop early: the rest take the schema's defaults. A call allocates nothing but its result.</remarks>
internal sealed unsafe class Op(string name, string overload = "")
{
    private static long _calls;
    private void* _operator;

    /// <summary>How often any of them was called, nearly: threads that call at once may lose a count.</summary>
    internal static long Calls => _calls;

    internal Tensor Call(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return new Tensor((nint)result.Pointer);
    }

    internal (Tensor, Tensor) Call2(params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[2];
        Invoke(arguments, results, 2);
        return (new Tensor((nint)results[0].Pointer), new Tensor((nint)results[1].Pointer));
    }

    internal (Tensor, Tensor, Tensor) Call3(params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[3];
        Invoke(arguments, results, 3);
        return (new Tensor((nint)results[0].Pointer), new Tensor((nint)results[1].Pointer), new Tensor((nint)results[2].Pointer));
    }

    internal Tensor[] CallList(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        var handles = (nint*)result.Pointer;
        var tensors = new Tensor[result.Count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(handles[i]);
        Native.rt_free(handles);
        return tensors;
    }

    /// <summary>A number or a truth value.</summary>
    internal Scalar CallScalar(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return new Scalar(result.Tag, result.Integer);
    }

    internal bool CallBool(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result.Integer != 0;
    }

    /// <summary>For in-place operators: whatever comes back is the first argument again, and dropped.</summary>
    internal void Run(params ReadOnlySpan<Value> arguments) => Invoke(arguments, null, 0);

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Value> arguments, NativeValue* results, int count)
    {
        if (_operator is null) Find();
        _calls++;
        var natives = stackalloc NativeValue[arguments.Length];
        const int enough = 64;
        var small = stackalloc long[enough];
        var needed = 0;
        foreach (ref readonly var argument in arguments) needed += Words(argument);
        var memory = needed <= enough ? small : (long*)NativeMemory.Alloc((nuint)needed, sizeof(long));
        try
        {
            var free = memory;
            for (var i = 0; i < arguments.Length; i++)
            {
                ref readonly var argument = ref arguments[i];
                natives[i].Tag = argument.Tag;
                natives[i].Integer = argument.Bits;
                if (argument.Tag is < Tag.Ints or Tag.Device or Tag.Generator) continue;
                natives[i].Pointer = free;
                natives[i].Count = Copy(argument.Reference!, free);
                free += Words(argument);
            }
            Native.Check(Native.rt_call(_operator, natives, arguments.Length, results, count));
        }
        finally
        {
            if (memory != small) NativeMemory.Free(memory);
        }
    }

    private static int Words(in Value argument) => argument.Tag < Tag.Ints ? 0 : argument.Reference switch
    {
        long[] values => values.Length,
        double[] values => values.Length,
        Tensor?[] tensors => tensors.Length,
        byte[] text => text.Length / sizeof(long) + 1,
        _ => 0,
    };

    private static int Copy(object list, long* memory)
    {
        switch (list)
        {
            case long[] values:
                values.CopyTo(new Span<long>(memory, values.Length));
                return values.Length;
            case double[] values:
                values.CopyTo(new Span<double>(memory, values.Length));
                return values.Length;
            case Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++) memory[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
                return tensors.Length;
            default:
                var text = (byte[])list;
                text.CopyTo(new Span<byte>(memory, text.Length));
                return text.Length;
        }
    }

    private void Find()
    {
        fixed (byte* nameBytes = Encoding.UTF8.GetBytes("aten::" + name + '\0'), overloadBytes = Encoding.UTF8.GetBytes(overload + '\0'))
        {
            void* found;
            Native.Check(Native.rt_find_operator(nameBytes, overloadBytes, &found));
            _operator = found;
        }
    }
}
