// Writes opencv_resize.txt, what OpenCvResizeTests compare with: pictures of pseudo-random bytes, resized by OpenCV's INTER_LINEAR.
//   apt-get install libopencv-dev
//   g++ opencv_resize.cpp -I/usr/include/opencv4 -lopencv_core -lopencv_imgproc && ./a.out > opencv_resize.txt
// A line a picture: width, height, new width, new height, FNV-1a of the resized bytes, and up to 48 of the bytes themselves.
// The file in the repository was written with Debian 12's OpenCV 4.6.0 on x86-64.
#include <cstdint>
#include <cstdio>
#include <opencv2/imgproc.hpp>

int main() {
  const int sizes[][4] = {
      {1, 1, 4, 3},      {2, 2, 4, 4},      {4, 4, 2, 2},        {3, 5, 7, 4},       {5, 3, 2, 8},      {7, 7, 7, 3},       {7, 7, 3, 7},
      {6, 4, 3, 2},      {6, 5, 3, 2},      {8, 4, 2, 1},        {16, 9, 32, 64},    {48, 128, 128, 256}, {64, 128, 128, 256}, {60, 160, 128, 256},
      {93, 227, 128, 256}, {127, 255, 128, 256}, {129, 257, 128, 256}, {256, 512, 128, 256}, {300, 400, 128, 256}, {401, 803, 128, 256}, {128, 300, 128, 256},
      {50, 256, 128, 256}, {1, 300, 128, 256}, {300, 1, 128, 256}, {33, 77, 32, 64}, {100, 100, 96, 96}};
  for (auto [w, h, nw, nh] : sizes) {
    cv::Mat from(h, w, CV_8UC3), to;
    uint32_t state = (uint32_t)(w * 1000 + h);
    for (int i = 0; i < w * h * 3; i++) {
      state = state * 1664525u + 1013904223u;
      from.data[i] = (uint8_t)(state >> 24);
    }

    cv::resize(from, to, cv::Size(nw, nh), 0, 0, cv::INTER_LINEAR);
    uint64_t hash = 14695981039346656037ull;
    for (int i = 0; i < nw * nh * 3; i++) hash = (hash ^ to.data[i]) * 1099511628211ull;
    std::printf("%d %d %d %d %016lx ", w, h, nw, nh, (unsigned long)hash);
    for (int i = 0; i < nw * nh * 3 && i < 48; i++) std::printf("%02x", to.data[i]);
    std::printf("\n");
  }
}
