// Keeps a second server away from the same data: leases are in memory, so two would hand out the
// same entries.
//
// The operating system lets go of it when the process ends, however it ends.
#pragma once

#include <string>

#include "base/result.h"

namespace hookreel::store {

class FileLock {
 public:
    // Creates the file when it is missing. Errors: conflict (another process has it), unavailable.
    static Result<FileLock> take(const std::string& path);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) = delete;

 private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace hookreel::store
