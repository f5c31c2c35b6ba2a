// SPDX-License-Identifier: BSL-1.0
#pragma once
// A tree under construction: it has a random name beside its final place until it is complete, and leaves nothing behind when
// it never is.
#include <string>

#include "fs/descriptor.hpp"

namespace reseal::fs {

/// Whoever builds it creates name() in folder() - once, whatever its type - and what is below; create() says that it is there.
/// It is gone when the object goes, unless it was published. Signals are not looked at: removing a tree is too much for a
/// handler.
class TemporaryTree {
public:
    /// Throws Error (ErrorCode::io) when there is something at `path`, or no folder it could be in.
    explicit TemporaryTree(const std::string& path);
    TemporaryTree(const TemporaryTree&) = delete;
    TemporaryTree& operator=(const TemporaryTree&) = delete;
    ~TemporaryTree() { remove(); }

    int folder() const { return folder_.get(); }
    const std::string& name() const { return name_; }
    void created() { created_ = true; }

    /// Gives it its final name. Throws Error (ErrorCode::io), when something has taken that name meanwhile too.
    void publish();
    /// Removes it as far as that is possible; never throws.
    void remove();

private:
    void rename_to_nothing();

    std::string path_;  // as messages have it
    std::string final_;
    Descriptor folder_;
    std::string name_;
    bool created_ = false;
};

}  // namespace reseal::fs
