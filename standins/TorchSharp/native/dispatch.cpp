// Any ATen operator, by name and overload, through the dispatcher: autograd, every device and every libtorch come with it.
#include "native.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <cstdlib>

namespace
{
using c10::IValue;

IValue to_ivalue(const Value& value)
{
    switch (value.tag)
    {
    case NONE:
        return IValue();
    case TENSOR:
        return IValue(borrow(static_cast<TensorHandle>(value.pointer)));
    case INT:
        return IValue(value.integer);
    case DOUBLE:
        return IValue(value.real);
    case BOOL:
        return IValue(value.integer != 0);
    case INTS:
    {
        auto* first = static_cast<const int64_t*>(value.pointer);
        return IValue(std::vector<int64_t>(first, first + value.count));
    }
    case DOUBLES:
    {
        auto* first = static_cast<const double*>(value.pointer);
        return IValue(std::vector<double>(first, first + value.count));
    }
    case TENSORS:
        return IValue(borrow(static_cast<const TensorHandle*>(value.pointer), value.count));
    case OPTIONAL_TENSORS:
    {
        c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
        for (auto& tensor : borrow(static_cast<const TensorHandle*>(value.pointer), value.count))
            list.push_back(tensor.defined() ? IValue(tensor) : IValue());
        return IValue(list);
    }
    case DEVICE:
        return IValue(to_device(value.integer));
    case GENERATOR:
        return IValue(borrow_generator(static_cast<GeneratorHandle>(value.pointer)));
    case STRING:
        return IValue(std::string(static_cast<const char*>(value.pointer), value.count));
    }
    TORCH_CHECK(false, "unknown argument tag ", value.tag);
}

Value from_ivalue(IValue&& value)
{
    Value result{NONE, 0, {0}};
    if (value.isTensor())
    {
        result.tag = TENSOR;
        result.pointer = give(std::move(value).toTensor());
    }
    else if (value.isInt())
    {
        result.tag = INT;
        result.integer = value.toInt();
    }
    else if (value.isDouble())
    {
        result.tag = DOUBLE;
        result.real = value.toDouble();
    }
    else if (value.isBool())
    {
        result.tag = BOOL;
        result.integer = value.toBool();
    }
    else if (value.isTensorList())
    {
        auto tensors = value.toTensorVector();
        auto* handles = static_cast<TensorHandle*>(std::malloc(sizeof(TensorHandle) * (tensors.size() + 1)));
        for (size_t i = 0; i < tensors.size(); i++)
            handles[i] = give(std::move(tensors[i]));
        result.tag = TENSORS;
        result.count = static_cast<int32_t>(tensors.size());
        result.pointer = handles;
    }
    else
    {
        TORCH_CHECK(value.isNone(), "a result of type ", value.tagKind(), " cannot cross the border");
    }
    return result;
}
} // namespace

// The handle lives as long as the process: one per operator and overload.
EXPORT int32_t rt_find_operator(const char* name, const char* overload, void** result)
{
    return guarded([&] { *result = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload)); });
}

// Arguments that are left out take the schema's defaults. With capacity 0 the results are dropped (in-place operators).
EXPORT int32_t rt_call(const void* handle, const Value* arguments, int32_t count, Value* results, int32_t capacity)
{
    return guarded([&] {
        const auto& op = *static_cast<const c10::OperatorHandle*>(handle);
        const auto& parameters = op.schema().arguments();
        TORCH_CHECK(static_cast<size_t>(count) <= parameters.size(), op.schema(), ": called with ", count, " arguments");

        static thread_local torch::jit::Stack spare;
        torch::jit::Stack stack = std::move(spare);
        stack.clear();
        for (int32_t i = 0; i < count; i++)
            stack.push_back(to_ivalue(arguments[i]));
        for (size_t i = count; i < parameters.size(); i++)
        {
            TORCH_CHECK(parameters[i].default_value(), op.schema(), ": called without ", parameters[i].name());
            stack.push_back(*parameters[i].default_value());
        }

        op.callBoxed(&stack);

        TORCH_CHECK(capacity == 0 || stack.size() == static_cast<size_t>(capacity), op.schema(), ": ", capacity, " results expected");
        for (int32_t i = 0; i < capacity; i++)
            results[i] = from_ivalue(std::move(stack[i]));
        stack.clear();
        spare = std::move(stack);
    });
}

EXPORT void rt_free(void* memory)
{
    std::free(memory);
}
