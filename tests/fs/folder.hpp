// SPDX-License-Identifier: BSL-1.0
#pragma once
// An empty folder of the test's own, gone with the test.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace support {

class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "reseal-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(*this / name, std::ios::binary) << bytes;
        return *this / name;
    }
    std::string read(const std::string& name) const {
        std::ostringstream out;
        out << std::ifstream(*this / name, std::ios::binary).rdbuf();
        return out.str();
    }
    std::set<std::string> names() const {
        std::set<std::string> out;
        for (const auto& entry : std::filesystem::directory_iterator(path_)) out.insert(entry.path().filename().string());
        return out;
    }

private:
    std::string path_;
};

/// Of the thing itself, link or not.
inline struct stat status_of(const std::string& path) {
    struct stat status{};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
}

}  // namespace support
