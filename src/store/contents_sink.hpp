// SPDX-License-Identifier: BSL-1.0
#pragma once
// The contents of the one file that an archive holds: what flat and text hashing take.
#include <reseal/error.hpp>
#include <reseal/sink.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "fs/nar_reader.hpp"

namespace reseal::store {

class ContentsSink final : public Sink {
public:
    /// `what` names the tree in errors.
    ContentsSink(Sink& out, std::string what) : out_(out), what_(std::move(what)) {}

    /// Throws Error (ErrorCode::misuse) for anything but a regular file that is not executable.
    void write(std::string_view chunk) override {
        reader_.feed(chunk);
        pass_on();
    }
    /// Throws Error (ErrorCode::malformed) when the archive is cut short.
    void finish() {
        reader_.end();
        pass_on();
    }

private:
    void pass_on() {
        fs::NarEvent event;
        while (reader_.next(event)) {
            if (event.kind == fs::NarEvent::Kind::behind) continue;
            if (event.kind != fs::NarEvent::Kind::contents) refuse("a folder or a link");
            if (event.executable) refuse("executable");
            out_.write(event.bytes);
        }
    }
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(ErrorCode::misuse, "flat and text hashing take a regular file that is not executable, and this is " + why,
                    what_);
    }

    Sink& out_;
    std::string what_;
    fs::NarReader reader_;
};

}  // namespace reseal::store
