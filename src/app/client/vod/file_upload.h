// Uploads a file the way the official SDKs do: ApplyUpload, PUT of the object, CommitUpload.
//
// The file is streamed with flat memory. Threads: the loop of the client.
#pragma once

#include <functional>
#include <string>

#include "app/client/vod/vod_client.h"

namespace hookreel::app::client {

struct UploadOrder {
    std::string path;
    std::string type;  // Empty: the extension of the path.
    std::string name;  // Empty: the file's name without its extension.
    std::move_only_function<void(std::uint64_t)> on_sent;  // Optional: bytes sent so far.
};

struct UploadedFile {
    std::string file_id;
    std::string media_url;
};

// Errors: not_found (the file), invalid (empty, or no type), those of the object store (with its
// code), and those of VodClient::call.
Task<Result<UploadedFile>> upload_file(VodClient& client, UploadOrder order);

// "wmv" of "clips/Holiday.WMV"; empty when there is none.
std::string extension_of(std::string_view path);
// "Holiday" of "clips/Holiday.WMV".
std::string stem_of(std::string_view path);

}  // namespace hookreel::app::client
