// SPDX-License-Identifier: BSL-1.0
#include "fs/canonical.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <reseal/error.hpp>

#include "fs/folder.hpp"
#if defined(__linux__)
#include <sys/xattr.h>
#endif

namespace reseal::canonical_test {
using support::Folder;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat status{};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

/// For root no folder is closed: for its time another user, to whom everything in `folder` belongs.
class SomebodyElse {
public:
    explicit SomebodyElse(const std::string& folder) {
        if (::geteuid() != 0) return;
        for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) give(each.path());
        give(folder);
        switched_ = ::seteuid(nobody) == 0;
    }
    SomebodyElse(const SomebodyElse&) = delete;
    SomebodyElse& operator=(const SomebodyElse&) = delete;
    ~SomebodyElse() {
        if (switched_) CHECK(::seteuid(0) == 0);
    }

private:
    static constexpr uid_t nobody = 65534;
    static void give(const std::string& path) { CHECK(::lchown(path.c_str(), nobody, static_cast<gid_t>(-1)) == 0); }
    bool switched_ = false;
};

}  // namespace

#if defined(__linux__)
TEST_CASE("an attribute stays, or one that Nix leaves is removed") {
    const Folder folder;
    const std::string file = folder.write("file", "x");
    const auto there = [&](const std::string& path, const char* name) {
        return ::getxattr(path.c_str(), name, nullptr, 0) >= 0;
    };
    const auto put = [&](const std::string& path, const char* name, const std::string& value) {
        return ::setxattr(path.c_str(), name, value.data(), value.size(), 0) == 0;
    };
    if (!put(file, "user.one", "1")) {
        MESSAGE("skipped: this file system has no attributes: " << std::strerror(errno));
        return;
    }
    REQUIRE(put(file, "user.two", "2"));
    REQUIRE(put(folder.path(), "user.one", "1"));
    // A capability, of version 2: none.
    const bool capable = put(file, "security.capability", std::string("\0\0\0\2", 4) + std::string(16, '\0'));
    if (!capable) MESSAGE("not checked, only root may set it: security.capability");
    const bool labelled = put(file, "security.csm", "x");
    if (!labelled) MESSAGE("not checked, only root may set it: security.csm");
    fs::canonicalise(folder.path());
    CHECK_FALSE(there(folder.path(), "user.one"));
    CHECK_FALSE(there(file, "user.one"));
    CHECK_FALSE(there(file, "user.two"));
    CHECK_FALSE(there(file, "security.capability"));
    CHECK(there(file, "security.csm") == labelled);
    CHECK(mode_of(file) == 0444);
    CHECK(mode_of(folder.path()) == 0555);
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}
#endif

TEST_CASE("an exchange that fails leaves the folder in its place open to its owner") {
    const Folder folder;
    std::filesystem::create_directories(folder / "store/place");
    const SomebodyElse somebody(folder.path());
    fs::canonicalise(folder / "store/place");
    CHECK_THROWS_AS(fs::exchange_canonical(folder / "store/missing", folder / "store/place"), Error);
    CHECK(mode_of(folder / "store/place") == 0555);
    // Nor does a move that fails, or one that finds something there.
    std::filesystem::create_directories(folder / "store/there");
    CHECK_FALSE(fs::move_canonical(folder / "store/place", folder / "store/there"));
    CHECK(mode_of(folder / "store/place") == 0555);
    CHECK_THROWS_AS(fs::move_canonical(folder / "store/place", folder / "store/missing/place"), Error);
    CHECK(mode_of(folder / "store/place") == 0555);
}

TEST_CASE("folders that change their places are closed afterwards, or the old one cannot be removed") {
    const Folder folder;
    std::filesystem::create_directories(folder / "room/new");
    std::filesystem::create_directories(folder / "store/place");
    const SomebodyElse somebody(folder.path());
    fs::canonicalise(folder / "store/place");
    fs::canonicalise(folder / "room/new");
    try {
        fs::exchange_canonical(folder / "room/new", folder / "store/place");
    } catch (const Error& error) {
        MESSAGE("skipped: " << error.what());
        return;
    }
    CHECK(mode_of(folder / "store/place") == 0555);
    std::filesystem::remove_all(folder / "room");
    CHECK(fs::move_canonical(folder / "store/place", folder / "moved"));
    CHECK(mode_of(folder / "moved") == 0555);
}

}  // namespace reseal::canonical_test
