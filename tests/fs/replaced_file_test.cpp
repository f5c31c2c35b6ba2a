// SPDX-License-Identifier: BSL-1.0
#include "fs/replaced_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/xattr.h>
#endif

#include <memory>

#include "fs/copy_bytes.hpp"
#include "fs/descriptor.hpp"
#include "fs/folder.hpp"
#include "fs/modified.hpp"

namespace reseal::replaced_file_test {
using support::Folder;
using support::status_of;

namespace {

using Names = std::set<std::string>;

void replace(const std::string& path, const std::string& bytes, timespec modified = {.tv_sec = 1'000'000'000, .tv_nsec = 5}) {
    const fs::Descriptor original(::open(path.c_str(), O_RDONLY));
    REQUIRE(original);
    fs::ReplacedFile out(path, original.get());
    out.write(bytes);
    out.commit(modified);
}

}  // namespace

TEST_CASE("a replaced file is a new inode with the old permissions and the time it was given") {
    const Folder folder;
    for (const mode_t mode : {0644u, 0555u, 0600u, 0711u, 04755u}) {
        const std::string path = folder.write("x", "old");
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        const struct stat before = status_of(path);
        replace(path, "new bytes");
        const struct stat after = status_of(path);
        CHECK(folder.read("x") == "new bytes");
        CHECK(after.st_ino != before.st_ino);
        CHECK((after.st_mode & 07777) == mode);
        CHECK(after.st_uid == before.st_uid);
        CHECK(after.st_gid == before.st_gid);
        CHECK(fs::modified(after).tv_sec == 1'000'000'000);
        CHECK(folder.names() == Names{"x"});
        std::filesystem::remove(path);
    }
}

TEST_CASE("another name of a replaced file, elsewhere, does not keep the old bytes") {
    const Folder folder, cache;
    cache.write("x", "old");
    REQUIRE(::link((cache / "x").c_str(), (folder / "x").c_str()) == 0);
    replace(folder / "x", "new");
    CHECK(cache.read("x") == "old");
    CHECK(folder.read("x") == "new");
    CHECK(status_of(cache / "x").st_nlink == 1);
}

TEST_CASE("without commit a replaced file is as it was and nothing else is there") {
    const Folder folder;
    const std::string path = folder.write("x", "old");
    {
        const fs::Descriptor original(::open(path.c_str(), O_RDONLY));
        fs::ReplacedFile out(path, original.get());
        out.write(std::string(100'000, 'n'));
        CHECK(folder.names().size() == 2);
    }
    CHECK(folder.read("x") == "old");
    CHECK(folder.names() == Names{"x"});
}

TEST_CASE("small and large writes to a replaced file change their order") {
    const Folder folder;
    const std::string path = folder.write("x", "old");
    const fs::Descriptor original(::open(path.c_str(), O_RDONLY));
    fs::ReplacedFile out(path, original.get());
    std::string all;
    for (const std::size_t size : {1u, 65536u, 7u, 65535u, 0u, 200'000u, 3u}) {
        const std::string bytes(size, static_cast<char>('a' + all.size() % 26));
        out.write(bytes);
        all += bytes;
    }
    out.commit({.tv_sec = 1, .tv_nsec = 0});
    CHECK((folder.read("x") == all));
}

#if defined(__linux__)
TEST_CASE("a replaced file loses its attributes or its access list") {
    const Folder folder;
    const std::string path = folder.write("x", "old");
    const std::string value("a\0b", 3);
    if (::setxattr(path.c_str(), "user.note", value.data(), value.size(), 0) != 0) {
        MESSAGE("skipped: no attributes in ", folder.path());
        return;
    }
    REQUIRE(::setxattr(path.c_str(), "user.empty", "", 0, 0) == 0);
    // user::rw-, user:1:r--, group::---, mask::r--, other::---
    const std::string list(
        "\2\0\0\0\1\0\6\0\xff\xff\xff\xff\2\0\4\0\1\0\0\0\4\0\0\0\xff\xff\xff\xff\x10\0\4\0\xff\xff\xff\xff\x20\0\0\0\xff\xff"
        "\xff\xff",
        44);
    const bool listed = ::setxattr(path.c_str(), "system.posix_acl_access", list.data(), list.size(), 0) == 0;
    const mode_t mode = status_of(path).st_mode;
    replace(path, "new");
    char got[64];
    REQUIRE(::getxattr(path.c_str(), "user.note", got, sizeof got) == 3);
    CHECK(std::string(got, 3) == value);
    CHECK(::getxattr(path.c_str(), "user.empty", got, sizeof got) == 0);
    CHECK(status_of(path).st_mode == mode);
    if (!listed) return;
    REQUIRE(::getxattr(path.c_str(), "system.posix_acl_access", got, sizeof got) == 44);
    CHECK(std::string(got, 44) == list);
}

TEST_CASE("a read-only file with attributes cannot be replaced by its owner") {
    const Folder folder;
    const bool super = ::geteuid() == 0;  // to whom nothing is read-only
    constexpr uid_t nobody = 65534;
    if (super) REQUIRE((::chown(folder.path().c_str(), nobody, nobody) == 0 && ::seteuid(nobody) == 0));
    const std::string path = folder.write("x", "old");
    const bool attached = ::setxattr(path.c_str(), "user.note", "abc", 3, 0) == 0;
    REQUIRE(::chmod(path.c_str(), 0444) == 0);
    if (attached) CHECK_NOTHROW(replace(path, "new"));
    if (super) REQUIRE(::seteuid(0) == 0);
    if (!attached) {
        MESSAGE("skipped: no attributes in ", folder.path());
        return;
    }
    char got[8];
    CHECK(::getxattr(path.c_str(), "user.note", got, sizeof got) == 3);
    CHECK((status_of(path).st_mode & 07777) == 0444);
    CHECK(folder.read("x") == "new");
}
#endif

TEST_CASE("a file that is a copy with other bytes in places is not as long as the original, or differs elsewhere") {
    const Folder folder;
    std::string bytes(700'001, 'a');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 >> 5);
    const std::string path = folder.write("x", bytes);
    const fs::Descriptor original(::open(path.c_str(), O_RDONLY));
    REQUIRE(original);
    REQUIRE(::lseek(original.get(), 1000, SEEK_SET) == 1000);  // where somebody reads makes no difference
    fs::ReplacedFile out(path, original.get());
    CHECK_EQ(out.copy_original(), bytes.size());
    out.overwrite(5, "five");
    out.overwrite(700'000, "e");
    out.commit({.tv_sec = 5, .tv_nsec = 0});
    bytes.replace(5, 4, "five");
    bytes[700'000] = 'e';
    CHECK(folder.read("x") == bytes);
    CHECK(folder.names() == Names{"x"});
}

namespace {

constexpr std::uint64_t sparse_size = std::uint64_t{20} << 30;

/// Data at its begin, in the middle and before its end, which is a hole; false where the file system makes no holes.
bool make_sparse(const std::string& path) {
    const fs::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0644));
    REQUIRE(file);
    if (::ftruncate(file.get(), static_cast<off_t>(sparse_size)) != 0) return false;
    const std::string block(10'000, 'd');
    for (const std::uint64_t at : {std::uint64_t{0}, sparse_size / 2 + 77, sparse_size - 200'000})
        REQUIRE(::pwrite(file.get(), block.data(), block.size(), static_cast<off_t>(at)) == 10'000);
    return status_of(path).st_blocks < 1000;
}

std::string bytes_at(const std::string& path, std::uint64_t at, std::size_t count) {
    const fs::Descriptor file(::open(path.c_str(), O_RDONLY));
    std::string bytes(count, '?');
    REQUIRE(::pread(file.get(), bytes.data(), count, static_cast<off_t>(at)) == static_cast<ssize_t>(count));
    return bytes;
}

}  // namespace

TEST_CASE("the holes of a file are written out as zeros when it is copied with other bytes in places") {
    const Folder folder;
    const std::string path = folder / "x";
    if (!make_sparse(path)) {
        MESSAGE("skipped: no holes in ", folder.path());
        return;
    }
    const fs::Descriptor original(::open(path.c_str(), O_RDONLY));
    fs::ReplacedFile out(path, original.get());
    REQUIRE(out.copy_original() == sparse_size);
    out.overwrite(sparse_size / 2 + 80, "five");
    out.commit({.tv_sec = 5, .tv_nsec = 0});
    CHECK(static_cast<std::uint64_t>(status_of(path).st_size) == sparse_size);
    CHECK(status_of(path).st_blocks < 1000);
    CHECK(bytes_at(path, 0, 10'001) == std::string(10'000, 'd') + '\0');
    CHECK(bytes_at(path, sparse_size / 2 + 76, 9) == std::string("\0dddfived", 9));
    CHECK(bytes_at(path, sparse_size - 190'001, 190'001) == 'd' + std::string(190'000, '\0'));
}

TEST_CASE("a file with holes that is written anew gets zeros for them, loses its end, or bytes move") {
    const Folder folder;
    const std::string path = folder / "x";
    if (!make_sparse(path)) {
        MESSAGE("skipped: no holes in ", folder.path());
        return;
    }
    const fs::Descriptor original(::open(path.c_str(), O_RDONLY));
    fs::ReplacedFile out(path, original.get());
    std::string all;
    // Zeros that begin and end anywhere, in small and in large writes.
    for (const std::size_t size : {1u, 5000u, 4096u, 65'536u, 7u, 2'000'000u, 3u, 40'000u, 0u, 300'000u}) {
        const std::string bytes(size, all.size() % 3 == 0 ? '\0' : 'x');
        out.write(bytes);
        all += bytes;
    }
    all += std::string(1'000'000, '\0');
    out.write(std::string(1'000'000, '\0'));
    out.commit({.tv_sec = 5, .tv_nsec = 0});
    CHECK((folder.read("x") == all));
    CHECK(static_cast<std::size_t>(status_of(path).st_blocks) < all.size() / 512);
}

#if defined(__linux__)
TEST_CASE("a file that the system does not copy by itself comes out empty") {
    // These say that they hold nothing, and do when they are read.
    const fs::Descriptor from(::open("/proc/self/status", O_RDONLY));
    REQUIRE(from);
    const Folder folder;
    const fs::Descriptor to(::open((folder.path() + "/x").c_str(), O_RDWR | O_CREAT, 0600));
    REQUIRE(to);
    const std::uint64_t count = fs::copy_bytes(from.get(), to.get(), "x");
    CHECK(count > 100);
    CHECK_EQ(folder.read("x").size(), count);
    CHECK(folder.read("x").starts_with("Name:"));
}
#endif

}  // namespace reseal::replaced_file_test
