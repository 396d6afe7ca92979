// What every file of the shim shares: the value that crosses the border, borrowed handles, and exceptions as text.
#pragma once

#include <ATen/ATen.h>
#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#if defined(_WIN32)
#define EXPORT extern "C" __declspec(dllexport)
#else
#define EXPORT extern "C" __attribute__((visibility("default")))
#endif

// Mirrors NativeValue in Interop/NativeValue.cs, field by field.
enum Tag : int32_t
{
    NONE = 0,
    TENSOR = 1,        // a TensorImpl*: borrowed as an argument, owned by the receiver as a result
    INT = 2,
    DOUBLE = 3,
    BOOL = 4,
    INTS = 5,          // int64_t[count]
    DOUBLES = 6,       // double[count]
    TENSORS = 7,       // TensorImpl*[count]; as a result the array is malloc'ed and owned by the receiver
    OPTIONAL_TENSORS = 8,
    DEVICE = 9,        // type << 8 | (index & 0xff)
    GENERATOR = 10,    // a GeneratorImpl*, borrowed
    STRING = 11,       // char[count], UTF-8
};

struct Value
{
    int32_t tag;
    int32_t count;
    union
    {
        int64_t integer;
        double real;
        void* pointer;
    };
};

using TensorHandle = at::TensorImpl*;
using GeneratorHandle = c10::GeneratorImpl*;

inline at::Tensor borrow(TensorHandle handle)
{
    return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(handle));
}

inline std::vector<at::Tensor> borrow(const TensorHandle* handles, int32_t count)
{
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int32_t i = 0; i < count; i++)
        tensors.push_back(handles[i] ? borrow(handles[i]) : at::Tensor());
    return tensors;
}

// The handle keeps one reference that rt_tensor_release gives back. An undefined tensor is a null handle.
inline TensorHandle give(at::Tensor tensor)
{
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

inline at::Generator borrow_generator(GeneratorHandle handle)
{
    return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(handle));
}

inline c10::Device to_device(int64_t bits)
{
    return c10::Device(static_cast<c10::DeviceType>(bits >> 8), static_cast<c10::DeviceIndex>(static_cast<int8_t>(bits & 0xff)));
}

extern thread_local std::string last_error;

// 0 when the body ran to its end; 1 after an exception, whose text rt_last_error returns.
template <class Body>
int32_t guarded(Body&& body)
{
    try
    {
        body();
        return 0;
    }
    catch (const c10::Error& e)
    {
        last_error = e.what_without_backtrace();
    }
    catch (const std::exception& e)
    {
        last_error = e.what();
    }
    catch (...)
    {
        last_error = "libtorch threw something that is not an exception";
    }
    return 1;
}
