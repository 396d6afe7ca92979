// The process: errors, threads, CUDA, versions.
#include "native.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/cuda.h>

thread_local std::string last_error;

EXPORT const char* rt_last_error()
{
    return last_error.c_str();
}

EXPORT int32_t rt_num_threads()
{
    return at::get_num_threads();
}

EXPORT int32_t rt_set_num_threads(int32_t count)
{
    return guarded([&] { at::set_num_threads(count); });
}

EXPORT int32_t rt_num_interop_threads()
{
    return at::get_num_interop_threads();
}

EXPORT int32_t rt_set_num_interop_threads(int32_t count)
{
    return guarded([&] { at::set_num_interop_threads(count); });
}

EXPORT int32_t rt_cuda_is_available()
{
    return torch::cuda::is_available();
}

EXPORT int32_t rt_cudnn_is_available()
{
    return torch::cuda::cudnn_is_available();
}

EXPORT int32_t rt_cuda_device_count()
{
    return static_cast<int32_t>(torch::cuda::device_count());
}

EXPORT int32_t rt_cuda_synchronize(int64_t index)
{
    return guarded([&] { torch::cuda::synchronize(index); });
}

EXPORT int32_t rt_cuda_manual_seed(int64_t seed, int32_t all)
{
    return guarded([&] {
        if (all)
            torch::cuda::manual_seed_all(static_cast<uint64_t>(seed));
        else
            torch::cuda::manual_seed(static_cast<uint64_t>(seed));
    });
}

EXPORT int32_t rt_allow_tf32(int32_t cudnn)
{
    return cudnn ? at::globalContext().allowTF32CuDNN() : at::globalContext().allowTF32CuBLAS();
}

EXPORT int32_t rt_set_allow_tf32(int32_t cudnn, int32_t allow)
{
    return guarded([&] {
        if (cudnn)
            at::globalContext().setAllowTF32CuDNN(allow != 0);
        else
            at::globalContext().setAllowTF32CuBLAS(allow != 0);
    });
}

EXPORT const char* rt_version()
{
    return REID_TORCH_VERSION;
}

// How libtorch was built, its BLAS among it. The real package has no such API: for ./reid doctor, which may ask the library itself.
EXPORT const char* rt_show_config()
{
    static const std::string text = at::show_config();
    return text.c_str();
}

EXPORT const char* rt_parallel_info()
{
    static thread_local std::string text;
    text = at::get_parallel_info();
    return text.c_str();
}
