// SPDX-License-Identifier: BSL-1.0
#pragma once
// The gallery of well-formed images that property tests run over: each shape that a touched image may have and still be
// resealed, with a path in it wherever a path can be.
#include <string>
#include <vector>

#include "support/image_builder.hpp"

namespace support {

/// Two paths of one length that occur nowhere by chance.
extern const std::string path_a, path_b;

/// One arm64 program of 4 KiB pages: `path` in a load command, inside a page, across two pages, at the end of the last page.
/// Other fields may still be changed, but for the code's size.
ImageSpec with_path_in_code(const std::string& path);

struct Shape {
    std::string name;  ///< for CAPTURE
    ImageSpec spec;
};

/// Every shape that this build has the hashes for (SHA-1 and SHA-384 need libcrypto); all of them are signed, none is
/// CMS-signed.
std::vector<Shape> shapes(const std::string& path = path_a);

struct NamedFile {
    std::string name;
    std::string a, b;  ///< twins
};
/// Every shape as a file, and universal files made of them.
std::vector<NamedFile> twin_files();

}  // namespace support
