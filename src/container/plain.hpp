// SPDX-License-Identifier: BSL-1.0
#pragma once
// One file that is the whole stream.
#include "container/parser.hpp"

namespace reseal::container {

class Plain final : public Parser {
public:
    /// `path` is what the file is called.
    explicit Plain(std::string path) : path_(std::move(path)) {}

    void feed(std::string_view chunk) override { chunk_ = chunk; }
    bool next(Run& run) override;
    void end() override { ended_ = true; }
    const std::optional<Malformed>& malformed() const override { return malformed_; }
    const std::string& path() const override { return path_; }
    std::vector<std::string_view> names() const override { return {}; }
    std::vector<Target> targets() const override { return {}; }
    void amend(std::string&) const override {}

private:
    std::string path_;
    std::string_view chunk_;
    bool begun_ = false, ended_ = false;
    std::optional<Malformed> malformed_;  // never
};

}  // namespace reseal::container
