// SPDX-License-Identifier: BSL-1.0
#pragma once
// The same work for many things, on as many processors as there are.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <numeric>
#include <system_error>
#include <thread>
#include <vector>

namespace reseal::bytes {

/// Calls work(0) … work(count − 1), up to `jobs` at once (0: one a processor; fewer where the system starts no more threads),
/// and returns when all are done. Then throws what the first of them threw, first by number.
template <class Work>
void parallel(std::size_t count, unsigned jobs, Work&& work) {
    std::vector<std::exception_ptr> failures(count);
    std::atomic<std::size_t> next = 0;
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                work(i);
            } catch (...) {
                failures[i] = std::current_exception();
            }
        }
    };
    const std::size_t wanted = jobs == 0 ? std::max(1u, std::thread::hardware_concurrency()) : jobs;
    std::vector<std::thread> threads;
    const auto start = [&] {
        try {
            threads.emplace_back(run);
            return true;
        } catch (const std::system_error&) {
            return false;  // those that there are do it all
        }
    };
    threads.reserve(std::min(wanted, count));
    while (threads.size() + 1 < std::min(wanted, count) && start()) continue;
    run();
    for (std::thread& thread : threads) thread.join();
    for (const std::exception_ptr& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

/// The same for things of these sizes, the largest first: the last one to be begun keeps nobody waiting for long.
template <class Work>
void parallel_largest_first(const std::vector<std::uint64_t>& sizes, unsigned jobs, Work&& work) {
    std::vector<std::size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) { return sizes[one] > sizes[other]; });
    std::vector<std::exception_ptr> failures(sizes.size());
    parallel(order.size(), jobs, [&](std::size_t i) {
        try {
            work(order[i]);
        } catch (...) {
            failures[order[i]] = std::current_exception();
        }
    });
    for (const std::exception_ptr& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

}  // namespace reseal::bytes
