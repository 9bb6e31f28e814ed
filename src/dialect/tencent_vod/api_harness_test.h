// The API with fakes around it, called in process: what a test sends is signed and served as a
// request of a client would be. The bodies are in the .cc, because every test of actions would
// compile them again.
#pragma once

#include <gtest/gtest.h>

#include "dialect/tencent_vod/api.h"
#include "dialect/tencent_vod/events/announcer.h"
#include "dialect/tencent_vod/events/fixtures_test.h"
#include "media/files/upload_fakes.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"

namespace hookreel::dialect::tencent_vod {

// A request with its body in memory.
class FakeRequest final : public http::Request {
 public:
    FakeRequest(http::RequestHead head, std::string body)
        : head_(std::move(head)), body_(std::move(body)) {}

    const http::RequestHead& head() const override { return head_; }
    bool secure() const override { return false; }
    std::optional<std::uint64_t> content_length() const override { return announced; }
    Task<Result<std::size_t>> read(std::span<char> into) override;
    std::size_t bytes_read() const { return read_; }

    std::optional<std::uint64_t> announced;
    std::optional<Code> broken;  // Reading the body fails so.

 private:
    http::RequestHead head_;
    std::string body_;
    std::size_t read_ = 0;
};

// Answers what the test puts there, and keeps what was asked.
class FakeUploads final : public media::Uploads {
 public:
    Task<Result<media::Upload>> apply(media::UploadRequest request) override;
    Task<Result<model::Asset>> commit(model::ApplicationId, model::UploadId id,
                                      TraceContext) override;
    Task<Result<media::Upload>> find_by_secret_id(std::string) override;
    Task<Result<media::StoredObject>> put_object(media::Upload, std::string, http::ByteSource&,
                                                 std::optional<std::string>) override;
    Task<Result<media::StoredObject>> head_object(media::Upload, std::string) override;
    Task<Result<media::Multipart>> start_multipart(media::Upload, std::string) override;
    Task<Result<std::vector<media::Multipart>>> list_multiparts(media::Upload,
                                                                std::string) override;
    Task<Result<media::Part>> put_part(media::Upload, std::string, int, http::ByteSource&,
                                       std::optional<std::string>) override;
    Task<Result<std::vector<media::Part>>> list_parts(media::Upload, std::string) override;
    Task<Result<media::StoredObject>> complete_multipart(media::Upload, std::string,
                                                         std::vector<media::Part>) override;
    Task<Result<void>> abort_multipart(media::Upload, std::string) override;
    Task<void> discard(media::Upload) override;

    Result<media::Upload> upload = fail(Code::internal, "not set");
    Result<model::Asset> asset = fail(Code::internal, "not set");
    std::optional<media::UploadRequest> applied;
    std::optional<model::UploadId> committed;
};

class FakeTasks final : public media::Tasks {
 public:
    Task<Result<model::TaskId>> create(media::TaskRequest request) override;
    Task<Result<model::Task>> find(model::ApplicationId, model::TaskId wanted) override;

    Result<model::TaskId> id =
        model::TaskId("1300000001-Procedure-475b7237438a39560b9879a4556cb177t2");
    std::optional<media::TaskRequest> created;
    std::optional<model::Task> task;
};

class FakePulls final : public media::Pulls {
 public:
    Task<Result<model::TaskId>> create(model::PullRequest request) override;
    Task<Result<model::Pull>> find(model::ApplicationId, model::TaskId wanted) override;

    Result<model::TaskId> id = model::TaskId("1300000001-Pull-475b7237438a39560b9879a4556cb194t0");
    std::optional<model::PullRequest> created;
    std::optional<model::Pull> pull;
};

class FakeEdits final : public media::Edits {
 public:
    Result<model::TaskId> id = model::TaskId("1300000001-EditMedia-1t0");
    std::optional<model::EditRequest> created;
    Result<model::Edit> edit = fail(Code::not_found, "no edit");

    Task<Result<model::TaskId>> create(model::EditRequest request) override;
    Task<Result<model::Edit>> find(model::ApplicationId, model::TaskId) override;
};

class FakeExternal final : public media::ExternalTasks {
 public:
    bool serves(std::string_view) const override { return is_served; }
    Task<Result<model::TaskId>> create(model::ExternalRequest request) override;
    Task<Result<model::ExternalTask>> find(model::ApplicationId, model::TaskId id) override;

