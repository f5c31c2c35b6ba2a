// SPDX-License-Identifier: BSL-1.0
#include "laws/memory.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

namespace {

// The tests of this program run in one thread.
std::size_t in_use = 0, most = 0;

// Where a block's size is kept: in front of it, without upsetting its alignment.
constexpr std::size_t before = alignof(std::max_align_t);

}  // namespace

// All the forms: what a sanitizer puts in the place of one left out would not know the others' blocks.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    char* block = static_cast<char*>(std::malloc(size + before));
    if (block == nullptr) return nullptr;
    std::memcpy(block, &size, sizeof size);
    in_use += size;
    if (in_use > most) most = in_use;
    return block + before;
}
void* operator new(std::size_t size) {
    if (void* block = operator new(size, std::nothrow)) return block;
    throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept { return operator new(size, tag); }

void operator delete(void* pointer) noexcept {
    if (pointer == nullptr) return;
    char* block = static_cast<char*>(pointer) - before;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof size);
    in_use -= size;
    std::free(block);
}

void operator delete(void* pointer, std::size_t) noexcept { operator delete(pointer); }
void operator delete(void* pointer, const std::nothrow_t&) noexcept { operator delete(pointer); }
void operator delete[](void* pointer) noexcept { operator delete(pointer); }
void operator delete[](void* pointer, std::size_t) noexcept { operator delete(pointer); }
void operator delete[](void* pointer, const std::nothrow_t&) noexcept { operator delete(pointer); }

namespace laws {

MemoryGauge::MemoryGauge() : before_(in_use) { most = in_use; }

std::size_t MemoryGauge::peak() const { return most - before_; }

}  // namespace laws
