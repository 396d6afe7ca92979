// Random generators: the default one of each device, and own ones.
#include "native.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include <mutex>

namespace
{
GeneratorHandle give(at::Generator generator)
{
    return generator.unsafeReleaseGeneratorImpl();
}
} // namespace

EXPORT int32_t rt_generator_default(int64_t device, GeneratorHandle* result)
{
    return guarded([&] { *result = give(at::globalContext().defaultGenerator(to_device(device))); });
}

EXPORT int32_t rt_generator_new(int64_t seed, int64_t device, GeneratorHandle* result)
{
    return guarded([&] {
        auto where = to_device(device);
        auto generator = where.is_cpu() ? at::make_generator<at::CPUGeneratorImpl>() : at::globalContext().defaultGenerator(where).clone();
        generator.set_current_seed(static_cast<uint64_t>(seed));
        *result = give(std::move(generator));
    });
}

EXPORT int32_t rt_generator_seed(GeneratorHandle handle, int64_t seed)
{
    return guarded([&] {
        auto generator = borrow_generator(handle);
        std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_current_seed(static_cast<uint64_t>(seed));
    });
}

EXPORT int64_t rt_generator_initial_seed(GeneratorHandle handle)
{
    return static_cast<int64_t>(borrow_generator(handle).current_seed());
}

EXPORT int32_t rt_generator_state(GeneratorHandle handle, TensorHandle* result)
{
    return guarded([&] { *result = ::give(borrow_generator(handle).get_state()); });
}

EXPORT int32_t rt_generator_set_state(GeneratorHandle handle, TensorHandle state)
{
    return guarded([&] {
        auto generator = borrow_generator(handle);
        std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_state(borrow(state));
    });
}

EXPORT void rt_generator_release(GeneratorHandle handle)
{
    c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(handle);
}

// Seeds the default generators of every device.
EXPORT int32_t rt_manual_seed(int64_t seed)
{
    return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}
