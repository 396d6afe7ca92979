// What a tensor is, without calling an operator.
#include "native.h"

struct Description
{
    const int64_t* sizes;
    const int64_t* strides;
    int64_t dimensions;
    int64_t elements;
    int64_t element_size;
    int32_t scalar_type;
    int32_t device_type;
    int32_t device_index;
};

// The pointers are the tensor's own: valid until it is resized or released.
EXPORT void rt_tensor_describe(TensorHandle tensor, Description* result)
{
    auto sizes = tensor->sizes();
    auto device = tensor->device();
    result->sizes = sizes.data();
    result->strides = tensor->is_sparse() ? nullptr : tensor->strides().data();
    result->dimensions = static_cast<int64_t>(sizes.size());
    result->elements = tensor->numel();
    result->element_size = static_cast<int64_t>(tensor->itemsize());
    result->scalar_type = static_cast<int32_t>(c10::typeMetaToScalarType(tensor->dtype()));
    result->device_type = static_cast<int32_t>(device.type());
    result->device_index = device.index();
}

EXPORT int32_t rt_tensor_scalar_type(TensorHandle tensor)
{
    return static_cast<int32_t>(c10::typeMetaToScalarType(tensor->dtype()));
}

EXPORT int32_t rt_tensor_data(TensorHandle tensor, void** result)
{
    return guarded([&] { *result = borrow(tensor).data_ptr(); });
}

EXPORT int32_t rt_tensor_is_contiguous(TensorHandle tensor)
{
    return borrow(tensor).is_contiguous();
}

EXPORT int64_t rt_tensor_storage_offset(TensorHandle tensor)
{
    return tensor->storage_offset();
}

EXPORT int32_t rt_tensor_is_sparse(TensorHandle tensor)
{
    return tensor->is_sparse();
}

EXPORT void rt_tensor_release(TensorHandle tensor)
{
    c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(tensor);
}

// Over the caller's memory, which stays until release(state) is called, from whatever thread drops the last reference.
EXPORT int32_t rt_tensor_over_memory(void* data, const int64_t* sizes, int32_t count, int32_t scalar_type, void (*release)(void*), void* state,
    TensorHandle* result)
{
    return guarded([&] {
        auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(scalar_type));
        *result = give(at::from_blob(data, at::IntArrayRef(sizes, count), [release, state](void*) { release(state); }, options));
    });
}
