// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <reseal/sink.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "fs/descriptor.hpp"
#include "fs/write_all.hpp"

namespace reseal::package {

/// Writes to a file that is open; `name` is what its errors call it.
class DescriptorSink final : public Sink {
public:
    DescriptorSink(const fs::Descriptor& file, std::string name) : file_(file), name_(std::move(name)) {}
    void write(std::string_view bytes) override { fs::write_all(file_.get(), bytes, name_); }

private:
    const fs::Descriptor& file_;
    std::string name_;
};

}  // namespace reseal::package
