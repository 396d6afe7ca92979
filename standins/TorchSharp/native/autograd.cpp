// Gradients: who wants one, computing them, and the thread's modes.
#include "native.h"

#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

EXPORT int32_t rt_requires_grad(TensorHandle tensor)
{
    return tensor->requires_grad();
}

EXPORT int32_t rt_set_requires_grad(TensorHandle tensor, int32_t value)
{
    return guarded([&] { borrow(tensor).set_requires_grad(value != 0); });
}

EXPORT int32_t rt_is_leaf(TensorHandle tensor)
{
    return borrow(tensor).is_leaf();
}

EXPORT int32_t rt_retain_grad(TensorHandle tensor)
{
    return guarded([&] { borrow(tensor).retain_grad(); });
}

EXPORT int32_t rt_grad(TensorHandle tensor, TensorHandle* result)
{
    return guarded([&] { *result = give(borrow(tensor).grad()); });
}

EXPORT int32_t rt_set_grad(TensorHandle tensor, TensorHandle grad)
{
    return guarded([&] { borrow(tensor).mutable_grad() = grad ? borrow(grad) : at::Tensor(); });
}

EXPORT int32_t rt_backward(const TensorHandle* tensors, int32_t count, const TensorHandle* grads, int32_t grad_count,
    int32_t retain_graph, int32_t create_graph, const TensorHandle* inputs, int32_t input_count)
{
    return guarded([&] {
        torch::autograd::backward(borrow(tensors, count), borrow(grads, grad_count), retain_graph != 0, create_graph != 0,
            borrow(inputs, input_count));
    });
}

// Writes one handle per input; null where an input was not used.
EXPORT int32_t rt_gradients(const TensorHandle* outputs, int32_t count, const TensorHandle* inputs, int32_t input_count,
    const TensorHandle* grads, int32_t grad_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, TensorHandle* results)
{
    return guarded([&] {
        auto gradients = torch::autograd::grad(borrow(outputs, count), borrow(inputs, input_count), borrow(grads, grad_count),
            retain_graph != 0, create_graph != 0, allow_unused != 0);
        for (size_t i = 0; i < gradients.size(); i++)
            results[i] = give(std::move(gradients[i]));
    });
}

EXPORT int32_t rt_grad_enabled()
{
    return c10::GradMode::is_enabled();
}

EXPORT void rt_set_grad_enabled(int32_t enabled)
{
    c10::GradMode::set_enabled(enabled != 0);
}

EXPORT int32_t rt_inference_mode_enabled()
{
    return c10::InferenceMode::is_enabled();
}

EXPORT void* rt_inference_mode_enter(int32_t enabled)
{
    return new c10::InferenceMode(enabled != 0);
}

EXPORT void rt_inference_mode_leave(void* guard)
{
    delete static_cast<c10::InferenceMode*>(guard);
}
