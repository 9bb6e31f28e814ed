#include "dialect/tencent_vod/protocol/response.h"

#include "base/json.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

std::string error_member(const WireError& error) {
    return write_members(
        {{"Error", json::object{{"Code", error.code}, {"Message", error.message}}}});
}

}  // namespace

http::Response envelope(const Answer<std::string>& members, std::string_view request_id) {
    const std::string inside = members ? std::string() : error_member(members.error());
    const std::string& content = members ? *members : inside;
    std::string body;
    body.reserve(content.size() + 80);
    body += "{\"Response\":{";
    body += content;
    body += content.empty() ? "\"RequestId\":\"" : ",\"RequestId\":\"";
    body += request_id;
    body += "\"}}";
    http::Response response;
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

}  // namespace hookreel::dialect::tencent_vod
