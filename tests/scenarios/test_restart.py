"""What was acknowledged is there after a restart."""

import pytest

from harness import cos
from harness.events import (body, confirm, file_id, make_event, process, pull, pull_mode,
                            pull_until, push_to, task_result, wait_until)
from harness.receiver import answer, hang_up
from harness.tencent import TencentError
from harness.web import fetch

ways_to_end = pytest.mark.parametrize("end", ["stop", "kill"])


@ways_to_end
def test_settings_events_files_and_tasks_stay(start_server, wmv, end):
    server = start_server()
    client = server.client()
    pull_mode(client)
    file = cos.upload(client, wmv)
    task = process(client, file)
    task_result(client, task)
    confirmed = pull_until(client, 1)
    while len(confirmed) < 2:
        confirmed += pull_until(client, 1)
    confirm(client, confirmed[:1])
    settings = client.call("DescribeEventConfig")
    media = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    getattr(server, end)()

    client = start_server().client()
    for response in (settings, again := client.call("DescribeEventConfig")):
        response.pop("RequestId")
    assert again == settings
    assert client.call("DescribeTaskDetail", TaskId=task)["Status"] == "FINISH"
    events = pull_until(client, 1)
    assert [body(event) for event in events] == [body(confirmed[1])]
    assert events[0]["EventHandle"] != confirmed[1]["EventHandle"]
    with pytest.raises(TencentError) as refused:
        client.call("ConfirmEvents", EventHandles=[confirmed[1]["EventHandle"]])
    assert refused.value.code == "InvalidParameterValue"
    confirm(client, events)
    assert pull(client) == []
    same = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    assert same["MetaData"] == media["MetaData"]
    assert same["BasicInfo"]["Name"] == media["BasicInfo"]["Name"]
    assert fetch(same["BasicInfo"]["MediaUrl"]).body == wmv.read_bytes()


@ways_to_end
def test_an_upload_goes_on_where_it_was(start_server, end):
    server = start_server()
    client = server.client()
    whole, parts = cos.apply(client), cos.apply(client)
    whole.put(b"whole")
    upload = cos.xml_text(parts.send("POST", query={"uploads": ""}).body, "UploadId")
    etag = parts.send("PUT", query={"partNumber": "1", "uploadId": upload},
                      body=b"first ").headers["etag"]
    getattr(server, end)()

    client = start_server().client()
    for session in (whole, parts):
        session.client = client
    assert fetch(whole.commit()["MediaUrl"]).body == b"whole"
    second = parts.send("PUT", query={"partNumber": "2", "uploadId": upload},
                        body=b"second").headers["etag"]
    assert parts.complete(upload, [(1, etag), (2, second)]).status == 200
    assert fetch(parts.commit()["MediaUrl"]).body == b"first second"


@ways_to_end
def test_a_task_under_way_is_done_by_the_next_server_and_told_once(start_server, long_mp4, end):
    server = start_server()
    client = server.client()
    pull_mode(client)
    file = cos.upload(client, long_mp4)
    confirm(client, pull_until(client, 1))
    task = process(client, file, TranscodeTaskSet=[{"Definition": 20}])
    wait_until(lambda: client.call("DescribeTaskDetail", TaskId=task)["Status"] != "WAITING")
    getattr(server, end)()

    client = start_server().client()
    event = pull_until(client, 1, seconds=120)[0]["ProcedureStateChangeEvent"]
    assert (event["TaskId"], event["Status"]) == (task, "FINISH")
    assert event["MediaProcessResultSet"][0]["TranscodeTask"]["Status"] == "SUCCESS"
    assert pull(client) == []


@ways_to_end
def test_a_callback_that_waits_is_sent_by_the_next_server(start_server, receiver, end):
    server = start_server()
    client = server.client()
    receiver.behaviour = hang_up
    push_to(client, receiver)
    file = make_event(client)
    receiver.wait_for(2)
    getattr(server, end)()
    receiver.behaviour = answer(200)
    sent = len(receiver.callbacks)
    start_server()
    assert receiver.wait_for(sent + 1)[-1].json()["FileUploadEvent"]["FileId"] == file


def test_nothing_is_kept_of_another_data_folder(start_server, tmp_path):
    first = start_server(data_dir=tmp_path / "one").client()
    pull_mode(first)
    make_event(first)
    second = start_server(data_dir=tmp_path / "two").client()
    assert second.call("DescribeEventConfig")["Mode"] == "PUSH"
    assert [file_id(event) for event in pull(second)] == []
