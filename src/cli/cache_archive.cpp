// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_archive.hpp"

namespace reseal::cli {
namespace {

/// As Nix calls them.
std::string ending(codec::Compression compression) {
    switch (compression) {
        case codec::Compression::none: return ".nar";
        case codec::Compression::gzip: return ".nar.gz";
        case codec::Compression::bzip2: return ".nar.bz2";
        case codec::Compression::xz: return ".nar.xz";
        case codec::Compression::zstd: return ".nar.zst";
    }
    return {};
}

store::Hash taken(digest::Hasher& hasher) { return {HashType::sha256, std::string(hasher.finish().bytes())}; }

}  // namespace

CacheArchive::File::File(const std::string& path, bool hashed) : out(path) {
    if (hashed) hasher.emplace(HashType::sha256);
}

void CacheArchive::File::write(std::string_view bytes) {
    out.write(bytes);
    if (hasher) hasher->update(bytes);
    size += bytes.size();
}

CacheArchive::CacheArchive(const CacheFolder& cache, const codec::Choice& choice)
    : compression_(choice.compression), file_(cache.file("nar/archive"), choice.compression != codec::Compression::none) {
    compressor_.choose(choice);
}

void CacheArchive::write(std::string_view bytes) {
    hasher_.update(bytes);
    size_ += bytes.size();
    compressor_.write(bytes);
}

void CacheArchive::finish(store::NarInfo& info) {
    compressor_.finish();
    info.nar_hash = taken(hasher_);
    info.nar_size = size_;
    info.file_hash = file_.hasher ? taken(*file_.hasher) : info.nar_hash;
    info.file_size = file_.size;
    info.compression = codec::name(compression_);
    const std::string text = info.file_hash->nix32();
    const std::string name = text.substr(text.find(':') + 1) + ending(compression_);
    info.url = "nar/" + name;
    file_.out.call_it(name);
    file_.out.prepare();
}

}  // namespace reseal::cli
