"""DescribeTasks and ManageTask through the official Python SDK."""

from harness import cos
from harness.events import wait_until
from harness.sdk import connect, refusal, request


def test_tasks_are_listed_and_aborted(start_server, long_mp4):
    server = start_server("--jobs", "1")
    sdk = connect(server)
    file = cos.upload(server.client(), long_mp4)

    def process(definition):
        return sdk.ProcessMedia(request(
            "ProcessMedia", FileId=file, SessionContext="mine",
            MediaProcessTask={"TranscodeTaskSet": [{"Definition": definition}]})).TaskId

    busy, waiting = process(100040), process(10)
    wait_until(lambda: sdk.DescribeTaskDetail(
        request("DescribeTaskDetail", TaskId=busy)).Status == "PROCESSING")
    sdk.ManageTask(request("ManageTask", TaskId=waiting, OperationType="Abort"))
    assert refusal(sdk.ManageTask, "ManageTask", TaskId=busy,
                   OperationType="Abort") == "FailedOperation"
    assert refusal(sdk.ManageTask, "ManageTask", TaskId=busy,
                   OperationType="Pause") == "InvalidParameterValue.InvalidOperationType"
    assert refusal(sdk.ManageTask, "ManageTask", TaskId="none",
                   OperationType="Abort") == "InvalidParameterValue.TaskId"

    page = sdk.DescribeTasks(request("DescribeTasks", Limit=1))
    assert page.ScrollToken
    rest = sdk.DescribeTasks(request("DescribeTasks", Limit=1, ScrollToken=page.ScrollToken))
    assert rest.ScrollToken == ""
    tasks = {task.TaskId: task for task in page.TaskSet + rest.TaskSet}
    assert (tasks[busy].Status, tasks[waiting].Status) == ("PROCESSING", "ABORTED")
    assert tasks[waiting].SessionContext == "mine"
    assert refusal(sdk.DescribeTasks, "DescribeTasks",
                   Status="ABORTED") == "InvalidParameterValue.Status"