    Result<model::TaskId> result = model::TaskId("1300000001-ReviewAudioVideo-1t0");
    std::optional<model::ExternalRequest> created;
    std::optional<model::ExternalTask> task;
    bool is_served = true;
};

class FakeAgenda final : public media::Agenda {
 public:
    Task<Result<media::AgendaPage>> list(media::AgendaQuery its_query) override;
    Task<Result<void>> abort(model::ApplicationId, model::TaskId id) override;

    std::optional<media::AgendaQuery> query;
    Result<media::AgendaPage> page = media::AgendaPage{};
    std::optional<model::TaskId> aborted;
    Result<void> done;
};

class FakeLibrary final : public media::Library {
 public:
    Task<Result<model::Asset>> find(model::ApplicationId application, model::FileId id) override;
    Result<std::string> absolute(std::string_view) const override;
    Task<Result<model::Asset>> modify(model::ApplicationId application, model::FileId id,
                                      media::AssetChange its_change,
                                      media::NewFiles its_files) override;
    Task<Result<void>> remove(model::ApplicationId application, model::FileId id,
                              std::vector<model::AssetPart> its_parts) override;
    Task<Result<media::Found>> search(model::ApplicationId, media::Query its_query) override;

    std::map<std::string, model::Asset> assets;
    std::optional<Error> error;  // Of the next change.
    std::optional<media::AssetChange> change;
    std::optional<media::NewFiles> files;
    std::optional<std::vector<model::AssetPart>> parts;
    std::optional<media::Query> query;
    Result<media::Found> finds = media::Found{};
};

class ApiTest : public testing::Test {
 protected:
    ApiTest();
    ~ApiTest() override;

    // Makes the API anew, with other settings.
    void remake(ApiSettings settings = {});

    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        asio::co_spawn(loop_, std::move(task), [&](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            result = std::move(value);
        });
        loop_.restart();
        loop_.run();
        return std::move(*result);
    }

    http::RequestHead signed_head(const std::string& action, const std::string& body,
                                  const model::KeyPair& keys);
    http::Response serve(http::RequestHead head, std::string body);

    // The `Response` of an answer, after what holds for all answers was checked.
    static json::object response_of(const http::Response& answer);

    json::object call(const std::string& action, const std::string& body,
                      const model::KeyPair& keys);
    json::object call(const std::string& action, const std::string& body = "{}");
    json::object call(const std::string& action, const json::value& body);

    static std::string code_of(const json::object& response);
    std::string code(const std::string& action, const std::string& body = "{}");

    // Equal to a fixture, but for the id of the request.
    static void expect_fixture(json::object response, const std::string& file);
    // The same error, whatever its words.
    static void expect_error_fixture(const json::object& response, const std::string& file);

    void announce(const model::Event& event);

    Loop loop_;
    ManualClock clock_{at("2026-03-02T08:00:00Z")};
    Log log_{Level::error};
    store::MemoryStore store_{clock_};
    store::Applications applications_{store_};
    store::AccessKeys access_keys_{store_};
    Announcer announcer_{applications_, fixture_urls()};
    FakeUploads uploads_;
    FakeTasks tasks_;
    FakeLibrary library_;
    FakePulls pulls_;
    FakeEdits edits_;
    FakeExternal external_;
    FakeAgenda agenda_;
    media::LocalProcedures procedures_{store_, clock_};
    media::FileThreads files_{1};
    media::fakes::TemporaryFolder folder_;
    media::LocalTemplates templates_{store_, clock_, files_, folder_.path()};
    media::LocalDrawings drawings_{{store_, clock_, files_, procedures_, log_}, folder_.path()};
    model::KeyPair keys_{"AKIDEXAMPLE", "SKEXAMPLE"};
    Duration pull_wait_{0};
    std::function<std::string(std::string_view)> callback_trouble_;
    std::optional<VodApi> api_;
};

}  // namespace hookreel::dialect::tencent_vod
